"""What a publisher answers, whatever it does."""

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import ClassVar, TypeVar

from bot.contracts import Ask, Publisher, Receipt
from bot.errors import Answer, Barred, NotNow, RedletterError, Refused, Unanswered
from bot.model import Limits

log = logging.getLogger("redletter")

T = TypeVar("T")


def answered(question: Callable[[], T]) -> T | Refused | NotNow | Unanswered:
    """What a publisher returns, or the answer it raises; whatever else it raises leaves us without an answer.

    Of a foreign exception only the kind and the place are told: its text may hold a credential.
    """
    try:
        return question()
    except (Refused, NotNow, Unanswered) as answer:
        return answer
    except RedletterError as error:  # ours: it says what is to be done
        return Unanswered(str(error))
    except Exception as error:  # noqa: BLE001 - one bad account must not stop the others
        # Without the traceback, for the same reason.
        log.error("a publisher broke: %s", _told(error))  # noqa: TRY400
        return Unanswered(_told(error))


def made_ready(publisher: Publisher, asks: Sequence[Ask]) -> tuple[str, ...] | Refused | NotNow:
    """What a publisher makes of parts before anything is seen; where it does not answer, nothing was written."""
    made = answered(lambda: tuple(text for text in publisher.prepare(asks) if isinstance(text, str)))
    if isinstance(made, Unanswered):
        return NotNow(str(made))
    if not isinstance(made, Answer) and len(made) != len(asks):
        return Refused(f"the publisher of {asks[0].network} made {len(made)} of {len(asks)} parts ready")
    return made


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

    def prepare(self, asks: Sequence[Ask]) -> Sequence[str]:
        """Not before somebody has mended it."""
        raise Barred(f"cannot ask for {asks[0].account}: {self._reason}")

    def publish(self, ask: Ask) -> Receipt:
        """As above."""
        raise Barred(f"cannot ask for {ask.account}: {self._reason}")

    def find(self, ask: Ask) -> Receipt | None:
        """It cannot tell."""
        raise Unanswered(f"cannot ask for {ask.account}: {self._reason}")

    def whoami(self) -> str:
        """Nobody."""
        raise Barred(self._reason)

    def learn(self) -> Limits:
        """Nothing."""
        raise Barred(self._reason)


def _told(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {PurePath(place.filename).name}:{place.lineno}"
