"""Circles: points on them, the Moon with its light, and angles."""

from math import cos, radians, sin, sqrt

from bot.cards.canvas import Canvas, Point
from bot.cards.ink import Colour

_STEPS = 48


def around(middle: Point, reach: float, angle: float) -> Point:
    """The point so far from the middle, clockwise from straight up."""
    turned = radians(angle)
    return middle[0] + reach * sin(turned), middle[1] - reach * cos(turned)


def moon(canvas: Canvas, at: Point, radius: float, *, lit: float, lit_from: float) -> None:
    """The Moon: the share `lit` of its disc bright, on the side from which the light comes."""
    inks = canvas.inks
    canvas.disc(at, radius, fill=inks.shade)
    canvas.area(bright(at, radius, lit=lit, lit_from=lit_from), fill=inks.moon)
    canvas.ring(at, radius, width=1.5, fill=inks.text)


def bright(at: Point, radius: float, *, lit: float, lit_from: float) -> list[Point]:
    """The outline of the lit part of a disc: half its edge, and half an ellipse between light and dark.

    Of a Moon seen from afar the share of the disc that is lit is the same as that of the axis toward the light.
    """
    outer = [around(at, radius, lit_from - 90 + 180 * step / _STEPS) for step in range(_STEPS + 1)]
    inner = []
    for step in range(_STEPS, -1, -1):
        along = radius * (2 * step / _STEPS - 1)
        toward = (1 - 2 * lit) * sqrt(max(radius * radius - along * along, 0))
        inner.append(_turned(at, toward, along, lit_from))
    return [*outer, *inner]


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """A colour so far from the one to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _turned(at: Point, toward: float, along: float, angle: float) -> Point:
    """So far toward an angle, and so far to its right."""
    x, y = around(at, toward, angle)
    dx, dy = around((0, 0), along, angle + 90)
    return x + dx, y + dy
