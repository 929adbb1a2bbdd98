"""Pictures read from a folder: what is taken, what is refused, and in which words."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.errors import NotNow, Refused
from bot.media import Picture, look, objections, read_media
from bot.model import Limits, Media
from tests.fakes.pictures import (
    CANARY,
    WEBM,
    box,
    claiming,
    encoded,
    film,
    flag,
    noise,
    talking_gif,
    talking_jpeg,
    written,
)

LIMITS = Limits()
FILMS = Limits(film_bytes=1_000)
PNG, JPEG = encoded(flag(), "PNG"), encoded(flag(), "JPEG")
MOVING = encoded(flag(), "GIF", save_all=True, append_images=[noise(48, 32)], duration=[300, 450], loop=0)

FRAME = b"\x2c\0\0\0\0\x08\0\x08\0\0\x02\0"  #: of a GIF, without anything to see


def one(folder: Path, content: bytes, limits: Limits = LIMITS) -> Picture:
    (picture,) = read_media(written(folder, {"kite.png": content}), limits)
    return picture


@pytest.mark.parametrize(("content", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_a_picture_that_needs_no_change_goes_as_it_is(tmp_path: Path, content: bytes, kind: str) -> None:
    file = tmp_path / "kite"
    file.write_bytes(content)

    (picture,) = read_media([Media(str(file), "A kite.", "Ada", (0.5, -0.25))], LIMITS)

    assert picture == Picture(str(file), kind, content, 48, 32, "A kite.", (0.5, -0.25), None)
    assert not picture.is_film
    assert not picture.is_moving


def test_all_pictures_of_a_part_come_in_their_order(tmp_path: Path) -> None:
    media = written(tmp_path, {"b.png": PNG, "a.jpg": JPEG, "d.png": PNG, "c.gif": talking_gif(flag())})

    pictures = read_media(media, LIMITS)

    assert [picture.file for picture in pictures] == [each.file for each in media]
    assert [picture.kind for picture in pictures] == ["image/png", "image/jpeg", "image/png", "image/png"]


def test_a_part_without_pictures_has_none() -> None:
    assert read_media((), Limits(images=0)) == ()


def test_a_gif_that_moves_goes_on_moving_without_its_comments(tmp_path: Path) -> None:
    picture = one(tmp_path, talking_gif(flag(), noise(48, 32), milliseconds=350))

    assert picture.is_moving
    assert (picture.kind, picture.width, picture.height, picture.seconds) == ("image/gif", 48, 32, 0.7)
    assert CANARY not in picture.content
    assert one(tmp_path, MOVING).content == MOVING
    assert one(tmp_path, MOVING).seconds == 0.75


def test_a_film_goes_as_it_is(tmp_path: Path) -> None:
    content = film(width=640, height=360, seconds=12.5)

    picture = one(tmp_path, content, FILMS)

    assert picture.is_film
    assert (picture.kind, picture.content) == ("video/mp4", content)
    assert (picture.width, picture.height, picture.seconds) == (640, 360, 12.5)
    assert one(tmp_path, WEBM, FILMS).kind == "video/webm"
    assert one(tmp_path, WEBM, FILMS).seconds is None


@pytest.mark.parametrize(
    ("content", "limits", "message"),
    [
        (b"", LIMITS, "is empty"),
        (b"A text.", LIMITS, "holds no picture and no film, whatever its name says"),
        (box(b"ftyp", b"heic"), LIMITS, "is HEIC, which few can show: save it as PNG or JPEG"),
        (PNG[:60], LIMITS, "cannot be read: .+; save it anew"),
        (claiming(9_500, 9_500), LIMITS, "has more pixels than can be opened safely: make it smaller"),
        (claiming(50_000, 50_000), LIMITS, "has more pixels than can be opened safely: make it smaller"),
        (JPEG.replace(b"\xff\xdb", b"\xff\xfe"), LIMITS, "cannot be read: .+; save it anew"),
        (claiming(90, 90), LIMITS, "cannot be read: image file is truncated; save it anew"),
        (PNG[:20] + b"!" + PNG[21:], LIMITS, "cannot be read: its beginning is damaged; save it anew"),
        (noise(64, 64).tobytes(), LIMITS, "holds no picture"),
        (encoded(noise(64, 64), "JPEG"), Limits(image_bytes=100), "cannot be made to fit into 100 bytes"),
        (PNG, Limits(kinds=("image/gif",)), "cannot be made to fit"),
        (PNG, Limits(images=0), "is a picture, and none are taken: leave it out"),
        (
            encoded(flag(), "PNG", save_all=True, append_images=[noise(48, 32)]),
            LIMITS,
            "moves, which only a GIF may: save it as GIF, or as a still picture",
        ),
        (
            encoded(flag(), "WEBP", save_all=True, append_images=[noise(48, 32)]),
            Limits(kinds=("image/webp",)),
            "moves, which only a GIF may",
        ),
        (MOVING, Limits(kinds=("image/png",)), "is a moving GIF, and none are taken here"),
        (
            MOVING,
            Limits(gif_bytes=len(MOVING) - 1),
            rf"is a moving GIF of {len(MOVING):,} bytes, and .+ are taken: make it smaller",
        ),
        (MOVING, Limits(image_bytes=1_000), "is a moving GIF of .+ bytes, and 1,000 are taken"),
        (MOVING, Limits(image_pixels=1_500), "is a moving GIF of 48 by 32 pixels, and 1,500 are taken"),
        (b"GIF89a\x08\0\x08\0\0\0\0" + FRAME * 2 + b";", LIMITS, "cannot be read: .+; save it anew"),
        (MOVING[:-1], LIMITS, "cannot be read: it is cut short; save it anew"),
        (film(), LIMITS, "is a film, and none are taken here"),
        (film().ljust(1_001), FILMS, "has 1,001 bytes, and 1,000 are taken: make it smaller"),
        (
            WEBM,
            replace(FILMS, kinds=("image/png", "video/mp4")),
            "is video/webm, and films are taken as video/mp4: save it as one of these",
        ),
        (
            film(told=box(b"udta", box(b"\xa9xyz", b"+54.32+010.13/"))),
            FILMS,
            "says where it was filmed: save it without its place",
        ),
    ],
)
def test_what_cannot_be_sent_is_refused_by_its_name(
    tmp_path: Path, content: bytes, limits: Limits, message: str
) -> None:
    with pytest.raises(Refused, match=rf"kite\.png {message}"):
        one(tmp_path, content, limits)


@pytest.mark.parametrize(
    ("limits", "content"),
    [
        (Limits(gif_bytes=len(MOVING), image_bytes=1_000), MOVING),
        (Limits(image_bytes=len(MOVING)), MOVING),
        (Limits(image_pixels=48 * 32), MOVING),
        (Limits(film_bytes=len(film()), images=0), film()),
        (Limits(film_bytes=1_000, kinds=("video/mp4",)), film()),
        (Limits(image_bytes=len(PNG)), PNG),
    ],
)
def test_what_just_fits_goes(tmp_path: Path, limits: Limits, content: bytes) -> None:
    assert one(tmp_path, content, limits).content == content


@pytest.mark.parametrize(
    ("alt", "message"),
    [
        ("", "has no alt text: say what it shows"),
        (" \n", "has no alt text: say what it shows"),
        ("é" * 1_001, "has an alt text of 1,001 characters, and 1,000 are taken: make it shorter"),
    ],
)
def test_alt_text_is_required_and_no_longer_than_it_may_be(tmp_path: Path, alt: str, message: str) -> None:
    (media,) = written(tmp_path, {"kite.png": PNG})

    with pytest.raises(Refused, match=rf"kite\.png {message}"):
        read_media([replace(media, alt=alt)], LIMITS)

    assert read_media([replace(media, alt="é" * 1_000)], LIMITS)


def test_more_pictures_than_are_taken_are_refused_before_any_is_read() -> None:
    media = [Media(f"gone/{number}.png", "A kite.") for number in range(5)]

    with pytest.raises(Refused, match="5 pictures in a part, and 4 are taken: leave some out"):
        read_media(media, LIMITS)


@pytest.mark.parametrize(("content", "name"), [(MOVING, "moving GIF"), (film(), "film")])
def test_what_moves_stands_alone(tmp_path: Path, content: bytes, name: str) -> None:
    media = written(tmp_path, {"kite.png": PNG, "ferry": content})

    with pytest.raises(Refused) as refused:
        read_media(media, FILMS)

    assert str(refused.value) == (
        f"{tmp_path}/ferry is a {name}, which stands alone: a part shows up to 4 still pictures,"
        " or one moving GIF, or one film"
    )


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    names = {
        "gone.png": "cannot be read: No such file or directory",
        "kite.png/x": "cannot be read: Not a directory",
        "": "is no file",
        "a\0b": "cannot be read: embedded null byte",
        "pipe": "is no file",
    }
    (tmp_path / "kite.png").write_bytes(PNG)
    os.mkfifo(tmp_path / "pipe")

    for name, message in names.items():
        with pytest.raises(Refused, match=message):
            read_media([Media(f"{tmp_path}/{name}", "A kite.")], LIMITS)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that fails when it is read")
def test_a_disk_that_fails_is_asked_again_later() -> None:
    # What the system says of its own memory is a file that cannot be read from its start.
    with pytest.raises(NotNow, match="/proc/self/mem cannot be read now: Input/output error"):
        read_media([Media("/proc/self/mem", "A kite.")], LIMITS)


def test_a_picture_with_words_in_it_is_freed_of_them_only(tmp_path: Path) -> None:
    picture = one(tmp_path, talking_jpeg(flag()))

    head = 20  #: bytes, up to what it shows
    assert picture.content.endswith(encoded(flag(), "JPEG", quality=95)[head:])


def test_a_huge_file_is_refused_by_its_size(tmp_path: Path) -> None:
    media = written(tmp_path, {"kite.png": PNG})
    os.truncate(tmp_path / "kite.png", 100_000_001)

    with pytest.raises(Refused, match="has 100,000,001 bytes, and 100,000,000 are taken: make it smaller"):
        read_media(media, LIMITS)


def looked_at(folder: Path, content: bytes, limits: Limits) -> list[str]:
    (media,) = written(folder, {"kite.png": content})
    try:
        return [why.removeprefix(f"{media.file} ") for why in objections([look(media.file)], limits)]
    except Refused as no:
        return [str(no).removeprefix(f"{media.file} ")]


@pytest.mark.parametrize(
    ("content", "limits"),
    [
        (b"", LIMITS),
        (b"A text.", LIMITS),
        (PNG[:60], LIMITS),
        (claiming(50_000, 50_000), LIMITS),
        (claiming(90, 90), LIMITS),
        (JPEG[:-20], LIMITS),
        (JPEG.replace(b"\xff\xdb", b"\xff\xfe"), LIMITS),
        (talking_jpeg(flag())[:-40_000], LIMITS),
        (encoded(flag(), "PNG", save_all=True, append_images=[noise(48, 32)]), LIMITS),
        (encoded(flag().convert("F"), "TIFF"), LIMITS),
        (PNG, Limits(images=0)),
        (MOVING, Limits(kinds=("image/png",))),
        (MOVING, Limits(gif_bytes=len(MOVING) - 1)),
        (MOVING, Limits(image_pixels=1_500)),
        (MOVING[:-1], LIMITS),
        (b"GIF89a\x08\0\x08\0\0\0\0" + FRAME * 2 + b";", LIMITS),
        (film(), LIMITS),
        (film() + box(b"free", bytes(1_000)), FILMS),
        (film()[:60], FILMS),
        (WEBM, replace(FILMS, kinds=("image/png", "video/mp4"))),
        (film(told=box(b"udta", box(b"\xa9xyz", b"+54.32+010.13/"))), FILMS),
    ],
)
def test_who_only_looks_objects_in_the_words_of_who_sends(
    tmp_path: Path, content: bytes, limits: Limits
) -> None:
    with pytest.raises(Refused) as refused:
        one(tmp_path, content, limits)

    assert looked_at(tmp_path, content, limits) == [str(refused.value).removeprefix(f"{tmp_path}/kite.png ")]


@pytest.mark.parametrize(
    ("content", "limits"),
    [
        (encoded(noise(64, 64), "PNG"), Limits(image_bytes=2_000, image_pixels=900)),
        (talking_jpeg(flag(), 6), LIMITS),
        (encoded(flag(), "BMP"), LIMITS),
        (encoded(flag(), "TIFF"), LIMITS),
        (encoded(flag(), "WEBP"), LIMITS),
        (talking_gif(flag()), Limits(image_bytes=1_000, kinds=("image/png",))),
        (MOVING, LIMITS),
        (film(), FILMS),
        (WEBM, FILMS),
    ],
)
def test_and_has_no_objection_to_what_can_be_sent(tmp_path: Path, content: bytes, limits: Limits) -> None:
    assert one(tmp_path, content, limits)
    assert looked_at(tmp_path, content, limits) == []


def test_what_moves_stands_alone_in_a_look_too(tmp_path: Path) -> None:
    media = written(tmp_path, {"kite.png": PNG, "ferry.gif": MOVING})

    (why,) = objections([look(each.file) for each in media], LIMITS)

    assert why.startswith(f"{tmp_path}/ferry.gif is a moving GIF, which stands alone")
