"""What people decide about imported posts: written into their files and down as decisions, and taken back again."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, json
from msgspec.structs import replace

from bot.corpus.change import Change
from bot.corpus.edit import Edit, edited, file_digest, write
from bot.corpus.read import is_bulk
from bot.corpus.segments import lines_of
from bot.desk.desk import Desk, named
from bot.desk.review import accepted, declined, left_open, waiting
from bot.errors import BadCall, Overtaken
from bot.model import Post, Project, Uses, digest
from bot.zones import utc_text

if TYPE_CHECKING:  # SQLAlchemy costs start-up time
    from bot.delivery.decided import By, Decision

#: What such a decision is called.
REVIEW = "review"
#: Among so many decisions the last one about a post is looked for.
_LOOKED_AT = 200


class LeftOpen(BadCall):
    """Something still seems lost, or the post would never be picked; a person may mean it all the same."""


class Around(Struct, frozen=True):
    """The ids of the waiting posts next to one; None where no other waits."""

    before: str | None
    after: str | None


class _Kept(Struct, frozen=True):
    """What is needed to take it back: the whole file, or in a file of many the post's own line."""

    post: str
    was: str
    left: str  #: a digest of what the decision left there


def around(project: Project, post: Post) -> Around:
    """The waiting posts before and after one, as in a circle."""
    names = [each.id for each in waiting(project)]
    if post.id not in names or len(names) == 1:
        return Around(None, None)
    place = names.index(post.id)
    return Around(names[place - 1], names[(place + 1) % len(names)])


def accept(
    desk: Desk, post: Post, change: Change, by: "By", *, seen: str, is_network: Callable[[str], bool],
    anyway: bool = False,
) -> None:  # fmt: skip
    """Yes: the post may be picked as the change has it; LeftOpen where it has doubts, unless `anyway`.

    `seen` is the digest of its file as it was looked at. Overtaken where somebody decided or wrote since; BadCall says,
    a sentence a line, what is wrong with it. Nothing is done then. The project is to be read again afterwards.
    """
    with desk.queue.writing():  # nobody else writes while it is looked at
        refuse_overtaken(desk, post, seen)
        edit = accepted(post, desk.project, change, seen=seen, is_network=is_network)
        if not anyway and (doubts := [*left_open(edit.post), *_dayless(edit.post)]):
            raise LeftOpen("\n".join(doubts))
        _decide(desk, edit, f"accepted {called(post)}", by)


def decline(desk: Desk, post: Post, by: "By", *, seen: str) -> None:
    """No: the post stays on hold for good, with who said so and why; Overtaken and BadCall as with `accept`."""
    with desk.queue.writing():
        refuse_overtaken(desk, post, seen)
        edit = edited(post, desk.project, declined(post, by.who, by.why), seen=seen)
        _decide(desk, edit, f"declined {called(post)}", by)


def undo_review(desk: Desk, number: int, by: "By") -> str:
    """Take such a decision back: the file has every byte that it had. The id of the post, which waits again.

    BadCall where the file is not as it was left. The project is to be read again afterwards.
    """
    with desk.queue.writing():  # the file is as it was only where the decision is taken back
        kept = json.decode(desk.queue.kept(number), type=_Kept)
        desk.queue.undo(number, by, now=desk.now)
        write(_back(desk.project, kept))
    return kept.post


def refuse_overtaken(desk: Desk, post: Post, seen: str) -> None:
    """Overtaken where a post does not wait any more, or its file is not as it was seen."""
    if any(each.id == post.id for each in waiting(desk.project)) and _digest(post, desk.project) == seen:
        return
    last = last_word(desk, post)
    who = f"{last.who} {last.about}, {utc_text(last.at)[:16].replace('T', ' ')} UTC" if last else ""
    told = f"somebody was quicker ({who})" if who else f"{post.place.file} has changed since you looked at it"
    raise Overtaken(f"{told}; nothing of yours was done: look again")


def last_word(desk: Desk, post: Post) -> "Decision | None":
    """What was decided last about a post; None where that was nothing, was taken back, or lies far back."""
    found = desk.queue.decisions(most=_LOOKED_AT)
    about = (each for each in found if each.what == REVIEW and each.about.partition(" ")[2] == called(post))
    return next((each for each in about if each.undone_by is None), None)


def called(post: Post) -> str:
    """What people know a post's file by."""
    file = post.place.file
    return f"{post.id} in {file}" if is_bulk(file) else file


def _dayless(post: Post) -> tuple[str, ...]:
    """What is said of a post that waits for a day that never comes."""
    has_day = post.event is not None or post.posted is not None
    told = "it may be picked on its day only, and has none: name its event, or the day on which it was first posted"
    return () if has_day or post.use is not Uses.DATED else (told,)


def _digest(post: Post, project: Project) -> str:
    """What the file of a post is now; empty where it is gone."""
    try:
        return file_digest(post, Path(project.root))
    except BadCall:
        return ""


def _decide(desk: Desk, edit: Edit, about: str, by: "By") -> None:
    kept = json.encode(_kept(edit)).decode()
    with desk.queue.deciding(REVIEW, by, now=desk.now, about=about, kept=kept):
        write(edit)


def _kept(edit: Edit) -> _Kept:
    pairs = zip(_pieces(edit, edit.before), _pieces(edit, edit.after), strict=True)
    was, left = next(pair for pair in pairs if pair[0] != pair[1])
    return _Kept(edit.post.id, was, digest(left))


def _pieces(edit: Edit, content: bytes) -> list[str]:
    """What of a file may be the post's own: its lines where it holds many, else all of it."""
    text = content.decode()
    return lines_of(text) if is_bulk(edit.file) else [text]


def _back(project: Project, kept: _Kept) -> Edit:
    """The edit that gives a post's file back what it said; BadCall where somebody changed that since."""
    post = named(project.corpus, kept.post)
    edit = edited(post, project, Change(), seen=file_digest(post, Path(project.root)))
    pieces = _pieces(edit, edit.before)
    own = next((place for place, piece in enumerate(pieces) if digest(piece) == kept.left), None)
    if own is None:
        raise BadCall(f"somebody changed {called(post)} since; look at it there")
    pieces[own] = kept.was
    return replace(edit, after="".join(pieces).encode(), problems=(), brought=())
