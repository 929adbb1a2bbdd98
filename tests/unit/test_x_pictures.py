"""Pictures on X: uploaded whole, described, and shown in one post."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.errors import NotNow, Refused
from bot.model import Media
from bot.publishers.x import X
from tests.fakes.asks import AT, ask
from tests.fakes.misbehaving import Kind
from tests.fakes.pictures import encoded, film, flag, noise
from tests.fakes.x import FakeMedia, FakeX, png

UPLOAD = "/2/media/upload"
GIF = encoded(flag(), "GIF", save_all=True, append_images=[noise(48, 32)], duration=500, loop=0)


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
        (encoded(flag(), "JPEG"), "image/jpeg", "tweet_image"),
        (encoded(flag(), "WEBP", lossless=True), "image/webp", "tweet_image"),
        (GIF, "image/gif", "tweet_gif"),
    ],
)
def test_a_picture_is_known_by_its_content_not_its_name(
    fake: FakeX, x: X, tmp_path: Path, content: bytes, kind: str, category: str
) -> None:
    x.publish(ask(media=(written(tmp_path, "picture.txt", content),)))

    (picture,) = shown(fake)
    assert (picture.kind, picture.category, picture.content, picture.alt) == (
        kind,
        category,
        content,
        "A ferry",
    )


def test_a_film_is_shown_without_alt_text_which_x_keeps_for_pictures(
    fake: FakeX, x: X, tmp_path: Path
) -> None:
    clip = written(tmp_path, "film.mp4", film())
    fake.looks_before_ready = 3  # longer than an answer is waited for
    fake.pause = 0

    x.publish(ask(media=(clip,)))

    (seen,) = shown(fake)
    assert (seen.kind, seen.category, seen.alt) == ("video/mp4", "tweet_video", "")


def test_a_large_picture_goes_in_pieces_and_arrives_whole(fake: FakeX, x: X, tmp_path: Path) -> None:
    content = encoded(noise(1_180, 1_180), "PNG")

    x.publish(ask(media=(written(tmp_path, "large.png", content),)))

    assert 4_000_000 < len(content) <= 5_000_000
    assert shown(fake)[0].content == content
    assert fake.requests == 6  # initialize, two pieces, finalize, alt text, post


def test_a_picture_that_x_would_not_take_is_refused_before_x_is_asked(
    fake: FakeX, x: X, tmp_path: Path
) -> None:
    fine, paper = written(tmp_path, "fine.png", png()), written(tmp_path, "paper.png", b"%PDF-1.7")
    asks = [ask(part=1, parts=2, media=(fine,)), ask(part=2, parts=2, media=(paper,))]

    with pytest.raises(Refused, match=r"paper\.png.* holds no picture") as no:
        x.prepare(asks)

    assert "thread" not in str(no.value)
    assert fake.requests == 0


def test_a_picture_that_is_gone_when_the_thread_has_begun_says_what_the_thread_stays_without(
    fake: FakeX, x: X, tmp_path: Path
) -> None:
    gone = Media(str(tmp_path / "gone.png"), "A ferry")

    with pytest.raises(Refused, match=r"gone\.png.*; the thread stays without its parts 2 to 3"):
        x.prepare([ask(part=2, parts=3), ask(part=3, parts=3, media=(gone,))])

    assert fake.requests == 0


def test_the_pictures_of_all_parts_are_there_before_any_part_is(fake: FakeX, x: X, tmp_path: Path) -> None:
    media = [(written(tmp_path, f"{n}.png", png(n), alt=f"Picture {n}"),) for n in (1, 2)]
    asks = [ask(part=n, parts=2, text=str(n), media=theirs) for n, theirs in enumerate(media, start=1)]

    prepared = x.prepare(asks)

    assert [(each.alt, each.is_final) for each in fake.media.values()] == [
        ("Picture 1", True),
        ("Picture 2", True),
    ]
    assert fake.posts == []
    before, reply_to = fake.requests, None
    for each, kept in zip(asks, prepared, strict=True):
        reply_to = x.publish(replace(each, prepared=kept, reply_to=reply_to)).id
    assert fake.requests == before + 2
    assert [post.media[0].alt for post in fake.posts] == ["Picture 1", "Picture 2"]


@pytest.mark.parametrize(("hours", "uploads"), [(0, 1), (20, 1), (21, 2)])
def test_pictures_that_x_has_forgotten_by_now_are_uploaded_anew(
    fake: FakeX, x: X, picture: Media, hours: int, uploads: int
) -> None:
    (prepared,) = x.prepare([ask(media=(picture,))])

    x.publish(ask(media=(picture,), prepared=prepared, at=AT + hours * 3_600))

    assert len(fake.media) == uploads
    assert shown(fake)[0].id == list(fake.media)[-1]


def test_words_without_pictures_stay_as_they_were_prepared_however_old(fake: FakeX, x: X) -> None:
    (prepared,) = x.prepare([ask()])

    x.publish(ask(prepared=prepared, at=AT + 90_000))

    assert fake.requests == 1


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
