"""A text as its network shows it: which of its letters are a link, a hashtag or a name."""

import re
from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple

from bot.planning.links import addresses, links

#: Networks that make a link of a bare domain too.
_BARE = frozenset({"x", "bluesky"})
#: Networks that make something of `#word` and `@somebody`.
_SOCIAL = frozenset({"x", "mastodon", "bluesky"})
_TAG = re.compile(r"(?<![\w&/#\uff03])[#\uff03](?=\w*[^\W\d_])\w+")
_NAME = re.compile(r"(?<![\w@\uff20/.])@\w(?:[\w.-]*\w)?(?:@\w[\w.-]*\w)?")


class Piece(NamedTuple):
    """Some letters of a text, and what they are: empty for plain words, else `link`, `tag` or `name`."""

    text: str
    kind: str = ""


def pieces(text: str, network: str) -> tuple[Piece, ...]:
    """The text in pieces, in order; joined they are the text. What only looks like a link on the network is plain."""
    found: list[Piece] = []
    last = 0
    for start, end, kind in _marked(text, network):
        if start < last:  # within a link nothing else is made of anything
            continue
        found += [Piece(text[last:start])] if start > last else []
        found.append(Piece(text[start:end], kind))
        last = end
    return (*found, Piece(text[last:])) if last < len(text) or not found else tuple(found)


def _marked(text: str, network: str) -> Iterator[tuple[int, int, str]]:
    spans = links(text) if network in _BARE else addresses(text)
    made = ((start, end, "link") for start, end in spans)
    if network not in _SOCIAL:
        return made
    tags = ((*found.span(), "tag") for found in _TAG.finditer(text))
    names = ((*found.span(), "name") for found in _NAME.finditer(text))
    return merge(made, tags, names)
