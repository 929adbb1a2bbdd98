"""Who tells people of each cause once, and of what is settled; the log hears it too."""

import logging
import time
from collections.abc import Iterable, Sequence

from bot.delivery.queue import Queue
from bot.watch.causes import Cause
from bot.watch.notify import Notifier
from bot.watch.words import is_settled, message, one_line, settled_word

log = logging.getLogger("redletter")

#: Seconds until people are told again what nobody could be told.
FIRST_WAIT, LONGEST_WAIT = 60.0, 3_600.0
#: Seconds until those are told again who alone could not be told.
REMINDER = 900.0


class Teller:
    """Remembers in the queue what people have heard; what it could not send, it sends later."""

    def __init__(self, notifier: Notifier | None, name: str) -> None:
        self._notifier = notifier
        self._name = name
        self._heard: dict[str, Cause] = {}  #: what people heard from this process, and still wait for
        self._logged: set[str] = set()
        self._again, self._wait = float("-inf"), FIRST_WAIT
        self._reminder = float("-inf")
        self._is_deaf = False

    def tell(self, queue: Queue, found: Sequence[Cause], now: int, *, keep: tuple[str, ...] = ()) -> None:
        """Tell what people have not heard yet, and forget what is over, but for names that begin as in `keep`.

        What is sent is remembered after it was sent: a crash between the two lets people hear it twice, never not.
        """
        told = queue.told()
        news = [cause for cause in found if cause.id not in told | self._heard.keys() and cause.ripe <= now]
        over = _gone(told, found, keep)
        if self._say(news, found):
            for cause in news:
                queue.tell(cause.id, cause.text, now)
            if over:
                queue.forget_told(over)

    def tell_without(self, found: Sequence[Cause], now: int) -> None:
        """Tell what people have not heard from this process, when the queue cannot be asked what they heard."""
        self._say([cause for cause in found if cause.id not in self._heard and cause.ripe <= now], found)

    def _say(self, news: Sequence[Cause], found: Sequence[Cause]) -> bool:
        """Whether nothing is left to be said."""
        self._log(news)
        here = {cause.id for cause in found}
        settled = [cause for name, cause in self._heard.items() if name not in here]
        if not (news or settled):
            self._remind()
        elif not self._send(news, settled):
            return False
        self._heard = {name: cause for name, cause in self._heard.items() if name in here}
        self._heard |= {cause.id: cause for cause in news if is_settled(cause)}
        return True

    def _log(self, news: Iterable[Cause]) -> None:
        for cause in news:
            if cause.id not in self._logged:
                fields = {"cause": cause.kind.value, "account": cause.account or None}
                log.warning("%s", one_line(cause.text), extra={"fields": fields})
        self._logged = {cause.id for cause in news}

    def _send(self, news: Sequence[Cause], settled: Sequence[Cause]) -> bool:
        if self._notifier is None:
            for cause in settled:
                log.info("%s", settled_word(cause))
            return True
        if time.monotonic() < self._again:
            return False
        took = self._notifier.send(message(self._name, news, settled))
        self._mind(self._notifier.deaf)
        self._again = float("-inf") if took else time.monotonic() + self._wait
        self._wait = FIRST_WAIT if took else min(self._wait * 2, LONGEST_WAIT)
        return took

    def _remind(self) -> None:
        """Tell those who alone could not be told."""
        if self._notifier and self._is_deaf and time.monotonic() >= self._reminder:
            self._notifier.remind()
            self._mind(self._notifier.deaf)

    def _mind(self, deaf: Sequence[str]) -> None:
        """Say once that somebody could not be told, until everybody could."""
        if deaf and not self._is_deaf:
            log.warning("people could not be told by %s; it is tried again", ", ".join(deaf))
        self._is_deaf = bool(deaf)
        self._reminder = time.monotonic() + REMINDER


def _gone(told: Iterable[str], found: Iterable[Cause], keep: tuple[str, ...]) -> list[str]:
    """What people heard of and is no more."""
    here = {cause.id for cause in found}
    return [name for name in told if name not in here and not name.startswith(keep)]
