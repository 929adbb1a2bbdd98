"""What the desk takes with ten thousand posts in its queue, beside a page of the same server that shows nothing.

    python bench/desk.py [--rounds N]

Linux only: memory is that of /proc/PID/smaps_rollup. A project of twelve accounts, each of which speaks twenty-eight times
a day, is planned for a month by the planner and enqueued; then `redletter run` and `redletter web` serve it, each a
process of its own, on loopback. Pages are asked for over one connection each time, in turns with the floor: the page
that says that there is no such page. Cold is the first time that anything of it is asked for; changed, the first time
after somebody skipped a post of that month. KEPT and NOT KEPT are said of the median, of bytes and of memory.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.delivery.queue import Queue
from bot.model import History, Window
from bot.planning.plan import plan
from bot.planning.render import rendered
from bot.project import read_project
from bot.zones import DAY, MINUTE, date_of

REDLETTER = str(Path(sys.executable).with_name("redletter"))
ACCOUNTS, TIMES, POSTS, DAYS = 12, 28, 600, 30
MILLISECONDS, HTML, SCRIPT, MEGABYTES = 150, 100_000, 60_000, 140
ZONES = "UTC", "America/New_York", "Europe/Berlin"
FLOOR = "/no/such/page"
PATIENCE = 60  #: seconds until a process must have come to rest
_SENTENCES = (
    "The wheels are made of aluminium, with titanium springs for spokes.",
    "Dust devils on Mars can grow taller than any mountain on Earth.",
    "A day there lasts 24 hours, 39 minutes and 35 seconds: a sol.",
)


class Answer(NamedTuple):
    """One answer of the server."""

    milliseconds: float
    body: str


class Browser:
    """Keeps a cookie, and asks one thing after the other."""

    def __init__(self, link: str) -> None:
        self._place = urlsplit(link)
        self._cookie = ""
        self.get(f"{self._place.path}?{self._place.query}")

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        connection = HTTPConnection(self._place.hostname or "", self._place.port, timeout=120)
        began = perf_counter()
        connection.request("GET", path, headers={"Cookie": self._cookie})
        answer = connection.getresponse()
        body = answer.read().decode()
        taken = (perf_counter() - began) * 1_000
        self._cookie = (answer.getheader("set-cookie") or self._cookie).partition(";")[0]
        connection.close()
        return Answer(taken, body)


def main() -> None:
    """Print the tables; exit status 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description="What the desk takes with ten thousand posts in its queue.")
    parser.add_argument("--rounds", type=int, default=30, help="how often each page is asked for; 30")
    rounds = parser.parse_args().rounds
    with TemporaryDirectory() as folder, ExitStack() as stack:
        root = Path(folder)
        _write(root)
        day = _enqueue(root)
        daemon = stack.enter_context(_daemon(root))
        desk, link = stack.enter_context(_desk(root))
        browser = Browser(link)
        kept = _times(browser, root, day, rounds)
        kept &= _scripts(browser)
        kept &= _memory({"daemon": daemon, "desk": desk})
    sys.exit(not kept)


def _write(root: Path) -> None:
    """A project whose days are full."""
    accounts, schedules = [], []
    for place in range(ACCOUNTS):
        zone = ZONES[place % len(ZONES)]
        accounts.append(f'[account.voice-{place}]\nnetwork = "x"\nzone = "{zone}"\n')
        times = [f"{7 + turn // 2:02}:{turn % 2 * 30 + place * 2:02}" for turn in range(TIMES)]
        schedules.append(
            f'[[schedule]]\nname = "rhythm-{place}"\naccounts = ["voice-{place}"]\n'
            f'trigger.slots = {{ days = "daily", at = {json.dumps(times)}, zone = "{zone}" }}\n'
            f'pick = {{ tags = ["tag-{place % 6}"], cool_down = "2d" }}\n'
        )
    (root / "schedules").mkdir()
    (root / "schedules" / "accounts.toml").write_text("\n".join(accounts), "utf-8")
    (root / "schedules" / "all.toml").write_text("\n".join(schedules), "utf-8")
    (root / "corpus").mkdir()
    lines = (json.dumps(_post(number)) for number in range(POSTS))
    (root / "corpus" / "all.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")


def _post(number: int) -> dict[str, object]:
    first, second = (_SENTENCES[(number + shift) % len(_SENTENCES)] for shift in (0, 1))
    text = f"Fact {number}. {first} {second} More at https://example.org/{number} #Mars"
    return {"id": f"all/post-{number}", "parts": [{"text": text}], "tags": [f"tag-{number % 6}"]}


