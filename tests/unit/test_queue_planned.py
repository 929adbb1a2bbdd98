"""What is planned and enqueued."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.values import Cursor
from bot.model import Account, Gap, Media, Plan, PlannedPost, Slot, Tone, Use, Window
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.deliveries import (
    ACCOUNTS,
    DEAF,
    FEAST,
    MASTODON,
    NOON,
    X,
    claimed,
    enqueue,
    opened,
    planned,
    row,
    schedules,
    slot,
    states,
    take,
)
from tests.fakes.worlds import at

WEEK = Window(NOON - DAY, NOON + 6 * DAY)


def test_a_new_queue_has_no_cursor(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        assert queue.cursor() is None


def test_enqueueing_moves_the_cursor(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, until=NOON + DAY, files="one")
        enqueue(queue, until=NOON + 2 * DAY, files="one")

        assert queue.cursor() == Cursor(NOON + 2 * DAY, "one")


def test_of_two_who_plan_at_once_one_wins_and_nothing_is_there_twice(tmp_path: Path) -> None:
    plan = Plan((planned(),))
    with opened(tmp_path) as queue, opened(tmp_path) as other:
        seen = queue.cursor()

        won = [
            each.enqueue(plan, schedules(), seen=seen, until=NOON + DAY, files="files")
            for each in (queue, other)
        ]

        assert won == [True, False]
        assert states(queue) == [State.PENDING]


def test_what_is_in_the_queue_stays_as_it_is_when_planned_again(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, "First."))
        queue.approve(row(queue).key, who="Ada", now=NOON)
        enqueue(queue, planned(NOON, "Second."))

        assert row(queue).rendition.parts[0].text == "First."
        assert row(queue).approved_by == ("Ada",)


def test_what_is_enqueued_is_what_was_planned(tmp_path: Path) -> None:
    picture = Media("corpus/moon.png", "The moon.", "Ada", (0.5, -0.5))
    posts = (
        planned(NOON, "One.", "Two.", accounts=(X, MASTODON), tone=Tone.CELEBRATION, media=(picture,)),
        planned(NOON + HOUR, "Later.", event="feast"),
    )
    gap = Gap(slot(NOON + 2 * HOUR), "quiet day: feast")
    with opened(tmp_path) as queue:
        enqueue(queue, *posts, gaps=[gap])

        found = queue.planned(WEEK)

    assert found.digest == Plan(posts, (gap,)).digest
    assert found.gaps == (gap,)
    assert [each.renditions for each in found.posts] == [each.renditions for each in posts]
    assert [each.slot for each in found.posts] == [each.slot for each in posts]
    assert [(each.why, each.post.tone, each.state) for each in found.posts] == [
        ("has waited longest", Tone.CELEBRATION, "pending"),
        ("has waited longest", Tone.NEUTRAL, "pending"),
    ]


def test_a_window_of_the_queue_is_half_open(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON), planned(NOON + 60), gaps=[Gap(slot(NOON + 61), "rest")])

        found = queue.planned(Window(NOON, NOON + 60))

    assert [each.slot.at for each in found.posts] == [NOON]
    assert found.gaps == ()


def test_a_post_without_a_rendition_is_planned_and_nothing_more(tmp_path: Path) -> None:
    bare = replace(planned(), renditions=())
    with opened(tmp_path) as queue:
        enqueue(queue, bare)

        assert [each.state for each in queue.planned(WEEK).posts] == ["planned"]


def test_a_post_whose_deliveries_differ_shows_each_state(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(accounts=(X, MASTODON)))
        claimed(queue)

        assert set(queue.planned(WEEK).posts[0].state.split()) == {"pending", "sending"}


@pytest.mark.parametrize(
    ("grace", "length"), [(HOUR, HOUR), (None, 12 * HOUR), (0, MINUTE), (48 * HOUR, 12 * HOUR)]
)
def test_the_schedules_grace_sets_the_deadline(tmp_path: Path, grace: int | None, length: int) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(), by=schedules(grace=grace))

        assert row(queue).deadline == NOON + length


@pytest.mark.parametrize(
    ("zone", "instant", "grace", "until"),
    [
        ("UTC", "2027-03-01T12:00Z", None, "2027-03-02T00:00Z"),
        ("UTC", "2027-03-01T12:00Z", 2 * HOUR, "2027-03-01T14:00Z"),
        ("UTC", "2027-03-01T23:30Z", 2 * HOUR, "2027-03-02T00:00Z"),
        ("UTC", "2027-03-01T12:00Z", 0, "2027-03-01T12:01Z"),
        ("America/New_York", "2027-03-02T04:30Z", None, "2027-03-02T05:00Z"),
        ("America/New_York", "2027-03-02T05:00Z", None, "2027-03-03T05:00Z"),
        ("Asia/Tokyo", "2027-03-01T14:00Z", None, "2027-03-01T15:00Z"),
    ],
)
def test_where_people_moved_a_slot_midnight_is_that_of_its_new_day(
    zone: str, instant: str, grace: int | None, until: str
) -> None:
    moved = Slot(at(instant), "daily", NOON, zone)

    assert moved.deadline(grace) == at(until)


def test_history_says_which_post_had_which_slot_whatever_became_of_it(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON, id="a"), planned(NOON + DAY, id="b", accounts=(X, MASTODON)))
        queue.skip(queue.rows(NOON)[0].key, reason="no", now=NOON)

        found = queue.history(NOON)

    assert found.uses == (
        Use(slot(NOON), "a", (X.name,), NOON),
        Use(slot(NOON + DAY), "b", (X.name, MASTODON.name), NOON + DAY),
    )


def test_of_long_ago_history_keeps_the_last_use_of_each_post_on_each_account(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(
            queue,
            planned(NOON, id="a", accounts=(X, MASTODON)),
            planned(NOON + DAY, id="a"),
            planned(NOON + 2 * DAY, id="b"),
            planned(NOON + 3 * DAY, id="b"),
            planned(NOON + 9 * DAY, id="a"),
        )

        found = queue.history(NOON + 5 * DAY)

    assert [(use.post, use.accounts, use.at) for use in found.uses] == [
        ("a", (MASTODON.name,), NOON),
        ("a", (X.name,), NOON + DAY),
        ("b", (X.name,), NOON + 3 * DAY),
        ("a", (X.name,), NOON + 9 * DAY),
    ]


def test_a_slot_that_was_moved_away_is_still_known_by_its_planned_time(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON + 5 * DAY))
        queue.move(row(queue).key, at=NOON + HOUR, now=NOON)

        assert queue.history(NOON + 4 * DAY).uses == (
            Use(slot(NOON + 5 * DAY), "moon/rise", (X.name,), NOON + HOUR),
        )
        assert [each.slot.at for each in queue.planned(WEEK).posts] == [NOON + HOUR]


def forgetful(folder: Path) -> Queue:
    """A queue with four posts: one that was due, one approved, one claimed and one that nobody touched."""
    queue = opened(folder)
    times = (NOON - HOUR, NOON + HOUR, NOON + 2 * HOUR, NOON + 3 * HOUR)
    enqueue(queue, *(planned(time, id=f"at-{time - NOON}") for time in times), gaps=[Gap(slot(NOON + 9), "")])
    queue.approve(queue.rows(NOON)[1].key, who="Ada", now=NOON - DAY)
    assert take(queue, times[2], queue.rows(NOON)[2].key)
    return queue


def test_when_files_change_what_nobody_touched_makes_room(tmp_path: Path) -> None:
    with forgetful(tmp_path) as queue:
        cursor = queue.forget_untouched("other files", NOON)

        assert cursor == Cursor(NOON, "other files") == queue.cursor()
        assert [each.post for each in queue.rows(NOON)] == ["at--3600", "at-3600", "at-7200"]
        assert queue.planned(WEEK).gaps == ()


def test_what_planning_anew_would_leave_can_be_seen_beforehand(tmp_path: Path) -> None:
    with forgetful(tmp_path) as queue:
        seen, past = queue.planned(WEEK, anew=NOON), queue.history(NOON - DAY, anew=NOON)
        whole = queue.history(NOON - DAY)

        queue.forget_untouched("other files", NOON)

        assert queue.planned(WEEK) == seen
        assert queue.history(NOON - DAY) == past
        assert len(whole.uses) == len(past.uses) + 1


def test_while_files_stay_the_same_nothing_is_forgotten(tmp_path: Path) -> None:
    with forgetful(tmp_path) as queue:
        before = queue.cursor()

        assert queue.forget_untouched("files", NOON) == before
        assert len(queue.rows(NOON)) == 4


def test_where_nothing_was_planned_nothing_is_forgotten(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        assert queue.forget_untouched("files", NOON) is None


def test_after_a_long_rest_planning_anew_goes_on_where_it_ended(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, until=NOON - 9 * DAY)

        assert queue.forget_untouched("other files", NOON) == Cursor(NOON - 9 * DAY, "other files")


def test_a_post_that_a_person_asked_for_is_never_planned_anew(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue)
        one = planned(NOON + MINUTE, accounts=(X, DEAF))

        queue.enqueue_one(one, ACCOUNTS, deadline=NOON + HOUR)
        queue.forget_untouched("other files", NOON)

        assert [(each.touched, each.deadline, each.needs_approval) for each in queue.rows(NOON)] == [
            (True, NOON + HOUR, False)
        ] * 2


def by_hand(instant: int, *accounts: Account) -> PlannedPost:
    """The post that every planned one here has, as a person asks for it."""
    one = planned(instant, accounts=accounts)
    slot = replace(one.slot, schedule="post by hand")
    shown = tuple(replace(each, key=f"by-hand-{each.account}") for each in one.renditions)
    return replace(one, slot=slot, renditions=shown)


def test_what_a_person_says_makes_room_from_where_the_same_post_waits(tmp_path: Path) -> None:
    gaps = [Gap(slot(NOON + hours * HOUR), "quiet day: feast") for hours in (1, 3)]
    with opened(tmp_path) as queue:
        before, same = planned(NOON, id="other"), planned(NOON + 2 * HOUR)
        enqueue(queue, before, same, planned(NOON + 3 * HOUR, id="third"), gaps=gaps)

        since = queue.enqueue_one(by_hand(NOON - HOUR, X, DEAF), ACCOUNTS, deadline=NOON)

        assert since == NOON + 2 * HOUR
        assert queue.cursor() == Cursor(since, "files")
        assert {each.post for each in queue.rows(NOON) if each.at >= NOON} == {"other"}
        assert queue.planned(WEEK).gaps == (gaps[0],)


@pytest.mark.parametrize(("seconds_left", "since"), [(1, NOON), (0, None)])
def test_what_is_late_gives_way_to_what_a_person_says_while_it_is_not_too_late(
    tmp_path: Path, seconds_left: int, since: int | None
) -> None:
    said = NOON + HOUR - seconds_left
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON), by=schedules(grace=HOUR))

        assert queue.enqueue_one(by_hand(said, X), ACCOUNTS, deadline=said + HOUR) == since


@pytest.mark.parametrize(
    ("waiting", "why"),
    [
        (planned(id="other"), "it is another post"),
        (planned(accounts=(MASTODON,)), "it waits for another account"),
        (planned(accounts=(X, MASTODON), event=FEAST.id), "a person approved it"),
    ],
)
def test_what_a_person_says_leaves_the_rest_alone(tmp_path: Path, waiting: PlannedPost, why: str) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, waiting, by=schedules(approval=waiting.slot.event is not None))
        if waiting.slot.event:
            queue.approve(waiting.slot.key, who="Ada", now=NOON - 1)

        since = queue.enqueue_one(by_hand(NOON - HOUR, X), ACCOUNTS, deadline=NOON)

        assert since is None, why
        assert queue.cursor() == Cursor(NOON + 7 * DAY, "files")
        assert waiting.slot.key in {each.slot.key for each in queue.rows(NOON)}


def test_before_the_first_turn_there_is_nothing_to_make_room_in(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        assert queue.enqueue_one(by_hand(NOON, X), ACCOUNTS, deadline=NOON + HOUR) is None
        assert queue.cursor() is None


def test_a_cursor_that_lies_behind_already_is_not_moved_forward(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(NOON), planned(NOON + DAY, id="other"), until=NOON - HOUR)

        queue.enqueue_one(by_hand(NOON - DAY, X), ACCOUNTS, deadline=NOON)

        assert queue.cursor() == Cursor(NOON - HOUR, "files")


def test_a_swap_and_a_move_make_room_where_their_post_waits_too(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        first, moved = planned(NOON, id="first"), planned(NOON + 4 * DAY)
        enqueue(queue, first, planned(NOON + DAY, id="second"), planned(NOON + 2 * DAY), moved)

        assert queue.move(moved.slot.key, at=NOON + 3 * DAY, now=NOON - 1) == NOON + 2 * DAY
        assert queue.move(moved.slot.key, at=NOON + 5 * DAY, now=NOON - 1) is None
        assert queue.swap(first.slot.key, planned(NOON, id="second"), now=NOON - 1) == NOON + DAY
        assert {each.post for each in queue.rows(NOON)} == {"second", "moon/rise"}
        assert len(queue.rows(NOON)) == 2


def test_a_hold_knows_the_tone_of_a_slots_event(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned(event=FEAST.id, tone=Tone.NEUTRAL))
        queue.hold("a tragedy", now=NOON - 1, tone=Tone.CELEBRATION)

        assert row(queue).waits == "held: a tragedy"
