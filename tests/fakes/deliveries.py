"""Planned posts made by hand, and a queue to put them in."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.event import listen

from bot.contracts import Publisher, Receipt
from bot.delivery.budgets import Cost
from bot.delivery.deliver import Clock, Errand, Question, Satchel, carried, deliver, look
from bot.delivery.queue import Queue
from bot.delivery.retry import Verdict
from bot.delivery.states import State
from bot.delivery.values import Claim, Row, Unknown
from bot.model import (
    Account,
    Corpus,
    Event,
    Gap,
    Media,
    Part,
    Pick,
    Plan,
    PlannedPost,
    Post,
    Project,
    Rendition,
    Schedule,
    Schedules,
    ShownPart,
    Slot,
    Tone,
    Window,
)
from bot.planning.render import delivery_key
from bot.zones import HOUR
from tests.fakes.worlds import at

NOON = at("2027-03-01T12:00Z")  #: a Monday
X = Account("ours-x", "x", live=True, quarantine=120)
MASTODON = Account("ours-mastodon", "mastodon", live=True, quarantine=120)
PACED = Account("ours-paced", "x", live=True, min_gap=HOUR)
DEAF = Account("ours-deaf", "webhook", live=True, find=False)
ACCOUNTS = {account.name: account for account in (X, MASTODON, PACED, DEAF)}
FEAST = Event("feast", "A feast", "feast", tone=Tone.CELEBRATION)
SENT = Verdict(State.SENT, "a receipt for every part")
SILENCE = Verdict(State.UNKNOWN, "unanswered: lost")


class Never:
    """A trigger that gives no slot: these tests put theirs in by hand."""

    priority = 5

    def times(self, window: Window) -> Iterable[Slot]:
        del window
        return ()


def schedules(
    *, grace: int | None = HOUR, approval: int = 0, accounts: Iterable[Account] = ACCOUNTS.values()
) -> Schedules:
    made = tuple(accounts)
    entry = Schedule("daily", Never(), Pick(), made, grace=grace, approval=approval)  # type: ignore[arg-type] # no trigger is wanted
    return Schedules((entry,), {FEAST.id: FEAST}, {account.name: account for account in made})


def slot(instant: int = NOON, *, event: str | None = None) -> Slot:
    return Slot(instant, "daily", instant, "UTC", event=event)


def planned(
    instant: int = NOON,
    *texts: str,
    accounts: Iterable[Account] = (X,),
    id: str = "moon/rise",  # noqa: A002 - a post's id
    tone: Tone = Tone.NEUTRAL,
    event: str | None = None,
    media: tuple[Media, ...] = (),
    **shown_with: Any,
) -> PlannedPost:
    """A planned post; `shown_with` are further fields of its renditions."""
    place = slot(instant, event=event)
    post = Post(id, tuple(Part(text, media) for text in texts or ("The moon rises.",)), tone=tone)
    names = tuple(account.name for account in accounts)
    shown = tuple(
        Rendition(
            account.name,
            account.network,
            delivery_key(place, account.name),
            tuple(ShownPart(part.text, len(part.text), 280, part.media) for part in post.parts),
            **shown_with,
        )
        for account in accounts
    )
    return PlannedPost(place, post, names, "has waited longest", shown)


def opened(folder: Path) -> Queue:
    return Queue(f"sqlite:///{folder / 'redletter.db'}")


def enqueue(
    queue: Queue,
    *posts: PlannedPost,
    by: Schedules | None = None,
    gaps: Iterable[Gap] = (),
    until: int = NOON + 7 * 24 * HOUR,
    files: str = "files",
) -> None:
    """Enqueue by hand, whatever the cursor says."""
    plan = Plan(posts, tuple(gaps))
    assert queue.enqueue(plan, by or schedules(), seen=queue.cursor(), until=until, files=files)


def project(by: Schedules | None = None, *, files: str = "files", **fields: object) -> Project:
    return Project("/project", by or schedules(), fields.get("corpus", Corpus()), files)  # type: ignore[arg-type]


def row(queue: Queue, key: str = "", now: int = NOON) -> Row:
    """The only delivery, or the one of a key."""
    found = [each for each in queue.rows(now) if each.key.startswith(key)]
    assert len(found) == 1
    return found[0]


def states(queue: Queue) -> list[State]:
    """The states of all deliveries, by time."""
    return [each.state for each in queue.rows(NOON)]


def proof(part: int = 1, at: int = NOON) -> Receipt:
    return Receipt(f"id-{part}", f"https://network.example/{part}", at)


def waiting(queue: Queue, now: int = NOON, key: str | None = None) -> Claim | None:
    """What would be sent next, of whichever account; it is not claimed yet."""
    found = (queue.first_due(account, now, key=key) for account in queue.hungry(now))
    return next((due for due in found if due), None)


def waited(queue: Queue, now: int = NOON, key: str | None = None) -> Claim:
    """As above, where something is due."""
    due = waiting(queue, now, key)
    assert due
    return due


def take(
    queue: Queue, now: int = NOON, key: str | None = None, *, live: bool = True, cost: Cost | None = None
) -> Claim | None:
    """Claim what is due, as a publisher that keeps nothing would have it, and intend its next part."""
    due = waiting(queue, now, key)
    if due is None:
        return None
    claim = queue.claim(due, ("",) * len(due.rendition.parts), now, live=live, cost=cost)
    return claim if isinstance(claim, Claim) else None


def claimed(queue: Queue, now: int = NOON, key: str | None = None, *, live: bool = True) -> Claim:
    """As above, where something is due."""
    claim = take(queue, now, key, live=live)
    assert claim
    return claim


def sent(queue: Queue, now: int = NOON) -> Claim:
    """What is due, claimed and shown part by part."""
    claim = claimed(queue, now)
    last = len(claim.rendition.parts)
    for part in range(claim.missing.start, last):
        assert queue.go_on(claim, part, proof(part, now), now, live=True)
    assert queue.finish(claim, last, proof(last, now), now)
    return claim


def unanswered(queue: Queue, now: int = NOON) -> Unknown:
    """What is due, claimed, asked for and not answered; as it is after its quarantine."""
    claim = claimed(queue, now)
    assert queue.settle(claim, SILENCE, now)
    found = queue.unknown(claim.account, now + claim.quarantine)
    assert found
    return found


def satchel(queue: Queue, clock: Clock | int = NOON) -> Satchel:
    """A satchel whose clock stands still, or is the one that is given."""
    return Satchel(queue, clock if callable(clock) else lambda: clock, "/project")


def delivered(
    queue: Queue, publisher: Publisher, clock: Clock | int = NOON, *, account: Account | None = None
) -> State | None:
    """Deliver what is due, whole; where it stands then."""
    at_work = satchel(queue, clock)
    due = waited(queue, at_work.clock())
    return carried(deliver(at_work, due, publisher, account=account or ACCOUNTS[due.account]))


def looked(queue: Queue, publisher: Publisher, now: int) -> State:
    """Ask about what is unknown; where it stands then."""
    [unknown] = [found for name in queue.hungry(now) if (found := queue.unknown(name, now))]
    carried(look(satchel(queue, now), unknown, publisher))
    return row(queue).state


def commits(queue: Queue) -> list[int]:
    """A list that grows with every commit from now on that changes a row: how many rows it changed."""
    made: list[int] = []
    before = _changes(queue)

    def note(connection: Connection) -> None:
        changed = connection.connection.dbapi_connection.total_changes  # type: ignore[union-attr] # SQLite's own
        if changed > before + sum(made):
            made.append(changed - before - sum(made))

    listen(queue._engine, "commit", note)  # noqa: SLF001 - what is durable is counted at the wire
    return made


@contextmanager
def disk_full(queue: Queue) -> Iterator[None]:
    """A disk on which the queue's file cannot grow."""
    _pragma(queue, f"max_page_count = {_pragma(queue, 'page_count')}")
    try:
        yield
    finally:
        _pragma(queue, "max_page_count = 1000000")


