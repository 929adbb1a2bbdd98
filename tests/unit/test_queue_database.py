"""The database: made, kept up to date, and refused where it cannot be used."""

import logging
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert
from sqlalchemy.exc import IntegrityError

from bot.delivery import database, tables
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.errors import BadState
from tests.fakes.deliveries import NOON, claimed, enqueue, opened, planned, states

MIGRATIONS = Path(database.__file__).parent / "migrations"


def migrated(folder: Path) -> Path:
    """A database made by every migration in turn, because it says that it is at their beginning."""
    file = folder / "migrated.db"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        MigrationContext.configure(connection).stamp(ScriptDirectory(str(MIGRATIONS)), "base")
    engine.dispose()
    Queue(f"sqlite:///{file}").close()
    return file


def everything_in(file: Path) -> tuple[list[tuple[str, ...]], list[str]]:
    """How every table and index of a database was made, and which version it says it has.

    The order of columns is left out, and quotation marks: a table that is made anew has them otherwise.
    """
    with closing(sqlite3.connect(file)) as connection:
        made = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2")
        told = [(*names, *sorted((sql or "").replace('"', "").split("\n"))) for *names, sql in made]
        return told, connection.execute("SELECT * FROM alembic_version").fetchall()


def test_a_new_queue_is_to_the_letter_what_the_migrations_make(tmp_path: Path) -> None:
    opened(tmp_path / "new").close()

    assert everything_in(tmp_path / "new" / "redletter.db") == everything_in(migrated(tmp_path))


def test_migrations_make_the_very_tables_that_the_program_knows(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{migrated(tmp_path)}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), tables.metadata)
    engine.dispose()

    assert differences == []


def test_every_migration_is_known_to_the_program() -> None:
    history = ScriptDirectory(str(MIGRATIONS))

    assert tuple(each.revision for each in reversed([*history.walk_revisions()])) == tables.REVISIONS


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    opened(tmp_path / "state" / "of" / "the" / "bot").close()

    assert (tmp_path / "state" / "of" / "the" / "bot" / "redletter.db").exists()


def test_what_was_written_is_there_when_the_queue_is_opened_again(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        enqueue(queue, planned())

    with opened(tmp_path) as queue:
        assert states(queue) == [State.PENDING]


def test_a_queue_that_is_new_or_up_to_date_opens_without_alembic(tmp_path: Path) -> None:
    code = f"""
import sys
from bot.delivery.queue import Queue
for _ in "new", "up to date":
    Queue("sqlite:///{tmp_path / "redletter.db"}").close()
sys.exit("alembic" in sys.modules or "sqlalchemy.orm" in sys.modules)
"""

    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=MIGRATIONS.parents[2])

    assert done.returncode == 0


def test_processes_that_open_a_new_queue_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        queues = list(threads.map(lambda _: opened(tmp_path), range(8)))

    for queue in queues:
        assert queue.cursor() is None
        queue.close()


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "redletter.db"
    file.write_text("Dear diary, today I became a database." * 99)

    with pytest.raises(BadState, match=r"redletter\.db: file is not a database; nothing was deleted"):
        opened(tmp_path)

    assert file.read_text().startswith("Dear diary")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "redletter.db")
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    before = (tmp_path / "redletter.db").read_bytes()

    with pytest.raises(BadState, match=r"redletter\.db: a database of some other program"):
        opened(tmp_path)

    assert (tmp_path / "redletter.db").read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["redletter.db"]


def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    opened(tmp_path).close()
    other = sqlite3.connect(tmp_path / "redletter.db")
    other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.commit()
    other.close()

    with pytest.raises(
        BadState, match="its tables have version 9999, and this program knows them up to 0002"
    ):
        opened(tmp_path)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "REDLETTER_DATABASE names no database; an example is sqlite:///state/redletter.db"),
        ("mysql://somewhere/queue", "the queue is kept in SQLite; name a file"),
        ("sqlite://", "the queue is kept in SQLite; name a file"),
    ],
)
def test_a_url_that_names_no_file_is_refused(url: str, words: str) -> None:
    with pytest.raises(BadState, match=words):
        Queue(url)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, not a folder")

    with pytest.raises(BadState, match=r"state/redletter\.db: cannot make its folder: File exists"):
        opened(tmp_path / "state")


def test_a_secret_in_a_url_is_not_shown() -> None:
    with pytest.raises(BadState) as caught:
        Queue("mysql://user:hunter2@somewhere/queue")

    assert "hunter2" not in str(caught.value)


def test_every_connection_is_durable_and_holds_to_its_keys(tmp_path: Path) -> None:
    asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with opened(tmp_path) as queue, queue.reading() as connection:
        answers = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]

    assert answers == ["wal", 2, 1, 5000]


def move_twice(queue: Queue, key: str) -> None:
    with queue.writing() as transaction:
        transaction.move(key, State.PENDING, State.CANCELLED, now=NOON, reason="no")
        transaction.move(key, State.CANCELLED, State.SENT, now=NOON, reason="yes")


def test_a_transaction_that_fails_leaves_nothing_and_says_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "redletter")
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        caplog.clear()
        key = queue.rows(NOON)[0].key

        with pytest.raises(BadState, match="cancelled cannot become sent"):
            move_twice(queue, key)

        assert states(queue) == [State.PENDING]
    assert caplog.records == []


def test_a_breach_of_the_tables_own_rules_is_not_taken_for_a_damaged_file(tmp_path: Path) -> None:
    orphan = {"delivery": "nobody", "part": 1, "id": "1", "url": "", "at": 0}
    with opened(tmp_path) as queue, pytest.raises(IntegrityError), queue.writing() as transaction:
        transaction.connection.execute(insert(tables.receipt).values(orphan))


def test_a_move_is_one_log_line_with_fields(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "redletter")
    with opened(tmp_path) as queue:
        enqueue(queue, planned())
        caplog.clear()

        claim = claimed(queue)

    assert [(line.getMessage(), vars(line)["fields"]) for line in caplog.records] == [
        (
            "sending: claimed",
            {"delivery": claim.key, "origin": "pending", "state": "sending", "at": NOON, "reason": "claimed"},
        )
    ]
