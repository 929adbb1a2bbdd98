"""A fake Bluesky at the wire: a personal data server on loopback that keeps what it is given, and misbehaves when told to.

Records have keys and content ids here as they have on the real one, computed by other code than the project's. It is
asked by tests what it has: `fake.posts`. What a client was told is another matter.
"""

import json
import socket
import threading
from base64 import b32encode
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from typing import Any, Literal, Self, get_args
from urllib.parse import parse_qs, urlsplit

import regex
from msgspec.structs import replace

from bot.contracts import Secret
from bot.model import Account

Json = dict[str, Any]
POST = "app.bsky.feed.post"
PUT, APPLY, LOOK, UPLOAD, DELETE = (
    f"com.atproto.repo.{name}"
    for name in ("putRecord", "applyWrites", "getRecord", "uploadBlob", "deleteRecord")
)
SIGN_IN, RENEW = "com.atproto.server.createSession", "com.atproto.server.refreshSession"
WHO, RESOLVE = "com.atproto.server.getSession", "com.atproto.identity.resolveHandle"
DID = "did:plc:museumaaaaaaaaaaaaaaaaaa"
_UPLOAD_BYTES = 5_000_000
_MOST_BYTES = 20_000_000
_DEFINED_LATER = 24  #: from this length on, CBOR writes a length in bytes of its own

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
    route: str  #: the method that is asked for
    status: int
    headers: Mapping[str, str]
    body: str
    seconds: float


class Trouble(Exception):  # noqa: N818 - it is one, on purpose
    """A request that the server refuses."""

    def __init__(self, status: int, error: str, message: str = "no") -> None:
        self.status = status
        self.body = {"error": error, "message": message}
        super().__init__(message)


