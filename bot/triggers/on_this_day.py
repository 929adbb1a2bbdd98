"""The days on which something was posted in an earlier year."""

from bisect import bisect_left
from calendar import isleap
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, ClassVar

from bot.contracts import Almanac
from bot.days import LeapDay, anniversary
from bot.model import Priority, Slot, Window
from bot.options import needed, one_of, refuse_others
from bot.spans import clock_time, duration
from bot.zones import DAY, Zone, date_of, day_of, zone

#: One year of each length, to lay dates out in.
_COMMON, _LEAP = 2001, 2000
_WIDEST = 15  #: days on each side that a window may have


class OnThisDay:
    """Speaks once on each date on which at least one post was first posted in an earlier year.

    A date has one slot, which says one of its posts. With a window the others are not lost: each may have an empty day
    of its own, as near to the date as there is one within the window. So no post is called for twice.
    """

    priority: ClassVar[Priority] = Priority.ON_THIS_DAY
    #: What to do where it never speaks.
    hint: ClassVar[str] = "no post says on which day it was first posted; write posted = 2021-04-19 in one"

    def __init__(self, schedule: str, options: Mapping[str, Any], almanac: Almanac) -> None:
        refuse_others(options, ("at", "zone", "leap_day", "window"))
        self._schedule = schedule
        self._at = clock_time(needed(options, "at", example='"12:00"'))
        self._clock = zone(str(needed(options, "zone", example='"America/Los_Angeles"')))
        leap_day = LeapDay(one_of(options.get("leap_day", LeapDay.FEB_28), LeapDay, name="leap_day"))
        self._reach = _days(options["window"]) if "window" in options else None
        posted = sorted(day for post in almanac.posted if (day := post.posted_on(self._clock.name)))
        self._dates = {length: _dates(posted, length, leap_day) for length in (_COMMON, _LEAP)}
        # What a year holds never changes, and every tick asks for the same year again.
        self._in_year: Callable[[int], list[Slot]] = cache(self._found_in)

    def times(self, window: Window) -> list[Slot]:
        """Every slot in the window."""
        first, last = date_of(window.start // DAY - 1).year, date_of(window.end // DAY + 1).year
        start, end = window.start, window.end
        return [
            slot for year in range(first, last + 1) for slot in self._in_year(year) if start <= slot.at < end
        ]

    def _found_in(self, year: int) -> list[Slot]:
        recalled = self._own(year) if self._reach is None else self._nearest(year, self._reach)
        schedule, name, priority = self._schedule, self._clock.name, self.priority
        found = []
        for day, off in recalled:
            wall = day * DAY + self._at
            if (at := self._clock.on_its_day(wall)) is not None:
                facts = () if self._reach is None else (("days_off", off),)
                found.append(Slot(at, schedule, wall, name, priority, facts=facts))
        return found

    def _own(self, year: int) -> list[tuple[int, int]]:
        """The days of a year on which something was first posted before it."""
        new_year = day_of(date(year, 1, 1))
        dates = self._dates[_LEAP if isleap(year) else _COMMON]
        return [(new_year + number, 0) for number, years in dates if years[0] < year]

    def _nearest(self, year: int, reach: int) -> list[tuple[int, int]]:
        """The days of a year that recall a date, and how many days off it lies: below zero, it has passed."""
        first, last = day_of(date(year, 1, 1)), day_of(date(year + 1, 1, 1))
        # Which of two dates has a day between them depends on the days around, but never on those of a year before.
        dated = [day for each in (year - 1, year, year + 1) for day in self._counted(each)]
        found = _spread(dict(dated), self._clock, reach)
        return [(day, found[day]) for day in sorted(found) if first <= day < last]

    def _counted(self, year: int) -> list[tuple[int, int]]:
        """The days of a year on which something was first posted before it, and how many posts that were."""
        new_year = day_of(date(year, 1, 1))
        dates = self._dates[_LEAP if isleap(year) else _COMMON]
        counted = ((new_year + number, bisect_left(years, year)) for number, years in dates)
        return [(day, posts) for day, posts in counted if posts]


def _spread(posts: Mapping[int, int], clock: Zone, reach: int) -> dict[int, int]:
    """The days on which the posts of each date are recalled, the nearest first, and how many days off it lies."""
    found = dict.fromkeys(posts, 0)
    left = {day: count - clock.has(day) for day, count in posts.items()}
    offs = sorted(range(-reach, reach + 1), key=lambda off: (abs(off), off))
    for off in offs:
        for day in posts:
            if left[day] and day - off not in found and clock.has(day - off):
                found[day - off] = off
                left[day] -= 1
    return found


def _days(written: object) -> int:
    """The whole days of a window."""
    days, rest = divmod(duration(written), DAY)
    if rest or days > _WIDEST:
        raise ValueError(f'"window" is whole days on each side, {_WIDEST} at most; write window = "3d"')
    return days


def _dates(posted: Iterable[date], year: int, leap_day: LeapDay) -> list[tuple[int, list[int]]]:
    """For each day of a year of that length, as days since its first: the years of the posts that it recalls, in order."""
    found: dict[int, list[int]] = {}
    for original in posted:
        if kept := anniversary(original, year, leap_day):
            found.setdefault(kept.timetuple().tm_yday - 1, []).append(original.year)
    return [(number, sorted(years)) for number, years in sorted(found.items())]
