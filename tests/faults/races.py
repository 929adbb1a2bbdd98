"""Row 18: people decide while a daemon sends, in threads of one process and in two processes."""

import os
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from random import Random  # noqa: TID251 - chance, and the same again by its seed

from msgspec import Struct, field

from bot.contracts import Ask, Receipt
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import Shift
from bot.errors import BadCall
from bot.model import Account, Corpus, PlannedPost, Post, Project, Rendition, ShownPart
from bot.zones import DAY, HOUR
from tests.fakes.deliveries import NOON, enqueue, opened, planned, schedules
from tests.fakes.network import Network
from tests.faults.rows import Outcome, Told
from tests.faults.stage import folder_of_its_own, quietly

ROUND = 40  #: posts, of which as many are decided about as there is time for
ONE, TWO = Account("one", "x", live=True), Account("two", "mastodon", live=True)
BY = schedules(grace=6 * HOUR, accounts=[ONE, TWO], approval=True)
PROJECT = Project("/project", BY, Corpus(), "files")


class Decided(Struct):
    """What people did, each with the number of the last move that was written when their command returned."""

    skipped: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    approved: set[str] = field(default_factory=set)
    swapped: list[str] = field(default_factory=list)
    held: list[tuple[int, int, str]] = field(default_factory=list)  #: from which move to which, and whose
    number: int = 0


def races(size: int, seed: int, told: Told) -> Outcome:
    """So many decisions, each beside a daemon at work."""
    found = Outcome()
    number = 0
    while found.tried < size:
        dice = Random(f"races {seed} {number}")  # noqa: S311 - chance, not secrets
        with quietly(), folder_of_its_own() as folder:
            one = _round(folder, _in_processes if number % 2 else _in_threads, dice)
        told(one.tried)
        found, number = found + one, number + 1
    return found


def _round(folder: Path, begin: Callable[[Path], "Sender"], dice: Random) -> Outcome:
    with opened(folder) as queue:
        posts = [
            planned(NOON + n, f"{n} old 1", f"{n} old 2", accounts=[ONE, TWO], id=f"post/{n}")
            for n in range(ROUND)
        ]
        # A swap voids an approval; where none is wanted, what was swapped goes out.
        by = dice.choice((BY, schedules(grace=6 * HOUR, accounts=[ONE, TWO])))
        enqueue(queue, *posts, by=by, until=NOON + 400 * DAY)
        for row in queue.rows(NOON):
            if row.needs_approval and dice.randrange(8):
                queue.approve(row.key, who="Ada", now=NOON)
        early = {row.key for row in queue.rows(NOON) if row.approved_by or not row.needs_approval}
    sender = begin(folder)
    with opened(folder) as queue:
        done = _decide(queue, folder, dice)
        asked = sender.ends()
        return Outcome(done.number, tuple(_wrong(queue, folder, done, asked, early)))


def _decide(queue: Queue, folder: Path, dice: Random) -> Decided:
    """Decide about whatever is still open while it is sent; what was done."""
    done = Decided()
    for key in _near_what_is_sent(queue, dice):
        what = dice.choice(_DECISIONS)
        try:
            what(queue, folder, key, done)
        except BadCall:  # it came too late, and was told so
            continue
        done.number += 1
    return done


def _near_what_is_sent(queue: Queue, dice: Random) -> Iterator[str]:
    """What is still pending and due next, so that people and the daemon meet as often as can be."""
    for _ in range(2 * ROUND):
        rows = queue.rows(NOW, states=[State.PENDING])
        if not rows:
            return
        near = sorted(rows, key=lambda row: (row.at, row.key))
        yield near[min(dice.choice((0, 0, 3, 6, 10)), len(near) - 1)].key


def _skip(queue: Queue, _: Path, key: str, done: Decided) -> None:
    queue.skip(key, reason="no", now=NOW)
    done.skipped.append(key)


def _move(queue: Queue, _: Path, key: str, done: Decided) -> None:
    queue.move(key, at=NOW + HOUR, now=NOW)
    done.moved.append(key)


def _approve(queue: Queue, _: Path, key: str, done: Decided) -> None:
    done.approved.add(key)
    queue.approve(key, who="Ada", now=NOW)


def _swap(queue: Queue, _: Path, key: str, done: Decided) -> None:
    [row] = [row for row in queue.rows(NOW) if row.key == key]
    number = row.post.rpartition("/")[2].removeprefix("new")
    texts = (f"{number} new 1", f"{number} new 2")
    post = Post(f"post/new{number}", ())
    shown = tuple(
        Rendition(each.name, each.network, "", tuple(ShownPart(text, len(text), 280) for text in texts))
        for each in (ONE, TWO)
    )
    queue.swap(key, PlannedPost(row.slot, post, (ONE.name, TWO.name), "better", shown), now=NOW)
    done.swapped.append(key)


