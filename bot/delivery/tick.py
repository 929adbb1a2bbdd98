"""One turn of the daemon."""

from collections.abc import Callable

from msgspec import Struct

from bot.contracts import Publisher
from bot.delivery.deliver import Clock, deliver, ready, settle_unknown
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.errors import BadState
from bot.model import MEMORY, Account, Project, Window
from bot.planning.plan import plan
from bot.planning.render import rendered
from bot.zones import DAY, HOUR, MINUTE, utc_text

#: How far ahead people can see, approve, swap, move or skip what is coming.
HORIZON = 7 * DAY
#: How much of the horizon may be used up before it is planned on.
STEP = HOUR
#: How far the clock may go back without a word.
PATIENCE = 5 * MINUTE

Publishers = Callable[[Account], Publisher]


class Turn(Struct, frozen=True):
    """What one turn came to."""

    delivered: str | None = None  #: the key of the delivery that it took on
    state: State | None = None  #: where that stands now
    next_due: int | None = None  #: when the next turn has something to do


def tick(
    project: Project, queue: Queue, publishers: Publishers, now: int, *, clock: Clock | None = None
) -> Turn:
    """Take one turn: plan ahead, put right what time has overtaken, and take on at most one delivery.

    The clock is read again while networks take their time; without one, a turn takes none (a time-lapse). BadState
    where `now` lies far behind what was lived through already.
    """
    clock = clock or (lambda: now)
    _refuse_a_clock_behind(queue.newest(), now)
    plan_ahead(project, queue, now)
    # After planning, so that what an outage swept past before it was planned is missed for that reason.
    queue.recover(now, project.schedules.accounts)
    claim = queue.claim(now)
    if claim is None:
        _clear_up(project, queue, publishers, now=now, clock=clock)
        return Turn(next_due=queue.next_due(now))
    publisher = ready(lambda: publishers(project.schedules.accounts[claim.account]))
    state = deliver(queue, claim, publisher, root=project.root, clock=clock)
    return Turn(claim.key, state, queue.next_due(now))


def plan_ahead(project: Project, queue: Queue, now: int) -> None:
    """Enqueue what the horizon has room for; from `now` on anew where the project's files changed.

    Two processes may do this at once: one wins, and the other goes on with what the first enqueued.
    """
    seen = queue.cursor()
    if seen is not None and seen.files != project.digest:
        seen = queue.forget_untouched(project.digest, now)
    start = now if seen is None else seen.until
    if start > now + HORIZON - STEP:
        return
    window = Window(start, now + HORIZON)
    made = plan(project.schedules, project.corpus, queue.history(start - MEMORY), window)
    queue.enqueue(
        rendered(made, project.schedules),
        project.schedules,
        seen=seen,
        until=window.end,
        files=project.digest,
    )


def _clear_up(project: Project, queue: Queue, publishers: Publishers, *, now: int, clock: Clock) -> None:
    """With nothing to send, ask one network about what it never answered."""
    unknown = queue.unknown(now)
    if unknown is None:
        return
    account = project.schedules.accounts.get(unknown.claim.account)
    if unknown.is_silence and not (account and account.live):
        # The dry run would call absent what a network may have, and a person may let it go live again.
        queue.leave_unknown(unknown, f"{unknown.claim.account} is not live, so its network is not asked", now)
    else:
        publisher = ready(lambda: publishers(project.schedules.accounts[unknown.claim.account]))
        settle_unknown(queue, unknown, publisher, root=project.root, clock=clock)


def _refuse_a_clock_behind(newest: int | None, now: int) -> None:
    if newest is not None and now < newest - PATIENCE:
        raise BadState(
            f"the clock says {utc_text(now)}, but {utc_text(newest)} was lived through here already; set the clock "
            "right, or, if that was a time-lapse, move its database away"
        )
