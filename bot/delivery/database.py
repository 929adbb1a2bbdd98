"""The database file: opened, brought up to date, and written to in whole transactions."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, Self

from sqlalchemy import (
    Connection,
    Engine,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
    update,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, ProgrammingError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.delivery import tables
from bot.delivery.statements import Fixed
from bot.delivery.states import State, advance
from bot.errors import BadState

log = logging.getLogger("redletter")

_PATIENCE = 5  # seconds
_PRAGMAS = (
    f"busy_timeout = {_PATIENCE * 1000}",
    "synchronous = FULL",  # a lost "sent" would be a second post
    "foreign_keys = ON",
    "wal_autocheckpoint = 4000",  # pages: a delivery writes the same few again and again
)

#: Damaged letters are shown as such: they must not stop the rows beside them.
_TEXT = partial(str, encoding="utf-8", errors="replace")


class Transaction:
    """One write transaction. What it says about deliveries is logged once it is committed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._said: list[tuple[str, dict[str, object]]] = []

    def move(
        self,
        key: str,
        origin: State,
        to: State,
        *,
        now: int,
        reason: str,
        fence: int | None = None,
        **values: object,
    ) -> bool:
        """Move a delivery on if it still is where it was thought to be; tell whether it was.

        With a fence, only for the one who claimed it last. `values` are further columns to set.
        """
        found = {"the_key": key, "origin": origin, **({} if fence is None else {"the_fence": fence})}
        changed = {"state": advance(origin, to), "reason": reason, **values}
        statement = _moving(is_fenced=fence is not None, columns=tuple(changed))
        if statement.run(self.connection, {**found, **changed}) == 0:
            return False
        self.note(key, origin, to, now=now, reason=reason)
        return True

    def move_all(
        self, reasons: Mapping[str, str], origin: State, to: State, *, now: int, due: int | None
    ) -> None:
        """Move many deliveries on that this transaction has just seen in their state, each for its own reason."""
        table = tables.delivery
        found = (table.c.key == bindparam("name")) & (table.c.state == origin)
        changed: dict[str, object] = {"state": advance(origin, to), "reason": bindparam("why"), "due": due}
        rows = [{"name": key, "why": reason} for key, reason in reasons.items()]
        if rows:
            self.connection.execute(update(table).where(found).values(changed), rows)
        self._note_all(reasons, origin, to, now=now)

    def note(self, key: str, origin: State, state: State, *, now: int, reason: str) -> None:
        """Write down a step in the life of a delivery."""
        self._note_all({key: reason}, origin, state, now=now)

    def _note_all(self, reasons: Mapping[str, str], origin: State, state: State, *, now: int) -> None:
        steps: list[dict[str, object]] = [
            {"delivery": key, "origin": origin, "state": state, "at": now, "reason": reason}
            for key, reason in reasons.items()
        ]
        if steps:
            _STEP.run(self.connection, *steps)
        for step in steps:
            self.say(f"{state}: {step['reason']}", **step)

    def say(self, message: str, **fields: object) -> None:
        """Log a line with fields when all is committed."""
        self._said.append((message, fields))

    def speak(self) -> None:
        """Log what was said."""
        for message, fields in self._said:
            log.info(message, extra={"fields": fields})


_STEP = Fixed(insert(tables.move), "delivery", "origin", "state", "at", "reason")


@cache
def _moving(*, is_fenced: bool, columns: tuple[str, ...]) -> Fixed:
    """The statement of a move, for the columns that it sets."""
    table = tables.delivery
    found = (table.c.key == bindparam("the_key")) & (table.c.state == bindparam("origin"))
    if is_fenced:
        found &= table.c.fence == bindparam("the_fence")
    changed: dict[str, Any] = {name: bindparam(name) for name in columns}
    if "due" in changed:  # never before its time, though the clock was set back meanwhile; NULL stays NULL
        changed["due"] = func.max(bindparam("due"), table.c.at)
    return Fixed(update(table).where(found).values(changed))


