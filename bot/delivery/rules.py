"""What keeps a delivery back, in the words of the database."""

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    ScalarSelect,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
)

from bot.delivery import tables
from bot.delivery.states import State
from bot.zones import MINUTE

#: Deliveries that are later than this go out one at a time, an account's smallest gap apart.
LATE = MINUTE

#: An instant, or the place in a statement where it will stand.
Instant = int | ColumnElement[int]
#: The instant of asking, in statements that are made once and asked often.
NOW: BindParameter[int] = bindparam("now")

_OTHER, _PLACE = tables.delivery.alias("other"), tables.slot.alias("place")


def is_approved(of: FromClause) -> ColumnElement[bool]:
    """No approval is needed, or this very rendition has as many as are."""
    return or_(of.c.approvals == 0, of.c.approved_digest.is_not_distinct_from(of.c.rendition_digest))


def is_held(of: FromClause, slot: FromClause, now: Instant) -> ColumnElement[bool]:
    """A hold stops it."""
    return hold_reason(of, slot, now).is_not(None)


def hold_reason(of: FromClause, slot: FromClause, now: Instant) -> ScalarSelect[str]:
    """Why a hold stops it; NULL where none does. A hold holds from the moment it is written, whatever the clock says."""
    hold = tables.hold
    return (
        select(hold.c.reason)
        .where(hold.c.released_at.is_(None), or_(hold.c.until.is_(None), hold.c.until > now))
        .where(or_(hold.c.account.is_(None), hold.c.account == of.c.account))
        .where(or_(hold.c.tone.is_(None), hold.c.tone == slot.c.tone, hold.c.tone == slot.c.event_tone))
        .order_by(hold.c.id)
        .limit(1)
        .correlate(of, slot)
        .scalar_subquery()
    )


def is_left_alone(of: FromClause, now: Instant) -> ColumnElement[bool]:
    """Its account's network asked for a respite, which is not over."""
    return respite_reason(of, now).is_not(None)


def respite_reason(of: FromClause, now: Instant) -> ScalarSelect[str]:
    """Why its account is left alone; NULL where it is not."""
    respite = tables.respite
    return (
        select(respite.c.reason)
        .where(respite.c.account == of.c.account, respite.c.until > now)
        .correlate(of)
        .scalar_subquery()
    )


def is_paced(of: FromClause, now: Instant) -> ColumnElement[bool]:
    """It is late, and its account has just shown something else, or will within its smallest gap.

    So after an outage there is no burst, and what is on time goes first. A thread that has begun goes on.
    """
    begun = select(tables.receipt.c.part).where(tables.receipt.c.delivery == of.c.key)
    coming = select(_OTHER.c.key).where(
        _is_neighbour(of), or_(_OTHER.c.state == State.SENDING, _is_next(of, now))
    )
    is_too_soon = or_(
        (paced_until(of) > now).is_(true()), and_(of.c.min_gap > 0, exists(coming.correlate(of)))
    )
    return and_(of.c.at < now - LATE, is_too_soon, ~exists(begun.correlate(of)))


def _is_next(of: FromClause, now: Instant) -> ColumnElement[bool]:
    """The other is on time, free to go, and due before the smallest gap from now has passed."""
    stopped = select(_PLACE.c.key).where(_PLACE.c.key == _OTHER.c.slot, is_held(_OTHER, _PLACE, now))
    return and_(
        _OTHER.c.state == State.PENDING,
        _OTHER.c.at >= now - LATE,
        _OTHER.c.at < now + of.c.min_gap,
        is_approved(_OTHER),
        ~exists(stopped.correlate(_OTHER)),
    )


def paced_until(of: FromClause) -> ColumnElement[int]:
    """When the smallest gap of its account ends; NULL where that never showed anything else."""
    receipt = tables.receipt
    latest = select(func.max(receipt.c.at)).join(_OTHER, receipt.c.delivery == _OTHER.c.key)
    return latest.where(_is_neighbour(of)).correlate(of).scalar_subquery() + of.c.min_gap


def _is_neighbour(of: FromClause) -> ColumnElement[bool]:
    """Another delivery of the same account."""
    return and_(_OTHER.c.account == of.c.account, _OTHER.c.key != of.c.key)
