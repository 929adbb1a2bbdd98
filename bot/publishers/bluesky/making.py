"""Making records: all that can be done, and refused, before anything is seen."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import msgspec
from msgspec.structs import replace

from bot.contracts import Ask, Quote
from bot.errors import Refused
from bot.media import Picture, read_media
from bot.model import Limits, Media
from bot.publishers.bluesky.facets import Words, length, shortened, words
from bot.publishers.bluesky.ids import POST
from bot.publishers.bluesky.pds import Pds, Request, TooLarge, question
from bot.publishers.bluesky.quotes import plain_link, quoted_post
from bot.publishers.bluesky.records import (
    Above,
    Json,
    Prepared,
    Ref,
    card,
    chained,
    post,
    quoting,
    shown_media,
)
from bot.wire import refuse_halves

OLDER_BYTES = 1_000_000  #: of a picture, on servers that have not taken larger ones yet


class _Blob(msgspec.Struct, frozen=True, rename={"of": "$type", "kind": "mimeType"}):
    """What a server says of a file that it has."""

    class Link(msgspec.Struct, frozen=True, rename={"cid": "$link"}):
        """Its content id."""

        cid: str

    ref: Link
    kind: str
    size: int
    of: str = "blob"


class _Uploaded(msgspec.Struct, frozen=True):
    blob: _Blob


class _Resolved(msgspec.Struct, frozen=True):
    did: str


class _Draft(msgspec.Struct, frozen=True):
    """A part, but for its pictures."""

    words: Words
    quoted: Ref | None = None
    card: Json | None = None

    def embed(self, media: Json | None) -> Json | None:
        """What stands below the words."""
        return quoting(self.quoted, media) if self.quoted else media or self.card


class Maker:
    """Makes the records of one account."""

    def __init__(self, pds: Pds, limits: Limits) -> None:
        self._pds = pds
        self._limits = limits
        self._image_bytes = limits.image_bytes

    def made(self, asks: Sequence[Ask], above: Above | None) -> Prepared:
        """The records of consecutive parts, the first of which stands below `above`."""
        at = asks[0].at
        written = [self._written(ask) for ask in asks]
        albums = self._albums(asks)
        repo = self._pds.session(at).did
        shown = self._shown(albums, at)
        drafts = [self._draft(ask, each) for ask, each in zip(asks, written, strict=True)]
        dids = self._dids((draft.words for draft in drafts), at)
        versions = [
            [
                post(ask, draft.words, draft.words.facets(dids), draft.embed(media))
                for ask, draft, media in zip(asks, drafts, version, strict=True)
            ]
            for version in shown
        ]
        return Prepared(repo, tuple(chained(repo, asks, values, above) for values in versions))

    def take_smaller(self) -> None:
        """Remember that the server takes only what older ones take."""
        self._image_bytes = OLDER_BYTES

    def upload_again(self, media: Sequence[Media], at: int) -> None:
        """Give the server files that it has forgotten: the same bytes, hence under the same names."""
        sizes = (self._limits.image_bytes, OLDER_BYTES)
        limits = [replace(self._limits, image_bytes=most) for most in sizes]
        pictures = {
            each.content: each for most in limits for one in media for each in read_media([one], most)
        }
        for each in pictures.values():
            with suppress(TooLarge):  # then no record shows it
                self._blob(each, at)

    def _written(self, ask: Ask) -> Words:
        """The words of a part, its warning first: Bluesky has no other place for it. Refused where it is too long."""
        refuse_halves(ask)
        found = words(f"{ask.warning}\n\n{ask.text}" if ask.warning else ask.text)
        if not self._fits(found):
            warned = ", with its warning before it," if ask.warning else ""
            raise Refused(
                f"{ask.post}: part {ask.part}{warned} is too long: Bluesky takes {self._limits.text} characters and "
                f"{self._limits.text_bytes:,} bytes"
            )
        return found

    def _fits(self, found: Words) -> bool:
        limits = self._limits
        return length(found.text) <= (limits.text or 0) and len(found.text.encode()) <= (
            limits.text_bytes or 0
        )

    def _albums(self, asks: Sequence[Ask]) -> list[list[tuple[Picture, ...]]]:
        """The pictures of all parts, as large as may be; and once more, smaller, where older servers would refuse."""
        large = self._album(asks, self._image_bytes)
        is_large = any(
            len(each.content) > OLDER_BYTES and not each.is_film for part in large for each in part
        )
        return [large, self._album(asks, OLDER_BYTES)] if is_large else [large]

    def _album(self, asks: Sequence[Ask], most: int) -> list[tuple[Picture, ...]]:
        limits = replace(self._limits, image_bytes=most)
        return [read_media(ask.media, limits) for ask in asks]

    def _shown(self, albums: Sequence[list[tuple[Picture, ...]]], at: int) -> list[list[Json | None]]:
        """The embeds of all parts' pictures, in each version that the server takes."""
        *large, last = albums
        shown = []
        for album in large:
            try:
                shown.append([self._media(pictures, at) for pictures in album])
            except TooLarge:
                self.take_smaller()
        return [*shown, [self._media(pictures, at) for pictures in last]]

    def _media(self, pictures: Sequence[Picture], at: int) -> Json | None:
        return shown_media(pictures, [self._blob(picture, at) for picture in pictures])

    def _blob(self, picture: Picture, at: int) -> Json:
        """A picture as the server knows it. Nobody sees it until a record does."""
        request = Request("com.atproto.repo.uploadBlob", body=picture.content, kind=picture.kind)
        try:
            blob: Json = msgspec.to_builtins(self._pds.quietly(request, _Uploaded, at).blob)
        except TooLarge as large:
            raise TooLarge(f"{picture.file}: {large}; make it smaller") from large
        return blob

    def _draft(self, ask: Ask, found: Words) -> _Draft:
        if ask.quote:
            return self._quoting(ask, ask.quote, found)
        if ask.media or not found.links:
            return _Draft(found)
        from bot.publishers.bluesky.cards import card_of  # noqa: PLC0415 - start-up stays lean

        page = card_of(found.links[0], is_near=self._pds.is_here)
        return _Draft(found, card=card(found.links[0], page.title, page.description) if page else None)

    def _quoting(self, ask: Ask, quote: Quote, found: Words) -> _Draft:
        """A quote where it can be had, else its address: in the words if there is room, below them if not."""
        if quoted := self._quoted(quote, ask.at):
            return _Draft(found, quoted=quoted)
        link = plain_link(quote)
        if not link:
            return _Draft(found)
        if self._fits(longer := found.with_link(link)):
            return _Draft(longer)
        if ask.media:
            raise Refused(
                f"{ask.post}: what it quotes is not there, and its text has no room for the address {link}: "
                "make it shorter"
            )
        return _Draft(found, card=card(link, shortened(link), ""))

    def _quoted(self, quote: Quote, at: int) -> Ref | None:
        """The very version of a post that is quoted; None where the server has none, and knows of none."""
        if not (place := quoted_post(quote)):
            return None
        who, key = place
        repo = who if who.startswith("did:") else self._did(who, at)
        if repo is None:
            return None
        request = question("com.atproto.repo.getRecord", repo=repo, collection=POST, rkey=key)
        return self._pds.foreign(request, Ref, at)

    def _dids(self, texts: Iterable[Words], at: int) -> Mapping[str, str]:
        """The DIDs of all who are mentioned, and known."""
        handles = sorted({handle for each in texts for handle in each.handles})
        found = {handle: self._did(handle, at) for handle in handles}
        return {handle: did for handle, did in found.items() if did}

    def _did(self, handle: str, at: int) -> str | None:
        request = question("com.atproto.identity.resolveHandle", handle=handle)
        found = self._pds.foreign(request, _Resolved, at)
        return found.did if found else None
