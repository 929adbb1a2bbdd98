"""A server on loopback that keeps what it is asked, and answers as it is told: the end of a wire where people listen."""

import json
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self

from tests.fakes.projects import until


class Heard(NamedTuple):
    """One request."""

    method: str
    path: str
    body: bytes

    @property
    def said(self) -> str:
        """The message in it, as Apprise's JSON service sends it."""
        return str(json.loads(self.body)["message"])

    @property
    def title(self) -> str:
        return str(json.loads(self.body)["title"])


class Listener:
    """Answers 200 unless it is told otherwise."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.statuses: deque[int] = deque()  #: of the next answers, in turn
        self.always: int | None = None  #: of every answer
        self.before: Callable[[], object] = lambda: None  #: is called before each answer
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def said(self) -> list[str]:
        """Every line that people were told, in order."""
        return [line for each in self.heard for line in each.said.splitlines()]

    def hears(self, number: int) -> list[Heard]:
        """Wait until so many requests have come."""
        until(lambda: len(self.heard) >= number)
        return self.heard

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status = listener.statuses.popleft() if listener.statuses else listener.always or 200
                listener.before()
                listener.heard.append(Heard(self.command, self.path, body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_HEAD = do_POST = _answer  # noqa: N815 - http.server's names

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A caller may hang up."""
