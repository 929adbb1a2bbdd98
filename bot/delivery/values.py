"""What the queue gives out: frozen values, and how rows become them."""

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from msgspec import MsgspecError, Struct, json
from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy import Row as Record

from bot.contracts import Receipt
from bot.delivery.states import State
from bot.delivery.tables import attempt, prepared, receipt
from bot.errors import BadState
from bot.model import Facts, Part, Priority, Rendition, ShownPart, Slot, Tone, digest

log = logging.getLogger("redletter")

T = TypeVar("T")

#: The outcome of an attempt to which the network gave a plain no.
NOTHING = "nothing written"
#: Of one that was not answered, and of one to which it said yes without a proof.
UNANSWERED, UNCLEAR = "unanswered", "unclear"


class Cursor(Struct, frozen=True):
    """How far is planned, and from which files."""

    until: int
    files: str


class Claim(Struct, frozen=True):
    """A delivery that one process has in hand, or is about to, with the rendition as it was frozen."""

    key: str
    account: str
    post: str
    fence: int  #: how often it was claimed
    attempts: int
    deadline: int
    lease: int  #: seconds
    lease_until: int  #: until then nobody else takes it over
    quarantine: int  #: seconds
    find: bool
    digest: str  #: of the rendition, as it was enqueued
    rendition: Rendition
    receipts: tuple[Receipt, ...] = ()  #: of its first parts, in order
    prepared: tuple[str, ...] = ()  #: what its publisher made of each part; empty where nothing was made yet
    asked: tuple[int | None, ...] = ()  #: when each part was first asked for without a plain no
    noes: int = 0  #: how often in a row its account was told "not now"
    damage: str = ""  #: why its words are not to be trusted, and are not here; empty where they are sound

    @property
    def missing(self) -> range:
        """The numbers of the parts without a receipt."""
        return range(len(self.receipts) + 1, len(self.rendition.parts) + 1)


class Unknown(Struct, frozen=True):
    """A delivery of which nobody knows whether the network has its next part."""

    claim: Claim
    asked: bool  #: whether that part was ever asked for
    live: bool = False  #: whether a network was asked, and not the dry run
    unclear: bool = False  #: whether it said yes without a proof


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
    approvals: int  #: how many people must approve it
    approved_by: tuple[str, ...]  #: who approved it as it is
    touched: bool
    attempts: int
    rendition: Rendition
    receipts: tuple[Receipt, ...]

    @property
    def needs_approval(self) -> bool:
        """Tell whether it goes out only once somebody has approved it."""
        return self.approvals > 0


class Attempt(Struct, frozen=True):
    """One time that a publisher was asked for one part."""

    part: int
    at: int
    live: bool  #: a network was asked, and not the dry run
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

    def lasts(self, instant: int) -> bool:
        """Tell whether, unless somebody releases it, it still holds at an instant."""
        return self.until is None or instant < self.until

    def concerns(self, account: str, tones: tuple[str | None, ...]) -> bool:
        """Tell whether a post of these tones on this account is stopped by it."""
        return self.account in {None, account} and (self.tone is None or self.tone in tones)


_renditions = json.Decoder(Rendition)
_parts = json.Decoder(tuple[Part, ...])
_names = json.Decoder(tuple[str, ...])
_slots = json.Decoder(Slot)
_facts = json.Decoder(Facts)


def text_of(value: object) -> str:
    """A value as it is stored."""
    return json.encode(value).decode()


def sealed(*parts: object) -> str:
    """The seal of what is stored; it is looked at for years, so how it is made never changes."""
    return digest(*parts)


def rendition_of(record: Record[Any]) -> Rendition:
    """The rendition in a row of the delivery table; BadState where it is not the one that was written there."""
    _check(record.key, record.seal, record.key, record.rendition)
    return _renditions.decode(record.rendition)


def _check(delivery: str, seal: str, *parts: object) -> None:
    if sealed(*parts) != seal:
        raise BadState(
            f"the words of {delivery} are not those that were written down (a damaged disk?), so nothing is posted "
            "of them; `redletter post` shows them anew"
        )


