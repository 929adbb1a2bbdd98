"""Taking down what was sent: asked of the networks at the wire, told part by part, and written down."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.contracts import Deletion, Publisher, Receipt, Removal
from bot.delivery.decided import By
from bot.delivery.queue import Queue
from bot.delivery.removals import Asked, Outcome
from bot.delivery.retry import Verdict
from bot.delivery.states import State
from bot.delivery.values import Claim
from bot.desk.desk import Desk
from bot.desk.takedown import Takedown, standing, take_down
from bot.errors import BadCall
from bot.model import Account
from bot.publishers.dry_run import DryRun
from bot.publishers.mastodon import Mastodon
from bot.publishers.webhook import Webhook
from bot.publishers.x import X
from bot.zones import DAY
from tests.fakes.asks import ask
from tests.fakes.deliveries import (
    NOON,
    SILENCE,
    claimed,
    delivered,
    enqueue,
    opened,
    planned,
    project,
    row,
    schedules,
    waiting,
)
from tests.fakes.mastodon import FakeMastodon
from tests.fakes.network import Network
from tests.fakes.webhook import FakeWebhook
from tests.fakes.x import FakeX

ADA = By("ada", "a wrong date")
LATER = NOON + 600
BOARD = Account("board", "notice-board", live=True)
DRAFT = Account("draft", "x")


@dataclass
class World:
    """Networks at the wire, a queue, and who speaks for each account."""

    folder: Path
    queue: Queue
    x: FakeX
    mastodon: FakeMastodon
    wall: FakeWebhook
    board: Network = field(default_factory=Network)
    made: list[str] = field(default_factory=list)  #: for which accounts a publisher was made

    def __post_init__(self) -> None:
        found = [self.x.account(timeout=5), self.mastodon.account(), self.wall.account(delete=True)]
        self.accounts = {account.name: account for account in (*found, BOARD, DRAFT)}

    def publisher(self, account: Account) -> Publisher:
        self.made.append(account.name)
        outbox = self.folder / "state" / "outbox.jsonl"
        if not account.live:
            return DryRun(account, {}, outbox)
        match account.network:
            case "x":
                return X(account, self.x.secrets, outbox)
            case "mastodon":
                return Mastodon(account, self.mastodon.secrets, outbox)
            case "webhook":
                return Webhook(account, self.wall.secrets, outbox)
        return self.board

    def send(self, *texts: str, to: tuple[str, ...], deliver: bool = True) -> str:
        """Send a thread to these accounts, one after the other; the key of its slot."""
        accounts = [self.accounts[name] for name in to]
        post = planned(NOON, *texts, accounts=accounts)
        enqueue(self.queue, post, by=schedules(accounts=self.accounts.values()))
        while deliver and (due := waiting(self.queue)):
            account = self.accounts[due.account]
            assert delivered(self.queue, self.publisher(account), account=account) is State.SENT
        self.made.clear()
        return post.slot.key

    def posted(self, text: str) -> Receipt:
        """The receipt of what is on X."""
        return self.publisher(self.accounts["museum-x"]).publish(ask(text=text))

    def handed(self, key: str, text: str) -> Receipt:
        """The receipt of a first part of two that is on the wall, under the key of a delivery."""
        return self.publisher(self.accounts["museum-wall"]).publish(ask(key=key, text=text, parts=2))

    def desk(self) -> Desk:
        by = schedules(accounts=self.accounts.values())
        return Desk(project(by), self.queue, LATER)

    def take_down(self, key: str) -> Takedown:
        return take_down(self.desk(), key, ADA, clock=lambda: LATER, publisher_of=self.publisher)

    def outcomes(self, key: str) -> list[tuple[int, Outcome | None]]:
        return [(each.part, each.outcome) for each in self.take_down(key).parts]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with ExitStack() as open_ones:
        yield World(
            tmp_path,
            open_ones.enter_context(opened(tmp_path)),
            open_ones.enter_context(FakeX()),
            open_ones.enter_context(FakeMastodon()),
            open_ones.enter_context(FakeWebhook()),
        )


def test_a_thread_is_taken_down_on_every_account_from_its_end(world: World) -> None:
    key = world.send("One.", "Two.", to=("museum-x", "museum-m", "museum-wall", "draft"))

    found = world.take_down(key)

    assert found.is_whole
    assert [(each.account, each.part, each.outcome, each.said) for each in found.parts] == [
        (name, part, "removed", "it is deleted")
        for name in ("draft", "museum-m", "museum-wall", "museum-x")
        for part in (2, 1)
    ]
    assert (world.x.posts, world.mastodon.statuses, world.wall.parts) == ([], [], [])
    assert {each.post for each in found.parts} == {"moon/rise"}


def test_each_account_has_one_publisher_that_signs_in_once(world: World) -> None:
    key = world.send("One.", "Two.", to=("museum-x", "museum-m"))

    world.take_down(key)

    assert sorted(world.made) == ["museum-m", "museum-x"]


def test_a_delivery_alone_is_taken_down_and_the_others_of_its_slot_stay(world: World) -> None:
    world.send("One.", to=("museum-x", "museum-m"))
    (key,) = (each.key for each in world.queue.rows(NOON) if each.account == "museum-x")

    found = world.take_down(key)

    assert [each.account for each in found.parts] == ["museum-x"]
    assert found.is_whole
    assert len(world.mastodon.statuses) == 1


def test_what_a_network_will_not_delete_remains_and_the_rest_goes(world: World) -> None:
    key = world.send("One.", "Two.", to=("museum-x",))
    world.x.foreign.add(world.x.posts[1].id)

    found = world.take_down(key)

    (left,) = found.remaining
    assert (left.part, left.outcome, left.url) == (2, "refused", row(world.queue).receipts[1].url)
    assert "not authorized" in left.said
    assert not found.is_whole
    assert world.x.texts == ["Two."]


def test_a_network_that_has_enough_is_left_alone_and_the_next_one_asked(world: World) -> None:
    key = world.send("One.", "Two.", "Three.", to=("museum-m", "museum-x"))
    world.mastodon.fail_next("answer", route="DELETE", status=429)

    found = world.take_down(key)

    assert world.mastodon.times_asked("DELETE") == 1
    assert [each.outcome for each in found.parts] == ["later"] * 3 + ["removed"] * 3
    assert {each.said for each in found.remaining} == {"Mastodon takes no more from museum-m for now"}


def test_what_was_taken_down_is_told_though_its_network_has_enough(world: World) -> None:
    key = world.send("One.", "Two.", to=("museum-m",))
    first = world.queue.showings([row(world.queue).key])[row(world.queue).key][0]
    world.queue.end_removal(world.queue.begin_removal(first, who="bob", now=NOON), Outcome.REMOVED, "yes")
    world.mastodon.fail_next("answer", route="DELETE", status=429)

    assert world.outcomes(key) == [(2, "later"), (1, "gone")]


def test_after_silence_it_is_simply_taken_down_again(world: World) -> None:
    key = world.send("One.", to=("museum-m",))
    world.mastodon.fail_next("silent", route="DELETE")

    (first,) = world.take_down(key).parts
    (again,) = world.take_down(key).parts

    assert (first.outcome, again.outcome) == ("unanswered", "gone")
    assert first.said.endswith("nobody knows whether it is gone: take it down again")
    assert again.said == "it was gone already"
    assert world.mastodon.statuses == []


def test_what_is_down_is_not_asked_for_again(world: World) -> None:
    key = world.send("One.", to=("museum-x",))
    world.take_down(key)
    asked = world.x.requests

    (again,) = world.take_down(key).parts

    assert (again.outcome, again.said) == ("gone", "ada has taken it down before")
    assert world.x.requests == asked


def test_each_time_that_a_network_is_asked_is_written_down_first(world: World) -> None:
    key = world.send("One.", to=("museum-x",))
    delivery = row(world.queue).key
    seen: list[Asked] = []

    class Watched(X):
        def delete(self, removal: Removal) -> Deletion:
            seen.extend(world.queue.showings([delivery])[delivery][0].asked)
            return super().delete(removal)

    account = world.accounts["museum-x"]
    take_down(
        world.desk(), key, ADA, clock=lambda: LATER,
        publisher_of=lambda _: Watched(account, world.x.secrets, world.folder),
    )  # fmt: skip

    assert [(each.at, each.who, each.outcome) for each in seen] == [(LATER, "ada", None)]
    (asked,) = world.queue.showings([delivery])[delivery][0].asked
    assert (asked.outcome, asked.detail) == ("removed", "it is deleted")


def test_a_network_without_deleting_is_told_as_such(world: World) -> None:
    world.accounts["museum-wall"] = world.wall.account(delete=False)
    key = world.send("One.", to=("board", "museum-wall"))

    found = world.take_down(key)

    said = "its network offers no deleting: delete it there by hand"
    assert [(each.account, each.outcome, each.said) for each in found.parts] == [
        ("board", "unable", said),
        ("museum-wall", "unable", said),
    ]
    assert found.parts[0].url.startswith("https://network.example/")
    assert len(world.wall.parts) == 1


def test_what_was_sent_live_is_never_taken_down_by_the_dry_run(world: World) -> None:
    key = world.send("One.", to=("museum-x",))
    world.accounts["museum-x"] = replace(world.accounts["museum-x"], live=False)

    (part,) = world.take_down(key).parts

    assert part.outcome is Outcome.UNABLE
    assert part.said.startswith("museum-x is not live any more: write `live = true` for it again")
    assert world.x.texts == ["One."]
    assert not (world.folder / "state" / "removed.jsonl").exists()


@pytest.mark.parametrize("network", [None, "mastodon"])
def test_an_account_that_is_no_more_or_elsewhere_is_not_asked(world: World, network: str | None) -> None:
    key = world.send("One.", to=("museum-x",))
    account = world.accounts.pop("museum-x")
    if network:
        world.accounts["museum-x"] = replace(account, network=network)

    (part,) = world.take_down(key).parts

    assert part.outcome is Outcome.UNABLE
    assert "there is no account museum-x on x any more" in part.said
    assert world.made == []


@pytest.mark.parametrize("becomes", ["live", "gone"])
def test_what_the_dry_run_has_shown_it_takes_down_whatever_its_account_is_now(
    world: World, becomes: str
) -> None:
    """An account that went live since is not asked for the dry run's posts: it never had them."""
    key = world.send("One.", to=("draft",))
    account = world.accounts.pop("draft")
    if becomes == "live":
        world.accounts["draft"] = replace(account, live=True, url=world.x.url)

    (part,) = world.take_down(key).parts

    (line,) = map(json.loads, (world.folder / "state" / "removed.jsonl").read_text("utf-8").splitlines())
    assert part.outcome is Outcome.REMOVED
    assert (line["account"], line["part"], line["url"]) == ("draft", 1, part.url)
    assert world.x.requests == 0


