"""Deliveries of which nobody knows whether the network has them, and how they are cleared up."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.delivery.database import Database, Transaction
from bot.delivery.retry import LONGEST_RESPITE, Verdict, backoff
from bot.delivery.states import State
from bot.delivery.tables import attempt, delivery, move, receipt, slot, spend
from bot.delivery.values import UNANSWERED, UNCLEAR, Claim, Unknown, claim_of, receipts_of
from bot.zones import HOUR

#: The most between two looks at a delivery that stays unknown.
LONGEST_SILENCE = 6 * HOUR


class Unknowns(Database):
    """The side of the queue that clears up silence: never by asking again and hoping."""

    def unknown(self, account: str, now: int) -> Unknown | None:
        """What an account's network should be asked about next; None while all is in quarantine."""
        with self.reading() as connection:
            row = connection.execute(_UNKNOWN, {"account": account, "now": now}).one_or_none()
            return None if row is None else _unknown(connection, row)

    def unknown_now(self, key: str) -> Unknown | None:
        """A delivery that is unknown, in quarantine or not; None where it is not unknown (any more)."""
        with self.reading() as connection:
            row = connection.execute(_THIS_UNKNOWN, {"the_key": key}).one_or_none()
            return None if row is None else _unknown(connection, row)

    def clear(self, unknown: Unknown, now: int) -> bool:
        """Move on what is known now: sent with a receipt for every part, else pending, to go on where it ended.

        False where somebody else has cleared it.
        """
        with self.writing() as transaction:
            have = len(receipts_of(transaction.connection, unknown.claim.key))
            if have == len(unknown.claim.rendition.parts) and not unknown.claim.damage:
                return _found(transaction, unknown.claim, now)
            if unknown.asked and have == len(unknown.claim.receipts):
                return _absent(transaction, unknown.claim, now)
            return _go_on(transaction, unknown.claim, have, now=now)

    def leave_unknown(self, unknown: Unknown, reason: str, now: int, *, after: int | None = None) -> None:
        """Wait before the network is asked again: as long as it has been unknown, within bounds, and until `after`."""
        key = unknown.claim.key
        with self.writing() as transaction:
            connection = transaction.connection
            mine = and_(delivery.c.key == key, delivery.c.state == State.UNKNOWN)
            since = connection.scalar(select(func.max(move.c.at)).where(move.c.delivery == key)) or now
            quarantine = connection.scalar(select(delivery.c.quarantine).where(mine)) or 0
            told = min(after or now, now + LONGEST_RESPITE)
            due = max(now + min(max(now - since, quarantine), LONGEST_SILENCE), told)
            values = {"due": due, "reason": f"unanswered: {reason}"}
            connection.execute(update(delivery).where(mine).values(values))
            transaction.say(f"still unknown: {reason}", delivery=key, at=now, due=due)


def is_open() -> ColumnElement[bool]:
    """Nobody knows what became of the attempt."""
    outcome = attempt.c.outcome
    return or_(outcome.is_(None), outcome == UNANSWERED, outcome == UNCLEAR)


def was_asked(connection: Connection, key: str) -> bool:
    """Tell whether a delivery was asked for and no answer says what became of it."""
    return bool(connection.scalar(select(_IS_OPEN), {"key": key}))


def close_attempts(connection: Connection, key: str, outcome: str) -> None:
    """Write down what became of the attempts that were not answered."""
    mine = and_(attempt.c.delivery == key, is_open())
    connection.execute(update(attempt).where(mine).values(outcome=outcome))
    give_back(connection, key)


def give_back(connection: Connection, key: str) -> None:
    """Give back what was reserved for a delivery, if nothing of it was written and nothing may have been."""
    connection.execute(_GIVE_BACK, {"the_key": key})


def goes_on(part: int, now: int) -> Verdict:
    """What follows when nothing is unknown any more and a part is missing."""
    return Verdict(State.PENDING, f"goes on with part {part}, which was never asked for", now)


def look_again(of: Claim | Row[Any], now: int) -> int | None:
    """When an unknown delivery's network may be asked what it has: after the quarantine, if it can be asked at all."""
    return now + of.quarantine if of.find else None


_UNKNOWN = (
    select(delivery, slot.c.post)
    .join(slot, slot.c.key == delivery.c.slot)
    .where(
        delivery.c.account == bindparam("account"),
        delivery.c.state == State.UNKNOWN,
        delivery.c.due <= bindparam("now"),
    )
    .order_by(delivery.c.due)
    .limit(1)
)
_THIS_UNKNOWN = (
    select(delivery, slot.c.post)
    .join(slot, slot.c.key == delivery.c.slot)
    .where(delivery.c.key == bindparam("the_key"), delivery.c.state == State.UNKNOWN)
)
_IS_OPEN = exists().where(attempt.c.delivery == bindparam("key"), is_open())
_GIVE_BACK = delete(spend).where(
    spend.c.delivery == bindparam("the_key"),
    ~exists().where(receipt.c.delivery == spend.c.delivery),
    ~exists().where(attempt.c.delivery == spend.c.delivery, is_open()),
)


def _unknown(connection: Connection, row: Row[Any]) -> Unknown:
    live, unclear = (
        bool(connection.scalar(select(_IS_OPEN.where(each)), {"key": row.key}))
        for each in (attempt.c.live, attempt.c.outcome == UNCLEAR)
    )
    return Unknown(claim_of(connection, row), was_asked(connection, row.key), live, unclear)


def _found(transaction: Transaction, claim: Claim, now: int) -> bool:
    return transaction.move(
        claim.key,
        State.UNKNOWN,
        State.SENT,
        now=now,
        reason="found on the network",
        fence=claim.fence,
        due=None,
    )


def _absent(transaction: Transaction, claim: Claim, now: int) -> bool:
    moved = transaction.move(
        claim.key,
        State.UNKNOWN,
        State.PENDING,
        now=now,
        reason="proved absent",
        fence=claim.fence,
        due=now + backoff(claim.attempts),
        attempts=claim.attempts + 1,
    )
    if moved:
        close_attempts(transaction.connection, claim.key, "absent")
    return moved


def _go_on(transaction: Transaction, claim: Claim, have: int, *, now: int) -> bool:
    verdict = goes_on(have + 1, now)
    return transaction.move(
        claim.key,
        State.UNKNOWN,
        verdict.state,
        now=now,
        reason=verdict.reason,
        fence=claim.fence,
        due=verdict.due,
    )
