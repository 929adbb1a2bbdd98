"""What was decided is remembered, and taken back while nothing was sent."""

from pathlib import Path

import pytest

from bot.delivery.decided import By
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.errors import BadCall, Overtaken
from bot.model import Tone
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
    states,
)

ADA, BEN = By("Ada", "too soon"), By("Ben", "not today")
EARLY = NOON - DAY


def skipped(queue: Queue, by: By = ADA, *, now: int = EARLY) -> None:
    key = queue.rows(NOON)[0].slot.key
    with queue.deciding("skip", by, now=now, key=key, about="moon/rise"):
        queue.skip(key, reason=by.why, now=now)


def test_a_decision_is_a_row_who_when_what_and_why(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())

        skipped(queue)

        [found] = queue.decisions()
        assert (found.who, found.at, found.what, found.why) == ("Ada", EARLY, "skip", "too soon")
        assert (found.slot, found.about) == (row(queue).slot.key, "moon/rise")
        assert found.can_be_undone
        assert found.told == "Ada, 2027-02-28 12:00 UTC, skip: too soon"


def test_decisions_of_a_kind_are_counted_while_they_stand(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        skipped(queue)
        for name in ("a", "b", "c"):
            with queue.deciding("review", ADA, now=EARLY, about=name):
                pass

        before = queue.counted("review")
        queue.undo(queue.decisions()[0].id, BEN, now=EARLY)

        assert (before, queue.counted("review"), queue.counted("skip")) == (3, 2, 1)
        assert queue.counted("swap") == 0


def test_what_could_not_be_decided_is_no_decision(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        claimed(queue)

        with pytest.raises(BadCall, match="cannot skip"):
            skipped(queue)

        assert queue.decisions() == ()


def test_decisions_are_listed_newest_first_of_a_slot_or_all_and_by_pages(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), planned(NOON + 1))
        first, second = (each.slot.key for each in queue.rows(NOON))
        for key in (first, second, first):
            with queue.deciding("approve", ADA, now=EARLY, key=key):
                queue.approve(key, who="Ada", now=EARLY)

        assert [each.id for each in queue.decisions()] == [3, 2, 1]
        assert [each.id for each in queue.decisions(slot=first)] == [3, 1]
        assert [each.id for each in queue.decisions(before=3, most=1)] == [2]
        assert queue.decided(2).slot == second
        with pytest.raises(BadCall, match="there is no decision 4"):
            queue.decided(4)


def test_of_two_who_decide_at_once_the_second_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        key = row(queue).slot.key
        seen = queue.version(key)
        with queue.deciding("move", By("Ada", seen=seen), now=EARLY, key=key):
            queue.move(key, at=NOON + HOUR, now=EARLY)

        with (
            pytest.raises(
                Overtaken, match=r"is pending now \(last: Ada, 2027-02-28 12:00 UTC, move\); nothing of"
            ),
            queue.deciding("skip", By("Ben", "no", seen), now=EARLY, key=key),
        ):
            queue.skip(key, reason="no", now=EARLY)

        assert (row(queue).state, row(queue).at) == (State.PENDING, NOON + HOUR)
        assert [each.who for each in queue.decisions()] == ["Ada"]


def test_a_version_stays_while_nothing_changes_and_changes_with_every_decision(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), by=schedules(approval=2))
        key = row(queue).slot.key
        versions = [queue.version(key), queue.version(key)]
        queue.approve(key, who="Ada", now=EARLY)
        versions.append(queue.version(key))
        queue.edit(key, planned(NOON, "Other words.").renditions, now=EARLY)
        versions.append(queue.version(key))
        queue.move(key, at=NOON + 1, now=EARLY)
        versions.append(queue.version(key))
        queue.skip(key, reason="no", now=EARLY)
        versions.append(queue.version(key))

        assert versions[0] == versions[1]
        assert len(set(versions)) == 5


