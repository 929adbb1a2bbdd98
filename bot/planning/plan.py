"""The fold: what fills every slot of a window."""

from collections.abc import Sequence
from functools import partial
from itertools import chain
from operator import attrgetter

from bot.model import (
    Corpus,
    Gap,
    History,
    Plan,
    PlannedPost,
    Post,
    Priority,
    Rendition,
    Schedule,
    Schedules,
    Slot,
    Tone,
    Use,
    Window,
)
from bot.planning.frames import FrameError, wordings
from bot.planning.pick import Ledger, Picker
from bot.planning.quiet import Quiet
from bot.planning.render import render, too_long
from bot.planning.tact import tactless
from bot.planning.truth import objection


def plan(schedules: Schedules, corpus: Corpus, history: History, window: Window) -> Plan:
    """Fill every slot in the window, oldest first.

    Planning is a fold over slots, so where a window is cut does not matter:
    plan(a..c) == plan(a..b) + plan(b..c) once b has seen what a..b planned.

    Slots that history already has (a person placed something there) are passed over: they are planned already.
    """
    return _fold(slots(schedules, window), schedules, corpus, history, window=window)


def fill(slot: Slot, schedules: Schedules, corpus: Corpus, history: History) -> PlannedPost | Gap:
    """What fills one slot that no trigger gave: a person wants its schedule to speak now."""
    found = _fold([slot], schedules, corpus, history, window=Window(slot.at, slot.at + 1))
    return found.posts[0] if found.posts else found.gaps[0]


def slots(schedules: Schedules, window: Window) -> list[Slot]:
    """Every slot in the window, by time; who goes first among equals comes first."""
    # Triggers answer in order; sorted by name, they leave only instant and priority to compare, as one number.
    entries = sorted(schedules.entries, key=attrgetter("name"))
    times = (entry.times(window) for entry in entries)
    return sorted(chain.from_iterable(times), key=lambda slot: slot.at << 3 | slot.priority)


def _fold(
    speaking: list[Slot], schedules: Schedules, corpus: Corpus, history: History, *, window: Window
) -> Plan:
    posts: list[PlannedPost] = []
    gaps: list[Gap] = []
    # By name, not by instant: where its zone has changed, a slot that was filled comes again at another.
    taken = {use.slot.identity for use in history.uses}
    quiet = Quiet(schedules, window)
    for use in history.uses:
        quiet.hear(use)
    picker = Picker(corpus, Ledger(history))
    for slot in speaking:
        if taken and slot.identity in taken:
            continue
        choice = _choose(slot, schedules, quiet, picker)
        if isinstance(choice, Gap):
            gaps.append(choice)
            continue
        posts.append(choice)
        quiet.hear(Use(slot, choice.post.id, choice.accounts, slot.at))
    return Plan(tuple(posts), tuple(gaps))


def _choose(slot: Slot, schedules: Schedules, quiet: Quiet, picker: Picker) -> PlannedPost | Gap:
    schedule = schedules.by_name[slot.schedule]
    hush = quiet.hush(slot)
    if objection := quiet.objection(slot, schedule.accounts, hush):
        return Gap(slot, objection)
    # Most posts were checked when they were read, and for most slots there is no more to ask.
    may_fail = schedule.frames or picker.has_cards
    fault = partial(unfit, slot=slot, schedule=schedule, schedules=schedules) if may_fail else None
    return picker.pick(slot, schedule, fault, hush=hush)


def unfit(post: Post, slot: Slot, schedule: Schedule, schedules: Schedules) -> str | None:
    """Why a post cannot be shown in a slot: in its frame, or with its cards. All else was checked when it was read."""
    if not schedule.frames and not post.has_cards:
        return None
    frames = wordings(schedule, slot)
    try:
        shown = [
            render(post, account, slot=slot, frames=frames, schedules=schedules)
            for account in schedule.accounts
        ]
    except FrameError as error:
        return str(error)
    return (
        next(filter(None, map(too_long, shown)), None)
        or _untruth(shown, slot, post, schedules)
        or _jest(shown, slot, post)
    )


def _jest(shown: Sequence[Rendition], slot: Slot, post: Post) -> str | None:
    """What a remembrance would say, frame and all, that it has no room for."""
    if slot.priority is not Priority.REMEMBRANCE and post.tone is not Tone.REMEMBRANCE:
        return None
    found = (name for each in shown for part in each.parts for name, _ in tactless(part.text, post.lang))
    return next((f"a remembrance needs no {name}" for name in found), None)


def _untruth(shown: Sequence[Rendition], slot: Slot, post: Post, schedules: Schedules) -> str | None:
    """What a post would say, on any of its accounts, that is not true on the slot's day."""
    event = schedules.events.get(slot.event or "")
    texts = dict.fromkeys(part.text for each in shown for part in each.parts)
    objections = (
        objection(text, lang=post.lang, slot=slot, event=event, post=post, missions=schedules.missions)
        for text in texts
    )
    return next(filter(None, objections), None)
