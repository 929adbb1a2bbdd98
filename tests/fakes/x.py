"""A fake X at the wire: a server on loopback that keeps what it is given, and misbehaves when told to.

It checks OAuth 1.0a signatures, refuses duplicates, unknown parents and unknown media as X does, and is asked by
tests what it has: `fake.posts`. What a client was told is another matter.
"""

import json
import re
import socket
import struct
import threading
import time
import zlib
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace, TracebackType
from typing import Any, Literal, Self, get_args
from urllib.parse import parse_qs, urlsplit

from msgspec.structs import replace
from oauthlib.oauth1.rfc5849 import signature  # type: ignore[import-untyped]

from bot.contracts import Secret
from bot.model import Account

HOSTS = ("https://api.x.com", "https://api.twitter.com")  #: the addresses for which a signature holds
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
_MOST_BYTES = 20_000_000
_LINK = re.compile(r"https?://\S+")
_PLAIN = 0x10FF  #: characters up to here weigh 1, those beyond 2

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
    route: str = "/2/tweets"  #: what the path of the request begins with
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    seconds: float = 3.0


@dataclass(slots=True)
class FakeMedia:
    """A picture as the server has it."""

    id: str
    kind: str
    category: str
    total_bytes: int
    content: bytes = b""
    alt: str = ""
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class FakePost:
    """A post as the server has it."""

    id: str
    text: str
    reply_to: str | None
    media: tuple[FakeMedia, ...]


class Trouble(Exception):  # noqa: N818 - it is one, on purpose
    """A request that X refuses."""

    def __init__(self, status: int, detail: str, **more: object) -> None:
        self.status = status
        self.body = {"title": HTTPStatus(status).phrase, "detail": detail, "status": status, **more}
        super().__init__(detail)


