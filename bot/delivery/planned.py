"""What is planned and enqueued: the cursor, the history, and the posts of the coming days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.sqlite import insert as insert_once

from bot.delivery.database import Database, Transaction
from bot.delivery.rules import NOW, Instant
from bot.delivery.states import State
from bot.delivery.tables import approval, cursor, delivery, gap, move, respite, slot
from bot.delivery.values import (
    Cursor,
    gap_slot_of,
    names_of,
    parts_of,
    readable,
    rendition_to_show,
    sealed,
    slot_of,
    text_of,
)
from bot.model import (
    Account,
    Gap,
    History,
    Plan,
    PlannedPost,
    Post,
    Rendition,
    Schedules,
    Tone,
    Use,
    Window,
)
from bot.zones import DAY, MINUTE

#: A claim is given up for dead after so long without a sign of life, or after two of its account's timeouts.
SHORTEST_LEASE = MINUTE
#: More than the longest grace, which is a day of 25 hours.
_LONGEST_GRACE = 2 * DAY


class Planned(Database):
    """The side of the queue that the planner writes and reads."""

    def cursor(self) -> Cursor | None:
        """How far is planned, and from which files; None where nothing ever was."""
        with self.reading() as connection:
            return _cursor(connection)

    def history(self, since: int, *, anew: int | None = None) -> History:
        """Every use that was planned for, or moved to, `since` or later; before it, the last of each post on each account.

        A use's slot is the planned one; its `at` is where people moved it. With `anew`, as if what nobody touched were
        planned anew from that instant on.
        """
        with self.reading() as connection:
            recent = connection.execute(
                select(slot).where(or_(slot.c.planned_at >= since, slot.c.at >= since), _stays(anew))
            ).all()
            older = _last_uses(connection, since)
        uses = readable(recent, lambda row: _use(row, names_of(row.accounts)))
        return History(tuple(sorted([*older, *uses], key=lambda use: (use.at, use.slot.order()))))

    def planned(self, window: Window, *, anew: int | None = None) -> Plan:
        """What the queue has in a window, as it will go out: the posts with their states, and the gaps.

        With `anew`, only what stays if what nobody touched is planned anew from that instant on.
        """
        last = window.end if anew is None else min(window.end, anew)
        with self.reading() as connection:
            slots = connection.execute(
                select(slot).where(slot.c.at >= window.start, slot.c.at < window.end, _stays(anew))
            ).all()
            ways = _deliveries(connection, window)
            gaps = connection.execute(select(gap).where(gap.c.at >= window.start, gap.c.at < last)).all()
        posts = readable(slots, lambda row: _planned(row, ways[row.key]))
        found = readable(gaps, lambda row: Gap(gap_slot_of(row.slot), row.reason))
        return Plan(tuple(sorted(posts, key=_by_slot)), tuple(sorted(found, key=_by_slot)))

    def enqueue(
        self, plan: Plan, schedules: Schedules, *, seen: Cursor | None, until: int, files: str
    ) -> bool:
        """Take in a plan and move the cursor to `until`, if the cursor still is where it was seen.

        Where it is not, another process planned at the same time: False, and nothing is changed.
        A slot that the queue already has stays as it is.
        """
        with self.writing() as transaction:
            if _cursor(transaction.connection) != seen:
                return False
            _insert(transaction, *_rows(plan.posts, schedules))
            _insert_gaps(transaction, plan.gaps)
            _set_cursor(transaction, Cursor(until, files))
            transaction.say(
                "planned ahead",
                posts=len(plan.posts),
                gaps=len(plan.gaps),
                until=until,
            )
            return True

    def enqueue_one(
        self, planned: PlannedPost, accounts: Mapping[str, Account], *, deadline: int
    ) -> int | None:
        """Take in a post that a person asked for, in a slot of its own. It is never planned again.

        Where the same post waits in slots that nobody touched, what it says from the first of them on is planned anew;
        that instant, if so.
        """
        row = _slot_row(planned, grace=deadline - planned.slot.at, event_tone=None)
        ways = [
            _delivery_row(planned, shown, accounts[shown.account], deadline=deadline)
            for shown in planned.renditions
        ]
        with self.writing() as transaction:
            _insert(transaction, [{**row, "touched": True}], ways)
            return make_way(transaction, planned.slot.key, planned.slot.at)

    def forget_untouched(self, files: str, now: int) -> Cursor | None:
        """Make room for planning anew from other files; the cursor as it is then.

        What lies ahead is deleted where nobody decided anything about it and nothing was ever claimed. What was due
        before `now` stays.
        """
        with self.writing() as transaction:
            seen = _cursor(transaction.connection)
            if seen is None or seen.files == files:
                return seen
            _forget(transaction.connection, now)
            # What an account is, and whether it is live, may have changed with them.
            transaction.connection.execute(delete(respite))
            transaction.say("files changed: what nobody touched is planned anew", files=files)
            return _set_cursor(transaction, Cursor(min(seen.until, now), files))


def make_way(transaction: Transaction, placed: str, now: int) -> int | None:
    """Make room for planning anew from where the post that a person has placed waits too; that instant, if it does.

    The cursor goes back to the first slot that nobody touched with that post on one of its accounts, be it to come or
    late. Whether the post may come again there is for the planner, which knows how long it rests.
    """
    connection = transaction.connection
    since: int | None = connection.scalar(_WAITS_TOO, {"placed": placed, "now": now})
    seen = _cursor(connection)
    if since is None or seen is None:
        return None
    _forget(connection, since)
    _set_cursor(transaction, Cursor(min(seen.until, since), seen.files))
    transaction.say("a person placed a post that waits too: what nobody touched is planned anew", since=since)
    return since


def _cursor(connection: Connection) -> Cursor | None:
    row = connection.execute(select(cursor.c.until, cursor.c.files)).one_or_none()
    return None if row is None else Cursor(row.until, row.files)


def _set_cursor(transaction: Transaction, to: Cursor) -> Cursor:
    values = {"until": to.until, "files": to.files}
    statement = insert_once(cursor).values(id=1, **values)
    transaction.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
    return to


def _last_uses(connection: Connection, since: int) -> list[Use]:
    """The last use of each post on each account, of those that lie wholly before `since`."""
    newest = func.row_number().over(
        partition_by=(slot.c.post, delivery.c.account), order_by=(slot.c.at.desc(), slot.c.key)
    )
    ranked = (
        select(slot, delivery.c.account, newest.label("rank"))
        .join(delivery, delivery.c.slot == slot.c.key)
        .where(slot.c.at < since, slot.c.planned_at < since)
        .subquery()
    )
    accounts: dict[str, list[str]] = defaultdict(list)
    rows = connection.execute(select(ranked).where(ranked.c.rank == 1).order_by(ranked.c.account)).all()
    for row in rows:
        accounts[row.key].append(row.account)
    once = {row.key: row for row in rows}
    return readable(once.values(), lambda row: _use(row, tuple(accounts[row.key])))


def _use(row: Row[Any], accounts: tuple[str, ...]) -> Use:
    return Use(slot_of(row, row.planned_at), row.post, accounts, row.at)


def _by_slot(each: PlannedPost | Gap) -> tuple[Any, ...]:
    return each.slot.order()


def _deliveries(connection: Connection, window: Window) -> Mapping[str, list[Row[Any]]]:
    """The deliveries of a window's slots, by slot."""
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    rows = connection.execute(
        select(delivery)
        .join(slot, delivery.c.slot == slot.c.key)
        .where(slot.c.at >= window.start, slot.c.at < window.end)
    )
    for row in rows:
        found[row.slot].append(row)
    return found


