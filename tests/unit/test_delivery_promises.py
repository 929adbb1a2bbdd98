"""Promises of delivery that are kept in small print: each was found by a fault that no other test noticed."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery.budgets import Bound, Cost
from bot.delivery.queue import Queue
from bot.delivery.states import mermaid
from bot.zones import DAY, HOUR
from tests.fakes.deliveries import (
    ACCOUNTS,
    NOON,
    SILENCE,
    X,
    claimed,
    enqueue,
    opened,
    planned,
    proof,
    row,
    unanswered,
    waited,
)

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
