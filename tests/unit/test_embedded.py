"""The engine in this process: it wakes, and loses nothing by being woken late or twice."""

import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import pytest

from bot.engines import embedded
from bot.errors import BadState

PATIENCE = 10


def clock() -> int:
    return int(time.time())  # noqa: TID251 - the engine lives by the clock


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@contextmanager
def running(
    turn: Callable[[], int | None], now: Callable[[], int] = clock, *, longest_sleep: int = 30
) -> Iterator[embedded.Words]:
    """The engine in a thread of its own, stopped at the end."""
    words: embedded.Words = SimpleQueue()
    asked = {"words": words, "longest_sleep": longest_sleep}
    thread = threading.Thread(target=embedded.run, args=(turn, now), kwargs=asked)
    thread.start()
    try:
        yield words
    finally:
        words.put(None)
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_turns_are_taken_until_nothing_is_due() -> None:
    dues = iter([0, 0, 0, clock() + 9, None])
    taken: list[int] = []

    def turn() -> int | None:
        taken.append(1)
        return next(dues)

    with running(turn):
        wait_for(lambda: len(taken) == 4)
        time.sleep(0.2)

    assert len(taken) == 4


def test_the_alarm_rings_when_something_is_due() -> None:
    start, rung = clock(), list[float]()

    def turn() -> int:
        rung.append(time.time())  # noqa: TID251 - the engine lives by the clock
        return start + 2 if len(rung) == 1 else start + 3_600

    with running(turn):
        wait_for(lambda: len(rung) == 2)

    assert start + 2 <= rung[1] < start + 3.5


def test_no_sleep_is_longer_than_it_may_be() -> None:
    taken: list[int] = []

    def turn() -> int:
        taken.append(1)
        return clock() + 3_600

    with running(turn, longest_sleep=1):
        wait_for(lambda: len(taken) == 3)


def test_a_clock_that_is_set_back_is_noticed() -> None:
    steps, taken = iter([3_600]), list[int]()

    with running(lambda: taken.append(1), lambda: clock() + next(steps, 0), longest_sleep=1):
        wait_for(lambda: len(taken) >= 1)


def test_a_turn_that_takes_long_is_left_alone() -> None:
    begun: list[float] = []

    def turn() -> None:
        begun.append(time.monotonic())
        if len(begun) == 1:
            time.sleep(2.5)

    with running(turn, longest_sleep=1):
        wait_for(lambda: len(begun) == 2)

    assert begun[1] - begun[0] >= 2.5


def test_a_turn_that_fails_is_told_once_and_followed_by_the_next(
    caplog: pytest.LogCaptureFixture,
) -> None:
    full = BadState("the disk is full")
    story: list[Exception | None] = [full, full, None, full, ZeroDivisionError("of our own making")]
    taken: list[int] = []

    def turn() -> None:
        taken.append(1)
        if len(taken) <= len(story) and (error := story[len(taken) - 1]):
            raise error

    with caplog.at_level(logging.ERROR, "redletter"), running(turn, longest_sleep=0):
        wait_for(lambda: len(taken) > len(story))

    told = [(line.getMessage(), bool(line.exc_info)) for line in caplog.records]
    assert told == [
        ("a turn failed: the disk is full", False),
        ("a turn failed: the disk is full", False),
        ("a turn failed: of our own making", True),
    ]


def test_a_stop_lets_the_turn_at_hand_finish_and_begins_no_other() -> None:
    begun, finished = threading.Event(), list[int]()

    def turn() -> int:
        begun.set()
        time.sleep(0.3)
        finished.append(1)
        return 0

    with running(turn) as words:
        begun.wait(PATIENCE)
        words.put(None)

    assert finished == [1]


def test_each_account_has_a_thread_in_which_its_work_is_done_in_order() -> None:
    hands, done = embedded.Threads(), list[tuple[str, int, str]]()
    for n in range(20):
        for account in ("one", "two"):
            hands(account, lambda a=account, n=n: done.append((a, n, threading.current_thread().name)))  # type: ignore[misc] # as it is now

    wait_for(lambda: len(done) == 40)

    for account in ("one", "two"):
        assert [(n, name) for a, n, name in done if a == account] == [(n, account) for n in range(20)]


def test_an_account_whose_thread_hangs_keeps_no_other_waiting_and_no_process_from_ending() -> None:
    hands, lets_go, done = embedded.Threads(), threading.Event(), list[str]()

    hands("hangs", lambda: done.append("hung") if lets_go.wait(PATIENCE) else None)
    hands("hangs", lambda: done.append("after"))
    hands("other", lambda: done.append("other"))

    wait_for(lambda: done == ["other"])
    threads = [each for each in threading.enumerate() if each.name in {"hangs", "other"}]
    assert all(each.daemon for each in threads)
    lets_go.set()
    wait_for(lambda: done == ["other", "hung", "after"])


DAEMON = """
import sys, time
from bot.engines.embedded import run

def turn():
    print("begun", flush=True)
    time.sleep(float(sys.argv[1]))
    print("finished", flush=True)
    return int(time.time()) + int(sys.argv[2])

run(turn, lambda: int(time.time()))
print("over", flush=True)
"""


@contextmanager
def daemon(seconds: float, due: int) -> Iterator[subprocess.Popen[str]]:
    """A process with the engine, whose turns last so long and are due again so soon."""
    command = [sys.executable, "-c", DAEMON, str(seconds), str(due)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_after_the_turn_at_hand(which: signal.Signals) -> None:
    with daemon(2, 0) as process:
        os.kill(process.pid, which)
        said, errors = process.communicate(timeout=PATIENCE)

    assert (said, errors, process.returncode) == ("finished\nover\n", "", 0)


def test_a_second_signal_does_what_it_always_did() -> None:
    with daemon(30, 0) as process:
        os.kill(process.pid, signal.SIGINT)

        def has_ended() -> bool:
            os.kill(process.pid, signal.SIGTERM)  # of which one comes after the first was heard
            return process.poll() is not None

        wait_for(has_ended)

    assert process.returncode == -signal.SIGTERM


def test_at_rest_the_engine_uses_no_processor_worth_speaking_of() -> None:
    with running(lambda: None):
        time.sleep(0.3)
        before = resource.getrusage(resource.RUSAGE_SELF)
        time.sleep(1)
        after = resource.getrusage(resource.RUSAGE_SELF)

    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.05
