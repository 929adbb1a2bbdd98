"""Cards with one great number: the years since a day, the days until one."""

from bot.cards.canvas import MARGIN, WIDTH, Canvas
from bot.cards.circle import around
from bot.cards.frame import HEAD, ROOM, TITLE_END, foot, head, rule, title
from bot.cards.letters import Face, box, length
from bot.cards.lines import Block, one_line
from bot.cards.values import AnniversaryCard, CountdownCard
from bot.cards.words import kicker, years_ago
from bot.model import Tone

_LINE = 322.0  #: the line on which the number stands
_RULE = 360.0
_TITLE = Block(_RULE + 38, TITLE_END, ROOM)
_ALONE = Block(HEAD + 84, TITLE_END, ROOM)  #: of a title without a number
_NUMBER = Face(276, -0.02)
_WORD = 0.8  #: how large a word is where a number could be: it reaches below the line
_UNIT = Face(54)
_BESIDE = 28.0  #: pixels between a number and its unit
_RADIUS = 104.0  #: of the ring on the right
_RING = (WIDTH - MARGIN - _RADIUS, 226.0)
_NUMBER_ROOM = _RING[0] - _RADIUS - 48 - MARGIN
_MOST_TICKS = 120
_TEN = 10
#: How many beads a ring can have for what is counted in a unit.
_WHOLES = {"hour": (24, 48), "minute": (60,)}
_DAYS = (30, 60, 100)
_CLOSED = 100  #: of more, single beads could not be told apart


def draw_anniversary(card: AnniversaryCard, canvas: Canvas) -> None:
    """So many years, of what, when and where; around the ring a tick for each of the years."""
    head(canvas, kicker(card), card.mission)
    if card.years is None:
        rule(canvas, HEAD + 34)
        title(canvas, card.title, _ALONE)
    else:
        _number(canvas, str(card.years), years_ago(card))
        rule(canvas, _RULE)
        title(canvas, card.title, _TITLE)
        if card.tone is not Tone.REMEMBRANCE:
            _ticks(canvas, card.years)
    foot(canvas, card.date_text, card.place)


def draw_countdown(card: CountdownCard, canvas: Canvas) -> None:
    """How long it still is; around the ring what is left is filled in."""
    head(canvas, "Countdown")
    _number(canvas, card.left_text, f"{card.unit} to go" if card.unit else "")
    rule(canvas, _RULE)
    title(canvas, card.title, _TITLE)
    _beads(canvas, card.left, whole(card))
    foot(canvas, card.when_text, card.place)


def whole(card: CountdownCard) -> int:
    """Of how many what is left is a part: the beads of its ring; 0 once it has come."""
    wholes = _WHOLES.get(card.unit.removesuffix("s"), _DAYS) if card.left else (0,)
    return next((count for count in wholes if card.left <= count), card.left)


def _number(canvas: Canvas, number: str, unit: str) -> None:
    unit = one_line(unit, _UNIT, _NUMBER_ROOM / 2)
    beside = length(unit, _UNIT) + _BESIDE if unit else 0
    face, line = (_NUMBER, _LINE) if number[0].isdigit() else (_NUMBER.shrunk(_WORD), _LINE - 28)
    if (wide := length(number, face)) > _NUMBER_ROOM - beside:
        face = face.shrunk((_NUMBER_ROOM - beside) / wide)
    # A figure has air on its left: its ink is what stands on the margin.
    x = MARGIN - box(number[0])[0] * face.size
    long = canvas.text((x, line), number, face, fill=canvas.inks.accent)
    canvas.text((x + long + _BESIDE, _LINE), unit, _UNIT, fill=canvas.inks.text)


def _ticks(canvas: Canvas, years: int) -> None:
    """One tick a year around a ring, each tenth longer, the last in full; of too many only the ring."""
    inks = canvas.inks
    if years > _MOST_TICKS:
        canvas.ring(_RING, _RADIUS - 3, width=6, fill=inks.accent)
        return
    for year in range(1, years):
        inner = _RADIUS - (32 if year % _TEN == 0 else 20)
        ends = [around(_RING, reach, 360 * year / years) for reach in (inner, _RADIUS - 1)]
        canvas.line(ends, width=3, fill=inks.muted)
    canvas.line([around(_RING, reach, 0) for reach in (_RADIUS - 46, _RADIUS)], width=6, fill=inks.accent)


def _beads(canvas: Canvas, left: int, count: int) -> None:
    """One bead for each of the whole, those that are left in full; once it has come, the full disc."""
    inks = canvas.inks
    if not count:
        canvas.disc(_RING, _RADIUS, fill=inks.accent)
    elif count > _CLOSED:
        canvas.ring(_RING, _RADIUS - 9, width=18, fill=inks.accent)
    else:
        size = min(13.0, 2.2 * _RADIUS / count)
        for number in range(count):
            at = around(_RING, _RADIUS - size, 360 * number / count)
            canvas.disc(at, size, fill=inks.accent if number < left else inks.hair)
