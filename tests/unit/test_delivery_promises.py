"""Promises of delivery that are kept in small print: each was found by a fault that no other test noticed."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.delivery.budgets import Bound, Cost
from bot.delivery.queue import Queue
from bot.delivery.states import State, mermaid
from bot.delivery.tick import Shift
from bot.errors import BadCall
from bot.model import Corpus, Project
from bot.zones import DAY, HOUR
from tests.fakes.deliveries import (
    ACCOUNTS,
    MASTODON,
    NOON,
    SILENCE,
    Later,
    X,
    claimed,
    enqueue,
    opened,
    planned,
    proof,
    row,
    schedules,
    unanswered,
    waited,
)
from tests.fakes.network import Network, one_for_all

PROJECT = Project("/project", schedules(), Corpus(), "files")
GOES_ON = "goes on with part 2, which was never asked for"
ARCHITECTURE = Path(__file__).parents[2] / "ARCHITECTURE.md"


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


def test_the_picture_is_drawn_to_the_letter_as_the_architecture_shows_it() -> None:
    assert f"```mermaid\n{mermaid()}\n```" in ARCHITECTURE.read_text()


def test_large_sums_are_told_to_the_tenth_of_a_cent(queue: Queue) -> None:
    enqueue(queue, planned())
    month = Bound("the month", 0, NOON + HOUR, None, 2_000_000_000)

    queue.claim(waited(queue), ("",), NOON, live=True, cost=Cost(X.name, 1, 2_000_500_000, (month,)))

    assert row(queue).reason.endswith(
        "is $2000.000 for the month, $0.000 are spent, and this may cost $2000.500"
    )


def test_a_post_by_hand_that_is_moved_keeps_the_grace_it_was_given(queue: Queue) -> None:
    queue.enqueue_one(planned(), ACCOUNTS, deadline=NOON + HOUR)

    queue.move(row(queue).key, at=NOON + 3 * HOUR, now=NOON)

    assert row(queue).deadline == NOON + 4 * HOUR


def test_what_happens_is_logged_with_its_fields(queue: Queue, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "redletter")
    enqueue(queue, planned(NOON, "One.", "Two."))
    unknown = unanswered(queue)
    key = unknown.claim.key

    queue.leave_unknown(unknown, "lost", NOON + 130)
    queue.record(unknown.claim, 1, proof())
    queue.clear(unknown, NOON + 300)
    queue.hold("a storm", now=NOON, account=X.name, until=NOON + HOUR)
    queue.release(now=NOON + 1)
    queue.forget_untouched("others", NOON)

    mine = {"delivery": key}
    assert [(each.getMessage(), vars(each)["fields"]) for each in caplog.records] == [
        ("planned ahead", {"posts": 1, "gaps": 0, "until": NOON + 7 * DAY}),
        ("sending: claimed", mine | move("pending", "sending", NOON, "claimed")),
        ("unknown: unanswered: lost", mine | move("sending", "unknown", NOON, "unanswered: lost")),
        ("still unknown: lost", mine | {"at": NOON + 130, "due": NOON + 130 + 130}),
        (
            "receipt: https://network.example/1",
            mine
            | {"account": X.name, "post": "moon/rise", "part": 1, "at": NOON}
            | {"id": "id-1", "url": "https://network.example/1"},
        ),
        (f"pending: {GOES_ON}", mine | move("unknown", "pending", NOON + 300, GOES_ON)),
        (
            "hold: a storm",
            {"account": X.name, "tone": None, "since": NOON, "until": NOON + HOUR, "reason": "a storm"},
        ),
        ("released: a storm", {"account": X.name, "tone": None, "at": NOON + 1}),
        ("files changed: what nobody touched is planned anew", {"files": "others"}),
    ]


def move(origin: str, state: str, at: int, reason: str) -> dict[str, object]:
    return {"origin": origin, "state": state, "at": at, "reason": reason}


def test_a_thread_that_goes_on_is_due_at_once(queue: Queue) -> None:
    enqueue(queue, planned(NOON, "One.", "Two."))
    unknown = unanswered(queue)

    queue.record(unknown.claim, 1, proof())
    queue.clear(unknown, NOON + 300)

    assert row(queue).due == NOON + 300


def test_what_is_proved_absent_leaves_the_answers_to_other_parts_as_they_were(queue: Queue) -> None:
    enqueue(queue, planned(NOON, "One.", "Two."))
    claim = claimed(queue)
    queue.go_on(claim, 1, proof(), NOON, live=True)
    queue.settle(claim, SILENCE, NOON)
    unknown = queue.unknown(X.name, NOON + 120)
    assert unknown

    queue.clear(unknown, NOON + 120)

    [shown] = queue.show(claim.key, NOON)
    assert [(each.part, each.outcome) for each in shown.attempts] == [(1, "receipt"), (2, "absent")]


DECISIONS: dict[str, Callable[[Queue, str], object]] = {
    "approve": lambda queue, key: queue.approve(key, who="Ada", now=NOON),
    "skip": lambda queue, key: queue.skip(key, reason="no", now=NOON),
    "move": lambda queue, key: queue.move(key, at=NOON + 1, now=NOON),
    "swap": lambda queue, key: queue.swap(key, planned(), now=NOON),
    "retry": lambda queue, key: queue.retry(key, now=NOON),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_that_comes_too_late_is_named(queue: Queue, name: str) -> None:
    enqueue(queue, planned())
    claimed(queue)
    key = row(queue).key

    with pytest.raises(BadCall, match=f"^cannot {name} {key}: it is sending, and only what is pending"):
        DECISIONS[name](queue, key)


RESOLUTIONS: dict[str, Callable[[Queue, str], object]] = {
    "sent": lambda queue, key: queue.resolve_sent(key, url="https://a/1", now=NOON),
    "absent": lambda queue, key: queue.resolve_absent(key, now=NOON),
    "failed": lambda queue, key: queue.resolve_failed(key, reason="no", now=NOON),
}


@pytest.mark.parametrize("name", RESOLUTIONS)
def test_only_what_is_unknown_is_resolved(queue: Queue, name: str) -> None:
    enqueue(queue, planned())
    key = row(queue).key

    with pytest.raises(
        BadCall, match=f"^cannot resolve {key}: it is pending, and only what is unknown can be$"
    ):
        RESOLUTIONS[name](queue, key)


def test_what_a_person_asks_for_again_says_so(queue: Queue) -> None:
    enqueue(queue, planned())

    queue.retry(row(queue).key, now=NOON + 1)

    assert (row(queue).reason, row(queue).due) == ("asked for again by a person", NOON + 1)


def test_what_was_moved_across_the_edge_of_a_history_is_in_it_once(queue: Queue) -> None:
    enqueue(queue, planned())
    queue.move(row(queue).key, at=NOON + 2 * HOUR, now=NOON)

    found = queue.history(NOON + HOUR)

    assert [(use.slot.at, use.at) for use in found.uses] == [(NOON, NOON + 2 * HOUR)]


def test_a_use_of_long_ago_names_its_accounts_in_order(queue: Queue) -> None:
    enqueue(queue, planned(accounts=(X, MASTODON)))

    [use] = queue.history(NOON + DAY).uses

    assert use.accounts == (MASTODON.name, X.name)


def test_a_turn_of_one_hand_serves_one_account_and_says_that_more_is_due(queue: Queue) -> None:
    enqueue(queue, planned(accounts=(X, MASTODON)))

    turn = Shift(queue, one_for_all(Network())).tick(PROJECT, partial(int, NOON))

    assert [state for _, state in turn.ended] == [State.SENT]
    assert turn.next_due == NOON


def test_while_an_answer_is_waited_for_the_next_turn_is_now(queue: Queue) -> None:
    enqueue(queue, planned(accounts=(X,)))
    shift = Shift(queue, one_for_all(Network()), hands=Later(), most=9)

    first = shift.tick(PROJECT, partial(int, NOON))
    second = shift.tick(PROJECT, partial(int, NOON + 1))

    assert [first.next_due, second.next_due] == [NOON, NOON + 1]
