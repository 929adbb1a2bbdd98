"""What keeps a decision from doing harm: words about a day stay on it, and a quiet day is for remembrance alone."""

from contextlib import suppress

from msgspec.structs import replace

from bot.delivery.values import Row
from bot.desk.desk import Desk
from bot.errors import BadCall
from bot.model import Plan, PlannedPost, Post, Priority, Tone, Uses, Window
from bot.planning.pick import is_its_day, is_told
from bot.planning.plan import unfit
from bot.planning.quiet import Quiet
from bot.planning.render import rendered, too_long
from bot.zones import DAY, zone

#: So far ahead of now a post may be moved, in seconds.
_FARTHEST = 366 * DAY


def refuse_swap(desk: Desk, row: Row, post: Post) -> None:
    """Keep a slot that speaks of an event or a date to its posts, and a quiet day to remembrance. BadCall says why."""
    pick = desk.pick(row)
    if row.slot.event and pick.event and post.event != row.slot.event:
        raise BadCall(f"{post.id} is no post of {row.slot.event}, of which this slot speaks")
    if pick.on_this_day and row.post != post.id:
        raise BadCall(
            "this slot speaks of a post's own date; skip it, and say the other with `redletter post`"
        )
    refuse_noise(desk, row, row.at, post.tone)
    if post.use is Uses.DATED and not _may_be_said_then(post, desk, row):
        raise BadCall(f"{post.id} is dated: it is for its own day, and this slot is of another")


def refuse_move(desk: Desk, row: Row, at: int) -> None:
    """Keep what speaks of a day on that day, and a quiet day to remembrance. BadCall says why."""
    if at > desk.now + _FARTHEST:
        raise BadCall("a post is moved within a year from now; swap it, and say it when its time comes")
    if speaks_of_its_day(desk, row) and zone(row.slot.zone).wall(at) // DAY != row.slot.wall // DAY:
        raise BadCall(f"{row.slot.schedule} speaks of {row.slot.day}; move it within that day, or skip it")
    refuse_noise(desk, row, at, row.tone)


def may_move(desk: Desk, row: Row, at: int) -> bool:
    """Tell whether a delivery may be shown at an instant."""
    with suppress(BadCall):
        refuse_move(desk, row, at)
        return True
    return False


def speaks_of_its_day(desk: Desk, row: Row) -> bool:
    """Tell whether what it says, or mourns, belongs to one day."""
    pick, slot = desk.pick(row), row.slot
    is_remembrance = Tone.REMEMBRANCE is row.tone or slot.priority is Priority.REMEMBRANCE
    return pick.event or pick.on_this_day or bool(slot.event) or is_told(slot) or is_remembrance


def refuse_noise(desk: Desk, row: Row, at: int, tone: Tone) -> None:
    """Keep a quiet day to remembrance, and celebration out of a hush."""
    slot = replace(row.slot, at=at, wall=zone(row.slot.zone).wall(at))
    if why := Quiet(desk.project.schedules, Window(at, at + 1)).silence(slot, tone):
        raise BadCall(why)


def replacement(desk: Desk, row: Row, chosen: Post) -> PlannedPost:
    """Another post as it will be shown in a slot; BadCall where it has faults or does not fit there."""
    project = desk.project
    if chosen.id in project.corpus.faulty:
        raise BadCall(f"{chosen.id} has faults; `redletter check` tells them")
    schedule = desk.schedule(row)
    accounts = schedule.names if schedule else (row.account,)
    if schedule and (why := unfit(chosen, row.slot, schedule, project.schedules)):
        raise BadCall(f"{chosen.id} does not fit there: {why}")
    planned = PlannedPost(row.slot, chosen, accounts, "chosen by hand")
    planned = rendered(Plan((planned,)), project.schedules).posts[0]
    for shown in planned.renditions:
        if fault := too_long(shown):
            raise BadCall(f"{chosen.id} does not fit there: {fault}")
    return planned


def _may_be_said_then(post: Post, desk: Desk, row: Row) -> bool:
    """Tell whether a dated post is of the slot's event, or such that its schedule could have picked it."""
    schedule = desk.schedule(row)
    is_of_event = post.event is not None and post.event == row.slot.event
    return is_of_event or (schedule is not None and is_its_day(post, row.slot, schedule))
