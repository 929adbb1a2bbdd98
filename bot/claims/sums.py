"""What cannot be true on any day: a weekday that its date never was, years that do not add up."""

import re
from calendar import day_name
from collections.abc import Iterator
from typing import NamedTuple

from bot.claims.reading import NamedDay, named_day, number
from bot.claims.rules import Rules, rules

_YEAR = re.compile(r"(?:1[4-9]|20)\d\d")
#: What a date must have to be one that never was: a weekday, or a day that not every month has.
_DOUBTFUL = re.compile(r"day\b|\b(?:0|29|[3-9]\d)\b")
#: How far a number may be from that of the years between: a year begun counts as well as one that is full; who was born
#: late in a year is a year younger than it says; and an anniversary is exact.
_OFF = {"years": (-1, 1), "ages": (-1, 0), "anniversaries": (0, 0)}
#: So many days are one of these, and a day more or less, or one that was begun, is none the less one.
_DAYS = {"days": 1, "weeks": 7, "months": 30.44}


class Contradiction(NamedTuple):
    """Words of a text that the calendar or arithmetic contradicts, and how, as what follows "it says …, but"."""

    words: str
    but: str


def contradictions(text: str, lang: str = "en") -> Iterator[Contradiction]:
    """Whatever a text says against the calendar or itself; nothing where `lang` has no rules."""
    known = rules(lang)
    named = len(_YEAR.findall(text)) if known else 0
    if known and named and _DOUBTFUL.search(text):
        yield from _dates(text, known)
    if known and named > 1:
        yield from _sums(text, known)


def full_dates(text: str, lang: str = "en") -> Iterator[tuple[str, NamedDay]]:
    """The dates of a text that have a year, with the words that name them; none where `lang` has no rules."""
    known = rules(lang)
    if known and _YEAR.search(text):
        yield from _full(text, known)


def _full(text: str, known: Rules) -> Iterator[tuple[str, NamedDay]]:
    for found in known.dates.finditer(text):
        day = named_day(found[0], known)
        if day is not None and day.year is not None:
            yield found[0], day


def _dates(text: str, known: Rules) -> Iterator[Contradiction]:
    for words, day in _full(text, known):
        if day.date is None:
            yield Contradiction(words, "there is no such day")
        elif not day.fits(day.date):
            yield Contradiction(words, f"that day was a {day_name[day.date.weekday()]}")


def _sums(text: str, known: Rules) -> Iterator[Contradiction]:
    for kind, (least, most) in _OFF.items():
        for found in known.adding_up(kind, text):
            count, between = number(found["count"], known), int(found["last"]) - int(found["first"])
            if count is not None and between > 0 and not least <= count - between <= most:
                years = f"{between} year{'' if between == 1 else 's'}"
                yield Contradiction(found[0], f"{found['first']} and {found['last']} are {years} apart")
    for found in known.adding_up("spans", text):
        count, days = number(found["count"], known), _days_between(found, known)
        if count is not None and days and abs(count - days / _DAYS[found["unit"].lower()]) > 1:
            yield Contradiction(found[0], f"{days} day{'' if days == 1 else 's'} lie between")


def _days_between(found: re.Match[str], known: Rules) -> int | None:
    days = [named_day(found[name], known) for name in ("begin", "end")]
    begin, end = (day.date if day else None for day in days)
    return (end - begin).days if begin and end else None