def test_a_skip_is_taken_back_and_goes_out(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=(X, MASTODON)))
        before = queue.rows(NOON)
        skipped(queue)

        queue.undo(1, BEN, now=EARLY)

        assert queue.rows(NOON) == before
        assert claimed(queue)
        [back, skip] = queue.decisions()
        assert (back.what, back.who, back.why, back.can_be_undone) == ("undo", "Ben", "not today", False)
        assert (skip.undone_by, skip.can_be_undone) == (back.id, False)


def test_it_says_what_was_taken_back_where_nobody_says_why(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        skipped(queue)

        queue.undo(1, By("Ben"), now=EARLY)

        assert queue.decisions()[0].why == "takes back: Ada, 2027-02-28 12:00 UTC, skip: too soon"


def test_it_is_taken_back_once(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        skipped(queue)
        queue.undo(1, BEN, now=EARLY)

        with pytest.raises(BadCall, match="that was taken back already"):
            queue.undo(1, BEN, now=EARLY)
        with pytest.raises(BadCall, match=r"what was decided there \(undo\) cannot be taken back"):
            queue.undo(2, BEN, now=EARLY)


def test_what_was_asked_for_is_not_taken_back(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), by=schedules(approval=True))
        key = row(queue).slot.key
        with queue.deciding("approve", ADA, now=EARLY, key=key):
            queue.approve(key, who="Ada", now=EARLY)
        claimed(queue)

        with pytest.raises(Overtaken, match="is sending now"):
            queue.undo(1, BEN, now=NOON)

        assert states(queue) == [State.SENDING]


def test_what_went_out_on_one_account_alone_is_not_taken_back_for_the_others(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=(X, MASTODON)))
        claim = claimed(queue)
        other = next(each.key for each in queue.rows(NOON) if each.key != claim.key)
        with queue.deciding("skip", ADA, now=NOON, key=other):
            queue.skip(other, reason="no", now=NOON)

        with pytest.raises(BadCall, match=f"cannot take that back: {claim.account} was asked for it already"):
            queue.undo(1, BEN, now=NOON)