def test_a_publisher_that_cannot_be_made_says_why_and_nothing_is_asked(world: World) -> None:
    key = world.send("One.", to=("museum-x",))
    world.x.credentials["ACCESS_TOKEN"] = ""

    (part,) = world.take_down(key).parts

    assert part.outcome is Outcome.UNABLE
    assert part.said == "account museum-x lacks credentials: set MUSEUM_X_ACCESS_TOKEN"


class Forgetful(Network):
    """A publisher of some other package that deletes, and does not say so."""

    def delete(self, _: Removal) -> None: ...


class Broken(Network):
    """One that breaks."""

    def delete(self, _: Removal) -> None:
        raise RuntimeError("canary")


@pytest.mark.parametrize(
    ("board", "said"),
    [
        (Forgetful(), "its publisher gave no answer that is one: see whether it is gone"),
        (Broken(), "RuntimeError at"),
    ],
)
def test_foreign_code_that_breaks_leaves_a_doubt_and_tells_no_secret(
    world: World, board: Network, said: str
) -> None:
    world.board = board
    key = world.send("One.", to=("board",))

    (part,) = world.take_down(key).parts

    assert part.outcome is Outcome.UNANSWERED
    assert part.said.startswith(said)
    assert "canary" not in part.said


def test_what_was_never_shown_cannot_be_taken_down(world: World) -> None:
    key = world.send("One.", to=("museum-x",), deliver=False)

    with pytest.raises(BadCall, match=f"cannot take down {key}: nothing of it was shown, .* it is pending"):
        world.take_down(key)
    with pytest.raises(BadCall, match="nothing of it was shown"):
        standing(world.desk(), key)


