"""A fake Mastodon at the wire: a server on loopback that keeps what it is given, and misbehaves when told to.

It honours idempotency keys (or not, or badly), processes pictures in its own time, tells its limits, shows statuses
as HTML, and is asked by tests what it has: `fake.statuses`. What a client was told is another matter.
"""

import json
import re
import socket
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self, get_args
from urllib.parse import parse_qs, urlsplit

from msgspec.structs import replace

from bot.contracts import Secret
from bot.model import Account
from tests.fakes.asks import AT
from tests.fakes.mastodon_html import rendered

STATUSES = "POST /api/v1/statuses"
_MOST_BYTES = 40_000_000
_LINK = re.compile(r"https?://\S+")
_NO_PAGE = "The page you are looking for isn't here."
_USER = "109000000000000001"

Kind = Literal[
    "dropped",  # the connection is closed before anything is done
    "silent",  # all is done, and the connection is closed without an answer
    "torn",  # all is done, and half of the answer is sent
    "late",  # all is done at once, and the answer comes after `seconds`
    "html",  # all is done, and a page is sent with status 200
    "empty",  # all is done, and an empty object is sent with status 200
    "error after",  # all is done, and `status`, `headers` and `body` are sent
    "answer",  # nothing is done; `status`, `headers` and `body` are sent
]


@dataclass(frozen=True, slots=True)
class Fault:
    """How one request will go wrong."""

    kind: Kind
    route: str  #: what the request begins with, method and path
    status: int
    headers: Mapping[str, str]
    body: str
    seconds: float


@dataclass(slots=True)
class FakeMedia:
    """A picture as the server has it."""

    id: str
    kind: str
    content: bytes
    alt: str
    focus: str
    looks: int = 0  #: how often it must be asked for until it is processed
    is_attached: bool = False


@dataclass(frozen=True, slots=True)
class FakeStatus:
    """A status as the server has it."""

    id: str
    text: str
    at: int
    reply_to: str | None = None
    media: tuple[FakeMedia, ...] = ()
    spoiler: str = ""
    visibility: str = "public"
    language: str = ""
    quoted: str = ""
    quoting: str = "automatic"  #: whether the account may quote it


class Trouble(Exception):  # noqa: N818 - it is one, on purpose
    """A request that Mastodon refuses."""

    def __init__(self, status: int, error: str) -> None:
        self.status = status
        self.error = error
        super().__init__(error)


