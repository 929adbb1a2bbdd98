"""Pictures on Mastodon: uploaded with their words before anything is seen, waited for, and shown in one status."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot.contracts import Ask
from bot.errors import NotNow, Refused
from bot.model import Media
from bot.publishers.mastodon import Mastodon
from bot.zones import DAY
from tests.fakes.asks import AT, ask
from tests.fakes.mastodon import FakeMastodon
from tests.fakes.x import png

UPLOAD = "POST /api/v2/media"
LOOK = "GET /api/v1/media/"


@pytest.fixture
def fake() -> Iterator[FakeMastodon]:
    with FakeMastodon() as fake:
        yield fake


@pytest.fixture
def mastodon(fake: FakeMastodon) -> Mastodon:
    return Mastodon(fake.account(), fake.secrets, Path("unused"))


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[Media, ...]:
    for number in (1, 2, 3):
        (tmp_path / f"{number}.png").write_bytes(png(number))
    return tuple(Media(str(tmp_path / f"{number}.png"), f"Picture {number}: „Fähre“") for number in (1, 2, 3))


def prepared(mastodon: Mastodon, *asks: Ask) -> list[Ask]:
    return [replace(part, prepared=text) for part, text in zip(asks, mastodon.prepare(asks), strict=True)]


def test_three_pictures_are_one_status_with_their_own_alt_texts_in_their_order(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    (part,) = prepared(mastodon, ask(media=pictures))
    seen_before = list(fake.statuses)

    mastodon.publish(part)

    (status,) = fake.statuses
    assert seen_before == []
    assert [each.alt for each in status.media] == [each.alt for each in pictures]
    assert [each.kind for each in status.media] == ["image/png"] * 3
    assert len({each.content for each in status.media}) == 3


def test_the_focus_goes_with_the_picture_and_only_where_there_is_one(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    focused = replace(pictures[0], focus=(-0.5, 0.25))

    mastodon.publish(ask(media=(focused, pictures[1])))

    assert [each.focus for each in fake.statuses[0].media] == ["-0.5,0.25", ""]


def test_all_parts_of_a_thread_have_their_pictures_up_before_the_first_is_seen(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    parts = prepared(
        mastodon, *(ask(part=part, parts=3, media=pictures[part - 1 : part]) for part in (1, 2, 3))
    )

    uploads = len(fake.media)
    for part in parts:
        mastodon.publish(part)

    assert uploads == 3
    assert [status.media[0].alt for status in fake.statuses] == [each.alt for each in pictures]


def test_a_picture_that_is_refused_keeps_the_whole_thread_back(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    asks = (
        ask(part=2, parts=3, media=pictures[:1]),
        ask(part=3, parts=3, media=(Media("nowhere.png", "None"),)),
    )

    with pytest.raises(Refused, match=r"nowhere.png.*; the thread stays without its part 3$"):
        mastodon.prepare(asks)

    assert fake.statuses == []


def test_a_picture_without_alt_text_never_leaves(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    with pytest.raises(Refused, match="alt text"):
        mastodon.prepare((ask(media=(replace(pictures[0], alt=" "),)),))

    assert fake.media == {}


def test_the_instance_s_own_limits_hold_for_pictures(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    fake.texts = {**fake.texts, "max_media_attachments": 2}

    with pytest.raises(Refused, match="3 pictures"):
        mastodon.prepare((ask(media=pictures),))


def test_a_picture_that_takes_time_is_waited_for(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    fake.looks_before_ready = 3

    mastodon.publish(ask(media=pictures[:1]))

    assert fake.times_asked(LOOK) == 3
    assert len(fake.statuses[0].media) == 1


def test_a_picture_that_takes_too_long_is_for_another_time(
    fake: FakeMastodon, pictures: tuple[Media, ...]
) -> None:
    fake.looks_before_ready = 1_000
    mastodon = Mastodon(fake.account(timeout=1), fake.secrets, Path("unused"))

    with pytest.raises(NotNow, match=r"still at work on .*1\.png; nothing was posted"):
        mastodon.prepare((ask(media=pictures[:1]),))

    assert 2 <= fake.times_asked(LOOK) <= 20


def test_a_picture_that_takes_too_long_is_waited_for_again_and_not_uploaded_again(
    fake: FakeMastodon, pictures: tuple[Media, ...]
) -> None:
    fake.looks_before_ready = 1_000
    mastodon = Mastodon(fake.account(timeout=1), fake.secrets, Path("unused"))
    with pytest.raises(NotNow):
        mastodon.prepare((ask(media=pictures[:1]),))
    fake.media["116000000000000001"].looks = 0

    mastodon.publish(prepared(mastodon, ask(media=pictures[:1]))[0])

    assert fake.times_asked(UPLOAD) == 1
    assert len(fake.statuses[0].media) == 1


def test_pictures_that_the_instance_has_thrown_away_by_now_are_uploaded_anew(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    (part,) = prepared(mastodon, ask(media=pictures[:1]))
    fake.media.clear()

    Mastodon(fake.account(), fake.secrets, Path("unused")).publish(replace(part, at=AT + DAY))

    assert fake.times_asked(UPLOAD) == 2
    assert len(fake.statuses[0].media) == 1


def test_a_picture_that_the_instance_cannot_process_is_refused_in_its_own_words(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    fake.looks_before_ready, fake.processing_error = 1, "Error processing thumbnail"

    with pytest.raises(Refused, match="Error processing thumbnail"):
        mastodon.prepare((ask(media=pictures[:1]),))


def test_what_is_uploaded_is_not_uploaded_again_when_a_thread_is_prepared_again(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    part = ask(media=pictures)
    fake.fail_next("answer", route=LOOK, status=500)
    fake.looks_before_ready = 1
    with pytest.raises(NotNow):
        mastodon.prepare((part,))
    fake.looks_before_ready = 0

    first, second = mastodon.prepare((part,)), mastodon.prepare((part,))

    assert first == second
    assert fake.times_asked(UPLOAD) == 3


def test_uploads_are_used_again_for_the_same_part_alone(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    asks = [
        ask(media=pictures[:1]),
        ask(media=pictures[:1], part=2, parts=2),
        ask(media=pictures[:1], key="other"),
    ]

    media = [json.loads(text)["media"] for text in mastodon.prepare(asks)]

    assert len({tuple(each) for each in media}) == 3
    assert fake.times_asked(UPLOAD) == 3


def test_a_picture_that_has_changed_is_uploaded_again(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    mastodon.prepare((ask(media=pictures[:1]),))
    Path(pictures[0].file).write_bytes(png(200))

    mastodon.publish(ask(media=pictures[:1]))

    assert fake.times_asked(UPLOAD) == 2
    assert fake.statuses[0].media[0].content == fake.media[fake.statuses[0].media[0].id].content


def test_an_upload_is_not_kept_for_ever(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    import time  # noqa: PLC0415 - its clock is set forward here

    mastodon.prepare((ask(media=pictures[:1]),))
    later = time.monotonic() + 1_801
    monkeypatch.setattr(time, "monotonic", lambda: later)

    mastodon.prepare((ask(media=pictures[:1]),))
    monkeypatch.undo()

    assert fake.times_asked(UPLOAD) == 2


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ({"kind": "dropped"}, NotNow),
        ({"kind": "silent"}, NotNow),
        ({"kind": "torn"}, NotNow),
        ({"kind": "html"}, NotNow),
        ({"kind": "empty"}, NotNow),
        ({"kind": "answer", "status": 500}, NotNow),
        ({"kind": "answer", "status": 503}, NotNow),
        ({"kind": "answer", "status": 408}, NotNow),
        ({"kind": "answer", "status": 413}, Refused),
        ({"kind": "answer", "status": 422, "body": '{"error": "File type could not be verified"}'}, Refused),
    ],
)
def test_trouble_with_an_upload_posts_nothing_and_leaves_no_doubt(
    fake: FakeMastodon,
    mastodon: Mastodon,
    pictures: tuple[Media, ...],
    fault: dict[str, Any],
    answer: type[Exception],
) -> None:
    fake.fail_next(route=UPLOAD, **fault)

    with pytest.raises(answer) as error:
        mastodon.prepare((ask(media=pictures),))

    assert type(error.value) is answer
    assert fake.statuses == []


def test_too_many_uploads_wait_for_the_time_that_the_instance_names(
    fake: FakeMastodon, mastodon: Mastodon, pictures: tuple[Media, ...]
) -> None:
    fake.fail_next(
        "answer", route=UPLOAD, status=429, headers={"X-RateLimit-Reset": "2026-09-21T14:23:20.123Z"}
    )

    with pytest.raises(NotNow, match="takes no more from museum-m") as error:
        mastodon.prepare((ask(media=pictures),))

    assert error.value.after == AT + 600