@dataclass
class FakeBluesky:
    """A context manager: inside it, a server answers at `url` to those who sign in with `credentials`."""

    handle: str = "museum.test"
    image_bytes: int = 2_000_000  #: of a picture that a record may show
    upload_bytes: int = _UPLOAD_BYTES
    active: bool = True
    status: str = ""  #: why the account is not active
    known: dict[str, str] = field(default_factory=lambda: {"friend.test": "did:plc:friendaaaaaaaaaaaaaaaaaa"})
    says_what_was_written: bool = True  #: servers of old said nothing after several writes
    names_absence: bool = True  #: servers of old had no word for a record that is not there

    def __post_init__(self) -> None:
        self.credentials = {"HANDLE": self.handle, "APP_PASSWORD": "canary-app-password"}
        self.posts: dict[str, Json] = {}  #: by record key
        self.blobs: dict[str, tuple[str, bytes]] = {}  #: type and content, by content id
        self.asked: list[str] = []  #: every request that reached the wire
        self.connections = 0  #: how many were opened for them
        self._access: set[str] = set()
        self._refresh: set[str] = set()
        self._stale: set[str] = set()
        self._faults: deque[Fault] = deque()
        self._numbers = count(1)
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
        return {suffix: Secret(word) for suffix, word in self.credentials.items()}

    def account(self, *, timeout: int = 20, **other: object) -> Account:
        """A live account here."""
        live = Account(
            "museum-bluesky",
            "bluesky",
            credentials="MUSEUM_BLUESKY",
            live=True,
            url=self.url,
            timeout=timeout,
        )
        return replace(live, **other)

    @property
    def texts(self) -> list[str]:
        """The texts of its posts, in the order of their keys."""
        return [self.posts[key]["text"] for key in sorted(self.posts)]

    @property
    def tokens(self) -> list[str]:
        """Every token that it gave out."""
        return sorted(self._access | self._refresh | self._stale)

    def times_asked(self, name: str) -> int:
        """How often a method was asked for."""
        return self.asked.count(name)

    def address(self, key: str) -> str:
        """The at-uri of a post here."""
        return f"at://{DID}/{POST}/{key}"

    def add(self, key: str, text: str) -> Json:
        """Put a post there as if somebody had written it; its `uri` and `cid`."""
        self.posts[key] = {"$type": POST, "text": text, "createdAt": "2026-01-01T00:00:00.000Z"}
        return {"uri": self.address(key), "cid": cid_of(self.posts[key])}

    def expire(self) -> None:
        """Let every access token be too old from now on."""
        self._stale |= self._access
        self._access.clear()

    def end_sessions(self) -> None:
        """Let no session be renewed."""
        self.expire()
        self._stale |= self._refresh
        self._refresh.clear()

    def fail_next(
        self,
        kind: Kind,
        *,
        route: str = PUT,
        times: int = 1,
        status: int = 500,
        headers: Mapping[str, str] | None = None,
        body: str = "",
        seconds: float = 3.0,
    ) -> None:
        """Let the next requests for a method go wrong; further calls add to the script."""
        if kind not in get_args(Kind):
            raise ValueError(f"no fault called {kind!r}; there are {', '.join(get_args(Kind))}")
        self._faults.extend([Fault(kind, route, status, headers or {}, body, seconds)] * times)

    def refuse_next(
        self, status: int, error: str, *, message: str = "no", route: str = PUT, times: int = 1
    ) -> None:
        """Answer the next requests for a method with an error."""
        body = json.dumps({"error": error, "message": message})
        self.fail_next("answer", route=route, times=times, status=status, body=body)

    def fault_for(self, name: str) -> Fault | None:
        """The next fault of the script that is meant for this method."""
        with self._lock:
            self.asked.append(name)
            found = next((fault for fault in self._faults if fault.route == name), None)
            if found:
                self._faults.remove(found)
            return found

    def wait(self, seconds: float) -> None:
        """Sleep, unless the server is closing."""
        self._closing.wait(seconds)

    def answer(self, request: "_Request") -> tuple[int, Json]:
        """What is done with a request, and its status and body."""
        with self._lock:
            try:
                return HTTPStatus.OK, self._route(request)
            except Trouble as trouble:
                return trouble.status, trouble.body
            except (KeyError, TypeError, ValueError) as error:
                return HTTPStatus.BAD_REQUEST, {"error": "InvalidRequest", "message": repr(error)}

    def _route(self, request: "_Request") -> Json:
        routes: dict[tuple[str, str], Callable[[_Request], Json]] = {
            ("POST", SIGN_IN): lambda asked: self._sign_in(asked.json()),
            ("POST", RENEW): lambda asked: self._renew(asked.token),
            ("GET", LOOK): lambda asked: self._record(asked.query),
            ("GET", RESOLVE): lambda asked: self._resolve(asked.query["handle"]),
            ("GET", WHO): lambda asked: self._verified(asked, {"did": DID, "handle": self.handle}),
            ("POST", UPLOAD): lambda asked: self._verified(asked, self._upload),
            ("POST", PUT): lambda asked: self._verified(asked, self._put),
            ("POST", APPLY): lambda asked: self._verified(asked, self._apply),
            ("POST", DELETE): lambda asked: self._verified(asked, self._delete),
        }
        if not (route := routes.get((request.method, request.name))):
            raise Trouble(HTTPStatus.NOT_IMPLEMENTED, "MethodNotImplemented")
        return route(request)

    def _sign_in(self, body: Json) -> Json:
        if (
            body["identifier"] not in {self.handle, DID}
            or body["password"] != self.credentials["APP_PASSWORD"]
        ):
            raise Trouble(HTTPStatus.UNAUTHORIZED, "AuthenticationRequired", "Invalid identifier or password")
        return self._session()

    def _renew(self, token: str) -> Json:
        if token not in self._refresh:
            raise Trouble(HTTPStatus.BAD_REQUEST, "ExpiredToken", "Token has been revoked")
        self._refresh.remove(token)
        self._stale.add(token)
        return self._session()

    def _session(self) -> Json:
        number = next(self._numbers)
        access, refresh = f"canary-access-{number}", f"canary-refresh-{number}"
        self._access.add(access)
        self._refresh.add(refresh)
        tokens = {"did": DID, "handle": self.handle, "accessJwt": access, "refreshJwt": refresh}
        return {**tokens, "active": self.active, "status": self.status or None}

    def _verified(self, request: "_Request", then: Json | Callable[["_Request"], Json]) -> Json:
        if not request.token:
            raise Trouble(HTTPStatus.UNAUTHORIZED, "AuthMissing", "Authentication Required")
        if request.token not in self._access:
            raise Trouble(HTTPStatus.BAD_REQUEST, "ExpiredToken", "Token has expired")
        return then(request) if callable(then) else then

    def _record(self, query: Mapping[str, str]) -> Json:
        key = query["rkey"]
        if (query["repo"], query["collection"]) != (DID, POST) or key not in self.posts:
            error = "RecordNotFound" if self.names_absence else "InvalidRequest"
            raise Trouble(HTTPStatus.BAD_REQUEST, error, f"Could not locate record: {self.address(key)}")
        return {"uri": self.address(key), "cid": cid_of(self.posts[key]), "value": self.posts[key]}

    def _resolve(self, handle: str) -> Json:
        known = {**self.known, self.handle: DID}
        if handle not in known:
            raise Trouble(HTTPStatus.BAD_REQUEST, "InvalidRequest", "Unable to resolve handle")
        return {"did": known[handle]}

    def _upload(self, request: "_Request") -> Json:
        if len(request.body) > self.upload_bytes:
            raise Trouble(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "PayloadTooLarge", "request entity too large")
        name = cid_of(request.body)
        self.blobs[name] = request.type, request.body
        of = {"$type": "blob", "ref": {"$link": name}, "mimeType": request.type}
        return {"blob": {**of, "size": len(request.body)}}

    def _put(self, request: "_Request") -> Json:
        body = request.json()
        key, record = body["rkey"], body["record"]
        if body["swapRecord"] is not None:
            raise Trouble(HTTPStatus.BAD_REQUEST, "InvalidRequest", "this would replace a record")
        said = self._checked(body["repo"], key, record)
        if key in self.posts and said["cid"] == cid_of(self.posts[key]):
            return said
        if key in self.posts:
            raise Trouble(HTTPStatus.BAD_REQUEST, "InvalidSwap", "Record was at another version")
        self.posts[key] = record
        return {**said, "commit": {"cid": cid_of({}), "rev": key}}

    def _apply(self, request: "_Request") -> Json:
        body = request.json()
        writes = body["writes"]
        said = [self._checked(body["repo"], each["rkey"], each["value"]) for each in writes]
        if any(each["rkey"] in self.posts for each in writes):
            raise Trouble(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalServerError", "Internal Server Error")
        self.posts |= {each["rkey"]: each["value"] for each in writes}
        commit = {"commit": {"cid": cid_of({}), "rev": writes[0]["rkey"]}}
        return {**commit, "results": said} if self.says_what_was_written else {}

    def _delete(self, request: "_Request") -> Json:
        """Take a record away; where there is none, say yes all the same, without a commit."""
        body = request.json()
        if body["repo"] != DID:
            raise Trouble(HTTPStatus.UNAUTHORIZED, "AuthenticationRequired", "Authentication Required")
        if body["collection"] != POST or self.posts.pop(body["rkey"], None) is None:
            return {}
        return {"commit": {"cid": cid_of({}), "rev": body["rkey"]}}

    def _checked(self, repo: str, key: str, record: Json) -> Json:
        """Where a record will be, and its content id; refused where the server would not have it."""
        if repo != DID:
            raise Trouble(HTTPStatus.UNAUTHORIZED, "AuthenticationRequired", "Authentication Required")
        text = record["text"]
        if len(regex.findall(r"\X", text)) > 300 or len(text.encode()) > 3_000:
            raise Trouble(HTTPStatus.BAD_REQUEST, "InvalidRequest", "text too big (maximum 300)")
        for blob in _blobs(record):
            self._check_blob(blob)
        return {"uri": self.address(key), "cid": cid_of(record), "validationStatus": "valid"}

    def _check_blob(self, blob: Json) -> None:
        if blob["mimeType"].startswith("image/") and blob["size"] > self.image_bytes:
            too_big = f"blob too big (maximum {self.image_bytes}, got {blob['size']})"
            raise Trouble(HTTPStatus.BAD_REQUEST, "InvalidRequest", too_big)
        if (blob["ref"]["$link"]) not in self.blobs:
            raise Trouble(HTTPStatus.BAD_REQUEST, "BlobNotFound", "Could not find blob")


def cid_of(value: Json | bytes) -> str:
    """The content id of a record, or of a file."""
    coding, content = (b"\x55", value) if isinstance(value, bytes) else (b"\x71", dag_cbor(value))
    name = b"\x01" + coding + b"\x12\x20" + sha256(content).digest()
    return "b" + b32encode(name).decode().lower().rstrip("=")


def dag_cbor(value: Any) -> bytes:
    """DAG-CBOR, as far as records need it: written from its specification, not by the project's library."""
    match value:
        case bool() | None:
            return {True: b"\xf5", False: b"\xf4", None: b"\xf6"}[value]
        case int():
            return _head(0, value)
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case list():
            return _head(4, len(value)) + b"".join(map(dag_cbor, value))
        case {"$link": name, **others} if not others:
            raw = b"\0" + _unbase32(name)
            return b"\xd8\x2a" + _head(2, len(raw)) + raw
        case dict():
            items = sorted(value.items(), key=lambda item: (len(item[0].encode()), item[0].encode()))
            pairs = (dag_cbor(name) + dag_cbor(each) for name, each in items)
            return _head(5, len(items)) + b"".join(pairs)
    raise TypeError(f"no record holds {value!r}")


def _head(major: int, number: int) -> bytes:
    if number < _DEFINED_LATER:
        return bytes((major << 5 | number,))
    power = next(power for power in range(4) if number < 256 ** (2**power))
    return bytes((major << 5 | _DEFINED_LATER + power,)) + number.to_bytes(2**power)


def _unbase32(name: str) -> bytes:
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    bits = "".join(f"{alphabet.index(each):05b}" for each in name.removeprefix("b"))
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) // 8 * 8, 8))


