"""How late the daemon asks: the real process, at rest between slots, beside the clock.

    python bench/lateness.py [--seconds N]

A project of four webhook accounts has a slot every other second; the daemon sleeps in between. The network notes when
each request arrived, and the queue knows when it was due.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from _receiver import Network

from bot.delivery.queue import Queue

ROOT = Path(__file__).resolve().parents[1]
REDLETTER = str(Path(sys.executable).with_name("redletter"))
ACCOUNTS = 4
MOST = 250  #: milliseconds, for 99 in 100
START = 6  #: seconds until the first slot: the daemon is at rest by then


def main() -> None:
    """Print the figures; exit status 1 where the promise is not kept."""
    parser = argparse.ArgumentParser(description="How late the daemon asks.")
    parser.add_argument("--seconds", type=int, default=60, help="how long it is watched; 60")
    slots = parser.parse_args().seconds // 2
    (ROOT / "state").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "state") as folder:
        late = sorted(_lateness(Path(folder), slots))
    worst = late[min(len(late) - 1, len(late) * 99 // 100)]
    print(
        f"{len(late)} asked of {slots * ACCOUNTS}: half within {median(late):.0f} ms, 99 in 100 within {worst:.0f} ms"
    )
    print(f"the last {late[-1]:.0f} ms, the first {late[0]:.0f} ms  (99 in 100 within {MOST})")
    kept = len(late) == slots * ACCOUNTS and worst <= MOST and late[0] >= 0
    print("kept" if kept else "NOT KEPT")
    sys.exit(not kept)


def _lateness(folder: Path, slots: int) -> list[float]:
    """Milliseconds from due to arrival, of each request."""
    network = Network(0)
    _write_project(folder, network.url, slots)
    daemon = subprocess.Popen(
        [REDLETTER, "--project", str(folder), "run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(START + 2 * slots + 2)
    daemon.terminate()
    daemon.wait(30)
    with Queue(f"sqlite:///{folder}/state/redletter.db") as queue:
        due = {row.key: row.at for row in queue.rows(0)}
    return [(arrived - due[key]) * 1000 for arrived, key, _ in network.ledger()]


def _write_project(folder: Path, url: str, slots: int) -> None:
    first = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=START)  # noqa: TID251 - it begins now
    instants = [(first + timedelta(seconds=2 * number)).isoformat() for number in range(slots)]
    accounts = "".join(
        f'[account.wall-{n}]\nnetwork = "webhook"\nlive = true\nurl = "{url}/{n}"\n\n'
        for n in range(ACCOUNTS)
    )
    schedule = (
        f'[[schedule]]\nname = "all"\ntrigger.dates = {{ at = [{", ".join(instants)}] }}\n'
        'pick = { posts = ["moon"], cool_down = "0s" }\n'
    )
    for name, text in {"accounts": accounts, "all": schedule}.items():
        file = folder / "schedules" / f"{name}.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    post = folder / "corpus" / "moon.md"
    post.parent.mkdir()
    post.write_text("+++\n+++\nThe moon rises.\n")


if __name__ == "__main__":
    main()
