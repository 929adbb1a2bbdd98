"""Posts as they stand in a copied page: which lines, which media, which quotation."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.contracts import FoundMedia
from bot.importers.x_page.bounds import Stretch
from bot.importers.x_page.lines import Kind, Line, Run, media
from bot.importers.x_page.words import straight

#: Names, and the "I" of one who speaks for herself, stand in quotations only: so a quoted text is known from a post.
_OTHER_VOICE = re.compile(r"(?<!\w)@\w{2,}|\bI(?:'(?:m|ve|ll|d))?\b")


@dataclass(frozen=True, slots=True)
class Find:
    """One post as it stands in the page."""

    lines: tuple[Line, ...] = ()  #: all of them, media and quotation too
    words: tuple[Line, ...] = ()  #: those of its own text
    media: tuple[FoundMedia, ...] = ()
    quote: str | None = None  #: the quoted text; empty where the copy lost it
    is_sure: bool = True  #: no bound of it is a guess

    @property
    def text(self) -> str:
        """Its own words, exactly as they stand there."""
        return _joined(self.words)


def finds(runs: Iterable[Run]) -> tuple[Find, ...]:
    """Every post in the runs of a page; each of their lines is in exactly one of them."""
    found: list[Find] = []
    for run, following in pairwise((*runs, Run(Kind.TEXT, ()))):
        last = found.pop() if found else Find()
        found.extend(find for find in _after(last, run, following=following.kind) if find.lines)
    return tuple(found)


def _after(last: Find, run: Run, *, following: Kind) -> Iterable[Find]:
    """The last post once a run is read, and the posts that begin in this run."""
    match run.kind:
        case Kind.MEDIA:
            return (_with_media(last, run),)
        case Kind.QUOTE | Kind.REPLY if run.kind is Kind.REPLY or last.quote is None:
            return (replace(last, lines=last.lines + run.lines, quote=""),)
        case Kind.QUOTE:
            return (last, Find(run.lines, quote=""))
        case _:
            is_held = following is not Kind.TEXT
            return _with_text(last, run, is_held=is_held)


def _with_media(last: Find, run: Run) -> Find:
    """Media before "Quote" are the post's own, those after it the quotation's."""
    own = media(run.lines) if last.quote is None else ()
    return replace(last, lines=last.lines + run.lines, media=last.media + own)


def _with_text(last: Find, run: Run, *, is_held: bool) -> Iterator[Find]:
    if last.quote == "":
        quoted, *others = _cut(run.lines, is_held=is_held, is_quoted=True)
        if _is_quotation(last, quoted):
            yield replace(
                last,
                lines=last.lines + quoted.lines,
                quote=quoted.text,
                is_sure=last.is_sure and quoted.is_sure,
            )
            yield from others
            return
        last = replace(last, is_sure=False)
    first, *others = _cut(run.lines, is_held=is_held, is_quoted=False)
    yield last
    yield replace(first, is_sure=first.is_sure and last.quote != "")
    yield from others


def _cut(lines: Sequence[Line], *, is_held: bool, is_quoted: bool) -> Iterator[Find]:
    stretch = Stretch(tuple(line.plain for line in lines), is_held, is_quoted)
    for piece in stretch.pieces():
        words = tuple(lines[piece.start : piece.end])
        yield Find(words, words, is_sure=piece.is_sure)


def _is_quotation(last: Find, text: Find) -> bool:
    is_reply = any(line.kind is Kind.REPLY for line in last.lines)
    return is_reply or bool(_OTHER_VOICE.search(straight(text.text)))


def _joined(lines: Sequence[Line]) -> str:
    """The text of some lines; blank lines between them stay."""
    text, number = "", lines[0].number if lines else 0
    for line in lines:
        text += "\n" * (line.number - number) + line.text
        number = line.number
    return text
