"""Tables read one by one: what each says, and what is wrong with it."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from bot.corpus import converted
from bot.model import Place
from bot.schedules.tables import NAMES, Table, read_tables
from bot.spans import duration
from bot.zones import DAY

T = TypeVar("T")
S = TypeVar("S", bound=Struct)


class TableReader:
    """Reads the tables under schedules/ and collects every problem on the way."""

    def __init__(self, root: Path) -> None:
        self._tables, self.problems = read_tables(root)

    def _each(self, kind: str, make: Callable[[Table], T | None]) -> dict[str, T]:
        """What the tables of a kind say, by name; those with a problem are left out."""
        found: dict[str, T] = {}
        places: dict[str, Place] = {}
        for table in self._of(kind):
            before = len(self.problems)
            made = make(table)
            if table.name in places:
                message = f"the name is taken by {places[table.name]}; rename one of them"
                self._wrong(table, message, NAMES.get(kind, ""), code="duplicate")
            places.setdefault(table.name, table.place())
            if made is not None and len(self.problems) == before:
                found[table.name] = made
        return found

    def _of(self, kind: str) -> Iterator[Table]:
        return (table for table in self._tables if table.kind == kind)

    def _wrong(self, table: Table, message: object, *path: str | int, code: str = "bad-value") -> None:
        self.problems.append(table.problem(message, *path, code=code))

    def _fields(self, table: Table, into: type[S]) -> S | None:
        """The fields of a table, a wrong one as if it were not written; None where a needed one is missing."""
        values, wrongs = converted(table.fields, into)
        for path, code, message in wrongs:
            self._wrong(table, message, *path, code=code)
        return into(**values) if _needed(into) <= values.keys() else None

    def _try(self, table: Table, make: Callable[[], T], *path: str) -> T | None:
        try:
            return make()
        except (ValueError, OverflowError) as error:
            self._wrong(table, f"{'.'.join(path)}: {error}", *path)
            return None


@cache
def _needed(of: type[Struct]) -> frozenset[str]:
    """The fields of a struct that must be there."""
    return frozenset(field.name for field in msgspec.structs.fields(of) if field.required)


def span(written: object, *, most: int) -> int:
    """The seconds of a length of time; ValueError where it is none, or longer than `most` seconds."""
    seconds = duration(written)
    if seconds > most:
        raise ValueError(f'"{written}" is longer than can be meant; write at most "{most // DAY}d"')
    return seconds
