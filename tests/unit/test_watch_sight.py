"""What the watch reads in the queue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.contracts import Receipt
from bot.delivery.queue import Queue
from bot.delivery.retry import Verdict
from bot.delivery.states import State
from bot.delivery.values import Claim
from bot.watch.causes import Kind, causes
from bot.watch.sight import LOOK_BACK, MOST, see
from bot.zones import DAY, HOUR
from tests.fakes.deliveries import MASTODON, NOON, X, enqueue, opened, planned


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as queue:
        yield queue


def claimed(queue: Queue, now: int = NOON) -> Claim:
    due = queue.first_due(X.name, now)
    assert due is not None
    claim = queue.claim(due, ("",) * len(due.rendition.parts), now, live=True)
    assert isinstance(claim, Claim)
    return claim


def test_what_is_in_hand_makes_its_account_busy(queue: Queue) -> None:
    enqueue(queue, planned(NOON))
    claimed(queue)

    seen = see(queue, NOON)

    assert seen.busy == {X.name}
    assert not any((seen.waiting, seen.ended, seen.unknown))


def test_what_was_sent_is_read_where_something_is_wrong_only(queue: Queue) -> None:
    enqueue(queue, planned(NOON), planned(NOON + HOUR))
    claim = claimed(queue)
    queue.finish(claim, 1, Receipt("1", "https://network.example/1", NOON), NOON)
    well = see(queue, NOON + HOUR)
    due = queue.first_due(X.name, NOON + HOUR)
    assert due is not None
    queue.turn_away(due, Verdict(State.PENDING, "barred: ours-x: revoked", NOON + HOUR + 1), NOON + HOUR)

    barred = see(queue, NOON + HOUR)

    assert (well.sent, len(barred.sent)) == ((), 1)
    assert [cause.kind for cause in causes(barred, NOON + HOUR)] == [Kind.BARRED]


def test_an_unknown_comes_with_its_moves_however_old_it_is(queue: Queue) -> None:
    enqueue(queue, planned(NOON))
    claimed(queue)
    died = NOON + HOUR
    queue.recover(died, {X.name})

    (shown,) = see(queue, NOON + 10 * LOOK_BACK).unknown

    assert shown.row.state is State.UNKNOWN
    (cause,) = causes(see(queue, died), died)
    assert cause.since == died


def test_no_more_unknowns_are_told_of_than_people_can_read(queue: Queue) -> None:
    instants = [NOON + number for number in range(MOST + 1)]
    enqueue(queue, *map(planned, instants))
    for instant in instants:
        claimed(queue, instant)
    queue.recover(NOON + HOUR, {X.name})

    assert [shown.row.at for shown in see(queue, NOON + HOUR).unknown] == instants[:-1]


def test_what_was_missed_is_seen_for_a_week_and_a_day(queue: Queue) -> None:
    enqueue(queue, planned(NOON, accounts=(X, MASTODON)))
    queue.recover(NOON + DAY, {X.name, MASTODON.name})

    assert len(see(queue, NOON + LOOK_BACK).ended) == 2
    assert see(queue, NOON + LOOK_BACK + 1).ended == ()


def test_what_a_person_gave_up_is_no_news(queue: Queue) -> None:
    enqueue(queue, planned(NOON))
    claimed(queue)
    queue.recover(NOON + HOUR, {X.name})
    (lost,) = see(queue, NOON + HOUR).unknown

    queue.resolve_failed(lost.row.key, reason="We let it be.", now=NOON + HOUR)

    seen = see(queue, NOON + HOUR)
    assert not (*seen.ended, *seen.unknown)


def test_what_its_network_refused_is(queue: Queue) -> None:
    enqueue(queue, planned(NOON))
    queue.settle(claimed(queue), Verdict(State.FAILED, "refused: no"), NOON)

    assert [row.reason for row in see(queue, NOON).ended] == ["refused: no"]


def test_half_a_thread_that_was_taken_down_is_no_news(queue: Queue) -> None:
    enqueue(queue, planned(NOON, "One.", "Two."))
    claim = claimed(queue)
    queue.go_on(claim, 1, Receipt("1", "https://network.example/1", NOON), NOON, live=True)
    queue.settle(claim, Verdict(State.FAILED, "refused"), NOON)
    assert [each.kind for each in causes(see(queue, NOON), NOON)] == [Kind.HALF]

    [showing] = queue.showings([claim.key])[claim.key]
    queue.begin_removal(showing, who="Ada", now=NOON)

    assert causes(see(queue, NOON), NOON) == ()
