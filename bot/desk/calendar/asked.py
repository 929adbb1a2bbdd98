"""What is asked about: a project and its queue at a moment; and how what is planned stands then."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from bot.delivery.states import State
from bot.delivery.versions import Stamp, Way
from bot.model import Plan, PlannedPost, Project, Tone, Window
from bot.outlook import viewed
from bot.preview.entries import Mark, mark
from bot.preview.view import HELD, Held, View
from bot.zones import MINUTE

if TYPE_CHECKING:
    from bot.delivery.queue import Queue
    from bot.delivery.values import Hold

#: Where nothing is queued from the files as they are, the plan goes with the clock; it is worked out anew so often.
_TICK = 10 * MINUTE
#: The state of a planned post that too few people have approved.
NOT_APPROVED = "not approved"


class Asked(Struct, frozen=True):
    """What is asked about: a project and its queue at a moment."""

    project: Project
    queue: "Queue"
    now: int
    stamp: Stamp

    @property
    def until(self) -> int | None:
        """How far is planned from the files as they are; None where nothing is yet, or from others."""
        seen = self.stamp.cursor
        return seen.until if seen and seen.files == self.project.digest else None

    @property
    def name(self) -> object:
        """Where two are the same, so is the plan."""
        return self.project.digest, self.stamp, None if self.until is not None else self.now // _TICK

    @property
    def words(self) -> View:
        """The names that make a plan readable."""
        return viewed(self.project, Plan(), Window(self.now, self.now))


def _by_slot(ways: Iterable[Way]) -> dict[str, list[Way]]:
    found: dict[str, list[Way]] = defaultdict(list)
    for way in ways:
        found[way.slot].append(way)
    return found


def foreseen(asked: Asked, view: View) -> View:
    """The view with what holds and missing approvals keep from going out."""
    ways = _by_slot(asked.queue.ways(view.window))
    posts = tuple(told(asked, each, ways.get(each.slot.key, ())) for each in view.plan.posts)
    held = {
        shown.key: Held(hold.reason, hold.until, hold.account, hold.tone)
        for planned in view.plan.posts
        for shown in planned.renditions
        if (hold := _hold(asked, planned, shown.account, ways.get(planned.slot.key, ())))
    }
    return replace(view, plan=replace(view.plan, posts=posts), held=held)


def marked(asked: Asked, made: Plan, ways: Iterable[Way], words: View) -> Iterator[Mark]:
    """A plan in short, with what keeps its posts back; `words` has the names that make it readable."""
    theirs = _by_slot(ways)
    for planned in made.posts:
        yield mark(told(asked, planned, theirs.get(planned.slot.key, ())), words)
    for gap in made.gaps:
        yield mark(gap, words)


def told(asked: Asked, planned: PlannedPost, ways: Sequence[Way]) -> PlannedPost:
    """A planned post with its state, and what keeps it back: a hold, or that nobody approved it."""
    waiting = _waiting(asked, planned, ways)
    held = [name for name in waiting if _hold(asked, planned, name, ways)]
    gone = {"planned", State.PENDING} if held and held == list(waiting) else set()
    words = [each for each in planned.state.split() if each not in gone]
    words += [HELD] if held else []
    words += [NOT_APPROVED] if any(not way.is_approved and way.state == State.PENDING for way in ways) else []
    return planned if words == planned.state.split() else replace(planned, state=" ".join(words))


def _waiting(asked: Asked, planned: PlannedPost, ways: Sequence[Way]) -> Sequence[str]:
    """The accounts that are still to show it."""
    if planned.state == "planned":
        return planned.accounts if planned.slot.at >= asked.now else ()
    pending = {way.account for way in ways if way.state == State.PENDING}
    return [name for name in planned.accounts if name in pending]


def _hold(asked: Asked, planned: PlannedPost, account: str, ways: Sequence[Way]) -> "Hold | None":
    """What stops a post on an account where it is still to be shown; the oldest hold where there are more."""
    if not asked.stamp.holds or account not in _waiting(asked, planned, ways):
        return None
    event = asked.project.schedules.events.get(planned.slot.event or "")
    tones: tuple[Tone | None, ...] = (planned.post.tone, event.tone if event else None)
    at = max(planned.slot.at, asked.now)
    return next(
        (hold for hold in asked.stamp.holds if hold.lasts(at) and hold.concerns(account, tones)), None
    )
