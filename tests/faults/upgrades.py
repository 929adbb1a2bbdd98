"""Row 20: a new version comes while deliveries are under way, and an old one meets what a newer one wrote."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random  # noqa: TID251 - chance, and the same again by its seed
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine

from bot.contracts import Ask
from bot.delivery.migrations.versions import v0001
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.values import text_of
from bot.errors import BadState
from bot.model import Account
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.deliveries import NOON, planned
from tests.fakes.network import Network
from tests.faults.rows import Outcome, Told
from tests.faults.stage import Stage, folder_of_its_own, quietly

ACCOUNT = Account("ours", "x", live=True)
ROWS = 60
_LEFT = (State.PENDING, State.SENDING, State.UNKNOWN)


def upgrades(size: int, seed: int, told: Told) -> Outcome:
    """So many databases of the first version, with deliveries in every state, opened by this one."""
    found = Outcome()
    for number in range(size):
        dice = Random(f"upgrades {seed} {number}")  # noqa: S311 - chance, not secrets
        with quietly(), folder_of_its_own() as folder:
            network = Network()
            old = _begin(folder / "redletter.db", network, dice)
            found += Outcome(ROWS, tuple(_went_on(folder, network, old)))
            found += Outcome(1, tuple(_refused(folder / "redletter.db", dice)))
        told(1)
    return found


class _Old:
    """A delivery as the first version left it."""

    def __init__(self, number: int, dice: Random) -> None:
        self.number = number
        self.state = dice.choice(list(State))
        self.parts = dice.choice((1, 1, 3))
        self.shown = self._shown(dice)  #: how many parts the network has
        self.known = self.shown  #: how many of them have a receipt
        self.asked = self.known
        if self.state in {State.SENDING, State.UNKNOWN}:
            self.asked = min(self.known + 1, self.parts)
            self.shown = dice.choice((self.known, self.asked))

    def _shown(self, dice: Random) -> int:
        if self.state is State.SENT:
            return self.parts
        return dice.randrange(self.parts) if self.state in {*_LEFT, State.FAILED} else 0


def _begin(file: Path, network: Network, dice: Random) -> list[_Old]:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        with Operations.context(MigrationContext.configure(connection)):
            v0001.upgrade()
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0001')")
    engine.dispose()
    old = [_Old(number, dice) for number in range(ROWS)]
    with closing(sqlite3.connect(file)) as database, database:
        for each in old:
            _write(database, each, network)
        database.execute("INSERT INTO cursor VALUES (1, ?, 'files')", (NOON + 400 * DAY,))
        database.execute("INSERT INTO pulse VALUES (1, ?)", (NOON - MINUTE,))
    return old


def _write(connection: sqlite3.Connection, old: _Old, network: Network) -> None:
    texts = [f"Post {old.number} part {part}." for part in range(1, old.parts + 1)]
    made = planned(NOON - ROWS + old.number, *texts, accounts=[ACCOUNT], id=f"post/{old.number}")
    place, shown = made.slot, made.renditions[0]
    _insert(
        connection, "slot", key=place.key, schedule=place.schedule, wall=place.wall, zone=place.zone, event=None,
        years=None, planned_at=place.at, at=place.at, grace=6 * HOUR, priority=int(place.priority), confirmed=True,
        post=made.post.id, parts=text_of(made.post.parts), tone="neutral", event_tone=None, why="w",
        accounts=text_of(made.accounts), touched=False,
    )  # fmt: skip
    is_open = old.state in _LEFT
    _insert(
        connection, "delivery", key=shown.key, slot=place.key, account=ACCOUNT.name, network="x",
        state=old.state.value, at=place.at, due=NOON + MINUTE if is_open else None, deadline=place.at + 6 * HOUR,
        attempts=0, fence=1 if old.asked else 0, lease_until=NOON if old.state is State.SENDING else None, lease=90,
        quarantine=120, min_gap=0, find=True, rendition=text_of(shown), rendition_digest=shown.digest,
        needs_approval=False, approved_digest=None, approved_by=None, reason="as it was",
    )  # fmt: skip
    _insert(
        connection,
        "move",
        delivery=shown.key,
        origin="pending",
        state=old.state.value,
        at=NOON - 1,
        reason="r",
    )
    for part in range(1, old.asked + 1):
        how = "receipt" if part <= old.known else ("unanswered" if old.state is State.UNKNOWN else None)
        _insert(
            connection,
            "attempt",
            delivery=shown.key,
            part=part,
            fence=1,
            at=NOON - 1,
            outcome=how,
            detail=None,
        )
    for part in range(1, old.known + 1):
        _insert(
            connection,
            "receipt",
            delivery=shown.key,
            part=part,
            id=f"{shown.key}-{part}",
            url="u",
            at=NOON - 1,
        )
    for part in range(1, old.shown + 1):
        network.shown.append(_ask(shown.key, part, old.parts, texts[part - 1]))


def _insert(connection: sqlite3.Connection, table: str, **values: Any) -> None:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608 - our own


def _ask(key: str, part: int, parts: int, text: str) -> Ask:
    return Ask(key, ACCOUNT.name, "x", "post", part, parts, text, (), None, NOON - 1)


def _went_on(folder: Path, network: Network, old: list[_Old]) -> list[str]:
    """Go on with this version until nothing is left to be done; what was wrong in the end."""
    stage = Stage(folder, ACCOUNT, network)
    with closing(stage):
        rows = stage.rows
        stage.live(NOON + 6 * HOUR)
        after = {row.post: row for row in stage.rows}
    breaches = [f"lost: {ROWS - len(rows)} rows"] * (len(rows) != ROWS or len(after) != ROWS)
    has = Counter(network.texts)
    breaches += [f"doubled: {text}" for text, times in has.items() if times > 1]
    for each in old:
        row = after[f"post/{each.number}"]
        wanted = each.parts if each.state in {*_LEFT, State.SENT} else each.shown
        there = sum(text.startswith(f"Post {each.number} ") for text in has)
        state = State.SENT if each.state in _LEFT else each.state
        if (there, row.state) != (wanted, state):
            breaches.append(f"was {each.state}, is {row.state} ({row.reason}) with {there} of {wanted} parts")
    return breaches


def _refused(file: Path, dice: Random) -> list[str]:
    """Open a database of a later version; what was wrong."""
    version = dice.choice(("0999", "9999", "later"))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = file.read_bytes()
    try:
        Queue(f"sqlite:///{file}").close()
    except BadState as told:
        breaches = [] if version in str(told) and str(file) in str(told) else [f"told without a name: {told}"]
    else:
        breaches = ["opened what a later version wrote"]
    return breaches if file.read_bytes() == before else [*breaches, "it was written to"]
