"""Pictures and films made for tests: small, the same each time, and with what must not be sent planted in them."""

import struct
import zlib
from collections.abc import Iterable, Mapping
from hashlib import shake_128
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from bot.model import Media

CANARY = b"CANARY-54.32N-10.13E"  #: planted wherever a picture says more than it shows
CORNERS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
#: How a camera held in each of EXIF's orientations keeps an upright picture.
_KEPT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def flag(width: int = 48, height: int = 32, mode: str = "RGB") -> Image.Image:
    """A picture of four fields: red and green above, blue and white below."""
    image = Image.new("RGB", (width, height))
    half = width // 2, height // 2
    for number, colour in enumerate(CORNERS.values()):
        x, y = (number % 2) * half[0], (number // 2) * half[1]
        image.paste(colour, (x, y, x + (width if x else half[0]), y + (height if y else half[1])))
    return image.convert(mode)


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture that compresses badly; the same for the same size."""
    count = width * height * len(mode)
    return Image.frombytes(mode, (width, height), shake_128(mode.encode()).digest(count))


def encoded(image: Image.Image, form: str, **more: Any) -> bytes:
    """A picture in a format, by Pillow's name of it."""
    written = BytesIO()
    image.save(written, form, **more)
    return written.getvalue()


def held(image: Image.Image, orientation: int) -> Image.Image:
    """An upright picture as a camera keeps it that was held so."""
    return image.transpose(_KEPT[orientation]) if orientation in _KEPT else image


def exif(orientation: int = 1) -> bytes:
    """EXIF with the canary as description and as place."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010E] = CANARY.decode()
    found.get_ifd(0x8825)[0x1D] = CANARY.decode()
    return found.tobytes()


def ink_profile() -> bytes:
    """A colour profile of a printer whose cyan ink is green, and whose others are not to be seen."""
    nodes = (b"\x99\x50\xa8" if node >> 3 else b"\xff\x80\x80" for node in range(16))  # in CIELAB
    identity = struct.pack(">9i", *(65_536 if at % 4 == 0 else 0 for at in range(9)))
    table = b"mft1" + bytes(4) + b"\4\3\2\0" + identity + bytes(range(256)) * 4 + b"".join(nodes)
    table += bytes(range(256)) * 3
    tags = struct.pack(">I4sII", 1, b"A2B0", 144, len(table))
    light = struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D)  # D50
    head = struct.pack(
        ">I4s4s4s4s4s12s4s", 144 + len(table), b"", b"\2\x40\0\0", b"prtr", b"CMYK", b"Lab ", b"", b"acsp"
    )
    return head + bytes(28) + light + bytes(128 - len(head) - 28 - 12) + tags + table


def with_segments(jpeg: bytes, segments: Iterable[tuple[int, bytes]]) -> bytes:
    """A JPEG with more segments, before all others."""
    more = (bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body for marker, body in segments)
    return jpeg[:2] + b"".join(more) + jpeg[2:]


def with_chunks(png: bytes, chunks: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A PNG with more chunks, behind its head."""
    at = 8 + 25
    return png[:at] + b"".join(chunk(name, body) for name, body in chunks) + png[at:]


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has so many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(9)))


def talking_jpeg(image: Image.Image, orientation: int = 1) -> bytes:
    """A JPEG with the canary in EXIF, XMP, IPTC, a comment, a thumbnail, and behind its end."""
    plain = encoded(image, "JPEG", exif=exif(orientation), quality=95)
    segments = [
        (0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1" + CANARY[:3]),
        (0xE1, _XMP + CANARY),
        (0xED, b"Photoshop 3.0\0" + CANARY),
        (0xFE, CANARY),
        (0xE4, CANARY),
        (0xEE, b"Ducky" + CANARY),
    ]
    return with_segments(plain, segments) + CANARY


def talking_png(image: Image.Image, orientation: int = 1) -> bytes:
    """A PNG with the canary in EXIF, texts, an unknown chunk, and behind its end."""
    plain = encoded(image, "PNG", exif=exif(orientation))
    texts = [
        (b"tEXt", b"Comment\0" + CANARY),
        (b"zTXt", b"Comment\0\0" + zlib.compress(CANARY)),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + CANARY),
        (b"caNa", CANARY),
    ]
    return with_chunks(plain, texts) + CANARY


def talking_webp(image: Image.Image, orientation: int = 1) -> bytes:
    """A WEBP with the canary in EXIF and XMP, and behind its end."""
    return encoded(image, "WEBP", exif=exif(orientation), xmp=CANARY, lossless=True) + CANARY


def talking_gif(*images: Image.Image, milliseconds: int = 500) -> bytes:
    """A GIF of one or more pictures, with the canary as comment and behind its end."""
    first, *rest = images
    more = {"save_all": True, "append_images": rest, "duration": milliseconds, "loop": 0} if rest else {}
    return encoded(first, "GIF", comment=CANARY, **more) + CANARY


def box(name: bytes, *content: bytes) -> bytes:
    """A box of a film."""
    body = b"".join(content)
    return struct.pack(">I", len(body) + 8) + name + body


def film(
    *, brand: bytes = b"isom", width: int = 64, height: int = 36, seconds: float = 2.5, told: bytes = b""
) -> bytes:
    """A film of the smallest kind: a head, what it says of itself, and nothing to see."""
    moov = box(b"moov", movie_header(seconds), box(b"trak", track_header(width, height)), told)
    return box(b"ftyp", brand, bytes(4), brand) + moov + box(b"mdat", bytes(8))


def movie_header(seconds: float, *, version: int = 0, scale: int = 1_000) -> bytes:
    """The box that says how long a film lasts."""
    form, times = (">IQ", 16) if version else (">II", 8)
    body = bytes((version, 0, 0, 0)) + bytes(times) + struct.pack(form, scale, round(seconds * scale))
    return box(b"mvhd", body, bytes(80))


def track_header(width: int, height: int, *, version: int = 0, turned: bool = False) -> bytes:
    """The box that says how large a track is shown."""
    body = bytes((version, 0, 0, 7)) + bytes(48 if version else 36)
    one = 1 << 16
    matrix = (0, one, 0, -one, 0, 0, 0, 0, 1 << 30) if turned else (one, 0, 0, 0, one, 0, 0, 0, 1 << 30)
    return box(b"tkhd", body, struct.pack(">9i", *matrix), struct.pack(">II", width << 16, height << 16))


WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(
    40
)  #: the head of one, as far as is looked


def written(folder: Path, files: Mapping[str, bytes]) -> tuple[Media, ...]:
    """Files in a folder, as the pictures of a part."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return tuple(Media(str(folder / name), f"What {name} shows.") for name in files)
