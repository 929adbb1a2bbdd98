"""The fold: what fills every slot of a window."""

from itertools import chain
from operator import attrgetter

from msgspec.structs import replace

from bot.model import (
    Corpus,
    Gap,
    History,
    Plan,
    PlannedPost,
    Post,
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
from bot.planning.render import Fitted, Fitting
from bot.planning.turns import Turns


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
    mourned = {event.id for event in schedules.events.values() if event.tone is Tone.REMEMBRANCE}
    picker, turns = Picker(corpus, Ledger(history), mourned=mourned), Turns(schedules, history.uses)
    for slot in speaking:
        if taken and slot.identity in taken:
            continue
        choice = _choose(slot, schedules, quiet=quiet, picker=picker, turns=turns)
        if isinstance(choice, Gap):
            gaps.append(choice)
            continue
        posts.append(choice)
        quiet.hear(Use(slot, choice.post.id, choice.accounts, slot.at))
    return Plan(tuple(posts), tuple(gaps))


def _choose(
    slot: Slot, schedules: Schedules, *, quiet: Quiet, picker: Picker, turns: Turns
) -> PlannedPost | Gap:
    schedule = schedules.by_name[slot.schedule]
    hush = quiet.hush(slot)
    if objection := quiet.objection(slot, schedule.accounts, hush):
        return Gap(slot, objection)
    # Most posts were checked when they were read, and for most slots there is no more to ask.
    if not (schedule.frames or picker.has_cards):
        return picker.pick(slot, schedule, None, hush=hush)
    turned = turns.next(slot, schedule)
    trial = Trial(turned, schedule, schedules)
    choice = picker.pick(slot, schedule, trial.fault, hush=hush)
    if isinstance(choice, Gap):
        return choice
    turns.hear(turned, schedule, turned.at)
    return trial.noted(replace(choice, slot=turned))


def unfit(post: Post, slot: Slot, schedule: Schedule, schedules: Schedules) -> str | None:
    """Why a post cannot be shown in a slot: in its frame, or with its cards. All else was checked when it was read."""
    return Trial(slot, schedule, schedules).fault(post)


class Trial:
    """Posts, tried in one slot: in its frames, and with their cards."""

    def __init__(self, slot: Slot, schedule: Schedule, schedules: Schedules) -> None:
        self._slot, self._schedule, self._schedules = slot, schedule, schedules
        self._frames = wordings(schedule, slot)
        self._fitted: dict[str, list[Fitted]] = {}

    def fault(self, post: Post) -> str | None:
        """Why a post cannot be shown on all accounts of the schedule."""
        if not self._frames and not post.has_cards:
            return None
        fitting = Fitting(post, self._slot, self._frames, self._schedules)
        try:
            fitted = [fitting.on(account) for account in self._schedule.accounts]
        except FrameError as error:
            return str(error)
        self._fitted[post.id] = fitted
        return next(filter(None, (fitting.fault(each.shown) for each in fitted)), None)

    def noted(self, planned: PlannedPost) -> PlannedPost:
        """The same planned post as it was tried; it says so where it is not in the frame whose turn it was."""
        fitted = self._fitted.get(planned.post.id, [])
        aside = next((f"; in another frame: in its own, {each.aside}" for each in fitted if each.aside), "")
        # To find the frame again is to judge its words again.
        return replace(planned, why=planned.why + aside, renditions=tuple(each.shown for each in fitted))
