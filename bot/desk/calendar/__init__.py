"""The calendar: what was, is queued, or will be planned, by the days that slots' own zones show.

It is the plan that `redletter preview` shows for the same window, with the same digest. What it takes long to work
out is kept in memory for as long as files and queue stay the same, by their signs of change; never much of it.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from bot.delivery.versions import Sign
from bot.desk.calendar.ahead import Ahead
from bot.desk.calendar.asked import Asked, foreseen, marked
from bot.desk.calendar.paging import pages, size
from bot.desk.calendar.saying import Saying
from bot.desk.calendar.shelf import Shelf
from bot.desk.calendar.spans import entries, hush_days, in_order, months, on_day, utc_days, within
from bot.errors import BadCall
from bot.model import MEMORY, Plan, PlannedPost, Project, Schedules, Window
from bot.outlook import outlook, viewed
from bot.planning.render import rendered
from bot.preview.coverage import LOUDEST, quiet_days
from bot.preview.entries import Article, Mark, article, mark
from bot.preview.findings import Day, Year
from bot.preview.view import Entry, View, local_date
from bot.zones import DAY, HOUR, date_of, day_of, moment

if TYPE_CHECKING:
    from bot.delivery.queue import Queue

#: The years that can be looked at: so far ahead, and never before these.
AHEAD, FIRST = 30, 1900

#: The farthest that a zone lies behind UTC, and before it.
_BEHIND, _BEFORE = 12 * HOUR, 14 * HOUR


class Only(Struct, frozen=True):
    """What of a calendar is looked at; None narrows nothing."""

    account: str | None = None
    schedule: str | None = None
    tone: str | None = None  #: or `gap`

    def takes(self, each: Mark, names: Mapping[str, tuple[str, ...]]) -> bool:
        """Tell whether a mark is looked at; `names` are the accounts of every schedule, to which its gaps belong."""
        accounts = names.get(each.schedule, ()) if each.is_gap else each.accounts
        return (
            (self.account is None or self.account in accounts)
            and self.schedule in {None, each.schedule}
            and self.tone in {None, each.tone}
        )


#: Nothing is left out.
ALL = Only()


class Date(Struct, frozen=True):
    """A day of the calendar."""

    date: date
    marks: tuple[Mark, ...]
    quiet: str = ""  #: what makes it a quiet day, on which only remembrance speaks
    hush: str = ""  #: around what nothing celebrates, for hours of it at least

    @property
    def posts(self) -> int:
        """How many are planned."""
        return sum(not each.is_gap for each in self.marks)

    @property
    def gaps(self) -> int:
        """How many slots nothing may fill."""
        return len(self.marks) - self.posts


class Sheet(Struct, frozen=True):
    """A stretch of days, and the digest of the plan of the same days of UTC."""

    span: Year
    days: tuple[Date, ...]
    digest: str

    @property
    def window(self) -> Window:
        """The window that the digest is of: these days in UTC, as `redletter preview --from --to` takes them."""
        return Window(day_of(self.span.first) * DAY, day_of(self.span.end) * DAY)

    def narrowed(self, only: Only, names: Mapping[str, tuple[str, ...]]) -> "Sheet":
        """The same with nothing but what is looked at; `names` are the accounts of every schedule."""
        if only == ALL:
            return self
        return replace(self, days=tuple(_narrowed(day, only, names) for day in self.days))

    @property
    def posts(self) -> int:
        """How many are planned."""
        return sum(day.posts for day in self.days)

    @property
    def gaps(self) -> int:
        """How many slots nothing may fill."""
        return sum(day.gaps for day in self.days)


class Page(Struct, frozen=True):
    """A page of a day's list."""

    articles: tuple[Article, ...]
    number: int
    pages: int
    entries: int  #: on all pages
    size: int  #: about how many characters of HTML it makes


class _Leaf(Struct, frozen=True):
    """What the queue has on a day of UTC, while its sign stays the same."""

    sign: object
    marks: tuple[Mark, ...]


