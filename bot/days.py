"""On which dates a thing comes round again: anniversaries and the rules of observances."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = tuple(name.lower() for name in calendar.month_name)[1:]
_PLACES = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": -1}
_NTH = re.compile(r"(\w+) (\w+day) of (\w+)")
#: The counts of years that are round: these, and every twenty-fifth.
_ROUND = frozenset({1, 5, 10})
_QUARTER = 25
_FIXED = re.compile(r"(\d{1,2}) (\w+)|(\w+) (\d{1,2})")


class LeapDay(StrEnum):
    """Where 29 February is kept in a year that has none."""

    FEB_28 = "feb-28"
    MAR_1 = "mar-1"
    LEAP_YEARS = "leap-years-only"


def anniversary(original: date, year: int, leap_day: LeapDay = LeapDay.FEB_28) -> date | None:
    """The date in `year` on which `original` comes round; always counted from the original, so it never drifts."""
    month, day = original.month, original.day
    if day != 29 or month != 2 or calendar.isleap(year):  # noqa: PLR2004 - 29 February
        return date(year, month, day)
    return {LeapDay.FEB_28: date(year, 2, 28), LeapDay.MAR_1: date(year, 3, 1)}.get(leap_day)


def is_milestone(years: int) -> bool:
    """Tell whether a count of years is round: 1, 5, 10, 25, 50, 75, 100 and so on."""
    return years in _ROUND or years % _QUARTER == 0


class _Of(Protocol):
    def __call__(self, year: int, leap_day: LeapDay, /) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule such as `4th thursday of january` or `20 july`: one date a year, or none (a fifth Monday)."""

    text: str
    _of: _Of

    def on(self, year: int, leap_day: LeapDay = LeapDay.FEB_28) -> date | None:
        """The date that it gives in a year; where it is 29 February, by the rule for years that have none."""
        return self._of(year, leap_day)


def rule(text: str) -> Rule:
    """Read a rule; ValueError says what a rule looks like."""
    words = text.strip().lower()
    if found := _NTH.fullmatch(words):
        place, weekday, month = found.groups()
        if place in _PLACES and weekday in WEEKDAYS and month in MONTHS:
            return Rule(words, _Nth(_PLACES[place], WEEKDAYS.index(weekday), MONTHS.index(month) + 1))
    elif found := _FIXED.fullmatch(words):
        day, month = int(found[1] or found[4]), found[2] or found[3]
        if month in MONTHS and 1 <= day <= calendar.monthrange(2024, MONTHS.index(month) + 1)[1]:
            return Rule(words, _Fixed(date(2024, MONTHS.index(month) + 1, day)))
    raise ValueError(f"cannot read the rule {text!r}; write it as '4th thursday of january' or '20 july'")


@dataclass(frozen=True, slots=True)
class _Nth:
    place: int
    weekday: int
    month: int

    def __call__(self, year: int, _: LeapDay, /) -> date | None:
        if self.place < 0:
            last = date(year, self.month, calendar.monthrange(year, self.month)[1])
            return last - timedelta(days=(last.weekday() - self.weekday) % 7)
        first = date(year, self.month, 1)
        found = first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.place - 1))
        return found if found.month == self.month else None


@dataclass(frozen=True, slots=True)
class _Fixed:
    original: date

    def __call__(self, year: int, leap_day: LeapDay, /) -> date | None:
        return anniversary(self.original, year, leap_day)