def _enqueue(root: Path) -> date:
    """Plan a month from now on and enqueue it; a day in its middle."""
    project, problems = read_project(root)
    if problems:
        raise SystemExit(f"the project is wrong: {problems[0]}")
    now = int(time.time()) // MINUTE * MINUTE  # noqa: TID251 - as an entry point
    window = Window(now, now + DAYS * DAY)
    made = rendered(plan(project.schedules, project.corpus, History(), window), project.schedules)
    with Queue(f"sqlite:///{root}/state/redletter.db") as queue:
        queue.enqueue(made, project.schedules, seen=None, until=window.end, files=project.digest)
    print(f"{len(made.posts):,} posts of {ACCOUNTS} accounts queued in {DAYS} days\n")
    return date_of((now + DAYS // 2 * DAY) // DAY)


@contextmanager
def _running(root: Path, *command: str) -> Iterator["subprocess.Popen[str]"]:
    ours = {"REDLETTER_STATE": "", "REDLETTER_DATABASE": "", "REDLETTER_LOG": "", "PYTHONUNBUFFERED": "1"}
    surroundings = {**os.environ, **ours}  # noqa: TID251 - handed on to those who are measured
    child = subprocess.Popen(
        (REDLETTER, "--project", str(root), *command), env=surroundings, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        yield child
    finally:
        child.terminate()
        child.wait()


@contextmanager
def _daemon(root: Path) -> Iterator[int]:
    """The daemon once it rests: it has nothing to plan."""
    with _running(root, "run") as child:
        quiet, before = 0, 0.0
        for _ in range(PATIENCE):
            time.sleep(1)
            used = sum(map(float, Path(f"/proc/{child.pid}/schedstat").read_text().split()[:1]))
            quiet = quiet + 1 if used - before < 5e6 else 0
            before = used
            if quiet == 2:
                break
        yield child.pid


@contextmanager
def _desk(root: Path) -> Iterator[tuple[int, str]]:
    """The desk, and the link that signs in."""
    with _running(root, "web", "--port", "0") as child:
        said = child.stdout.readline() if child.stdout else ""
        link = re.search(r"http://\S+", said)
        if link is None:
            raise SystemExit(f"the desk does not say where it is: {said}")
        yield child.pid, link[0]


def _times(browser: Browser, root: Path, day: date, rounds: int) -> bool:
    """How long pages take, and how large they are."""
    month = f"{day:%Y-%m}"
    pages = {
        "month": f"/month/{month}",
        "week": f"/week/{day}",
        "list": f"/list/{day}",
        "list, page 5": f"/list/{day}?page=5",
        "month, narrowed": f"/month/{month}?account=voice-3",
        "year": f"/year/{day.year}",
    }
    cold = {name: browser.get(path).milliseconds for name, path in pages.items()}
    print(f"{'':18}{'cold ms':>9}{'median ms':>11}{'worst':>8}{'floor':>8}{'HTML bytes':>12}")
    kept = True
    for name, path in pages.items():
        found = [(browser.get(path), browser.get(FLOOR)) for _ in range(rounds)]
        times = [page.milliseconds for page, _ in found]
        floor, size = median(each.milliseconds for _, each in found), max(len(page.body) for page, _ in found)
        is_kept = median(times) < MILLISECONDS and size <= HTML
        kept &= is_kept
        print(
            f"{name:18}{cold[name]:9.0f}{median(times):11.1f}{max(times):8.0f}{floor:8.1f}{size:12,}   {_said(is_kept)}",
            flush=True,
        )
    _skip_one(root, day)
    print(f"{'month, changed':18}{browser.get(pages['month']).milliseconds:9.0f}")
    print(f"at most {MILLISECONDS} ms at the median, and {HTML:,} bytes\n")
    return kept


def _skip_one(root: Path, day: date) -> None:
    """Decide something about a post of that day."""
    now = int(time.time())  # noqa: TID251 - as an entry point
    with Queue(f"sqlite:///{root}/state/redletter.db") as queue:
        row = next(row for row in queue.rows(now) if date_of(row.at // DAY) == day)
        queue.skip(row.key, reason="a bench looks at what changes", now=now)


def _scripts(browser: Browser) -> bool:
    page = browser.get("/").body
    sizes = {src: len(browser.get(src).body) for src in re.findall(r'<script src="([^"]+)"', page)}
    total = sum(sizes.values())
    named = ", ".join(f"{src.partition('?')[0].rpartition('/')[2]} {size:,}" for src, size in sizes.items())
    print(f"scripts: {total:,} bytes ({named}), at most {SCRIPT:,}   {_said(total <= SCRIPT)}\n")
    return total <= SCRIPT


def _memory(pids: dict[str, int]) -> bool:
    found = {name: _megabytes(pid) for name, pid in pids.items()}
    whole = {name: sum(each) for name, each in found.items()}
    told = " + ".join(f"{name} {size:.1f}" for name, size in whole.items())
    print(
        f"resident: {told} = {sum(whole.values()):.1f} MB, where files that both have mapped are counted twice"
    )
    total = sum(own for own, _ in found.values()) + max(shared for _, shared in found.values())
    print(
        f"together, with those counted once: {total:.1f} MB, below {MEGABYTES}   {_said(total < MEGABYTES)}"
    )
    return total < MEGABYTES


def _megabytes(pid: int) -> tuple[float, float]:
    """Resident memory that is a process's own, and that it shares: of Python, of libraries."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    own = sizes["Private_Clean"] + sizes["Private_Dirty"]
    return own, sizes["Rss"] - own


def _said(is_kept: bool) -> str:  # noqa: FBT001 - it says just that
    return "KEPT" if is_kept else "NOT KEPT"


if __name__ == "__main__":
    main()
