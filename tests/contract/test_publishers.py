"""What every publisher promises, whichever network it asks: ours, and one that another package brings."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot import plugins
from bot.contracts import Ask, Deleter, Deletion, Publisher, Receipt, Removal, Secret
from bot.errors import Answer, BadCall, Barred, NotLive, NotNow, Refused, Unanswered
from bot.model import Account, Limits, Media
from bot.publishers.bluesky import Bluesky
from bot.publishers.dry_run import DryRun
from bot.publishers.mastodon import Mastodon
from bot.publishers.webhook import Webhook
from bot.publishers.x import X
from tests.fakes.asks import AT, ask
from tests.fakes.bluesky import FakeBluesky
from tests.fakes.mastodon import FakeMastodon
from tests.fakes.notice_board import ENTRY_POINTS, notices
from tests.fakes.webhook import FakeWebhook
from tests.fakes.x import FakeX, png

#: One post as a network shows it: its text, the text of the post that it replies to, and its pictures' alt texts.
Shown = tuple[str, str | None, tuple[str, ...]]
Fake = FakeX | FakeMastodon | FakeBluesky | FakeWebhook

ON_THE_WIRE = ["x", "mastodon", "bluesky", "webhook"]
NETWORKS = ["dry-run", "notice-board", *ON_THE_WIRE]
LATER = AT + 200  #: after the quarantine


@dataclass(frozen=True, slots=True)
class Network:
    """A publisher's class, what it is made of, and what its network has."""

    made: type[Any]
    account: Account
    outbox: Path
    shown: Callable[[], list[Shown]]
    fake: Fake | None = None
    secrets: Mapping[str, Secret] = field(default_factory=dict)

    @property
    def deleter(self) -> Deleter:
        """A new one, which can delete."""
        opened = self.publisher
        assert isinstance(opened, Deleter)
        return opened

    def deletion_fails_next(self, kind: str, **how: Any) -> None:
        """Let the next deletion go wrong on the wire."""
        self.fails_next(kind, route=DELETIONS[self.account.network], **how)

    @property
    def publisher(self) -> Publisher:
        """A new one, as a process has it that was just started."""
        opened: Publisher = self.made(self.account, self.secrets, self.outbox)
        return opened

    def fails_next(self, kind: str, **how: Any) -> None:
        """Let the next post go wrong on the wire."""
        assert self.fake
        self.fake.fail_next(kind, **how)  # type: ignore[arg-type]


def on_x(fake: FakeX) -> list[Shown]:
    texts = {post.id: post.text for post in fake.posts}
    return [
        (post.text, texts.get(post.reply_to or ""), tuple(each.alt for each in post.media))
        for post in fake.posts
    ]


def on_mastodon(fake: FakeMastodon) -> list[Shown]:
    texts = {status.id: status.text for status in fake.statuses}
    return [
        (status.text, texts.get(status.reply_to or ""), tuple(each.alt for each in status.media))
        for status in fake.statuses
    ]


def on_bluesky(fake: FakeBluesky) -> list[Shown]:
    texts = {fake.address(key): post["text"] for key, post in fake.posts.items()}
    return [
        (
            post["text"],
            texts.get(post.get("reply", {}).get("parent", {}).get("uri")),
            tuple(each["alt"] for each in post.get("embed", {}).get("images", ())),
        )
        for _, post in sorted(fake.posts.items())
    ]


def on_the_wall(fake: FakeWebhook) -> list[Shown]:
    texts = {part.id: part.body["text"] for part in fake.parts}
    return [
        (
            part.body["text"],
            texts.get(part.body["reply_to"]),
            tuple(each["alt"] for each in part.body["media"]),
        )
        for part in fake.parts
    ]


def in_outbox(outbox: Path) -> list[Shown]:
    lines = [json.loads(line) for line in outbox.read_text("utf-8").splitlines()] if outbox.exists() else []
    texts = {line["url"].removeprefix("dry-run:"): line["text"] for line in lines}
    return [
        (line["text"], texts.get(line["reply_to"]), tuple(each["alt"] for each in line["media"]))
        for line in lines
    ]


