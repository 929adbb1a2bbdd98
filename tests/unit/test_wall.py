"""The wall that daemons are killed against: it keeps what it is sent, and goes wrong as it says."""

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.fakes.wall import KINDS, Chances
from tests.kills.servers import Part, Server, wall


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    with wall(tmp_path, request.param, Chances(lateness=0.2), accounts=1) as server:
        yield server


@pytest.fixture
def kind(request: pytest.FixtureRequest, server: Server) -> str:
    del server
    return str(request.node.callspec.params["server"])


def ask(server: Server, method: str, target: str = "", **part: Any) -> tuple[int, Mapping[str, Any]]:
    """One request, and its answer."""
    address = urlsplit(server.accounts[0].url)
    key = {"Idempotency-Key": "KEY-1"} if part else {}
    with closing(HTTPConnection(address.netloc, timeout=30)) as connection:
        connection.request(method, address.path + target, json.dumps(part) if part else None, key)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def post(server: Server, text: str = "K1p1 Hello.") -> tuple[int, Mapping[str, Any]]:
    return ask(server, "POST", text=text)


def look(server: Server) -> tuple[int, Mapping[str, Any]]:
    return ask(server, "GET", "?key=KEY&part=1")


def test_what_is_sent_is_put_up_and_answered(server: Server) -> None:
    status, receipt = post(server)

    assert (status, receipt) == (201, {"id": "wall-1", "url": "https://wall.example/1"})
    assert server.has == [Part(1, 1, "wall-1")]


def test_the_same_key_again_is_the_same_post_where_keys_are_known(server: Server, kind: str) -> None:
    _, first = post(server)
    _, second = post(server)

    assert (first == second, len(server.has)) == ((True, 1) if kind == "keyed" else (False, 2))


def test_who_asks_is_told_what_is_there_but_not_by_the_deaf(server: Server, kind: str) -> None:
    before, _ = look(server)
    _, receipt = post(server)
    after = look(server)

    assert before == 404
    assert after == ((404, {}) if kind == "deaf" else (200, receipt))


def test_what_is_dropped_before_is_not_there_and_the_second_time_is(server: Server) -> None:
    with pytest.raises((HTTPException, OSError)):
        post(server, "K1p1 Hello !before.")
    server.settle()
    had = server.has

    status, _ = post(server, "K1p1 Hello !before.")

    assert (had, status, len(server.has)) == ([], 201, 1)


def test_what_is_dropped_after_is_there(server: Server) -> None:
    with pytest.raises((HTTPException, OSError)):
        post(server, "K1p1 Hello !after.")

    assert server.has == [Part(1, 1, "wall-1")]


def test_what_is_late_is_there_once_the_other_side_has_gone_and_not_before(server: Server) -> None:
    address = urlsplit(server.accounts[0].url)
    body = json.dumps({"text": "K1p1 Hello !late."}).encode()
    head = f"POST {address.path} HTTP/1.1\r\nIdempotency-Key: KEY-1\r\nContent-Length: {len(body)}\r\n\r\n"
    with closing(socket.create_connection((address.hostname or "", address.port or 0))) as connection:
        connection.sendall(head.encode() + body)
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        had = server.has

    server.settle()

    assert (had, server.has) == ([], [Part(1, 1, "wall-1")])


def test_a_request_that_breaks_off_is_none(server: Server) -> None:
    address = urlsplit(server.accounts[0].url)
    with closing(socket.create_connection((address.hostname or "", address.port or 0))) as connection:
        connection.sendall(
            b"POST /hook/wall-0 HTTP/1.1\r\nIdempotency-Key: KEY-1\r\nContent-Length: 99\r\n\r\n{"
        )

    server.settle()

    assert server.has == []


def test_chance_goes_by_its_seed(tmp_path: Path) -> None:
    fates = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        with wall(tmp_path / name, "read", Chances(after=0.5, seed=7), accounts=1) as server:
            fates.append([_is_answered(server, f"KEY-{number}") for number in range(12)])

    assert fates[0] == fates[1]
    assert len(set(fates[0])) == 2


def _is_answered(server: Server, key: str) -> bool:
    address = urlsplit(server.accounts[0].url)
    with closing(HTTPConnection(address.netloc, timeout=30)) as connection:
        try:
            connection.request("POST", address.path, '{"text": "K1p1"}', {"Idempotency-Key": key})
            return connection.getresponse().status == 201
        except (HTTPException, OSError):
            return False
