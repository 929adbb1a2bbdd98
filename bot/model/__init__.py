"""The nouns: frozen values that every room speaks in.

Instants are whole seconds of UTC since 1970; stretches of time are half-open. Values that are made by the hundred
thousand hold no cycles, so they are kept out of the garbage collector's sight (`gc=False`).
"""

from bot.model.accounts import Account, Budget, Limits
from bot.model.plans import (
    MEMORY,
    Gap,
    History,
    Plan,
    PlannedPost,
    Project,
    Quoted,
    Rendition,
    ShownPart,
    Use,
)
from bot.model.posts import Corpus, Media, Part, Post, Tone, Uses
from bot.model.schedules import Event, Facts, Mission, Pick, Priority, Schedule, Schedules, Slot
from bot.model.stretches import Place, Window, digest

__all__ = [
    "MEMORY",
    "Account",
    "Budget",
    "Corpus",
    "Event",
    "Facts",
    "Gap",
    "History",
    "Limits",
    "Media",
    "Mission",
    "Part",
    "Pick",
    "Place",
    "Plan",
    "PlannedPost",
    "Post",
    "Priority",
    "Project",
    "Quoted",
    "Rendition",
    "Schedule",
    "Schedules",
    "ShownPart",
    "Slot",
    "Tone",
    "Use",
    "Uses",
    "Window",
    "digest",
]
