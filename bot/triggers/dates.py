"""These instants and no others."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar

from bot.contracts import Almanac
from bot.model import Priority, Slot, Window
from bot.options import needed, refuse_others
from bot.zones import instant_of, local_text, zone

_AT = attrgetter("at")
_EXAMPLE = "[2027-02-18T20:55:00Z]"


class Dates:
    """Speaks at each listed instant. A zone only says how the instants are shown."""

    priority: ClassVar[Priority] = Priority.ANNIVERSARY

    def __init__(self, schedule: str, options: Mapping[str, Any], almanac: Almanac) -> None:  # noqa: ARG002 - the door's shape
        refuse_others(options, ("at", "zone"))
        clock = zone(str(options.get("zone", "UTC")))
        self._slots = [
            Slot(at=at, schedule=schedule, wall=clock.wall(at), zone=clock.name, priority=self.priority)
            for at in _instants(needed(options, "at", example=_EXAMPLE))
        ]
        _refuse_same_wall(self._slots)

    def times(self, window: Window) -> list[Slot]:
        """Every slot in the window."""
        first = bisect_left(self._slots, window.start, key=_AT)
        return self._slots[first : bisect_left(self._slots, window.end, key=_AT)]


def _instants(written: object) -> list[int]:
    """The listed instants, oldest first."""
    if (
        not isinstance(written, list)
        or not written
        or not all(isinstance(each, datetime) for each in written)
    ):
        raise ValueError(f'"at" is a list of dates with time and offset; write at = {_EXAMPLE}')
    instants = Counter(instant_of(each) for each in written)
    for instant, times in instants.items():
        if times > 1:
            raise ValueError(
                f'"at" names {local_text(instant, "UTC")} {times} times; write each instant once'
            )
    return sorted(instants)


def _refuse_same_wall(slots: list[Slot]) -> None:
    """Two instants that autumn shows as one wall time would be one slot."""
    for wall, times in Counter(slot.wall for slot in slots).items():
        if times > 1:
            twins = " and ".join(local_text(slot.at, slot.zone) for slot in slots if slot.wall == wall)
            raise ValueError(f'{twins} show the same time; leave "zone" out, and both are kept')
