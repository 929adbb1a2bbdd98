"""Asking as the daemon does: intent before asking, and after silence a look before asking again."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from bot.contracts import Ask, Publisher, Receipt
from bot.errors import NotNow, Unanswered
from tests.fakes import faults

#: What goes wrong, and when the server has the status: never, before the client gives up, or later.
FAULTS = [
    (faults.refuse, "never"),
    (faults.drop_before, "never"),
    (faults.hang_before(60), "never"),
    (faults.status(502), "never"),
    (faults.commit_late(3), "later"),
    (faults.drop_after, "before"),
    (faults.hang_after(60), "before"),
    (faults.late(60), "before"),
    (faults.torn, "before"),
    (faults.torn_head, "before"),
    (faults.garbage(), "before"),
    (faults.page(), "before"),
    (faults.status_after(502), "before"),
    (faults.status_after(500, body='{"error": "There was a problem"}'), "before"),
]

#: What an answer means: when the server has what was asked for.
TRUE_WHEN = {"Receipt": {"before"}, "NotNow": {"never"}, "Unanswered": {"never", "before", "later"}}

_ASKED = 20  #: times, after which a test gives up


def prepared(publisher: Publisher, asks: Sequence[Ask]) -> list[Ask]:
    """The asks with what the publisher keeps of them."""
    for _ in range(_ASKED):
        try:
            kept = publisher.prepare(asks)
        except NotNow:
            continue
        return [replace(ask, prepared=text) for ask, text in zip(asks, kept, strict=True)]
    raise AssertionError(f"nothing could be prepared in {_ASKED} times")


def delivered(publisher: Publisher, ask: Ask, wait: Callable[[], None]) -> Receipt:
    """Ask for a prepared part until there is a receipt; `wait` waits out a quarantine, then the server is looked at."""
    for _ in range(_ASKED):
        try:
            return publisher.publish(ask)
        except NotNow:
            pass
        except Unanswered:
            wait()
            if receipt := found(publisher, ask):
                return receipt
        ask = replace(ask, first_at=ask.at if ask.first_at is None else ask.first_at)
    raise AssertionError(f"no receipt in {_ASKED} times")


def found(publisher: Publisher, ask: Ask) -> Receipt | None:
    """What the server has of a part, looked for until it tells."""
    for _ in range(_ASKED):
        try:
            return publisher.find(ask)
        except Unanswered:
            continue
    raise AssertionError(f"nobody could tell in {_ASKED} times")


def answered(publisher: Publisher, ask: Ask) -> str:
    """What becomes of a part: the name of the answer."""
    try:
        publisher.publish(ask)
    except (NotNow, Unanswered) as answer:
        return type(answer).__name__
    return "Receipt"
