"""What a delivery costs without its network: durable commits, engine time, a burst, an outage, and lateness.

    python bench/delivery.py [--posts N] [--rounds N]

Floors are measured in the same run, turn by turn with what they are compared to, on the same disk: durable commits of
SQLAlchemy Core on SQLite (WAL, synchronous=FULL), each an INSERT in a transaction of its own. The network answers at
once, in memory, and keeps what it is shown: its ledger says whether anything was dropped or doubled. Medians.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, zip_longest
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
)

from bot.contracts import Ask, Receipt
from bot.delivery.deliver import Desk, carried, deliver
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import AT_ONCE, Shift
from bot.model import (
    Account,
    Corpus,
    Limits,
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
    Window,
)
from bot.planning.render import delivery_key
from bot.zones import DAY, HOUR

EIGHT = tuple(Account(f"ours-{number}", "x", live=True) for number in range(8))
NOON = 1_803_902_400  #: a Monday's
ROOT = Path(__file__).resolve().parents[1]


class Ledger:
    """A network that answers at once and keeps what it was shown."""

    limits: ClassVar[Limits] = Limits()
    secrets: ClassVar[dict[str, str]] = {}

    def __init__(self) -> None:
        self.shown: list[tuple[str, int]] = []

    def prepare(self, asks: Sequence[Ask]) -> Sequence[str]:
        """Nothing is wanted beforehand."""
        return [""] * len(asks)

    def publish(self, ask: Ask) -> Receipt:
        """Keep it."""
        self.shown.append((ask.key, ask.part))
        return Receipt(f"{ask.key}-{ask.part}", f"https://network.example/{ask.key}", ask.at)

    def find(self, ask: Ask) -> Receipt | None:
        """Nobody asks: nothing is ever unanswered here."""
        del ask

    def whoami(self) -> str:
        """Nobody."""
        return "@nobody"

    def learn(self) -> Limits:
        """What it takes."""
        return self.limits


class Never:
    """A trigger without slots: these are enqueued by hand."""

    priority = 5

    def times(self, window: Window) -> Iterable[Slot]:
        """None."""
        del window
        return ()


def main() -> None:
    """Print the table; exit status 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description="What a delivery costs without its network.")
    parser.add_argument("--posts", type=int, default=1_000, help="how many are due in one second; 1,000")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured; 5")
    options = parser.parse_args()
    logging.getLogger("redletter").setLevel(logging.ERROR)  # every step is a line, and nobody reads them here
    (ROOT / "state").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "state") as folder:
        kept = _run(Path(folder), options.posts, options.rounds)
    print("kept" if kept else "NOT KEPT")
    sys.exit(not kept)


def _run(folder: Path, posts: int, rounds: int) -> bool:
    one, three = _commits(folder / "one", parts=1), _commits(folder / "three", parts=3)
    print(f"durable commits: {one} for a post, {three} for a thread of three  (at most 3 and 5)\n")
    print(f"{'':44}{'ms each':>9}{'floor':>8}{'ratio':>7}{'most':>6}")
    turns = [_turn(folder / str(turn), posts) for turn in range(rounds)]
    floor = median(turn.pair for turn in turns)
    kept = [
        one <= 3,
        three <= 5,
        _line("a delivery, beside two commits", median(turn.delivery for turn in turns), floor, most=2.5),
        _line(
            "a claim, of all due in one second, likewise",
            median(turn.claim for turn in turns),
            floor,
            most=1.5,
        ),
        _line(
            f"a claim, {len(EIGHT)} accounts at once, beside one",
            median(turn.claims for turn in turns),
            floor / 2,
            most=1.5,
        ),
    ]
    outage = median(_outage(folder / f"outage-{turn}") for turn in range(rounds))
    print(f"\n10,000 overdue after an outage: decided in {outage:.2f} s  (at most 1)")
    return all(kept) and outage <= 1


def _line(name: str, cost: float, floor: float, *, most: float) -> bool:
    ratio = cost / floor
    print(f"{name:44}{cost * 1000:>9.2f}{floor * 1000:>8.2f}{ratio:>7.2f}{most:>6}")
    return ratio <= most


class Turn(NamedTuple):
    """One round of measurements, in seconds each."""

    pair: float  #: two bare commits
    delivery: float
    claim: float
    claims: float  #: one of those that several accounts make in one transaction


def _turn(folder: Path, posts: int) -> Turn:
    before = _bare(folder / "before", posts)
    delivery = _delivered(folder / "delivered", posts)
    claim, claims = _claimed(folder / "claimed", posts, EIGHT[:1]), _claimed(folder / "eight", posts, EIGHT)
    return Turn((before + _bare(folder / "after", posts)) / 2, delivery, claim, claims)


