"""Deeds: what a text says was done, by whom, and in which year, month or day; how long it worked, how far apart it came."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bot.claims.find import YEAR, plain, sentences
from bot.claims.reading import named_day, number
from bot.claims.rules import Rules, rules

#: A deed before its year, and behind it; and what is found wherever they are, and sooner compiled.
_DONE_WHEN = (
    r"{deed}(?:{apart},? \(?(?:back )?(?:(?:was|came|took place|happened) )?(?:in|on|of) |,? \(|, | ){when}"
)
_NEARLY_DONE_WHEN = r"{deed}(?:[\w'(, -]|\.(?=,? \d))*?{year}"
_WHEN_DONE = "{when},?(?: {pronouns}|{apart}) {deed}"
_NEARLY_WHEN_DONE = r"{year}[\w', -]*? {deed}"


class When(NamedTuple):
    """A year as a text names it, with month and day where it does."""

    year: int
    month: int | None
    day: int | None


class Deed(NamedTuple):
    """What was done: its words, who did it (the word before it, empty where there is none), and when."""

    words: str
    who: str
    when: When


class Toil(NamedTuple):
    """How long something worked: so many years, from one year on, until another, as far as the words tell."""

    words: str
    years: float | None
    first: int | None
    last: int | None
    is_whole: bool  #: whether it is said of all its work, not of one place or thing


class Distance(NamedTuple):
    """So many of a unit from what has a name, and the sentence that says so."""

    words: str
    many: float
    unit: str
    name: str
    sentence: str


def deeds(text: str, kind: str, lang: str = "en") -> Iterator[Deed]:
    """What a text says was done in an event of a kind, each with its year; nothing where `lang` has no rules for it."""
    known = rules(lang)
    if known is None or not known.deeds.get(kind):
        return
    shown = plain(text)
    for found in _nearly(shown, (_NEARLY_DONE_WHEN, _DONE_WHEN), kind, lang=lang):
        who = _who(shown[: found.start("deed")], lang)
        yield Deed(text[found.start() : found.end()], who, _when(found["when"], known))
    for found in _nearly(shown, (_NEARLY_WHEN_DONE, _WHEN_DONE), kind, lang=lang):
        begin, before = found.start("deed"), shown[: found.start()]
        if _compiled(lang, "{begins}").search(before):
            is_beside = begin - found.end("when") == 1
            who = _who(before if is_beside else shown[:begin], lang)
            yield Deed(text[found.start() : found.end()], who, _when(found["when"], known))


def _nearly(shown: str, orders: tuple[str, str], kind: str, *, lang: str) -> Iterator[re.Match[str]]:
    """The deeds of a kind in the second of two orders, where the first is found."""
    nearly, order = orders
    if _pattern(lang, nearly, kind).search(shown):
        yield from _pattern(lang, order, kind).finditer(shown)


def is_done(sentence: str, kind: str, lang: str) -> bool:
    """Tell whether a sentence says that something of the kind was done, whoever did it."""
    known, kinds = rules(lang), (kind, f"near-{kind}")
    is_known = known is not None and any(each in known.deeds for each in kinds)
    return is_known and bool(_pattern(lang, "{deed}", *kinds).search(plain(sentence)))


def says(sentence: str, what: str, lang: str) -> bool:
    """Tell whether a sentence holds one of the words of a list, as a whole word."""
    return bool(_pattern(lang, "{deed}", what).search(plain(sentence)))


def tokens(title: str, lang: str) -> frozenset[str]:
    """The words of a title by which a text may call what it is about, in small letters."""
    known = rules(lang)
    empty = set(known.deeds["nobody"]) if known else set()
    return frozenset(re.findall(r"[^\W_]+", title.casefold())) - empty


def is_anyone(who: str, lang: str) -> bool:
    """Tell whether a word may stand for whatever a text is about."""
    known = rules(lang)
    return not who or (known is not None and who.casefold() in known.deeds["whose"])


def told_years(text: str, what: str, lang: str) -> Iterator[tuple[str, When]]:
    """The years, or days, that a text tells in one of the ways of a list, with the words."""
    known, shown = rules(lang), plain(text)
    for pattern in _list(lang, what) if known else ():
        for found in pattern.finditer(shown):
            assert known  # noqa: S101 - as above
            yield text[found.start() : found.end()].strip(), _when(found["when"], known)


def counts(text: str, what: str, lang: str) -> Iterator[tuple[str, float, int]]:
    """How many years a text counts, in one of the ways of a list, until which: with the words."""
    known, shown = rules(lang), plain(text)
    for pattern in _list(lang, what) if known else ():
        for found in pattern.finditer(shown):
            told = number(found["count"], known) if known else None
            if told is not None:
                yield text[found.start() : found.end()], told, int(found["last"])


def ordinals(sentence: str, lang: str) -> Iterator[tuple[str, float]]:
    """The anniversaries that a sentence counts."""
    known = rules(lang)
    for pattern in _list(lang, "ordinal") if known else ():
        for found in pattern.finditer(plain(sentence)):
            told = number(found["count"], known) if known else None
            if told is not None:
                yield found[0], told


def toils(text: str, lang: str) -> Iterator[Toil]:
    """How long a text says that something worked."""
    known, shown = rules(lang), plain(text)
    if known is None or not says(shown, "worked", lang):
        return
    for pattern in _list(lang, "toiled"):
        for found in pattern.finditer(shown):
            told = found.groupdict()
            count = number(told.get("count") or "", known)
            first, last = (int(told[name]) if told.get(name) else None for name in ("first", "last"))
            yield Toil(found[0], count, first, last, is_whole=not told.get("object"))


def may_tell_distances(text: str, lang: str) -> bool:
    """Tell, quickly, whether a text can say how far one thing came before or after another."""
    known = rules(lang)
    return known is not None and any(side in text for side in known.deeds["sides"])


def distances(text: str, names: tuple[str, ...], lang: str) -> Iterator[Distance]:
    """How far, in which unit, a text says that something came before or after what has one of these names."""
    known, shown = rules(lang), plain(text)
    for found in _between(lang, names).finditer(shown) if known else ():
        told = number(found["count"], known) if known else None
        if told is not None:
            own = next(each for each in sentences(shown) if found.start() in each)
            unit = found["unit"].rstrip("s").lower()
            yield Distance(found[0], told, unit, found["other"], shown[own.start : own.stop])


@cache
def _between(lang: str, names: tuple[str, ...]) -> re.Pattern[str]:
    """What finds how far something came from what has one of the names."""
    known = rules(lang)
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    return _compiled(
        lang, known.deeds["distances"][0].replace("{}", "|".join(longest_first)) if known else ""
    )


def _who(before: str, lang: str) -> str:
    found = _compiled(lang, "{helpers}").search(before)
    return ((found and found["who"]) or "").removesuffix("'s").removesuffix("'")


def _when(words: str, known: Rules) -> When:
    year = YEAR.search(words)
    day = named_day(words, known)
    month = re.search(known.pattern("{month}"), words, re.IGNORECASE)
    places = known.calendar.months.split()
    place = places.index(month[0][:3].casefold()) + 1 if month else None
    return When(int(year[0]) if year else 0, place, day.day if day else None)


def _list(lang: str, what: str) -> tuple[re.Pattern[str], ...]:
    known = rules(lang)
    return tuple(_compiled(lang, each) for each in known.deeds[what]) if known else ()


@cache
def _pattern(lang: str, order: str, *kinds: str) -> re.Pattern[str]:
    """What finds the deeds of some kinds, in an order of what stands about them."""
    known = rules(lang)
    done = [each for kind in kinds for each in known.deeds.get(kind, ())] if known else []
    return _compiled(lang, order.replace("{deed}", rf"\b(?P<deed>{'|'.join(done)})\b"))


@cache
def _compiled(lang: str, source: str) -> re.Pattern[str]:
    known = rules(lang)
    assert known  # noqa: S101 - nobody asks for another
    for name in ("apart", "helpers", "begins", "pronouns"):
        source = source.replace(f"{{{name}}}", known.deeds[name][0])
    source = source.replace("{when}", rf"\b(?P<when>{known.deeds['when'][0]})\b")
    return re.compile(known.pattern(source), re.IGNORECASE)
