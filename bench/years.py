"""How long ten years of everything that ships take to plan and to show, beside a floor: finding their slots alone.

    python bench/years.py

The project is read apart from the rest: whoever asks for a calendar has read it. Floor and calendar are measured cold,
each in a process of its own that has just read the project: no year of the sky is known yet, no frame and no zone. The
last row is the whole command, with its start and its reading.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeVar

from bot.model import Corpus, History, Schedules, Window
from bot.planning.plan import plan, slots
from bot.planning.render import rendered
from bot.project import read_project

TEN_YEARS = Window(1_798_761_600, 2_114_380_800)  #: 2027-01-01 up to 2037-01-01
ROUNDS, MOST = 5, 3  #: of seconds
ROOT = Path(__file__).resolve().parents[1]
COMMAND = ("-m", "bot", "--project", str(ROOT), "--now", "2027-01-01T00:00:00Z", "preview")
CALENDAR = ("--days", "3653", "--as", "json", "-o", "/dev/null")

T = TypeVar("T")


def main() -> None:
    """Print the table; exit status 1 where the promise is not kept."""
    if len(sys.argv) > 1:
        print(*once(sys.argv[1]))
        return
    reading, floor, found = in_processes("--floor")
    again, calendar, filled = in_processes("--calendar")
    command = median(taken(lambda: process(*COMMAND, *CALENDAR))[0] for _ in range(ROUNDS))
    if found != filled:
        raise SystemExit("the floor and the calendar do not have the same slots")
    print(f"Ten years, {filled:,.0f} slots, in seconds; median of {ROUNDS}")
    print(f"{'reading the project':44}{median((reading, again)):>8.2f}")
    print(f"{'the floor: finding the slots, and no more':44}{floor:>8.2f}")
    print(f"{'planning and rendering them':44}{calendar:>8.2f}{calendar / floor:>8.1f} times the floor")
    print(f"{'redletter preview --days 3653 --as json':44}{command:>8.2f}")
    kept = max(calendar, command) <= MOST
    print(f"at most {MOST} s: {'kept' if kept else 'NOT KEPT'}")
    sys.exit(not kept)


def once(what: str) -> tuple[float, float, int]:
    """The seconds to read the project, those to do the work that is named, and its slots."""
    reading, (project, _) = taken(lambda: read_project(ROOT))
    if what == "--floor":
        seconds, found = taken(lambda: slots(project.schedules, TEN_YEARS))
        return reading, seconds, len(found)
    seconds, filled = taken(lambda: calendar_of(project.schedules, project.corpus))
    return reading, seconds, filled


def calendar_of(schedules: Schedules, corpus: Corpus) -> int:
    """Plan and render; how many slots have a post or a reason."""
    found = rendered(plan(schedules, corpus, History(), TEN_YEARS), schedules)
    return len(found.posts) + len(found.gaps)


def in_processes(what: str) -> list[float]:
    """What `once` prints, as medians of processes of their own."""
    told = [process(__file__, what).split() for _ in range(ROUNDS)]
    return [median(map(float, column)) for column in zip(*told, strict=True)]


def taken(work: Callable[[], T]) -> tuple[float, T]:
    """The seconds that work takes, and what it gives."""
    start = perf_counter()
    found = work()
    return perf_counter() - start, found


def process(*words: str) -> str:
    """Run Python in the project's folder; what it printed."""
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


if __name__ == "__main__":
    main()
