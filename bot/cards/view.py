"""Where the lights of a sky chart stand on it, and which of them it has room for.

The chart is a stereographic projection about the point of the horizon in its middle: the horizon is a straight line,
and shapes and angles stay what they are. Angles are in degrees, azimuths from north by east.
"""

from collections.abc import Iterator
from itertools import islice
from math import atan2, cos, degrees, hypot, radians, sin, tan

from msgspec import Struct

from bot.cards.values import Light, SkyChart

LEFT, TOP, RIGHT, HORIZON = 64.0, 184.0, 1136.0, 524.0  #: the chart's edges, in pixels
MOON, MARS, PLANET, _STAR = "moon", "Mars", "planet", "star"

_MIDDLE = (LEFT + RIGHT) / 2
_HEADROOM = 12.0  #: above what is highest
_LOWEST_TOP = 40.0
_SIDE = 100.0  #: nothing further from the middle is shown
_GAP = 4.0  #: pixels between one light and another that it would hide
_ROUNDING = 1e-6
_TURNS = tuple(side * turn for turn in range(0, 181, 15) for side in (1, -1))  #: degrees round a light

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

    Lights are drawn larger than they are: what one would hide is set beside it, on the side on which it is. A star that
    has no room there, since another light stands in it, is left out: half a star would be none. A planet goes round.
    """
    view = view_of(card)
    shown: list[Placed] = []
    for light in sorted(card.bodies, key=_order):
        each = _placed(view, light)
        if not _is_within(view, each):
            continue
        hider = next((other for other in shown if _do_meet(other, each)), None)
        spots = _beside(hider, each) if hider else (each,)
        free = (spot for spot in spots if not any(_do_meet(other, spot) for other in shown))
        shown.extend(islice(free, 1))
    return shown


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


def _do_meet(one: Placed, other: Placed) -> bool:
    """Tell whether two lights stand so close that one would touch the other."""
    return _apart(one, other) < one.radius + other.radius + _GAP - _ROUNDING


def _apart(one: Placed, other: Placed) -> float:
    return hypot(other.at[0] - one.at[0], other.at[1] - one.at[1])


def _beside(hider: Placed, each: Placed) -> Iterator[Placed]:
    """The light at the edge of what would hide it, away from its middle, to its right where they share it.

    Then, of what is no star, ever further round that edge.
    """
    (x, y), least = hider.at, hider.radius + each.radius + _GAP
    away = atan2(each.at[1] - y, each.at[0] - x)
    for turn in _TURNS[:1] if each.light.kind == _STAR else _TURNS:
        angle = away + radians(turn)
        at = (x + least * cos(angle), y + least * sin(angle))
        yield Placed(each.light, at, each.radius, each.upward)
