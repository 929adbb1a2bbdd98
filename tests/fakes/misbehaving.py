"""A server at the wire that misbehaves when told to: what the fakes of networks have in common.

It listens on loopback alone. What a client was told is one matter, what was done is another: a fake keeps what was
done, and each fault says which of both goes wrong.
"""

import json
import socket
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self, get_args
from urllib.parse import parse_qs, urlsplit

_MOST_BYTES = 20_000_000

Kind = Literal[
    "dropped",  # the connection is closed before anything is done
    "silent",  # all is done, and the connection is closed without an answer
    "torn",  # all is done, and half of the answer is sent
    "late",  # all is done at once, and the answer comes after `seconds`
    "slow",  # all is done after `seconds`, and then answered
    "html",  # all is done, and a page is sent with status 200
    "empty",  # all is done, and an object without data is sent with status 200
    "bad gateway",  # all is done, and 502 is sent
    "answer",  # nothing is done; `status`, `headers` and `body` are sent
]


@dataclass(frozen=True, slots=True)
class Fault:
    """How one request will go wrong."""

    kind: Kind
    route: str  #: what the request begins with: `/path`, or `METHOD /path`
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    seconds: float = 3.0


class Misbehaving:
    """A context manager: inside it, something answers at `url` as `answer` says."""

    usual_route = "/"  #: where faults happen unless they say otherwise

    def __init__(self) -> None:
        self.asked: list[Request] = []  #: every request that reached the wire, well made or not
        self.connections = 0  #: how many were opened for them
        self.lock = threading.Lock()
        self._faults: deque[Fault] = deque()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self._server.at_work = set()
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def answer(self, request: "Request") -> tuple[int, Any]:
        """What is done with a request: its status and body."""
        raise LookupError(request.path)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def fail_next(
        self,
        kind: Kind,
        *,
        route: str = "",
        times: int = 1,
        status: int = 500,
        headers: Mapping[str, str] | None = None,
        body: str = "",
        seconds: float = 3.0,
    ) -> None:
        """Let the next requests under a route go wrong; further calls add to the script."""
        if kind not in get_args(Kind):
            raise ValueError(f"no fault called {kind!r}; there are {', '.join(get_args(Kind))}")
        fault = Fault(kind, route or self.usual_route, status, headers or {}, body, seconds)
        self._faults.extend([fault] * times)

    @property
    def requests(self) -> int:
        """How many reached the wire."""
        return len(self.asked)

    def times_asked(self, route: str) -> int:
        """How many of them were under a route."""
        return sum(request.is_under(route) for request in self.asked)

    def fault_for(self, request: "Request") -> Fault | None:
        """The next fault of the script that is meant for this request."""
        with self.lock:
            self.asked.append(request)
            found = next((fault for fault in self._faults if request.is_under(fault.route)), None)
            if found:
                self._faults.remove(found)
            return found

    def wait(self, seconds: float) -> None:
        """Sleep, unless the server is closing."""
        self._closing.wait(seconds)

    def settle(self) -> None:
        """Return when nothing is at work any more, or after five seconds."""
        for _ in range(500):
            if not self._server.at_work:
                return
            self.wait(0.01)


class _Server(ThreadingHTTPServer):
    fake: Misbehaving
    at_work: set["_Handler"]
    daemon_threads = True
    block_on_close = False


class Request:
    """One request as it came."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.method = handler.command
        self.target = urlsplit(handler.path)
        self.path = self.target.path
        self.query = parse_qs(self.target.query)
        self.headers = dict(handler.headers)
        self.authorization = handler.headers.get("Authorization", "")
        self._type = handler.headers.get("Content-Type", "")
        self.body = handler.rfile.read(min(int(handler.headers.get("Content-Length", "0")), _MOST_BYTES))

    def is_under(self, route: str) -> bool:
        """Tell whether it is one of those that a route names."""
        return self.path.startswith(route) or f"{self.method} {self.path}".startswith(route)

    def json(self) -> Any:
        """Its body, read."""
        return json.loads(self.body)

    def form(self) -> dict[str, bytes]:
        """The fields of a multipart body."""
        boundary = b"--" + self._type.partition("boundary=")[2].encode()
        found = {}
        for piece in self.body.split(boundary)[1:-1]:
            head, _, content = piece.partition(b"\r\n\r\n")
            name = head.partition(b'name="')[2].partition(b'"')[0].decode()
            found[name] = content.removesuffix(b"\r\n")
        return found


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 10

    def setup(self) -> None:
        """Count a connection that was opened."""
        super().setup()
        self.server.fake.connections += 1

    def _serve(self) -> None:
        self.server.at_work.add(self)
        try:
            self._serve_one()
        finally:
            self.server.at_work.discard(self)

    def _serve_one(self) -> None:
        request, fake = Request(self), self.server.fake
        fault = fake.fault_for(request)
        if fault is None:
            return self._send(*fake.answer(request))
        if fault.kind == "dropped":
            return self._drop()
        if fault.kind == "answer":
            return self._send_text(fault.status, fault.body, fault.headers)
        if fault.kind == "slow":
            fake.wait(fault.seconds)
        status, body = fake.answer(request)
        return self._misanswer(fault, status, body)

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815 - the standard library's names

    def _misanswer(self, fault: Fault, status: int, body: dict[str, Any]) -> None:
        """Answer wrongly what was done rightly."""
        match fault.kind:
            case "silent":
                self._drop()
            case "torn":
                self._send_text(status, json.dumps(body), {}, most=20)
            case "html":
                self._send_text(
                    200, "<html><body>Something went wrong</body></html>", {"Content-Type": "text/html"}
                )
            case "empty":
                self._send(200, {})
            case "bad gateway":
                self._send_text(502, "<html>Bad Gateway</html>", {"Content-Type": "text/html"})
            case _:
                self.server.fake.wait(fault.seconds if fault.kind == "late" else 0)
                self._send(status, body)

    def _send(self, status: int, body: dict[str, Any]) -> None:
        self._send_text(status, json.dumps(body), {"Content-Type": "application/json"})

    def _send_text(
        self, status: int, text: str, headers: Mapping[str, str], *, most: int | None = None
    ) -> None:
        content = text.encode()
        with suppress(OSError):  # a client that has hung up hears nothing
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[:most])
        self.close_connection = self.close_connection or most is not None

    def _drop(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing."""
