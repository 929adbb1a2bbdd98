"""Pictures that the bot draws: the years since a day, a countdown, a chart of the sky, a dial of the Mars year.

A card is a plain value that holds all that is drawn and told. `draw` makes the picture and `alt` its alt text; `encode`
and `decode` keep a card as text, so that what was planned is what is shown, whatever became of the files it came from.
"""

from bot.cards.drawing import draw
from bot.cards.ink import THEMES, Theme
from bot.cards.make import KINDS, card_of, mission_of, suits
from bot.cards.values import (
    AnniversaryCard,
    Card,
    CountdownCard,
    Light,
    MarsYearDial,
    SkyChart,
    decode,
    encode,
)
from bot.cards.words import alt

__all__ = [
    "KINDS",
    "THEMES",
    "AnniversaryCard",
    "Card",
    "CountdownCard",
    "Light",
    "MarsYearDial",
    "SkyChart",
    "Theme",
    "alt",
    "card_of",
    "decode",
    "draw",
    "encode",
    "mission_of",
    "suits",
]
