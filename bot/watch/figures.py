"""Numbers for those who draw curves."""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct
from sqlalchemy import func, select

from bot.delivery.queue import Queue
from bot.delivery.tables import attempt, delivery
from bot.watch.causes import Cause, Kind, Seen
from bot.zones import DAY, date_of, day_of, zone

#: So many accounts are told apart; all others are one, so that a monitor's memory stays small.
MOST = 50
OTHERS = "(others)"


class Figures(Struct, frozen=True):
    """The queue in numbers, at one moment."""

    deliveries: Mapping[tuple[str, str], int] = {}  #: by account and state
    attempts: Mapping[str, int] = {}  #: by outcome
    spent: Mapping[str, tuple[int, int]] = {}  #: this month, by account: posts, and millionths of a US dollar
    causes: Mapping[str, int] = {}  #: that stand, by kind
    due: int = 0  #: deliveries that could go out now
    late: int = 0  #: seconds for which the oldest of them has waited


def figures(queue: Queue, seen: Seen, found: Iterable[Cause], now: int) -> Figures:
    """Count the queue. Months are those of UTC."""
    due = [row.due for row in seen.waiting if not row.waits and row.due is not None and row.due <= now]
    tallies = _deliveries(queue)
    accounts = {account for account, _ in tallies if account != OTHERS}
    month = _month(now)
    standing = Counter(cause.kind.value for cause in found if cause.is_trouble(now))
    return Figures(
        deliveries=tallies,
        attempts=_attempts(queue),
        spent={account: queue.spent(account, month) for account in sorted(accounts)},
        causes={kind.value: standing[kind.value] for kind in Kind},
        due=len(due),
        late=now - min(due) if due else 0,
    )


def _deliveries(queue: Queue) -> Mapping[tuple[str, str], int]:
    number = func.count().label("number")
    with queue.reading() as connection:
        rows = connection.execute(
            select(delivery.c.account, delivery.c.state, number).group_by(
                delivery.c.account, delivery.c.state
            )
        ).all()
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row.account] += row.number
    known = {account for account, _ in totals.most_common(MOST)}
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        found[row.account if row.account in known else OTHERS, row.state] += row.number
    return found


def _attempts(queue: Queue) -> Mapping[str, int]:
    number = func.count().label("number")
    with queue.reading() as connection:
        rows = connection.execute(select(attempt.c.outcome, number).group_by(attempt.c.outcome)).all()
    return {row.outcome or "open": row.number for row in rows}


def _month(now: int) -> int:
    return zone("UTC").midnight(day_of(date_of(now // DAY).replace(day=1)))
