"""Facets: which bytes of a text are a link, a mention or a hashtag. Bluesky finds none by itself."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

#: Endings that make a bare domain a link, of the many there are. Countries have two letters: they need a path, or a
#: third name, so that a full stop without a space behind it makes no link.
_ENDINGS = (
    "com|org|net|edu|gov|mil|int|info|museum|academy|app|art|blog|dev|digital|earth|education|events|foundation"
    "|global|live|media|news|online|page|photos|pictures|press|school|science|shop|site|social|space|studio|tech"
    "|today|tv|university|video|wiki|world|xyz|zone"
)
_NAME = r"[^\W_](?:[\w-]*[^\W_])?"
_LINK = re.compile(
    rf"(?<![\w@#])https?://[^\s<>\"]+"
    rf"|(?<![\w@#./-])(?:(?:{_NAME}\.)+(?:{_ENDINGS})|(?:{_NAME}\.){{2,}}[a-z]{{2}})(?![\w@.-]*[\w@])(?:[:/?][^\s<>\"]*)?"
    rf"|(?<![\w@#./-])(?:{_NAME}\.)+[a-z]{{2}}/[^\s<>\"]*",
    re.IGNORECASE,
)
_MENTION = re.compile(
    r"(?<![\w@./])@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*)\b", re.IGNORECASE
)
# As Bluesky's app finds them: after a space, up to the next, without invisible characters.
_TAG = re.compile("(?<!\\S)[#\uff03](?!\ufe0f)([^\\s#\uff03\u00ad\u2060\u200a-\u200d\u20e2]+)")
_NOT_LAST = ".,:;!?'\"*%~|\u2019\u201d\u2026\u00bb"
_LONGEST_TAG = 64
_SHOWN_LINK = 30  #: characters of a link that is shortened

Kind = Literal["link", "mention", "tag"]


class Span(Struct, frozen=True, order=True):
    """Characters of a text, from start up to end, that lead somewhere."""

    start: int
    end: int
    kind: Kind
    target: str  #: an address, a handle, or a hashtag's word


class Words(Struct, frozen=True):
    """A text, and what of it leads somewhere: in order, and never one within another."""

    text: str
    spans: tuple[Span, ...] = ()

    @property
    def links(self) -> list[str]:
        """The addresses it leads to."""
        return [span.target for span in self.spans if span.kind == "link"]

    @property
    def handles(self) -> set[str]:
        """Whom it mentions."""
        return {span.target for span in self.spans if span.kind == "mention"}

    def with_link(self, url: str) -> "Words":
        """The words, and below them an address: shown short, and leading there."""
        shown = shortened(url)
        start = len(self.text) + 2 if self.text else 0
        text = f"{self.text}\n\n{shown}" if self.text else shown
        return Words(text, (*self.spans, Span(start, len(text), "link", url)))

    def facets(self, dids: Mapping[str, str]) -> list[dict[str, Any]]:
        """The facets of a record, by bytes of UTF-8; a mention of somebody who has no DID here stays plain text."""
        return list(self._facets(dids))

    def _facets(self, dids: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        for span in self.spans:
            target = dids.get(span.target) if span.kind == "mention" else span.target
            if target is None:
                continue
            start = len(self.text[: span.start].encode())
            end = start + len(self.text[span.start : span.end].encode())
            yield {
                "index": {"byteStart": start, "byteEnd": end},
                "features": [{"$type": f"app.bsky.richtext.facet#{span.kind}", _TARGETS[span.kind]: target}],
            }


_TARGETS: Mapping[Kind, str] = {"link": "uri", "mention": "did", "tag": "tag"}


def words(text: str) -> Words:
    """A text with its links (bare domains too), mentions and hashtags found."""
    found: list[Span] = []
    for span in (*_links(text), *_mentions(text), *_tags(text)):
        if all(span.end <= other.start or other.end <= span.start for other in found):
            found.append(span)
    return Words(text, tuple(sorted(found)))


def length(text: str) -> int:
    """How long a text is for Bluesky: what people see as characters."""
    import regex  # noqa: PLC0415 - start-up stays lean

    return sum(1 for _ in regex.finditer(r"\X", text))


def shortened(url: str) -> str:
    """An address as people see it where it would be too long."""
    shown = url.partition("://")[2] or url
    return shown if len(shown) <= _SHOWN_LINK else f"{shown[: _SHOWN_LINK - 1]}…"


def _links(text: str) -> Iterator[Span]:
    for found in _LINK.finditer(text):
        link = _without_punctuation(found[0])
        if not link.endswith("://"):
            target = link if "://" in link else f"https://{link}"
            yield Span(found.start(), found.start() + len(link), "link", target)


def _mentions(text: str) -> Iterator[Span]:
    for found in _MENTION.finditer(text):
        yield Span(found.start(), found.end(), "mention", found[1].lower())


def _tags(text: str) -> Iterator[Span]:
    for found in _TAG.finditer(text):
        tag = found[1]
        while tag and _is_punctuation(tag[-1]):
            tag = tag[:-1]
        is_word = any(not _is_punctuation(each) and not each.isdecimal() for each in tag)
        if is_word and len(tag) <= _LONGEST_TAG:
            yield Span(found.start(), found.start(1) + len(tag), "tag", tag)


def _without_punctuation(link: str) -> str:
    """The link without what belongs to the sentence around it; a bracket stays if it was opened within."""
    while (link := link.rstrip(_NOT_LAST)).endswith((")", "]")):
        opening, closing = ("(", ")") if link.endswith(")") else ("[", "]")
        if link.count(closing) <= link.count(opening):
            break
        link = link[:-1]
    return link


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character).startswith("P")
