"""Row 14: files that are not what they were: bits flipped, ends torn off, stretches of nothing."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from random import Random  # noqa: TID251 - chance, and the same again by its seed

from bot.delivery.queue import Queue
from bot.delivery.tick import Shift
from bot.errors import BadState
from bot.model import Account, Corpus, Project
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.deliveries import NOON, enqueue, opened, planned, schedules
from tests.fakes.network import Network, hears_nothing, one_for_all, refuses, shows
from tests.faults.rows import Outcome, Told
from tests.faults.stage import folder_of_its_own, quietly

ACCOUNT = Account("ours", "x", live=True)
BY = schedules(grace=6 * HOUR, accounts=[ACCOUNT])
PROJECT = Project("/project", BY, Corpus(), "files")

Harm = Callable[[bytearray, Random], None]


def flip(content: bytearray, dice: Random) -> None:
    """Some bits are others."""
    for _ in range(dice.choice((1, 1, 3, 30))):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)


def tear(content: bytearray, dice: Random) -> None:
    """The end is gone."""
    del content[dice.randrange(len(content)) :]


def blank(content: bytearray, dice: Random) -> None:
    """A stretch is zeros, as a disk leaves it that lost power."""
    start = dice.randrange(len(content))
    end = min(len(content), start + dice.choice((16, 512, 4096)))
    content[start:end] = bytes(end - start)


HARMS: Sequence[Harm] = (flip, flip, flip, tear, blank)


def databases(size: int, seed: int, told: Told) -> Outcome:
    """So many databases with something wrong in them, each lived with for two hours."""
    dice = Random(f"databases {seed}")  # noqa: S311 - chance, not secrets
    found, kinds = [], Counter[str]()
    with quietly(), folder_of_its_own() as folder:
        texts, shown = _begin(folder)
        sound = (folder / "redletter.db").read_bytes()
        for number in range(size):
            content = bytearray(sound)
            dice.choice(HARMS)(content, dice)
            kind, breaches = _lived_with(folder / f"{number}", bytes(content), texts, shown)
            kinds[kind] += 1
            found += [f"database {number} of seed {seed}: {each}" for each in breaches]
            told(1)
    return Outcome(size, tuple(found), ", ".join(f"{times} {kind}" for kind, times in kinds.items()))


def _begin(folder: Path) -> tuple[Mapping[tuple[str, int], str], list[tuple[str, int]]]:
    """A queue in which much has happened and more is due; the text of each part, and what the network has of them."""
    network = Network()
    with opened(folder) as queue:
        posts = [
            planned(
                NOON + n * 10,
                *(f"Post {n} part {part}." for part in range(1 + n % 3)),
                accounts=[ACCOUNT],
                id=f"post/{n}",
            )
            for n in range(20)
        ]
        enqueue(queue, *posts, by=BY, until=NOON + 400 * DAY)
        shift = Shift(queue, one_for_all(network))
        network.feels(*[shows] * 4, refuses, hears_nothing)
        for now in range(NOON, NOON + 100, 5):
            shift.tick(PROJECT, lambda now=now: now)  # type: ignore[misc]
        queue.hold("a storm", now=NOON + 100, until=NOON + MINUTE * 5)
        texts = {
            (row.key, number): part.text
            for row in queue.rows(NOON)
            for number, part in enumerate(row.rendition.parts, 1)
        }
    with closing(sqlite3.connect(folder / "redletter.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return texts, network.parts


def _lived_with(
    folder: Path, content: bytes, texts: Mapping[tuple[str, int], str], shown: Sequence[tuple[str, int]]
) -> tuple[str, list[str]]:
    """What happened with this database: how it went, and what should not have been."""
    folder.mkdir()
    file = folder / "redletter.db"
    file.write_bytes(content)
    network = Network()
    try:
        kind = _two_hours(folder, network)
    except BadState as told:
        kind = "refused by name" if str(file) in str(told) else "refused"
    except Exception as error:  # noqa: BLE001 - this is what must not be
        kind = f"broke: {type(error).__name__}"
    breaches = [*_wrong(network, texts, shown)]
    if kind.startswith("broke"):
        breaches.append(kind)
    if not file.exists():
        breaches.append("deleted")
    shutil.rmtree(folder)
    return kind, breaches


def _two_hours(folder: Path, network: Network) -> str:
    with Queue(f"sqlite:///{folder / 'redletter.db'}") as queue:
        shift, now = Shift(queue, one_for_all(network)), NOON + 2 * MINUTE
        for _ in range(200):
            due = shift.tick(PROJECT, lambda now=now: now).next_due  # type: ignore[misc]
            now = max(now, due or now + 10 * MINUTE)
            if now > NOON + 2 * HOUR:
                break
        return "went on"


def _wrong(
    network: Network, texts: Mapping[tuple[str, int], str], shown: Sequence[tuple[str, int]]
) -> Iterator[str]:
    for ask in network.shown:
        if texts.get((ask.key, ask.part)) != ask.text:
            yield f"posted wrong: {ask.text!r}"
        if (ask.key, ask.part) in shown:
            yield f"doubled: {ask.text!r}"
    if len(set(network.parts)) < len(network.parts):
        yield "doubled"
