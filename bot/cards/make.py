"""Cards made for slots: what is planned, turned into the facts that a picture shows. Where it cannot be: ValueError."""

import re
from collections.abc import Callable, Iterable
from math import atan2, cos, degrees, radians, sin
from operator import itemgetter

from msgspec import Struct

from bot.cards.dates import day_text, local_day, time_text
from bot.cards.letters import lacking
from bot.cards.values import AnniversaryCard, Card, CountdownCard, Light, MarsYearDial, SkyChart
from bot.cards.view import is_subject, turned
from bot.model import Event, Mission, Slot, Tone
from bot.options import did_you_mean
from bot.sky.ephemeris import SEASONS, Happening, happenings
from bot.sky.mars_time import Clock, mars_year, solar_longitude
from bot.sky.viewing import Site, Standing, moon_phase, positions, viewing
from bot.zones import DAY, HOUR, MINUTE, zone

_BACK, _AHEAD = 3 * DAY, 40 * DAY  #: around a slot, in which what it speaks of happens, if it does not say
_UNITS = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"))
_WIND = 45  #: charts look to one of eight winds
_PLACE = 'a place on Earth from which one looks up, such as --place "40.7,-74.0,New York"'


class _Asked(Struct, frozen=True):
    """For what a card is made."""

    slot: Slot
    event: Event
    mission: Mission | None
    site: Site | None


def card_of(
    kind: str, slot: Slot, event: Event, *, mission: Mission | None = None, site: Site | None = None
) -> Card:
    """The card of one of the KINDS for a slot that speaks of an event.

    The mission is the one that the event is of, if it is of one; its sol is told on the dial, its landing site on the
    card of its landing. A chart is that of the site. ValueError, with a sentence, where there is no such card.
    """
    if kind not in _MAKERS:
        hint = did_you_mean(kind, KINDS) or f"; there are {', '.join(KINDS)}"
        raise ValueError(f'no card called "{kind}"{hint}')
    if strange := lacking(event.title):
        raise ValueError(
            f'the title of "{event.id}" has {_quoted(strange)}, which cannot be drawn; spell it without'
        )
    return _MAKERS[kind](_Asked(slot, event, mission, site))


def suits(event: Event, *, is_ahead: bool, has_place: bool) -> str:
    """The kind of card that suits an event: one of the sky its chart or dial, what is ahead a countdown."""
    if event.sky in SEASONS:
        return "mars-year"
    if event.sky and has_place:
        return "sky"
    return "countdown" if is_ahead and event.tone is not Tone.REMEMBRANCE else "anniversary"


def mission_of(event: Event, missions: Iterable[Mission]) -> Mission | None:
    """The mission that an event's title names, if it names one; the longest name counts."""
    named = [
        (len(word), mission)
        for mission in missions
        for word in mission.words
        if re.search(rf"\b{re.escape(word)}\b", event.title)
    ]
    return max(named, key=itemgetter(0))[1] if named else None


def _anniversary(asked: _Asked) -> AnniversaryCard:
    slot, event, mission = asked.slot, asked.event, asked.mission
    if event.sky:
        raise ValueError(
            f'"{event.id}" comes by the sky, not by the year: it has no anniversary; take "sky", "mars-year" or "countdown"'
        )
    on_mars = slot.fact("mars_years")
    years = on_mars if isinstance(on_mars, int) else slot.years
    if years is None and event.day is not None:
        years = slot.day.year - event.day.year
    if years is not None and years < 1:
        other = "" if event.tone is Tone.REMEMBRANCE else '; take "countdown", which says Today on its day'
        raise ValueError(
            f'"{event.id}" has no anniversary on {day_text(slot.day)}: the first is a year after it{other}'
        )
    return AnniversaryCard(
        tone=event.tone,
        title=event.title,
        date_text=day_text(event.day or slot.day),
        years=years,
        unit="Mars year" if isinstance(on_mars, int) else "year",
        place=_landing_site(event, mission),
        mission=_printable(mission.name) if mission else "",
    )


def _countdown(asked: _Asked) -> CountdownCard:
    slot, event = asked.slot, asked.event
    left = slot.fact("countdown")
    if event.tone is Tone.REMEMBRANCE:
        raise ValueError(f'"{event.id}" is a remembrance: nobody counts down to it')
    if event.day is not None and event.day < slot.day:
        raise ValueError(
            f'"{event.id}" was on {day_text(event.day)}: nobody counts down to it; take "anniversary"'
        )
    if not isinstance(left, int) or left < 0:
        raise ValueError(
            f'nothing is counted down to "{event.id}" on {slot.day}; take "anniversary", or a slot of a countdown'
        )
    count, unit = _counted(left)
    return CountdownCard(
        tone=event.tone,
        title=event.title,
        left_text=f"{count:,}" if count else "Today",
        unit=unit if count else "",
        left=count,
        when_text=_when(slot, event, left),
    )


def _sky(asked: _Asked) -> SkyChart:
    slot, event, site = asked.slot, asked.event, asked.site
    if not event.sky or event.sky in SEASONS:
        raise ValueError(
            f'"{event.id}" is nothing that is seen in the sky: it has no chart; take "{suits(event, is_ahead=False, has_place=True)}"'
        )
    if site is None:
        raise ValueError(f"a chart of the sky needs {_PLACE}")
    at = _seen_at(slot, event, site)
    standing = {each.name: each for each in positions(at, site)}
    lights = tuple(
        _light(each, standing, at) for each in standing.values() if each.kind != "sun" and each.altitude > 0
    )
    return SkyChart(
        tone=event.tone,
        caption=event.title,
        site_name=_printable(site.name) or _coordinates(site.latitude, site.longitude_east),
        when_text=f"{day_text(local_day(at, site.zone))} at {time_text(at, site.zone)}",
        direction=_direction(lights),
        bodies=lights,
    )


