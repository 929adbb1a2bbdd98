"""What people decide."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.contracts import Receipt
from bot.delivery.queue import Queue
from bot.delivery.retry import Verdict
from bot.delivery.states import State
from bot.delivery.values import Hold
from bot.errors import BadCall
from bot.model import Tone, Window
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.deliveries import (
    DEAF,
    MASTODON,
    NOON,
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
)

BOTH = (X, MASTODON)


def settled(queue: Queue, state: State, *, parts: int = 0, now: int = NOON) -> str:
    """The key of a delivery that was claimed, had so many parts shown, was asked for one more, and stands here now."""
    claim = claimed(queue, now)
    for part in range(1, parts + 1):
        queue.go_on(claim, part, proof(part), now, live=True)
    queue.settle(claim, Verdict(state, "as it went"), now)
    return claim.key


def test_an_approval_says_who_and_a_change_voids_it(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), by=schedules(approval=True))
        assert row(queue).waits == "not approved"

        queue.approve(row(queue).key, who="Ada", now=NOON - 1)
        assert (row(queue).approved_by, row(queue).waits, row(queue).touched) == (("Ada",), "", True)

        queue.swap(row(queue).key, planned(NOON, "Another.", id="another"), now=NOON - 1)
        assert (row(queue).approved_by, row(queue).waits) == ((), "not approved")


def test_only_what_was_seen_is_approved(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), by=schedules(approval=True))
        seen = row(queue)
        queue.swap(seen.key, planned(NOON, "Another."), now=NOON - 1)

        with pytest.raises(BadCall, match="it has changed since it was looked at; look at it again"):
            queue.approve(seen.key, who="Ada", now=NOON, seen=seen.rendition.digest)
        queue.approve(seen.key, who="Ada", now=NOON, seen=row(queue).rendition.digest)

        assert row(queue).approved_by == ("Ada",)


def test_a_slots_key_stands_for_all_its_deliveries(tmp_path: Path) -> None:
    post = planned(accounts=BOTH)
    with opened(tmp_path) as queue:
        enqueue(queue, post, planned(NOON + 1))

        queue.skip(post.slot.key[:8], reason="not today", now=NOON)

        assert states(queue) == [State.CANCELLED, State.CANCELLED, State.PENDING]
        assert queue.rows(NOON)[0].reason == "not today"


def test_a_deliverys_key_stands_for_one(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=BOTH))
        key = next(each.key for each in queue.rows(NOON) if each.account == X.name)

        queue.skip(key[:10], reason="not there", now=NOON)

        assert {each.account: each.state for each in queue.rows(NOON)} == {
            X.name: State.CANCELLED,
            MASTODON.name: State.PENDING,
        }


def test_a_key_that_names_nothing_or_too_much_is_told(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, *(planned(NOON + n) for n in range(40)))

        for key in ("zzzz", "", "%", "_"):
            with pytest.raises(BadCall, match=r"no delivery is called .* shows their keys"):
                queue.skip(key, reason="", now=NOON)
        with pytest.raises(BadCall, match=r"is the beginning of \d+ keys; write more of it"):
            queue.skip(queue.rows(NOON)[0].key[0], reason="", now=NOON)


Decision = Callable[[Queue, str], object]
DECISIONS: dict[str, tuple[Decision, set[State]]] = {
    "approve": (lambda queue, key: queue.approve(key, who="Ada", now=NOON), {State.PENDING}),
    "skip": (lambda queue, key: queue.skip(key, reason="no", now=NOON), {State.PENDING}),
    "move": (lambda queue, key: queue.move(key, at=NOON + 1, now=NOON), {State.PENDING}),
    "retry": (lambda queue, key: queue.retry(key, now=NOON), {State.PENDING, State.FAILED}),
    "sent": (lambda queue, key: queue.resolve_sent(key, url="https://a/1", now=NOON), {State.UNKNOWN}),
    "absent": (lambda queue, key: queue.resolve_absent(key, now=NOON), {State.UNKNOWN}),
    "failed": (lambda queue, key: queue.resolve_failed(key, reason="no", now=NOON), {State.UNKNOWN}),
}


@pytest.mark.parametrize("name", DECISIONS)
@pytest.mark.parametrize("state", [State.PENDING, State.SENDING, State.SENT, State.FAILED, State.UNKNOWN])
def test_each_decision_is_for_some_states_and_is_refused_elsewhere(
    tmp_path: Path, name: str, state: State
) -> None:
    decide, states_for_it = DECISIONS[name]
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        if state is State.SENDING:
            claimed(queue)
        elif state is not State.PENDING:
            settled(queue, state)
        key = row(queue).key

        if state in states_for_it:
            decide(queue, key)
            assert queue.rows(NOON)[0].touched
        else:
            with pytest.raises(BadCall, match=f"{key}: it is {state}, and only what is .* can be"):
                decide(queue, key)
            assert states(queue) == [state]


def test_a_moved_post_has_its_grace_where_it_lies_now(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=BOTH), by=schedules(grace=2 * HOUR))

        queue.move(planned().slot.key, at=NOON + DAY + 11 * HOUR, now=NOON)

        for found in queue.rows(NOON):
            assert (found.at, found.due) == (NOON + DAY + 11 * HOUR,) * 2
            assert found.deadline == NOON + DAY + 12 * HOUR
            assert found.slot.key == planned().slot.key


def test_one_of_a_slots_deliveries_may_be_moved_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=BOTH))
        first = queue.rows(NOON)[0]

        queue.move(first.key, at=NOON + HOUR, now=NOON)

        assert [each.at for each in queue.rows(NOON)] == [NOON, NOON + HOUR]
        assert queue.history(NOON).uses[0].at == NOON


def test_nothing_is_moved_into_the_past(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())

        with pytest.raises(BadCall, match="2027-03-01T11:59:59Z has passed; name a time to come"):
            queue.move(row(queue).key, at=NOON - 1, now=NOON)


def test_a_swap_keeps_slot_and_keys_and_changes_what_is_shown(tmp_path: Path) -> None:
    other = planned(NOON, "Another.", id="another", accounts=(X, MASTODON, DEAF), tone=Tone.CELEBRATION)
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=BOTH))
        before = queue.rows(NOON)

        queue.swap(before[0].key, other, now=NOON)

        after = queue.rows(NOON)
        assert [each.key for each in after] == [each.key for each in before]
        assert {(each.post, each.tone, each.rendition.parts[0].text) for each in after} == {
            ("another", Tone.CELEBRATION, "Another.")
        }
        assert all(each.rendition.key == each.key for each in after)
        assert queue.history(NOON).uses[0].post == "another"


def test_a_swap_needs_words_for_every_account(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=BOTH))

        with pytest.raises(BadCall, match="the other post has nothing for ours-mastodon"):
            queue.swap(queue.rows(NOON)[0].key, planned(NOON, "Another."), now=NOON)


def test_what_a_network_was_asked_for_is_frozen(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        claim = claimed(queue)
        queue.settle(claim, Verdict(State.PENDING, "not now", NOON), NOON)

        with pytest.raises(BadCall, match="ours-x was asked for it already"):
            queue.swap(claim.key, planned(NOON, "Another."), now=NOON)


def test_what_waits_for_a_network_can_be_asked_again_at_once(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        claim = claimed(queue)
        queue.settle(claim, Verdict(State.PENDING, "not now", NOON + 10 * MINUTE), NOON)

        queue.retry(claim.key, now=NOON + 1)

        assert take(queue, NOON + 1)


def test_a_retry_is_never_early(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())

        with pytest.raises(BadCall, match="it is not due before 2027-03-01T12:00:00Z; move it instead"):
            queue.retry(row(queue).key, now=NOON - 1)


def test_what_failed_is_retried_in_a_delivery_of_its_own_after_the_parts_that_are_out(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."), by=schedules(approval=True))
        queue.approve(row(queue).key, who="Ada", now=NOON)
        failed = settled(queue, State.FAILED, parts=1)

        queue.retry(failed, now=NOON + 1)

        again = next(each for each in queue.rows(NOON) if each.key != failed)
        assert (again.state, again.due, again.deadline) == (State.PENDING, NOON + 1, NOON + HOUR)
        assert (again.attempts, again.approved_by, again.reason) == (0, ("Ada",), f"retried for {failed}")
        assert again.rendition == replace(row(queue, failed).rendition, key=again.key)
        assert queue.show(again.key, NOON)[0].moves[0].reason == f"retried for {failed}"
        claim = claimed(queue, NOON + 1)
        assert (claim.key, list(claim.missing)) == (again.key, [2])


def test_what_is_resolved_after_the_clock_was_set_back_is_not_early(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        unknown = settled(queue, State.UNKNOWN)

        queue.resolve_absent(unknown, now=NOON - MINUTE)

        assert row(queue).due == NOON
        assert take(queue, NOON - 1) is None
        assert take(queue)


def test_a_retry_after_the_clock_was_set_back_is_not_early(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        queue.retry(settled(queue, State.FAILED), now=NOON - MINUTE)

        assert take(queue, NOON - 1) is None
        assert take(queue)


@pytest.mark.parametrize(
    "after", range(4)
)  # keys are as good as chance: the new one sorts before the old, or after
def test_a_retry_is_one_use_and_one_post_in_every_view(tmp_path: Path, after: int) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON - after, accounts=BOTH))
        before = queue.history(NOON - after)
        queue.retry(settled(queue, State.FAILED), now=NOON)

        [shown] = queue.planned(Window(NOON - after, NOON + 1)).posts

        assert queue.history(NOON - after) == before
        assert [each.account for each in shown.renditions] == [X.name, MASTODON.name]
        assert shown.state == "pending"


def test_an_approval_that_was_void_is_not_revived_by_a_retry(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        queue.approve(row(queue).key, who="Ada", now=NOON)
        queue.swap(row(queue).key, planned(NOON, "Another."), now=NOON)
        failed = settled(queue, State.FAILED)

        queue.retry(failed, now=NOON)

        assert next(each for each in queue.rows(NOON) if each.key != failed).approved_by == ()


def test_what_failed_is_retried_once_and_in_its_time(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        failed = settled(queue, State.FAILED)
        queue.retry(failed, now=NOON)

        with pytest.raises(BadCall, match="that was done, see"):
            queue.retry(failed, now=NOON)
        again = settled(queue, State.FAILED)
        with pytest.raises(
            BadCall, match=r"its time ended 2027-03-01T13:00:00Z; `redletter post` shows it anew"
        ):
            queue.retry(again, now=NOON + HOUR)

        assert states(queue) == [State.FAILED] * 2


def test_a_person_who_found_it_gives_the_receipt(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        key = settled(queue, State.UNKNOWN)

        queue.resolve_sent(key, url="https://network.example/42/", now=NOON + 9)

        assert states(queue) == [State.SENT]
        assert row(queue).receipts == (Receipt("42", "https://network.example/42/", NOON + 9),)
        assert row(queue).reason == "a person found it: https://network.example/42/"
        assert queue.show(key, NOON)[0].attempts[0].outcome == "receipt"


def test_a_thread_of_which_a_person_found_a_part_goes_on(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two.", "Three."))
        key = settled(queue, State.UNKNOWN, parts=1)

        queue.resolve_sent(key, url="https://network.example/2", now=NOON + 9)

        claim = claimed(queue, NOON + 9)
        assert [each.id for each in claim.receipts] == ["id-1", "2"]
        assert list(claim.missing) == [3]


def test_what_a_person_found_absent_is_asked_again(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        key = settled(queue, State.UNKNOWN)

        queue.resolve_absent(key, now=NOON + 9)

        assert take(queue, NOON + 9)
        assert queue.show(key, NOON)[0].attempts[0].outcome == "absent"


def test_what_a_person_gives_up_is_failed(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())

        queue.resolve_failed(settled(queue, State.UNKNOWN), reason="let it be", now=NOON)

        assert (row(queue).state, row(queue).reason) == (State.FAILED, "let it be")


def test_holds_are_listed_until_they_end(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        tone = queue.hold("a tragedy", now=NOON, tone=Tone.CELEBRATION)
        storm = queue.hold("a storm", now=NOON, account=X.name, until=NOON + HOUR)

        assert tone == Hold(1, None, Tone.CELEBRATION, NOON, None, "a tragedy")
        assert queue.holds(NOON + HOUR - 1) == (tone, storm)
        assert queue.holds(NOON + HOUR) == (tone,)
        assert [storm.lasts(NOON + HOUR - 1), storm.lasts(NOON + HOUR), tone.lasts(NOON + HOUR)] == [
            True,
            False,
            True,
        ]


@pytest.mark.parametrize(
    ("account", "tone", "left"),
    [
        (None, None, []),
        (X.name, None, ["tone"]),
        (None, Tone.CELEBRATION, ["account"]),
        (X.name, Tone.CELEBRATION, ["account", "tone"]),
    ],
)
def test_release_lets_go_of_what_it_names(
    tmp_path: Path, account: str | None, tone: Tone | None, left: list[str]
) -> None:
    with opened(tmp_path) as queue:
        holds = {
            "account": queue.hold("account", now=NOON, account=X.name),
            "tone": queue.hold("tone", now=NOON, tone=Tone.CELEBRATION),
        }

        released = queue.release(now=NOON + 1, account=account, tone=tone)

        assert [each.reason for each in queue.holds(NOON + 1)] == left
        assert released == tuple(
            replace(each, released_at=NOON + 1) for name, each in holds.items() if name not in left
        )


def test_a_hold_does_not_end_before_it_begins(tmp_path: Path) -> None:
    with opened(tmp_path) as queue, pytest.raises(BadCall, match="has passed; name a time to come, or none"):
        queue.hold("a storm", now=NOON, until=NOON)


def test_a_thread_that_was_to_be_taken_down_does_not_go_on(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."))
        failed = settled(queue, State.FAILED, parts=1)
        [showing] = queue.showings([failed])[failed]
        queue.begin_removal(showing, who="Ada", now=NOON)

        with pytest.raises(BadCall, match="parts of it were taken down; `redletter post` shows it anew"):
            queue.retry(failed, now=NOON)
