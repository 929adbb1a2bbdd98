"""What is taken down: each time that a network was asked to delete a part, and what became of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, exists, insert, select, update

from bot.contracts import Receipt
from bot.delivery.database import Database
from bot.delivery.tables import attempt, delivery, receipt, removal
from bot.delivery.values import readable


class Outcome(StrEnum):
    """What became of a part that was to be taken down."""

    REMOVED = "removed"  #: it was there until then, and is gone
    GONE = "gone"  #: it was gone already
    REFUSED = "refused"  #: its network said no, for good: it remains
    UNABLE = "unable"  #: nobody could be asked: it remains
    LATER = "later"  #: its network does nothing for the account now: it remains
    UNANSWERED = "unanswered"  #: nobody knows

    @property
    def is_down(self) -> bool:
        """Tell whether the part is there no more."""
        return self in {Outcome.REMOVED, Outcome.GONE}


class Asked(Struct, frozen=True):
    """One time that a part was to be taken down."""

    at: int
    who: str
    outcome: Outcome | None  #: None: not answered, or not yet
    detail: str  #: the outcome in words


class Showing(Struct, frozen=True):
    """A part that a network has shown, and each time that it was to be taken down, oldest first."""

    delivery: str
    account: str
    network: str
    part: int
    proof: Receipt
    shown_for: str  #: the delivery that it was shown for: one that was retried has the first parts of another
    asked: tuple[Asked, ...] = ()

    @property
    def taken_down(self) -> Asked | None:
        """The time that it was taken down; None where it was not, as far as is known."""
        return next((each for each in self.asked if each.outcome and each.outcome.is_down), None)

    @property
    def is_dry_run(self) -> bool:
        """Tell whether it was the dry run that showed it: there is nothing that people see."""
        return self.proof.url.startswith("dry-run:")


class Removals(Database):
    """The side of the queue that what was sent is taken down by."""

    def begin_removal(self, showing: Showing, *, who: str, now: int) -> int:
        """Write down that a network will be asked to delete a part, and only then may it be; the number of that."""
        values = {"delivery": showing.delivery, "part": showing.part, "at": now, "who": who}
        with self.writing() as transaction:
            made = insert(removal).values(**values, outcome=None, detail="").returning(removal.c.id)
            number: int = transaction.connection.execute(made).scalar_one()
            transaction.say(
                f"to be taken down: {showing.proof.url}", account=showing.account, id=number, **values
            )
            return number

    def end_removal(self, number: int, outcome: Outcome, detail: str) -> None:
        """Write down what became of it."""
        mine = update(removal).where(removal.c.id == number)
        with self.writing() as transaction:
            transaction.connection.execute(mine.values(outcome=outcome, detail=detail))
            transaction.say(f"{outcome}: {detail}", id=number)

    def showings(self, keys: Collection[str]) -> Mapping[str, tuple[Showing, ...]]:
        """What networks have shown of these deliveries, part by part; of those with a receipt.

        A delivery that was retried has receipts of the one before it: what was taken down for one is down for both.
        """
        wanted = frozenset(keys)
        places = select(delivery.c.slot).where(delivery.c.key.in_(wanted))
        with self.reading() as connection:
            proofs = connection.execute(_PROOFS.where(delivery.c.slot.in_(places))).all()
            rows = connection.execute(_ASKED.where(delivery.c.slot.in_(places))).all()
        asked, shown_for = _by_part(rows), {_shown(row): row.key for row in proofs if row.is_own}
        found: dict[str, list[Showing]] = defaultdict(list)
        for row in proofs:
            if row.key in wanted:
                own = shown_for.get(_shown(row), row.key)
                found[row.key].append(_showing(row, own, tuple(asked[_shown(row)])))
        return {key: tuple(showings) for key, showings in found.items()}


def is_to_go() -> ColumnElement[bool]:
    """Somebody wanted the part of a receipt, joined to its delivery, to be taken down: whatever came of it."""
    way = delivery.alias("other_way")
    same = [way.c[name] == delivery.c[name] for name in ("slot", "account")]
    return exists(
        select(removal.c.id)
        .join(way, way.c.key == removal.c.delivery)
        .where(removal.c.part == receipt.c.part, *same)
        .correlate(delivery, receipt)
    )


_PROOFS: Select[Any] = (
    select(
        delivery.c.key,
        delivery.c.slot,
        delivery.c.account,
        delivery.c.network,
        receipt.c.part,
        receipt.c.id,
        receipt.c.url,
        receipt.c.at,
        exists(
            select(attempt.c.part).where(
                attempt.c.delivery == receipt.c.delivery, attempt.c.part == receipt.c.part
            )
        ).label("is_own"),
    )
    .join(receipt, receipt.c.delivery == delivery.c.key)
    .order_by(delivery.c.key, receipt.c.part)
)
_ASKED: Select[Any] = (
    select(
        delivery.c.key,
        delivery.c.slot,
        delivery.c.account,
        removal.c.part,
        removal.c.at,
        removal.c.who,
        removal.c.outcome,
        removal.c.detail,
    )
    .join(removal, removal.c.delivery == delivery.c.key)
    .order_by(removal.c.id)
)


def _shown(row: Row[Any]) -> tuple[str, str, int]:
    """What an account shows of a slot: the same for a delivery that failed and the one that was retried for it."""
    return (row.slot, row.account, row.part)


def _by_part(rows: Iterable[Row[Any]]) -> Mapping[tuple[str, str, int], list[Asked]]:
    asked: dict[tuple[str, str, int], list[Asked]] = defaultdict(list)
    for shown, each in readable(rows, lambda row: (_shown(row), _asked(row))):
        asked[shown].append(each)
    return asked


def _asked(row: Row[Any]) -> Asked:
    return Asked(row.at, row.who, None if row.outcome is None else Outcome(row.outcome), row.detail)


def _showing(row: Row[Any], shown_for: str, asked: tuple[Asked, ...]) -> Showing:
    proof = Receipt(row.id, row.url, row.at)
    return Showing(row.key, row.account, row.network, row.part, proof, shown_for, asked)