def half_a_thread(world: World) -> Claim:
    """A thread in the hands of one who has its first part out, and has asked for the second."""
    world.send("One.", "Two.", to=("museum-x",), deliver=False)
    claim = claimed(world.queue)
    assert world.queue.go_on(claim, 1, world.posted("One."), NOON, live=True)
    return claim


def test_what_is_still_to_come_of_its_slot_is_told_and_left_to_a_person(world: World) -> None:
    key = world.send("One.", to=("museum-x", "museum-m", "museum-wall"), deliver=False)
    first, silent, pending = sorted(world.queue.rows(NOON), key=lambda each: each.account != "museum-x")
    world.queue.finish(claimed(world.queue, key=first.key), 1, world.posted("One."), NOON)
    claim = claimed(world.queue, key=silent.key)
    before = world.take_down(key).besides
    world.queue.settle(claim, SILENCE, NOON)

    found = world.take_down(key)

    assert found.besides == before
    assert set(found.besides) == {
        f"nobody knows yet whether {silent.account} shows it: see `redletter queue show {silent.key[:8]}`",
        f"{pending.account} will still show it: `redletter queue skip {pending.key[:8]} --reason R` stops that",
    }
    assert (found.remaining, found.is_whole) == ((), False)
    assert sorted(each.state for each in world.queue.rows(NOON)) == ["pending", "sent", "unknown"]


