"""Rows tried beside each other, each in a process of its own, with a bar that shows how it goes."""

import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from multiprocessing.queues import SimpleQueue

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from tests.faults.matrix import ROWS
from tests.faults.rows import Outcome, Row

Words = SimpleQueue[tuple[int, int]]  #: of each row's number, how many more were tried

_told: Words


def tried(
    rows: Sequence[Row], sizes: Mapping[int, int], *, seed: int, jobs: int, console: Console
) -> list[tuple[Row, Outcome]]:
    """What came of each row, in their order."""
    spawn = multiprocessing.get_context("spawn")
    told: Words = spawn.SimpleQueue()
    pool = ProcessPoolExecutor(
        jobs, mp_context=spawn, initializer=_listen, initargs=(told,), max_tasks_per_child=1
    )
    columns = (TextColumn("{task.description:44}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with pool, Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bars = {
            row.number: progress.add_task(_name(row), total=sizes[row.number], start=False) for row in rows
        }
        asked = {row.number: pool.submit(_try, row.number, sizes[row.number], seed) for row in rows}
        _watch(list(asked.values()), told, bars, progress=progress)
        return [(row, asked[row.number].result()) for row in rows]


def _watch(
    asked: Sequence[Future[Outcome]], told: Words, bars: Mapping[int, TaskID], *, progress: Progress
) -> None:
    """Show how it goes until all is tried."""
    is_over = False
    while not is_over:
        is_over = not wait(asked, timeout=0.2).not_done
        while not told.empty():
            number, more = told.get()
            progress.start_task(bars[number])
            progress.advance(bars[number], more)


def _name(row: Row) -> str:
    return f"{row.number:2} {row.fault}"[:44]


def _listen(told: Words) -> None:
    global _told  # noqa: PLW0603 - a process's own
    _told = told


def _try(number: int, size: int, seed: int) -> Outcome:
    return ROWS[number].run(size, seed, lambda more: _told.put((number, more)))
