"""What all cards share: the line at the head, the rule, the title, the line at the foot."""

from bot.cards.canvas import HEIGHT, MARGIN, WIDTH, Canvas
from bot.cards.ink import Colour
from bot.cards.letters import Face, rise
from bot.cards.lines import Block, fitted, leading, one_line

#: The smallest that anything is set: legible where a card is shown 360 pixels wide.
SMALL = 30.0
ROOM = WIDTH - 2 * MARGIN
FOOT = HEIGHT - MARGIN  #: the line on which the last text stands
HEAD = MARGIN + 20  #: the line on which the first text stands
_KICKER = Face(27, 0.13)
_TITLES = (76.0, 71.0, 66.0, 60.0, 54.0, 48.0, 42.0, 36.0, 30.0)
TITLE_END = FOOT - 50
_GAP = 40.0
_LEAST = 160.0  #: pixels: in less, nothing can be read that was cut short


def head(canvas: Canvas, kicker: str, beside: str = "") -> None:
    """The line at the head, in capitals: what the card is, and on the right whose it is."""
    _both_ends(canvas, HEAD, (kicker.upper(), canvas.inks.accent), beside.upper(), _KICKER)


def foot(canvas: Canvas, left: str, right: str = "") -> None:
    """The line at the foot: when, and on the right where."""
    _both_ends(canvas, FOOT, (left, canvas.inks.text), right, Face(SMALL))


def rule(canvas: Canvas, y: float) -> None:
    """A thin rule from margin to margin."""
    canvas.block((MARGIN, y), (ROOM, 2), fill=canvas.inks.hair)


def title(canvas: Canvas, text: str, block: Block) -> None:
    """A title as large as it can stand in its block, from the left margin and the block's upper edge on."""
    face, lines = fitted(text, _TITLES, block)
    for number, line in enumerate(lines):
        y = block.top + rise(face) + number * leading(face)
        canvas.text((MARGIN, y), line, face, fill=canvas.inks.text)


def _both_ends(canvas: Canvas, line: float, left: tuple[str, Colour], right: str, face: Face) -> None:
    """A text at each end of a line, the right one in what room the left one leaves it."""
    text, ink = left
    taken = canvas.text((MARGIN, line), one_line(text, face, ROOM), face, fill=ink)
    room = ROOM - taken - _GAP
    if right and room >= _LEAST:
        canvas.text(
            (WIDTH - MARGIN, line), one_line(right, face, room), face, fill=canvas.inks.muted, anchor=1
        )
