"""Secrets: whatever goes wrong, nothing that the bot writes holds one."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.projects import Folder, running, until
from tests.fakes.x import FakeX

CANARIES = {
    "CONSUMER_KEY": "canary-of-consumer-key-31",
    "CONSUMER_SECRET": "canary-of-consumer-secret-32",
    "ACCESS_TOKEN": "33-canary-of-access-token",
    "ACCESS_TOKEN_SECRET": "canary-of-token-secret-34",
}
IN_ENVIRONMENT = {"MUSEUM_X_WEBHOOK_SECRET": "canary-of-environment-35", "SOME_TOKEN": "canary-of-others-36"}


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX() as fake:
        yield fake


def everything_written(project: Folder) -> Iterator[tuple[Path, bytes]]:
    """Every file beside and in the project but the one where the secrets are kept."""
    for file in project.root.parent.rglob("*"):
        if file.is_file() and file.name != ".env":
            yield file, file.read_bytes()


def assert_no_canary(project: Folder, *said: str) -> None:
    for words in said:
        assert "canary" not in words
    files = dict(everything_written(project))
    assert any(file.name == "redletter.db" for file in files)
    for file, content in files.items():
        assert b"canary" not in content, file


@pytest.mark.parametrize("log", ["console", "json"])
def test_a_daemon_that_is_refused_tells_nobody_its_secrets(project: Folder, x: FakeX, log: str) -> None:
    now = int(time.time())  # noqa: TID251 - a daemon lives by the real clock
    project.dates("now", now - 2, now - 1, now + 1, posts="facts/lens facts/leap facts/mirror")
    assert project.at(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 60)), "run", "--once").status == 0
    echo = '{"detail": "token 33-canary-of-access-token is bad", "x": "canary-of-token-secret-34"}'
    project.live(x.url, CANARIES)
    for status in (403, 401, 500):
        x.fail_next("answer", status=status, body=echo)

    with running(project, REDLETTER_LOG=log, **IN_ENVIRONMENT) as daemon:
        until(lambda: len(x.posts) + x.requests >= 3)
        until(
            lambda: project.call("queue", "list", "--state", "sending", "--json").data == {"deliveries": []}
        )

        assert x.requests >= 3
        assert_no_canary(project, daemon.words)
        assert (project.root / "state/redletter.db-wal").exists(), "looked at while it is being written"


@pytest.mark.parametrize(
    "words",
    [
        ["post", "facts/lens", "--yes"], ["post", "facts/lens", "--yes", "--json"], ["run", "--once"],
        ["accounts", "check"], ["accounts", "check", "--json"], ["accounts", "list", "--json"],
        ["preview", "--json"], ["preview", "--as", "html"], ["check"], ["status", "--json"], ["plugins"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("trouble", ["unauthorised", "nobody there", "odd address", "half of them"])
def test_no_command_shows_a_secret_in_any_trouble(
    project: Folder, x: FakeX, words: list[str], trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, word in IN_ENVIRONMENT.items():
        monkeypatch.setenv(name, word)
    urls = {"nobody there": "http://127.0.0.1:9", "odd address": "http://me:canary-in-url@127.0.0.1:9"}
    given = dict(list(CANARIES.items())[:2]) if trouble == "half of them" else CANARIES
    project.live(urls.get(trouble, x.url), given)
    project.call("hold", "--reason", "so that there is a queue")
    project.call("release")

    found = project.call(*words)
    told = project.call("history"), project.call("queue", "list", "--json")

    assert "Traceback" not in found.all
    files = {file: content for file, content in everything_written(project) if file.name != "accounts.toml"}
    said = [answer.all for answer in (found, *told)]
    if (
        trouble == "odd address"
    ):  # what a person wrote into a file may be told back to them, but is stored nowhere
        files = {
            file: content for file, content in files.items() if file.name in {"redletter.db", "outbox.jsonl"}
        }
        said = []
    assert not [file for file, content in files.items() if b"canary" in content]
    assert not [words for words in said if "canary" in words]


def test_a_database_address_with_a_password_is_not_repeated(project: Folder) -> None:
    for url in (
        "postgresql://me:canary@localhost/queue",
        "me:canary@nowhere",
        "postgresql://me:canary@host:port/x",
    ):
        project.write(".env", f"REDLETTER_DATABASE={url}\n")

        found = project.call("run", "--once")

        assert found.status == 1
        assert "canary" not in found.all
        assert found.err.startswith("redletter: ")
