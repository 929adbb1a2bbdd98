"""Signs of change: by them those who keep something of the queue in memory know whether it still is so."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    Table,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)

from bot.delivery import rules
from bot.delivery.database import Database
from bot.delivery.decisions import holding
from bot.delivery.states import State
from bot.delivery.tables import cursor, decision, delivery, gap, hold, move, slot
from bot.delivery.values import Cursor, Hold, gap_slot_of, hold_of, slot_of
from bot.model import Slot, Window, digest
from bot.zones import DAY


class Stamp(Struct, frozen=True):
    """What the queue is like, in a few numbers: where two are equal, so is all that people see of what is planned."""

    cursor: Cursor | None  #: how far is planned, and from which files
    moves: int  #: the newest step of a delivery
    changes: int  #: the newest that left one where it stood: what it shows, or when, was decided about
    decisions: int
    slots: int  #: the newest slot
    gaps: int
    holds: tuple[Hold, ...]  #: those that hold now, the oldest first


class Sign(Struct, frozen=True):
    """Of a day of UTC: what is said and left unsaid on it, and how that stands, each as a digest."""

    said: str
    stands: str


class Way(Struct, frozen=True, gc=False):
    """A delivery in short: where it stands."""

    key: str
    slot: str
    account: str
    state: State
    is_approved: bool  #: or needs nobody's approval


class Versions(Database):
    """The side of the queue that tells, cheaply, whether it has changed."""

    def stamp(self, now: int) -> Stamp:
        """What the queue is like at this moment."""
        with self.reading() as connection:
            found = connection.execute(_STAMP).one()
            rows = connection.execute(select(hold).where(holding(now)).order_by(hold.c.id))
            holds = tuple(hold_of(row) for row in rows)
        seen = None if found.until is None else Cursor(found.until, found.files)
        return Stamp(seen, found.moves, found.changes or 0, found.decisions, found.slots, found.gaps, holds)

    def slot(self, key: str) -> Slot | None:
        """The slot of a planned post or of a gap, where it is now; None where the queue has none of that name."""
        with self.reading() as connection:
            if found := connection.execute(select(slot).where(slot.c.key == key)).one_or_none():
                return slot_of(found, found.at)
            unsaid = connection.scalar(select(gap.c.slot).where(gap.c.key == key))
        return None if unsaid is None else gap_slot_of(unsaid)

    def signs(self, window: Window) -> Mapping[int, Sign]:
        """The signs of every day of UTC of which the queue has something in a window, by days since 1970.

        The window is one of whole days.
        """
        bounds = {"start": window.start, "end": window.end}
        with self.reading() as connection:
            posts = {row.day: row for row in connection.execute(_POSTS, bounds)}
            gaps = {row.day: row.said for row in connection.execute(_GAPS, bounds)}
        return {day: _sign(posts.get(day), gaps.get(day, "")) for day in posts.keys() | gaps.keys()}

    def ways(self, window: Window) -> tuple[Way, ...]:
        """The deliveries of the slots in a window, in short."""
        with self.reading() as connection:
            rows = connection.execute(_WAYS, {"start": window.start, "end": window.end})
            return tuple(Way(row[0], row[1], row[2], State(row[3]), bool(row[4])) for row in rows)


def _sign(posts: Row[Any] | None, gaps: str) -> Sign:
    said, stands = (posts.said, posts.stands) if posts else ("", "")
    return Sign(digest(said, gaps), digest(said, gaps, stands))


def _newest(table: Table, name: str) -> ColumnElement[int]:
    """The newest row of a table, by the number that SQLite gives each."""
    number: ColumnElement[int] = literal_column("rowid")
    return select(func.coalesce(func.max(number), 0)).select_from(table).scalar_subquery().label(name)


def _line(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    """What a row says in these columns, as one text."""
    first, *others = (func.coalesce(cast(column, String), "") for column in columns)
    line: ColumnElement[str] = first
    for column in others:
        line = line + "|" + column
    return line


def _by_day(at: ColumnElement[int], *texts: ColumnElement[str]) -> Select[Any]:
    """All that is said in these columns on each day, as one text."""
    day = (at // DAY).label("day")
    return select(day, *(func.group_concat(text, "\n").label(text.key) for text in texts)).group_by(day)


_STAMP = select(
    select(cursor.c.until).scalar_subquery().label("until"),
    select(cursor.c.files).scalar_subquery().label("files"),
    _newest(move, "moves"),
    select(move.c.id)
    .where(move.c.origin == move.c.state)
    .order_by(move.c.id.desc())
    .limit(1)
    .scalar_subquery()
    .label("changes"),
    _newest(decision, "decisions"),
    _newest(slot, "slots"),
    _newest(gap, "gaps"),
)
_WITHIN = (slot.c.at >= bindparam("start"), slot.c.at < bindparam("end"))
_WAYS = (
    select(delivery.c.key, delivery.c.slot, delivery.c.account, delivery.c.state, rules.is_approved(delivery))
    .join(slot, slot.c.key == delivery.c.slot)
    .where(*_WITHIN)
)
# In an order of their own, so that what is joined is the same while the rows are.
_LINES = (
    select(
        slot.c.at,
        _line(slot.c.key, slot.c.at, slot.c.post, delivery.c.key, delivery.c.rendition_digest).label("said"),
        _line(delivery.c.state, rules.is_approved(delivery)).label("stands"),
    )
    .join(delivery, slot.c.key == delivery.c.slot, isouter=True)
    .where(*_WITHIN)
    .order_by(slot.c.at, slot.c.key, delivery.c.key)
    .subquery()
)
_UNSAID = (
    select(gap.c.at, _line(gap.c.key, gap.c.reason).label("said"))
    .where(gap.c.at >= bindparam("start"), gap.c.at < bindparam("end"))
    .order_by(gap.c.at, gap.c.key)
    .subquery()
)
_POSTS = _by_day(_LINES.c.at, _LINES.c.said, _LINES.c.stands)
_GAPS = _by_day(_UNSAID.c.at, _UNSAID.c.said)
