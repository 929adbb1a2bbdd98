"""The app: every page in one table, behind the guard."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import cast

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import BadCall, BadState, Overtaken
from bot.web.guard import PATIENCE, Guard, is_guarded, log, public, refusal, seek_session
from bot.web.office import Office
from bot.web.pages import (
    calendar,
    decide,
    decisions,
    feed,
    health,
    history,
    holds,
    media,
    review,
    sign_in,
    slot,
)
from bot.web.showing import session_of, statics

#: Threads that answer at once; each may hold a connection of the database, with a cache of its own.
_THREADS = 4
#: Seconds for which a browser keeps a static file whose address changes with it.
_A_YEAR = 31_536_000


@public
def static(request: Request) -> Response:
    """A static file; for good where it is asked for by its digest."""
    found = statics().get(request.path_params["name"])
    if found is None:
        raise HTTPException(404, "There is no such file.")
    tag = f'"{found.digest}"'
    is_named = request.query_params.get("v") == found.digest
    kept = f"public, max-age={_A_YEAR}, immutable" if is_named else "no-cache"
    headers = {"ETag": tag, "Cache-Control": kept}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(found.body, headers=headers, media_type=found.type)


#: Every room of pages.
ROOMS: Sequence[Sequence[Route]] = (
    sign_in.ROUTES,
    calendar.ROUTES,
    slot.ROUTES,
    decide.ROUTES,
    holds.ROUTES,
    decisions.ROUTES,
    review.ROUTES,
    history.ROUTES,
    health.ROUTES,
    feed.ROUTES,
    media.ROUTES,
    (Route("/static/{name}", static, methods=["GET"]),),
)


def make_app(
    office: Office, rooms: Iterable[Sequence[Route]] = ROOMS, *, patience: float = PATIENCE
) -> Starlette:
    """The desk as an ASGI app. ValueError where a page does not say who may see it.

    `patience` is how many seconds a form may take to arrive.
    """
    routes = [route for room in rooms for route in room]
    if unguarded := [route.path for route in routes if not is_guarded(route.endpoint)]:
        raise ValueError(f"these pages do not say who may see them: {', '.join(unguarded)}")
    app = Starlette(
        routes=routes,
        lifespan=_few_threads,
        middleware=[Middleware(Guard, patience=patience)],
        exception_handlers={
            HTTPException: _refused,
            Overtaken: _overtaken,
            BadCall: _senseless,
            BadState: _unusable,
        },
    )
    app.state.office = office
    app.router.redirect_slashes = False
    return app


@asynccontextmanager
async def _few_threads(_: Starlette) -> AsyncIterator[None]:
    """Answer with few threads, which the memory has room for."""
    current_default_thread_limiter().total_tokens = _THREADS
    yield


def _refused(request: Request, error: Exception) -> Response:
    refused = cast("HTTPException", error)
    with suppress(BadState):  # who is here is still shown where there is no page
        request.state.session = session_of(request) or seek_session(request)
    answer = refusal(request, refused.status_code, _words(refused))
    answer.headers.update(refused.headers or {})
    return answer


def _words(error: HTTPException) -> str:
    """What was said of it; where it only has its number's name, nothing."""
    return "" if error.detail == HTTPStatus(error.status_code).phrase else error.detail


def _overtaken(request: Request, error: Exception) -> Response:
    return refusal(request, HTTPStatus.CONFLICT, str(error))


def _senseless(request: Request, error: Exception) -> Response:
    return refusal(request, HTTPStatus.UNPROCESSABLE_ENTITY, str(error))


def _unusable(request: Request, error: Exception) -> Response:
    log.error("%s", error)
    return refusal(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error))
