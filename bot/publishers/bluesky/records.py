"""Records: posts as a repository keeps them, whole before the server is asked."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from bot.contracts import Ask
from bot.media import Picture
from bot.model import Media
from bot.publishers.bluesky.facets import Words
from bot.publishers.bluesky.ids import POST, address_of, content_id, record_key

Json = dict[str, Any]


class Ref(msgspec.Struct, frozen=True):
    """A strong reference: which record, and which version of it."""

    uri: str
    cid: str


class Above(msgspec.Struct, frozen=True):
    """What a part replies to: the thread's first post, and the part before it."""

    root: Ref
    parent: Ref


class Record(msgspec.Struct, frozen=True):
    """One part as its repository will keep it, under a key of our choice."""

    key: str
    cid: str
    value: Json
    media: tuple[Media, ...] = ()  #: the files behind its blobs


class Prepared(msgspec.Struct, frozen=True):
    """What is kept of a part before the server is asked; of a whole thread by its first part.

    Servers differ in how large a picture may be, and tell it only when they refuse a record. Hence versions: the
    second, if there is one, has smaller pictures, and is asked for when the first was refused.
    """

    repo: str
    versions: tuple[tuple[Record, ...], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The record keys, in order: every version has the same."""
        return tuple(record.key for record in self.versions[0])

    def only(self, number: int) -> "Prepared":
        """The same for one part alone."""
        first, *others = (version[number] for version in self.versions)
        return Prepared(self.repo, ((first,), *((each,) for each in others if each != first)))

    def text(self) -> str:
        """Itself as text."""
        return msgspec.json.encode(self).decode()


def prepared_in(text: str) -> Prepared:
    """What `Prepared.text` wrote."""
    return msgspec.json.decode(text, type=Prepared)


def instant(ask: Ask) -> int:
    """The instant from which a part has its key and its date: when it was first asked for."""
    return ask.at if ask.first_at is None else ask.first_at


def post(ask: Ask, words: Words, facets: Sequence[Json], embed: Json | None) -> Json:
    """A post, but for what it replies to. The parts of a thread are a millisecond apart."""
    at = datetime.fromtimestamp(instant(ask), UTC).strftime("%Y-%m-%dT%H:%M:%S")
    value: Json = {"$type": POST, "text": words.text, "createdAt": f"{at}.{(ask.part - 1) % 1000:03}Z"}
    optional = {"facets": facets, "embed": embed, "langs": [ask.lang] if ask.lang else None}
    return value | {name: each for name, each in optional.items() if each}


def chained(
    repo: str, asks: Sequence[Ask], values: Sequence[Json], above: Above | None
) -> tuple[Record, ...]:
    """The records of consecutive parts, each replying to the one before it."""
    records: list[Record] = []
    for ask, value in zip(asks, values, strict=True):
        whole = value if above is None else value | {"reply": msgspec.to_builtins(above)}
        record = Record(record_key(ask.key, ask.part, at=instant(ask)), content_id(whole), whole, ask.media)
        records.append(record)
        here = Ref(address_of(repo, record.key), record.cid)
        above = Above(above.root if above else here, here)
    return tuple(records)


def shown_media(pictures: Sequence[Picture], blobs: Sequence[Json]) -> Json | None:
    """The embed that shows pictures, or a film; None where there are none."""
    if not pictures:
        return None
    shown = [_shown(picture, blob) for picture, blob in zip(pictures, blobs, strict=True)]
    if pictures[0].is_film:
        return {"$type": "app.bsky.embed.video", **shown[0]}
    return {"$type": "app.bsky.embed.images", "images": shown}


def quoting(quoted: Ref, media: Json | None) -> Json:
    """The embed that quotes a post, beside pictures if there are any."""
    record = {"$type": "app.bsky.embed.record", "record": msgspec.to_builtins(quoted)}
    if media is None:
        return record
    return {"$type": "app.bsky.embed.recordWithMedia", "record": record, "media": media}


def card(uri: str, title: str, description: str) -> Json:
    """The embed that shows where a link leads."""
    return {
        "$type": "app.bsky.embed.external",
        "external": {"uri": uri, "title": title, "description": description},
    }


def _shown(picture: Picture, blob: Json) -> Json:
    ratio = {"aspectRatio": {"width": picture.width, "height": picture.height}}
    known = ratio if picture.width and picture.height else {}
    return {"video" if picture.is_film else "image": blob, "alt": picture.alt, **known}
