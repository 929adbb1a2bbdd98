"""What a damaged row, and a network that wants to be left alone, come to."""

import json
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.delivery.retry import decide
from bot.delivery.states import State
from bot.delivery.tick import Shift
from bot.delivery.values import Claim
from bot.errors import BadState, NotNow
from bot.model import Account, Corpus, Project, Window
from bot.zones import HOUR, MINUTE
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
    unanswered,
)
from tests.fakes.network import Network, is_busy, is_busy_until, one_for_all

BY = schedules(grace=3 * HOUR, accounts=[X, MASTODON])
PROJECT = Project("/project", BY, Corpus(), "files")


def lived(folder: Path, network: Network, until: int) -> None:
    """Take every turn that is due from noon on."""
    with opened(folder) as queue:
        shift, now = Shift(queue, one_for_all(network)), NOON + MINUTE
        while now < until:
            due = shift.tick(PROJECT, partial(int, now)).next_due
            now = max(now + (due == now), until if due is None else due)


def ordered(folder: Path, *texts: str, accounts: tuple[Account, ...] = (X,)) -> None:
    with opened(folder) as queue:
        made = [planned(NOON + n, text, accounts=accounts, id=f"post/{n}") for n, text in enumerate(texts)]
        enqueue(queue, *made, by=BY, until=NOON + 900 * HOUR)


def changed(folder: Path, statement: str, *values: object) -> None:
    """Do to the database what a disk may do."""
    with closing(sqlite3.connect(folder / "redletter.db")) as connection, connection:
        assert connection.execute(statement, values).rowcount


def damaged(folder: Path, old: str, new: str) -> None:
    """Let another letter stand in a stored rendition."""
    changed(folder, "UPDATE delivery SET rendition = replace(rendition, ?, ?)", old, new)


def test_what_one_post_is_told_to_wait_for_all_of_its_account_wait_for(tmp_path: Path) -> None:
    ordered(tmp_path, "One.", "Two.", "Three.")
    network = Network().feels(*[is_busy_until(NOON + HOUR)] * 3)

    lived(tmp_path, network, NOON + HOUR)

    assert len(network.asked) == 1


