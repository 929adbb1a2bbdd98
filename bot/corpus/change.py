"""What shall be different in a post, and the post as it will be then."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import PurePosixPath

from msgspec import UNSET, Struct, UnsetType, field
from msgspec.structs import asdict, replace

from bot.corpus.read import clean
from bot.errors import BadCall
from bot.model import Part, Post, Tone, Uses

#: The fields that can be changed, each with what it is where its file does not name it.
DEFAULTS: Mapping[str, object] = {
    "tags": (), "event": None, "tone": Tone.NEUTRAL, "posted": None, "review": None, "credit": "", "source": "",
    "use": Uses.EVERGREEN, "reasons": (), "warning": "",
}  # fmt: skip


class Change(Struct, frozen=True, kw_only=True):
    """What shall be different in a post; what is not set stays as it is."""

    texts: Mapping[int, str] = field(default_factory=dict)  #: by the number of their part, from 1
    #: a network's own texts, part by part; none at all: it says what others say
    wordings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: alt texts by part and place in it, both from 1
    alts: Mapping[tuple[int, int], str] = field(default_factory=dict)
    tags: tuple[str, ...] | UnsetType = UNSET  #: those of its folders stay in any case, and stand first
    event: str | UnsetType | None = UNSET
    tone: Tone | UnsetType = UNSET
    posted: date | datetime | UnsetType | None = UNSET
    review: date | UnsetType | None = UNSET
    credit: str | UnsetType = UNSET
    source: str | UnsetType = UNSET
    use: Uses | UnsetType = UNSET
    reasons: tuple[str, ...] | UnsetType = UNSET
    warning: str | UnsetType = UNSET


def applied(post: Post, change: Change) -> Post:
    """The post as it is after a change; BadCall where that names a part or a picture that is not there."""
    fields = {
        name: value for name, value in asdict(change).items() if name in DEFAULTS and value is not UNSET
    }
    if "tags" in fields:
        fields["tags"] = tuple(dict.fromkeys((*folder_tags(post), *fields["tags"])))
    if "event" in fields:
        fields["event"] = fields["event"] or None
    if "warning" in fields:
        fields["warning"] = clean(fields["warning"])
    return replace(post, **fields, parts=_parts(post, change), wordings=_wordings(post, change))


def folder_tags(post: Post) -> tuple[str, ...]:
    """The tags that a post has of the folders in which its file lies."""
    return PurePosixPath(post.place.file).parent.parts[1:]


def _parts(post: Post, change: Change) -> tuple[Part, ...]:
    _refuse_others("part", change.texts, range(1, len(post.parts) + 1))
    places = [(n, m) for n, part in enumerate(post.parts, 1) for m, _ in enumerate(part.media, 1)]
    _refuse_others("picture", change.alts, places)
    return tuple(_part(number, part, change) for number, part in enumerate(post.parts, 1))


def _part(number: int, part: Part, change: Change) -> Part:
    media = (
        replace(each, alt=change.alts.get((number, place), each.alt))
        for place, each in enumerate(part.media, 1)
    )
    text = change.texts.get(number)
    return Part(part.text if text is None else clean(text), tuple(media))


def _refuse_others(name: str, wanted: Iterable[object], known: Iterable[object]) -> None:
    there = list(known)
    for each in wanted:
        if each not in there:
            raise BadCall(f"the post has no {name} {each}; it has {len(there)}")


def _wordings(post: Post, change: Change) -> dict[str, tuple[str, ...]]:
    said = {network: tuple(map(clean, texts)) for network, texts in change.wordings.items()}
    return {network: texts for network, texts in {**post.wordings, **said}.items() if texts}
