"""A queue on disk, a real publisher at the wire of a fake network, and a clock that is moved by hand."""

import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.contracts import Publisher
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import Shift
from bot.delivery.values import Row
from bot.model import Account, Corpus, Project
from bot.publishers.bluesky import Bluesky
from bot.publishers.mastodon import Mastodon
from bot.publishers.webhook import Webhook
from bot.publishers.x import X
from bot.zones import DAY, HOUR
from tests.fakes.bluesky import APPLY, PUT, FakeBluesky
from tests.fakes.deliveries import NOON, enqueue, planned, schedules
from tests.fakes.mastodon import STATUSES, FakeMastodon
from tests.fakes.webhook import FakeWebhook
from tests.fakes.x import FakeX

_MOST_TURNS = 20_000
NETWORKS = ("x", "mastodon", "bluesky", "webhook")


class Stage:
    """One account's queue and publisher, and the instant that it is."""

    def __init__(
        self,
        folder: Path,
        account: Account,
        publisher: Publisher,
        *,
        grace: int | None = HOUR,
        now: int = NOON,
    ) -> None:
        self.url = f"sqlite:///{folder / 'redletter.db'}"
        self.account = account
        self.publisher = publisher
        self.now = now
        self.by = schedules(grace=grace, accounts=[account])
        self.project = Project(str(folder), self.by, Corpus(), "files")
        self.begin()

    def begin(self) -> None:
        """Let a process begin."""
        self.queue = Queue(self.url)
        self.shift = Shift(self.queue, lambda _: self.publisher)

    def close(self) -> None:
        """Let go of the file."""
        self.queue.close()

    def order(self, *posts: Sequence[str], at: int | None = None) -> None:
        """Enqueue posts of these texts, due one second after the other."""
        first = self.now if at is None else at
        made = [
            planned(first + number, *texts, accounts=[self.account], id=f"post/{first}-{number}")
            for number, texts in enumerate(posts)
        ]
        enqueue(self.queue, *made, by=self.by, until=self.now + 400 * DAY)

    def turn(self) -> int | None:
        """Take one turn; when the next is due."""
        return self.shift.tick(self.project, lambda: self.now).next_due

    def live(self, end: int, *, before: Callable[[], object] = bool) -> None:
        """Take every turn that is due before `end`; `before` is called ahead of each."""
        for _ in range(_MOST_TURNS):
            before()
            due = self.turn()
            self.now = max(self.now, min(end, end if due is None else due))
            if self.now >= end:
                return
        raise AssertionError(f"{_MOST_TURNS} turns, and something is still due at {self.now}")

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every delivery as people see it."""
        return self.queue.rows(self.now)

    @property
    def states(self) -> Counter[State]:
        """How many deliveries stand where."""
        return Counter(row.state for row in self.rows)


@dataclass(frozen=True, slots=True)
class Wire:
    """A fake network, and what speaks to it."""

    name: str
    fake: Any
    account: Account
    publisher: Publisher

    @property
    def texts(self) -> list[str]:
        """What it has."""
        if isinstance(self.fake, FakeMastodon):
            return [status.text for status in self.fake.statuses]
        texts: list[str] = self.fake.texts
        return texts

    @property
    def route(self) -> str:
        """Where it is asked to show something."""
        return {"x": "/2/tweets", "mastodon": STATUSES, "bluesky": PUT, "webhook": "POST /hook"}[self.name]

    @property
    def thread_route(self) -> str:
        """Where it is asked to show a thread."""
        return APPLY if self.name == "bluesky" else self.route

    def lives_by(self, stage: Stage) -> None:
        """Let the network's clock be the stage's."""
        if isinstance(self.fake, FakeX):
            self.fake.clock = lambda: stage.now
        elif isinstance(self.fake, FakeMastodon):
            self.fake.now = stage.now


@contextmanager
def wire(name: str, folder: Path, **fields: Any) -> Iterator[Wire]:
    """A fake of this network with an account on it, and the account's own publisher."""
    made: dict[str, tuple[Callable[[], Any], Callable[..., Publisher]]] = {
        "x": (FakeX, X),
        "mastodon": (FakeMastodon, Mastodon),
        "bluesky": (FakeBluesky, Bluesky),
        "webhook": (FakeWebhook, Webhook),
    }
    begin, publisher = made[name]
    with begin() as fake:
        account = fake.account(timeout=20, **fields)
        yield Wire(name, fake, account, publisher(account, fake.secrets, folder / "state/outbox.jsonl"))


@contextmanager
def folder_of_its_own() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def quietly(level: int = logging.CRITICAL + 1) -> Iterator[None]:
    """Say nothing of every move."""
    log = logging.getLogger("redletter")
    earlier = log.level
    log.setLevel(level)
    try:
        yield
    finally:
        log.setLevel(earlier)


def miscounted(texts: Iterable[str], expected: Iterable[str]) -> list[str]:
    """A sentence for each text that is not there exactly once."""
    has, want = Counter(texts), Counter(expected)
    doubled = [f"doubled: {text!r} is there {times} times" for text, times in has.items() if times > 1]
    lost = [f"lost: {text!r}" for text in want if text not in has]
    return doubled + lost + [f"unordered: {text!r}" for text in has if text not in want]
