"""Processes that are killed, and processes that race: nothing twice, nothing lost."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

from bot.delivery.states import State
from bot.delivery.steps import watch
from bot.delivery.tick import Shift
from bot.model import Account, Corpus, Project
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes import network as moods
from tests.fakes.deliveries import NOON, enqueue, opened, planned, schedules
from tests.fakes.network import Killed, Ledger, Network, one_for_all

ACCOUNT = Account("ours", "x")
BY = schedules(grace=None, accounts=[ACCOUNT])
PROJECT = Project("/project", BY, Corpus(), "files")
LIFE = 12 * MINUTE  #: between two processes: longer than a lease and a quarantine


def fill(folder: Path, posts: int, start: int = NOON) -> int:
    """Enqueue threads of one to three parts, a second apart; how many parts they have."""
    with opened(folder) as queue:
        texts = [[f"Part {part}." for part in range(1 + n % 3)] for n in range(posts)]
        enqueue(
            queue,
            *(
                planned(start + n, *each, id=f"{start + n}", accounts=[ACCOUNT])
                for n, each in enumerate(texts)
            ),
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


def story(folder: Path, network: Network) -> int:
    """Live until all is decided, process after process; how many there were."""
    now, processes = NOON, 1
    queue = opened(folder)
    shift = Shift(queue, one_for_all(network))
    while now < NOON + HOUR:
        try:
            due = shift.tick(PROJECT, partial(int, now)).next_due
        except Killed:
            queue.close()
            processes, queue = processes + 1, opened(folder)
            shift, due = Shift(queue, one_for_all(network)), now + 1
        now = max(now, due or NOON + HOUR)
    queue.close()
    return processes


def kill_at(number: int) -> Callable[[str], None]:
    """A watch that lets a process go through so many steps of a delivery."""
    left = iter(range(number))

    def each(name: str) -> None:
        if name not in {"planned ahead", "recovered"} and next(left, None) is None:
            watch(lambda _: None)
            raise Killed(name)

    return each


def test_killed_at_each_step_in_turn_a_delivery_is_whole_and_there_once(tmp_path: Path) -> None:
    thread, single = (
        planned(NOON, *"abc", accounts=[ACCOUNT]),
        planned(NOON + 1, id="moon/set", accounts=[ACCOUNT]),
    )
    for number in count():
        folder = tmp_path / str(number)
        network = Network().feels(moods.shows, moods.is_busy, moods.keeps_silent, moods.hears_nothing)
        network.makes = "part {part}, made the {time}. time"
        with opened(folder) as queue:
            enqueue(queue, thread, single, by=BY, until=NOON + 30 * DAY)
        watch(kill_at(number))
        try:
            processes = story(folder, network)
        finally:
            watch(lambda _: None)

        assert [ask.part for ask in network.shown if ask.post == thread.post.id] == [1, 2, 3]
        assert [ask.part for ask in network.shown if ask.post == single.post.id] == [1]
        assert len({(ask.key, ask.part) for ask in network.asked}) == 4
        assert len({(ask.key, ask.part, ask.prepared) for ask in network.asked}) == 4, (
            "each is like its first"
        )
        with opened(folder) as queue:
            assert [each.state for each in queue.rows(NOON)] == [State.SENT] * 2
        if processes == 1:
            break

    assert number > 20


def test_thirty_kills_double_nothing_and_lose_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    parts, posts, now, killed = 0, 0, NOON, 0

    for life in range(30):
        parts, posts, now = parts + fill(tmp_path, 20, now), posts + 20, now + LIFE
        killed += is_killed(tmp_path, ledger, now, after=life * 7 % 30 / 500)
    for _ in range(3):
        now += LIFE
        live(tmp_path, ledger, now)

    assert killed > 10, "it was killed while it worked"
    assert Counter(Counter(ledger.read()).values()) == {1: parts}
    with opened(tmp_path) as queue:
        assert queue.counts()[State.SENT] == posts
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
