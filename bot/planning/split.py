"""A text that is too long, as the parts of a thread.

A cut is made where there is space, or between two signs of a script that is written without; never within a link, a
word, an emoji, a mention or a hashtag. Where parts are numbered, `2/3` stands below each, on a line of its own.
"""

# ruff: noqa: RUF001 - unlike letters that look alike are the point

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import accumulate, pairwise
from math import inf
from operator import add
from typing import NamedTuple

from bot.model import Limits
from bot.planning.count import BYTES, graphemes, length
from bot.planning.links import addresses, links


class Numbering(Enum):
    """Whether the parts of a thread say which they are."""

    NONE = "split"
    BELOW = "numbered"  #: `2/3` on a line of its own below each part


#: What a cut costs, by what ends there; a part costs more than any of them but one amid a clause.
_PARAGRAPH, _LINE, _SENTENCE, _CLAUSE, _SPACE, _SIGNS = 0, 4, 6, 16, 40, 90
_PART, _UNEVEN, _ORPHAN = 30, 16, 150
_NAMED = 40  #: letters of a word that is told of
_SHORT = 1 / 8  #: of a part's room: a single word no longer than that is an orphan

_SPACE_SIGNS = r"[^\S\u00a0\u2007\u202f]"  # where a space that must not break stands, none is cut
_WORD = re.compile(rf"(\s*(?:(?!{_SPACE_SIGNS}).)+)({_SPACE_SIGNS}*)", re.DOTALL)
#: Signs of scripts that are written without spaces: ideographs, kana, and their punctuation.
_IDEOGRAPH = re.compile(
    "[\u2e80-\u303f\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40"
    "\uff5b-\uff9f\U00020000-\U0003ffff]"
)
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
#: What begins no line in such a script, and what ends none.
_NOT_FIRST = frozenset(
    "、。〃々〉》」』】〕〗〙〛〜〞〟ぁぃぅぇぉっゃゅょゎゕゖ゙゚゛゜ゝゞ゠・ーヽヾ！）％，．：；？］｝～｡｣､･"
)
_NOT_LAST = frozenset("〈《「『【〔〖〘〚〝＃＄（＠［｛｢")
_CLOSERS = "\"')]}*_»’”」』）】》"
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")
_CLAUSE_ENDS = (",", ";", ":", "–", "—", "、", "，", "；", "：", "،", "؛")
_ABBREVIATION = re.compile(
    r"\W*(?:(?:\w\.)*\w|approx|ca|capt|cf|co|col|dr|etc|ft|gen|inc|jr|lt|mr|mrs|ms|mt|no|nr|prof|sgt|sr|st|vs)\.",
    re.IGNORECASE,
)
_TAG = re.compile(r"\{@[\w-]+\}|[@#＠＃][\w.@-]*\w")


class Uncut(ValueError):  # noqa: N818 - reads as what it is
    """A word or link that no part has room for; the message is a sentence."""

    def __init__(self, message: str, piece: str) -> None:
        self.piece = piece
        super().__init__(message)


class _Piece(NamedTuple):
    """A stretch of text that stays whole, and the space behind it."""

    text: str
    gap: str


class _Room(NamedTuple):
    """How much fits into a part."""

    length: int | None
    bytes: int | None

    def less(self, length: int, size: int) -> "_Room":
        """The room that is left once so much is taken."""
        return _Room(
            None if self.length is None else self.length - length,
            None if self.bytes is None else self.bytes - size,
        )


def split(
    text: str, limits: Limits, *, numbering: Numbering = Numbering.NONE, taken: int = 0
) -> tuple[str, ...]:
    """The text in as many parts as it needs, one where it fits as it is.

    `taken` is how much of the first part's room something else needs, as the network counts. Joined with the space
    that stood at the cuts, the parts are the text again. Uncut names a word or link that no part has room for.
    """
    (parts,) = thread([text], limits, numbering=numbering, taken=taken)
    return parts


