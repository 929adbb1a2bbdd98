"""What is taken out of pictures, what stays, and what is broken."""

import struct

import pytest
from PIL import Image, ImageCms

from bot.media.gifs import read_gif
from bot.media.traces import without_traces
from tests.fakes.pictures import (
    CANARY,
    chunk,
    encoded,
    flag,
    noise,
    talking_gif,
    talking_jpeg,
    talking_png,
    talking_webp,
    with_chunks,
    with_segments,
)

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
JPEG, PNG = encoded(flag(), "JPEG"), encoded(flag(), "PNG")
WEBP = encoded(flag(), "WEBP", lossless=True)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (JPEG, "image/jpeg"),
        (encoded(noise(70, 50), "JPEG", progressive=True, icc_profile=PROFILE), "image/jpeg"),
        (encoded(noise(70, 50), "JPEG", restart_marker_blocks=2), "image/jpeg"),
        (encoded(noise(70, 50, "CMYK"), "JPEG"), "image/jpeg"),
        (PNG, "image/png"),
        (encoded(flag(mode="P"), "PNG", transparency=1, icc_profile=PROFILE, dpi=(72, 72)), "image/png"),
        (encoded(Image.new("I;16", (4, 4), 30_000), "PNG"), "image/png"),
        (WEBP, "image/webp"),
        (encoded(noise(31, 17, "RGBA"), "WEBP", icc_profile=PROFILE), "image/webp"),
    ],
)
def test_what_only_shows_stays_byte_for_byte(content: bytes, kind: str) -> None:
    assert without_traces(content, kind) == content


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (talking_jpeg(flag()), "image/jpeg"),
        (talking_png(flag()), "image/png"),
        (talking_webp(flag()), "image/webp"),
    ],
)
def test_what_says_more_than_it_shows_goes(content: bytes, kind: str) -> None:
    bare = without_traces(content, kind)

    assert CANARY[:6] in content
    assert CANARY[:6] not in bare
    assert b"\1\1\1CAN" not in bare, "a thumbnail"
    assert without_traces(bare, kind) == bare


def test_what_applications_wrote_that_it_cannot_be_shown_without_stays_in_its_known_fields() -> None:
    jfif, adobe = b"JFIF\0\1\1\0\0\1\0\1", b"Adobe\0\x64\0\0\0\0\1"
    segments = [
        (0xE0, jfif + b"\1\1" + b"abc"),
        (0xE0, jfif[:9]),
        (0xEE, adobe + b"more"),
        (0xEE, adobe[:8]),
        (0xE2, b"MPF\0"),
    ]

    bare = without_traces(with_segments(JPEG, segments), "image/jpeg")

    assert bare == with_segments(JPEG, [(0xE0, jfif + b"\0\0"), (0xEE, adobe)])


def test_what_pads_markers_is_left_out() -> None:
    padded = JPEG[:2] + b"\xff\xff" + JPEG[2:-2] + b"\xff" + JPEG[-2:]

    assert without_traces(padded, "image/jpeg") == JPEG


def test_a_webp_that_says_nothing_more_does_not_announce_it() -> None:
    bare = without_traces(talking_webp(flag()), "image/webp")

    assert bare[12:16] == b"VP8X"
    assert bare[20] & 0b1100 == 0
    assert int.from_bytes(bare[4:8], "little") == len(bare) - 8


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (JPEG[:2], "image/jpeg", "cut short or broken"),
        (JPEG[:20] + b"abc" + JPEG[20:], "image/jpeg", "cut short or broken"),
        (JPEG[:8], "image/jpeg", "cut short"),
        (b"\xff\xd8\xff\xe0\0\1", "image/jpeg", "cut short"),
        (JPEG[:-2], "image/jpeg", "cut short"),
        (PNG[:-1], "image/png", "cut short"),
        (PNG[:33], "image/png", "cut short"),
        (PNG.replace(b"IDAT", b"IDAX"), "image/png", "a part of it is damaged"),
        (WEBP[:-1], "image/webp", "cut short"),
        (
            b"RIFF" + struct.pack("<I", 14) + b"WEBPVP8 " + struct.pack("<I", 9) + b"ab",
            "image/webp",
            "cut short",
        ),
    ],
)
def test_a_broken_row_of_pieces_is_told(content: bytes, kind: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        without_traces(content, kind)


def test_chunks_that_show_something_stay_whatever_their_order() -> None:
    shown = with_chunks(PNG, [(b"gAMA", struct.pack(">I", 45_455)), (b"bKGD", bytes(6))])

    assert without_traces(with_chunks(shown, [(b"tIME", bytes(7)), (b"eXIf", CANARY)]), "image/png") == shown
    assert chunk(b"gAMA", struct.pack(">I", 45_455)) in shown


def test_a_gif_says_how_many_pictures_it_has_and_how_long_they_last() -> None:
    gif = read_gif(talking_gif(flag(), noise(48, 32), flag(mode="L"), milliseconds=250))

    assert (gif.width, gif.height, gif.frames, gif.seconds) == (48, 32, 3, 0.75)
    assert CANARY not in gif.content
    assert b"NETSCAPE2.0" in gif.content, "how often it is shown stays"
    assert read_gif(gif.content) == gif


def test_a_gif_that_does_not_move_has_one_picture() -> None:
    content = encoded(flag(), "GIF")

    gif = read_gif(content)

    assert (gif.content, gif.frames, gif.seconds) == (content, 1, 0)


def test_applications_other_than_that_of_loops_are_left_out_of_a_gif() -> None:
    content = encoded(flag(), "GIF", save_all=True, append_images=[noise(48, 32)], loop=0)
    at = content.index(b"\x21\xff")
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes((len(CANARY),)) + CANARY + b"\0"

    assert read_gif(content[:at] + xmp + content[at:]).content == content


def test_a_comment_that_is_called_a_loop_is_left_out_of_a_gif() -> None:
    gif = read_gif(encoded(flag(), "GIF", comment=b"NETSCAPE2.0" + CANARY))

    assert CANARY not in gif.content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"GIF89a", "cut short"),
        (b"GIF89a" + bytes(6) + b"\0;", "holds no picture"),
        (b"GIF89a" + bytes(7) + b"\x2d", "damaged"),
        (talking_gif(flag())[:200], "cut short"),
    ],
)
def test_a_broken_gif_is_told(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_gif(content)
