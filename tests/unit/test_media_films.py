"""What films say of themselves."""

import struct

import pytest

from bot.media.films import Film, read_film
from tests.fakes.pictures import WEBM, box, film, movie_header, track_header

HEAD = box(b"ftyp", b"isom", bytes(4))


def moov(*content: bytes) -> bytes:
    return HEAD + box(b"moov", *content)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (film(), Film(64, 36, 2.5)),
        (moov(movie_header(0)), Film()),
        (moov(movie_header(3, scale=0)), Film()),
        (moov(movie_header(7_200.25, version=1)), Film(seconds=7_200.25)),
        (moov(box(b"trak", track_header(1_920, 1_080, version=1))), Film(1_920, 1_080)),
        (moov(box(b"trak", track_header(1_920, 1_080, turned=True))), Film(1_080, 1_920)),
        (
            moov(box(b"trak", track_header(0, 0)), box(b"trak", track_header(6, 4))),
            Film(6, 4),
        ),  # the first is sound
        (moov(box(b"trak", track_header(0, 0))), Film()),
        (
            HEAD + struct.pack(">I4sQ", 1, b"moov", 16 + len(movie_header(4))) + movie_header(4),
            Film(seconds=4),
        ),
        (moov() + struct.pack(">I4s", 0, b"mdat") + bytes(30), Film()),
        (moov() + bytes(4), Film()),
    ],
)
def test_a_film_says_how_large_and_how_long_it_is(content: bytes, found: Film) -> None:
    assert read_film(content, "video/mp4") == found


@pytest.mark.parametrize(
    "told",
    [
        box(b"udta", box(b"\xa9xyz", b"+54+010/")),
        box(b"udta", box(b"loci", bytes(20))),
        box(b"meta", box(b"keys", b"com.apple.quicktime.location.ISO6709")),
        box(b"trak", box(b"udta", box(b"\xa9xyz", b"+54+010/"))),
        box(b"trak", box(b"meta", b"com.apple.quicktime.location.ISO6709")),
    ],
)
def test_a_film_that_says_where_it_was_made_is_known(told: bytes) -> None:
    assert read_film(moov(told), "video/quicktime").tells_place


def test_a_place_in_words_behind_the_film_is_known() -> None:
    assert read_film(moov() + box(b"uuid", b"<exif:GPSLatitude>"), "video/mp4").tells_place


def test_the_pictures_of_a_film_say_no_place_whatever_their_bytes() -> None:
    content = moov(box(b"udta", b"a name")) + box(b"mdat", b"\xa9xyz loci GPSLatitude")

    assert not read_film(content, "video/mp4").tells_place


@pytest.mark.parametrize(
    "content",
    [
        HEAD,
        film()[:-1],
        HEAD + struct.pack(">I4s", 7, b"moov"),
        HEAD + struct.pack(">I4sQ", 1, b"moov", 15),
        moov(struct.pack(">I4s", 9, b"udta")),
    ],
)
def test_a_broken_film_is_told(content: bytes) -> None:
    with pytest.raises(ValueError, match="it is cut short or broken"):
        read_film(content, "video/mp4")


def test_the_inside_of_a_webm_is_not_looked_at() -> None:
    assert read_film(WEBM, "video/webm") == Film()
