"""What came to its end, a page at a time, the newest first."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.delivery.states import State
from bot.delivery.values import Row
from bot.model import Window

if TYPE_CHECKING:  # SQLAlchemy costs start-up time
    from bot.delivery.queue import Queue

#: The states of what lies behind: all but those of what still waits, or is on its way.
ENDED = tuple(state for state in State if state not in {State.PENDING, State.SENDING})
#: How many a page shows; those of one instant are never parted.
MOST = 40


class Past(Struct, frozen=True):
    """A page of the past."""

    rows: tuple[Row, ...]  #: the newest first
    older: int | None  #: before which instant the next page begins; None where nothing is older


def past(
    queue: "Queue", now: int, *, before: int, states: Collection[State] = ENDED, account: str | None = None
) -> Past:
    """The newest deliveries that should have been seen before an instant and are in one of these states."""
    first, has_older = queue.newest_but(MOST, before, states=states, account=account)
    if first is None:
        return Past((), None)
    rows = queue.rows(now, window=Window(first, before), states=states, account=account)
    return Past(tuple(reversed(rows)), first if has_older else None)
