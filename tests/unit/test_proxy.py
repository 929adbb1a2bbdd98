"""The fault proxy itself: what the client is told, and what the server has."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
from requests import Response, Session
from requests.exceptions import ConnectionError as Disconnected
from requests.exceptions import ReadTimeout, RequestException

from tests.fakes.faults import (
    Fault,
    commit_late,
    drop_after,
    drop_before,
    garbage,
    hang_after,
    hang_before,
    late,
    page,
    refuse,
    slow_forward,
    status,
    status_after,
    torn,
    torn_head,
)
from tests.fakes.proxy import FaultProxy, read


class Keeper:
    """A server that keeps what it is given, and says how many that are."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.has_something = threading.Event()
        keeper = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                keeper.kept.append(self.rfile.read(int(self.headers["Content-Length"])))
                keeper.has_something.set()
                answer = json.dumps({"kept": len(keeper.kept), "headers": sorted(self.headers)})
                self.send_response(201)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer.encode())

            do_GET = do_PUT = do_POST  # noqa: N815 - the standard library's names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    keeper = Keeper()
    yield keeper
    keeper.close()


@pytest.fixture
def proxy(keeper: Keeper) -> Iterator[FaultProxy]:
    with FaultProxy(keeper.url) as proxy:
        yield proxy


def ask(
    proxy: FaultProxy, body: bytes = b"{}", *, method: str = "POST", path: str = "/posts", timeout: float = 30
) -> Response:
    return asked(proxy.url + path, body, method=method, timeout=timeout)


def asked(url: str, body: bytes, *, method: str = "POST", timeout: float = 30) -> Response:
    with Session() as session:
        session.trust_env = False
        return session.request(method, url, data=body, timeout=timeout)


def test_without_a_fault_the_answer_is_the_servers_own(proxy: FaultProxy, keeper: Keeper) -> None:
    answer = ask(proxy, b"hello", path="/posts?page=2")

    assert (answer.status_code, answer.json()["kept"]) == (201, 1)
    assert keeper.kept == [b"hello"]
    assert proxy.seen == proxy.forwarded == {"POST /posts": 1}
    assert proxy.failed == {}


def test_a_server_never_sees_the_header_that_the_proxy_keeps_to_itself(keeper: Keeper) -> None:
    with FaultProxy(keeper.url) as plain, FaultProxy(keeper.url, without="ACCEPT") as less:
        headers = [set(ask(proxy).json()["headers"]) for proxy in (plain, less)]

    assert headers[0] - headers[1] == {"Accept"}
    assert "Host" in headers[1]


def test_a_client_that_keeps_its_connection_is_served_again(proxy: FaultProxy, keeper: Keeper) -> None:
    with Session() as session:
        session.trust_env = False
        answers = [session.post(proxy.url + "/posts", b"x", timeout=30).status_code for _ in range(5)]

    assert answers == [201] * 5
    assert len(keeper.kept) == 5


def test_a_picture_of_two_megabytes_arrives_whole(proxy: FaultProxy, keeper: Keeper) -> None:
    picture = bytes(range(256)) * 8_192

    ask(proxy, picture)

    assert keeper.kept == [picture]


def test_a_chunked_body_stays_chunked() -> None:
    sent = b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n5\r\nhello\r\n0\r\n\r\n"

    request = read(BytesIO(sent))

    assert request
    assert request.body == b"5\r\nhello\r\n0\r\n\r\n"
    assert request.head == b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("sent", [b"", b"POST /a HTTP/1.1\r\n", b"\r\n"])
def test_a_connection_that_ends_before_a_request_is_none(sent: bytes) -> None:
    assert read(BytesIO(sent)) is None


@pytest.mark.parametrize("sent", [b"hello\r\n\r\n", b"POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nhello"])
def test_half_a_request_goes_nowhere(proxy: FaultProxy, keeper: Keeper, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=30) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        said = client.recv(100)

    assert said == b""
    assert keeper.kept == []
    assert proxy.seen == {}


