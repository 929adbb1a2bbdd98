"""The rules by which claims are found: one file a language, read once and only when a text asks for it."""

import re
from collections.abc import Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_FRAGMENT = re.compile(r"\{([a-z-]+)\}")


class Kind(NamedTuple):
    """A kind of claims, what finds them, and whether they are sure."""

    name: str
    pattern: re.Pattern[str]
    sure: bool


class Rules(Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """What a language's file says; `{name}` in a pattern is a fragment."""

    fragments: Mapping[str, str | tuple[str, ...]]
    sure: Mapping[str, tuple[str, ...]]  #: patterns that bind a text whatever stands around them, by kind
    unsure: Mapping[str, tuple[str, ...]]  #: those that do so in some sentences
    anchors: Mapping[str, str]  #: words of which a text must hold one to make a sure claim of the kind
    numbers: Mapping[str, float]  #: cardinals, ordinals and words that are one, such as `noon`
    months: Mapping[str, int]  #: by their first letters
    weekdays: Mapping[str, int]  #: by their first letters; Monday is 0
    years: Mapping[str, int]  #: units that are years
    seconds: Mapping[str, int]  #: units that are seconds
    zones: Mapping[str, str]  #: IANA names by what clocks are called

    def pattern(self, text: str) -> str:
        """A pattern with its fragments, and theirs, filled in."""
        return _FRAGMENT.sub(lambda found: self.pattern(self._fragment(found[1])), text)

    def _fragment(self, name: str) -> str:
        found = self.fragments[name]
        return found if isinstance(found, str) else f"(?:{'|'.join(found)})"

    @cached_property
    def sure_kinds(self) -> tuple[Kind, ...]:
        """The kinds of sure claims, ready to search with."""
        return tuple(Kind(name, self._compiled(words), sure=True) for name, words in self.sure.items())

    @cached_property
    def unsure_kinds(self) -> tuple[Kind, ...]:
        """The kinds of all other claims, ready to search with."""
        return tuple(Kind(name, self._compiled(words), sure=False) for name, words in self.unsure.items())

    @cached_property
    def anchored(self) -> Mapping[str, frozenset[str]]:
        """The anchors of each kind, apart."""
        return {name: frozenset(words.split()) for name, words in self.anchors.items()}

    def _compiled(self, words: tuple[str, ...]) -> re.Pattern[str]:
        """Any of the words, whole; never inside a longer word, a hashtag, a handle or a path."""
        whole = "|".join(map(self.pattern, words))
        return re.compile(rf"(?<![\w#@/])(?:{whole})(?!\w)", re.IGNORECASE)


@cache
def rules(lang: str) -> Rules | None:
    """The rules of a language, `en-US` read as `en`; None where it has no file, so that nothing can be judged."""
    name = lang.replace("_", "-").partition("-")[0].lower()
    return _read(name) if name in languages() else None


@cache
def languages() -> frozenset[str]:
    """The languages that have rules."""
    names = (each.name for each in _folder().iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def _read(name: str) -> Rules:
    from msgspec import toml  # noqa: PLC0415 - only texts need it, and it costs start-up time

    return toml.decode(_folder().joinpath(f"{name}.toml").read_bytes(), type=Rules)


def _folder() -> "Traversable":
    from importlib.resources import files  # noqa: PLC0415 - as in `_read`

    return files("bot.claims")
