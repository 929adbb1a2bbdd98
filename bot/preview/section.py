"""Coverage as a section of the HTML page: what its template is filled with."""

from collections.abc import Iterator
from datetime import date
from itertools import accumulate

from msgspec import Struct

from bot.model import Tone
from bot.preview.chart import MOST, bare, due, turn, unused, wordings
from bot.preview.findings import Coverage, Day, Month
from bot.preview.view import SIGNS, counted


class HeatDay(Struct, frozen=True):
    """A day of the year's map."""

    date: date
    names: str  #: its classes
    sign: str
    words: str  #: all of it, for those who do not see the map


class _Stretch(Struct, frozen=True):
    """A month of the map, or as much of it as the year has."""

    first: date
    days: tuple[HeatDay, ...]


class _Piece(Struct, frozen=True):
    """One tone's share of a month's bar."""

    tone: str
    count: int
    start: float  #: in hundredths of the longest bar
    share: float  #: as wide, in the same


class _Bar(Struct, frozen=True):
    """A month, tone by tone."""

    month: date
    pieces: tuple[_Piece, ...]


class _Finding(Struct, frozen=True):
    """What a person may want to mend, line by line."""

    title: str
    lines: tuple[str, ...]
    is_short: bool  #: short enough to stand open


class Section(Struct, frozen=True):
    """The section on a year."""

    posts: int
    gaps: int
    heat: tuple[_Stretch, ...]
    bars: tuple[_Bar, ...]
    findings: tuple[_Finding, ...]


def section(found: Coverage) -> Section:
    """A year as the page shows it: months by their dates, and findings as lists of lines."""
    by_month: dict[str, list[Day]] = {}
    for day in found.heat:
        by_month.setdefault(f"{day.date:%Y-%m}", []).append(day)
    most = max((month.posts + month.gaps for month in found.months), default=0) or 1
    return Section(
        posts=found.posts,
        gaps=found.gaps,
        heat=tuple(_Stretch(days[0].date, tuple(map(heat_day, days))) for days in by_month.values()),
        bars=tuple(_bar(month, most) for month in found.months),
        findings=tuple(_findings(found)),
    )


def heat_day(day: Day) -> HeatDay:
    """A day as a square of a map: what it holds by its classes and its sign, and all of it in words."""
    tone = "none" if day.tone is None else day.tone.value
    names = (tone, f"of-{min(day.posts, 4)}", *(("quiet",) if day.quiet else ()))
    words = counted(day.posts, "post") if day.posts else "nothing"
    told = (words, *((tone,) if day.tone else ()), *((f"quiet day: {day.quiet}",) if day.quiet else ()))
    mark = SIGNS[day.tone] if day.tone and day.tone is not Tone.NEUTRAL else ""
    return HeatDay(day.date, " ".join(names), mark, ", ".join(told))


def _bar(month: Month, most: int) -> _Bar:
    """A month's posts by tone, each as a share of the fullest month in hundredths."""
    counts = [(tone.value, month.of(tone)) for tone in Tone] + [("gap", month.gaps)]
    starts = accumulate((count for _, count in counts), initial=0)
    pieces = tuple(
        _Piece(name, count, round(100 * start / most, 2), round(100 * count / most, 2))
        for (name, count), start in zip(counts, starts, strict=False)
    )
    return _Bar(date.fromisoformat(f"{month.name}-01"), pieces)


def _findings(found: Coverage) -> Iterator[_Finding]:
    """What a person may want to mend, each kind with its lines; kinds of which there is nothing are left out."""
    kinds = {
        "No words for these days": [bare(each) for each in found.bare],
        "Waiting for a person": [due(each) for each in found.due],
        "No schedule speaks of these events": [f"{each.event}: {each.title}" for each in found.unspoken],
        "Posts taken in turn": [turn(each) for each in found.turns],
        "One wording: it repeats the next time": [f"{each.event}: {each.title}" for each in found.single],
    }
    kinds |= {f"Never used, and {reason}": posts for reason, posts in unused(found).items()}
    kinds["Wordings before a repeat"] = [f"{each.event}: {wordings(each.posts)}" for each in found.wordings]
    for title, lines in kinds.items():
        if lines:
            yield _Finding(title, tuple(lines), len(lines) <= MOST)
