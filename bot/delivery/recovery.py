"""What time has overtaken: deliveries that are too late, claims whose process died, accounts that are no more."""

from collections.abc import Container, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select
from sqlalchemy.dialects.sqlite import insert as insert_once

from bot.delivery import rules
from bot.delivery.database import Database, Transaction
from bot.delivery.states import State
from bot.delivery.tables import delivery, hold, pulse, respite, slot
from bot.delivery.unknowns import look_again, was_asked
from bot.delivery.values import Hold, hold_of


class Recovery(Database):
    """The side of the queue that puts right what nobody was there to do."""

    def newest(self) -> int | None:
        """The newest instant that was lived through here; None before the first."""
        with self.reading() as connection:
            return _newest(connection)

    def recover(self, now: int, accounts: Container[str]) -> None:
        """Put right what time has overtaken, and note that `now` was lived through.

        What is too late becomes missed, a claim whose lease ran out becomes unknown, and what is due to an account
        that is not among `accounts` is cancelled. Each has its reason written down.
        """
        with self.writing() as transaction:
            newest = _newest(transaction.connection)
            _miss(transaction, now, newest)
            _give_up(transaction, now)
            _cancel_homeless(transaction, now, accounts)
            if newest is None or newest < now:
                beat = insert_once(pulse).values(id=1, at=now)
                transaction.connection.execute(
                    beat.on_conflict_do_update(index_elements=["id"], set_={"at": now})
                )


def _newest(connection: Connection) -> int | None:
    return connection.scalar(select(pulse.c.at))


#: What says why a delivery was too late; after an outage there are thousands.
_TOLD_WHY: list[ColumnElement[Any]] = [
    *(delivery.c[name] for name in ("key", "account", "deadline", "due", "fence", "reason")),
    slot.c.tone,
    slot.c.event_tone,
    rules.is_approved(delivery).label("is_approved"),
]


def _miss(transaction: Transaction, now: int, newest: int | None) -> None:
    late = transaction.connection.execute(
        select(*_TOLD_WHY)
        .join(slot, slot.c.key == delivery.c.slot)
        .where(delivery.c.state == State.PENDING, delivery.c.deadline <= now)
    ).all()
    holds = [hold_of(row) for row in transaction.connection.execute(select(hold))] if late else []
    respites = {row.account: row for row in transaction.connection.execute(select(respite))} if late else {}
    reasons = {row.key: _why_missed(row, holds, respites.get(row.account), newest) for row in late}
    transaction.move_all(reasons, State.PENDING, State.MISSED, now=now, due=None)


def _why_missed(row: Row[Any], holds: Iterable[Hold], rest: Row[Any] | None, newest: int | None) -> str:
    """What kept a delivery from going out in time. `rest` is its account's last respite, `newest` when the bot last ran."""
    tones = (row.tone, row.event_tone)
    stops = (each for each in holds if each.concerns(row.account, tones) and each.covers(row.deadline))
    if stop := next(stops, None):
        return f"held: {stop.reason}"
    if not row.is_approved:
        return "not approved in time"
    if row.fence:
        return f"out of time: {row.reason}"
    if rest is not None and rest.until >= row.deadline:
        return f"out of time: {rest.reason}"
    if newest is None or newest < row.due + rules.LATE:
        return "the bot was not running"
    return "no room for it: others of its account were due too, and their smallest gap was kept"


def _give_up(transaction: Transaction, now: int) -> None:
    connection = transaction.connection
    dead = select(delivery).where(delivery.c.state == State.SENDING, delivery.c.lease_until <= now)
    for row in connection.execute(dead).all():
        asked = was_asked(connection, row.key)
        transaction.move(
            row.key,
            State.SENDING,
            State.UNKNOWN,
            now=now,
            reason="its process died " + ("while it asked" if asked else "before it asked"),
            due=look_again(row, now) if asked else now,
            lease_until=None,
        )


def _cancel_homeless(transaction: Transaction, now: int, accounts: Container[str]) -> None:
    due = select(delivery.c.key, delivery.c.account).where(
        delivery.c.state == State.PENDING, delivery.c.due <= now
    )
    reasons = {
        row.key: f"there is no account called {row.account!r} any more"
        for row in transaction.connection.execute(due)
        if row.account not in accounts
    }
    transaction.move_all(reasons, State.PENDING, State.CANCELLED, now=now, due=None)
