"""What a calendar shows, ready for a template: marks in its days, and planned posts as they will look.

The static page and the desk are filled with the same values, so there is one look.
"""

import calendar
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from sys import intern
from typing import Any

from msgspec import Struct

from bot.model import Gap, Media, PlannedPost, Rendition
from bot.preview.view import (
    GAP_SIGN,
    SIGNS,
    Entry,
    View,
    days,
    local_date,
    local_time,
    notes,
    renditions,
    zone_sign,
)
from bot.preview.wording import Piece, pieces
from bot.preview.words import clean

WEEKDAYS = tuple(calendar.day_name)
#: The tone of what is no post.
GAP = "gap"


class Mark(Struct, frozen=True, gc=False):
    """One line in a day of a calendar: a planned post or a gap, told in a few words."""

    key: str  #: of its slot
    at: int
    date: date  #: by the slot's own calendar
    clock: str  #: in the slot's zone, as `09:00`
    zone: str  #: its short name then: `EST`
    place: str  #: its IANA name
    schedule: str
    tone: str  #: or `gap`
    sign: str
    subject: str = ""  #: what it speaks of; empty where it speaks of no event
    accounts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  #: what is out of the ordinary: `unconfirmed`, `held`, `sent`
    reason: str = ""  #: of a gap

    @property
    def is_gap(self) -> bool:
        """Tell whether nothing is said then."""
        return self.tone == GAP


class To(Struct, frozen=True):
    """An account that shows a reading."""

    account: str
    network: str
    is_dry_run: bool


class Count(Struct, frozen=True):
    """How long one account's network finds a part."""

    account: str
    length: int
    limit: int | None

    @property
    def is_over(self) -> bool:
        """Tell whether it is too long."""
        return self.limit is not None and self.length > self.limit


class Message(Struct, frozen=True):
    """One part as it will look, with its length on each account that shows it so."""

    pieces: tuple[Piece, ...]
    counts: tuple[Count, ...]
    media: tuple[Media, ...]


class Reading(Struct, frozen=True):
    """Renditions that read alike, shown once."""

    to: tuple[To, ...]
    messages: tuple[Message, ...]
    besides: tuple[str, ...]  #: warning and quote, in words; before them what keeps it from being shown
    keys: tuple[str, ...]  #: of their deliveries


class Article(Struct, frozen=True):
    """A planned post as it will look on each network, or a gap (then its mark has a reason)."""

    mark: Mark
    post: str = ""
    lang: str = ""
    why: str = ""
    readings: tuple[Reading, ...] = ()


class Day(Struct, frozen=True):
    """A date with its articles."""

    date: date
    articles: tuple[Article, ...]


class Cell(Struct, frozen=True):
    """One day in a month's grid."""

    date: date
    is_inside: bool  #: whether any of it lies in the window
    is_quiet: bool
    marks: tuple[Mark, ...]
    more: int = 0  #: how many are left out
    told: str = ""  #: what is particular about the day, in words


class Month(Struct, frozen=True):
    """A month as weeks from Monday to Sunday; days of other months are None."""

    name: str
    weeks: tuple[tuple[Cell | None, ...], ...]


def mark(entry: Entry, view: View) -> Mark:
    """A planned post or a gap in a few words."""
    slot = entry.slot
    common: dict[str, Any] = {
        "key": slot.key,
        "at": slot.at,
        "date": local_date(slot),
        "clock": intern(local_time(slot)),
        "zone": zone_sign(slot),
        "place": intern(str(slot.zone)),
        "schedule": intern(str(slot.schedule)),
        "subject": view.subject(slot),
        "notes": notes(entry),
    }
    if isinstance(entry, Gap):
        return Mark(tone=GAP, sign=GAP_SIGN, reason=entry.reason, **common)
    tone = entry.post.tone
    return Mark(tone=tone.value, sign=SIGNS[tone], accounts=_shared(entry.accounts), **common)


@lru_cache(maxsize=256)
def _shared(accounts: tuple[str, ...]) -> tuple[str, ...]:
    """The same accounts as one object: a calendar keeps thousands of marks."""
    return accounts


def article(entry: Entry, view: View) -> Article:
    """A planned post as each network will show it, or a gap with its reason."""
    if isinstance(entry, Gap):
        return Article(mark(entry, view))
    return Article(mark(entry, view), entry.post.id, entry.post.lang, entry.why, tuple(readings(entry, view)))


def by_day(view: View) -> tuple[Day, ...]:
    """The local dates on which anything is planned, each with its articles."""
    return tuple(Day(day.date, tuple(article(entry, view) for entry in day.entries)) for day in days(view))


def readings(planned: PlannedPost, view: View) -> Iterator[Reading]:
    """What the accounts will show, those that read alike together."""
    alike: dict[object, list[Rendition]] = {}
    for rendition in renditions(planned):
        looks = tuple((pieces(clean(part.text), rendition.network), part.media) for part in rendition.parts)
        alike.setdefault((looks, view.besides(rendition)), []).append(rendition)
    for same in alike.values():
        to = tuple(To(each.account, each.network, view.is_dry_run(each.account)) for each in same)
        keys = tuple(each.key for each in same)
        yield Reading(to, tuple(_messages(same)), view.besides(same[0]), keys)


def _messages(same: list[Rendition]) -> Iterator[Message]:
    for number, part in enumerate(same[0].parts):
        counts = (Count(each.account, each.parts[number].length, each.parts[number].limit) for each in same)
        yield Message(pieces(clean(part.text), same[0].network), tuple(counts), part.media)


def month_of(day: date, cell: Callable[[date], Cell]) -> Month:
    """The month that holds a day, each of its days made by `cell`."""
    weeks = calendar.Calendar().monthdatescalendar(day.year, day.month)
    return Month(
        f"{day:%B %Y}",
        tuple(tuple(cell(each) if each.month == day.month else None for each in week) for week in weeks),
    )


def months_between(first: date, last: date) -> Iterator[date]:
    """The first day of every month from that of `first` to that of `last`."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def span_text(first: date, last: date) -> str:
    """A stretch of days as people write it, without saying a month or year twice: `7 – 13 January 2027`."""  # noqa: RUF002
    if first == last:
        return f"{first.day} {first:%B %Y}"
    start = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        start += f" {first:%B}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start} – {last.day} {last:%B %Y}"  # noqa: RUF001 - a dash as printers mean it
