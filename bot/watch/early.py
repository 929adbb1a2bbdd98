"""When the pre-flight is made: once for what each delivery will show, and once more shortly before, in a thread of its own."""

import logging
import threading
from collections.abc import Iterable, Mapping
from functools import partial

from bot.delivery.queue import Queue
from bot.delivery.values import Row
from bot.model import Project
from bot.settings import Settings
from bot.watch.causes import Cause
from bot.watch.preflight import Asked, Finding, causes_of, coming, look_over
from bot.zones import HOUR, MINUTE

log = logging.getLogger("redletter")

#: How often there is a look at what has come into sight.
EVERY = 10 * MINUTE
#: How long before it goes out a delivery is looked over once more.
AGAIN = 2 * HOUR

Done = tuple[
    str, bool
]  #: what was looked over: the digest of what will be shown, and whether it was shortly before


class Early:
    """Looks ahead beside everything else, one look at a time; what it found is kept in memory."""

    def __init__(self, settings: Settings, asked: Asked) -> None:
        self._settings = settings
        self._asked = asked
        self._thread: threading.Thread | None = None
        self._next = 0
        self._done: Mapping[str, Done] = {}
        self._found: Mapping[str, tuple[Finding, ...]] = {}
        self.is_whole = False  #: nothing that comes was left to be looked over

    def begin(self, project: Project, now: int) -> None:
        """Look ahead if it is time for it; returns at once."""
        is_busy = self._thread is not None and self._thread.is_alive()
        if is_busy or self._next - EVERY <= now < self._next:  # a clock that was set back waits for nothing
            return
        self._next = now + EVERY
        self._thread = threading.Thread(
            target=partial(self._look, project, now), name="pre-flight", daemon=True
        )
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait for the look at hand, so long at most."""
        if self._thread is not None:
            self._thread.join(seconds)

    def causes(self, now: int) -> tuple[Cause, ...]:
        """What was found about deliveries that still lie ahead."""
        found = tuple(each for findings in self._found.values() for each in findings)
        return causes_of(each for each in found if each.row.at > now)

    def _look(self, project: Project, now: int) -> None:
        try:
            with Queue(self._settings.database) as queue:
                rows = coming(queue, now)
                self._forget(rows)
                anew = [row for row in rows if self._done.get(row.key) != _done(row, now)]
                self._take(anew, look_over(anew, project, queue=queue, asked=self._asked), now)
            self.is_whole = all(self._done.get(row.key) == _done(row, now) for row in rows)
        except Exception as error:  # noqa: BLE001 - it can wait for the next look, and delivery goes on
            log.warning("the pre-flight could not be made: %s", type(error).__name__)

    def _forget(self, rows: Iterable[Row]) -> None:
        keys = {row.key for row in rows}
        self._done = {key: done for key, done in self._done.items() if key in keys}
        self._found = {key: found for key, found in self._found.items() if key in keys}

    def _take(self, rows: Iterable[Row], findings: Iterable[Finding], now: int) -> None:
        """Keep what was found. A network that did not answer is asked again, and called trouble shortly before only."""
        done, found = dict(self._done), dict(self._found)
        for row in rows:
            theirs = [each for each in findings if each.row.key == row.key]
            sure = [each for each in theirs if each.is_sure]
            if sure == theirs or _is_near(row, now):
                sure = theirs
                done[row.key] = _done(row, now)
            found[row.key] = tuple(sure)
        self._done, self._found = done, found


def _done(row: Row, now: int) -> Done:
    return row.rendition.digest, _is_near(row, now)


def _is_near(row: Row, now: int) -> bool:
    return row.at - now <= AGAIN
