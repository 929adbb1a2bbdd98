"""What holds for every picture: within its limits, upright, without traces, the same each time."""

import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from bot.errors import Refused
from bot.media import Picture, read_media, sniffed
from bot.model import Limits, Media
from tests.fakes.pictures import (
    CANARY,
    WEBM,
    encoded,
    exif,
    film,
    flag,
    held,
    noise,
    talking_gif,
    talking_jpeg,
    talking_png,
    talking_webp,
)

KINDS = ("image/jpeg", "image/png", "image/gif", "image/webp")
ALL = Limits(kinds=KINDS, film_bytes=1_000_000)
FORMS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
MODES = ("RGB", "RGBA", "L", "P", "1", "CMYK", "LA")
SEEDS = (
    talking_jpeg(flag()),
    talking_jpeg(flag(), 6),
    encoded(noise(40, 30), "JPEG", progressive=True),
    talking_png(flag()),
    encoded(flag(mode="P"), "PNG"),
    talking_gif(flag(), noise(48, 32)),
    talking_gif(flag()),
    talking_webp(flag()),
    encoded(flag(), "BMP"),
    encoded(flag(), "TIFF"),
    film(),
    WEBM,
)

sizes = st.tuples(st.integers(1, 90), st.integers(1, 90))
limits = st.builds(
    Limits,
    image_bytes=st.integers(900, 40_000),
    image_pixels=st.none() | st.integers(1, 9_000),
    kinds=st.sampled_from([KINDS, KINDS[:3], KINDS[:1], KINDS[1:2]]),
)


@st.composite
def pictures(draw: st.DrawFn) -> bytes:
    """A picture of any size, format and depth, noisy or plain."""
    form, mode, size = draw(st.sampled_from(FORMS)), draw(st.sampled_from(MODES)), draw(sizes)
    image = noise(*size, mode) if draw(st.booleans()) and mode not in "P1" else flag(*size, mode)
    try:
        return encoded(image, form)
    except (OSError, ValueError):  # not every format has every mode
        return encoded(image.convert("RGB"), form)


def read(content: bytes, limits: Limits = ALL, alt: str = "What it shows.") -> Picture:
    """The file of such content as it would be sent."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "file")
        file.write_bytes(content)
        (picture,) = read_media([Media(str(file), alt)], limits)
    return picture


def shown(picture: Picture) -> Image.Image:
    return Image.open(BytesIO(picture.content))


@settings(deadline=None)
@given(pictures(), limits)
def test_no_picture_is_larger_than_its_limits(content: bytes, limits: Limits) -> None:
    try:
        picture = read(content, limits)
    except Refused as refused:
        assert "cannot be made to fit" in str(refused)  # noqa: PT017 - either is right
        return

    assert len(picture.content) <= limits.image_bytes
    assert picture.kind in limits.kinds
    assert picture.kind == sniffed(picture.content)
    assert (picture.width, picture.height) == shown(picture).size
    assert limits.image_pixels is None or picture.width * picture.height <= limits.image_pixels


@settings(deadline=None)
@given(pictures(), limits)
def test_what_was_made_smaller_keeps_its_shape_and_nothing_grows(content: bytes, limits: Limits) -> None:
    width, height = Image.open(BytesIO(content)).size
    try:
        picture = read(content, limits)
    except Refused:
        return

    sides = ((picture.width, width), (picture.height, height))
    assert all(small <= large for small, large in sides)
    lowest = max((small - 1) / large for small, large in sides)
    highest = min((small + 1) / large for small, large in sides)
    assert lowest <= highest, "one ratio explains both sides within a pixel"


@settings(deadline=None)
@given(pictures(), limits)
def test_a_fitted_picture_is_fitted(content: bytes, limits: Limits) -> None:
    try:
        picture = read(content, limits)
    except Refused:
        return

    again = read(picture.content, limits)

    assert replace(again, file=picture.file) == picture


@settings(deadline=None, max_examples=30)
@given(pictures(), limits)
def test_the_same_picture_and_limits_give_the_same_bytes(content: bytes, limits: Limits) -> None:
    def outcome() -> object:
        try:
            return read(content, limits).content
        except Refused as refused:
            return str(refused).partition(" ")[2]

    assert outcome() == outcome()


@pytest.mark.parametrize("limit", [ALL, replace(ALL, image_pixels=500), replace(ALL, image_bytes=800)])
@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("make", [talking_jpeg, talking_png, talking_webp])
def test_nothing_is_left_of_what_a_picture_said_besides_what_it_shows(
    make: Callable[[Image.Image, int], bytes], orientation: int, limit: Limits
) -> None:
    content = make(flag(), orientation)
    assert content.count(CANARY) > 1

    picture = read(content, limit)

    assert CANARY not in picture.content
    assert b"Exif" not in picture.content
    assert not shown(picture).getexif()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("limit", [ALL, replace(ALL, image_pixels=1_000), replace(ALL, kinds=("image/png",))])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_picture_comes_out_upright(orientation: int, limit: Limits, form: str) -> None:
    upright = flag(80, 48)
    more: dict[str, Any] = {"exif": exif(orientation), "lossless": True}
    if form == "TIFF":
        more = {"tiffinfo": {0x0112: orientation}}

    picture = read(encoded(held(upright, orientation), form, **more), limit)

    found = shown(picture).convert("RGB").resize((80, 48))
    assert picture.width > picture.height
    for corner in ((8, 8), (72, 8), (8, 40), (72, 40)):
        wanted, got = upright.getpixel(corner), found.getpixel(corner)
        assert isinstance(wanted, tuple)
        assert isinstance(got, tuple)
        assert all(abs(a - b) < 24 for a, b in zip(wanted, got, strict=True))


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(SEEDS), st.data())
def test_a_damaged_file_is_a_picture_or_refused(seed: bytes, data: st.DataObject) -> None:
    content = bytearray(seed)
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))

    try:
        picture = read(bytes(content[:cut]), replace(ALL, image_bytes=2_000))
    except Refused as refused:
        assert len(str(refused)) > 20  # noqa: PT017 - either is right
    else:
        assert picture.content


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="file"):
        read(content)


@pytest.mark.parametrize("seed", SEEDS[:10])
def test_a_picture_cut_short_anywhere_is_refused(seed: bytes) -> None:
    whole = len(seed.removesuffix(CANARY))
    for cut in range(1, whole - 2, max(1, whole // 40)):
        with pytest.raises(Refused):
            read(seed[:cut])
