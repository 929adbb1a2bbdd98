"""A fault proxy: it stands before a server on loopback and lets requests go wrong, chosen ones or some by chance.

What the client is told is one thing, what the server did another: every fault says which. After a fault, tests count
what the server has.

    with FaultProxy(server.url) as proxy:
        proxy.next(drop_after.on("POST", "/api/v1/statuses"))

It takes one request a connection, and says so. `without` names a header that the server never sees: without
`Idempotency-Key`, a server that honours keys is one that knows of none. As a process of its own, for tests that kill:

    python -m tests.fakes.proxy --target URL [--port N] [--drop-before P] [--drop-after P] [--seed S] [--without HEADER]

prints a line of JSON with its `url` once it listens, and another with its counts when its stdin ends and it does too.
"""

import argparse
import json
import select
import socket
import struct
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from io import BufferedIOBase
from random import Random  # noqa: TID251 - faults come by chance, and again by their seed
from socketserver import StreamRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.fakes.faults import Fault, Request, drop_after, drop_before, none

_MOST_HEAD = 65_536
_MOST_BODY = 64_000_000
_PATIENCE = 60.0  #: seconds for which a server or a client may be silent
_GLANCE = 0.05  #: seconds between two looks whether a client is still there
_END = 5.0  #: seconds within which it ends, whatever is under way
_HOP_BY_HOP = (b"connection", b"keep-alive", b"proxy-connection", b"expect")


@dataclass(frozen=True, slots=True)
class _Chance:
    fault: Fault
    probability: float
    dice: Random

    def falls(self) -> bool:
        return self.dice.random() < self.probability


@dataclass(slots=True)
class _Book:
    """What is still to go wrong, and what came and went; one lock over all of it."""

    script: deque[Fault] = field(default_factory=deque)
    chances: list[_Chance] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    forwarded: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    sockets: set[socket.socket] = field(default_factory=set)
    lock: threading.Condition = field(default_factory=threading.Condition)


