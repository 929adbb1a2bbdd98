"""Letters: Pillow's own face, Aileron, set by hand, since nothing else is on every machine.

It has the ASCII letters, the degree sign, the acute, dots and curly quotes, and little more. Accents are put together from those, and so are
the other letters of Latin alphabets: none is ever changed into another. Dashes are drawn, and signs that have a plain spelling are spelt so.
Sizes and lengths are in pixels of the finished card.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_UNIT = 1_000  #: letters are measured at this size, so that no rounding shows
CAPITAL = 0.69  #: how high a capital stands, in ems
_ACUTE = "\N{ACUTE ACCENT}"
_DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"
#: What is drawn as a bar, in ems from its place on the line, downward: left, top, right, bottom.
_BARS = {
    "\N{EN DASH}": (0.03, -0.311, 0.53, -0.255),
    "\N{EM DASH}": (0.03, -0.311, 0.87, -0.255),
    "\N{MINUS SIGN}": (0.03, -0.311, 0.53, -0.255),
    _DOTLESS: (0.069, -0.53, 0.165, 0.0),
}
#: Letters made of others that are laid over each other: each with how far right and above its place, in ems, and how large.
_MADE = {
    "Ø": (("O", 0, 0, 1), ("/", 0.203, -0.041, 1.12)),
    "ø": (("o", 0, 0, 1), ("/", 0.164, -0.028, 0.85)),
    "Ł": (("L", 0, 0, 1), (_ACUTE, -0.137, -0.59, 1.5)),
    "ł": (("l", 0, 0, 1), (_ACUTE, -0.167, -0.53, 1.5)),
    "Đ": (("D", 0, 0, 1), ("-", -0.02, -0.06, 1.2)),
    "đ": (("d", 0, 0, 1), ("-", 0.316, 0.252, 1.3)),
    "Ħ": (("H", 0, 0, 1), ("\N{EM DASH}", 0.02, 0.25, 0.8)),
    "ħ": (("h", 0, 0, 1), ("-", -0.06, 0.252, 1.3)),
    "Æ": (("A", 0, 0, 1), ("E", 0.42, 0, 1), ("-", 0.28, 0.379, 1)),
    "æ": (("a", 0, 0, 1), ("e", 0.36, 0, 1)),
    "Œ": (("O", 0, 0, 1), ("E", 0.51, 0, 1)),
    "œ": (("o", 0, 0, 1), ("e", 0.44, 0, 1)),
    "Þ": (("I", 0, 0, 1), ("D", 0.03, 0.1, 0.7)),
    "þ": (("b", 0, 0, 1), ("p", 0, 0, 1)),
    "ß": (("I", 0, 0, 1), ("3", 0.13, 0, 1)),
}
#: How much room such a letter takes, in ems.
_ROOM = {"Æ": 1.007, "æ": 0.909, "Œ": 1.097, "œ": 0.989, "ß": 0.7, "Þ": 0.54}
#: What is written otherwise, since the face lacks it.
_SPELLINGS = str.maketrans({
    "Ð": "Đ", "ẞ": "ß", "\N{MULTIPLICATION SIGN}": "x", "½": "1/2", "€": "EUR ", "•": "·",
    "\N{PRIME}": "'", "″": '"', "„": '"', "\N{NON-BREAKING HYPHEN}": "-", "\N{HYPHEN}": "-", "\N{THIN SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}", "\N{SOFT HYPHEN}": None, "\N{ZERO WIDTH SPACE}": None,
    "\N{ZERO WIDTH JOINER}": None, "\N{VARIATION SELECTOR-16}": None,
})  # fmt: skip
_PRINTED = (
    frozenset(map(chr, range(0x20, 0x7F)))
    | frozenset("°´·…‘’“”±©«»™")  # noqa: RUF001 - these very signs
    | _BARS.keys()
    | _MADE.keys()
    | {"\N{NO-BREAK SPACE}"}
)
#: Each mark that stands above or below a letter: what it is made of, and how large.
_MARKS = {
    "\u0300": ("`", 0.9), "\u0301": (_ACUTE, 0.9), "\u0302": ("^", 0.5), "\u0303": ("~", 0.7), "\u0304": ("-", 1.0),
    "\u0306": ("u", 0.4), "\u0307": (".", 0.9), "\u0308": ("..", 0.8), "\u030a": ("°", 0.8), "\u030b": (_ACUTE * 2, 0.8),
    "\u030c": ("v", 0.36), "\u0326": (",", 0.8), "\u0327": (",", 0.8), "\u0328": (",", 0.8),
}  # fmt: skip
_BELOW = frozenset("\u0326\u0327\u0328")
#: Pairs that stand too far apart by themselves, and by how much, in thousandths of an em.
_KERNING = {
    pair: -closer
    for closer, pairs in (
        (16, "Av Ay Wa Va vo yo Ly"),
        (24, "Ve Vo We Wo ve"),
        (46, "Ta Tu Tr Ya AW WA FA PA r. r, y. y, v. v, w. w,"),
        (62, "AV VA To Te Tc Ye Yo P. P, F. F, 7. 7,"),
        (74, "AT TA AY YA T. T, V. V, W. W, Y. Y,"),
        (110, "LT LV LY"),
    )
    for pair in pairs.split()
}


class Face(Struct, frozen=True):
    """How large letters are, and how far apart."""

    size: float
    tracking: float = 0  #: ems between letters, besides their own room

    def shrunk(self, share: float) -> "Face":
        """The same, smaller."""
        return Face(self.size * share, self.tracking)


class Glyph(Struct, frozen=True):
    """One sign of the face on a line: from where, how far above the line, how large."""

    sign: str
    x: float
    rise: float
    size: float


@cache
def font(pixels: int) -> "FreeTypeFont":
    """The face at a size. Its layout is Pillow's basic one, which is the same on every machine."""
    from PIL import ImageFont  # noqa: PLC0415 - only cards need Pillow's letters

    found: FreeTypeFont = ImageFont.load_default(pixels)  # type: ignore[assignment]  # FreeType is part of Pillow
    return found


