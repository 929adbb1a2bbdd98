"""What people look at: rows, one delivery with its whole life, and counts."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal, select, true
from sqlalchemy import Row as Record

from bot.contracts import Receipt
from bot.delivery import rules
from bot.delivery.database import Database
from bot.delivery.decisions import find_deliveries
from bot.delivery.states import State
from bot.delivery.tables import approval, attempt, delivery, move, receipt, slot
from bot.delivery.values import Attempt, Move, Row, Shown, readable, rendition_to_show, slot_of
from bot.model import Tone, Window


class Views(Database):
    """The side of the queue that people look at."""

    def rows(
        self,
        now: int,
        *,
        window: Window | None = None,
        states: Collection[State] = (),
        account: str | None = None,
    ) -> tuple[Row, ...]:
        """The deliveries to be seen in a window, in one of these states, on this account; by time.

        What is not given narrows nothing.
        """
        wanted: ColumnElement[bool] = true()
        if window is not None:
            wanted &= (delivery.c.at >= window.start) & (delivery.c.at < window.end)
        if states:
            wanted &= delivery.c.state.in_(states)
        if account is not None:
            wanted &= delivery.c.account == account
        with self.reading() as connection:
            return _rows(connection, wanted, now)

    def show(self, key: str, now: int) -> tuple[Shown, ...]:
        """All that is known about a delivery, or about each delivery of a slot; BadCall where there is none."""
        with self.reading() as connection:
            keys = {row.key for row in find_deliveries(connection, key)}
            rows = _rows(connection, delivery.c.key.in_(keys), now)
            return tuple(
                Shown(row, _attempts(connection, row.key), _moves(connection, row.key)) for row in rows
            )

    def counts(self) -> Mapping[State, int]:
        """How many deliveries stand in each state."""
        question = select(delivery.c.state, func.count().label("number")).group_by(delivery.c.state)
        with self.reading() as connection:
            found = {row.state: row.number for row in connection.execute(question)}
        return {state: found.get(state, 0) for state in State}


def _rows(connection: Connection, wanted: ColumnElement[bool], now: int) -> tuple[Row, ...]:
    question = _with_slots(now).where(wanted).order_by(delivery.c.at, slot.c.priority, delivery.c.key)
    records = connection.execute(question).all()
    approvers = _approvers(connection, wanted)
    proofs: dict[str, list[Receipt]] = defaultdict(list)
    for name, *proof in connection.execute(
        select(receipt.c.delivery, receipt.c.id, receipt.c.url, receipt.c.at)
        .join(delivery, delivery.c.key == receipt.c.delivery)
        .where(wanted)
        .order_by(receipt.c.delivery, receipt.c.part)
    ):
        proofs[name].append(Receipt(*proof))
    return tuple(
        readable(records, lambda record: _row(record, tuple(proofs[record.key]), approvers[record.key]))
    )


def _with_slots(now: int) -> Select[Any]:
    """Deliveries, each with the slot that it is for and what keeps it back."""
    then = func.max(delivery.c.due, now)  # what ends before something is due does not keep it back
    held, respite = rules.hold_reason(delivery, slot, then), rules.respite_reason(delivery, then)
    waits = case(
        (delivery.c.state != State.PENDING, ""),
        (~rules.is_approved(delivery), "not approved"),
        (held.is_not(None), literal("held: ") + held),
        (respite.is_not(None), respite),
        else_="",
    )
    theirs = (column for column in slot.c if column.name not in delivery.c)
    return select(delivery, *theirs, waits.label("waits")).join(slot, slot.c.key == delivery.c.slot)


def _approvers(connection: Connection, wanted: ColumnElement[bool]) -> Mapping[str, tuple[str, ...]]:
    """Who approved each delivery as it is now shown."""
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for name, who in connection.execute(
        select(approval.c.delivery, approval.c.who)
        .join(delivery, delivery.c.key == approval.c.delivery)
        .where(wanted, approval.c.digest == delivery.c.rendition_digest)
        .order_by(approval.c.at, approval.c.who)
    ):
        found[name] += (who,)
    return found


def _row(record: Record[Any], receipts: tuple[Receipt, ...], approvers: tuple[str, ...]) -> Row:
    return Row(
        key=record.key,
        slot=slot_of(record, record.at),
        post=record.post,
        tone=Tone(record.tone),
        account=record.account,
        network=record.network,
        state=State(record.state),
        at=record.at,
        due=record.due,
        deadline=record.deadline,
        why=record.why,
        reason=record.reason,
        waits=record.waits,
        approvals=record.approvals,
        approved_by=approvers,
        touched=record.touched,
        attempts=record.attempts,
        rendition=rendition_to_show(record),
        receipts=receipts,
    )


def _attempts(connection: Connection, key: str) -> tuple[Attempt, ...]:
    rows = connection.execute(
        select(attempt.c.part, attempt.c.at, attempt.c.live, attempt.c.outcome, attempt.c.detail)
        .where(attempt.c.delivery == key)
        .order_by(attempt.c.fence, attempt.c.part)
    )
    return tuple(Attempt(*row) for row in rows)


def _moves(connection: Connection, key: str) -> tuple[Move, ...]:
    rows = connection.execute(
        select(move.c.origin, move.c.state, move.c.at, move.c.reason)
        .where(move.c.delivery == key)
        .order_by(move.c.id)
    )
    return tuple(Move(State(row.origin), State(row.state), row.at, row.reason) for row in rows)
