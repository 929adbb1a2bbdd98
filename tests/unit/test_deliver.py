"""Two durable commits a post, what is kept between attempts, and what becomes of trouble."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.contracts import Ask, Quote, Receipt
from bot.delivery.answers import made_ready
from bot.delivery.deliver import Question, carried, deliver, look
from bot.delivery.queue import Queue
from bot.delivery.retry import Verdict
from bot.delivery.states import State
from bot.delivery.steps import STEPS, watch
from bot.errors import BadState, NotNow
from bot.model import Quoted
from bot.zones import HOUR, MINUTE
from tests.fakes import network as moods
from tests.fakes.deliveries import (
    ACCOUNTS,
    MASTODON,
    NOON,
    X,
    claimed,
    commits,
    delivered,
    disk_full,
    end_of,
    enqueue,
    locked,
    looked,
    opened,
    planned,
    proof,
    row,
    satchel,
    sent,
    states,
    unanswered,
    until_asked,
    waited,
)
from tests.fakes.network import Killed, Mood, Network, Unwilling

THREE = ("One.", "Two.", "Three.")


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


@pytest.fixture
def network() -> Network:
    """A network whose publisher keeps something else each time that it makes a part ready."""
    made = Network()
    made.makes = "part {part}, made the {time}. time"
    return made


def attempts(queue: Queue) -> list[tuple[int, str | None]]:
    [shown] = queue.show(row(queue).key, NOON)
    return [(each.part, each.outcome) for each in shown.attempts]


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_a_post_is_one_durable_commit_more_than_its_parts(queue: Queue, network: Network, parts: int) -> None:
    enqueue(queue, planned(NOON, *"abcde"[:parts]))
    made = commits(queue)

    assert delivered(queue, network) is State.SENT

    assert len(made) == parts + 1


@pytest.mark.parametrize(("mood", "number"), [(moods.shows_whole, 2), (moods.shows_two, 3)])
def test_parts_that_are_shown_together_are_recorded_together(
    queue: Queue, network: Network, mood: Mood, number: int
) -> None:
    enqueue(queue, planned(NOON, *THREE))
    made = commits(queue)

    assert delivered(queue, network.feels(mood)) is State.SENT

    key = row(queue).key
    assert len(made) == number
    assert [each.part for each in network.asked] == ([1] if number == 2 else [1, 3])
    assert [each.id for each in row(queue).receipts] == [f"{key}-{part}" for part in (1, 2, 3)]
    assert all(each.then == () for each in row(queue).receipts)


def test_what_goes_on_after_parts_shown_together_replies_to_the_last_of_them(
    queue: Queue, network: Network
) -> None:
    enqueue(queue, planned(NOON, *THREE))

    delivered(queue, network.feels(moods.shows_two))

    assert network.asked[1].reply_to == f"{row(queue).key}-2"
    assert attempts(queue) == [(1, "receipt"), (3, "receipt")]


def test_all_that_is_needed_to_go_on_is_durable_before_the_network_is_asked(
    queue: Queue, network: Network, tmp_path: Path
) -> None:
    seen = []

    def looks_at_the_queue(network: Network, ask: Ask) -> Receipt:
        with opened(tmp_path) as other:
            [shown] = other.show(ask.key, NOON)
            other.recover(NOON + MINUTE, ACCOUNTS)
            unknown = other.unknown(X.name, NOON + 3 * MINUTE)
        assert unknown
        seen.append((shown.row.state, [each.part for each in shown.attempts], unknown.claim.prepared))
        return moods.shows(network, ask)

    enqueue(queue, planned())

    delivered(queue, network.feels(looks_at_the_queue))

    assert seen == [(State.SENDING, [1], ("part 1, made the 1. time",))]


def test_every_asking_is_of_the_same_text_and_says_when_the_first_was(queue: Queue, network: Network) -> None:
    enqueue(queue, planned(NOON, "One.", "Two."))
    network.feels(moods.is_busy, moods.shows, moods.hears_nothing, moods.is_busy)

    delivered(queue, network, NOON)
    delivered(queue, network, NOON + 30)
    looked(queue, network, NOON + 150)
    delivered(queue, network, NOON + 300)
    delivered(queue, network, NOON + HOUR - 1)

    assert [(ask.part, ask.at - NOON, ask.first_at, ask.prepared) for ask in network.asked] == [
        (1, 0, None, "part 1, made the 1. time"),
        (1, 30, None, "part 1, made the 1. time"),
        (2, 30, None, "part 2, made the 1. time"),
        (2, 300, NOON + 30, "part 2, made the 1. time"),
        (2, HOUR - 1, NOON + 30, "part 2, made the 1. time"),
    ]
    assert [(ask.part, ask.first_at, ask.prepared) for ask in network.looked] == [
        (2, NOON + 30, "part 2, made the 1. time")
    ]
    assert len(network.made) == 1


def test_a_killed_process_leaves_its_text_and_its_time_to_the_next(
    queue: Queue, network: Network, tmp_path: Path
) -> None:
    enqueue(queue, planned())
    with pytest.raises(Killed):
        delivered(queue, network.feels(moods.dies_before))

    with opened(tmp_path) as other:
        other.recover(NOON + MINUTE, ACCOUNTS)
        assert looked(other, network, NOON + 3 * MINUTE) is State.PENDING
        assert delivered(other, network, NOON + 4 * MINUTE) is State.SENT

    first, second = network.asked
    assert second == replace(first, at=NOON + 4 * MINUTE, first_at=NOON)


def test_where_nothing_is_kept_each_attempt_is_made_ready_anew(queue: Queue) -> None:
    network = Network().feels(moods.shows, moods.is_busy)
    enqueue(queue, planned(NOON, *THREE))

    delivered(queue, network, NOON)
    delivered(queue, network, NOON + 30)

    assert [[ask.part for ask in asks] for asks in network.made] == [[1, 2, 3], [2, 3]]
    assert [ask.prepared for ask in network.asked] == [""] * 4


def test_what_is_made_ready_late_belongs_to_the_parts_that_are_missing(
    queue: Queue, network: Network
) -> None:
    silent = Network().feels(moods.shows, moods.is_busy)
    enqueue(queue, planned(NOON, *THREE))
    delivered(queue, silent, NOON)

    delivered(queue, network, NOON + 30)

    assert [(ask.part, ask.prepared) for ask in network.asked] == [
        (2, "part 2, made the 1. time"),
        (3, "part 3, made the 1. time"),
    ]


def test_all_missing_parts_are_made_ready_together_before_the_first_is_asked_for(
    queue: Queue, network: Network
) -> None:
    enqueue(queue, planned(NOON, *THREE))

    delivered(queue, network.feels(moods.refuses))

    [asks] = network.made
    assert [(ask.part, ask.parts, ask.text, ask.reply_to, ask.prepared) for ask in asks] == [
        (part, 3, text, None, "") for part, text in enumerate(THREE, 1)
    ]


@pytest.mark.parametrize(
    ("unwilling", "state", "reason", "due"),
    [
        (moods.cannot_be_made, State.FAILED, "refused: moon/rise: there is no picture", None),
        (
            moods.cannot_be_made_now,
            State.PENDING,
            "not now: the pictures of moon/rise cannot be uploaded now",
            NOON + 30,
        ),
        (
            moods.cannot_be_made_by,
            State.PENDING,
            "barred: the token of ours-x is revoked; make a new one",
            NOON + 15 * MINUTE,
        ),
        (
            moods.falls_silent_while_making,
            State.PENDING,
            "not now: no word about the pictures of moon/rise",
            NOON + 30,
        ),
        (moods.breaks_while_making, State.PENDING, "not now: ValueError at network.py:", NOON + 30),
        (moods.makes_too_little, State.FAILED, "refused: the publisher of x made 1 of 2 parts ready", None),
        (moods.makes_no_texts, State.FAILED, "refused: the publisher of x made 0 of 2 parts ready", None),
    ],
)
def test_what_cannot_be_made_ready_was_never_asked_for(
    queue: Queue, network: Network, unwilling: Unwilling, state: State, reason: str, due: int | None
) -> None:
    network.unwilling.append(unwilling)
    enqueue(queue, planned(NOON, "One.", "Two."))
    made = commits(queue)

    assert delivered(queue, network) is state

    assert row(queue).reason.startswith(reason)
    assert (row(queue).state, row(queue).due) == (state, due)
    assert network.asked == []
    assert attempts(queue) == []
    assert len(made) == 1
    assert "hunter2" not in str(queue.show(row(queue).key, NOON))


def test_what_could_not_be_made_ready_is_made_ready_again_and_counts_no_asking(
    queue: Queue, network: Network
) -> None:
    network.unwilling.append(moods.cannot_be_made_now)
    enqueue(queue, planned())
    delivered(queue, network, NOON)

    assert row(queue).attempts == 1
    assert delivered(queue, network, NOON + 30) is State.SENT

    assert network.asked[0].first_at is None
    assert network.asked[0].prepared == "part 1, made the 2. time"


def test_what_is_kept_need_not_be_made_at_the_first_try(queue: Queue, network: Network) -> None:
    network.unwilling.append(moods.cannot_be_made_now)
    enqueue(queue, planned())
    delivered(queue, network, NOON)
    delivered(queue, network.feels(moods.is_busy), NOON + 30)

    delivered(queue, network, NOON + 120)

    assert [ask.prepared for ask in network.asked] == ["part 1, made the 2. time"] * 2


def test_a_publisher_whose_silence_comes_before_anything_is_seen_has_written_nothing() -> None:
    network = Network()
    network.unwilling.append(moods.falls_silent_while_making)

    answer = made_ready(network, [moods_ask()])

    assert type(answer) is NotNow


def moods_ask() -> Ask:
    return Ask("key", X.name, "x", "moon/rise", 1, 1, "Text.", (), None, NOON)


BETWEEN: dict[str, Callable[[Queue, str], object]] = {
    "a hold": lambda queue, _: queue.hold("a tragedy", now=NOON),
    "another process": lambda queue, _: claimed(queue),
    "a swap": lambda queue, key: queue.swap(key, planned(NOON, "Another."), now=NOON),
    "a person who says no": lambda queue, key: queue.skip(key, reason="no", now=NOON),
}


@pytest.mark.parametrize("what", BETWEEN)
@pytest.mark.parametrize("unwilling", [None, moods.cannot_be_made, moods.cannot_be_made_now])
def test_what_comes_between_making_ready_and_the_claim_is_heeded(
    queue: Queue, network: Network, what: str, unwilling: Unwilling | None
) -> None:
    network.unwilling.extend([unwilling] if unwilling else [])
    enqueue(queue, planned())
    errand = deliver(satchel(queue), waited(queue), network, account=X)
    question = next(errand)
    assert isinstance(question, Question)
    assert question.claim is None, "nothing is claimed while it is made ready"
    answer = question.put()
    BETWEEN[what](queue, row(queue).key)
    before = queue.show(row(queue).key, NOON)

    assert end_of(errand, answer) is None

    assert network.asked == []
    assert queue.show(row(queue).key, NOON) == before


def test_who_is_barred_waits_uncounted_until_the_deadline(queue: Queue, network: Network) -> None:
    enqueue(queue, planned())
    network.feels(*[moods.is_barred] * 4)

    waits = []
    for quarter in range(3):
        assert delivered(queue, network, NOON + quarter * 15 * MINUTE) is State.PENDING
        waits.append((row(queue).due or 0) - NOON)
    assert delivered(queue, network, NOON + 45 * MINUTE) is State.FAILED

    assert waits == [15 * MINUTE, 30 * MINUTE, 45 * MINUTE]
    assert row(queue).attempts == 0
    assert row(queue).reason == "out of time: barred: the token of ours-x is revoked; make a new one"


def test_a_network_that_says_when_is_not_asked_before(queue: Queue, network: Network) -> None:
    enqueue(queue, planned())

    delivered(queue, network.feels(moods.is_busy_until(NOON + 1_234)))

    assert queue.first_due(X.name, NOON + 1_233) is None
    assert delivered(queue, network, NOON + 1_234) is State.SENT


def test_a_publisher_that_returns_nothing_has_not_said_that_nothing_was_written(queue: Queue) -> None:
    network = Network().feels(moods.answers_nothing)
    enqueue(queue, planned())

    assert delivered(queue, network) is State.UNKNOWN

    assert row(queue).reason == "unanswered: it gave no answer that is one"
    assert looked(queue, network, NOON + 120) is State.SENT


class Vague(Network):
    """Its publisher's `find` returns what is neither a receipt nor None."""

    def find(self, ask: Ask) -> Receipt | None:
        super().find(ask)
        return False  # type: ignore[return-value] # on purpose


