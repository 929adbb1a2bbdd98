"""What was decided: by whom, when, what and why; and how it is taken back while nothing was sent."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec import Struct, json
from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from bot.delivery.database import Database, Transaction
from bot.delivery.decisions import find_deliveries, holding
from bot.delivery.planned import make_way
from bot.delivery.states import TAKEN_BACK, State
from bot.delivery.tables import approval, cursor, decision, delivery, hold, slot
from bot.errors import BadCall, Overtaken
from bot.model import digest
from bot.zones import utc_text

#: What of a delivery a decision may change; all else is its life on the way to the network.
_DECIDED = ("state", "at", "due", "deadline", "rendition", "rendition_digest", "seal", "approved_digest")
_OPEN = frozenset(TAKEN_BACK)


class By(Struct, frozen=True):
    """Who decides, why, and the version of what was seen before; None: nobody looked."""

    who: str
    why: str = ""
    seen: str | None = None


class Decision(Struct, frozen=True):
    """One thing that a person decided."""

    id: int
    at: int
    who: str
    what: str  #: approve, skip, swap …
    why: str  #: in the person's words; empty where none were asked for
    slot: str | None  #: the key of the slot that it was about; None: a hold, or a file
    about: str  #: what a person knows that by
    can_be_undone: bool  #: as far as the decision itself goes: what has happened since may forbid it
    undone_by: int | None

    @property
    def told(self) -> str:
        """The decision in one line."""
        why = f": {self.why}" if self.why else ""
        return f"{self.who}, {utc_text(self.at)[:16].replace('T', ' ')} UTC, {self.what}{why}"


class _Before(Struct, frozen=True):
    """What a decision found: the rows that it may have changed, and what else is needed to take it back."""

    slot: dict[str, Any] | None = None
    deliveries: tuple[dict[str, Any], ...] = ()
    approvals: tuple[dict[str, Any], ...] = ()
    files: str = ""  #: from which the queue was planned
    made: tuple[int, ...] = ()  #: holds that the decision made
    released: tuple[int, ...] = ()  #: holds that it let go
    kept: str = ""  #: what its maker keeps for itself


class Decided(Database):
    """The side of the queue that remembers decisions."""

    @contextmanager
    def deciding(
        self, what: str, by: By, *, now: int, about: str = "", key: str | None = None, kept: str = "",
        is_final: bool = False,
    ) -> Iterator[None]:  # fmt: skip
        """Write down who decides what, in one transaction with the decision itself, which is made within.

        `key` names the delivery or slot that it is about; Overtaken where that is no longer as it was seen. What
        `is_final` cannot be taken back. `kept` is handed out when it is.
        """
        with self.writing() as transaction:
            connection = transaction.connection
            place = None if key is None else _slot_of(connection, key)
            if by.seen is not None and place is not None and _version(connection, place) != by.seen:
                raise Overtaken(_overtaken(connection, place))
            before, holds = _found(connection, place), _holds(connection, now)
            yield
            after = _holds(connection, now)
            made, released = tuple(sorted(after - holds)), tuple(sorted(holds - after))
            found = _Before(*before, made=made, released=released, kept=kept)
            values = {
                "at": now, "who": by.who, "what": what, "why": by.why, "slot": place, "about": about,
                "before": "" if is_final else json.encode(found).decode(),
                "after": "" if place is None else _version(connection, place),
            }  # fmt: skip
            connection.execute(insert(decision).values(values))

    def version(self, key: str) -> str:
        """A name for how a slot stands, as far as people decide about it: it changes when anything of that does."""
        with self.reading() as connection:
            return _version(connection, _slot_of(connection, key))

    def decisions(
        self, *, slot: str | None = None, before: int | None = None, most: int = 100
    ) -> tuple[Decision, ...]:
        """What was decided, the newest first: about one slot or all, before the decision of that number."""
        question = select(decision).order_by(decision.c.id.desc()).limit(most)
        if slot is not None:
            question = question.where(decision.c.slot == slot)
        if before is not None:
            question = question.where(decision.c.id < before)
        with self.reading() as connection:
            return tuple(_decision(row) for row in connection.execute(question))

    def decided(self, number: int) -> Decision:
        """One decision; BadCall where there is none of that number."""
        with self.reading() as connection:
            return _decision(_row(connection, number))

    def counted(self, what: str) -> int:
        """How many decisions of a kind stand; those that were taken back are left out."""
        standing = (decision.c.what == what) & decision.c.undone_by.is_(None)
        with self.reading() as connection:
            return connection.scalar(select(func.count()).where(standing)) or 0

    def kept(self, number: int) -> str:
        """What the maker of a decision kept for taking it back."""
        with self.reading() as connection:
            return _before(_row(connection, number)).kept

    def undo(self, number: int, by: By, *, now: int) -> int | None:
        """Take a decision back: all is as it was before. BadCall where something was sent, or decided, since.

        The instant from which the rest is planned anew because of it; None where it is not.
        """
        with self.writing() as transaction:
            connection = transaction.connection
            row = _row(connection, number)
            before = _before(row)
            since = _put_back(transaction, row, before, now)
            _let(connection, before, now)
            values = {
                "at": now, "who": by.who, "what": "undo", "why": by.why or f"takes back: {_decision(row).told}",
                "slot": row.slot, "about": row.about, "before": "",
                "after": "" if row.slot is None else _version(connection, row.slot),
            }  # fmt: skip
            undone_by = connection.execute(insert(decision).values(values).returning(decision.c.id)).scalar()
            mine = decision.c.id == number
            connection.execute(update(decision).where(mine).values(undone_by=undone_by))
            return since


def _slot_of(connection: Connection, key: str) -> str:
    name: str = find_deliveries(connection, key)[0].slot
    return name


def _found(
    connection: Connection, place: str | None
) -> tuple[dict[str, Any] | None, tuple[dict[str, Any], ...], tuple[dict[str, Any], ...], str]:
    """The rows of a slot as they stand, and from which files they were planned."""
    if place is None:
        return None, (), (), ""
    ways = select(delivery.c.key).where(delivery.c.slot == place)
    rows = connection.execute(select(slot).where(slot.c.key == place)).one()
    return (
        _values(rows),
        _all(connection, delivery, delivery.c.slot == place),
        _all(connection, approval, approval.c.delivery.in_(ways)),
        connection.scalar(select(cursor.c.files)) or "",
    )


def _all(connection: Connection, table: Table, wanted: Any) -> tuple[dict[str, Any], ...]:  # noqa: ANN401 - SQLAlchemy's
    return tuple(_values(row) for row in connection.execute(select(table).where(wanted)))


def _values(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's own name for it, and public


def _version(connection: Connection, place: str) -> str:
    row, deliveries, approvals, _ = _found(connection, place)
    looks = ("post", "at", "tone")
    ways = sorted([each[name] for name in ("key", *_DECIDED)] for each in deliveries)
    signed = sorted([each["delivery"], each["who"], each["digest"]] for each in approvals)
    return digest(*((row or {}).get(name) for name in looks), str(ways), str(signed))


def _overtaken(connection: Connection, place: str) -> str:
    """What has happened to a slot meanwhile, in words."""
    newest = connection.execute(
        select(decision).where(decision.c.slot == place).order_by(decision.c.id.desc()).limit(1)
    ).one_or_none()
    states = connection.scalars(
        select(delivery.c.state).where(delivery.c.slot == place).distinct().order_by(delivery.c.state)
    )
    last = f" (last: {_decision(newest).told})" if newest else ""
    stands = " and ".join(states)
    return f"it has changed since you looked at it, and is {stands} now{last}; nothing of yours was done: look again"


def _row(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(decision).where(decision.c.id == number)).one_or_none()
    if row is None:
        raise BadCall(f"there is no decision {number}")
    return row


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        row.id, row.at, row.who, row.what, row.why, row.slot, row.about,
        bool(row.before) and row.undone_by is None, row.undone_by,
    )  # fmt: skip


def _before(row: Row[Any]) -> _Before:
    """What a decision found; BadCall where it cannot be taken back, or was."""
    if row.undone_by is not None:
        raise BadCall("that was taken back already")
    if not row.before:
        raise BadCall(f"what was decided there ({row.what}) cannot be taken back")
    return json.decode(row.before, type=_Before)


def _put_back(transaction: Transaction, row: Row[Any], before: _Before, now: int) -> int | None:
    if before.slot is None:
        return None
    connection = transaction.connection
    if _version(connection, row.slot) != row.after:
        raise Overtaken(_overtaken(connection, row.slot))
    _, ways, _, files = _found(connection, row.slot)
    _refuse_late(ways, before, now)
    was = {way["key"]: way["state"] for way in ways}
    for each in before.deliveries:
        _put_way_back(transaction, each, was[each["key"]], why=f"{row.what} taken back", now=now)
    connection.execute(delete(approval).where(approval.c.delivery.in_(was)))
    if before.approvals:
        connection.execute(insert(approval), list(before.approvals))
    place, mine = before.slot, slot.c.key == row.slot
    now_at = connection.execute(select(slot.c.post, slot.c.at).where(mine)).one()
    # From other files it would have been planned otherwise: what a person put back stays then.
    touched = place["touched"] if files == before.files else True
    connection.execute(update(slot).where(mine).values({**place, "touched": touched}))
    is_placed = (now_at.post, now_at.at) != (place["post"], place["at"])
    return make_way(transaction, row.slot, now) if is_placed else None


def _refuse_late(ways: Sequence[Mapping[str, Any]], before: _Before, now: int) -> None:
    for way in ways:
        if way["fence"] or way["state"] not in _OPEN:
            raise BadCall(
                f"cannot take that back: {way['account']} was asked for it already, it is {way['state']}"
            )
    ends = max(each["deadline"] for each in before.deliveries)
    if ends <= now:
        raise BadCall(f"cannot take that back: its time ended {utc_text(ends)}")


def _put_way_back(
    transaction: Transaction, way: Mapping[str, Any], state: str, *, why: str, now: int
) -> None:
    if state == way["state"]:
        transaction.note(way["key"], State(state), State(state), now=now, reason=why)
    else:
        transaction.move(way["key"], State(state), State(way["state"]), now=now, reason=why)
    values = {name: way[name] for name in (*_DECIDED, "reason") if name != "state"}
    transaction.connection.execute(update(delivery).where(delivery.c.key == way["key"]).values(values))


def _let(connection: Connection, before: _Before, now: int) -> None:
    """Let go of the holds that a decision made, and hold again what it released. BadCall where they ended since."""
    if not _holds(connection, now).issuperset(before.made):
        raise BadCall("cannot take that back: the hold has ended since")
    for numbers, at in ((before.made, now), (before.released, None)):
        connection.execute(update(hold).where(hold.c.id.in_(numbers)).values(released_at=at))


def _holds(connection: Connection, now: int) -> set[int]:
    return set(connection.scalars(select(hold.c.id).where(holding(now))))
