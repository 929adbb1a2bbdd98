"""A machine that fails: a clear sentence, a status that programs see, nothing lost, and it goes on once it is mended."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.fakes.projects import COMMAND, REPOSITORY, Answer, Folder, environ

FIRST, NEXT = "2027-03-08T10:30:00Z", "2027-03-09T10:30:00Z"
DOING = (["run", "--once"], ["post", "facts/lens"])


def database(project: Folder) -> Path:
    return project.root / "state/redletter.db"


def posted(project: Folder) -> int:
    """How many posts are in the outbox; each part is there once."""
    parts = [(line["key"], line["part"]) for line in project.outbox]
    assert len(parts) == len(set(parts))
    return len({key for key, _ in parts})


@contextmanager
def held(project: Folder) -> Iterator[None]:
    """Another program writes, and takes its time."""
    with closing(sqlite3.connect(database(project), isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


def with_little_room(project: Folder, *words: str) -> Answer:
    """Call a command that may make no file longer than a few kilobytes; it is not measured, which takes room."""
    unmeasured = {name: word for name, word in environ().items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *COMMAND, *words],
        cwd=project.root, env=unmeasured, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout, done.stderr)


def without_zones(project: Folder, folder: Path, *words: str) -> Answer:
    """Call a command where neither the system nor Python has any zone."""
    stub = folder / "hidden/tzdata/__init__.py"
    stub.parent.mkdir(parents=True, exist_ok=True)
    stub.write_text("raise ModuleNotFoundError('it is hidden', name='tzdata')\n", "utf-8")
    path = f"{folder / 'hidden'}:{REPOSITORY}"
    return project.run("--now", FIRST, *words, PYTHONTZPATH=str(folder / "hidden"), PYTHONPATH=path)


def test_a_locked_database_is_told_and_what_was_due_goes_out_later(project: Folder) -> None:
    assert project.at(FIRST, "run", "--once").status == 0

    with held(project):
        locked = [project.at(NEXT, *words) for words in DOING]
        looked = project.at(NEXT, "status")
    later = project.at(NEXT, "run", "--once")

    assert [found.status for found in locked] == [1, 1]
    for found in locked:
        assert found.err.startswith(f"redletter: {database(project)}: database is locked; nothing was ")
    assert looked.err == ""
    assert (later.status, posted(project)) == (0, 2)


def test_a_full_disk_is_told_and_what_was_due_goes_out_later(project: Folder) -> None:
    assert project.at(FIRST, "run", "--once").status == 0

    full = [with_little_room(project, "--now", NEXT, *words) for words in DOING]
    later = project.at(NEXT, "run", "--once")

    for found in full:
        assert (found.status, "Traceback" in found.all) == (1, False)
        assert found.err.startswith(f"redletter: {database(project)}: ")
    assert (later.status, posted(project)) == (0, 2)


def test_a_full_disk_at_the_very_beginning_is_told(project: Folder) -> None:
    full = with_little_room(project, "--now", FIRST, "run", "--once")
    later = project.at(FIRST, "run", "--once")

    assert (full.status, "Traceback" in full.all) == (1, False)
    assert full.err.startswith(f"redletter: {database(project)}: ")
    assert (later.status, posted(project)) == (0, 1)


@pytest.mark.parametrize("words", DOING)
def test_a_clock_that_is_days_behind_sends_nothing_and_is_named(project: Folder, words: list[str]) -> None:
    assert project.at(FIRST, "run", "--once").status == 0

    behind = project.at("2027-03-01T10:30:00Z", *words)

    assert (behind.status, behind.out, posted(project)) == (1, "", 1)
    assert behind.err.startswith(
        f"redletter: the clock says 2027-03-01T10:30:00Z, but {FIRST} was lived through"
    )
    assert "set the clock right" in project.at("2027-03-01T10:30:00Z", "status").out
    assert project.at(NEXT, "run", "--once").status == 0
    assert posted(project) == 2


@pytest.mark.parametrize("words", [*DOING, ["check"]])
def test_missing_zone_data_is_named_with_what_to_install(
    project: Folder, tmp_path: Path, words: list[str]
) -> None:
    found = without_zones(project, tmp_path, *words)

    assert found.status == (1 if words == ["check"] else 2)
    assert "Traceback" not in found.all
    assert (
        "schedules/accounts.toml:4: bad-value: account museum: zone: this machine has no zone data"
        in found.all
    )
    assert "install the Python package tzdata" in found.all
    assert project.outbox == []
    assert project.at(FIRST, "run", "--once").status == 0
