"""Row 11: somebody else holds the database while posts are due."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from random import Random  # noqa: TID251 - chance, and the same again by its seed

from msgspec import Struct

from bot.contracts import Ask, Receipt
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import Shift
from bot.engines import embedded
from bot.model import Account, Corpus, Project
from tests.fakes.deliveries import enqueue, planned, schedules
from tests.fakes.network import Network
from tests.faults.rows import Outcome, Told
from tests.faults.stage import folder_of_its_own, quietly

POSTS = 5
ACCOUNT = Account("ours", "x", live=True)
_AT_ONCE = 12  #: engines beside each other
_HELD_BEFORE = 0.5  #: seconds before the first post is due
#: Takes a database for itself alone, says so, and lets go after so many seconds.
_HOLDER = """
import sqlite3, sys, time
file, seconds = sys.argv[1:]
connection = sqlite3.connect(file, timeout=30, isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
connection.execute("UPDATE pulse SET at = at")
print(time.time(), flush=True)
time.sleep(float(seconds))
connection.execute("ROLLBACK")
print(time.time(), flush=True)
"""


class Held(Struct, frozen=True):
    """What came of one lock."""

    seconds: float  #: from when the first post was due until the database was free
    late: float  #: how late the latest post was asked for
    breaches: tuple[str, ...]


def locks(size: int, seed: int, told: Told) -> Outcome:
    """So many locks, of 0.1 to 8 seconds, and every tenth of up to a minute where there are many."""
    dice = Random(f"locks {seed}")  # noqa: S311 - chance, not secrets
    holds = [_hold(number, size, dice) for number in range(size)]
    found: list[Held] = []
    for first in range(0, size, _AT_ONCE):
        now = holds[first : first + _AT_ONCE]
        found += _beside_each_other(now)
        told(len(now))
    worst = max(found, key=lambda each: each.late - each.seconds)
    note = f"latest {worst.late:.1f} s late under a lock of {worst.seconds:.1f} s"
    return Outcome(size, tuple(breach for each in found for breach in each.breaches), note)


def _hold(number: int, size: int, dice: Random) -> float:
    is_long = size >= _AT_ONCE and number % 10 == 9
    if number == 0:
        return dice.uniform(6, 8)  # longer than SQLite waits
    return dice.uniform(8, 60) if is_long else dice.uniform(0.1, 8)


def _beside_each_other(holds: list[float]) -> list[Held]:
    found: SimpleQueue[Held] = SimpleQueue()

    def one(seconds: float) -> None:
        found.put(_one(seconds))

    threads = [threading.Thread(target=one, args=(each,)) for each in holds]
    with quietly():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return [found.get_nowait() for _ in range(found.qsize())]


def _one(seconds: float) -> Held:
    with folder_of_its_own() as folder:
        file = folder / "redletter.db"
        network, due = _Timed(), int(_clock()) + 3
        with Queue(f"sqlite:///{file}") as queue:
            made = [planned(due, f"Post {n}.", accounts=[ACCOUNT], event=str(n)) for n in range(POSTS)]
            enqueue(queue, *made, by=schedules(accounts=[ACCOUNT]), until=due + 400 * 86_400)
            with _engine(queue, network):
                _sleep_until(due - _HELD_BEFORE)
                begun, freed = _held(file, seconds)
                _wait_for(lambda: len(network.times) >= POSTS, seconds + 60)
            return _judged(queue, network, due=due, freed=freed, held=freed - begun)


def _judged(queue: Queue, network: "_Timed", *, due: int, freed: float, held: float) -> Held:
    late = max(network.times, default=freed + 60) - due
    wait = max(freed - due, 0)
    lost = (
        []
        if queue.counts()[State.SENT] == POSTS
        else [f"lost under a lock of {held:.1f} s: {queue.counts()}"]
    )
    doubled = ["doubled"] * (len(network.parts) - len(set(network.parts)))
    slow = [f"{late:.1f} s late under a lock of {wait:.1f} s"] if late > wait + LEEWAY else []
    return Held(wait, late, (*lost, *doubled, *slow))


#: How much later than the lock a post may be, in seconds: one, and what a busy machine takes for five posts.
LEEWAY = 2.5


class _Timed(Network):
    """Notes when it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def publish(self, ask: Ask) -> Receipt:
        self.times.append(_clock())
        return super().publish(ask)


@contextmanager
def _engine(queue: Queue, network: Network) -> Iterator[None]:
    shift = Shift(queue, lambda _: network)
    project = Project("/project", schedules(accounts=[ACCOUNT]), Corpus(), "files")
    words: embedded.Words = SimpleQueue()

    def turn() -> int | None:
        return shift.tick(project, lambda: int(_clock())).next_due

    thread = threading.Thread(
        target=embedded.run, args=(turn, lambda: int(_clock())), kwargs={"words": words}
    )
    thread.start()
    try:
        yield
    finally:
        words.put(None)
        thread.join()


def _held(file: Path, seconds: float) -> tuple[float, float]:
    """Let another process hold it; from when to when it did."""
    done = subprocess.run(
        [sys.executable, "-c", _HOLDER, str(file), str(seconds)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    begun, freed = map(float, done.stdout.split())
    return begun, freed


def _clock() -> float:
    return time.time()  # noqa: TID251 - the engine lives by the real clock


def _sleep_until(instant: float) -> None:
    time.sleep(max(0, instant - _clock()))


def _wait_for(happened: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.02)
