"""What waits: what is due, and when something will be."""

from typing import Any

from sqlalchemy import Select, bindparam, func, select

from bot.delivery import rules
from bot.delivery.database import Database
from bot.delivery.states import State
from bot.delivery.tables import delivery, hold, respite, slot
from bot.delivery.values import Claim, claim_of

# Made once: an alias copies every column of its table, and a daemon at rest asks these questions too.
_WAY, _PLACE = delivery.alias(), slot.alias()


class Waiting(Database):
    """The side of the queue that knows what may be sent."""

    def hungry(self, now: int) -> tuple[str, ...]:
        """The accounts for which something may have to be sent, or looked for."""
        with self.reading() as connection:
            return tuple(connection.scalars(_HUNGRY, {"now": now}))

    def first_due(self, account: str, now: int, *, key: str | None = None) -> Claim | None:
        """What an account should be asked to show next, or what is named if it is due; it is not claimed yet.

        None where nothing is due that is approved, not held, not to be left alone, and not too soon after another.
        """
        return next(
            iter(self._due(_DUE if key is None else _DUE.where(_WAY.c.key == key), account, now, 1)), None
        )

    def due(self, account: str, now: int, most: int) -> tuple[Claim, ...]:
        """The first so many of what `first_due` would give, one after the other, if each were sent at once."""
        return self._due(_DUE, account, now, most)

    def _due(self, question: Select[Any], account: str, now: int, most: int) -> tuple[Claim, ...]:
        with self.reading() as connection:
            rows = connection.execute(question, {"account": account, "now": now, "most": most}).all()
            # After one that is late, no other that is may go out at once.
            these = (row for place, row in enumerate(rows) if place == 0 or row.at >= now - rules.LATE)
            return tuple(claim_of(connection, row, noes=row.noes or 0) for row in these)

    def next_due(self, now: int) -> int | None:
        """The next instant at which something may have to be done; None where nothing is awaited."""
        with self.reading() as connection:
            answers = [connection.scalar(question, {"now": now}) for question in _AWAITED]
        # What is no number comes from a damaged row, which is for its own turn to tell.
        return min((due for due in answers if isinstance(due, int)), default=None)


_NOES = select(respite.c.noes).where(respite.c.account == _WAY.c.account).scalar_subquery()
_HUNGRY = (
    select(delivery.c.account)
    .distinct()
    .where(delivery.c.state.in_([State.PENDING, State.UNKNOWN]), delivery.c.due <= rules.NOW)
)


def _free() -> Select[Any]:
    """What waits for nothing but its time."""
    return (
        select(_WAY, _PLACE.c.post, _NOES.label("noes"))
        .join(_PLACE, _PLACE.c.key == _WAY.c.slot)
        .where(_WAY.c.state == State.PENDING)
        .where(rules.is_approved(_WAY), ~rules.is_held(_WAY, _PLACE, rules.NOW))
        .where(~rules.is_left_alone(_WAY, rules.NOW))
    )


_DUE = (
    _free()
    .where(_WAY.c.account == bindparam("account"), _WAY.c.due <= rules.NOW, _WAY.c.deadline > rules.NOW)
    .where(~rules.is_paced(_WAY, rules.NOW))
    .order_by(_WAY.c.due, _WAY.c.priority)
    .limit(bindparam("most"))
)


def _awaited() -> tuple[Select[Any], ...]:
    """The questions whose answers are instants at which something may have to be done."""
    way = _WAY
    # One that waits for another that is on time is awaited with that.
    paced = _free().where(
        way.c.due <= rules.NOW, rules.is_paced(way, rules.NOW), rules.paced_until(way) > rules.NOW
    )
    return (
        _free()
        .where(~rules.is_paced(way, rules.NOW))
        .with_only_columns(way.c.due)
        .order_by(way.c.due)
        .limit(1),
        paced.with_only_columns(func.min(rules.paced_until(way))),
        select(func.min(delivery.c.deadline)).where(delivery.c.state == State.PENDING),
        select(func.min(delivery.c.lease_until)).where(delivery.c.state == State.SENDING),
        select(func.min(delivery.c.due)).where(delivery.c.state == State.UNKNOWN),
        select(func.min(hold.c.until)).where(hold.c.released_at.is_(None), hold.c.until > rules.NOW),
        select(func.min(respite.c.until)).where(respite.c.until > rules.NOW),
    )


_AWAITED = _awaited()
