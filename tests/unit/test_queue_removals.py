"""What the queue keeps of each time that a part was to be taken down."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.contracts import Quote, Receipt
from bot.delivery.queue import Queue
from bot.delivery.removals import Asked, Outcome, Showing
from bot.delivery.retry import Verdict
from bot.delivery.states import State
from bot.model import digest
from tests.fakes.deliveries import MASTODON, NOON, X, claimed, enqueue, opened, planned, proof, row, sent

LATER = NOON + 100


def shown(queue: Queue, *texts: str) -> tuple[Showing, ...]:
    """What was shown of a delivery that is sent here."""
    enqueue(queue, planned(NOON, *texts))
    key = sent(queue).key
    return queue.showings([key])[key]


def asked_for(queue: Queue, showing: Showing, outcome: Outcome | None, now: int = LATER) -> None:
    number = queue.begin_removal(showing, who="ada", now=now)
    if outcome:
        queue.end_removal(number, outcome, f"it is {outcome}")


def test_what_was_shown_is_told_part_by_part_with_its_proof(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        showings = shown(queue, "One.", "Two.")

        key = row(queue).key

    assert showings == (
        Showing(key, X.name, "x", 1, proof(1), key),
        Showing(key, X.name, "x", 2, proof(2), key),
    )


def test_a_delivery_of_which_nothing_was_shown_is_not_among_them(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, accounts=(X, MASTODON)))
        first = sent(queue)

        found = queue.showings([each.key for each in queue.rows(NOON)])

    assert list(found) == [first.key]


def test_that_a_network_will_be_asked_is_written_down_before_it_is(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        one, two = shown(queue, "One.", "Two.")

        number = queue.begin_removal(two, who="ada", now=LATER)
        before = queue.showings([one.delivery])[one.delivery]
        queue.end_removal(number, Outcome.REFUSED, "no")
        after = queue.showings([one.delivery])[one.delivery]

    assert [each.asked for each in before] == [(), (Asked(LATER, "ada", None, ""),)]
    assert [each.asked for each in after] == [(), (Asked(LATER, "ada", Outcome.REFUSED, "no"),)]


@pytest.mark.parametrize("outcome", Outcome)
def test_only_what_is_removed_or_gone_is_down(tmp_path: Path, outcome: Outcome) -> None:
    with opened(tmp_path) as queue:
        (showing,) = shown(queue)
        asked_for(queue, showing, outcome)

        (showing,) = queue.showings([showing.delivery])[showing.delivery]

    assert bool(showing.taken_down) is outcome.is_down is (outcome in {"removed", "gone"})


def test_what_was_refused_once_and_removed_then_is_down_since_then(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        (showing,) = shown(queue)
        for at, outcome in enumerate((None, Outcome.REFUSED, Outcome.REMOVED, Outcome.GONE), start=LATER):
            asked_for(queue, showing, outcome, at)

        (showing,) = queue.showings([showing.delivery])[showing.delivery]

    assert showing.taken_down
    assert showing.taken_down.at == LATER + 2
    assert [each.outcome for each in showing.asked] == [None, "refused", "removed", "gone"]


def test_a_row_that_a_disk_has_damaged_is_left_out_and_hides_no_other(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        (showing,) = shown(queue)
        asked_for(queue, showing, Outcome.REFUSED)
        asked_for(queue, showing, Outcome.REMOVED)
        with queue.writing() as transaction:
            transaction.connection.exec_driver_sql("UPDATE removal SET outcome = 'rem\u0001ved' WHERE id = 1")

        (showing,) = queue.showings([showing.delivery])[showing.delivery]

    assert [each.outcome for each in showing.asked] == [Outcome.REMOVED]


def test_what_was_shown_for_a_delivery_that_failed_is_known_in_the_one_that_was_retried(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as queue:
        retried, failed = retried_thread(queue)

        asked_for(queue, queue.showings([retried])[retried][0], Outcome.REMOVED)
        found = queue.showings([retried, failed])

    assert [each.shown_for for each in found[retried]] == [failed, retried]
    assert [bool(each.taken_down) for each in found[retried]] == [True, False]
    assert [bool(each.taken_down) for each in found[failed]] == [True]


def retried_thread(queue: Queue) -> tuple[str, str]:
    """A thread whose second part was refused, and came with a second try: the delivery of that, and of the first."""
    enqueue(queue, planned(NOON, "One.", "Two."))
    claim = claimed(queue)
    queue.go_on(claim, 1, proof(1), NOON, live=True)
    queue.settle(claim, Verdict(State.FAILED, "no"), NOON)
    queue.retry(claim.key, now=NOON)
    again = claimed(queue)
    queue.finish(again, 2, proof(2), NOON)
    assert again.key == digest("retry", claim.key)
    return again.key, claim.key


def test_a_proof_of_another_slot_account_or_part_is_another_however_alike(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two.", accounts=(X, MASTODON)), planned(NOON + 1))
        first, *others = (sent_alike(queue) for _ in range(3))
        asked_for(queue, queue.showings([first])[first][0], Outcome.REMOVED)

        found = queue.showings([first, *others])

    down = {key: [bool(each.taken_down) for each in showings] for key, showings in found.items()}
    assert sorted(map(len, down.values())) == [1, 2, 2]
    assert [down[first], *(any(down[key]) for key in others)] == [[True, False], False, False]


def sent_alike(queue: Queue) -> str:
    """What is due, shown by a network that calls every post the same."""
    claim = claimed(queue, NOON + 1)
    alike = Receipt("same", "https://network.example/same", NOON)
    for part in range(1, len(claim.rendition.parts)):
        queue.go_on(claim, part, alike, NOON + 1, live=True)
    queue.finish(claim, len(claim.rendition.parts), alike, NOON + 1)
    return claim.key


@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_what_was_to_be_taken_down_is_quoted_no_more_whatever_came_of_it(
    tmp_path: Path, outcome: Outcome | None
) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "One.", "Two."), planned(NOON + 1, "One.", "Two."))
        first, newest = sent(queue), claimed(queue, NOON + 1)
        queue.go_on(newest, 1, proof(7, NOON + 1), NOON + 1, live=True)
        queue.finish(newest, 2, proof(8, NOON + 1), NOON + 1)
        one, two = queue.showings([newest.key])[newest.key]

        asked_for(queue, two, outcome)
        with_its_second_part_gone = queue.quoted("moon/rise", X.name, live=True)
        asked_for(queue, one, outcome)
        with_nothing_left = queue.quoted("moon/rise", X.name, live=True)

    assert with_its_second_part_gone == Quote("id-7", "https://network.example/7")
    assert with_nothing_left == Quote("id-1", "https://network.example/1"), first.key


def test_only_the_very_part_that_was_to_go_is_quoted_no_more_however_alike_the_proofs(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, *(planned(at, "One.", "Two.", accounts=(X, MASTODON)) for at in (NOON, NOON + 1)))
        keys = [sent_alike(queue) for _ in range(4)]
        on_x = [each.key for each in queue.rows(NOON) if each.account == X.name]
        alike = Quote("same", "https://network.example/same")

        for key in keys:
            asked_for(queue, queue.showings([key])[key][1], Outcome.REMOVED)
        with_their_second_parts_gone = queue.quoted("moon/rise", X.name, live=True)
        asked_for(queue, queue.showings(on_x)[on_x[0]][0], Outcome.REMOVED)
        with_one_left = queue.quoted("moon/rise", X.name, live=True)
        asked_for(queue, queue.showings(on_x)[on_x[1]][0], Outcome.REMOVED)

        assert with_their_second_parts_gone == with_one_left == alike
        assert queue.quoted("moon/rise", X.name, live=True) is None
        assert queue.quoted("moon/rise", MASTODON.name, live=True) == alike


def test_what_was_taken_down_for_a_retried_delivery_is_not_quoted_of_the_first(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        retried, _ = retried_thread(queue)
        assert queue.quoted("moon/rise", X.name, live=True)

        asked_for(queue, queue.showings([retried])[retried][0], Outcome.REMOVED)

        assert queue.quoted("moon/rise", X.name, live=True) is None


def test_the_dry_runs_addresses_tell_it_from_a_network() -> None:
    real = Showing("k", X.name, "x", 1, proof(), "k")

    assert not real.is_dry_run
    assert replace(real, proof=replace(proof(), url="dry-run:k/1")).is_dry_run