def plain(text: str) -> str:
    """The text as the face can spell it: letters with their marks behind them; `?` for what it lacks."""
    spelt = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).translate(_SPELLINGS))
    return "".join(each if _can_print(each) else "?" for each in spelt)


def lacking(text: str) -> str:
    """The letters of a text that cannot be drawn, each once, in its order."""
    spelt = unicodedata.normalize("NFD", text.translate(_SPELLINGS))
    return "".join(dict.fromkeys(each for each in spelt if not _can_print(each)))


def length(text: str, face: Face) -> float:
    """How wide a line of text is."""
    clusters = list(_clusters(plain(text)))
    ems = sum(_advance(each[0]) for each in clusters) + sum(_between(clusters))
    return (ems + face.tracking * max(len(clusters) - 1, 0)) * face.size


def glyphs(text: str, face: Face) -> Iterator[Glyph]:
    """The signs of one line from its beginning, marks and all."""
    clusters, at = list(_clusters(plain(text))), 0.0
    for cluster, closer in zip(clusters, (*_between(clusters), 0.0), strict=False):
        base = _under(cluster)
        for sign, right, up, share in _MADE.get(base, ((base, 0, 0, 1),)):
            yield Glyph(sign, (at + right) * face.size, up * face.size, share * face.size)
        for mark in cluster[1:]:
            yield _mark(base, mark, at, face)
        at += _advance(base) + closer + face.tracking


def rise(face: Face) -> float:
    """How high its capitals stand."""
    return face.size * CAPITAL


def _can_print(sign: str) -> bool:
    return sign in _PRINTED or sign in _MARKS


def _clusters(spelt: str) -> Iterator[str]:
    """Each letter with the marks that follow it."""
    cluster = ""
    for each in spelt:
        if cluster and each not in _MARKS:
            yield cluster
            cluster = ""
        cluster += each
    if cluster:
        yield cluster


def _under(cluster: str) -> str:
    """What carries the marks of a cluster: an i gives its dot away to what stands above it."""
    return _DOTLESS if cluster[0] == "i" and not _BELOW.issuperset(cluster[1:]) else cluster[0]


def is_bar(sign: str) -> bool:
    """Tell whether a sign is drawn as a filled box, since the face lacks it."""
    return sign in _BARS


def _between(clusters: Sequence[str]) -> list[float]:
    """What neighbours stand closer, in ems."""
    return [_KERNING.get(one[0] + other[0], 0) / _UNIT for one, other in pairwise(clusters)]


def _advance(sign: str) -> float:
    """How much room a sign takes, in ems."""
    if sign in _BARS:
        return _BARS[sign][2] + _BARS[sign][0]
    if sign in _MADE:
        return _ROOM.get(sign) or _advance(_MADE[sign][0][0])
    return _measured(" " if sign == "\N{NO-BREAK SPACE}" else sign)


@cache
def _measured(sign: str) -> float:
    return float(font(_UNIT).getlength(sign)) / _UNIT


@cache
def box(sign: str) -> tuple[float, float, float, float]:
    """Where a sign has ink, in ems from its place on the line, downward: left, top, right, bottom."""
    if sign in _BARS:
        return _BARS[sign]
    if sign in _MADE:
        return _around([_piece(*piece) for piece in _MADE[sign]])
    from PIL import Image, ImageDraw  # noqa: PLC0415 - as above

    sheet = Image.new("L", (3 * _UNIT, 3 * _UNIT))
    ImageDraw.Draw(sheet).text((_UNIT, 2 * _UNIT), sign, font=font(_UNIT), fill=255, anchor="ls")
    left, top, right, bottom = sheet.getbbox() or (_UNIT, 2 * _UNIT, _UNIT, 2 * _UNIT)
    return left / _UNIT - 1, top / _UNIT - 2, right / _UNIT - 1, bottom / _UNIT - 2


def _piece(sign: str, right: float, up: float, share: float) -> tuple[float, float, float, float]:
    left, top, end, bottom = (share * edge for edge in box(sign))
    return left + right, top - up, end + right, bottom - up


def _around(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _mark(base: str, mark: str, at: float, face: Face) -> Glyph:
    """A mark in the middle of its letter, just above or below it."""
    sign, share = _MARKS[mark]
    left, top, right, bottom = (share * edge for edge in box(sign))
    over, under = box(base), 0.025
    x = at + (over[0] + over[2]) / 2 - (left + right) / 2
    up = top - over[3] - under / 2 if mark in _BELOW else bottom - over[1] + under
    return Glyph(sign, x * face.size, up * face.size, share * face.size)
