"""A thousand deliveries due in the same minute on eight accounts, beside the network's own time; and one that hangs.

    python bench/accounts.py [--posts N] [--rounds N]

The network is a process of its own on loopback that takes 20 ms for each post. Its own time is what the same requests
take without an engine, a thread an account, each after the one before: measured in the same run. Medians.
"""

import argparse
import logging
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from _receiver import Network

from bot.contracts import Ask
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import Shift
from bot.engines.embedded import Threads
from bot.model import (
    Account,
    Corpus,
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
from bot.publishers.webhook import Webhook
from bot.zones import DAY, HOUR, MINUTE

NOON = 1_803_902_400
ROOT = Path(__file__).resolve().parents[1]
ACCOUNTS = 8
MILLISECONDS = 20
MOST = 1.3


class Never:
    """A trigger without slots: these are enqueued by hand."""

    priority = 5

    def times(self, window: Window) -> Iterator[Slot]:
        """None."""
        del window
        return iter(())


def main() -> None:
    """Print the table; exit status 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description="Many deliveries on eight accounts.")
    parser.add_argument("--posts", type=int, default=1_000, help="how many are due; 1,000")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; 3")
    options = parser.parse_args()
    logging.getLogger("redletter").setLevel(logging.ERROR)
    each = options.posts // ACCOUNTS
    asleep = each * MILLISECONDS / 1000
    turns = [(_bare(each), _delivered(each)) for _ in range(options.rounds)]
    bare, ours = (median(times) for times in zip(*turns, strict=True))
    print(f"{each * ACCOUNTS} deliveries on {ACCOUNTS} accounts, {MILLISECONDS} ms a call:")
    print(
        f"  redletter {ours:.2f} s; the same requests alone {bare:.2f} s: {ours / bare:.2f} times  (at most {MOST})"
    )
    print(f"  the network asleep {asleep:.2f} s: {ours / asleep:.2f} times")
    beside = _beside_one_that_hangs(each)
    print(
        f"  one account hangs: the others are done in {beside:.2f} s: {beside / bare:.2f} times  (at most {MOST})"
    )
    kept = ours / bare <= MOST and beside / bare <= MOST
    print("kept" if kept else "NOT KEPT")
    sys.exit(not kept)


def _bare(each: int) -> float:
    """The requests alone: a thread an account."""
    receiver = Network(MILLISECONDS)
    threads = [threading.Thread(target=_ask_all, args=(account, each)) for account in _accounts(receiver.url)]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - start
    _refuse_unless(len(receiver.ledger()) == each * ACCOUNTS, "the floor lost some")
    return seconds


def _ask_all(account: Account, each: int) -> None:
    webhook = Webhook(account, {}, ROOT / "state" / "outbox.jsonl")
    for number in range(each):
        webhook.publish(
            Ask(f"{account.name}{number}", account.name, "webhook", "a", 1, 1, "Hello.", (), None, NOON)
        )


def _delivered(each: int) -> float:
    receiver = Network(MILLISECONDS)
    with _queue(_accounts(receiver.url), each) as (queue, project):
        seconds = _live(queue, project, each * ACCOUNTS)
        _refuse_unless(queue.counts()[State.SENT] == each * ACCOUNTS, "not all sent")
    shown = [(key, part) for _, key, part in receiver.ledger()]
    _refuse_unless(len(set(shown)) == len(shown) == each * ACCOUNTS, "dropped or doubled")
    return seconds


def _beside_one_that_hangs(each: int) -> float:
    receiver = Network(MILLISECONDS, hanging="/0")
    with _queue(_accounts(receiver.url), each) as (queue, project):
        seconds = _live(queue, project, each * (ACCOUNTS - 1))
    receiver.ledger()
    return seconds


def _live(queue: Queue, project: Project, wanted: int) -> float:
    """Seconds until so many are sent."""
    accounts = project.schedules.accounts
    made = {name: Webhook(account, {}, ROOT / "state" / "outbox.jsonl") for name, account in accounts.items()}
    shift = Shift(queue, lambda account: made[account.name], hands=Threads(), most=64)
    shift.tick(project, lambda: NOON - HOUR)  # looks around, with nothing due yet
    sent, start = 0, perf_counter()
    while sent < wanted:
        ended = shift.tick(project, lambda: NOON + MINUTE).ended
        sent += sum(state is State.SENT for _, state in ended)
        if not ended:
            shift.wait(0.1)
    return perf_counter() - start


@contextmanager
def _queue(accounts: list[Account], each: int) -> Iterator[tuple[Queue, Project]]:
    """A queue with so many posts for each account, due within one minute."""
    by = Schedules(
        (Schedule("daily", Never(), Pick(), tuple(accounts), grace=HOUR),),
        {},
        {account.name: account for account in accounts},
    )
    (ROOT / "state").mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=ROOT / "state") as folder,
        Queue(f"sqlite:///{folder}/redletter.db") as queue,
    ):
        posts = tuple(_planned(number, account) for number in range(each) for account in accounts)
        queue.enqueue(Plan(posts), by, seen=None, until=NOON + 30 * DAY, files="files")
        yield queue, Project("/", by, Corpus(), "files")


def _accounts(url: str) -> list[Account]:
    return [Account(f"wall-{n}", "webhook", live=True, url=f"{url}/{n}") for n in range(ACCOUNTS)]


def _planned(number: int, account: Account) -> PlannedPost:
    at = NOON + number * MINUTE // 1_000
    slot = Slot(at, "daily", at, "UTC", event=f"{account.name}-{number}")
    text = f"The moon rises, {number}."
    shown = (ShownPart(text, len(text), None),)
    rendition = Rendition(account.name, "webhook", delivery_key(slot, account.name), shown)
    return PlannedPost(slot, Post(str(number), (Part(text),)), (account.name,), "", (rendition,))


def _refuse_unless(holds: object, why: str) -> None:
    if not holds:
        sys.exit(f"NOT KEPT: {why}")


if __name__ == "__main__":
    main()
