"""Spells that a claim tells of: this week, next month, later this year, the coming days; and whether it falls within."""

from calendar import monthrange
from datetime import date, timedelta
from functools import partial
from typing import Literal

from bot.claims import Claim
from bot.claims.reading import holds, number
from bot.planning.stage import Stage

_WEEK = 7
#: So many days a spell may reach where it tells no number: "in the coming weeks".
_REACH = {"days": 7, "weeks": 28, "months": 92}
_Span = Literal["weekend", "week", "month", "year"]
_SPANS: tuple[_Span, ...] = ("weekend", "week", "month", "year")


def falls_within(claim: Claim, stage: Stage) -> bool | None:
    """Tell whether a day of what is spoken of lies in the spell that is told; None where nobody knows its bounds."""
    says = partial(holds, words=claim.words, known=stage.known)
    span = next((each for each in _SPANS if says(f"one-{each}")), None)
    unit = next((each for each in _REACH if says(f"many-{each}")), None)
    if span is not None:
        meant = _calendar_span(claim, stage, span)
    elif unit is not None:
        meant = _rolling_span(claim, stage, unit)
    else:
        return None
    days = [day for day in _days_of(span, stage) if _is_on_its_side(day, claim, stage)]
    return any(first <= day < last for first, last in meant for day in days)


def _days_of(span: _Span | None, stage: Stage) -> tuple[date, ...]:
    """The days on which it comes round; in a year that is told, it happens but once."""
    return (stage.origin,) if span == "year" and stage.origin else stage.days


def _is_on_its_side(day: date, claim: Claim, stage: Stage) -> bool:
    """Tell whether a day is yet to come where that is told of it, and past where that is."""
    if holds("later", claim.words, stage.known):
        return day > stage.slot.day
    return day < stage.slot.day if holds("earlier", claim.words, stage.known) else True


def _calendar_span(claim: Claim, stage: Stage, span: _Span) -> list[tuple[date, date]]:
    says = partial(holds, words=claim.words, known=stage.known)
    shift = 1 if says("next") else -1 if says("last") else 0
    # A week begins on Monday for some, and on Sunday for others.
    begins = (0, 1) if span == "week" else (0,)
    return [_shifted(stage.slot.day, span, shift, begin) for begin in begins]


def _shifted(day: date, span: _Span, shift: int, begin: int) -> tuple[date, date]:
    """The first day of a span that is so many after the one of a day, and the first that is not in it."""
    if span in {"week", "weekend"}:
        first = day - timedelta(days=(day.weekday() + begin) % _WEEK) + timedelta(days=_WEEK * shift)
        return first + timedelta(days=5 * (span == "weekend")), first + timedelta(days=_WEEK)
    if span == "year":
        return date(day.year + shift, 1, 1), date(day.year + shift + 1, 1, 1)
    year, month = divmod(day.year * 12 + day.month - 1 + shift, 12)
    first = date(year, month + 1, 1)
    return first, first + timedelta(days=monthrange(year, month + 1)[1])


def _rolling_span(claim: Claim, stage: Stage, unit: str) -> list[tuple[date, date]]:
    """So many days, weeks or months before the slot's day or after it."""
    told, one = number(claim.words, stage.known), {"days": 1, "weeks": _WEEK, "months": 31}[unit]
    reach = timedelta(days=_REACH[unit] if not told or told != told else told * one)  # noqa: PLR0124 - not a number
    today = stage.slot.day
    if holds("last", claim.words, stage.known):
        return [(today - reach, today + timedelta(days=1))]
    return [(today, today + reach + timedelta(days=1))]
