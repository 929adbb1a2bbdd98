"""What a hold would stop, told before anybody makes it; and who made those that hold."""

from collections.abc import Iterator

from msgspec import Struct

from bot.delivery.decided import By, Decision
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.values import Hold
from bot.desk.decide import release, stops
from bot.desk.desk import Desk
from bot.errors import BadCall
from bot.model import Plan, PlannedPost, Rendition, Tone, Window
from bot.outlook import outlook
from bot.preview.forecast import still_to_come
from bot.zones import DAY

#: So many days ahead it is counted what a hold stops.
AHEAD = 30
#: So many decisions are looked through, a hundred at a time, for who made a hold.
_PAGES = 20


class Effect(Struct, frozen=True):
    """What a hold would stop in the coming days."""

    planned: tuple[PlannedPost, ...]
    renditions: int  #: how many deliveries it comes to
    until: int  #: how far it was counted


class Held(Struct, frozen=True):
    """A hold that holds, and the decision that made it, where that is known."""

    hold: Hold
    decision: Decision | None

    @property
    def stops(self) -> str:
        """What it stops, in words."""
        return stops(self.hold.account, self.hold.tone)


def effect(desk: Desk, account: str | None, tone: Tone | None, until: int | None) -> Effect:
    """What a hold from now on would stop of what is planned in the coming 30 days, or until it ends."""
    wanted = Hold(0, account, tone, desk.now, until, "")
    last = desk.now + AHEAD * DAY
    end = last if until is None else max(desk.now, min(until, last))
    plan = outlook(desk.project, desk.queue, Window(desk.now, end), desk.now)
    found = list(_stopped(desk, plan, wanted))
    return Effect(tuple({each.slot.key: each for each, _ in found}.values()), len(found), end)


def held(queue: Queue, now: int) -> tuple[Held, ...]:
    """The holds that hold, the oldest first, each with who made it and why."""
    holds = queue.holds(now)
    made = list(_made(queue, min((hold.since for hold in holds), default=now)))
    return tuple(Held(hold, next((each for each in made if _is_of(each, hold)), None)) for hold in holds)


def let_go(queue: Queue, number: int, by: By, now: int) -> None:
    """Release one hold and leave the others; BadCall where it holds no more."""
    hold = next((each for each in queue.holds(now) if each.id == number), None)
    if hold is None:
        raise BadCall("that hold holds no more; nothing was left to release")
    release(queue, by, now=now, account=hold.account, tone=hold.tone, number=number)


def _stopped(desk: Desk, plan: Plan, wanted: Hold) -> Iterator[tuple[PlannedPost, Rendition]]:
    waiting = {row.key: max(row.at, desk.now) for row in desk.queue.rows(desk.now, states=(State.PENDING,))}
    for planned in plan.posts:
        event = desk.project.schedules.events.get(planned.slot.event or "")
        tones = (planned.post.tone, event.tone if event else None)
        for shown in still_to_come(planned, desk.now, waiting):
            if wanted.concerns(shown.account, tones):
                yield planned, shown


def _made(queue: Queue, since: int) -> Iterator[Decision]:
    """The decisions to hold that were made since an instant, the newest first."""
    before = None
    for _ in range(_PAGES):
        page = queue.decisions(before=before)
        yield from (each for each in page if each.what == "hold")
        if not page or page[-1].at < since:
            return
        before = page[-1].id


def _is_of(made: Decision, hold: Hold) -> bool:
    """Tell whether a decision made a hold."""
    same = (made.at, made.why, made.about) == (hold.since, hold.reason, stops(hold.account, hold.tone))
    return same and made.undone_by is None
