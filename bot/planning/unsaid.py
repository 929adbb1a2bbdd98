"""What can never be said though nothing in its file is wrong: its frame, or its day, makes it untrue or too long."""

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from bot.errors import Problem
from bot.model import Post, Project, Schedule, Schedules, Slot, Uses, Window
from bot.planning.frames import recalled
from bot.planning.pick import is_its_day
from bot.planning.plan import unfit
from bot.planning.takers import may_take
from bot.zones import DAY

#: Days from now up to which slots are looked for, where those before refuse a post: what the sky brings takes time.
_REACHES = (0, 40, 400, 1_100)
#: As many as a countdown has steps, and as a week has days.
_MOST = 8


def unsaid(project: Project, now: int) -> Iterator[Problem]:
    """A warning for each post that every one of its next slots refuses, with the first of them and its reason.

    It is tried in at most eight slots of each schedule, within three years; most posts are done with the first.
    """
    schedules = project.schedules
    ahead = {entry.name: _Ahead(entry, now) for entry in schedules.entries}
    for post in project.corpus.ready:
        takers = [entry for entry in schedules.entries if may_take(entry, post)]
        if takers and all(entry.frames or post.has_cards for entry in takers):
            refused = list(_refused(post, [ahead[entry.name] for entry in takers], schedules))
            if refused and all(why for _, why in refused):
                yield _warning(post, refused)


class _Ahead:
    """The next slots of one schedule, found no further than they are asked for."""

    def __init__(self, entry: Schedule, now: int) -> None:
        self.entry = entry
        self._windows = (Window(now + first * DAY, now + last * DAY) for first, last in pairwise(_REACHES))
        self._known: list[list[Slot]] = []

    def slots_for(self, post: Post) -> Iterable[Slot]:
        """The first of those that may have a post."""
        return islice((slot for slot in self._slots() if _may_have(slot, post, self.entry)), _MOST)

    def _slots(self) -> Iterator[Slot]:
        for slots in self._known:
            yield from slots
        for window in self._windows:
            self._known.append(list(self.entry.times(window)))
            yield from self._known[-1]


def _may_have(slot: Slot, post: Post, entry: Schedule) -> bool:
    """Tell whether a slot of a schedule that takes a post on some day is one of those that can."""
    if entry.pick.event:
        return slot.event == post.event
    if entry.pick.on_this_day:
        day, first = recalled(slot), post.posted_on(slot.zone)
        return (
            first is not None and (day.month, day.day) == (first.month, first.day) and day.year > first.year
        )
    return post.use is not Uses.DATED or is_its_day(post, slot, entry)


def _refused(post: Post, ahead: Iterable[_Ahead], schedules: Schedules) -> Iterator[tuple[Slot, str | None]]:
    """The slots in which a post is tried, with why they refuse it; the first that does not is the last."""
    for each in ahead:
        for slot in each.slots_for(post):
            why = unfit(post, slot, each.entry, schedules)
            yield slot, why
            if why is None:
                return


def _warning(post: Post, refused: list[tuple[Slot, str | None]]) -> Problem:
    slot, why = min(refused, key=lambda each: each[0].order())
    tried = f"any of its next {len(refused)} slots" if len(refused) > 1 else "its next slot"
    message = f"{post.id} cannot be said in {tried}: on {slot.day}, in schedule {slot.schedule}, {why}"
    return Problem(post.place.file, post.place.line, "unsaid", message)
