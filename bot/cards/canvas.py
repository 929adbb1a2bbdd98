"""A sheet to draw on: everything three times as large, brought down at the end, so that every edge is smooth.

Lengths are pixels of the finished card, from its upper left corner; angles are degrees clockwise from straight up.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO

from bot.cards.ink import Colour, Inks
from bot.cards.letters import Face, box, font, glyphs, is_bar, length

WIDTH, HEIGHT = 1200, 675
MARGIN = 64
_SCALE = 3

Point = tuple[float, float]


class Canvas:
    """A card while it is drawn."""

    def __init__(self, inks: Inks) -> None:
        from PIL import Image, ImageDraw  # noqa: PLC0415 - Pillow costs start-up time

        self.inks = inks
        self._sheet = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), inks.paper)
        self._pen = ImageDraw.Draw(self._sheet)

    def png(self) -> bytes:
        """The card as a PNG file, without a date or any other trace."""
        file = BytesIO()
        self._sheet.reduce(_SCALE).save(file, "PNG", compress_level=6)
        return file.getvalue()

    def disc(self, at: Point, radius: float, *, fill: Colour) -> None:
        """A filled circle."""
        self._pen.ellipse(self._round(at, radius), fill=fill)

    def ring(self, at: Point, radius: float, *, width: float, fill: Colour) -> None:
        """The edge of a circle; its middle lies on the radius."""
        self._pen.ellipse(self._round(at, radius + width / 2), outline=fill, width=round(width * _SCALE))

    def line(self, points: Iterable[Point], *, width: float, fill: Colour) -> None:
        """A line through all the points."""
        path = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._pen.line(path, fill=fill, width=round(width * _SCALE), joint="curve")

    def area(self, points: Iterable[Point], *, fill: Colour) -> None:
        """What the points enclose."""
        self._pen.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=fill)

    def block(self, at: Point, size: Point, *, fill: Colour) -> None:
        """A filled rectangle from its upper left corner."""
        (x, y), (wide, high) = at, size
        edges = [round(edge * _SCALE) for edge in (x, y, x + wide, y + high)]
        right, lower = max(edges[2] - 1, edges[0]), max(edges[3] - 1, edges[1])
        self._pen.rectangle((edges[0], edges[1], right, lower), fill=fill)

    def text(self, at: Point, text: str, face: Face, *, fill: Colour, anchor: float = 0) -> float:
        """A line of text on its baseline, and how long it is.

        The anchor is the share of it that lies left of the point: 0 to begin there, 0.5 centred, 1 to end there.
        """
        long = length(text, face)
        x, y = at[0] - anchor * long, at[1]
        for glyph in glyphs(text, face):
            self._sign(glyph.sign, (x + glyph.x, y - glyph.rise), glyph.size, fill)
        return long

    def _sign(self, sign: str, at: Point, size: float, fill: Colour) -> None:
        x, y = at
        if is_bar(sign):
            left, top, right, bottom = (size * edge for edge in box(sign))
            self.block((x + left, y + top), (right - left, bottom - top), fill=fill)
        else:
            face = font(max(round(size * _SCALE), 1))
            self._pen.text((x * _SCALE, y * _SCALE), sign, font=face, fill=fill, anchor="ls")

    def _round(self, at: Point, radius: float) -> Sequence[float]:
        (x, y), edge = at, radius
        return [(x - edge) * _SCALE, (y - edge) * _SCALE, (x + edge) * _SCALE - 1, (y + edge) * _SCALE - 1]
