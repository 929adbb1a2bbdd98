"""The engine in this process: an alarm clock, and nothing that must not be lost.

The queue decides what is due and the alarm only wakes, so a lost or doubled alarm does no harm.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from queue import Empty, SimpleQueue
from typing import Any

from bot.errors import RedletterError
from bot.zones import moment

log = logging.getLogger("redletter")

#: The longest sleep in seconds: a clock that was set, or a computer that slept, is noticed after that.
LONGEST_SLEEP = 30
#: How much later the alarm itself has overslept: it sleeps until an instant, and the clock was set back under it.
OVERSLEPT = 1
#: Seconds after which a signal is noticed at the latest.
GLANCE = 1
#: A turn that failed is taken again after a second, and when turns have failed for longer, after this part of that time.
_PART_OF_TROUBLE = 60

Clock = Callable[[], int]
#: An instant to wake at, or None to stop. It may be spoken to from any thread, and from a signal.
Words = SimpleQueue[int | None]


class Threads:
    """Hands for many accounts: a thread for each, begun when it is first needed. One that hangs keeps no other waiting."""

    def __init__(self) -> None:
        self._work: dict[str, SimpleQueue[Callable[[], None]]] = {}

    def __call__(self, account: str, work: Callable[[], None]) -> None:
        """Let the account's thread do it, after whatever it was given before."""
        if account not in self._work:
            self._work[account] = SimpleQueue()
            # A network that never answers must not keep the process from ending.
            threading.Thread(target=_toil, args=(self._work[account],), name=account, daemon=True).start()
        self._work[account].put(work)


def _toil(work: SimpleQueue[Callable[[], None]]) -> None:
    while True:
        work.get()()


def run(
    turn: Callable[[], int | None],
    clock: Clock,
    *,
    words: Words | None = None,
    longest_sleep: int = LONGEST_SLEEP,
) -> None:
    """Take turns when they are due, until SIGTERM, SIGINT or a None in `words`; the turn at hand is finished first.

    A turn gives the instant at which the next is due. A turn that fails is told once and taken again, a second later
    at first and `longest_sleep` seconds later at most. `clock` is the wall clock.
    """
    words = SimpleQueue() if words is None else words
    hand = _Hand(turn, clock, words, longest_sleep=longest_sleep)
    alarm = _Alarm(hand.wake)
    with _signals(words):  # before the first turn, so that it too is finished
        alarm.set(clock())
        _listen(words, alarm, clock, overslept=longest_sleep + OVERSLEPT)
    hand.stop()
    alarm.close()


def _listen(words: Words, alarm: "_Alarm", clock: Clock, *, overslept: int) -> None:
    waited = 0
    while True:
        try:
            # A signal that comes just before a wait begins does not end it: what it says is heard in the next.
            word = words.get(timeout=GLANCE)
        except Empty:
            waited += GLANCE
            if waited >= overslept:
                waited = 0
                alarm.rouse(clock())
            continue
        if word is None:
            return
        waited = 0
        alarm.set(word)


class _Hand:
    """Takes turns until nothing is due, in the alarm's one thread."""

    def __init__(
        self, turn: Callable[[], int | None], clock: Clock, words: Words, *, longest_sleep: int
    ) -> None:
        self._turn, self._clock, self._words = turn, clock, words
        self._longest_sleep = longest_sleep
        self._stopped = threading.Event()
        self._told = ""
        self._failing_since: float | None = None

    def stop(self) -> None:
        """Begin no further turn."""
        self._stopped.set()

    def wake(self) -> None:
        """Take every turn that is due, and say when to wake again."""
        due = None
        try:
            while not self._stopped.is_set():
                due = self._turn()
                self._told, self._failing_since = "", None
                if due is None or due > self._clock():
                    break
        except Exception as error:  # noqa: BLE001 - whatever it is, the next turn may do better
            due = self._clock() + self._patience()
            self._tell(error)
        latest = self._clock() + self._longest_sleep
        self._words.put(latest if due is None else min(due, latest))

    def _patience(self) -> int:
        """Seconds until a turn that failed is taken again: what was locked or full may be free soon, or not for long."""
        now = time.monotonic()
        self._failing_since = self._failing_since or now
        return max(1, int(now - self._failing_since) // _PART_OF_TROUBLE)

    def _tell(self, error: Exception) -> None:
        cause = f"{type(error).__name__}: {error}"
        if cause != self._told:
            self._told = cause
            # Ours is a sentence for a person; anything else is a fault, and its place is wanted.
            log.error("a turn failed: %s", error, exc_info=not isinstance(error, RedletterError))


class _Alarm:
    """One alarm of APScheduler, set to one instant at a time."""

    def __init__(self, wake: Callable[[], None]) -> None:
        # Only who runs the engine pays for the import.
        from apscheduler.executors.pool import ThreadPoolExecutor  # noqa: PLC0415
        from apscheduler.schedulers.background import BackgroundScheduler  # noqa: PLC0415

        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._wake = wake
        self._scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
        self._scheduler.start()

    def set(self, at: int) -> None:
        """Wake at an instant, or at once if it has passed: an alarm is never too late to ring."""
        self._scheduler.add_job(
            self._wake,
            "date",
            run_date=moment(at),
            id="turn",
            replace_existing=True,
            misfire_grace_time=None,
        )

    def rouse(self, now: int) -> None:
        """Wake now if the alarm still waits; a turn that takes long is left alone."""
        if self._scheduler.get_job("turn") is not None:
            self.set(now)

    def close(self) -> None:
        """Ring no more, and wait for the turn at hand."""
        # Else shutdown() would take what is due from its store and find nobody left to run it.
        self._scheduler.remove_all_jobs()
        self._scheduler.shutdown(wait=True)


@contextmanager
def _signals(words: Words) -> Iterator[None]:
    """Let SIGTERM and SIGINT stop the engine; a second one, while the turn at hand is finished, does what it always did."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:  # noqa: ANN401 - a number and a frame
        words.put(None)

    earlier = {each: signal.signal(each, stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, action in earlier.items():
            signal.signal(each, action)