def _blobs(value: Any) -> list[Json]:
    if isinstance(value, list):
        return [blob for each in value for blob in _blobs(each)]
    if not isinstance(value, dict):
        return []
    return [value] if value.get("$type") == "blob" else _blobs(list(value.values()))


class _Server(ThreadingHTTPServer):
    fake: FakeBluesky
    daemon_threads = True
    block_on_close = False


class _Request:
    """One request as it came."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.method = handler.command
        target = urlsplit(handler.path)
        self.name = target.path.removeprefix("/xrpc/")
        self.query = {name: values[0] for name, values in parse_qs(target.query).items()}
        self.token = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        self.type = handler.headers.get("Content-Type", "")
        self.body = handler.rfile.read(min(int(handler.headers.get("Content-Length", "0")), _MOST_BYTES))

    def json(self) -> Json:
        found = json.loads(self.body)
        if not isinstance(found, dict) or self.type != "application/json":
            raise Trouble(HTTPStatus.BAD_REQUEST, "InvalidRequest", "no object")
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
        fault = fake.fault_for(request.name)
        if fault is None:
            return self._send(*fake.answer(request))
        if fault.kind == "dropped":
            return self._drop()
        if fault.kind == "answer":
            return self._send_text(fault.status, fault.body, fault.headers)
        return self._misanswer(fault, *fake.answer(request))

    do_GET = do_POST = _serve  # noqa: N815 - the standard library's names

    def _misanswer(self, fault: Fault, status: int, body: Json) -> None:
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

    def _send(self, status: int, body: Json) -> None:
        self._send_text(status, json.dumps(body), {"Content-Type": "application/json"})
        # As seen on the real one: what follows on the connection of a refused upload is reset.
        self.close_connection |= status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE

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
