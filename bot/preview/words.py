"""Text made fit to be shown: no control characters, measured in the cells of a terminal."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from regex import Pattern

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Each of these is seen, is a glyph of its own and fills one cell; of most texts there is no more to know.
_PLAIN = re.compile("[ -~\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e]*")
# Unseen characters: left alone they can turn round the rest of a line. Those that build emoji and scripts stay.
_UNSEEN = r"(?V1)[\p{Cf}--[\u200c\u200d\U000E0020-\U000E007F]]"
_GLYPH = r"\X"


def clean(text: str) -> str:
    """The text with plain line ends and without control characters."""
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """The text on one line, its white space made single spaces."""
    line = " ".join(clean(text).split())
    return line if _PLAIN.fullmatch(line) else " ".join(_compiled(_UNSEEN).sub("", line).split())


def shorten(text: str, cells: int) -> str:
    """The text in at most so many cells; what does not fit gives way to `…`, never half of a glyph.

    A word is cut only where leaving it out would waste more than ten cells.
    """
    if cell_len(text) <= cells:
        return text
    head = _head(text, cells - 1)
    space = head.rfind(" ", max(len(head) - 10, 1))
    is_mid_word = text[len(head) :][:1] != " "
    return (head[:space] if is_mid_word and space > 0 else head).rstrip() + "…"


def pad(text: str, cells: int) -> str:
    """The text with spaces behind it up to so many cells."""
    return text + " " * (cells - cell_len(text))


def wrap(text: str, cells: int) -> list[str]:
    """The text in lines of at most so many cells, broken at spaces where there are any."""
    lines: list[str] = []
    for piece in _pieces(text, cells):
        if lines and cell_len(lines[-1]) + 1 + cell_len(piece) <= cells:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    return lines


def flow(items: list[str], cells: int) -> list[str]:
    """Items with dots between them, in lines of at most so many cells, no item broken."""
    lines: list[str] = []
    for item in items:
        joined = f"{lines[-1]} · {item}" if lines else item
        lines[-1:] = [joined] if cell_len(joined) <= cells else [*lines[-1:], item]
    return lines


def _pieces(text: str, cells: int) -> Iterator[str]:
    for word in text.split():
        left = word
        while left:
            # A glyph wider than the line gets a line all the same.
            head = _head(left, cells) or _compiled(_GLYPH).findall(left)[0]
            yield head
            left = left[len(head) :]


def _head(text: str, cells: int) -> str:
    if _PLAIN.fullmatch(text, 0, cells + 1):
        return text[:cells]
    taken = 0
    for glyph in _compiled(_GLYPH).finditer(text):
        taken += cell_len(glyph[0])
        if taken > cells:
            return text[: glyph.start()]
    return text


@cache
def _compiled(pattern: str) -> "Pattern[str]":
    import regex  # noqa: PLC0415 - only texts that are not plain need it, and it costs start-up time

    return regex.compile(pattern)
