"""The daemon: keeps the project fresh, takes turns, and speaks about itself in lines that can be read later."""

import json
import logging
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from bot.contracts import Publisher
from bot.delivery.deliver import deliver, ready
from bot.delivery.queue import Queue
from bot.delivery.tick import Turn, tick
from bot.errors import BadCall, Problems
from bot.model import Account, Project
from bot.project import files_stamp, read_project
from bot.publishing import publisher
from bot.settings import Settings
from bot.zones import DAY, utc_text

log = logging.getLogger("redletter")

Told = Callable[[str], None]  #: is called with the key of each delivery that was brought to an end


class Daemon:
    """One project and one queue, a turn at a time."""

    def __init__(self, root: Path, settings: Settings, queue: Queue, *, told: Told) -> None:
        """Read the project; Problems where it cannot be planned from."""
        self._root = root
        self._settings = settings
        self._queue = queue
        self._told = told
        self._stamp = files_stamp(root)
        self.project = _read(root)
        self._publishers: dict[Account, Publisher] = {}

    def turn(self, now: int) -> Turn:
        """Bring the queue up to date and deliver at most one thing."""
        self._refresh()
        turn = tick(self.project, self._queue, self._publisher, now)
        if turn.delivered is not None:
            self._told(turn.delivered)
        return turn

    def turns(self, clock: Callable[[], int]) -> int | None:
        """Take turns until nothing is due, each at its own time; the instant at which something will be."""
        while True:
            due = self.turn(clock()).next_due
            if due is None or due > clock():
                return due

    def deliver(self, keys: Iterable[str], clock: Callable[[], int]) -> None:
        """Take on these deliveries, as far as they are due and nothing holds them."""
        for key in keys:
            if claim := self._queue.claim(clock(), key):
                account = self.project.schedules.accounts[claim.account]
                to = ready(lambda account=account: self._publisher(account))  # type: ignore[misc] # bound at once
                deliver(self._queue, claim, to, root=self.project.root, clock=clock)

    def live_through(self, start: int, end: int) -> None:
        """Live from `start` to `end` as fast as possible. BadCall while any account is live."""
        live = [account.name for account in self.project.schedules.accounts.values() if account.live]
        if live:
            raise BadCall(f"a time-lapse is for dry runs only, and {', '.join(live)} is live")
        now = start
        while now < end:
            due = self.turns(partial(int, now))  # the clock stands still within an instant
            now = min(end, now + DAY if due is None else due)

    def _refresh(self) -> None:
        """Read the project again where its files changed; while they are wrong, go on with what was last right."""
        stamp = files_stamp(self._root)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self.project = _read(self._root)
        except Problems as found:
            log.exception(
                "files changed and are wrong; going on with what was read before: %s", found.problems[0]
            )
        else:
            self._publishers.clear()
            log.info("files changed: read again", extra={"fields": {"digest": self.project.digest}})

    def _publisher(self, account: Account) -> Publisher:
        if account not in self._publishers:
            self._publishers[account] = publisher(account, self._settings)
        return self._publishers[account]


def speak(style: str) -> None:
    """Let log lines out on standard error: `console` for people, `json` for machines."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if style == "json" else _Console())
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False


def _read(root: Path) -> Project:
    project, problems = read_project(root)
    for problem in problems:
        log.warning("left out: %s", problem)
    return project


class _Console(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """`14:00:03Z sent: … (key=…)`: the time in UTC, what happened, and to what."""
        fields = " ".join(f"{name}={value}" for name, value in _fields(record).items() if value is not None)
        line = f"{utc_text(int(record.created))[11:]} {record.getMessage()}"
        return f"{line}  ({fields})" if fields else line


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One JSON object a line."""
        facts = {
            "at": utc_text(int(record.created)),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        return json.dumps({**facts, **_fields(record)}, ensure_ascii=False, default=str)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return getattr(record, "fields", {})
