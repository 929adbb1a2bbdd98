"""Daemons that are killed, and what their servers have in the end: `python -m tests.kills [N]`.

Each is the command itself, with its threads and its database on disk; the servers live on. Exit status 1 where a part
is there twice, or is missing, or a delivery is left that nobody will bring to an end.
"""

import argparse
import json
import os
import selectors
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from secrets import randbelow
from tempfile import TemporaryDirectory
from typing import Self

import msgspec
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.fakes.doomed import warm
from tests.fakes.wall import KINDS, Chances
from tests.kills import campaign, halts, power
from tests.kills.campaign import LIFE, Outcome, Told
from tests.kills.judge import Judgement
from tests.kills.servers import LATENESS, REPOSITORY, Server, wanted

#: How many kills one worker is given at a time: a project of its own.
_PIECE = 500
#: What is posted where daemons die, or halt, at every step: a thread whose second part is not answered.
_THREAD = (("One.", "Two !after.", "Three."),)
#: The same where nobody learns how it goes on.
_TO_THE_DEAF = (("One.", "Two.", "Three."), ("Once !after.",))
_HOW = {
    "random": "at random instants",
    "steps": "at every step",
    "twice": "at every step, and the next one at each of its own",
    "halts": "halted at every step for longer than a claim lasts, and woken when another has taken over",
    "cuts": "whose power fails at random points",
}
_CHANCES = {
    "before": (0.01, "of a connection that is dropped before the server has committed"),
    "after": (0.01, "of one that is dropped after it has committed, and before it answers"),
    "late": (0.0, "of a commit that comes after the client has gone"),
}
_COUNTED = ("random", "cuts")  #: the ways of which so many are wanted
_OTHERS = ("x", "bluesky", "mastodon", "real-bluesky", "real-mastodon")


class Task(msgspec.Struct, frozen=True):
    """What one worker does."""

    how: str
    on: str
    number: int
    seed: int
    daemons: int = 1
    life: float = LIFE
    before: float = 0.01
    after: float = 0.01
    late: float = 0.0

    @property
    def again(self) -> str:
        """The command that does the same again."""
        kept = (
            f"{self.number} --how {self.how} --on {self.on} --seed {self.seed} --daemons {self.daemons} "
            f"--life {self.life} --before {self.before} --after {self.after} --late {self.late}"
        )
        return f"python -m tests.kills {kept}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run campaigns beside each other, and print what came of them."""
    options = _options(arguments)
    if options.task:
        return _work(msgspec.json.decode(options.task, type=Task))
    tasks = _tasks(options)
    console = Console(stderr=True)
    console.print(f"seed {options.seed}: daemons {_HOW[options.how]}, {options.jobs} at a time")
    found = _carry_out(tasks, options.jobs, console)
    if options.json:
        print(json.dumps([_data(on, outcome) for on, outcome in found.items()]))  # noqa: T201 - its purpose
    else:
        Console().print(_table(found))
    return 1 if any(outcome.found.breaches for outcome in found.values()) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("number", type=int, nargs="?", default=100, help="of kills on each server")
    parser.add_argument("--on", action="append", choices=[*KINDS, *_OTHERS], help="which servers; all walls")
    parser.add_argument("--how", choices=_HOW, default="random")
    parser.add_argument("--seed", type=int, default=randbelow(1_000_000))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="campaigns at a time")
    parser.add_argument("--daemons", type=int, default=1, help="at once on one queue")
    parser.add_argument("--life", type=float, default=LIFE, help="seconds, on average")
    for name, (default, what) in _CHANCES.items():
        parser.add_argument(f"--{name}", type=float, default=default, help=f"probability {what}")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--task", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _tasks(options: argparse.Namespace) -> list[Task]:
    """The campaign of each server, in pieces."""
    more = {name: getattr(options, name) for name in ("daemons", "life", "before", "after", "late")}
    pieces = [min(_PIECE, options.number - done) for done in range(0, options.number, _PIECE)]
    sizes = pieces if options.how in _COUNTED else [options.number]
    return [
        Task(options.how, on, size, options.seed + piece, **more)
        for piece, size in enumerate(sizes)
        for on in options.on or KINDS
    ]


