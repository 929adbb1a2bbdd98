"""The tables of schedule files, each with the means to say where its keys stand."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.corpus import Lines, toml_error
from bot.errors import Problem
from bot.model import Place

_NAMED = {"account", "mention", "mission"}  #: written as [kind.NAME]
#: Written as [[kind]], with the field that names each.
NAMES = {"event": "id", "schedule": "name"}


class Table(Struct, frozen=True):
    """One account, mention, event or schedule as its file has it."""

    kind: str
    name: str
    fields: dict[str, Any]
    file: str
    path: tuple[str | int, ...]
    lines: Lines

    def place(self, *path: str | int) -> Place:
        """Where a value of the table stands, or the table itself."""
        return Place(self.file, self.lines.of(*self.path, *path))

    def problem(self, message: object, *path: str | int, code: str = "bad-value") -> Problem:
        """What is wrong with a value of the table."""
        place = self.place(*path)
        return Problem(place.file, place.line, code, f"{self.kind} {self.name}: {message}")


def schedule_files(root: Path) -> list[Path]:
    """The schedule files of a project, in order of their names."""
    return sorted(file for file in (root / "schedules").glob("*.toml") if file.is_file())


def read_tables(root: Path) -> tuple[list[Table], list[Problem]]:
    """Every table of every schedule file, and what cannot be read; a broken file never hides the others."""
    tables: list[Table] = []
    problems: list[Problem] = []
    for file in schedule_files(root):
        for found in _read(file, file.relative_to(root).as_posix()):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                tables.append(found)
    return tables, problems


def _read(file: Path, name: str) -> Iterator[Table | Problem]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, message = toml_error(error, text)
        yield Problem(name, line, "toml", message)
    except UnicodeDecodeError as error:
        yield Problem(name, 1, "encoding", f"not UTF-8 at byte {error.start}; save it as UTF-8")
    except OSError as error:
        yield Problem(name, 1, "unreadable", f"cannot be read: {error.strerror}")
    else:
        yield from _split(content, name, Lines(text))


def _split(content: dict[str, Any], name: str, lines: Lines) -> Iterator[Table | Problem]:
    for kind, value in content.items():
        tables = _tables(kind, value)
        if tables is None:
            known = "[account.NAME], [mention.NAME], [mission.NAME], [[event]] and [[schedule]]"
            message = f"no table called {kind!r} in this shape; known are {known}"
            yield Problem(name, lines.of(kind), "unknown-table", message)
        for key, fields in (tables or {}).items():
            title = fields.get(NAMES[kind]) or f"number {int(key) + 1}" if kind in NAMES else key
            yield Table(kind, str(title), fields, name, (kind, key), lines)


def _tables(kind: str, value: object) -> dict[str | int, dict[str, Any]] | None:
    """The tables of a kind by name or by place in their list; None where they are not written as they should be."""
    found: dict[str | int, Any] = {}
    if kind in _NAMED and isinstance(value, dict):
        found = {**value}
    elif kind in NAMES and isinstance(value, list):
        found = {**dict(enumerate(value))}
    else:
        return None
    return found if all(isinstance(fields, dict) for fields in found.values()) else None
