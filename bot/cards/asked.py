"""What a person asks for: the card of an event, without a schedule that has a slot for it."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bot.cards.dates import day_text, local_day
from bot.days import LeapDay, anniversary
from bot.model import Event, Slot
from bot.sky.ephemeris import Happening, happenings
from bot.sky.viewing import Site, viewing
from bot.zones import DAY, HOUR, date_of, day_of, zone

_NOON = 12 * HOUR
_AHEAD = 3 * 366 * DAY  #: within it Mars comes to opposition, and has all its seasons
_YEARS = 12  #: within so many there is a 29 February
_HOURS_OFF = 3 * HOUR  #: between a clock and the Sun: hardly any land keeps its clock further off
_NIGHT = 2 * DAY  #: a happening is never further from the evening on which it is seen


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
    """The slot that would speak of it, at noon of its day or when it happens in the sky.

    ValueError where there is none: on the day that is asked for it is not, and it says when it is; or day and years are
    not of each other.
    """
    event = asked.event
    if asked.years is not None:
        _refuse_years(asked)
    if event.sky:
        return _slot_of_sky(asked)
    if asked.kind != "countdown":
        return _at_noon(event, _day(asked))
    left = day_of(_next_day(event, asked.today)) - day_of(asked.today)
    return replace(_at_noon(event, asked.today), facts=(("countdown", left * DAY),))


def is_ahead(event: Event, today: date) -> bool:
    """Tell whether it is still to come, today among it: its only day, or what the sky brings again and again."""
    return bool(event.sky) or (event.day is not None and event.day >= today)


def told_by(event: Event, zone_name: str) -> Event:
    """The event as a clock elsewhere tells it: with the date that its instant has there. ValueError where there is no such zone."""
    clock = zone(zone_name)
    day = event.day if event.instant is None else local_day(event.instant, clock.name)
    return replace(event, zone=clock.name, day=day)


def with_its_hours(site: Site, day: date) -> Site:
    """The site by its clock, or by UTC where that clock is of elsewhere: on that day it is hours off the Sun there."""
    off = zone(site.zone).offset(day_of(day) * DAY + _NOON) - site.longitude_east / 360 * DAY
    apart = abs((off + DAY / 2) % DAY - DAY / 2)
    return replace(site, zone="UTC") if apart > _HOURS_OFF else site


def _refuse_years(asked: Asked) -> None:
    if asked.event.day is None:
        raise ValueError(
            f'"{asked.event.id}" has no first day from which {asked.years} years could be counted; write --on'
        )
    if asked.kind == "countdown":
        raise ValueError("a countdown has no count of years; leave --years out, or take --kind anniversary")


def _slot_of_sky(asked: Asked) -> Slot:
    event, clock = asked.event, zone(asked.event.zone)
    happening = _on_its_day(asked, asked.on) if asked.on and asked.kind != "countdown" else _next(asked)
    happens = ("happens", happening.at)
    if asked.kind != "countdown":
        return Slot(happening.at, "", clock.wall(happening.at), event.zone, event=event.id, facts=(happens,))
    left = clock.wall(happening.at) // DAY - day_of(asked.today)
    facts = (happens, ("countdown", left * DAY))
    return replace(_at_noon(event, asked.today), facts=facts)


def _next(asked: Asked) -> Happening:
    """The next one; for a chart the next that can be seen from its place."""
    start = zone(asked.event.zone).midnight(day_of(asked.today)) if asked.on else asked.now
    for happening in happenings(asked.event.sky, start, start + _AHEAD):
        if _shown_on(asked, happening):
            return happening
    raise ValueError(f'"{asked.event.id}" cannot be seen from there within three years')


def _on_its_day(asked: Asked, on: date) -> Happening:
    """The one that is, or is seen, on a day; ValueError says on which it is before and after it."""
    noon = day_of(on) * DAY + _NOON
    near = happenings(asked.event.sky, noon - _NIGHT, noon + _NIGHT)
    if found := next((each for each in near if on in _days_in_the_sky(asked, each)), None):
        return found
    earlier = reversed(happenings(asked.event.sky, noon - _AHEAD, noon))
    later = happenings(asked.event.sky, noon, noon + _AHEAD)
    days = [
        next((day for each in side if (day := _shown_on(asked, each))), None) for side in (earlier, later)
    ]
    raise _not_then(asked, on, [day for day in days if day])


def _days_in_the_sky(asked: Asked, happening: Happening) -> set[date]:
    """The dates of what happens by the event's clock, and of when it is seen by that of the place; none if it is not."""
    seen = _shown_on(asked, happening)
    return {local_day(happening.at, asked.event.zone), seen} if seen else set()


def _shown_on(asked: Asked, happening: Happening) -> date | None:
    """The date that a card of it tells: on a chart that of the view, None where there is none."""
    if asked.kind != "sky" or asked.site is None:
        return local_day(happening.at, asked.event.zone)
    view = viewing(happening, asked.site, "best")
    return None if view is None else local_day(view.at, asked.site.zone)


def _at_noon(event: Event, day: date) -> Slot:
    wall = day_of(day) * DAY + _NOON
    years = day.year - event.day.year if event.day else None
    return Slot(zone(event.zone).instant(wall), "", wall, event.zone, event=event.id, years=years)


def _day(asked: Asked) -> date:
    """The day that is asked for: named, counted in years, or the next on which the event comes round."""
    event, on = asked.event, asked.on
    if on is None and asked.years is None:
        return _next_day(event, asked.today)
    days = _days(event, on.year if on and asked.years is None else _year(event, asked.years or 0))
    if on is None:
        return days[0]
    if on in days:
        return on
    if asked.years is not None:
        raise ValueError(
            f'"{event.id}" is {_count(asked.years)} ago on {day_text(days[0])}, not on {day_text(on)}; '
            "leave --years or --on out"
        )
    before = next(
        (day for year in range(on.year, on.year - _YEARS, -1) for day in _days(event, year) if day < on), None
    )
    raise _not_then(asked, on, [day for day in (before, _next_day(event, on)) if day])


def _days(event: Event, year: int) -> list[date]:
    """The days of a year on which an event may be kept, its usual one first: more than one only of 29 February."""
    if event.day is None:
        found = [event.observed(year, each) for each in LeapDay]
    else:
        found = [anniversary(event.day, year, each) for each in LeapDay if year >= event.day.year]
    return list(dict.fromkeys(day for day in found if day))


def _next_day(event: Event, today: date) -> date:
    """The next day on which an event is, or comes round, today among them."""
    if event.day and event.day >= today:
        return event.day
    for year in range(today.year, today.year + _YEARS):
        if day := next((day for day in _days(event, year)[:1] if day >= today), None):
            return day
    raise ValueError(f'"{event.id}" does not come round within {_YEARS} years of {today}')


def _year(event: Event, years: int) -> int:
    return years + (event.day.year if event.day else 0)


def _count(years: int) -> str:
    return "1 year" if years == 1 else f"{years} years"


def _not_then(asked: Asked, on: date, days: list[date]) -> ValueError:
    """What is said where a day was named that is none of its days, with those that are nearest."""
    is_seen = asked.kind == "sky" and asked.site is not None
    cannot = "cannot be seen from there" if is_seen else "is not"
    when = " and on ".join(map(day_text, days))
    return ValueError(f'"{asked.event.id}" {cannot} on {day_text(on)}' + (f", but on {when}" if when else ""))
