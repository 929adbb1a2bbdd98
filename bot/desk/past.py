"""What came to its end, a page at a time, the newest first; and what of it is shown still."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.delivery.removals import Outcome, Showing
from bot.delivery.states import State
from bot.delivery.values import Row
from bot.model import Window

if TYPE_CHECKING:  # SQLAlchemy costs start-up time
    from bot.delivery.queue import Queue

#: The states of what lies behind: all but those of what still waits, or is on its way.
ENDED = tuple(state for state in State if state not in {State.PENDING, State.SENDING})
#: How many a page shows; those of one instant are never parted.
MOST = 40

_GONE = "gone already when {} asked for it to be deleted"
_SILENT = "there is no answer yet, so nobody knows whether it is gone"


class Past(Struct, frozen=True):
    """A page of the past."""

    rows: tuple[Row, ...]  #: the newest first
    older: int | None  #: before which instant the next page begins; None where nothing is older
    showings: Mapping[str, Sequence[Showing]] = {}  #: what networks have shown, by the key of its delivery


def past(
    queue: "Queue", now: int, *, before: int, states: Collection[State] = ENDED, account: str | None = None
) -> Past:
    """The newest deliveries that should have been seen before an instant and are in one of these states."""
    first, has_older = queue.newest_but(MOST, before, states=states, account=account)
    if first is None:
        return Past((), None)
    rows = queue.rows(now, window=Window(first, before), states=states, account=account)
    showings = queue.showings([row.key for row in rows])
    return Past(tuple(reversed(rows)), first if has_older else None, showings)


def is_up(row: Row, showings: Sequence[Showing]) -> bool:
    """Tell whether people see something of a delivery still, as far as is known, or may yet see more of it."""
    is_open = row.state not in ENDED or row.state is State.UNKNOWN
    return bool(showings) and (is_open or not all(each.taken_down for each in showings))


def gone(showings: Sequence[Showing]) -> str:
    """What of a delivery was taken down, in words; empty where nobody wanted that."""
    if not any(each.asked for each in showings):
        return ""
    down = sum(each.taken_down is not None for each in showings)
    if not down:
        return "to be taken down, and shown still as far as is known"
    return "taken down" if down == len(showings) else "taken down in part"


def fate(showing: Showing) -> str:
    """What became of a part that was to be taken down, and by whom; empty where nobody wanted that."""
    if down := showing.taken_down:
        return _GONE.format(down.who) if down.outcome is Outcome.GONE else f"taken down by {down.who}"
    if not showing.asked:
        return ""
    last = showing.asked[-1]
    remains = "it may remain" if last.outcome in {None, Outcome.UNANSWERED} else "it remains"
    return f"{last.who} wanted it taken down, and {remains}: {last.detail or _SILENT}"
