"""The rules by which claims are found: one file a language, read once and only when a text asks for it."""

import re
from collections.abc import Mapping
from functools import cache, cached_property
from math import nan
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

#: Found without importlib.resources, whose own imports take as long as all that is done here.
_FOLDER = Path(__file__).parent
_FRAGMENT = re.compile(r"\{([a-z-]+)\}")


class Kind(NamedTuple):
    """A kind of claims, what finds them, and whether they are sure."""

    name: str
    source: str
    sure: bool

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds them, compiled when it is first asked for: to compile all takes longer than most runs search."""
        return _compiled(self.source)


class Numbers(Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """How a language says numbers: words in order, or words of one value."""

    ones: str  #: from zero on, as far as they are one word
    tens: str  #: from zero on
    first: str  #: ordinals, from that of zero on
    tenth: str
    hundred: str
    one: str  #: articles, which are a number where no other stands
    unknown: tuple[str, ...]  #: what tells a number that nobody knows
    others: Mapping[str, float]

    @cached_property
    def values(self) -> Mapping[str, float]:
        """What each word is, but the articles; a number that nobody knows is NaN."""
        ones = (*enumerate(self.ones.split()), *enumerate(self.first.split()))
        tens = (*enumerate(self.tens.split()), *enumerate(self.tenth.split()))
        found: dict[str, float] = {word: 10 * value for value, word in tens}
        found |= {word: value for value, word in ones}
        found |= dict.fromkeys(self.hundred.split(), 100) | dict.fromkeys(self.unknown, nan)
        return found | dict(self.others)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds figures and the words that are numbers, the longest first."""
        words = sorted(self.values, key=len, reverse=True)
        return re.compile(rf"\d+(?:[.,]\d+)?|(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])")


class Calendar(Struct, frozen=True, forbid_unknown_fields=True):
    """How a language calls months and weekdays, in order: the first letters."""

    months: str
    weekdays: str


class Rules(Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """What a language's file says; `{name}` in a pattern is a fragment."""

    fragments: Mapping[str, str | tuple[str, ...]]
    sure: Mapping[str, tuple[str, ...]]  #: patterns that bind a text whatever stands around them, by kind
    unsure: Mapping[str, tuple[str, ...]]  #: those that do so in some sentences
    anchors: Mapping[str, tuple[str, ...]]  #: groups of words; a sure claim of the kind holds one of each
    numbers: Numbers
    calendar: Calendar
    hours: Mapping[str, int]  #: those that have a name
    halves: Mapping[str, int]  #: of a day, and how many hours each adds
    years: Mapping[str, int]  #: units that are years
    seconds: Mapping[str, int]  #: units that are seconds
    zones: Mapping[str, str]  #: IANA names by what clocks are called
    sums: Mapping[str, tuple[str, ...]]  #: what must add up
    working: Mapping[str, tuple[str, ...]]  #: what is only said of a mission that works
    tone: Mapping[str, tuple[str, ...]]  #: what a remembrance has no room for

    def pattern(self, text: str) -> str:
        """A pattern with its fragments, and theirs, filled in."""
        return _FRAGMENT.sub(lambda found: self.pattern(self._fragment(found[1])), text)

    def _fragment(self, name: str) -> str:
        found = self.fragments[name]
        return found if isinstance(found, str) else f"(?:{'|'.join(found)})"

    @cached_property
    def sure_kinds(self) -> tuple[Kind, ...]:
        """The kinds of sure claims, ready to search with."""
        return tuple(Kind(name, self._whole(words), sure=True) for name, words in self.sure.items())

    @cached_property
    def unsure_kinds(self) -> tuple[Kind, ...]:
        """The kinds of all other claims, ready to search with."""
        return tuple(Kind(name, self._whole(words), sure=False) for name, words in self.unsure.items())

    @cached_property
    def anchored(self) -> Mapping[str, tuple[frozenset[str], ...]]:
        """The anchors of each kind, as sets of words."""
        return {
            name: tuple(frozenset(words.split()) for words in each) for name, each in self.anchors.items()
        }

    @cached_property
    def dates(self) -> re.Pattern[str]:
        """Finds days of the calendar."""
        return _compiled(self._whole(self.sure["date"]))

    @cached_property
    def year_sums(self) -> tuple[re.Pattern[str], ...]:
        """Find two years and how many lie between them: `first`, `last` and `count`."""
        return tuple(_compiled(self.pattern(text)) for text in self.sums["years"])

    @cached_property
    def doing(self) -> re.Pattern[str]:
        """Finds what is only said of a mission that works."""
        return _compiled(self._whole(self.working["doing"]))

    @cached_property
    def levity(self) -> re.Pattern[str]:
        """Finds what a remembrance has no room for."""
        return _compiled("|".join((self._whole(self.tone["levity"]), *self.tone["signs"])))

    def _whole(self, words: tuple[str, ...]) -> str:
        """Any of the words, whole; never inside a longer word, a hashtag, a handle or a path."""
        return rf"(?<![\w#@/])(?:{'|'.join(map(self.pattern, words))})(?!\w)"


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


@cache
def rules(lang: str) -> Rules | None:
    """The rules of a language, `en-US` read as `en`; None where it has no file, so that nothing can be judged."""
    name = lang.replace("_", "-").partition("-")[0].lower()
    return _read(name) if name in languages() else None


@cache
def languages() -> frozenset[str]:
    """The languages that have rules."""
    return frozenset(file.stem for file in _FOLDER.glob("*.toml"))


@cache
def _read(name: str) -> Rules:
    from msgspec import toml  # noqa: PLC0415 - only texts need it, and it costs start-up time

    return toml.decode((_FOLDER / f"{name}.toml").read_bytes(), type=Rules)
