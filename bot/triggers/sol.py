"""The sols of a mission by its own clock, and the days on which its landing is so many Mars years ago."""

from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date
from operator import attrgetter
from typing import Any, ClassVar

from msgspec import Struct

from bot.contracts import Almanac
from bot.model import Facts, Mission, Priority, Slot, Window
from bot.options import did_you_mean, needed, refuse_others
from bot.sky.mars_time import SOL, Clock, mars_anniversary
from bot.spans import clock_time
from bot.zones import DAY, Zone, day_of, zone

_AT = attrgetter("at")
_WHICH = ("every", "sols", "mars_years")
#: A little more than any Mars year: what is counted by it is never ahead.
_MOST, _MOST_YEARS = 99_999, 999  #: sols and Mars years: more than two centuries, and than eighteen
_MARS_YEAR = 687 * DAY


class Sol:
    """Speaks on some sols of a mission, at a time of day where it landed; or on its anniversaries in Mars years.

    Never before its work began, and never after it ended.
    """

    priority: ClassVar[Priority] = Priority.SKY
    #: What to do where it never speaks.
    hint: ClassVar[str] = (
        "its mission ended before, or is past what is listed; name another, or take the schedule out"
    )
    #: What a frame can say of a sol or year, with values of no day.
    specimen: ClassVar[Facts] = (
        ("mission", "Rover"), ("sol", 1000), ("sol_time", "12:00"), ("mars_years", 1)
    )  # fmt: skip

    def __init__(self, schedule: str, options: Mapping[str, Any], almanac: Almanac) -> None:
        refuse_others(options, ("mission", "at", *_WHICH))
        self._schedule = schedule
        self._mission = _mission(options, almanac)
        self._clock = zone(self._mission.zone)
        at = clock_time(needed(options, "at", example='"12:00"'))
        if _which(options) == "mars_years":
            self._found = _mars_years(options, self._mission, almanac, at=at)
        else:
            self._found = _sols(options, self._mission, at=at)

    def times(self, window: Window) -> list[Slot]:
        """Every slot in the window."""
        slots = [self._slot(told) for told in self._found(window) if told.at in window]
        return sorted((slot for slot in slots if _is_at_work(self._mission, slot.day)), key=_AT)

    def _slot(self, told: "_Told") -> Slot:
        wall = self._clock.wall(told.at) if told.wall is None else told.wall
        facts = (("mission", self._mission.name), *told.facts)
        return Slot(
            told.at, self._schedule, wall, self._clock.name, self.priority, event=told.event, facts=facts
        )


class _Told(Struct, frozen=True):
    """When to speak, and what can be said then."""

    at: int
    facts: Facts
    event: str | None = None
    wall: int | None = None  #: None: what the mission's zone shows


_Found = Callable[[Window], Iterator[_Told]]


def _sols(options: Mapping[str, Any], mission: Mission, *, at: int) -> _Found:
    """At a time of day of each of the sols, by the clock of the mission."""
    clock, gone = _clock(mission), at * SOL / DAY
    if clock is None:
        raise ValueError(
            f'"mission": {mission.name} counts no sols; write a clock at it, or mars_years = "all"'
        )
    chosen, step = _chosen_sols(options)

    def found(window: Window) -> Iterator[_Told]:
        first, last = (clock.sol(instant)[0] for instant in (window.start, window.end))
        first = max(first, clock.first_sol)
        for sol in range(first + -first % step, last + 1, step):
            if sol in chosen:
                instant = round(clock.instant(sol, gone))
                yield _Told(instant, (*_by_clock(clock, instant), ("turn", sol // step)))

    return found


def _chosen_sols(options: Mapping[str, Any]) -> tuple[Container[int], int]:
    """Which sols speak, and by how many they are apart at least."""
    if "sols" in options:
        return _counts(options["sols"], name="sols", example="[1000, 2000]", most=_MOST), 1
    every = options["every"]
    if type(every) is not int or not 1 <= every <= _MOST:
        raise ValueError(f'"every" cannot be {every!r}; write how many sols apart: every = 1000')
    return range(every, 1_000_000), every


def _mars_years(options: Mapping[str, Any], mission: Mission, almanac: Almanac, *, at: int) -> _Found:
    """At a time of day of the mission's zone on the date on which Mars is where it was when the mission began."""
    years, clock = options["mars_years"], _clock(mission)
    counts: Container[int] = range(1, 10_000)
    if years != "all":
        counts = _counts(years, name="mars_years", example='"all", or [1, 2, 5]', most=_MOST_YEARS)
    began, home = _began(mission, almanac), zone(mission.zone)

    def found(window: Window) -> Iterator[_Told]:
        first, last = ((instant - began) // _MARS_YEAR for instant in (window.start, window.end))
        for count in range(max(first, 1), last + 2):
            instant = mars_anniversary(began, count)
            wall = home.wall(instant) // DAY * DAY + at
            if count in counts:
                by_clock = _by_clock(clock, instant) if clock else ()
                facts = (("mars_years", count), *by_clock, ("turn", count))
                yield _Told(home.instant(wall), facts, mission.began, wall)

    return found


def _by_clock(clock: Clock, instant: int) -> Facts:
    """What the clock of the mission shows."""
    # A second more: an instant was rounded, and 12:00 is not 11:59.
    return (("sol", clock.sol(instant + 1)[0]), ("sol_time", clock.time_of_day(instant + 1)))


def _is_at_work(mission: Mission, day: date) -> bool:
    is_begun = mission.began_on is None or day >= mission.began_on
    return is_begun and (mission.ended_on is None or day <= mission.ended_on)


def _clock(mission: Mission) -> Clock | None:
    return None if mission.starts is None else Clock(mission.starts, mission.first_sol)


def _began(mission: Mission, almanac: Almanac) -> int:
    """The instant from which a mission's work counts; noon of its day where no hour is known."""
    event = next((event for event in almanac.events if event.id == mission.began), None)
    if event is None or event.day is None:
        raise ValueError(f'"mission": {mission.name} has no date on which it began, so it has no Mars years')
    return _noon(event.day, zone(event.zone)) if event.instant is None else event.instant


def _noon(day: date, clock: Zone) -> int:
    return clock.instant(day_of(day) * DAY + DAY // 2)


def _mission(options: Mapping[str, Any], almanac: Almanac) -> Mission:
    name = str(needed(options, "mission", example='"perseverance"'))
    if name not in almanac.missions:
        raise ValueError(f'no mission called "{name}"{did_you_mean(name, almanac.missions)}')
    return almanac.missions[name]


def _which(options: Mapping[str, Any]) -> str:
    """The one option that says which sols or years speak."""
    written = [name for name in _WHICH if name in options]
    if len(written) != 1:
        raise ValueError('write one of these: every = 1000, or sols = [1000, 2000], or mars_years = "all"')
    return written[0]


def _counts(written: object, *, name: str, example: str, most: int) -> frozenset[int]:
    """A list of numbers from 1 to `most`; ValueError where it is anything else."""
    if (
        not isinstance(written, list)
        or not written
        or not all(type(each) is int and 1 <= each <= most for each in written)
    ):
        raise ValueError(f'"{name}" cannot be {written!r}; write {name} = {example}')
    return frozenset(written)
