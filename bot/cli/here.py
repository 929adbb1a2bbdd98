"""Where a command is called: the project, its settings, its queue and the time."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.errors import BadCall, Problem, Problems
from bot.model import Project
from bot.options import did_you_mean
from bot.preview.view import counted
from bot.project import find_root, read_project
from bot.publishing import learned
from bot.settings import Settings, read_settings
from bot.zones import DAY, day_of, instant_of

if TYPE_CHECKING:
    from bot.delivery.queue import Queue

#: Times that can be named: beyond them calendars and zones are guesses, and planning up to there takes long.
FIRST, LAST = (instant_of(datetime(year, 1, 1, tzinfo=UTC)) for year in (1900, 2200))
#: Commands by which posts are said, or shown as they will be.
_SPEAKING = frozenset({"post", "preview", "run"})


class Here:
    """What a command needs to know of its surroundings; read when first asked for."""

    def __init__(self, project: str | None, now: str | None, command: str = "") -> None:
        self._project = project
        self._now = now
        self._command = command

    @cached_property
    def root(self) -> Path:
        """The project folder."""
        if self._project is None:
            return find_root(Path.cwd())
        folder = Path(self._project).resolve()
        if not (folder / "schedules").is_dir():
            raise BadCall(
                f"{self._project} is no project: it has no schedules/; begin one with `redletter init DIR`"
            )
        return folder

    @cached_property
    def settings(self) -> Settings:
        """What the environment says."""
        return read_settings(self.root)

    @cached_property
    def _read(self) -> tuple[Project, tuple[Problem, ...]]:
        return read_project(self.root, learned(self.settings))

    @cached_property
    def project(self) -> Project:
        """The project; who plans or posts with it is told on standard error, once, what is left out of it."""
        project, problems = self._read
        if problems and self._command in _SPEAKING:
            posts = counted(len({problem.file for problem in problems}), "file")
            warn(f"left out what is wrong in {posts}; `redletter check` tells all: {problems[0]}")
        return project

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem of every file, all at once."""
        try:
            return self._read[1]
        except Problems as found:
            return found.problems

    @property
    def readable(self) -> Project | None:
        """The project without a word, or None where its schedules are too broken to be read."""
        try:
            return self._read[0]
        except Problems:
            return None

    @property
    def now(self) -> int:
        """The instant of asking: the clock's, or what `--now` says."""
        return int(time.time()) if self._now is None else moment(self._now)  # noqa: TID251 - an entry point

    @property
    def is_what_if(self) -> bool:
        """Tell whether the time is made up."""
        return self._now is not None

    @property
    def clock(self) -> Callable[[], int]:
        """The time, asked again and again."""
        return lambda: self.now

    def queue(self) -> "Queue":
        """The queue, begun where there is none."""
        from bot.delivery.queue import Queue  # noqa: PLC0415 - SQLAlchemy costs start-up time

        return Queue(self.settings.database)

    @contextmanager
    def looking(self) -> "Iterator[Queue | None]":
        """The queue while it is looked at, or None where the bot has never run: looking leaves no trace."""
        prefix = "sqlite:///"
        file = self.settings.database.removeprefix(prefix)
        if self.settings.database.startswith(prefix) and not Path(file).exists():
            yield None
            return
        with self.queue() as queue:
            yield queue


def here(ctx: click.Context) -> Here:
    """The surroundings of a command."""
    root = ctx.find_root()
    if not isinstance(root.obj, Here):
        root.obj = Here(root.obj["project"], root.obj["now"], root.invoked_subcommand or "")
    return root.obj


def known(place: Here, account: str | None) -> None:
    """BadCall where a named account is none of the project's."""
    accounts = place.project.schedules.accounts
    if account is not None and account not in accounts:
        hint = did_you_mean(account, accounts) or f"; known are {', '.join(accounts) or 'none'}"
        raise BadCall(f"no account called {account!r}{hint}")


def moment(text: str) -> int:
    """An instant from `2027-01-28T09:00:00Z`, or from a date: its midnight in UTC. BadCall shows how to write one."""
    try:
        is_date = len(text) == len("2027-01-28")
        found = (
            day_of(date.fromisoformat(text)) * DAY if is_date else instant_of(datetime.fromisoformat(text))
        )
    except (ValueError, OverflowError) as error:
        hint = "write a date such as 2027-01-28, or an instant such as 2027-01-28T09:00:00Z"
        raise BadCall(f"cannot read {text!r} as a time: {hint}") from error
    if not FIRST <= found < LAST:
        raise BadCall(f"{text} lies too far away: name a time from 1900 up to 2200")
    return found


def say(data: Any) -> None:  # noqa: ANN401 - whatever a command has to print as JSON
    """Print data as JSON."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def warn(message: str) -> None:
    """Tell a person, beside the output."""
    click.secho(f"redletter: {message}", fg="yellow", err=True)


def width() -> int:
    """Columns of the terminal, 80 where there is none."""
    import shutil  # noqa: PLC0415 - only tables need it

    return shutil.get_terminal_size((80, 24)).columns


def is_colour() -> bool:
    """Tell whether colour is wanted: a terminal is there and NO_COLOR is not set."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return is_terminal and click.get_current_context().color is not False


as_json = click.option("--json", "json_", is_flag=True, help="Print data for programs.")

__all__ = ["Here", "as_json", "counted", "here", "is_colour", "known", "moment", "say", "warn", "width"]
