"""The Mars year as a dial: the orbit of Mars with the Sun where it is, off the middle, so that long seasons look long.

The angle Ls is counted at the Sun, clockwise from straight up. The orbit is drawn as a circle, which it is to half a
percent. Its eccentricity and the Ls of its perihelion are those of Allison and McEwen (2000).
"""

from math import cos, radians, sin, sqrt

from bot.cards.canvas import MARGIN, Canvas, Point
from bot.cards.circle import around, mixed
from bot.cards.frame import SMALL, TITLE_END, foot, head, title
from bot.cards.letters import Face, box, rise
from bot.cards.lines import Block
from bot.cards.values import MarsYearDial

_ECCENTRICITY = 0.0934
_PERIHELION = 251.0
RADIUS = 208.0
MIDDLE = (862.0, 316.0)
_SEASONS = ("spring", "summer", "autumn", "winter")
_SEASON_REACH = 122.0
_ASIDE, _NEAR = 28.0, 32.0  #: degrees: so far the name of a season gives way where the hand is so near
_TINT = 0.1  #: how much of the accent the season has in which the day falls
_FIGURE, _LABEL, _UNIT, _NUMBER = Face(28), Face(SMALL), Face(42), Face(150, -0.02)
_CAPTION = Block(388, TITLE_END, room=430, lines=5, largest=60)


def draw_dial(card: MarsYearDial, canvas: Canvas) -> None:
    """The orbit with its months and seasons, a hand at the day; beside it the year in figures."""
    head(canvas, "Mars calendar")
    _year(canvas, card)
    title(canvas, card.caption, _CAPTION)
    _season(canvas, card.ls)
    _orbit(canvas)
    _hand(canvas, card.ls)
    for quarter, name in enumerate(_SEASONS):
        at = around(sun(), _SEASON_REACH, label_angle(quarter, card.ls))
        _centred(canvas, at, name, _LABEL)
    foot(canvas, card.date_text, card.sol)


def sun() -> Point:
    """Where the Sun stands: off the middle, toward the perihelion."""
    return around(MIDDLE, _ECCENTRICITY * RADIUS, _PERIHELION)


def on_orbit(ls: float) -> Point:
    """Where Mars is at an Ls: where the ray from the Sun meets the circle."""
    off, turned = _ECCENTRICITY * RADIUS, radians(ls - _PERIHELION)
    reach = -off * cos(turned) + sqrt(RADIUS**2 - (off * sin(turned)) ** 2)
    return around(sun(), reach, ls)


def _year(canvas: Canvas, card: MarsYearDial) -> None:
    number = str(card.mars_year)
    canvas.text((MARGIN, 164), "Mars year", _UNIT, fill=canvas.inks.text)
    x = MARGIN - box(number[0])[0] * _NUMBER.size
    canvas.text((x, 286), number, _NUMBER, fill=canvas.inks.accent)
    canvas.text((MARGIN, 342), f"Ls {card.ls:.0f}°, {card.season}", Face(34), fill=canvas.inks.text)


def _season(canvas: Canvas, ls: float) -> None:
    """The season in which the day falls, in a tint of the accent."""
    start = int(ls // 90) * 90
    edge = [on_orbit(start + step) for step in range(91)]
    tint = mixed(canvas.inks.paper, canvas.inks.accent, _TINT)
    canvas.area([sun(), *edge], fill=tint)


def _orbit(canvas: Canvas) -> None:
    """The circle, a tick at each month of 30 degrees, the quarters in figures, and the perihelion."""
    inks = canvas.inks
    for ls, anchor in ((0, 0.5), (90, 0), (180, 0.5), (270, 1)):
        canvas.line([sun(), on_orbit(ls)], width=1.5, fill=inks.hair)
        _beside(canvas, ls, f"{ls}°", anchor=anchor)
    for ls in range(0, 360, 30):
        edge = on_orbit(ls)
        canvas.line([edge, around(edge, 14, ls + 180)], width=3, fill=inks.text)
    canvas.ring(MIDDLE, RADIUS, width=3, fill=inks.text)
    canvas.disc(on_orbit(_PERIHELION), 7, fill=inks.text)
    _beside(canvas, _PERIHELION, "perihelion", anchor=1)


def _hand(canvas: Canvas, ls: float) -> None:
    at, inks = on_orbit(ls), canvas.inks
    canvas.line([sun(), at], width=5, fill=inks.accent)
    canvas.disc(sun(), 10, fill=inks.text)
    canvas.disc(at, 18, fill=inks.paper)
    canvas.disc(at, 14, fill=inks.accent)


def label_angle(quarter: int, ls: float) -> float:
    """Where the name of a season stands: in its middle, or where the hand is not, rather beside the hand than above it."""
    middle = 90 * quarter + 45
    level, steep = (
        (middle + _ASIDE, middle - _ASIDE) if quarter % 2 == 0 else (middle - _ASIDE, middle + _ASIDE)
    )
    if abs(ls - middle) > _NEAR:
        return middle
    return level if abs(ls - level) >= abs(ls - steep) else steep


def _beside(canvas: Canvas, ls: float, text: str, *, anchor: float) -> None:
    """A figure outside the circle, its edge or its middle next to it."""
    x, y = around(on_orbit(ls), 24, ls)
    lower = rise(_FIGURE) * (1 - cos(radians(ls))) / 2
    canvas.text((x, y + lower), text, _FIGURE, fill=canvas.inks.muted, anchor=anchor)


def _centred(canvas: Canvas, at: Point, text: str, face: Face) -> None:
    canvas.text((at[0], at[1] + rise(face) / 2), text, face, fill=canvas.inks.muted, anchor=0.5)
