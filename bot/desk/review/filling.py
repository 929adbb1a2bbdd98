"""Names and links that a person chose for the holes of a text, put where they belong, whatever else was typed there."""

from collections.abc import Mapping
from difflib import SequenceMatcher

from bot.desk.review import filled
from bot.errors import BadCall
from bot.importers.x_page.faults import gaps
from bot.importers.x_page.words import cut_link_places

#: Letters around a hole that a message quotes.
_AROUND = 14
#: Where so much more was typed than there was, nobody looks for its holes.
_MOST_MORE = 4_000


def holes(text: str) -> Mapping[int, range]:
    """What is missing or cut in a text, by where it starts, in order."""
    found = [*gaps(text), *(range(place.start, place.stop) for place in cut_link_places(text))]
    return {each.start: each for each in sorted(found, key=lambda each: each.start)}


def woven(text: str, typed: str, names: Mapping[int, str], *, was: Mapping[int, str]) -> str:
    """What was typed over a text, with names in its holes, each by the hole's start; an empty one leaves it open.

    `was` is what was in the holes before it was typed over. BadCall where a person has since written over a hole in
    which something else shall stand now.
    """
    before, spans = _with(text, was)
    pieces = {start: _piece(text, start, name) for start, name in names.items()}
    wanted = {start: piece for start, piece in pieces.items() if before[slice(*spans[start])] != piece}
    places = _places(before, typed) if wanted else []
    for start in sorted(wanted, reverse=True):
        first, last = _moved(spans[start], places, before) or _gone(text, start)
        typed = typed[:first] + wanted[start] + typed[last:]
    return typed


def _with(text: str, names: Mapping[int, str]) -> tuple[str, dict[int, tuple[int, int]]]:
    """A text with names in some of its holes, and where each hole is then."""
    made, done, spans = "", 0, {}
    for start, hole in holes(text).items():
        made += text[done:start]
        piece = _piece(text, start, names.get(start, ""))
        spans[start] = (len(made), len(made) + len(piece))
        made, done = made + piece, hole.stop
    return made + text[done:], spans


def _piece(text: str, start: int, name: str) -> str:
    """A name with the spaces around it, as it stands in the place of a hole; without a name, the hole itself."""
    if not name:
        return text[start : holes(text)[start].stop]
    whole = filled(text, {start: name})
    return whole[start : len(whole) - (len(text) - holes(text)[start].stop)]


def _places(before: str, typed: str) -> list[tuple[int, int, int]]:
    """The stretches that stayed: where each was, where it is, and how long it is."""
    if before == typed:
        return [(0, 0, len(before))]
    if len(typed) > len(before) + _MOST_MORE:
        return []
    found = SequenceMatcher(None, before, typed, autojunk=False).get_matching_blocks()
    return [(each.a, each.b, each.size) for each in found]


def _moved(span: tuple[int, int], places: list[tuple[int, int, int]], before: str) -> tuple[int, int] | None:
    """Where a hole is that stayed whole, with a letter on each side of it; None where it did not."""
    first, last = max(span[0] - 1, 0), min(span[1] + 1, len(before))
    for was, now, size in places:
        if was <= first and last <= was + size:
            return span[0] - was + now, span[1] - was + now
    return None


def _gone(text: str, start: int) -> tuple[int, int]:
    around = " ".join(text[max(start - _AROUND, 0) : start + _AROUND].split())
    raise BadCall(f"the words around “{around}” were changed; write there yourself what belongs there")
