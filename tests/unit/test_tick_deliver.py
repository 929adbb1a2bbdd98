"""Asking a publisher, part by part, and naming its answer."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.contracts import Ask
from bot.delivery.deliver import deliver, ready, settle_unknown
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.errors import BadCall, NotNow, Unanswered
from bot.model import Media
from bot.zones import HOUR, MINUTE
from tests.fakes import network as moods
from tests.fakes.asks import ask
from tests.fakes.deliveries import ACCOUNTS, NOON, enqueue, opened, planned, row
from tests.fakes.network import Mood, Network


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


def sent_to(network: Network, queue: Queue, now: int = NOON) -> State | None:
    """Claim what is due and deliver it."""
    claim = queue.claim(now)
    assert claim
    return deliver(queue, claim, network, root="/project", clock=lambda: now)


def cleared_with(network: Network, queue: Queue, now: int) -> State:
    """Ask about what is unknown; where it stands then."""
    unknown = queue.unknown(now)
    assert unknown
    settle_unknown(queue, unknown, network, root="/project", clock=lambda: now)
    return row(queue).state


def test_a_post_is_shown_as_it_was_rendered(queue: Queue) -> None:
    network, picture = Network(), Media("corpus/moon.png", "The moon.")
    enqueue(queue, planned(NOON, "The moon rises.", media=(picture,)))

    assert sent_to(network, queue) is State.SENT

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

    assert sent_to(network, queue) is State.SENT

    key = row(queue).key
    assert [(each.text, each.part, each.parts, each.reply_to) for each in network.shown] == [
        ("One.", 1, 3, None),
        ("Two.", 2, 3, f"{key}-1"),
        ("Three.", 3, 3, f"{key}-2"),
    ]


def test_a_thread_goes_on_from_the_first_part_without_a_receipt(queue: Queue) -> None:
    network = Network().feels(moods.shows, moods.is_busy)
    enqueue(queue, planned(NOON, "One.", "Two.", "Three."))

    assert sent_to(network, queue) is State.PENDING
    assert sent_to(network, queue, NOON + 30) is State.SENT

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

    assert sent_to(Network().feels(mood), queue) is state

    assert (row(queue).state, row(queue).reason) == (state, reason)


def test_a_publisher_that_breaks_leaves_an_unknown_and_its_words_untold(
    queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    enqueue(queue, planned())

    with caplog.at_level(logging.DEBUG):
        assert sent_to(Network().feels(moods.breaks), queue) is State.UNKNOWN

    assert row(queue).reason.startswith("unanswered: ValueError at network.py:")
    assert "a publisher broke: ValueError at network.py:" in caplog.text
    assert "hunter2" not in caplog.text + str(queue.show(row(queue).key, NOON))


def test_what_is_stopped_between_claim_and_ask_is_not_asked(queue: Queue) -> None:
    network = Network()
    enqueue(queue, planned())
    claim = queue.claim(NOON)
    assert claim
    queue.hold("a tragedy", now=NOON)

    state = deliver(queue, claim, network, root="/project", clock=lambda: NOON)

    assert state is State.PENDING
    assert network.asked == []
    assert (row(queue).reason, row(queue).attempts) == ("stopped before it was asked for", 0)


def test_who_was_overtaken_asks_nothing_and_says_so(queue: Queue) -> None:
    network = Network()
    enqueue(queue, planned())
    claim = queue.claim(NOON)
    assert claim
    queue.recover(NOON + 5 * MINUTE, ACCOUNTS)

    state = deliver(queue, claim, network, root="/project", clock=lambda: NOON + 5 * MINUTE)

    assert state is None
    assert network.asked == []
    assert row(queue).state is State.UNKNOWN


def test_a_slow_thread_keeps_its_claim_because_each_ask_renews_the_lease(queue: Queue) -> None:
    times = iter(range(NOON, NOON + HOUR, 4 * MINUTE))
    enqueue(queue, planned(NOON, *"abcdef"))
    claim = queue.claim(NOON)
    assert claim

    assert deliver(queue, claim, Network(), root="/project", clock=lambda: next(times)) is State.SENT


def test_the_quarantine_begins_when_the_answer_failed_to_come(queue: Queue) -> None:
    times = iter([NOON, NOON + 30])
    enqueue(queue, planned())
    claim = queue.claim(NOON)
    assert claim

    deliver(queue, claim, Network().feels(moods.keeps_silent), root="/project", clock=lambda: next(times))

    assert row(queue).due == NOON + 30 + 120


def test_silence_after_showing_is_settled_by_finding_it(queue: Queue) -> None:
    network = Network().feels(moods.keeps_silent)
    enqueue(queue, planned())
    sent_to(network, queue)

    assert cleared_with(network, queue, NOON + 120) is State.SENT

    assert len(network.shown) == len(network.asked) == 1
    assert row(queue).receipts == (moods.receipt(network.shown[0]),)


def test_silence_before_showing_is_settled_by_proof_that_it_is_absent(queue: Queue) -> None:
    network = Network().feels(moods.hears_nothing)
    enqueue(queue, planned())
    sent_to(network, queue)

    assert cleared_with(network, queue, NOON + 120) is State.PENDING
    assert sent_to(network, queue, NOON + 150) is State.SENT

    assert len(network.shown) == 1
    assert network.asked[0].text == network.asked[1].text


def test_silence_on_silence_stays_unknown(queue: Queue) -> None:
    network = Network().feels(moods.keeps_silent)
    network.answers_questions = False
    enqueue(queue, planned())
    sent_to(network, queue)

    assert cleared_with(network, queue, NOON + 120) is State.UNKNOWN

    assert row(queue).reason == "unanswered: no answer to a question either"
    assert len(network.asked) == 1


def test_a_thread_that_fell_silent_goes_on_after_what_was_found(queue: Queue) -> None:
    network = Network().feels(moods.shows, moods.keeps_silent)
    enqueue(queue, planned(NOON, "One.", "Two.", "Three."))
    sent_to(network, queue)

    assert cleared_with(network, queue, NOON + 120) is State.PENDING
    assert sent_to(network, queue, NOON + 120) is State.SENT

    assert network.texts == ["One.", "Two.", "Three."]
    assert [each.part for each in network.looked] == [2]


def test_what_was_never_asked_for_needs_no_question(queue: Queue) -> None:
    network = Network()
    enqueue(queue, planned())
    queue.claim(NOON)
    queue.recover(NOON + 5 * MINUTE, ACCOUNTS)

    assert cleared_with(network, queue, NOON + 5 * MINUTE) is State.PENDING

    assert network.looked == []


def test_a_process_that_died_after_its_last_receipt_leaves_nothing_to_ask(queue: Queue) -> None:
    network = Network()
    enqueue(queue, planned())
    claim = queue.claim(NOON)
    assert claim
    queue.intend(claim, 1, NOON)
    queue.recover(NOON + 5 * MINUTE, ACCOUNTS)
    queue.record(claim, 1, moods.receipt(ask()))

    assert cleared_with(network, queue, NOON + 7 * MINUTE) is State.SENT

    assert network.looked == []


def no_publisher() -> Network:
    raise BadCall("MARS_X_TOKEN is not set; add it to .env")


def test_without_its_credentials_a_delivery_waits_for_a_person_to_mend_them(queue: Queue) -> None:
    enqueue(queue, planned())
    claim = queue.claim(NOON)
    assert claim

    state = deliver(queue, claim, ready(no_publisher), root="/project", clock=lambda: NOON)

    assert state is State.PENDING
    assert row(queue).reason == ("not now: cannot ask for ours-x: MARS_X_TOKEN is not set; add it to .env")


def test_a_publisher_that_cannot_be_made_answers_no_question() -> None:
    unready = ready(no_publisher)

    with pytest.raises(Unanswered, match="cannot ask for museum-x: MARS_X_TOKEN is not set"):
        unready.find(ask())
    with pytest.raises(NotNow, match="MARS_X_TOKEN is not set"):
        unready.whoami()


def test_a_publisher_that_can_be_made_is_used() -> None:
    network = Network()

    assert ready(lambda: network) is network
