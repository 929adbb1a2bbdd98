"""The statements that every delivery runs, each compiled once: SQLAlchemy takes longer to prepare one than SQLite to run it."""

from collections.abc import Mapping
from typing import cast

from sqlalchemy import ClauseElement, Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, object]

_DIALECT = sqlite.dialect(paramstyle="qmark")


class Fixed:
    """A statement of SQLAlchemy Core whose text never changes; an INSERT is given the columns that it sets."""

    def __init__(self, clause: ClauseElement, *columns: str) -> None:
        compiled = cast(SQLCompiler, clause.compile(dialect=_DIALECT, column_keys=columns or None))
        self._text = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        binds = ((name, compiled.binds[name]) for name in self._names)
        self._own = {name: bind.effective_value for name, bind in binds if not bind.required}

    def run(self, connection: Connection, *rows: Values) -> int:
        """Run it with each of these values, by name; how many rows it changed."""
        given = [tuple(({**self._own, **row})[name] for name in self._names) for row in rows]
        return connection.exec_driver_sql(self._text, given if len(given) > 1 else given[0]).rowcount