class Calendar:
    """Looks at plans, and remembers what it saw. Methods may be called by several threads at once."""

    def __init__(self) -> None:
        self._sheets: Shelf[Sheet] = Shelf(25_000, lambda sheet: 100 + sheet.posts + sheet.gaps)
        self._leaves: Shelf[_Leaf] = Shelf(15_000, lambda leaf: 10 + len(leaf.marks))
        self._digests: Shelf[str] = Shelf(200)
        self._views: Shelf[View] = Shelf(1_500, lambda view: 10 + len(view.plan.posts) + len(view.plan.gaps))
        self._maps: Shelf[tuple[Day, ...]] = Shelf(12)
        self._ahead: tuple[object, Ahead] | None = None
        # One thread works at a time: two would need twice the memory, and be no quicker.
        self._work = threading.RLock()

    def sheet(self, project: Project, queue: "Queue", span: Year, *, now: int) -> Sheet:
        """A stretch of days with all that is planned on them, in short."""
        refuse_far(span, now)
        asked = Asked(project, queue, now, queue.stamp(now))
        name = (asked.name, span)
        if found := self._sheets.get(name):
            return found
        with self._work:
            return self._sheets.get(name) or self._sheets.put(name, self._sheet(asked, span))

    def heat(
        self, project: Project, queue: "Queue", year: Year, *, now: int, only: Only = ALL
    ) -> tuple[Day, ...]:
        """Every day of a year, with how much is said on it and the loudest tone."""
        refuse_far(year, now)
        asked = Asked(project, queue, now, queue.stamp(now))
        name = (asked.name, year, only)
        if found := self._maps.get(name):
            return found
        with self._work:
            return self._maps.put(name, tuple(self._heat(asked, year, only)))

    def page(
        self, project: Project, queue: "Queue", day: date, *, now: int, number: int = 1, only: Only = ALL
    ) -> Page:
        """A page of what is said on a day, in full; the last one where there are fewer."""
        view = self.view(project, queue, day, now=now, account=only.account)
        names = accounts_of(project.schedules)
        chosen = [each for each in entries(view.plan) if only.takes(mark(each, view), names)]
        found = [*pages(chosen)] or [()]
        number = max(1, min(number, len(found)))
        shown = tuple(article(each, view) for each in found[number - 1])
        return Page(shown, number, len(found), len(chosen), sum(map(size, found[number - 1])))

    def view(
        self, project: Project, queue: "Queue", day: date, *, now: int, account: str | None = None
    ) -> View:
        """All that is said on a day, by its slots' own calendars, as each account will show it."""
        refuse_far(Year(day, date_of(day_of(day) + 1)), now)
        asked = Asked(project, queue, now, queue.stamp(now))
        name = (asked.name, day, account)
        if found := self._views.get(name):
            return found
        with self._work:
            return self._views.put(name, self._view(asked, day, account))

    def entry(
        self, project: Project, queue: "Queue", key: str, *, now: int, on: date | None = None
    ) -> tuple[Entry, View]:
        """What is in a slot, with the view of its day; BadCall where there is no such slot.

        A slot that is not queued yet is looked for on the day that it is said to be `on`, else in the coming weeks.
        """
        for day in self._days_of(project, queue, key, now=now, on=on):
            view = self.view(project, queue, day, now=now)
            for each in entries(view.plan):
                if each.slot.key == key:
                    return each, view
        raise BadCall(
            f"{key}: nothing is planned in a slot of that name; files or queue may have changed since it was shown"
        )

    def coming(self, project: Project, queue: "Queue", window: Window, *, now: int, most: int) -> View:
        """What is planned in a window, as each account will show it: whole days, until there are `most` posts."""
        asked = Asked(project, queue, now, queue.stamp(now))
        posts: list[PlannedPost] = []
        window = Window(window.start // DAY * DAY, -(-window.end // DAY) * DAY)
        with self._work:
            for each in self._days(asked, window):
                if posts and len(posts) + len(each.posts) > most:
                    break
                posts += rendered(each, project.schedules).posts
        plan = Plan(tuple(posts))
        return foreseen(asked, viewed(project, plan, window))

    def _days_of(
        self, project: Project, queue: "Queue", key: str, *, now: int, on: date | None
    ) -> Iterator[date]:
        """The days on which a slot may be."""
        if on is not None:
            yield on
        if slot := queue.slot(key):
            yield local_date(slot)
        today = moment(now).date()
        for month in months(Year(today, date_of(day_of(today) + 60))):
            sheet = self.sheet(project, queue, month, now=now)
            yield from (day.date for day in sheet.days for each in day.marks if each.key == key)

    def _sheet(self, asked: Asked, span: Year) -> Sheet:
        name, marks = self._told(asked, span)
        by_date = _by_date(marks, span)
        events = asked.project.schedules.events
        quiet, hushes = quiet_days(events.values(), span), hush_days(events.values(), span)
        title = asked.words.title
        days = (
            Date(
                day,
                tuple(sorted(by_date.get(day, ()), key=lambda each: each.at)),
                title(quiet[day]) if day in quiet else "",
                title(hushes[day]) if day in hushes else "",
            )
            for day in span
        )
        return Sheet(span, tuple(days), name)

    def _heat(self, asked: Asked, year: Year, only: Only) -> Iterator[Day]:
        quiet = quiet_days(asked.project.schedules.events.values(), year)
        names = accounts_of(asked.project.schedules)
        for month in months(year):
            by_date = _by_date(self._marks(asked, month.around), month)
            for day in month:
                marks = [each for each in by_date.get(day, ()) if only.takes(each, names)]
                tones = {each.tone for each in marks if not each.is_gap}
                loudest = next((tone for tone in LOUDEST if tone in tones), None)
                posts = sum(not each.is_gap for each in marks)
                yield Day(day, posts, len(marks) - posts, loudest, quiet.get(day))

    def _told(self, asked: Asked, span: Year) -> tuple[str, Iterable[Mark]]:
        """The digest of a stretch of days, and what they hold, in short."""
        window = Window(day_of(span.first) * DAY, day_of(span.end) * DAY)
        if asked.until is not None:
            return self._digest(asked, asked.until, window), self._marks(asked, span.around)
        made = outlook(asked.project, asked.queue, span.around, asked.now)
        marks = marked(asked, made, asked.queue.ways(span.around), asked.words)
        return within(made, window).digest, marks

    def _marks(self, asked: Asked, window: Window) -> Iterator[Mark]:
        """What a window of whole days holds, in short."""
        if asked.until is None:
            made = outlook(asked.project, asked.queue, window, asked.now)
            yield from marked(asked, made, asked.queue.ways(window), asked.words)
            return
        for day, sign in sorted(asked.queue.signs(window).items()):
            yield from self._leaf(asked, day, sign).marks
        yield from marked(asked, self._planned_ahead(asked, window), (), asked.words)

    def _leaf(self, asked: Asked, day: int, sign: Sign) -> _Leaf:
        """What the queue has on a day of UTC."""
        found = self._leaves.get(day)
        if found and found.sign == _leaf_sign(asked, sign):
            return found
        window = Window(day * DAY, (day + 1) * DAY)
        return self._kept(asked, day, sign, asked.queue.planned(window))

    def _kept(self, asked: Asked, day: int, sign: Sign, made: Plan) -> _Leaf:
        window = Window(day * DAY, (day + 1) * DAY)
        marks = tuple(marked(asked, made, asked.queue.ways(window), asked.words))
        return self._leaves.put(day, _Leaf(_leaf_sign(asked, sign), marks))

    def _planned_ahead(self, asked: Asked, window: Window) -> Plan:
        """What lies beyond the cursor, without its renditions."""
        if asked.until is None or window.end <= asked.until:
            return Plan()
        return self._beyond(asked, asked.until).plan(window)

    def _beyond(self, asked: Asked, until: int) -> Ahead:
        # What was sent, and what is held, leaves all plans as they are.
        name = (asked.project.digest, replace(asked.stamp, moves=0, holds=()))
        if self._ahead and self._ahead[0] == name:
            return self._ahead[1]
        history = asked.queue.history(until - MEMORY)
        ahead = self._ahead[1] if self._ahead else None
        if ahead is None or ahead.made_of != (asked.project.digest, history, until):
            ahead = Ahead(asked.project, history, until)
        self._ahead = (name, ahead)
        return ahead

    def _digest(self, asked: Asked, until: int, window: Window) -> str:
        """The digest of a window's plan."""
        signs = asked.queue.signs(window)
        said = tuple((day, sign.said) for day, sign in sorted(signs.items()))
        beyond = self._beyond(asked, until).name if window.end > until else None
        name = (asked.project.digest, window, said, beyond)
        return self._digests.get(name) or self._digests.put(name, self._worked_out(asked, window))

    def _worked_out(self, asked: Asked, window: Window) -> str:
        """The same, a day after the other: the plan of a month can be large."""
        saying = Saying()
        for made in self._days(asked, window):
            saying.take(rendered(made, asked.project.schedules))
        return saying.digest

    def _days(self, asked: Asked, window: Window) -> Iterator[Plan]:
        """The plans of a window's days of UTC, one after the other; of what is not queued without its renditions."""
        if asked.until is None:
            whole = outlook(asked.project, asked.queue, window, asked.now)
            yield from (within(whole, day) for day in utc_days(window))
            return
        ahead = self._planned_ahead(asked, window)
        signs = asked.queue.signs(window)
        for day in utc_days(window):
            number = day.start // DAY
            queued = asked.queue.planned(day) if number in signs else Plan()
            if number in signs:
                self._kept(asked, number, signs[number], queued)
            yield in_order(queued + within(ahead, day))

    def _view(self, asked: Asked, day: date, account: str | None) -> View:
        start = day_of(day) * DAY
        window = Window(start - _BEFORE, start + DAY + _BEHIND)
        if asked.until is None:
            made = outlook(asked.project, asked.queue, window, asked.now)
        else:
            ahead = on_day(self._planned_ahead(asked, window), day)
            made = in_order(asked.queue.planned(window) + rendered(ahead, asked.project.schedules))
        return foreseen(asked, viewed(asked.project, on_day(made, day), window, account))


def refuse_far(span: Year, now: int) -> None:
    """BadCall where days lie too far away to be planned."""
    last = moment(now).year + AHEAD
    if span.first.year < FIRST or span.last.year > last:
        raise BadCall(f"that lies too far away: the calendar reaches from {FIRST} to {last}")


def _leaf_sign(asked: Asked, sign: Sign) -> object:
    """Where this is the same, so are a day's marks."""
    return sign.stands, asked.stamp.holds, asked.project.digest


def _narrowed(day: Date, only: Only, names: Mapping[str, tuple[str, ...]]) -> Date:
    return replace(day, marks=tuple(each for each in day.marks if only.takes(each, names)))


def _by_date(marks: Iterable[Mark], span: Year) -> Mapping[date, list[Mark]]:
    found: dict[date, list[Mark]] = defaultdict(list)
    for each in marks:
        if each.date in span:
            found[each.date].append(each)
    return found


def accounts_of(schedules: Schedules) -> Mapping[str, tuple[str, ...]]:
    """The accounts of every schedule."""
    return {entry.name: entry.names for entry in schedules.entries}
