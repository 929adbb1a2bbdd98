"""What a script exchanges of a page that is there already."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response


def only(request: Request, section: str, answer: Response) -> Response:
    """Let a script exchange the section of a form that made no sense; what was typed in the page's others stays.

    Where somebody else was quicker the whole page is exchanged: it has changed. So it is where no script asks.
    """
    if "HX-Request" in request.headers and answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        answer.headers["HX-Retarget"] = answer.headers["HX-Reselect"] = f"#{section}"
    return answer