def _bare(folder: Path, posts: int) -> float:
    """Two durable commits, each of one small row."""
    folder.mkdir(parents=True)
    engine = create_engine(f"sqlite:///{folder / 'floor.db'}")
    event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    meta = MetaData()
    table = Table("row", meta, Column("id", Integer, primary_key=True), Column("text", String))
    meta.create_all(engine)
    statement = insert(table)

    def pair() -> None:
        for _ in range(2):
            with engine.begin() as connection:
                connection.execute(statement, {"text": "The moon rises."})

    seconds = _timed(pair, posts)
    engine.dispose()
    return seconds


def _delivered(folder: Path, posts: int) -> float:
    """A delivery of one part, from due to sent."""
    account, ledger = _account(), Ledger()
    with _queue(folder, posts, account) as queue:
        _live(queue, account, ledger)  # plans and looks around, with nothing due yet
        seconds = _timed(lambda: _live(queue, account, ledger, now=NOON), 1) / posts
        _refuse_unless(len(set(ledger.shown)) == len(ledger.shown) == posts, "dropped or doubled")
        _refuse_unless(queue.counts()[State.SENT] == posts, "not all sent")
    return seconds


def _claimed(folder: Path, posts: int, accounts: Sequence[Account]) -> float:
    """A claim with its intent: what is due, looked for and taken, one for each account in a transaction."""
    with _queue(folder, posts, *accounts) as queue:

        def claim_all() -> None:
            claimed = 0
            while any(due := [queue.due(account.name, NOON, AT_ONCE) for account in accounts]):
                for side_by_side in zip_longest(*due):
                    with queue.writing():
                        found = [queue.claim(each, ("",), NOON, live=True) for each in side_by_side if each]
                    claimed += sum(each is not None for each in found)
            _refuse_unless(claimed == posts, "dropped")

        return _timed(claim_all, 1) / posts


def _outage(folder: Path) -> float:
    """Ten thousand deliveries a day too late, judged at once."""
    account = _account()
    with _queue(folder, 10_000, account) as queue:
        start = perf_counter()
        queue.recover(NOON + DAY, {account.name})
        seconds = perf_counter() - start
        _refuse_unless(queue.counts()[State.MISSED] == 10_000, "not all decided")
    return seconds


def _commits(folder: Path, *, parts: int) -> int:
    """How many transactions that wrote something a delivery takes."""
    account, found = _account(), []
    with _queue(folder, 1, account, parts=parts) as queue:
        _live(queue, account, Ledger())
        changes = {}

        def count(connection: Connection) -> None:
            raw = connection.connection.dbapi_connection
            found.append(raw.total_changes != changes.get(id(raw), 0))
            changes[id(raw)] = raw.total_changes

        with queue.reading() as connection:
            raw = connection.connection.dbapi_connection
            changes[id(raw)] = raw.total_changes
        event.listen(Engine, "commit", count)
        claim = queue.first_due(account.name, NOON)
        _refuse_unless(claim is not None, "nothing due")
        carried(deliver(Desk(queue, lambda: NOON, "/"), claim, Ledger(), account=account))
        event.remove(Engine, "commit", count)
    return sum(found)


def _live(queue: Queue, account: Account, ledger: Ledger, *, now: int = NOON - HOUR) -> None:
    """Take turns at one instant until nothing is due."""
    project, shift = Project("/", _schedules(account), Corpus(), "files"), Shift(queue, lambda _: ledger)
    while (due := shift.tick(project, lambda: now).next_due) is not None and due <= now:
        pass


def _account() -> Account:
    return EIGHT[0]


def _schedules(*accounts: Account) -> Schedules:
    entry = Schedule("daily", Never(), Pick(), accounts, grace=HOUR)
    return Schedules((entry,), {}, {account.name: account for account in accounts})


@contextmanager
def _queue(folder: Path, posts: int, *accounts: Account, parts: int = 1) -> Iterator[Queue]:
    """A queue with so many posts due in one second, to these accounts in turn."""
    folder.mkdir(parents=True)
    with Queue(f"sqlite:///{folder / 'redletter.db'}") as queue:
        turns = zip(range(posts), cycle(accounts), strict=False)
        plan = Plan(tuple(_planned(number, account, parts) for number, account in turns))
        queue.enqueue(plan, _schedules(*accounts), seen=None, until=NOON + 30 * DAY, files="files")
        yield queue


def _planned(number: int, account: Account, parts: int) -> PlannedPost:
    slot = Slot(NOON, "daily", NOON, "UTC", event=str(number))
    texts = [f"The moon rises, {number} and {part}." for part in range(parts)]
    post = Post(str(number), tuple(Part(text) for text in texts))
    shown = tuple(ShownPart(text, len(text), 280) for text in texts)
    key = delivery_key(slot, account.name)
    return PlannedPost(slot, post, (account.name,), "", (Rendition(account.name, "x", key, shown),))


def _timed(work: Callable[[], None], times: int) -> float:
    """Seconds that one of so many takes."""
    start = perf_counter()
    for _ in range(times):
        work()
    return (perf_counter() - start) / times


def _durable(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own connection
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _refuse_unless(holds: object, why: str) -> None:
    if not holds:
        sys.exit(f"NOT KEPT: {why}")


if __name__ == "__main__":
    main()
