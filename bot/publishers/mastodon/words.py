"""A status's words, so that what was sent and what an instance shows of it can be told to be the same.

An instance shows a text as HTML: links in three pieces, the first and the last of them invisible, mentions without
the domain, hashtags with an ASCII sign, lines and paragraphs as elements. Everything else stays as it was written.
"""

import re
from html.parser import HTMLParser

_BREAKS = frozenset(
    {"p", "br", "div", "li", "blockquote", "pre"}
)  #: elements that stand where white space was
_EMPTY = frozenset({"br", "img", "hr", "wbr"})  #: elements without an end
#: A mention, with or without the domain. A further one may follow at once when the first has lost its own.
_MENTION = re.compile(r"@(\w+(?:[.-]+\w+)*)(?:@\w+(?:[.-]+\w+)*)*")
_SAME = str.maketrans(
    "\N{FULLWIDTH NUMBER SIGN}\0", "# "
)  #: a server shows the one for the other, or neither
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_ADDED = "quote-inline"  #: the class of a paragraph that the server puts before a quote, for software without quotes


def words_of_text(text: str) -> str:
    """A text as it is compared: white space is one space, mentions are names alone, in small letters."""
    named = _MENTION.sub(lambda mention: f"@{mention[1].lower()}", text.translate(_SAME))
    return " ".join(named.split())


def least_length(text: str, link: int) -> int:
    """How long a text is for an instance at least, by grapheme clusters, with links of `link` and mentions as names."""
    import regex  # noqa: PLC0415 - start-up stays lean

    short = _ADDRESS.sub(lambda found: found[0][:link], text)
    return sum(1 for _ in regex.finditer(r"\X", _MENTION.sub(r"@\1", short)))


def words_of_html(html: str) -> str:
    """The text that a server made this HTML of, as it is compared."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return words_of_text("".join(reader.pieces))


class _Reader(HTMLParser):
    """Gathers the text of a status, without what the server has added."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._depth = 0  #: how many elements are open since an added one began

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_added = _ADDED in (dict(attrs).get("class") or "").split()
        if tag not in _EMPTY and (is_added or self._depth):
            self._depth += 1
        self._break_at(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY and self._depth:
            self._depth -= 1
        self._break_at(tag)

    def handle_data(self, data: str) -> None:
        # The invisible pieces of a link hold the rest of its address: they count.
        if not self._depth:
            self.pieces.append(data)

    def _break_at(self, tag: str) -> None:
        if tag in _BREAKS:
            self.pieces.append("\n")
