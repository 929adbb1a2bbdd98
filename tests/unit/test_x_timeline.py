"""What X has of a part after silence: read from the account's own timeline, and never guessed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts import Quote, Receipt
from bot.errors import NotNow, Unanswered
from bot.model import Media
from bot.publishers.x import X
from tests.fakes.asks import AT, ask
from tests.fakes.misbehaving import Kind
from tests.fakes.x import FakePost, FakeX, png

OUTBOX = Path("unused")
TIMELINE = "/2/users/42/tweets"
SETTLE = (
    "settle it: `redletter queue resolve a1b2c3d4e5f6a1b2c3d4e5f6 --sent URL | --absent | --failed REASON`"
)
TEXTS = [
    "The first ferry crossed today.",
    "Salt & pepper: 1 < 2 > 0, and &amp; is how it is written.",
    "Read it at https://museum.example.org/ferries/first?a=1&b=2#top now",
    "A bare museum.org, and https://other.example.com/",
    "https://one.example.org https://two.example.org/2",
    "Zweimal o\u0308, und \u00f6; \u200fdirections\u200e; an emoji ❤️ 👩‍🚀.",
    "One line\n\n\nand  another\t.",
    "https://x.com/museum/status/17 said it first",
]


@pytest.fixture
def fake() -> Iterator[FakeX]:
    with FakeX() as fake:
        fake.clock = lambda: AT
        yield fake


@pytest.fixture
def x(fake: FakeX) -> X:
    return X(fake.account(timeout=5), fake.secrets, OUTBOX)


@pytest.fixture
def picture(tmp_path: Path) -> Media:
    (tmp_path / "ferry.png").write_bytes(png())
    return Media(str(tmp_path / "ferry.png"), "A ferry")


def has(fake: FakeX, *texts: str, at: float = AT) -> None:
    """Let posts be there as if somebody had written them."""
    for text in texts:
        fake.posts.append(FakePost(str(18_000 + len(fake.posts)), text, None, (), None, at))


@pytest.mark.parametrize("text", TEXTS)
def test_a_post_is_found_whatever_x_makes_of_its_words(fake: FakeX, x: X, text: str) -> None:
    receipt = x.publish(ask(text=text))

    has(fake, "Something else that came later.")

    assert x.find(ask(text=text, at=AT + 120, first_at=AT)) == receipt


def test_a_post_is_found_without_the_link_that_x_adds_for_its_pictures(
    fake: FakeX, x: X, picture: Media
) -> None:
    receipt = x.publish(ask(media=(picture,)))

    assert x.find(ask(media=(picture,))) == receipt
    assert fake.posts_read == 1


def test_a_receipt_that_is_found_says_when_the_post_was_made(fake: FakeX, x: X) -> None:
    fake.fail_next("silent")
    fake.clock = lambda: AT + 3
    with pytest.raises(Unanswered):
        x.publish(ask())

    found = x.find(ask(at=AT + 120, first_at=AT))

    assert found == Receipt(fake.posts[0].id, f"https://x.com/i/status/{fake.posts[0].id}", AT + 3)


def test_what_was_never_posted_is_absent_once_all_is_read_back_to_when_it_was_asked_for(
    fake: FakeX, x: X
) -> None:
    has(fake, *(f"Post number {number} of a busy day" for number in range(45)))

    assert x.find(ask(at=AT + 120, first_at=AT)) is None
    assert fake.posts_read == 45


def test_a_post_on_a_later_page_is_found(fake: FakeX, x: X) -> None:
    receipt = x.publish(ask())
    has(fake, *(f"Post number {number} of a busy day" for number in range(30)))

    assert x.find(ask(at=AT + 120, first_at=AT)) == receipt


def test_more_posts_than_are_worth_reading_leave_the_question_open(fake: FakeX, x: X) -> None:
    has(fake, *(f"Post number {number} of a wild day" for number in range(230)))

    with pytest.raises(Unanswered, match=f"posted more than 200 times since: .*{SETTLE}"):
        x.find(ask(first_at=AT))

    assert fake.posts_read == 200


@pytest.mark.parametrize(("early", "found"), [(0, 1), (300, 1), (301, 0)])
def test_the_timeline_is_read_from_five_minutes_before_the_part_was_first_asked_for(
    fake: FakeX, x: X, early: int, found: int
) -> None:
    has(fake, ask().text, at=AT - early)

    assert bool(x.find(ask(at=AT + 9_000, first_at=AT))) == found
    assert fake.posts_read == found


def test_a_part_is_known_by_what_it_replies_to(x: X) -> None:
    first = x.publish(ask(text="And then?", parts=2))
    second = x.publish(ask(text="So it was.", part=2, parts=2, reply_to=first.id))

    assert x.find(ask(text="So it was.", part=2, parts=2, reply_to=first.id)) == second
    assert x.find(ask(text="So it was.", part=2, parts=2, reply_to="17")) is None
    assert x.find(ask(text="So it was.")) is None


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Look: https://museum.example.org/a", "Look: https://museum.example.org/b"),
        ("Look: https://bücher.example.org/", "Look: https://xn--bcher-kva.example.org/"),
        ("https://museum.example.org/a", "https://museum.example.org/b"),
    ],
)
def test_a_post_that_differs_by_a_link_alone_is_neither_taken_nor_passed_over(
    fake: FakeX, x: X, ours: str, theirs: str
) -> None:
    has(fake, theirs)

    with pytest.raises(Unanswered, match=f"/18000 is nearly what X was asked for by museum-x: .*{SETTLE}"):
        x.find(ask(text=ours))


def test_the_same_words_without_the_pictures_are_neither_taken_nor_passed_over(
    fake: FakeX, x: X, picture: Media
) -> None:
    has(fake, ask().text)

    with pytest.raises(Unanswered, match="is nearly what X was asked for"):
        x.find(ask(media=(picture,)))


@pytest.mark.parametrize(
    "other", ["The second ferry crossed today.", "Today the first ferry crossed.", "The first ferry crossed"]
)
def test_other_words_are_passed_over(fake: FakeX, x: X, other: str) -> None:
    has(fake, other)

    assert x.find(ask()) is None


@given(texts=st.lists(st.sampled_from(TEXTS), unique=True, max_size=8), wanted=st.sampled_from(TEXTS))
@settings(max_examples=25, deadline=None)
def test_of_any_posts_the_one_that_is_asked_for_is_found_and_no_other(texts: list[str], wanted: str) -> None:
    with FakeX() as fake:
        fake.clock = lambda: AT
        x = X(fake.account(timeout=5), fake.secrets, OUTBOX)
        has(fake, *texts)

        found = x.find(ask(text=wanted))

        there = [post.id for post in fake.posts if post.text == wanted]
        assert [found.id] == there if found else not there


@pytest.mark.parametrize(
    ("reading", "why"),
    [
        ("forbidden", r"X refused \(HTTP 403\) for museum-x: Your access level"),
        ("no credits", "no credits left"),
    ],
)
def test_where_x_lets_nobody_read_the_question_stays_open_and_a_person_is_told_what_to_do(
    fake: FakeX, x: X, reading: Any, why: str
) -> None:
    fake.reading = reading

    with pytest.raises(Unanswered, match=f"nothing of museum-x's timeline .*{why}.*: look there .*{SETTLE}"):
        x.find(ask())


@pytest.mark.parametrize("route", [TIMELINE, "/2/users/me"])
@pytest.mark.parametrize("kind", ["dropped", "silent", "torn", "html", "empty", "bad gateway"])
def test_an_answer_that_proves_nothing_is_no_absence(fake: FakeX, x: X, route: str, kind: Kind) -> None:
    fake.fail_next(kind, route=route)

    with pytest.raises(Unanswered, match=r"X did not say|nothing of museum-x's timeline"):
        x.find(ask())


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"data": []}),
        (200, {"meta": {"result_count": 1}}),
        (200, {"meta": {"result_count": 0}, "errors": [{"title": "Not all could be read"}]}),
        (200, {"meta": {"result_count": 1}, "data": [{"id": "1", "text": "x", "created_at": "now"}]}),
        (200, {"meta": {"result_count": 1}, "data": [{"id": "1", "text": "x"}]}),
        (206, []),
        (301, {"meta": {"result_count": 0}}),
        (408, {}),
        (429, {}),
        (500, {"meta": {"result_count": 0}}),
    ],
)
def test_a_page_that_is_not_whole_is_no_absence(fake: FakeX, x: X, status: int, body: object) -> None:
    fake.fail_next("answer", route=TIMELINE, status=status, body=json.dumps(body))

    with pytest.raises(Unanswered):
        x.find(ask())


@pytest.mark.parametrize("status", [401, 403, 404, 429])
def test_nobody_to_look_for_is_no_absence(fake: FakeX, x: X, status: int) -> None:
    fake.fail_next("answer", route="/2/users/me", status=status)

    with pytest.raises(Unanswered, match=SETTLE):
        x.find(ask())


def test_who_we_are_is_asked_once(fake: FakeX, x: X) -> None:
    for _ in range(3):
        x.find(ask())

    assert fake.requests == 4


def test_an_account_that_is_not_to_be_read_back_is_not(fake: FakeX) -> None:
    x = X(fake.account(find=False), fake.secrets, OUTBOX)

    with pytest.raises(Unanswered, match=f"not to be read back on X .*{SETTLE}"):
        x.find(ask())

    assert fake.requests == 0


@pytest.mark.parametrize("kind", ["silent", "torn", "late", "html", "empty", "bad gateway"])
def test_a_duplicate_after_silence_is_the_post_itself(fake: FakeX, kind: Kind) -> None:
    x = X(fake.account(), fake.secrets, OUTBOX)
    fake.fail_next(kind, seconds=1.5)
    with pytest.raises(Unanswered):
        x.publish(ask())

    receipt = x.publish(ask(at=AT + 200, first_at=AT))

    assert [receipt.id] == [post.id for post in fake.posts]


def test_a_duplicate_that_the_timeline_does_not_show_stays_open_also_when_asked_again(
    fake: FakeX, x: X
) -> None:
    has(fake, ask().text, at=AT - 86_400)

    with pytest.raises(
        Unanswered, match=f"X says that it has this very text .* does not show it: .*{SETTLE}"
    ):
        x.publish(ask(first_at=AT))
    with pytest.raises(Unanswered, match="does not show it"):
        x.find(ask(first_at=AT))

    assert x.find(ask(key="other", text="Other words.", first_at=AT)) is None
    assert len(fake.posts) == 1


def test_a_duplicate_after_silence_stays_open_where_nothing_is_to_be_read(fake: FakeX) -> None:
    x = X(fake.account(find=False), fake.secrets, OUTBOX)
    x.publish(ask())

    with pytest.raises(Unanswered, match="not to be read back"):
        x.publish(ask(first_at=AT))

    assert len(fake.posts) == 1


def test_what_is_proved_absent_can_be_asked_for_again(fake: FakeX, x: X) -> None:
    fake.fail_next("dropped")
    with pytest.raises(Unanswered):
        x.publish(ask())
    assert x.find(ask(at=AT + 120, first_at=AT)) is None

    x.publish(ask(at=AT + 121, first_at=AT))

    assert fake.texts == [ask().text]


@pytest.mark.parametrize("quoting", ["open", "forbidden"])
def test_a_quoting_post_is_found_whether_x_quoted_or_linked(fake: FakeX, x: X, quoting: Any) -> None:
    fake.quoting = quoting
    part = ask(text="Seven years ago we said:", quote=Quote("17", "https://x.com/museum/status/17"))

    receipt = x.publish(part)

    assert x.find(part) == receipt


def test_reading_while_nobody_is_there_is_no_absence() -> None:
    with FakeX() as gone:
        pass

    with pytest.raises(Unanswered):
        X(gone.account(), gone.secrets, OUTBOX).find(ask())
    with pytest.raises(NotNow):
        X(gone.account(), gone.secrets, OUTBOX).publish(ask())


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("See https://museum.org/", "See https://museum.org"),
        ("Love ❤️", "Love ❤"),
        ("Mind  the gap", "Mind the gap"),
        ("Left\u200eright", "Leftright"),
    ],
)
def test_what_x_may_make_of_a_text_is_the_same_text(fake: FakeX, x: X, ours: str, theirs: str) -> None:
    has(fake, theirs)

    found = x.find(ask(text=ours))

    assert found
    assert found.id == fake.posts[0].id


def test_a_link_to_a_picture_is_known_by_its_key_wherever_it_leads(fake: FakeX, x: X, picture: Media) -> None:
    link = {"url": "https://t.co/abc", "expanded_url": "https://pic.example.org/1", "media_key": "3_1"}
    post = {
        "id": "1",
        "text": f"{ask().text} https://t.co/abc",
        "created_at": "2026-09-21T14:13:20.000Z",
        "entities": {"urls": [link]},
        "attachments": {"media_keys": ["3_1"]},
    }
    body = json.dumps({"data": [post], "meta": {"result_count": 1}})
    fake.fail_next("answer", route=TIMELINE, status=200, body=body)

    assert x.find(ask(media=(picture,))) == Receipt("1", "https://x.com/i/status/1", AT)