class FakeX:
    """A context manager: inside it, X answers at `url` to those who sign with `credentials`."""

    def __init__(self, handle: str = "redletter_test") -> None:
        self.handle = handle
        self.credentials = {
            "CONSUMER_KEY": "canary-consumer-key-0123456789",
            "CONSUMER_SECRET": "canary-consumer-secret-0123456789",
            "ACCESS_TOKEN": "12345-canary-access-token",
            "ACCESS_TOKEN_SECRET": "canary-access-token-secret",
        }
        self.posts: list[FakePost] = []
        self.media: dict[str, FakeMedia] = {}
        self.requests = 0  #: how many reached the wire, signed or not
        self.connections = 0  #: how many were opened for them
        self.looks_before_ready = 0  #: how often a picture must be asked for until it is processed
        self.pause = 0  #: seconds after which it asks to be asked again
        self.processing_error = ""  #: why pictures are found bad, once processed
        self._faults: deque[Fault] = deque()
        self._nonces: set[str] = set()
        self._ids = iter(range(1_900_000_000_000_000_001, 1_900_000_000_001_000_000))
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self._server.at_work = set()
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
        return {suffix: Secret(word) for suffix, word in self.credentials.items()}

    def account(self, *, timeout: int = 1, **other: object) -> Account:
        """A live account here, for which an answer is not waited for long."""
        live = Account("museum-x", "x", credentials="MUSEUM_X", live=True, url=self.url, timeout=timeout)
        return replace(live, **other)

    @property
    def texts(self) -> list[str]:
        """The texts of its posts, oldest first."""
        return [post.text for post in self.posts]

    def fail_next(
        self,
        kind: Kind,
        *,
        route: str = "/2/tweets",
        times: int = 1,
        status: int = 500,
        headers: Mapping[str, str] | None = None,
        body: str = "",
        seconds: float = 3.0,
    ) -> None:
        """Let the next requests under a route go wrong; further calls add to the script."""
        if kind not in get_args(Kind):
            raise ValueError(f"no fault called {kind!r}; there are {', '.join(get_args(Kind))}")
        fault = Fault(kind, route, status, headers or {}, body, seconds)
        self._faults.extend([fault] * times)

    def rate_limit_next(
        self, *, headers: Mapping[str, str], route: str = "/2/tweets", times: int = 1
    ) -> None:
        """Answer the next requests with 429 and these headers."""
        body = json.dumps({"title": "Too Many Requests", "detail": "Too Many Requests", "status": 429})
        self.fail_next("answer", route=route, times=times, status=429, headers=headers, body=body)

    def fault_for(self, path: str) -> Fault | None:
        """The next fault of the script that is meant for this path."""
        with self._lock:
            self.requests += 1
            found = next((fault for fault in self._faults if path.startswith(fault.route)), None)
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

    def answer(self, request: "_Request") -> tuple[int, dict[str, Any]]:
        """What X does with a request, and its status and body."""
        with self._lock:
            try:
                self._verify(request)
                return self._route(request)
            except Trouble as trouble:
                return trouble.status, trouble.body
            except (KeyError, TypeError, ValueError) as error:
                return HTTPStatus.BAD_REQUEST, {
                    "title": "Invalid Request",
                    "detail": f"cannot read it: {error!r}",
                }

    def _route(self, request: "_Request") -> tuple[int, dict[str, Any]]:
        status, data = HTTPStatus.OK, {}
        match request.method, request.path.strip("/").split("/")[1:]:
            case "POST", ["tweets"]:
                status, data = HTTPStatus.CREATED, self._create(request.json())
            case "GET", ["users", "me"]:
                data = {"id": "42", "name": "Test", "username": self.handle}
            case "POST", ["media", "upload", "initialize"]:
                data = self._initialize(request.json())
            case "POST", ["media", "upload", media_id, "append"]:
                data = self._append(self._upload(media_id), request.form())
            case "POST", ["media", "upload", media_id, "finalize"]:
                data = self._finalize(self._upload(media_id))
            case "GET", ["media", "upload"]:
                data = self._progress(self._upload(request.query["media_id"][0]))
            case "POST", ["media", "metadata"]:
                data = self._describe(request.json())
            case _:
                raise Trouble(HTTPStatus.NOT_FOUND, "Not Found")
        return status, {"data": data}

    def _verify(self, request: "_Request") -> None:
        """Refuse what is not signed by the account's keys for X's own address, or was signed once before."""
        if not request.authorization.startswith("OAuth "):
            raise Trouble(HTTPStatus.UNAUTHORIZED, "Unauthorized", type="about:blank")
        oauth = dict(signature.collect_parameters(headers={"Authorization": request.authorization}))
        is_known = (oauth.get("oauth_consumer_key"), oauth.get("oauth_token")) == (
            self.credentials["CONSUMER_KEY"],
            self.credentials["ACCESS_TOKEN"],
        )
        is_fresh = oauth.get("oauth_nonce") not in self._nonces and _is_recent(
            oauth.get("oauth_timestamp", "")
        )
        if not (is_known and is_fresh and any(self._is_signed(request, host) for host in HOSTS)):
            raise Trouble(HTTPStatus.UNAUTHORIZED, "Unauthorized", type="about:blank")
        self._nonces.add(oauth["oauth_nonce"])

    def _is_signed(self, request: "_Request", host: str) -> bool:
        headers = {"Authorization": request.authorization}
        params = signature.collect_parameters(
            request.target.query, headers=headers, exclude_oauth_signature=False
        )
        signed = SimpleNamespace(
            uri=host + request.path,
            http_method=request.method,
            signature=dict(params).get("oauth_signature", ""),
            params=[(name, value) for name, value in params if name != "oauth_signature"],
        )
        secrets = self.credentials["CONSUMER_SECRET"], self.credentials["ACCESS_TOKEN_SECRET"]
        return bool(signature.verify_hmac_sha1(signed, *secrets))

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        text, media = body.get("text", ""), self._attached(body.get("media", {}).get("media_ids", []))
        if not text and not media:
            raise _invalid("text", "a post needs text or media")
        if _weight(text) > 280:
            raise _invalid("text", "text is too long")
        if any((post.text, len(post.media)) == (text, len(media)) for post in self.posts):
            raise Trouble(HTTPStatus.FORBIDDEN, DUPLICATE, type="about:blank")
        reply_to = body.get("reply", {}).get("in_reply_to_tweet_id")
        if reply_to is not None and reply_to not in [post.id for post in self.posts]:
            raise _invalid("reply.in_reply_to_tweet_id", f"no post has the id [{reply_to}]")
        self.posts.append(FakePost(str(next(self._ids)), text, reply_to, media))
        return {"id": self.posts[-1].id, "text": text, "edit_history_tweet_ids": [self.posts[-1].id]}

    def _attached(self, media_ids: list[str]) -> tuple[FakeMedia, ...]:
        media = tuple(self.media[each] for each in media_ids if each in self.media)
        if len(media) != len(media_ids) or not all(each.is_final for each in media):
            raise _invalid("media.media_ids", "your media IDs are invalid")
        if len(media) > (1 if any(each.category == "tweet_gif" for each in media) else 4):
            raise _invalid("media.media_ids", "too many media")
        return media

    def _initialize(self, body: dict[str, Any]) -> dict[str, Any]:
        media = FakeMedia(
            str(next(self._ids)), body["media_type"], body["media_category"], body["total_bytes"]
        )
        self.media[media.id] = media
        return {"id": media.id, "media_key": f"3_{media.id}", "expires_after_secs": 86_400}

    def _upload(self, media_id: str) -> FakeMedia:
        if media_id not in self.media:
            raise _invalid("id", f"no media has the id [{media_id}]")
        return self.media[media_id]

    def _append(self, media: FakeMedia, form: dict[str, bytes]) -> dict[str, Any]:
        if len(form["media"]) > 5_000_000:
            raise Trouble(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "segment too large")
        media.content += form["media"]
        return {"expires_at": 1_900_000_000}

    def _finalize(self, media: FakeMedia) -> dict[str, Any]:
        if len(media.content) != media.total_bytes:
            raise _invalid("total_bytes", "segments do not add up to total bytes")
        return self._progress(media)

    def _progress(self, media: FakeMedia) -> dict[str, Any]:
        if self.looks_before_ready > 0:
            self.looks_before_ready -= 1
            return {
                "id": media.id,
                "processing_info": {"state": "in_progress", "check_after_secs": self.pause},
            }
        if self.processing_error:
            error = {"code": 1, "name": "InvalidMedia", "message": self.processing_error}
            return {"id": media.id, "processing_info": {"state": "failed", "error": error}}
        media.is_final = True
        return {"id": media.id, "size": media.total_bytes}

    def _describe(self, body: dict[str, Any]) -> dict[str, Any]:
        media, alt = self._upload(body["id"]), body["metadata"]["alt_text"]["text"]
        if not 0 < len(alt) <= 1_000:
            raise _invalid("metadata.alt_text.text", "alt text must have 1 to 1000 characters")
        media.alt = alt
        return {"id": media.id, "associated_metadata": {"alt_text": {"text": alt}}}


