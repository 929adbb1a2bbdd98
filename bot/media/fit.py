"""Pictures made upright, converted and scaled down. The same picture and bounds give the same bytes."""

import math
import struct
from collections.abc import Iterator
from io import BytesIO
from itertools import chain, repeat
from threading import Lock
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.media.kinds import STILLS, TIFF
from bot.media.picture import JPEG, PNG, WEBP, Unfit
from bot.media.traces import KNOWN, without_traces

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

_LARGE = 4_096  #: no network shows a longer edge: what is too many bytes is brought to it first
_SMALL = 16  #: pixels of the longer edge, below which nothing is to be seen
_STEP = 0.9  #: what does not fit is made smaller by at least this much
_HOPE = 2  #: a PNG of more than so many times its bound will not fit by being compressed anew
_UPRIGHT = 1
_ORIENTATION = 0x0112
_DEEP = 1 / 256  #: from 16 bits to 8
_SPACES = {b"GRAY": ("L",), b"RGB ": ("RGB", "RGBA")}  #: the modes that a profile can speak of
_QUARTERS = 5  #: turns from here on exchange width and height
_UNREADABLE = (
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    struct.error,
    Warning,
)  #: what broken EXIF brings
#: An unpacked picture can have half a gigabyte: however many accounts wait, there is one at a time.
_BENCH = Lock()
_Way = tuple[str, int]  #: a media type and a quality
_FINE, _FAIR, _EXACT = (JPEG, 92), (JPEG, 85), (PNG, 100)


class Bounds(Struct, frozen=True):
    """What a still picture may be."""

    size: int  #: bytes
    pixels: int | None
    kinds: tuple[str, ...]


class Still(Struct, frozen=True):
    """A still picture within its bounds."""

    content: bytes
    kind: str
    width: int
    height: int


def fitted(content: bytes, kind: str, bounds: Bounds) -> Still | None:
    """A picture upright, without traces and within its bounds, changed as little as possible; None if it cannot be.

    Unfit if it moves or is a bomb; where it is broken, whatever Pillow raises.
    """
    with _BENCH:
        image = _still(content, kind)
        source = _Source(image, kind, len(content), _turn(image, kind), _ratio(image.size, bounds.pixels))
        bare = without_traces(content, kind) if source.is_right(bounds) else None
        if bare and len(bare) <= bounds.size:
            return _as_it_is(source, bare)
        return _remade(source, bounds)


def seen(content: bytes, kind: str) -> tuple[int, int]:
    """Width and height of a still picture, once its pixels could be read. Raises as `fitted` does."""
    with _BENCH:
        image = _still(content, kind)
        size = image.size
        _turn(image, kind)  # of a PNG, this reads everything: so what is wrong is found in the same order
        if kind in KNOWN:
            without_traces(content, kind)
        _unpack(image)
        return size


def _still(content: bytes, kind: str) -> "ImageFile":
    """A picture of one frame, its pixels not yet read."""
    image = opened(content, kind)
    if kind in {PNG, WEBP} and getattr(image, "is_animated", False):
        raise Unfit("moves, which only a GIF may: save it as GIF, or as a still picture")
    if image.mode == "F":
        raise Unfit("counts light in fractions, which few can show: save it as PNG or JPEG")
    return image


def _unpack(image: "ImageFile") -> None:
    """Read all of a picture's data; of a JPEG, make few of its pixels."""
    image.draft(image.mode, (1, 1))
    image.load()


def opened(content: bytes, kind: str) -> "ImageFile":
    """A picture whose head was read, its pixels not yet; Unfit if they are more than is safe to unpack."""
    import warnings  # noqa: PLC0415 - with Pillow: only who sends pictures pays for the imports

    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        return Image.open(BytesIO(content), formats=(STILLS[kind],))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unfit("has more pixels than can be opened safely: make it smaller") from error
    except UnidentifiedImageError as error:  # whose own words hold an address that changes each time
        raise ValueError("its beginning is damaged") from error


class _Source(Struct, frozen=True):
    """A picture as it was found."""

    image: "ImageFile"
    kind: str
    length: int  #: bytes
    turn: int  #: by EXIF
    ratio: float  #: of its edges, as far as its pixels allow

    def is_right(self, bounds: Bounds) -> bool:
        """Whether it may stay as it is, if it has not too many bytes."""
        return self.kind in bounds.kinds and self.turn == _UPRIGHT and self.ratio == 1


def _turn(image: "ImageFile", kind: str) -> int:
    """How the picture is to be turned, by EXIF; upright where that is absent or cannot be read."""
    if kind == TIFF:  # Pillow turns these itself as it reads them
        return _UPRIGHT
    try:
        turn = image.getexif().get(_ORIENTATION)
    except _UNREADABLE:
        return _UPRIGHT
    return turn if isinstance(turn, int) and turn in range(1, 9) else _UPRIGHT


