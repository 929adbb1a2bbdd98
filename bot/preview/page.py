"""The plan as one HTML page: month grids, then every entry in full. It needs no script and nothing from outside."""

import calendar
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from bot.model import Gap, Media, PlannedPost, Rendition, Slot, Tone
from bot.preview.cost import bills, dollars
from bot.preview.forecast import words
from bot.preview.section import section
from bot.preview.view import (
    GAP_SIGN,
    SIGNS,
    Entry,
    View,
    counted,
    days,
    local_time,
    notes,
    renditions,
    zone_sign,
)
from bot.preview.words import clean
from bot.zones import moment, utc_text

if TYPE_CHECKING:
    from jinja2 import Template


class _Cell(Struct, frozen=True):
    """One day in a month's grid."""

    date: date
    is_inside: bool  #: whether any of it lies in the window
    is_quiet: bool
    entries: tuple["_Entry", ...]


class _Month(Struct, frozen=True):
    """A month as weeks from Monday to Sunday; days of other months are None."""

    name: str
    weeks: tuple[tuple[_Cell | None, ...], ...]


class _Count(Struct, frozen=True):
    """How long one account's network finds a part."""

    account: str
    length: int
    limit: int | None


class _Part(Struct, frozen=True):
    """One part as it will look, with its length on each account that shows it so."""

    text: str
    counts: tuple[_Count, ...]
    media: tuple[Media, ...]


class _Wording(Struct, frozen=True):
    """Renditions that read alike, shown once."""

    accounts: tuple[Rendition, ...]
    parts: tuple[_Part, ...]
    besides: tuple[str, ...]  #: warning and quote, in words


class _Entry(Struct, frozen=True):
    """A planned post, or a gap (then `reason` is not empty)."""

    slot: Slot
    sign: str
    tone: str
    clock: str
    zone: str
    subject: str
    notes: tuple[str, ...]
    name: str = ""
    lang: str = ""
    why: str = ""
    wordings: tuple[_Wording, ...] = ()
    reason: str = ""


class _Day(Struct, frozen=True):
    """A date with its entries."""

    date: date
    entries: tuple[_Entry, ...]


def show(view: View) -> str:
    """The plan as a whole HTML document; whatever a text holds is shown as text."""
    shown = [_Day(day.date, tuple(_entry(entry, view) for entry in day.entries)) for day in days(view)]
    first, last = _ends(view)
    return _template().render(
        view=view,
        days=shown,
        months=tuple(_months(view, {day.date: day.entries for day in shown})),
        heading=_heading(first, last),
        tones=[(SIGNS[tone], tone.value) for tone in Tone],
        gap_sign=GAP_SIGN,
        weekdays=list(calendar.day_name),
        bills=bills(view),
        accounts=sorted({name for planned in view.plan.posts for name in planned.accounts}),
        coverage=view.coverage and section(view.coverage),
        year=view.coverage and _heading(view.coverage.year.first, view.coverage.year.last),
    )


def _entry(entry: Entry, view: View) -> _Entry:
    common: dict[str, Any] = {
        "slot": entry.slot,
        "clock": local_time(entry.slot),
        "zone": zone_sign(entry.slot),
        "subject": view.subject(entry.slot),
        "notes": notes(entry),
    }
    if isinstance(entry, Gap):
        return _Entry(sign=GAP_SIGN, tone="gap", reason=entry.reason, **common)
    return _Entry(
        sign=SIGNS[entry.post.tone],
        tone=entry.post.tone.value,
        name=entry.post.id,
        lang=entry.post.lang,
        why=entry.why,
        wordings=tuple(_wordings(entry, view)),
        **common,
    )


def _wordings(planned: PlannedPost, view: View) -> Iterator[_Wording]:
    alike: dict[object, list[Rendition]] = {}
    for rendition in renditions(planned):
        looks = tuple((part.text, part.media) for part in rendition.parts), view.besides(rendition)
        alike.setdefault(looks, []).append(rendition)
    for same in alike.values():
        yield _Wording(tuple(same), tuple(_parts(same)), view.besides(same[0]))


def _parts(same: list[Rendition]) -> Iterator[_Part]:
    for number, part in enumerate(same[0].parts):
        counts = (_Count(each.account, each.parts[number].length, each.parts[number].limit) for each in same)
        yield _Part(part.text, tuple(counts), part.media)


def _months(view: View, entries: Mapping[date, tuple[_Entry, ...]]) -> Iterator[_Month]:
    first, last = _ends(view)
    start, end = min(first, *entries, first), max(last, *entries, last)
    month = start.replace(day=1)
    while month <= end:
        weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
        yield _Month(
            f"{month:%B %Y}",
            tuple(
                tuple(
                    _cell(day, view, entries.get(day, ())) if day.month == month.month else None
                    for day in week
                )
                for week in weeks
            ),
        )
        month = (month + timedelta(days=31)).replace(day=1)


def _cell(day: date, view: View, entries: tuple[_Entry, ...]) -> _Cell:
    first, last = _ends(view)
    is_quiet = any(entry.reason.startswith("quiet day") for entry in entries)
    return _Cell(day, first <= day <= last, is_quiet, entries)


def _ends(view: View) -> tuple[date, date]:
    """The first and the last date, in UTC, of which anything lies in the window."""
    start, end = view.window.start, view.window.end
    return moment(start).date(), moment(max(start, end - 1)).date()


def _heading(first: date, last: date) -> str:
    """Name the stretch of days as people write it, without saying a month or year twice."""
    if first == last:
        return f"{_day(first)} {first:%B %Y}"
    start = _day(first)
    if (first.year, first.month) != (last.year, last.month):
        start += f" {first:%B}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start} – {_day(last)} {last:%B %Y}"  # noqa: RUF001 - a dash as printers mean it


def _day(day: date) -> str:
    return str(day.day)


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - start-up time: only this view needs it

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "clean": clean,
        "utc": utc_text,
        "counted": counted,
        "dollars": dollars,
        "budget": words,
        "day": _day,
    }
    return environment.from_string(files("bot.preview").joinpath("page.html.j2").read_text("utf-8"))
