"""What the watch reads in the queue."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tables import move, removal
from bot.model import Window
from bot.watch.causes import Seen, is_barred
from bot.zones import DAY

#: How far back failed and missed deliveries are looked at: what was planned before an outage, and a day.
LOOK_BACK = 8 * DAY
#: Of so many unknown deliveries each is told of; beyond, those that have waited longest.
MOST = 100

_ENDED = (State.FAILED, State.MISSED)


def see(queue: Queue, now: int) -> Seen:
    """What the queue says at this moment, as far as trouble goes."""
    near = Window(now - LOOK_BACK, now + DAY)
    rows = queue.rows(now, window=near, states=(State.PENDING, State.SENDING, *_ENDED))
    unknown = queue.rows(now, states=(State.UNKNOWN,))[:MOST]
    known = _given_up(queue, [row.key for row in rows if row.state is State.FAILED])
    ended = tuple(row for row in rows if row.state in _ENDED and row.key not in known)
    waiting = tuple(row for row in rows if row.state is State.PENDING)
    is_trouble = bool(ended) or any(map(is_barred, waiting))
    return Seen(
        waiting=waiting,
        ended=ended,
        unknown=tuple(shown for row in unknown for shown in queue.show(row.key, now)),
        sent=queue.rows(now, window=near, states=(State.SENT,)) if is_trouble else (),
        busy=frozenset(row.account for row in rows if row.state is State.SENDING),
    )


def _given_up(queue: Queue, keys: Sequence[str]) -> frozenset[str]:
    """Those that a person gave up, or took down: nobody else calls failed what was unknown, and that person has heard of it."""
    if not keys:
        return frozenset()
    by_hand = (move.c.origin == State.UNKNOWN) & (move.c.state == State.FAILED)
    given_up = select(move.c.delivery).where(move.c.delivery.in_(keys), by_hand)
    to_go = select(removal.c.delivery).where(removal.c.delivery.in_(keys))
    with queue.reading() as connection:
        return frozenset([*connection.scalars(given_up), *connection.scalars(to_go)])