def thread(
    texts: Sequence[str], limits: Limits, *, numbering: Numbering = Numbering.NONE, taken: int = 0
) -> tuple[tuple[str, ...], ...]:
    """The parts that each text makes; numbers go on from one text to the next. Otherwise as `split`."""
    whole = _Room(limits.text, limits.text_bytes)
    if all(
        _fits(text, limits, room) for text, room in zip(texts, _rooms(whole, taken, len(texts)), strict=True)
    ):
        return tuple((text,) for text in texts)
    if numbering is Numbering.NONE:
        return _divided(texts, limits, whole, taken)
    digits = 1
    while True:
        number = len("\n/") + 2 * digits
        found = _divided(texts, limits, whole.less(number, number), taken)
        if (parts := sum(map(len, found))) < 10**digits:
            return _numbered(found, parts)
        digits += 1


def _numbered(texts: tuple[tuple[str, ...], ...], parts: int) -> tuple[tuple[str, ...], ...]:
    numbers = iter(range(1, parts + 1))
    return tuple(tuple(f"{part}\n{next(numbers)}/{parts}".lstrip("\n") for part in text) for text in texts)


def _divided(texts: Sequence[str], limits: Limits, whole: _Room, taken: int) -> tuple[tuple[str, ...], ...]:
    rooms = _rooms(whole, taken, len(texts))
    return tuple(_parts(text, limits, room, whole) for text, room in zip(texts, rooms, strict=True))


def _rooms(whole: _Room, taken: int, texts: int) -> list[_Room]:
    """The room of the first part of each text."""
    return [whole.less(taken, BYTES * taken), *[whole] * (texts - 1)][:texts]


def _fits(text: str, limits: Limits, room: _Room) -> bool:
    is_short = room.length is None or length(text, limits) <= room.length
    return is_short and (room.bytes is None or _bytes(text) <= room.bytes)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _parts(text: str, limits: Limits, first: _Room, others: _Room) -> tuple[str, ...]:
    if _fits(text, limits, first):
        return (text,)
    pieces = _pieces(text)
    cuts = _Cuts(pieces, limits, first, others).best()
    return tuple(_joined(pieces[start:end]) for start, end in pairwise([0, *cuts, len(pieces)]))


def _joined(pieces: Sequence[_Piece]) -> str:
    return "".join(f"{piece.text}{piece.gap}" for piece in pieces[:-1]) + pieces[-1].text


def _pieces(text: str) -> list[_Piece]:
    """The text in stretches that stay whole, each with the space behind it."""
    ends, kept = _ends(text), _kept(text)
    found, start = [], 0
    for word in _WORD.finditer(text):
        # A mark that stands on the space makes one sign with it.
        if word.end() in ends:
            within = range(start + 1, word.end(1))
            cuts = [start, *(at for at in within if at in ends and _is_between_signs(text, at, kept))]
            found += [_Piece(text[one:other], "") for one, other in pairwise(cuts)]
            found.append(_Piece(text[cuts[-1] : word.end(1)], word[2]))
            start = word.end()
    return found or [_Piece(text, "")]


def _ends(text: str) -> set[int]:
    """Every place in a text where one sign, as people see it, ends."""
    return set(accumulate(map(len, graphemes(text))))


def _kept(text: str) -> set[int]:
    """The places within links, mentions and hashtags."""
    spans = [*links(text), *addresses(text), *(found.span() for found in _TAG.finditer(text))]
    return {place for start, end in spans for place in range(start + 1, end)}


def _is_between_signs(text: str, at: int, kept: set[int]) -> bool:
    """Tell whether a script without spaces lets a line end here."""
    last, first = text[at - 1], text[at]
    return (
        bool(_IDEOGRAPH.match(last) and _IDEOGRAPH.match(first))
        and not (_KATAKANA.match(last) and _KATAKANA.match(first))
        and last not in _NOT_LAST
        and first not in _NOT_FIRST
        and at not in kept
    )


