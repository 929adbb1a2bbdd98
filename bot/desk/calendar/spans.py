"""Plans and stretches of days, cut to measure."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from msgspec.structs import replace

from bot.model import Event, Plan, Window
from bot.preview.coverage import quiet_days
from bot.preview.entries import months_between
from bot.preview.findings import Year
from bot.preview.view import Entry, local_date
from bot.zones import DAY, date_of, day_of


def months(year: Year) -> Iterator[Year]:
    """A stretch of days, cut where months begin."""
    firsts = [*months_between(year.first, year.last)][1:]
    for first, end in zip([year.first, *firsts], [*firsts, year.end], strict=True):
        yield Year(first, end)


def utc_days(window: Window) -> Iterator[Window]:
    """A window, cut at every midnight of UTC."""
    cuts = [window.start, *range((window.start // DAY + 1) * DAY, window.end, DAY), window.end]
    return (Window(start, end) for start, end in pairwise(cuts))


def within(made: Plan, window: Window) -> Plan:
    """What of a plan lies in a window."""
    return Plan(
        tuple(each for each in made.posts if each.slot.at in window),
        tuple(each for each in made.gaps if each.slot.at in window),
    )


def on_day(made: Plan, day: date) -> Plan:
    """What of a plan is said on a day, by its slots' own calendars."""
    return Plan(
        tuple(each for each in made.posts if local_date(each.slot) == day),
        tuple(each for each in made.gaps if local_date(each.slot) == day),
    )


def in_order(made: Plan) -> Plan:
    """The same plan by time."""
    posts = sorted(made.posts, key=lambda each: each.slot.order())
    return Plan(tuple(posts), tuple(sorted(made.gaps, key=lambda each: each.slot.order())))


def entries(made: Plan) -> list[Entry]:
    """Posts and gaps together, by time."""
    mixed: list[Entry] = [*made.posts, *made.gaps]
    return sorted(mixed, key=lambda each: each.slot.order())


def hush_days(events: Iterable[Event], span: Year) -> dict[date, str]:
    """The days of a stretch that lie in the hush around an event, by its own calendar, each with the event's id.

    The event's own days are not among them.
    """
    found: dict[date, str] = {}
    for event in events:
        if not event.hush:
            continue
        own = replace(event, quiet=True)
        around = -(-event.hush // DAY)
        wide = Year(date_of(day_of(span.first) - around), date_of(day_of(span.end) + around))
        for day in quiet_days([own], wide):
            near = range(day_of(day) - around, day_of(day) + around + 1)
            for each in map(date_of, (number for number in near if number != day_of(day))):
                if each in span:
                    found.setdefault(each, event.id)
    return found
