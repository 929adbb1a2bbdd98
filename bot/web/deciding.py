"""What every page of decisions needs: who decides, what was seen, the way back, and what is said afterwards."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.delivery.decided import By, Decision
from bot.delivery.people import Role, Session
from bot.delivery.tick import plan_ahead
from bot.desk.desk import Desk
from bot.desk.spacing import TooNear
from bot.errors import BadCall, Overtaken
from bot.web.showing import office_of, session_of

#: The longest reason that is kept.
LONGEST = 500

#: How a decision is told once it is made.
TOLD: Mapping[str, str] = {
    "approve": "Approved", "skip": "Skipped", "swap": "Swapped", "move": "Moved", "edit": "Edited for this time",
    "rewrite": "Rewritten in its file", "review": "Reviewed", "retry": "Asked for again", "resolve": "Settled", "hold": "Held",
    "takedown": "Taken down where that was possible", "release": "Released", "undo": "Taken back",
}  # fmt: skip


class Refused(Struct, frozen=True):
    """A decision that was not made, and why; what was typed is kept."""

    form: str  #: which form it stands at
    said: str  #: why, in a sentence
    status: int
    values: Mapping[str, str]
    is_near: bool = False  #: a person may mean it all the same

    def kept(self, form: str, field: str, otherwise: str = "") -> str:
        """What was typed in a field of a form."""
        return self.values.get(field, otherwise) if form == self.form else otherwise


#: Nothing was refused.
ALLOWED = Refused("", "", HTTPStatus.OK, {})


class Notice(Struct, frozen=True):
    """What was decided just now."""

    decision: Decision
    can_undo: bool

    @property
    def told(self) -> str:
        """It in words."""
        what = self.decision.what
        return f"{TOLD.get(what, what.capitalize())} by {self.decision.who}"


class Told(Struct, frozen=True):
    """A decision, and whether who looks may take it back."""

    decision: Decision
    can_undo: bool


def desk_of(request: Request) -> Desk:
    """The desk as it is now."""
    office = office_of(request)
    return Desk(office.project, office.queue, office.now)


def said(request: Request, field: str) -> str:
    """What a field of the form says, without space around it."""
    return str(request.state.form.get(field, "")).strip()


def by(request: Request) -> By:
    """Who decides, why, and what they saw; BadCall where the reason is longer than is kept."""
    why = " ".join(said(request, "why").split())
    if len(why) > LONGEST:
        raise BadCall(f"the reason is {len(why)} letters long, and {LONGEST} are kept; say it shorter")
    return By(_who(request), why, said(request, "seen") or None)


def _who(request: Request) -> str:
    session = session_of(request)
    return session.who if session else ""


def refused(request: Request, form: str, error: BadCall) -> Refused:
    """What a form shows that was not followed."""
    values = {name: str(value) for name, value in request.state.form.items()}
    status = HTTPStatus.CONFLICT if isinstance(error, Overtaken) else HTTPStatus.UNPROCESSABLE_ENTITY
    return Refused(form, str(error), status, values, is_near=isinstance(error, TooNear))


def planned_anew(request: Request) -> None:
    """Read the files again, of which one was written, and plan ahead with them: every page shows it then."""
    office = office_of(request)
    office.look_again()
    plan_ahead(office.project, office.queue, office.now)


def back(request: Request, otherwise: str, done: int | None = None) -> Response:
    """Send a browser to the page it came from, with the number of what was decided there."""
    return RedirectResponse(
        with_done(own_path(said(request, "next")) or otherwise, done), HTTPStatus.SEE_OTHER
    )


def with_done(path: str, done: int | None) -> str:
    """A path of this desk, with what was decided in its query."""
    parts = urlsplit(path)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "done"]
    query += [] if done is None else [("done", str(done))]
    return f"{parts.path}?{urlencode(query)}" if query else parts.path


def own_path(path: str) -> str:
    """A path of this desk; empty where it leads elsewhere."""
    is_inside = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if is_inside else ""


def newest(request: Request, *, slot: str | None = None, what: str | None = None) -> int | None:
    """The number of what the person who asks decided last, about a slot or of a kind; None where that is long ago."""
    made = office_of(request).queue.decisions(slot=slot, most=20)
    return next((each.id for each in made if each.who == _who(request) and what in {None, each.what}), None)


def notice(request: Request) -> Notice | None:
    """What was decided just now, where the address says so."""
    number = request.query_params.get("done", "")
    if not (number.isascii() and number.isdecimal()):
        return None
    try:
        decision = office_of(request).queue.decided(int(number[:15]))
    except BadCall:
        return None
    return Notice(decision, can_undo=may_undo(session_of(request), decision))


def may_undo(session: Session | None, decision: Decision) -> bool:
    """Tell whether somebody may take a decision back: their own with `edit`, others' with `approve`."""
    if session is None or not decision.can_be_undone:
        return False
    wanted = Role.EDIT if decision.who == session.who else Role.APPROVE
    return session.role.may(wanted)
