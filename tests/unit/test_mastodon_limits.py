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
from bot.planning.count import length
from bot.publishers.mastodon import Mastodon
from bot.publishers.mastodon.instance import Instance
from bot.publishers.mastodon.words import least_length
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
    (prepared,) = mastodon.prepare([ask(key="longer", text="x" * 5_000)])
    fake.texts = OWN["statuses"] | {"max_characters": 4_999}

    with pytest.raises(Refused, match=r"HTTP 422.*Text limit of 4999 exceeded"):
        mastodon.publish(ask(key="longer", text="x" * 5_000, prepared=prepared))

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


@pytest.mark.parametrize(
    "texts", [("W" * 301, "Two."), ("One.", "\N{ROCKET}\N{VARIATION SELECTOR-16}" * 301)]
)
def test_a_thread_of_which_the_instance_would_not_take_a_part_is_refused_before_its_first(
    fake: FakeMastodon, mastodon: Mastodon, texts: tuple[str, ...]
) -> None:
    fake.texts = OWN["statuses"] | {"max_characters": 300}
    asks = [ask(text=text, part=part, parts=2) for part, text in enumerate(texts, 1)]

    with pytest.raises(Refused, match=r"is 301 long for museum-m, and its instance takes 300"):
        mastodon.prepare(asks)

    assert fake.statuses == []


def test_a_link_and_a_mention_count_as_the_instance_counts_them(
    fake: FakeMastodon, mastodon: Mastodon
) -> None:
    fake.texts = OWN["statuses"] | {"max_characters": 40}
    text = f"@friend@{'far.' * 20}example https://example.org/{'a' * 99}"

    (prepared,) = mastodon.prepare([ask(text=text)])

    assert text in prepared


@given(
    st.lists(
        st.sampled_from(
            ["https://example.org/a", "http://a.b", "@one@two.example", "Ferry", "\N{ROCKET}", "e\u0301"]
        )
        | st.text(max_size=6),
        max_size=9,
    ).map(" ".join)
)
def test_no_text_is_taken_for_longer_than_the_instance_takes_it_for(text: str) -> None:
    assert least_length(text, Mastodon.limits.link) <= length(text, Mastodon.limits)
