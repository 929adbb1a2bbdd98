"""What can be seen of a happening from one place on Earth, and when on that evening or before that dawn.

Places in the sky are those that the eye sees: from the place itself, not the centre of the Earth, and lifted by the
air. Azimuths are in degrees from north by east.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from math import acos, cos, degrees, radians, sin
from typing import Any, Literal

from msgspec import Struct

from bot.sky.ephemeris import MOON_MARS, Happening, engine
from bot.sky.stars import STARS
from bot.zones import DAY, HOUR, MINUTE, day_of

When = Literal["evening", "dawn"]

_J2000 = day_of(date(2000, 1, 1)) * DAY + DAY // 2
_DUSK = -8.0  #: altitude of the Sun at which Mars and bright stars stand out
#: So long after dusk, or before dawn, people look.
_PATIENCE: dict[When, int] = {"evening": 4 * HOUR, "dawn": 2 * HOUR}
_STEP = 15 * MINUTE
_FURTHEST = 18 * HOUR  #: between a happening and the view of it
_PASSES = 4  #: to find a dusk to the second, even where the Sun only grazes its altitude
_PLANETS = ("Venus", "Jupiter", "Saturn")
_WINDS = (
    "north", "north-northeast", "northeast", "east-northeast", "east", "east-southeast", "southeast", "south-southeast",
    "south", "south-southwest", "southwest", "west-southwest", "west", "west-northwest", "northwest", "north-northwest",
)  # fmt: skip
_HEIGHTS = ((20, "low in the {}"), (45, "in the {}"), (75, "high in the {}"))


class Site(Struct, frozen=True):
    """A place on Earth from which people look up; degrees, north and east positive."""

    latitude: float
    longitude_east: float
    zone: str
    name: str = ""


class View(Struct, frozen=True):
    """What is seen from a place at an instant of one evening, or before one dawn; angles in degrees."""

    at: int
    when: When
    altitude: float  #: of Mars
    azimuth: float
    direction: str  #: of Mars, in words
    moon_altitude: float  #: below 0: it has not risen
    moon_azimuth: float
    moon_direction: str  #: nothing while it has not risen
    apart: float  #: between Moon and Mars


class Standing(Struct, frozen=True):
    """Where one light stands in the sky of a place; angles in degrees."""

    name: str
    kind: Literal["sun", "moon", "planet", "star"]
    altitude: float
    azimuth: float
    magnitude: float


def viewing(
    happening: Happening, site: Site, when: Literal["evening", "dawn", "best"], *, least_altitude: float = 10
) -> View | None:
    """How a happening can be seen from a site on the nearest evening, or before the nearest dawn, if it can at all.

    An evening begins as the Sun is 8 degrees down, and ends 4 hours later or at midnight by the Sun; dawn is looked
    for up to 2 hours earlier. The view is at the first quarter of an hour of it (before dawn, the last) at which Mars
    is at least so many degrees up, and the Moon too if it meets Mars; never more than 18 hours from the happening. Of
    more than one, a meeting with the Moon takes that at which they are nearest; anything else an evening before a dawn.
    """
    names: tuple[When, ...] = ("evening", "dawn")
    views = [
        view
        for name in names
        if when in {name, "best"}
        for times in _twilights(happening.at, site, name)
        if (view := _first_view(happening, site, name, times, least_altitude))
    ]
    if happening.kind == MOON_MARS:
        return min(views, key=lambda view: view.apart, default=None)
    return min(views, key=lambda view: (view.when != "evening", abs(view.at - happening.at)), default=None)


def positions(at: int, site: Site) -> tuple[Standing, ...]:
    """Where Sun, Moon, Mars, the other bright planets and bright stars stand, below the horizon too."""
    kinds: tuple[tuple[str, Literal["sun", "moon", "planet"]], ...] = (
        ("Sun", "sun"),
        ("Moon", "moon"),
        *((name, "planet") for name in ("Mars", *_PLANETS)),
    )
    sky, time, observer = engine(), _time(at), _observer(site)
    bodies = []
    for name, kind in kinds:
        altitude, azimuth = _horizontal(_equator(name, time, observer), time, observer)
        bodies.append(Standing(name, kind, altitude, azimuth, sky.Illumination(sky.Body[name], time).mag))
    return (*bodies, *_stars(time, observer))


def moon_phase(at: int) -> float:
    """Degrees by which the Moon is ahead of the Sun: 0 new, 90 first quarter, 180 full, 270 last quarter."""
    phase: float = engine().MoonPhase(_time(at))
    return phase


def whereabouts(altitude: float, azimuth: float) -> str:
    """Where to look, in words: `low in the west-southwest`, `high in the south`, `nearly overhead`."""
    wind = _WINDS[round(azimuth / 22.5) % len(_WINDS)]
    return next((words.format(wind) for below, words in _HEIGHTS if altitude < below), "nearly overhead")


def _twilights(near: int, site: Site, when: When) -> Iterator[Sequence[int]]:
    """For each dusk (or dawn) within reach of an instant: from there on, and no later than midnight, when people look."""
    for start in _reached(near, site, when):
        at, dark = start
        last = min(_PATIENCE[when], dark // 2) + 1
        times = range(at, at + last, _STEP) if when == "evening" else range(at, at - last, -_STEP)
        yield [each for each in times if abs(each - near) <= _FURTHEST]


def _reached(near: int, site: Site, when: When) -> Iterator[tuple[int, int]]:
    nearest = _twilight(near, site, when)
    if nearest:
        yield nearest
        other = -DAY if nearest[0] > near else DAY
        if abs(nearest[0] + other - near) <= _FURTHEST + _PATIENCE[when] and (
            found := _twilight(nearest[0] + other, site, when)
        ):
            yield found


def _twilight(near: int, site: Site, when: When) -> tuple[int, int] | None:
    """The dusk (or dawn) nearest to an instant, and how long it stays dark, in seconds; None where none comes."""
    at, observer, turned = float(near), _observer(site), 0.0
    for _ in range(_PASSES):
        time = _time(at)
        sun = _equator("Sun", time, observer)
        found = _hour_angle_of_dusk(sun.dec, site.latitude)
        if found is None:
            return None
        turned = found
        now = 15 * (engine().SiderealTime(time) - sun.ra) + site.longitude_east
        wanted = turned if when == "evening" else -turned
        at += ((wanted - now + 180) % 360 - 180) / 360 * DAY
    return round(at), int((360 - 2 * turned) / 360 * DAY)


def _hour_angle_of_dusk(declination: float, latitude: float) -> float | None:
    """Degrees from noon to dusk for a Sun of that declination; None where it stays too high or too low."""
    north, up = radians(latitude), radians(declination)
    cosine = (sin(radians(_DUSK)) - sin(north) * sin(up)) / (cos(north) * cos(up))
    return degrees(acos(cosine)) if abs(cosine) < 1 else None


def _first_view(
    happening: Happening, site: Site, when: When, times: Sequence[int], least_altitude: float
) -> View | None:
    """The view at the first of the times at which all that matters is high enough."""
    bodies = ("Mars", "Moon") if happening.kind == MOON_MARS else ("Mars",)
    observer = _observer(site)
    about = _equator("Mars", _time(happening.at), observer)
    for at in times:
        time = _time(at)
        # A cheap look first: Mars moves less than a degree until the furthest view.
        if _altitude(about, time, observer) >= least_altitude - 1 and all(
            _altitude(_equator(body, time, observer), time, observer) >= least_altitude for body in bodies
        ):
            return _view(at, site, when)
    return None


def _view(at: int, site: Site, when: When) -> View:
    time, observer = _time(at), _observer(site)
    mars, moon = (_equator(body, time, observer) for body in ("Mars", "Moon"))
    altitude, azimuth = _horizontal(mars, time, observer)
    moon_altitude, moon_azimuth = _horizontal(moon, time, observer)
    return View(
        at,
        when,
        altitude,
        azimuth,
        whereabouts(altitude, azimuth),
        moon_altitude,
        moon_azimuth,
        whereabouts(moon_altitude, moon_azimuth) if moon_altitude >= 0 else "",
        engine().AngleBetween(mars.vec, moon.vec),
    )


def _stars(time: Any, observer: Any) -> list[Standing]:  # noqa: ANN401 - an untyped module's
    sky = engine()
    turned, found = sky.Rotation_EQJ_EQD(time), []
    for star in STARS:
        sphere = sky.Spherical(star.declination, star.right_ascension * 15, 1)
        now = sky.EquatorFromVector(sky.RotateVector(turned, sky.VectorFromSphere(sphere, time)))
        found.append(Standing(star.name, "star", *_horizontal(now, time, observer), star.magnitude))
    return found


def _equator(body: str, time: Any, observer: Any) -> Any:  # noqa: ANN401 - as above
    """Where a body stands by the equator of date, from a place, with aberration."""
    sky = engine()
    return sky.Equator(sky.Body[body], time, observer, True, True)  # noqa: FBT003 - an outer call


def _horizontal(place: Any, time: Any, observer: Any) -> tuple[float, float]:  # noqa: ANN401 - as above
    """Altitude and azimuth."""
    sky = engine()
    found = sky.Horizon(time, observer, place.ra, place.dec, sky.Refraction.Normal)
    return found.altitude, found.azimuth


def _altitude(place: Any, time: Any, observer: Any) -> float:  # noqa: ANN401 - as above
    return _horizontal(place, time, observer)[0]


def _time(at: float) -> Any:  # noqa: ANN401 - as above
    return engine().Time((at - _J2000) / DAY)


def _observer(site: Site) -> Any:  # noqa: ANN401 - as above
    return engine().Observer(site.latitude, site.longitude_east, 0)
