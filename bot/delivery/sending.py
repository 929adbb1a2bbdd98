"""What is sent: claims, attempts and receipts, and where each answer leads."""

from collections.abc import Iterable

from msgspec.structs import replace
from sqlalchemy import BindParameter, Connection, Update, and_, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_once

from bot.contracts import Quote, Receipt
from bot.delivery import rules
from bot.delivery.budgets import Cost, over, reserve
from bot.delivery.database import Database, Transaction
from bot.delivery.removals import is_to_go
from bot.delivery.retry import SENT, Respite, Verdict, wait
from bot.delivery.statements import Fixed
from bot.delivery.states import State
from bot.delivery.tables import attempt, delivery, prepared, receipt, slot
from bot.delivery.tables import respite as respites
from bot.delivery.unknowns import give_back, goes_on, is_open, look_again
from bot.delivery.values import NOTHING, UNANSWERED, UNCLEAR, Claim, sealed
from bot.zones import utc_text


class Sending(Database):
    """The side of the queue that a delivery goes through."""

    def claim(
        self, due: Claim, made: tuple[str, ...], now: int, *, live: bool, cost: Cost | None = None
    ) -> Claim | Verdict | None:
        """Take a delivery that is due, keep what was made of its parts, and write down that its next part is asked for.

        None where it is no longer as it was seen to be: somebody else has it, or a person has decided. What it may
        cost is reserved; where a budget has no room for it, it is put off, and that is the verdict.
        """
        with self.writing() as transaction:
            connection = transaction.connection
            if cost is not None and (full := over(connection, cost, due.key, now)):
                room = wait(full, full.after or now, deadline=due.deadline, why="over budget")
                return room if _turn_away(transaction, due, room, now) else None
            if not _take(transaction, due, now):
                return None
            if cost is not None and (cost.usd or cost.bounds):
                reserve(connection, cost, due.key, now)
            _keep(connection, due, made)
            claim = replace(due, fence=due.fence + 1, lease_until=now + due.lease, prepared=made)
            if due.missing:
                _intend(connection, claim, due.missing.start, now, live=live)
            return claim

    def turn_away(self, due: Claim, verdict: Verdict, now: int) -> bool:
        """Move on a delivery that could not be made ready: it was never asked for. False where it changed meanwhile."""
        with self.writing() as transaction:
            return _turn_away(transaction, due, verdict, now)

    def go_on(self, claim: Claim, part: int, proof: Receipt, now: int, *, live: bool) -> bool:
        """Write down the proof for a part, and that the next is about to be asked for; only then may it be.

        False where the claim is no longer ours, or its lease ran out while this process slept: whoever is free
        goes on.
        """
        following = part + len(proof.then) + 1
        with self.writing() as transaction:
            _record(transaction, claim, part, proof)
            extended = {"the_key": claim.key, "the_fence": claim.fence, "now": now}
            if _EXTEND.run(transaction.connection, extended) == 0:
                _settle(transaction, claim, goes_on(following, now), now)
                return False
            _intend(transaction.connection, claim, following, now, live=live)
            return True

    def finish(self, claim: Claim, part: int, proof: Receipt, now: int) -> bool:
        """Write down the proof for the last part; False where somebody else has the delivery by now."""
        with self.writing() as transaction:
            _record(transaction, claim, part, proof)
            if claim.noes:
                end_respite(transaction.connection, claim.account)
            return _settle(transaction, claim, SENT, now)

    def record(self, claim: Claim, part: int, proof: Receipt) -> None:
        """Write down the network's proof for a part and those shown with it, whoever has the claim by now."""
        with self.writing() as transaction:
            _record(transaction, claim, part, proof)

    def settle(self, claim: Claim, verdict: Verdict, now: int) -> bool:
        """Move a claimed delivery to where its answer leads; False where somebody else has it by now."""
        with self.writing() as transaction:
            _close(transaction.connection, claim, verdict)
            return _settle(transaction, claim, verdict, now)

    def keep(self, claims: Iterable[Claim], now: int) -> None:
        """Give a sign of life for what is in hand: its leases last on."""
        rows = [{"the_key": claim.key, "the_fence": claim.fence, "now": now} for claim in claims]
        if rows:
            with self.writing() as transaction:
                _EXTEND.run(transaction.connection, *rows)

    def quoted(self, post: str, account: str, *, live: bool) -> Quote | None:
        """What shows a post on an account: its latest receipt there, of its first part; None where there is none.

        A network's, or the dry run's: what the one has shown is not there on the other. What was to be taken down is
        not said again, whether it is gone or not.
        """
        with self.reading() as connection:
            row = connection.execute(_QUOTED, {"post": post, "account": account, "live": live}).one_or_none()
            return None if row is None else Quote(row.id, row.url)


_KEY: BindParameter[str] = bindparam("the_key")
_FENCE: BindParameter[int] = bindparam("the_fence")


def _taking() -> Update:
    """The one statement that decides who gets a delivery: it must still be as it was seen to be."""
    way, place = delivery.alias("way"), slot.alias()
    free = (
        select(way.c.key)
        .join(place, place.c.key == way.c.slot)
        .where(way.c.key == _KEY, way.c.due <= rules.NOW, way.c.deadline > rules.NOW)
        .where(rules.is_approved(way), ~rules.is_held(way, place, rules.NOW))
        .where(~rules.is_left_alone(way, rules.NOW), ~rules.is_paced(way, rules.NOW))
    )
    return (
        update(delivery)
        .where(
            delivery.c.key == free.scalar_subquery(),
            delivery.c.state == State.PENDING,
            delivery.c.fence == _FENCE,
            delivery.c.rendition_digest == bindparam("seen"),
        )
        .values(
            state=State.SENDING,
            fence=delivery.c.fence + 1,
            lease_until=rules.NOW + delivery.c.lease,
            reason="claimed",
        )
    )


