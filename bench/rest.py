"""What the daemon takes while nothing is due, beside a bare APScheduler with its SQLAlchemy job store.

    python bench/rest.py [--seconds N]

Linux only: memory is read from /proc/PID/smaps_rollup; resident is what is promised, proportional shares out what
processes hold in common. The daemon runs on a copy of this folder's corpus and schedules, once with a state folder
that is new and once with the queue that the first left; the peer keeps one daily job in a SQLite file. All rest at
the same time. A wake-up is a second in which some thread of a process gave way to another, or came back from its sleep.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
REDLETTER = str(Path(sys.executable).with_name("redletter"))
MEMORY, CPU, REST = 1.4, 0.1, 30  #: times the peer's, percent of a core, seconds between wake-ups
PATIENCE = 60  #: seconds until a process must have come to rest

PEER = """
import sys, time
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

store = SQLAlchemyJobStore(f"sqlite:///{sys.argv[1]}")
scheduler = BackgroundScheduler(jobstores={"default": store}, timezone="UTC")
scheduler.start()
at = time.gmtime(time.time() - 3600)
scheduler.add_job("builtins:print", "cron", hour=at.tm_hour, minute=at.tm_min, id="daily", replace_existing=True)
time.sleep(1_000_000)
"""


class Memory(NamedTuple):
    """Megabytes of one process."""

    resident: float
    proportional: float
    private: float


class Use(NamedTuple):
    """What a process has used since it began."""

    cpu: float  #: seconds of a core
    switches: int  #: how often its threads have given way of themselves


def main() -> None:
    """Print the table; exit status 1 where the promise is not kept."""
    parser = argparse.ArgumentParser(description="What the daemon takes while nothing is due.")
    parser.add_argument("--seconds", type=int, default=120, help="how long to watch the rest; 120")
    seconds = parser.parse_args().seconds
    with TemporaryDirectory() as folder, ExitStack() as stack:
        peer = stack.enter_context(_resting([sys.executable, "-c", PEER, f"{folder}/jobs.db"]))
        daemon = _daemon(Path(folder))
        with _resting(daemon) as first:
            anew = _memory(first)
        again = stack.enter_context(_resting(daemon))
        uses = _watched([peer, again], seconds)
        kept = _memory_table(
            {"peer": _memory(peer), "daemon, first start": anew, "daemon, later": _memory(again)}
        )
    sys.exit(not (_use_table(uses, seconds) and kept))


def _daemon(folder: Path) -> list[str]:
    """The command that starts the daemon on a copy of this folder's project."""
    for name in "corpus", "schedules":
        shutil.copytree(ROOT / name, folder / name)
    return [REDLETTER, "--project", str(folder), "run"]


@contextmanager
def _resting(command: list[str]) -> Iterator[int]:
    """Start a process, give its number once it rests, and end it."""
    ours = {"REDLETTER_STATE": "", "REDLETTER_DATABASE": "", "REDLETTER_LOG": ""}
    surroundings = {**os.environ, **ours}  # noqa: TID251 - handed on to those who are measured
    child = subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_it_rests(child)
        yield child.pid
    finally:
        child.terminate()
        child.wait()


def _until_it_rests(child: "subprocess.Popen[bytes]") -> None:
    """Wait until a process has used no time for three seconds, having used some."""
    quiet, before = 0, 0.0
    for _ in range(PATIENCE):
        time.sleep(1)
        if child.poll() is not None:
            raise SystemExit(f"{child.args!r} ended with {child.returncode}")
        now = _use(child.pid).cpu
        quiet = quiet + 1 if now == before > 0 else 0
        before = now
        if quiet == 3:
            return
    raise SystemExit(f"{child.args!r} does not come to rest")


def _watched(pids: list[int], seconds: int) -> list[tuple[Use, int]]:
    """What each process used in so many seconds, and in how many of them it was awake."""
    starts = [_use(pid) for pid in pids]
    latest, awake = list(starts), [0] * len(pids)
    for _ in range(seconds):
        time.sleep(1)
        for place, pid in enumerate(pids):
            now = _use(pid)
            awake[place] += now.switches != latest[place].switches
            latest[place] = now
    spent = [
        Use(end.cpu - start.cpu, end.switches - start.switches)
        for start, end in zip(starts, latest, strict=True)
    ]
    return list(zip(spent, awake, strict=True))


def _use(pid: int) -> Use:
    cpu, switches = 0.0, 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        cpu += int((thread / "schedstat").read_text().split()[0]) / 1e9
        for line in (thread / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                switches += int(line.split()[1])
    return Use(cpu, switches)


def _memory(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {name: int(rest.split()[0]) / 1024 for name, rest in (line.split(":") for line in lines)}
    return Memory(sizes["Rss"], sizes["Pss"], sizes["Private_Clean"] + sizes["Private_Dirty"])


def _memory_table(found: dict[str, Memory]) -> bool:
    peer = found["peer"]
    print(
        f"{'megabytes':22}{'resident':>10}{'proportional':>14}{'private':>9}   times the peer's, at most {MEMORY}"
    )
    for name, memory in found.items():
        ratios = "  ".join(f"{mine / theirs:.2f}" for mine, theirs in zip(memory, peer, strict=True))
        print(f"{name:22}{memory.resident:10.1f}{memory.proportional:14.1f}{memory.private:9.1f}   {ratios}")
    return all(memory.resident <= MEMORY * peer.resident for memory in found.values())


def _use_table(uses: list[tuple[Use, int]], seconds: int) -> bool:
    print(f"\n{f'rest of {seconds} s':22}{'% of a core':>12}{'wake-ups':>10}{'one in s':>10}{'switches':>10}")
    for name, (use, awake) in zip(("peer", "daemon, later"), uses, strict=True):
        every = f"{seconds / awake:.0f}" if awake else "-"
        print(f"{name:22}{100 * use.cpu / seconds:12.3f}{awake:10}{every:>10}{use.switches:10}")
    spent, awake = uses[-1]
    # Two more for a wake-up that crosses from one second into the next, and for a post that happens to be due.
    kept = 100 * spent.cpu / seconds <= CPU and awake <= seconds / REST + 2
    print(f"at most {CPU} % of a core, and one wake-up in {REST} s: {'kept' if kept else 'NOT KEPT'}")
    return kept


if __name__ == "__main__":
    main()
