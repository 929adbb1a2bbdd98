"""Row 10: a disk that is full, at every write in the life of a delivery, and under a daemon at work."""

import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random  # noqa: TID251 - chance, and the same again by its seed
from typing import Any

from sqlalchemy import Engine, event

from bot.contracts import Ask, Receipt
from bot.delivery.states import State
from bot.errors import BadState
from bot.model import Account
from bot.zones import MINUTE
from tests.fakes.network import Network, keeps_silent, shows
from tests.fakes.projects import Daemon, Folder, museum, running
from tests.fakes.webhook import FakeWebhook
from tests.faults.rows import Outcome, Told
from tests.faults.stage import Stage, folder_of_its_own, miscounted, quietly

POSTS = 4
ACCOUNT = Account("ours", "x", live=True, quarantine=2 * MINUTE)
_SMALL_PAGE = 512  #: bytes, so that nearly every row needs a page of its own
_ROOM = 1_000_000  #: pages
_MOST_WRITES = 60  #: in a story, about


def full_disks(size: int, seed: int, told: Told) -> Outcome:
    """So many stories, in each of which the disk is full from its n-th write on, for a while."""
    dice = Random(f"full {seed}")  # noqa: S311 - chance, not secrets
    found, refused = [], 0
    for number in range(size):
        with quietly(), folder_of_its_own() as folder:
            breaches, times = _story(folder, first=number % _MOST_WRITES, length=dice.choice((1, 2, 5, 20)))
        found += [f"full from write {number % _MOST_WRITES} on: {each}" for each in breaches]
        refused += times
        told(1)
    return Outcome(size, tuple(found), f"{refused} turns were refused by the disk")


def _story(folder: Path, *, first: int, length: int) -> tuple[list[str], int]:
    """Some posts are due; what was wrong in the end, and how many turns were refused."""
    network = _Watched(folder / "redletter.db")
    network.feels(shows, keeps_silent)
    _begin_small(folder)
    stage = Stage(folder, ACCOUNT, network)
    threads = [[f"Post {n} part {part}." for part in range(1 + n % 2)] for n in range(POSTS)]
    stage.order(*threads)
    refused = 0
    with closing(stage), _full(stage.queue._engine, first, length):  # noqa: SLF001 - it is the disk's part
        for _ in range(400):
            try:
                due = stage.turn()
            except BadState:
                refused += 1
                due = stage.now + 1
            if due is None:
                break
            stage.now = max(stage.now, due)
        breaches = miscounted(network.texts, [text for texts in threads for text in texts])
        if stage.states != {State.SENT: POSTS}:
            breaches.append(f"{dict(stage.states)}")
    return [*breaches, *network.unintended], refused


def _begin_small(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "redletter.db")) as connection:
        connection.execute(f"PRAGMA page_size = {_SMALL_PAGE}")
        connection.execute("PRAGMA user_version = 1")


class _Watched(Network):
    """Looks into the database whenever it is asked: what it is asked for must be written there."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self.unintended: list[str] = []

    def publish(self, ask: Ask) -> Receipt:
        with closing(sqlite3.connect(self._file)) as connection:
            question = "SELECT count(*) FROM attempt WHERE delivery = ? AND part = ? AND outcome IS NULL"
            if not connection.execute(question, (ask.key, ask.part)).fetchone()[0]:
                self.unintended.append(f"asked without a stored intent: {ask.text!r}")
        return super().publish(ask)


@contextmanager
def _full(engine: Engine, first: int, length: int) -> Iterator[None]:
    """Let the disk be full from the n-th write on, for so many writes."""
    writes = 0

    def fill(connection: Any, _: object, statement: str, *__: object) -> None:
        nonlocal writes
        if statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN")):
            return
        writes += 1
        raw = connection.connection.dbapi_connection
        room = 1 if first < writes <= first + length else _ROOM
        raw.execute(f"PRAGMA max_page_count = {room}")  # SQLite takes what is there already for the least

    event.listen(engine, "before_cursor_execute", fill)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fill)


def daemons(size: int, seed: int, told: Told) -> Outcome:
    """So many real daemons, whose files cannot grow for a while, again and again."""
    found = Outcome()
    for number in range(size):
        with folder_of_its_own() as folder:
            found += _daemon(folder, Random(f"daemon {seed} {number}"))  # noqa: S311 - chance, not secrets
        told(1)
    return found


_EPISODES = 6
_DUE = 10  #: posts, a second apart


def _daemon(root: Path, dice: Random) -> Outcome:
    with FakeWebhook() as wall:
        project, texts = _project(root / "museum", wall)
        with running(project) as daemon:
            for _ in range(_EPISODES):
                time.sleep(dice.uniform(0.2, 1.5))
                # A file that is there can be no longer than this: the log, the queue, or the outbox, by chance.
                _limit(daemon, dice.choice((0, 4096, 40_000)))
                time.sleep(dice.uniform(0.3, 1.5))
                _limit(daemon, resource.RLIM_INFINITY)
            _wait(lambda: len(wall.texts) >= _DUE and len(project.texts) >= _DUE, daemon)
            has_ended = daemon.process.poll() is not None
        breaches = miscounted(wall.texts, texts) + miscounted(project.texts, texts)
        if has_ended:
            breaches.append(f"the daemon ended: {daemon.words[-300:]}")
        return Outcome(1, tuple(breaches), "")


def _project(root: Path, wall: FakeWebhook) -> tuple[Folder, list[str]]:
    project = museum(root)
    (root / "schedules/calendar.toml").unlink()
    accounts = (root / "schedules/accounts.toml").read_text("utf-8")
    row = f'[account.wall]\nnetwork = "webhook"\nlive = true\nurl = "{wall.url}/hook"\ncredentials = "WALL"\n'
    project.write("schedules/accounts.toml", f'{accounts}\n{row}quarantine = "1s"\ntimeout = "5s"\n')
    project.write(".env", f"WALL_SECRET={wall.secret}\n")
    texts = [f"Fact {n}." for n in range(_DUE)]
    for n, text in enumerate(texts):
        project.post(f"due/{n}", text)
    now = int(time.time())  # noqa: TID251 - a daemon lives by the real clock
    names = " ".join(f"due/{n}" for n in range(_DUE))
    project.dates("now", *(now + 6 + n for n in range(_DUE)), posts=names)
    calendar = (root / "schedules/now.toml").read_text("utf-8")
    project.write("schedules/now.toml", calendar.replace('["museum"]', '["museum", "wall"]'))
    return project, texts


def _limit(daemon: Daemon, size: int) -> None:
    if daemon.process.poll() is None:
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _wait(happened: Any, daemon: Daemon, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end and daemon.process.poll() is None:
        time.sleep(0.1)
