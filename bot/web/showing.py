"""Pages out of templates: whatever they are given is text, never markup."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.delivery.people import Role, Session
from bot.preview.cost import dollars
from bot.preview.look import environment
from bot.preview.view import counted
from bot.web.office import Office
from bot.zones import DAY, HOUR, MINUTE, local_text, utc_text

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

    from jinja2 import Environment

#: What stands in the navigation: the path, and its name.
PLACES = (
    ("/", "Calendar"), ("/review", "Review"), ("/decisions", "Decisions"), ("/history", "History"),
    ("/holds", "Holds"), ("/health", "Health"),
)  # fmt: skip

#: Under which of them other pages are found, by the first word of their path.
_UNDER = {
    "": "/", "month": "/", "week": "/", "list": "/", "year": "/", "slot": "/", "gap": "/",
    "delivery": "/history", "decision": "/decisions",
}  # fmt: skip
_UNITS = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second"))
#: What a browser is told to keep for good; its address changes when it does.
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class Static(Struct, frozen=True):
    """A file that pages refer to."""

    body: bytes
    type: str
    digest: str


def office_of(request: Request) -> Office:
    """The office of the desk that was asked."""
    office: Office = request.app.state.office
    return office


def session_of(request: Request) -> Session | None:
    """Who asks, where that is known."""
    session: Session | None = getattr(request.state, "session", None)
    return session


def is_fragment(request: Request) -> bool:
    """Tell whether a script asks, which puts the answer into a page that is there."""
    return request.headers.get("hx-request") == "true"


def page(request: Request, template: str, *, status: int = HTTPStatus.OK, **values: Any) -> HTMLResponse:  # noqa: ANN401 - whatever a template shows
    """A page, or a part of one, out of a template.

    Every template has, besides its own values: `desk` (who is here and where), `csrf()` (the hidden field that every
    form needs), `may(role)` and `static(name)`.
    """
    return HTMLResponse(_environment().get_template(template).render({**_common(request), **values}), status)


def _common(request: Request) -> Mapping[str, Any]:
    office, session = office_of(request), session_of(request)
    desk = {
        "session": session, "path": request.url.path, "place": _place(request.url.path), "places": PLACES, "now": office.now,
        "problems": office.problems, "name": office.root.name if session else "Redletter", "token": session.csrf if session else "",
    }  # fmt: skip
    return {"desk": desk, "csrf": _field(session), "may": _may(session), "static": address}


def _field(session: Session | None) -> Callable[[], Markup]:
    token = session.csrf if session else ""
    return lambda: Markup('<input type="hidden" name="csrf" value="{}">').format(token)


def _may(session: Session | None) -> Callable[[str], bool]:
    return lambda role: session is not None and session.role.may(Role(role))


def address(name: str) -> str:
    """The path of a static file, which changes when the file does."""
    return f"/static/{name}?v={statics()[name].digest}"


@cache
def statics() -> Mapping[str, Static]:
    """Every static file, by its name."""
    folder = _folder("bot.web", "static").iterdir()
    ours = {file.name: file.read_bytes() for file in folder if file.suffix in _TYPES}
    look = _folder("bot.preview", "templates") / "look.css"
    found = ours | {"look.css": look.read_bytes(), "htmx.min.js": _htmx()}
    return {
        name: Static(body, _TYPES[Path(name).suffix], sha256(body).hexdigest()[:16])
        for name, body in found.items()
    }


def local(instant: int, zone: str) -> str:
    """An instant by a zone's clock: `2027-01-28 09:00`."""
    return local_text(instant, zone)[:16].replace("T", " ")


def plain(instant: int) -> str:
    """An instant as people read it: `2027-01-28 09:00:00 UTC`."""
    return f"{utc_text(instant)[:-1].replace('T', ' ')} UTC"


def safe_link(url: str) -> str:
    """The address where a browser may be sent there, else an empty one: only http and https are followed."""
    return url if url.lower().startswith(("http://", "https://")) else ""


def millionths(usd: int) -> str:
    """Millionths of a US dollar as people write them: `$0.015`."""
    return f"${dollars(Decimal(usd) / 1_000_000)}"


def ago(instant: int, now: int) -> str:
    """How far an instant lies from now: `12 seconds ago`, `in 3 hours`, `now`."""
    if instant == now:
        return "now"
    length, name = next(unit for unit in _UNITS if abs(instant - now) >= unit[0])
    words = counted(abs(instant - now) // length, name)
    return f"{words} ago" if instant < now else f"in {words}"


@cache
def _environment() -> "Environment":
    made = environment("bot.web")
    made.filters |= {
        "local": local,
        "plain": plain,
        "safe_link": safe_link,
        "ago": ago,
        "millionths": millionths,
    }
    return made


def _place(path: str) -> str:
    """The path in the navigation under which a page is found."""
    first = path.split("/")[1]
    return _UNDER.get(first, f"/{first}")


def _folder(package: str, name: str) -> Path:
    return Path(str(files(package).joinpath(name)))


def _htmx() -> bytes:
    """The script, out of a package of data that need not be imported for it."""
    place = cast("ModuleSpec", find_spec("js_lib_htmx")).origin
    return (Path(str(place)).parent / "static" / "htmx" / "htmx.min.js").read_bytes()
