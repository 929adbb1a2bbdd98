"""What all cards share: the line at the head, the rule, the title, the line at the foot."""

from bot.cards.canvas import HEIGHT, MARGIN, WIDTH, Canvas, Point
from bot.cards.letters import Face, length, rise
from bot.cards.lines import Block, fitted, leading

#: The smallest that anything is set: legible where a card is shown 360 pixels wide.
SMALL = 30.0
ROOM = WIDTH - 2 * MARGIN
FOOT = HEIGHT - MARGIN  #: the line on which the last text stands
HEAD = MARGIN + 20  #: the line on which the first text stands
_KICKER = Face(27, 0.13)
_TITLES = (76.0, 71.0, 66.0, 60.0, 54.0, 48.0, 42.0, 36.0, 30.0)
TITLE_END = FOOT - 50
_GAP = 40.0


def head(canvas: Canvas, kicker: str, beside: str = "") -> None:
    """The line at the head, in capitals: what the card is, and on the right whose it is."""
    inks, edge = canvas.inks, WIDTH - MARGIN
    long = canvas.text((MARGIN, HEAD), kicker.upper(), _KICKER, fill=inks.accent)
    _beside(canvas, (edge, HEAD), beside.upper(), _KICKER, room=ROOM - long - _GAP)


def foot(canvas: Canvas, left: str, right: str = "") -> None:
    """The line at the foot: when, and on the right where."""
    face = Face(SMALL)
    long = canvas.text((MARGIN, FOOT), left, face, fill=canvas.inks.text)
    _beside(canvas, (WIDTH - MARGIN, FOOT), right, face, room=ROOM - long - _GAP)


def rule(canvas: Canvas, y: float) -> None:
    """A thin rule from margin to margin."""
    canvas.block((MARGIN, y), (ROOM, 2), fill=canvas.inks.hair)


def title(canvas: Canvas, text: str, block: Block) -> None:
    """A title as large as it can stand in its block, from the left margin and the block's upper edge on."""
    face, lines = fitted(text, _TITLES, block)
    for number, line in enumerate(lines):
        y = block.top + rise(face) + number * leading(face)
        canvas.text((MARGIN, y), line, face, fill=canvas.inks.text)


def _beside(canvas: Canvas, at: Point, text: str, face: Face, *, room: float) -> None:
    """What stands on the right, left out where there is no room for all of it."""
    if length(text, face) <= room:
        canvas.text(at, text, face, fill=canvas.inks.muted, anchor=1)
