"""What happens in the sky around Mars, as seen from the centre of the Earth, and when.

Each happening is found by its number, counted from one of our days by the mean motions of Earth, Mars and Moon: what
is found never depends on the stretch that was asked for. Places are those of Astronomy Engine: apparent, with the
travel of light and aberration. *Days* are those of UTC since 2000-01-01T12:00, with their fraction.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from math import asin, degrees, floor, sqrt
from typing import Any, NamedTuple

from msgspec import Struct

from bot.sky import mars_time
from bot.zones import DAY, day_of

_J2000 = day_of(date(2000, 1, 1)) * DAY + DAY // 2
_KM_PER_AU = 149_597_870.7
_MARS_ACROSS = 6_792.38  #: kilometres, at its equator
_LIGHT_MINUTES_PER_AU = 8.316746397
_ARCSEC = 3_600

#: Kinds of seasons in the order of their quarters.
SEASONS = ("northern-spring", "northern-summer", "northern-autumn", "northern-winter")
OPPOSITION, CLOSEST_APPROACH, MOON_MARS = "opposition", "closest-approach", "moon-mars"
KINDS = (OPPOSITION, CLOSEST_APPROACH, MOON_MARS, *SEASONS)


class Happening(Struct, frozen=True):
    """What happens in the sky at one instant, with what can be said of it."""

    kind: str
    at: int
    facts: tuple[tuple[str, str | int | float], ...] = ()
    number: int = 0  #: among its kind, each one more than the last

    def fact(self, name: str) -> str | int | float | None:
        """What is known of it under a name, if anything is."""
        return next((value for key, value in self.facts if key == name), None)


class _Round(NamedTuple):
    """What comes round about every `period` days, each time less than a period from when it would at an even pace."""

    first: float  #: the day on which number 0 would come
    period: float

    def about(self, number: int) -> float:
        """The day on which a number would come."""
        return self.first + number * self.period

    def numbers(self, start: int, end: int) -> range:
        """Every number that can come in a stretch of time."""
        first, last = (floor(((at - _J2000) / DAY - self.first) / self.period) for at in (start, end))
        return range(first, last + 2)


_OPPOSITIONS = _Round(first=9_911.4, period=779.9362)
_MEETINGS = _Round(first=9_912.5, period=28.4533)


@cache
def engine() -> Any:  # noqa: ANN401 - a module without types
    """Astronomy Engine, brought in when it is first needed: it costs a tenth of a second."""
    import astronomy  # noqa: PLC0415 - as said

    return astronomy


def happenings(kind: str, start: int, end: int, *, within: float = 180) -> list[Happening]:
    """Everything of one of the KINDS from `start` up to `end`; meetings of Moon and Mars within so many degrees."""
    if kind in SEASONS:
        return [each for each in seasons(start, end) if each.kind == kind]
    if kind == MOON_MARS:
        return moon_mars(start, end, within)
    return {OPPOSITION: oppositions, CLOSEST_APPROACH: closest_approaches}[kind](start, end)


def oppositions(start: int, end: int) -> list[Happening]:
    """When Mars stands opposite the Sun: their ecliptic longitudes are 180 degrees apart."""
    return _between(start, end, [_opposition(number) for number in _OPPOSITIONS.numbers(start, end)])


def closest_approaches(start: int, end: int) -> list[Happening]:
    """When Mars is nearest to Earth, some days before or after an opposition."""
    return _between(start, end, [_closest_approach(number) for number in _OPPOSITIONS.numbers(start, end)])


def moon_mars(start: int, end: int, within_degrees: float = 180) -> list[Happening]:
    """When the Moon, once a month, is nearest to Mars in the sky, if then they are as near as `within_degrees`."""
    met = (number for number in _MEETINGS.numbers(start, end) if start <= _instant(_nearest(number)[0]) < end)
    return [_meeting(number) for number in met if _nearest(number)[1] <= within_degrees]


def seasons(start: int, end: int) -> list[Happening]:
    """When a season begins on Mars; the northern spring begins its new year."""
    return [
        Happening(SEASONS[each.quarter], each.at, _season_facts(each), each.mars_year)
        for each in mars_time.seasons(start, end)
    ]


def _season_facts(season: mars_time.Season) -> tuple[tuple[str, int], ...]:
    return (("mars_year", season.mars_year), ("ls", 90 * season.quarter))


def _between(start: int, end: int, found: Sequence[Happening]) -> list[Happening]:
    return [each for each in found if start <= each.at < end]


@cache
def _opposition(number: int) -> Happening:
    days = _opposed(number)
    facts = (
        ("magnitude", _magnitude(days)),
        ("distance_million_km", round(_distance(days) * _KM_PER_AU / 1e6, 1)),
        ("constellation", _constellation(days)),
    )
    return Happening(OPPOSITION, _instant(days), facts, number)


@cache
def _opposed(number: int) -> float:
    return _zero(_past_opposition, _OPPOSITIONS.about(number), pace=1.3, close_enough=1e-6)


@cache
def _closest_approach(number: int) -> Happening:
    days = _lowest(_distance, _opposed(number), steps=(5, 1, 0.1))
    distance = _distance(days)
    facts = (
        ("distance_au", round(distance, 5)),
        ("distance_million_km", round(distance * _KM_PER_AU / 1e6, 1)),
        (
            "diameter_arcsec",
            round(degrees(2 * asin(_MARS_ACROSS / 2 / (distance * _KM_PER_AU))) * _ARCSEC, 1),
        ),
        ("light_minutes", round(distance * _LIGHT_MINUTES_PER_AU, 1)),
        ("magnitude", _magnitude(days)),
        ("constellation", _constellation(days)),
    )
    return Happening(CLOSEST_APPROACH, _instant(days), facts, number)


@cache
def _nearest(number: int) -> tuple[float, float]:
    """When Moon and Mars are nearest to each other in the sky, and how many degrees they are apart."""
    abreast = _zero(_moon_past_mars, _MEETINGS.about(number), pace=12.5, close_enough=1)
    apart = _apart_about(abreast)
    days = _lowest(apart, abreast, steps=(0.3, 0.02))
    return days, round(degrees(2 * asin(sqrt(apart(days)) / 2)), 2)


@cache
def _meeting(number: int) -> Happening:
    days, separation = _nearest(number)
    facts = (
        ("separation_deg", separation),
        ("elongation_deg", round(_told("AngleFromSun", "Mars", days))),
        ("sky", "evening" if _from_sun(days) > 0 else "morning"),
        ("moon_lit_percent", round(_told("Illumination", "Moon", days).phase_fraction * 100)),
        ("magnitude", _magnitude(days)),
        ("constellation", _constellation(days)),
    )
    return Happening(MOON_MARS, _instant(days), facts, number)


def _zero(angle: Callable[[float], float], about: float, *, pace: float, close_enough: float) -> float:
    """The day on which a rising angle comes to 0, by the secant method; it rises by about `pace` degrees a day."""
    before, was = about, angle(about)
    days = before - was / pace
    while abs(days - before) > close_enough:
        now = angle(days)
        before, was, days = days, now, days - now * (days - before) / (now - was)
    return days


def _lowest(function: Callable[[float], float], about: float, *, steps: Sequence[float]) -> float:
    """The day on which a function is lowest: the vertex of a parabola through three points, nearer every time."""
    days = about
    for step in steps:
        before, here, after = (function(days + shift) for shift in (-step, 0, step))
        days -= step / 2 * (after - before) / (before - 2 * here + after)
    return days


def _past_opposition(days: float) -> float:
    """Degrees by which Mars, as the Sun sees us overtake it, is past its opposition: from -180 to 180."""
    return -_around(_from_sun(days) + 180)


def _from_sun(days: float) -> float:
    """Degrees by which Mars is east of the Sun along the ecliptic: from -180 to 180."""
    return _around(_longitude("Mars", days) - _longitude("Sun", days))


def _moon_past_mars(days: float) -> float:
    return _around(_longitude("Moon", days) - _longitude("Mars", days))


def _around(angle: float) -> float:
    """The same angle from -180 up to 180."""
    return (angle + 180) % 360 - 180


def _longitude(body: str, days: float) -> float:
    """Along the ecliptic of date, in degrees."""
    longitude: float = engine().Ecliptic(_vector(body, days)).elon
    return longitude


def _vector(body: str, days: float) -> Any:  # noqa: ANN401 - an untyped module's vector
    """From the centre of the Earth, by the equator of J2000, in astronomical units."""
    sky = engine()
    return sky.GeoVector(sky.Body[body], sky.Time(days), True)  # noqa: FBT003 - with aberration


def _distance(days: float) -> float:
    """To Mars in astronomical units, as the light shows it."""
    length: float = _vector("Mars", days).Length()
    return length


def _apart_about(about: float) -> Callable[[float], float]:
    """The square of the chord between Moon and Mars near a day: as good as a parabola about its lowest point.

    Mars is taken from its course through three places: a day is little to it, and its places take long to compute.
    """
    before, here, after = (_towards("Mars", about + shift) for shift in (-1, 0, 1))

    def apart(days: float) -> float:
        on = days - about
        mars = (
            now + on * (later - sooner) / 2 + on * on * (later - 2 * now + sooner) / 2
            for sooner, now, later in zip(before, here, after, strict=True)
        )
        return sum((one - other) ** 2 for one, other in zip(mars, _towards("Moon", days), strict=True))

    return apart


def _towards(body: str, days: float) -> tuple[float, float, float]:
    """The direction of a body, as a vector of length 1."""
    found = _vector(body, days)
    length: float = found.Length()
    return found.x / length, found.y / length, found.z / length


def _told(question: str, body: str, days: float) -> Any:  # noqa: ANN401 - as untyped
    """What Astronomy Engine answers of a body at a time."""
    sky = engine()
    return getattr(sky, question)(sky.Body[body], sky.Time(days))


def _magnitude(days: float) -> float:
    """How bright Mars is; a zero has no sign."""
    magnitude: float = _told("Illumination", "Mars", days).mag
    return round(magnitude, 1) + 0.0


def _constellation(days: float) -> str:
    """In which Mars stands, by its Latin name."""
    place = engine().EquatorFromVector(_vector("Mars", days))
    return str(engine().Constellation(place.ra, place.dec).name)


def _instant(days: float) -> int:
    return round(days * DAY) + _J2000
