"""What the words of a claim say: a number, a stretch of time, a day of the calendar, a time on some clock."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from bot.claims.rules import Rules

_HUNDRED = 100
_LETTERS = re.compile(r"[^\W\d_]+")
_FIGURES = re.compile(r"\d+")
_CLOCK = re.compile(r"(\d{1,2})(?::?(\d\d))?(?!\d)")
_TOKENS = re.compile(r"[^\W\d_]+|\d+")
_YEARS_FROM, _DECEMBER = 1_000, 12
#: "19th February" has three tokens, and the ending of an ordinal so many letters.
_OF_A_DATE, _ENDING = 3, 2


class NamedDay(NamedTuple):
    """A day as a text names it; year and weekday only where it does. Monday is 0."""

    month: int
    day: int
    year: int | None
    weekday: int | None

    def fits(self, day: date) -> bool:
        """Tell whether it may be this day."""
        return (
            (self.month, self.day) == (day.month, day.day)
            and self.year in {None, day.year}
            and self.weekday in {None, day.weekday()}
        )

    @property
    def date(self) -> date | None:
        """The day itself; None where it names no year, or no such day is in the calendar."""
        try:
            return date(self.year, self.month, self.day) if self.year else None
        except ValueError:
            return None


class NamedTime(NamedTuple):
    """A time of day as a text names it, with an IANA zone where it names one."""

    hour: int
    minute: int
    zone: str | None


def number(words: str, known: Rules) -> float | None:
    """The number that words tell, in figures or spelled out: `twenty-one`, `a hundred and five`, `30th`; None without one.

    It is NaN where the words tell one that nobody knows: `a few`.
    """
    tokens = known.numbers.pattern.findall(words.casefold())
    if not tokens:
        return None
    total = 0.0
    for value in (_value(token, known) for token in tokens):
        total = total * value if total and value >= _HUNDRED else total + value
    return total


def _value(token: str, known: Rules) -> float:
    found = known.numbers.values.get(token)
    return float(token.replace(",", ".")) if found is None else found


def years(words: str, known: Rules) -> float | None:
    """How many years a stretch of time has: 20 of `two decades`; None where it is none of years, or nobody can say."""
    count, unit = _count(words, known), _unit(words, known.years)
    return None if count is None or unit is None else count * unit


def stretch(words: str, known: Rules) -> tuple[float, int] | None:
    """How many of which unit, in seconds, a stretch of time has: (5, 86400) of `five days`; None as in `years`.

    What has several units is told in the smallest: (90, 60) of `one hour and thirty minutes`.
    """
    found = list(_measures(words, known))
    if not found:
        return None
    least = min(unit for _, unit in found)
    return sum(count * unit for count, unit in found) / least, least


def _measures(words: str, known: Rules) -> Iterator[tuple[float, int]]:
    start = 0
    for word in _LETTERS.finditer(words):
        unit = known.seconds.get(word[0].casefold())
        count = None if unit is None else _count(words[start : word.end()], known)
        if unit is not None and count is not None:
            yield count, unit
            start = word.end()


def holds(fragment: str, words: str, known: Rules) -> bool:
    """Tell whether words hold one of a fragment's, whole; never where the language has no such fragment."""
    if fragment not in known.fragments:
        return False
    pattern = known.pattern(f"{{{fragment}}}")
    return re.search(rf"(?<!\w)(?:{pattern})(?!\w)", words, re.IGNORECASE) is not None


def _count(words: str, known: Rules) -> float | None:
    """A number, or an article that stands for one."""
    found = number(words, known)
    return 1 if found is None and not set(known.numbers.one.split()).isdisjoint(_letters(words)) else found


def _unit(words: str, units: Mapping[str, int]) -> int | None:
    return next((units[word] for word in _letters(words) if word in units), None)


def weekday(words: str, known: Rules) -> int | None:
    """The weekday that words name, Monday as 0; None where they name none."""
    return next(_named(_letters(words), known.calendar.weekdays), None)


def named_day(words: str, known: Rules) -> NamedDay | None:
    """The day of the calendar that words name; None where they name none."""
    figures = [int(each) for each in _FIGURES.findall(words)]
    day = next((each for each in figures if each < _HUNDRED), None)
    month = next(_named(_letters(words), known.calendar.months), None)
    if day is None or month is None:
        return None
    year = next((each for each in figures if each >= _HUNDRED), None)
    return NamedDay(month + 1, day, year, weekday(words, known))


def named_year(words: str) -> int | None:
    """The first year of four figures that words name; None where they name none."""
    return next((int(each) for each in _FIGURES.findall(words) if int(each) >= _YEARS_FROM), None)


def named_month(words: str, known: Rules) -> int | None:
    """The month that words name, by its whole name or its common short form; None where they name none."""
    tokens = _TOKENS.findall(words)
    return next((number for each in tokens if (number := _month(each, known))), None)


def last_day(words: str, known: Rules) -> date | None:
    """The last day of the year, month or day that words name, with its year; None where they name no such day."""
    year = named_year(words)
    if year is None:
        return None
    # Whatever belongs to the year stands right before it.
    before = _TOKENS.findall(words[: words.index(str(year))])[-_OF_A_DATE:]
    month = next((number for each in before if (number := _month(each, known))), None)
    day = next(_days_beside(before, known), None) if month else None
    try:
        return date(year, month or _DECEMBER, day or monthrange(year, month or _DECEMBER)[1])
    except ValueError:
        return None


def _days_beside(tokens: list[str], known: Rules) -> Iterator[int]:
    """The numbers after which nothing stands but a month, or the ending of an ordinal."""
    for place, token in enumerate(tokens):
        after = tokens[place + 1 :]
        if token.isdigit() and all(_month(each, known) or len(each) == _ENDING for each in after):
            yield int(token)


def _month(word: str, known: Rules) -> int | None:
    """The number of a month by its name; None where the word is none."""
    if not re.fullmatch(known.pattern("{month}"), word):
        return None
    return next((place + 1 for place in _named([word.casefold()], known.calendar.months)), None)


def named_time(words: str, known: Rules) -> NamedTime | None:
    """The time of day that words name, on a clock of 24 hours; None where there is no such time."""
    plain = words.replace(".", "")
    zone = next((known.zones[word] for word in _LETTERS.findall(plain) if word in known.zones), None)
    letters = _letters(plain)
    if named := [known.hours[word] for word in letters if word in known.hours]:
        return NamedTime(named[0], 0, zone)
    figures = _CLOCK.search(plain)
    if figures is None:
        return None
    hour, minute = int(figures[1]), int(figures[2] or 0)
    half = next((known.halves[word] for word in letters if word in known.halves), None)
    return NamedTime(hour if half is None else hour % 12 + half, minute, zone)


def _letters(words: str) -> list[str]:
    return [word.casefold() for word in _LETTERS.findall(words)]


def _named(letters: Iterable[str], names: str) -> Iterator[int]:
    """The places of the names that words begin with."""
    places = tuple(enumerate(names.split()))
    return (place for word in letters for place, name in places if word.startswith(name))