def _mars_year(asked: _Asked) -> MarsYearDial:
    slot, event, mission = asked.slot, asked.event, asked.mission
    at = _happening(slot, event).at if event.sky in SEASONS else slot.at
    # A second more: the beginning of a season is rounded, and 360 is not 0.
    ls = solar_longitude(at + 1)
    return MarsYearDial(
        tone=event.tone,
        caption=event.title,
        date_text=day_text(local_day(at, slot.zone)),
        mars_year=mars_year(at + 1),
        ls=round(ls, 1) % 360,
        season=SEASONS[int(ls // 90)].replace("-", " "),
        sol=_sol(slot, mission),
    )


_MAKERS: dict[str, Callable[[_Asked], Card]] = {
    "anniversary": _anniversary,
    "countdown": _countdown,
    "sky": _sky,
    "mars-year": _mars_year,
}
#: Every kind of card.
KINDS = tuple(_MAKERS)


def _counted(left: int) -> tuple[int, str]:
    """Seconds in the largest unit of which they are a whole number, in whole minutes at least, and its name."""
    size, unit = next(
        ((size, unit) for size, unit in _UNITS if left >= size and left % size == 0), _UNITS[-1]
    )
    count = left // size
    return count, unit if count == 1 else f"{unit}s"


def _when(slot: Slot, event: Event, left: int) -> str:
    """The moment that is counted down to, or its day where no hour is known."""
    at = _happening(slot, event).at if event.sky else event.instant
    if at is not None:
        return f"{day_text(local_day(at, event.zone))}, {time_text(at, event.zone)}"
    return day_text(local_day(zone(slot.zone).instant(slot.wall + left), slot.zone))


def _happening(slot: Slot, event: Event) -> Happening:
    """What happens in the sky that a slot speaks of: at the instant it names, else the nearest to where it counts down."""
    told, left = slot.fact("happens"), slot.fact("countdown")
    near = told if isinstance(told, int) else slot.at + (left if isinstance(left, int) else 0)
    found = happenings(event.sky, near - _BACK, near + _AHEAD)
    if not found:
        raise ValueError(f'"{event.id}" does not happen about {slot.day}: nothing of it can be drawn')
    return min(found, key=lambda each: abs(each.at - near))


def _seen_at(slot: Slot, event: Event, site: Site) -> int:
    """When one looks up: when the slot says so, else at the best time at the site."""
    seen = slot.fact("seen")
    if isinstance(seen, int):
        return seen
    happening = _happening(slot, event)
    view = viewing(happening, site, "best")
    if view is None:
        day = day_text(local_day(happening.at, site.zone))
        raise ValueError(
            f'"{event.id}" of {day} cannot be seen from {site.name or "there"}: Mars is not up in the dark'
        )
    return view.at


def _light(each: Standing, standing: dict[str, Standing], at: int) -> Light:
    light = Light(
        each.name, each.kind, round(each.azimuth, 2), round(each.altitude, 2), round(each.magnitude, 1)
    )
    if each.kind != "moon":
        return light
    lit = (1 - cos(radians(moon_phase(at)))) / 2
    return Light(
        *(light.name, light.kind, light.azimuth, light.altitude, light.magnitude),
        round(lit, 3),
        _sunward(each, standing["Sun"]),
    )


def _sunward(moon: Standing, sun: Standing) -> float:
    """Where the Moon's light comes from, clockwise from straight up, as one sees it who looks at it."""
    off, low, high = (radians(angle) for angle in (sun.azimuth - moon.azimuth, sun.altitude, moon.altitude))
    right, above = cos(low) * sin(off), sin(low) * cos(high) - cos(low) * sin(high) * cos(off)
    return round(degrees(atan2(right, above)) % 360, 1)


def _direction(lights: tuple[Light, ...]) -> float:
    """The wind nearest to Mars; to the middle between Mars and the Moon where both fit."""
    mars = next(light for light in lights if light.name == "Mars")
    offs = [turned(light.azimuth, mars.azimuth) for light in lights if is_subject(light)]
    middle = mars.azimuth + (max(offs) + min(offs)) / 2 if max(offs) - min(offs) < 2 * _WIND else mars.azimuth
    return float(round(middle / _WIND) * _WIND % 360)


def _landing_site(event: Event, mission: Mission | None) -> str:
    if (
        event.kind != "landing"
        or mission is None
        or mission.latitude is None
        or mission.longitude_east is None
    ):
        return ""
    return f"{_coordinates(mission.latitude, mission.longitude_east)} on Mars"


def _coordinates(latitude: float, longitude: float) -> str:
    west = longitude < 0
    return (
        f"{abs(latitude):.1f}° {'S' if latitude < 0 else 'N'}, {abs(longitude):.1f}° {'W' if west else 'E'}"
    )


def _sol(slot: Slot, mission: Mission | None) -> str:
    """The sol of a mission, while it works."""
    if mission is None or mission.starts is None or slot.at < mission.starts:
        return ""
    if mission.ended_on is not None and slot.day > mission.ended_on:
        return ""
    return f"{_printable(mission.name)}\N{RIGHT SINGLE QUOTATION MARK}s sol {Clock(mission.starts, mission.first_sol).sol(slot.at)[0]:,}"


def _printable(name: str) -> str:
    if strange := lacking(name):
        raise ValueError(f"the name {name!r} has {_quoted(strange)}, which cannot be drawn; spell it without")
    return name


def _quoted(letters: str) -> str:
    return ", ".join(f'"{each}"' for each in letters)
