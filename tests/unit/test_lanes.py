"""Many accounts beside each other: one thing at a time for each, and the trouble of one is not another's."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.contracts import Ask, Receipt
from bot.delivery.deliver import Errand, Note, Question
from bot.delivery.lanes import Hands, Lanes, inline
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import Shift, Turn
from bot.delivery.values import Claim
from bot.engines.embedded import Threads
from bot.errors import BadState
from bot.model import Account, PlannedPost
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes import network as moods
from tests.fakes.deliveries import (
    NOON,
    Later,
    claimed,
    commits,
    disk_full,
    enqueue,
    locked,
    opened,
    planned,
    project,
    row,
    schedules,
    states,
)
from tests.fakes.network import Network

PATIENCE = 30
MANY = tuple(Account(f"ours-{n}", "x", live=True, quarantine=120) for n in range(6))
ONE, TWO, *_ = MANY
BY = schedules(accounts=MANY)
PROJECT = project(BY)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


@pytest.fixture
def hands() -> Later:
    return Later()


@pytest.fixture
def claim(queue: Queue) -> Claim:
    """Some claim, of which a publisher may keep silent for as long as a test has patience."""
    enqueue(queue, planned())
    return claimed(queue)


def errand(told: list[object], *wanted: Question | Note, end: State | None = State.SENT) -> Errand:
    """An errand that wants these things, tells what it is answered, and ends."""
    for each in wanted:
        answer = yield each
        told.append(answer)
    return end


def asks(answer: object, claim: Claim | None = None) -> Question:
    return Question(lambda: answer, claim)


def notes(answer: object) -> Note:
    return Note(lambda: answer)


def breaks(error: BaseException) -> Note:
    def put() -> object:
        raise error

    return Note(put)


def breaks_at_first(error: BaseException, answer: object) -> Note:
    """A note that is not taken the first time."""
    errors = [error]

    def put() -> object:
        if errors:
            raise errors.pop()
        return answer

    return Note(put)


def test_an_errand_is_given_each_answer_and_its_end_is_told_once(queue: Queue) -> None:
    told: list[object] = []
    lanes = Lanes(queue)
    lanes.begin("one", "key", errand(told, asks("a"), notes("b"), asks("c")))

    lanes.go_on()

    assert told == ["a", "b", "c"]
    assert lanes.ended() == [("key", State.SENT)]
    assert lanes.ended() == []
    assert len(lanes) == 0


def test_an_end_that_is_for_others_to_say_has_no_state(queue: Queue) -> None:
    lanes = Lanes(queue)
    lanes.begin("one", "key", errand([], asks("a"), end=None))

    lanes.go_on()

    assert lanes.ended() == [("key", None)]
    assert "one" not in lanes


def test_a_lane_is_taken_until_its_errand_ends(queue: Queue, hands: Later) -> None:
    lanes = Lanes(queue, hands)
    lanes.begin("one", "key", errand([], asks("a")))
    assert "one" in lanes
    assert "two" not in lanes

    hands.do()
    assert "one" in lanes, "its answer was not handed to it yet"
    lanes.go_on()

    assert "one" not in lanes


def test_what_several_errands_note_at_once_is_one_commit(queue: Queue) -> None:
    made = commits(queue)
    lanes, cause = Lanes(queue), iter("abc")
    for name in ("one", "two", "three"):
        note = Note(partial(queue.tell, next(cause), "words", NOON))
        lanes.begin(name, name, errand([], note))

    lanes.go_on()

    assert made == [3]
    assert len(lanes.ended()) == 3


def test_an_errand_goes_on_when_its_note_is_durable_and_not_before(queue: Queue, tmp_path: Path) -> None:
    def looks(note: Note) -> Errand:
        yield note
        with opened(tmp_path) as other:
            seen.append(other.told())
        return None

    seen: list[frozenset[str]] = []
    lanes = Lanes(queue)
    for name in ("a", "b"):
        lanes.begin(name, name, looks(Note(partial(queue.tell, name, "words", NOON))))

    lanes.go_on()

    assert seen == [{"a", "b"}] * 2


def test_a_note_that_breaks_takes_its_own_errand_with_it_and_no_other(queue: Queue) -> None:
    told: list[object] = []
    lanes = Lanes(queue)
    lanes.begin("one", "one", errand(told, Note(partial(queue.tell, "one", "words", NOON))))
    lanes.begin("bad", "bad", errand(told, breaks(ZeroDivisionError("of our own making"))))
    lanes.begin("two", "two", errand(told, Note(partial(queue.tell, "two", "words", NOON))))

    with pytest.raises(ZeroDivisionError):
        lanes.go_on()
    assert "bad" not in lanes
    lanes.go_on()

    assert told == [True, True]
    assert [key for key, _ in lanes.ended()] == ["one", "two"]
    assert queue.told() == {"one", "two"}


def test_where_one_note_is_at_fault_each_is_written_by_itself(queue: Queue) -> None:
    told: list[object] = []
    lanes = Lanes(queue)
    lanes.begin("one", "one", errand(told, Note(partial(queue.tell, "one", "words", NOON))))
    lanes.begin("two", "two", errand(told, breaks_at_first(ZeroDivisionError(), "at last")))

    lanes.go_on()

    assert told == [True, "at last"]


def test_an_errand_that_breaks_takes_no_answer_of_another_with_it(queue: Queue, hands: Later) -> None:
    def broken() -> Errand:
        yield asks("a")
        raise ZeroDivisionError

    told: list[object] = []
    lanes = Lanes(queue, hands)
    lanes.begin("bad", "bad", broken())
    lanes.begin("one", "one", errand(told, asks("b")))
    hands.do()
    hands.do()

    with pytest.raises(ZeroDivisionError):
        lanes.go_on()
    assert "bad" not in lanes
    lanes.go_on()

    assert told == ["b"]


def test_what_the_queue_does_not_take_is_tried_again_each_time(queue: Queue) -> None:
    told: list[object] = []
    lanes = Lanes(queue)
    lanes.begin("one", "one", errand(told, Note(partial(queue.tell, "one", "x" * 9_000, NOON))))
    lanes.begin("two", "two", errand(told, Note(partial(queue.tell, "two", "x" * 9_000, NOON))))

    with disk_full(queue):
        for _ in range(3):
            with pytest.raises(BadState, match="database or disk is full"):
                lanes.go_on()
    lanes.go_on()

    assert told == [True, True]


def test_trouble_with_the_database_while_each_is_written_by_itself_loses_nothing(queue: Queue) -> None:
    told: list[object] = []
    lanes = Lanes(queue)
    lanes.begin("one", "one", errand(told, notes("a")))
    bad = [ZeroDivisionError(), BadState("the disk is full")]

    def put() -> object:
        if bad:
            raise bad.pop(0)
        return "b"

    lanes.begin("two", "two", errand(told, Note(put)))

    with pytest.raises(BadState):
        lanes.go_on()
    lanes.go_on()

    assert told == ["a", "b"]


def test_what_ended_is_told_even_if_the_queue_is_in_trouble_over_another(queue: Queue, hands: Later) -> None:
    lanes = Lanes(queue, hands)
    lanes.begin("one", "one", errand([], asks("a")))
    lanes.begin("two", "two", errand([], breaks_at_first(BadState("the disk is full"), "b")))
    hands.do()

    with pytest.raises(BadState):
        lanes.go_on()

    assert lanes.ended() == [("one", State.SENT)]


def test_waiting_ends_with_the_first_answer(queue: Queue) -> None:
    lanes, begun = Lanes(queue, Threads()), time.monotonic()
    lanes.begin("one", "one", errand([], asks("a")))

    lanes.wait(PATIENCE)
    lanes.go_on()
    lanes.wait(0.01)

    assert time.monotonic() - begun < PATIENCE / 2
    assert len(lanes.ended()) == 1


def test_finishing_lets_go_of_what_is_not_claimed_and_waits_for_the_rest(queue: Queue, claim: Claim) -> None:
    told: list[object] = []
    answer, hangs = threading.Event(), threading.Event()
    lanes = Lanes(queue, Threads())
    lanes.begin("made ready", "a", errand(told, Question(lambda: hangs.wait(PATIENCE))))
    lanes.begin("asked", "b", errand(told, Question(lambda: answer.wait(PATIENCE), claim), notes("c")))
    threading.Timer(0.1, answer.set).start()

    lanes.finish()

    assert told == [True, "c"]
    assert lanes.ended() == [("b", State.SENT)]
    assert len(lanes) == 0
    hangs.set()
    lanes.wait(PATIENCE)
    lanes.go_on()
    assert told == [True, "c"], "nobody waits for it any more"


def test_finishing_writes_nothing_that_would_be_a_claim(queue: Queue) -> None:
    lanes = Lanes(queue)
    note = Note(partial(queue.tell, "cause", "x" * 9_000, NOON))
    lanes.begin("one", "one", errand([], note))
    with disk_full(queue), pytest.raises(BadState):
        lanes.go_on()

    lanes.finish()

    assert queue.told() == frozenset()


def test_finishing_tries_what_the_queue_did_not_take_again(queue: Queue, claim: Claim) -> None:
    told: list[object] = []
    lanes = Lanes(queue)
    late = breaks_at_first(BadState("the database is locked"), "at last")
    lanes.begin("one", "one", errand(told, asks("a", claim), late))

    lanes.finish()

    assert told == ["a", "at last"]


def test_finishing_ends_where_the_queue_takes_nothing_for_too_long(queue: Queue, claim: Claim) -> None:
    lanes = Lanes(queue)
    trouble = breaks(BadState("the disk is full"))
    lanes.begin("one", "one", errand([], asks("a", replace(claim, lease=0)), trouble))

    with pytest.raises(BadState, match="the disk is full"):
        lanes.finish()


def test_a_publisher_that_hangs_is_given_up_after_ten_leases(
    queue: Queue, hands: Later, claim: Claim
) -> None:
    soon = replace(claim, lease=0.05)  # no test has ten minutes
    lanes, told, begun = Lanes(queue, hands), list[object](), time.monotonic()
    lanes.begin("hangs", "a", errand(told, asks("at last", soon)))
    lanes.begin("waits", "b", errand(told, asks("b", claim)))

    while soon in lanes.claims():
        assert time.monotonic() - begun < PATIENCE

    assert 0.5 <= time.monotonic() - begun < 4
    assert lanes.claims() == [claim]
    assert "hangs" in lanes, "nobody else is let to its network"
    hands.do("waits")
    lanes.finish()
    assert told == ["b"], "who is given up is not waited for"
    hands.do("hangs")
    lanes.go_on()
    assert told == ["b", "at last"]
    assert "hangs" not in lanes


def test_what_is_made_ready_is_no_claim_and_is_never_given_up(queue: Queue, hands: Later) -> None:
    lanes = Lanes(queue, hands)
    lanes.begin("one", "one", errand([], asks("a")))

    assert lanes.claims() == []
    assert "one" in lanes


def test_in_this_thread_a_question_is_put_at_once() -> None:
    done: list[str] = []

    inline("anybody", lambda: done.append("here"))

    assert done == ["here"]


def shift_of(queue: Queue, networks: Callable[[Account], Network], hands: Hands, *, most: int = 64) -> Shift:
    return Shift(queue, networks, hands=hands, most=most)


def tick(shift: Shift, now: int = NOON) -> Turn:
    return shift.tick(PROJECT, partial(int, now))


def worked_through(shift: Shift, until: Callable[[], bool], now: int = NOON) -> list[str]:
    """Take turns until something is so; the keys of what ended, in order."""
    ended, end = [], time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < end, "it did not happen"
        turn = tick(shift, now)
        ended += [key for key, _ in turn.ended]
        shift.wait(0.05)
    return ended


class Busy(Network):
    """Takes its time, and tells how many asked it for the same account at once."""

    def __init__(self) -> None:
        super().__init__()
        self.at_once = 0
        self.most_at_once = 0

    def publish(self, ask: Ask) -> Receipt:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(0.002)
        found = super().publish(ask)
        self.at_once -= 1
        return found


def test_accounts_are_served_beside_each_other_and_each_in_its_order(queue: Queue) -> None:
    posts = [planned(NOON - 9 + n, "One.", "Two.", accounts=MANY, id=str(n)) for n in range(5)]
    enqueue(queue, *posts, by=BY)
    networks = {account.name: Busy() for account in MANY}
    shift = shift_of(queue, lambda account: networks[account.name], Threads())

    ended = worked_through(shift, lambda: set(states(queue)) == {State.SENT})
    ended += [key for key, _ in shift.finish().ended]

    assert sorted(ended) == sorted(row.key for row in queue.rows(NOON))
    for network in networks.values():
        assert [(ask.post, ask.part) for ask in network.shown] == [
            (str(n), part) for n in range(5) for part in (1, 2)
        ]
        assert network.most_at_once == 1


def test_no_more_accounts_are_served_at_once_than_there_are_hands_for(queue: Queue, hands: Later) -> None:
    enqueue(queue, planned(NOON, accounts=MANY), by=BY)
    shift = shift_of(queue, lambda _: Network(), hands, most=4)

    turn = tick(shift)

    assert len(set(hands.accounts)) == len(hands.accounts) == 4
    assert turn == Turn((), NOON)
    assert shift.is_under_way


class Deaf(Network):
    """Hangs until it is let go of."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = threading.Event()

    def publish(self, ask: Ask) -> Receipt:
        self.answers.wait(PATIENCE)
        return super().publish(ask)


