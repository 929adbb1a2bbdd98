"""The fold: what fills every slot of a window."""

from collections.abc import Callable
from itertools import chain
from operator import attrgetter

from bot.model import Corpus, Gap, History, Plan, PlannedPost, Post, Schedule, Schedules, Slot, Use, Window
from bot.planning.frames import FrameError, wordings
from bot.planning.pick import Ledger, Picker
from bot.planning.quiet import Quiet
from bot.planning.render import render, too_long


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
    if objection := quiet.objection(slot, schedule.accounts):
        return Gap(slot, objection)
    fault = _fault(slot, schedule, schedules) if schedule.frames else _no_fault
    return picker.pick(slot, schedule, fault, hush=quiet.hush(slot))


def _fault(slot: Slot, schedule: Schedule, schedules: Schedules) -> Callable[[Post], str | None]:
    """Why a framed post cannot be shown on this day; unframed ones were checked when they were read."""
    frames = wordings(schedule, slot)

    def fault(post: Post) -> str | None:
        try:
            shown = (
                render(post, account, slot=slot, frames=frames, schedules=schedules)
                for account in schedule.accounts
            )
            return next((found for each in shown if (found := too_long(each))), None)
        except FrameError as error:
            return str(error)

    return fault


def _no_fault(_: Post) -> None:
    return None
