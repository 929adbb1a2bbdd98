"""What stands before every page: whose request it is, whether it comes from our own pages, and how large it may be.

Every page's function is plain (it runs in a thread and may ask the database), and is marked by `signed(role)` or
`public`; the app refuses to be made of others. A change is a POST of form fields, which are read before: they are in
`request.state.form`.
"""

import asyncio
import hmac
import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from urllib.parse import parse_qsl, quote, urlencode
from weakref import WeakSet

from starlette.datastructures import FormData, Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.delivery.people import Role, Session
from bot.web.showing import is_fragment, office_of, page

log = logging.getLogger("redletter")

Handler = Callable[[Request], Response]

#: The largest form, in bytes; the most fields of one; the seconds that it may take to arrive.
MOST_BYTES, MOST_FIELDS, PATIENCE = 256 * 1024, 1_000, 20

_METHODS = frozenset({"GET", "HEAD", "POST"})
_FORM = "application/x-www-form-urlencoded"
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: What every answer says; a page may say more, and of its own caching something else.
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cache-Control": "no-store",
}

#: The functions of pages that say who may see them.
_GUARDED: WeakSet[object] = WeakSet()

_TITLES = {
    400: "That cannot be meant", 401: "Sign in first", 403: "Not allowed", 404: "There is no such page",
    405: "Not that way", 408: "That took too long", 409: "Somebody was quicker", 413: "That is too much",
    415: "Not in that form", 422: "That makes no sense", 429: "Wait a moment", 503: "The queue cannot be used",
}  # fmt: skip
_ADVICE = {
    404: "The address may be mistyped, or what it showed is gone.",
    405: "Pages are asked for with GET, and changed with the forms that stand on them.",
    500: "It is written in the log of `redletter web`, and nothing was half done: each change is whole or not at all.",
}


def public(handler: Handler) -> Handler:
    """A page for everybody; what is sent to it must still come from our own pages."""

    @wraps(handler)
    def guarded(request: Request) -> Response:
        request.state.session = seek_session(request)
        if request.method == "POST":
            _refuse_foreign(request)
        return handler(request)

    return _marked(guarded)


def signed(role: Role | str) -> Callable[[Handler], Handler]:
    """A page for people who are signed in and may do as much; a change must show its session's CSRF token."""
    wanted = Role(role)

    def mark(handler: Handler) -> Handler:
        @wraps(handler)
        def guarded(request: Request) -> Response:
            request.state.session = session = seek_session(request)
            if session is None:
                return _ask_in(request)
            if not session.role.may(wanted):
                raise HTTPException(HTTPStatus.FORBIDDEN, _not_enough(session, wanted))
            if request.method == "POST":
                _refuse_foreign(request)
                _refuse_unproved(request, session)
            return handler(request)

        return _marked(guarded)

    return mark


def is_guarded(handler: object) -> bool:
    """Tell whether a page's function says who may see it."""
    return handler in _GUARDED


def refusal(request: Request, status: int, message: str) -> Response:
    """The page that says why there is no other."""
    title = _TITLES.get(status, "Something went wrong")
    advice = _ADVICE.get(status, "")
    return page(request, "error.html.j2", status=status, title=title, message=message, advice=advice)


class Guard:
    """What every request passes first, and every answer last."""

    def __init__(self, app: ASGIApp, patience: float) -> None:
        """`patience` is how many seconds a form may take to arrive."""
        self._app = app
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever happens, with the headers that every answer has."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        request = Request(scope, receive)
        request.state.session, request.state.form = None, FormData()
        try:
            await self._pass_on(request, receive, answer)
        except HTTPException as error:
            await answer.instead(request, error.status_code, error.detail)
        except ClientDisconnect:
            return
        except Exception:
            log.exception("a page broke: %s %s", request.method, quote(request.url.path))
            await answer.instead(request, 500, "This page broke; that is a fault of the program.")

    async def _pass_on(self, request: Request, receive: Receive, answer: "_Answer") -> None:
        if not office_of(request).site.serves(request.headers.get("host", "")):
            raise HTTPException(400, "This desk is not known by that name; use the address that it printed.")
        if request.method not in _METHODS:
            raise HTTPException(405, f"{request.method} is not spoken here.")
        if request.method == "POST":
            request.state.form = await _form(request, self._patience)
        await self._app(request.scope, receive, answer)


