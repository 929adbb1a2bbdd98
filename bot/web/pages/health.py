"""The page that says whether all is well."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.delivery.people import Role
from bot.desk.health import fitness, health, held, is_wrong
from bot.web.guard import signed
from bot.web.showing import office_of, page

#: So many problems of files are shown; `redletter check` tells all.
MOST = 20


@signed(Role.LOOK)
def show(request: Request) -> Response:
    """Whether all is well, and what is not; how the daemon lives, and how each account stands."""
    office = office_of(request)
    now, project = office.now, office.project
    found = health(office.queue, now)
    problems = (*office.problems, *office.left_out)
    return page(
        request,
        "health.html.j2",
        health=found,
        beats=found.beats(now),
        wrong=[cause for cause in found.causes if is_wrong(cause, now)],
        coming=[cause for cause in found.causes if not is_wrong(cause, now)],
        holds=[held(hold) for hold in found.holds],
        accounts=fitness(project, office.queue, found.causes, now),
        problems=problems[:MOST],
        more=len(problems) - MOST,
    )


ROUTES = (Route("/health", show, methods=["GET"]),)
