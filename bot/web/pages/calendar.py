"""The calendar: a month, a week, a day's list and a year; and what a gap is for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.delivery.people import Role
from bot.delivery.queue import Queue
from bot.desk.calendar import AHEAD, FIRST, Calendar, Date, Only, Page, Sheet, accounts_of
from bot.desk.calendar.paging import MOST, ROOM
from bot.errors import BadCall
from bot.model import Gap, Project, Tone
from bot.preview.entries import GAP, WEEKDAYS, Cell, Mark, article, month_of, span_text
from bot.preview.findings import Year
from bot.preview.section import HeatDay, heat_day
from bot.preview.view import GAP_SIGN, SIGNS
from bot.web.guard import signed
from bot.web.showing import office_of, page
from bot.zones import DAY, date_of, zone

#: So many marks stand in a day of a month, and of a week; the others are in the day's list.
IN_MONTH, IN_WEEK = 4, 14
#: The louder first: what is shown of a day that has more.
_LOUD = (Tone.REMEMBRANCE, Tone.CELEBRATION, Tone.NEUTRAL, GAP)
_VIEWS = ("month", "week", "list", "year")
_WEEK = timedelta(days=7)


class Choices(Struct, frozen=True):
    """What the calendar can be narrowed to."""

    account: tuple[str, ...]
    schedule: tuple[str, ...]
    tone: tuple[str, ...]


class Place(Struct, frozen=True):
    """Where in the calendar a page is, and where it leads."""

    view: str
    day: date
    heading: str
    before: str  #: the address of what comes before; empty where the calendar ends
    after: str
    today: date


class MiniMonth(Struct, frozen=True):
    """A month of the year's map."""

    first: date
    days: tuple[HeatDay, ...]
    posts: int
    gaps: int


