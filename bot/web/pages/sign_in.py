"""Coming in and going out: a link or a word in exchange for a cookie."""

import logging
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.delivery.people import Role, Session
from bot.preview.view import counted
from bot.web.deciding import own_path
from bot.web.guard import public, signed
from bot.web.showing import office_of, page, session_of

log = logging.getLogger("redletter")

_USED = (
    "This link lets nobody in: it was used before, is too old, or was revoked. `redletter web` prints a new one when "
    "it starts, and `redletter web token --role look --who NAME` makes a token at any time."
)
_WRONG = (
    "This token lets nobody in: it may be mistyped, too old, or revoked. Whoever runs this desk makes a new one with "
    "`redletter web token --role look --who NAME`."
)


@public
def enter(request: Request) -> Response:
    """Sign in by a link. Only a browser that means to go there does: a HEAD uses no link up."""
    if request.method == "HEAD":
        return Response()
    came_in = _come_in(request, request.query_params.get("token", ""))
    if came_in is None:
        raise HTTPException(HTTPStatus.FORBIDDEN, _USED)
    # Answered with a page: what a foreign page or a mail began is redirected without the cookie.
    session, cookie = came_in
    return _with_cookie(
        request, page(request, "enter.html.j2", title=f"Welcome, {session.who}", to="/"), cookie
    )


@public
def show(request: Request) -> Response:
    """The form for a token."""
    if session_of(request):
        return RedirectResponse(_inside(request.query_params.get("next", "")), HTTPStatus.SEE_OTHER)
    return page(request, "sign_in.html.j2", to=_inside(request.query_params.get("next", "")), wrong="")


@public
def sign_in(request: Request) -> Response:
    """Sign in by a token."""
    form = request.state.form
    to = _inside(str(form.get("next", "")))
    came_in = _come_in(request, str(form.get("token", "")).strip())
    if came_in is None:
        return page(request, "sign_in.html.j2", status=HTTPStatus.FORBIDDEN, to=to, wrong=_WRONG)
    return _with_cookie(request, RedirectResponse(to, HTTPStatus.SEE_OTHER), came_in[1])


@signed(Role.LOOK)
def sign_out(request: Request) -> Response:
    """End the session."""
    office = office_of(request)
    office.queue.leave(request.cookies[office.site.cookie])
    answer = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(
        office.site.cookie, path="/", secure=office.site.is_secure, httponly=True, samesite="strict"
    )
    return answer


def _come_in(request: Request, token: str) -> tuple[Session, str] | None:
    """The session that a token begins, and its cookie; HTTPException while the address has to wait."""
    office, address = office_of(request), request.client.host if request.client else ""
    if wait := office.patience.wait(address, office.now):
        message = f"Too many wrong tokens came from where you are; try again in {counted(wait, 'second')}."
        raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, message, {"Retry-After": str(wait)})
    cookie = office.secret()
    session = office.queue.enter(token, cookie=cookie, csrf=office.secret(), now=office.now)
    if session is None:
        office.patience.wrong(address, office.now)
        log.warning("somebody came to the desk with a token that lets nobody in, from %s", address)
        return None
    office.patience.right(address)
    request.state.session = session
    return session, cookie


def _with_cookie(request: Request, answer: Response, cookie: str) -> Response:
    site = office_of(request).site
    answer.set_cookie(site.cookie, cookie, path="/", secure=site.is_secure, httponly=True, samesite="strict")
    return answer


def _inside(path: str) -> str:
    """A path of this desk: what leads elsewhere leads to the calendar."""
    return own_path(path) or "/"


ROUTES = (
    Route("/enter", enter, methods=["GET"]),
    Route("/sign-in", show, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
)