class _Answer:
    """Sends an answer with our headers, and knows whether it has begun."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._has_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._has_begun = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    async def instead(self, request: Request, status: int, message: str) -> None:
        """Send a refusal, where nothing was sent yet."""
        if not self._has_begun:
            await refusal(request, status, message)(self._scope, request.receive, self)


async def _form(request: Request, patience: float) -> FormData:
    """The fields of a form; HTTPException where it is none, too large, or too slow."""
    kind = request.headers.get("content-type", _FORM).partition(";")[0].strip().lower()
    if kind != _FORM:
        raise HTTPException(415, f"Forms are sent as {_FORM}.")
    try:
        async with asyncio.timeout(patience):
            body = await _body(request)
        fields = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        return FormData([(name, value) for name, value in fields])
    except TimeoutError as error:
        raise HTTPException(408, "The form did not arrive in time; send it again.") from error
    except ValueError as error:
        raise HTTPException(413, f"A form has {MOST_FIELDS} fields at most.") from error


async def _body(request: Request) -> bytes:
    body = bytearray()
    _refuse_large(_length(request.headers))
    async for chunk in request.stream():
        body += chunk
        _refuse_large(len(body))
    return bytes(body)


def _length(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdecimal() else 0


def _refuse_large(length: int) -> None:
    if length > MOST_BYTES:
        raise HTTPException(413, f"A form may be {MOST_BYTES // 1024} KB long at most.")


def seek_session(request: Request) -> Session | None:
    """Whose cookie the request brings; it is looked up in the database."""
    office = office_of(request)
    cookie = request.cookies.get(office.site.cookie)
    return office.queue.signed_in(cookie, office.now) if cookie else None


def _marked(guarded: Handler) -> Handler:
    _GUARDED.add(guarded)
    return guarded


def _ask_in(request: Request) -> Response:
    """The way to the sign-in, and from there back to where somebody wanted to go."""
    if request.method == "POST":
        raise HTTPException(403, "You are not signed in any more, and nothing was changed.")
    if request.headers.get("sec-fetch-site") == "cross-site":
        # A browser keeps a strict cookie to itself when another page or a mail leads here, and sends it the next time.
        return page(request, "enter.html.j2", title="One moment", to=_here(request))
    to = f"/sign-in?{urlencode({'next': _here(request)})}"
    if is_fragment(request):
        return Response(status_code=401, headers={"HX-Redirect": "/sign-in"})
    return RedirectResponse(to, HTTPStatus.SEE_OTHER)


def _here(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{quote(request.url.path)}{query}"


def _not_enough(session: Session, wanted: Role) -> str:
    return (
        f"You are signed in to {session.role}, and this needs somebody who may {wanted}. Whoever runs this desk makes "
        f"a token for it: `redletter web token --role {wanted} --who NAME`."
    )


def _refuse_foreign(request: Request) -> None:
    """HTTPException where a browser says that another page than ours sent this."""
    site, headers = office_of(request).site, request.headers
    origin, came_from = headers.get("origin"), headers.get("sec-fetch-site")
    is_foreign = origin is not None and not site.is_own(origin, headers.get("host", ""))
    if is_foreign or came_from not in {None, "same-origin"}:
        raise HTTPException(403, "Another page sent this, so nothing was changed.")


def _refuse_unproved(request: Request, session: Session) -> None:
    """HTTPException where a change does not show that it comes from a page of this session."""
    shown = request.headers.get("x-csrf-token") or str(request.state.form.get("csrf", ""))
    if not hmac.compare_digest(shown.encode(), session.csrf.encode()):
        raise HTTPException(403, "This page is older than your sign-in; nothing was changed. Load it again.")
