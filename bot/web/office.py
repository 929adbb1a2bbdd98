"""What every page asks: the project as it is now, the queue, the time, and who comes in too often with a wrong word."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from bot.delivery.queue import Queue
from bot.errors import Problem, Problems
from bot.model import Project
from bot.project import files_stamp, read_project
from bot.publishing import learned
from bot.settings import Settings
from bot.web.site import Site

log = logging.getLogger("redletter")

#: So many wrong words are taken from one address before it has to wait, seconds longer each time, up to a minute.
_FREE, _LONGEST = 5, 60
#: Of so many addresses it is remembered; those that were seen last.
_ADDRESSES = 1_024


class Patience:
    """How often each address came with a word that lets nobody in."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, address: str, now: int) -> int:
        """The seconds that an address has to wait before it is listened to."""
        with self._lock:
            return max(0, self._wrong.get(address, (0, now))[1] - now)

    def wrong(self, address: str, now: int) -> None:
        """Note a wrong word."""
        with self._lock:
            times = self._wrong.pop(address, (0, 0))[0] + 1
            self._wrong[address] = (
                times,
                now + (min(2 ** min(times - _FREE, 6), _LONGEST) if times >= _FREE else 0),
            )
            if len(self._wrong) > _ADDRESSES:
                self._wrong.popitem(last=False)

    def right(self, address: str) -> None:
        """Forget what an address did wrong."""
        with self._lock:
            self._wrong.pop(address, None)


class Office:
    """What the pages have in common, for as long as the desk is served; used by many threads at once."""

    def __init__(
        self,
        root: Path,
        settings: Settings,
        queue: Queue,
        *,
        site: Site,
        clock: Callable[[], int],
        secret: Callable[[], str],
    ) -> None:
        """Read the project; Problems where it cannot be planned from. `secret` makes words that nobody can guess."""
        self.root = root
        self.settings = settings
        self.queue = queue
        self.site = site
        self.clock = clock
        self.secret = secret
        self.patience = Patience()
        self._lock = threading.Lock()
        self._looked_at = clock()
        self._stamp = files_stamp(root), learned(settings)
        self._wrong: tuple[Problem, ...] = ()
        self._project, self._left_out = read_project(root, self._stamp[1])

    @property
    def now(self) -> int:
        """The instant of asking, in whole seconds of UTC."""
        return self.clock()

    @property
    def project(self) -> Project:
        """The project as its files are; while they are wrong, as they were when they were last right."""
        with self._lock:
            if self._looked_at != self.now:
                self._looked_at = self.now
                self._refresh()
            return self._project

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong in the files, so that they are not followed; empty where they are."""
        return self._wrong

    @property
    def left_out(self) -> tuple[Problem, ...]:
        """What is wrong in single posts, which are left out."""
        return self._left_out

    def look_again(self) -> None:
        """Read the files when they are next asked for, though the second is the same: something was written."""
        with self._lock:
            self._looked_at = -1

    def _refresh(self) -> None:
        try:
            stamp = files_stamp(self.root), learned(self.settings)
            if stamp == self._stamp:
                return
            self._stamp = stamp
            self._project, self._left_out = read_project(self.root, stamp[1])
        except (Problems, OSError) as error:
            found = error.problems if isinstance(error, Problems) else ()
            self._wrong = found or self._wrong
            first = found[0] if found else error
            # A person's slip, not a fault of ours: no traceback.
            log.error("files changed and are wrong; showing what was read before: %s", first)  # noqa: TRY400
        else:
            self._wrong = ()
