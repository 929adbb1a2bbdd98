"""The daemon as a process that is doomed: forked from this one, which has imported everything, and killed at will.

It is the command itself, `redletter --project FOLDER run`, with its threads, its alarm and its database on disk.
Whoever forks must have no threads of its own.
"""

import ctypes
import gc
import importlib
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from bot.__main__ import main
from bot.delivery.steps import watch

#: What the command imports when it is needed, and a process would import anew in each of its lives.
_NEEDED = (
    "apscheduler.triggers.date",
    "apscheduler.executors.pool",
    "apscheduler.schedulers.background",
    "bot.cli.run",
    "bot.engines.embedded",
    "bot.publishers.webhook",
    "requests",
    "sqlalchemy.dialects.sqlite.pysqlite",
)
_BEGINS = "recovered"  #: the step at which a daemon is up and has looked at its queue
_GLANCE = 0.005  #: seconds between two looks whether it still lives
_PATIENCE = 25.0  #: seconds within which a daemon begins, and one that is told to end, ends

_DIE_WITH_THE_PARENT = 1  #: PR_SET_PDEATHSIG

#: Told each step that a daemon reaches, in the daemon.
Watch = Callable[[str], None]


def warm() -> None:
    """Import all that a daemon needs, so that each life begins at once."""
    for name in _NEEDED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def nobody(_: str) -> None:
    """Watch nothing."""


class Dies:
    """Ends its process at the n-th step that it comes to, by SIGKILL, and leaves the step's name in a file.

    Or it is halted there, by SIGSTOP. That it looks at its queue counts once: how often it does is the clock's matter.
    Steps in `besides` do not count.
    """

    def __init__(
        self, step: int, file: Path, by: signal.Signals = signal.SIGKILL, *, besides: Iterable[str] = ()
    ) -> None:
        self._left, self._file, self._by = step, file, by
        self._passed = set(besides)

    def __call__(self, step: str) -> None:
        """One step more."""
        if step in self._passed:
            return
        if step == _BEGINS:
            self._passed.add(step)
        self._left -= 1
        if self._left == 0:
            with self._file.open("a") as file:
                file.write(f"{step}\n")
            os.kill(os.getpid(), self._by)
            time.sleep(_GLANCE)  # what halts a process takes a moment to reach each of its threads


class Doomed:
    """A daemon at work on a project from now on."""

    def __init__(self, folder: Path, each: Watch = nobody, *, env: Mapping[str, str] | None = None) -> None:
        """Fork. `each` is called in the daemon; what it says is in `said.log` of the folder."""
        self._begun, begins = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _be_a_daemon(folder, each, env or {}, begins)
        os.close(begins)
        self.status: int | None = None  #: once it ended: its exit status, or minus the signal that ended it
        self.is_halted = False  #: whether it was seen to halt

    def has_begun(self) -> bool:
        """Wait until it is up and has looked at its queue; False where it died before."""
        ready, _, _ = select.select([self._begun], [], [], _PATIENCE)
        assert ready, f"process {self.pid} neither began nor died"
        return bool(os.read(self._begun, 1))

    def lives(self, seconds: float) -> bool:
        """Let it live for so long; False where it ended before."""
        end = time.monotonic() + seconds
        while not self._is_over() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _GLANCE))
        return self.status is None

    def dies(self, by: signal.Signals = signal.SIGKILL) -> int:
        """End it, and see it end; how it ended."""
        if self.status is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, by)
        return self.ended()

    def ended(self) -> int:
        """Wait until it ends; how it ended."""
        if self.lives(_PATIENCE):
            self.dies()
            raise AssertionError(f"process {self.pid} did not end within {_PATIENCE} s")
        assert self.status is not None
        return self.status

    def wakes(self) -> None:
        """Let it go on from where it halted."""
        os.kill(self.pid, signal.SIGCONT)

    def _is_over(self) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
            if pid and os.WIFSTOPPED(status):
                self.is_halted = True
            elif pid:
                self.status = os.waitstatus_to_exitcode(status)
                os.close(self._begun)
        return self.status is not None


def _be_a_daemon(folder: Path, each: Watch, env: Mapping[str, str], begins: int) -> None:
    """Be the command until the end of this process, or of the one that began it."""
    try:
        _die_with_the_parent()
        _speak_into(folder / "said.log")
        os.environ.update({"REDLETTER_LOG": "json", **env})  # noqa: TID251 - a child's own
        watch(_telling(each, begins))
        os._exit(main(["--project", str(folder), "run"]))
    except BaseException as end:  # noqa: BLE001 - nothing of the parent's may run in the child
        os._exit(end.code if isinstance(end, SystemExit) and isinstance(end.code, int) else 70)


def _die_with_the_parent() -> None:
    """Leave no daemon behind, where the system knows how."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_THE_PARENT, signal.SIGKILL)


def _speak_into(file: Path) -> None:
    said = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)


def _telling(each: Watch, begins: int) -> Watch:
    def tell(step: str) -> None:
        nonlocal begins
        if step == _BEGINS and begins >= 0:
            os.write(begins, b".")
            os.close(begins)
            begins = -1
        each(step)

    return tell
