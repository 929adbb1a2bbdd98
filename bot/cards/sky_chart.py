"""The sky as somebody sees it who looks in one direction."""

from collections.abc import Iterator, Sequence
from itertools import islice

from bot.cards.canvas import MARGIN, Canvas, Point
from bot.cards.circle import moon
from bot.cards.frame import ROOM, SMALL, foot, head, title
from bot.cards.ink import Colour, Inks
from bot.cards.letters import Face, length, rise
from bot.cards.lines import Block
from bot.cards.values import Light, SkyChart
from bot.cards.view import (
    HORIZON,
    LEFT,
    MARS,
    MOON,
    RIGHT,
    TOP,
    Placed,
    View,
    is_subject,
    placed,
    turned,
    view_of,
)
from bot.cards.words import looking

_CAPTION = Block(112, 190, ROOM, lines=2, largest=54)
_NAME = Face(SMALL)
_MARK = Face(28)
_WIND = Face(28, 0.06)
_RINGS = (15, 30, 45, 60, 75)
_WINDS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
_ROOM_OF_MARK = 52.0  #: at the left end of a ring, for its height
_BESIDE = 8  #: pixels between the figures of a ring and its line
_CLEAR = 20.0  #: pixels between a light and such figures, so that its name has room too
_SIDE = 90  #: degrees: the horizon is not shown behind one's back
_BELOW_NAME = 8  #: pixels below the line of a name, for what reaches down
_HALO = 3.0  #: pixels of paper around a light, so that no line runs into it

#: Left, top, right and bottom.
Box = tuple[float, float, float, float]


def draw_sky(card: SkyChart, canvas: Canvas) -> None:
    """Horizon, heights, and every light that stands in the chart, with its name where there is room for it."""
    head(canvas, looking(card))
    title(canvas, card.caption, _CAPTION)
    view, lights = view_of(card), placed(card)
    taken = _rings(canvas, view, [_edge(each, _CLEAR) for each in lights])
    _horizon(canvas, view)
    for each in reversed(lights):
        _light(canvas, each)
    for light, box in named(lights, taken):
        # No line runs through a name.
        canvas.block(box[:2], (box[2] - box[0], box[3] - box[1]), fill=canvas.inks.paper)
        canvas.text((box[0], box[3] - _BELOW_NAME), light.name, _NAME, fill=_ink(light, canvas.inks))
    foot(canvas, card.when_text, card.site_name)


def _rings(canvas: Canvas, view: View, lights: Sequence[Box]) -> list[Box]:
    """A line at every 15 degrees of height, told at its left end, or where no light stands; the room of its figures."""
    taken = []
    for altitude in _RINGS:
        path, figures = [point for point in _ring(view, altitude) if _is_in(point)], f"{altitude}°"
        if len(path) > 1:
            canvas.line(path, width=1.5, fill=canvas.inks.hair)
            long = length(figures, _MARK)
            spots = (_mark_at(point, long) for point in path)
            free = (box for box in spots if not any(_do_meet(box, light) for light in lights))
            for box in islice(free, 1):
                _mark(canvas, figures, box)
                taken.append(box)
    return taken


def _mark_at(end: Point, long: float) -> Box:
    """The room of figures left of a point of their line."""
    x, y = end[0] - _BESIDE, end[1] + rise(_MARK) / 2
    return x - long, y - rise(_MARK), x, y


def _mark(canvas: Canvas, figures: str, box: Box) -> None:
    left, top, right, line = box
    clear = (right - left + 2 * _BESIDE, line - top)
    canvas.block((left - _BESIDE, top), clear, fill=canvas.inks.paper)
    canvas.text((left, line), figures, _MARK, fill=canvas.inks.muted)


def _ring(view: View, altitude: float) -> Iterator[Point]:
    return (view.point(view.direction + step / 2, altitude) for step in range(-180, 181))


def _is_in(point: Point) -> bool:
    return LEFT + _ROOM_OF_MARK + _BESIDE <= point[0] <= RIGHT and point[1] >= TOP + 14


def _horizon(canvas: Canvas, view: View) -> None:
    """The line on which one stands, a tick at every 15 degrees, and the winds."""
    ink = canvas.inks.text
    canvas.block((MARGIN, HORIZON), (ROOM, 3), fill=ink)
    for azimuth in range(0, 360, 15):
        x = view.point(azimuth, 0)[0]
        if abs(turned(azimuth, view.direction)) < _SIDE and LEFT + 24 < x < RIGHT - 24:
            is_wind = azimuth % 45 == 0
            canvas.block((x - 1, HORIZON), (2, 12 if is_wind else 7), fill=ink)
            if is_wind:
                canvas.text((x, HORIZON + 40), _WINDS[azimuth // 45], _WIND, fill=ink, anchor=0.5)


def _light(canvas: Canvas, each: Placed) -> None:
    light = each.light
    canvas.disc(each.at, each.radius + _HALO, fill=canvas.inks.paper)
    if light.kind == MOON:
        moon(canvas, each.at, each.radius, lit=light.lit, lit_from=light.lit_from + each.upward)
    else:
        canvas.disc(each.at, each.radius, fill=canvas.inks.accent if light.name == MARS else canvas.inks.text)


def named(lights: Sequence[Placed], taken: Sequence[Box]) -> list[tuple[Light, Box]]:
    """Where each name stands so that it touches no light and no other name; what finds no such place stays without."""
    filled, found = [*taken, *(_edge(each, _HALO) for each in lights)], []
    for each in lights:
        spots = _spots(each, length(each.light.name, _NAME))
        if box := next((box for box in spots if _is_free(box, filled)), None):
            found.append((each.light, box))
            filled.append(box)
    return found


def _ink(light: Light, inks: Inks) -> Colour:
    if light.name == MARS:
        return inks.accent
    return inks.text if is_subject(light) else inks.muted


def _edge(each: Placed, room: float) -> Box:
    (x, y), reach = each.at, each.radius + room
    return x - reach, y - reach, x + reach, y + reach


def _spots(each: Placed, long: float) -> Iterator[Box]:
    """Where a name can stand about its light: right, left, below, above, at the corners; then the same further off."""
    (x, y), high = each.at, rise(_NAME)
    for gap in (each.radius + 10, each.radius + 22):
        near = gap * 0.7
        for left, line in (
            (x + gap, y + high / 2), (x - gap - long, y + high / 2),
            (x - long / 2, y + gap + high), (x - long / 2, y - gap),
            (x + near, y - near), (x + near, y + near + high),
            (x - near - long, y - near), (x - near - long, y + near + high),
        ):  # fmt: skip
            yield left, line - high - 4, left + long, line + _BELOW_NAME


def _is_free(box: Box, taken: Sequence[Box]) -> bool:
    is_inside = box[0] >= LEFT and box[2] <= RIGHT and box[1] >= TOP and box[3] <= HORIZON
    return is_inside and not any(_do_meet(box, other) for other in taken)


def _do_meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
