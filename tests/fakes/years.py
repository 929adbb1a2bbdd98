"""A year to look at: a made-up coverage with everything that is hard to show."""

from collections.abc import Mapping
from datetime import date

from bot.model import Tone
from bot.preview.findings import Bare, Coverage, Day, Due, Month, Turn, Unspoken, Unused, Wording, Year

FIRST, END = date(2027, 1, 1), date(2028, 1, 1)
#: The days on which more or less is said than one neutral post.
SAID: Mapping[date, tuple[int, Tone | None, str | None]] = {
    date(2027, 1, 1): (0, None, None),
    date(2027, 1, 5): (2, Tone.NEUTRAL, None),
    date(2027, 1, 20): (1, Tone.REMEMBRANCE, "ferry-lost"),
    date(2027, 2, 3): (0, None, "storm-of-1911"),
    date(2027, 3, 3): (3, Tone.CELEBRATION, None),
    date(2027, 4, 7): (1, Tone.REMEMBRANCE, None),
    date(2027, 5, 1): (4, Tone.CELEBRATION, None),
    date(2027, 5, 2): (9, Tone.NEUTRAL, None),
}


def days() -> tuple[Day, ...]:
    """Each day of 2027: one neutral post on weekdays, and what stands above."""
    return tuple(_day(day) for day in Year(FIRST, END))


def _day(day: date) -> Day:
    weekday = (1, Tone.NEUTRAL, None) if day.weekday() < 5 else (0, None, None)
    posts, tone, quiet = SAID.get(day, weekday)
    return Day(day, posts, int(quiet is not None), tone, quiet)


def months() -> tuple[Month, ...]:
    """Twelve months, each with one post fewer."""
    return tuple(
        Month(f"2027-{number:02}", 3, int(number == 1), 24 - number, number % 3) for number in range(1, 13)
    )


def year(
    *,
    bare: tuple[Bare, ...] = (),
    unspoken: tuple[Unspoken, ...] = (),
    wordings: tuple[Wording, ...] = (),
    turns: tuple[Turn, ...] = (),
    unused: tuple[Unused, ...] = (),
    due: tuple[Due, ...] = (),
) -> Coverage:
    """The year with these findings, and no others."""
    return Coverage(Year(FIRST, END), bare, unspoken, wordings, turns, months(), unused, due, days())


def lacking(*, name: str = "ferry-lost", number: int = 1) -> Coverage:
    """The year with so many findings of each kind, all of that name."""
    names = [name if place == 0 else f"{name}-{place}" for place in range(number)]
    return year(
        bare=tuple(
            Bare(each, "A title", "anniversaries", date(2027, 1, 20), confirmed=False) for each in names
        ),
        unspoken=tuple(Unspoken(each, "A title", 0) for each in names),
        wordings=(*(Wording(each, "A title", 1) for each in names), Wording("pier", "The pier", 2)),
        turns=tuple(Turn(each, 152, 255, 3, 218, 180) for each in names),
        unused=tuple(Unused(each, "no schedule can take it") for each in names),
        due=tuple(Due(each, date(2027, 6, 1), on_hold=True, reasons=("ask first",)) for each in names),
    )
