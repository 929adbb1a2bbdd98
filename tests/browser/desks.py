"""The daemon and the desk as people run them: two processes on one folder, on loopback, ended with the test."""

import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from re import search
from shutil import copytree

from bot.delivery.decided import Decision
from bot.delivery.queue import Queue
from bot.delivery.values import Row
from bot.settings import read_settings
from bot.zones import utc_text
from tests.fakes.projects import COMMAND, Folder, environ, running, until

_LINK = r"The desk is at (http://127\.0\.0\.1:\d+)(/enter\?token=\S+)"


def clock() -> int:
    """The instant by the clock of this machine, which the processes live by."""
    return int(time.time())  # noqa: TID251 - real processes have a real clock


class Place:
    """A folder on which a daemon and a desk are at work."""

    def __init__(self, folder: Folder, base: str, link: str) -> None:
        self.folder = folder
        self.base = base
        self.link = link  #: the path that the desk printed; it lets in once
        self._tokens: dict[tuple[str, str], str] = {}

    def token(self, role: str, who: str) -> str:
        """A word by which somebody signs in, as often as they like."""
        if (role, who) not in self._tokens:
            made = self.folder.call("web", "token", "--role", role, "--who", who, "--json")
            assert made.status == 0, made.err
            self._tokens[role, who] = made.data["token"]
        return self._tokens[role, who]

    def row(self, schedule: str, account: str = "") -> Row:
        """The newest delivery of a schedule, to an account if one is named."""
        with self.queue() as queue:
            found = queue.rows(clock())
        mine = [row for row in found if row.slot.schedule == schedule and account in row.account]
        assert mine, f"nothing of {schedule} is in the queue"
        return mine[-1]

    def slot(self, schedule: str) -> str:
        """The path of the page of what a schedule says."""
        return f"/slot/{self.row(schedule).slot.key}"

    def decisions(self, schedule: str) -> Sequence[Decision]:
        """What was decided about what a schedule says, the newest first."""
        key = self.row(schedule).slot.key
        with self.queue() as queue:
            return queue.decisions(slot=key)

    @contextmanager
    def queue(self) -> Iterator[Queue]:
        """The queue itself, to be looked at."""
        with Queue(read_settings(self.folder.root, {}).database) as queue:
            yield queue

    def said(self, schedule: str) -> list[str]:
        """What has gone out for a schedule, in the order in which it did."""
        key = {row.key for row in self._rows(schedule)}
        return [line["text"] for line in self.folder.outbox if line["key"] in key]

    def turn(self) -> None:
        """Let a second daemon take one turn at once: the first may be asleep for half a minute."""
        ended = self.folder.run("run", "--once")
        assert ended.status in {0, 1}, ended.all  # 1 says that something failed, which may be what is tried

    def says(self, schedule: str) -> list[str]:
        """What has gone out for a schedule once a daemon has had its turn."""
        self.turn()
        return self.said(schedule)

    def will_say(self, schedule: str, at: int, aside: Path) -> list[str]:
        """What a daemon would say for a schedule by an instant to come, tried on a copy of the folder."""
        then = Place(self._copy(aside / f"then-{time.monotonic_ns()}"), "", "")
        ended = then.folder.run("--now", utc_text(at), "run", "--once")
        assert ended.status == 0, ended.all
        return then.said(schedule)

    def _rows(self, schedule: str) -> list[Row]:
        with self.queue() as queue:
            return [row for row in queue.rows(clock()) if row.slot.schedule == schedule]

    def _copy(self, root: Path) -> Folder:
        for name in ("corpus", "schedules"):
            copytree(self.folder.root / name, root / name)
        (root / "state").mkdir()
        with closing(sqlite3.connect(self.folder.root / "state/redletter.db")) as before:
            before.execute("VACUUM INTO ?", [str(root / "state/redletter.db")])
        return Folder(root)


def began(folder: Folder, ago: int) -> None:
    """Let a daemon have lived in a folder so many seconds ago: what has come due since, it has planned."""
    ended = folder.run("--now", utc_text(clock() - ago), "run", "--once")
    assert ended.status == 0, ended.all


@contextmanager
def at_work(folder: Folder, *words: str, **more: str) -> Iterator[Place]:
    """A daemon and a desk at work on a folder."""
    with running(folder, **more), desk(folder, *words, **more) as place:
        yield place


@contextmanager
def desk(folder: Folder, *words: str, now: str = "", **more: str) -> Iterator[Place]:
    """A desk at work on a folder, by itself; with `now` at a time that stands still."""
    said = folder.root.parent / f"desk-{time.monotonic_ns()}"
    when = ["--now", now] if now else []
    with said.open("wb") as file:
        process = subprocess.Popen(
            [*COMMAND, *when, "web", "--port", "0", *words],
            cwd=folder.root, env=environ(**more), stdout=file, stderr=file,
        )  # fmt: skip
    try:
        until(lambda: search(_LINK, said.read_text()) is not None or process.poll() is not None)
        found = search(_LINK, said.read_text())
        assert found, said.read_text()
        yield Place(folder, found[1], found[2])
    finally:
        process.terminate()
        _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(8)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
