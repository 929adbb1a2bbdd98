"""How long a year takes to plan, beside a bare floor: the same slots, one heap a tag, and no rules.

    python bench/plan.py [--quick]

The floor knows nothing of tones, gaps, quiet days, cool-downs, frames or reasons; what the planner takes beyond
it is what the rules cost. Both start cold in each round, take turns in one process, and leave the garbage
collector as Python sets it: on, and nothing frozen. Memory is the peak of a process that plans once and ends.
"""

import argparse
import gc
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from heapq import heapify, heappop, heappush
from math import log2
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import _world as world

from bot.model import Corpus, Event, History, Plan, digest
from bot.planning.plan import plan
from bot.zones import DAY, instant_of

RATIO, MEGABYTES = 3, 400

Said = list[tuple[int, str, str]]  #: instant, schedule, post


class Row(NamedTuple):
    """What one size of world took; seconds are the processor's, and medians."""

    posts: int
    schedules: int
    planned: int
    gaps: int
    floor: float
    planner: float
    megabytes: float

    @property
    def slots(self) -> int:
        """How many slots the year has."""
        return self.planned + self.gaps

    @property
    def ratio(self) -> float:
        """What the planner takes for each second of the floor."""
        return self.planner / self.floor


def floor(rhythms: list[world.Rhythm], events: Iterable[Event], corpus: Corpus) -> Said:
    """Fill the year's slots by turns, as barely as Python can."""
    heaps: dict[str, list[tuple[int, int, str]]] = {}
    for place, post in enumerate(corpus.posts):
        for name in (*post.tags, post.event or ""):
            heaps.setdefault(name, []).append((0, place, post.id))
    for heap in heaps.values():
        heapify(heap)
    slots = [slot for rhythm in rhythms for slot in _at_hours(rhythm)]
    slots += _on_days(events, len(rhythms) // 19)
    slots.sort()
    said = []
    for at, schedule, name in slots:
        heap = heaps[name]
        _, place, longest = heappop(heap)
        heappush(heap, (at, place, longest))
        said.append((at, schedule, longest))
    return said


def _at_hours(rhythm: world.Rhythm) -> Iterator[tuple[int, str, str]]:
    name, tag, jitter = rhythm.name, rhythm.tag, rhythm.jitter
    offsets, weekdays = _offsets(rhythm.zone), _weekdays(rhythm.days)
    for day in range(world.YEAR.start // DAY - 1, world.YEAR.end // DAY + 1):
        if (day + 3) % 7 in weekdays:
            for time in rhythm.times:
                wall = day * DAY + time
                at = wall - offsets[day]
                if jitter:
                    at += int(digest(name, wall), 16) % (jitter + 1)
                if world.YEAR.start <= at < world.YEAR.end:
                    yield at, name, tag


def _on_days(events: Iterable[Event], schedules: int) -> Iterator[tuple[int, str, str]]:
    for event in events:
        if event.day is not None:
            zone, kind = ZoneInfo(event.zone), int(event.id.removeprefix("event-")) % world.KINDS
            at = instant_of(datetime(2027, event.day.month, event.day.day, 9, tzinfo=zone))
            for place in range(kind, schedules, world.KINDS):
                yield at, f"anniversaries-{place}", event.id


@cache
def _offsets(zone: str) -> dict[int, int]:
    """Seconds east of UTC by day, taken at noon: no clock of this world is changed after seven in the morning."""
    noons = {day: datetime.fromtimestamp(day * DAY + DAY // 2, ZoneInfo("UTC")) for day in _DAYS}
    return {
        day: int((noon.replace(tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()).total_seconds())
        for day, noon in noons.items()
    }


_DAYS = range(world.YEAR.start // DAY - 2, world.YEAR.end // DAY + 2)


@cache
def _weekdays(days: str) -> frozenset[int]:
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    spans = {"daily": range(7), "mon-fri": range(5)}
    return frozenset(spans.get(days) or map(names.index, days.split(",")))


def measured(posts: int, schedules: int, *, rounds: int) -> Row:
    """Plan and floor by turns, and the memory of a process that only plans."""
    corpus, rules = world.corpus(posts), world.schedules(schedules)
    rhythms, events = list(world.rhythms(schedules)), world.events()
    bare: list[float] = []
    ruled: list[float] = []
    planned = gaps = 0
    for _ in range(rounds):
        said, seconds = timed(lambda: floor(rhythms, events, corpus))
        bare.append(seconds)
        # A corpus of its own: what the last round remembered by tag is forgotten.
        fresh = Corpus(corpus.posts)
        found, seconds = timed(lambda: plan(rules, fresh, History(), world.YEAR))  # noqa: B023 - called at once
        ruled.append(seconds)
        _compare(said, found)
        planned, gaps = len(found.posts), len(found.gaps)
        del said, found  # no round carries what another made
    megabytes = _megabytes(posts, schedules)
    return Row(posts, schedules, planned, gaps, median(bare), median(ruled), megabytes)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What the work gives, and the seconds that the processor spent on it, begun with nothing to collect."""
    gc.collect()
    start = process_time()
    found = work()
    return found, process_time() - start


def _compare(said: Said, planned: Plan) -> None:
    slots = [each.slot for each in planned.posts] + [each.slot for each in planned.gaps]
    if sorted((slot.at, slot.schedule) for slot in slots) != sorted(
        (at, schedule) for at, schedule, _ in said
    ):
        raise SystemExit("the floor and the planner do not fill the same slots")


def _megabytes(posts: int, schedules: int) -> float:
    """The peak resident memory of a process that plans such a year and does nothing else."""
    command = [sys.executable, __file__, "--once", str(posts), str(schedules)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def once(posts: int, schedules: int) -> None:
    plan(world.schedules(schedules), world.corpus(posts), History(), world.YEAR)
    print(peak_megabytes())


def peak_megabytes() -> float:
    """The peak resident memory of this process."""
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return kibibytes / 1024 / (1024 if sys.platform == "darwin" else 1)
    # Linux counts the peak of the process that started this one into ru_maxrss, but not into this.
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


HEAD = "  posts  schedules    slots  planned   gaps  floor s  plan s  ratio    MB  plan ns/(n log n) of posts, of slots"


def show(title: str, rows: Iterable[Row]) -> list[Row]:
    """Print a table as its rows are measured."""
    print(f"{title}\n{HEAD}")
    shown = []
    for row in rows:
        growth = [row.planner * 1e9 / (n * log2(n)) for n in (row.posts, row.slots)]
        print(
            f"{row.posts:>7,} {row.schedules:>10,} {row.slots:>8,} {row.planned:>8,} {row.gaps:>6,}"
            f" {row.floor:>8.2f} {row.planner:>7.2f} {row.ratio:>6.2f} {row.megabytes:>5.0f}"
            f" {growth[0]:>26,.0f} {growth[1]:>9,.0f}",
            flush=True,
        )
        shown.append(row)
    print()
    return shown


def main() -> None:
    """Print the tables; exit status 1 where the promise is not kept."""
    parser = argparse.ArgumentParser(description="How long a year takes to plan.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the world, one round")
    parser.add_argument(
        "--once", nargs=2, type=int, metavar=("POSTS", "SCHEDULES"), help="plan, tell the peak"
    )
    options = parser.parse_args()
    if options.once:
        once(*options.once)
        return
    most, rounds = (100, 1) if options.quick else (1_000, 5)
    sizes = (1_000, 10_000) if options.quick else (1_000, 10_000, 100_000)
    rows = show("A year, by posts", (measured(size, most, rounds=rounds) for size in sizes))
    fewer = (most // 10, most * 3 // 10, most)
    show("A year, by slots", (measured(sizes[-1], number, rounds=rounds) for number in fewer))
    kept = rows[-1].ratio <= RATIO and rows[-1].megabytes <= MEGABYTES
    print(f"at most {RATIO} times the floor and {MEGABYTES} MB: {'kept' if kept else 'NOT KEPT'}")
    sys.exit(not kept)


if __name__ == "__main__":
    main()
