"""What is sent: claims, attempts and receipts, and where each answer leads."""

from sqlalchemy import ColumnElement, Connection, Update, and_, exists, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_once

from bot.contracts import Receipt
from bot.delivery import rules
from bot.delivery.database import Database
from bot.delivery.retry import Verdict
from bot.delivery.states import State
from bot.delivery.tables import attempt, delivery, hold, receipt, slot
from bot.delivery.unknowns import is_open, look_again
from bot.delivery.values import Claim, claim_of

# Made once: an alias copies every column of its table, and a daemon at rest asks these questions too.
_WAY, _PLACE = delivery.alias(), slot.alias()


class Sending(Database):
    """The side of the queue that a delivery goes through."""

    def claim(self, now: int, key: str | None = None) -> Claim | None:
        """Take the delivery that has been due longest, or the one named if it is due; nobody else gets it then.

        None where nothing is due that is approved, not held, and not too soon after another of its account.
        """
        with self.writing() as transaction:
            row = transaction.connection.execute(_claiming(now, key)).one_or_none()
            if row is None:
                return None
            transaction.note(row.key, State.PENDING, State.SENDING, now=now, reason="claimed")
            return claim_of(transaction.connection, row)

    def intend(self, claim: Claim, part: int, now: int) -> bool:
        """Write down that a part is about to be asked for; only then may it be.

        False where the claim is no longer ours, or its lease ran out while this process slept; before the first part
        of a claim also where it has become too late, or somebody has stopped it.
        """
        ours = _ours(claim) & (delivery.c.lease_until > now)
        if part == claim.missing.start:
            ours &= and_(delivery.c.deadline > now, ~_is_stopped(now))
        with self.writing() as transaction:
            extended = update(delivery).where(ours).values(lease_until=now + delivery.c.lease)
            if transaction.connection.execute(extended).rowcount == 0:
                return False
            asked = {"delivery": claim.key, "part": part, "fence": claim.fence, "at": now}
            transaction.connection.execute(insert(attempt).values(asked))
            return True

    def record(self, claim: Claim, part: int, proof: Receipt) -> None:
        """Write down the network's proof for a part, whoever has the claim by now."""
        values = {"delivery": claim.key, "part": part, "id": proof.id, "url": proof.url, "at": proof.at}
        with self.writing() as transaction:
            transaction.connection.execute(insert_once(receipt).values(values).on_conflict_do_nothing())
            mine = and_(attempt.c.delivery == claim.key, attempt.c.part == part)
            transaction.connection.execute(
                update(attempt).where(mine, is_open()).values(outcome="receipt", detail=proof.url)
            )
            transaction.say(f"receipt: {proof.url}", account=claim.account, post=claim.post, **values)

    def settle(self, claim: Claim, verdict: Verdict, now: int) -> bool:
        """Move a claimed delivery to where its answer leads; False where somebody else has it by now."""
        with self.writing() as transaction:
            asked = _close(transaction.connection, claim, verdict)
            due = look_again(now) if verdict.state is State.UNKNOWN else verdict.due
            return transaction.move(
                claim.key,
                State.SENDING,
                verdict.state,
                now=now,
                reason=verdict.reason,
                fence=claim.fence,
                due=due,
                lease_until=None,
                attempts=delivery.c.attempts + (asked if verdict.state is State.PENDING else 0),
            )

    def next_due(self, now: int) -> int | None:
        """The next instant at which something may have to be done; None where nothing is awaited."""
        way = _WAY
        pending = select(way).join(slot, slot.c.key == way.c.slot).where(way.c.state == State.PENDING)
        free = pending.where(rules.is_approved(way), ~rules.is_held(way, slot, now))
        # One that waits for another that is on time is awaited with that.
        paced = free.where(way.c.due <= now, rules.is_paced(way, now), rules.paced_until(way) > now)
        questions = (
            free.where(~rules.is_paced(way, now)).with_only_columns(way.c.due).order_by(way.c.due).limit(1),
            paced.with_only_columns(func.min(rules.paced_until(way))),
            select(func.min(delivery.c.deadline)).where(delivery.c.state == State.PENDING),
            select(func.min(delivery.c.lease_until)).where(delivery.c.state == State.SENDING),
            select(func.min(delivery.c.due)).where(delivery.c.state == State.UNKNOWN),
            select(func.min(hold.c.until)).where(hold.c.released_at.is_(None), hold.c.until > now),
        )
        with self.reading() as connection:
            answers = [connection.scalar(question) for question in questions]
        return min((due for due in answers if due is not None), default=None)


def _claiming(now: int, key: str | None) -> Update:
    """The one statement that decides who gets a delivery."""
    way, place = _WAY, _PLACE
    due = (
        select(way.c.key)
        .join(place, place.c.key == way.c.slot)
        .where(way.c.state == State.PENDING, way.c.due <= now, way.c.deadline > now)
        .where(rules.is_approved(way), ~rules.is_held(way, place, now), ~rules.is_paced(way, now))
        .order_by(way.c.due, place.c.priority, way.c.key)
        .limit(1)
    )
    if key is not None:
        due = due.where(way.c.key == key)
    return (
        update(delivery)
        .where(delivery.c.key == due.scalar_subquery(), delivery.c.state == State.PENDING)
        .values(
            state=State.SENDING,
            fence=delivery.c.fence + 1,
            lease_until=now + delivery.c.lease,
            reason="claimed",
        )
        .returning(*delivery.c)
    )


def _ours(claim: Claim) -> ColumnElement[bool]:
    return and_(
        delivery.c.key == claim.key, delivery.c.state == State.SENDING, delivery.c.fence == claim.fence
    )


def _is_stopped(now: int) -> ColumnElement[bool]:
    stopped = select(slot.c.key).where(slot.c.key == delivery.c.slot, rules.is_held(delivery, slot, now))
    return exists(stopped.correlate(delivery))


def _close(connection: Connection, claim: Claim, verdict: Verdict) -> int:
    """Write the answer to the attempt at hand; how many attempts there were (one, or none before asking)."""
    outcome = "unanswered" if verdict.state is State.UNKNOWN else "nothing written"
    mine = and_(attempt.c.delivery == claim.key, attempt.c.fence == claim.fence, attempt.c.outcome.is_(None))
    return connection.execute(
        update(attempt).where(mine).values(outcome=outcome, detail=verdict.reason)
    ).rowcount
