"""Texts that stand divided in a file, replaced where they stand: all around them keeps its bytes."""

import re
from collections.abc import Sequence

from bot.corpus.read import DIVIDER
from bot.corpus.write import quoted

#: A line with its end, as reading tells lines apart.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def lines_of(raw: str) -> list[str]:
    """The lines of a text, each with its own end, whatever that is."""
    return _LINE.findall(raw)


def replaced(raw: str, before: Sequence[str], after: Sequence[str], *, end: str) -> str:
    """Divided texts that say `before`, made to say `after`, which is as many; new lines get the given end.

    A text that stays keeps every byte, as do the dividers and the space around each text.
    """
    pieces = _pieces(raw)
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            pieces[2 * number] = _with_text(pieces[2 * number], new, end=end)
            if number and not pieces[2 * number - 1].endswith(("\r", "\n")):
                pieces[2 * number - 1] += end
    return "".join(pieces)


def _pieces(raw: str) -> list[str]:
    """The texts with the space around them, and between each two their divider."""
    pieces = [""]
    for line in lines_of(raw):
        if DIVIDER.fullmatch(line.rstrip("\r\n")):
            pieces += [line, ""]
        else:
            pieces[-1] += line
    return pieces


def _with_text(piece: str, text: str, *, end: str) -> str:
    """A piece that says the text, with the space that stood around the old one."""
    written = quoted(text).replace("\n", end)
    if core := piece.strip():
        start = piece.index(core)
        return piece[:start] + written + piece[start + len(core) :]
    *blank, last = lines_of(piece) or [end]
    return "".join(blank) + written + last
