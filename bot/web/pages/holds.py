"""What is held, by whom and why; a hold, told what it would stop before it is made; and letting go."""

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.delivery.people import Role, Session
from bot.desk import decide
from bot.desk.desk import Desk
from bot.desk.holding import Effect, Held, effect, held, let_go
from bot.errors import BadCall
from bot.model import Tone
from bot.web.deciding import ALLOWED, Refused, back, by, desk_of, newest, notice, refused, said
from bot.web.guard import signed
from bot.web.showing import office_of, page, session_of
from bot.zones import instant_of

#: So many posts are named of those that a hold would stop.
NAMED = 12


class Wanted(Struct, frozen=True):
    """A hold that somebody thinks of."""

    account: str = ""  #: empty: all
    tone: str = ""  #: empty: all
    until: str = ""  #: as it was typed, in UTC; empty: until it is released
    why: str = ""

    @property
    def stops(self) -> str:
        """What it would stop, in words."""
        return decide.stops(self.account or None, Tone(self.tone) if self.tone else None)


@signed(Role.LOOK)
def show(request: Request) -> Response:
    """What is held; with what is asked in the address, what a hold would stop."""
    query = request.query_params
    wanted = Wanted(*(query.get(name, "").strip() for name in ("account", "tone", "until", "why")))
    try:
        told = _effect(desk_of(request), wanted) if query.get("tone") is not None or wanted.account else None
    except BadCall as error:
        wrong = Refused("hold", str(error), HTTPStatus.UNPROCESSABLE_ENTITY, {})
        return _page(request, wanted, refused=wrong)
    return _page(request, wanted, told=told)


@signed(Role.EDIT)
def make(request: Request) -> Response:
    """Hold all, an account or a tone."""
    wanted = Wanted(*(said(request, name) for name in ("account", "tone", "until", "why")))
    desk = desk_of(request)
    try:
        account, tone, until = _read(desk, wanted)
        decide.hold(desk.queue, by(request), now=desk.now, account=account, tone=tone, until=until)
    except BadCall as error:
        return _page(request, wanted, refused=refused(request, "hold", error))
    return _done(request)


@signed(Role.EDIT)
def release(request: Request) -> Response:
    """Let go of one hold."""
    office, text = office_of(request), request.path_params["number"]
    number = int(text[:15]) if text.isascii() and text.isdecimal() else 0
    found = next((each for each in held(office.queue, office.now) if each.hold.id == number), None)
    if found and not may_release(session_of(request), found):
        raise HTTPException(
            HTTPStatus.FORBIDDEN, "Somebody else made that hold; who may approve can release it."
        )
    try:
        let_go(office.queue, number, by(request), office.now)
    except BadCall as error:
        return _page(request, Wanted(), refused=refused(request, "release", error))
    return _done(request)


def may_release(session: Session | None, found: Held) -> bool:
    """Tell whether somebody may release a hold: their own with `edit`, others' with `approve`."""
    is_own = session is not None and found.decision is not None and found.decision.who == session.who
    return session is not None and session.role.may(Role.EDIT if is_own else Role.APPROVE)


@signed(Role.LOOK)
def instead(_: Request) -> Response:
    """The page of all holds, for who asks for the address of a release."""
    return RedirectResponse("/holds", HTTPStatus.SEE_OTHER)


def _done(request: Request) -> Response:
    return back(request, "/holds", newest(request))


def _page(
    request: Request, wanted: Wanted, *, refused: Refused = ALLOWED, told: Effect | None = None
) -> Response:
    office = office_of(request)
    return page(
        request, "holds.html.j2", status=refused.status, refused=refused, notice=notice(request),
        holds=[(each, may_release(session_of(request), each)) for each in held(office.queue, office.now)],
        wanted=wanted, effect=told, named=NAMED,
        accounts=sorted(office.project.schedules.accounts), tones=[tone.value for tone in Tone],
    )  # fmt: skip


def _effect(desk: Desk, wanted: Wanted) -> Effect:
    return effect(desk, *_read(desk, wanted))


def _read(desk: Desk, wanted: Wanted) -> tuple[str | None, Tone | None, int | None]:
    """Account, tone and end of a hold; BadCall where one of them cannot be."""
    if wanted.account and wanted.account not in desk.project.schedules.accounts:
        raise BadCall(f"there is no account called {wanted.account!r}")
    if wanted.tone and wanted.tone not in set(Tone):
        raise BadCall(f"there is no tone called {wanted.tone!r}; it can be {', '.join(Tone)}")
    tone = Tone(wanted.tone) if wanted.tone else None
    return wanted.account or None, tone, _instant(wanted.until) if wanted.until else None


def _instant(text: str) -> int:
    """What was typed as a time in UTC; BadCall where it is none."""
    try:
        found = datetime.fromisoformat(text)
        return instant_of(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise BadCall(f"cannot read {text!r} as a time: write it as 2027-01-28T09:00") from error


ROUTES: Sequence[Route] = (
    Route("/holds", show, methods=["GET"]),
    Route("/holds", make, methods=["POST"]),
    Route("/holds/{number}/release", release, methods=["POST"]),
    Route("/holds/{number}/release", instead, methods=["GET"]),
)
