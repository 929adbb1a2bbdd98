"""What an instance takes is read from the instance, and kept."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from bot.errors import Barred, NotNow, Refused
from bot.model import Limits
from bot.publishers.mastodon import Mastodon
from bot.publishers.mastodon.instance import Instance
from tests.fakes.asks import ask
from tests.fakes.mastodon import FakeMastodon

INSTANCE = "GET /api/v2/instance"
OWN: dict[str, dict[str, Any]] = {
    "statuses": {"max_characters": 5_000, "max_media_attachments": 6, "characters_reserved_per_url": 30},
    "media_attachments": {
        "description_limit": 420,
        "image_size_limit": 1_000_000,
        "image_matrix_limit": 2_000_000,
        "video_size_limit": 3_000_000,
        "supported_mime_types": ["image/jpeg", "image/avif", "video/mp4"],
    },
}
LEARNT = replace(
    Mastodon.limits,
    text=5_000,
    images=6,
    link=30,
    alt=420,
    image_bytes=1_000_000,
    image_pixels=2_000_000,
    film_bytes=3_000_000,
    kinds=("image/jpeg", "image/avif", "video/mp4"),
)


@pytest.fixture
def fake() -> Iterator[FakeMastodon]:
    with FakeMastodon(texts=OWN["statuses"], files=OWN["media_attachments"]) as fake:
        yield fake


@pytest.fixture
def mastodon(fake: FakeMastodon) -> Mastodon:
    return Mastodon(fake.account(), fake.secrets, Path("unused"))


def test_the_instance_tells_its_own_limits(mastodon: Mastodon) -> None:
    assert mastodon.learn() == LEARNT


def test_an_older_instance_tells_them_at_an_older_address(fake: FakeMastodon, mastodon: Mastodon) -> None:
    fake.has_v2 = False

    assert mastodon.learn() == LEARNT


def test_where_an_instance_tells_nothing_the_usual_limits_hold(
    fake: FakeMastodon, mastodon: Mastodon
) -> None:
    fake.has_v1 = fake.has_v2 = False

    assert mastodon.learn() == Mastodon.limits


def test_a_server_without_a_configuration_tells_its_length_in_another_place() -> None:
    assert Instance(max_toot_chars=3_000).limits(Limits()) == Limits(text=3_000)


def test_the_limits_are_asked_for_once_a_day_not_at_every_post(
    fake: FakeMastodon, mastodon: Mastodon
) -> None:
    for key in ("one", "two", "three"):
        mastodon.prepare((ask(key=key),))

    assert fake.times_asked(INSTANCE) == 1


def test_after_a_day_they_are_asked_for_again(
    fake: FakeMastodon, mastodon: Mastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    mastodon.prepare((ask(),))
    now = time.monotonic()
    counts = []

    for later in (86_000, 86_500):
        monkeypatch.setattr(time, "monotonic", lambda later=later: now + later)
        mastodon.prepare((ask(),))
        counts.append(fake.times_asked(INSTANCE))
    monkeypatch.undo()

    assert counts == [1, 2]


def test_who_asks_for_them_is_told_what_holds_now(fake: FakeMastodon, mastodon: Mastodon) -> None:
    mastodon.learn()
    fake.texts = OWN["statuses"] | {"max_characters": 700}

    assert mastodon.learn().text == 700


def test_text_that_the_instance_finds_too_long_is_refused_in_its_own_words(
    fake: FakeMastodon, mastodon: Mastodon
) -> None:
    mastodon.publish(ask(text="x" * 5_000))

    with pytest.raises(Refused, match=r"HTTP 422.*Text limit of 5000 exceeded"):
        mastodon.publish(ask(key="longer", text="x" * 5_001))

    assert len(fake.statuses) == 1


@pytest.mark.parametrize("kind", ["html", "torn", "silent", "dropped"])
def test_an_instance_that_stumbles_teaches_nothing(fake: FakeMastodon, mastodon: Mastodon, kind: Any) -> None:
    fake.fail_next(kind, route=INSTANCE)

    with pytest.raises(NotNow, match="nothing was posted"):
        mastodon.learn()

    assert mastodon.learn() == LEARNT


def test_an_instance_that_moved_says_so(fake: FakeMastodon, mastodon: Mastodon) -> None:
    fake.fail_next("answer", route=INSTANCE, status=301, headers={"Location": "https://elsewhere.example/"})

    with pytest.raises(
        Barred, match="account museum-m: Mastodon sends us elsewhere; put its present address in `url`"
    ):
        mastodon.learn()


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["statuses", "media_attachments", "max_characters", "supported_mime_types", "mastodon"]
            ),
            inside,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(ODD, ODD, ODD)
def test_whatever_an_instance_tells_no_limit_is_nonsense(
    configuration: object, versions: object, most: object
) -> None:
    instance = Instance(
        configuration=configuration, api_versions=versions, max_toot_chars=most, domain=versions
    )

    limits = asdict(instance.limits(Mastodon.limits))

    assert limits["text"] > 0
    assert all(isinstance(kind, str) for kind in limits["kinds"])
    assert instance.has_quotes in {True, False}
    assert isinstance(instance.host, str)
    json.dumps(limits)
