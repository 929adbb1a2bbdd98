"""What the queue gives out: frozen values, and how rows become them."""

from typing import Any

from msgspec import Struct, json
from sqlalchemy import Connection, select
from sqlalchemy import Row as Record

from bot.contracts import Receipt
from bot.delivery.states import State
from bot.delivery.tables import receipt, slot
from bot.model import Part, Priority, Rendition, Slot, Tone


class Cursor(Struct, frozen=True):
    """How far is planned, and from which files."""

    until: int
    files: str


class Claim(Struct, frozen=True):
    """A delivery that one process has in hand, with the rendition as it was frozen."""

    key: str
    account: str
    post: str
    fence: int
    attempts: int
    deadline: int
    rendition: Rendition
    receipts: tuple[Receipt, ...]  #: of its first parts, in order

    @property
    def missing(self) -> range:
        """The numbers of the parts without a receipt."""
        return range(len(self.receipts) + 1, len(self.rendition.parts) + 1)


class Unknown(Struct, frozen=True):
    """A delivery of which nobody knows whether the network has its next part."""

    claim: Claim
    asked: bool  #: whether that part was ever asked for
    is_silence: bool = False  #: whether a network kept silent, which the dry run never does


class Row(Struct, frozen=True):
    """A delivery as people see it."""

    key: str
    slot: Slot
    post: str
    tone: Tone
    account: str
    network: str
    state: State
    at: int  #: when it should be seen
    due: int | None  #: when something will be done about it
    deadline: int
    why: str
    reason: str  #: of its latest move
    waits: str  #: what keeps it back: a hold, an approval, or nothing
    needs_approval: bool
    approved_by: str | None
    touched: bool
    attempts: int
    rendition: Rendition
    receipts: tuple[Receipt, ...]


class Attempt(Struct, frozen=True):
    """One time that a publisher was asked for one part."""

    part: int
    at: int
    outcome: str | None  #: None: not answered, or not yet
    detail: str | None


class Move(Struct, frozen=True):
    """One step in the life of a delivery."""

    origin: State
    state: State
    at: int
    reason: str


class Shown(Struct, frozen=True):
    """Everything about one delivery."""

    row: Row
    attempts: tuple[Attempt, ...]
    moves: tuple[Move, ...]


class Hold(Struct, frozen=True):
    """A person stopped all, one account, or one tone."""

    id: int
    account: str | None
    tone: Tone | None
    since: int
    until: int | None
    reason: str
    released_at: int | None = None

    def covers(self, instant: int) -> bool:
        """Tell whether it held at an instant."""
        ends = [end for end in (self.until, self.released_at) if end is not None]
        return self.since <= instant <= min(ends, default=instant)

    def concerns(self, account: str, tones: tuple[str | None, ...]) -> bool:
        """Tell whether a post of these tones on this account is stopped by it."""
        return self.account in {None, account} and (self.tone is None or self.tone in tones)


_renditions = json.Decoder(Rendition)
_parts = json.Decoder(tuple[Part, ...])
_names = json.Decoder(tuple[str, ...])
_slots = json.Decoder(Slot)


def text_of(value: object) -> str:
    """A value as it is stored."""
    return json.encode(value).decode()


def rendition_of(text: str) -> Rendition:
    """A stored rendition."""
    return _renditions.decode(text)


def parts_of(text: str) -> tuple[Part, ...]:
    """The stored parts of a post."""
    return _parts.decode(text)


def names_of(text: str) -> tuple[str, ...]:
    """Stored account names."""
    return _names.decode(text)


def gap_slot_of(text: str) -> Slot:
    """The stored slot of a gap."""
    return _slots.decode(text)


def slot_of(record: Record[Any], at: int) -> Slot:
    """The slot in a row of the slot table, at an instant: the planned one, or where people moved it."""
    return Slot(
        at=at,
        schedule=record.schedule,
        wall=record.wall,
        zone=record.zone,
        priority=Priority(record.priority),
        event=record.event,
        years=record.years,
        confirmed=record.confirmed,
    )


def hold_of(record: Record[Any]) -> Hold:
    """A stored hold."""
    tone = None if record.tone is None else Tone(record.tone)
    return Hold(
        record.id, record.account, tone, record.since, record.until, record.reason, record.released_at
    )


def receipts_of(connection: Connection, key: str) -> tuple[Receipt, ...]:
    """The receipts of a delivery's first parts, in order."""
    rows = connection.execute(
        select(receipt.c.id, receipt.c.url, receipt.c.at)
        .where(receipt.c.delivery == key)
        .order_by(receipt.c.part)
    )
    return tuple(Receipt(*row) for row in rows)


def claim_of(connection: Connection, record: Record[Any]) -> Claim:
    """The claim in a row of the delivery table."""
    return Claim(
        key=record.key,
        account=record.account,
        post=str(connection.scalar(select(slot.c.post).where(slot.c.key == record.slot))),
        fence=record.fence,
        attempts=record.attempts,
        deadline=record.deadline,
        rendition=rendition_of(record.rendition),
        receipts=receipts_of(connection, record.key),
    )
