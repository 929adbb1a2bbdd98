"""What every publisher promises, whichever network it asks."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.contracts import Ask, Publisher, Secret
from bot.errors import Answer, NotLive, Refused, Unanswered
from bot.model import Account, Media
from bot.publishers.dry_run import DryRun
from bot.publishers.x import X
from tests.fakes.asks import AT, ask
from tests.fakes.misbehaving import Kind
from tests.fakes.x import FakeX, png

#: One post as a network shows it: its text, the text of the post that it replies to, and its pictures' alt texts.
Shown = tuple[str, str | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Network:
    """A publisher, and what its network has."""

    publisher: Publisher
    shown: Callable[[], list[Shown]]


def on_x(fake: FakeX) -> list[Shown]:
    texts = {post.id: post.text for post in fake.posts}
    return [
        (post.text, texts.get(post.reply_to or ""), tuple(each.alt for each in post.media))
        for post in fake.posts
    ]


def in_outbox(outbox: Path) -> list[Shown]:
    lines = [json.loads(line) for line in outbox.read_text("utf-8").splitlines()] if outbox.exists() else []
    texts = {line["url"].removeprefix("dry-run:"): line["text"] for line in lines}
    return [
        (line["text"], texts.get(line["reply_to"]), tuple(each["alt"] for each in line["media"]))
        for line in lines
    ]


@pytest.fixture
def fake() -> Iterator[FakeX]:
    with FakeX() as fake:
        yield fake


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "state" / "outbox.jsonl"


@pytest.fixture(params=["dry-run", "x"])
def network(request: pytest.FixtureRequest, fake: FakeX, outbox: Path) -> Network:
    networks = {
        "dry-run": lambda: Network(DryRun(Account("museum-x", "x"), {}, outbox), lambda: in_outbox(outbox)),
        "x": lambda: Network(X(fake.account(), fake.secrets, outbox), lambda: on_x(fake)),
    }
    return networks[request.param]()


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[Media, ...]:
    for number in (1, 2, 3):
        (tmp_path / f"{number}.png").write_bytes(png(number))
    return tuple(Media(str(tmp_path / f"{number}.png"), f"Picture {number}") for number in (1, 2, 3))


def published(publisher: Publisher, part: Ask) -> str:
    """What becomes of a part: the name of the answer."""
    try:
        publisher.publish(part)
    except Answer as answer:
        return type(answer).__name__
    return "Receipt"


def test_a_part_is_shown_and_its_receipt_says_when_it_was_asked_for(network: Network) -> None:
    receipt = network.publisher.publish(ask())

    assert receipt.at == AT
    assert receipt.id in receipt.url
    assert network.shown() == [(ask().text, None, ())]


def test_the_same_key_twice_is_one_post(network: Network) -> None:
    answers = [published(network.publisher, ask()) for _ in range(3)]

    assert answers[0] == "Receipt"
    assert set(answers[1:]) <= {"Receipt", "Refused"}
    assert len(network.shown()) == 1


def test_a_thread_is_a_chain_of_replies(network: Network) -> None:
    before = None

    for part, text in enumerate(("one", "two", "three"), start=1):
        before = network.publisher.publish(ask(text=text, part=part, parts=3, reply_to=before)).id

    assert network.shown() == [("one", None, ()), ("two", "one", ()), ("three", "two", ())]


def test_three_pictures_are_one_post_with_their_own_alt_texts(
    network: Network, pictures: tuple[Media, ...]
) -> None:
    network.publisher.publish(ask(media=pictures))

    assert network.shown() == [(ask().text, None, ("Picture 1", "Picture 2", "Picture 3"))]


def test_asking_who_we_are_publishes_nothing(network: Network) -> None:
    assert network.publisher.whoami()
    assert network.shown() == []


def test_finding_gives_a_receipt_of_this_part_or_an_open_question_never_an_absence_that_is_not_proved(
    network: Network,
) -> None:
    receipt = network.publisher.publish(ask())

    try:
        found = network.publisher.find(ask())
    except Unanswered:
        return
    assert found == receipt


def test_credentials_are_described_and_limits_are_data(network: Network) -> None:
    assert all(network.publisher.secrets.values())
    assert network.publisher.limits.images >= 1


def test_an_account_that_is_not_live_reaches_no_network_but_the_outbox(fake: FakeX, outbox: Path) -> None:
    account = fake.account(live=False)

    with pytest.raises(NotLive):
        X(account, fake.secrets, outbox)
    DryRun(account, fake.secrets, outbox).publish(ask())

    assert fake.requests == 0
    assert in_outbox(outbox) == [(ask().text, None, ())]


def test_what_is_too_long_is_refused_without_a_doubt(fake: FakeX, outbox: Path) -> None:
    x = X(fake.account(), fake.secrets, outbox)

    with pytest.raises(Refused, match="too long"):
        x.publish(ask(text="x" * 281))

    assert fake.posts == []


@pytest.mark.parametrize("kind", ["dropped", "silent", "torn", "html", "empty", "bad gateway"])
def test_silence_is_a_doubt_and_asking_again_makes_no_second_post(
    fake: FakeX, outbox: Path, kind: Kind
) -> None:
    x = X(fake.account(), fake.secrets, outbox)
    fake.fail_next(kind)

    answers = [published(x, ask()), published(x, ask())]

    assert answers[0] == "Unanswered"
    assert answers[1] == ("Receipt" if kind == "dropped" else "Refused")
    assert len(fake.posts) == 1


LOGGERS = ("tweepy", "tweepy.client", "requests_oauthlib", "oauthlib", "urllib3", "")


@pytest.fixture
def noisy() -> Iterator[None]:
    """Every library at DEBUG, as if nobody had thought of it."""
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG if name in {"", "tweepy"} else logging.NOTSET)
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


FAULTS: list[dict[str, Any]] = [
    {"kind": "silent"},
    {"kind": "html"},
    {"kind": "answer", "status": 400},
    {"kind": "answer", "status": 401},
    {"kind": "answer", "status": 402},
    {"kind": "answer", "status": 429},
    {"kind": "answer", "status": 500},
    {"kind": "answer", "status": 503, "headers": {"Retry-After": "5"}},
]


@pytest.mark.usefixtures("noisy")
def test_no_credential_is_in_a_message_or_a_log_not_even_one_that_a_server_sent_back(
    fake: FakeX, outbox: Path, pictures: tuple[Media, ...], caplog: pytest.LogCaptureFixture
) -> None:
    x = X(fake.account(), fake.secrets, outbox)
    echo = json.dumps({"detail": " ".join(fake.credentials.values())})
    told = [x.whoami(), repr(x), str(vars(x))]

    for number, fault in enumerate([*FAULTS, {"kind": "answer", "status": 403, "body": echo}]):
        fake.fail_next(**fault)
        told.append(message(x, ask(text=str(number), media=pictures)))
    told.append(message(X(fake.account(url="http://127.0.0.1:9"), fake.secrets, outbox), ask()))

    assert "***" in told[-2]
    assert leaks(fake.credentials, "\n".join(told)) == leaks(fake.credentials, caplog.text) == []


def message(publisher: Publisher, part: Ask) -> str:
    """All that an error and those behind it have to say."""
    with pytest.raises(Answer) as answer:
        publisher.publish(part)
    said, error = [], answer.value.__cause__
    while error:
        said.append(f"{error!s} {error!r}")
        error = error.__cause__ or error.__context__
    return "\n".join([str(answer.value), repr(answer.value), *said, str(answer.value)])


def leaks(credentials: Mapping[str, str], text: str) -> list[str]:
    return [suffix for suffix, word in credentials.items() if word in text]


def test_a_missing_credential_is_named_and_no_other_is_shown(fake: FakeX, outbox: Path) -> None:
    secrets = fake.secrets | {"ACCESS_TOKEN": Secret("")}

    with pytest.raises(Exception, match="MUSEUM_X_ACCESS_TOKEN") as error:
        X(fake.account(), secrets, outbox)

    assert leaks(fake.credentials, repr(error.value)) == []
