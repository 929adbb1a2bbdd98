"""What a server has, held against what was ordered and what the queue says became of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.delivery.states import State
from bot.delivery.values import Row
from tests.kills.orders import Order, Orders, clock
from tests.kills.servers import Part


class Judgement(Struct, frozen=True):
    """What was found: how much was there, and what should not be."""

    posts: int = 0  #: ordered
    parts: int = 0  #: that the server has
    unknown: int = 0  #: posts of which nobody can know
    breaches: tuple[str, ...] = ()  #: a sentence for each, beginning with its kind

    def breached(self, kind: str) -> int:
        """How many breaches are of a kind."""
        return sum(breach.startswith(kind) for breach in self.breaches)

    def __add__(self, other: "Judgement") -> "Judgement":
        return Judgement(
            self.posts + other.posts,
            self.parts + other.parts,
            self.unknown + other.unknown,
            self.breaches + other.breaches,
        )


def judged(orders: Orders) -> Judgement:
    """What became of all orders in the end, when nothing more will happen."""
    with orders.queue() as queue:
        rows = queue.rows(clock())
    mine = {order.number for order in orders.all}
    has = [part for part in orders.server.has if part.post in mine or part.post == 0]
    found = judge(orders.all, rows, has, may_stay_unknown=orders.server.may_stay_unknown)
    return replace(found, breaches=(*orders.noticed, *found.breaches))


def halves(orders: Orders) -> list[str]:
    """The posts of which some parts are there and others not, on a server that shows all of a post at once."""
    if not orders.server.shows_whole:
        return []
    orders.server.settle()
    had = _by_post(orders.server.has)
    there = ((order, {part.part for part in had[order.number]}) for order in orders.all)
    return [
        f"half: only parts {sorted(parts)} are there ({_named(order, None)})"
        for order, parts in there
        if 0 < len(parts) < len(order.texts)
    ]


def judge(
    orders: Sequence[Order], rows: Iterable[Row], has: Sequence[Part], *, may_stay_unknown: bool
) -> Judgement:
    """The same, of values."""
    by_key = {row.key: row for row in rows}
    had: Mapping[int, list[Part]] = _by_post(has)
    breaches = [f"unordered: the server has {part}" for part in had[0]]
    for order in orders:
        row = by_key.get(order.key)
        breaches += [f"{each} ({_named(order, row)})" for each in _of_parts(order, had[order.number])]
        breaches += [
            f"{each} ({_named(order, row)})"
            for each in _of_state(order, row, had[order.number], may_stay_unknown=may_stay_unknown)
        ]
    unknown = sum(row.state is State.UNKNOWN for row in by_key.values())
    return Judgement(len(orders), len(has), unknown, tuple(breaches))


def _by_post(has: Iterable[Part]) -> Mapping[int, list[Part]]:
    found: Mapping[int, list[Part]] = defaultdict(list)
    for part in has:
        found[part.post].append(part)
    return found


def _of_parts(order: Order, had: Sequence[Part]) -> Iterable[str]:
    """What is wrong with what the server has, whatever the queue says."""
    numbers = [part.part for part in had]
    for number, times in Counter(numbers).items():
        if times > 1:
            yield f"doubled: part {number} is there {times} times"
        if number > len(order.texts):
            yield f"unordered: there is no part {number}"
    first = list(dict.fromkeys(numbers))
    if first != sorted(first):
        yield f"disordered: its parts came as {first}"
    if set(first) != set(range(1, len(first) + 1)):
        yield f"gap: only parts {sorted(first)} are there"


def _of_state(order: Order, row: Row | None, had: Sequence[Part], *, may_stay_unknown: bool) -> Iterable[str]:
    """What is wrong with what the queue says."""
    if row is None:
        yield "lost: the queue does not know it"
        return
    yield from _of_receipts(row, had)
    there = {part.part for part in had}
    match row.state:
        case State.SENT if len(there) < len(order.texts) or len(row.receipts) < len(order.texts):
            yield f"lost: sent, and only parts {sorted(there)} are there"
        case State.SENDING:
            yield "sending: nobody has it in hand"
        case State.UNKNOWN if not may_stay_unknown or row.due is not None:
            yield "unknown: the network could have been asked"
        case State.UNKNOWN if not len(row.receipts) <= len(there) <= len(row.receipts) + 1:
            yield f"lost: unknown, with {len(row.receipts)} receipts, and parts {sorted(there)} are there"
        case State.PENDING | State.MISSED | State.CANCELLED | State.FAILED:
            yield f"lost: {row.state}, {row.reason}"


def _of_receipts(row: Row, had: Sequence[Part]) -> Iterable[str]:
    """Whether each receipt names what is there."""
    ids = {part.part: part.id for part in reversed(had)}
    for number, receipt in enumerate(row.receipts, 1):
        if number not in ids:
            yield f"lost: a receipt for part {number}, which is not there"
        elif ids[number] and ids[number] != receipt.id:
            yield f"false: the receipt for part {number} names {receipt.id}, and it is {ids[number]}"


def _named(order: Order, row: Row | None) -> str:
    state = f", {row.state}" if row else ""
    return f"post {order.number} of {len(order.texts)} parts on {order.account.name}{state}"
