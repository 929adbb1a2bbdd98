"""Whether all is well, and how each account stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.contracts import Receipt
from bot.delivery.budgets import Cost
from bot.delivery.queue import Queue
from bot.delivery.retry import Respite, Verdict
from bot.delivery.standings import Standing
from bot.delivery.states import State
from bot.desk.health import NEVER_RUN, SILENT, fitness, health, held, is_wrong, month_of
from bot.model import Account, Budget, Limits, Project, Tone
from bot.watch.causes import Cause, Kind
from bot.zones import DAY, HOUR, MINUTE, local_text
from tests.fakes.deliveries import (
    ACCOUNTS,
    MASTODON,
    NOON,
    SILENCE,
    X,
    claimed,
    enqueue,
    opened,
    planned,
    project,
    schedules,
    sent,
    take,
)
from tests.fakes.worlds import at


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


def lived(queue: Queue, now: int = NOON) -> None:
    """Let the daemon have had a turn."""
    queue.recover(now, ACCOUNTS)


def of(*accounts: Account) -> Project:
    return project(schedules(accounts=accounts))


def test_what_never_ran_is_well() -> None:
    found = health(None, NOON)

    assert found is NEVER_RUN
    assert (found.is_well, found.word) == (True, "The bot has not run yet; `redletter run` starts it.")
    assert not found.beats(NOON)


def test_all_is_well_while_the_daemon_lives_and_nothing_is_wrong(queue: Queue) -> None:
    enqueue(queue, planned(NOON + HOUR))
    lived(queue)

    found = health(queue, NOON + SILENT)

    assert (found.is_well, found.word, found.newest) == (True, "All is well.", NOON)
    assert (found.next_due, found.planned_until) == (NOON + HOUR, NOON + 7 * DAY)
    assert found.counts[State.PENDING] == 1
    assert found.beats(NOON + SILENT)


def test_a_daemon_that_gives_no_sign_is_said_to_rest(queue: Queue) -> None:
    lived(queue)

    found = health(queue, NOON + SILENT + 1)

    assert found.is_well
    assert (
        found.word == "The daemon does not run; what is due waits until it does, or is missed by its grace."
    )
    assert not found.beats(NOON + SILENT + 1)


def test_a_state_that_has_lived_longer_than_the_clock_is_told_before_all_else(queue: Queue) -> None:
    lived(queue, NOON)

    found = health(queue, NOON - SILENT - 1)

    assert not found.is_well
    assert found.word == (
        "This state has lived until 2027-03-01T12:00:00Z, which is still to come: set the clock right."
    )


def test_what_is_wrong_is_the_word_and_how_much_more_there_is(queue: Queue) -> None:
    enqueue(queue, planned(), planned(NOON + 1, accounts=[MASTODON]))
    for now in (NOON, NOON + 1):
        assert queue.settle(claimed(queue, now), SILENCE, now)
    lived(queue)

    found = health(queue, NOON + 1)

    assert not found.is_well
    assert found.word.startswith("Unknown on ours-x: nobody knows whether it has moon/rise")
    assert found.word.endswith(" And 1 more, below.")
    assert all(is_wrong(cause, NOON + 1) for cause in found.causes)


def test_what_is_held_is_the_word_where_nothing_is_wrong(queue: Queue) -> None:
    lived(queue)
    queue.hold("a launch is late", now=NOON)

    found = health(queue, NOON)

    assert found.is_well
    assert found.word == "Held: everything, since 2027-03-01T12:00:00Z: a launch is late."
    assert [hold.reason for hold in found.holds] == ["a launch is late"]


def test_a_hold_says_what_it_stops_and_until_when(queue: Queue) -> None:
    made = queue.hold("a loss", now=NOON, account="ours-x", tone=Tone.CELEBRATION, until=NOON + HOUR)

    assert held(made) == (
        "ours-x and everything of the tone celebration until 2027-03-01T13:00:00Z, since 2027-03-01T12:00:00Z: a loss"
    )


def test_an_account_has_what_waits_what_was_shown_and_what_that_cost(queue: Queue) -> None:
    enqueue(queue, planned(), planned(NOON + HOUR), planned(NOON + 2 * HOUR))
    claim = take(queue, NOON, cost=Cost(X.name, 1, 15_000))
    assert claim
    assert queue.finish(claim, 1, Receipt("id", "https://network.example/1", NOON + 5), NOON + 5)

    found = fitness(of(X, MASTODON), queue, (), NOON + 10)

    shown = [(each.posts, each.usd, each.waiting, each.next_due, each.last_shown) for each in found]
    assert shown == [(1, 15_000, 2, NOON + HOUR, NOON + 5), (0, 0, 0, None, None)]
    assert not any(each.trouble or each.is_barred for each in found)


def test_an_account_that_its_network_asked_to_wait_is_left_alone_until_then(queue: Queue) -> None:
    enqueue(queue, planned())
    verdict = Verdict(
        State.PENDING, "not now: slow down", NOON + HOUR, respite=Respite(NOON + HOUR, "slow down", 1)
    )
    assert queue.settle(claimed(queue), verdict, NOON)

    during = fitness(of(X), queue, (), NOON + HOUR - 1)[0]
    after = fitness(of(X), queue, (), NOON + HOUR)[0]

    assert (during.trouble, during.is_barred) == ("left alone until 2027-03-01T13:00:00Z: slow down", False)
    assert after.trouble == ""


def test_an_account_that_is_barred_says_so(queue: Queue) -> None:
    barred = Cause(
        "id", Kind.BARRED, "nothing goes out on ours-x: the token is revoked", NOON, account="ours-x"
    )
    missed = Cause("other", Kind.MISSED, "missed on ours-mastodon", NOON, account="ours-mastodon")

    found = fitness(of(X, MASTODON), queue, (barred, missed), NOON)

    assert [(each.is_barred, each.trouble) for each in found] == [(True, barred.text), (False, "")]


def test_an_accounts_bounds_are_told_in_words(queue: Queue) -> None:
    plain = Account("plain", "webhook", limits=Limits(images=1, film_bytes=9))
    bound = Account(
        "bound", "x", min_gap=90 * MINUTE, max_per_day=4, budget=Budget(posts=500),
        limits=Limits(text=280, counting="x", alt=1_000),
    )  # fmt: skip

    found = fitness(of(plain, bound, replace(bound, min_gap=2 * HOUR)), queue, (), NOON)

    assert [(each.takes, each.pace, each.budget) for each in found] == [
        ("texts of any length; 1 picture, alt texts up to 1000, films", "", ""),
        (
            "280 letters, as x counts; 4 pictures, alt texts up to 1000, no films",
            "at least 2 hours apart, at most 4 a day",
            "500 posts a month",
        ),
    ]
    assert fitness(of(bound), queue, (), NOON)[0].pace == "at least 90 minutes apart, at most 4 a day"


def test_a_month_begins_at_the_midnight_of_the_accounts_zone() -> None:
    there = replace(X, zone="America/Los_Angeles")
    last_of_february = at("2027-03-01T07:59Z")

    assert month_of(there, last_of_february) == at("2027-02-01T08:00Z")
    assert month_of(there, last_of_february + 60) == at("2027-03-01T08:00Z")


@given(
    st.integers(at("1990-01-01T00:00Z"), at("2100-01-01T00:00Z")),
    st.sampled_from(["UTC", "Asia/Kolkata", "Europe/London", "Pacific/Apia"]),
)
def test_a_month_begins_on_its_first_and_never_after_now(now: int, name: str) -> None:
    first = month_of(replace(X, zone=name), now)

    assert first <= now
    assert local_text(first, name)[:10] == f"{local_text(now, name)[:7]}-01"


def test_who_was_never_heard_of_stands_nowhere(queue: Queue) -> None:
    enqueue(queue, planned())
    sent(queue)

    found = queue.standings(NOON)

    assert found == {X.name: Standing(last_shown=NOON)}
