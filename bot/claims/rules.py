"""The rules by which claims are found: one file a language, read once and only when a text asks for it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from enum import IntEnum
from functools import cache, cached_property
from math import nan
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

#: Found without importlib.resources, whose own imports take as long as all that is done here.
_FOLDER = Path(__file__).parent
_FRAGMENT = re.compile(r"\{([a-z-]+)\}")


class Surety(IntEnum):
    """How often words bind a text to its day: in some sentences, in nearly all, or whatever stands around them."""

    SOMETIMES = 0
    MOSTLY = 1
    SURELY = 2


class Finder(NamedTuple):
    """What finds claims of one kind, and how sure they are."""

    kind: str
    source: str
    surety: Surety

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds them, compiled when it is first asked for: to compile all takes longer than most runs search."""
        return _compiled(self.source)


class Rule(Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """Patterns of one kind, a line each, that bind a text whatever stands around them."""

    kind: str
    needs: tuple[str, ...]  #: groups of words; whatever the patterns find holds one of each
    finds: str
    #: What all that they find holds, as a pattern that is sooner compiled than they; empty where there is none.
    core: str = ""

    @cached_property
    def anchors(self) -> tuple[frozenset[str], ...]:
        """The groups of words that it needs, as sets."""
        return tuple(frozenset(words.split()) for words in self.needs)

    def may_find_in(self, words: AbstractSet[str]) -> bool:
        """Tell whether a text of these words can hold what it finds."""
        for anchors in self.anchors:  # noqa: SIM110 - a loop, for this is asked more often than anything else
            if words.isdisjoint(anchors):
                return False
        return True


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


class Sum(Struct, frozen=True, forbid_unknown_fields=True):
    """Patterns of numbers that must add up; a text without any of the words that they need holds none."""

    needs: tuple[str, ...]
    finds: tuple[str, ...]
    core: str = ""  #: as that of a rule, wherever it begins


class Rules(Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """What a language's file says; `{name}` in a pattern is a fragment."""

    fragments: Mapping[str, str | tuple[str, ...]]
    sure: tuple[Rule, ...]  #: what binds a text whatever stands around it
    likely: Mapping[str, str]  #: what does so in nearly every sentence: patterns, a line each, by kind
    unsure: Mapping[str, str]  #: and what in some
    numbers: Numbers
    calendar: Calendar
    hours: Mapping[str, int]  #: those that have a name
    halves: Mapping[str, int]  #: of a day, and how many hours each adds
    years: Mapping[str, int]  #: units that are years
    seconds: Mapping[str, int]  #: units that are seconds
    zones: Mapping[str, str]  #: IANA names by what clocks are called
    sums: Mapping[str, tuple[Sum, ...]]  #: what must add up, by kind
    deeds: Mapping[str, tuple[str, ...]]  #: what was done in events, by kind, and how a text tells when
    working: Mapping[str, tuple[str, ...]]  #: what is only said of a mission that works
    tone: Mapping[str, tuple[str, ...]]  #: what a remembrance has no room for

    def pattern(self, text: str) -> str:
        """A pattern with its fragments, and theirs, filled in."""
        return _FRAGMENT.sub(lambda found: self.pattern(self._fragment(found[1])), text)

    def _fragment(self, name: str) -> str:
        found = self.fragments[name]
        return found if isinstance(found, str) else f"(?:{'|'.join(found)})"

    @cached_property
    def finders(self) -> tuple[Finder, ...]:
        """What finds claims of any surety."""
        others = ((self.likely, Surety.MOSTLY), (self.unsure, Surety.SOMETIMES))
        found = (
            Finder(kind, self._whole(finds.splitlines()), surety)
            for kinds, surety in others
            for kind, finds in kinds.items()
        )
        return (*map(self.finder, self.sure), *found)

    def rules_near(self, words: AbstractSet[str]) -> list[Rule]:
        """The rules of sure claims that may find something among these words, in small letters."""
        near = {place for word in words & self._places.keys() for place in self._places[word]}
        return [self.sure[place] for place in sorted(near) if self.sure[place].may_find_in(words)]

    @cached_property
    def _places(self) -> Mapping[str, tuple[int, ...]]:
        """The places of the sure rules, by the words of their first anchors: most texts have few."""
        found: dict[str, tuple[int, ...]] = {}
        for place, rule in enumerate(self.sure):
            for word in rule.needs[0].split():
                found[word] = (*found.get(word, ()), place)
        return found

    def has_core(self, core: str, shown: str) -> bool:
        """Tell whether a text holds what all that a rule finds must hold; nothing of it begins within a word."""
        # That is asked first: to look at each letter of a text for all takes twice as long.
        return not core or self._holds(rf"(?!\B\w)(?:{core})", shown)

    def _holds(self, pattern: str, shown: str) -> bool:
        return _compiled(self.pattern(pattern)).search(shown) is not None

    def finder(self, rule: Rule) -> Finder:
        """What finds the claims of a rule of sure ones."""
        return Finder(rule.kind, self._source(rule), Surety.SURELY)

    def _source(self, rule: Rule) -> str:
        found = self._sources.get(rule.finds)
        if found is None:
            found = self._sources[rule.finds] = self._whole(rule.finds.splitlines())
        return found

    @cached_property
    def _sources(self) -> dict[str, str]:
        return {}

    @cached_property
    def dates(self) -> re.Pattern[str]:
        """Finds days of the calendar."""
        return _compiled("|".join(self._source(rule) for rule in self.sure if rule.kind == "date"))

    def adding_up(self, kind: str, text: str) -> Iterator[re.Match[str]]:
        """Find in a text two years (`first`, `last`) or days (`begin`, `end`) and how many lie between: `count`."""
        for each in self.sums[kind]:
            if any(word in text for word in each.needs) and self._holds(each.core, text):
                for finds in each.finds:
                    yield from _compiled(self.pattern(finds)).finditer(text)

    @cached_property
    def levity(self) -> re.Pattern[str]:
        """Finds what a remembrance has no room for."""
        return _compiled("|".join((self._whole(self.tone["levity"]), *self.tone["signs"])))

    def _whole(self, words: Iterable[str]) -> str:
        """Any of the words, whole; never inside a longer word, a hashtag, a handle or a path."""
        return rf"(?<![\w#@/])(?:{'|'.join(self.pattern(each.strip()) for each in words)})(?!\w)"


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
