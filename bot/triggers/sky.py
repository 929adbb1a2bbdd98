"""What happens in the sky around Mars: on its day, or before it can be seen from a place."""

from collections.abc import Callable, Mapping
from functools import cache
from math import ceil
from operator import attrgetter
from typing import Any, ClassVar, Literal

from msgspec import Struct

from bot.contracts import Almanac
from bot.model import Event, Facts, Priority, Slot, Window
from bot.options import chosen, needed, one_of, refuse_others
from bot.sky.ephemeris import KINDS, MOON_MARS, Happening, happenings
from bot.sky.viewing import Site, View, viewing
from bot.spans import clock_time, duration
from bot.zones import DAY, HOUR, MINUTE, Zone, shown, zone

_Best = Literal["evening", "dawn", "best"]

_ORDER = attrgetter("at", "event")
_SEEN: tuple[_Best, ...] = ("evening", "dawn", "best")
_FURTHEST_NORTH = 27  #: degrees from the equator of the sky, north or south: Mars is never further
_FAR = 3 * DAY  #: no slot is so far from what it speaks of
_STRETCH = 32 * DAY  #: of time that is looked through at once
_OPTIONS = (
    "kinds",
    "events",
    "except",
    "at",
    "zone",
    "within",
    "least_sun",
    *("place", "lead", "eve_at", "least_altitude"),
)
_PLACE = '{ latitude = 40.7, longitude = -74.0, name = "New York" }'
_ZONE = '"America/New_York"'
_UNSEEN = (
    "from its place nothing of it is seen; name another place, at, or least_altitude, or leave place out"
)
_UNMET = "nothing of it comes so near, or so far from the Sun; change within or least_sun"
_LEAST_LEAD = 15 * MINUTE
#: An evening can last beyond midnight; a dawn can begin before it.
_TURN_OF_NIGHT = 6 * HOUR


class Sky:
    """Speaks of each happening once: at a time of day on its date, or, with a place, before it is seen from there.

    With a place it speaks only of what can be seen from it: so long before the view on that evening, and of a view
    before dawn on the evening before, all by the clock of the place, if it has a zone of its own. Meetings of Moon and
    Mars are told within so many degrees, and not in the glare of the Sun.
    """

    priority: ClassVar[Priority] = Priority.SKY
    #: What a frame can say of a happening and the view of it, with values of no day.
    specimen: ClassVar[Facts] = (
        ("magnitude", 1.0), ("distance_million_km", 100.0), ("constellation", "Leo"), ("distance_au", 0.7),
        ("diameter_arcsec", 15.0), ("light_minutes", 6.0), ("separation_deg", 2.0), ("elongation_deg", 90), ("sky", "evening"),
        ("moon_lit_percent", 50), ("mars_year", 40), ("ls", 0), ("happens", 0), ("place", "here"), ("latitude", 0.0),
        ("longitude", 0.0), ("night", "tonight"), ("seen", 0), ("seen_time", "20:00"), ("direction", "in the south"),
        ("altitude_deg", 30), ("azimuth_deg", 180), ("moon_direction", "in the south"), ("moon_altitude_deg", 30),
        ("moon_azimuth_deg", 180), ("apart_deg", 2.0),
    )  # fmt: skip

    def __init__(self, schedule: str, options: Mapping[str, Any], almanac: Almanac) -> None:
        refuse_others(options, _OPTIONS)
        self._schedule = schedule
        self._clock = _clock(options)
        #: What it speaks of.
        self.events = _from_the_sky(chosen(options, almanac.events, example="mars-opposition"))
        self._within = _degrees(options, "within", 5, least=0.01, most=180)
        self._least_sun = _degrees(options, "least_sun", 15, least=0, most=179)
        _refuse_idle(options, self.events)
        self._teller = (
            _seen_from(options, self._clock) if "place" in options else _on_its_date(options, self._clock)
        )
        #: What to do where it never speaks.
        self.hint = _UNSEEN if "place" in options else _UNMET
        # What a stretch holds never changes, and every tick asks for the same again.
        self._in_stretch: Callable[[int], list[Slot]] = cache(self._found_in)

    def times(self, window: Window) -> list[Slot]:
        """Every slot in the window; two happenings of one instant have a slot each."""
        first, last = (window.start - _FAR) // _STRETCH, (window.end + _FAR) // _STRETCH
        stretches = map(self._in_stretch, range(first, last + 1))
        return sorted((slot for slots in stretches for slot in slots if slot.at in window), key=_ORDER)

    def _found_in(self, stretch: int) -> list[Slot]:
        start, end = stretch * _STRETCH, (stretch + 1) * _STRETCH
        return [
            slot
            for event in self.events
            for happening in happenings(event.sky, start, end, within=self._within)
            if _is_out_of_glare(happening, self._least_sun) and (slot := self._slot(event, happening))
        ]

    def _slot(self, event: Event, happening: Happening) -> Slot | None:
        told = self._teller(happening)
        if told is None:
            return None
        facts = (*happening.facts, ("happens", happening.at), *told.facts, ("turn", happening.number))
        return Slot(
            told.at,
            self._schedule,
            told.wall,
            self._clock.name,
            self.priority,
            event.id,
            until=told.until,
            facts=facts,
        )


