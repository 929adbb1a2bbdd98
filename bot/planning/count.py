"""Length, as each network counts it."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

#: What X charges for a link, whatever its length.
X_LINK = 23

# twitter-text v3: code points in these ranges weigh one, all others two; an emoji sequence weighs two as a whole.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_GENERIC = (
    "com|org|net|edu|gov|mil|int|info|biz|name|pro|aero|museum|space|science|app|dev|blog|news|page|link"
)
_LINK = re.compile(
    r"https?://[^\s<>\"]+"
    rf"|(?<![@\w.\-/])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_GENERIC}|[a-z]{{2}})(?![\w@])(?:/[^\s<>\"]*)?",
    re.IGNORECASE,
)
_TRAILING = ".,:;!?'\u2019\u201d\"\u2026"


def length(text: str, counting: str) -> int:
    """How long a text is by a network's rule: `x`, `graphemes` or `characters`."""
    return _RULES[counting](text)


def links(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every link: addresses with a scheme, and bare domains."""
    if "." not in text and "://" not in text:
        return
    for found in _LINK.finditer(text):
        end = found.start() + len(found[0].rstrip(_TRAILING))
        if text[found.start() : end].count(")") > text[found.start() : end].count("("):
            end = found.start() + len(text[found.start() : end].rstrip(")"))
        yield found.start(), end


def _x(text: str) -> int:
    text = unicodedata.normalize("NFC", text)
    total, last = 0, 0
    for start, end in links(text):
        total += _weight(text[last:start]) + X_LINK
        last = end
    return total + _weight(text[last:])


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(_cluster_weight(cluster) for cluster in _clusters()(text))


def _cluster_weight(cluster: str) -> int:
    if len(cluster) > 1 and _emoji()(cluster):
        return 2
    return sum(1 if any(low <= ord(sign) <= high for low, high in _LIGHT) else 2 for sign in cluster)


@cache
def _clusters() -> Callable[[str], list[str]]:
    import regex  # noqa: PLC0415 - only texts beyond ASCII need it, and it costs start-up time

    found: Callable[[str], list[str]] = regex.compile(r"\X").findall
    return found


@cache
def _emoji() -> Callable[[str], object]:
    import regex  # noqa: PLC0415 - as above

    found: Callable[[str], object] = regex.compile(
        r"\p{Extended_Pictographic}|\p{RI}\p{RI}|[0-9#*]\uFE0F?\u20E3"
    ).search
    return found


def _graphemes(text: str) -> int:
    return len(text) if text.isascii() and "\r" not in text else len(_clusters()(text))


_RULES: dict[str, Callable[[str], int]] = {"x": _x, "graphemes": _graphemes, "characters": len}
