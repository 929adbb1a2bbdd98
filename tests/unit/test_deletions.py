"""What is particular to each network where a part is deleted; what they have in common is in the contract."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.contracts import Deletion, Removal
from bot.errors import NotNow, Refused, Unanswered
from bot.model import Account
from bot.publishers.bluesky import Bluesky
from bot.publishers.dry_run import DryRun
from bot.publishers.mastodon import Mastodon
from bot.publishers.webhook import Webhook
from bot.publishers.x import X
from tests.fakes.asks import AT, ask
from tests.fakes.bluesky import DELETE, DID, FakeBluesky
from tests.fakes.mastodon import FakeMastodon
from tests.fakes.webhook import FakeWebhook
from tests.fakes.x import FakeX

KEY = ask().key


def removal(id: str, *, url: str = "https://network.example/1", part: int = 1) -> Removal:  # noqa: A002 - the network's
    return Removal(KEY, "museum", "x", part, id, url, AT)


@pytest.fixture
def on_x() -> Iterator[FakeX]:
    with FakeX() as fake:
        yield fake


@pytest.fixture
def x(on_x: FakeX) -> X:
    return X(on_x.account(timeout=5), on_x.secrets, Path())


@pytest.fixture
def on_mastodon() -> Iterator[FakeMastodon]:
    with FakeMastodon() as fake:
        yield fake


@pytest.fixture
def mastodon(on_mastodon: FakeMastodon) -> Mastodon:
    return Mastodon(on_mastodon.account(), on_mastodon.secrets, Path())


@pytest.fixture
def on_bluesky() -> Iterator[FakeBluesky]:
    with FakeBluesky() as fake:
        yield fake


@pytest.fixture
def bluesky(on_bluesky: FakeBluesky) -> Bluesky:
    return Bluesky(on_bluesky.account(), on_bluesky.secrets, Path())


@pytest.fixture
def on_the_wall() -> Iterator[FakeWebhook]:
    with FakeWebhook() as fake:
        yield fake


@pytest.fixture
def webhook(on_the_wall: FakeWebhook) -> Webhook:
    return Webhook(on_the_wall.account(delete=True), on_the_wall.secrets, Path("state/outbox.jsonl"))


def test_x_deletes_no_post_of_another_account(on_x: FakeX, x: X) -> None:
    receipt = x.publish(ask())
    on_x.foreign.add(receipt.id)

    with pytest.raises(Refused, match="not authorized to delete"):
        x.delete(removal(receipt.id))

    assert len(on_x.posts) == 1


def test_x_is_not_asked_for_what_has_no_number(on_x: FakeX, x: X) -> None:
    with pytest.raises(Refused, match="delete it there by hand"):
        x.delete(removal("../users/me"))

    assert on_x.requests == 0


def test_x_may_say_yes_and_that_there_is_no_such_post(on_x: FakeX, x: X) -> None:
    missing = {"errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found"}]}
    on_x.fail_next("answer", route="DELETE /2/tweets", status=200, body=json.dumps(missing))

    assert x.delete(removal("1")) is Deletion.GONE


@pytest.mark.parametrize("body", ['{"data": {"deleted": false}}', "{}", "<html>Hello</html>"])
def test_a_yes_of_x_without_the_word_deleted_is_none(on_x: FakeX, x: X, body: str) -> None:
    on_x.fail_next("answer", route="DELETE /2/tweets", status=200, body=body)

    with pytest.raises(Unanswered, match="without a word that it is deleted"):
        x.delete(removal("1"))


def test_a_status_of_another_account_is_there_though_it_cannot_be_deleted(
    on_mastodon: FakeMastodon, mastodon: Mastodon
) -> None:
    """An instance says 404 to both, and whoever was told that it is gone would not look."""
    status = on_mastodon.add("Not ours.")
    on_mastodon.foreign.add(status.id)

    with pytest.raises(Refused, match="whose is the token"):
        mastodon.delete(removal(status.id))


def test_an_instance_that_goes_silent_while_it_is_looked_at_says_nothing_yet(
    on_mastodon: FakeMastodon, mastodon: Mastodon
) -> None:
    on_mastodon.fail_next("answer", route="DELETE /api/v1/statuses", status=410)
    on_mastodon.fail_next("silent", route="GET /api/v1/statuses")

    with pytest.raises(NotNow, match="did not answer"):
        mastodon.delete(removal("1"))


def test_an_odd_id_leads_nowhere_else_on_an_instance(on_mastodon: FakeMastodon, mastodon: Mastodon) -> None:
    status = on_mastodon.add("Stays.")

    assert mastodon.delete(removal(f"x/../{status.id}?y")) is Deletion.GONE
    assert on_mastodon.statuses == [status]


def test_a_record_in_anothers_repository_is_not_asked_for(on_bluesky: FakeBluesky, bluesky: Bluesky) -> None:
    foreign = "at://did:plc:another/app.bsky.feed.post/3kabc"

    with pytest.raises(Refused, match=f"{foreign} is another's, not {DID}'s"):
        bluesky.delete(removal(foreign))

    assert on_bluesky.times_asked(DELETE) == 0


def test_a_record_is_found_by_its_key_alone_as_people_name_it(
    on_bluesky: FakeBluesky, bluesky: Bluesky
) -> None:
    key = bluesky.publish(ask()).id.rpartition("/")[-1]

    assert bluesky.delete(removal(key)) is Deletion.REMOVED
    assert on_bluesky.posts == {}


@pytest.mark.parametrize(("status", "body"), [(200, ""), (400, '{"error": "RecordNotFound"}')])
def test_servers_have_several_ways_to_say_that_there_is_no_such_record(
    on_bluesky: FakeBluesky, bluesky: Bluesky, status: int, body: str
) -> None:
    on_bluesky.fail_next("answer", route=DELETE, status=status, body=body)

    assert bluesky.delete(removal("3kabc")) is Deletion.GONE


def test_a_page_in_place_of_a_server_is_no_yes(on_bluesky: FakeBluesky, bluesky: Bluesky) -> None:
    on_bluesky.fail_next("html", route=DELETE)

    with pytest.raises(Unanswered, match="without what was asked"):
        bluesky.delete(removal("3kabc"))


def test_a_receiver_is_asked_to_delete_only_where_the_account_says_so(on_the_wall: FakeWebhook) -> None:
    webhook = Webhook(on_the_wall.account(), on_the_wall.secrets, Path("state/outbox.jsonl"))

    assert webhook.delete(removal("wall-1")) is Deletion.UNABLE
    assert on_the_wall.requests == 0


def test_a_receiver_is_told_which_part_under_which_key_and_by_whom(
    on_the_wall: FakeWebhook, webhook: Webhook
) -> None:
    webhook.publish(ask(part=2, parts=2))

    answer = webhook.delete(removal("wall-1", part=2))

    asked = on_the_wall.heard[-1]
    assert answer is Deletion.REMOVED  # which the fake says to a right signature only
    assert (asked.method, asked.target.query) == ("DELETE", f"key={KEY}&part=2")
    assert asked.headers["Idempotency-Key"] == f"{KEY}-2"
    assert asked.body == b""


@pytest.mark.parametrize(
    ("status", "answer"), [(200, Deletion.REMOVED), (204, Deletion.REMOVED), (410, Deletion.GONE)]
)
def test_a_receiver_says_by_its_status_what_became_of_a_part(
    on_the_wall: FakeWebhook, webhook: Webhook, status: int, answer: Deletion
) -> None:
    on_the_wall.fail_next("answer", route="DELETE /hook", status=status)

    assert webhook.delete(removal("wall-1")) is answer


def test_a_conflict_is_a_receivers_no_to_a_deletion(on_the_wall: FakeWebhook, webhook: Webhook) -> None:
    on_the_wall.fail_next("answer", route="DELETE /hook", status=409, body="it is being printed")

    with pytest.raises(Refused, match="it is being printed"):
        webhook.delete(removal("wall-1"))


def test_a_dry_run_writes_down_once_what_is_taken_down_and_leaves_the_outbox_alone(tmp_path: Path) -> None:
    outbox = tmp_path / "state" / "outbox.jsonl"
    publisher = DryRun(Account("museum", "x"), {}, outbox)
    url = publisher.publish(ask()).url
    before = outbox.read_bytes()

    answers = [publisher.delete(removal(f"{KEY}/1", url=url)) for _ in range(2)]

    (line,) = outbox.with_name("removed.jsonl").read_text("utf-8").splitlines()
    assert answers == [Deletion.REMOVED, Deletion.GONE]
    assert outbox.read_bytes() == before
    assert json.loads(line) == {
        "at": "2026-09-21T14:13:20Z",
        "account": "museum",
        "network": "x",
        "key": KEY,
        "part": 1,
        "url": f"dry-run:{KEY}/1",
    }


def test_a_dry_run_takes_down_each_part_of_each_delivery_by_itself(tmp_path: Path) -> None:
    publisher = DryRun(Account("museum", "x"), {}, tmp_path / "outbox.jsonl")
    parts = [replace(removal("any", part=part), key=key) for key in ("a" * 24, "b" * 24) for part in (2, 1)]

    assert [publisher.delete(each) for each in parts] == [Deletion.REMOVED] * 4
    assert len((tmp_path / "removed.jsonl").read_text("utf-8").splitlines()) == 4


def test_a_dry_run_whose_file_cannot_be_written_takes_nothing_down_now(tmp_path: Path) -> None:
    (tmp_path / "removed.jsonl").mkdir()

    with pytest.raises(NotNow, match=r"cannot write .*removed\.jsonl: Is a directory"):
        DryRun(Account("museum", "x"), {}, tmp_path / "outbox.jsonl").delete(removal(f"{KEY}/1"))
