"""The database: made, kept up to date, and refused where it cannot be used."""

import logging
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from msgspec.structs import replace
from sqlalchemy import create_engine, insert
from sqlalchemy.exc import IntegrityError

from bot.delivery import database, tables
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import Shift
from bot.errors import BadState
from bot.zones import HOUR, MINUTE
from tests.fakes.deliveries import (
    NOON,
    X,
    claimed,
    commits,
    enqueue,
    opened,
    planned,
    project,
    schedules,
    states,
)
from tests.fakes.network import Network, one_for_all

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


def made_by_version(version: str, folder: Path) -> Path:
    """A database that an earlier version of the program made."""
    file = folder / "redletter.db"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        upgrade(config, version)
    engine.dispose()
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


def test_who_makes_a_new_queue_waits_for_another_who_writes(tmp_path: Path) -> None:
    file = tmp_path / "redletter.db"
    other = sqlite3.connect(file, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    impatient = sqlite3.connect(file, timeout=0, check_same_thread=False)

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(database.write_ahead, impatient)
        is_there_yet = bool(wait([waiting], timeout=0.1).done)
        other.rollback()
        waiting.result()

    assert not is_there_yet
    assert impatient.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_waiting_does_not_mend_is_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "redletter.db"
    sqlite3.connect(file).execute("CREATE TABLE mine (name TEXT)").connection.close()
    read_only = sqlite3.connect(f"file:{file}?mode=ro", uri=True)

    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        database.write_ahead(read_only)


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
        BadState, match="its tables have version 9999, and this program knows them up to 0004"
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


def test_a_file_whose_very_names_are_damaged_is_named(tmp_path: Path) -> None:
    opened(tmp_path).close()
    file = tmp_path / "redletter.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.write_bytes(file.read_bytes().replace(b"CREATE TABLE hold", b"CREATE TABL\xd5 hold"))

    with pytest.raises(BadState, match=r"redletter\.db: it is damaged, names and all; nothing was deleted"):
        opened(tmp_path)


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


#: What the first version had of a delivery: its state, fence, due, receipts by part, and outcomes of attempts by part.
FIRST: dict[str, tuple[State, int, int | None, list[int], list[tuple[int, str | None]]]] = {
    "fresh": (State.PENDING, 0, NOON, [], []),
    "put-off": (State.PENDING, 1, NOON, [], [(1, "nothing written")]),
    "half": (State.PENDING, 1, NOON, [1], [(1, "receipt")]),
    "died": (State.SENDING, 1, NOON, [], [(1, None)]),
    "between": (State.SENDING, 1, NOON, [1], [(1, "receipt")]),
    "silent": (State.UNKNOWN, 1, NOON, [], [(1, "unanswered")]),
    "sent": (State.SENT, 1, None, [1, 2], [(1, "receipt"), (2, "receipt")]),
    "failed": (State.FAILED, 1, None, [], [(1, "nothing written")]),
    "missed": (State.MISSED, 0, None, [], []),
    "cancelled": (State.CANCELLED, 0, None, [], []),
}


def fill_first_version(file: Path) -> None:
    """Write rows as the first version did, one delivery for each of the above."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for number, (name, (state, fence, due, receipts, attempts)) in enumerate(FIRST.items()):
            slot = (f"slot-{name}", "daily", NOON, "UTC", None, None, NOON, NOON, 3600, max(5 - number, 0), 1)
            rendition = (
                f'{{"account":"ours-x","network":"x","key":"{name}","parts":['
                '{"text":"One.","length":4,"limit":280,"media":[]},{"text":"Two.","length":4,"limit":280}]}'
            )
            way = (
                name,
                f"slot-{name}",
                "ours-x",
                "x",
                state,
                NOON,
                due,
                NOON + 9 * HOUR,
                0,
                fence,
                NOON + 60,
            )
            rows: dict[str, list[tuple[object, ...]]] = {
                "slot": [(*slot, "moon/rise", "[]", "neutral", None, "why", '["ours-x"]', 0)],
                "delivery": [(*way, 60, 120, 0, 1, rendition, "digest", 0, None, None, "as it was")],
                "attempt": [(name, part, 1, NOON - 9, outcome, None) for part, outcome in attempts],
                "receipt": [(name, part, f"id-{part}", f"https://a/{part}", NOON - 9) for part in receipts],
                "move": [(number, name, "pending", state, NOON - 9, "as it was")],
            }
            for table, values in rows.items():
                for each in values:
                    marks = ", ".join("?" * len(each))
                    connection.execute(f"INSERT INTO {table} VALUES ({marks})", each)  # noqa: S608 - ours


def test_a_queue_of_the_first_version_loses_nothing(tmp_path: Path) -> None:
    fill_first_version(made_by_version("0001", tmp_path))

    with opened(tmp_path) as queue:
        found = {each.key: each for each in queue.rows(NOON)}
        shown = {key: queue.show(key, NOON)[0] for key in found}

    assert {key: each.state for key, each in found.items()} == {key: each[0] for key, each in FIRST.items()}
    for key, (_, _, due, receipts, attempts) in FIRST.items():
        assert found[key].due == due
        assert [each.id for each in found[key].receipts] == [f"id-{part}" for part in receipts]
        assert [(each.part, each.outcome) for each in shown[key].attempts] == attempts
        assert [each.reason for each in shown[key].moves] == ["as it was"]
    with closing(sqlite3.connect(tmp_path / "redletter.db")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_an_upgraded_queue_is_sealed(tmp_path: Path) -> None:
    fill_first_version(made_by_version("0001", tmp_path))

    with opened(tmp_path) as queue:
        found = queue.rows(NOON)

    assert found
    assert all(shown.text for each in found for shown in each.rendition.parts)
    assert not any("written down" in shown.text for each in found for shown in each.rendition.parts)


def test_what_the_first_version_left_open_goes_on(tmp_path: Path) -> None:
    fill_first_version(made_by_version("0001", tmp_path))
    network = Network()

    with opened(tmp_path) as queue:
        shift = Shift(queue, one_for_all(network))
        for now in range(NOON + MINUTE, NOON + HOUR, 30):
            for _ in FIRST:
                shift.tick(project(), partial(int, now))
        found = {each.key: each.state for each in queue.rows(NOON)}

    final = {State.MISSED, State.CANCELLED, State.FAILED}
    assert found == {key: each[0] if each[0] in final else State.SENT for key, each in FIRST.items()}
    asked = [(ask.key, ask.part, ask.first_at) for ask in network.asked]
    first = [("half", 2, None), ("put-off", 1, None), ("put-off", 2, None), ("fresh", 1, None)]
    assert asked[:4] == first, "by the priority of their slots"
    assert len(network.parts) == len(set(network.parts)) == 2 * 6 - 2
    assert {(ask.key, ask.part) for ask in network.looked} == {("died", 1), ("silent", 1)}


def test_a_silence_of_the_first_version_is_taken_for_the_networks(tmp_path: Path) -> None:
    fill_first_version(made_by_version("0001", tmp_path))

    with opened(tmp_path) as queue:
        live = {key: [each.live for each in queue.show(key, NOON)[0].attempts] for key in FIRST}
        queue.recover(NOON + MINUTE, {"ours-x"})
        dry = project(schedules(accounts=[replace(X, live=False)]))
        network = Network()
        shift = Shift(queue, one_for_all(network))
        for _ in FIRST:
            shift.tick(dry, partial(int, NOON + 5 * MINUTE))

    assert (live["died"], live["silent"], live["sent"]) == ([True], [True], [False, False])
    assert network.looked == []


def test_an_upgrade_that_fails_leaves_the_queue_as_it_was(tmp_path: Path) -> None:
    file = made_by_version("0001", tmp_path)
    fill_first_version(file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE told (in_the_way TEXT)")
    before = everything_in(file)

    with pytest.raises(BadState, match="table told already exists; nothing was deleted"):
        opened(tmp_path)

    assert everything_in(file) == before


def tell_two_and_break(queue: Queue) -> None:
    with queue.writing():
        queue.tell("c", "words", NOON)
        queue.tell("d", "words", NOON)
        raise ZeroDivisionError


def test_what_writes_within_a_transaction_is_part_of_it(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        made = commits(queue)
        with queue.writing():
            queue.tell("a", "words", NOON)
            queue.tell("b", "words", NOON)
        assert made == [2]

        with pytest.raises(ZeroDivisionError):
            tell_two_and_break(queue)

        assert queue.told() == {"a", "b"}
        assert queue.tell("d", "words", NOON), "the next is one of its own"


def test_a_file_that_was_put_in_its_place_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    opened(tmp_path / "other").close()
    with opened(tmp_path) as queue:
        (tmp_path / "other" / "redletter.db").replace(tmp_path / "redletter.db")

        with pytest.raises(BadState, match="another file lies there than the one that was opened"):
            queue.hold("too late", now=NOON)
        (tmp_path / "redletter.db").unlink()
        with pytest.raises(BadState, match="or none; nothing was done"):
            queue.holds(NOON)
