"""Promises of delivery that are kept in small print: each was found by a fault that no other test noticed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery.budgets import Bound, Cost
from bot.delivery.queue import Queue
from bot.delivery.states import mermaid
from bot.zones import HOUR
from tests.fakes.deliveries import ACCOUNTS, NOON, X, enqueue, opened, planned, row, waited

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
