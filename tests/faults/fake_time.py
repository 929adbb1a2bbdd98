"""Row 8 once more: the command itself, under a library that lies to it about the time, where that is installed."""

import os
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from glob import glob
from pathlib import Path
from queue import SimpleQueue

from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.projects import Daemon, Folder, museum, until
from tests.faults.rows import Outcome, Told
from tests.faults.stage import folder_of_its_own

STEPS = (20, MINUTE, 20 * MINUTE, HOUR, 30 * DAY, 365 * DAY, -20, -10 * MINUTE, -HOUR, -DAY)
_AT_ONCE = 10
_LATEST = 31 + 9  #: seconds after which a step must be noticed, and what a busy machine takes
_PLACES = (
    "/usr/lib/*/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
    "/usr/local/lib/faketime/libfaketimeMT.so.1",
)


def library() -> str | None:
    """Where libfaketime is, if it is anywhere; `LIBFAKETIME` says so before all."""
    found = [os.environ.get("LIBFAKETIME", ""), *(name for place in _PLACES for name in glob(place))]  # noqa: TID251, PTH207 - a file of the system's
    return next((name for name in found if name and Path(name).exists()), None)


def fake_times(size: int, seed: int, told: Told) -> Outcome:
    """So many daemons whose clock is set under them."""
    if library() is None:
        return Outcome(skipped="libfaketime is not installed here")
    if size == 1:
        return Outcome(skipped="daemons under libfaketime take a minute")
    found: SimpleQueue[Outcome] = SimpleQueue()
    steps = [STEPS[(number + seed) % len(STEPS)] for number in range(size)]
    for first in range(0, size, _AT_ONCE):
        _beside_each_other(steps[first : first + _AT_ONCE], found)
        told(len(steps[first : first + _AT_ONCE]))
    together = sum((found.get_nowait() for _ in range(found.qsize())), Outcome())
    return together + Outcome(note=f"{size} daemons under libfaketime")


def _beside_each_other(steps: Sequence[int], found: "SimpleQueue[Outcome]") -> None:
    threads = [threading.Thread(target=lambda step=step: found.put(_stepped(step))) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _stepped(step: int) -> Outcome:
    with folder_of_its_own() as root:
        try:
            return Outcome(1, tuple(f"step of {step} s: {each}" for each in _lived(root, step)))
        except AssertionError as no:
            return Outcome(1, (f"step of {step} s: {no}",))


def _lived(root: Path, step: int) -> list[str]:
    """A daemon that posts, whose clock is set then, and that is to post again; what was wrong."""
    project, offset = museum(root / "museum"), root / "offset"
    (project.root / "schedules/calendar.toml").unlink()
    project.post("facts/after", "After the step.")
    offset.write_text("+0\n")
    now = _now()
    first, then = now + 8, now + max(step, 0) + 40  # once the clock is right, or was set forward
    project.dates("before", first, posts="facts/lens")
    project.dates("after", then, posts="facts/after")
    daemon = Daemon(
        project, LD_PRELOAD=str(library()), FAKETIME_TIMESTAMP_FILE=str(offset), FAKETIME_NO_CACHE="1",
        DONT_FAKE_MONOTONIC="1", FAKETIME_DONT_FAKE_MONOTONIC="1",
    )  # fmt: skip
    try:
        until(lambda: len(project.texts) == 1, seconds=60)
        offset.write_text(f"{step:+d}\n")
        return _after(project, daemon, offset, step, first=first, then=then)
    finally:
        daemon.process.kill()
        daemon.process.wait()


def _after(project: Folder, daemon: Daemon, offset: Path, step: int, *, first: int, then: int) -> list[str]:
    found = []
    if step < -5 * MINUTE:
        until(lambda: "was lived through here already" in daemon.words, seconds=_LATEST)
        offset.write_text("+0\n")
        step = 0
    latest = then - step + _LATEST
    until(lambda: len(project.texts) == 2 or _now() > latest, seconds=max(1, latest - _now() + 30))
    if project.texts[1:] != ["After the step."]:
        found.append(f"the outbox has {project.texts}")
    for line, planned in zip(project.outbox, (first, then), strict=False):
        at = int(datetime.fromisoformat(line["at"]).timestamp())
        if not planned <= at <= planned + _LATEST:
            found.append(f"{line['text']} was posted {at - planned} s after its time")
    return found


def _now() -> int:
    return int(time.time())  # noqa: TID251 - as daemons live
