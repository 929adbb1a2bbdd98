"""One turn of the daemon."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import AT_ONCE, HORIZON, Shift, Turn
from bot.delivery.values import Cursor
from bot.errors import BadState
from bot.model import Corpus, History, Pick, Project, Schedules, Window
from bot.planning.plan import plan
from bot.planning.render import rendered
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes import network as moods
from tests.fakes.deliveries import (
    ACCOUNTS,
    MASTODON,
    NOON,
    PACED,
    X,
    claimed,
    enqueue,
    opened,
    planned,
    proof,
    row,
    schedules,
    states,
)
from tests.fakes.network import Network, one_for_all
from tests.fakes.worlds import CORPUS, anniversaries, slots, world

BY_HAND = Project("/project", schedules(), Corpus(), "files")
WORLD = world(slots(), anniversaries())
LIVE = Project("/project", WORLD, CORPUS, "files")


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


@pytest.fixture
def network() -> Network:
    return Network()


def turn(project: Project, queue: Queue, network: Network, now: int) -> Turn:
    """The first turn of a process."""
    return Shift(queue, one_for_all(network)).tick(project, partial(int, now))


def live(project: Project, queue: Queue, network: Network, *, start: int, end: int) -> None:
    """Take every turn from `start` to `end`, each when it is due."""
    now: int | None = start
    while now is not None and now < end:
        due = turn(project, queue, network, now).next_due
        now = due if due is None or due > now else now


def test_a_turn_plans_a_week_ahead(queue: Queue, network: Network) -> None:
    week = Window(NOON, NOON + HORIZON)

    turn(LIVE, queue, network, NOON)

    assert queue.planned(week).digest == rendered(plan(WORLD, CORPUS, History(), week), WORLD).digest


def test_planning_goes_on_when_an_hour_of_the_horizon_is_used_up(queue: Queue, network: Network) -> None:
    turn(LIVE, queue, network, NOON)
    first = queue.cursor()

    turn(LIVE, queue, network, NOON + HOUR - 1)
    assert queue.cursor() == first
    turn(LIVE, queue, network, NOON + HOUR + 1)
    cursor = queue.cursor()
    assert cursor
    assert cursor.until == NOON + HOUR + 1 + HORIZON


def test_a_month_lived_through_posts_what_the_plan_showed(queue: Queue, network: Network) -> None:
    month = Window(NOON, NOON + 30 * DAY)
    shown = rendered(plan(WORLD, CORPUS, History(), month), WORLD)

    live(LIVE, queue, network, start=month.start, end=month.end)

    assert [(each.post, each.at, each.key, each.text) for each in network.shown] == [
        (post.post.id, post.slot.at, shown.key, shown.parts[0].text)
        for post in shown.posts
        for shown in post.renditions
    ]
    assert queue.planned(month).digest == shown.digest


def test_changed_files_are_planned_anew_around_what_people_touched(queue: Queue, network: Network) -> None:
    turn(LIVE, queue, network, NOON)
    kept = queue.rows(NOON)[3]
    queue.approve(kept.key, who="Ada", now=NOON)
    images = world(slots(pick=Pick(tags=("images",), cool_down=0)), anniversaries())

    turn(Project("/project", images, CORPUS, "other files"), queue, network, NOON + MINUTE)

    rows = queue.rows(NOON)
    assert {each.post.split("/")[0] for each in rows if each.key != kept.key} == {"images"}
    assert kept.post in [each.post for each in rows if each.key == kept.key]
    assert len({each.slot.key for each in rows}) == len(rows)
    assert queue.cursor() == Cursor(NOON + MINUTE + HORIZON, "other files")


def test_two_who_take_turns_on_one_queue_post_each_thing_once(tmp_path: Path, network: Network) -> None:
    with opened(tmp_path) as one, opened(tmp_path) as other:
        for now in range(NOON, NOON + 4 * DAY, HOUR):
            turn(LIVE, one, network, now)
            turn(LIVE, other, network, now)

        assert len(set(network.parts)) == len(network.parts) > 5


def test_a_turn_delivers_one_thing(queue: Queue, network: Network) -> None:
    enqueue(queue, planned(NOON, id="a"), planned(NOON, id="b", event="b"))
    keys = {each.key for each in queue.rows(NOON)}

    first = turn(BY_HAND, queue, network, NOON)
    second = turn(BY_HAND, queue, network, NOON)
    third = turn(BY_HAND, queue, network, NOON)

    assert {key for key, _ in first.ended + second.ended} == keys
    assert ([state for _, state in first.ended], first.next_due) == ([State.SENT], NOON)
    assert third == Turn()
    assert states(queue) == [State.SENT] * 2


def test_what_is_cleared_up_goes_out_in_the_next_turn_of_the_same_instant(
    queue: Queue, network: Network
) -> None:
    enqueue(queue, planned(NOON, "One.", "Two."))
    queue.record(claimed(queue), 1, proof())

    first = turn(BY_HAND, queue, network, NOON + MINUTE)
    second = turn(BY_HAND, queue, network, NOON + MINUTE)

    assert (first.ended, first.next_due) == ((), NOON + MINUTE)
    assert [state for _, state in second.ended] == [State.SENT]


def test_with_nothing_to_send_an_unknown_is_cleared_up(queue: Queue, network: Network) -> None:
    enqueue(queue, planned())
    turn(BY_HAND, queue, network.feels(moods.keeps_silent), NOON)
    assert states(queue) == [State.UNKNOWN]

    due = turn(BY_HAND, queue, network, NOON + 119).next_due
    assert states(queue) == [State.UNKNOWN]
    assert due == NOON + 120
    turn(BY_HAND, queue, network, NOON + 120)

    assert states(queue) == [State.SENT]
    assert len(network.shown) == 1


def test_an_unknown_of_an_account_that_is_no_more_stays_for_a_person(queue: Queue, network: Network) -> None:
    enqueue(queue, planned())
    turn(BY_HAND, queue, network.feels(moods.keeps_silent), NOON)

    turn(Project("/project", Schedules(), Corpus(), "files"), queue, network, NOON + 120)

    assert states(queue) == [State.UNKNOWN]
    assert row(queue).reason == "unanswered: ours-x is not live, so its network is not asked"


def test_the_dry_run_has_no_say_about_a_silence_of_the_network(queue: Queue, network: Network) -> None:
    enqueue(queue, planned())
    turn(BY_HAND, queue, network.feels(moods.keeps_silent), NOON)
    dry = schedules(accounts=[replace(X, live=False)])
    nothing = Network()

    turn(Project("/project", dry, Corpus(), "files"), queue, nothing, NOON + 120)

    assert states(queue) == [State.UNKNOWN]
    assert not nothing.looked, "it would call absent what the network may have, and then go out twice"


def test_a_dry_run_whose_process_died_is_asked_what_it_wrote(queue: Queue, network: Network) -> None:
    dry = schedules(accounts=[replace(X, live=False)])
    enqueue(queue, planned(), by=dry)
    claimed(queue, live=False)
    queue.recover(NOON + HOUR - 1, ACCOUNTS)

    turn(Project("/project", dry, Corpus(), "files"), queue, network, NOON + HOUR + 119)

    assert len(network.looked) == 1


def test_after_an_outage_what_is_in_time_goes_out_one_by_one_and_the_rest_is_missed(
    queue: Queue, network: Network
) -> None:
    by = schedules(grace=3 * HOUR)
    enqueue(queue, *(planned(NOON + n * 10 * MINUTE, accounts=(PACED,)) for n in range(24)), by=by)
    start = NOON + 4 * HOUR

    live(Project("/project", by, Corpus(), "files"), queue, network, start=start, end=start + 6 * HOUR)

    gaps = [late.at - early.at for early, late in zip(network.shown, network.shown[1:], strict=False)]
    assert len(network.shown) >= 3
    assert min(gaps) >= HOUR
    assert states(queue)[:6] == [State.MISSED] * 6
    assert queue.rows(NOON)[0].reason == "the bot was not running"
    assert set(states(queue)) == {State.MISSED, State.SENT}
    assert all(
        each.at < row.deadline for each in network.shown for row in queue.rows(NOON) if row.key == each.key
    )


def test_downtime_across_many_slots_leaves_each_with_its_reason(queue: Queue, network: Network) -> None:
    turn(LIVE, queue, network, NOON)

    turn(LIVE, queue, network, NOON + 30 * DAY)

    gone = [each for each in queue.rows(NOON) if each.deadline <= NOON + 30 * DAY]
    assert len(gone) > 30
    assert {(each.state, each.reason) for each in gone} == {(State.MISSED, "the bot was not running")}
    assert network.shown == []


def test_far_behind_what_was_lived_through_nothing_is_done(queue: Queue, network: Network) -> None:
    enqueue(queue, planned())
    turn(BY_HAND, queue, network, NOON - DAY)

    with pytest.raises(BadState) as caught:
        turn(BY_HAND, queue, network, NOON - DAY - 5 * MINUTE - 1)

    assert str(caught.value) == (
        "the clock says 2027-02-28T11:54:59Z, but 2027-02-28T12:00:00Z was lived through here already; "
        "set the clock right, or, if that was a time-lapse, move its database away"
    )
    turn(BY_HAND, queue, network, NOON - DAY - 5 * MINUTE)


def test_the_clock_is_read_again_while_a_network_takes_its_time(queue: Queue, network: Network) -> None:
    times = iter([NOON] * 5 + [NOON + 30] * 9)
    enqueue(queue, planned())
    shift = Shift(queue, one_for_all(network.feels(moods.keeps_silent)))

    shift.tick(BY_HAND, lambda: next(times))

    assert row(queue).due == NOON + 150


def test_each_account_has_its_own_publisher(queue: Queue) -> None:
    networks = {name: Network() for name in ACCOUNTS}
    enqueue(queue, planned(accounts=(X, MASTODON)))
    shift = Shift(queue, lambda account: networks[account.name])

    for _ in range(2):
        shift.tick(BY_HAND, partial(int, NOON))

    assert {name: [ask.account for ask in each.shown] for name, each in networks.items() if each.shown} == {
        X.name: [X.name],
        MASTODON.name: [MASTODON.name],
    }


def test_more_than_is_looked_up_at_once_goes_out_in_its_order(queue: Queue, network: Network) -> None:
    posts = [planned(NOON + n, id=str(n)) for n in range(2 * AT_ONCE + 1)]
    enqueue(queue, *reversed(posts))
    shift = Shift(queue, one_for_all(network))

    for _ in posts:
        shift.tick(BY_HAND, partial(int, NOON + MINUTE))

    assert [ask.post for ask in network.shown] == [post.post.id for post in posts]
    assert shift.tick(BY_HAND, partial(int, NOON + MINUTE)) == Turn()


def test_what_a_person_decides_after_it_was_looked_up_is_heeded(queue: Queue, network: Network) -> None:
    posts = [planned(NOON + n, id=str(n)) for n in range(3)]
    enqueue(queue, *posts)
    shift = Shift(queue, one_for_all(network))
    shift.tick(BY_HAND, partial(int, NOON + MINUTE))

    queue.skip(posts[1].renditions[0].key, reason="no", now=NOON + MINUTE)
    while shift.tick(BY_HAND, partial(int, NOON + MINUTE)).next_due:
        pass

    assert [ask.post for ask in network.shown] == ["0", "2"]
