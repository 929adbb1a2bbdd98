"""The words of a post changed in its file, from the page of one planned post: written down, and taken back again."""

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, json
from msgspec.structs import replace

from bot.corpus.change import Change
from bot.corpus.edit import Edit, edited, file_digest, write
from bot.delivery.decided import By
from bot.delivery.values import Row
from bot.desk.desk import Desk, named
from bot.desk.guards import replacement
from bot.errors import BadCall
from bot.model import Corpus, Post, Rendition

#: What such a decision is called.
REWRITE = "rewrite"
#: Tells whether a network is known, as `bot.planning.check.faults` asks.
IsNetwork = Callable[[str], bool]

#: Texts by whose they are, part by part: the post's own under an empty name, then those of networks.
Words = Mapping[str, tuple[str, ...]]


class Source(Struct, frozen=True):
    """A post as its author wrote it, before frames and handles."""

    post: str
    file: str
    texts: tuple[str, ...]  #: part by part
    wordings: Mapping[str, tuple[str, ...]]  #: a network's own texts
    digest: str  #: of what stands in the file


class _Kept(Struct, frozen=True):
    """What is needed to take it back."""

    post: str
    before: Words
    after: Words


def source(desk: Desk, post: str) -> Source | None:
    """The post as it was written; None where it is not in the corpus, or its file is gone."""
    found = desk.project.corpus.by_id.get(post)
    if found is None:
        return None
    try:
        digest = file_digest(found, Path(desk.project.root))
    except BadCall:
        return None
    return Source(found.id, found.place.file, _words(found)[""], found.wordings, digest)


def rewrite(
    desk: Desk, post: str, change: Change, by: By, *, seen: str, key: str | None, is_network: IsNetwork
) -> None:
    """Write other words into a post's file; where it waits in the slot of that key, it is shown so there.

    Where somebody has given it other words there for this time, those stay.
    `seen` is the digest of the file as it was looked at. BadCall where the words have a fault, do not fit the slot, or
    the file was changed meanwhile: nothing is done then. The project is to be read again afterwards, and planned.
    """
    before = named(desk.project.corpus, post)
    edit = edited(before, desk.project, change, seen=seen, is_network=is_network)
    _refuse(edit)
    kept = json.encode(_Kept(post, _words(before), _words(edit.post))).decode()
    rows = desk.rows(key) if key else ()
    is_shown = bool(rows) and not _is_reworded(desk, rows[0], before)
    planned = replacement(_with(desk, edit.post), rows[0], edit.post) if is_shown else None
    about = f"{post} in {edit.file}"
    with desk.queue.deciding(REWRITE, by, now=desk.now, key=key, about=about, kept=kept):
        if key and planned:
            desk.queue.swap(key, planned, now=desk.now)
        write(edit)


def undo_rewrite(desk: Desk, number: int, by: By, *, is_network: IsNetwork) -> None:
    """Take back a decision to rewrite: file and slot have the old words. BadCall where they were changed since.

    The project is to be read again afterwards, and planned.
    """
    kept = json.decode(desk.queue.kept(number), type=_Kept)
    post = named(desk.project.corpus, kept.post)
    if _words(post) != kept.after:
        raise BadCall(f"somebody changed the words of {post.id} since; look at {post.place.file}")
    seen = file_digest(post, Path(desk.project.root))
    edit = edited(post, desk.project, _back(kept), seen=seen, is_network=is_network)
    with desk.queue.writing():  # the file is as it was only where the decision is taken back
        desk.queue.undo(number, by, now=desk.now)
        write(edit)


def _is_reworded(desk: Desk, row: Row, post: Post) -> bool:
    """Tell whether somebody has given the post other words in that slot, this once: they stay."""
    try:
        shown = {each.account: each for each in replacement(desk, row, post).renditions}
    except BadCall:
        return False
    own = shown.get(row.account)
    return own is None or _said(own) != _said(row.rendition)


def _said(shown: Rendition) -> list[str]:
    return [part.text for part in shown.parts]


def _refuse(edit: Edit) -> None:
    if edit.after == edit.before:
        raise BadCall("nothing was changed: the words are as they were")
    if edit.brought:
        raise BadCall(edit.brought[0].message)


def _with(desk: Desk, post: Post) -> Desk:
    """The desk as it will be once a post is as that."""
    corpus = desk.project.corpus
    posts = tuple(post if each.id == post.id else each for each in corpus.posts)
    return replace(desk, project=replace(desk.project, corpus=Corpus(posts, corpus.faulty)))


def _words(post: Post) -> Words:
    return {"": tuple(part.text for part in post.parts), **post.wordings}


def _back(kept: _Kept) -> Change:
    networks = (kept.before.keys() | kept.after.keys()) - {""}
    return Change(
        texts=dict(enumerate(kept.before[""], 1)),
        wordings={name: kept.before.get(name, ()) for name in networks},
    )
