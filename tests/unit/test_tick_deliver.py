"""Asking a publisher, part by part, and naming its answer."""

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.contracts import Ask
from bot.delivery.answers import ready
from bot.delivery.deliver import carried, deliver
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.errors import BadCall, Barred, Unanswered
from bot.model import Media
from bot.zones import HOUR, MINUTE
from tests.fakes import network as moods
from tests.fakes.asks import ask
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
    proof,
    row,
    satchel,
    waited,
)
from tests.fakes.network import Mood, Network


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


def test_a_post_is_shown_as_it_was_rendered(queue: Queue) -> None:
    network, picture = Network(), Media("corpus/moon.png", "The moon.")
    enqueue(queue, planned(NOON, "The moon rises.", media=(picture,)))

    assert delivered(queue, network) is State.SENT

    key = row(queue).key
    assert network.asked == [
        Ask(
            key=key,
            account="ours-x",
            network="x",
            post="moon/rise",
            part=1,
            parts=1,
            text="The moon rises.",
            media=(Media("/project/corpus/moon.png", "The moon."),),
            reply_to=None,
            at=NOON,
        )
    ]
    assert row(queue).receipts == (moods.receipt(network.asked[0]),)


def test_each_part_of_a_thread_replies_to_the_one_before(queue: Queue) -> None:
    network = Network()
    enqueue(queue, planned(NOON, "One.", "Two.", "Three."))

    assert delivered(queue, network) is State.SENT

    key = row(queue).key
    assert [(each.text, each.part, each.parts, each.reply_to) for each in network.shown] == [
        ("One.", 1, 3, None),
        ("Two.", 2, 3, f"{key}-1"),
        ("Three.", 3, 3, f"{key}-2"),
    ]


def test_a_thread_goes_on_from_the_first_part_without_a_receipt(queue: Queue) -> None:
    network = Network().feels(moods.shows, moods.is_busy)
    enqueue(queue, planned(NOON, "One.", "Two.", "Three."))

    assert delivered(queue, network) is State.PENDING
    assert delivered(queue, network, NOON + 30) is State.SENT

    assert network.texts == ["One.", "Two.", "Three."]
    assert network.shown[1].reply_to == f"{row(queue).key}-1"


@pytest.mark.parametrize(
    ("mood", "state", "reason"),
    [
        (moods.refuses, State.FAILED, "refused: no moon/rise here"),
        (moods.is_busy, State.PENDING, "not now: too many at once for ours-x"),
        (moods.is_busy_until(NOON + HOUR), State.FAILED, "out of time: too many at once for ours-x"),
        (moods.hears_nothing, State.UNKNOWN, "unanswered: no word about moon/rise"),
        (moods.keeps_silent, State.UNKNOWN, "unanswered: no word about moon/rise"),
    ],
)
def test_each_answer_has_its_state_and_its_reason(
    queue: Queue, mood: Mood, state: State, reason: str
) -> None:
    enqueue(queue, planned())

    assert delivered(queue, Network().feels(mood)) is state

    assert (row(queue).state, row(queue).reason) == (state, reason)


