"""Whether a text says of something, by its name, that it is at work."""

import re
from collections.abc import Iterator
from functools import cache

from bot.claims.find import YEAR, plain, sentences
from bot.claims.rules import Rules, rules

#: What may stand between a name and what it does: "the rover", "and her twin".
_BESIDE = r"(?!\w|'s\b|-),?(?: (?:the )?\w+(?=,? (?:is|are|has|have)\b))?(?: and (?:\w+ )?\w+)?,? "


def said_to_work(text: str, name: str, lang: str = "en") -> Iterator[str]:
    """The words that say of what has this name, as whole words and written so, that it is at work.

    A sentence that names a year tells history. Nothing where `lang` has no rules.
    """
    known, shown = rules(lang), plain(text)
    for start, end in _said(shown, name, known) if known else ():
        own = next(each for each in sentences(shown) if start in each)
        if not YEAR.search(shown, own.start, own.stop):
            yield text[start:end]


def _said(shown: str, name: str, known: Rules) -> Iterator[tuple[int, int]]:
    place = shown.find(name)
    while place >= 0:
        after = _after().match(shown, place + len(name))
        begins = after and shown.startswith(known.working["begins"], after.end())
        doing = after and begins and known.doing.match(shown, after.end())
        if doing and not shown[:place][-1:].isalnum():
            yield place, doing.end()
        place = shown.find(name, place + 1)


@cache
def _after() -> re.Pattern[str]:
    return re.compile(_BESIDE)