@dataclass
class FakeMastodon:
    """A context manager: inside it, an instance answers at `url` to those who have its token."""

    handle: str = "museum"
    is_bot: bool = True
    token: str = "canary-mastodon-token-0123456789"
    now: int = AT
    honours_keys: bool = True
    fails_on_repeat: bool = False  #: a repeated key is answered with 500, though the status is there
    looks_before_ready: int = 0
    processing_error: str = ""
    api_version: int = 7
    has_v2: bool = True
    has_v1: bool = True
    texts: Mapping[str, Any] = field(
        default_factory=lambda: {
            "max_characters": 500,
            "max_media_attachments": 4,
            "characters_reserved_per_url": 23,
        }
    )
    files: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)  #: of every answer

    def __post_init__(self) -> None:
        self.statuses: list[FakeStatus] = []
        self.foreign: set[str] = set()  #: ids of statuses that are another account's
        self.media: dict[str, FakeMedia] = {}
        self.asked: list[str] = []  #: every request, method and path
        self.connections = 0  #: how many were opened for them
        self._keys: dict[str, FakeStatus] = {}
        self._faults: deque[Fault] = deque()
        self._ids = iter(range(116_000_000_000_000_001, 116_000_000_001_000_000))
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
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
        self._thread.join(timeout=5)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def secrets(self) -> dict[str, Secret]:
        """The credentials as a publisher takes them."""
        return {"ACCESS_TOKEN": Secret(self.token)}

    def account(self, *, timeout: int = 5, **other: object) -> Account:
        """A live account here."""
        live = Account(
            "museum-m", "mastodon", credentials="MUSEUM_M", live=True, url=self.url, timeout=timeout
        )
        return replace(live, **other)

    def times_asked(self, route: str) -> int:
        """How many requests began with this method and path."""
        return sum(asked.startswith(route) for asked in self.asked)

    def add(self, text: str, **other: Any) -> FakeStatus:
        """A status that is there already, written now."""
        self.statuses.append(FakeStatus(str(next(self._ids)), text, other.pop("at", self.now), **other))
        return self.statuses[-1]

    def fail_next(
        self,
        kind: Kind,
        *,
        route: str = STATUSES,
        times: int = 1,
        status: int = 500,
        headers: Mapping[str, str] | None = None,
        body: str = "",
        seconds: float = 30.0,
    ) -> None:
        """Let the next requests under a route go wrong; further calls add to the script."""
        if kind not in get_args(Kind):
            raise ValueError(f"no fault called {kind!r}; there are {', '.join(get_args(Kind))}")
        self._faults.extend([Fault(kind, route, status, headers or {}, body, seconds)] * times)

    def refuse_next(self, status: int, error: str, *, route: str = STATUSES, times: int = 1) -> None:
        """Answer the next requests with an error in Mastodon's own shape."""
        self.fail_next("answer", route=route, times=times, status=status, body=json.dumps({"error": error}))

    def fault_for(self, asked: str) -> Fault | None:
        """The next fault, if this request is the one that it waits for."""
        with self._lock:
            self.asked.append(asked)
            if self._faults and asked.startswith(self._faults[0].route):
                return self._faults.popleft()
        return None

    def wait(self, seconds: float) -> None:
        """Wait so long, or until the server closes."""
        self._closing.wait(seconds)

    def answer(self, request: "_Request") -> tuple[int, Any]:
        """What Mastodon does with a request, and its status and body."""
        with self._lock:
            try:
                return self._route(request)
            except Trouble as trouble:
                return trouble.status, {"error": trouble.error}

    def _route(self, request: "_Request") -> tuple[int, Any]:
        if request.authorization != f"Bearer {self.token}":
            raise Trouble(HTTPStatus.UNAUTHORIZED, "The access token is invalid")
        match request.method, request.path.strip("/").split("/")[1:]:
            case "POST", ["v2", "media"]:
                return self._upload(request.form())
            case "GET", ["v1", "media", media_id] if media_id in self.media:
                return self._progress(self.media[media_id], HTTPStatus.PARTIAL_CONTENT)
            case "POST", ["v1", "statuses"]:
                return HTTPStatus.OK, self._shown(self._once(request))
            case "GET", ["v1", "statuses", status_id]:
                return HTTPStatus.OK, self._shown(self._status(status_id, "Record not found"))
            case "DELETE", ["v1", "statuses", status_id]:
                return HTTPStatus.OK, self._delete(status_id)
            case "GET", what:
                return HTTPStatus.OK, self._told(request, what)
        raise Trouble(HTTPStatus.NOT_FOUND, _NO_PAGE)

    def _told(self, request: "_Request", what: list[str]) -> Any:
        match what:
            case ["v2", "instance"] if self.has_v2:
                return self._instance() | {"domain": "museum.example"}
            case ["v1", "instance"] if self.has_v1:
                return self._instance() | {"uri": "museum.example"}
            case ["v1", "accounts", "verify_credentials"]:
                return {"id": _USER, "username": self.handle, "bot": self.is_bot}
            case ["v1", "accounts", user, "statuses"] if user == _USER:
                return self._page(request)
        raise Trouble(HTTPStatus.NOT_FOUND, _NO_PAGE)

    def _instance(self) -> dict[str, Any]:
        return {
            "version": "4.5.0",
            "api_versions": {"mastodon": self.api_version},
            "configuration": {"statuses": dict(self.texts), "media_attachments": dict(self.files)},
        }

    def _page(self, request: "_Request") -> list[dict[str, Any]]:
        before = int(request.query.get("max_id", ["9" * 30])[0])
        limit = min(int(request.query.get("limit", ["20"])[0]), 40)
        own = [status for status in self.statuses if int(status.id) < before]
        return [self._shown(status) for status in sorted(own, key=lambda each: -int(each.id))[:limit]]

    def _status(self, status_id: str, error: str) -> FakeStatus:
        found = next((status for status in self.statuses if status.id == status_id), None)
        if found is None:
            raise Trouble(HTTPStatus.NOT_FOUND, error)
        return found

    def _delete(self, status_id: str) -> dict[str, Any]:
        """Take a status of the account away, as if others' were not there; what it said is told."""
        status = self._status(status_id, "Record not found")
        if status_id in self.foreign:
            raise Trouble(HTTPStatus.NOT_FOUND, "Record not found")
        self.statuses.remove(status)
        return self._shown(status) | {"text": status.text}

    def _once(self, request: "_Request") -> FakeStatus:
        """The status of this key, made now unless there is one."""
        if self.honours_keys and (there := self._keys.get(request.key)):
            if self.fails_on_repeat:
                raise Trouble(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our end")
            return there
        self._keys[request.key] = self._create(request.fields())
        return self._keys[request.key]

    def _create(self, form: Mapping[str, list[str]]) -> FakeStatus:
        text, media_ids = form.get("status", [""])[0].strip(), form.get("media_ids[]", [])
        reply_to, quoted = form.get("in_reply_to_id", [""])[0], form.get("quoted_status_id", [""])[0]
        if reply_to:
            self._status(reply_to, "The post you are trying to reply to does not appear to exist.")
        if quoted and media_ids:
            raise Trouble(HTTPStatus.UNPROCESSABLE_ENTITY, "Validation failed: a quote cannot have media")
        if quoted and self._status(quoted, "The post you are trying to quote is gone.").quoting == "denied":
            raise Trouble(HTTPStatus.FORBIDDEN, "This action is not allowed")
        if not text and not media_ids:
            raise Trouble(HTTPStatus.UNPROCESSABLE_ENTITY, "Validation failed: Text can't be blank")
        if (most := self.texts["max_characters"]) < len(_LINK.sub("x" * 23, text)):
            raise Trouble(
                HTTPStatus.UNPROCESSABLE_ENTITY, f"Validation failed: Text limit of {most} exceeded"
            )
        return self.add(
            text,
            reply_to=reply_to or None,
            media=self._attached(media_ids),
            spoiler=form.get("spoiler_text", [""])[0],
            visibility=form.get("visibility", ["public"])[0],
            language=form.get("language", [""])[0],
            quoted=quoted,
        )

    def _attached(self, media_ids: list[str]) -> tuple[FakeMedia, ...]:
        media = tuple(self.media[each] for each in media_ids if each in self.media)
        if len(media) != len(media_ids) or any(each.is_attached for each in media):
            raise Trouble(HTTPStatus.UNPROCESSABLE_ENTITY, "Validation failed: media not found")
        if any(each.looks for each in media):
            raise Trouble(HTTPStatus.UNPROCESSABLE_ENTITY, "Cannot attach files that are not processed")
        for each in media:
            each.is_attached = True
        return media

    def _upload(self, form: dict[str, tuple[str, bytes]]) -> tuple[int, Any]:
        kind, content = form["file"]
        alt = form.get("description", ("", b""))[1].decode()
        focus = form.get("focus", ("", b""))[1].decode()
        media = FakeMedia(str(next(self._ids)), kind, content, alt, focus, self.looks_before_ready)
        self.media[media.id] = media
        return self._progress(media, HTTPStatus.ACCEPTED)

    def _progress(self, media: FakeMedia, pending: HTTPStatus) -> tuple[int, Any]:
        if media.looks > 0:
            media.looks -= 1
            return pending, {"id": media.id, "type": "image", "url": None, "description": media.alt}
        if self.processing_error:
            raise Trouble(HTTPStatus.UNPROCESSABLE_ENTITY, self.processing_error)
        return HTTPStatus.OK, {"id": media.id, "type": "image", "url": f"{self.url}/media/{media.id}"}

    def _shown(self, status: FakeStatus) -> dict[str, Any]:
        content = rendered(status.text, self.people)
        if status.quoted and status.quoted not in status.text:
            link = f'<a href="{self._address(status.quoted)}">{self._address(status.quoted)}</a>'
            content = f'<p class="quote-inline">RE: {link}</p>{content}'
        return {
            "id": status.id,
            "url": self._address(status.id),
            "uri": f"{self.url}/users/{self.handle}/statuses/{status.id}",
            "content": content,
            "created_at": datetime.fromtimestamp(status.at, UTC).isoformat().replace("+00:00", ".000Z"),
            "visibility": status.visibility,
            "in_reply_to_id": status.reply_to,
            "media_attachments": [{"id": each.id, "description": each.alt} for each in status.media],
            "quote_approval": {"current_user": status.quoting},
        }

    def _address(self, status_id: str) -> str:
        return f"{self.url}/@{self.handle}/{status_id}"


class _Server(ThreadingHTTPServer):
    fake: FakeMastodon
    daemon_threads = True
    block_on_close = False


class _Request:
    """One request as it came."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.method = handler.command
        target = urlsplit(handler.path)
        self.path = target.path
        self.query = parse_qs(target.query)
        self.authorization = handler.headers.get("Authorization", "")
        self.key = handler.headers.get("Idempotency-Key", "")
        self._type = handler.headers.get("Content-Type", "")
        self._body = handler.rfile.read(min(int(handler.headers.get("Content-Length", "0")), _MOST_BYTES))

    def fields(self) -> dict[str, list[str]]:
        """The fields of a form."""
        return parse_qs(self._body.decode(), keep_blank_values=True)

    def form(self) -> dict[str, tuple[str, bytes]]:
        """The fields of a multipart body: the type and the content of each."""
        boundary = b"--" + self._type.partition("boundary=")[2].encode()
        found = {}
        for piece in self._body.split(boundary)[1:-1]:
            head, _, content = piece.partition(b"\r\n\r\n")
            name = head.partition(b'name="')[2].partition(b'"')[0].decode()
            kind = head.partition(b"Content-Type: ")[2].partition(b"\r\n")[0].decode()
            found[name] = kind, content.removesuffix(b"\r\n")
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
        request, fake = _Request(self), self.server.fake
        fault = fake.fault_for(f"{request.method} {request.path}")
        if fault is None:
            return self._send(*fake.answer(request))
        if fault.kind == "dropped":
            return self._drop()
        if fault.kind == "answer":
            return self._send_text(fault.status, fault.body, fault.headers)
        return self._misanswer(fault, *fake.answer(request))

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815 - the standard library's names

    def _misanswer(self, fault: Fault, status: int, body: object) -> None:
        """Answer wrongly what was done rightly."""
        match fault.kind:
            case "silent":
                self._drop()
            case "torn":
                self._send_text(status, json.dumps(body), {}, most=20)
            case "html":
                self._send_text(200, "<html>Something went wrong</html>", {"Content-Type": "text/html"})
            case "empty":
                self._send(200, {})
            case "error after":
                self._send_text(fault.status, fault.body, fault.headers)
            case _:
                self.server.fake.wait(fault.seconds)
                self._send(status, body)

    def _send(self, status: int, body: object) -> None:
        self._send_text(status, json.dumps(body), {"Content-Type": "application/json"})

    def _send_text(
        self, status: int, text: str, headers: Mapping[str, str], *, most: int | None = None
    ) -> None:
        content = text.encode()
        with suppress(OSError):  # a client that has hung up hears nothing
            self.send_response(status)
            for name, value in {**self.server.fake.headers, **headers}.items():
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
