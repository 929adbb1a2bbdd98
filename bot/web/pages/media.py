"""The pictures of the corpus, and no other files."""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bot.delivery.people import Role
from bot.media.kinds import HEAD, STILLS, sniffed
from bot.model import Corpus
from bot.web.guard import signed
from bot.web.showing import office_of

_NONE = "No post of the corpus shows such a picture."
#: A picture is looked at and does nothing, whatever is in it.
_HEADERS = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, no-cache"}


@signed(Role.LOOK)
def picture(request: Request) -> Response:
    """A picture that some post names, as it lies in the project; its type is what it is, not what it is called."""
    office, name = office_of(request), request.path_params["file"]
    file = (office.root / name).resolve()
    if not (_is_named(name, office.project.corpus) and file.is_relative_to(office.root.resolve())):
        raise HTTPException(HTTPStatus.NOT_FOUND, _NONE)
    return FileResponse(file, media_type=_kind(file), headers=_HEADERS)


def _is_named(name: str, corpus: Corpus) -> bool:
    return any(media.file == name for post in corpus.posts for part in post.parts for media in part.media)


def _kind(file: Path) -> str:
    """What a file is by its first bytes; HTTPException where it is no picture that is shown."""
    try:
        with file.open("rb") as opened:
            kind = sniffed(opened.read(HEAD))
    except OSError as error:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"{file.name} cannot be read: {error.strerror}") from error
    if kind is None or kind not in STILLS:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"{file.name} is no picture that is shown here.")
    return kind


ROUTES: Sequence[Route] = (Route("/media/{file:path}", picture, methods=["GET"]),)