class FaultProxy:
    """A context manager: inside it, what is asked at `url` is asked of the target, unless a fault says otherwise."""

    def __init__(self, target: str, *, port: int = 0, without: str = "") -> None:
        address = urlsplit(target)
        self._without = without.lower().encode()
        self._target = (address.hostname or "127.0.0.1", address.port or 80)
        self._book = _Book()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", port), _Connection)
        self._server.proxy = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=_END)
        self._hang_up()
        with suppress(TimeoutError):
            self.settle(seconds=_END)

    @property
    def port(self) -> int:
        """Where it listens, on loopback."""
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        """Where it listens, as an address."""
        return f"http://127.0.0.1:{self.port}"

    def next(self, *faults: Fault) -> None:
        """Let the next requests go wrong: each fault acts once, on the first request it is meant for.

        A connection is refused only when that is the next fault of all, for what it would have asked is never known.
        """
        with self._book.lock:
            self._book.script.extend(faults)

    def always(self, fault: Fault, *, probability: float = 1.0, seed: int = 0) -> None:
        """Let every request that it is meant for go wrong with such a probability, the same ones for the same seed."""
        dice = Random(seed)  # noqa: S311 - faults, not secrets
        with self._book.lock:
            self._book.chances.append(_Chance(fault, probability, dice))

    def heal(self) -> None:
        """Let nothing go wrong any more; what is under way takes its course."""
        with self._book.lock:
            self._book.script.clear()
            self._book.chances.clear()

    @property
    def seen(self) -> Counter[str]:
        """How many requests were read, by method and path: `POST /api/v1/statuses`."""
        with self._book.lock:
            return self._book.seen.copy()

    @property
    def forwarded(self) -> Counter[str]:
        """How many the server has heard of, by method and path."""
        with self._book.lock:
            return self._book.forwarded.copy()

    @property
    def failed(self) -> Counter[str]:
        """How often each fault has acted, by its name."""
        with self._book.lock:
            return self._book.failed.copy()

    def settle(self, *, seconds: float = 30.0) -> None:
        """Return once nothing is under way, not even what its client has given up. TimeoutError if that takes longer."""
        with self._book.lock:
            if not self._book.lock.wait_for(lambda: not self._book.sockets, timeout=seconds):
                raise TimeoutError(
                    f"{len(self._book.sockets)} connections are still at work after {seconds} s"
                )

    def watch(self, connection: socket.socket) -> None:
        """Hold a connection where `settle` and the end of the proxy find it."""
        with self._book.lock:
            self._book.sockets.add(connection)

    def forget(self, connection: socket.socket) -> None:
        """Let go of a connection that is done."""
        with self._book.lock:
            self._book.sockets.discard(connection)
            self._book.lock.notify_all()

    def refuses(self) -> bool:
        """Decide whether a connection that was just opened is reset."""
        with self._book.lock:
            if self._book.script and not self._book.script[0].is_read:
                fault: Fault | None = self._book.script.popleft()
            else:
                rolled = [each for each in self._book.chances if not each.fault.is_read and each.falls()]
                fault = rolled[0].fault if rolled else None
            if fault:
                self._book.failed[fault.name] += 1
            return fault is not None

    def carry(self, request: Request, client: socket.socket) -> bytes:
        """Ask the server what the client asked, with the fault that is due; the bytes for the client come back."""
        fault = self._fault_for(request)
        if fault.is_abandoned:
            self._wait_while_there(client, _PATIENCE)
        if self._closing.wait(fault.before):
            return b""
        answer = self._ask(request) if fault.is_forwarded else b""
        self._wait_while_there(client, fault.after)
        return b"" if self._closing.is_set() else fault.answer(answer)

    def _wait_while_there(self, client: socket.socket, seconds: float) -> None:
        """Wait, but no longer than the client does."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not _is_gone(client):
            if self._closing.wait(min(left, _GLANCE)):
                return

    def _fault_for(self, request: Request) -> Fault:
        with self._book.lock:
            self._book.seen[request.name] += 1
            # All dice are rolled each time: else one chance would shift the others.
            rolled = [
                each.fault for each in self._book.chances if each.fault.is_meant_for(request) and each.falls()
            ]
            scripted = next((fault for fault in self._book.script if fault.is_meant_for(request)), None)
            if scripted:
                self._book.script.remove(scripted)
            fault = scripted or next(iter(rolled), none)
            self._book.failed.update(() if fault is none else (fault.name,))
            return fault

    def _ask(self, request: Request) -> bytes:
        """The server's whole answer; nothing where it gave none."""
        with self._book.lock:
            self._book.forwarded[request.name] += 1
        chunks: list[bytes] = []
        with suppress(OSError), socket.create_connection(self._target, timeout=_PATIENCE) as server:
            self.watch(server)
            try:
                server.sendall(_less(request.head, self._without) + request.body)
                while chunk := server.recv(_MOST_HEAD):
                    chunks.append(chunk)
            finally:
                self.forget(server)
        return _last(b"".join(chunks))

    def _hang_up(self) -> None:
        with self._book.lock:
            for connection in self._book.sockets:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingTCPServer):
    """Listens; every connection has a thread of its own, which the end of the process does not wait for."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    server_address: tuple[str, int]
    proxy: FaultProxy

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread; it is under way from now on."""
        self.proxy.watch(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Hang up; only then it is done."""
        super().shutdown_request(request)
        self.proxy.forget(request)


class _Connection(StreamRequestHandler):
    """Reads one request, writes what the proxy gives back, and hangs up."""

    server: _Server
    timeout = _PATIENCE

    def handle(self) -> None:
        """Serve the connection's one request."""
        proxy = self.server.proxy
        with suppress(OSError, ValueError):
            if proxy.refuses():
                # Closed with nothing lingering, it is reset in place of ended.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            request = read(self.rfile)
            if request:
                self.connection.sendall(proxy.carry(request, self.connection))


def _is_gone(client: socket.socket) -> bool:
    """Tell whether a client that has asked has hung up."""
    poll = select.poll()
    try:
        poll.register(client, select.POLLIN)
        return bool(poll.poll(0)) and not client.recv(1, socket.MSG_PEEK)
    except (OSError, ValueError):
        return True


def read(stream: BufferedIOBase) -> Request | None:
    """One request from a connection; None if it ends before one is there. ValueError if it is none."""
    lines = []
    while (line := stream.readline(_MOST_HEAD)) not in {b"\r\n", b"\n", b""}:
        lines.append(line.rstrip(b"\r\n"))
    if not lines or not line:
        return None
    method, target, _ = lines[0].decode("ascii").split(" ", 2)
    headers = [line for line in lines[1:] if _name(line) not in _HOP_BY_HOP]
    head = b"\r\n".join([lines[0], *headers, b"Connection: close", b"", b""])
    return Request(method, urlsplit(target).path, head, _body(stream, headers))


def _body(stream: BufferedIOBase, headers: list[bytes]) -> bytes:
    """What comes after the head, byte for byte; a chunked body stays chunked."""
    values = {_name(line): line.partition(b":")[2].strip() for line in headers}
    if b"chunked" in values.get(b"transfer-encoding", b"").lower():
        return b"".join(_chunks(stream))
    length = int(values.get(b"content-length", b"0"))
    body = stream.read(min(length, _MOST_BODY))
    if len(body) < length:
        raise ValueError("the request broke off, or is too long")
    return body


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    while size := stream.readline(_MOST_HEAD):
        length = int(size.partition(b";")[0], 16)
        yield size + stream.read(length) + stream.readline(_MOST_HEAD)
        if not length:
            return


def _last(answer: bytes) -> bytes:
    """The same answer, which says that none follows on its connection: not every server says so."""
    head, gap, body = answer.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if _name(line) not in _HOP_BY_HOP]
    return b"\r\n".join([*lines, b"Connection: close"]) + gap + body if gap else answer


def _less(head: bytes, name: bytes) -> bytes:
    """A head without the headers of one name."""
    return b"\r\n".join(line for line in head.split(b"\r\n") if not name or _name(line) != name)


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()


def main(arguments: list[str] | None = None) -> None:
    """Stand before a server until stdin ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.proxy", description=__doc__)
    parser.add_argument("--target", required=True, help="address of the server, on loopback")
    parser.add_argument("--port", type=int, default=0, help="where to listen; 0: where the system likes")
    parser.add_argument(
        "--drop-before", type=float, default=0.0, help="probability, before the server hears of it"
    )
    parser.add_argument(
        "--drop-after", type=float, default=0.0, help="probability, after the server has acted"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the chances")
    parser.add_argument("--without", default="", metavar="HEADER", help="which the server never sees")
    options = parser.parse_args(arguments)
    with FaultProxy(options.target, port=options.port, without=options.without) as proxy:
        proxy.always(drop_before, probability=options.drop_before, seed=2 * options.seed)
        proxy.always(drop_after, probability=options.drop_after, seed=2 * options.seed + 1)
        _say({"url": proxy.url, "port": proxy.port})
        sys.stdin.read()
        counts = {"seen": proxy.seen, "forwarded": proxy.forwarded, "failed": proxy.failed}
    _say(counts)


def _say(words: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
