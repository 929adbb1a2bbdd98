"""Deliveries in every sort of trouble, as people see them."""

from typing import Any

from msgspec.structs import replace

from bot.contracts import Receipt
from bot.delivery.states import State
from bot.delivery.values import Move, Row, Shown
from bot.model import Priority, Rendition, ShownPart, Slot, Tone, digest
from bot.zones import HOUR
from tests.fakes.deliveries import NOON


def trouble(name: str = "moon/rise", **fields: Any) -> Row:
    """A delivery of a post at noon, pending but for what is named; `slot` may be left to follow `at`."""
    at = fields.pop("at", NOON)
    account = fields.pop("account", "museum")
    parts = tuple(ShownPart(f"Part {n}.", 7, 280) for n in range(1, fields.pop("parts", 1) + 1))
    priority = fields.pop("priority", Priority.SLOTS)
    slot = fields.pop("slot", Slot(at, "daily", at, "UTC", priority=priority))
    key = digest(name, at, account, fields.pop("again", 0))
    row = Row(
        key=key,
        slot=slot,
        post=name,
        tone=Tone.NEUTRAL,
        account=account,
        network="x",
        state=State.PENDING,
        at=at,
        due=at,
        deadline=at + HOUR,
        why="has waited longest",
        reason="planned",
        waits="",
        approvals=0,
        approved_by=(),
        touched=False,
        attempts=0,
        rendition=Rendition(account, "x", key, parts),
        receipts=(),
    )
    return replace(row, **fields)


def failed(reason: str = "refused: no", **fields: Any) -> Row:
    return trouble(state=State.FAILED, reason=reason, due=None, **fields)


def missed(reason: str = "the bot was not running", **fields: Any) -> Row:
    return trouble(state=State.MISSED, reason=reason, due=None, **fields)


def sent(at: int = NOON, **fields: Any) -> Row:
    return trouble(state=State.SENT, at=at, receipts=receipts(1, at=at), due=None, **fields)


def unknown(**fields: Any) -> Shown:
    """An unknown delivery, with the moves that led there: unknown a minute after it was due."""
    row = trouble(state=State.UNKNOWN, reason="unanswered: silence", **fields)
    steps = ((State.PENDING, State.SENDING, 0), (State.SENDING, State.UNKNOWN, 60))
    return Shown(row, (), tuple(Move(origin, to, row.at + late, "") for origin, to, late in steps))


def receipts(number: int, *, at: int = NOON) -> tuple[Receipt, ...]:
    return tuple(Receipt(str(n), f"https://network.example/{n}", at) for n in range(1, number + 1))
