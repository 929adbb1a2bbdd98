"""Row 16: words that nobody may see, and every sort of trouble in which they might be shown."""

import base64
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random  # noqa: TID251 - chance, and the same again by its seed
from urllib.parse import quote

from bot.contracts import variable
from tests.fakes.projects import Folder, museum
from tests.faults.rows import Outcome, Told
from tests.faults.stage import NETWORKS, Wire, folder_of_its_own, wire

NOW = "2027-03-08T10:30:00Z"
#: Words in the environment besides an account's credentials.
ELSEWHERE = {
    "REDLETTER_NOTIFY": "json://canary-notify-user:canary-notify-word@127.0.0.1:9/canary-notify-path",
    "REDLETTER_HEARTBEAT": "http://127.0.0.1:9/canary-heartbeat-path",
    "SOME_TOKEN": "canary-of-others",
    "OURS_WEBHOOK_SECRET": "canary-of-another-account",
}
_WORDS = (
    "canary-notify-word",
    "canary-notify-path",
    "canary-heartbeat-path",
    "canary-of-others",
    "canary-of-another-account",
)
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("post", "facts/thread", "--yes"), ("post", "facts/lens", "--yes", "--json"), ("run", "--once"), ("status",), ("status", "--json"),
    ("accounts", "check"), ("accounts", "check", "--json"), ("accounts", "list"), ("accounts", "list", "--json"), ("history", "--json"),
    ("queue", "list", "--json"), ("preview", "--json"), ("preview", "--as", "html"), ("check",), ("--help",), ("plugins",), ("hold", "--list"),
)  # fmt: skip

Trouble = Callable[[Wire, Folder, str], None]


