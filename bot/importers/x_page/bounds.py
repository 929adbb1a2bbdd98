"""Where one post ends and the next begins, in a run of text lines that nothing else divides.

Every way to cut the run into pieces has a cost, the sum of the signs against it; the cheapest is taken. The signs are
those a reader goes by: a piece fits in one post, it ends in a link or hashtag or at least a full sentence, it does not
begin with what can only follow ("Read more: …", a lone link, a list's emoji).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise, takewhile
from math import inf

from bot.importers.x_page.words import LIMIT, begins_with_emoji, ends_in_tail, is_tail, weight

#: What each sign costs. Only their order and rough distance matter.
_PIECE = 1.0  #: one more post
_TOO_SHORT = 3.0  #: so short without media or quotation
_STARTS_AS_TAIL = 9.0  #: begins with nothing but links and hashtags
_STARTS_AS_SEQUEL = 3.0  #: begins as what follows does
_ENDS_IN_SENTENCE = 3.0  #: ends without link or hashtag
_ENDS_OPEN = 5.0  #: ends within a sentence, or as a title
_RUNS_PAST_TAIL = 4.0  #: goes on after a line of links and hashtags
_RUNS_PAST_LINK = 2.5  #: goes on after a line that ends in one
_RUNS_INTO_TITLE = 4.5  #: goes on, after a full sentence, with what reads like a title
_RUNS_INTO_SEQUEL = 0.5  #: goes on after a link as posts do

#: A post that has only words is seldom shorter (weighed), a title seldom longer.
_SHORT_POST, _SHORT_LINE = 100, 60

#: A bound is sure when any other way costs this much more.
_SURE = 1.2

_SEQUEL = re.compile(
    r"(?:read|more|learn|details?|see|watch|listen|find out|full|info|image|tag|check|visit|link|via|source)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"')]*$")
_TITLE_WORD = re.compile(r"[A-Z0-9#\"]|(?:a|an|the|of|on|in|at|to|and|for|from)\b")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a run that make one post: `start` and `end` count in the run, half-open."""

    start: int
    end: int
    is_sure: bool  #: no bound of it is a guess


@dataclass(frozen=True)
class Stretch:
    """A run of text lines to cut."""

    lines: tuple[str, ...]
    is_held: bool  #: media or a quotation follow, so the last piece may be short
    is_quoted: bool  #: it follows the word "Quote", so the first piece is no post of its own

    def pieces(self) -> tuple[Piece, ...]:
        """The cheapest way to cut it."""
        cuts = self._cheapest_cuts()
        guesses = {cut for cut in range(1, len(self.lines)) if self._doubt(cut) < _SURE}
        return tuple(
            Piece(start, end, is_sure=guesses.isdisjoint(range(start, end + 1)))
            for start, end in pairwise(cuts)
        )

    def _cheapest_cuts(self) -> tuple[int, ...]:
        cuts = [len(self.lines)]
        while cuts[-1]:
            end = cuts[-1]
            cuts.append(
                min(self._starts(end), key=lambda start: self._before[start] + self._cost(start, end))
            )
        return tuple(reversed(cuts))

    def _doubt(self, cut: int) -> float:
        """How little speaks for the choice made at `cut`: the cheapest way with a bound there against without."""
        across = (
            self._before[start] + self._cost(start, end) + self._after[end]
            for start in self._starts(cut)
            for end in self._ends(cut)
            if self._fits(start, end)
        )
        return abs(self._before[cut] + self._after[cut] - min(across, default=inf))

    @cached_property
    def _before(self) -> list[float]:
        """The cheapest cost of the lines before each place."""
        costs = [0.0]
        for end in range(1, len(self.lines) + 1):
            costs.append(min(costs[start] + self._cost(start, end) for start in self._starts(end)))
        return costs

    @cached_property
    def _after(self) -> list[float]:
        """The cheapest cost of the lines from each place on."""
        costs = {len(self.lines): 0.0}
        for start in reversed(range(len(self.lines))):
            costs[start] = min(self._cost(start, end) + costs[end] for end in self._ends(start))
        return [costs[place] for place in range(len(self.lines) + 1)]

    def _starts(self, end: int) -> Iterator[int]:
        """Where a piece that ends at `end` can start: one line at least, then as many as one post takes."""
        yield end - 1
        yield from takewhile(lambda start: self._fits(start, end), reversed(range(end - 1)))

    def _ends(self, start: int) -> Iterator[int]:
        yield start + 1
        yield from takewhile(lambda end: self._fits(start, end), range(start + 2, len(self.lines) + 1))

    def _fits(self, start: int, end: int) -> bool:
        return self._weight(start, end) <= LIMIT

    def _weight(self, start: int, end: int) -> int:
        return self._weights[end] - self._weights[start] + end - start - 1

    @cached_property
    def _weights(self) -> list[int]:
        return list(accumulate((weight(line) for line in self.lines), initial=0))

    def _cost(self, start: int, end: int) -> float:
        opens = _start_cost(self.lines[start]) if start else 0.0
        joins = self._joins[end - 1] - self._joins[start]
        return _PIECE + opens + joins + self._close_cost(start, end)

    @cached_property
    def _joins(self) -> list[float]:
        """The cost of leaving lines together, summed up to each line."""
        return list(accumulate((_join_cost(*two) for two in pairwise(self.lines)), initial=0.0))

    def _close_cost(self, start: int, end: int) -> float:
        if self.is_held and end == len(self.lines):
            return 0.0
        is_quotation = self.is_quoted and start == 0
        is_short = self._weight(start, end) < _SHORT_POST and not is_quotation
        return _end_cost(self.lines[end - 1]) + (_TOO_SHORT if is_short else 0.0)


def _start_cost(line: str) -> float:
    if is_tail(line):
        return _STARTS_AS_TAIL
    if _is_sequel(line) or begins_with_emoji(line) or line[0] in "(…." or line[0].islower():
        return _STARTS_AS_SEQUEL
    return 0.0


def _end_cost(line: str) -> float:
    if ends_in_tail(line):
        return 0.0
    return _ENDS_IN_SENTENCE if _SENTENCE_END.search(line) else _ENDS_OPEN


def _join_cost(line: str, following: str) -> float:
    if is_tail(following) or begins_with_emoji(following):
        return 0.0
    if ends_in_tail(line):
        return _past_tail_cost(line, following)
    return _RUNS_INTO_TITLE if _SENTENCE_END.search(line) and _is_title(following) else 0.0


def _past_tail_cost(line: str, following: str) -> float:
    if _is_sequel(following):
        return _RUNS_INTO_SEQUEL
    return _RUNS_PAST_TAIL if is_tail(line) else _RUNS_PAST_LINK


def _is_sequel(line: str) -> bool:
    """Tell whether a line is a call to read on, with its link or tag."""
    return bool(_SEQUEL.match(line)) and ends_in_tail(line)


def _is_title(line: str) -> bool:
    """Tell whether a line reads like a title: short, without a full stop, its words capitalized."""
    is_open = not (_SENTENCE_END.search(line) or ends_in_tail(line) or line.endswith(":"))
    return is_open and weight(line) < _SHORT_LINE and all(map(_TITLE_WORD.match, line.split()))