def _hold(queue: Queue, folder: Path, key: str, done: Decided) -> None:
    name = ONE.name if int(key[-1], 16) % 2 else TWO.name
    queue.hold("a storm", now=NOW, account=name)
    first = _last_move(folder)
    done.held.append((first, _last_move_after_a_while(folder), name))
    queue.release(now=NOW, account=name)


_DECISIONS = (_skip, _skip, _move, _approve, _approve, _swap, _swap, _hold)
NOW = NOON + ROUND


def _last_move(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "redletter.db", timeout=30)) as connection:
        return int(connection.execute("SELECT coalesce(max(id), 0) FROM move").fetchone()[0])


def _last_move_after_a_while(folder: Path) -> int:
    """The last move while it is still held."""
    time.sleep(0.05)
    return _last_move(folder)


def _wrong(
    queue: Queue, folder: Path, done: Decided, asked: list[tuple[str, int, str]], early: set[str]
) -> Iterator[str]:
    """Every rule that was broken."""
    texts: Mapping[str, list[str]] = defaultdict(list)
    for key, _, text in asked:
        texts[key].append(text)
    if not texts:
        yield "nothing was sent"
    for key in {*done.skipped, *done.moved} & set(texts):
        yield f"sent though it was skipped or moved away: {texts[key]}"
    for key in set(texts) - early - done.approved:
        yield f"sent without an approval: {texts[key]}"
    for said in texts.values():
        yield from _of_words(said)
    yield from _in_spite_of_a_hold(folder, done)
    yield from _of_rows(queue, texts)


def _of_words(said: list[str]) -> Iterator[str]:
    """What is wrong with the parts of one delivery."""
    if len({text.split()[1] for text in said}) > 1:
        yield f"half of an edit: {said}"
    if len(said) != len(set(said)):
        yield f"doubled: {said}"


def _of_rows(queue: Queue, texts: Mapping[str, list[str]]) -> Iterator[str]:
    """Where the queue says otherwise than the network has it."""
    for row in queue.rows(NOW, states=[State.SENT]):
        if [part.text for part in row.rendition.parts] != texts.get(row.key):
            yield f"sent otherwise than the queue says: {texts.get(row.key)}"
    if stuck := queue.rows(NOW, states=[State.SENDING, State.UNKNOWN]):
        yield f"left behind: {[row.state for row in stuck]}"


def _in_spite_of_a_hold(folder: Path, done: Decided) -> Iterator[str]:
    with closing(sqlite3.connect(folder / "redletter.db")) as connection:
        claims = connection.execute(
            "SELECT move.id, delivery.account FROM move JOIN delivery ON delivery.key = move.delivery "
            "WHERE move.state = 'sending'"
        ).fetchall()
    for first, last, account in done.held:
        for number, whose in claims:
            if first < number <= last and whose == account:
                yield "claimed while it was held"


class Sender:
    """Sends whatever is due until nothing is, and then until it is told to end."""

    def __init__(self, end: Callable[[], None], asked: Callable[[], list[tuple[str, int, str]]]) -> None:
        self._end, self._asked = end, asked

    def ends(self) -> list[tuple[str, int, str]]:
        """Let it send what is still due, and end; everything that was asked for, in order."""
        self._end()
        return self._asked()


class _File(Network):
    """A network that outlives who asks it: a line for each part, its text with it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def prepare(self, asks: Sequence[Ask]) -> Sequence[str]:
        time.sleep(0.003)  # in which people may decide otherwise
        return super().prepare(asks)

    def publish(self, ask: Ask) -> Receipt:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{ask.key}\t{ask.part}\t{ask.text}\n")
        return Receipt(f"{ask.key}-{ask.part}", "https://network.example", ask.at)

    def read(self) -> list[tuple[str, int, str]]:
        """All of it."""
        if not self._file.exists():
            return []
        lines = (line.split("\t") for line in self._file.read_text("utf-8").splitlines())
        return [(key, int(part), text) for key, part, text in lines]


def _send(folder: Path, has_to_end: Callable[[], bool]) -> None:
    network, begun = _File(folder / "network"), time.monotonic()

    def clock() -> int:
        return NOW + int((time.monotonic() - begun) * 3)

    with opened(folder) as queue:
        shift = Shift(queue, lambda _: network)
        while True:
            is_last = has_to_end()
            due = shift.tick(PROJECT, clock).next_due
            if is_last and (due is None or due > clock()):
                return


def _in_threads(folder: Path) -> Sender:
    over = threading.Event()
    thread = threading.Thread(target=_send, args=(folder, over.is_set))
    thread.start()

    def end() -> None:
        over.set()
        thread.join(120)

    return Sender(end, _File(folder / "network").read)


def _in_processes(folder: Path) -> Sender:
    child = os.fork()
    if child == 0:
        try:
            _send(folder, (folder / "over").exists)
            os._exit(0)
        finally:
            os._exit(1)

    def end() -> None:
        (folder / "over").touch()
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "the other process broke"

    return Sender(end, _File(folder / "network").read)
