"""What an account may spend and say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.delivery.budgets import Bound, bounds, cost_of
from bot.delivery.queue import Queue
from bot.delivery.retry import Verdict
from bot.delivery.states import State
from bot.delivery.values import Claim
from bot.model import Account, Budget
from bot.planning.cost import price
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes import network as moods
from tests.fakes.deliveries import (
    ACCOUNTS,
    NOON,
    X,
    claimed,
    delivered,
    enqueue,
    looked,
    opened,
    planned,
    row,
    schedules,
    states,
    waited,
)
from tests.fakes.network import Mood, Network
from tests.fakes.worlds import at

MIDNIGHT = NOON + 12 * HOUR
FREE = Account("free", "mastodon", live=True)
LATE = schedules(grace=None, accounts=[X, FREE])


def x(**budget: int) -> Account:
    return replace(X, budget=Budget(**budget))


def free(**budget: int) -> Account:
    return replace(FREE, budget=Budget(**budget))


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


def show(queue: Queue, account: Account, now: int = NOON, *feelings: Mood) -> State | None:
    """Deliver what is due to an account; where it stands then."""
    return delivered(queue, Network().feels(*feelings), now, account=account)


def fill(queue: Queue, number: int, *texts: str, account: Account = FREE) -> None:
    """Enqueue so many posts of these texts, all due by now."""
    made = [planned(NOON - number + n, *texts, id=str(n), accounts=(account,)) for n in range(number)]
    enqueue(queue, *made, by=LATE)


@pytest.mark.parametrize(
    ("zone", "now", "month", "day"),
    [
        ("UTC", "2027-03-01T12:00Z", ("2027-03-01T00:00Z", "2027-04-01T00:00Z"), "2027-03-01T00:00Z"),
        ("UTC", "2027-12-31T23:59Z", ("2027-12-01T00:00Z", "2028-01-01T00:00Z"), "2027-12-31T00:00Z"),
        ("UTC", "2028-02-29T00:00Z", ("2028-02-01T00:00Z", "2028-03-01T00:00Z"), "2028-02-29T00:00Z"),
        ("Asia/Tokyo", "2027-02-28T15:00Z", ("2027-02-28T15:00Z", "2027-03-31T15:00Z"), "2027-02-28T15:00Z"),
        (
            "America/New_York",
            "2027-04-01T03:59Z",
            ("2027-03-01T05:00Z", "2027-04-01T04:00Z"),
            "2027-03-31T04:00Z",
        ),
    ],
)
def test_days_and_months_are_those_of_the_accounts_zone(
    zone: str, now: str, month: tuple[str, str], day: str
) -> None:
    account = replace(x(posts=9, usd=8, daily_posts=7, daily_usd=6), zone=zone)

    found = bounds(account, at(now))

    assert found == (
        Bound("the month", at(month[0]), at(month[1]), 9, 8),
        Bound("the day", at(day), at(day) + DAY, 7, 6),
    )


@pytest.mark.parametrize(
    ("budget", "names"),
    [
        ({}, []),
        ({"posts": 1}, ["the month"]),
        ({"usd": 1}, ["the month"]),
        ({"daily_posts": 0}, ["the day"]),
        ({"daily_usd": 0, "usd": 0}, ["the month", "the day"]),
    ],
)
def test_only_what_is_bounded_is_counted(budget: dict[str, int], names: list[str]) -> None:
    assert [each.name for each in bounds(x(**budget), NOON)] == names


@given(st.integers(0, 2**31), st.sampled_from(["UTC", "Europe/Lisbon", "Pacific/Auckland", "America/Havana"]))
def test_every_instant_lies_in_its_day_and_its_month(now: int, zone: str) -> None:
    for bound in bounds(replace(x(posts=1, daily_posts=1), zone=zone), now):
        assert bound.since <= now < bound.until


def test_what_a_delivery_may_cost_is_reserved_when_it_is_claimed(queue: Queue) -> None:
    fill(queue, 1, "One.", "Two.", account=X)
    due = waited(queue)
    assert queue.spent(X.name, 0) == (0, 0)

    claim = queue.claim(due, ("", ""), NOON, live=True, cost=cost_of(due.rendition, X, NOON))

    assert isinstance(claim, Claim)
    assert price(due.rendition) > 0
    assert queue.spent(X.name, NOON) == (2, price(due.rendition))
    assert queue.spent(X.name, NOON + 1) == (0, 0)
    assert queue.spent(FREE.name, 0) == (0, 0)


def test_where_nothing_is_paid_and_nothing_bounded_nothing_is_counted(queue: Queue) -> None:
    fill(queue, 1)

    show(queue, FREE)

    assert queue.spent(FREE.name, 0) == (0, 0)


def test_a_day_that_is_full_puts_off_until_the_next(queue: Queue) -> None:
    fill(queue, 3, "One.", "Two.")
    account = free(daily_posts=5)
    late = queue.rows(NOON)[2].deadline
    assert late == MIDNIGHT

    ended = [show(queue, account) for _ in range(3)]

    assert ended == [State.SENT, State.SENT, State.FAILED], "its own day is over by then"
    assert queue.rows(NOON)[2].reason == (
        "out of time: over budget: the budget of free is 5 posts for the day, and 4 are used"
    )


def test_what_is_put_off_until_the_next_day_goes_out_then(queue: Queue) -> None:
    account = replace(free(daily_posts=1), zone="Asia/Tokyo")  # whose midnight is at 15:00
    fill(queue, 2)
    show(queue, account)

    assert show(queue, account) is State.PENDING

    found = queue.rows(NOON)[1]
    assert found.reason == "over budget: the budget of free is 1 posts for the day, and 1 are used"
    assert (found.due, found.attempts) == (NOON + 3 * HOUR, 0)
    assert show(queue, account, NOON + 3 * HOUR) is State.SENT


def test_what_is_over_budget_was_not_asked_for(queue: Queue) -> None:
    network = Network()
    fill(queue, 1)

    delivered(queue, network, account=free(daily_posts=0))

    assert network.asked == []
    assert queue.show(row(queue).key, NOON)[0].attempts == ()
    assert queue.spent(FREE.name, 0) == (0, 0)


def test_a_month_that_is_full_puts_off_until_the_next(queue: Queue) -> None:
    last = at("2027-03-31T22:00Z")
    account = replace(free(posts=1), zone="Europe/Paris")  # whose month ends at 22:00
    for n in (-2, -1):
        enqueue(queue, planned(last + n, id=str(n), accounts=(FREE,)), by=LATE)

    assert [show(queue, account, last - 1), show(queue, account, last - 1)] == [State.SENT, State.PENDING]
    assert (
        queue.rows(NOON)[1].reason
        == "over budget: the budget of free is 1 posts for the month, and 1 are used"
    )

    assert show(queue, account, last) is State.SENT
    assert queue.spent(FREE.name, last) == (1, 0)


@pytest.mark.parametrize("name", ["usd", "daily_usd"])
def test_money_is_counted_like_posts(queue: Queue, name: str) -> None:
    fill(queue, 2, account=X)
    each = price(queue.rows(NOON)[0].rendition)
    account = x(**{name: 2 * each - 1})

    ended = [show(queue, account), show(queue, account)]

    assert ended[0] is State.SENT
    period = "the month" if name == "usd" else "the day"
    assert queue.rows(NOON)[1].reason.endswith(
        f"the budget of ours-x is $0.030 for {period}, $0.015 are spent, and this may cost $0.015"
    )


@pytest.mark.parametrize("name", ["posts", "usd"])
def test_a_budget_may_be_used_up_to_the_last(queue: Queue, name: str) -> None:
    fill(queue, 2, account=X)
    each = price(queue.rows(NOON)[0].rendition)
    account = x(**{name: 2 * each if name == "usd" else 2})

    assert [show(queue, account), show(queue, account)] == [State.SENT, State.SENT]


def test_what_a_delivery_has_reserved_itself_does_not_stand_in_its_way(queue: Queue) -> None:
    fill(queue, 1, "One.", "Two.")
    account = free(daily_posts=2)

    assert show(queue, account, NOON, moods.shows, moods.is_busy) is State.PENDING
    assert queue.spent(FREE.name, NOON) == (2, 0)

    assert show(queue, account, NOON + 30) is State.SENT
    assert queue.spent(FREE.name, NOON + 30) == (2, 0), "it is counted when it was claimed last"
    assert queue.spent(FREE.name, 0) == (2, 0), "and once"


@pytest.mark.parametrize("mood", [moods.refuses, moods.is_busy, moods.is_barred])
def test_what_a_network_did_not_take_is_given_back(queue: Queue, mood: Mood) -> None:
    fill(queue, 1, account=X)

    show(queue, X, NOON, mood)

    assert queue.spent(X.name, 0) == (0, 0)


def test_what_was_shown_of_a_thread_that_failed_is_not_given_back(queue: Queue) -> None:
    fill(queue, 1, "One.", "Two.", account=X)

    show(queue, X, NOON, moods.shows, moods.refuses)

    assert states(queue) == [State.FAILED]
    assert queue.spent(X.name, 0)[0] == 2


def test_what_is_unknown_is_kept_until_it_is_proved_absent(queue: Queue) -> None:
    fill(queue, 1, account=X)
    show(queue, X, NOON, moods.hears_nothing)
    assert queue.spent(X.name, 0)[0] == 1

    looked(queue, Network(), NOON + 120)

    assert queue.spent(X.name, 0) == (0, 0)


def test_what_was_found_is_spent(queue: Queue) -> None:
    network = Network().feels(moods.keeps_silent)
    fill(queue, 1, account=X)
    delivered(queue, network, account=X)

    looked(queue, network, NOON + 120)

    assert states(queue) == [State.SENT]
    assert queue.spent(X.name, 0)[0] == 1


@pytest.mark.parametrize(
    ("resolve", "used"),
    [
        (lambda queue, key: queue.resolve_absent(key, now=NOON), 0),
        (lambda queue, key: queue.resolve_sent(key, url="https://network.example/1", now=NOON), 1),
        (lambda queue, key: queue.resolve_failed(key, reason="let it be", now=NOON), 1),
    ],
    ids=["absent", "sent", "given up, and nobody knows"],
)
def test_what_a_person_resolves_is_spent_unless_it_is_absent(
    queue: Queue, resolve: object, used: int
) -> None:
    fill(queue, 1, account=X)
    show(queue, X, NOON, moods.hears_nothing)

    resolve(queue, row(queue).key)  # type: ignore[operator] # one of the three above

    assert queue.spent(X.name, 0)[0] == used


def test_a_dead_claim_keeps_what_it_reserved_while_nobody_knows(queue: Queue) -> None:
    fill(queue, 1, account=X)
    due = waited(queue)
    queue.claim(due, ("",), NOON, live=True, cost=cost_of(due.rendition, X, NOON))

    queue.recover(NOON + MINUTE, ACCOUNTS)

    assert states(queue) == [State.UNKNOWN]
    assert queue.spent(X.name, 0)[0] == 1


def test_the_dry_run_spends_nothing_and_is_kept_by_no_budget(queue: Queue) -> None:
    fill(queue, 2, account=X)
    account = replace(x(daily_posts=0, usd=0), live=False)

    assert [show(queue, account), show(queue, account)] == [State.SENT, State.SENT]

    assert queue.spent(X.name, 0) == (0, 0)


def test_of_two_processes_the_last_post_of_a_day_goes_to_one(queue: Queue) -> None:
    fill(queue, 2)
    first, second = (waited(queue, key=each.key) for each in queue.rows(NOON))
    account = free(daily_posts=1)

    made = [
        queue.claim(each, ("",), NOON, live=True, cost=cost_of(each.rendition, account, NOON))
        for each in (first, second)
    ]

    assert isinstance(made[0], Claim)
    assert isinstance(made[1], Verdict)


def test_what_another_process_has_claimed_is_not_put_off_for_a_budget(queue: Queue) -> None:
    fill(queue, 1)
    due = waited(queue)
    claimed(queue)

    made = queue.claim(due, ("",), NOON, live=True, cost=cost_of(due.rendition, free(posts=0), NOON))

    assert made is None
    assert states(queue) == [State.SENDING]
