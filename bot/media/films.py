"""MP4 and QuickTime films, as boxes within boxes: how large, how long, and whether they say where they were made."""

import struct
from collections.abc import Iterator

from msgspec import Struct

from bot.media.kinds import WEBM

_WITHIN = (b"moov", b"trak")  #: boxes that are looked into
_TOLD = (b"udta", b"meta", b"uuid")  #: boxes that describe the film in words
_PLACES = (b"\xa9xyz", b"loci", b"location.ISO6709", b"GPSLatitude")
_SIXTEENTH = 16  #: bits behind the point of a width


class Film(Struct, frozen=True):
    """What a film says of itself: 0 and None where it says nothing."""

    width: int = 0
    height: int = 0
    seconds: float | None = None
    tells_place: bool = False  #: whether it says where it was made


class _Box(Struct, frozen=True):
    name: bytes
    start: int  #: of what is in it
    end: int


def read_film(content: bytes, kind: str) -> Film:
    """What a film says of itself; ValueError where it is broken or cut short. A WEBM's inside is not looked at."""
    if kind == WEBM:
        return Film()
    boxes = list(_deep(content, 0, len(content)))
    if not any(box.name == b"moov" for box in boxes):
        raise ValueError("it is cut short or broken")
    sizes = (_shown(content[box.start : box.end]) for box in boxes if box.name == b"tkhd")
    width, height = next((size for size in sizes if all(size)), (0, 0))
    lengths = (_seconds(content[box.start : box.end]) for box in boxes if box.name == b"mvhd")
    told = [content[box.start : box.end] for box in boxes if box.name in _TOLD]
    return Film(
        width, height, next(lengths, None), any(place in words for words in told for place in _PLACES)
    )


def _deep(content: bytes, start: int, end: int) -> Iterator[_Box]:
    """Every box from here to there, and those in the boxes that are looked into."""
    for box in _row(content, start, end):
        yield box
        if box.name in _WITHIN:
            yield from _deep(content, box.start, box.end)


def _row(content: bytes, start: int, end: int) -> Iterator[_Box]:
    while start + 8 <= end:
        size, head = int.from_bytes(content[start : start + 4]), 8
        if size == 1:
            size, head = int.from_bytes(content[start + 8 : start + 16]), 16
        size = size or end - start  # a box without a size goes on to the end
        if size < head or start + size > end:
            raise ValueError("it is cut short or broken")
        yield _Box(content[start + 4 : start + 8], start + head, start + size)
        start += size


def _seconds(header: bytes) -> float | None:
    """How long a film lasts, by its header in either version."""
    at, form = (20, ">IQ") if header[:1] == b"\1" else (12, ">II")
    scale, length = struct.unpack_from(form, header, at)
    return length / scale if scale and length else None


def _shown(header: bytes) -> tuple[int, int]:
    """How large a track is shown: its width and height, exchanged where it is shown turned by a quarter."""
    at = 52 if header[:1] == b"\1" else 40
    first, second = struct.unpack_from(">ii", header, at)
    width, height = (side >> _SIXTEENTH for side in struct.unpack_from(">II", header, at + 36))
    return (height, width) if second and not first else (width, height)