def test_an_hour_of_too_many_that_names_no_end_loses_nothing(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    network = Network().feels(*[is_busy] * 9)

    lived(tmp_path, network, NOON + 3 * HOUR)

    assert network.texts == ["One."]


def test_a_row_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    damaged(tmp_path, json.dumps("One."), '"One.')
    ordered(tmp_path, "Two.", accounts=(MASTODON,))
    network = Network()

    lived(tmp_path, network, NOON + HOUR)

    assert network.texts == ["Two."]


def test_words_that_are_not_those_that_were_planned_are_not_posted(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    damaged(tmp_path, "One.", "Own.")
    network = Network()

    lived(tmp_path, network, NOON + HOUR)

    assert network.texts == []


def test_a_rendition_that_is_damaged_fails_shows_why_and_is_not_asked_for_again(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    damaged(tmp_path, "One.", "Own.")

    lived(tmp_path, Network(), NOON + HOUR)

    with opened(tmp_path) as queue:
        found = row(queue)
        assert found.state is State.FAILED
        assert "are not those that were written down" in found.reason
        assert "are not those that were written down" in found.rendition.parts[0].text
        with pytest.raises(BadState, match="are not those that were written down"):
            queue.retry(found.key, now=NOON + HOUR)


def test_an_unknown_whose_words_are_damaged_stays_unknown(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    with opened(tmp_path) as queue:
        unanswered(queue)
    damaged(tmp_path, "One.", "Own.")
    network = Network()

    lived(tmp_path, network, NOON + HOUR)

    assert (network.asked, network.looked) == ([], [])
    with opened(tmp_path) as queue:
        assert row(queue).state is State.UNKNOWN
        assert "are not those that were written down" in row(queue).reason


def test_a_claim_whose_words_are_damaged_is_let_go_with_its_lease(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    with opened(tmp_path) as queue:
        claimed(queue)
    damaged(tmp_path, "One.", '"')

    lived(tmp_path, Network(), NOON + HOUR)

    with opened(tmp_path) as queue:
        assert row(queue).state is State.UNKNOWN


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE slot SET accounts = '[' WHERE post = 'post/0'",
        "UPDATE slot SET parts = '[' WHERE post = 'post/0'",
        "UPDATE slot SET tone = 'neutrel' WHERE post = 'post/0'",
        "UPDATE slot SET priority = 99 WHERE post = 'post/0'",
        "UPDATE slot SET tone = CAST(x'FFFE' AS TEXT) WHERE post = 'post/0'",
    ],
)
def test_a_slot_that_cannot_be_read_is_told_of_and_stops_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: str
) -> None:
    ordered(tmp_path, "One.", "Two.")
    changed(tmp_path, harm)

    with opened(tmp_path) as queue:
        seen = {
            "history": [use.post for use in queue.history(NOON).uses],
            "earlier": [use.post for use in queue.history(NOON + HOUR).uses],
            "plan": [each.post.id for each in queue.planned(Window(NOON, NOON + HOUR)).posts],
            "rows": [each.post for each in queue.rows(NOON)],
        }
    network = Network()
    lived(tmp_path, network, NOON + HOUR)

    assert all("post/1" in found for found in seen.values())
    assert any("post/0" not in found for found in seen.values())
    assert "a damaged row is left out" in caplog.text
    assert "Two." in network.texts


def test_an_instant_that_is_none_is_waited_for_by_nobody(tmp_path: Path) -> None:
    ordered(tmp_path, "One.", "Two.")
    changed(tmp_path, "UPDATE delivery SET deadline = x'00' WHERE rendition LIKE '%One.%'")
    changed(tmp_path, "UPDATE delivery SET deadline = x'00', due = 'noon' WHERE rendition LIKE '%One.%'")

    with opened(tmp_path) as queue:
        assert queue.next_due(NOON - HOUR) == NOON + 1


def test_rows_that_contradict_each_other_are_named_and_left_as_they_are(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    changed(tmp_path, "UPDATE delivery SET key = 'another', account = 'nobody'")
    changed(
        tmp_path,
        "CREATE TRIGGER torn AFTER INSERT ON move BEGIN INSERT INTO receipt VALUES ('lost', 1, '', '', 0); END",
    )

    with opened(tmp_path) as queue, pytest.raises(BadState, match="its rows contradict each other") as told:
        Shift(queue, one_for_all(Network())).tick(PROJECT, partial(int, NOON))

    assert "redletter.db" in str(told.value)


def test_what_was_left_alone_too_long_is_missed_for_that_reason(tmp_path: Path) -> None:
    ordered(tmp_path, "One.", "Two.")
    network = Network().feels(is_busy_until(NOON + 9 * HOUR))

    lived(tmp_path, network, NOON + MINUTE + 1)
    with opened(tmp_path) as queue:
        waits = {each.state: each.waits for each in queue.rows(NOON + HOUR)}
    lived(tmp_path, network, NOON + 5 * HOUR)

    until = "left alone until 2027-03-01T21:00:00Z: too many at once for ours-x"
    assert waits == {State.FAILED: "", State.PENDING: until}
    with opened(tmp_path) as queue:
        reasons = {each.state: each.reason for each in queue.rows(NOON + 5 * HOUR)}
    assert reasons == {
        State.FAILED: "out of time: too many at once for ours-x",
        State.MISSED: f"out of time: {until}",
    }
    assert len(network.asked) == 1


def test_a_network_that_cannot_be_looked_at_until_later_is_not_looked_at_before(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    with opened(tmp_path) as queue:
        unknown = unanswered(queue)

        queue.leave_unknown(unknown, "too many", NOON + MINUTE, after=NOON + 2 * HOUR)

        assert row(queue).due == NOON + 2 * HOUR


def test_what_was_seen_to_be_due_before_the_network_wanted_peace_is_not_claimed_after(tmp_path: Path) -> None:
    ordered(tmp_path, "One.", "Two.")
    with opened(tmp_path) as queue:
        first, second = queue.due(X.name, NOON + 1, 2)
        claim = queue.claim(first, ("",), NOON + 1, live=True)
        assert isinstance(claim, Claim)
        busy = decide(NotNow("busy", after=NOON + HOUR), 0, now=NOON + 1, deadline=claim.deadline)
        assert queue.settle(claim, busy, NOON + 1)

        assert queue.claim(second, ("",), NOON + 2, live=True) is None
        assert queue.next_due(NOON + 2) == NOON + HOUR
        assert isinstance(queue.claim(second, ("",), NOON + HOUR, live=True), Claim)
