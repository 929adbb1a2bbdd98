"""A card as a picture."""

from bot.cards.canvas import Canvas
from bot.cards.dial import draw_dial
from bot.cards.ink import Theme, inks
from bot.cards.numbers import draw_anniversary, draw_countdown
from bot.cards.sky_chart import draw_sky
from bot.cards.values import AnniversaryCard, Card, CountdownCard, SkyChart


def draw(card: Card, theme: Theme = "light") -> bytes:
    """The card as a PNG of 1200 by 675 pixels; the same card and theme give the same bytes each time."""
    canvas = Canvas(inks(theme, card.tone))
    if isinstance(card, AnniversaryCard):
        draw_anniversary(card, canvas)
    elif isinstance(card, CountdownCard):
        draw_countdown(card, canvas)
    elif isinstance(card, SkyChart):
        draw_sky(card, canvas)
    else:
        draw_dial(card, canvas)
    return canvas.png()
