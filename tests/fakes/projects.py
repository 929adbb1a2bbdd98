"""Project folders made for a test, and the command as people call it there."""

import io
import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.__main__ import main
from bot.cli.here import Here
from bot.errors import Problem
from bot.zones import utc_text

REPOSITORY = Path(__file__).parents[2]

ACCOUNTS = """\
[account.museum]
network = "x"
credentials = "MUSEUM_X"
zone = "Europe/London"

[mention.friends]
name = "our friends"
x = "@friends"
"""

EVENTS = """\
[[event]]
id = "opening"
title = "The museum opens"
kind = "milestone"
tone = "celebration"
date = 1997-03-12
zone = "Europe/London"

[[event]]
id = "loss"
title = "We lost our founder"
kind = "death"
tone = "remembrance"
date = 2003-03-10
zone = "Europe/London"
quiet = true
"""

SCHEDULES = """\
[[schedule]]
name = "anniversaries"
trigger.anniversary = { kinds = ["milestone"], at = "09:00" }
pick = { event = true }
frame = "{{ years_in_words | capitalize }} ago today: {{ text }}"
grace = "same-day"
accounts = ["museum"]

[[schedule]]
name = "remembrance"
trigger.anniversary = { kinds = ["death"], at = "09:00" }
pick = { event = true }
grace = "same-day"
accounts = ["museum"]
approval = true

[[schedule]]
name = "mornings"
trigger.slots = { days = "mon-fri", at = ["10:30"], zone = "Europe/London" }
pick = { tags = ["facts"], cool_down = "2d" }
accounts = ["museum"]
"""

POSTS = {
    "facts/lens": "A lens bends blue light more than red.",
    "facts/mirror": "A mirror sends all colors the same way.",
    "facts/leap": "A leap day every fourth year makes up for six hours a year.",
    "facts/thread": "Three things about eyes.\n\n---\n\nThey need half an hour in the dark.\n\n---\n\nTheir edge sees more.",
}


def problems_of(root: Path) -> tuple[Problem, ...]:
    """Every problem of every file of a project."""
    return Here(str(root), None).problems


class Answer(Struct, frozen=True):
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)

    @property
    def all(self) -> str:
        """Everything that a person sees."""
        return self.out + self.err


class Folder:
    """A project folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def post(self, name: str, text: str, fields: str = "") -> None:
        """Write a post of the corpus."""
        self.write(f"corpus/{name}.md", f"+++\n{fields}\n+++\n{text}\n")

    def dates(self, name: str, *instants: int, posts: str, fields: str = "") -> None:
        """Write a schedule file with one schedule that speaks at these instants."""
        at = ", ".join(map(utc_text, instants))
        names = json.dumps(posts.split())
        self.write(
            f"schedules/{name}.toml",
            f'[[schedule]]\nname = "{name}"\ntrigger.dates = {{ at = [{at}] }}\n'
            f'pick = {{ posts = {names}, cool_down = "0s" }}\naccounts = ["museum"]\n{fields}\n',
        )

    def live(self, url: str, credentials: Mapping[str, str], more: str = "") -> None:
        """Let the account go live on a fake X, with these credentials in .env."""
        fields = f'zone = "Europe/London"\nlive = true\nurl = "{url}"\ntimeout = "2s"\n{more}'
        self.write("schedules/accounts.toml", ACCOUNTS.replace('zone = "Europe/London"', fields))
        self.write(".env", "".join(f"MUSEUM_X_{name}={word}\n" for name, word in credentials.items()))

    def call(self, *words: str, typed: str = "") -> Answer:
        """Call the command in this process."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), _typed(typed), logging_as_it_was():
            try:
                status = main(["--project", str(self.root), *words])
            except SystemExit as end:
                status = int(end.code or 0)
        return Answer(status, out.getvalue(), err.getvalue())

    def at(self, now: str, *words: str) -> Answer:
        """Call the command in this process, as if it were then."""
        return self.call("--now", now, *words)

    def run(self, *words: str, within: str = ".", typed: str = "", **more: str) -> Answer:
        """Call the command in a process of its own, within a folder of the project; it must end in a minute."""
        done = subprocess.run(
            [*COMMAND, *words],
            cwd=self.root / within,
            env=environ(**more),
            input=typed,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=60,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    @property
    def outbox(self) -> list[dict[str, Any]]:
        """The lines of the outbox."""
        file = self.root / "state/outbox.jsonl"
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []

    @property
    def texts(self) -> list[str]:
        """The texts in the outbox."""
        return [line["text"] for line in self.outbox]


COMMAND = [sys.executable, "-P", "-m", "bot"]


def environ(**more: str) -> dict[str, str]:
    """The environment without what would steer the command."""
    kept = {name: word for name, word in os.environ.items() if not name.startswith("REDLETTER_")}  # noqa: TID251 - a child's
    return {**kept, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "80", **more}


def museum(root: Path) -> Folder:
    """A small project: one account that is not live, an anniversary, a quiet day, and mornings."""
    folder = Folder(root)
    folder.write("schedules/accounts.toml", ACCOUNTS)
    folder.write("schedules/events.toml", EVENTS)
    folder.write("schedules/calendar.toml", SCHEDULES)
    for name, text in POSTS.items():
        folder.post(name, text)
    folder.post(
        "days/opening", "We opened our doors.", 'event = "opening"\ntone = "celebration"\nuse = "dated"'
    )
    folder.post("days/loss", "We remember our founder.", 'event = "loss"\ntone = "remembrance"')
    return folder


def ours(root: Path) -> Folder:
    """A copy of the repository's own corpus and schedules."""
    for name in ("corpus", "schedules"):
        shutil.copytree(REPOSITORY / name, root / name)
    return Folder(root)


class Daemon:
    """`redletter run` in a process of its own, which is ended with the test."""

    def __init__(self, folder: Folder, *words: str, **more: str) -> None:
        self.said = folder.root.parent / f"said-{time.monotonic_ns()}"
        with self.said.open("wb") as file:
            self.process = subprocess.Popen(
                [*COMMAND, "run", *words], cwd=folder.root, env=environ(**more), stdout=file, stderr=file
            )

    @property
    def words(self) -> str:
        """Everything it has said."""
        return self.said.read_text("utf-8")

    def ends(self, signal: int, *, within: float = 5) -> int:
        """Send a signal; the exit status, which must come in time."""
        self.process.send_signal(signal)
        return self.process.wait(within)


@contextmanager
def running(folder: Folder, *words: str, **more: str) -> Iterator[Daemon]:
    """A daemon that runs once it has said so, and does not outlive the test."""
    daemon = Daemon(folder, *words, **more)
    try:
        until(lambda: "redletter runs" in daemon.words or daemon.process.poll() is not None)
        yield daemon
    finally:
        daemon.process.kill()
        daemon.process.wait(5)


def until(is_so: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait until it is so, or fail."""
    last = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < last, "it was waited for in vain"
        time.sleep(0.05)


@contextmanager
def _typed(text: str) -> Iterator[None]:
    """Let the command read this from its standard input."""
    earlier, sys.stdin = sys.stdin, io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = earlier


@contextmanager
def logging_as_it_was() -> Iterator[None]:
    """Put the logger back as the command found it: other tests listen to it."""
    log = logging.getLogger("redletter")
    earlier = log.handlers[:], log.level, log.propagate
    try:
        yield
    finally:
        log.handlers[:], log.propagate = earlier[0], earlier[2]
        log.setLevel(earlier[1])
