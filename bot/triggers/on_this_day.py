"""The days on which something was posted in an earlier year."""

from calendar import isleap
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, ClassVar

from bot.contracts import Almanac
from bot.days import LeapDay, anniversary
from bot.model import Post, Priority, Slot, Window
from bot.options import needed, one_of, refuse_others
from bot.spans import clock_time
from bot.zones import DAY, date_of, day_of, zone

#: One year of each length, to lay dates out in.
_COMMON, _LEAP = 2001, 2000


class OnThisDay:
    """Speaks once on each date on which at least one post was first posted in an earlier year, and on no other."""

    priority: ClassVar[Priority] = Priority.ON_THIS_DAY

    def __init__(self, schedule: str, options: Mapping[str, Any], almanac: Almanac) -> None:
        refuse_others(options, ("at", "zone", "leap_day"))
        self._schedule = schedule
        self._at = clock_time(needed(options, "at", example='"12:00"'))
        self._clock = zone(str(needed(options, "zone", example='"America/Los_Angeles"')))
        leap_day = LeapDay(one_of(options.get("leap_day", LeapDay.FEB_28), LeapDay, name="leap_day"))
        originals = _first_posted(almanac.posted, self._clock.name)
        self._firsts = {length: _firsts(originals, length, leap_day) for length in (_COMMON, _LEAP)}
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
        new_year = day_of(date(year, 1, 1))
        firsts = self._firsts[_LEAP if isleap(year) else _COMMON]
        days = [new_year + number for number, first in firsts if first < year]
        walls = [day * DAY + self._at for day in days]
        schedule, name, priority = self._schedule, self._clock.name, self.priority
        return [
            Slot(at, schedule, wall, name, priority)
            for wall in walls
            if (at := self._clock[wall]) is not None
        ]


def _first_posted(posts: Iterable[Post], zone_name: str) -> list[date]:
    """For each date of the calendar that has posts, the first of them."""
    firsts: dict[tuple[int, int], date] = {}
    for day in sorted(day for post in posts if (day := post.posted_on(zone_name))):
        firsts.setdefault((day.month, day.day), day)
    return list(firsts.values())


def _firsts(originals: Iterable[date], year: int, leap_day: LeapDay) -> list[tuple[int, int]]:
    """For each day of a year of that length, as days since its first: the year of the first post that it recalls."""
    firsts: dict[int, int] = {}
    for original in originals:
        if kept := anniversary(original, year, leap_day):
            number = kept.timetuple().tm_yday - 1
            firsts[number] = min(original.year, firsts.get(number, original.year))
    return sorted(firsts.items())
