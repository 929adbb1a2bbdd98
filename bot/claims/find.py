"""Finding claims in a text: whole words, sentence by sentence, by the rules of its language."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.claims.rules import Kind, Rules, rules

#: A year in the sentence makes these history, which is true on any day.
_TOLD = frozenset({"date", "time", "season", "anniversary", "weekday", "price"})
#: Figures that are a year: no count, no hour of a clock.
YEAR = re.compile(r"(?<![\d,.:])(?:1[4-9]|20)\d\d(?!\d|,\d|:\d| ?(?:UTC|GMT)\b)")
_SENTENCE_END = re.compile(r"(?<![ap]\.m)[.!?][\"”)]?\s+(?=[\"“]?[A-Z#])|\n")
_WORD = re.compile(r"[^\W\d_]+|[#$€£]")
#: Typographers' apostrophes, spaces and hyphens become plain ones, one for one, so that places stay places.
_PLAIN = str.maketrans("\u2019\u2018\u02bc\u00a0\u202f\u2011", "'''  -")


@dataclass(frozen=True, slots=True)
class Claim:
    """Some words of a text that are true on some days only; `text[start:end] == words`."""

    kind: str
    words: str
    start: int
    end: int
    sure: bool


def claims(text: str, lang: str = "en") -> tuple[Claim, ...]:
    """Every claim in a text, in order; a claim that lies within another is told once. None where `lang` has no rules."""
    known = rules(lang)
    return _told_once(text, (*known.sure_kinds, *known.unsure_kinds)) if known else ()


def sure_claims(text: str, lang: str = "en") -> tuple[Claim, ...]:
    """The sure ones among `claims(text, lang)`, for less than half the work: unsure words never hide them."""
    known = rules(lang)
    kinds = _anchored(text, known) if known else ()
    return tuple(claim for claim in _told_once(text, kinds) if claim.sure) if kinds else ()


def levity(text: str, lang: str = "en") -> str | None:
    """The first words or signs of a text that jest, laugh or shout; None where there are none, or `lang` has no rules."""
    known = rules(lang)
    found = known.levity.search(plain(text)) if known else None
    return text[found.start() : found.end()] if found else None


def _anchored(text: str, known: Rules) -> list[Kind]:
    """The sure kinds that a text can hold, by its words."""
    words = set(_WORD.findall(text.casefold()))
    anchored = known.anchored
    return [kind for kind in known.sure_kinds if not any(map(words.isdisjoint, anchored[kind.name]))]


def plain(text: str) -> str:
    """A text as it is searched: each letter in its place, with plain apostrophes, spaces and hyphens."""
    return text.translate(_PLAIN)


def _told_once(text: str, kinds: Iterable[Kind]) -> tuple[Claim, ...]:
    shown = plain(text)
    matches = list(_matches(text, shown, kinds))
    if not matches:
        return ()
    history = tuple(_history(shown))
    found = (_softened(claim, history) for claim in matches)
    kept: list[Claim] = []
    for claim in sorted(found, key=lambda claim: (claim.start, -claim.end, not claim.sure)):
        if not any(_covers(other, claim) for other in kept):
            kept.append(claim)
    return tuple(kept)


def _matches(text: str, shown: str, kinds: Iterable[Kind]) -> Iterator[Claim]:
    for kind in kinds:
        for match in kind.pattern.finditer(shown):
            start, end = match.span()
            yield Claim(kind.name, text[start:end], start, end, kind.sure)


def sentences(text: str) -> Iterator[range]:
    """The stretches of a text's sentences, in order and without a gap; a line's end ends one too."""
    start = 0
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    for end in (*ends, len(text)):
        yield range(start, end)
        start = end


def years_beside(claim: Claim, text: str) -> tuple[int, ...]:
    """The years that the sentence of a claim names."""
    own = next((each for each in sentences(text) if claim.start in each), range(0))
    return tuple(int(found[0]) for found in YEAR.finditer(text, own.start, own.stop))


def _history(shown: str) -> Iterator[range]:
    """The stretches of sentences that name a year."""
    return (each for each in sentences(shown) if YEAR.search(shown, each.start, each.stop))


def _softened(claim: Claim, history: tuple[range, ...]) -> Claim:
    if claim.kind in _TOLD and any(claim.start in sentence for sentence in history):
        return replace(claim, sure=False)
    return claim


def _covers(one: Claim, other: Claim) -> bool:
    return one.start <= other.start and other.end <= one.end and one.sure >= other.sure
