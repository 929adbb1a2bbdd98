"""Claims, attempts and receipts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.contracts import Receipt
from bot.delivery.queue import Queue
from bot.delivery.retry import Verdict
from bot.delivery.states import State
from bot.delivery.values import Claim
from bot.model import Account, Priority, Tone
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.deliveries import (
    ACCOUNTS,
    DEAF,
    MASTODON,
    NOON,
    PACED,
    X,
    enqueue,
    opened,
    planned,
    row,
    schedules,
    states,
)

SENT = Verdict(State.SENT, "a receipt for every part")


def proof(part: int = 1, at: int = NOON) -> Receipt:
    return Receipt(f"id-{part}", f"https://network.example/{part}", at)


def claimed(queue: Queue, now: int = NOON) -> Claim:
    claim = queue.claim(now)
    assert claim
    return claim


def test_nothing_goes_out_before_its_time(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())

        assert queue.claim(NOON - 1) is None
        assert claimed(queue).key == row(queue).key


def test_nothing_goes_out_at_its_deadline_or_after(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())

        assert queue.claim(NOON + HOUR) is None
        assert queue.claim(NOON + HOUR - 1)


def test_a_claim_holds_all_that_is_needed_to_ask(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."))

        claim = claimed(queue)

    assert (claim.account, claim.post, claim.fence, claim.attempts) == (X.name, "moon/rise", 1, 0)
    assert [part.text for part in claim.rendition.parts] == ["One.", "Two."]
    assert list(claim.missing) == [1, 2]


def test_what_is_claimed_is_not_claimed_again(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        claimed(queue)

        assert queue.claim(NOON) is None


def test_who_is_due_longest_goes_first_and_then_who_matters_more(tmp_path: Path) -> None:
    solemn = planned(NOON, event="feast", id="solemn")
    solemn = replace(solemn, slot=replace(solemn.slot, priority=Priority.REMEMBRANCE))
    cheerful = [planned(NOON, event=f"feast-{n}", id="cheerful") for n in range(9)]
    posts = (planned(NOON + 1, id="later"), *cheerful, solemn)
    with opened(tmp_path) as queue:
        enqueue(queue, *posts)

        order = [claimed(queue, NOON + 5).post for _ in posts]

    assert order == ["solemn", *["cheerful"] * 9, "later"]


def test_one_delivery_can_be_claimed_by_name(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON), planned(NOON + 1))
        wanted = queue.rows(NOON)[1].key

        claim = queue.claim(NOON + 2, wanted)

        assert claim
        assert claim.key == wanted
        assert queue.claim(NOON + 2, wanted) is None


def test_two_hundred_deliveries_and_four_claimants_make_two_hundred_claims(tmp_path: Path) -> None:
    def claim_all(_: int) -> list[str]:
        with opened(tmp_path) as queue:
            found = iter(lambda: queue.claim(NOON + MINUTE), None)
            return [claim.key for claim in found]

    with opened(tmp_path) as queue:
        enqueue(queue, *(planned(NOON, id=str(n), event=f"event-{n}") for n in range(200)))

    with ThreadPoolExecutor(4) as threads:
        keys = [key for keys in threads.map(claim_all, range(4)) for key in keys]

    assert len(keys) == 200
    assert len(set(keys)) == 200


def test_what_needs_approval_waits_for_it(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), by=schedules(approval=True))

        assert queue.claim(NOON) is None

        queue.approve(row(queue).key, who="Ada", now=NOON)
        assert queue.claim(NOON)


@pytest.mark.parametrize(
    ("account", "tone", "is_held"),
    [
        (None, None, True),
        (X.name, None, True),
        (MASTODON.name, None, False),
        (None, Tone.CELEBRATION, True),
        (None, Tone.REMEMBRANCE, False),
        (X.name, Tone.CELEBRATION, True),
        (MASTODON.name, Tone.CELEBRATION, False),
        (X.name, Tone.NEUTRAL, False),
    ],
)
def test_a_hold_stops_all_or_an_account_or_a_tone(
    tmp_path: Path, account: str | None, tone: Tone | None, *, is_held: bool
) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(tone=Tone.CELEBRATION))

        queue.hold("a tragedy", now=NOON, account=account, tone=tone)

        assert (queue.claim(NOON) is None) == is_held


def test_a_hold_ends_at_its_time_or_when_it_is_released(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON), planned(NOON + 1))
        queue.hold("a storm", now=NOON, until=NOON + 10)

        assert queue.claim(NOON + 9) is None
        assert queue.claim(NOON + 10)

        queue.hold("another", now=NOON + 11)
        assert queue.claim(NOON + 11) is None
        queue.release(now=NOON + 12)
        assert queue.claim(NOON + 12)


def test_a_hold_holds_even_when_the_clock_is_set_back_before_it(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        queue.hold("a tragedy", now=NOON + MINUTE)

        assert queue.claim(NOON) is None


def test_what_is_late_keeps_its_accounts_gap(tmp_path: Path) -> None:
    late = NOON + 10 * MINUTE
    with opened(tmp_path) as queue:
        enqueue(queue, *(planned(NOON + n, accounts=(PACED,)) for n in range(3)), by=schedules(grace=None))
        first = claimed(queue, late)
        assert queue.claim(late) is None, "one is on its way already"

        queue.record(first, 1, proof(at=late))
        queue.settle(first, SENT, late)

        assert queue.claim(late + HOUR - 1) is None
        assert queue.next_due(late) == late + HOUR
        assert queue.claim(late + HOUR)


def test_what_is_late_waits_for_what_is_on_time_or_due_within_the_gap(tmp_path: Path) -> None:
    late, soon = NOON + 10 * MINUTE, NOON + HOUR
    with opened(tmp_path) as queue:
        posts = (planned(NOON, accounts=(PACED,)), planned(soon, accounts=(PACED,)))
        enqueue(queue, *posts, by=schedules(grace=None))

        assert queue.claim(late) is None, "an hour lies between the two, and only 50 minutes are left"
        assert queue.next_due(late) == soon, "nobody need wake before"

        first = claimed(queue, soon)
        queue.record(first, 1, proof(at=soon))
        queue.settle(first, SENT, soon)

        assert first.key == posts[1].renditions[0].key
        assert queue.claim(soon + HOUR - 1) is None
        assert claimed(queue, soon + HOUR).key == posts[0].renditions[0].key


@pytest.mark.parametrize(
    ("stop", "why"),
    [
        (lambda queue, key: queue.skip(key, reason="no", now=NOON), "it will not go out"),
        (lambda queue, _: queue.hold("mourning", now=NOON, tone=Tone.CELEBRATION), "it is held"),
        (lambda queue, key: queue.move(key, at=NOON + 2 * HOUR, now=NOON), "it is far enough away"),
    ],
)
def test_what_is_late_waits_for_nothing_that_will_not_be_near(
    tmp_path: Path, stop: Callable[[Queue, str], object], why: str
) -> None:
    late = NOON + 10 * MINUTE
    feast = planned(NOON + HOUR, accounts=(PACED,), tone=Tone.CELEBRATION)
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, accounts=(PACED,)), feast, by=schedules(grace=None))
        stop(queue, feast.renditions[0].key)

        assert queue.claim(late), why


def test_a_late_thread_that_has_begun_goes_on(tmp_path: Path) -> None:
    late = NOON + 10 * MINUTE
    with opened(tmp_path) as queue:
        thread = planned(NOON, "One.", "Two.", accounts=(PACED,))
        enqueue(queue, thread, planned(late + MINUTE, accounts=(PACED,)), by=schedules(grace=None))
        begun = claimed(queue, NOON)
        queue.record(begun, 1, proof(at=NOON))
        queue.settle(begun, Verdict(State.PENDING, "not now", late), NOON)

        assert claimed(queue, late).key == begun.key


def test_what_is_on_time_is_not_put_off_because_the_planner_kept_the_gaps(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, *(planned(NOON + n, accounts=(PACED,)) for n in range(2)))
        first = claimed(queue, NOON + MINUTE)
        queue.record(first, 1, proof())
        queue.settle(first, SENT, NOON)

        assert queue.claim(NOON + MINUTE)


def test_another_accounts_posts_and_its_own_first_parts_put_nothing_off(tmp_path: Path) -> None:
    late = NOON + 10 * MINUTE
    with opened(tmp_path) as queue:
        enqueue(
            queue,
            planned(NOON, "One.", "Two.", accounts=(PACED,)),
            planned(NOON + 1),
            by=schedules(grace=None),
        )
        thread = claimed(queue, late)
        assert queue.intend(thread, 1, late)
        queue.record(thread, 1, proof(at=late))
        queue.settle(thread, Verdict(State.PENDING, "not now", late), late)

        other, rest = claimed(queue, late), claimed(queue, late)

        assert (thread.account, other.account) == (PACED.name, X.name)
        assert rest.key == thread.key, "it goes on where it ended"
        assert list(rest.missing) == [2]


def test_an_intent_is_written_and_extends_the_lease(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        claim = claimed(queue)

        assert queue.intend(claim, 1, NOON + 4 * MINUTE)
        queue.recover(NOON + 6 * MINUTE, ACCOUNTS)

        assert states(queue) == [State.SENDING]
        assert [each.part for each in queue.show(claim.key, NOON)[0].attempts] == [1]


def test_who_slept_past_the_lease_may_not_ask(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        claim = claimed(queue)

        assert not queue.intend(claim, 1, NOON + 5 * MINUTE)
        assert queue.show(claim.key, NOON)[0].attempts == ()


def test_who_was_overtaken_may_neither_ask_nor_settle(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        sleeper = claimed(queue)
        queue.recover(NOON + 5 * MINUTE, ACCOUNTS)
        unknown = queue.unknown(NOON + 5 * MINUTE)
        assert unknown
        queue.clear(unknown, NOON + 5 * MINUTE)
        second = claimed(queue, NOON + 6 * MINUTE)

        assert second.fence == 2
        assert not queue.intend(sleeper, 1, NOON + 6 * MINUTE)
        assert not queue.settle(sleeper, SENT, NOON + 6 * MINUTE)
        assert queue.intend(second, 1, NOON + 6 * MINUTE)


def test_nothing_is_begun_at_the_deadline_or_during_a_hold_even_if_claimed_before(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."))
        claim = claimed(queue, NOON + HOUR - 1)
        assert not queue.intend(claim, 1, NOON + HOUR)

        queue.hold("a tragedy", now=NOON)
        assert not queue.intend(claim, 1, NOON + HOUR - 1)


def test_a_thread_in_flight_is_not_cut_by_a_hold_or_by_midnight(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."))
        claim = claimed(queue, NOON + HOUR - 1)
        assert queue.intend(claim, 1, NOON + HOUR - 1)

        queue.hold("a tragedy", now=NOON)

        assert queue.intend(claim, 2, NOON + HOUR + 1)


def test_a_receipt_is_kept_whoever_has_the_claim_and_only_the_first(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        claim = claimed(queue)
        queue.recover(NOON + 5 * MINUTE, ACCOUNTS)

        queue.record(claim, 1, proof())
        queue.record(claim, 1, proof(2))

        assert row(queue).receipts == (proof(),)


def test_not_now_counts_and_stopping_before_asking_does_not(tmp_path: Path) -> None:
    later = Verdict(State.PENDING, "not now: busy", NOON + 30)
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        assert queue.settle(claimed(queue), later, NOON)
        assert row(queue).attempts == 0

        claim = claimed(queue, NOON + 30)
        queue.intend(claim, 1, NOON + 30)
        queue.settle(claim, later, NOON + 30)

        found = row(queue)
        assert (found.attempts, found.due, found.reason) == (1, NOON + 30, "not now: busy")
        assert [(each.outcome, each.detail) for each in queue.show(claim.key, NOON)[0].attempts] == [
            ("nothing written", "not now: busy")
        ]


@pytest.mark.parametrize(("account", "due"), [(X, NOON + 120), (DEAF, None)])
def test_what_is_unanswered_waits_out_the_quarantine_or_for_a_person(
    tmp_path: Path, account: Account, due: int | None
) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=(account,)))
        claim = claimed(queue)
        queue.intend(claim, 1, NOON)

        queue.settle(claim, Verdict(State.UNKNOWN, "unanswered: lost"), NOON)

        assert row(queue).due == due
        assert queue.unknown(NOON + 119) is None
        assert (queue.unknown(NOON + DAY) is None) == (due is None)


def test_the_next_due_is_the_first_instant_at_which_anything_may_happen(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        assert queue.next_due(NOON) is None

        enqueue(queue, planned(NOON + DAY), planned(NOON + 2 * DAY))
        assert queue.next_due(NOON) == NOON + DAY

        claim = claimed(queue, NOON + DAY)
        assert queue.next_due(NOON + DAY) == NOON + DAY + 5 * MINUTE, "when the lease ends"

        queue.intend(claim, 1, NOON + DAY)
        queue.settle(claim, Verdict(State.UNKNOWN, "?"), NOON + DAY)
        assert queue.next_due(NOON + DAY) == NOON + DAY + 120, "when the network may be asked"

        queue.resolve_failed(claim.key, reason="let it be", now=NOON + DAY)
        queue.hold("a storm", now=NOON + DAY)
        assert queue.next_due(NOON + DAY) == NOON + 2 * DAY + HOUR, "when what is held becomes missed"

        queue.hold("rain", now=NOON + DAY, until=NOON + DAY + 5)
        assert queue.next_due(NOON + DAY) == NOON + DAY + 5, "when a hold ends"
