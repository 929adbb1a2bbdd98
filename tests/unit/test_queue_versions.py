"""Signs of change: what changes them, what leaves them alone, and where a slot is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.versions import Sign, Stamp, Way
from bot.model import Gap, Window
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
    sent,
    slot,
)

TODAY = NOON // DAY
WEEK = Window(TODAY * DAY, (TODAY + 7) * DAY)
Change = Callable[[Queue], object]


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


def sign(queue: Queue) -> Sign:
    return queue.signs(WEEK)[TODAY]


def test_an_empty_queue_has_a_stamp_and_no_signs(queue: Queue) -> None:
    assert queue.stamp(NOON) == Stamp(None, 0, 0, 0, 0, 0, ())
    assert queue.signs(WEEK) == {}
    assert queue.ways(WEEK) == ()
    assert queue.slot("none") is None


def approve(queue: Queue) -> None:
    queue.approve(row(queue).key, who="Ada", now=NOON)


def skip(queue: Queue) -> None:
    queue.skip(row(queue).key, reason="no", now=NOON)


def swap(queue: Queue) -> None:
    queue.swap(row(queue).key, planned(NOON + HOUR, "The sun sets.", id="sun/set"), now=NOON)


def move(queue: Queue) -> None:
    queue.move(row(queue).key, at=NOON + 2 * HOUR, now=NOON)


def hold(queue: Queue) -> None:
    queue.hold("a reason", now=NOON)


def plan_on(queue: Queue) -> None:
    enqueue(queue, until=NOON + 9 * DAY)


def plan_more(queue: Queue) -> None:
    enqueue(queue, planned(NOON + 3 * HOUR))


def leave_a_gap(queue: Queue) -> None:
    enqueue(queue, gaps=[Gap(slot(NOON + 4 * HOUR), "nothing fits")])


@pytest.mark.parametrize(
    "change",
    [approve, skip, swap, move, hold, plan_on, plan_more, leave_a_gap],
    ids=lambda each: each.__name__,
)
def test_whatever_people_or_planner_do_changes_the_stamp(queue: Queue, change: Change) -> None:
    enqueue(queue, planned(NOON + HOUR), by=schedules(approval=True))
    before = queue.stamp(NOON)
    assert queue.stamp(NOON + 1) == before

    change(queue)

    assert queue.stamp(NOON) != before


def test_a_released_hold_is_none_any_more_and_one_that_ended_is_none_either(queue: Queue) -> None:
    queue.hold("a", account=X.name, now=NOON)
    queue.hold("b", until=NOON + HOUR, now=NOON)
    assert [each.reason for each in queue.stamp(NOON).holds] == ["a", "b"]

    queue.release(now=NOON, account=X.name)

    assert [each.reason for each in queue.stamp(NOON).holds] == ["b"]
    assert queue.stamp(NOON + HOUR).holds == ()


def test_what_is_sent_moves_on_and_changes_nothing_that_was_said(queue: Queue) -> None:
    enqueue(queue, planned())
    stamp, before = queue.stamp(NOON), sign(queue)

    sent(queue)

    assert queue.stamp(NOON).moves > stamp.moves
    assert queue.stamp(NOON).changes == stamp.changes
    assert sign(queue).said == before.said
    assert sign(queue).stands != before.stands


@pytest.mark.parametrize("change", [approve, skip], ids=lambda each: each.__name__)
def test_an_approval_or_a_skip_leaves_what_is_said_as_it_is(queue: Queue, change: Change) -> None:
    enqueue(queue, planned(NOON + HOUR), by=schedules(approval=True))
    before = sign(queue)

    change(queue)

    assert sign(queue).said == before.said
    assert sign(queue).stands != before.stands


@pytest.mark.parametrize("change", [swap, move, plan_more, leave_a_gap], ids=lambda each: each.__name__)
def test_other_words_another_time_and_a_gap_change_what_is_said(queue: Queue, change: Change) -> None:
    enqueue(queue, planned(NOON + HOUR))
    before = sign(queue)

    change(queue)

    assert sign(queue).said != before.said
    assert sign(queue).stands != before.stands


def test_days_that_nothing_happened_on_keep_their_signs(queue: Queue) -> None:
    enqueue(
        queue, planned(NOON + HOUR), planned(NOON + DAY), gaps=[Gap(slot(NOON + 2 * DAY), "nothing fits")]
    )
    before = queue.signs(WEEK)
    assert sorted(before) == [TODAY, TODAY + 1, TODAY + 2]

    queue.skip(queue.rows(NOON)[0].key, reason="no", now=NOON)

    after = queue.signs(WEEK)
    assert {day for day in before if before[day] != after[day]} == {TODAY}


def test_a_sign_is_the_same_in_every_process(tmp_path: Path) -> None:
    with opened(tmp_path) as one:
        enqueue(one, planned(NOON, accounts=(X, MASTODON)))
        first = one.signs(WEEK)

    with opened(tmp_path) as other:
        assert other.signs(WEEK) == first


def test_ways_tell_where_each_delivery_stands(queue: Queue) -> None:
    enqueue(queue, planned(NOON, accounts=(X, MASTODON)))
    enqueue(queue, planned(NOON + HOUR), by=schedules(approval=True))
    enqueue(queue, planned(NOON + 8 * DAY))
    claim = claimed(queue)

    ways = {(way.account, way.slot): way for way in queue.ways(WEEK)}

    first, second = slot().key, slot(NOON + HOUR).key
    assert len(ways) == 3
    assert {ways[X.name, first].state, ways[MASTODON.name, first].state} == {State.SENDING, State.PENDING}
    assert ways[claim.account, first] == Way(claim.key, first, claim.account, State.SENDING, is_approved=True)
    assert not ways[X.name, second].is_approved


def test_a_slot_is_found_where_people_moved_it_and_a_gap_where_it_is(queue: Queue) -> None:
    enqueue(queue, planned(NOON + HOUR), gaps=[Gap(slot(NOON + DAY), "nothing fits")])
    move(queue)

    found, unsaid = queue.slot(slot(NOON + HOUR).key), queue.slot(slot(NOON + DAY).key)

    assert found
    assert found.at == NOON + 2 * HOUR
    assert unsaid == slot(NOON + DAY)
