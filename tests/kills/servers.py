"""The servers that daemons are killed against: processes of their own, which live on and keep what they were sent."""

import dataclasses
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from msgspec.structs import replace

from bot.contracts import variable
from bot.model import Account
from tests.fakes.wall import Chances

REPOSITORY = Path(__file__).parents[2]
TIMEOUT = 1  #: seconds that a daemon waits for an answer
QUARANTINE = 3  #: seconds; the clock counts whole ones, so it may be as little as two
LATENESS = 1.8  #: seconds after which the latest of the late is there: within the quarantine
_STILL = 0.3  #: seconds after which a server that is asked nothing has done what it was asked
_WORD = re.compile(r"\bK(\d+)p(\d+)\b")

Has = Callable[[], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part as a server has it: which it is, by the word in its text, and the name that the server gave it."""

    post: int
    part: int
    id: str = ""  #: empty where the server was not asked for it


@dataclass(frozen=True, slots=True)
class Server:
    """Where daemons post to."""

    accounts: tuple[Account, ...]
    texts: Has  #: what it has, in the order in which it came: the texts and their ids
    settle: Callable[[], None] = lambda: time.sleep(_STILL)  #: waits until it is at work on nothing
    env: Mapping[str, str] = field(default_factory=dict)  #: the credentials
    knows_keys: bool = True  #: whether it puts up the same part once, however often it is sent
    shows_whole: bool = False  #: whether all parts of a post turn up at once
    may_stay_unknown: bool = False  #: whether nobody can ask what it has

    @property
    def single(self) -> "Server":
        """The same with one account, that may be asked at once what it has: nothing is late there."""
        return dataclasses.replace(self, accounts=(replace(self.accounts[0], quarantine=0),))

    @property
    def has(self) -> list[Part]:
        """Every part that it has, in the order in which they came; what is none of ours has number 0."""
        return [_part(text, name) for text, name in self.texts()]


def word(post: int, part: int) -> str:
    """The word by which a part is known, wherever it turns up."""
    return f"K{post}p{part}"


@contextmanager
def wall(folder: Path, kind: str, chances: Chances, *, accounts: int = 6) -> Iterator[Server]:
    """A receiver of webhooks of one kind, with a file of its own in the folder."""
    has = folder / f"wall-{kind}.jsonl"
    if kind == "keyed":  # its keys protect from what is later than any quarantine
        chances = dataclasses.replace(chances, lateness=3 * chances.lateness)
    command = ["tests.fakes.wall", "--kind", kind, "--has", str(has), *chances.words()]
    with _process(command) as process:
        url = _line(process)["url"]
        names, is_deaf = [f"wall-{number}" for number in range(accounts)], kind == "deaf"
        yield Server(
            tuple(_account(name, "webhook", f"{url}/hook/{name}", find=not is_deaf) for name in names),
            lambda: [(line["text"], line["id"]) for line in map(json.loads, has.read_text().splitlines())],
            lambda: _until_quiet(url),
            knows_keys=kind == "keyed",
            may_stay_unknown=is_deaf,
        )


@contextmanager
def hosted(network: str, chances: Chances) -> Iterator[Server]:
    """A fake of a network, behind a proxy at which connections are dropped."""
    with _process(["tests.fakes.hosted", network]) as fake:
        said = _line(fake)

        def texts() -> list[tuple[str, str]]:
            return [(text, "") for text in _line(fake, asking=True)]

        with behind(said["url"], network, said["credentials"], chances, texts=texts) as server:
            yield server


@contextmanager
def behind(
    url: str, network: str, credentials: Mapping[str, str], chances: Chances, *, texts: Has
) -> Iterator[Server]:
    """A server that is there already, behind a proxy at which connections are dropped."""
    drops = ["--drop-before", str(chances.before), "--drop-after", str(chances.after)]
    command = ["tests.fakes.proxy", "--target", url, *drops, "--seed", str(chances.seed)]
    with _process(command) as proxy:
        account = _account("ours", network, _line(proxy)["url"], credentials="OURS")
        env = {variable("OURS", name): secret for name, secret in credentials.items()}
        yield Server((account,), texts, env=env, shows_whole=network == "bluesky")


@contextmanager
def wanted(name: str, folder: Path, chances: Chances) -> Iterator[Server]:
    """The server of this name: a kind of wall, a fake, or, with `real-` before it, a real one."""
    with ExitStack() as stack:
        if name.startswith("real-"):
            yield stack.enter_context(_real(name.removeprefix("real-"), folder, chances))
        elif name in {"x", "bluesky", "mastodon"}:
            yield stack.enter_context(hosted(name, chances))
        else:
            yield stack.enter_context(wall(folder, name, chances))


@contextmanager
def _real(name: str, folder: Path, chances: Chances) -> Iterator[Server]:
    from tests.servers import real  # noqa: PLC0415 - it is wanted where these servers are installed

    with ExitStack() as stack:
        if name == "bluesky":
            repo = stack.enter_context(real.bluesky()).new_account()
            secrets = {"HANDLE": repo.handle, "APP_PASSWORD": repo.password}
            url, texts = repo.web.url, lambda: [(text, "") for text in repo.texts]
        else:
            stand_in = stack.enter_context(real.mastodon(folder))
            url, secrets = stand_in.web.url, {"ACCESS_TOKEN": stand_in.token}
            texts = lambda: [(each["content"], "") for each in stand_in.statuses("K")]  # noqa: E731
        yield stack.enter_context(behind(url, name, secrets, chances, texts=texts))


def _account(name: str, network: str, url: str, **more: Any) -> Account:
    return Account(name, network, live=True, url=url, timeout=TIMEOUT, quarantine=QUARANTINE, **more)


def _part(text: str, name: str) -> Part:
    found = _WORD.search(text)
    return Part(int(found[1]), int(found[2]), name) if found else Part(0, 0, name)


@contextmanager
def _process(words: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """A module of ours as a process, which ends when its stdin does."""
    with subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            assert process.stdin
            process.stdin.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _line(process: subprocess.Popen[str], *, asking: bool = False) -> Any:
    """A line that it says."""
    assert process.stdin
    assert process.stdout
    if asking:
        process.stdin.write("\n")
        process.stdin.flush()
    return json.loads(process.stdout.readline())


def _until_quiet(url: str) -> None:
    """Wait until a wall is at work on nothing any more."""
    opener = build_opener(ProxyHandler({}))  # past every proxy of this machine
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with opener.open(f"{url}/quiet", timeout=30) as answer:
            if not json.load(answer)["at work"]:
                return
        time.sleep(0.02)
    raise TimeoutError(f"{url} is still at work")
