"""Row 14, the files: accounts, schedules, corpus, limits and outbox with something wrong in them."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random  # noqa: TID251 - chance, and the same again by its seed

from bot.daemon import Daemon
from bot.delivery.queue import Queue
from bot.errors import Problem, Problems
from bot.project import read_project
from bot.settings import read_settings
from tests.fakes.deliveries import NOON
from tests.fakes.projects import Folder, museum
from tests.faults.mutants import HARMS
from tests.faults.rows import Outcome, Told
from tests.faults.stage import folder_of_its_own, quietly

LIMITS = json.dumps({"museum": {"text": 280, "images": 4, "kinds": ["image/png"]}}, indent=2)
_COMMANDS_EVERY = 25  #: one in so many is tried with the commands too


def files(size: int, seed: int, told: Told) -> Outcome:
    """So many files with something wrong in them, each read by a daemon that had read them whole."""
    dice = Random(f"files {seed}")  # noqa: S311 - chance, not secrets
    found, kinds = [], Counter[str]()
    with quietly(), folder_of_its_own() as root:
        project = _begin(root)
        names = sorted(file for file in root.rglob("*") if file.suffix in {".toml", ".md", ".json", ".jsonl"})
        settings = read_settings(root, {})
        with Queue(settings.database) as queue:
            daemon = Daemon(root, settings, queue, told=lambda _: None)
            for number in range(size):
                file = dice.choice(names)
                sound = file.read_bytes()
                content = bytearray(sound)
                dice.choice(HARMS)(content, dice)
                file.write_bytes(content)
                kind, breaches = _looked_at(project, daemon, file, number, NOON + number)
                kinds[kind] += 1
                found += [f"file {number} of seed {seed}, {file.name}: {each}" for each in breaches]
                file.write_bytes(sound)
                told(1)
    return Outcome(size, tuple(found), ", ".join(f"{times} {kind}" for kind, times in kinds.items()))


def _begin(root: Path) -> Folder:
    project = museum(root)
    project.write("state/limits.json", LIMITS)
    assert project.at("2027-03-01T12:00:00Z", "post", "facts/thread").status == 0
    return project


def _looked_at(project: Folder, daemon: Daemon, file: Path, number: int, now: int) -> tuple[str, list[str]]:
    try:
        breaches = [*_of_reading(project.root)]
        before = file.read_bytes()
        daemon.turn(partial(int, now))
        if not file.read_bytes().startswith(before):
            breaches.append("it was written to")
        if number % _COMMANDS_EVERY == 0:
            breaches += _of_commands(project)
    except Exception as error:  # noqa: BLE001 - this is what must not be
        return "broke", [f"broke: {type(error).__name__}: {error}"]
    return ("told" if _problems(project.root) else "still readable"), breaches


def _of_reading(root: Path) -> Iterator[str]:
    for problem in _problems(root):
        if not ((root / problem.file).exists() and problem.line > 0 and problem.message):
            yield f"told without a place: {problem}"


def _problems(root: Path) -> tuple[Problem, ...]:
    try:
        return read_project(root)[1]
    except Problems as wrong:
        return wrong.problems


def _of_commands(project: Folder) -> Iterator[str]:
    found = project.call("check")
    if (found.status == 0) != (not _problems(project.root)):
        yield f"check ends with {found.status}"
    for words in (["status"], ["preview"]):
        found = project.at("2027-03-01T12:00:00Z", *words)
        if "Traceback" in found.all or found.status not in {0, 1, 2}:
            yield f"{words} ends with {found.status}"