def _ratio(size: tuple[int, int], pixels: int | None) -> float:
    """How much smaller the edges must be for the picture to have no more pixels; 1 where they may stay."""
    area, longer = math.prod(size), max(size)
    if pixels is None or area <= pixels:
        return 1
    ratio = math.sqrt(pixels / area)
    return ratio if min(size) * ratio >= 1 else pixels / longer  # a line stays one pixel thick


def _scaled(size: tuple[int, int], ratio: float) -> tuple[int, int]:
    width, height = (max(1, int(side * ratio)) for side in size)
    return width, height


def _as_it_is(source: _Source, bare: bytes) -> Still:
    """The picture with nothing but its traces taken out, once its pixels could be read."""
    width, height = source.image.size
    _unpack(source.image)
    return Still(bare, source.kind, width, height)


def _remade(source: _Source, bounds: Bounds) -> Still | None:
    """The picture compressed anew, as large as its bounds allow."""
    whole, ratio = source.image.size, source.ratio
    if source.length > bounds.size:
        ratio = min(ratio, _LARGE / max(whole))
    source.image.draft(source.image.mode, _scaled(whole, ratio))
    plain = _plain(_upright(source.image, source.turn))
    is_hopeless = source.kind == PNG and source.length * ratio**2 > _HOPE * bounds.size
    is_drawn = source.kind not in {JPEG, WEBP} or plain.mode == "RGBA"
    ways = tuple(_ways(bounds.kinds, is_exact=is_drawn and not is_hopeless))
    size = whole if source.turn < _QUARTERS else whole[::-1]
    return _smaller(plain, size, ratio=ratio, ways=ways, most=bounds.size)


def _upright(image: "Image", turn: int) -> "Image":
    from PIL.Image import Transpose  # noqa: PLC0415

    turns = (
        Transpose.FLIP_LEFT_RIGHT,
        Transpose.ROTATE_180,
        Transpose.FLIP_TOP_BOTTOM,
        Transpose.TRANSPOSE,
        Transpose.ROTATE_270,
        Transpose.TRANSVERSE,
        Transpose.ROTATE_90,
    )
    return image if turn == _UPRIGHT else image.transpose(turns[turn - 2])


def _plain(image: "Image") -> "Image":
    """The picture in eight bits of grey or RGB, with alpha only where something shows through; nothing else known.

    A profile stays if it still speaks of these colours.
    """
    profile = image.info.get("icc_profile") or b""
    if image.mode.startswith("I"):
        plain = image.convert("I").point(lambda value: value * _DEEP).convert("L")
    elif image.has_transparency_data:
        plain = image.convert("RGBA")
        plain = plain.convert("RGB") if plain.getextrema()[-1] == (255, 255) else plain
    elif image.mode == "CMYK" and profile:
        plain = _in_srgb(image, profile)
    else:
        plain = image.convert("L" if image.mode in {"1", "L"} else "RGB")
    plain.info = {"icc_profile": profile} if plain.mode in _SPACES.get(profile[16:20], ()) else {}
    return plain


def _in_srgb(image: "Image", profile: bytes) -> "Image":
    """Ink made light by its own profile; by rule of thumb where that is broken."""
    from PIL import ImageCms  # noqa: PLC0415

    try:
        ink = ImageCms.ImageCmsProfile(BytesIO(profile))
        light = ImageCms.profileToProfile(image, ink, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        light = None
    return light or image.convert("RGB")


def _ways(kinds: tuple[str, ...], *, is_exact: bool) -> Iterator[_Way]:
    """How a picture may be compressed, the best first; the last is taken while it is made smaller."""
    if PNG in kinds and (is_exact or JPEG not in kinds):
        yield _EXACT
    if JPEG in kinds:
        yield from (_FINE, _FAIR)


def _smaller(
    image: "Image", whole: tuple[int, int], *, ratio: float, ways: tuple[_Way, ...], most: int
) -> Still | None:
    """The picture in the first way, and the largest size, that has at most so many bytes."""
    size = _scaled(whole, ratio)
    image = small = _resized(image, size)
    for way in chain(ways, repeat(ways[-1])) if ways else ():
        content = _compressed(small, way)
        if len(content) <= most:
            return Still(content, way[0], *size)
        if way == ways[-1] and max(size) <= _SMALL:
            return None
        if way == ways[-1]:
            ratio *= min(_STEP, math.sqrt(most / len(content)))
            size = _scaled(whole, ratio)
            small = _resized(image, size)
    return None


def _resized(image: "Image", size: tuple[int, int]) -> "Image":
    from PIL.Image import Resampling  # noqa: PLC0415

    return image if size == image.size else image.resize(size, Resampling.LANCZOS, reducing_gap=3)


def _compressed(image: "Image", way: _Way) -> bytes:
    kind, quality = way
    if kind == JPEG and image.mode == "RGBA":
        image = _on_white(image)
    written = BytesIO()
    profile = image.info.get("icc_profile")
    image.save(written, STILLS[kind], quality=quality, optimize=kind == JPEG, icc_profile=profile)
    return without_traces(written.getvalue(), kind)


def _on_white(image: "Image") -> "Image":
    from PIL import Image  # noqa: PLC0415

    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    paper.info = image.info
    return paper