def test_an_account_that_hangs_delays_no_other(queue: Queue) -> None:
    posts = [planned(NOON - 9 + n, accounts=MANY, id=str(n)) for n in range(3)]
    enqueue(queue, *posts, by=BY)
    networks: dict[str, Network] = {account.name: Network() for account in MANY}
    networks[ONE.name] = hanging = Deaf()
    shift = shift_of(queue, lambda account: networks[account.name], Threads())

    def others_are_done() -> bool:
        found = queue.rows(NOON)
        return all(each.state is State.SENT for each in found if each.account != ONE.name)

    worked_through(shift, others_are_done)

    assert {each.state for each in queue.rows(NOON, account=ONE.name)} == {State.SENDING, State.PENDING}
    hanging.answers.set()
    worked_through(shift, lambda: set(states(queue)) == {State.SENT})
    assert len(hanging.shown) == 3


def test_what_is_in_hand_gives_signs_of_life_and_keeps_its_claim(queue: Queue, hands: Later) -> None:
    enqueue(queue, planned(NOON, accounts=(ONE,)), by=BY)
    shift = shift_of(queue, lambda _: Network(), hands)
    tick(shift)
    hands.do()

    for later in (*range(0, 10 * MINUTE, 15), 9 * MINUTE, 9 * MINUTE + 50):
        tick(shift, NOON + later)
        assert states(queue) == [State.SENDING]

    assert hands.accounts == [ONE.name]