def _clock(options: Mapping[str, Any]) -> Zone:
    """By which all is told: the clock of the place from which it is seen, if it has its own, else the schedule's."""
    place = options.get("place")
    if isinstance(place, Mapping) and "zone" in place:
        try:
            return zone(str(place["zone"]))
        except ValueError as error:
            raise ValueError(f'"place": {error}') from error
    return zone(str(needed(options, "zone", example=_ZONE)))


class _Told(Struct, frozen=True):
    """When a happening is spoken of, and what is said of it besides."""

    at: int
    wall: int
    until: int | None = None
    facts: Facts = ()


_Teller = Callable[[Happening], _Told | None]


def _on_its_date(options: Mapping[str, Any], clock: Zone) -> _Teller:
    """Speak at a time of day on the local date of what happens."""
    for name in ("lead", "eve_at", "least_altitude"):
        if name in options:
            raise ValueError(
                f'"{name}" says something of what is seen from a place; write place = {_PLACE}, too'
            )
    at = needed(options, "at", example='"18:00"')
    if at in _SEEN:
        raise ValueError(
            f'"at" is "{at}", which is another time at each place; write place = {_PLACE}, or at = "18:00"'
        )
    time_of_day = clock_time(at)

    def tell(happening: Happening) -> _Told:
        wall = clock.wall(happening.at) // DAY * DAY + time_of_day
        return _Told(clock.instant(wall), wall)

    return tell


def _seen_from(options: Mapping[str, Any], clock: Zone) -> _Teller:
    """Speak before what happens can be seen from the place; not at all where it cannot."""
    site = _site(options["place"], clock.name)
    written = one_of(options.get("at", "best"), _SEEN, name="at")
    when = next(each for each in _SEEN if each == written)
    least_altitude = _degrees(options, "least_altitude", 10, least=0, most=_highest(site))
    _refuse_other_time(options, when)
    lead, eve = _lead(options), clock_time(options.get("eve_at", "18:00"))

    def tell(happening: Happening) -> _Told | None:
        view = viewing(happening, site, when, least_altitude=least_altitude)
        if view is None:
            return None
        is_evening = view.when == "evening"
        at = _before_evening(view, clock, lead) if is_evening else _evening_before(view, clock, eve)
        at = min(at, view.at - _LEAST_LEAD)
        return _Told(at, clock.wall(at), view.at, _seen(view, site))

    return tell


def _lead(options: Mapping[str, Any]) -> int:
    """How long before the view, in seconds; ValueError where nobody could come to look."""
    lead = duration(options.get("lead", "2h"))
    if lead < _LEAST_LEAD:
        raise ValueError(
            f'"lead" cannot be "{options["lead"]}": nobody would come in time; write at least "15m"'
        )
    if lead > DAY:
        raise ValueError(
            f'"lead" cannot be "{options["lead"]}": it speaks on the day of the view; write at most "24h"'
        )
    return lead


def _highest(site: Site) -> int:
    """How high Mars can ever stand there, in degrees rounded up."""
    return min(ceil(90 - abs(site.latitude) + _FURTHEST_NORTH), 90)


