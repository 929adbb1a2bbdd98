"""What may have stood where a copy lost a name or cut a link, and what a text may be about: guesses, best first."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from math import log

from msgspec import Struct

from bot.claims import claims, full_dates, rules
from bot.claims.reading import NamedDay, named_day
from bot.importers.x_page.words import cut_links, links
from bot.model import Event, Project

#: So many guesses are worth a look.
_MOST_NAMES, _MOST_LINKS, _MOST_EVENTS = 6, 6, 3

_WORD = re.compile(r"\w+")
_SENTENCE_START = re.compile(r"^.*[.!?\n]", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?\n].*$", re.DOTALL)
#: A name as texts write it: a mention, or words that begin with capitals.
_NAME = r"(\{@[\w-]+\}|[A-Z][\w-]*\w(?: (?:[A-Z][\w-]*\w|\d+))*)"
_BETWEEN = r"[^\w\n{}]{1,3}"
#: Words that begin sentences, and with a capital; no names.
_NO_NAMES = re.compile(
    r"(?:An?|And|As|At|But|For|He|Here|How|I|If|In|It|On|Our|She|So|That|The|Then|There|These|They|This|Those|To|We"
    r"|What|When|Where|Who|With|You|Your)(?: .*)?"
)
#: How many words before a gap and behind it must be alike: where so few are, only what has a name in schedules/ counts.
_SIDES, _FEW = ((2, 2), (1, 2), (2, 1), (1, 1), (0, 2), (2, 0)), 2
_STEM = 5  #: letters by which words are told apart
_ALIKE = 0.6  #: how much of an event's title a text must hold, and of what it says beside names
_MOST_TEXTS = 2_000  #: so many are enough to learn from what is named beside which words
_DOUBT = 5  #: as if so many more texts named each thing beside the usual words: few texts prove little


class Named(Struct, frozen=True):
    """Something with a name: as a post writes it, and all that texts call it."""

    written: str
    words: tuple[str, ...]


class Suggestions(Struct, frozen=True, dict=True):
    """What a project knows that may fill what a copy lost. It is worked out once: keep it while the project stays."""

    project: Project

    def names(self, text: str, gap: range) -> tuple[str, ...]:
        """Names for a gap in a text.

        First those that stand between the same words elsewhere; then mentions, then missions, in order of how often
        other texts name them beside this one's words. What the text itself names comes last.
        """
        near = [
            self._by_word[name].written if name in self._by_word else name
            for name in self._between_same_words(text, gap)
        ]
        likely = self._by_likeness(text)
        named = set(self._named_in(text))
        others = sorted(likely, key=lambda each: (each in named, not each.written.startswith("{@")))
        return tuple(dict.fromkeys([*near, *(each.written for each in others)]))[:_MOST_NAMES]

    def links(self, link: str) -> tuple[str, ...]:
        """The whole links of the corpus and of events' sources that begin as a cut one does."""
        start = _bare(link.rstrip("…"))
        found = (each for each in self._links if _bare(each).startswith(start) and _bare(each) != start)
        return tuple(found)[:_MOST_LINKS]

    def events(self, text: str, lang: str = "en") -> tuple[str, ...]:
        """The ids of events whose date a text names, or whose title it speaks of."""
        days, stems = list(_named_days(text, lang)), _stems(text)
        scores = {event.id: self._speaks_of(event, days, stems) for event in self._dated}
        ranked = sorted((each for each in scores if scores[each]), key=lambda each: -scores[each])
        return tuple(ranked[:_MOST_EVENTS])

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        """All that each post says."""
        return tuple("\n".join(part.text for part in post.parts) for post in self.project.corpus.posts)

    @cached_property
    def _named(self) -> tuple[Named, ...]:
        """Whatever has a mention, and the missions that have none."""
        schedules = self.project.schedules
        called = {each.name: (each.name, *each.words) for each in schedules.missions.values()}
        found = [
            Named(
                f"{{@{key}}}", (f"{{@{key}}}", *called.pop(shown.get("name", ""), (shown.get("name", key),)))
            )
            for key, shown in schedules.mentions.items()
        ]
        return (*found, *(Named(name, words) for name, words in called.items()))

    @cached_property
    def _by_word(self) -> dict[str, Named]:
        return {word: each for each in self._named for word in each.words}

    @cached_property
    def _any_name(self) -> re.Pattern[str]:
        words = sorted(self._by_word, key=len, reverse=True)
        return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words) or "(?!)")

    def _named_in(self, text: str) -> frozenset[Named]:
        return frozenset(self._by_word[word] for word in self._any_name.findall(text))

    def _between_same_words(self, text: str, gap: range) -> Iterator[str]:
        before = _WORD.findall(_SENTENCE_START.sub("", text[: gap.start]))
        behind = _WORD.findall(_SENTENCE_END.sub("", text[gap.stop :]))
        for left, right in _SIDES:
            if left <= len(before) and right <= len(behind):
                found = self._between(before[len(before) - left :], behind[:right])
                yield from (name for name in found if left + right > _FEW or name in self._by_word)

    def _between(self, before: Sequence[str], behind: Sequence[str]) -> list[str]:
        """The names that stand between words in texts, first what stands there most often."""
        pattern, words = _around(before, behind), [word.lower() for word in (*before, *behind)]
        texts = (text for text in self._texts if all(map(text.lower().__contains__, words)))
        found = Counter(name for text in texts for name in pattern.findall(text))
        return [name for name, _ in found.most_common() if not _NO_NAMES.fullmatch(name)]

    def _by_likeness(self, text: str) -> list[Named]:
        """Everything with a name, first what is named in texts that are most like this one."""
        words = _stems(text)
        likeness = {each: sum(self._speaks_for(each, word) for word in words) for each in self._named}
        return sorted(self._named, key=lambda each: -likeness[each])

    def _speaks_for(self, named: Named, word: str) -> float:
        """How much oftener a word stands in texts that name it than in all, as a logarithm; never less than nothing."""
        own, every = self._beside[named], self._beside[None]
        usual = every[word] / max(every[""], 1)
        return max(0, log((own[word] / usual + _DOUBT) / (own[""] + _DOUBT))) if usual else 0

    @cached_property
    def _beside(self) -> dict[Named | None, Counter[str]]:
        """In how many of the texts that name it each word stands, and under no word their number; under None for all."""
        counts: dict[Named | None, Counter[str]] = {each: Counter() for each in (None, *self._named)}
        for text in self._texts[:: len(self._texts) // _MOST_TEXTS + 1]:
            words = _stems(text) | {""}
            for each in (None, *self._named_in(text)):
                counts[each].update(words)
        return counts

    @cached_property
    def _links(self) -> tuple[str, ...]:
        corpus, events = self.project.corpus.posts, self.project.schedules.events.values()
        said = (link for text in self._texts for link in _whole_links(text))
        sources = (post.source for post in corpus if post.source)
        return tuple(dict.fromkeys([*said, *sources, *(each for event in events for each in event.sources)]))

    @cached_property
    def _dated(self) -> tuple[Event, ...]:
        return tuple(self.project.schedules.events.values())

    @cached_property
    def _weights(self) -> dict[str, float]:
        """How much each word of a title tells its event from others."""
        found = Counter(stem for event in self._dated for stem in _stems(event.title))
        return {stem: log((len(self._dated) + 1) / count) for stem, count in found.items()}

    def _speaks_of(self, event: Event, days: Sequence[NamedDay], stems: frozenset[str]) -> float:
        """How surely a text is about an event; 0 where nothing says so. A name alone says nothing."""
        title = _stems(event.title)
        deed = title - _stems(" ".join(self._by_word))
        is_its_day = event.day is not None and any(_is_day_of(event.day, day) for day in days)
        held = min(self._share(title & stems, title), self._share(deed & stems, deed))
        return is_its_day + (held if is_its_day or held >= _ALIKE else 0)

    def _share(self, some: Iterable[str], of: Iterable[str]) -> float:
        whole = sum(self._weights[stem] for stem in of)
        return sum(self._weights[stem] for stem in some) / whole if whole else 0


def day_named(text: str, lang: str = "en") -> date | None:
    """The one full date that a text names, on which it may have been posted; None where it names none, or several."""
    found = {day.date for _, day in full_dates(text, lang) if day.date}
    return found.pop() if len(found) == 1 else None


def _is_day_of(day: date, named: NamedDay) -> bool:
    """Tell whether a text may mean a day or its anniversary."""
    return (named.month, named.day) == (day.month, day.day) and (named.year or day.year) >= day.year


def _named_days(text: str, lang: str) -> Iterator[NamedDay]:
    known = rules(lang)
    for claim in claims(text, lang):
        if known and claim.kind == "date" and (day := named_day(claim.words, known)):
            yield day
    yield from (day for _, day in full_dates(text, lang))


def _around(before: Iterable[str], behind: Iterable[str]) -> re.Pattern[str]:
    """What finds a name between words, however they are capitalized."""
    left = "".join(rf"\b(?i:{re.escape(word)}){_BETWEEN}" for word in before)
    right = "".join(rf"{_BETWEEN}(?i:{re.escape(word)})\b" for word in behind)
    return re.compile(left + _NAME + right)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.casefold()[:_STEM] for word in _WORD.findall(text))


def _whole_links(text: str) -> Iterator[str]:
    cut = cut_links(text)
    return (link for link in links(text) if link not in cut)


def _bare(link: str) -> str:
    return (link.partition("://")[2] or link).removeprefix("www.")
