"""Finding claims in a text: whole words, sentence by sentence, by the rules of its language."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.claims.rules import Finder, Rules, Surety, rules

#: A year in the sentence makes these history, which is true on any day.
_TOLD = frozenset({"date", "time", "season", "anniversary", "weekday", "price"})
#: Whoever counts from a year on speaks of the present all the same.
_LASTING = frozenset({"tally"})
#: Figures that are a year: no count, no hour of a clock.
YEAR = re.compile(r"(?<![\d,.:])(?:1[4-9]|20)\d\d(?!\d|,\d|:\d| ?(?:UTC|GMT)\b)")
_SENTENCE_END = re.compile(r"(?<![ap]\.m)[.!?][\"”)]?\s+(?=[\"“]?[A-Z#])|\n")
_PIECES = re.compile(r"[.!?]\s|\n")
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
    surety: Surety

    @property
    def sure(self) -> bool:
        """Tell whether they bind the text whatever stands around them."""
        return self.surety is Surety.SURELY


def claims(text: str, lang: str = "en") -> tuple[Claim, ...]:
    """Every claim in a text, in order; a claim that lies within another is told once. None where `lang` has no rules."""
    known = rules(lang)
    return _told_once(text, known.finders) if known else ()


def sure_claims(text: str, lang: str = "en") -> tuple[Claim, ...]:
    """The sure ones among `claims(text, lang)`, for a fraction of the work: other words never hide them."""
    known = rules(lang)
    finders = _sure_finders(text, known) if known else []
    return tuple(claim for claim in _told_once(text, finders) if claim.sure) if finders else ()


def likely_claims(text: str, lang: str = "en") -> tuple[Claim, ...]:
    """The claims that bind a text to its day for sure or nearly so: what the cautious go by."""
    return tuple(claim for claim in claims(text, lang) if claim.surety is not Surety.SOMETIMES)


def levity(text: str, lang: str = "en") -> str | None:
    """The first words or signs of a text that jest, laugh or shout; None where there are none, or `lang` has no rules."""
    known = rules(lang)
    found = known.levity.search(plain(text)) if known else None
    return text[found.start() : found.end()] if found else None


def _sure_finders(text: str, known: Rules) -> list[Finder]:
    """What finds the sure claims that a text can hold, by the words of it and, as no claim runs on, of a sentence."""
    shown = text.casefold()
    near = known.rules_near(set(_WORD.findall(shown)))
    pieces = [set(_WORD.findall(piece)) for piece in _PIECES.split(shown)] if near else []
    close = [rule for rule in near if any(map(rule.may_find_in, pieces))]
    plainly = plain(text) if close else ""
    return [known.finder(rule) for rule in close if known.has_core(rule.core, plainly)]


def plain(text: str) -> str:
    """A text as it is searched: each letter in its place, with plain apostrophes, spaces and hyphens."""
    return text.translate(_PLAIN)


def _told_once(text: str, finders: Iterable[Finder]) -> tuple[Claim, ...]:
    shown = plain(text)
    matches = list(_matches(text, shown, finders))
    if not matches:
        return ()
    history = tuple(_history(shown))
    found = (_softened(claim, history) for claim in matches)
    kept: list[Claim] = []
    for claim in sorted(found, key=lambda claim: (claim.start, -claim.end, -claim.surety)):
        if not any(_covers(other, claim) for other in kept):
            kept.append(claim)
    return tuple(kept)


def _matches(text: str, shown: str, finders: Iterable[Finder]) -> Iterator[Claim]:
    for finder in finders:
        for match in finder.pattern.finditer(shown):
            start, end = match.span()
            yield Claim(finder.kind, text[start:end], start, end, finder.surety)


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
    may_be_told = claim.kind in _TOLD or (claim.surety is Surety.MOSTLY and claim.kind not in _LASTING)
    if may_be_told and any(claim.start in sentence for sentence in history):
        return replace(claim, surety=Surety.SOMETIMES)
    return claim


def _covers(one: Claim, other: Claim) -> bool:
    return one.start <= other.start and other.end <= one.end and one.surety >= other.surety
