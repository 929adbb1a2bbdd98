"""A judge of wall times that shares no code with the bot: it walks a zone's UTC timeline and notes what clocks show.

RFC 5545 asks for the first instant at which a clock shows a wall time; where none ever does, for the instant that
the offset before the gap gives. A day that no clock of the zone shows has no wall times at all.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = 86_400
_LOOK = DAY // 2  # no zone has ever changed its offset and back within half a day


class Stretch(NamedTuple):
    """Wall times `start <= wall < end` that become instants by one offset."""

    start: int
    end: int
    offset: int


@cache
def stretches(name: str, start: int, end: int) -> tuple[Stretch, ...]:
    """What the clocks of a zone show between two instants, as stretches in order of wall time."""
    info = ZoneInfo(name)
    begin, offset, shown = start, _offset(info, start), start + _offset(info, start)
    found: list[Stretch] = []
    for change in (*_changes(info, start, end), end):
        found.append(Stretch(max(shown, begin + offset), change + offset, offset))
        shown = max(shown, change + offset)
        before, offset, begin = offset, _offset(info, change), change
        found.extend(_gap(shown, begin + offset, before))
    return tuple(stretch for stretch in found if stretch.start < stretch.end)


def instants(name: str, time: int, days: range) -> list[int]:
    """The instants of one time of day on all those days, in order of the days; skipped days have none."""
    start, end = days[0] * DAY + time, days[-1] * DAY + time + 1
    found: list[int] = []
    for stretch in stretches(name, days[0] * DAY - 2 * DAY, days[-1] * DAY + 3 * DAY):
        first = max(stretch.start, start)
        first += (time - first) % DAY
        found.extend(range(first - stretch.offset, min(stretch.end, end) - stretch.offset, DAY))
    return found


def _gap(start: int, end: int, offset: int) -> Iterator[Stretch]:
    """The wall times that a gap skips, but for the days that it swallows whole."""
    swallowed, after = -(-start // DAY) * DAY, end // DAY * DAY
    if swallowed < after:
        yield from (Stretch(start, swallowed, offset), Stretch(after, end, offset))
    else:
        yield Stretch(start, end, offset)


def _changes(info: ZoneInfo, start: int, end: int) -> Iterator[int]:
    offset = _offset(info, start)
    for look in range(start + _LOOK, end + _LOOK, _LOOK):
        if _offset(info, look) != offset:
            yield _first_change(info, look - _LOOK, look)
            offset = _offset(info, look)


def _first_change(info: ZoneInfo, before: int, after: int) -> int:
    offset = _offset(info, before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _offset(info, middle) == offset else (before, middle)
    return after


def _offset(info: ZoneInfo, instant: int) -> int:
    east = datetime.fromtimestamp(instant, UTC).astimezone(info).utcoffset()
    return east.days * DAY + east.seconds if east else 0
