"""Taking out what a picture says besides what it shows: EXIF, places, XMP, comments, thumbnails, what hangs behind it.

Nothing is compressed anew: each kind is a row of pieces, and those that show something stay, in their order and as
they are. Colour profiles show something. ValueError says that the row is broken.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from zlib import crc32

from bot.media.picture import JPEG, PNG, WEBP

_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_JFIF, _PROFILE, _ADOBE = 0xE0, 0xE2, 0xEE
_APPLICATIONS = range(0xE0, 0xF0)
_FIELDS = 14  #: bytes of JFIF and Adobe's fields, with the length before them
#: What ends compressed data: a marker that is neither a stuffed byte nor a restart.
_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_SHOWN = b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP mDCV cLLI".split()
_WEBP_SHOWN = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP")
_WEBP_TRACES = 0x08 | 0x04  #: flags of VP8X: there is EXIF, there is XMP


def without_traces(content: bytes, kind: str) -> bytes:
    """The same picture without what shows nothing; ValueError where it is broken or cut short."""
    return b"".join(_PIECES[kind](content))


def _jpeg(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    at = 2
    while True:
        marker, start = _marker(content, at)
        if marker == _END:
            yield bytes((0xFF, _END))
            return
        at = start + int.from_bytes(content[start : start + 2])
        if not start + 2 <= at <= len(content):
            raise ValueError("it is cut short")
        if segment := _segment(marker, content[start:at]):
            yield bytes((0xFF, marker)) + segment
        if marker == _SCAN:
            scan, at = at, _scan_end(content, at)
            yield content[scan:at]


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """The marker that stands here, and where its segment begins."""
    if not (found := _MARKER.match(content, at)):
        raise ValueError("it is cut short or broken")
    return content[found.end() - 1], found.end()


def _scan_end(content: bytes, at: int) -> int:
    if not (found := _MARKER.search(content, at)):
        raise ValueError("it is cut short")
    return found.start()


def _segment(marker: int, body: bytes) -> bytes:
    """What a segment shows of itself: all of it, none, or its known fields without a thumbnail behind them."""
    if marker == _PROFILE and body.startswith(b"ICC_PROFILE\0", 2):
        return body
    if marker == _JFIF and body.startswith(b"JFIF\0", 2) and len(body) >= _FIELDS:
        return b"\0\x10" + body[2:_FIELDS] + b"\0\0"
    if marker == _ADOBE and body.startswith(b"Adobe", 2) and len(body) >= _FIELDS:
        return b"\0\x0e" + body[2:_FIELDS]
    return b"" if marker == _COMMENT or marker in _APPLICATIONS else body


def _png(content: bytes) -> Iterator[bytes]:
    yield _PNG_HEAD
    at, name = len(_PNG_HEAD), b""
    while name != b"IEND":
        end = at + 12 + int.from_bytes(content[at : at + 4])
        name, chunk = content[at + 4 : at + 8], content[at:end]
        if end > len(content):
            raise ValueError("it is cut short")
        if crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
            raise ValueError("a part of it is damaged")
        if name in _PNG_SHOWN:
            yield chunk
        at = end


def _webp(content: bytes) -> Iterator[bytes]:
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise ValueError("it is cut short")
    chunks = b"".join(_webp_chunks(content[:end]))
    yield b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + chunks


def _webp_chunks(content: bytes) -> Iterator[bytes]:
    at = 12
    while at < len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if end > len(content):
            raise ValueError("it is cut short")
        if name == b"VP8X":
            flags = content[at + 8] & ~_WEBP_TRACES
            yield content[at : at + 8] + bytes((flags,)) + content[at + 9 : end]
        elif name in _WEBP_SHOWN:
            yield content[at:end]
        at = end


_PIECES: Mapping[str, Callable[[bytes], Iterator[bytes]]] = {JPEG: _jpeg, PNG: _png, WEBP: _webp}
#: The kinds whose traces can be taken out.
KNOWN = frozenset(_PIECES)
