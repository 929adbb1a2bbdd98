"""Who carries what to which account: one errand at a time for each, accounts beside each other."""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue

from bot.delivery.database import Database
from bot.delivery.deliver import Errand, Note, Question
from bot.delivery.states import State
from bot.delivery.values import Claim
from bot.errors import BadState

#: Puts a question to an account's network, in whatever thread it likes, but one after the other for each account.
Hands = Callable[[str, Callable[[], None]], None]

#: After so many leases a publisher that has not answered is given up: its claim is let go, and its lane stays shut.
_PATIENCE = 10


def inline(_: str, work: Callable[[], None]) -> None:
    """Put the question at once, in this thread."""
    work()


class Lanes:
    """The errands under way, each on the lane of its account."""

    def __init__(self, queue: Database, hands: Hands = inline) -> None:
        self._queue = queue
        self._hands = hands
        self._lanes: dict[str, _Lane] = {}
        self._answers: SimpleQueue[tuple[str, object]] = SimpleQueue()
        self._is_answered = threading.Event()
        self._notes: dict[str, Note] = {}  #: by account: what is to be written before its errand goes on
        self._ended: list[tuple[str, State | None]] = []

    def __contains__(self, account: str) -> bool:
        return account in self._lanes

    def __len__(self) -> int:
        return len(self._lanes)

    def begin(self, account: str, key: str, errand: Errand) -> None:
        """Set out on an errand for an account that has none under way."""
        self._lanes[account] = _Lane(key, errand)
        self._step(account, None)

    def go_on(self) -> None:
        """Hand every answer that has come to its errand, and write down what they note, all that is there at once.

        BadState where the queue does not take it: it is tried again the next time.
        """
        self._is_answered.clear()
        while self._notes or not self._answers.empty():
            while not self._answers.empty():
                self._step(*self._answers.get())
            self._write_down()

    def ended(self) -> list[tuple[str, State | None]]:
        """The keys and states of the deliveries whose errands ended since this was asked last."""
        ended, self._ended = self._ended, []
        return ended

    def wait(self, seconds: float) -> None:
        """Wait for an answer, no longer than this."""
        self._is_answered.wait(seconds)

    def claims(self) -> Iterable[Claim]:
        """What is claimed and still waited for."""
        return [lane.claim for lane in self._lanes.values() if lane.claim and not lane.is_given_up]

    def finish(self) -> None:
        """Bring what is claimed to its end, and let go of the rest.

        What the queue does not take is tried again until its publisher would be given up; BadState then.
        """
        for account, lane in list(self._lanes.items()):
            if lane.claim is None:
                lane.errand.close()
                self._notes.pop(account, None)
                del self._lanes[account]
        while any(not lane.is_given_up for lane in self._lanes.values()):
            self.wait(1)
            with suppress(BadState):
                self.go_on()
        self.go_on()

    def _step(self, account: str, answer: object) -> None:
        """Send an errand on its way until it waits for an answer again, or ends."""
        lane = self._lanes.get(account)
        if lane is None:  # let go of
            return
        try:
            wanted = lane.errand.send(answer)
        except BaseException as end:
            del self._lanes[account]
            if not isinstance(end, StopIteration):
                raise
            self._ended.append((lane.key, end.value))
            return
        if isinstance(wanted, Note):
            self._notes[account] = wanted
        else:
            lane.wait_for(wanted)
            self._hands(account, partial(self._put, account, wanted))

    def _write_down(self) -> None:
        """Take every note in one transaction, or, where one of them is at fault, each in its own."""
        if not self._notes:
            return
        try:
            with self._queue.writing():
                taken = [(account, note.put()) for account, note in self._notes.items()]
        except BadState:
            raise
        except Exception:  # noqa: BLE001 - the one at fault is found by itself
            self._write_each()
            return
        self._notes.clear()
        for each in taken:
            self._answers.put(each)

    def _write_each(self) -> None:
        for account, note in list(self._notes.items()):
            try:
                self._answers.put((account, note.put()))
            except BadState:
                raise
            except BaseException:
                del self._notes[account], self._lanes[account]
                raise
            del self._notes[account]

    def _put(self, account: str, question: Question) -> None:
        self._answers.put((account, question.put()))
        self._is_answered.set()


class _Lane:
    """One errand under way, and what it waits for."""

    def __init__(self, key: str, errand: Errand) -> None:
        self.key = key
        self.errand = errand
        self.claim: Claim | None = None
        self._since = 0.0

    def wait_for(self, question: Question) -> None:
        """Remember what is waited for from now on."""
        self.claim, self._since = question.claim, time.monotonic()

    @property
    def is_given_up(self) -> bool:
        """Tell whether its publisher has kept silent for so long that others may look what became of it."""
        return self.claim is not None and time.monotonic() - self._since > _PATIENCE * self.claim.lease
