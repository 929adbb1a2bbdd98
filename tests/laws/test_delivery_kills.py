"""Processes that are killed, and processes that race: nothing twice, nothing lost."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.delivery.states import State
from bot.delivery.tick import Shift
from bot.model import Account, Corpus, Project
from bot.zones import DAY, MINUTE
from tests.fakes.deliveries import NOON, enqueue, opened, planned, schedules
from tests.fakes.network import Ledger, one_for_all

ACCOUNT = Account("ours", "x")
BY = schedules(grace=None, accounts=[ACCOUNT])
PROJECT = Project("/project", BY, Corpus(), "files")
LIFE = 12 * MINUTE  #: between two processes: longer than a lease and a quarantine


def fill(folder: Path, posts: int) -> int:
    """Enqueue threads of one to three parts; how many parts they have."""
    with opened(folder) as queue:
        texts = [[f"Part {part}." for part in range(1 + n % 3)] for n in range(posts)]
        enqueue(
            queue,
            *(planned(NOON + n, *each, id=str(n), accounts=[ACCOUNT]) for n, each in enumerate(texts)),
            by=BY,
            until=NOON + 30 * DAY,
        )
    return sum(map(len, texts))


def live(folder: Path, ledger: Ledger, now: int, begun: Callable[[], object] = bool) -> None:
    """Take turns at one instant until nothing is due."""
    with opened(folder) as queue:
        shift = Shift(queue, one_for_all(ledger))
        due = shift.tick(PROJECT, partial(int, now)).next_due
        begun()
        while due is not None and due <= now:
            due = shift.tick(PROJECT, partial(int, now)).next_due


def forked(work: Callable[[], None]) -> int:
    """Another process that does this and ends; its id."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return child


def is_killed(folder: Path, ledger: Ledger, now: int, *, after: float) -> bool:
    """Let a process begin and kill it so many seconds later; tell whether it was still at work."""
    ready, begun = os.pipe()
    child = forked(lambda: live(folder, ledger, now, lambda: os.write(begun, b".")))
    os.read(ready, 1)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.close(ready)
    os.close(begun)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_thirty_kills_double_nothing_and_lose_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    parts = fill(tmp_path, 110)
    now, killed = NOON + MINUTE, 0

    for life in range(30):
        killed += is_killed(tmp_path, ledger, now, after=life * 7 % 30 / 300)
        now += LIFE
    for _ in range(3):
        live(tmp_path, ledger, now)
        now += LIFE

    assert killed > 10, "it was killed while it worked"
    assert Counter(Counter(ledger.read()).values()) == {1: parts}
    with opened(tmp_path) as queue:
        assert queue.counts()[State.SENT] == 110
        assert all(len(row.receipts) == len(row.rendition.parts) for row in queue.rows(now))


def test_processes_that_share_a_queue_post_each_thing_once(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    parts = fill(tmp_path, 40)

    children = [forked(lambda: live(tmp_path, ledger, NOON + MINUTE)) for _ in range(3)]
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

    assert ends == [0, 0, 0]
    assert Counter(Counter(ledger.read()).values()) == {1: parts}
    with opened(tmp_path) as queue:
        assert queue.counts()[State.SENT] == 40
