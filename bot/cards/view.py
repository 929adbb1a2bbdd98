"""Where the lights of a sky chart stand on it, and which of them it has room for.

The chart is a stereographic projection about the point of the horizon in its middle: the horizon is a straight line,
and shapes and angles stay what they are. Angles are in degrees, azimuths from north by east.
"""

from math import atan2, cos, degrees, hypot, radians, sin, tan

from msgspec import Struct

from bot.cards.values import Light, SkyChart

LEFT, TOP, RIGHT, HORIZON = 64.0, 184.0, 1136.0, 524.0  #: the chart's edges, in pixels
MOON, MARS, PLANET = "moon", "Mars", "planet"

_MIDDLE = (LEFT + RIGHT) / 2
_HEADROOM = 12.0  #: above what is highest
_LOWEST_TOP = 40.0
_SIDE = 100.0  #: nothing further from the middle is shown
_GAP = 4.0  #: pixels between the Moon and what it would hide

Point = tuple[float, float]


class Placed(Struct, frozen=True):
    """A light with its place on the card."""

    light: Light
    at: Point
    radius: float
    upward: float  #: which way is up at that place, clockwise from straight up


class View(Struct, frozen=True):
    """How a chart looks at the sky."""

    radius: float  #: of the sphere of the sky, in pixels
    direction: float

    def point(self, azimuth: float, altitude: float) -> Point:
        """Where a place in the sky is on the card; the place behind one's back is very far off."""
        off, up = radians(azimuth - self.direction), radians(altitude)
        scale = 2 * self.radius / max(1 + cos(up) * cos(off), 1e-6)
        return _MIDDLE + scale * cos(up) * sin(off), HORIZON - scale * sin(up)


def view_of(card: SkyChart) -> View:
    """The view that shows Moon and Mars as large as it can, and never less than 40 degrees of height."""
    high = max((light.altitude for light in card.bodies if is_subject(light)), default=0)
    top = max(high + _HEADROOM, _LOWEST_TOP)
    return View((HORIZON - TOP) / (2 * tan(radians(top) / 2)), card.direction)


def placed(card: SkyChart) -> list[Placed]:
    """Every light that stands in the chart, those that matter most first.

    The Moon is drawn larger than it is: what it would hide is set beside it, on the side on which it is.
    """
    view = view_of(card)
    found = [_placed(view, light) for light in sorted(card.bodies, key=_order)]
    shown = [each for each in found if _is_within(view, each)]
    moon = next((each for each in shown if each.light.kind == MOON), None)
    return shown if moon is None else [_beside(moon, each) for each in shown]


def is_subject(light: Light) -> bool:
    """Tell whether the chart is drawn for it."""
    return light.kind == MOON or light.name == MARS


def turned(azimuth: float, direction: float) -> float:
    """How far an azimuth is right of a direction, from -180 to 180."""
    return (azimuth - direction + 180) % 360 - 180


def _order(light: Light) -> tuple[bool, bool, bool, float]:
    return not is_subject(light), light.kind != MOON, light.kind != PLANET, light.magnitude


def _placed(view: View, light: Light) -> Placed:
    at, above = (view.point(light.azimuth, light.altitude + step) for step in (0, 0.5))
    upward = degrees(atan2(above[0] - at[0], at[1] - above[1]))
    return Placed(light, at, _radius(light), upward)


def _radius(light: Light) -> float:
    """The radius at which a light is drawn: the brighter the larger."""
    if light.kind == MOON:
        return 18.0
    if light.name == MARS:
        return 10.0
    return min(max(6.0 - 1.4 * light.magnitude, 3.0), 9.0)


def _is_within(view: View, each: Placed) -> bool:
    (x, y), edge = each.at, each.radius
    is_ahead = each.light.altitude > 0 and abs(turned(each.light.azimuth, view.direction)) < _SIDE
    return is_ahead and LEFT + edge <= x <= RIGHT - edge and TOP + edge <= y <= HORIZON - edge / 2


def _beside(moon: Placed, each: Placed) -> Placed:
    across, down = each.at[0] - moon.at[0], each.at[1] - moon.at[1]
    apart, least = hypot(across, down), moon.radius + each.radius + _GAP
    if each is moon or apart >= least:
        return each
    share = least / apart if apart else 0
    at = (moon.at[0] + across * share, moon.at[1] + down * share)
    return Placed(each.light, at if apart else (moon.at[0] + least, moon.at[1]), each.radius, each.upward)
