"""One turn of the daemon."""

from collections import deque
from collections.abc import Callable

from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from bot.contracts import Publisher
from bot.delivery.answers import ready
from bot.delivery.deliver import Clock, Errand, Satchel, deliver, look
from bot.delivery.lanes import Hands, Lanes, inline
from bot.delivery.planned import SHORTEST_LEASE
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.steps import step
from bot.delivery.values import Claim, Unknown
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
#: Seconds between two signs of life for what is in hand.
BEAT = SHORTEST_LEASE // 3

#: How much of what is due to an account is looked up at once. Each claim makes sure that it still is.
AT_ONCE = 16

Publishers = Callable[[Account], Publisher]


class Turn(Struct, frozen=True):
    """What one turn came to."""

    ended: tuple[
        tuple[str, State], ...
    ] = ()  #: the keys of deliveries that were brought on, and where they stand now
    next_due: int | None = None  #: when the next turn has something to do


class Shift:
    """One process at work on a queue: its turns, and what it has under way."""

    def __init__(self, queue: Queue, publishers: Publishers, *, hands: Hands = inline, most: int = 1) -> None:
        """Serve `most` accounts at once, their publishers asked by `hands`; with one, in this thread, a delivery a turn."""
        self._queue, self._publishers = queue, publishers
        self._lanes, self._most = Lanes(queue, hands), most
        self._tidied: tuple[int, str] | None = None
        self._kept = 0
        self._ended: list[tuple[str, State]] = []
        self._hungry: dict[str, deque[Claim]] = {}  #: accounts, and what was seen to be due to them

    def tick(self, project: Project, clock: Clock) -> Turn:
        """Take one turn: put right what time has overtaken, plan ahead, and send what is due on its way.

        The clock is read again while networks take their time. BadState where it lies far behind what was lived
        through already, or where rows of the queue contradict each other.
        """
        now = clock()
        try:
            self._go_on()
            if self._tidied != (now, project.digest):
                self._tidy(project, now)
            self._send_out(project, now, Satchel(self._queue, clock, project.root))
            self._go_on()
        except IntegrityError as error:
            raise self._queue.contradiction(error) from error
        is_busy = self._hungry or self.is_under_way
        next_due = now if is_busy else self._queue.next_due(now)
        return Turn(self._told(), next_due)

    @property
    def is_under_way(self) -> bool:
        """Tell whether an answer is waited for."""
        return len(self._lanes) > 0

    def wait(self, seconds: float) -> None:
        """Wait for an answer, no longer than this."""
        self._lanes.wait(seconds)

    def finish(self) -> Turn:
        """Begin nothing more, and bring what is in hand to its end."""
        self._lanes.finish()
        self._go_on()
        return Turn(self._told())

    def _go_on(self) -> None:
        """Let errands go on. Where one was not a success, what was seen to be due may wait now: it is looked up anew."""
        self._lanes.go_on()
        ended = self._lanes.ended()
        if any(state is not State.SENT for _, state in ended):
            for seen in self._hungry.values():
                seen.clear()
        self._ended += [(key, state) for key, state in ended if state]

    def _told(self) -> tuple[tuple[str, State], ...]:
        ended, self._ended = tuple(self._ended), []
        return ended

    def _tidy(self, project: Project, now: int) -> None:
        refuse_a_clock_behind(self._queue.newest(), now)
        if now >= self._kept + BEAT or now < self._kept:
            self._queue.keep(self._lanes.claims(), now)
            self._kept = now
        plan_ahead(project, self._queue, now)
        # After planning, so that what an outage swept past before it was planned is missed for that reason.
        self._queue.recover(now, project.schedules.accounts)
        step("recovered")
        self._hungry = {name: deque() for name in self._queue.hungry(now)}
        self._tidied = (now, project.digest)

    def _send_out(self, project: Project, now: int, satchel: Satchel) -> None:
        """Begin an errand for each account that has none, while there are hands for it."""
        for name in list(self._hungry):
            if len(self._lanes) >= self._most:
                return
            if name not in self._lanes and not self._begin(project, name, now, satchel=satchel):
                del self._hungry[name]

    def _begin(self, project: Project, name: str, now: int, *, satchel: Satchel) -> bool:
        """Begin what the account waits for most; False where that is nothing."""
        account = project.schedules.accounts.get(name)
        due = self._next(account, now) if account else None
        if account and due:
            self._lanes.begin(name, due.key, self._delivery(satchel, due, account))
            return True
        unknown = self._queue.unknown(name, now)
        if unknown is None:
            return False
        if account is None or (unknown.live and not account.live):
            # The dry run would call absent what a network may have, and a person may let it go live again.
            self._queue.leave_unknown(unknown, f"{name} is not live, so its network is not asked", now)
        else:
            self._lanes.begin(name, unknown.claim.key, self._look(satchel, unknown, account))
        return True

    def _next(self, account: Account, now: int) -> Claim | None:
        """What is due to an account next; several are looked up at once."""
        seen = self._hungry[account.name]
        if not seen:
            seen.extend(self._queue.due(account.name, now, AT_ONCE))
        return seen.popleft() if seen else None

    def _delivery(self, satchel: Satchel, due: Claim, account: Account) -> Errand:
        return deliver(satchel, due, ready(lambda: self._publishers(account)), account=account)

    def _look(self, satchel: Satchel, unknown: Unknown, account: Account) -> Errand:
        return look(satchel, unknown, ready(lambda: self._publishers(account)))


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
    step("planned ahead")


def refuse_a_clock_behind(newest: int | None, now: int) -> None:
    """BadState where so much later an instant was lived through already that nothing may be sent."""
    if newest is not None and now < newest - PATIENCE:
        raise BadState(
            f"the clock says {utc_text(now)}, but {utc_text(newest)} was lived through here already; set the clock "
            "right, or, if that was a time-lapse, move its database away"
        )