def _refuse_other_time(options: Mapping[str, Any], when: _Best) -> None:
    """ValueError where an option says something of the other end of the night."""
    for name, other in (("eve_at", "evening"), ("lead", "dawn")):
        if name in options and when == other:
            wanted = "evening" if other == "dawn" else "dawn"
            raise ValueError(
                f'"{name}" is said of views in the {wanted}, and "at" is "{other}"; write at = "best", or leave {name} out'
            )


def _refuse_idle(options: Mapping[str, Any], events: tuple[Event, ...]) -> None:
    for name in ("within", "least_sun"):
        if name in options and events and not any(event.sky == MOON_MARS for event in events):
            raise ValueError(
                f'"{name}" is said of meetings of Moon and Mars, and none of its events is one; leave {name} out'
            )


def _before_evening(view: View, clock: Zone, lead: int) -> int:
    """So long before the view, on the day of that evening."""
    day = (clock.wall(view.at) - _TURN_OF_NIGHT) // DAY
    return max(view.at - lead, clock.midnight(day))


def _evening_before(view: View, clock: Zone, eve: int) -> int:
    """At a time of day on the evening before the dawn of the view."""
    day = (clock.wall(view.at) + _TURN_OF_NIGHT) // DAY
    return clock.instant((day - 1) * DAY + eve)


def _seen(view: View, site: Site) -> Facts:
    """What a frame can say of a view; nothing of a Moon that has not risen, or of a place without a name."""
    facts: Facts = (
        ("place", site.name),
        ("latitude", float(site.latitude)),
        ("longitude", float(site.longitude_east)),
        ("night", "tonight" if view.when == "evening" else "tomorrow before dawn"),
        ("seen", view.at),
        ("seen_time", f"{shown(zone(site.zone).wall(view.at)):%H:%M}"),
        ("direction", view.direction),
        ("altitude_deg", round(view.altitude)),
        ("azimuth_deg", round(view.azimuth)),
    )
    of_moon: Facts = (
        ("moon_direction", view.moon_direction),
        ("moon_altitude_deg", round(view.moon_altitude)),
        ("moon_azimuth_deg", round(view.moon_azimuth)),
        ("apart_deg", round(view.apart, 1)),
    )
    return (*facts[0 if site.name else 1 :], *(of_moon if view.moon_direction else ()))


def _is_out_of_glare(happening: Happening, least_sun: float) -> bool:
    elongation = happening.fact("elongation_deg")
    return not isinstance(elongation, int) or elongation >= least_sun


def _from_the_sky(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events, all of which the sky brings; ValueError where one has a date of its own."""
    for event in events:
        if not event.sky:
            raise ValueError(
                f'"{event.id}" is no event of the sky; name events that have a "sky", or write trigger.anniversary'
            )
        one_of(event.sky, KINDS, name="sky")
    return events


def _site(written: object, zone_name: str) -> Site:
    if not isinstance(written, Mapping):
        raise ValueError(f'"place" cannot be {written!r}; write place = {_PLACE}')  # noqa: TRY004 - a file's mistake
    try:
        refuse_others(written, ("latitude", "longitude", "name", "zone"))
        latitude, longitude = (needed(written, name, example="40.7") for name in ("latitude", "longitude"))
    except ValueError as error:
        raise ValueError(f'"place": {error}') from error
    for name, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if type(value) not in {int, float} or not -most <= value <= most:
            raise ValueError(f'"place": {name} cannot be {value!r}; write degrees from -{most} to {most}')
    return Site(latitude, longitude, zone_name, str(written.get("name", "")))


def _degrees(options: Mapping[str, Any], name: str, default: float, *, least: float, most: float) -> float:
    """Degrees of an option; ValueError where it is no number, or one that nothing in the sky of a place has."""
    value = options.get(name, default)
    if type(value) not in {int, float}:
        raise ValueError(f'"{name}" cannot be {value!r}; write degrees: {name} = {default}')
    if name in options and not least <= value <= most:
        raise ValueError(f'"{name}" cannot be {value!r}; write degrees from {least} to {most}')
    return float(value)
