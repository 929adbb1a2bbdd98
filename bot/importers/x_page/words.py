"""What stands in a line of a page: links, hashtags, and how much of a post's length it takes."""

import re
from collections.abc import Iterator
from unicodedata import normalize

import regex

#: The longest text that X takes, and what any link weighs in it.
LIMIT, LINK_WEIGHT = 280, 23

#: The page shows no more of a longer path than this.
_CUT_PATH = 15

#: Stands for a link where only its place matters.
LINK_SIGN = "\N{LINK SYMBOL}"

_LINK = re.compile(
    r"(?<![\w@#./-])(?:https?://)?(?:[a-z0-9-]+\.)+"
    r"(?:(?:com|org|net|gov|edu|mil|int|info|news|space|museum|app|dev|tv|io)(?![\w-])(?:/[^\s|]*)?|[a-z]{2}/[^\s|]+)",
    re.IGNORECASE,
)
_HASHTAG = re.compile(r"(?<![\w&/#])#\w*[^\W\d_]\w*")
_PLACE_IN_THREAD = re.compile(r"\d{1,2}/\d{1,2}")
_CLOSING = ".,;:!?)]}'\"\u2019\u201d"
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Regional_Indicator}{2}")
_STRAIGHT = str.maketrans(
    "\u2018\u2019\u201c\u201d\u2010\u2011\u2013\u2014\u00a0\u202f\u2009\t", "''\"\"----    "
)
_CLUSTER = regex.compile(r"\X")
_FILLING = re.compile(r"[\s|/,:;&+-]+|\b(?:and|or)\b")


def straight(text: str) -> str:
    """A text with plain quotation marks, dashes and spaces, one for one, so that all keeps its place."""
    return text.translate(_STRAIGHT)


def links(text: str) -> tuple[str, ...]:
    """Every web address in a text, as it stands there, in order; a sentence's closing marks are not part of it."""
    return tuple(text[place.start : place.stop] for place in _link_places(text))


def _link_places(text: str) -> Iterator[range]:
    for match in _LINK.finditer(text):
        yield range(match.start(), match.start() + len(match.group().rstrip(_CLOSING)))


def masked(text: str) -> str:
    """A text whose links are signs, as many as they have letters, so that all else keeps its place."""
    return _LINK.sub(lambda match: LINK_SIGN * len(match.group()), text)


def cut_links(text: str) -> tuple[str, ...]:
    """The links that the page seems to have cut: their path has the length at which it cuts, or an ellipsis follows."""
    return tuple(text[place.start : place.stop] for place in cut_link_places(text))


def cut_link_places(text: str) -> tuple[range, ...]:
    """Where in a text its `cut_links` stand, in order."""
    return tuple(place for place in _link_places(text) if _is_cut(text[place.start : place.stop]))


def _is_cut(link: str) -> bool:
    return link.endswith("…") or len(_path(link)) == _CUT_PATH


def _path(link: str) -> str:
    bare = link.partition("://")[2] or link
    return "".join(bare.partition("/")[1:])


def hashtags(text: str) -> tuple[str, ...]:
    """Every hashtag in a text, with its sign, in order."""
    return tuple(_HASHTAG.findall(_LINK.sub(" ", text)))


def is_tail(line: str) -> bool:
    """Tell whether a line holds nothing but links and hashtags: it belongs to what stands before it."""
    rest = _HASHTAG.sub("", _LINK.sub("", line))
    return rest != line and not _FILLING.sub("", rest)


def ends_in_tail(line: str) -> bool:
    """Tell whether a line's last word is a link, a hashtag or a thread's "1/4"."""
    last = line.rsplit(maxsplit=1)[-1]
    return is_tail(last.rstrip(_CLOSING)) or bool(links(last) or _PLACE_IN_THREAD.fullmatch(last))


def begins_with_emoji(line: str) -> bool:
    """Tell whether a line begins as lists of times and places do."""
    return bool(_EMOJI.match(line))


def weight(text: str) -> int:
    """Length as X counts it: a link 23, an emoji 2, letters outside the light ranges 2."""
    bare, count = _LINK.subn("", normalize("NFC", text))
    return count * LINK_WEIGHT + sum(_cluster_weight(cluster) for cluster in _CLUSTER.findall(bare))


def _cluster_weight(cluster: str) -> int:
    if _EMOJI.search(cluster):
        return 2
    return sum(1 if any(low <= ord(sign) <= high for low, high in _LIGHT) else 2 for sign in cluster)