def test_a_publisher_that_breaks_leaves_an_unknown_and_its_words_untold(
    queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    enqueue(queue, planned())

    with caplog.at_level(logging.DEBUG):
        assert delivered(queue, Network().feels(moods.breaks)) is State.UNKNOWN

    assert row(queue).reason.startswith("unanswered: ValueError at network.py:")
    assert "a publisher broke: ValueError at network.py:" in caplog.text
    assert "hunter2" not in caplog.text + str(queue.show(row(queue).key, NOON))


def test_what_is_stopped_between_a_look_and_its_claim_is_not_asked_for(queue: Queue) -> None:
    network = Network()
    enqueue(queue, planned())
    errand = deliver(satchel(queue), waited(queue), network, account=X)
    next(errand)
    queue.hold("a tragedy", now=NOON)

    claim = errand.send(("",)).put()
    with pytest.raises(StopIteration) as end:
        errand.send(claim)

    assert end.value.value is None
    assert network.asked == []
    assert (row(queue).state, row(queue).reason) == (State.PENDING, "planned")


def test_who_slept_past_the_lease_asks_nothing_and_is_put_off(queue: Queue) -> None:
    network, times = Network(), iter([NOON, NOON, NOON, NOON + MINUTE, NOON + MINUTE])
    enqueue(queue, planned())

    assert (
        carried(deliver(satchel(queue, lambda: next(times)), waited(queue), network, account=X))
        is State.PENDING
    )

    assert network.asked == []
    assert row(queue).reason == "not now: stopped before it was asked for: its lease ran out"


def test_a_slow_thread_keeps_its_claim_because_each_ask_renews_the_lease(queue: Queue) -> None:
    times = iter(range(NOON, NOON + HOUR, 15))
    enqueue(queue, planned(NOON, *"abcdef"))
    due = waited(queue)

    assert carried(deliver(satchel(queue, lambda: next(times)), due, Network(), account=X)) is State.SENT


def test_the_quarantine_begins_when_the_answer_failed_to_come(queue: Queue) -> None:
    times = iter([NOON, NOON, NOON, NOON, NOON + 30])
    enqueue(queue, planned())
    due, network = waited(queue), Network().feels(moods.keeps_silent)

    carried(deliver(satchel(queue, lambda: next(times)), due, network, account=X))

    assert row(queue).due == NOON + 30 + 120


def test_silence_after_showing_is_settled_by_finding_it(queue: Queue) -> None:
    network = Network().feels(moods.keeps_silent)
    enqueue(queue, planned())
    delivered(queue, network)

    assert looked(queue, network, NOON + 120) is State.SENT

    assert len(network.shown) == len(network.asked) == 1
    assert row(queue).receipts == (moods.receipt(network.shown[0]),)


def test_silence_before_showing_is_settled_by_proof_that_it_is_absent(queue: Queue) -> None:
    network = Network().feels(moods.hears_nothing)
    enqueue(queue, planned())
    delivered(queue, network)

    assert looked(queue, network, NOON + 120) is State.PENDING
    assert delivered(queue, network, NOON + 150) is State.SENT

    assert len(network.shown) == 1
    assert network.asked[0].text == network.asked[1].text


def test_silence_on_silence_stays_unknown(queue: Queue) -> None:
    network = Network().feels(moods.keeps_silent)
    network.answers_questions = False
    enqueue(queue, planned())
    delivered(queue, network)

    assert looked(queue, network, NOON + 120) is State.UNKNOWN

    assert row(queue).reason == "unanswered: no answer to a question either"
    assert len(network.asked) == 1


def test_a_thread_that_fell_silent_goes_on_after_what_was_found(queue: Queue) -> None:
    network = Network().feels(moods.shows, moods.keeps_silent)
    enqueue(queue, planned(NOON, "One.", "Two.", "Three."))
    delivered(queue, network)

    assert looked(queue, network, NOON + 120) is State.PENDING
    assert delivered(queue, network, NOON + 120) is State.SENT

    assert network.texts == ["One.", "Two.", "Three."]
    assert [each.part for each in network.looked] == [2]


def test_what_was_never_asked_for_needs_no_question(queue: Queue) -> None:
    network = Network()
    enqueue(queue, planned(NOON, "One.", "Two."))
    queue.record(claimed(queue), 1, proof())
    queue.recover(NOON + MINUTE, ACCOUNTS)

    assert looked(queue, network, NOON + MINUTE) is State.PENDING

    assert network.looked == []


def test_a_process_that_died_after_its_last_receipt_leaves_nothing_to_ask(queue: Queue) -> None:
    network = Network()
    enqueue(queue, planned())
    claim = claimed(queue)
    queue.recover(NOON + MINUTE, ACCOUNTS)
    queue.record(claim, 1, proof())

    assert looked(queue, network, NOON + 3 * MINUTE) is State.SENT

    assert network.looked == []


def no_publisher() -> Network:
    raise BadCall("MARS_X_TOKEN is not set; add it to .env")


def test_without_its_credentials_a_delivery_waits_for_a_person_to_mend_them(queue: Queue) -> None:
    enqueue(queue, planned())

    assert delivered(queue, ready(no_publisher)) is State.PENDING

    found = row(queue)
    assert found.reason == "barred: cannot ask for ours-x: MARS_X_TOKEN is not set; add it to .env"
    assert (found.due, found.attempts) == (NOON + 15 * MINUTE, 0)


def test_a_publisher_that_cannot_be_made_answers_no_question() -> None:
    unready = ready(no_publisher)

    with pytest.raises(Unanswered, match="cannot ask for museum-x: MARS_X_TOKEN is not set"):
        unready.find(ask())
    for barred in (
        unready.whoami,
        unready.learn,
        partial(unready.publish, ask()),
        partial(unready.prepare, [ask()]),
    ):
        with pytest.raises(Barred, match="MARS_X_TOKEN is not set"):
            barred()


def test_a_publisher_that_can_be_made_is_used() -> None:
    network = Network()

    assert ready(lambda: network) is network
