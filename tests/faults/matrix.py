"""Every row of the fault matrix."""

from collections.abc import Sequence

from tests.faults.broken_files import files
from tests.faults.clocks import clocks, sleeps
from tests.faults.doubts import doubts
from tests.faults.fake_time import fake_times
from tests.faults.floods import floods
from tests.faults.full_disks import daemons, full_disks
from tests.faults.hostile import hostile
from tests.faults.killed import killed
from tests.faults.locks import locks
from tests.faults.mutants import databases
from tests.faults.races import races
from tests.faults.rows import Outcome, Row, Run, Told
from tests.faults.secrets import secrets
from tests.faults.storms import storms
from tests.faults.upgrades import upgrades
from tests.faults.zones import zones

WALLS = ("keyed", "read", "deaf")
NETWORKS = ("bluesky", "mastodon", "x")


def shared(*shares: tuple[float, Run]) -> Run:
    """A fault that is made in several ways, each for its share of the tries and once at least."""

    def put(size: int, seed: int, told: Told) -> Outcome:
        return sum((run(max(1, int(size * share)), seed, told) for share, run in shares), Outcome())

    return Run(put)


_ONCE = "0 lost, 0 doubled"
_ROWS: Sequence[Row] = (
    Row(
        1, "killed at a random instant", "SIGKILL to the real daemon, lives of chance; servers with keys, without, and deaf",
        f"{_ONCE}; unknown only where nobody can ask", 30, 600, killed("--before", "0", "--after", "0", on=WALLS),
    ),
    Row(
        2, "killed at every step", "the daemon ends itself at its n-th step between two effects, for every n",
        _ONCE, 1, 1, killed("--how", "steps", on=WALLS, counted=False),
    ),
    Row(
        3, "connection dropped before the server commits", "1 in 10 requests closed unread, beside kills",
        _ONCE, 10, 1_000, killed("--before", "0.1", "--after", "0", on=WALLS[:2]),
    ),
    Row(
        4, "connection dropped after the server commits", "1 in 10 requests done and not answered, beside kills",
        f"{_ONCE}; settled by key or by reading back", 10, 1_000, killed("--before", "0", "--after", "0.1", on=WALLS[:2]),
    ),
    Row(
        5, "the server commits after the client has given up", "1 in 10 put up late, within the quarantine, beside kills",
        "0 doubled", 10, 1_000, killed("--before", "0", "--after", "0", "--late", "0.1", on=WALLS[:2]),
    ),
    Row(
        6, "storms of 429", "an hour of 429 with the reset as epoch, ISO, delta, HTTP date, or not named",
        "0 requests before the reset, at most one probe a window, 0 lost", 4, 60, Run(storms),
    ),
    Row(
        7, "errors instead of answers", "5xx, torn, empty and lost answers; 500 for a repeated key, 403 duplicate, 500 for a record that is there",
        f"{_ONCE}, all sent in the end", 20, 1_000, Run(doubts),
    ),
    Row(
        8, "a clock that is set, a computer that sleeps",
        "1 s to 1 year forward, 1 s to 1 day back, asleep at every step; daemons under libfaketime",
        "noticed within 30 s, 0 early, 0 doubled; more than 5 minutes back: nothing is sent, and it says so",
        12, 150, shared((0.13, Run(fake_times)), (0.19, Run(clocks)), (0.68, Run(sleeps))),
    ),
    Row(
        9, "summer time, leap days, changes of zone rules", "half hours of every zone, 2024 to 2037, against an independent judge",
        "0 skipped, 0 doubled", 60, 2_000, Run(zones),
    ),
    Row(
        10, "a full disk", "SQLite's page limit at every write; a file-size limit on real daemons (queue, outbox and log)",
        f"{_ONCE}, never asked without a stored intent, goes on by itself", 21, 1_004,
        shared((0.996, Run(full_disks)), (0.004, Run(daemons))),
    ),
    Row(
        11, "a locked database", "another process holds it for 0.1 to 60 s while posts are due",
        "0 lost, no later than the lock and a second", 3, 24, Run(locks),
    ),
    Row(
        12, "two daemons, and one that was stopped and wakes up",
        "two real daemons on one queue, killed at random; SIGSTOP at every step for longer than a lease, then SIGCONT",
        "0 doubled", 12, 300,
        shared((0.99, killed("--daemons", "2", on=WALLS[:2])), (0.01, killed("--how", "halts", on=WALLS[:2], counted=False))),
    ),
    Row(
        13, "power loss", "the unsynced tail of the log cut off at random points",
        "the database is whole, no mark of a sent post is lost", 10, 1_000, killed("--how", "cuts", "--before", "0", "--after", "0", on=WALLS[:1]),
    ),
    Row(
        14, "damaged files", "bits flipped, ends torn off, stretches of zeros: accounts, schedules, corpus, limits, outbox, database",
        "told by name, never deleted, never posted wrong; the rest goes on", 100, 10_000,
        shared((0.75, Run(files)), (0.25, Run(databases))),
    ),
    Row(
        15, "hostile text", "NUL, half characters, overrides of direction, a line of 1 MB, formulas, templates, foreign JSON, piles of joiners",
        "byte-equal on the wire in NFC, or refused by check; nothing is evaluated", 400, 100_000, Run(hostile),
    ),
    Row(
        16, "secrets in every sort of trouble", "canaries in every credential, address and variable; every command on every network",
        "seen 0 times in output, logs of all libraries, and files", 5, 80, Run(secrets),
    ),
    Row(
        17, "thirty days down", "posts overdue on two accounts, then three hours of life",
        "decided within 1 s; no burst, 0 on a wrong date", 1_000, 10_000, Run(floods),
    ),
    Row(
        18, "people decide while it sends", "hold, skip, swap, move and approve beside a daemon in another thread, or another process",
        "nothing new begins once the command has returned; nothing skipped and no half edit is shown", 120, 10_000, Run(races),
    ),
    Row(
        19, "a thread that breaks off", "daemons die at every step, and those after them at each of their own",
        "whole on Bluesky; elsewhere it goes on in order, no part twice", 1, 1,
        killed("--how", "steps", on=NETWORKS, counted=False),
    ),
    Row(
        20, "an upgrade under way", "databases of the first version with deliveries in every state; one of a later version",
        f"{_ONCE}; what is newer is refused and left as it is", 1, 20, Run(upgrades),
    ),
)  # fmt: skip

ROWS = {row.number: row for row in _ROWS}
