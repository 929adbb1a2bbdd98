"""Real servers, each a process of ours on loopback: started in a `with`, and ended with it."""

import json
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from requests import Response, Session

_HERE = Path(__file__).resolve().parent
_PDS = _HERE / "pds"
_PYTHON = _HERE.parents[1] / ".venv-servers/bin/python"
_START = 90  #: seconds within which a server answers


class NotThere(Exception):  # noqa: N818 - reads as what it is
    """A server is not installed, or does not start."""


@dataclass(frozen=True, slots=True)
class Web:
    """Asks a server what it has, past every proxy."""

    url: str
    session: Session

    def get(self, path: str, **query: Any) -> Any:
        return _read(self.session.get(self.url + path, params=query, timeout=60))

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return _read(self.session.post(self.url + path, json=body, timeout=60))


@dataclass(slots=True)
class Pds:
    """A real Bluesky server."""

    web: Web
    _accounts: int = 0

    def new_account(self) -> "Repo":
        """Someone who has said nothing yet."""
        self._accounts += 1
        name, password = f"museum{self._accounts}", f"canary-password-{self._accounts}"
        account = {"handle": f"{name}.test", "password": password, "email": f"{name}@mail.test"}
        did = self.web.post("/xrpc/com.atproto.server.createAccount", account)["did"]
        return Repo(self.web, account["handle"], did, password)


@dataclass(frozen=True, slots=True)
class Repo:
    """An account on the real Bluesky server, and what the server has of it."""

    web: Web
    handle: str
    did: str
    password: str

    @property
    def posts(self) -> list[dict[str, Any]]:
        """Its posts as the server has them, by their keys: `uri`, `cid`, `value`."""
        found: list[dict[str, Any]] = []
        query = {"repo": self.did, "collection": "app.bsky.feed.post", "limit": 100, "reverse": "true"}
        while page := self.web.get("/xrpc/com.atproto.repo.listRecords", **query)["records"]:
            found += page
            query["cursor"] = page[-1]["uri"].rpartition("/")[2]
        return found

    @property
    def texts(self) -> list[str]:
        return [post["value"]["text"] for post in self.posts]


@dataclass(frozen=True, slots=True)
class StandIn:
    """A Mastodon stand-in. It has one account for all tests: what each of them makes is told by its text."""

    web: Web
    token: str
    account: str

    def statuses(self, having: str) -> list[dict[str, Any]]:
        """Those of its statuses that have such a word in their text, oldest first."""
        found: dict[str, dict[str, Any]] = {}  # by their ids: a page may begin with what ended the one before
        query: dict[str, Any] = {"limit": 40}
        while page := self._page(query, found):
            found |= page
            query["max_id"] = list(page)[-1]
        return [each for each in reversed(found.values()) if having in each["content"]]

    def _page(self, query: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        page = self.web.get(f"/api/v1/accounts/{self.account}/statuses", **query)
        return {each["id"]: each for each in page if each["id"] not in known}


@contextmanager
def bluesky() -> Iterator[Pds]:
    """Start a Bluesky server without accounts. NotThere says why it does not."""
    if not (_PDS / "node_modules/.ready").exists():
        raise NotThere("the Bluesky server is not installed: `make test-servers` does that")
    with _process(["node", "serve.mjs"], _PDS) as process:
        yield Pds(web_at(_said(process)["url"]))


@contextmanager
def mastodon(folder: Path) -> Iterator[StandIn]:
    """Start a Mastodon stand-in that keeps its media in `folder`. NotThere says why it does not."""
    if not (_PYTHON.parents[1] / "ready").exists():
        raise NotThere("the Mastodon stand-in is not installed: `make test-servers` does that")
    with _process([str(_PYTHON), str(_HERE / "stand_in.py")], folder) as process:
        place = _said(process)
        web = web_at(place["url"], Authorization=f"Bearer {place['token']}")
        account = web.get("/api/v1/accounts/verify_credentials")["id"]
        yield StandIn(web, place["token"], account)


@contextmanager
def _process(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that we started, kindly at first."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()


def _said(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What a server says once it is ready; one that takes too long is ended."""
    assert process.stdout
    patience = threading.Timer(_START, process.kill)
    patience.start()
    line = process.stdout.readline()
    patience.cancel()
    if not line:
        raise NotThere(f"{process.args!r} ended, or did not start within {_START} s")
    said: dict[str, Any] = json.loads(line)
    return said


def web_at(url: str, **headers: str) -> Web:
    """Who asks the server at `url`, and no proxy of this machine's."""
    session = Session()
    session.trust_env = False
    session.headers.update(headers)
    return Web(url, session)


def _read(answer: Response) -> Any:
    assert answer.ok, f"{answer.url}: {answer.status_code} {answer.text[:300]}"
    return answer.json()
