"""What people look at."""

from pathlib import Path

import pytest

from bot.contracts import Receipt
from bot.delivery.retry import Verdict
from bot.delivery.states import State
from bot.delivery.values import Attempt, Move
from bot.errors import BadCall
from bot.model import Tone, Window
from bot.zones import DAY, HOUR
from tests.fakes.deliveries import (
    MASTODON,
    NOON,
    X,
    claimed,
    enqueue,
    opened,
    planned,
    row,
    schedules,
    slot,
)


def test_a_row_holds_what_a_person_wants_to_know(tmp_path: Path) -> None:
    post = planned(event="feast", tone=Tone.CELEBRATION)
    with opened(tmp_path) as queue:
        enqueue(queue, post, by=schedules(approval=True))

        found = row(queue)

    assert (found.key, found.rendition) == (post.renditions[0].key, post.renditions[0])
    assert (found.slot, found.post, found.tone) == (slot(event="feast"), "moon/rise", Tone.CELEBRATION)
    assert (found.account, found.network, found.state) == (X.name, "x", State.PENDING)
    assert (found.at, found.due, found.deadline) == (NOON, NOON, NOON + HOUR)
    assert (found.why, found.reason, found.waits) == ("has waited longest", "planned", "not approved")
    assert (found.needs_approval, found.approved_by, found.touched) == (True, (), False)
    assert (found.attempts, found.receipts) == (0, ())


def test_rows_are_narrowed_by_window_state_and_account(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, id="a", accounts=(X, MASTODON)), planned(NOON + DAY, id="b"))
        claim = claimed(queue)

        assert [each.post for each in queue.rows(NOON)] == ["a", "a", "b"]
        assert [each.post for each in queue.rows(NOON, window=Window(NOON, NOON + DAY))] == ["a", "a"]
        assert [each.post for each in queue.rows(NOON, window=Window(NOON + 1, NOON + DAY + 1))] == ["b"]
        assert [each.key for each in queue.rows(NOON, states=[State.SENDING, State.SENT])] == [claim.key]
        assert [each.post for each in queue.rows(NOON, account=X.name)] == ["a", "b"]


def test_each_row_has_its_own_receipts_in_order(tmp_path: Path) -> None:
    proofs = [Receipt(f"id-{part}", f"https://network.example/{part}", NOON) for part in range(1, 12)]
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, *["…"] * 11), planned(NOON + 1))
        claim = claimed(queue)
        for part, proof in enumerate(proofs, 1):
            queue.record(claim, part, proof)

        assert [each.receipts for each in queue.rows(NOON)] == [tuple(proofs), ()]


def test_what_is_no_longer_pending_waits_for_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        claimed(queue)
        queue.hold("a tragedy", now=NOON)

        assert row(queue).waits == ""


def test_the_whole_life_of_a_delivery_can_be_read(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), by=schedules(approval=True))
        key = row(queue).key
        queue.approve(key, who="Ada", now=NOON - 9)
        queue.settle(claimed(queue), Verdict(State.UNKNOWN, "unanswered: lost"), NOON + 2)

        [shown] = queue.show(key[:6], NOON + 3)

    assert shown.row.key == key
    assert shown.attempts == (Attempt(1, NOON, live=True, outcome="unanswered", detail="unanswered: lost"),)
    assert shown.moves == (
        Move(State.PENDING, State.PENDING, NOON - 9, "approved by Ada"),
        Move(State.PENDING, State.SENDING, NOON, "claimed"),
        Move(State.SENDING, State.UNKNOWN, NOON + 2, "unanswered: lost"),
    )


def test_a_slots_key_shows_each_of_its_deliveries(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=(X, MASTODON)))

        assert {each.row.account for each in queue.show(slot().key, NOON)} == {X.name, MASTODON.name}


def test_a_key_that_names_nothing_shows_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as queue, pytest.raises(BadCall, match="no delivery is called 'nobody'"):
        queue.show("nobody", NOON)


def test_every_state_is_counted(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, *(planned(NOON + n) for n in range(3)))
        claimed(queue)

        counts = queue.counts()

    assert counts == {**dict.fromkeys(State, 0), State.PENDING: 2, State.SENDING: 1}


@pytest.mark.parametrize(
    ("now", "waits"),
    [
        (NOON - HOUR, ["held: a storm", ""]),
        (NOON + 2 * HOUR - 1, ["held: a storm", "held: a storm"]),
        (NOON + 2 * HOUR, ["", ""]),
    ],
)
def test_a_hold_that_ends_before_something_is_due_does_not_keep_it_back(
    tmp_path: Path, now: int, waits: list[str]
) -> None:
    """What is late waits for the end of the hold, whenever it was due."""
    until = NOON + HOUR if now < NOON else NOON + 2 * HOUR
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON), planned(NOON + HOUR, id="later"), by=schedules(grace=None))
        queue.hold("a storm", now=NOON - HOUR, until=until)

        assert [each.waits for each in queue.rows(now)] == waits
