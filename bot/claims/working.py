"""Whether a text says of something, by its name, that it is at work."""

import re
from collections.abc import Iterator
from functools import cache

from bot.claims.find import YEAR, plain, sentences
from bot.claims.rules import rules

_Span = tuple[int, int]


def said_to_work(text: str, name: str, lang: str = "en") -> Iterator[str]:
    """The words that say of what has this name, as whole words and written so, that it is at work.

    A sentence that names a year tells history. Nothing where `lang` has no rules.
    """
    for start, end in _said(plain(text), name, lang) if rules(lang) else ():
        yield text[start:end]


def it_is_said_to_work(text: str, name: str, lang: str = "en") -> Iterator[str]:
    """The words that say so of "it", in the sentence behind one that has the name: for texts that name no other."""
    for start, end in _said_of_it(plain(text), name, lang) if rules(lang) else ():
        yield text[start:end]


def _said(shown: str, name: str, lang: str) -> Iterator[_Span]:
    for start, end in _named(shown, name):
        own = next(each for each in sentences(shown) if start in each)
        found = _done(shown[: own.stop], (start, end), own.start, lang)
        # That it is of something else is asked last: nearly nothing is said to work.
        if found is not None and not _pattern(lang, "object").search(shown, own.start, start):
            yield start, found


def _named(shown: str, name: str) -> Iterator[_Span]:
    place = shown.find(name)
    while place >= 0:
        end = place + len(name)
        if not shown[:place][-1:].isalnum() and not shown[end : end + 1].isalnum():
            yield place, end
        place = shown.find(name, place + 1)


def _done(shown: str, named: _Span, begin: int, lang: str) -> int | None:
    """Where the words end that say that it works; `shown` ends with the sentence that begins at `begin`."""
    start, end = named
    are_several = _are_several(shown[:start], shown[end:])
    if not _pattern(lang, "signs-of-several" if are_several else "signs").search(shown, end):
        return None
    lasting = _pattern(lang, "then lasting").match(shown, end) if " and " in shown[end:] else None
    if lasting:
        return lasting.end()
    if YEAR.search(shown, begin):
        lasting = _pattern(lang, "beside lasting").match(shown, end)
        return lasting.end() if lasting else None
    names = ["beside doing", "beside toiling", "besides toiling"]
    names += ["beside several"] if are_several else []
    for each in names:
        found = _pattern(lang, each).match(shown, end)
        if found and (each.endswith("doing") or not _is_told(shown, start, begin, lang)):
            return found.end()
    return None


def _is_told(shown: str, start: int, begin: int, lang: str) -> bool:
    """Tell whether a sentence may tell of old days in the present: "Ten years ago today: Ingenuity flies"."""
    return bool(
        _pattern(lang, "past").search(shown[begin:start]) or _pattern(lang, "time").search(shown, start)
    )


def _are_several(before: str, after: str) -> bool:
    return before.endswith((" and ", "& ")) or after.startswith((" and ", " & "))


def _said_of_it(shown: str, name: str, lang: str) -> Iterator[_Span]:
    is_meant = False
    if not _pattern(lang, "pronouns").search(shown):
        return
    for each in sentences(shown):
        found = _done_by_it(shown[: each.stop], each.start, lang) if is_meant else None
        if found:
            yield found.span()
        is_meant = found is not None or any(start in each for start, _ in _named(shown, name))


def _done_by_it(shown: str, begin: int, lang: str) -> re.Match[str] | None:
    if not _pattern(lang, "signs-of-it").search(shown, begin):
        return None
    if lasting := _pattern(lang, "pronouns then lasting").match(shown, begin):
        return lasting
    return None if YEAR.search(shown, begin) else _pattern(lang, "pronouns gap it").match(shown, begin)


#: What stands around the patterns of a place of their own.
_SHAPES = {"object": r"\b{}\s$", "past": "{}", "time": r"\b{}\b", "signs": r"\b{}\b"}
_SHAPES |= dict.fromkeys(("signs-of-several", "signs-of-it"), _SHAPES["signs"])


@cache
def _pattern(known_as: str, names: str) -> re.Pattern[str]:
    """What finds, in a language, the rules of these names, one behind the other."""
    known = rules(known_as)
    assert known is not None  # noqa: S101 - who asks has seen it
    parts = [f"(?:{'|'.join(known.working[name])})" for name in names.split()]
    source = _SHAPES.get(names, r"{}(?!\w)").replace("{}", "".join(parts))
    return re.compile(known.pattern(source), re.IGNORECASE)
