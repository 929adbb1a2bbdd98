"""Row 17: thirty days down, and ten thousand posts overdue."""

import time
from collections import Counter
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import Shift
from bot.model import Account, Corpus, Project, Schedules
from bot.zones import DAY, HOUR, MINUTE, Zone, utc_text
from tests.fakes.deliveries import NOON, enqueue, opened, planned, schedules
from tests.fakes.network import Network, one_for_all
from tests.faults.rows import Outcome, Told
from tests.faults.stage import folder_of_its_own, quietly

DOWN = 30 * DAY
_MOST_TURNS = 400
SECOND = 1.0  #: within which all must be decided
_GAP = 10 * MINUTE
PARIS = Account("paris", "x", zone="Europe/Paris", live=True, min_gap=_GAP)
OSLO = Account("oslo", "mastodon", zone="Europe/Oslo", live=True, min_gap=_GAP)
ACCOUNTS = (PARIS, OSLO)


def floods(size: int, seed: int, told: Told) -> Outcome:
    """One outage with so many posts overdue, half with an hour's grace and half with that of their day."""
    with quietly(), folder_of_its_own() as folder:
        begun, up = NOON + seed % 7 * HOUR, NOON + seed % 7 * HOUR + DOWN
        by = schedules(grace=None, accounts=ACCOUNTS)
        _fill(folder, size, begun, by)
        told(size)
        network = Network()
        with closing(opened(folder)) as queue:
            took = _decided(queue, Project("/project", by, Corpus(), "files"), network, up)
            overdue = [row for row in queue.rows(up) if row.at < up - MINUTE]
            breaches = [*_wrong(network, queue, up)]
        missed = Counter(row.state for row in overdue)[State.MISSED]
        if took > SECOND:
            breaches.append(f"decided in {took:.2f} s of this process's time")
        return Outcome(
            size, tuple(breaches), f"{missed:,} decided in {took:.2f} s, {len(network.shown)} went out late"
        )


def _fill(folder: Path, size: int, begun: int, by: Schedules) -> None:
    step = DOWN / (size / len(ACCOUNTS))
    slots = (begun + int(number * step) for number in range(size // len(ACCOUNTS)))
    posts = [planned(at, f"Post of {at}.", accounts=ACCOUNTS, id=f"post/{n}") for n, at in enumerate(slots)]
    with opened(folder) as queue:
        queue.recover(begun - HOUR, {each.name for each in ACCOUNTS})
        enqueue(queue, *posts, by=by, until=begun + 400 * DAY)


def _decided(queue: Queue, project: Project, network: Network, up: int) -> float:
    """Come up, and live for three hours; how long it took to decide about all that was overdue."""
    shift, now = Shift(queue, one_for_all(network), most=len(ACCOUNTS)), up
    begun = time.process_time()
    due = shift.tick(project, lambda: up).next_due
    took = time.process_time() - begun
    for _ in range(_MOST_TURNS):
        now = max(now, due or now + MINUTE)
        due = shift.tick(project, lambda: now).next_due  # noqa: B023 - it is called at once
        if now >= up + 3 * HOUR:
            return took
    raise AssertionError(f"{_MOST_TURNS} turns, and something is still due")


def _wrong(network: Network, queue: Queue, up: int) -> list[str]:
    """What went out on another day than planned, too often, twice, or is still open though its time is over."""
    rows = {row.key: row for row in queue.rows(up)}
    zones = {each.name: Zone(each.zone) for each in ACCOUNTS}
    found = []
    for ask in network.shown:
        zone = Zone(rows[ask.key].slot.zone)
        if zone.wall(ask.at) // DAY != zone.wall(rows[ask.key].slot.at) // DAY:
            found.append(f"on a wrong date: {utc_text(rows[ask.key].at)} at {utc_text(ask.at)}")
    for name in zones:
        late = sorted(
            ask.at for ask in network.shown if ask.account == name and ask.at > rows[ask.key].at + MINUTE
        )
        found += [
            f"a burst: {second - first} s apart" for first, second in pairwise(late) if second - first < _GAP
        ]
    found += ["doubled"] * (len(network.parts) - len(set(network.parts)))
    found += [
        f"left open: {row.state}"
        for row in rows.values()
        if row.deadline <= up and row.state is not State.MISSED
    ]
    return found