def test_what_is_not_proved_absent_stays_unknown(queue: Queue) -> None:
    enqueue(queue, planned())
    unanswered(queue)

    assert looked(queue, Vague(), NOON + 120) is State.UNKNOWN

    assert row(queue).reason == "unanswered: it gave no answer that is one"


def test_a_thread_that_was_shown_whole_in_silence_is_found_whole(queue: Queue, network: Network) -> None:
    enqueue(queue, planned(NOON, *THREE))
    delivered(queue, network.feels(moods.shows_whole_and_keeps_silent))

    assert looked(queue, network, NOON + 120) is State.SENT

    assert len(row(queue).receipts) == len(network.shown) == 3


def test_a_part_shown_by_one_who_slept_is_kept_and_the_next_left_to_others(
    queue: Queue, network: Network
) -> None:
    enqueue(queue, planned(NOON, "One.", "Two."))
    now = [NOON]
    errand = deliver(satchel(queue, lambda: now[0]), waited(queue), network, account=X)
    asking = until_asked(errand)
    answer = asking.put()
    now[0] = NOON + MINUTE

    assert end_of(errand, answer) is None

    assert [ask.part for ask in network.asked] == [1]
    assert delivered(queue, network, NOON + MINUTE) is State.SENT
    assert network.texts == ["One.", "Two."]


