"""The wire to a personal data server: one session, kept in memory and renewed, and a fresh connection a request."""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

import msgspec

from bot.contracts import Secret, variable
from bot.errors import Barred, NotNow, Refused
from bot.model import Account
from bot.wire import address, cause, comes_back, is_no, is_yes, keep_quiet, new_session, read, shown

if TYPE_CHECKING:
    from requests import Response

HOME = "https://bsky.social"  #: where accounts live that name no server of their own
_STALE = frozenset({"ExpiredToken", "InvalidToken"})
_DOWN = frozenset({"AccountTakedown", "AccountSuspended", "RepoTakendown", "RepoSuspended"})
_ASLEEP = frozenset({"AccountDeactivated", "RepoDeactivated"})
_T = TypeVar("_T")


class Request(msgspec.Struct, frozen=True):
    """One method of a server, and what it is given: a question has parameters, a command has a body."""

    name: str
    params: Mapping[str, str] | None = None
    body: bytes = b""
    kind: str = "application/json"


class Trouble(msgspec.Struct, frozen=True):
    """The body of a refusal."""

    error: str = ""
    message: str = ""


class _Tokens(msgspec.Struct, frozen=True, rename="camel"):
    """The body of a session."""

    did: str
    handle: str
    access_jwt: str
    refresh_jwt: str
    active: bool = True
    status: str | None = ""


class TooLarge(Refused):
    """A file, or a request, is larger than the server takes."""


class Session(msgspec.Struct, frozen=True):
    """Who we are on a server, and what proves it."""

    did: str
    handle: str
    access: Secret
    refresh: Secret


def question(name: str, **params: str) -> Request:
    """Ask for something that is there."""
    return Request(name, params)


def command(name: str, **body: object) -> Request:
    """Ask for something to be done."""
    return Request(name, body=msgspec.json.encode(body))


