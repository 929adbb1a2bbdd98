"""What a damaged row, and a network that wants to be left alone, come to."""

import json
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.delivery.retry import Verdict, decide
from bot.delivery.states import State
from bot.delivery.steps import STEPS, watch
from bot.delivery.tick import Shift, plan_ahead
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
    proof,
    row,
    schedules,
    unanswered,
)
from tests.fakes.network import (
    Network,
    hears_nothing,
    is_busy,
    is_busy_until,
    keeps_silent,
    one_for_all,
    says_yes,
    shows,
)

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

    assert len(network.asked) == len(network.made) == 1


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
        assert found.rendition.key == found.key
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
        queue.leave_unknown(unknown, "too many", NOON + MINUTE, after=NOON + 9_000 * HOUR)
        assert row(queue).due == NOON + MINUTE + 24 * HOUR


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


def test_a_person_who_asks_again_ends_a_respite(tmp_path: Path) -> None:
    ordered(tmp_path, "One.", "Two.")
    network = Network().feels(is_busy_until(NOON + 2 * HOUR))
    lived(tmp_path, network, NOON + 2 * MINUTE)
    with opened(tmp_path) as queue:
        waiting = [each.key for each in queue.rows(NOON) if each.rendition.parts[0].text == "Two."]

        queue.retry(waiting[0], now=NOON + 2 * MINUTE)

        assert [each.waits for each in queue.rows(NOON + 2 * MINUTE)] == ["", ""]
        assert Shift(queue, one_for_all(network)).tick(PROJECT, partial(int, NOON + 2 * MINUTE)).ended


