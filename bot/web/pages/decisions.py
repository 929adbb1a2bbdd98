"""All that people decided, and how it is taken back."""

from collections.abc import Sequence
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.delivery.decided import Decision
from bot.delivery.people import Role
from bot.desk.undo import OF_FILES
from bot.desk.undo import undo as undo_decision
from bot.errors import BadCall
from bot.web.deciding import (
    ALLOWED,
    Refused,
    Told,
    back,
    by,
    desk_of,
    may_undo,
    newest,
    notice,
    planned_anew,
    refused,
)
from bot.web.guard import signed
from bot.web.pages.decide import is_network
from bot.web.showing import office_of, page, session_of

#: So many decisions are on a page.
_A_PAGE = 40


@signed(Role.LOOK)
def show(request: Request) -> Response:
    """What was decided, the newest first, a page at a time."""
    return _page(request, ALLOWED)


@signed(Role.EDIT)
def undo(request: Request) -> Response:
    """Take a decision back, while nothing was sent."""
    decision = _decision(request)
    session = session_of(request)
    try:
        if decision.can_be_undone and not may_undo(session, decision):
            raise HTTPException(
                HTTPStatus.FORBIDDEN,
                f"{decision.who} decided that; somebody who may approve can take it back.",
            )
        _undo(request, decision)
    except BadCall as error:
        return _page(request, refused(request, "undo", error))
    return back(request, "/decisions", newest(request, slot=decision.slot))


@signed(Role.LOOK)
def instead(_: Request) -> Response:
    """The page of all decisions, for who asks for the address of an undo."""
    return RedirectResponse("/decisions", HTTPStatus.SEE_OTHER)


def _undo(request: Request, decision: Decision) -> None:
    undo_decision(desk_of(request), decision.id, by(request), is_network=is_network)
    if decision.what in OF_FILES:
        planned_anew(request)


def _page(request: Request, found: Refused) -> Response:
    queue, session = office_of(request).queue, session_of(request)
    before = _number(request.query_params.get("before", ""))
    made = queue.decisions(before=before, most=_A_PAGE + 1)
    shown = made[:_A_PAGE]
    return page(
        request, "decisions.html.j2", status=found.status, refused=found, notice=notice(request),
        decisions=[Told(each, may_undo(session, each)) for each in shown],
        older=shown[-1].id if len(made) > _A_PAGE else None, is_newest=before is None,
    )  # fmt: skip


def _decision(request: Request) -> Decision:
    """The decision of the address; HTTPException where there is none."""
    number = _number(request.path_params["number"])
    try:
        return office_of(request).queue.decided(number or 0)
    except BadCall as error:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is no such decision.") from error


def _number(text: str) -> int | None:
    """A number out of an address; None where it is none."""
    return int(text[:15]) if text.isascii() and text.isdecimal() else None


ROUTES: Sequence[Route] = (
    Route("/decisions", show, methods=["GET"]),
    Route("/decision/{number}/undo", undo, methods=["POST"]),
    Route("/decision/{number}/undo", instead, methods=["GET"]),
)
