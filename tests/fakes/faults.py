"""How requests go wrong: one value a fault, which says what the server hears, and what the client is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from random import Random  # noqa: TID251 - noise, the same for the same seed


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read whole, as it goes on to the server."""

    method: str
    path: str  #: without a query
    head: bytes
    body: bytes

    @property
    def name(self) -> str:
        """What it is counted under."""
        return f"{self.method} {self.path}"


def _whole(answer: bytes) -> bytes:
    return answer


def _nothing(_: bytes) -> bytes:
    return b""


def _half_of_the_body(answer: bytes) -> bytes:
    head, gap, body = answer.partition(b"\r\n\r\n")
    return head + gap + body[: len(body) // 2]


def _half_of_the_head(answer: bytes) -> bytes:
    return answer[: answer.find(b"\r\n\r\n") // 2]


@dataclass(frozen=True, slots=True)
class Fault:
    """How a request goes wrong: in this order."""

    name: str
    is_read: bool = True  #: else the connection is reset before a word is heard
    is_abandoned: bool = False  #: whether nothing happens until the client has hung up
    before: float = 0.0  #: seconds until the server hears of it, whether or not the client still waits
    is_forwarded: bool = True  #: whether the server hears of it at all
    after: float = 0.0  #: seconds from the server's answer, read whole, to ours, if the client still waits
    answer: Callable[[bytes], bytes] = _whole  #: what is made of the server's answer; nothing: we hang up
    method: str = ""  #: of the requests it is meant for; empty: any
    path: str = ""  #: what their path begins with

    def on(self, method: str, path: str = "") -> "Fault":
        """The same fault, only for requests of this method (empty: any) to paths that begin so.

        A connection that is not read stays what it is: the next one.
        """
        return replace(self, method=method, path=path)

    def is_meant_for(self, request: Request) -> bool:
        """Tell whether it acts on this request. One that is not read has neither method nor path."""
        is_method = self.method in {"", request.method}
        return self.is_read and is_method and request.path.startswith(self.path)


#: Nothing goes wrong.
none = Fault("none")

#: The connection is reset as soon as it is there: no request is read, no server hears of it.
refuse = Fault("refuse", is_read=False)
#: The request is read and thrown away, and we hang up.
drop_before = Fault("drop_before", is_forwarded=False, answer=_nothing)
#: The server has acted and answered, and we hang up without a byte.
drop_after = Fault("drop_after", answer=_nothing)
#: The server has acted; its answer breaks off in the middle of the body.
torn = Fault("torn", answer=_half_of_the_body)
#: The server has acted; its answer breaks off in the middle of the headers.
torn_head = Fault("torn_head", answer=_half_of_the_head)


def hang_before(seconds: float) -> Fault:
    """No server hears of it, and the client hears nothing for so long; then we hang up."""
    return Fault("hang_before", is_forwarded=False, after=seconds, answer=_nothing)


def hang_after(seconds: float) -> Fault:
    """The server has acted, and the client hears nothing for so long; then we hang up."""
    return Fault("hang_after", after=seconds, answer=_nothing)


def late(seconds: float) -> Fault:
    """The server acts at once; its answer comes so much later."""
    return Fault("late", after=seconds)


def slow_forward(seconds: float) -> Fault:
    """The server hears of it so much later, also when the client has long gone: the late commit."""
    return Fault("slow_forward", before=seconds)


def commit_late(seconds: float) -> Fault:
    """The server hears of it so much later than the client has hung up: a commit that is late for certain."""
    return Fault("commit_late", is_abandoned=True, before=seconds)


def status(code: int, *, headers: Mapping[str, str] | None = None, body: str = "") -> Fault:
    """Such an answer, and no server hears of it."""
    said = _answer(code, headers or {}, body.encode())
    return Fault(f"status {code}", is_forwarded=False, answer=lambda _: said)


def status_after(code: int, *, headers: Mapping[str, str] | None = None, body: str = "") -> Fault:
    """Such an answer, though the server has acted and answered otherwise."""
    return replace(status(code, headers=headers, body=body), name=f"status {code} after", is_forwarded=True)


def garbage(seed: int = 0) -> Fault:
    """The server has acted; what comes back is noise, not HTTP."""
    noise = Random(seed).randbytes(512)  # noqa: S311 - noise, not a secret
    return Fault("garbage", answer=lambda _: noise)


def page(
    html: str = "<!doctype html><title>Welcome</title><p>Please log in to this wireless network.",
) -> Fault:
    """The server has acted; what comes back is a page with status 200, as from a hotel's wall."""
    said = _answer(200, {"Content-Type": "text/html; charset=utf-8"}, html.encode())
    return Fault("page", answer=lambda _: said)


def _answer(code: int, headers: Mapping[str, str], body: bytes) -> bytes:
    try:
        phrase = HTTPStatus(code).phrase
    except ValueError:
        phrase = "Unknown"
    fields = {
        "Content-Type": "application/json",
        **headers,
        "Content-Length": len(body),
        "Connection": "close",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {code} {phrase}\r\n{head}\r\n".encode("latin-1") + body