@pytest.mark.parametrize(
    ("fault", "has"),
    [
        (refuse, 0),
        (drop_before, 0),
        (hang_before(0.05), 0),
        (drop_after, 1),
        (hang_after(0.05), 1),
        (torn, 1),
        (garbage(), 1),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else str(value),
)
def test_no_answer_comes_and_the_server_has_what_the_fault_says(
    proxy: FaultProxy, keeper: Keeper, fault: Fault, has: int
) -> None:
    proxy.next(fault)

    with pytest.raises(RequestException):
        ask(proxy)

    assert len(keeper.kept) == has
    assert proxy.failed == {fault.name: 1}
    assert sum(proxy.forwarded.values()) == has
    assert ask(proxy).status_code == 201


def test_headers_that_break_off_are_no_whole_answer(proxy: FaultProxy, keeper: Keeper) -> None:
    proxy.next(torn_head)

    answer = ask(proxy)

    assert (answer.status_code, answer.content) == (201, b"")
    assert len(keeper.kept) == 1


@pytest.mark.parametrize(
    ("fault", "code", "body", "has"),
    [
        (status(429, headers={"Retry-After": "7"}, body="slow down"), 429, "slow down", 0),
        (status_after(502, headers={"Retry-After": "7"}, body="bad gateway"), 502, "bad gateway", 1),
        (status(599, headers={"Retry-After": "7"}), 599, "", 0),
    ],
    ids=["instead", "after", "unheard of"],
)
def test_another_status_is_told_and_the_server_has_what_the_fault_says(
    proxy: FaultProxy, keeper: Keeper, fault: Fault, code: int, body: str, has: int
) -> None:
    proxy.next(fault)

    answer = ask(proxy)

    assert (answer.status_code, answer.headers["Retry-After"], answer.text) == (code, "7", body)
    assert len(keeper.kept) == has


def test_a_page_with_status_200_is_told_though_the_server_has_it(proxy: FaultProxy, keeper: Keeper) -> None:
    proxy.next(page())

    answer = ask(proxy)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert len(keeper.kept) == 1


def test_a_late_answer_comes_though_the_server_has_acted_at_once(proxy: FaultProxy, keeper: Keeper) -> None:
    proxy.next(late(0.4))
    started = time.monotonic()

    answer = ask(proxy)

    assert answer.status_code == 201
    assert time.monotonic() - started >= 0.4
    assert len(keeper.kept) == 1


def test_an_answer_that_is_too_late_for_the_client_does_not_undo_what_the_server_did(
    proxy: FaultProxy, keeper: Keeper
) -> None:
    proxy.next(late(60))

    with pytest.raises(ReadTimeout):
        ask(proxy, timeout=0.3)

    assert keeper.has_something.wait(timeout=30)


def test_a_late_commit_comes_after_the_client_has_gone(proxy: FaultProxy, keeper: Keeper) -> None:
    proxy.next(slow_forward(2))

    with pytest.raises(ReadTimeout):
        ask(proxy, timeout=0.3)
    before = len(keeper.kept)
    proxy.settle()

    assert (before, len(keeper.kept)) == (0, 1)


def test_what_is_still_under_way_is_told_when_it_takes_too_long(proxy: FaultProxy) -> None:
    proxy.next(slow_forward(20))
    with pytest.raises(ReadTimeout):
        ask(proxy, timeout=0.3)

    with pytest.raises(TimeoutError, match=r"1 connections are still at work after 0\.1 s"):
        proxy.settle(seconds=0.1)


def test_faults_act_once_each_in_their_order(proxy: FaultProxy) -> None:
    proxy.next(status(500), refuse, status(501))

    first = ask(proxy).status_code
    with pytest.raises(Disconnected):
        ask(proxy)

    assert [first, ask(proxy).status_code, ask(proxy).status_code] == [500, 501, 201]


def test_a_fault_waits_for_a_request_that_it_is_meant_for(proxy: FaultProxy) -> None:
    proxy.next(status(500).on("PUT"), status(501).on("", "/pictures"), status(502).on("POST", "/posts"))

    told = [ask(proxy, method=method, path=path).status_code for method, path in REQUESTS]

    assert told == [201, 501, 502, 500, 201]


REQUESTS = [
    ("GET", "/posts"),
    ("POST", "/pictures/1"),
    ("POST", "/posts/1"),
    ("PUT", "/p"),
    ("POST", "/posts"),
]


def test_what_always_goes_wrong_does_so_until_it_is_healed(proxy: FaultProxy) -> None:
    proxy.always(status(503))
    proxy.next(status(429), status(429).on("PUT"))

    told = [ask(proxy).status_code for _ in range(3)]
    proxy.heal()

    assert told == [429, 503, 503]
    assert ask(proxy, method="PUT").status_code == 201


def chances(keeper: Keeper, seed: int) -> list[int]:
    with FaultProxy(keeper.url) as proxy:
        proxy.always(status(500), probability=0.3, seed=seed)
        proxy.always(status(501), probability=0.3, seed=seed + 1)
        return [ask(proxy).status_code for _ in range(40)]


def test_chance_is_the_same_for_the_same_seed(keeper: Keeper) -> None:
    first = chances(keeper, seed=1)

    assert first == chances(keeper, seed=1)
    assert first != chances(keeper, seed=3)
    assert {500, 501, 201} == set(first)


def test_connections_are_refused_by_chance(proxy: FaultProxy, keeper: Keeper) -> None:
    proxy.always(refuse, probability=0.5, seed=5)
    refused = 0

    for _ in range(20):
        try:
            ask(proxy)
        except Disconnected:
            refused += 1

    assert 0 < refused < 20
    assert proxy.failed == {"refuse": refused}
    assert len(keeper.kept) == 20 - refused


def test_many_at_once_are_each_served_and_counted(proxy: FaultProxy, keeper: Keeper) -> None:
    proxy.always(drop_after, probability=0.2, seed=1)
    proxy.always(drop_before, probability=0.2, seed=2)

    def is_answered(number: int) -> bool:
        try:
            return ask(proxy, str(number).encode()).status_code == 201
        except Disconnected:
            return False

    with ThreadPoolExecutor(8) as threads:
        answered = sum(threads.map(is_answered, range(100)))

    failed = proxy.failed
    assert proxy.seen == {"POST /posts": 100}
    assert answered == 100 - failed["drop_after"] - failed["drop_before"]
    assert len(keeper.kept) == len(set(keeper.kept)) == 100 - failed["drop_before"]
    assert proxy.forwarded == {"POST /posts": len(keeper.kept)}


def test_a_server_that_is_not_there_gives_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with FaultProxy(f"http://127.0.0.1:{port}") as proxy, pytest.raises(Disconnected):
        ask(proxy)


def test_a_late_commit_waits_until_the_client_has_gone_however_long_that_takes(
    proxy: FaultProxy, keeper: Keeper
) -> None:
    proxy.next(commit_late(0.3))

    with pytest.raises(ReadTimeout):
        ask(proxy, timeout=1)
    before = len(keeper.kept)
    proxy.settle()

    assert (before, len(keeper.kept)) == (0, 1)


@pytest.mark.parametrize("fault", [hang_before(60), hang_after(60), late(60)], ids=lambda fault: fault.name)
def test_nobody_is_kept_waiting_who_has_gone(proxy: FaultProxy, fault: Fault) -> None:
    proxy.next(fault)

    with pytest.raises(ReadTimeout):
        ask(proxy, timeout=0.3)

    proxy.settle(seconds=30)


def test_it_ends_at_once_whatever_is_under_way(keeper: Keeper) -> None:
    with ExitStack() as clients:
        with FaultProxy(keeper.url) as proxy:
            proxy.next(hang_before(60), slow_forward(60), commit_late(60), late(60))
            for sent in (b"", *[b"POST /posts HTTP/1.1\r\nContent-Length: 0\r\n\r\n"] * 4):
                client = socket.create_connection(("127.0.0.1", proxy.port), timeout=30)
                clients.enter_context(client).sendall(sent)
            keeper.has_something.wait(timeout=30)
            started = time.monotonic()

        assert time.monotonic() - started < 10
        assert len(keeper.kept) == 1


def test_as_a_process_it_says_where_it_listens_and_ends_with_its_stdin(keeper: Keeper) -> None:
    command = [sys.executable, "-m", "tests.fakes.proxy", "--target", keeper.url, "--drop-after", "1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        place = json.loads(process.stdout.readline())
        with pytest.raises(Disconnected):
            asked(place["url"] + "/posts", b"x")
        said, _ = process.communicate(timeout=30)

    assert process.returncode == 0
    assert place["url"].endswith(f":{place['port']}")
    assert json.loads(said) == {
        "seen": {"POST /posts": 1},
        "forwarded": {"POST /posts": 1},
        "failed": {"drop_after": 1},
    }
    assert keeper.kept == [b"x"]