class _Cuts:
    """The best places to cut a text, of all that there are."""

    def __init__(self, pieces: Sequence[_Piece], limits: Limits, first: _Room, others: _Room) -> None:
        self._pieces, self._first, self._others = pieces, first, others
        # Pieces are measured each by itself: no sign, link or mention goes over their ends, so together they are no
        # longer than that.
        sizes = [length(each.text, limits) for each in pieces]
        gaps = [length(each.gap, limits) for each in pieces]
        self._begins = list(accumulate(map(add, sizes, gaps), initial=0))  #: what comes before each piece
        self._ends = list(map(add, self._begins, sizes))  #: the same, and the piece
        sizes = [_bytes(each.text) for each in pieces]
        gaps = [_bytes(each.gap) for each in pieces]
        self._byte_begins = list(accumulate(map(add, sizes, gaps), initial=0))
        self._byte_ends = list(map(add, self._byte_begins, sizes))

    def best(self) -> list[int]:
        """After how many pieces to cut, each time. Uncut names a piece that no part has room for."""
        ways = [(0.0, 0)]
        for end in range(1, len(self._pieces) + 1):
            ways.append(min(self._ways(end, ways), default=(inf, 0)))
        if ways[-1][0] == inf:
            raise self._fault()
        cuts = [ways[-1][1]]
        while cuts[-1]:
            cuts.append(ways[cuts[-1]][1])
        return cuts[-2::-1]

    def _ways(self, end: int, ways: Sequence[tuple[float, int]]) -> Iterator[tuple[float, int]]:
        """What it costs that a part ends here, by where it begins."""
        cut = _PART + (_cost(self._pieces[end - 1], self._pieces[end].text) if end < len(self._pieces) else 0)
        for start in range(end - 1, -1, -1):
            share = self._share(start, end, self._others)
            if share > 1:
                return
            if start == 0 and (share := self._share(start, end, self._first)) > 1:
                return
            orphan = _ORPHAN if end - start == 1 and share < _SHORT else 0
            yield ways[start][0] + cut + orphan + _UNEVEN * share * share, start

    def _share(self, start: int, end: int, room: _Room) -> float:
        """How much of a room the part of these pieces takes, by the nearer of its bounds: 1 is all of it."""
        signs = _portion(self._ends[end - 1] - self._begins[start], room.length)
        return max(signs, _portion(self._byte_ends[end - 1] - self._byte_begins[start], room.bytes))

    def _fault(self) -> Uncut:
        """Which piece is too long; the first, where it would fit into any part but the first."""
        places = range(len(self._pieces))
        wide = next((at for at in places if self._share(at, at + 1, self._others) > 1), None)
        at, room = (0, self._first) if wide is None else (wide, self._others)
        size = self._ends[at] - self._begins[at]
        if room.length is None or size <= room.length:
            have, most = f"{self._byte_ends[at] - self._byte_begins[at]} bytes", room.bytes
        else:
            have, most = str(size), room.length
        piece = self._pieces[at].text
        return Uncut(f"{_named(piece)} is {have} long, where {most} fit, and is never cut", piece)


def _named(piece: str) -> str:
    return f'"{piece}"' if len(piece) <= _NAMED else f'"{piece[:_NAMED]}…"'


def _portion(have: int, most: int | None) -> float:
    if most is None:
        return 0
    return have / most if most > 0 else inf


def _cost(piece: _Piece, after: str) -> int:
    """How much it disturbs to cut behind a piece."""
    if "\n" in piece.gap:
        return _PARAGRAPH if piece.gap.count("\n") > 1 else _LINE
    said = piece.text.rstrip(_CLOSERS)
    if said.endswith(_SENTENCE_ENDS) and not after[:1].islower() and not _ABBREVIATION.fullmatch(said):
        return _SENTENCE
    if said.endswith(_CLAUSE_ENDS):
        return _CLAUSE
    return _SPACE if piece.gap else _SIGNS