class Database:
    """The queue's database. It is made, or brought up to date, when it is opened.

    BadState where it cannot be used: no database, another program's, or a later version's. Nothing is ever deleted.
    """

    def __init__(self, url: str) -> None:
        self._url = _url(url)
        self._engine = _engine(self._url)
        self._open = threading.local()
        self._place: tuple[int, int] | None = None  #: of the file that was opened
        try:
            self._bring_up_to_date()
            self._place = self._where()
        except BadState:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database."""
        with self._named(), _begun(self._engine, "BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction that has the right to write from its beginning; whole, or not at all.

        Within another of the same thread it is a part of that one.
        """
        if outer := getattr(self._open, "transaction", None):
            yield outer
            return
        with self._named():
            # A deferred BEGIN that turns into a write is refused at once where another writes; this one waits its turn.
            with _begun(self._engine, "BEGIN IMMEDIATE") as connection:
                self._open.transaction = transaction = Transaction(connection)
                try:
                    yield transaction
                finally:
                    self._open.transaction = None
            transaction.speak()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """What the database itself objects to, with the name of its file."""
        if self._place is not None and self._where() != self._place:
            raise BadState(
                f"{self._name}: another file lies there than the one that was opened, or none; nothing was done: start "
                "again, once the right one is there"
            )
        try:
            yield
        except (IntegrityError, ProgrammingError):
            raise
        except DatabaseError as error:
            if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise self._busy(error.orig) from error
            raise self._unusable(error.orig) from error
        except UnicodeDecodeError as error:
            # The driver stumbles over a damaged name in what SQLite says.
            raise self._unusable("it is damaged, names and all") from error

    def contradiction(self, error: IntegrityError) -> BadState:
        """What to say where rows that were written whole contradict each other: nothing of ours does that to them."""
        return self._unusable(f"its rows contradict each other, as on a damaged disk ({error.orig})")

    def _busy(self, why: object) -> BadState:
        return BadState(
            f"{self._name}: {why}; nothing was done: another program keeps it to itself; try again"
        )

    def _unusable(self, why: object) -> BadState:
        return BadState(
            f"{self._name}: {why}; nothing was deleted: mend it or bring back a copy, for a new one would not know "
            "what was sent"
        )

    def _where(self) -> tuple[int, int] | None:
        """What tells the file from any that is put in its place; None where there is none."""
        try:
            found = Path(self._name).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    @property
    def _name(self) -> str:
        return self._url.database or self._url.render_as_string()

    def _bring_up_to_date(self) -> None:
        with self.reading() as connection:
            version = self._version(connection)
        # The file itself remembers this, so it is asked for once the file is known to be ours.
        self._engine.dispose()
        event.listen(self._engine, "connect", write_ahead)
        if version == tables.REVISIONS[-1]:
            return
        with self._named(), _without_foreign_keys(self._engine) as connection:
            # Another process may have been quicker, which is why it is asked for again.
            version = self._version(connection)
            if version is None:
                _make(connection)
            elif version != tables.REVISIONS[-1]:
                _migrate(connection)

    def _version(self, connection: Connection) -> str | None:
        """The tables' version, `base` (as Alembic has it) where none is written down; None in a new database."""
        names = inspect(connection).get_table_names()
        if not names:
            return None
        if tables.version.name not in names:
            raise BadState(f"{self._name}: a database of some other program; name another file")
        version = connection.scalar(select(tables.version.c.version_num)) or "base"
        if version not in {"base", *tables.REVISIONS}:
            raise BadState(
                f"{self._name}: its tables have version {version}, and this program knows them up to "
                f"{tables.REVISIONS[-1]}; use the version of redletter that made it, or a later one"
            )
        return version


def _url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # the URL is not repeated: it can hold a password
        raise BadState(
            "REDLETTER_DATABASE names no database; an example is sqlite:///state/redletter.db"
        ) from error
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise BadState("the queue is kept in SQLite; name a file, such as sqlite:///state/redletter.db")
    return parsed


def _engine(url: URL) -> Engine:
    try:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadState(f"{url.database}: cannot make its folder: {error.strerror}") from error
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _: ConnectionPoolEntry) -> None:  # noqa: ANN401 - the driver's own connection
    connection.isolation_level = None  # the driver begins nothing by itself: `_begun` does
    connection.text_factory = _TEXT
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def write_ahead(connection: Any, _: ConnectionPoolEntry | None = None) -> None:  # noqa: ANN401 - as above
    """Let readers and a writer work side by side.

    Where several do so to a new file at once, SQLite refuses without waiting: each could wait for another.
    """
    patience = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                raise
            time.sleep(0.01)
        else:
            return


@contextmanager
def _begun(engine: Engine, how: str) -> Iterator[Connection]:
    """A transaction; begun by hand, for with a listener every statement would take longer."""
    with engine.begin() as connection:
        connection.exec_driver_sql(how)
        yield connection


@contextmanager
def _without_foreign_keys(engine: Engine) -> Iterator[Connection]:
    """A transaction in which a table can be dropped and made anew while rows of others refer to it."""
    with engine.connect() as connection:
        # SQLite takes no notice of this once a transaction has begun.
        connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
    engine.dispose()  # with the connection that heeds no keys


def _make(connection: Connection) -> None:
    """Make what all the migrations together would, in a database that is new."""
    tables.metadata.create_all(connection)
    tables.version.create(connection)
    connection.execute(insert(tables.version).values(version_num=tables.REVISIONS[-1]))


def _migrate(connection: Connection) -> None:
    # Alembic is slow to import, stays in memory, and is seldom needed.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    command.upgrade(config, "head")
