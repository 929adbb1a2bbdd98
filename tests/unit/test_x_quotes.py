"""Quotes on X: of a post by its id, and a plain link where X will not quote."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.contracts import Ask, Quote
from bot.errors import Barred, NotNow, Refused, Unanswered
from bot.publishers.x import X
from tests.fakes.asks import AT, ask
from tests.fakes.misbehaving import Kind
from tests.fakes.x import FakeX

WORDS = "Seven years ago we said:"
LINK = "https://x.com/i/status/17"


@pytest.fixture
def fake() -> Iterator[FakeX]:
    with FakeX() as fake:
        fake.clock = lambda: AT
        yield fake


@pytest.fixture
def x(fake: FakeX) -> X:
    return X(fake.account(), fake.secrets, Path("unused"))


def quoting(quote_id: str = "17", url: str = LINK, **other: object) -> Ask:
    return ask(text=WORDS, quote=Quote(quote_id, url), **other)


def test_a_post_of_ours_is_quoted_by_its_id(fake: FakeX, x: X) -> None:
    x.publish(quoting())

    assert [(post.text, post.quote) for post in fake.posts] == [(WORDS, "17")]


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com/museum/status/17",
        "https://twitter.com/museum/status/17?s=20",
        "https://www.x.com/museum/status/17/",
        "http://mobile.twitter.com/museum/status/17/photo/1",
        "https://x.com/i/web/status/17",
    ],
)
def test_an_address_on_x_is_quoted_by_the_id_in_it(fake: FakeX, x: X, url: str) -> None:
    x.publish(quoting("", url))

    assert [(post.text, post.quote) for post in fake.posts] == [(WORDS, "17")]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/status/17",
        "https://xx.com/museum/status/17",
        "https://x.com/museum",
        "https://x.com.example.org/museum/status/17",
    ],
)
def test_an_address_elsewhere_is_a_plain_link(fake: FakeX, x: X, url: str) -> None:
    x.publish(quoting("", url))

    assert [(post.text, post.quote) for post in fake.posts] == [(f"{WORDS} {url}", None)]


@pytest.mark.parametrize("trouble", ["forbidden", "gone"])
def test_a_quote_that_x_refuses_is_a_plain_link(fake: FakeX, x: X, trouble: Any) -> None:
    fake.quoting = trouble

    x.publish(quoting())

    assert [(post.text, post.quote) for post in fake.posts] == [(f"{WORDS} {LINK}", None)]
    assert fake.requests == 2


@pytest.mark.parametrize(
    "said",
    [
        "You are not permitted to perform this action.",
        "The author of the Post that you quote has been suspended.",
        "You cannot quote a locked account.",
    ],
)
def test_a_quote_that_is_not_permitted_is_a_plain_link(fake: FakeX, x: X, said: str) -> None:
    fake.fail_next("answer", status=403, body=json.dumps({"detail": said}))

    x.publish(quoting())

    assert fake.texts == [f"{WORDS} {LINK}"]


def test_each_attempt_is_like_the_first(fake: FakeX, x: X) -> None:
    (prepared,) = x.prepare([quoting()])
    fake.quoting = "forbidden"
    fake.fail_next("dropped", times=2)
    with pytest.raises(Unanswered):
        x.publish(quoting(prepared=prepared))

    with pytest.raises(Unanswered):
        x.publish(quoting(prepared=prepared, first_at=AT))

    assert fake.posts == []
    assert fake.requests == 2


@pytest.mark.parametrize("kind", ["silent", "torn", "bad gateway"])
def test_a_quote_without_an_answer_is_a_doubt_and_no_link_is_sent(fake: FakeX, x: X, kind: Kind) -> None:
    fake.fail_next(kind)

    with pytest.raises(Unanswered):
        x.publish(quoting())

    assert [(post.text, post.quote) for post in fake.posts] == [(WORDS, "17")]


def test_a_plain_link_without_an_answer_is_a_doubt_and_found_by_its_words(fake: FakeX, x: X) -> None:
    fake.fail_next("answer", status=403, body='{"detail": "Quote Posts are not for you."}')
    fake.fail_next("silent")
    with pytest.raises(Unanswered):
        x.publish(quoting())

    found = x.find(quoting(at=AT + 200, first_at=AT))

    assert found
    assert [found.id] == [post.id for post in fake.posts]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(401, Barred), (402, Barred), (429, NotNow), (408, Unanswered), (500, Unanswered)],
)
def test_what_says_nothing_of_the_quote_makes_no_link_of_it(
    fake: FakeX, x: X, status: int, expected: type[Exception]
) -> None:
    fake.fail_next("answer", status=status)

    with pytest.raises(expected):
        x.publish(quoting())

    assert fake.requests == 1


def test_a_duplicate_makes_no_link_of_a_quote(fake: FakeX, x: X) -> None:
    x.publish(quoting())

    with pytest.raises(Refused, match="X already has this very text"):
        x.publish(quoting(key="another"))

    assert len(fake.posts) == 1
    assert fake.requests == 2
