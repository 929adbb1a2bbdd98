"""Asking as the daemon does: intent before asking, and after silence a look before asking again."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from bot.contracts import Ask, Publisher, Receipt
from bot.errors import NotNow, Unanswered

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
            if found := _found(publisher, ask):
                return found
        ask = replace(ask, first_at=ask.at if ask.first_at is None else ask.first_at)
    raise AssertionError(f"no receipt in {_ASKED} times")


def _found(publisher: Publisher, ask: Ask) -> Receipt | None:
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