class Asking(NamedTuple):
    """What a request asks of the calendar."""

    calendar: Calendar
    project: Project
    queue: Queue
    now: int
    only: Only

    def sheet(self, first: date, end: date) -> Sheet:
        """A stretch of days, narrowed to what is looked at."""
        found = self.calendar.sheet(self.project, self.queue, Year(first, end), now=self.now)
        return found.narrowed(self.only, accounts_of(self.project.schedules))

    @property
    def today(self) -> date:
        """The date that it is now by the clock of the first account; in UTC where there is none."""
        first = next(iter(self.project.schedules.accounts.values()), None)
        return date_of(zone(first.zone if first else "UTC").wall(self.now) // DAY)

    def to(self, path: str, **more: object) -> str:
        """An address within the calendar that keeps what it is narrowed to."""
        kept = dict(zip(("account", "schedule", "tone"), self.narrowed, strict=True))
        query = urlencode({name: value for name, value in {**kept, **more}.items() if value})
        return f"{path}?{query}" if query else path

    @property
    def narrowed(self) -> tuple[str | None, str | None, str | None]:
        """To what it is narrowed."""
        return (self.only.account, self.only.schedule, self.only.tone)


def calendar_of(request: Request) -> Calendar:
    """The calendar of the desk, which remembers what it saw for all pages."""
    state = request.app.state
    if not hasattr(state, "calendar"):
        state.calendar = Calendar()
    found: Calendar = state.calendar
    return found


@signed(Role.LOOK)
def home(request: Request) -> Response:
    """This month."""
    asking = _asking(request)
    return _month(request, asking, asking.today)


@signed(Role.LOOK)
def month(request: Request) -> Response:
    """A month."""
    return _month(request, _asking(request), _day(f"{request.path_params['month']}-01"))


@signed(Role.LOOK)
def week(request: Request) -> Response:
    """The week of a day, from Monday to Sunday."""
    asking, day = _asking(request), _day(request.path_params["day"])
    first = day - timedelta(days=day.weekday())
    sheet = asking.sheet(first, first + _WEEK)
    cells = [_cell(each, IN_WEEK) for each in sheet.days]
    place = _place(asking, "week", first, span_text(first, first + timedelta(days=6)))
    return _shown(request, "week.html.j2", asking, place, sheet=sheet, cells=cells)


@signed(Role.LOOK)
def listed(request: Request) -> Response:
    """All that is planned on a day, in full, and on those after it that have room on the page: a week at most."""
    asking, day = _asking(request), _day(request.path_params["day"])
    found = list(_listed(asking, day, _number(request)))
    last = day + timedelta(days=len(found) - 1)
    sheet = asking.sheet(day, last + timedelta(days=1))
    place = _place(
        asking, "list", day, f"{day:%A} {span_text(day, day)}" if day == last else span_text(day, last)
    )
    place = replace(place, after=_address(asking, "list", lambda _: last + timedelta(days=1), day))
    return _shown(
        request,
        "list.html.j2",
        asking,
        place,
        sheet=sheet,
        found=found[0],
        days=zip(sheet.days, found, strict=True),
    )


def _listed(asking: Asking, day: date, number: int) -> Iterator[Page]:
    """A page of a day, and the pages of the days after it while each is whole and there is room."""
    entries, room = MOST, ROOM
    for there in (day + timedelta(days=ahead) for ahead in range(_WEEK.days)):
        if there > day and there.year > asking.today.year + AHEAD:
            return
        found = asking.calendar.page(
            asking.project, asking.queue, there, now=asking.now, number=number, only=asking.only
        )
        entries, room = entries - found.entries, room - found.size
        is_whole = found.pages == 1 and entries >= 0 and room >= 0
        if there == day or is_whole:
            yield found
        if not is_whole:
            return


@signed(Role.LOOK)
def year(request: Request) -> Response:
    """A year as a map of its days."""
    asking, first = _asking(request), _day(f"{request.path_params['year']}-01-01")
    end = first.replace(year=first.year + 1)
    days = asking.calendar.heat(
        asking.project, asking.queue, Year(first, end), now=asking.now, only=asking.only
    )
    months = [
        MiniMonth(
            first=each.replace(day=1),
            days=tuple(heat_day(day) for day in days if day.date.month == each.month),
            posts=sum(day.posts for day in days if day.date.month == each.month),
            gaps=sum(day.gaps for day in days if day.date.month == each.month),
        )
        for each in (first.replace(month=number) for number in range(1, 13))
    ]
    place = _place(asking, "year", first, str(first.year))
    return _shown(request, "year.html.j2", asking, place, months=months)


@signed(Role.LOOK)
def jump(request: Request) -> Response:
    """From any page of the calendar to a date, in the same view."""
    asking, query = _asking(request), request.query_params
    view, day = query.get("view", "month"), _day(query.get("to", ""))
    return RedirectResponse(asking.to(_path(view if view in _VIEWS else "month", day)), HTTPStatus.SEE_OTHER)


@signed(Role.LOOK)
def gap(request: Request) -> Response:
    """A slot that nothing may fill, with the reason."""
    asking, key = _asking(request), request.path_params["key"]
    on = _day(request.query_params["on"]) if request.query_params.get("on") else None
    try:
        entry, view = asking.calendar.entry(asking.project, asking.queue, key, now=asking.now, on=on)
    except BadCall as error:
        raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from error
    if not isinstance(entry, Gap):
        return RedirectResponse(f"/slot/{key}", HTTPStatus.SEE_OTHER)
    shown = article(entry, view)
    accounts = accounts_of(asking.project.schedules).get(entry.slot.schedule, ())
    return page(
        request, "gap.html.j2", article=shown, mark=shown.mark, accounts=accounts,
        back=asking.to(_path("list", shown.mark.date)), zone=entry.slot.zone,
    )  # fmt: skip


def _month(request: Request, asking: Asking, day: date) -> Response:
    first = day.replace(day=1)
    sheet = asking.sheet(first, _month_after(first))
    by_date = {each.date: _cell(each, IN_MONTH) for each in sheet.days}
    place = _place(asking, "month", first, f"{first:%B %Y}")
    return _shown(
        request, "month.html.j2", asking, place, sheet=sheet, month=month_of(first, by_date.__getitem__)
    )


def _shown(request: Request, template: str, asking: Asking, place: Place, **values: Any) -> Response:  # noqa: ANN401 - whatever a template shows
    return page(
        request, template, place=place, only=asking.only, choices=_choices(asking.project), to=asking.to,
        path=_path, link=_link, data=_data, views=_VIEWS, weekdays=WEEKDAYS, first=FIRST,
        last=place.today.year + AHEAD, tones=[(SIGNS[tone], tone.value) for tone in Tone],
        gap_sign=GAP_SIGN, **values,
    )  # fmt: skip


def _asking(request: Request) -> Asking:
    office, query = office_of(request), request.query_params
    only = Only(query.get("account") or None, query.get("schedule") or None, query.get("tone") or None)
    return Asking(calendar_of(request), office.project, office.queue, office.now, only)


def _choices(project: Project) -> Choices:
    schedules = project.schedules
    names = tuple(sorted(entry.name for entry in schedules.entries))
    return Choices(tuple(schedules.accounts), names, (*(tone.value for tone in Tone), GAP))


def _place(asking: Asking, view: str, day: date, heading: str) -> Place:
    before, after = _NEIGHBOURS[view]
    return Place(
        view,
        day,
        heading,
        _address(asking, view, before, day),
        _address(asking, view, after, day),
        asking.today,
    )


def _address(asking: Asking, view: str, step: Callable[[date], date], day: date) -> str:
    """The address of the page beside a page; empty where the calendar ends."""
    there = step(day)
    return asking.to(_path(view, there)) if FIRST <= there.year <= asking.today.year + AHEAD else ""


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


#: How one comes from a page to the one before, and to the one after.
_NEIGHBOURS: Mapping[str, tuple[Callable[[date], date], Callable[[date], date]]] = {
    "month": (lambda day: (day - timedelta(days=1)).replace(day=1), _month_after),
    "week": (lambda day: day - _WEEK, lambda day: day + _WEEK),
    "list": (lambda day: day - timedelta(days=1), lambda day: day + timedelta(days=1)),
    "year": (lambda day: day.replace(year=day.year - 1), lambda day: day.replace(year=day.year + 1)),
}


def _path(view: str, day: date) -> str:
    """The path of the page that shows a day in a view."""
    return {"month": f"/month/{day:%Y-%m}", "year": f"/year/{day:%Y}"}.get(view, f"/{view}/{day}")


def _link(shown: Mark) -> str:
    """Where a mark leads."""
    return f"/{'gap' if shown.is_gap else 'slot'}/{shown.key}?on={shown.date}"


def _data(shown: Mark) -> Mapping[str, object]:
    """What a script needs to know of a mark."""
    return {} if shown.is_gap else {"slot": shown.key, "at": shown.at, "zone": shown.place}


def _cell(day: Date, most: int) -> Cell:
    """A day with as many marks as it has room for: the loudest of them, by time."""
    loudest = sorted(day.marks, key=lambda each: _LOUD.index(each.tone))[:most]
    keys = {each.key for each in loudest}
    marks = tuple(each for each in day.marks if each.key in keys)
    told = f"quiet day: {day.quiet}" if day.quiet else f"hush around {day.hush}" if day.hush else ""
    return Cell(
        day.date,
        is_inside=True,
        is_quiet=bool(day.quiet),
        marks=marks,
        more=len(day.marks) - len(marks),
        told=told,
    )


def _day(text: str) -> date:
    """A date such as `2027-01-28`; HTTPException where it is none."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise HTTPException(
            HTTPStatus.NOT_FOUND, "There is no such day in the calendar; dates are written 2027-01-28."
        ) from error
    if str(found) != text or found.year == date.max.year:  # beyond which no calendar can go on
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is no such day in the calendar.")
    return found


def _number(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1  # noqa: PLR2004 - no list is longer


ROUTES: Sequence[Route] = (
    Route("/", home, methods=["GET"]),
    Route("/month/{month}", month, methods=["GET"]),
    Route("/week/{day}", week, methods=["GET"]),
    Route("/list/{day}", listed, methods=["GET"]),
    Route("/year/{year}", year, methods=["GET"]),
    Route("/jump", jump, methods=["GET"]),
    Route("/gap/{key}", gap, methods=["GET"]),
)