def test_after_the_clock_was_set_back_what_is_claimed_then_gives_signs_of_life_too(
    queue: Queue, hands: Later
) -> None:
    enqueue(queue, planned(NOON, accounts=(ONE,)), by=BY)
    shift = shift_of(queue, lambda _: Network(), hands)
    now = [NOON + 4 * MINUTE]
    shift.tick(PROJECT, lambda: now[0])
    hands.do()

    for later in range(0, 4 * MINUTE, 15):
        now[0] = NOON + later
        shift.tick(PROJECT, lambda: now[0])
        assert states(queue) == [State.SENDING]


def test_who_takes_no_turns_loses_its_claim_to_others(queue: Queue, hands: Later) -> None:
    enqueue(queue, planned(NOON, accounts=(ONE,)), by=BY)
    shift, other = (shift_of(queue, lambda _: Network(), hands) for _ in range(2))
    tick(shift)
    hands.do()
    tick(shift)

    tick(other, NOON + MINUTE)

    assert states(queue) == [State.UNKNOWN]


def test_one_that_is_given_up_is_left_to_others_and_its_late_answer_counts(
    queue: Queue, tmp_path: Path
) -> None:
    posts = (planned(NOON, accounts=(ONE, TWO)), planned(NOON + MINUTE, accounts=(ONE, TWO)))
    enqueue(queue, *posts, by=BY)
    shorten_leases(tmp_path)
    networks: dict[str, Network] = {ONE.name: Deaf(), TWO.name: Network()}
    hanging = networks[ONE.name]
    shift = shift_of(queue, lambda account: networks[account.name], Threads())

    def is_given_up() -> bool:
        return state_of(queue, posts[0], ONE) is State.UNKNOWN

    worked_through(shift, lambda: state_of(queue, posts[0], ONE) is State.SENDING)
    time.sleep(0.2)  # longer than ten leases
    worked_through(shift, is_given_up, NOON + MINUTE)
    worked_through(shift, lambda: state_of(queue, posts[1], TWO) is State.SENT, NOON + MINUTE)
    tick(shift, NOON + 5 * MINUTE)

    assert is_given_up()
    assert hanging.looked == [], "whoever hangs is asked nothing more"
    assert isinstance(hanging, Deaf)
    hanging.answers.set()
    worked_through(shift, lambda: set(states(queue)) == {State.SENT}, NOON + 5 * MINUTE)
    assert len(hanging.shown) == 2