def secrets(size: int, seed: int, told: Told) -> Outcome:
    """So many troubles, in each of which every command is called; counted are the calls."""
    found = Outcome()
    for number in range(size):
        dice = Random(f"secrets {seed} {number}")  # noqa: S311 - chance, not secrets
        trouble = TROUBLES[number % len(TROUBLES)]
        name = NETWORKS[(number + number // len(TROUBLES)) % len(NETWORKS)]
        with folder_of_its_own() as folder:
            found += _in_trouble(folder, name, trouble, dice.choice(("console", "json")))
        told(1)
    return found


def _in_trouble(folder: Path, name: str, trouble: Trouble, log: str) -> Outcome:
    with wire(name, folder) as network, _environment({**ELSEWHERE, "REDLETTER_LOG": log}), _heard() as heard:
        project = _project(folder / "museum", network)
        trouble(network, project, " ".join(_own(network)))
        breaches = []
        for asked in COMMANDS:
            found, words = project.call(*asked), [*_own(network), *_WORDS]
            where = f"{name}, {trouble.__name__}, {' '.join(asked)}"
            if "Traceback" in found.all:
                breaches.append(f"{where}: {found.err[-300:]}")
            breaches += [f"{where}: shown" for _ in _seen(found.all.encode(), words)]
        breaches += [
            f"{name}, {trouble.__name__}: logged by a library" for _ in _seen(heard().encode(), words)
        ]
        breaches += [f"{name}, {trouble.__name__}: in {file}" for file in _files(project, words)]
    return Outcome(len(COMMANDS), tuple(breaches))


def _project(root: Path, network: Wire) -> Folder:
    project = museum(root)
    fields = f'network = "{network.name}"\nlive = true\nurl = "{network.account.url}"\ntimeout = "1s"\ncredentials = "OURS"\n'
    project.write("schedules/accounts.toml", f"[account.museum]\n{fields}")
    rows = (f"{variable('OURS', name)}='{word.reveal()}'\n" for name, word in network.fake.secrets.items())
    project.write(".env", "".join(rows))
    return project


def _own(network: Wire) -> list[str]:
    """The words that the network knows: the account's credentials, and what it gave out for them."""
    given: list[str] = getattr(network.fake, "tokens", [])
    return [*given, *(word.reveal() for name, word in network.fake.secrets.items() if name != "HANDLE")]


def _seen(content: bytes, words: list[str]) -> Iterator[str]:
    """Each of these words that is there, as it is or as it stands in an address or a header."""
    for word in words:
        forms = (word.encode(), quote(word, safe="").encode(), base64.b64encode(word.encode()).rstrip(b"="))
        if any(form in content for form in forms):
            yield word


def _files(project: Folder, words: list[str]) -> Iterator[str]:
    for file in project.root.rglob("*"):
        if (
            file.is_file()
            and file.name not in {".env", "accounts.toml"}
            and any(_seen(file.read_bytes(), words))
        ):
            yield file.name


def _says(status: int) -> Trouble:
    def trouble(network: Wire, _: Folder, words: str) -> None:
        body = json.dumps({"error": words, "message": words, "detail": words, "title": words})
        for route in _routes(network):
            network.fake.fail_next("answer", route=route, times=50, status=status, body=body)

    trouble.__name__ = f"answers {status} and repeats what it was told"
    return trouble


def _breaks(kind: str) -> Trouble:
    def trouble(network: Wire, _: Folder, __: str) -> None:
        for route in _routes(network):
            network.fake.fail_next(kind, route=route, times=50)

    trouble.__name__ = f"connections are {kind}"
    return trouble


def _routes(network: Wire) -> list[str]:
    if network.name == "bluesky":
        from tests.fakes.bluesky import LOOK, PUT, SIGN_IN, WHO  # noqa: PLC0415 - its own names

        return [network.thread_route, PUT, SIGN_IN, WHO, LOOK]
    return ["POST /", "GET /"]


def _nobody(_: Wire, project: Folder, __: str) -> None:
    """Nobody is there."""
    _replace(project, "schedules/accounts.toml", "http://127.0.0.1:", "http://127.0.0.2:")


def _userinfo(_: Wire, project: Folder, __: str) -> None:
    """Somebody wrote a password into an address: it is refused, and not repeated."""
    _replace(
        project, "schedules/accounts.toml", "http://127.0.0.1", "http://ada:canary-notify-word@127.0.0.1"
    )


def _odd_words(_: Wire, project: Folder, __: str) -> None:
    """Credentials hold what no header can."""
    env = (project.root / ".env").read_text("utf-8")
    project.write(".env", env.replace("canary", "canäry\\u2028canary"))


def _half(_: Wire, project: Folder, __: str) -> None:
    """Only some of the credentials are set."""
    first = (project.root / ".env").read_text("utf-8").splitlines()[:1]
    project.write(".env", "\n".join(first))


def _damaged(_: Wire, project: Folder, __: str) -> None:
    """The queue is no database."""
    project.write("state/redletter.db", "letters " * 1000)


def _replace(project: Folder, name: str, old: str, new: str) -> None:
    text = (project.root / name).read_text("utf-8")
    assert old in text
    project.write(name, text.replace(old, new))


TROUBLES: tuple[Trouble, ...] = (
    *map(_says, (400, 401, 402, 403, 404, 409, 422, 429, 500, 503)),
    *map(_breaks, ("dropped", "silent", "torn", "html", "empty")),
    _nobody, _userinfo, _odd_words, _half, _damaged,
)  # fmt: skip


@contextmanager
def _environment(words: Mapping[str, str]) -> Iterator[None]:
    earlier = dict(os.environ)  # noqa: TID251 - as people set it
    os.environ.update(words)  # noqa: TID251 - as above
    try:
        yield
    finally:
        os.environ.clear()  # noqa: TID251 - as above
        os.environ.update(earlier)  # noqa: TID251 - as above


@contextmanager
def _heard() -> Iterator[Callable[[], str]]:
    """Everything that any library logs, down to its smallest detail."""
    lines: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    root, ear = logging.getLogger(), Ear(logging.DEBUG)
    earlier = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        yield lambda: "\n".join(lines)
    finally:
        root.removeHandler(ear)
        root.setLevel(earlier)
