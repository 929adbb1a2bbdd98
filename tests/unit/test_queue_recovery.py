"""What time has overtaken, and what nobody knows."""

from pathlib import Path

import pytest

from bot.delivery.queue import Queue
from bot.delivery.retry import Verdict
from bot.delivery.states import State
from bot.model import Account, Tone
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.deliveries import (
    ACCOUNTS,
    DEAF,
    NOON,
    PACED,
    SILENCE,
    X,
    claimed,
    enqueue,
    opened,
    planned,
    proof,
    row,
    schedules,
    states,
    take,
    unanswered,
)


def test_what_was_lived_through_is_known(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        assert queue.newest() is None
        queue.recover(NOON, ACCOUNTS)
        assert queue.newest() == NOON
        queue.recover(NOON - MINUTE, ACCOUNTS)
        assert queue.newest() == NOON
        queue.recover(NOON + MINUTE, ACCOUNTS)
        assert queue.newest() == NOON + MINUTE


def test_only_what_waits_is_cancelled_with_its_account(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        unknown = unanswered(queue)
        before = queue.show(unknown.claim.key, NOON)[0].moves

        queue.recover(NOON + HOUR, {})

        assert states(queue) == [State.UNKNOWN]
        assert queue.show(unknown.claim.key, NOON)[0].moves == before


def test_at_its_deadline_a_delivery_is_missed(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())

        queue.recover(NOON + HOUR - 1, ACCOUNTS)
        assert states(queue) == [State.PENDING]
        queue.recover(NOON + HOUR, ACCOUNTS)
        assert states(queue) == [State.MISSED]
        assert row(queue).due is None


def lived(queue: Queue) -> None:
    queue.recover(NOON + 30 * MINUTE, ACCOUNTS)


def did_not_live(queue: Queue) -> None:
    queue.recover(NOON + 30, ACCOUNTS)


def never_lived(_: Queue) -> None:
    pass


def was_held(queue: Queue) -> None:
    queue.hold("a tragedy", now=NOON - 1, tone=Tone.CELEBRATION)


def was_held_until_after(queue: Queue) -> None:
    was_held(queue)
    queue.release(now=NOON + 2 * HOUR)


def was_released_before(queue: Queue) -> None:
    was_held(queue)
    queue.release(now=NOON + 30 * MINUTE)


def was_held_until_before(queue: Queue) -> None:
    queue.hold("a storm", now=NOON - 1, until=NOON + 30 * MINUTE)


def was_held_elsewhere(queue: Queue) -> None:
    queue.hold("a tragedy", now=NOON - 1, account="another")


def was_put_off(queue: Queue) -> None:
    queue.settle(claimed(queue), Verdict(State.PENDING, "not now: busy", NOON + 50 * MINUTE), NOON)


@pytest.mark.parametrize(
    ("story", "reason"),
    [
        (never_lived, "the bot was not running"),
        (did_not_live, "the bot was not running"),
        (lived, "no room for it: others of its account were due too, and their smallest gap was kept"),
        (was_held, "held: a tragedy"),
        (was_held_until_after, "held: a tragedy"),
        (was_released_before, "the bot was not running"),
        (was_held_until_before, "the bot was not running"),
        (was_held_elsewhere, "the bot was not running"),
        (was_put_off, "out of time: not now: busy"),
    ],
)
def test_what_is_missed_says_why(tmp_path: Path, story: type(lived), reason: str) -> None:  # type: ignore[valid-type]
    with opened(tmp_path) as queue:
        enqueue(queue, planned(tone=Tone.CELEBRATION))
        story(queue)

        queue.recover(NOON + HOUR, ACCOUNTS)

        assert (row(queue).state, row(queue).reason) == (State.MISSED, reason)


def test_what_was_not_approved_in_time_says_so(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), by=schedules(approval=True))

        queue.recover(NOON + HOUR, ACCOUNTS)

        assert row(queue).reason == "not approved in time"


def test_after_a_month_without_the_bot_all_is_missed_and_nothing_bursts(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, *(planned(NOON + n * HOUR, accounts=(PACED,)) for n in range(24 * 30)))

        queue.recover(NOON + 30 * DAY, ACCOUNTS)

        assert set(states(queue)) == {State.MISSED}
        assert take(queue, NOON + 30 * DAY) is None


def test_what_is_due_to_an_account_that_is_no_more_is_cancelled(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON), planned(NOON + 1))

        queue.recover(NOON, ())

        assert states(queue) == [State.CANCELLED, State.PENDING]
        assert queue.rows(NOON)[0].reason == "there is no account called 'ours-x' any more"


