"""Row 8: a clock that is set forward or back under the engine, and a computer that sleeps in the middle of it all."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from queue import SimpleQueue

from msgspec import Struct

from bot.contracts import Ask, Receipt
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.steps import STEPS, watch
from bot.delivery.tick import PATIENCE, Shift
from bot.engines import embedded
from bot.errors import BadState
from bot.model import Account, Corpus, Project
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.deliveries import NOON, enqueue, opened, planned, schedules
from tests.fakes.network import Network
from tests.faults.rows import Outcome, Told
from tests.faults.stage import Stage, folder_of_its_own, quietly

STEPPED = (
    HOUR, -HOUR, 1, -1, 365 * DAY, -DAY, MINUTE, -4 * MINUTE, 10 * MINUTE, -6 * MINUTE, 30 * DAY, -30, DAY, 20,
)  # fmt: skip
ACCOUNT = Account("ours", "x", live=True)
BY = schedules(grace=2 * HOUR, accounts=[ACCOUNT])
PROJECT = Project("/project", BY, Corpus(), "files")
_ASLEEP = (90, HOUR, 3 * HOUR, DAY, 30 * DAY)
_LONGEST_SLEEP = 2  #: seconds; the daemon's own is 30, and all is in proportion
_SLACK = 3.0  #: seconds, for a machine that is busy
_AT_ONCE = 14


class Stepped(Struct, frozen=True):
    """What came of one step."""

    late: float  #: seconds of real time from the step until what was due by then was asked for
    breaches: tuple[str, ...]


def clocks(size: int, seed: int, told: Told) -> Outcome:
    """So many steps of a clock under the engine, forward and back in turn."""
    steps = [STEPPED[(number + 2 * (seed % 7)) % len(STEPPED)] for number in range(size)]
    found: list[Stepped] = []
    with quietly():
        for first in range(0, size, _AT_ONCE):
            found += _beside_each_other(steps[first : first + _AT_ONCE])
            told(len(steps[first : first + _AT_ONCE]))
    latest = max((each.late for each in found), default=0)
    note = f"noticed within {latest:.1f} s where the longest sleep is {_LONGEST_SLEEP} s"
    return Outcome(size, tuple(breach for each in found for breach in each.breaches), note)


def _beside_each_other(steps: Sequence[int]) -> list[Stepped]:
    found: SimpleQueue[Stepped] = SimpleQueue()
    threads = [threading.Thread(target=lambda step=step: found.put(_stepped(step))) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found.get_nowait() for _ in range(found.qsize())]


class _Clock:
    """A wall clock that can be set."""

    def __init__(self) -> None:
        self._ahead = NOON - _machine()  #: seconds, of the machine's own

    def __call__(self) -> int:
        return _machine() + self._ahead

    def step(self, seconds: int) -> None:
        """Set it forward, or back."""
        self._ahead += seconds

    def real(self, instant: int) -> int:
        """When the machine's clock, by which the alarm rings, will have come so far."""
        return instant - self._ahead


def _machine() -> int:
    return int(time.time())  # noqa: TID251 - the alarm lives by it


class _Noted(Network):
    """Notes what was asked for, and what the clock said."""

    def __init__(self, clock: _Clock) -> None:
        super().__init__()
        self._clock = clock
        self.noted: list[tuple[str, int, float]] = []

    def publish(self, ask: Ask) -> Receipt:
        self.noted.append((ask.text, self._clock(), time.monotonic()))
        return super().publish(ask)


