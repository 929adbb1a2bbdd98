"""What people decide: approve, skip, move, swap, edit, retry, resolve, hold, release.

A key may be a delivery's or its slot's, or the beginning of one that is not the beginning of another; a slot's key
means all its deliveries. BadCall where a decision comes too late or makes no sense, and says what would.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, literal, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_once
from sqlalchemy.exc import IntegrityError

from bot.contracts import Receipt
from bot.delivery.database import Database, Transaction
from bot.delivery.planned import make_way, post_columns, rendition_columns
from bot.delivery.sending import end_respite
from bot.delivery.states import State
from bot.delivery.tables import approval, delivery, hold, receipt, removal, slot
from bot.delivery.unknowns import close_attempts
from bot.delivery.values import Hold, hold_of, receipts_of, rendition_of, slot_of
from bot.errors import BadCall, BadState, Overtaken
from bot.model import PlannedPost, Rendition, Tone, digest
from bot.zones import utc_text


class Decisions(Database):
    """The side of the queue that people speak to."""

    def approve(self, key: str, *, who: str, now: int, seen: str | None = None) -> None:
        """Let a pending delivery go out as it is now shown, once as many people have as it needs; an edit voids that.

        With the digest of the rendition that was `seen`, only if it still is what would go out.
        """
        with self.writing() as transaction:
            rows = _of(transaction, key, State.PENDING, to="approve")
            if seen is not None and {row.rendition_digest for row in rows} != {seen}:
                raise Overtaken(f"{key}: it has changed since it was looked at; look at it again")
            for row in _unsigned(transaction.connection, rows, who):
                missing = _sign(transaction.connection, row, who, now)
                values = {} if missing else {"approved_digest": row.rendition_digest}
                more = f"; {_people(missing)} must, too" if missing else ""
                _decide(transaction, [row], values, now=now, reason=f"approved by {who}{more}")

    def skip(self, key: str, *, reason: str, now: int) -> None:
        """Cancel a pending delivery; its slot stays empty."""
        with self.writing() as transaction:
            rows = _of(transaction, key, State.PENDING, to="skip")
            for row in rows:
                transaction.move(row.key, State.PENDING, State.CANCELLED, now=now, reason=reason, due=None)
            _touch(transaction.connection, rows)

    def move(self, key: str, *, at: int, now: int) -> int | None:
        """Show a pending delivery at another time, with its grace, but never past midnight of the day where it lies then.

        The instant from which the rest is planned anew because the same post waits there too; None where it does not.
        """
        if at < now:
            raise BadCall(f"{utc_text(at)} has passed; name a time to come")
        with self.writing() as transaction:
            rows = _of(transaction, key, State.PENDING, to="move")
            place = transaction.connection.execute(select(slot).where(slot.c.key == rows[0].slot)).one()
            limit = slot_of(place, at).deadline(place.grace)
            values = {"at": at, "due": at, "deadline": limit}
            _decide(transaction, rows, values, now=now, reason=f"moved to {utc_text(at)}")
            first = select(func.min(delivery.c.at)).where(delivery.c.slot == place.key).scalar_subquery()
            transaction.connection.execute(update(slot).where(slot.c.key == place.key).values(at=first))
            return make_way(transaction, place.key, now)

    def swap(self, key: str, planned: PlannedPost, *, now: int) -> int | None:
        """Put another post into a slot that nothing was sent of; an approval of the first is void.

        The instant from which the rest is planned anew because that post waits there too; None where it does not.
        """
        shown = {rendition.account: rendition for rendition in planned.renditions}
        with self.writing() as transaction:
            found = _of(transaction, key, State.PENDING, to="swap")[0]
            rows = transaction.connection.execute(select(delivery).where(delivery.c.slot == found.slot)).all()
            _refuse_to_swap(rows, shown)
            for row in rows:
                values = rendition_columns(replace(shown[row.account], key=row.key))
                _decide(transaction, [row], values, now=now, reason=f"swapped for {planned.post.id}")
            transaction.connection.execute(
                update(slot).where(slot.c.key == found.slot).values(post_columns(planned))
            )
            return make_way(transaction, found.slot, now)

    def edit(self, key: str, shown: Iterable[Rendition], *, now: int) -> None:
        """Show other words this once, on each account of which a rendition is given; an approval is void.

        What else waits with the same post stays as it is.
        """
        words = {rendition.account: rendition for rendition in shown}
        with self.writing() as transaction:
            rows = [row for row in _of(transaction, key, State.PENDING, to="edit") if row.account in words]
            for row in rows:
                _refuse_begun(row, "edit")
                values = rendition_columns(replace(words[row.account], key=row.key))
                _decide(transaction, [row], values, now=now, reason="edited for this time")

    def retry(self, key: str, *, now: int) -> None:
        """Ask again at once for what waits, or in a delivery of its own for what failed, while its grace lasts."""
        with self.writing() as transaction:
            rows = _of(transaction, key, State.PENDING, State.FAILED, to="retry")
            for row in rows:
                if row.state == State.FAILED:
                    _again(transaction, row, now)
                elif row.at > now:
                    raise BadCall(
                        f"cannot retry {row.key}: it is not due before {utc_text(row.at)}; move it instead"
                    )
                else:
                    _decide(transaction, [row], {"due": now}, now=now, reason="asked for again by a person")
                end_respite(transaction.connection, row.account)

    def resolve_sent(self, key: str, *, url: str, now: int) -> None:
        """The network has the part that was not answered, at this address; a thread goes on with the next."""
        with self.writing() as transaction:
            for row in _of(transaction, key, State.UNKNOWN, to="resolve"):
                have = len(receipts_of(transaction.connection, row.key))
                proof = Receipt(url.rstrip("/").rpartition("/")[-1], url, now)
                _prove(transaction.connection, row.key, have + 1, proof=proof)
                close_attempts(transaction.connection, row.key, "receipt")
                whole = have + 1 >= _number_of_parts(row)
                to = State.SENT if whole else State.PENDING
                _resolve(transaction, row, to, reason=f"a person found it: {url}", now=now)

    def resolve_absent(self, key: str, *, now: int) -> None:
        """The network does not have it: it is asked again, while its grace lasts."""
        with self.writing() as transaction:
            for row in _of(transaction, key, State.UNKNOWN, to="resolve"):
                close_attempts(transaction.connection, row.key, "absent")
                _resolve(transaction, row, State.PENDING, reason="a person found it absent", now=now)

    def resolve_failed(self, key: str, *, reason: str, now: int) -> None:
        """It is given up, whatever the network has."""
        with self.writing() as transaction:
            for row in _of(transaction, key, State.UNKNOWN, to="resolve"):
                _resolve(transaction, row, State.FAILED, reason=reason, now=now)

    def hold(
        self,
        reason: str,
        *,
        now: int,
        account: str | None = None,
        tone: Tone | None = None,
        until: int | None = None,
    ) -> Hold:
        """Stop all, one account, or one tone, until a time or until it is released; what is in flight arrives."""
        if until is not None and until <= now:
            raise BadCall(f"{utc_text(until)} has passed; name a time to come, or none")
        values = {"account": account, "tone": tone, "since": now, "until": until, "reason": reason}
        with self.writing() as transaction:
            statement = insert(hold).values(values).returning(*hold.c)
            made = hold_of(transaction.connection.execute(statement).one())
            transaction.say(f"hold: {reason}", **values)
            return made

    def release(
        self, *, now: int, account: str | None = None, tone: Tone | None = None, number: int | None = None
    ) -> tuple[Hold, ...]:
        """Let go of the holds of an account or a tone, of that number, or of all; what they were.

        Grace then judges what is late.
        """
        wanted = holding(now)
        if account is not None:
            wanted &= hold.c.account == account
        if tone is not None:
            wanted &= hold.c.tone == tone
        if number is not None:
            wanted &= hold.c.id == number
        with self.writing() as transaction:
            statement = update(hold).where(wanted).values(released_at=now).returning(*hold.c)
            let_go = tuple(hold_of(row) for row in transaction.connection.execute(statement))
            for each in let_go:
                transaction.say(f"released: {each.reason}", account=each.account, tone=each.tone, at=now)
            return let_go

    def holds(self, now: int) -> tuple[Hold, ...]:
        """The holds that hold now."""
        with self.reading() as connection:
            rows = connection.execute(select(hold).where(holding(now)).order_by(hold.c.id))
            return tuple(hold_of(row) for row in rows)


def find_deliveries(connection: Connection, key: str) -> Sequence[Row[Any]]:
    """The delivery that a key begins, or all those of the slot that it begins; BadCall where that is not one."""
    begins = or_(*(column.startswith(key, autoescape=True) for column in (delivery.c.key, delivery.c.slot)))
    rows = connection.execute(select(delivery).where(begins).order_by(delivery.c.key)).all()
    names = {row.key if row.key.startswith(key) else row.slot for row in rows}
    if not key or not names:
        raise BadCall(f"no delivery is called {key!r}; `redletter queue list` shows their keys")
    if len(names) > 1:
        raise BadCall(f"{key} is the beginning of {len(names)} keys; write more of it")
    return rows


def _of(transaction: Transaction, key: str, *states: State, to: str) -> list[Row[Any]]:
    """The deliveries of a key that stand where something can still be decided about them."""
    rows = find_deliveries(transaction.connection, key)
    open_ones = [row for row in rows if row.state in states]
    if not open_ones:
        stand = " and ".join(sorted({row.state for row in rows}))
        raise BadCall(f"cannot {to} {key}: it is {stand}, and only what is {' or '.join(states)} can be")
    return open_ones


def _decide(
    transaction: Transaction, rows: Iterable[Row[Any]], values: dict[str, Any], *, now: int, reason: str
) -> None:
    """Write a decision that leaves the state as it is."""
    for row in rows:
        mine = delivery.c.key == row.key
        transaction.connection.execute(update(delivery).where(mine).values({**values, "reason": reason}))
        transaction.note(row.key, State.PENDING, State.PENDING, now=now, reason=reason)
    _touch(transaction.connection, rows)


def _touch(connection: Connection, rows: Iterable[Row[Any]]) -> None:
    """Note that a person decided something about these: they are not planned anew."""
    connection.execute(update(slot).where(slot.c.key.in_({row.slot for row in rows})).values(touched=True))


def _resolve(transaction: Transaction, row: Row[Any], to: State, *, reason: str, now: int) -> None:
    due = now if to is State.PENDING else None
    transaction.move(row.key, State.UNKNOWN, to, now=now, reason=reason, due=due)
    _touch(transaction.connection, [row])


def _refuse_to_swap(rows: Iterable[Row[Any]], shown: Iterable[str]) -> None:
    for row in rows:
        _refuse_begun(row, "swap")
        if row.account not in shown:
            raise BadCall(f"cannot swap {row.key}: the other post has nothing for {row.account}")


def _refuse_begun(row: Row[Any], to: str) -> None:
    if row.state != State.PENDING or row.fence:
        raise BadCall(f"cannot {to} {row.key}: {row.account} was asked for it already")


def _unsigned(connection: Connection, rows: list[Row[Any]], who: str) -> list[Row[Any]]:
    """Those that a person has not approved as they are, or whose approval is enough; BadCall where there are none."""
    mine = select(approval.c.delivery, approval.c.digest).where(approval.c.who == who)
    signed = {(row.delivery, row.digest) for row in connection.execute(mine)}
    found = [row for row in rows if row.approvals < 2 or (row.key, row.rendition_digest) not in signed]  # noqa: PLR2004 - where two are wanted, one is not enough
    if not found:
        raise BadCall(f"{who} has approved {rows[0].key}; somebody else must, too")
    return found


def _sign(connection: Connection, row: Row[Any], who: str, now: int) -> int:
    """Write down that a person approves a delivery as it is; how many more must."""
    signed = select(approval.c.who).where(
        approval.c.delivery == row.key, approval.c.digest == row.rendition_digest
    )
    names = set(connection.scalars(signed))
    values = {"digest": row.rendition_digest, "at": now}
    once = insert_once(approval).values(delivery=row.key, who=who, **values)
    connection.execute(once.on_conflict_do_update(index_elements=["delivery", "who"], set_=values))
    return int(max(row.approvals - len(names | {who}), 0))


def _people(number: int) -> str:
    return "one more person" if number == 1 else f"{number} more people"


def _number_of_parts(row: Row[Any]) -> int:
    """How many there are; of words that are damaged, as many as a person found."""
    try:
        return len(rendition_of(row).parts)
    except BadState:
        return 0


def _again(transaction: Transaction, row: Row[Any], now: int) -> None:
    """Begin a new delivery where one failed: the same words, after the parts that are out already."""
    if row.deadline <= now:
        raise BadCall(
            f"cannot retry {row.key}: its time ended {utc_text(row.deadline)}; `redletter post` shows it anew"
        )
    _refuse_taken_down(transaction.connection, row)
    shown = rendition_of(row)
    again = replace(shown, key=digest("retry", row.key))
    is_approved = row.approved_digest == row.rendition_digest
    fresh = {
        **row._mapping,  # noqa: SLF001 - SQLAlchemy's own name for it, and public
        **rendition_columns(again),
        "key": again.key,
        "state": State.PENDING,
        "due": max(now, row.at),  # the clock may have been set back before its time
        "attempts": 0,
        "fence": 0,
        "approved_digest": again.digest if is_approved else None,
        "reason": f"retried for {row.key}",
    }
    try:
        transaction.connection.execute(insert(delivery).values(fresh))
    except IntegrityError as error:
        raise BadCall(f"cannot retry {row.key}: that was done, see {again.key}") from error
    for part, proof in enumerate(receipts_of(transaction.connection, row.key), 1):
        _prove(transaction.connection, again.key, part, proof=proof)
    _sign_again(transaction.connection, row, again)
    transaction.note(again.key, State.PENDING, State.PENDING, now=now, reason=fresh["reason"])
    _touch(transaction.connection, [row])


def _refuse_taken_down(connection: Connection, row: Row[Any]) -> None:
    """Keep a thread from going on below parts that somebody wanted gone."""
    ways = select(delivery.c.key).where(delivery.c.slot == row.slot, delivery.c.account == row.account)
    if connection.scalar(select(removal.c.id).where(removal.c.delivery.in_(ways)).limit(1)):
        raise BadCall(f"cannot retry {row.key}: parts of it were taken down; `redletter post` shows it anew")


def _sign_again(connection: Connection, row: Row[Any], again: Rendition) -> None:
    """Carry over who approved those words: they are the same."""
    mine = (approval.c.delivery == row.key, approval.c.digest == row.rendition_digest)
    signed = select(literal(again.key), approval.c.who, literal(again.digest), approval.c.at).where(*mine)
    connection.execute(insert(approval).from_select(["delivery", "who", "digest", "at"], signed))


def _prove(connection: Connection, key: str, part: int, *, proof: Receipt) -> None:
    values = {"delivery": key, "part": part, "id": proof.id, "url": proof.url, "at": proof.at}
    connection.execute(insert(receipt).values(values))


def holding(now: int) -> ColumnElement[bool]:
    """The holds that hold at an instant."""
    return and_(hold.c.released_at.is_(None), or_(hold.c.until.is_(None), hold.c.until > now))
