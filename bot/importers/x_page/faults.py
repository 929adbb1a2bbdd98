"""What is broken in a post that was copied from a page: lost names, cut links, words that need what is not here.

Each finding is a plain sentence, and a reason to keep the post on hold.
"""

from collections.abc import Iterator

import regex

from bot.importers.x_page.finds import Find
from bot.importers.x_page.words import LINK_SIGN, cut_links, masked, straight

_FINITE = (
    "has|is|was|will|had|begins|shows|takes|gets|sees|reaches|continues|joins|arrives|completes|celebrates"
)
_FINITE_OR_NOUN = "lands|launches|captures|finds|returns|makes|sends|drives|flies|touches"

#: The one space that is left where a name was lost, by what stands around it.
_HOLES = tuple(
    regex.compile(pattern, regex.MULTILINE)
    for pattern in (
        r"(?<=\S) (?=[,;:!?)](?!\w))",
        r"(?<=\S) (?=\.(?![.\w]))",
        r"(?<=\S) (?='s\b)",
        r"(?<=\() ",
        r"(?<=\S)  +(?=\S)",
        # a sentence goes on without its subject
        r"(?<=[a-z]\w[.!?]['\")]?)(?<!\b(?i:approx|etc|vs|no|st|mt|dr)\.) (?=[a-z]{2})",
        rf"(?<=(?:^|[.!?:] )(?:After|As|Before|In|Since|Upon|When|While|With)\b[^,.;:!?\n]*,) (?=(?:{_FINITE})\b)",
        # a preposition without its noun, a conjunction without its subject
        rf"(?<=\b(?i:of|from|by|with|for|to|at|via)) (?=(?:{_FINITE})\b)",
        rf"(?<=\b(?i:until|when|while|before|after|since|as)) (?=(?:{_FINITE}|{_FINITE_OR_NOUN})\b)(?!(?:is|was|has|had|will)\b)",
        r"(?<=\b(?i:of|from|by|with|via)) (?=(?:of|by|on|at|and|or|but|with)\b)(?!and large|on high)",
        r"(?<=\b(?i:the|our|an?)) (?=(?:has|is|was|will|and|of)\b)",
    )
)

_SIGHT = (
    r"images?|photos?|pictures?|views?|looks?|glimpses?|shots?|sequences?|videos?|clips?|footage|panoramas?|mosaics?"
    r"|selfies?|animations?|frames?|scenes?|gifs?|maps?|ones?|recordings?|visuali[sz]ations?"
)

#: Words that show what is not here, unless a link in the same sentence leads to it.
_SHOWN = tuple(
    regex.compile(pattern, regex.IGNORECASE)
    for pattern in (
        rf"\b(?:this|these|those) (?:[\w'-]+ ){{0,4}}?(?:{_SIGHT})\b",
        r"(?:^|(?<=[.!?:] |\n))here(?:'s| is| are|,)",
        r"(?:^|(?<=[.!?:] |\n))how's (?:this|that)\b",
        r"(?:^|(?<=[.!?:] |\n))(?:listen|look at|watch|see) ",
        r"\b(?:some|more|a few) (?:views|images|photos|shots) of\b",
        r"\b(?:seen|shown|pictured|visible) (?:here|above|below|at (?:the )?(?:left|right|center|top|bottom))\b",
        r"\((?:top|bottom|left|right|center|above|below|clockwise|inset)\b[^)]*\)",
        r"\b(?:on|at) the (?:left|right)\b|\bclockwise\b",
        r"\bvolume up\b|\bheadphones\b|\bsound on\b|\benhanced-color\b",
    )
)
#: A first sentence has nothing before it that these words could mean.
_POINTS = regex.compile(
    r"\b(?:this|these|those) (?!evening|morning|week|month|year|day\b|time)[\w']+|\A(?:that|they|he|she|it(?! takes?\b))\b",
    regex.IGNORECASE,
)
_FIRST_SENTENCE = regex.compile(r"\A.*?(?:[.!?](?=\s)|\Z)", regex.DOTALL)
_SENTENCE_END = regex.compile(r"[.!?\n]")

_THREAD = regex.compile(r"(?<!\S)\(?(\d{1,2})/(\d{1,2})\)?\s*$", regex.MULTILINE)
_FROM_MIDDLE = regex.compile(r"\A(?:\.{2,}|…|[a-z]|(?i:and|but|or|so|also|then|plus|because)\b)")
_UNENDED = regex.compile(r"(?:\.{2,}|…|[,:-]|👇|🧵)\s*\Z")

#: So many words on each side show where something is missing.
_AROUND = 3


def faults(find: Find) -> Iterator[str]:
    """Everything that is broken in a post or missing from it, as sentences."""
    text = find.text
    shown = masked(straight(text))
    if not text.strip():
        yield "there are no words, only media or a quotation"
    if not find.is_sure:
        yield "where it begins or ends in the page is a guess"
    yield from (lost_name(text, gap) for gap in gaps(text))
    yield from map(cut_link, cut_links(text))
    yield from _lost_neighbours(text, shown)
    yield from _missing_sights(text, shown)
    if find.quote is not None:
        yield "it comments on a quoted post, which is not part of it"


def gaps(text: str) -> tuple[range, ...]:
    """Where in a text names were lost, in order: each the space that is left."""
    shown = masked(straight(text))
    starts = {match.start() for pattern in _HOLES for match in pattern.finditer(shown)}
    return tuple(range(start, len(shown) - len(shown[start:].lstrip(" "))) for start in sorted(starts))


def lost_name(text: str, gap: range) -> str:
    """What is said of one of a text's `gaps`."""
    before, after = text[: gap.start].split()[-_AROUND:], text[gap.start :].split()[:_AROUND]
    mark = "␣" if straight(text)[gap.start + 1 : gap.start + 2] in ",.;:!?)'" else "␣ "
    return f"a name was lost in copying: “{' '.join(before)} {mark}{' '.join(after)}”"


def cut_link(link: str) -> str:
    """What is said of a link that was cut."""
    return f"the link {link} looks cut: the page shows no more of a path"


def _lost_neighbours(text: str, shown: str) -> Iterator[str]:
    """What stood before and after it, without which it is not whole."""
    for part, parts in ((int(first), int(last)) for first, last in _THREAD.findall(shown)):
        if 1 <= part <= parts > 1:
            yield f"part {part} of {parts}; the rest of the thread is not here"
    if _FROM_MIDDLE.search(shown):
        yield f"begins in the middle: “{' '.join(text.split()[:_AROUND])}”"
    if _UNENDED.search(shown):
        yield f"ends in the middle: “{' '.join(text.split()[-_AROUND:])}”"


def _missing_sights(text: str, shown: str) -> Iterator[str]:
    """Words that point at a picture or at what was said before, unless their sentence leads there with a link."""
    first = _FIRST_SENTENCE.findall(shown)[0]
    showing = (match for pattern in _SHOWN for match in pattern.finditer(shown))
    for match in (*showing, *_POINTS.finditer(first)):
        rest = _SENTENCE_END.split(shown[match.end() :], maxsplit=1)[0]
        if LINK_SIGN not in rest:
            yield f"says “{text[match.start() : match.end()].strip()}” of something that is not here"