def _stepped(step: int) -> Stepped:
    clock = _Clock()
    network = _Noted(clock)
    with folder_of_its_own() as folder, closing(opened(folder)) as queue:
        first = clock() + 2
        _order(queue, {"before": first})
        with _engine(queue, network, clock) as told:
            _until(lambda: network.noted, 60)
            time.sleep(0.5)  # it is asleep by now
            ahead = {
                "in between": clock() + max(step // 2, 1),
                "long after": clock() + max(step, 0) + 2 * DAY,
            }
            _order(queue, ahead)
            clock.step(step)
            stepped = time.monotonic()
            if step < -PATIENCE:
                _until(lambda: told, 30)
            elif 0 <= step // 2 <= HOUR:
                _until(lambda: len(network.noted) > 1, 30)
            breaches = _of_step(step, network, told)
            late = max((at - stepped for text, _, at in network.noted if text == "in between"), default=0)
            if step < -PATIENCE:
                breaches += _set_right(queue, network, clock, -step)
        breaches += _early(network, {**ahead, "before": first})
    limit = _LONGEST_SLEEP + embedded.OVERSLEPT + _SLACK + (-step if step < 0 else 0)
    if late > limit:
        breaches.append(f"step of {step} s: noticed after {late:.1f} s")
    return Stepped(late if step > 0 else 0, tuple(breaches))


def _of_step(step: int, network: _Noted, told: list[str]) -> list[str]:
    if step < -PATIENCE and not told:
        return [f"step of {step} s: nobody was told"]
    if step >= -PATIENCE and told:
        return [f"step of {step} s: {told[0]}"]
    if 0 <= step // 2 <= HOUR and len(network.noted) < 2:
        return [f"step of {step} s: lost what was due in between"]
    return []


def _set_right(queue: Queue, network: _Noted, clock: _Clock, step: int) -> list[str]:
    """While the clock is far behind, what is due waits; once it is right again, it goes out."""
    _order(queue, {"due while it is behind": clock() - 1, "due when it is right": clock() + step})
    before = len(network.noted)
    time.sleep(_LONGEST_SLEEP)
    breaches = [f"sent though the clock is {step} s behind"] if len(network.noted) > before else []
    clock.step(step)
    _until(lambda: any(text == "due when it is right" for text, _, _ in network.noted), 30)
    if len(network.noted) == before:
        breaches.append(f"it did not go on after a clock that was {step} s behind was set right")
    return breaches


def _early(network: _Noted, planned_at: dict[str, int]) -> list[str]:
    early = [f"early: {text}" for text, at, _ in network.noted if at < planned_at.get(text, 0)]
    return early + ["doubled"] * (len(network.parts) - len(set(network.parts)))


def _order(queue: Queue, posts: dict[str, int]) -> None:
    made = [planned(at, text, accounts=[ACCOUNT], id=text.replace(" ", "-")) for text, at in posts.items()]
    enqueue(queue, *made, by=BY, until=NOON + 800 * DAY)


@contextmanager
def _engine(queue: Queue, network: Network, clock: _Clock) -> Iterator[list[str]]:
    """The engine in a thread; what it was told that it may not do."""
    shift, told = Shift(queue, lambda _: network), list[str]()
    words: embedded.Words = SimpleQueue()

    def turn() -> int | None:
        try:
            due = shift.tick(PROJECT, clock).next_due
            return None if due is None else clock.real(due)
        except BadState as no:
            told.append(str(no))
            raise

    asked = {"words": words, "longest_sleep": _LONGEST_SLEEP}
    thread = threading.Thread(target=embedded.run, args=(turn, _machine), kwargs=asked)
    thread.start()
    try:
        yield told
    finally:
        words.put(None)
        thread.join()


def _until(happened: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.02)


def sleeps(size: int, seed: int, told: Told) -> Outcome:
    """So many computers that sleep at one of the steps of a delivery, for a minute and a half up to a month."""
    found: list[str] = []
    for number in range(size):
        step = STEPS[number % len(STEPS)]
        asleep = _ASLEEP[(number + 1 + seed) % len(_ASLEEP)]
        with quietly(), folder_of_its_own() as folder:
            found += [f"asleep for {asleep} s when {step}: {each}" for each in _asleep(folder, step, asleep)]
        told(1)
    return Outcome(size, tuple(found), "")


def _asleep(folder: Path, step: str, seconds: int) -> list[str]:
    network, slept = Network(), False
    stage = Stage(folder, ACCOUNT, network)
    stage.order(["One part."], ["Two parts, 1.", "Two parts, 2."])

    def sleep(name: str) -> None:
        nonlocal slept
        if name == step and not slept:
            slept = True
            stage.now += seconds

    watch(sleep)
    try:
        with closing(stage):
            stage.live(stage.now + seconds + 3 * HOUR)
            rows = stage.rows
    finally:
        watch(lambda _: None)
    breaches = ["doubled"] * (len(network.parts) - len(set(network.parts)))
    breaches += [f"left in {row.state}" for row in rows if not row.state.is_final]
    for row in rows:
        late = [ask.at - row.at for ask in network.shown if ask.key == row.key]
        if row.state is State.SENT and len(late) != len(row.rendition.parts):
            breaches.append("lost")
        # What is asked for when the computer falls asleep is asked for when it wakes: nobody can look at a clock then.
        if late and max(late) > HOUR and step != "about to ask":
            breaches.append(f"asked for {max(late)} s after its time")
    return breaches
