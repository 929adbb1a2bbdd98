"""Whose turn it is among the frames of a schedule: no two posts of it, one after the other, read alike."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable
from math import inf

from msgspec.structs import replace

from bot.model import Schedule, Schedules, Slot, Use
from bot.planning.frames import turn_of

#: Facts of slots that come one after another; without any, what has an event comes round with its year.
_ONE_AFTER_ANOTHER = frozenset({"happens", "countdown", "sol", "mars_years"})


class Turns:
    """The turns that the posts of each schedule had, while a plan is made; and those where a person has placed one."""

    def __init__(self, schedules: Schedules, uses: Iterable[Use]) -> None:
        """Start from history; its uses that lie ahead count once they are reached."""
        self._said: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for use in uses:
            if schedule := schedules.by_name.get(use.slot.schedule):
                self.hear(use.slot, schedule, use.at)

    def hear(self, slot: Slot, schedule: Schedule, at: int) -> None:
        """Note that a slot is filled, and that it speaks at an instant."""
        if _is_counted(slot, schedule):
            insort(self._said[slot.schedule], (at, turn_of(slot)))

    def next(self, slot: Slot, schedule: Schedule) -> Slot:
        """The slot with its turn: one more than that of the post before it, if there is one, and else its own."""
        if not _is_counted(slot, schedule):
            return slot
        said = self._said[slot.schedule]
        before = bisect_right(said, (slot.at, inf))
        turn = said[before - 1][1] + 1 if before else turn_of(slot)
        return replace(slot, facts=(*(fact for fact in slot.facts if fact[0] != "turn"), ("turn", turn)))


def _is_counted(slot: Slot, schedule: Schedule) -> bool:
    """Tell whether the posts of a schedule take its frames one after another, and not each event with its years."""
    if len(schedule.frames) < 2 or slot.years is not None:  # noqa: PLR2004 - no siblings
        return False
    is_alone = slot.fact("turn") is None or slot.event is None
    return is_alone or any(name in _ONE_AFTER_ANOTHER for name, _ in slot.facts)
