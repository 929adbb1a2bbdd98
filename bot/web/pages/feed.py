"""The calendar as a feed that calendar programs read, by a token that is good for nothing else."""

from collections.abc import Sequence
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.model import Window, digest
from bot.preview import ics
from bot.web.guard import public
from bot.web.pages.calendar import calendar_of
from bot.web.showing import office_of
from bot.zones import DAY

#: So many days back and ahead; fewer ahead where these hold more than so many posts.
BACK, AHEAD, MOST = 30, 400, 4_000


@public
def feed(request: Request) -> Response:
    """What was and will be said, as a calendar file; 304 where the program has it already."""
    _refuse_strangers(request)
    office = office_of(request)
    today = office.now // DAY * DAY
    window = Window(today - BACK * DAY, today + AHEAD * DAY)
    view = calendar_of(request).coming(office.project, office.queue, window, now=office.now, most=MOST)
    body = ics.show(view)
    tag = f'"{digest(body)}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers, media_type="text/calendar; charset=utf-8")


def _refuse_strangers(request: Request) -> None:
    """HTTPException where the token is good for no feed; nobody guesses one, so programs that ask often keep nobody waiting."""
    office = office_of(request)
    if office.queue.feed(request.query_params.get("token", ""), office.now) is None:
        raise HTTPException(
            HTTPStatus.FORBIDDEN,
            "This feed needs a token of its own; `redletter web token --role feed --who NAME` makes one.",
        )


ROUTES: Sequence[Route] = (Route("/calendar.ics", feed, methods=["GET"]),)