_TAKE = Fixed(_taking())
_EXTEND = Fixed(
    update(delivery)
    .where(
        delivery.c.key == _KEY,
        delivery.c.state == State.SENDING,
        delivery.c.fence == _FENCE,
        delivery.c.lease_until > rules.NOW,
    )
    .values(lease_until=rules.NOW + delivery.c.lease)
)
_INTEND = Fixed(insert(attempt), "delivery", "part", "fence", "at", "live")
_KEEP = Fixed(insert_once(prepared).on_conflict_do_nothing(), "delivery", "part", "text", "seal")
_RESPITE = insert_once(respites)
_LEAVE_ALONE = _RESPITE.on_conflict_do_update(
    index_elements=["account"],
    set_={name: _RESPITE.excluded[name] for name in ("until", "reason", "noes")},
    # Of two ends that were named, the later holds.
    where=respites.c.until <= _RESPITE.excluded.until,
)
_RECORD = Fixed(insert_once(receipt).on_conflict_do_nothing(), "delivery", "part", "id", "url", "at")
_ANSWER = Fixed(
    update(attempt)
    .where(attempt.c.delivery == _KEY, attempt.c.part == bindparam("the_part"), is_open())
    .values(outcome=bindparam("how"), detail=bindparam("said"))
)
_CLOSE = Fixed(
    update(attempt)
    .where(attempt.c.delivery == _KEY, attempt.c.fence == _FENCE, attempt.c.outcome.is_(None))
    .values(outcome=bindparam("how"), detail=bindparam("said"))
)
_QUOTED = (
    select(receipt.c.id, receipt.c.url)
    .join(delivery, delivery.c.key == receipt.c.delivery)
    .join(slot, slot.c.key == delivery.c.slot)
    .join(attempt, and_(attempt.c.delivery == receipt.c.delivery, attempt.c.part == receipt.c.part))
    .where(slot.c.post == bindparam("post"), delivery.c.account == bindparam("account"), receipt.c.part == 1)
    .where(attempt.c.live == bindparam("live"), attempt.c.outcome == "receipt", ~is_to_go())
    .order_by(receipt.c.at.desc())
    .limit(1)
)


def _take(transaction: Transaction, due: Claim, now: int) -> bool:
    seen = {"the_key": due.key, "the_fence": due.fence, "seen": due.digest, "now": now}
    if _TAKE.run(transaction.connection, seen) == 0:
        return False
    transaction.note(due.key, State.PENDING, State.SENDING, now=now, reason="claimed")
    return True


def _turn_away(transaction: Transaction, due: Claim, verdict: Verdict, now: int) -> bool:
    if not _take(transaction, due, now):
        return False
    return _settle(transaction, replace(due, fence=due.fence + 1), verdict, now)


def _keep(connection: Connection, due: Claim, made: tuple[str, ...]) -> None:
    """Keep what was made of the parts, if anything was and it is not kept yet."""
    if not due.prepared and any(made):
        rows = [
            {"delivery": due.key, "part": part, "text": text, "seal": sealed(due.key, part, text)}
            for part, text in enumerate(made, 1)
            if text
        ]
        _KEEP.run(connection, *rows)


def _intend(connection: Connection, claim: Claim, part: int, now: int, *, live: bool) -> None:
    asked = {"delivery": claim.key, "part": part, "fence": claim.fence, "at": now, "live": live}
    _INTEND.run(connection, asked)


def _record(transaction: Transaction, claim: Claim, part: int, proof: Receipt) -> None:
    for number, each in enumerate((proof, *proof.then), part):
        values = {"delivery": claim.key, "part": number, "id": each.id, "url": each.url, "at": each.at}
        _RECORD.run(transaction.connection, values)
        answered = {"the_key": claim.key, "the_part": number, "how": "receipt", "said": each.url}
        _ANSWER.run(transaction.connection, answered)
        transaction.say(f"receipt: {each.url}", account=claim.account, post=claim.post, **values)


def _close(connection: Connection, claim: Claim, verdict: Verdict) -> None:
    """Write the answer to the attempt at hand."""
    how = NOTHING
    if verdict.state is State.UNKNOWN:
        how = UNCLEAR if verdict.unclear else UNANSWERED
    answered = {"the_key": claim.key, "the_fence": claim.fence, "how": how, "said": verdict.reason}
    _CLOSE.run(connection, answered)


def _settle(transaction: Transaction, claim: Claim, verdict: Verdict, now: int) -> bool:
    """Move it on from where it was claimed, or from where it was taken for dead: an answer that comes late is one."""
    due = look_again(claim, now) if verdict.state is State.UNKNOWN else verdict.due
    if verdict.respite:
        _leave_alone(transaction.connection, claim.account, verdict.respite)
    moved = any(
        transaction.move(
            claim.key,
            origin,
            verdict.state,
            now=now,
            reason=verdict.reason,
            fence=claim.fence,
            due=due,
            lease_until=None,
            attempts=claim.attempts + verdict.counts,
        )
        for origin in (State.SENDING, State.UNKNOWN)
        if origin is not verdict.state
    )
    if verdict.state is not State.SENT:
        give_back(transaction.connection, claim.key)
    return moved


def _leave_alone(connection: Connection, account: str, respite: Respite) -> None:
    reason = f"left alone until {utc_text(respite.until)}: {respite.reason}"
    values = {"until": respite.until, "reason": reason, "noes": respite.noes}
    connection.execute(_LEAVE_ALONE, {"account": account, **values})


def end_respite(connection: Connection, account: str) -> None:
    """Let an account be asked again: its network took something, or a person wants it to be asked."""
    connection.execute(delete(respites).where(respites.c.account == account))
