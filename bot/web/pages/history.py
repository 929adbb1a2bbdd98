"""What was sent, and what was not, with the reason."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.delivery.people import Role
from bot.web.guard import signed
from bot.web.showing import page


@signed(Role.LOOK)
def show(request: Request) -> Response:
    """What came to its end, the newest first."""
    return page(request, "history.html.j2")


ROUTES = (Route("/history", show, methods=["GET"]),)
