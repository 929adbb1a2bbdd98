"""What daemons are to post: a project on disk, its queue filled by hand, and the passing of time."""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from bot.delivery.queue import Queue
from bot.model import Account, Plan, PlannedPost, Post, Rendition, ShownPart, Slot
from bot.model import Part as Text
from bot.planning.render import delivery_key
from bot.zones import DAY, HOUR
from tests.fakes.deliveries import schedules
from tests.kills.servers import Server, word

_DATABASE = "state/redletter.db"
#: Every instant that a queue keeps: time passes for it when all of them lie farther back.
INSTANTS = {
    "slot": ("planned_at", "at", "until"),
    "gap": ("at",),
    "delivery": ("at", "due", "deadline", "lease_until"),
    "attempt": ("at",),
    "spend": ("at",),
    "receipt": ("at",),
    "move": ("at",),
    "respite": ("until",),
    "hold": ("since", "until", "released_at"),
    "cursor": ("until",),
    "pulse": ("at",),
    "told": ("at",),
    "decision": ("at",),
    "approval": ("at",),
    "removal": ("at",),
    "token": ("at", "until", "used_at", "revoked_at"),
    "session": ("since", "until"),
}


class Order(Struct, frozen=True):
    """One post that is to be seen: its number, whose it is, and its parts."""

    number: int
    account: Account
    texts: tuple[str, ...]

    @property
    def key(self) -> str:
        """The name of its delivery."""
        return delivery_key(_slot(self.number, 0, ""), self.account.name)


class Orders:
    """A project folder whose queue is filled by hand, and all that was ever ordered there."""

    def __init__(
        self,
        folder: Path,
        server: Server,
        *,
        after: int = 0,
        short: Iterable[Account] = (),
        lease: int = 2,
    ) -> None:
        """Write the project. Posts are numbered from the one after `after` on.

        A claim on one of the `short` accounts is given up for dead after `lease` seconds already.
        """
        self.folder = folder
        self.server = server
        self.all: list[Order] = []
        self.noticed: list[str] = []  #: breaches that were seen on the way
        self._after = after
        self._short, self._lease = tuple(account.name for account in short), lease
        (folder / "schedules").mkdir(parents=True)
        (folder / "corpus").mkdir()
        rows = "\n".join(_row(account) for account in server.accounts)
        (folder / "schedules/accounts.toml").write_text(rows, "utf-8")
        self._by = schedules(grace=None, accounts=server.accounts)

    @contextmanager
    def queue(self) -> Iterator[Queue]:
        """The queue, for as long as it is looked at: whoever forks must hold no connection to it."""
        try:
            yield self._queue
        finally:
            self._queue.close()

    @cached_property
    def _queue(self) -> Queue:
        return Queue(f"sqlite:///{self.folder / _DATABASE}")

    @property
    def last(self) -> int:
        """The number of the latest post."""
        return self._after + len(self.all)

    def more(self, *posts: Sequence[str]) -> None:
        """Order posts of these texts, all due now, for each account in turn."""
        accounts = self.server.accounts
        made = [
            Order(number, accounts[number % len(accounts)], _texts(number, each))
            for number, each in enumerate(posts, self.last + 1)
        ]
        now = clock()
        plan = Plan(tuple(_planned(order, now) for order in made), ())
        with self.queue() as queue:
            assert queue.enqueue(plan, self._by, seen=queue.cursor(), until=now + HOUR, files="by hand")
        self._shorten()
        self.all += made

    def pass_time(self, seconds: int) -> None:
        """Let it be so many seconds later, as if nobody had been here meanwhile: the server has done what it was asked."""
        self.server.settle()
        self.jump(seconds)

    def jump(self, seconds: int) -> None:
        """The same for the queue alone, whatever the server is at. No daemon may be awake."""
        with self._database() as connection:
            for table, columns in INSTANTS.items():
                values = ", ".join(f'"{column}" = "{column}" - {seconds:d}' for column in columns)
                connection.execute(f'UPDATE "{table}" SET {values}')  # noqa: S608 - our own names

    def _shorten(self) -> None:
        with self._database() as connection:
            for name in self._short:
                connection.execute("UPDATE delivery SET lease = ? WHERE account = ?", (self._lease, name))

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.folder / _DATABASE, timeout=30)) as connection, connection:
            yield connection


def clock() -> int:
    """Now."""
    return int(time.time())  # noqa: TID251 - daemons live by the real clock


def _texts(number: int, words: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{word(number, part)} {each}" for part, each in enumerate(words, 1))


def _planned(order: Order, now: int) -> PlannedPost:
    place = _slot(order.number, now - 1, far_from_midnight(now))  # what lies ahead is planned anew
    account = order.account
    shown = tuple(ShownPart(text, len(text), None) for text in order.texts)
    post = Post(f"ours/{order.number}", tuple(map(Text, order.texts)))
    rendition = Rendition(account.name, account.network, order.key, shown)
    return PlannedPost(place, post, (account.name,), "ordered by hand", (rendition,))


def _slot(number: int, now: int, zone: str) -> Slot:
    return Slot(now, "daily", number, zone)


def far_from_midnight(now: int) -> str:
    """A zone in which it is between one and two in the morning: what is due today is due for long."""
    behind = (now % DAY // HOUR - 1 + 11) % 24 - 11  # hours behind Greenwich, from -11 to 12
    return f"Etc/GMT{behind:+d}"


def _row(account: Account) -> str:
    fields: Mapping[str, str] = {
        "network": f'"{account.network}"',
        "credentials": f'"{account.credentials}"',
        "live": "true",
        "url": f'"{account.url}"',
        "timeout": f'"{account.timeout}s"',
        "quarantine": f'"{account.quarantine}s"',
        "find": "true" if account.find else "false",
    }
    return "\n".join(
        [f"[account.{account.name}]", *(f"{name} = {value}" for name, value in fields.items()), ""]
    )
