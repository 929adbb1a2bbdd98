"""One planned post as people decide about it: queued, or beyond what the queue holds yet."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from bot.delivery.states import State
from bot.delivery.tick import HORIZON
from bot.delivery.values import Row
from bot.desk.calendar import Calendar
from bot.desk.desk import Desk
from bot.errors import BadCall
from bot.model import Gap, Part, Plan, PlannedPost, Post, Slot, Window
from bot.outlook import stopped, viewed
from bot.planning.plan import slots
from bot.planning.quiet import Quiet
from bot.preview.view import Held, View, local_date
from bot.zones import DAY

#: Where a slot that is not queued is looked for, in seconds from now: from each of these to the next.
_STRETCHES = (-40 * DAY, 60 * DAY, 400 * DAY, 4_400 * DAY)


class Placed(Struct, frozen=True):
    """A planned post, with all that is known of its deliveries."""

    planned: PlannedPost
    view: View  #: of it alone, with what stops it
    rows: tuple[Row, ...] = ()  #: its deliveries; empty where it is not queued yet
    version: str | None = None  #: as it was before anything of this was read; None where it is not queued

    @property
    def slot(self) -> Slot:
        """Where it stands now."""
        return self.planned.slot

    @property
    def decided_from(self) -> int:
        """The instant from which on people can decide about it, where it is not queued yet."""
        return self.slot.at - HORIZON

    def stands(self, *states: State) -> tuple[Row, ...]:
        """The deliveries in one of these states."""
        return tuple(row for row in self.rows if row.state in states)


def placed(desk: Desk, key: str, calendar: Calendar, *, on: date | None = None) -> Placed | Gap | None:
    """The planned post of a slot's whole key, or the gap that is there; None where nothing of that name is to be found.

    What the queue has is found at once; else the calendar plans the day that the slot is said to be `on`, or on which
    its schedule has it.
    """
    return _queued(desk, key) or _coming(desk, key, calendar, on)


def slot_named(desk: Desk, key: str) -> str | None:
    """The whole key of the slot that the beginning of a key means, or a delivery's; None where there is no such."""
    try:
        return desk.rows(key)[0].slot.key
    except BadCall:
        return None


def quiet_of(desk: Desk, slot: Slot) -> str | None:
    """The event that makes the day of a slot quiet for all but remembrance; None where it is a day like any other."""
    loud = replace(slot, priority=max(type(slot.priority)))
    said = Quiet(desk.project.schedules, Window(slot.at, slot.at + 1)).objection(loud, (), None)
    return said.removeprefix("quiet day: ") if said else None


def _queued(desk: Desk, key: str) -> Placed | None:
    if slot_named(desk, key) != key:
        return None
    version = desk.queue.version(key)  # before all else: what changes while it is read is noticed then
    rows = desk.rows(key)
    planned = _planned(desk, rows)
    return Placed(planned, _view(desk, planned), rows, version)


def _planned(desk: Desk, rows: Sequence[Row]) -> PlannedPost:
    """The planned post that deliveries are of; of those on one account the one that was retried last."""
    first, schedule = rows[0], desk.schedule(rows[0])
    newest = {row.account: row for row in sorted(rows, key=lambda row: row.state is not State.FAILED)}
    order = {name: place for place, name in enumerate(schedule.names if schedule else ())}
    ways = sorted(newest.values(), key=lambda row: order.get(row.account, len(order)))
    states = " ".join(dict.fromkeys(row.state.value for row in ways))
    names = tuple(row.account for row in ways)
    return PlannedPost(
        first.slot, _post(first), names, first.why, tuple(row.rendition for row in ways), states
    )


def _post(row: Row) -> Post:
    parts = tuple(Part(part.text, part.media) for part in row.rendition.parts)
    return Post(row.post, parts, event=row.slot.event, tone=row.tone, lang=row.rendition.lang)


def _coming(desk: Desk, key: str, calendar: Calendar, on: date | None) -> Placed | Gap | None:
    try:
        found, view = calendar.entry(desk.project, desk.queue, key, now=desk.now, on=on or _sought(desk, key))
    except BadCall:
        return None
    return Placed(found, view) if isinstance(found, PlannedPost) else found


def _sought(desk: Desk, key: str) -> date | None:
    """The day of the slot of that key, as its trigger gives it; the nearest days are looked through first."""
    for before, after in pairwise(_STRETCHES):
        window = Window(desk.now + before, desk.now + after)
        for slot in slots(desk.project.schedules, window):
            if slot.key == key:
                return local_date(slot)
    return None


def _view(desk: Desk, planned: PlannedPost) -> View:
    """A planned post with what a reader needs, and with the holds that stop it."""
    plan = Plan((planned,))
    stops = stopped(plan, desk.project, desk.queue, desk.now)
    held = {key: Held(hold.reason, hold.until, hold.account, hold.tone) for key, hold in stops.items()}
    window = Window(planned.slot.at, planned.slot.at + 1)
    return replace(viewed(desk.project, plan, window), held=held)
