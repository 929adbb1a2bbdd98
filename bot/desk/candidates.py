"""Which other posts could have a slot, in the order in which they would have their turn, each with its why."""

from collections.abc import Iterator
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from bot.delivery.values import Row
from bot.desk.desk import Desk
from bot.desk.guards import refuse_swap, replacement
from bot.errors import BadCall
from bot.model import MEMORY, History, Post, Rendition, Schedule, Tone, Window
from bot.planning.pick import Ledger, Picker
from bot.planning.plan import unfit
from bot.planning.quiet import Quiet

#: Posts that are looked at before it is said that no more will do: each is tried in the slot's frames.
_SOUGHT = 200


class Candidate(Struct, frozen=True):
    """A post that could stand in a slot."""

    post: Post
    why: str  #: why its turn would be now
    renditions: tuple[Rendition, ...]  #: as it would be shown


def candidates(desk: Desk, row: Row, most: int = 5) -> tuple[Candidate, ...]:
    """The next posts that could take a delivery's slot; none where nothing else suits it, or no schedule speaks there."""
    schedule = desk.schedule(row)
    return () if schedule is None else tuple(islice(_candidates(desk, row, schedule), most))


def _candidates(desk: Desk, row: Row, schedule: Schedule) -> Iterator[Candidate]:
    schedules = desk.project.schedules
    hush = Quiet(schedules, Window(row.slot.at, row.slot.at + 1)).hush(row.slot)
    mourned = {event.id for event in schedules.events.values() if event.tone is Tone.REMEMBRANCE}
    picker = Picker(desk.project.corpus, Ledger(_history(desk, row)), mourned=mourned)

    def fault(post: Post) -> str | None:
        return unfit(post, row.slot, schedule, schedules)

    for post, why, against in islice(picker.candidates(row.slot, schedule, fault, hush=hush), _SOUGHT):
        if post.id != row.post and against is None and (shown := _shown(desk, row, post)):
            yield Candidate(post, why, shown)


def _history(desk: Desk, row: Row) -> History:
    """What was said and is queued, without the slot itself; as it is when the slot's turn comes."""
    uses = desk.queue.history(min(desk.now, row.slot.at) - MEMORY).uses
    return History(tuple(use for use in uses if use.slot.identity != row.slot.identity))


def _shown(desk: Desk, row: Row, post: Post) -> tuple[Rendition, ...]:
    try:
        refuse_swap(desk, row, post)
        return replacement(desk, replace(row, post=post.id), post).renditions
    except BadCall:
        return ()
