"""What came to its end, a page at a time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.desk.past import MOST, past
from bot.zones import HOUR
from tests.fakes.deliveries import ACCOUNTS, MASTODON, NOON, X, enqueue, opened, planned, sent

LONG = NOON + 10_000 * HOUR


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


def gone_by(queue: Queue, *instants: int) -> None:
    """Deliveries at these instants, which a person skipped."""
    enqueue(queue, *(planned(at) for at in dict.fromkeys(instants)), until=LONG)
    waiting = queue.rows(NOON, states=[State.PENDING])
    with queue.writing():
        for row in waiting:
            queue.skip(row.key, reason="not now", now=NOON)


def test_what_waits_is_not_past(queue: Queue) -> None:
    enqueue(queue, planned(), planned(NOON + HOUR))
    sent(queue)

    found = past(queue, NOON, before=LONG)

    assert [row.state for row in found.rows] == [State.SENT]
    assert found.older is None


def test_nothing_is_an_empty_page(queue: Queue) -> None:
    assert past(queue, NOON, before=LONG).rows == ()


def test_only_one_account_or_one_state_is_shown_where_that_is_wanted(queue: Queue) -> None:
    enqueue(queue, planned(accounts=[X, MASTODON]))
    sent(queue)
    sent(queue)

    of_one = past(queue, NOON, before=LONG, account=MASTODON.name)

    assert [row.account for row in of_one.rows] == [MASTODON.name]
    assert past(queue, NOON, before=LONG, states=[State.FAILED]).rows == ()
    assert len(past(queue, NOON, before=LONG, states=[State.SENT]).rows) == 2


def test_before_an_instant_is_before_it(queue: Queue) -> None:
    gone_by(queue, NOON, NOON + 1, NOON + 2)

    assert [row.at for row in past(queue, NOON, before=NOON + 2).rows] == [NOON + 1, NOON]


def test_what_lies_at_the_bound_takes_no_room_on_the_page(queue: Queue) -> None:
    gone_by(queue, *range(NOON, NOON + MOST + 1))

    found = past(queue, NOON, before=NOON + MOST)

    assert [row.at for row in found.rows] == [*range(NOON + MOST - 1, NOON - 1, -1)]


@pytest.mark.parametrize(("number", "older"), [(MOST - 1, None), (MOST, None), (MOST + 1, NOON + 1)])
def test_a_page_is_full_before_the_next_begins(queue: Queue, number: int, older: int | None) -> None:
    gone_by(queue, *range(NOON, NOON + number))

    found = past(queue, NOON, before=LONG)

    assert len(found.rows) == min(number, MOST)
    assert found.older == older


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(NOON, NOON + 200), min_size=1, max_size=130, unique=True))
def test_page_after_page_everything_is_shown_once_the_newest_first(
    tmp_path_factory: pytest.TempPathFactory, instants: list[int]
) -> None:
    with opened(tmp_path_factory.mktemp("past")) as queue:
        gone_by(queue, *instants)
        shown: list[int] = []
        before: int | None = LONG

        while before is not None:
            page = past(queue, NOON, before=before)
            shown += [row.at for row in page.rows]
            before = page.older

    assert shown == sorted(instants, reverse=True)


def test_those_of_one_instant_are_never_parted(queue: Queue) -> None:
    enqueue(queue, planned(NOON - 1), planned(NOON, accounts=ACCOUNTS.values()))
    gone_by(queue, *range(NOON + 1, NOON + MOST))

    page = past(queue, NOON, before=LONG)

    assert len(page.rows) == MOST - 1 + len(ACCOUNTS)
    assert page.older == NOON
