"""Moments as people write them, held against the clock of their zone."""

import datetime as dt

from bot.zones import Zone, instant_of, moment, wall_of

_HOURS = "%Y-%m-%dT%H:%M:%S"


def unplaced(written: dt.datetime, clock: Zone) -> str:
    """What to write instead of a moment without zone or offset: what the clock of a zone makes of it."""
    first, second = _instants(written, clock)
    if gap := _gap(written, clock):
        return gap
    if first != second:
        return f"{written:{_HOURS}} was twice in {clock.name}: write {_local(first, clock)} for the first time, {_local(second, clock)} for the second"
    example = "2027-01-28T16:39:13Z" if clock.name == "UTC" else _local(first, clock)
    return f"write a date with time and zone such as {example}"


def misplaced(written: dt.datetime, clock: Zone) -> str | None:
    """Why a moment with an offset is not meant: its zone has that offset at other times of the year alone.

    None where it may be: in UTC, by its zone's own clock, or by the clock of somewhere else. An hour that autumn
    repeats is read by its offset.
    """
    offset, instant = written.utcoffset(), instant_of(written)
    if not offset or clock.offset(instant) == offset.total_seconds():
        return None
    ends = (dt.datetime(written.year, month, 1, tzinfo=dt.UTC) for month in (1, 7))
    if offset.total_seconds() not in {clock.offset(instant_of(end)) for end in ends}:
        return None
    digits = written.replace(tzinfo=None)
    if gap := _gap(digits, clock):
        return gap
    return f"clocks in {clock.name} did not show {digits:%H:%M} then; write {_local(_instants(digits, clock)[0], clock)} if they did, or the moment in UTC, {moment(instant):{_HOURS}}Z"


def _gap(written: dt.datetime, clock: Zone) -> str | None:
    """That spring skipped a wall time; None where it did not."""
    instant = clock.instant(wall_of(written))
    if clock.wall(instant) == wall_of(written):
        return None
    return f"{written:{_HOURS}} never was in {clock.name}, where clocks went forward over it; write the moment in UTC: {moment(instant):{_HOURS}}Z if it was by the clock before"


def _instants(written: dt.datetime, clock: Zone) -> tuple[int, int]:
    """The instants at which a clock shows a wall time: the first and the last, the same where it was once."""
    first, last = (written.replace(tzinfo=clock.info, fold=fold) for fold in (0, 1))
    return instant_of(first), instant_of(last)


def _local(instant: int, clock: Zone) -> str:
    return moment(instant).astimezone(clock.info).isoformat()