def on_the_board(outbox: Path) -> list[Shown]:
    pinned = notices(outbox)
    texts = {name: notice["text"] for name, notice in pinned.items()}
    return [
        (notice["text"], texts.get(notice["reply_to"]), tuple(notice["media"])) for notice in pinned.values()
    ]


def dry_run(_: ExitStack, outbox: Path) -> Network:
    return Network(DryRun, Account("museum-x", "x"), outbox, lambda: in_outbox(outbox))


def notice_board(_: ExitStack, outbox: Path) -> Network:
    made = plugins.load(plugins.PUBLISHERS, "notice-board")
    account = Account("museum-board", "notice-board", live=True)
    return Network(made, account, outbox, lambda: on_the_board(outbox), secrets={"KEY": Secret("canary-key")})


def x(opened: ExitStack, outbox: Path) -> Network:
    fake = opened.enter_context(FakeX())
    fake.clock = lambda: AT
    return Network(X, fake.account(timeout=5), outbox, lambda: on_x(fake), fake, fake.secrets)


def mastodon(opened: ExitStack, outbox: Path) -> Network:
    fake = opened.enter_context(FakeMastodon())
    return Network(Mastodon, fake.account(), outbox, lambda: on_mastodon(fake), fake, fake.secrets)


def bluesky(opened: ExitStack, outbox: Path) -> Network:
    fake = opened.enter_context(FakeBluesky())
    return Network(Bluesky, fake.account(), outbox, lambda: on_bluesky(fake), fake, fake.secrets)


def webhook(opened: ExitStack, outbox: Path) -> Network:
    fake = opened.enter_context(FakeWebhook())
    return Network(Webhook, fake.account(delete=True), outbox, lambda: on_the_wall(fake), fake, fake.secrets)


#: What each network is asked when it is looked at.
LOOKS = {
    "x": "/2/users/42/tweets",
    "mastodon": "GET /api/v1/accounts/109",
    "bluesky": "com.atproto.repo.getRecord",
    "webhook": "GET /hook",
}
#: What each network is asked to delete a part.
DELETIONS = {
    "x": "DELETE /2/tweets",
    "mastodon": "DELETE /api/v1/statuses",
    "bluesky": "com.atproto.repo.deleteRecord",
    "webhook": "DELETE /hook",
}
OPENED = {
    "dry-run": dry_run,
    "notice-board": notice_board,
    "x": x,
    "mastodon": mastodon,
    "bluesky": bluesky,
    "webhook": webhook,
}


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "state" / "outbox.jsonl"


