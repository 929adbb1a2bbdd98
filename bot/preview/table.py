"""The plan as a table for a terminal: a line a post, gaps with their reasons, days under headings."""

from collections.abc import Callable, Iterator
from datetime import date

from msgspec import Struct
from rich.cells import cell_len

from bot.model import Gap, PlannedPost, Tone
from bot.preview.view import (
    GAP_SIGN,
    SIGNS,
    Entry,
    View,
    counted,
    days,
    entries,
    local_time,
    notes,
    renditions,
    zone_sign,
)
from bot.preview.words import flow, one_line, pad, shorten, wrap
from bot.zones import DAY, utc_text

# ANSI codes, written by hand: so few need no library.
_DIM, _BOLD = "2", "1"
_TONES = {Tone.CELEBRATION: "33", Tone.REMEMBRANCE: "35", Tone.NEUTRAL: "36"}
_WIDE = 100  #: columns from which long names are given more room
_LEAST = 12  #: cells a text always gets, however narrow the terminal

Paint = Callable[[str, str], str]


class _Page(Struct, frozen=True):
    """How wide the columns are, and how they are painted."""

    width: int
    clock: int
    schedule: int
    paint: Paint

    @property
    def margin(self) -> int:
        """Where texts begin."""
        return 2 + self.clock + 2 + 2 + self.schedule + 2

    @property
    def room(self) -> int:
        """How many cells are left for texts and what stands behind them."""
        return max(self.width - self.margin, _LEAST)


def show(view: View, *, width: int, colour: bool, why: bool) -> str:
    """The plan in lines of at most `width` cells; with `why`, each post's reason stands below it.

    Where a terminal is too narrow for words, they get twelve cells and the lines grow longer.
    """
    page = _page(view, width, _painted if colour else _plain)
    if not (view.plan.posts or view.plan.gaps):
        return "\n".join([*_nothing(view, page), "", *_summary(view, page), ""])
    lines: list[str] = []
    for day in days(view):
        lines.append(page.paint(_BOLD, heading(day.date)))
        for entry in day.entries:
            lines += _entry(entry, view, page)
            lines += _why(entry, view, page) if why else ()
        lines.append("")
    return "\n".join([*lines, _legend(view, page), *_summary(view, page), ""])


def heading(day: date) -> str:
    """A date as `Thu 28 Jan 2027`."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def _page(view: View, width: int, paint: Paint) -> _Page:
    slots = [entry.slot for entry in entries(view)]
    longest = 24 if width >= _WIDE else 16
    return _Page(
        width=width,
        clock=max((6 + len(zone_sign(slot)) for slot in slots), default=0),
        schedule=min(longest, max((cell_len(one_line(slot.schedule)) for slot in slots), default=0)),
        paint=paint,
    )


def _entry(entry: Entry, view: View, page: _Page) -> Iterator[str]:
    if isinstance(entry, Gap):
        yield from _gap(entry, page)
    else:
        yield _post(entry, page)
        yield from _besides(entry, view, page)


def _post(planned: PlannedPost, page: _Page) -> str:
    tone = planned.post.tone
    parts = renditions(planned)[0].parts
    tail = _tail(len(parts), parts[0].length, parts[0].limit)
    room = max(page.room - 2 - len(tail), _LEAST)
    text = pad(shorten(one_line(" · ".join((*notes(planned), parts[0].text))), room), room)
    voiced = text if tone is Tone.NEUTRAL else page.paint(_TONES[tone], text)
    start = _start(planned, page.paint(_TONES[tone], SIGNS[tone]), page)
    return f"{start}{voiced}  {page.paint(_DIM, tail)}"


def _besides(planned: PlannedPost, view: View, page: _Page) -> Iterator[str]:
    """Warnings and quotes, each once, however many accounts show it."""
    for each in dict.fromkeys(each for shown in renditions(planned) for each in view.besides(shown)):
        yield from (
            page.paint(_DIM, " " * page.margin + line) for line in wrap(f"[{one_line(each)}]", page.room)
        )


def _tail(parts: int, length: int, limit: int | None) -> str:
    thread = f"(1/{parts}) " if parts > 1 else ""
    return thread + (f"{length}" if limit is None else f"{length}/{limit}")


def _gap(gap: Gap, page: _Page) -> Iterator[str]:
    reason = one_line(" · ".join((*notes(gap), gap.reason)))
    first, *rest = wrap(reason, page.room) or [""]
    yield page.paint(_DIM, _start(gap, GAP_SIGN, page) + first)
    yield from (page.paint(_DIM, " " * page.margin + line) for line in rest)


def _start(entry: Entry, sign: str, page: _Page) -> str:
    slot = entry.slot
    clock = pad(f"{local_time(slot)} {zone_sign(slot)}", page.clock)
    schedule = pad(shorten(one_line(slot.schedule), page.schedule), page.schedule)
    return f"  {clock}  {sign} {schedule}  "


def _why(entry: Entry, view: View, page: _Page) -> Iterator[str]:
    if isinstance(entry, Gap):
        return
    items = (view.subject(entry.slot), entry.why, "to " + ", ".join(entry.accounts), entry.post.id)
    text = one_line(" · ".join(filter(None, items)))
    yield from (page.paint(_DIM, " " * page.margin + line) for line in wrap(text, page.room))


def _legend(view: View, page: _Page) -> str:
    tones = {planned.post.tone for planned in view.plan.posts}
    signs = [f"{page.paint(_TONES[tone], SIGNS[tone])} {tone}" for tone in Tone if tone in tones]
    return "   ".join([*signs, *([page.paint(_DIM, f"{GAP_SIGN} gap")] if view.plan.gaps else [])])


def _nothing(view: View, page: _Page) -> list[str]:
    words = f"Nothing is planned from {_span(view)} (UTC). Does any schedule speak in that window?"
    return wrap(words, page.width)


def _summary(view: View, page: _Page) -> list[str]:
    plan = view.plan
    stopped = sum(any(shown.key in view.held for shown in planned.renditions) for planned in plan.posts)
    held = f" ({stopped} held)" if stopped else ""
    counts = f"{counted(len(plan.posts), 'post')}{held}, {counted(len(plan.gaps), 'gap')}"
    return flow([counts, _span(view), f"digest {plan.digest}"], page.width)


def _span(view: View) -> str:
    """Name the window; by its dates alone where it is cut at midnight UTC."""
    start, end = utc_text(view.window.start), utc_text(view.window.end)
    if view.window.start % DAY == view.window.end % DAY == 0:
        start, end = start[:10], end[:10]
    return f"{start} to {end}"


def _plain(_code: str, text: str) -> str:
    return text


def _painted(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"