def test_a_question_that_is_put_after_its_lease_is_not_asked(queue: Queue, network: Network) -> None:
    enqueue(queue, planned())
    now = [NOON]
    errand = deliver(satchel(queue, lambda: now[0]), waited(queue), network, account=X)
    asking = until_asked(errand)
    now[0] = NOON + MINUTE

    answer = asking.put()

    assert str(answer) == "stopped before it was asked for: its lease ran out"
    assert network.asked == []


def test_what_is_whole_when_its_turn_comes_is_not_asked_for_again(queue: Queue, network: Network) -> None:
    enqueue(queue, planned())
    unknown = unanswered(queue)
    queue.clear(unknown, NOON + 120)
    queue.finish(unknown.claim, 1, proof(), NOON + 121)
    assert states(queue) == [State.PENDING], "its proof came after it was proved absent"

    assert delivered(queue, network, NOON + 150) is State.SENT

    assert (network.made, network.asked) == ([], [])
    assert attempts(queue) == [(1, "absent")]


@pytest.mark.parametrize("trouble", [disk_full, locked])
@pytest.mark.parametrize(
    ("mood", "state"),
    [(moods.shows, State.SENT), (moods.refuses, State.FAILED), (moods.keeps_silent, State.UNKNOWN)],
)
def test_an_answer_waits_until_the_queue_takes_it(
    queue: Queue,
    trouble: Callable[[Queue], AbstractContextManager[None]],
    mood: Mood,
    state: State,
) -> None:
    network = Network().feels(in_many_words(mood))
    enqueue(queue, planned())
    errand = deliver(satchel(queue), waited(queue), network, account=X)
    note = errand.send(until_asked(errand).put())

    with trouble(queue):
        for _ in range(2):
            with pytest.raises(BadState, match=r"nothing was (deleted|done)"):
                note.put()
        assert states(queue) == [State.SENDING]

    assert end_of(errand, note.put()) is state
    assert states(queue) == [state]
    assert len(network.asked) == 1


