"""Length, as each network counts it."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.model import Limits
from bot.planning.links import addresses, links

if TYPE_CHECKING:
    from regex import Pattern

# X's weights are those of twitter-text, version 3 (`config/v3.json`): these signs weigh two, all others one.
_HEAVY = re.compile("[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
#: Each of these is a sign by itself, whatever stands beside it, and part of no emoji: few texts hold any other.
_SINGLE = re.compile("[\0-\x0c\x0e-\u02ff\u2010-\u2027]*")
#: How Mastodon finds who is mentioned (`Account::MENTION_RE`), and what must not follow (`end_mention_match`).
_MENTION = re.compile(
    r"(?<![=/\w])(@[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)@\w+(?:[.-]+\w+)*"
    r"(?!\w|[.-]+\w|[@\uff20\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u1e00-\u1eff]|://)"
)
#: What shows of a link where it is not counted as a link is cut to this many signs by whoever shows it.
_SHOWN_LINK = 30
#: How many bytes a sign takes in UTF-8 at most.
BYTES = 4


class Measure(Struct, frozen=True):
    """How long a text is on a network, beside what fits there; None where there is no bound."""

    length: int
    limit: int | None
    bytes: int
    bytes_limit: int | None

    @property
    def fits(self) -> bool:
        """Tell whether the network takes it."""
        is_short = self.limit is None or self.length <= self.limit
        return is_short and (self.bytes_limit is None or self.bytes <= self.bytes_limit)


def measure(text: str, limits: Limits, *, warning: str = "") -> Measure:
    """How long a text is by a network's rules, and in UTF-8, beside what fits."""
    size = length(text, limits, warning=warning)
    said = _warned(text, warning) if limits.counting == "graphemes" else text
    return Measure(size, limits.text, len(said.encode("utf-8", "surrogatepass")), limits.text_bytes)


def fits(text: str, limits: Limits, *, warning: str = "") -> bool:
    """Tell whether a network takes a text as one part."""
    return measure(text, limits, warning=warning).fits


def length(text: str, limits: Limits, *, warning: str = "") -> int:
    """How long a text is by the rule that `limits.counting` names.

    - `x`: twitter-text, version 3: weights of signs in NFC, an emoji two as a whole, a link `limits.link`;
    - `mastodon`: what its `StatusLengthValidator` adds up: grapheme clusters of warning and text, an address with a
      scheme `limits.link`, and of `@somebody@somewhere` the `@somebody`;
    - `graphemes`: grapheme clusters, by Unicode's annex 29, as the lexicons of Bluesky have it (`maxGraphemes`);
    - `characters`: code points.

    A content warning counts where it is counted with the text: on Mastodon; and on Bluesky, where it stands before
    the text in a paragraph of its own, since there is no other place for it.
    """
    return _RULES[limits.counting](text, limits, warning)


def quote_room(limits: Limits) -> int:
    """How much of a text's room a quote needs, so that its link fits below where it cannot be shown as a quote."""
    link = limits.link if limits.counting in _COUNTS_LINKS else _SHOWN_LINK
    return len("\n\n") + link


def _x(text: str, limits: Limits, _warning: str) -> int:
    text = unicodedata.normalize("NFC", text)
    total, last = 0, 0
    for start, end in links(text):
        total += _weight(text[last:start]) + limits.link
        last = end
    return total + _weight(text[last:])


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    whole: str = text if _SINGLE.fullmatch(text) else _emoji().sub("\N{OPEN BOOK}", text)
    return len(whole) + len(_HEAVY.findall(whole))


@cache
def _emoji() -> "Pattern[str]":
    """Every emoji that is more than one sign, as a whole: a flag, a keycap, a picture and all that is joined to it.

    twitter-text lists the emoji of its day; these are the shapes that its list has (`emoji_regex.rb`), so that those
    of today and tomorrow are known too. A picture that is a letter at first needs its selector to be one.
    """
    hand = r"\p{Emoji_Modifier_Base}\p{Emoji_Modifier}"
    sign = r"[\p{Emoji}&&\p{Extended_Pictographic}--\p{Emoji_Presentation}]\uFE0F\p{Emoji_Modifier}?"
    coming = r"[\p{Extended_Pictographic}&&\p{Cn}](?:\uFE0F|\p{Emoji_Modifier})?"
    picture = rf"(?:{hand}|{sign}|{coming}|[\p{{Emoji_Presentation}}&&\p{{Extended_Pictographic}}])"
    flag = r"\p{RI}\p{RI}|\U0001F3F4[\U000E0020-\U000E007E]+\U000E007F"
    return _compiled(rf"(?V1){flag}|[0-9#*]\uFE0F?\u20E3|{picture}(?:\u200D{picture})*")


@cache
def _compiled(pattern: str) -> "Pattern[str]":
    import regex  # noqa: PLC0415 - only signs that are joined need it, and it costs start-up time

    return regex.compile(pattern)


def _mastodon(text: str, limits: Limits, warning: str) -> int:
    shown, last = [warning], 0
    for start, end in addresses(text):
        shown += [_short_mentions(text[last:start]), "x" * limits.link]
        last = end
    return _count_graphemes("".join([*shown, _short_mentions(text[last:])]))


def _short_mentions(text: str) -> str:
    return _MENTION.sub(r"\1", text) if "@" in text else text


def _graphemes(text: str, _limits: Limits, warning: str) -> int:
    return _count_graphemes(_warned(text, warning))


def _warned(text: str, warning: str) -> str:
    return f"{warning}\n\n{text}" if warning else text


def _count_graphemes(text: str) -> int:
    return len(text) if _SINGLE.fullmatch(text) else len(graphemes(text))


def graphemes(text: str) -> list[str]:
    """The text as what people take for single signs: Unicode's extended grapheme clusters."""
    found: list[str] = _compiled(r"\X").findall(text)
    return found


def _characters(text: str, _limits: Limits, _warning: str) -> int:
    return len(text)


_RULES: Mapping[str, Callable[[str, Limits, str], int]] = {
    "x": _x,
    "mastodon": _mastodon,
    "graphemes": _graphemes,
    "characters": _characters,
}
_COUNTS_LINKS = ("x", "mastodon")

__all__ = ["BYTES", "Measure", "fits", "graphemes", "length", "links", "measure", "quote_room"]
