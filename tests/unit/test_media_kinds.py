"""What a file is, by its first bytes."""

from pathlib import Path

import pytest

from bot.corpus import read_corpus
from bot.media import kind_problem, sniffed
from tests.fakes.pictures import WEBM, box, encoded, film, flag, movie_header, talking_gif

PNG = encoded(flag(), "PNG")
FIRST = "+++\nmedia = [\n{file},\n]\n+++\nText."


def brand(name: bytes, *others: bytes) -> bytes:
    return box(b"ftyp", name, bytes(4), *others)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (encoded(flag(), "JPEG"), "image/jpeg"),
        (talking_gif(flag()), "image/gif"),
        (b"GIF87a" + bytes(20), "image/gif"),
        (b"GIF8 is a format", None),
        (encoded(flag(), "WEBP"), "image/webp"),
        (b"RIFF\x20\0\0\0WAVEfmt " + bytes(40), None),
        (encoded(flag(), "BMP"), "image/bmp"),
        (b"BMW makes cars and engines", None),
        (encoded(flag(), "TIFF"), "image/tiff"),
        (b"MM\0*" + bytes(60), "image/tiff"),
        (brand(b"avif"), "image/avif"),
        (brand(b"heic"), "image/heic"),
        (brand(b"XXXX", b"mif1"), "image/heic"),
        (b"\xff\x0a" + bytes(20), "image/jxl"),
        (b'<svg xmlns="http://www.w3.org/2000/svg">', "image/svg+xml"),
        (film(), "video/mp4"),
        (film(brand=b"qt  "), "video/quicktime"),
        (brand(b"XXXX", b"XXXX", b"mp42"), "video/mp4"),
        (brand(b"XXXX") + b"isom" * 4, None),  # a brand behind the box is no brand
        (brand(b"M4A "), None),
        (box(b"moov", movie_header(1)), "video/quicktime"),
        (WEBM, "video/webm"),
        (WEBM.replace(b"webm", b"mkv!").ljust(64) + b"webm", None),  # 64 bytes tell, and no others
        (b"%PDF-1.7", None),
        (b"", None),
        (b"A text about \x89PNG", None),
    ],
)
def test_a_file_is_known_by_its_first_bytes(content: bytes, kind: str | None) -> None:
    assert sniffed(content[:64]) == kind
    assert sniffed(content) == kind


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (PNG, None),
        (film(), None),
        (b"", "is empty"),
        (
            b"A text.",
            "holds no picture and no film, whatever its name says: save it as PNG, JPEG, GIF or MP4",
        ),
        (brand(b"heic"), "is HEIC, which few can show: save it as PNG or JPEG"),
        (b"<svg/>", "is SVG, which few can show: save it as PNG or JPEG"),
    ],
)
def test_what_is_wrong_with_a_file_says_what_to_do(
    tmp_path: Path, content: bytes, problem: str | None
) -> None:
    file = tmp_path / "kite.png"
    file.write_bytes(content)

    assert kind_problem(file) == problem


def test_a_file_that_is_gone_is_the_callers_to_tell(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        kind_problem(tmp_path / "gone.png")


def test_a_text_that_is_called_a_picture_is_a_problem_at_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / "kites"
    folder.mkdir(parents=True)
    files = ("good.png", PNG), ("text.png", b"A text."), ("empty.png", b"")
    for name, content in files:
        (folder / name).write_bytes(content)
    media = ",\n".join(f'  {{ file = "{name}", alt = "A" }}' for name, _ in files)
    (folder / "first.md").write_text(FIRST.format(file=media), encoding="utf-8")

    _, problems = read_corpus(tmp_path)

    text, empty = map(str, problems)
    assert text.startswith(
        "corpus/kites/first.md:4: media: corpus/kites/text.png holds no picture and no film"
    )
    assert empty == "corpus/kites/first.md:5: media: corpus/kites/empty.png is empty"
