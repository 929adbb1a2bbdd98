"""How far the words reach over a year, as commands show it."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from bot.cli.here import Here
from bot.outlook import outlook
from bot.preview.coverage import coverage
from bot.preview.findings import Coverage, Year

if TYPE_CHECKING:
    from bot.delivery.queue import Queue


def covered(place: Here, queue: "Queue | None", year: Year) -> Coverage:
    """The corpus held against what was, is queued or will be planned in a year, and against history."""
    plan = outlook(place.project, queue, year.around, place.now)
    uses = queue.history(place.now).uses if queue else ()
    schedules, corpus = place.project.schedules, place.project.corpus
    return coverage(schedules, corpus, plan=plan, uses=uses, year=year, now=place.now)


def year_from(first: date) -> Year:
    """The 365 days from a date on."""
    return Year(first, first + timedelta(days=365))


def calendar_year(number: int) -> Year:
    """The year of that number."""
    return Year(date(number, 1, 1), date(number + 1, 1, 1))


def fields(found: Coverage) -> dict[str, Any]:
    """All that was found, as data for programs."""
    data: dict[str, Any] = msgspec.to_builtins(found)
    data["year"] = {"first": found.year.first.isoformat(), "end": found.year.end.isoformat()}
    return data
