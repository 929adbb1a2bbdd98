"""Ask one publisher, part by part, and name its answer."""

import logging
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePath
from typing import ClassVar, TypeVar

from msgspec.structs import replace

from bot.contracts import Ask, Publisher, Receipt
from bot.delivery.queue import Queue
from bot.delivery.retry import Verdict, decide
from bot.delivery.states import State
from bot.delivery.values import Claim, Unknown
from bot.errors import Answer, NotNow, RedletterError, Refused, Unanswered
from bot.model import Limits

log = logging.getLogger("redletter")

Clock = Callable[[], int]
T = TypeVar("T")


def deliver(queue: Queue, claim: Claim, publisher: Publisher, *, root: str, clock: Clock) -> State | None:
    """Ask for each part that has no receipt yet, in order; where the delivery stands then.

    None where another process has taken it over. `root` is the project's folder, from which media are named. The
    clock is read before every part and after every answer, because a network may take its time.
    """
    reply_to = _last_id(claim)
    for part in claim.missing:
        now = clock()
        if not queue.intend(claim, part, now):
            return _settle(queue, claim, Verdict(State.PENDING, "stopped before it was asked for", now), now)
        ask = _ask(claim, part, reply_to=reply_to, root=root, at=now)
        answer = answered(partial(publisher.publish, ask))
        if not isinstance(answer, Receipt):
            now = clock()
            verdict = decide(answer, claim.attempts, now=now, deadline=claim.deadline)
            return _settle(queue, claim, verdict, now)
        queue.record(claim, part, answer)
        reply_to = answer.id
    return _settle(queue, claim, Verdict(State.SENT, "a receipt for every part"), clock())


def settle_unknown(queue: Queue, unknown: Unknown, publisher: Publisher, *, root: str, clock: Clock) -> None:
    """Ask the network whether it has what was not answered, and move on what it says.

    Where it cannot tell, the delivery stays unknown.
    """
    claim = unknown.claim
    if unknown.asked and claim.missing:
        ask = _ask(claim, claim.missing.start, reply_to=_last_id(claim), root=root, at=clock())
        answer = answered(partial(publisher.find, ask))
        if isinstance(answer, Answer):
            queue.leave_unknown(unknown, str(answer), clock())
            return
        if answer is not None:
            queue.record(claim, ask.part, answer)
    queue.clear(unknown, clock())


def answered(question: Callable[[], T]) -> T | Refused | NotNow | Unanswered:
    """What a publisher returns, or the answer it raises; whatever else it raises leaves us without an answer.

    Of a foreign exception only the kind and the place are told: its text may hold a credential.
    """
    try:
        return question()
    except (Refused, NotNow, Unanswered) as answer:
        return answer
    except Exception as error:  # noqa: BLE001 - one bad account must not stop the others
        # Without the traceback, for the same reason.
        log.error("a publisher broke: %s", _told(error))  # noqa: TRY400
        return Unanswered(_told(error))


def ready(make: Callable[[], Publisher]) -> Publisher:
    """The publisher that `make` gives, or one that says why there is none."""
    publisher = answered(make)
    return Unready(str(publisher)) if isinstance(publisher, Answer) else publisher


class Unready:
    """Stands in for a publisher that could not be made: it asks nobody, so nothing is written."""

    limits: ClassVar[Limits] = Limits()
    secrets: ClassVar[Mapping[str, str]] = {}

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def publish(self, ask: Ask) -> Receipt:
        """Not now: the reason may be mended while there is time."""
        raise NotNow(f"cannot ask for {ask.account}: {self._reason}")

    def find(self, ask: Ask) -> Receipt | None:
        """It cannot tell."""
        raise Unanswered(f"cannot ask for {ask.account}: {self._reason}")

    def whoami(self) -> str:
        """Nobody."""
        raise NotNow(self._reason)


def _settle(queue: Queue, claim: Claim, verdict: Verdict, now: int) -> State | None:
    return verdict.state if queue.settle(claim, verdict, now) else None


def _last_id(claim: Claim) -> str | None:
    return claim.receipts[-1].id if claim.receipts else None


def _ask(claim: Claim, part: int, *, reply_to: str | None, root: str, at: int) -> Ask:
    shown = claim.rendition.parts[part - 1]
    return Ask(
        key=claim.key,
        account=claim.account,
        network=claim.rendition.network,
        post=claim.post,
        part=part,
        parts=len(claim.rendition.parts),
        text=shown.text,
        media=tuple(replace(each, file=str(PurePath(root, each.file))) for each in shown.media),
        reply_to=reply_to,
        at=at,
    )


def _told(error: Exception) -> str:
    if isinstance(error, RedletterError):
        return str(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {PurePath(place.filename).name}:{place.lineno}"