def _carry_out(tasks: Sequence[Task], jobs: int, console: Console) -> dict[str, Outcome]:
    """What came of the tasks, by server."""
    found = {task.on: Outcome() for task in tasks}
    columns = (TextColumn("{task.description:13}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bars = {on: progress.add_task(on, total=_total(tasks, on)) for on in found}
        for task, said in _said(tasks, jobs):
            if isinstance(said, int):
                progress.advance(bars[task.on], said)
                continue
            found[task.on] += said
            _lament(console, task, said.found.breaches)
    return found


def _lament(console: Console, task: Task, breaches: Sequence[str]) -> None:
    """Tell the first breaches, and how to see them once more."""
    again = [f"the same again: {task.again}"] if breaches else []
    for line in (*breaches[:20], *again):
        console.print(f"{task.on}: {line}", highlight=False, markup=False, soft_wrap=True)


def _total(tasks: Sequence[Task], on: str) -> int | None:
    """How many kills there will be; None where the daemons' own steps decide it."""
    counted = [task.number for task in tasks if task.on == on and task.how in _COUNTED]
    return sum(counted) if counted else None


def _said(tasks: Sequence[Task], jobs: int) -> Iterator[tuple[Task, int | Outcome]]:
    """What workers say: how many more were killed, and in the end what came of it."""
    waiting = list(reversed(tasks))
    with selectors.DefaultSelector() as selector, ExitStack() as stack:
        while waiting or selector.get_map():
            while waiting and len(selector.get_map()) < jobs:
                worker = stack.enter_context(_Worker(waiting.pop()))
                selector.register(worker.stdout, selectors.EVENT_READ, worker)
            for key, _ in selector.select():
                worker = key.data
                if line := worker.stdout.readline():
                    yield worker.task, msgspec.json.decode(line, type=int | Outcome)
                    continue
                selector.unregister(key.fileobj)
                if status := worker.process.wait():
                    yield worker.task, _broken(status)


def _broken(status: int) -> Outcome:
    return Outcome(found=Judgement(breaches=(f"broken: a worker ended with {status}",)))


class _Worker:
    """A process that carries out one task, and says how it goes, a line each time."""

    def __init__(self, task: Task) -> None:
        self.task = task
        words = [sys.executable, "-m", "tests.kills", "--task", msgspec.json.encode(task).decode()]
        kept = {name: word for name, word in os.environ.items() if not name.startswith("COV")}  # noqa: TID251 - a child's
        # Unbuffered: no line that is here already may hide from who waits for one.
        self.process = subprocess.Popen(words, cwd=REPOSITORY, env=kept, stdout=subprocess.PIPE, bufsize=0)
        assert self.process.stdout
        self.stdout = self.process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self.stdout.close()


def _work(task: Task) -> int:
    """Carry out one task, and say how it goes."""
    warm()
    chances = Chances(task.before, task.after, task.late, LATENESS, task.seed)
    with TemporaryDirectory(prefix="redletter-servers-") as folder:
        with wanted(task.on, Path(folder), chances) as server:
            outcome = _outcome(task, server, _say)
        _say(outcome)
    return 0


def _outcome(task: Task, server: Server, told: Told) -> Outcome:
    posts = _TO_THE_DEAF if server.may_stay_unknown else _THREAD
    ways: dict[str, Callable[[], Outcome]] = {
        "random": lambda: campaign.at_random(
            server, task.number, seed=task.seed, daemons=task.daemons, life=task.life, told=told
        ),
        "steps": lambda: campaign.at_every_step(server, posts, told=told),
        "twice": lambda: campaign.at_every_step(server, posts, twice=True, told=told),
        "halts": lambda: halts.at_every_step(server, posts, told=told),
        "cuts": lambda: power.cuts(server, task.number, seed=task.seed, told=told),
    }
    return ways[task.how]()


def _say(what: int | Outcome) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.buffer.flush()


def _data(on: str, outcome: Outcome) -> dict[str, object]:
    figures = {name: figure(outcome) for name, figure in _FIGURES.items()}
    return {"on": on, **figures, "breaches": outcome.found.breaches, "steps": sorted(outcome.steps)}


def _table(found: dict[str, Outcome]) -> Table:
    table = Table("", *found, box=box.SIMPLE)
    for name, figure in _FIGURES.items():
        table.add_row(name, *(f"{figure(outcome):,}" for outcome in found.values()))
    pace = (outcome.kills / outcome.seconds if outcome.seconds else 0.0 for outcome in found.values())
    table.add_row("kills/s", *(f"{each:.1f}" for each in pace))
    return table


#: What is told of a campaign. Unknown are those of which nobody can know, which is no breach.
_FIGURES: Mapping[str, Callable[[Outcome], int]] = {
    "kills": lambda outcome: outcome.kills,
    "posts": lambda outcome: outcome.found.posts,
    "parts": lambda outcome: outcome.found.parts,
    "doubled": lambda outcome: outcome.found.breached("doubled"),
    "lost": lambda outcome: outcome.found.breached("lost"),
    "unknown": lambda outcome: outcome.found.unknown,
    "left in sending": lambda outcome: outcome.found.breached("sending"),
    "breaches in all": lambda outcome: len(outcome.found.breaches),
}


if __name__ == "__main__":
    sys.exit(main())
