"""Power that fails: what is left of a database of which only some of the latest writes have reached the disk.

A daemon is at work, and whenever it has reached a step, its database and the log beside it are copied: what is
committed by then is on the disk. Between one copy and the next lie the writes of which power may leave any part: the
first few, or some sectors here and there.
"""

import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random  # noqa: TID251 - chance, and the same again by its seed

from msgspec import Struct

from bot.delivery.queue import Queue
from bot.errors import BadState
from tests.kills.campaign import Outcome, Told, quiet_life, silent
from tests.kills.judge import Judgement, judged
from tests.kills.orders import Orders
from tests.kills.servers import Server

_SECTOR = 512
_POSTS = 60
_MARKS = (
    "SELECT key FROM delivery WHERE state = 'sent'",
    "SELECT delivery || part || id FROM receipt",
    "SELECT delivery || part || fence FROM attempt",
)


class Disk(Struct, frozen=True):
    """A database and its log, byte for byte."""

    database: bytes
    log: bytes

    def put(self, folder: Path) -> Path:
        """Write both into a folder."""
        file = folder / "redletter.db"
        file.write_bytes(self.database)
        (folder / "redletter.db-wal").write_bytes(self.log)
        (folder / "redletter.db-shm").unlink(missing_ok=True)
        return file


class Copies:
    """Copies the database at each step that the daemon reaches in the thread that writes."""

    def __init__(self, database: Path, folder: Path) -> None:
        self._database, self._folder = database, folder
        self._number = 0

    def __call__(self, step: str) -> None:
        """One copy more; none from a thread that asks a network, beside which others write."""
        if step == "about to ask" or not threading.current_thread().name.startswith("ThreadPool"):
            return
        self._number += 1
        for suffix in ("", "-wal"):
            source = self._database.with_name(self._database.name + suffix)
            (self._folder / f"{self._number:05}{suffix}").write_bytes(source.read_bytes())


def cuts(server: Server, number: int, *, seed: int, told: Told = silent) -> Outcome:
    """Let power fail at so many random points of a daemon's work; whether all that was committed is there."""
    began, dice = time.monotonic(), Random(f"cuts {seed}")  # noqa: S311 - chance, not secrets
    folder = Path(tempfile.mkdtemp(prefix="redletter-power-"))
    found, disks = _worked(server, folder)
    breaches = list(found.breaches)
    for _ in range(number):
        at = dice.randrange(len(disks) - 1)
        breaches += _lost(disks[at], failed(disks[at], disks[at + 1], dice), folder)
        told(1)
    if not breaches:
        shutil.rmtree(folder)
    whole = Judgement(found.posts, found.parts, found.unknown, tuple(breaches))
    return Outcome(number, time.monotonic() - began, whole)


def _worked(server: Server, folder: Path) -> tuple[Judgement, list[Disk]]:
    """What came of a daemon's work, and its disk at each step."""
    orders = Orders(folder / "project", server)
    orders.more(*(["The ferry crosses."] * (1 + number % 3) for number in range(_POSTS)))
    copies = folder / "copies"
    copies.mkdir()
    quiet_life(orders, Copies(orders.folder / "state/redletter.db", copies))
    names = sorted(each for each in copies.iterdir() if not each.name.endswith("-wal"))
    disks = [Disk(each.read_bytes(), each.with_name(f"{each.name}-wal").read_bytes()) for each in names]
    return judged(orders), disks


def failed(before: Disk, after: Disk, dice: Random) -> Disk:
    """What may be on the disk when power fails between two steps: the log is written first, and then the database."""
    if before.database != after.database and dice.randrange(2):
        return Disk(torn(before.database, after.database, dice), after.log)
    return Disk(before.database, torn(before.log, after.log, dice))


def torn(before: bytes, after: bytes, dice: Random) -> bytes:
    """Some of what was written: up to a byte, or some sectors of it."""
    if dice.randrange(2):
        cut = dice.randrange(_first_difference(before, after), len(after) + 1)
        return after[:cut] + before[cut:]
    long = before + bytes(max(0, len(after) - len(before)))
    sectors = range(0, len(after), _SECTOR)
    return b"".join((after if dice.randrange(2) else long)[at : at + _SECTOR] for at in sectors)


def _first_difference(before: bytes, after: bytes) -> int:
    if before == after[: len(before)]:
        return len(before)
    pairs = zip(before, after, strict=False)
    return next((at for at, (old, new) in enumerate(pairs) if old != new), min(len(before), len(after)))


def _lost(before: Disk, failed: Disk, folder: Path) -> Iterator[str]:
    """What is wrong with a disk after power failed; all that was there at the step before must be there."""
    there = _marks(before.put(folder))
    file = failed.put(folder)
    try:
        with Queue(f"sqlite:///{file}") as queue:
            queue.counts()
    except BadState as error:
        yield f"corrupt: {error}; see {folder}"
        return
    with closing(sqlite3.connect(file)) as connection:
        [health] = connection.execute("PRAGMA integrity_check").fetchone()
    if health != "ok":
        yield f"corrupt: {health}; see {folder}"
    for kind, had, has in zip(("sent", "receipt", "attempt"), there, _marks(file), strict=True):
        if had - has:
            yield f"lost: after power failed {len(had - has)} committed marks of kind {kind} are gone; see {folder}"


def _marks(file: Path) -> Sequence[set[str]]:
    with closing(sqlite3.connect(file)) as connection:
        return [{name for (name,) in connection.execute(question)} for question in _MARKS]