def in_many_words(mood: Mood) -> Mood:
    """The same, in more words than a page of the database has room for."""

    def answer(network: Network, ask: Ask) -> Receipt:
        long = replace(ask, post="x" * 9_000)
        return replace(mood(network, long), url="https://network.example/" + "x" * 9_000)

    return answer


def test_a_disk_that_is_full_between_two_parts_holds_the_thread_there(queue: Queue) -> None:
    network = Network().feels(in_many_words(moods.shows))
    enqueue(queue, planned(NOON, "One.", "Two."))
    errand = deliver(satchel(queue), waited(queue), network, account=X)
    note = errand.send(until_asked(errand).put())

    with disk_full(queue), pytest.raises(BadState):
        note.put()
    assert len(network.asked) == 1, "the next is not asked for before the first is recorded"

    assert end_of(errand, note.put()) is State.SENT
    assert network.texts == ["One.", "Two."]


def test_without_room_for_the_intent_nobody_is_asked(queue: Queue) -> None:
    network = Network()
    network.makes = "x" * 9_000
    enqueue(queue, planned())

    with disk_full(queue), pytest.raises(BadState, match="database or disk is full; nothing was deleted"):
        delivered(queue, network)

    assert network.asked == []
    assert delivered(queue, network) is State.SENT


def test_who_carries_an_errand_in_one_go_is_told_what_the_queue_does_not_take(queue: Queue) -> None:
    network = Network()
    enqueue(queue, planned())

    def locks_the_queue(network: Network, ask: Ask) -> Receipt:
        held.__enter__()
        return moods.shows(network, ask)

    held = locked(queue)
    try:
        with pytest.raises(BadState, match="database is locked"):
            delivered(queue, network.feels(locks_the_queue))
    finally:
        held.__exit__(None, None, None)

    queue.recover(NOON + MINUTE, ACCOUNTS)
    assert looked(queue, network, NOON + 3 * MINUTE) is State.SENT
    assert len(network.shown) == 1