def _planned(row: Row[Any], ways: Iterable[Row[Any]]) -> PlannedPost:
    accounts = names_of(row.accounts)
    # A failed delivery that was retried has a second one on its account, which is the one to look at.
    newest = {way.account: way for way in sorted(ways, key=lambda way: way.state != State.FAILED)}
    ordered = [newest[name] for name in accounts if name in newest]
    return PlannedPost(
        slot_of(row, row.at),
        Post(row.post, parts_of(row.parts), event=row.event, tone=Tone(row.tone)),
        accounts,
        row.why,
        tuple(rendition_to_show(way) for way in ordered),
        " ".join(dict.fromkeys(way.state for way in ordered)) or "planned",
    )


def _rows(
    posts: Iterable[PlannedPost], schedules: Schedules
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The rows of planned posts: their slots, and their deliveries."""
    slots, deliveries = [], []
    for planned in posts:
        schedule = schedules.by_name[planned.slot.schedule]
        slots.append(_slot_row(planned, grace=schedule.grace, event_tone=_event_tone(planned, schedules)))
        limit = planned.slot.deadline(schedule.grace)
        for shown in planned.renditions:
            account = schedules.accounts[shown.account]
            row = _delivery_row(planned, shown, account, deadline=limit)
            deliveries.append({**row, "approvals": schedule.approval})
    return slots, deliveries


def _event_tone(planned: PlannedPost, schedules: Schedules) -> Tone | None:
    event = schedules.events.get(planned.slot.event or "")
    return event.tone if event else None


def _slot_row(planned: PlannedPost, *, grace: int | None, event_tone: Tone | None) -> dict[str, object]:
    place = planned.slot
    return {
        "key": place.key,
        "schedule": place.schedule,
        "wall": place.wall,
        "zone": place.zone,
        "event": place.event,
        "years": place.years,
        "planned_at": place.at,
        "at": place.at,
        "grace": grace,
        "priority": place.priority,
        "confirmed": place.confirmed,
        "until": place.until,
        "facts": text_of(place.facts),
        "event_tone": event_tone,
        "accounts": text_of(planned.accounts),
        "touched": False,
        **post_columns(planned),
    }


def post_columns(planned: PlannedPost) -> dict[str, object]:
    """What a slot's row says about the post in it."""
    post = planned.post
    return {"post": post.id, "parts": text_of(post.parts), "tone": post.tone, "why": planned.why}


def _delivery_row(
    planned: PlannedPost, shown: Rendition, account: Account, *, deadline: int
) -> dict[str, object]:
    return {
        "key": shown.key,
        "slot": planned.slot.key,
        "account": account.name,
        "network": account.network,
        "state": State.PENDING,
        "at": planned.slot.at,
        "priority": planned.slot.priority,
        "due": planned.slot.at,
        "deadline": deadline,
        "attempts": 0,
        "fence": 0,
        "lease": max(SHORTEST_LEASE, 2 * account.timeout),
        "quarantine": account.quarantine,
        "min_gap": max(account.min_gap, account.late_gap),
        "find": account.find,
        "approvals": 0,
        "reason": "planned",
        **rendition_columns(shown),
    }


def rendition_columns(shown: Rendition) -> dict[str, object]:
    """What a delivery's row says about what will be shown."""
    text = text_of(shown)
    return {"rendition": text, "rendition_digest": shown.digest, "seal": sealed(shown.key, text)}


def _insert(
    transaction: Transaction, slots: list[dict[str, object]], deliveries: list[dict[str, object]]
) -> None:
    """Write slots and deliveries; those that are there stay as they are, because their keys say they are the same."""
    if slots:
        transaction.connection.execute(insert_once(slot).on_conflict_do_nothing(), slots)
    if deliveries:
        transaction.connection.execute(insert_once(delivery).on_conflict_do_nothing(), deliveries)


def _insert_gaps(transaction: Transaction, gaps: Iterable[Gap]) -> None:
    rows = [
        {"key": each.slot.key, "at": each.slot.at, "slot": text_of(each.slot), "reason": each.reason}
        for each in gaps
    ]
    if rows:
        transaction.connection.execute(insert_once(gap).on_conflict_do_nothing(), rows)


def _forget(connection: Connection, now: int) -> None:
    # A decision that was taken back left steps behind.
    ways = select(delivery.c.key).where(delivery.c.slot.in_(_untouched(now)))
    for table in (move, approval):
        connection.execute(delete(table).where(table.c.delivery.in_(ways)))
    connection.execute(delete(delivery).where(delivery.c.slot.in_(_untouched(now))))
    connection.execute(delete(slot).where(slot.c.key.in_(_untouched(now))))
    connection.execute(delete(gap).where(gap.c.at >= now))


def _stays(anew: int | None) -> ColumnElement[bool]:
    return true() if anew is None else slot.c.key.not_in(_untouched(anew))


def _untouched(now: Instant) -> Select[tuple[str]]:
    """The slots ahead of which nothing was ever claimed, and about which nobody decided anything."""
    begun = exists().where(
        delivery.c.slot == slot.c.key, or_(delivery.c.state != State.PENDING, delivery.c.fence > 0)
    )
    return select(slot.c.key).where(slot.c.at >= now, ~slot.c.touched, ~begun)


def _waits_too() -> Select[Any]:
    """The first slot that nobody touched whose post is the placed one, on one of the same accounts, and not too late."""
    placed, way = slot.alias(), delivery.alias()
    theirs = select(way.c.account).where(way.c.slot == placed.c.key)
    return (
        select(func.min(slot.c.at))
        .join(placed, placed.c.post == slot.c.post)
        .join(delivery, delivery.c.slot == slot.c.key)
        .where(placed.c.key == bindparam("placed"), slot.c.key != placed.c.key, delivery.c.deadline > NOW)
        .where(delivery.c.account.in_(theirs), slot.c.key.in_(_untouched(NOW - _LONGEST_GRACE)))
    )


_WAITS_TOO = _waits_too()
