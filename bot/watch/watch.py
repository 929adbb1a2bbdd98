"""The watch: beside the daemon, in threads of its own, it sees what is wrong and tells people once."""

import logging
import threading
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import NamedTuple

from bot.delivery.queue import Queue
from bot.errors import RedletterError
from bot.model import Project
from bot.settings import Settings
from bot.watch import metrics
from bot.watch.causes import Cause, Kind, Seen, cause_id, causes, in_order
from bot.watch.early import Early
from bot.watch.figures import Figures, figures
from bot.watch.heartbeat import Heartbeat
from bot.watch.listen import Listener, Page
from bot.watch.notify import Notifier, services
from bot.watch.preflight import asking
from bot.watch.sight import see
from bot.watch.teller import Teller
from bot.watch.words import one_line, word
from bot.zones import MINUTE

log = logging.getLogger("redletter")

EVERY = 5.0  #: seconds between two looks, at least
_SHARE, _LONGEST = (
    20,
    60.0,
)  #: a look that takes long is followed by a rest so many times as long, up to a minute
SILENT = 120.0  #: seconds without a turn after which the daemon is thought to hang; a turn comes every 30
_COUNTED = 15.0  #: seconds between two counts of the queue


class Board(NamedTuple):
    """What was last seen, for those who ask."""

    found: tuple[Cause, ...] = ()
    now: int = 0
    figures: Figures = Figures()


class Watch:
    """Sees what is wrong and tells people; nothing that it does keeps a delivery waiting.

    The daemon says `look` after its turns, `look_ahead` when it is idle, `broke` when a turn failed, and `close`.
    """

    def __init__(self, settings: Settings, name: str) -> None:
        """Make ready for the project called `name`; BadCall names a variable that cannot be meant, or a missing extra."""
        self._settings = settings
        notify, heartbeat = settings.notify.reveal().strip(), settings.heartbeat.reveal().strip()
        self._notifier = Notifier(services(notify)) if notify else None
        self._heartbeat = Heartbeat(heartbeat) if heartbeat else None
        self._early = Early(settings, asking(settings))
        self._teller = Teller(self._notifier, name)
        self._broken: Cause | None = None
        self._blindness: Cause | None = None
        self._board = Board()
        self._counted = float("-inf")
        self._turned = time.monotonic()
        self._listener = Listener(settings.listen, self._page) if settings.listen else None
        self.address = self._listener.address if self._listener else ""  #: where it listens; empty: nowhere
        self._begin()

    def _begin(self) -> None:
        self._wanted: int | None = None
        self._rung, self._rest = float("-inf"), 0.0
        self._is_closing = False
        self._bell = threading.Event()
        self._thread = threading.Thread(target=self._live, name="watch", daemon=True)
        self._thread.start()

    def look(self, now: int) -> None:
        """A turn has gone well: look at the queue, every few seconds at most. Returns at once."""
        self._broken = None
        self._ring(now)

    def broke(self, why: str, now: int) -> None:
        """A turn has failed. Returns at once."""
        self._broken = _broken(why, now, self._broken)
        self._ring(now)

    def look_ahead(self, project: Project, now: int) -> None:
        """Make the pre-flight if it is time for it. Returns at once."""
        self._early.begin(project, now)

    def wait_for_the_pre_flight(self, seconds: float) -> None:
        """Wait until the pre-flight at hand is made; so long at most."""
        self._early.wait(seconds)

    def close(self, within: float = 2) -> None:
        """Look once more if there was a turn since the last look, tell what is to be told, and end; so long at most."""
        self._is_closing = True
        self._bell.set()
        self._thread.join(within)
        if self._listener:
            self._listener.close()

    def health(self) -> tuple[bool, str]:
        """Whether all is well, and one line that says what is not."""
        silent = time.monotonic() - self._turned
        if silent > SILENT:
            return False, f"no turn for {silent:.0f} seconds: the daemon hangs"
        return word(self._board.found, self._board.now)

    def _ring(self, now: int) -> None:
        self._turned = time.monotonic()
        self._wanted = now
        if self._turned - self._rung >= max(EVERY, self._rest):
            self._rung = self._turned
            self._bell.set()

    def _live(self) -> None:
        queue: Queue | None = None
        while not self._is_closing or self._wanted is not None:
            self._bell.wait()
            self._bell.clear()
            now, self._wanted = self._wanted, None
            if now is None:
                continue
            try:
                queue = queue or Queue(self._settings.database)
                self._look(queue, now)
            except (RedletterError, OSError) as error:
                self._blind(error, now)
            except Exception as error:  # the watch must not end
                log.exception("the watch broke: %s", type(error).__name__)
        if queue:
            queue.close()

    def _look(self, queue: Queue, now: int) -> None:
        begun = time.monotonic()
        seen = see(queue, now)
        found = in_order((*self._own(), *causes(seen, now), *self._early.causes(now)))
        self._rest = min(_SHARE * (time.monotonic() - begun), _LONGEST)
        self._blindness = None
        self._board = Board(found, now, self._count(queue, seen, found, now))
        self._teller.tell(queue, found, now, keep=self._kept(seen))
        self._beat()

    def _kept(self, seen: Seen) -> tuple[str, ...]:
        """How the names of causes begin that may only seem to be over."""
        if seen.busy:  # what is in hand may come back for the same cause
            return ("",)
        return () if self._early.is_whole else (f"{Kind.EARLY}:",)

    def _blind(self, error: Exception, now: int) -> None:
        """The queue cannot be read: say so, without it."""
        self._blindness = _broken(str(error), now, self._blindness)
        found = self._own() or (self._blindness,)
        self._board = Board(found, now, self._board.figures)
        self._teller.tell_without(found, now)

    def _own(self) -> tuple[Cause, ...]:
        return () if self._broken is None else (self._broken,)

    def _count(self, queue: Queue, seen: Seen, found: Iterable[Cause], now: int) -> Figures:
        if not self._settings.listen or time.monotonic() - self._counted < _COUNTED:
            return self._board.figures
        self._counted = time.monotonic()
        return figures(queue, seen, found, now)

    def _beat(self) -> None:
        if self._heartbeat and self.health()[0]:
            self._heartbeat.beat()

    def _page(self, path: str) -> Page | None:
        if path == "/healthz":
            is_well, line = self.health()
            return Page(HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE, f"{line}\n".encode())
        if path == "/metrics" and not metrics.is_there():
            return Page(HTTPStatus.NOT_IMPLEMENTED, f"{metrics.MISSING}\n".encode())
        if path == "/metrics":
            silent = time.monotonic() - self._turned
            return Page(HTTPStatus.OK, metrics.text(self._board.figures, silent=silent), metrics.TYPE)
        return None


def _broken(why: str, now: int, earlier: Cause | None) -> Cause:
    """Nothing is sent: the same thing for as long as that lasts; a single turn that fails is not told of."""
    since = earlier.since if earlier else now
    text = f"nothing is sent: {one_line(why)}"
    return Cause(cause_id(Kind.BROKEN), Kind.BROKEN, text, since, ripe=since + MINUTE)