@contextmanager
def locked(queue: Queue) -> Iterator[None]:
    """Another program keeps the database to itself for a while, and this one has no patience."""
    _pragma(queue, "busy_timeout = 1")
    other = sqlite3.connect(queue._url.database or "", isolation_level=None)  # noqa: SLF001 - where it lies
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
        _pragma(queue, "busy_timeout = 5000")


def _changes(queue: Queue) -> int:
    with queue.reading() as connection:
        return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


def _pragma(queue: Queue, words: str) -> object:
    with queue.reading() as connection:
        return connection.exec_driver_sql(f"PRAGMA {words}").scalar()


def until_asked(errand: Errand, answer: object = None) -> Question:
    """Carry an errand on until it wants to ask its network to show something: the question, not put yet."""
    while True:
        wanted = errand.send(answer)
        if isinstance(wanted, Question) and wanted.claim:
            return wanted
        answer = wanted.put()


def end_of(errand: Errand, answer: object) -> State | None:
    """Carry an errand to its end, from an answer on."""
    try:
        while True:
            answer = errand.send(answer).put()
    except StopIteration as end:
        state: State | None = end.value
        return state


class Later:
    """Hands that keep what they are given to do until they are told to do it."""

    def __init__(self) -> None:
        self.work: list[tuple[str, Callable[[], None]]] = []

    def __call__(self, account: str, work: Callable[[], None]) -> None:
        self.work.append((account, work))

    @property
    def accounts(self) -> list[str]:
        """Whose questions are not put yet."""
        return [account for account, _ in self.work]

    def do(self, account: str | None = None) -> None:
        """Put the first question, or the first of an account."""
        found = next(n for n, (name, _) in enumerate(self.work) if account in {None, name})
        _, work = self.work.pop(found)
        work()
