"""The daemon: keeps the project fresh, takes turns, and speaks about itself in lines that can be read later."""

import json
import logging
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from bot.contracts import Publisher
from bot.delivery.deliver import Clock
from bot.delivery.lanes import Hands, inline
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import Shift, Turn
from bot.errors import BadCall, Problems
from bot.model import Account, Limits, Project
from bot.project import files_stamp, read_project
from bot.publishing import learned, publisher
from bot.settings import Settings
from bot.watch.watch import Watch
from bot.zones import DAY, utc_text

log = logging.getLogger("redletter")

_INSTANTS = {"at", "due", "until", "since"}  #: fields that are instants
_TOLD_BESIDES = {"at", "origin"}  #: fields that a person sees in the line before, or at its beginning

#: The longest wait for a network, in seconds, before what else is due is looked at.
MOMENT = 0.1

Told = Callable[[str], None]  #: is called with the key of each delivery that was brought to an end


class Daemon:
    """One project and one queue, a turn at a time."""

    def __init__(
        self,
        root: Path,
        settings: Settings,
        queue: Queue,
        *,
        told: Told,
        watch: Watch | None = None,
        hands: Hands = inline,
        most: int = 1,
    ) -> None:
        """Read the project; Problems where it cannot be planned from. `hands` and `most` are those of a Shift."""
        self._root = root
        self._settings = settings
        self._told = told
        self._watch = watch
        self._looked_at = 0
        self._limits = learned(settings)
        self._stamp = files_stamp(root)
        self.project = _read(root, self._limits)
        self._publishers: dict[Account, Publisher] = {}
        self._shift = Shift(queue, self._publisher, hands=hands, most=most)
        self.is_in_trouble = False  #: whether a delivery failed, or became unknown, in these turns

    def turn(self, clock: Clock) -> int | None:
        """Read the project again where it changed, and take a turn; the instant at which the next is due.

        While a network takes its time, a turn waits for it for a moment.
        """
        try:
            if self._looked_at != clock():
                self._looked_at = clock()
                self._refresh()
            turn = self._take(clock)
        except Exception as error:
            if self._watch:
                self._watch.broke(str(error) or type(error).__name__, clock())
            raise
        self._look(clock())
        if not turn.ended and self._shift.is_under_way:
            self._shift.wait(MOMENT)
        return turn.next_due

    def finish(self) -> None:
        """Bring to its end what is in hand, and begin nothing more."""
        self._tell(self._shift.finish())

    def _look(self, now: int) -> None:
        """Let the watch see how things stand, and, with nothing in hand, what is to come."""
        if self._watch:
            self._watch.look(now)
            if not self._shift.is_under_way:
                self._watch.look_ahead(self.project, now)

    def turns(self, clock: Clock) -> int | None:
        """Take turns until nothing is due, with the files as they are; the instant at which something will be."""
        while True:
            due = self._take(clock).next_due
            if due is None or due > clock():
                return due

    def live_through(self, start: int, end: int) -> None:
        """Live from `start` to `end` as fast as possible. BadCall while any account is live."""
        self.refuse_live("a time-lapse")
        now = start
        while now < end:
            due = self.turns(partial(int, now))  # the clock stands still within an instant
            now = min(end, now + DAY if due is None else due)

    def refuse_live(self, what: str) -> None:
        """BadCall while any account is live."""
        live = [account.name for account in self.project.schedules.accounts.values() if account.live]
        if live:
            raise BadCall(f"{what} is for dry runs only, and an account is live: {', '.join(live)}")

    def _take(self, clock: Clock) -> Turn:
        turn = self._shift.tick(self.project, clock)
        self._tell(turn)
        return turn

    def _tell(self, turn: Turn) -> None:
        for key, state in turn.ended:
            self.is_in_trouble |= state in {State.FAILED, State.UNKNOWN}
            self._told(key)

    def _refresh(self) -> None:
        """Read the project again where its files changed; while they are wrong, go on with what was last right."""
        try:
            stamp, limits = files_stamp(self._root), learned(self._settings)
            if (stamp, limits) == (self._stamp, self._limits):
                return
            self._stamp, self._limits = stamp, limits
            self.project = _read(self._root, limits)
        except (Problems, OSError) as error:
            first = error.problems[0] if isinstance(error, Problems) else error
            # A person's slip, not a fault of ours: no traceback.
            log.error("files changed and are wrong; going on with what was read before: %s", first)  # noqa: TRY400
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


def _read(root: Path, limits: Mapping[str, Limits]) -> Project:
    project, problems = read_project(root, limits)
    for problem in problems:
        log.warning("left out: %s", problem)
    return project


class _Console(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """`14:00:03Z sent: … (key=…)`: the time in UTC, what happened, and to what."""
        message = record.getMessage()
        telling = {name: value for name, value in _fields(record).items() if name not in _TOLD_BESIDES}
        fields = " ".join(f"{name}={value}" for name, value in telling.items() if str(value) not in message)
        line = f"{utc_text(int(record.created))[11:]} {message}"
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return (f"{line}  ({fields})" if fields else line) + trace


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One JSON object a line."""
        facts = {
            "at": utc_text(int(record.created)),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            facts["trace"] = self.formatException(record.exc_info)
        return json.dumps({**facts, **_fields(record)}, ensure_ascii=False, default=str)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """What a line says besides its message, instants as texts; what has no value is left out."""
    fields: dict[str, object] = getattr(record, "fields", {})
    return {
        name: utc_text(value) if name in _INSTANTS and isinstance(value, int) else value
        for name, value in fields.items()
        if value is not None
    }