def shorten_leases(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "redletter.db")) as other, other:
        other.execute("UPDATE delivery SET lease = 0.01")


def state_of(queue: Queue, post: PlannedPost, account: Account) -> State:
    [key] = [each.key for each in post.renditions if each.account == account.name]
    return row(queue, key).state


def test_stopping_brings_in_what_is_in_flight_and_claims_nothing_more(queue: Queue) -> None:
    posts = [planned(NOON - 1 + n, "One.", "Two.", accounts=MANY, id=str(n)) for n in range(2)]
    enqueue(queue, *posts, by=BY)
    networks = {account.name: Deaf() for account in MANY}
    shift = shift_of(queue, lambda account: networks[account.name], Threads())
    worked_through(shift, lambda: states(queue).count(State.SENDING) == len(MANY))

    for network in networks.values():
        network.answers.set()
    turn = shift.finish()

    assert [state for _, state in turn.ended] == [State.SENT] * len(MANY)
    assert sorted(states(queue)) == [State.PENDING] * len(MANY) + [State.SENT] * len(MANY)
    assert not shift.is_under_way
    assert all([ask.part for ask in network.shown] == [1, 2] for network in networks.values())


@pytest.mark.parametrize("trouble", [disk_full, locked])
def test_no_answer_is_lost_while_the_queue_takes_none(
    queue: Queue, hands: Later, trouble: Callable[[Queue], AbstractContextManager[None]]
) -> None:
    enqueue(queue, planned(NOON, accounts=MANY), by=BY)
    network = Network().feels(*[at_length] * len(MANY))
    shift = shift_of(queue, lambda _: network, hands)
    for _ in range(2):  # made ready, then asked for
        tick(shift)
        for _ in MANY:
            hands.do()

    with trouble(queue):
        for _ in range(2):
            with pytest.raises(BadState, match=r"nothing was (deleted|done)"):
                tick(shift)
        assert set(states(queue)) == {State.SENDING}
    turn = tick(shift)

    assert [state for _, state in turn.ended] == [State.SENT] * len(MANY)
    assert len(network.asked) == len(network.shown) == len(MANY)


