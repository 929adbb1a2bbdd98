"""Pictures as X takes them: known by their content, and no larger than it allows."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from bot.errors import Refused
from bot.model import Limits, Media

_KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_GIF = "image/gif"
_GIF_BYTES = 15_000_000
_SEGMENT = 4_000_000  #: bytes of a picture in one request; X takes up to 5 MB


class Picture(msgspec.Struct, frozen=True):
    """A picture read and known for what it is."""

    file: str
    kind: str
    content: bytes
    alt: str

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content)

    @property
    def category(self) -> str:
        """Which of X's ways to show it is asked for."""
        return "tweet_gif" if self.kind == _GIF else "tweet_image"

    def segments(self) -> Iterable[bytes]:
        """Its bytes, in pieces that X takes."""
        return (self.content[start : start + _SEGMENT] for start in range(0, self.size, _SEGMENT))


def _picture(media: Media) -> Picture:
    """Read a picture; Refused where it is none that X shows."""
    try:
        with Path(media.file).open("rb") as file:
            content = file.read(_GIF_BYTES + 1)
    except OSError as error:
        raise Refused(f"{media.file}: cannot be read: {error.strerror}") from error
    if not (kind := _kind(content)):
        raise Refused(f"{media.file}: X shows PNG, JPEG, GIF and WEBP, and this is none of them")
    return Picture(media.file, kind, content, media.alt)


def _kind(content: bytes) -> str | None:
    """The media type by what a file begins with; its name proves nothing."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _KINDS.items() if content.startswith(magic)), None)


def pictures_of(media: Iterable[Media], limits: Limits) -> list[Picture]:
    """The pictures of a part; Refused, before X is asked, where it would not take them."""
    pictures = [_picture(each) for each in media]
    gifs = [picture for picture in pictures if picture.kind == _GIF]
    if len(pictures) > (1 if gifs else limits.images):
        raise Refused(f"X shows up to {limits.images} pictures or one GIF in a post, not {len(pictures)}")
    for picture in pictures:
        most = _GIF_BYTES if picture.kind == _GIF else limits.image_bytes
        if picture.size > most:
            raise Refused(f"{picture.file}: X takes up to {most:,} bytes: make the picture smaller")
        if len(picture.alt) > limits.alt:
            raise Refused(f"{picture.file}: X takes alt text of up to {limits.alt:,} characters")
    return pictures
