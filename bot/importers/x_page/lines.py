"""The lines of a copied page: its head, and runs of text, media traces and quotation marks after it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from bot.contracts import FoundMedia
from bot.importers.x_page.words import straight

_HANDLE = re.compile(r"@\w{1,20}")
_POSTS = re.compile(r"(.+?)(?:'s?)? posts", re.IGNORECASE)
_LENGTH = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d\d")
_SPACES = re.compile(r"[\s\u200b\u200e\u200f\ufeff]+")
_REPLYING = re.compile(r"Replying to @\w.*")
_SIGNS = {"read image description": "D", "ALT": "A", "GIF": "G", "From": "F"}
_TRACED = re.compile(r"(?P<gif>G(?:DA|D|A)|(?:DA|D|A)G|G)|(?P<image>DA|D|A)|(?P<video>V)")

#: How far down a page's head is looked for.
_HEAD = 40


class Kind(StrEnum):
    """What a line of a page can be."""

    TEXT = "text"
    MEDIA = "media"
    QUOTE = "quote"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank, with its number in the page (from 1)."""

    number: int
    text: str
    kind: Kind

    @property
    def plain(self) -> str:
        """The text as it is looked at."""
        return plain(self.text)


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring lines of one kind."""

    kind: Kind
    lines: tuple[Line, ...]


def plain(text: str) -> str:
    """A text as it is looked at: one plain space for every stretch of spaces, plain quotation marks."""
    return _SPACES.sub(" ", straight(text)).strip()


def runs(page: str) -> Iterator[Run]:
    """The lines after a page's head as runs; ValueError where there is no such head."""
    lines = page.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    body = _body(lines, start=_end_of_head([plain(line) for line in lines[:_HEAD]]))
    for kind, group in groupby(body, key=lambda line: line.kind):
        yield Run(kind, tuple(group))


def _end_of_head(head: Sequence[str]) -> int:
    """How many lines the head takes: up to "NAME's posts", where NAME and a handle stood before."""
    for number, line in enumerate(head):
        found = _POSTS.fullmatch(line)
        above = head[:number]
        if found and found[1] in above and any(_HANDLE.fullmatch(other) for other in above):
            return number + 1
    raise ValueError(
        "this is no copy of a profile page: such a page begins with the account's name, its @handle, "
        "a few words about it, and a line such as `NAME's posts`"
    )


def _body(lines: Sequence[str], *, start: int) -> Iterator[Line]:
    before = ""
    for number, text in enumerate(lines[start:], start + 1):
        if shown := plain(text):
            yield Line(number, text, _kind(shown, before))
            before = shown


def _kind(shown: str, before: str) -> Kind:
    if shown == "From":
        return Kind.MEDIA if _LENGTH.fullmatch(before) else Kind.TEXT
    if shown in _SIGNS or _LENGTH.fullmatch(shown):
        return Kind.MEDIA
    if shown == "Quote":
        return Kind.QUOTE
    return Kind.REPLY if before == "Quote" and _REPLYING.fullmatch(shown) else Kind.TEXT


def media(lines: Sequence[Line]) -> tuple[FoundMedia, ...]:
    """What a run of traces tells; a description beside a GIF is the GIF's own, any other is a picture's."""
    signs = "".join(_SIGNS.get(line.plain, "V") for line in lines)
    lengths = iter([_seconds(line.plain) for line in lines if line.plain not in _SIGNS])
    return tuple(
        FoundMedia(kind, next(lengths) if kind == "video" else None)
        for kind in (str(match.lastgroup) for match in _TRACED.finditer(signs))
    )


def _seconds(length: str) -> int:
    total = 0
    for figures in length.split(":"):
        total = total * 60 + int(figures)
    return total
