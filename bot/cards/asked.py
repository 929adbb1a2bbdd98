"""What a person asks for: the card of an event, without a schedule that has a slot for it."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bot.days import anniversary
from bot.model import Event, Slot
from bot.sky.ephemeris import Happening, happenings
from bot.sky.viewing import Site, viewing
from bot.zones import DAY, HOUR, date_of, day_of, zone

_NOON = 12 * HOUR
_AHEAD = 3 * 366 * DAY  #: within it Mars comes to opposition, and has all its seasons
_YEARS = 12  #: within so many there is a 29 February


class Asked(Struct, frozen=True):
    """A card of a kind, of an event: of a day, or of its Nth anniversary, or of its next; seen from a site."""

    event: Event
    kind: str
    now: int
    on: date | None = None
    years: int | None = None
    site: Site | None = None

    @property
    def today(self) -> date:
        """The day that was named, or else today by the event's clock."""
        return self.on or date_of(zone(self.event.zone).wall(self.now) // DAY)


def slot_for(asked: Asked) -> Slot:
    """The slot that would speak of it, at noon of its day or when it happens in the sky; ValueError where there is none."""
    if asked.event.sky:
        return _slot_of_sky(asked)
    if asked.kind != "countdown":
        return _at_noon(asked.event, _day(asked))
    left = day_of(_next_day(asked.event, asked.today)) - day_of(asked.today)
    return replace(_at_noon(asked.event, asked.today), facts=(("countdown", left * DAY),))


def is_ahead(event: Event, now: int) -> bool:
    """Tell whether it is still to come: its only day, or what the sky brings again and again."""
    return bool(event.sky) or (event.day is not None and day_of(event.day) * DAY > zone(event.zone).wall(now))


def _slot_of_sky(asked: Asked) -> Slot:
    event, clock = asked.event, zone(asked.event.zone)
    happening = _happening(asked)
    happens = ("happens", happening.at)
    if asked.kind != "countdown":
        return Slot(happening.at, "", clock.wall(happening.at), event.zone, event=event.id, facts=(happens,))
    left = clock.wall(happening.at) // DAY - day_of(asked.today)
    facts = (happens, ("countdown", left * DAY))
    return replace(_at_noon(event, asked.today), facts=facts)


def _happening(asked: Asked) -> Happening:
    """The next one; for a chart the next that can be seen from its place."""
    start = zone(asked.event.zone).midnight(day_of(asked.today)) if asked.on else asked.now
    found: Iterator[Happening] = iter(happenings(asked.event.sky, start, start + _AHEAD))
    if asked.kind == "sky" and asked.site is not None:
        site = asked.site
        found = (each for each in found if viewing(each, site, "best"))
    if (happening := next(found, None)) is None:
        raise ValueError(f'"{asked.event.id}" cannot be seen from there within three years')
    return happening


def _at_noon(event: Event, day: date) -> Slot:
    wall = day_of(day) * DAY + _NOON
    years = day.year - event.day.year if event.day else None
    return Slot(zone(event.zone).instant(wall), "", wall, event.zone, event=event.id, years=years)


def _day(asked: Asked) -> date:
    """The day that is asked for: named, counted in years, or the next on which the event comes round."""
    event = asked.event
    if asked.years is None:
        return asked.on or _next_day(event, asked.today)
    if event.day is None:
        raise ValueError(
            f'"{event.id}" has no first day from which {asked.years} years could be counted; write --on'
        )
    return anniversary(event.day, event.day.year + asked.years) or event.day


def _next_day(event: Event, today: date) -> date:
    """The next day on which an event is, or comes round, today among them."""
    if event.day and event.day >= today:
        return event.day
    for year in range(today.year, today.year + _YEARS):
        day = anniversary(event.day, year) if event.day else event.observed(year)
        if day and day >= today:
            return day
    raise ValueError(f'"{event.id}" does not come round within {_YEARS} years of {today}')
