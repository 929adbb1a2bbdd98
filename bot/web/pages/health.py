"""The page that says whether all is well."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.delivery.people import Role
from bot.web.guard import signed
from bot.web.showing import page


@signed(Role.LOOK)
def show(request: Request) -> Response:
    """Whether all is well, and what is not."""
    return page(request, "health.html.j2")


ROUTES = (Route("/health", show, methods=["GET"]),)
