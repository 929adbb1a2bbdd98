"""How each account stands, and where in the past a page of it begins."""

from collections.abc import Collection, Mapping

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, func, select, true

from bot.delivery.database import Database
from bot.delivery.states import State
from bot.delivery.tables import delivery, receipt, respite


class Standing(Struct, frozen=True):
    """What waits for an account, and what it has shown; instants, or None where there is none."""

    waiting: int = 0  #: how many deliveries
    next_due: int | None = None
    last_shown: int | None = None
    rest: str = ""  #: until when and why it is left alone; empty where it is not


class Standings(Database):
    """The side of the queue that sums up."""

    def standings(self, now: int) -> Mapping[str, Standing]:
        """How each account stands of which anything is known."""
        with self.reading() as connection:
            ahead = {row.account: row for row in connection.execute(_AHEAD)}
            shown = {row.account: row.at for row in connection.execute(_SHOWN)}
            alone = {row.account: row.reason for row in connection.execute(_ALONE, {"now": now})}
        return {
            name: Standing(
                waiting=ahead[name].number if name in ahead else 0,
                next_due=ahead[name].due if name in ahead else None,
                last_shown=shown.get(name),
                rest=alone.get(name, ""),
            )
            for name in {*ahead, *shown, *alone}
        }

    def newest_but(
        self, most: int, before: int, *, states: Collection[State], account: str | None = None
    ) -> tuple[int | None, bool]:
        """Where a page begins that holds the newest `most` of these before an instant, and whether there are older.

        None where there are none. Those of one instant are never parted, so a page can hold a few more.
        """
        wanted: ColumnElement[bool] = delivery.c.state.in_(states) & (delivery.c.at < before)
        wanted &= true() if account is None else delivery.c.account == account
        found = select(delivery.c.at).where(wanted).order_by(delivery.c.at.desc())
        with self.reading() as connection:
            first = connection.scalar(found.limit(1).offset(most - 1))
            if first is None:
                return connection.scalar(select(func.min(delivery.c.at)).where(wanted)), False
            older = select(delivery.c.key).where(wanted, delivery.c.at < first).limit(1)
            return first, connection.scalar(older) is not None


_AHEAD = (
    select(delivery.c.account, func.count().label("number"), func.min(delivery.c.due).label("due"))
    .where(delivery.c.state == State.PENDING)
    .group_by(delivery.c.account)
)
_ALONE = select(respite.c.account, respite.c.reason).where(respite.c.until > bindparam("now"))
_SHOWN = (
    select(delivery.c.account, func.max(receipt.c.at).label("at"))
    .join(receipt, receipt.c.delivery == delivery.c.key)
    .group_by(delivery.c.account)
)
