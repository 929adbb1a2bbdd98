"""Pictures on X: uploaded whole, described, and shown in one post."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import NotNow, Refused
from bot.model import Media
from bot.publishers.x import X
from tests.fakes.asks import AT, ask
from tests.fakes.misbehaving import Kind
from tests.fakes.x import FakeMedia, FakeX, png

UPLOAD = "/2/media/upload"
GIF = b"GIF89a" + struct.pack("<HH", 1, 1) + bytes(20)
JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
WEBP = b"RIFF" + struct.pack("<I", 20) + b"WEBPVP8 " + bytes(12)


@pytest.fixture
def fake() -> Iterator[FakeX]:
    with FakeX() as fake:
        yield fake


@pytest.fixture
def x(fake: FakeX) -> X:
    return X(fake.account(), fake.secrets, Path("unused"))


@pytest.fixture
def picture(tmp_path: Path) -> Media:
    return written(tmp_path, "ferry.png", png())


def written(folder: Path, name: str, content: bytes, *, alt: str = "A ferry") -> Media:
    (folder / name).write_bytes(content)
    return Media(str(folder / name), alt)


def shown(fake: FakeX) -> list[FakeMedia]:
    (post,) = fake.posts
    return list(post.media)


def test_three_pictures_are_one_post_with_their_own_alt_texts_in_their_order(
    fake: FakeX, x: X, tmp_path: Path
) -> None:
    media = [written(tmp_path, f"{n}.png", png(n), alt=f"Picture {n}: „Fähre“") for n in (1, 2, 3)]

    x.publish(ask(media=tuple(media)))

    assert [picture.alt for picture in shown(fake)] == [each.alt for each in media]
    assert [picture.content for picture in shown(fake)] == [png(1), png(2), png(3)]


@pytest.mark.parametrize(
    ("content", "kind", "category"),
    [
        (png(), "image/png", "tweet_image"),
        (JPEG, "image/jpeg", "tweet_image"),
        (WEBP, "image/webp", "tweet_image"),
        (GIF, "image/gif", "tweet_gif"),
    ],
)
def test_a_picture_is_known_by_its_content_not_its_name(
    fake: FakeX, x: X, tmp_path: Path, content: bytes, kind: str, category: str
) -> None:
    x.publish(ask(media=(written(tmp_path, "picture.txt", content),)))

    (picture,) = shown(fake)
    assert (picture.kind, picture.category, picture.content) == (kind, category, content)


def test_a_large_picture_goes_in_pieces_and_arrives_whole(fake: FakeX, x: X, tmp_path: Path) -> None:
    content = png() + bytes(range(256)) * 19_000

    x.publish(ask(media=(written(tmp_path, "large.png", content),)))

    assert shown(fake)[0].content == content
    assert fake.requests == 6  # initialize, two pieces, finalize, alt text, post


@pytest.mark.parametrize(
    ("content", "alt", "message"),
    [
        (b"%PDF-1.7", "A paper", "ferry: X shows PNG, JPEG, GIF and WEBP, and this is none of them"),
        (b"", "Nothing", "this is none of them"),
        (b"RIFF1234AVI ", "A film", "this is none of them"),
        (
            png().ljust(5_000_001, b"\0"),
            "A ferry",
            "ferry: X takes up to 5,000,000 bytes: make the picture smaller",
        ),
        (png(), "x" * 1_001, "ferry: X takes alt text of up to 1,000 characters"),
    ],
)
def test_a_picture_that_x_would_not_take_is_refused_before_x_is_asked(
    fake: FakeX, x: X, tmp_path: Path, content: bytes, alt: str, message: str
) -> None:
    media = (written(tmp_path, "fine.png", png()), written(tmp_path, "ferry", content, alt=alt))

    with pytest.raises(Refused, match=message):
        x.publish(ask(media=media))

    assert fake.requests == 0


def test_a_gif_may_be_larger_but_not_without_end(fake: FakeX, x: X, tmp_path: Path) -> None:
    film = written(tmp_path, "film.gif", GIF.ljust(15_000_001, b"\0"))

    with pytest.raises(Refused, match=r"film\.gif: X takes up to 15,000,000 bytes"):
        x.publish(ask(media=(film,)))

    assert fake.requests == 0


def test_pictures_as_large_as_x_takes_are_taken(fake: FakeX, x: X, tmp_path: Path) -> None:
    photo = written(tmp_path, "photo.png", png().ljust(5_000_000, b"\0"), alt="x" * 1_000)
    film = written(tmp_path, "film.gif", GIF.ljust(15_000_000, b"\0"))

    x.publish(ask(text="one", media=(photo,)))
    x.publish(ask(text="two", media=(film,)))

    assert [post.media[0].total_bytes for post in fake.posts] == [5_000_000, 15_000_000]


@pytest.mark.parametrize(("contents", "count"), [([png()] * 5, 5), ([png(), GIF], 2), ([GIF, GIF], 2)])
def test_more_pictures_than_a_post_has_room_for_are_refused_before_x_is_asked(
    fake: FakeX, x: X, tmp_path: Path, contents: list[bytes], count: int
) -> None:
    media = [written(tmp_path, str(number), content) for number, content in enumerate(contents)]

    with pytest.raises(Refused, match=f"X shows up to 4 pictures or one GIF in a post, not {count}"):
        x.publish(ask(media=tuple(media)))

    assert fake.requests == 0


def test_a_picture_that_is_not_there_is_refused_before_x_is_asked(fake: FakeX, x: X, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"gone\.png: cannot be read: No such file or directory"):
        x.publish(ask(media=(Media(str(tmp_path / "gone.png"), "A ferry"),)))

    assert fake.requests == 0


@pytest.mark.parametrize("route", [f"{UPLOAD}/initialize", f"{UPLOAD}/19", "/2/media/metadata"])
@pytest.mark.parametrize("kind", ["dropped", "silent", "torn", "html", "bad gateway"])
def test_an_upload_that_went_wrong_means_not_now_and_leaves_no_post(
    fake: FakeX, x: X, picture: Media, route: str, kind: Kind
) -> None:
    fake.fail_next(kind, route=route)

    with pytest.raises(NotNow, match="nothing was posted"):
        x.publish(ask(media=(picture,)))

    assert fake.posts == []


@pytest.mark.parametrize("route", [f"{UPLOAD}/initialize", f"{UPLOAD}/19", "/2/media/metadata"])
def test_an_upload_that_x_refuses_is_refused_and_leaves_no_post(
    fake: FakeX, x: X, picture: Media, route: str
) -> None:
    fake.fail_next("answer", route=route, status=400, body='{"detail": "not this one"}')

    with pytest.raises(Refused, match="not this one"):
        x.publish(ask(media=(picture,)))

    assert fake.posts == []


def test_a_limit_on_uploads_says_when_to_come_back(fake: FakeX, x: X, picture: Media) -> None:
    fake.rate_limit_next(route=UPLOAD, headers={"x-rate-limit-reset": "1790000900"})

    with pytest.raises(NotNow) as no:
        x.publish(ask(media=(picture,)))

    assert no.value.after == AT + 900


@pytest.mark.parametrize(
    ("route", "body"),
    [
        (f"{UPLOAD}/initialize", '{"data": {}}'),
        (f"{UPLOAD}/initialize", '{"data": {"id": "19", "processing_info": 5}}'),
        ("/2/media/metadata", '{"errors": [{"message": "alt text not kept"}]}'),
    ],
)
def test_a_yes_without_what_was_asked_for_leaves_no_post(
    fake: FakeX, x: X, picture: Media, route: str, body: str
) -> None:
    fake.fail_next("answer", route=route, status=200, body=body)

    with pytest.raises(NotNow):
        x.publish(ask(media=(picture,)))

    assert fake.posts == []


def test_a_picture_is_posted_once_x_has_looked_through_it(fake: FakeX, x: X, picture: Media) -> None:
    fake.looks_before_ready = 1

    x.publish(ask(media=(picture,)))

    assert shown(fake)[0].is_final


def test_a_picture_that_x_cannot_show_is_refused_with_its_reason(fake: FakeX, x: X, picture: Media) -> None:
    fake.processing_error = "the file is damaged"

    with pytest.raises(Refused, match="X cannot show a picture: the file is damaged"):
        x.publish(ask(media=(picture,)))

    assert fake.posts == []


@pytest.mark.parametrize("pause", [0, 1, 3_600, -5])
def test_x_is_not_waited_for_longer_than_for_an_answer(fake: FakeX, x: X, picture: Media, pause: int) -> None:
    fake.looks_before_ready = 50
    fake.pause = pause

    with pytest.raises(NotNow, match="X is still at work on a picture; nothing was posted"):
        x.publish(ask(media=(picture,)))

    assert fake.posts == []
    assert fake.requests <= 5