@pytest.mark.parametrize("state", [State.CANCELLED, State.MISSED, State.FAILED])
def test_what_ended_without_being_shown_is_no_word_worth(world: World, state: State) -> None:
    key = world.send("One.", to=("museum-x", "museum-m"), deliver=False)
    first, other = sorted(world.queue.rows(NOON), key=lambda each: each.account != "museum-x")
    world.queue.finish(claimed(world.queue, key=first.key), 1, world.posted("One."), NOON)
    if state is State.CANCELLED:
        world.queue.skip(other.key, reason="no", now=NOON)
    elif state is State.FAILED:
        world.queue.settle(claimed(world.queue, key=other.key), Verdict(state, "no"), NOON)
    else:
        world.queue.recover(NOON + DAY, world.accounts)

    assert world.take_down(key).is_whole


def test_a_thread_that_waits_for_its_rest_is_given_up_before_it_is_taken_down(world: World) -> None:
    claim = half_a_thread(world)
    world.queue.settle(claim, Verdict(State.PENDING, "too many at once", LATER), NOON)

    found = world.take_down(claim.key)

    given_up = row(world.queue)
    assert found.is_whole
    assert (given_up.state, given_up.reason) == (State.CANCELLED, "taken down by ada: a wrong date")
    assert world.x.posts == []


def test_a_part_that_was_not_answered_is_given_up_and_left_for_a_person_to_look_for(world: World) -> None:
    """Else the bot would find it there one day, and go on with the rest below what is gone."""
    claim = half_a_thread(world)
    world.queue.settle(claim, SILENCE, NOON)

    found = world.take_down(claim.key)

    given_up = row(world.queue)
    assert [(each.part, each.outcome) for each in found.parts] == [(1, "removed")]
    assert found.besides == (
        "nobody knows whether museum-x shows part 2 too: look there, and delete it by hand if it does",
    )
    assert (given_up.state, given_up.reason) == (State.FAILED, "taken down by ada: a wrong date")


def test_a_thread_in_somebodys_hands_is_left_to_them(world: World) -> None:
    claim = half_a_thread(world)

    found = world.take_down(claim.key)

    (part,) = found.remaining
    assert (part.outcome, part.said) == (None, "it is being sent this very moment")
    assert found.besides == (f"museum-x is being asked for it: take {claim.key[:8]} down again in a minute",)
    assert world.x.texts == ["One."]
    assert row(world.queue).state is State.SENDING


def test_without_a_reason_there_is_none_to_tell(world: World) -> None:
    claim = half_a_thread(world)
    world.queue.settle(claim, SILENCE, NOON)

    take_down(world.desk(), claim.key, By("ada"), clock=lambda: LATER, publisher_of=world.publisher)

    assert row(world.queue).reason == "taken down by ada"


def test_a_delivery_that_failed_goes_with_the_one_that_was_retried_for_it(world: World) -> None:
    """A receiver knows a part by the key of the delivery for which it was shown, which is the first."""
    world.send("One.", "Two.", to=("museum-wall",), deliver=False)
    account = world.accounts["museum-wall"]
    failed = claimed(world.queue)
    world.queue.go_on(failed, 1, world.handed(failed.key, "One."), NOON, live=True)
    world.queue.settle(failed, Verdict(State.FAILED, "no"), NOON)
    world.queue.retry(failed.key, now=NOON)
    assert delivered(world.queue, world.publisher(account), account=account) is State.SENT
    assert world.wall.texts == ["One.", "Two."]

    found = world.take_down(failed.key)

    assert [(each.key == failed.key, each.part, each.outcome) for each in found.parts] == [
        (False, 2, "removed"),
        (False, 1, "removed"),
        (True, 1, "gone"),
    ]
    assert world.wall.parts == []


def test_what_would_be_taken_down_is_known_before_anything_is_asked(world: World) -> None:
    key = world.send("One.", "Two.", to=("draft", "museum-x"))

    found = standing(world.desk(), key)

    assert [(each.account, each.part, each.is_dry_run) for each in found] == [
        ("draft", 2, True),
        ("draft", 1, True),
        ("museum-x", 2, False),
        ("museum-x", 1, False),
    ]
    assert len(world.x.posts) == 2