class Pds:
    """One account's server. Its session is never written down: it is worth as much as a password."""

    def __init__(self, account: Account, handle: Secret, password: Secret) -> None:
        """Make ready; no request yet. BadCall says what is wrong with the account's `url`."""
        self._account = account
        self._handle = handle
        self._password = password
        self._base = address(account) or HOME
        self._session: Session | None = None
        keep_quiet()
        self._wire = new_session(self._base)

    @property
    def is_here(self) -> bool:
        """Tell whether the server is on this machine: then it speaks plain http."""
        return self._base.startswith("http://")

    def session(self, at: int | None) -> Session:
        """Who we are: signed in once, for as long as the server renews it. NotNow where that cannot be done."""
        self._session = self._session or self._signed_in(at)
        return self._session

    def ask(self, request: Request, at: int | None) -> "Response":
        """The server's answer, whatever its status; OSError where there is none. NotNow where we are nobody."""
        answer = self._send(request, self.session(at).access)
        if trouble_in(answer).error in _STALE:
            # It was turned away at the door: asking again, renewed, asks for the first time.
            self._session = self._renewed(self.session(at), at)
            answer = self._send(request, self._session.access)
        return answer

    def look(self, request: Request) -> "Response":
        """The answer to a question that everybody may ask; OSError where there is none."""
        return self._send(request, None)

    def quietly(self, request: Request, shape: type[_T], at: int | None) -> _T:
        """The answer to a request that shows nothing: whatever goes wrong, nothing was posted."""
        return self._understood(self._answered(partial(self.ask, request, at)), shape, at)

    def foreign(self, request: Request, shape: type[_T], at: int) -> _T | None:
        """The answer to a question about somebody else; None where the server cannot tell."""
        answer = self._answered(partial(self.ask, request, at))
        if trouble_in(answer).error.startswith("Upstream"):  # the server asked another, in vain
            return None
        try:
            return self._understood(answer, shape, at)
        except Refused:
            return None

    def no(self, answer: "Response", at: int | None) -> Refused | NotNow | None:
        """The plain no in an answer, None where there is a yes or a doubt."""
        status, trouble = answer.status_code, trouble_in(answer)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            after = _after(answer, at, "retry-after", "ratelimit-reset")
            return NotNow(f"Bluesky takes no more from {self._account.name} for now", after=after)
        if bar := self._bar(status, trouble.error):
            self._session = None
            return bar
        if is_no(status):
            said = self.shown(trouble.message or trouble.error or str(answer.reason))
            kind = TooLarge if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else Refused
            return kind(f"Bluesky refused (HTTP {status}) for {self._account.name}: {said}")
        return None

    def shown(self, said: str) -> str:
        """The server's own words on one line, without a credential that it sent back."""
        session = self._session
        return shown(said, [self._password, *([session.access, session.refresh] if session else [])])

    def _bar(self, status: int, error: str) -> Barred | None:
        """What keeps the account out until a person acts; the same words each time."""
        if error in _DOWN:
            return Barred(self._down())
        if error in _ASLEEP:
            return Barred(self._asleep())
        if status == HTTPStatus.UNAUTHORIZED or error in _STALE:
            return Barred(
                f"Bluesky does not accept the credentials of {self._account.name}: make a new app password in its "
                f"settings, and set {self._variables}"
            )
        return None

    def _down(self) -> str:
        return (
            f"Bluesky has taken {self._account.name} down: appeal in its app, or set {self._variables} to another "
            "account"
        )

    def _asleep(self) -> str:
        return (
            f"{self._account.name} is deactivated on Bluesky: activate it in the app, or set {self._variables} to "
            "another account"
        )

    @property
    def _variables(self) -> str:
        return " and ".join(variable(self._account.credentials, each) for each in ("HANDLE", "APP_PASSWORD"))

    def _signed_in(self, at: int | None) -> Session:
        credentials = {"identifier": self._handle.reveal(), "password": self._password.reveal()}
        request = command("com.atproto.server.createSession", **credentials)
        try:
            return self._opened(request, None, at)
        except Refused as no:
            # It is not the post that is refused: without a session there is none.
            raise Barred(f"{no}; check the account's `url`, and how it signs in") from no

    def _renewed(self, session: Session, at: int | None) -> Session:
        try:
            return self._opened(Request("com.atproto.server.refreshSession"), session.refresh, at)
        except (Refused, Barred):  # too old to be renewed, or ended by its owner
            return self._signed_in(at)

    def _opened(self, request: Request, token: Secret | None, at: int | None) -> Session:
        tokens = self._understood(self._answered(partial(self._send, request, token)), _Tokens, at)
        if not tokens.active:
            raise Barred(self._down() if tokens.status != "deactivated" else self._asleep())
        return Session(tokens.did, tokens.handle, Secret(tokens.access_jwt), Secret(tokens.refresh_jwt))

    def _answered(self, asked: Callable[[], "Response"]) -> "Response":
        try:
            return asked()
        except OSError as error:
            raise NotNow(f"Bluesky did not answer: {cause(error)}; nothing was posted") from error

    def _understood(self, answer: "Response", shape: type[_T], at: int | None) -> _T:
        if no := self.no(answer, at):
            raise no
        found = body(answer, shape)
        if found is None:
            told = f"Bluesky answered HTTP {answer.status_code} without what was asked; nothing was posted"
            raise NotNow(told, after=_after(answer, at, "retry-after"))
        return found

    def _send(self, request: Request, token: Secret | None) -> "Response":
        # A connection kept since the last request may be dead by now, and would leave a post in doubt; after a
        # refused upload it always is.
        self._wire.close()
        headers = {"Content-Type": request.kind} if request.body else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token.reveal()}"
        return self._wire.request(
            "GET" if request.params is not None else "POST",
            f"{self._base}/xrpc/{request.name}",
            params=request.params,
            data=request.body or None,
            headers=headers,
            timeout=self._account.timeout,
        )


def body(answer: "Response", shape: type[_T]) -> _T | None:
    """The body of a yes; None where it is none (an error, HTML, torn, another shape)."""
    return read(answer.content, shape) if is_yes(answer.status_code) else None


def _after(answer: "Response", at: int | None, *names: str) -> int | None:
    return None if at is None else comes_back(answer.headers, *names, at=at)


def trouble_in(answer: "Response") -> Trouble:
    """Why a server refused, in its own words; empty where there is a yes, or no words."""
    found = read(answer.content, Trouble) if answer.status_code >= HTTPStatus.BAD_REQUEST else None
    return found or Trouble()