def at_length(network: Network, ask: Ask) -> Receipt:
    """A receipt for which the database has to grow."""
    return replace(moods.shows(network, ask), url="https://network.example/" + "x" * 9_000)


def test_what_ended_is_told_in_the_next_turn_if_this_one_fails(queue: Queue, hands: Later) -> None:
    enqueue(queue, planned(NOON, accounts=(ONE,)), by=BY)
    shift = shift_of(queue, lambda _: Network(), hands)
    for _ in range(2):
        tick(shift)
        hands.do()

    with pytest.raises(BadState, match="was lived through here already"):
        tick(shift, NOON - HOUR)
    turn = tick(shift, NOON + 1)

    assert [state for _, state in turn.ended] == [State.SENT]


def test_a_publisher_that_breaks_stops_no_other_account(queue: Queue) -> None:
    enqueue(queue, planned(NOON, accounts=(ONE, TWO)), by=BY)
    networks = {ONE.name: Network().feels(moods.breaks), TWO.name: Network()}
    shift = shift_of(queue, lambda account: networks[account.name], Threads())

    worked_through(shift, lambda: sorted(states(queue)) == [State.SENT, State.UNKNOWN])

    assert len(networks[TWO.name].shown) == 1


def test_a_day_at_rest_is_one_turn(queue: Queue, hands: Later) -> None:
    enqueue(queue, planned(NOON + DAY, accounts=(ONE,)), by=BY)

    turn = tick(shift_of(queue, lambda _: Network(), hands))

    assert turn == Turn((), NOON + DAY)