def test_what_is_too_late_is_not_taken_back(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        skipped(queue)

        with pytest.raises(BadCall, match="its time ended 2027-03-01T13:00:00Z"):
            queue.undo(1, BEN, now=NOON + HOUR)


def test_a_later_decision_is_taken_back_first(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        key = row(queue).slot.key
        with queue.deciding("move", ADA, now=EARLY, key=key):
            queue.move(key, at=NOON + HOUR, now=EARLY)
        skipped(queue, BEN)

        with pytest.raises(Overtaken, match=r"is cancelled now \(last: Ben"):
            queue.undo(1, ADA, now=EARLY)
        queue.undo(2, ADA, now=EARLY)
        queue.undo(1, ADA, now=EARLY)

        assert (row(queue).state, row(queue).at) == (State.PENDING, NOON)


def test_an_untouched_slot_is_planned_anew_again_unless_the_files_changed_meanwhile(tmp_path: Path) -> None:
    for name, files, is_touched in (("same", "files", False), ("other", "changed", True)):
        with opened(tmp_path / name) as queue:
            enqueue(queue, planned())
            skipped(queue)
            if files != "files":
                queue.forget_untouched(files, EARLY)

            queue.undo(1, BEN, now=EARLY)

            assert row(queue).touched is is_touched


def test_a_swap_taken_back_makes_way_where_the_first_post_waits_by_now(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), planned(NOON + DAY, id="moon/set"))
        key = queue.rows(NOON)[0].slot.key
        with queue.deciding("swap", ADA, now=EARLY, key=key):
            queue.swap(key, planned(NOON, "The moon sets.", id="moon/set"), now=EARLY)
        enqueue(queue, planned(NOON + DAY, id="moon/rise"))

        since = queue.undo(1, BEN, now=EARLY)

        assert since == NOON + DAY
        assert [each.post for each in queue.rows(NOON)] == ["moon/rise"]


def test_holds_are_decisions_and_are_taken_back(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        with queue.deciding("hold", ADA, now=EARLY, about="celebration"):
            made = queue.hold("too soon", now=EARLY, tone=Tone.CELEBRATION)
        queue.undo(1, BEN, now=EARLY)
        assert queue.holds(EARLY) == ()
        queue.hold("again", now=EARLY, account="ours-x")
        with queue.deciding("release", ADA, now=EARLY):
            queue.release(now=EARLY)

        queue.undo(3, BEN, now=EARLY)

        assert [(each.reason, each.account) for each in queue.holds(EARLY)] == [("again", "ours-x")]
        assert made.reason == "too soon"


def test_what_its_maker_kept_is_handed_out(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        with queue.deciding("rewrite", ADA, now=EARLY, about="corpus/a.md", kept="the old words"):
            pass

        assert queue.kept(1) == "the old words"


def test_as_many_people_approve_as_are_wanted_and_each_once(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), by=schedules(approval=2))
        key = row(queue).key
        queue.approve(key, who="Ada", now=EARLY)
        assert (row(queue).approved_by, row(queue).waits) == (("Ada",), "not approved")
        assert row(queue).reason == "approved by Ada; one more person must, too"
        with pytest.raises(BadCall, match=r"Ada has approved .*; somebody else must, too"):
            queue.approve(key, who="Ada", now=EARLY)

        queue.approve(key, who="Ben", now=EARLY)

        assert (row(queue).approved_by, row(queue).waits) == (("Ada", "Ben"), "")
        assert claimed(queue)


def test_an_edit_voids_the_approvals_of_all_and_two_are_wanted_again(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), by=schedules(approval=2))
        key = row(queue).key
        for who in ("Ada", "Ben"):
            queue.approve(key, who=who, now=EARLY)

        queue.edit(key, planned(NOON, "Other words.").renditions, now=EARLY)

        assert (row(queue).approved_by, row(queue).waits) == ((), "not approved")
        assert row(queue).rendition.parts[0].text == "Other words."
        queue.approve(key, who="Ada", now=EARLY)
        assert row(queue).waits == "not approved"


def test_an_edit_changes_the_accounts_that_are_named_and_no_others(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=(X, MASTODON)))
        words = planned(NOON, "Other words.", accounts=(MASTODON,)).renditions

        queue.edit(queue.rows(NOON)[0].slot.key, words, now=EARLY)

        found = {each.account: each.rendition.parts[0].text for each in queue.rows(NOON)}
        assert found == {X.name: "The moon rises.", MASTODON.name: "Other words."}
        assert claimed(queue).rendition.parts


def test_what_was_asked_for_is_not_edited(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        claimed(queue)

        with pytest.raises(BadCall, match="cannot edit"):
            queue.edit(row(queue).key, planned(NOON, "Other words.").renditions, now=NOON)


def test_a_hold_that_was_released_since_is_not_taken_back(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        with queue.deciding("hold", ADA, now=EARLY):
            queue.hold("too soon", now=EARLY)
        with queue.deciding("release", BEN, now=EARLY):
            queue.release(now=EARLY)

        with pytest.raises(BadCall, match="the hold has ended since"):
            queue.undo(1, ADA, now=EARLY)


def test_who_approved_one_account_approves_the_rest_by_the_slots_key(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=(X, MASTODON)), by=schedules(approval=2))
        first, second = queue.rows(NOON)
        queue.approve(first.key, who="Ada", now=EARLY)

        queue.approve(first.slot.key, who="Ada", now=EARLY)

        assert [each.approved_by for each in queue.rows(NOON)] == [("Ada",), ("Ada",)]
        with pytest.raises(BadCall, match="somebody else must, too"):
            queue.approve(second.slot.key, who="Ada", now=EARLY)


def test_an_edit_taken_back_brings_its_approvals_back(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), by=schedules(approval=1))
        key = row(queue).slot.key
        queue.approve(key, who="Ada", now=EARLY)
        with queue.deciding("edit", BEN, now=EARLY, key=key):
            queue.edit(key, planned(NOON, "Other words.").renditions, now=EARLY)
        assert row(queue).waits == "not approved"

        queue.undo(1, BEN, now=EARLY)

        assert (row(queue).approved_by, row(queue).waits) == (("Ada",), "")
