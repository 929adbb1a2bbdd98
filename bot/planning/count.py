"""Length, as each network counts it."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regex import Pattern

#: What X charges for a link, whatever its length.
X_LINK = 23

# X's rules are those of twitter-text, version 3: these weigh two, all others one, an emoji two as a whole.
_HEAVY = re.compile("[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
#: Endings that make a bare domain a link, of the many there are; two letters are a country's.
_ENDINGS = (
    "com|org|net|edu|gov|mil|int|info|biz|name|pro|aero|museum|academy|agency|app|art|blog|center|cloud|club|dev"
    "|digital|earth|education|energy|events|foundation|global|guide|institute|international|link|live|media"
    "|network|news|online|page|photo|photos|pictures|press|report|school|science|shop|site|solar|space|store"
    "|studio|systems|tech|today|tools|travel|university|video|website|wiki|work|world|xyz|zone|[a-z]{2}"
)
_TAIL = r"(?::\d+)?(?:[/?][a-z0-9_\u00c0-\u024f\u0400-\u04ff!*';:=+,.$/%#\[\]\-\u2013~@|&()?]*)?"
_LINK = re.compile(
    rf"(?<![a-z0-9@\uff20$#\uff03])https?://(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:[a-z]{{2,}}|[^\W\d_a-z]{{2,}}){_TAIL}"
    rf"|(?<![a-z0-9@\uff20$#\uff03_./-])(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.)+(?:{_ENDINGS})(?![a-z0-9@+-]){_TAIL}",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"\.[^\W\d_]")  # every link has such a dot, and most texts have none
# So that `in.It` without a space after a full stop is no link; X makes an exception for two countries.
_SHORT = re.compile(r"[a-z0-9-]+\.(?!co$|tv$)[a-z]{2}", re.IGNORECASE)
_LONGEST = 4_096  #: what is longer is no link to X
_NOT_LAST = ".,:;!?'*$%[]~@|(\u2013"


def length(text: str, counting: str) -> int:
    """How long a text is by a network's rule: `x`, `graphemes` or `characters`."""
    return _RULES[counting](text)


def links(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every link that X makes: addresses with a scheme, and bare domains."""
    if not _WITHIN.search(text):
        return
    for found in _LINK.finditer(text):
        if len(found[0]) > _LONGEST:
            continue
        link = _without_punctuation(found[0])
        if not _SHORT.fullmatch(link):
            yield found.start(), found.start() + len(link)


def _without_punctuation(link: str) -> str:
    """The link without what belongs to the sentence around it; a bracket stays if it was opened within."""
    while (link := link.rstrip(_NOT_LAST)).endswith(")") and link.count(")") > link.count("("):
        link = link[:-1]
    return link


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
    whole: str = _emoji().sub("\N{OPEN BOOK}", text)
    return len(whole) + len(_HEAVY.findall(whole))


@cache
def _emoji() -> "Pattern[str]":
    """Every emoji as a whole: a flag, a keycap, or a picture with its skin tone and all that is joined to it."""
    picture = r"\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?[\U000E0020-\U000E007F]*"
    return _compiled(
        rf"\p{{RI}}\p{{RI}}|[0-9#*]\uFE0F?\u20E3|(?![©®](?!\uFE0F)){picture}(?:\u200D{picture})*"
    )


@cache
def _compiled(pattern: str) -> "Pattern[str]":
    import regex  # noqa: PLC0415 - only texts beyond ASCII need it, and it costs start-up time

    return regex.compile(pattern)


def _graphemes(text: str) -> int:
    return len(text) if text.isascii() and "\r" not in text else len(_compiled(r"\X").findall(text))


_RULES: dict[str, Callable[[str], int]] = {"x": _x, "graphemes": _graphemes, "characters": len}
