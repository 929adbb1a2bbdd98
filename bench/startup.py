"""How long the command takes to start, beside what it cannot start without.

    python bench/startup.py [--rounds N]

Command and floor take turns, a pair at a time, with the same interpreter and the same folder, after one pair that
is not counted and leaves compiled modules behind. CPU is the user and system time of the process; the clock beside
it counts whatever else the machine does too. The promise is kept by the CPU.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
REDLETTER = str(Path(sys.executable).with_name("redletter"))
YEAR = (REDLETTER, "preview", "--days", "365")


class Pair(NamedTuple):
    """A command, what it cannot start without, and how many times as long it may take."""

    name: str
    command: Sequence[str]
    floor: str
    most: float
    state: Path


class Cost(NamedTuple):
    """What one process took, in milliseconds."""

    cpu: float
    clock: float


def main() -> None:
    """Print the table; exit status 1 where the promise is not kept."""
    parser = argparse.ArgumentParser(description="How long the command takes to start.")
    parser.add_argument("--rounds", type=int, default=15, help="how many pairs are counted; 15")
    rounds = parser.parse_args().rounds
    print(
        f"{'':36}{'CPU ms':>8}{'floor':>8}{'ratio':>7}{'most':>6}   {'clock ms':>9}{'floor':>8}{'ratio':>7}"
    )
    with TemporaryDirectory() as folder:
        kept = [_shown(pair, rounds) for pair in _pairs(Path(folder))]
    print("kept" if all(kept) else "NOT KEPT")
    sys.exit(not all(kept))


def _pairs(folder: Path) -> list[Pair]:
    new, lived_in = folder / "new", folder / "lived-in"
    _cost((REDLETTER, "run", "--once"), _environment(lived_in))
    return [
        Pair("redletter --help", (REDLETTER, "--help"), "import click", 1.6, new),
        Pair("preview of a year", YEAR, "import sqlalchemy", 2.5, new),
        Pair("preview of a year, with a queue", YEAR, "import sqlalchemy", 2.5, lived_in),
    ]


def _shown(pair: Pair, rounds: int) -> bool:
    """Measure a pair and print its line; tell whether it keeps the promise."""
    environment = _environment(pair.state)
    floor = (sys.executable, "-c", pair.floor)
    costs = [(_cost(pair.command, environment), _cost(floor, environment)) for _ in range(rounds + 1)][1:]
    cpu, bare_cpu = (median(each.cpu for each in column) for column in zip(*costs, strict=True))
    clock, bare_clock = (median(each.clock for each in column) for column in zip(*costs, strict=True))
    print(
        f"{pair.name:36}{cpu:8.0f}{bare_cpu:8.0f}{cpu / bare_cpu:7.2f}{pair.most:6.1f}"
        f"   {clock:9.0f}{bare_clock:8.0f}{clock / bare_clock:7.2f}   floor: {pair.floor}",
        flush=True,
    )
    return bool(cpu <= pair.most * bare_cpu)


def _cost(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    start = perf_counter()
    child = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    said = child.stderr.read() if child.stderr else b""
    _, status, used = os.wait4(child.pid, 0)
    seconds = perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}: {said.decode()}")
    return Cost((used.ru_utime + used.ru_stime) * 1000, seconds * 1000)


def _environment(state: Path) -> dict[str, str]:
    """A state folder of its own, and leave to keep compiled modules."""
    ours = {"REDLETTER_STATE": str(state), "REDLETTER_DATABASE": "", "REDLETTER_LOG": ""}
    inherited = dict(os.environ)  # noqa: TID251 - handed on to those who are measured
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    return inherited | ours


if __name__ == "__main__":
    main()
