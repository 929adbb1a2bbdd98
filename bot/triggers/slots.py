"""Fixed hours on fixed days: weekdays with times, or a cron line."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, takewhile
from operator import attrgetter
from typing import Any, ClassVar

from cronsim import CronSim, CronSimError
from msgspec.structs import replace

from bot.contracts import Almanac
from bot.model import Priority, Slot, Window, digest
from bot.options import did_you_mean, needed, refuse_others
from bot.spans import clock_time, duration
from bot.zones import DAY, HOUR, Zone, shown, wall_of, zone

#: From one day up to another: rounds of wall times, each round in order of the instants that they fall on.
Rounds = Callable[[int, int], list[Sequence[int]]]

_WEEK = 7 * DAY
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIELDS = 5  #: of a cron line
_AT = attrgetter("at")

#: No zone has moved its clocks by more than this leaves within a day that it has.
_SAFELY_TODAY = 20 * HOUR


class Slots:
    """Speaks at the same wall times on the same days; with jitter, a little later, each time by its own amount."""

    priority: ClassVar[Priority] = Priority.SLOTS

    def __init__(self, schedule: str, options: Mapping[str, Any], almanac: Almanac) -> None:  # noqa: ARG002 - the door's shape
        refuse_others(options, ("days", "at", "cron", "zone", "jitter"))
        self._schedule = schedule
        self._clock = zone(str(needed(options, "zone", example='"America/New_York"')))
        self._jitter = _jitter(options)
        self._rounds = _cron(options, self._clock) if "cron" in options else _weekly(options, self._clock)

    def times(self, window: Window) -> list[Slot]:
        """Every slot in the window. Where spring moves one listed time onto another, both speak at that instant."""
        # No zone is a whole day from UTC and no slot leaves its day: a day more on each side holds all of them.
        rounds = self._rounds(window.start // DAY - 1, window.end // DAY + 2)
        schedule, clock, name = self._schedule, self._clock, self._clock.name
        walls = chain.from_iterable(rounds)
        slots = [Slot(at, schedule, wall, name) for wall in walls if (at := clock[wall]) is not None]
        if self._jitter:
            slots = [self._later(slot) for slot in slots]
        if self._jitter or len(rounds) > 1:
            slots.sort(key=_AT)
        return slots[bisect_left(slots, window.start, key=_AT) : bisect_left(slots, window.end, key=_AT)]

    def _later(self, slot: Slot) -> Slot:
        most = self._jitter
        if slot.wall % DAY + most > _SAFELY_TODAY:
            midnight = self._clock.midnight(slot.wall // DAY + 1)
            most = min(most, max(midnight - 1 - slot.at, 0))
        return replace(slot, at=slot.at + int(digest(self._schedule, slot.wall), 16) % (most + 1))


def _jitter(options: Mapping[str, Any]) -> int:
    seconds = duration(options.get("jitter", "0s"))
    if seconds > DAY:
        raise ValueError(
            f'"jitter" cannot be "{options["jitter"]}": no slot leaves its day; write at most "24h"'
        )
    return seconds


def _weekly(options: Mapping[str, Any], clock: Zone) -> Rounds:
    """The wall times that weekdays and times of day give."""
    days = _weekdays(needed(options, "days", example='"mon-fri", or cron = "30 10 * * mon-fri"'))
    times = _times(needed(options, "at", example='"10:30"'))
    step, days = (DAY, {0}) if len(days) == len(_NAMES) else (_WEEK, days)
    shifts = [day * DAY + time for day in days for time in times]

    def rounds(first: int, last: int) -> list[Sequence[int]]:
        # 1970 began on a Thursday. A week beyond the last day leaves no round empty.
        start, end = (first - (first + 3) % 7) * DAY, (last + 7) * DAY
        walls = [range(start + shift, end, step) for shift in shifts]
        for each in walls:
            if each[0] not in clock or each[-1] not in clock:
                clock.learn(each)
        return list(walls)

    return rounds


def _weekdays(written: object) -> set[int]:
    """The weekdays, from Monday = 0, of `daily`, `mon-fri`, `sat`, `mon,wed,fri` or a list of those."""
    found: set[int] = set()
    for text in _list(written, name="days", example='"mon-fri"'):
        for span in text.lower().split(","):
            found |= set(range(7)) if span.strip() == "daily" else _span(span)
    return found


def _span(written: str) -> set[int]:
    ends = [_weekday(name.strip()) for name in written.split("-", maxsplit=1)]
    return {day % 7 for day in range(ends[0], ends[0] + (ends[-1] - ends[0]) % 7 + 1)}


def _weekday(name: str) -> int:
    if name not in _NAMES:
        raise ValueError(
            f'no day called "{name}"{did_you_mean(name, (*_NAMES, "daily")) or ";"} write "daily", "mon-fri", "sat" or "mon,wed,fri"'
        )
    return _NAMES.index(name)


def _times(written: object) -> set[int]:
    times = [clock_time(text) for text in _list(written, name="at", example='"10:30"')]
    if len(set(times)) < len(times):
        raise ValueError('"at" names a time twice; write each time once')
    return set(times)


def _list(written: object, *, name: str, example: str) -> list[str]:
    """One text or a list of texts, as a list."""
    texts: list[Any] = written if isinstance(written, list) else [written]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError(f'"{name}" cannot be {written!r}; write {name} = {example}, or a list of such')
    return texts


def _cron(options: Mapping[str, Any], clock: Zone) -> Rounds:
    """The wall times that a cron line gives, but for those that spring moves onto another of them."""
    for name in ("days", "at"):
        if name in options:
            raise ValueError(
                f'"{name}" and "cron" cannot stand together: the cron line says both day and time'
            )
    line = _cron_line(options["cron"])

    def rounds(first: int, last: int) -> list[Sequence[int]]:
        walls = _matching(line, first * DAY, last * DAY)
        landings = {wall: clock.wall(clock.instant(wall)) for wall in walls}
        alone = [wall for wall, landing in landings.items() if landing == wall or landing not in landings]
        return [sorted(alone, key=clock.instant)]

    return rounds


def _cron_line(written: object) -> str:
    wrong = "five fields are needed"
    if isinstance(written, str) and len(written.split()) == _FIELDS:
        try:
            CronSim(written, shown(0))
        except CronSimError as error:
            wrong = str(error).lower()
        else:
            return written
    raise ValueError(
        f'cannot read the cron line {written!r}: {wrong}; write minute, hour, day, month and weekday: "30 10 * * mon-fri"'
    )


def _matching(line: str, start: int, end: int) -> list[int]:
    matches = map(wall_of, CronSim(line, shown(start - 1)))
    return list(takewhile(lambda wall: wall < end, matches))