def test_other_files_end_a_respite(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    lived(tmp_path, Network().feels(is_busy_until(NOON + 2 * HOUR)), NOON + 2 * MINUTE)

    with opened(tmp_path) as queue:
        queue.forget_untouched("other files", NOON + 2 * MINUTE)

        assert row(queue, now=NOON + 2 * MINUTE).waits == ""


def test_of_two_ends_that_were_named_the_later_holds(tmp_path: Path) -> None:
    ordered(tmp_path, "One.", "Two.")
    with opened(tmp_path) as queue:
        claims = [queue.claim(due, ("",), NOON + 1, live=True) for due in queue.due(X.name, NOON + 1, 2)]
        for claim, end in zip(claims, (HOUR, MINUTE), strict=True):
            assert isinstance(claim, Claim)
            busy = decide(NotNow("busy", after=NOON + end), 0, now=NOON + 1, deadline=claim.deadline)
            assert queue.settle(claim, busy, NOON + 1)

        assert queue.due(X.name, NOON + HOUR - 1, 2) == ()
        assert queue.due(X.name, NOON + HOUR, 2)


def test_a_network_that_names_no_end_is_asked_by_one_post_at_a_time_and_ever_more_seldom(
    tmp_path: Path,
) -> None:
    ordered(tmp_path, *(f"Post {number}." for number in range(20)))
    network = Network().feels(*[is_busy] * 9)

    lived(tmp_path, network, NOON + 2 * HOUR)

    assert [ask.at - NOON - MINUTE for ask in network.asked[:8]] == [0, 30, 90, 210, 450, 930, 1830, 2730]
    assert len(network.texts) == 20


def test_once_it_takes_something_it_is_asked_as_before(tmp_path: Path) -> None:
    ordered(tmp_path, "One.", "Two.", "Three.")
    network = Network().feels(is_busy, is_busy, shows, is_busy)

    lived(tmp_path, network, NOON + HOUR)

    assert sorted(network.texts) == ["One.", "Three.", "Two."]
    assert [ask.at - NOON - MINUTE for ask in network.asked[:5]] == [0, 30, 90, 91, 121]


def test_another_account_goes_on(tmp_path: Path) -> None:
    ordered(tmp_path, "One.", "Two.", accounts=(X, MASTODON))
    network = Network().feels(is_busy_until(NOON + 2 * HOUR))

    lived(tmp_path, network, NOON + HOUR)

    told, *others = network.asked
    assert network.texts == ["One.", "Two."]
    assert told.account not in {ask.account for ask in others}


def test_a_look_that_is_turned_away_comes_back_when_it_was_told(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    network = Network().feels(hears_nothing)
    network.may_be_looked_at = NOON + 2 * HOUR

    lived(tmp_path, network, NOON + 3 * HOUR)

    assert [ask.at - NOON for ask in network.looked] == [MINUTE + X.quarantine, 2 * HOUR]


def test_every_step_that_is_told_has_its_name_among_the_steps(tmp_path: Path) -> None:
    ordered(tmp_path, "One.", "Two.")
    told: set[str] = set()
    watch(told.add)
    try:
        with opened(tmp_path) as queue:
            plan_ahead(PROJECT, queue, NOON)
        lived(tmp_path, Network().feels(hears_nothing, keeps_silent), NOON + HOUR)
    finally:
        watch(lambda _: None)

    assert told <= set(STEPS)
    assert "recovered" in told


def test_only_what_is_due_in_it_waits_for_a_respite(tmp_path: Path) -> None:
    ordered(tmp_path, "One.", "Two.")
    with opened(tmp_path) as queue:
        later = planned(NOON + 2 * HOUR, "Later.", id="later")
        enqueue(queue, later, by=BY, until=NOON + 900 * HOUR)
    lived(tmp_path, Network().feels(is_busy_until(NOON + HOUR)), NOON + 2 * MINUTE)

    with opened(tmp_path) as queue:
        found = queue.rows(NOON + 2 * MINUTE)

    assert [each.waits for each in found] == [
        "",
        "left alone until 2027-03-01T13:00:00Z: too many at once for ours-x",
        "",
    ]
    assert found[0].reason == "not now: too many at once for ours-x"


def test_what_was_made_of_a_part_is_sealed_too(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    network = Network().feels(is_busy)
    network.makes = "made of part {part}"
    lived(tmp_path, network, NOON + MINUTE + 1)
    changed(tmp_path, "UPDATE prepared SET text = 'made of another'")

    lived(tmp_path, network, NOON + HOUR)

    with opened(tmp_path) as queue:
        assert row(queue).state is State.FAILED
    assert network.texts == []


def test_damaged_words_that_were_never_asked_for_fail(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    with opened(tmp_path) as queue:
        claim = claimed(queue)
        assert queue.settle(claim, Verdict(State.UNKNOWN, "unanswered: lost"), NOON)
        queue.resolve_absent(claim.key, now=NOON)
        due = queue.first_due(X.name, NOON)
        assert due
        empty = replace(due, receipts=(proof(),))  # nothing is missing, so nothing is intended
        assert isinstance(queue.claim(empty, ("",), NOON, live=True), Claim)
    damaged(tmp_path, "One.", "Own.")
    network = Network()

    lived(tmp_path, network, NOON + HOUR)

    assert network.asked == []
    with opened(tmp_path) as queue:
        assert row(queue).state is State.FAILED


def test_a_person_can_say_that_damaged_words_are_there(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    with opened(tmp_path) as queue:
        claim = unanswered(queue).claim
    damaged(tmp_path, "One.", "Own.")

    with opened(tmp_path) as queue:
        queue.resolve_sent(claim.key, url="https://network.example/1", now=NOON + HOUR)

        assert row(queue).state is State.SENT


def test_a_yes_without_a_proof_is_never_taken_for_absence(tmp_path: Path) -> None:
    ordered(tmp_path, "One.")
    network = Network().feels(says_yes)

    lived(tmp_path, network, NOON + 3 * HOUR)

    assert len(network.asked) == 1
    assert network.looked
    with opened(tmp_path) as queue:
        found = queue.show(row(queue).key, NOON)[0]
        assert found.row.state is State.UNKNOWN
        assert found.row.reason == "unanswered: it said yes, and does not show it: see whether it is there"
        assert [each.outcome for each in found.attempts] == ["unclear"]


def test_what_is_late_goes_out_five_minutes_apart_where_the_account_keeps_no_gap_of_its_own(
    tmp_path: Path,
) -> None:
    account = replace(X, late_gap=5 * MINUTE)
    texts = [f"Post {number}." for number in range(4)]
    by = schedules(grace=3 * HOUR, accounts=[account])
    with opened(tmp_path) as queue:
        made = [planned(NOON + n * MINUTE, text, accounts=[account], id=text) for n, text in enumerate(texts)]
        on_time = planned(NOON + 37 * MINUTE, "On time.", accounts=[account], id="on-time")
        enqueue(queue, *made, on_time, by=by, until=NOON + 900 * HOUR)
    network = Network()

    with opened(tmp_path) as queue:
        shift, now = Shift(queue, one_for_all(network)), NOON + 30 * MINUTE
        while now < NOON + HOUR:
            due = shift.tick(Project("/project", by, Corpus(), "files"), partial(int, now)).next_due
            now = max(now + (due == now), NOON + HOUR if due is None else due)

    shown = [(ask.text, (ask.at - NOON) // MINUTE) for ask in network.shown]
    assert shown == [("Post 0.", 30), ("On time.", 37), ("Post 1.", 42), ("Post 2.", 47), ("Post 3.", 52)]


def test_after_one_that_is_late_only_those_on_time_are_looked_up_with_it(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        instants = (NOON, NOON + 1, NOON + 2 * HOUR, NOON + 2 * HOUR + 1)
        enqueue(
            queue,
            *(planned(each, f"{each}", id=f"{each}") for each in instants),
            by=BY,
            until=NOON + 900 * HOUR,
        )

        due = queue.due(X.name, NOON + 2 * HOUR + 1, 16)

    assert [each.rendition.parts[0].text for each in due] == [
        f"{instants[0]}",
        *(f"{each}" for each in instants[2:]),
    ]


def test_the_end_of_a_respite_is_awaited_though_whoever_was_told_of_it_has_failed(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        posts = (planned(NOON, "One."), planned(NOON + 50 * MINUTE, "Two.", id="two"))
        enqueue(queue, *posts, by=schedules(accounts=[X]), until=NOON + 900 * HOUR)
    lived(tmp_path, Network().feels(is_busy_until(NOON + 90 * MINUTE)), NOON + 2 * MINUTE)

    with opened(tmp_path) as queue:
        assert queue.next_due(NOON + 55 * MINUTE) == NOON + 90 * MINUTE


def test_a_hold_that_is_over_is_awaited_no_more(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        queue.hold("a storm", now=NOON, until=NOON + HOUR)

        assert queue.next_due(NOON + HOUR - 1) == NOON + HOUR
        assert queue.next_due(NOON + HOUR) is None


def test_what_others_have_to_say_is_not_told_as_an_end(tmp_path: Path) -> None:
    ordered(tmp_path, "One.", "Two.")
    told = []
    with opened(tmp_path) as queue:
        shift = Shift(queue, one_for_all(Network().feels(hears_nothing)))
        for now in (NOON + 1, NOON + 2 * MINUTE, NOON + 5 * MINUTE):
            told += [state for _, state in shift.tick(PROJECT, partial(int, now)).ended]

    assert State.UNKNOWN in told
    assert None not in told


@pytest.mark.parametrize("number", ["fence", "attempts", "deadline", "lease", "quarantine"])
def test_a_number_that_is_none_is_named_with_its_row(tmp_path: Path, number: str) -> None:
    ordered(tmp_path, "One.")
    changed(tmp_path, f"UPDATE delivery SET {number} = x'07'")  # noqa: S608 - ours

    with opened(tmp_path) as queue:
        key = row(queue).key
        with pytest.raises(BadState, match=f"the row of {key} is damaged"):
            queue.due(X.name, NOON, 1)