class _Server(ThreadingHTTPServer):
    fake: FakeX
    at_work: set["_Handler"]
    daemon_threads = True
    block_on_close = False


class _Request:
    """One request as it came."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.method = handler.command
        self.target = urlsplit(handler.path)
        self.path = self.target.path
        self.query = parse_qs(self.target.query)
        self.authorization = handler.headers.get("Authorization", "")
        self._type = handler.headers.get("Content-Type", "")
        self._body = handler.rfile.read(min(int(handler.headers.get("Content-Length", "0")), _MOST_BYTES))

    def json(self) -> dict[str, Any]:
        found = json.loads(self._body)
        if not isinstance(found, dict):
            raise _invalid("body", "not an object")
        return found

    def form(self) -> dict[str, bytes]:
        """The fields of a multipart body."""
        boundary = b"--" + self._type.partition("boundary=")[2].encode()
        found = {}
        for piece in self._body.split(boundary)[1:-1]:
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
        request, fake = _Request(self), self.server.fake
        fault = fake.fault_for(request.path)
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

    do_GET = do_POST = _serve  # noqa: N815 - the standard library's names

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


def png(shade: int = 0) -> bytes:
    """A picture of one grey pixel."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(bytes((0, shade)))), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _invalid(parameter: str, message: str) -> Trouble:
    errors = [{"parameters": {parameter: []}, "message": f"{parameter}: {message}"}]
    detail = "One or more parameters to your request was invalid."
    return Trouble(HTTPStatus.BAD_REQUEST, detail, title="Invalid Request", errors=errors)


def _is_recent(timestamp: str) -> bool:
    return timestamp.isdecimal() and abs(int(timestamp) - time.time()) < 300  # noqa: TID251 - a server has its own clock


def _weight(text: str) -> int:
    """Nearly the length that X counts: links 23, far characters 2."""
    return sum(1 if ord(character) <= _PLAIN else 2 for character in _LINK.sub("x" * 23, text))