def test_a_post_of_ours_is_quoted_by_what_shows_it_on_that_account(queue: Queue, network: Network) -> None:
    enqueue(queue, planned(NOON, "Long ago.", id="moon/old"))
    sent(queue)
    enqueue(queue, planned(NOON + 1, "We said:", "More.", quote=Quoted(post="moon/old")))

    assert delivered(queue, network, NOON + 1) is State.SENT

    assert [ask.quote for ask in network.asked] == [Quote("id-1", "https://network.example/1"), None]
    assert [ask.quote for ask in network.made[0]] == [Quote("id-1", "https://network.example/1"), None]


def test_what_has_an_address_is_quoted_by_it(queue: Queue, network: Network) -> None:
    enqueue(queue, planned(quote=Quoted(url="https://network.example/theirs")))

    delivered(queue, network)

    assert network.asked[0].quote == Quote("", "https://network.example/theirs")


def test_a_quote_of_what_an_account_never_showed_is_refused_before_anybody_is_asked(
    queue: Queue, network: Network
) -> None:
    enqueue(queue, planned(NOON, id="moon/old", accounts=(MASTODON,)))
    sent(queue)
    enqueue(queue, planned(NOON + 1, quote=Quoted(post="moon/old")))

    assert delivered(queue, network, NOON + 1) is State.FAILED

    told = queue.rows(NOON)[1].reason
    assert told == (
        "refused: it quotes moon/old, which ours-x does not show; give its address where it stands, such as "
        'quote = { x = "https://…" }: elsewhere a link to it is shown'
    )
    assert (network.made, network.asked) == ([], [])


def test_the_language_is_of_all_parts_and_the_warning_of_the_first(queue: Queue, network: Network) -> None:
    enqueue(queue, planned(NOON, "Eins.", "Zwei.", lang="de", warning="Spinnen"))

    delivered(queue, network)

    assert [(ask.lang, ask.warning) for ask in network.asked] == [("de", "Spinnen"), ("de", "")]


@pytest.mark.parametrize("live", [True, False])
def test_an_attempt_says_whether_a_network_was_asked_or_the_dry_run(queue: Queue, *, live: bool) -> None:
    enqueue(queue, planned(NOON, "One.", "Two."))

    delivered(queue, Network(), account=replace(X, live=live))

    [shown] = queue.show(row(queue).key, NOON)
    assert [each.live for each in shown.attempts] == [live, live]


def test_every_step_is_named_in_its_order(queue: Queue) -> None:
    reached: list[str] = []
    network = Network().feels(moods.shows, moods.is_busy, moods.keeps_silent)
    enqueue(queue, planned(NOON, "One.", "Two."))
    watch(reached.append)
    try:
        delivered(queue, network)
        first = tuple(reached)
        delivered(queue, network, NOON + 30)
        looked(queue, network, NOON + 150)
    finally:
        watch(lambda _: None)

    asked = ("about to ask", "answered")
    assert first == ("made ready", "claimed", *asked, "went on", *asked, "finished")
    assert reached[len(first) :] == [
        "made ready",
        "claimed",
        *asked,
        "finished",
        "looked",
        "found",
        "cleared",
    ]
    assert set(reached) <= set(STEPS)


def test_of_a_silent_network_nothing_is_found_by_one_whose_answer_came_too_late(queue: Queue) -> None:
    enqueue(queue, planned())
    unknown = unanswered(queue)
    queue.settle(unknown.claim, Verdict(State.FAILED, "refused: no"), NOON + 121)

    carried(look(satchel(queue, NOON + 122), unknown, Network()))

    assert states(queue) == [State.FAILED]
