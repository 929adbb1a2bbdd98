"""Imported posts on hold, one after the other: what is doubtful in each, what may mend it, and what people decide."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal

from msgspec import UNSET, Struct
from msgspec.structs import replace

from bot.claims import claims
from bot.corpus.change import Change
from bot.corpus.edit import Edit, edited
from bot.desk.review.suggestions import Suggestions, day_named
from bot.errors import BadCall
from bot.importers.x_page.faults import cut_link, gaps, lost_name
from bot.importers.x_page.uses import tone
from bot.importers.x_page.words import cut_link_places
from bot.model import Post, Project, Tone, Uses

_DECLINED = "declined"
_QUOTED = re.compile("“(.+)”")
_NO_SPACE_BEFORE = tuple(",.;:!?)'\N{RIGHT SINGLE QUOTATION MARK}")
_NO_SPACE_BEHIND = ("", "\n", "(")


class Mark(Struct, frozen=True):
    """Some words of a text that a person should look at, or the space where a name was."""

    kind: Literal["name", "link", "claim", "words"]
    start: int
    stop: int
    says: str  #: why, as a sentence
    suggestions: tuple[str, ...] = ()  #: what may stand there, best first


class Piece(Struct, frozen=True):
    """A stretch of a text, with every mark that lies on it."""

    text: str
    marks: tuple[Mark, ...]


class Look(Struct, frozen=True):
    """A post as a person reviews it, with what may be set."""

    post: Post
    parts: tuple[tuple[Piece, ...], ...]  #: the text of each part in pieces; joined, they are the text
    others: tuple[str, ...]  #: the reasons that no mark tells
    events: tuple[str, ...]  #: ids of events that it may be about, best first
    tone: Tone
    use: Uses  #: dated where any claim binds it
    posted: date | None  #: the day that it names, if it names one


class Progress(Struct, frozen=True):
    """How many are decided, of how many there were."""

    done: int
    of: int


def waiting(project: Project) -> tuple[Post, ...]:
    """The posts on hold that nobody has decided about, in the order of their files and lines."""
    return tuple(sorted(filter(_waits, project.corpus.posts), key=_order))


def progress(project: Project, decided: int) -> Progress:
    """How far the review is, where so many have been decided."""
    return Progress(decided, decided + len(waiting(project)))


def following(project: Project, post: Post) -> Post | None:
    """The post to look at after one: the next that waits, and after the last the first; None where no other does."""
    others = [each for each in waiting(project) if each.id != post.id]
    return next((each for each in others if _order(each) > _order(post)), others[0] if others else None)


def _waits(post: Post) -> bool:
    return post.use is Uses.HOLD and bool(post.reasons) and not post.reasons[0].startswith(_DECLINED)


def _order(post: Post) -> tuple[str, int]:
    return (post.place.file, post.place.line)


def look(post: Post, known: Suggestions) -> Look:
    """A post on hold with its lost names, cut links and claims marked, and guesses from what is `known`."""
    texts = [part.text for part in post.parts]
    marks = [_marks(post, text, known) for text in texts]
    said = {mark.says for each in marks for mark in each}
    whole = "\n".join(texts)
    return Look(
        post,
        tuple(_pieces(text, each) for text, each in zip(texts, marks, strict=True)),
        others=tuple(reason for reason in post.reasons if reason not in said),
        events=known.events(whole, post.lang),
        tone=post.tone if post.tone is not Tone.NEUTRAL else tone(whole),
        use=Uses.DATED if claims(whole, post.lang) else Uses.EVERGREEN,
        posted=day_named(whole, post.lang),
    )


def _marks(post: Post, text: str, known: Suggestions) -> tuple[Mark, ...]:
    found = [*_lost(text, known), *_cut(text, known), *_binding(post, text)]
    said = {mark.says for mark in found}
    others = [reason for reason in post.reasons if reason not in said]
    return tuple(sorted([*found, *_quoted(text, others)], key=lambda mark: (mark.start, mark.stop)))


def _lost(text: str, known: Suggestions) -> Iterator[Mark]:
    for gap in gaps(text):
        names = known.names(text, gap)
        yield Mark("name", gap.start, gap.stop, lost_name(text, gap), names)


def _cut(text: str, known: Suggestions) -> Iterator[Mark]:
    for place in cut_link_places(text):
        link = text[place.start : place.stop]
        yield Mark("link", place.start, place.stop, cut_link(link), known.links(link))


def _binding(post: Post, text: str) -> Iterator[Mark]:
    for claim in claims(text, post.lang):
        quoted = f"“{' '.join(claim.words.split())}”"
        reason = next(
            (each for each in post.reasons if quoted in each and not each.startswith("a name")), None
        )
        says = reason or f"says {quoted}, which is not true on every day"
        yield Mark("claim", claim.start, claim.end, says)


def _quoted(text: str, reasons: Iterable[str]) -> Iterator[Mark]:
    """The words that reasons quote, where they stand first."""
    for reason in reasons:
        if (found := _QUOTED.search(reason)) and (start := text.find(found[1])) >= 0:
            yield Mark("words", start, start + len(found[1]), reason)


def _pieces(text: str, marks: Sequence[Mark]) -> tuple[Piece, ...]:
    """The text cut wherever a mark begins or ends."""
    cuts = sorted({0, len(text), *(mark.start for mark in marks), *(mark.stop for mark in marks)})
    return tuple(
        Piece(text[start:stop], tuple(mark for mark in marks if mark.start <= start and stop <= mark.stop))
        for start, stop in pairwise(cuts)
    )


def filled(text: str, fills: Mapping[int, str]) -> str:
    """A text with names in its gaps and whole links for its cut ones, each by the start of its mark.

    BadCall where no mark that can be filled begins there.
    """
    spaces, cut = ({each.start: each for each in found} for found in (gaps(text), cut_link_places(text)))
    for start in sorted(fills, reverse=True):
        if start in cut:
            text = text[:start] + fills[start] + text[cut[start].stop :]
        elif start in spaces:
            text = _with_name(text, spaces[start], fills[start])
        else:
            raise BadCall(f"nothing is missing at {start}; look at the text again")
    return text


def _with_name(text: str, gap: range, name: str) -> str:
    """A name in its gap, with the spaces that belong around it."""
    before, behind = text[: gap.start], text[gap.stop :]
    left = "" if before[-1:] in _NO_SPACE_BEHIND else " "
    right = "" if behind.startswith(_NO_SPACE_BEFORE) else " "
    return f"{before}{left}{name}{right}{behind}"


def left_open(post: Post) -> tuple[str, ...]:
    """What still seems lost or cut in the texts of a post, as sentences."""
    texts = [part.text for part in post.parts]
    lost = [lost_name(text, gap) for text in texts for gap in gaps(text)]
    places = [(text, place) for text in texts for place in cut_link_places(text)]
    return (*lost, *(cut_link(text[place.start : place.stop]) for text, place in places))


def accepted(
    post: Post,
    project: Project,
    change: Change,
    *,
    seen: str,
    is_network: Callable[[str], bool] | None = None,
) -> Edit:
    """Yes: the edit that frees a post with a change, which says when it may be picked; its reasons go.

    BadCall says, a sentence a line, all that `check` would find wrong with it; and it is as `edited` has it.
    """
    if change.use in {UNSET, Uses.HOLD}:
        raise BadCall('say when it may be picked: use = "evergreen" or "dated"')
    edit = edited(post, project, replace(change, reasons=()), seen=seen, is_network=is_network)
    if edit.problems:
        raise BadCall("\n".join(dict.fromkeys(problem.message for problem in edit.problems)))
    return edit


def declined(post: Post, who: str, why: str) -> Change:
    """No: the change that keeps a post on hold for good, with who said so and why before its other reasons."""
    if not why.strip():
        raise BadCall("say why, so that nobody has to ask")
    reason = f"{_DECLINED} by {who}: {' '.join(why.split())}"
    return Change(use=Uses.HOLD, reasons=(reason, *post.reasons))
