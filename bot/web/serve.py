"""Serving the desk: one process, one port, until it is told to stop."""

import asyncio
import socket
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.errors import BadCall
from bot.thrift import be_thrifty

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn import Server

#: Seconds that a connection is kept on which nothing is asked.
IDLE = 15
#: Connections at once, seconds for what is in hand at the end, bytes of headers.
_AT_ONCE, _LAST, _HEADERS = 256, 5, 16 * 1024


class Tls(Struct, frozen=True):
    """The files by which browsers know the desk."""

    cert: Path
    key: Path


def listening(host: str, port: int) -> socket.socket:
    """A socket that takes the port, or any that is free for 0; BadCall where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=64)
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (while")[0]
        raise BadCall(
            f"cannot listen on {host}, port {port}: {why}; name another with --port or --host"
        ) from error


def server(app: "ASGIApp", *, tls: Tls | None, idle: int = IDLE) -> "Server":
    """A server for the app; BadCall where certificate or key cannot be read.

    A connection on which nothing is asked is closed after `idle` seconds.
    """
    from uvicorn import Config, Server  # noqa: PLC0415 - an extra, and only who serves pays for the import

    be_thrifty()
    if tls is not None:
        _refuse_unreadable(tls)
    return Server(
        Config(
            app, http=_punctual(idle), ws="none", lifespan="on", interface="asgi3", loop="asyncio", log_config=None, log_level="error",
            access_log=False, server_header=False, proxy_headers=False, limit_concurrency=_AT_ONCE,
            timeout_keep_alive=idle, timeout_graceful_shutdown=_LAST, h11_max_incomplete_event_size=_HEADERS,
            ssl_certfile=tls.cert if tls else None, ssl_keyfile=str(tls.key) if tls else None,
        )
    )  # fmt: skip


def _punctual(idle: int) -> "type[asyncio.Protocol]":
    """HTTP/1.1, on connections that are closed where a request does not come whole in time: slow ones keep nobody out."""
    from h11 import IDLE as IDLE_STATE  # noqa: PLC0415 - as above
    from uvicorn.protocols.http.h11_impl import H11Protocol  # noqa: PLC0415 - as above

    class Punctual(H11Protocol):
        _late: "asyncio.TimerHandle | None" = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
            super().connection_made(transport)
            self._wait()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state is IDLE_STATE:  # what has come is not a whole request yet
                self._wait()
            elif self._late:
                self._late.cancel()
                self._late = None

        def _wait(self) -> None:
            self._late = self._late or self.loop.call_later(idle, self.transport.close)

    return Punctual


def _refuse_unreadable(tls: Tls) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.cert, tls.key)
    except OSError as error:  # an SSLError is one
        raise BadCall(f"cannot use {tls.cert} with {tls.key}: {error.strerror or error}") from error
