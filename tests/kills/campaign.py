"""Campaigns: daemons that are begun and killed, again and again, and what the server has in the end."""

import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from random import Random  # noqa: TID251 - lives of chance, and the same again by their seed

from msgspec import Struct
from msgspec.structs import replace

from bot.delivery.queue import Queue
from bot.delivery.states import State
from tests.fakes.doomed import Dies, Doomed, Watch, nobody
from tests.kills.judge import Judgement, halves, judged
from tests.kills.orders import Orders, clock
from tests.kills.servers import Server

#: Seconds that a life lasts on average, from when its daemon has looked at its queue.
LIFE = 0.05
#: One in so many lives is killed on its way there: while it reads its project, or opens its database.
_UNBORN = 10
#: After so many lives a minute passes, in which leases end.
_MINUTES, _MINUTE = 40, 65
#: Seconds that pass at least where a daemon would have to wait: others' leases, quarantines and waits end with them.
_A_WHILE = 120
#: How many posts are kept waiting for each account, and after how many lives that is looked at.
_WAITING, _LOOK = 20, 8
_WORDS = "The ferry crosses."
_LENGTHS = (1, 1, 1, 1, 2, 3)  #: of posts, in parts
#: How often a daemon is begun for what is left in the end, before that is a breach.
_PATIENCE = 60
_GLANCE = 0.05  #: seconds between two looks at a queue
_LONGEST = 120.0  #: seconds that a daemon may need for all that is due

Told = Callable[[int], None]  #: is told how many were killed, each time


class Outcome(Struct, frozen=True):
    """What came of a campaign."""

    kills: int = 0
    seconds: float = 0.0
    found: Judgement = Judgement()
    steps: frozenset[str] = frozenset()  #: at which daemons died by their own hand

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.kills + other.kills,
            self.seconds + other.seconds,
            self.found + other.found,
            self.steps | other.steps,
        )


class Crashed(Exception):  # noqa: N818 - reads as what it is
    """A daemon ended by itself."""


def silent(_: int) -> None:
    """Tell nobody."""


def at_random(
    server: Server, kills: int, *, seed: int, daemons: int = 1, life: float = LIFE, told: Told = silent
) -> Outcome:
    """Kill daemons at random instants, so many at once at work on one queue."""
    dice = Random(f"lives {seed}")  # noqa: S311 - chance, not secrets

    def fight(orders: Orders) -> int:
        killed = lives = 0
        while killed < kills:
            if lives % _LOOK == 0:
                _order_more(orders, dice)
            if lives % _MINUTES == _MINUTES - 1:
                orders.pass_time(_MINUTE)
            died = _short_lives(orders, dice, daemons=daemons, life=life)
            told(died)
            killed, lives = killed + died, lives + 1
        return killed

    return one_round(server, fight)


def at_every_step(
    server: Server, posts: Sequence[Sequence[str]], *, twice: bool = False, told: Told = silent
) -> Outcome:
    """Let a daemon die at its n-th step, for n = 1, 2, 3 … until one lives through all that there is to do.

    With `twice`, the one that comes after it dies too, at each of its own steps in turn.
    """
    outcome = Outcome()
    for first in _numbers():
        for second in _numbers():
            at = (first, second) if twice else (first,)
            one = one_round(server.single, _dying(posts, at), after=outcome.found.posts)
            outcome += one
            told(one.kills)
            if one.kills < len(at) or not twice:
                break
        if one.kills == 0:
            return outcome
    raise AssertionError("there is no end of steps")


def live_on(orders: Orders) -> None:
    """Let daemons live undisturbed, and time pass, until nothing is left to be done."""
    for _ in range(_PATIENCE):
        if not _wait(orders):
            return
        quiet_life(orders)


def _numbers() -> Iterable[int]:
    return range(1, 1_000)


def _wait(orders: Orders) -> bool:
    """Let time pass until something is due; False where nothing is left to be done."""
    with orders.queue() as queue:
        due = queue.next_due(clock())
    if due is not None and due > clock():
        orders.pass_time(max(due - clock(), _A_WHILE))
    return due is not None


