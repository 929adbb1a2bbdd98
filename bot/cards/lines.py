"""Lines: texts broken where they have to be, as large as they can stand."""

from collections.abc import Iterator, Sequence
from math import floor

from msgspec import Struct

from bot.cards.letters import CAPITAL, Face, length

_DESCENT = 0.2  #: how far a p reaches below its line, in ems
_LEADING = 1.16  #: from line to line, in ems


class Block(Struct, frozen=True):
    """Where a text has room: between two heights, in so many lines at most; in pixels."""

    top: float
    bottom: float
    room: float  #: the longest line
    lines: int = 3
    largest: float = 76  #: size of its letters


def wrapped(text: str, face: Face, room: float) -> list[str]:
    """The text in lines, broken at spaces; a word longer than the room has a line that is too long."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and length(f"{lines[-1]} {word}", face) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def balanced(text: str, face: Face, room: float) -> list[str]:
    """The text in as few lines as it needs, of lengths as even as they can be."""
    lines = wrapped(text, face, room)
    narrow = room
    while narrow > room / 2 and len(closer := wrapped(text, face, narrow)) == len(lines):
        lines, narrow = closer, narrow - face.size / 4
    return lines


def fitted(text: str, sizes: Sequence[float], block: Block) -> tuple[Face, list[str]]:
    """The text at the largest of the sizes at which it fits into the block.

    What fits at none is set at the smallest, its last words left out.
    """
    for size in (each for each in sizes if each <= block.largest):
        face = Face(size)
        found = balanced(text, face, block.room)
        if len(found) <= _fit(face, block) and all(length(line, face) <= block.room for line in found):
            return face, found
    return face, _cut(text, face, block.room, max(_fit(face, block), 1))


def one_line(text: str, face: Face, room: float) -> str:
    """The text, or as much of it as has room on one line."""
    return _cut(text, face, room, 1)[0]


def leading(face: Face) -> float:
    """From line to line."""
    return face.size * _LEADING


def _fit(face: Face, block: Block) -> int:
    """How many lines have room in a block."""
    below = block.bottom - block.top - (CAPITAL + _DESCENT) * face.size
    return min(block.lines, floor(below / leading(face)) + 1)


def _cut(text: str, face: Face, room: float, lines: int) -> list[str]:
    words = [piece for word in text.split(" ") for piece in _pieces(word, face, room)]
    found = wrapped(" ".join(words), face, room)
    if len(found) <= lines:
        return found
    last = found[lines - 1]
    while last and length(f"{last}…", face) > room:
        last = last.rpartition(" ")[0] or last[:-1]
    return [*found[: lines - 1], f"{last}…"]


def _pieces(word: str, face: Face, room: float) -> Iterator[str]:
    """A word in pieces that each have room on a line."""
    while word:
        many = next((n for n in range(len(word), 1, -1) if length(word[:n], face) <= room), 1)
        yield word[:many]
        word = word[many:]
