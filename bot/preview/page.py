"""The plan as one HTML page: month grids, then every entry in full. It needs no script and nothing from outside."""

from collections.abc import Iterator, Mapping
from datetime import date

from bot.model import Tone
from bot.preview.cost import bills
from bot.preview.entries import WEEKDAYS, Article, Cell, Month, by_day, month_of, months_between, span_text
from bot.preview.look import environment
from bot.preview.section import section
from bot.preview.view import GAP_SIGN, SIGNS, View
from bot.zones import moment


def show(view: View) -> str:
    """The plan as a whole HTML document; whatever a text holds is shown as text."""
    days = by_day(view)
    first, last = _ends(view)
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            view=view,
            days=days,
            months=tuple(_months(view, {day.date: day.articles for day in days})),
            heading=span_text(first, last),
            tones=[(SIGNS[tone], tone.value) for tone in Tone],
            gap_sign=GAP_SIGN,
            weekdays=WEEKDAYS,
            bills=bills(view),
            accounts=sorted({name for planned in view.plan.posts for name in planned.accounts}),
            coverage=view.coverage and section(view.coverage),
            year=view.coverage and span_text(view.coverage.year.first, view.coverage.year.last),
        )
    )


def _months(view: View, articles: Mapping[date, tuple[Article, ...]]) -> Iterator[Month]:
    first, last = _ends(view)

    def cell(day: date) -> Cell:
        marks = tuple(each.mark for each in articles.get(day, ()))
        is_quiet = any(each.reason.startswith("quiet day") for each in marks)
        return Cell(day, first <= day <= last, is_quiet, marks)

    for month in months_between(min(first, *articles, first), max(last, *articles, last)):
        yield month_of(month, cell)


def _ends(view: View) -> tuple[date, date]:
    """The first and the last date, in UTC, of which anything lies in the window."""
    start, end = view.window.start, view.window.end
    return moment(start).date(), moment(max(start, end - 1)).date()
