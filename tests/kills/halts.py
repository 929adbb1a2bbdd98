"""Daemons that are halted for longer than their claim lasts, as a suspended computer is, and go on when others have taken over."""

import shutil
import signal
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fakes.doomed import Dies, Doomed
from tests.kills.campaign import Outcome, Told, crashed, is_idle, live_on, silent, steps_of
from tests.kills.judge import judged
from tests.kills.orders import Orders
from tests.kills.servers import Server

_LEASE = 4  #: seconds that a claim lasts: longer than a busy machine keeps a request waiting
_LONGEST = 90.0  #: seconds within which a daemon comes to a step, or to rest
#: Seconds that another is given. One that halts in the middle of a write keeps the database to itself, and others wait.
_PATIENCE = 16.0
#: Seconds after which what was put off is tried again.
_A_WHILE = 60
#: After its last look at the clock a request leaves, however long that takes: only a server's keys can make good for it.
_TOO_LATE = "about to ask"


class _Halt:
    """One project, with a daemon that halts at its n-th step, and one that takes over."""

    def __init__(self, server: Server, posts: Sequence[Sequence[str]], step: int, *, after: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="redletter-halts-"))
        accounts = server.accounts
        self.orders = Orders(self.folder / "project", server, after=after, short=accounts, lease=_LEASE)
        self.orders.more(*posts)
        besides = () if server.knows_keys else (_TOO_LATE,)
        watch = Dies(step, self.orders.folder / "steps.log", signal.SIGSTOP, besides=besides)
        self.holder = Doomed(self.orders.folder, watch, env=server.env)
        self._other: Doomed | None = None
        self._counts = False

    def has_halted(self) -> bool:
        """Wait until the holder halts; False where it has nothing left to do before."""
        with self.orders.queue() as queue:
            end = time.monotonic() + _LONGEST
            while not is_idle(queue, ()) and time.monotonic() < end and not self.holder.is_halted:
                self.holder.lives(0.02)
        self.holder.lives(0.2)  # it may halt after its last deed
        if not self.holder.is_halted:
            self._end(self.holder)
        return self.holder.is_halted

    def is_taken_over(self) -> bool:
        """Let another daemon live; tell whether it has done all that it can for now."""
        if self._other is None:
            self._other = Doomed(self.orders.folder, env=self.orders.server.env)
            return False
        with self.orders.queue() as queue:
            self._counts = is_idle(queue, ())
        return self._counts

    def time_passes(self) -> None:
        """Let the other rest until what it put off is due, and then another do it, if the queue was not kept from it."""
        if self._counts:
            self._end_the_other()
            self.orders.jump(_A_WHILE)

    def goes_on(self) -> None:
        """Wake the holder, and let both daemons bring to its end what they have in hand."""
        self.holder.wakes()
        self._end(self.holder)
        self._end_the_other()

    def outcome(self) -> Outcome:
        """What is there in the end."""
        live_on(self.orders)
        found = judged(self.orders)
        steps = steps_of(self.orders) if self._counts else frozenset()
        if not found.breaches:
            self.drop()
        return Outcome(int(self._counts), 0.0, found, steps)

    def drop(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder)

    def _end_the_other(self) -> None:
        if self._other:
            self._end(self._other)
        self._other = None

    def _end(self, each: Doomed) -> None:
        if each.dies(signal.SIGTERM) != 0:
            raise crashed(self.orders, each)


def at_every_step(server: Server, posts: Sequence[Sequence[str]], *, told: Told = silent) -> Outcome:
    """Halt a daemon at its n-th step, for n = 1, 2, 3 …, and let it go on when another has done its work."""
    began, halts = time.monotonic(), _halted(server.single, posts)
    _let_others_take_over(halts)
    for each in halts:
        each.time_passes()
    _let_others_take_over(halts)
    for each in halts:  # all of them before any outcome: a server is at rest when nobody halts in a request
        each.goes_on()
        told(1)
    outcome = sum((each.outcome() for each in halts), Outcome())
    return outcome + Outcome(seconds=time.monotonic() - began)


def _let_others_take_over(halts: Sequence[_Halt]) -> None:
    waited, end = list(halts), time.monotonic() + _PATIENCE
    while waited and time.monotonic() < end:
        waited = [each for each in waited if not each.is_taken_over()]
        time.sleep(0.2)


def _halted(server: Server, posts: Sequence[Sequence[str]]) -> list[_Halt]:
    """Daemons that have halted, one at each step that there is."""
    halts: list[_Halt] = []
    while True:
        each = _Halt(server, posts, len(halts) + 1, after=len(halts) * len(posts))
        if not each.has_halted():
            each.drop()
            return halts
        halts.append(each)