def rendition_to_show(record: Record[Any]) -> Rendition:
    """The same for people to look at; where it is damaged, words that say so."""
    try:
        return rendition_of(record)
    except BadState as damage:
        told = f"[{damage}]"
        return Rendition(record.account, record.network, record.key, (ShownPart(told, len(told), None),))


def readable(records: Iterable[Record[Any]], read: Callable[[Record[Any]], T]) -> list[T]:
    """What rows say. One that cannot be read is told of, left as it is, and stops no other."""
    found = []
    for record in records:
        try:
            found.append(read(record))
        except (MsgspecError, TypeError, ValueError) as error:
            log.error("a damaged row is left out: %s: %s", record.key, error)  # noqa: TRY400 - it is said in full
    return found


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
        until=record.until,
        facts=_facts.decode(record.facts),
    )


def hold_of(record: Record[Any]) -> Hold:
    """A stored hold."""
    tone = None if record.tone is None else Tone(record.tone)
    return Hold(
        record.id, record.account, tone, record.since, record.until, record.reason, record.released_at
    )


def receipts_of(connection: Connection, key: str) -> tuple[Receipt, ...]:
    """The receipts of a delivery's first parts, in order."""
    return tuple(Receipt(*row) for row in connection.execute(_RECEIPTS, {"key": key}))


def claim_of(connection: Connection, record: Record[Any], *, noes: int = 0) -> Claim:
    """The claim in a row of the delivery table that has its slot's post beside it. BadState where it is damaged."""
    _refuse_no_numbers(record)
    # Most were never claimed, and have none of these; a retried thread has receipts of the delivery before it.
    is_new = record.fence == 0
    rendition, made, damage = _words(connection, record, is_new=is_new)
    asked = {} if is_new else _asked(connection, record.key)
    numbers = range(1, len(rendition.parts) + 1)
    return Claim(
        key=record.key,
        account=record.account,
        post=record.post,
        fence=record.fence,
        attempts=record.attempts,
        deadline=record.deadline,
        lease=record.lease,
        lease_until=record.lease_until or 0,
        quarantine=record.quarantine,
        find=record.find,
        digest=record.rendition_digest,
        rendition=rendition,
        receipts=() if is_new and len(rendition.parts) == 1 else receipts_of(connection, record.key),
        prepared=tuple(made.get(number, "") for number in numbers) if made else (),
        asked=tuple(asked.get(number) for number in numbers),
        noes=noes,
        damage=damage,
    )


def _refuse_no_numbers(record: Record[Any]) -> None:
    """BadState where a number is none, as SQLite allows and a disk may have it."""
    found = record._mapping  # noqa: SLF001 - SQLAlchemy's own name for it, and public
    if not all(isinstance(found[name], int | float) for name in _NUMBERS):
        raise BadState(
            f"the row of {record.key} is damaged: a number in it is none. Nothing was deleted; bring back a copy"
        )


def _words(
    connection: Connection, record: Record[Any], *, is_new: bool
) -> tuple[Rendition, dict[int, str], str]:
    """What will be shown, what was made of it by part, and, where neither can be trusted, why."""
    try:
        return rendition_of(record), {} if is_new else _prepared(connection, record.key), ""
    except BadState as damage:
        return Rendition(record.account, record.network, record.key, ()), {}, str(damage)


_NUMBERS = ("fence", "attempts", "deadline", "lease", "quarantine")
_RECEIPTS = (
    select(receipt.c.id, receipt.c.url, receipt.c.at)
    .where(receipt.c.delivery == bindparam("key"))
    .order_by(receipt.c.part)
)
_ASKED = (
    select(attempt.c.part, func.min(attempt.c.at))
    .where(attempt.c.delivery == bindparam("key"), attempt.c.outcome.is_distinct_from(NOTHING))
    .group_by(attempt.c.part)
)
_PREPARED = select(prepared).where(prepared.c.delivery == bindparam("key"))


def _asked(connection: Connection, key: str) -> dict[int, int]:
    return {row[0]: row[1] for row in connection.execute(_ASKED, {"key": key})}


def _prepared(connection: Connection, key: str) -> dict[int, str]:
    rows = connection.execute(_PREPARED, {"key": key}).all()
    for row in rows:
        _check(key, row.seal, key, row.part, row.text)
    return {row.part: row.text for row in rows}
