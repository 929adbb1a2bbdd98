"""What a file is, by its first bytes: its name proves nothing."""

from pathlib import Path

from bot.media.picture import GIF, JPEG, PNG, WEBP

HEAD = 64  #: bytes that tell every kind
BMP, TIFF = "image/bmp", "image/tiff"
MP4, MOV, WEBM = "video/mp4", "video/quicktime", "video/webm"
FILMS = (MP4, MOV, WEBM)
#: Pillow's name for each kind of picture that is read.
STILLS = {PNG: "PNG", JPEG: "JPEG", GIF: "GIF", WEBP: "WEBP", BMP: "BMP", TIFF: "TIFF"}

_MAGIC = {
    b"\x89PNG\r\n\x1a\n": PNG,
    b"\xff\xd8\xff": JPEG,
    b"GIF87a": GIF,
    b"GIF89a": GIF,
    b"II*\0": TIFF,
    b"MM\0*": TIFF,
    b"\xff\x0a": "image/jxl",
    b"\0\0\0\x0cJXL ": "image/jxl",
    b"<svg": "image/svg+xml",
}
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"hevx": "image/heic",
    b"mif1": "image/heic",
    b"msf1": "image/heic",
    b"qt  ": MOV,
    b"isom": MP4,
    b"iso2": MP4,
    b"iso4": MP4,
    b"iso5": MP4,
    b"iso6": MP4,
    b"mp41": MP4,
    b"mp42": MP4,
    b"avc1": MP4,
    b"dash": MP4,
    b"M4V ": MP4,
    b"MSNV": MP4,
}
_OLD_MOV = (b"moov", b"mdat", b"wide")  #: films older than the box that names a brand


def sniffed(head: bytes) -> str | None:
    """The media type by the first bytes of a file (64 are enough), or None where it is no picture and no film."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return WEBM if b"webm" in head[:HEAD] else None
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return BMP
    return _boxed(head) or next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)


def _boxed(head: bytes) -> str | None:
    """The kind of a file that is made of boxes, by the brands it names: the first that is known."""
    if head[4:8] in _OLD_MOV:
        return MOV
    if head[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(head[:4]), HEAD)
    brands = (head[at : at + 4] for at in (8, *range(16, end, 4)))
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), None)


def head_problem(head: bytes) -> str | None:
    """What is wrong with a file that begins like this, as a sentence that goes on from its name; None if nothing is."""
    kind = sniffed(head)
    if kind in STILLS or kind in FILMS:
        return None
    if kind:
        name = kind.removeprefix("image/").removesuffix("+xml").upper()
        return f"is {name}, which few can show: save it as PNG or JPEG"
    if not head:
        return "is empty"
    return "holds no picture and no film, whatever its name says: save it as PNG, JPEG, GIF or MP4"


def kind_problem(file: Path) -> str | None:
    """What is wrong with a file that should be a picture or film, by its first bytes; None if nothing is.

    The sentence goes on from the file's name. OSError where it cannot be read.
    """
    with file.open("rb") as opened:
        return head_problem(opened.read(HEAD))
