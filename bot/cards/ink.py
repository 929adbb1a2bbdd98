"""Colours: one red on warm paper by day, a lighter one on near-black by night; grey alone where people are remembered."""

from typing import Literal

from msgspec import Struct

from bot.model import Tone

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
Colour = tuple[int, int, int]


class Inks(Struct, frozen=True):
    """The colours of one card."""

    paper: Colour
    text: Colour
    muted: Colour  #: of what is read second
    accent: Colour
    hair: Colour  #: of rules and grids, which nobody reads
    moon: Colour  #: of its lit part
    shade: Colour  #: of the rest of it


_INKS: dict[tuple[Theme, bool], Inks] = {
    ("light", False): Inks(
        (251, 247, 240),
        (29, 26, 23),
        (98, 90, 81),
        (179, 38, 30),
        (214, 205, 192),
        (255, 255, 255),
        (74, 68, 62),
    ),
    ("dark", False): Inks(
        (20, 18, 16),
        (243, 238, 230),
        (171, 162, 151),
        (255, 138, 117),
        (66, 60, 54),
        (250, 244, 230),
        (58, 53, 48),
    ),
    ("light", True): Inks(
        (247, 247, 247),
        (20, 20, 20),
        (88, 88, 88),
        (20, 20, 20),
        (205, 205, 205),
        (255, 255, 255),
        (70, 70, 70),
    ),
    ("dark", True): Inks(
        (17, 17, 17),
        (240, 240, 240),
        (166, 166, 166),
        (240, 240, 240),
        (62, 62, 62),
        (245, 245, 245),
        (58, 58, 58),
    ),
}


#: Below so much light WCAG takes the scale for a straight line.
_DARK = 0.04045


def inks(theme: Theme, tone: Tone) -> Inks:
    """The colours of a theme; those of a remembrance are black, white and grey."""
    return _INKS[theme, tone is Tone.REMEMBRANCE]


def contrast(one: Colour, other: Colour) -> float:
    """How far two colours stand apart, from 1 to 21, as the W3C's WCAG 2.2 reckons it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(each / 255) for each in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= _DARK else ((share + 0.055) / 1.055) ** 2.4
