"""The judge of campaigns: whatever is wrong with what a server has, or with what the queue says of it, is a breach."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from bot.contracts import Receipt
from bot.delivery.states import State
from bot.delivery.values import Row
from bot.model import Account, Priority, Rendition, ShownPart, Slot, Tone
from tests.kills.judge import Judgement, judge
from tests.kills.orders import Order
from tests.kills.servers import Part

ORDER = Order(1, Account("wall-0", "webhook"), ("K1p1 One.", "K1p2 Two."))
ALL = [Part(1, 1, "a"), Part(1, 2, "b")]


def row(state: State = State.SENT, receipts: Sequence[str] = ("a", "b"), **other: Any) -> Row:
    made = Row(
        key=ORDER.key,
        slot=Slot(0, "daily", 1, "UTC", Priority.SLOTS),
        post="ours/1",
        tone=Tone.NEUTRAL,
        account="wall-0",
        network="webhook",
        state=state,
        at=0,
        due=None,
        deadline=1,
        why="ordered by hand",
        reason="",
        waits="",
        approvals=0,
        approved_by=(),
        touched=False,
        attempts=0,
        rendition=Rendition(
            "wall-0", "webhook", ORDER.key, tuple(ShownPart(each, 9, None) for each in ORDER.texts)
        ),
        receipts=tuple(Receipt(name, "", 0) for name in receipts),
    )
    return replace(made, **other)


def found(has: Sequence[Part], *rows: Row, may_stay_unknown: bool = False) -> Judgement:
    return judge([ORDER], rows, has, may_stay_unknown=may_stay_unknown)


def kinds(judgement: Judgement) -> list[str]:
    return [breach.partition(":")[0] for breach in judgement.breaches]


def test_what_is_there_once_in_order_and_with_its_receipts_is_as_it_should_be() -> None:
    assert found(ALL, row()) == Judgement(posts=1, parts=2)


@pytest.mark.parametrize(
    ("has", "kind"),
    [
        ([*ALL, Part(1, 2, "c")], "doubled"),
        ([ALL[1], ALL[0]], "disordered"),
        ([*ALL, Part(1, 3, "c")], "unordered"),
        ([*ALL, Part(0, 0, "c")], "unordered"),
        ([ALL[0]], "lost"),
        ([ALL[1]], "gap"),
        ([ALL[0], Part(1, 2, "c")], "false"),
    ],
)
def test_what_is_wrong_on_the_server_is_a_breach(has: Sequence[Part], kind: str) -> None:
    assert kind in kinds(found(has, row()))


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (State.PENDING, "lost"),
        (State.MISSED, "lost"),
        (State.CANCELLED, "lost"),
        (State.FAILED, "lost"),
        (State.SENDING, "sending"),
        (State.UNKNOWN, "unknown"),
    ],
)
def test_what_is_not_sent_in_the_end_is_a_breach(state: State, kind: str) -> None:
    assert kinds(found(ALL[:1], row(state, "a"))) == [kind]


def test_what_the_queue_does_not_know_is_lost() -> None:
    assert kinds(found([])) == ["lost"]


def test_a_receipt_for_what_is_not_there_is_a_breach() -> None:
    assert kinds(found(ALL[:1], row(receipts="ab")))[0] == "lost"


@pytest.mark.parametrize("has", [ALL[:1], ALL])
def test_where_nobody_can_ask_a_part_may_be_there_or_not(has: Sequence[Part]) -> None:
    judgement = found(has, row(State.UNKNOWN, "a"), may_stay_unknown=True)

    assert judgement == Judgement(posts=1, parts=len(has), unknown=1)


def test_where_nobody_can_ask_more_than_the_next_part_is_a_breach() -> None:
    assert kinds(found(ALL, row(State.UNKNOWN, ()), may_stay_unknown=True)) == ["lost"]


def test_an_unknown_that_will_be_looked_at_is_none_to_end_with() -> None:
    judgement = found(ALL[:1], row(State.UNKNOWN, "a", due=5), may_stay_unknown=True)

    assert kinds(judgement) == ["unknown"]


def test_judgements_add_up() -> None:
    one, other = Judgement(1, 2, 3, ("doubled: a",)), Judgement(10, 20, 30, ("lost: b", "doubled: c"))

    both = one + other

    assert (both.posts, both.parts, both.unknown) == (11, 22, 33)
    assert (both.breached("doubled"), both.breached("lost")) == (2, 1)
