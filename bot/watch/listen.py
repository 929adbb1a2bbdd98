"""`/healthz` and `/metrics`, for programs of the same machine."""

import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from bot.errors import BadCall
from bot.wire import is_loopback

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_TIMEOUT = 10  #: seconds that a caller may be slow
_HIGHEST = 65_535


class Page(NamedTuple):
    """What is answered."""

    status: HTTPStatus
    body: bytes
    type: str = "text/plain; charset=utf-8"


Pages = Callable[[str], Page | None]


class Listener:
    """A server on loopback, in threads of its own; it only ever reads."""

    def __init__(self, address: str, pages: Pages) -> None:
        """Begin to listen; BadCall where the address is not one of loopback, or is taken."""
        host, port = parsed(address)
        try:
            self._server = _server(host, port, pages)
        except OSError as error:
            raise BadCall(
                f"cannot listen on {address}: {error.strerror or error}; name another port"
            ) from error
        self.address = f"http://{_bracketed(host)}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="listen", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def parsed(address: str) -> tuple[str, int]:
    """Host and port of `127.0.0.1:9464` or `[::1]:9464`; BadCall unless it is loopback."""
    host, _, port = address.rpartition(":")
    host = "127.0.0.1" if host == "localhost" else host.removeprefix("[").removesuffix("]")
    if not (is_loopback(host) and port.isascii() and port.isdecimal() and int(port) <= _HIGHEST):
        raise BadCall(f"cannot listen on {address!r}: name a port on loopback, such as 127.0.0.1:9464")
    return host, int(port)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _server(host: str, port: int, pages: Pages) -> "ThreadingHTTPServer":
    # Only who listens pays for the import.
    import socket  # noqa: PLC0415
    from http.server import ThreadingHTTPServer  # noqa: PLC0415

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        def handle_error(self, *_: object) -> None:
            """A caller that hangs up is nobody's trouble."""

    return Server((host, port), _handler(pages))


def _handler(pages: Pages) -> "type[BaseHTTPRequestHandler]":
    from http.server import BaseHTTPRequestHandler  # noqa: PLC0415 - as above

    class Handler(BaseHTTPRequestHandler):
        timeout = _TIMEOUT
        server_version = "redletter"
        sys_version = ""

        def do_GET(self) -> None:
            page = pages(self.path.partition("?")[0]) or Page(
                HTTPStatus.NOT_FOUND, b"there is /healthz and /metrics\n"
            )
            self.send_response(page.status)
            self.send_header("Content-Type", page.type)
            self.send_header("Content-Length", str(len(page.body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(page.body)

        def log_message(self, *_: object) -> None:
            """A monitor asks every few seconds, and nobody wants to read that."""

    return Handler
