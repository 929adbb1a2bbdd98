"""Claims, attempts and receipts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.contracts import Quote
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
    SILENCE,
    X,
    claimed,
    enqueue,
    opened,
    planned,
    proof,
    row,
    schedules,
    sent,
    states,
    take,
    unanswered,
    waited,
    waiting,
)


def test_nothing_goes_out_before_its_time(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())

        assert take(queue, NOON - 1) is None
        assert claimed(queue).key == row(queue).key


def test_nothing_goes_out_at_its_deadline_or_after(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())

        assert take(queue, NOON + HOUR) is None
        assert take(queue, NOON + HOUR - 1)


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

        assert take(queue, NOON) is None


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

        claim = take(queue, NOON + 2, wanted)

        assert claim
        assert claim.key == wanted
        assert take(queue, NOON + 2, wanted) is None


def test_two_hundred_deliveries_and_four_claimants_make_two_hundred_claims(tmp_path: Path) -> None:
    def claim_all(_: int) -> list[str]:
        keys = []
        with opened(tmp_path) as queue:
            while waiting(queue, NOON + MINUTE):
                claim = take(queue, NOON + MINUTE)
                keys += [claim.key] if claim else []  # another was quicker
        return keys

    with opened(tmp_path) as queue:
        enqueue(queue, *(planned(NOON, id=str(n), event=f"event-{n}") for n in range(200)))

    with ThreadPoolExecutor(4) as threads:
        keys = [key for keys in threads.map(claim_all, range(4)) for key in keys]

    assert len(keys) == 200
    assert len(set(keys)) == 200


def test_what_needs_approval_waits_for_it(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), by=schedules(approval=True))

        assert take(queue, NOON) is None

        queue.approve(row(queue).key, who="Ada", now=NOON)
        assert take(queue, NOON)


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

        assert (take(queue, NOON) is None) == is_held


def test_a_hold_ends_at_its_time_or_when_it_is_released(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON), planned(NOON + 1))
        queue.hold("a storm", now=NOON, until=NOON + 10)

        assert take(queue, NOON + 9) is None
        assert take(queue, NOON + 10)

        queue.hold("another", now=NOON + 11)
        assert take(queue, NOON + 11) is None
        queue.release(now=NOON + 12)
        assert take(queue, NOON + 12)


def test_a_hold_holds_even_when_the_clock_is_set_back_before_it(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        queue.hold("a tragedy", now=NOON + MINUTE)

        assert take(queue, NOON) is None


def test_what_is_late_keeps_its_accounts_gap(tmp_path: Path) -> None:
    late = NOON + 10 * MINUTE
    with opened(tmp_path) as queue:
        enqueue(queue, *(planned(NOON + n, accounts=(PACED,)) for n in range(3)), by=schedules(grace=None))
        first = claimed(queue, late)
        assert take(queue, late) is None, "one is on its way already"

        queue.finish(first, 1, proof(at=late), late)

        assert take(queue, late + HOUR - 1) is None
        assert queue.next_due(late) == late + HOUR
        assert take(queue, late + HOUR)


def test_what_is_late_waits_for_what_is_on_time_or_due_within_the_gap(tmp_path: Path) -> None:
    late, soon = NOON + 10 * MINUTE, NOON + HOUR
    with opened(tmp_path) as queue:
        posts = (planned(NOON, accounts=(PACED,)), planned(soon, accounts=(PACED,)))
        enqueue(queue, *posts, by=schedules(grace=None))

        assert take(queue, late) is None, "an hour lies between the two, and only 50 minutes are left"
        assert queue.next_due(late) == soon, "nobody need wake before"

        first = sent(queue, soon)

        assert first.key == posts[1].renditions[0].key
        assert take(queue, soon + HOUR - 1) is None
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
    feast = planned(NOON + HOUR, accounts=(PACED,), id="feast", tone=Tone.CELEBRATION)
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, accounts=(PACED,)), feast, by=schedules(grace=None))
        stop(queue, feast.renditions[0].key)

        assert take(queue, late), why


def test_what_is_late_waits_for_nothing_that_nobody_has_approved(tmp_path: Path) -> None:
    late, needs_a_word = NOON + 10 * MINUTE, schedules(grace=None, approval=True)
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, accounts=(PACED,)), by=schedules(grace=None))
        enqueue(queue, planned(NOON + HOUR, accounts=(PACED,)), by=needs_a_word)

        assert take(queue, late)


def test_an_answer_closes_the_attempt_of_its_own_delivery_and_no_other(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=(X, MASTODON)))
        claims = [
            queue.claim(due, ("",), NOON, live=True)
            for each in (X, MASTODON)
            if (due := queue.first_due(each.name, NOON))
        ]
        first, second = (claim for claim in claims if isinstance(claim, Claim))

        queue.settle(first, Verdict(State.FAILED, "refused"), NOON)

        outcomes = {
            each.row.key: [seen.outcome for seen in each.attempts]
            for each in queue.show(row(queue, first.key).slot.key, NOON)
        }
        assert outcomes == {first.key: ["nothing written"], second.key: [None]}


def test_a_late_thread_that_has_begun_goes_on(tmp_path: Path) -> None:
    late = NOON + 10 * MINUTE
    with opened(tmp_path) as queue:
        thread = planned(NOON, "One.", "Two.", accounts=(PACED,))
        enqueue(queue, thread, planned(late + MINUTE, accounts=(PACED,)), by=schedules(grace=None))
        begun = claimed(queue, NOON)
        queue.go_on(begun, 1, proof(at=NOON), NOON, live=True)
        queue.settle(begun, Verdict(State.PENDING, "not now", late), NOON)

        assert claimed(queue, late).key == begun.key


def test_what_is_on_time_is_not_put_off_because_the_planner_kept_the_gaps(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, *(planned(NOON + n, accounts=(PACED,)) for n in range(2)))
        sent(queue, NOON + MINUTE)

        assert take(queue, NOON + MINUTE)


def test_another_accounts_posts_and_its_own_first_parts_put_nothing_off(tmp_path: Path) -> None:
    late = NOON + 10 * MINUTE
    with opened(tmp_path) as queue:
        posts = (planned(NOON, "One.", "Two.", accounts=(PACED,)), planned(NOON + 1))
        enqueue(queue, *posts, by=schedules(grace=None))
        thread = claimed(queue, late, posts[0].renditions[0].key)
        queue.go_on(thread, 1, proof(at=late), late, live=True)
        queue.settle(thread, Verdict(State.PENDING, "not now", late), late)

        other = claimed(queue, late, posts[1].renditions[0].key)
        rest = claimed(queue, late)

        assert (thread.account, other.account) == (PACED.name, X.name)
        assert rest.key == thread.key, "it goes on where it ended"
        assert list(rest.missing) == [2]


def test_a_claim_is_an_intent_to_ask_for_the_next_part(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."))

        claim = claimed(queue, NOON + 1, live=False)
        assert intents(queue, claim) == [(1, NOON + 1, False)]

        assert queue.go_on(claim, 1, proof(), NOON + 2, live=True)
        assert intents(queue, claim) == [(1, NOON + 1, False), (2, NOON + 2, True)]


def intents(queue: Queue, claim: Claim) -> list[tuple[int, int, bool]]:
    return [(each.part, each.at, each.live) for each in queue.show(claim.key, NOON)[0].attempts]


def test_parts_that_were_shown_together_have_one_intent_and_the_next_has_its_own(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two.", "Three."))
        claim = claimed(queue)

        assert queue.go_on(claim, 1, replace(proof(), then=(proof(2),)), NOON + 2, live=True)

        assert [part for part, *_ in intents(queue, claim)] == [1, 3]
        assert row(queue).receipts == (proof(), proof(2))


STOPS: dict[str, Callable[[Queue, str], object]] = {
    "a hold": lambda queue, _: queue.hold("a tragedy", now=NOON),
    "another": lambda queue, _: claimed(queue),
    "one who was put off": lambda queue, _: queue.settle(
        claimed(queue), Verdict(State.PENDING, "not now", NOON), NOON
    ),
    "a swap": lambda queue, key: queue.swap(key, planned(NOON, "Another."), now=NOON),
    "a move": lambda queue, key: queue.move(key, at=NOON + 1, now=NOON),
    "a person who says no": lambda queue, key: queue.skip(key, reason="no", now=NOON),
}


@pytest.mark.parametrize("stop", STOPS)
def test_whoever_came_between_a_look_and_its_claim_is_heeded(tmp_path: Path, stop: str) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        due = waited(queue)
        STOPS[stop](queue, due.key)
        before = queue.show(due.key, NOON)

        assert queue.claim(due, ("",), NOON, live=True) is None
        assert not queue.turn_away(due, Verdict(State.FAILED, "no"), NOON)
        assert queue.show(due.key, NOON) == before


def test_nothing_is_begun_at_its_deadline_even_if_looked_at_before(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        due = waited(queue, NOON + HOUR - 1)

        assert queue.claim(due, ("",), NOON + HOUR, live=True) is None
        assert queue.claim(due, ("",), NOON + HOUR - 1, live=True)


def test_what_was_made_of_the_parts_is_kept_with_the_claim_and_stays_as_it_was_first(tmp_path: Path) -> None:
    made = ("", '{"uploaded": "é😀"}')
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."))
        due = waited(queue)
        assert due.prepared == ()
        first = queue.claim(due, made, NOON, live=True)
        assert isinstance(first, Claim)
        assert first.prepared == made
        queue.settle(first, Verdict(State.PENDING, "not now", NOON), NOON)

        again = waited(queue)
        queue.claim(again, ("other", "words"), NOON, live=True)
        queue.recover(NOON + MINUTE, ACCOUNTS)
        unknown = queue.unknown(X.name, NOON + 3 * MINUTE)

        assert again.prepared == made
        assert unknown
        assert unknown.claim.prepared == made


def test_what_lost_its_claim_keeps_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        due = waited(queue)
        other = queue.claim(due, ("theirs",), NOON, live=True)
        assert isinstance(other, Claim)

        queue.claim(due, ("ours",), NOON, live=True)
        queue.settle(other, Verdict(State.PENDING, "not now", NOON), NOON)

        assert claimed(queue).prepared == ("",)
        assert row(queue).attempts == 0


def test_it_is_known_when_each_part_was_first_asked_for_without_a_plain_no(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."))
        claim = claimed(queue, NOON + 1)
        assert claim.asked == (None, None)
        queue.go_on(claim, 1, proof(), NOON + 2, live=True)
        queue.settle(claim, Verdict(State.PENDING, "not now", NOON + 30), NOON)
        queue.settle(claimed(queue, NOON + 30), Verdict(State.PENDING, "not now", NOON + 60), NOON + 30)

        third = claimed(queue, NOON + 60)
        queue.settle(third, SILENCE, NOON + 60)

        assert third.asked == (NOON + 1, None)
        [unknown] = [queue.unknown(X.name, NOON + HOUR)]
        assert unknown
        assert unknown.claim.asked == (NOON + 1, NOON + 60)


def test_who_slept_past_the_lease_keeps_its_proof_and_lets_others_go_on(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."))
        claim = claimed(queue)

        assert not queue.go_on(claim, 1, proof(), NOON + MINUTE, live=True)

        assert (row(queue).state, row(queue).due) == (State.PENDING, NOON + MINUTE)
        assert row(queue).reason == "goes on with part 2, which was never asked for"
        assert row(queue).receipts == (proof(),)
        assert [part for part, *_ in intents(queue, claim)] == [1]


def test_a_sign_of_life_extends_the_lease(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        claim = claimed(queue)

        queue.keep([claim], NOON + MINUTE - 1)
        queue.recover(NOON + 2 * MINUTE - 2, ACCOUNTS)
        assert states(queue) == [State.SENDING]

        queue.keep([], NOON + 2 * MINUTE - 1)
        queue.keep([claim], NOON + 2 * MINUTE - 1)
        queue.recover(NOON + 2 * MINUTE - 1, ACCOUNTS)
        assert states(queue) == [State.UNKNOWN], "the dead give no sign of life"


def test_who_was_overtaken_may_neither_go_on_nor_settle(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."))
        sleeper = claimed(queue)
        queue.recover(NOON + 5 * MINUTE, ACCOUNTS)
        unknown = queue.unknown(X.name, NOON + 7 * MINUTE)
        assert unknown
        queue.clear(unknown, NOON + 7 * MINUTE)
        now = NOON + 8 * MINUTE
        second = claimed(queue, now)

        assert second.fence == 2
        assert not queue.go_on(sleeper, 1, proof(), now, live=True)
        assert not queue.settle(sleeper, Verdict(State.FAILED, "no"), now)
        queue.keep([sleeper], now + 30)
        queue.recover(now + MINUTE - 1, ACCOUNTS)
        assert states(queue) == [State.SENDING]
        queue.recover(now + MINUTE, ACCOUNTS)
        assert states(queue) == [State.UNKNOWN], "a sign of life of the first is none of the second"


LATE: dict[str, tuple[Callable[[Queue, Claim, int], bool], State]] = {
    "a receipt": (lambda queue, claim, now: queue.finish(claim, 1, proof(), now), State.SENT),
    "a refusal": (
        lambda queue, claim, now: queue.settle(claim, Verdict(State.FAILED, "refused: no"), now),
        State.FAILED,
    ),
    "not now": (
        lambda queue, claim, now: queue.settle(claim, Verdict(State.PENDING, "not now", now + 9), now),
        State.PENDING,
    ),
    "silence": (lambda queue, claim, now: queue.settle(claim, SILENCE, now), State.UNKNOWN),
}


@pytest.mark.parametrize("answer", LATE)
def test_an_answer_that_comes_after_the_claim_was_taken_for_dead_is_an_answer(
    tmp_path: Path, answer: str
) -> None:
    late, state = LATE[answer]
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=(DEAF,)))
        claim = claimed(queue)
        queue.recover(NOON + MINUTE, ACCOUNTS)
        assert (row(queue).state, row(queue).due) == (State.UNKNOWN, None)

        moved = late(queue, claim, NOON + 2 * MINUTE)

        assert row(queue).state is state
        assert moved == (state is not State.UNKNOWN)


def test_a_thread_in_flight_is_not_cut_by_a_hold_or_by_midnight(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."))
        claim = claimed(queue, NOON + HOUR - 1)

        queue.hold("a tragedy", now=NOON)

        assert queue.go_on(claim, 1, proof(), NOON + HOUR + 1, live=True)


def test_a_receipt_is_kept_whoever_has_the_claim_and_only_the_first(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        claim = claimed(queue)
        queue.recover(NOON + 5 * MINUTE, ACCOUNTS)

        queue.record(claim, 1, proof())
        queue.record(claim, 1, proof(2))

        assert row(queue).receipts == (proof(),)


def test_what_is_not_now_is_put_off_and_counted_if_its_verdict_counts(tmp_path: Path) -> None:
    later = Verdict(State.PENDING, "not now: busy", NOON + 30)
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        assert queue.settle(claimed(queue), later, NOON)
        assert row(queue).attempts == 0

        claim = claimed(queue, NOON + 30)
        queue.settle(claim, replace(later, counts=True), NOON + 30)

        found = row(queue)
        assert (found.attempts, found.due, found.reason) == (1, NOON + 30, "not now: busy")
        assert [(each.outcome, each.detail) for each in queue.show(claim.key, NOON)[0].attempts] == [
            ("nothing written", "not now: busy")
        ] * 2


def test_what_is_turned_away_was_never_asked_for(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        due = waited(queue)

        assert queue.turn_away(due, Verdict(State.PENDING, "not now: busy", NOON + 30, counts=True), NOON)

        found = row(queue)
        assert (found.state, found.attempts, found.due) == (State.PENDING, 1, NOON + 30)
        assert intents(queue, due) == []
        assert claimed(queue, NOON + 30).asked == (None,)


@pytest.mark.parametrize(("account", "due"), [(X, NOON + 120), (DEAF, None)])
def test_what_is_unanswered_waits_out_the_quarantine_or_for_a_person(
    tmp_path: Path, account: Account, due: int | None
) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=(account,)))

        queue.settle(claimed(queue), SILENCE, NOON)

        assert row(queue).due == due
        assert queue.unknown(account.name, NOON + 119) is None
        assert (queue.unknown(account.name, NOON + DAY) is None) == (due is None)


def test_a_quote_is_the_latest_receipt_of_a_first_part_on_that_account(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."), planned(NOON + 1), planned(NOON + 2, id="another"))
        thread = claimed(queue, NOON)
        queue.go_on(thread, 1, proof(1, NOON), NOON, live=True)
        queue.finish(thread, 2, proof(2, NOON + 1), NOON + 1)
        assert queue.quoted("moon/rise", X.name, live=True) == Quote("id-1", "https://network.example/1")

        queue.finish(claimed(queue, NOON + 1), 1, proof(7, NOON + 1), NOON + 1)
        sent(queue, NOON + 2)

        assert queue.quoted("moon/rise", X.name, live=True) == Quote("id-7", "https://network.example/7")
        assert queue.quoted("moon/rise", MASTODON.name, live=True) is None
        assert queue.quoted("moon/set", X.name, live=True) is None
        assert queue.quoted("moon/rise", X.name, live=False) is None, "the dry run never had it"


def test_the_next_due_is_the_first_instant_at_which_anything_may_happen(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        assert queue.next_due(NOON) is None

        enqueue(queue, planned(NOON + DAY), planned(NOON + 2 * DAY))
        assert queue.next_due(NOON) == NOON + DAY

        claim = claimed(queue, NOON + DAY)
        assert queue.next_due(NOON + DAY) == NOON + DAY + MINUTE, "when the lease ends"

        queue.settle(claim, Verdict(State.UNKNOWN, "?"), NOON + DAY)
        assert queue.next_due(NOON + DAY) == NOON + DAY + 120, "when the network may be asked"

        queue.resolve_failed(claim.key, reason="let it be", now=NOON + DAY)
        queue.hold("a storm", now=NOON + DAY)
        assert queue.next_due(NOON + DAY) == NOON + 2 * DAY + HOUR, "when what is held becomes missed"

        queue.hold("rain", now=NOON + DAY, until=NOON + DAY + 5)
        assert queue.next_due(NOON + DAY) == NOON + DAY + 5, "when a hold ends"


def test_an_account_is_hungry_while_something_of_its_own_is_due(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, accounts=(X, MASTODON)), planned(NOON + 1))
        assert queue.hungry(NOON - 1) == ()
        assert set(queue.hungry(NOON)) == {X.name, MASTODON.name}

        unanswered(queue)
        sent(queue)

        assert queue.hungry(NOON) == ()
        assert queue.hungry(NOON + 1) == (X.name,)
        sent(queue, NOON + 1)
        assert len(queue.hungry(NOON + 120)) == 1, "what is unknown may be looked for"