def one_round(server: Server, fight: Callable[[Orders], int], *, after: int = 0) -> Outcome:
    """One project: what is killed in it, and what is there in the end. Its folder is kept where something is wrong."""
    folder = Path(tempfile.mkdtemp(prefix="redletter-kills-"))
    began = time.monotonic()
    accounts = server.accounts
    orders = Orders(folder / "project", server, after=after, short=accounts[: len(accounts) // 2])
    kills = fight(orders)
    live_on(orders)
    found = judged(orders)
    steps = steps_of(orders)
    if found.breaches:
        kept = tuple(f"{breach}; see {folder}" for breach in found.breaches)
        found = replace(found, breaches=kept)
    else:
        shutil.rmtree(folder)
    return Outcome(kills, time.monotonic() - began, found, steps)


def _order_more(orders: Orders, dice: Random) -> None:
    waiting = 0
    if orders.all:
        with orders.queue() as queue:
            waiting = queue.counts()[State.PENDING]
    wanted = _WAITING * len(orders.server.accounts)
    if waiting < wanted:
        orders.more(*([_WORDS] * dice.choice(_LENGTHS) for _ in range(wanted)))


def _short_lives(orders: Orders, dice: Random, *, daemons: int, life: float) -> int:
    """Begin daemons and kill each after a while; how many were killed."""
    alive = [Doomed(orders.folder, env=orders.server.env) for _ in range(daemons)]
    if dice.randrange(_UNBORN):
        for each in alive:
            each.has_begun()
    lived = 0.0
    for until, each in zip(sorted(dice.expovariate(1 / life) for _ in alive), alive, strict=True):
        each.lives(until - lived)
        lived = until
        if each.dies() != -signal.SIGKILL:
            raise crashed(orders, each)
    return len(alive)


def _dying(posts: Sequence[Sequence[str]], at: Sequence[int]) -> Callable[[Orders], int]:
    """Daemons that die at these steps, one after the other; what is left to be done is for others."""

    def fight(orders: Orders) -> int:
        orders.more(*posts)
        died = 0
        for step in at:
            if not (_wait(orders) and quiet_life(orders, Dies(step, orders.folder / "steps.log"))):
                break
            died += 1
            orders.noticed += halves(orders)
        return died

    return fight


def quiet_life(orders: Orders, watch: Watch = nobody) -> bool:
    """Let a daemon live until it has nothing to do, and end it kindly; tell whether it died by its own hand."""
    with orders.queue() as queue:
        left = _in_hand(queue)
    each = Doomed(orders.folder, watch, env=orders.server.env)
    with orders.queue() as queue:
        end = time.monotonic() + _LONGEST
        while each.lives(_GLANCE) and not (is_idle(queue, left) and each.has_begun()):
            if time.monotonic() > end:
                each.dies()
                raise AssertionError(f"a daemon had no rest in {_LONGEST} s; see {orders.folder}")
    if each.dies(signal.SIGTERM) not in {0, -signal.SIGKILL}:
        raise crashed(orders, each)
    return each.status != 0


def is_idle(queue: Queue, left: Collection[str]) -> bool:
    """Tell whether nothing is due, and nothing in hand but what somebody else left behind."""
    now = clock()
    open_ = queue.rows(now, states=[State.PENDING, State.SENDING, State.UNKNOWN])  # as they are at one moment
    return all(
        row.key in left if row.state is State.SENDING else row.due is None or row.due > now for row in open_
    )


def _in_hand(queue: Queue) -> list[str]:
    return [row.key for row in queue.rows(clock(), states=[State.SENDING])]


def steps_of(orders: Orders) -> frozenset[str]:
    """The steps at which daemons died, or halted, by their own hand."""
    file = orders.folder / "steps.log"
    return frozenset(file.read_text().splitlines()) if file.exists() else frozenset()


def crashed(orders: Orders, each: Doomed) -> Crashed:
    """What is raised when a daemon ended by itself, with its last words."""
    said = (orders.folder / "said.log").read_text("utf-8")[-2_000:]
    return Crashed(f"a daemon ended by itself with {each.status}; see {orders.folder}:\n{said}")
