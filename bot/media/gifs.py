"""GIF, as a row of blocks: how many pictures it has, how long they last, and the same without comments."""

from collections.abc import Iterator

from msgspec import Struct

_SCREEN = 13  #: bytes of the head and the screen it describes
_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_TIMING, _APPLICATION = 0xF9, 0xFF
_TABLE = 0x80  #: flag: a table of colours follows
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")  #: the applications that say how often it is shown


class Gif(Struct, frozen=True):
    """A GIF that says nothing besides what it shows."""

    content: bytes
    width: int
    height: int
    frames: int
    seconds: float


def read_gif(content: bytes) -> Gif:
    """What a GIF holds, without comments and what hangs behind it; ValueError where it is broken or cut short."""
    kept, frames, hundredths = [_head(content)], 0, 0
    for block in _blocks(content, len(kept[0])):
        if block[0] == _IMAGE:
            frames += 1
        elif block[1] == _TIMING:
            hundredths += int.from_bytes(block[4:6], "little")
        elif not (block[1] == _APPLICATION and block[3:14] in _LOOPS):
            continue
        kept.append(block)
    if not frames:
        raise ValueError("it holds no picture")
    return Gif(
        content=b"".join((*kept, bytes((_TRAILER,)))),
        width=int.from_bytes(content[6:8], "little"),
        height=int.from_bytes(content[8:10], "little"),
        frames=frames,
        seconds=hundredths / 100,
    )


def _head(content: bytes) -> bytes:
    return content[: _SCREEN + _table(_byte(content, 10))]


def _table(flags: int) -> int:
    """How many bytes the table of colours has that these flags announce."""
    return 3 << (flags & 7) + 1 if flags & _TABLE else 0


def _blocks(content: bytes, at: int) -> Iterator[bytes]:
    """The blocks from here to the trailer, each whole."""
    while (first := _byte(content, at)) != _TRAILER:
        if first == _IMAGE:
            data = at + 10 + _table(_byte(content, at + 9)) + 1
        elif first == _EXTENSION:
            data = at + 2
        else:
            raise ValueError("a part of it is damaged")
        end = _data_end(content, data)
        yield content[at:end]
        at = end


def _data_end(content: bytes, at: int) -> int:
    """Where a row of pieces ends that each say how long they are."""
    while size := _byte(content, at):
        at += 1 + size
    return at + 1


def _byte(content: bytes, at: int) -> int:
    if at >= len(content):
        raise ValueError("it is cut short")
    return content[at]