def test_a_claim_whose_process_died_between_two_parts_goes_on_at_once(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."))
        queue.record(claimed(queue), 1, proof())

        queue.recover(NOON + MINUTE - 1, ACCOUNTS)
        assert states(queue) == [State.SENDING]
        queue.recover(NOON + MINUTE, ACCOUNTS)
        assert row(queue).reason == "its process died before it asked"

        unknown = queue.unknown(X.name, NOON + MINUTE)
        assert unknown
        assert not unknown.asked
        assert queue.clear(unknown, NOON + MINUTE)
        assert row(queue).reason == "goes on with part 2, which was never asked for"
        assert list(claimed(queue, NOON + MINUTE).missing) == [2]


@pytest.mark.parametrize(("account", "due"), [(X, NOON + 3 * MINUTE), (DEAF, None)])
def test_a_claim_whose_process_died_while_asking_waits_out_the_quarantine(
    tmp_path: Path, account: Account, due: int | None
) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=(account,)))
        claimed(queue)

        queue.recover(NOON + MINUTE, ACCOUNTS)

        assert (row(queue).state, row(queue).due) == (State.UNKNOWN, due)
        assert row(queue).reason == "its process died while it asked"


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("is_answered", [True, False])
def test_it_is_known_whether_a_network_was_asked_or_the_dry_run(
    tmp_path: Path, *, live: bool, is_answered: bool
) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        claim = claimed(queue, live=live)
        if is_answered:
            queue.settle(claim, SILENCE, NOON)
        queue.recover(NOON + MINUTE, ACCOUNTS)

        unknown = queue.unknown(X.name, NOON + 3 * MINUTE)

        assert unknown
        assert unknown.live == live


def test_what_a_network_declined_before_does_not_make_the_dry_runs_silence_its_own(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        queue.settle(claimed(queue, live=True), Verdict(State.PENDING, "not now", NOON), NOON)
        queue.settle(claimed(queue, live=False), SILENCE, NOON)

        unknown = queue.unknown(X.name, NOON + 120)

        assert unknown
        assert not unknown.live


def test_what_was_found_is_sent(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        unknown = unanswered(queue)

        queue.record(unknown.claim, 1, proof())
        assert queue.clear(unknown, NOON + 120)

        assert (row(queue).state, row(queue).reason) == (State.SENT, "found on the network")
        assert queue.show(row(queue).key, NOON)[0].attempts[0].outcome == "receipt"


def test_what_was_found_of_a_thread_goes_on_with_the_next_part(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."))
        unknown = unanswered(queue)

        queue.record(unknown.claim, 1, proof())
        assert queue.clear(unknown, NOON + 120)

        assert row(queue).reason == "goes on with part 2, which was never asked for"
        assert list(claimed(queue, NOON + 120).missing) == [2]


def test_what_is_proved_absent_is_asked_for_again_after_a_wait(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        unknown = unanswered(queue)

        assert unknown.asked
        assert queue.clear(unknown, NOON + 120)

        found = row(queue)
        assert (found.state, found.reason) == (State.PENDING, "proved absent")
        assert (found.due, found.attempts) == (NOON + 120 + 30, 1)
        assert queue.show(found.key, NOON)[0].attempts[0].outcome == "absent"


def test_what_another_has_cleared_and_asked_for_again_is_not_cleared_by_an_old_answer(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        old = unanswered(queue)
        queue.clear(old, NOON + 120)
        claim = claimed(queue, NOON + 180)
        queue.settle(claim, Verdict(State.UNKNOWN, "unanswered: lost again"), NOON + 180)

        assert not queue.clear(old, NOON + 181)

        assert states(queue) == [State.UNKNOWN]
        assert queue.show(claim.key, NOON)[0].attempts[1].outcome == "unanswered"


def test_a_network_that_cannot_tell_is_asked_ever_less_often(tmp_path: Path) -> None:
    waits, now = [], NOON + 120
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        unknown = unanswered(queue)
        for _ in range(11):
            queue.leave_unknown(unknown, "connection lost", now)
            due = row(queue).due
            assert due
            waits.append(due - now)
            now = due

        assert row(queue).reason == "unanswered: connection lost"
    assert waits == [120 * 2**n for n in range(8)] + [6 * HOUR] * 3


def test_what_was_cleared_meanwhile_is_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        unknown = unanswered(queue)
        queue.resolve_failed(unknown.claim.key, reason="let it be", now=NOON)

        queue.leave_unknown(unknown, "connection lost", NOON + 120)

        assert (row(queue).reason, row(queue).due) == ("let it be", None)