@pytest.fixture
def _another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another package that is installed, and brings a publisher."""
    facts = tmp_path / "site" / "notice_board-1.0.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: notice-board\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(facts.parent)
    _forget()
    yield
    _forget()


def _forget() -> None:
    plugins.plugins.cache_clear()
    plugins.load.cache_clear()


@pytest.fixture(params=NETWORKS)
def network(request: pytest.FixtureRequest, outbox: Path, _another_package: None) -> Iterator[Network]:
    with ExitStack() as opened:
        yield OPENED[request.param](opened, outbox)


@pytest.fixture(params=ON_THE_WIRE)
def wired(request: pytest.FixtureRequest, outbox: Path) -> Iterator[Network]:
    with ExitStack() as opened:
        yield OPENED[request.param](opened, outbox)


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[Media, ...]:
    for number in (1, 2, 3):
        (tmp_path / f"{number}.png").write_bytes(png(number))
    return tuple(Media(str(tmp_path / f"{number}.png"), f"Picture {number}") for number in (1, 2, 3))


def sent(publisher: Publisher, asks: Sequence[Ask]) -> list[Receipt]:
    """The receipts of all parts, asked for as delivery does it."""
    receipts: list[Receipt] = []
    for part, prepared in zip(asks, publisher.prepare(asks), strict=True):
        if part.part > len(receipts):
            before = receipts[-1].id if receipts else None
            receipt = publisher.publish(replace(part, prepared=prepared, reply_to=before))
            receipts += [receipt, *receipt.then]
    return receipts


def removals(receipts: Sequence[Receipt], *, key: str = ask().key) -> list[Removal]:
    """What takes these parts down, in their order."""
    return [
        Removal(key, "museum-x", "x", part, proof.id, proof.url, LATER)
        for part, proof in enumerate(receipts, start=1)
    ]


def thread(*texts: str, **other: object) -> list[Ask]:
    return [ask(text=text, part=part, parts=len(texts), **other) for part, text in enumerate(texts, start=1)]


def settled(network: Network, part: Ask) -> Receipt | None:
    """Ask until there is a receipt, or nobody can tell; each time in a new process, as delivery would after silence."""
    prepared = network.publisher.prepare([part])[0]
    part = replace(part, prepared=prepared)
    with suppress(NotNow, Unanswered):
        return network.publisher.publish(part)
    for at in range(LATER, LATER + 5 * 200, 200):
        with suppress(NotNow, Unanswered):
            publisher, again = network.publisher, replace(part, at=at, first_at=AT)
            return publisher.find(again) or publisher.publish(again)
    return None


def test_a_part_is_shown_and_its_receipt_says_when_it_was_asked_for(network: Network) -> None:
    (receipt,) = sent(network.publisher, [ask()])

    assert receipt.at == AT
    assert receipt.id
    assert ":" in receipt.url
    assert network.shown() == [(ask().text, None, ())]


def test_a_part_that_was_never_prepared_is_shown_all_the_same(network: Network) -> None:
    assert network.publisher.publish(ask()).id
    assert network.shown() == [(ask().text, None, ())]


def test_the_same_part_asked_for_again_after_silence_is_one_post(network: Network) -> None:
    (receipt,) = sent(network.publisher, [ask()])

    again = network.publisher.publish(ask(at=LATER, first_at=AT))

    assert again.id == receipt.id
    assert len(network.shown()) == 1


def test_a_thread_is_a_chain_of_replies(network: Network) -> None:
    receipts = sent(network.publisher, thread("one", "two", "three"))

    assert len({receipt.id for receipt in receipts}) == 3
    assert network.shown() == [("one", None, ()), ("two", "one", ()), ("three", "two", ())]


def test_a_thread_that_stopped_goes_on_in_another_process_under_what_is_there(network: Network) -> None:
    first, *others = thread("one", "two", "three")
    prepared = network.publisher.prepare([replace(first, parts=1)])[0]
    before = network.publisher.publish(replace(first, parts=1, prepared=prepared)).id

    for part in others:
        (kept,) = network.publisher.prepare([replace(part, reply_to=before)])
        before = network.publisher.publish(replace(part, reply_to=before, prepared=kept)).id

    assert network.shown() == [("one", None, ()), ("two", "one", ()), ("three", "two", ())]


def test_three_pictures_are_one_post_with_their_own_alt_texts(
    network: Network, pictures: tuple[Media, ...]
) -> None:
    sent(network.publisher, [ask(media=pictures)])

    assert network.shown() == [(ask().text, None, ("Picture 1", "Picture 2", "Picture 3"))]


def test_preparing_shows_nothing_however_often_and_keeps_no_secret(
    network: Network, pictures: tuple[Media, ...]
) -> None:
    asks = [replace(part, media=pictures) for part in thread("one", "two")]

    prepared = [*network.publisher.prepare(asks), *network.publisher.prepare(asks)]

    assert len(prepared) == 4
    assert network.shown() == []
    assert leaks(network, "\n".join(prepared)) == []


def test_a_file_that_is_no_picture_is_refused_before_any_part_is_shown(
    network: Network, tmp_path: Path, pictures: tuple[Media, ...]
) -> None:
    paper = tmp_path / "paper.png"
    paper.write_bytes(b"%PDF-1.7 and no picture at all")
    one, two = thread("one", "two")
    asks = [replace(one, media=pictures[:1]), replace(two, media=(Media(str(paper), "A ferry"),))]

    with pytest.raises(Refused, match=r"paper\.png"):
        network.publisher.prepare(asks)

    assert network.shown() == []


def test_a_picture_that_is_not_there_is_refused_before_any_part_is_shown(
    network: Network, tmp_path: Path
) -> None:
    gone = Media(str(tmp_path / "gone.png"), "A ferry")

    with pytest.raises(Refused, match=r"gone\.png"):
        network.publisher.prepare([ask(media=(gone,))])

    assert network.shown() == []


def test_asking_who_we_are_and_what_is_taken_publishes_nothing(network: Network) -> None:
    assert network.publisher.whoami()
    assert isinstance(network.publisher.learn(), Limits)
    assert network.shown() == []


def test_finding_gives_a_receipt_of_this_part_or_an_open_question(network: Network) -> None:
    (receipt,) = sent(network.publisher, [ask()])

    with suppress(Unanswered):
        found = network.publisher.find(ask(at=LATER, first_at=AT))
        assert found
        assert (found.id, found.url) == (receipt.id, receipt.url)
        assert AT <= found.at <= LATER


def test_finding_what_was_never_asked_for_gives_no_receipt(network: Network) -> None:
    sent(network.publisher, [ask(key="b" * 24, text="Something else.")])

    with suppress(Unanswered):
        assert network.publisher.find(ask(at=LATER, first_at=AT)) is None


def test_credentials_are_described_and_limits_are_data(network: Network) -> None:
    assert all(network.made.secrets.values())
    assert network.made.limits.images >= 1


@pytest.mark.usefixtures("_another_package")
def test_only_a_publisher_that_can_delete_is_a_deleter(outbox: Path) -> None:
    with ExitStack() as opened:
        able = {name: isinstance(OPENED[name](opened, outbox).publisher, Deleter) for name in NETWORKS}

    assert able == {name: name != "notice-board" for name in NETWORKS}


def test_what_is_deleted_is_gone_and_the_rest_stays(wired: Network) -> None:
    one, other = sent(wired.publisher, [ask()]), sent(wired.publisher, [ask(key="b" * 24, text="Stays.")])

    answer = wired.deleter.delete(*removals(one))

    assert other
    assert answer is Deletion.REMOVED
    assert wired.shown() == [("Stays.", None, ())]


def test_a_thread_is_deleted_from_its_end(wired: Network) -> None:
    receipts, deleter = sent(wired.publisher, thread("one", "two", "three")), wired.deleter

    left = []
    for removal in reversed(removals(receipts)):
        assert deleter.delete(removal) is Deletion.REMOVED
        left.append([text for text, *_ in wired.shown()])

    assert left == [["one", "two"], ["one"], []]


@pytest.mark.parametrize("name", ["dry-run", *ON_THE_WIRE])
def test_what_is_deleted_twice_was_gone_already(name: str, outbox: Path) -> None:
    with ExitStack() as opened:
        network = OPENED[name](opened, outbox)
        (removal,) = removals(sent(network.publisher, [ask()]))
        deleter = network.deleter

        answers = [deleter.delete(removal), deleter.delete(removal), network.deleter.delete(removal)]

    assert answers == [Deletion.REMOVED, Deletion.GONE, Deletion.GONE]


@pytest.mark.parametrize("kind", ["dropped", "silent", "torn"])
def test_a_deletion_that_is_not_answered_is_asked_again_and_done_in_the_end(
    wired: Network, kind: str
) -> None:
    (removal,) = removals(sent(wired.publisher, [ask()]))
    wired.deletion_fails_next(kind)

    with suppress(Unanswered):  # a receiver of webhooks needs no body to say yes
        assert wired.deleter.delete(removal) is Deletion.REMOVED
        assert wired.account.network == "webhook"

    assert wired.deleter.delete(removal) in {Deletion.REMOVED, Deletion.GONE}
    assert wired.shown() == []


def test_a_network_that_cannot_be_reached_deletes_nothing_now(wired: Network) -> None:
    (removal,) = removals(sent(wired.publisher, [ask()]))
    nobody = wired.made(replace(wired.account, url="http://127.0.0.1:9"), wired.secrets, wired.outbox)

    with pytest.raises(NotNow, match="did not answer: NewConnectionError"):
        nobody.delete(removal)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_an_error_of_a_server_is_no_word_about_a_deletion(wired: Network, status: int) -> None:
    (removal,) = removals(sent(wired.publisher, [ask()]))
    wired.deletion_fails_next("answer", status=status)

    with pytest.raises(Unanswered, match=str(status)):
        wired.deleter.delete(removal)


def test_a_network_that_is_busy_deletes_nothing_and_says_when_it_will(wired: Network) -> None:
    (removal,) = removals(sent(wired.publisher, [ask()]))
    wired.deletion_fails_next(
        "answer", status=429, headers={"Retry-After": "90", "x-rate-limit-reset": str(LATER + 90)}
    )

    with pytest.raises(NotNow) as no:
        wired.deleter.delete(removal)

    assert no.value.after == LATER + 90
    assert len(wired.shown()) == 1


def test_what_a_network_refuses_to_delete_stays(wired: Network) -> None:
    (removal,) = removals(sent(wired.publisher, [ask()]))
    wired.deletion_fails_next("answer", status=422, body='{"error": "Unprocessable", "message": "no"}')

    with pytest.raises(Refused):
        wired.deleter.delete(removal)

    assert len(wired.shown()) == 1


@pytest.mark.parametrize("name", ["x", "mastodon", "bluesky"])
def test_who_is_shut_out_deletes_nothing_until_a_person_acts(name: str, outbox: Path) -> None:
    with ExitStack() as opened:
        network = OPENED[name](opened, outbox)
        (removal,) = removals(sent(network.publisher, [ask()]))
        network.deletion_fails_next("answer", status=401, body='{"error": "The access token was revoked"}')

        with pytest.raises(Barred, match=network.account.name):
            network.deleter.delete(removal)


def test_an_account_that_is_not_live_reaches_no_network_but_the_outbox(wired: Network) -> None:
    account = replace(wired.account, live=False)

    with pytest.raises(NotLive, match=f"{account.name} is not live"):
        wired.made(account, wired.secrets, wired.outbox)
    DryRun(account, wired.secrets, wired.outbox).publish(ask())

    assert wired.shown() == []
    assert in_outbox(wired.outbox) == [(ask().text, None, ())]


@pytest.mark.parametrize("kind", ["dropped", "silent", "torn", "html", "empty"])
def test_whatever_becomes_of_an_answer_there_is_one_post_in_the_end(wired: Network, kind: str) -> None:
    wired.fails_next(kind)

    receipt = settled(wired, ask())

    assert receipt
    assert wired.shown() == [(ask().text, None, ())]


@pytest.mark.parametrize("kind", ["dropped", "silent", "torn", "html", "empty"])
def test_silence_again_and_again_is_one_post_in_the_end(wired: Network, kind: str) -> None:
    wired.fails_next(kind, times=3)

    receipt = settled(wired, ask())

    assert receipt
    assert wired.shown() == [(ask().text, None, ())]


def test_a_lost_answer_is_a_doubt_or_a_receipt_and_never_a_failure(wired: Network) -> None:
    wired.fails_next("silent")

    with suppress(Unanswered):
        assert sent(wired.publisher, [ask()])

    assert len(wired.shown()) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_network_that_is_busy_says_not_now_and_when(wired: Network, status: int) -> None:
    wired.fails_next(
        "answer", status=status, headers={"Retry-After": "90", "x-rate-limit-reset": str(AT + 90)}
    )

    with pytest.raises((NotNow, Unanswered)) as no:
        sent(wired.publisher, [ask()])

    assert wired.shown() == []
    if status == 429:
        assert isinstance(no.value, NotNow)
        assert no.value.after == AT + 90


def test_a_network_that_is_too_busy_to_be_looked_at_says_when(wired: Network) -> None:
    (prepared,) = wired.publisher.prepare([ask()])
    part = ask(first_at=AT, prepared=prepared)
    wired.fails_next(
        "answer",
        route=LOOKS[wired.account.network],
        status=429,
        headers={"Retry-After": "90", "x-rate-limit-reset": str(AT + 90)},
    )

    with pytest.raises(Unanswered) as no:
        wired.publisher.find(part)

    assert no.value.after == AT + 90


def test_what_is_refused_is_refused_and_not_shown(wired: Network) -> None:
    wired.fails_next("answer", status=422, body='{"error": "Unprocessable", "message": "no"}')

    with pytest.raises(Refused):
        sent(wired.publisher, [ask()])

    assert wired.shown() == []


def test_what_is_too_long_for_x_is_refused_without_a_doubt(outbox: Path) -> None:
    with ExitStack() as opened:
        network = x(opened, outbox)

        with pytest.raises(Refused, match="too long"):
            network.publisher.publish(ask(text="x" * 281))

        assert network.shown() == []


LOGGERS = ("tweepy", "tweepy.client", "mastodon", "requests_oauthlib", "oauthlib", "urllib3", "requests", "")


@pytest.fixture
def noisy() -> Iterator[None]:
    """Every library at DEBUG, as if nobody had thought of it."""
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        is_loud = name in {"", "tweepy", "mastodon"}
        logging.getLogger(name).setLevel(logging.DEBUG if is_loud else logging.NOTSET)
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


FAULTS: list[dict[str, Any]] = [
    {"kind": "silent"},
    {"kind": "html"},
    {"kind": "answer", "status": 400},
    {"kind": "answer", "status": 401},
    {"kind": "answer", "status": 402},
    {"kind": "answer", "status": 403},
    {"kind": "answer", "status": 429},
    {"kind": "answer", "status": 500},
    {"kind": "answer", "status": 503, "headers": {"Retry-After": "5"}},
]


@pytest.mark.usefixtures("noisy")
def test_no_credential_is_in_a_message_or_a_log_not_even_one_that_a_server_sent_back(
    wired: Network, pictures: tuple[Media, ...], caplog: pytest.LogCaptureFixture
) -> None:
    publisher = wired.publisher
    words = " ".join(secret.reveal() for secret in wired.secrets.values())
    echo = json.dumps({"detail": words, "error": words, "message": words})
    told = [publisher.whoami(), repr(publisher), str(vars(publisher))]

    for number, fault in enumerate([*FAULTS, {"kind": "answer", "status": 403, "body": echo}]):
        wired.fails_next(**fault)
        told.append(message(publisher, ask(key=f"k{number}", text=str(number), media=pictures)))
    for fault in FAULTS:
        wired.deletion_fails_next(**{**fault, **({"body": echo} if "status" in fault else {})})
        told.append(deletion(publisher))
    nobody = replace(wired.account, url="http://127.0.0.1:9")
    told.append(message(wired.made(nobody, wired.secrets, wired.outbox), ask()))

    assert leaks(wired, "\n".join(told)) == leaks(wired, caplog.text) == []


def message(publisher: Publisher, part: Ask) -> str:
    """All that an error and those behind it have to say; what it made of it where there is none."""
    return told_of(lambda: publisher.publish(part))


def deletion(publisher: Publisher) -> str:
    """The same of a deletion."""
    assert isinstance(publisher, Deleter)
    return told_of(partial(publisher.delete, *removals([Receipt("1", "https://network.example/1", AT)])))


def told_of(question: Callable[[], object]) -> str:
    try:
        return repr(question())
    except Answer as answer:
        said: list[str] = []
        error: BaseException | None = answer
        while error:
            said.append(f"{error!s} {error!r}")
            error = error.__cause__ or error.__context__
        return "\n".join(said)


def leaks(network: Network, text: str) -> list[str]:
    """The credentials that are in a text. A handle is no secret."""
    secrets = {suffix: secret for suffix, secret in network.secrets.items() if suffix != "HANDLE"}
    return [suffix for suffix, secret in secrets.items() if secret.reveal() in text]


@pytest.mark.parametrize("name", ["x", "mastodon", "bluesky"])
def test_a_missing_credential_is_named_and_no_other_is_shown(name: str, outbox: Path) -> None:
    with ExitStack() as opened:
        network = OPENED[name](opened, outbox)
        lost = list(network.secrets)[-1]

        with pytest.raises(BadCall, match=f"{network.account.credentials}_{lost}") as error:
            network.made(network.account, {**network.secrets, lost: Secret("")}, outbox)

        assert leaks(network, repr(error.value)) == []
