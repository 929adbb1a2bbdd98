"""How a publisher for X is made, and where its requests go."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.contracts import Secret
from bot.errors import BadCall, NotLive, NotNow
from bot.publishers.x import X
from tests.fakes.asks import ask
from tests.fakes.x import FakeX

OUTBOX = Path("unused")


@pytest.fixture
def fake() -> Iterator[FakeX]:
    with FakeX() as fake:
        yield fake


def test_an_account_that_is_not_live_has_no_publisher(fake: FakeX) -> None:
    with pytest.raises(NotLive, match="account museum-x is not live"):
        X(fake.account(live=False), fake.secrets, OUTBOX)


def test_being_live_is_asked_first(fake: FakeX) -> None:
    with pytest.raises(NotLive):
        X(fake.account(live=False, url="http://elsewhere"), {}, OUTBOX)


def test_missing_credentials_are_named_and_others_are_not_shown(fake: FakeX) -> None:
    secrets = fake.secrets | {"CONSUMER_SECRET": Secret("")}
    del secrets["ACCESS_TOKEN"]

    with pytest.raises(BadCall) as error:
        X(fake.account(), secrets, OUTBOX)

    assert str(error.value) == (
        "account museum-x lacks credentials: set MUSEUM_X_CONSUMER_SECRET, MUSEUM_X_ACCESS_TOKEN"
    )


def test_an_account_without_a_prefix_has_variables_without_one(fake: FakeX) -> None:
    with pytest.raises(BadCall, match="set CONSUMER_KEY, CONSUMER_SECRET, ACCESS_TOKEN, ACCESS_TOKEN_SECRET"):
        X(fake.account(credentials=""), {}, OUTBOX)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "http://10.0.0.1:8080",
        "http://localhost.example.org",
        "ftp://127.0.0.1",
        "https://",
        "https://user:hunter2@example.org",
        "http://user@127.0.0.1",
        "https://example.org/?to=elsewhere",
        "https://example.org/#there",
        "http://[::1",
        "http://127.0.0.1:0",
        "http://127.0.0.1:99999",
        "example.org",
        "//example.org",
    ],
)
def test_an_address_that_is_not_safe_is_a_bad_call_and_not_shown(fake: FakeX, url: str) -> None:
    with pytest.raises(BadCall) as error:
        X(fake.account(url=url), fake.secrets, OUTBOX)

    assert str(error.value) == "account museum-x: `url` must be a plain https address, or http on loopback"


@pytest.mark.parametrize("url", ["", "https://relay.example.org/x/", "http://[::1]:9", "http://127.8.9.1"])
def test_safe_addresses_are_taken(fake: FakeX, url: str) -> None:
    assert X(fake.account(url=url), fake.secrets, OUTBOX)
    assert fake.requests == 0


def test_loopback_is_asked_directly_by_any_of_its_names(fake: FakeX, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    url = fake.url.replace("127.0.0.1", "localhost") + "/"

    assert X(fake.account(url=url), fake.secrets, OUTBOX).publish(ask()).id == fake.posts[0].id


def test_without_an_address_x_itself_is_asked_through_the_proxy_of_the_machine(
    fake: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy, ThreadPoolExecutor(1) as pool:
        proxy.settimeout(5)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        heard = pool.submit(refuse_one_caller, proxy)

        with pytest.raises(NotNow, match="X cannot be reached: ProxyError"):
            X(fake.account(url=""), fake.secrets, OUTBOX).publish(ask())

    assert heard.result().startswith(b"CONNECT api.twitter.com:443 ")


def refuse_one_caller(proxy: socket.socket) -> bytes:
    caller, _ = proxy.accept()
    with caller:
        heard = caller.recv(4_096)
        caller.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
    return heard


def test_nothing_is_asked_while_a_publisher_is_made(fake: FakeX) -> None:
    X(fake.account(), fake.secrets, OUTBOX)

    assert fake.requests == 0


def test_looking_at_limits_and_credentials_costs_no_start_up_time() -> None:
    looks = "import sys; from bot.publishers.x import X; X.limits, X.secrets; print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", looks], capture_output=True, text=True, check=True, timeout=30
    ).stdout.split()

    assert not {"tweepy", "requests", "urllib3", "oauthlib"} & set(loaded)


def test_limits_are_those_of_x() -> None:
    limits = X.limits

    assert (limits.text, limits.counting, limits.images, limits.alt, limits.image_bytes) == (
        280,
        "x",
        4,
        1_000,
        5_000_000,
    )
