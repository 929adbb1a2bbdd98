"""What people decide about one planned post: each form's own address, and what it does."""

from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus

from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot import plugins
from bot.contracts import Publisher
from bot.corpus.change import Change
from bot.delivery.people import Role
from bot.delivery.tick import HORIZON
from bot.delivery.values import Row
from bot.desk import decide
from bot.desk.addresses import post_address
from bot.desk.desk import Desk
from bot.desk.looking import look
from bot.desk.moments import named_moment
from bot.desk.past import is_up
from bot.desk.placed import Placed, slot_named
from bot.desk.rewrite import REWRITE, rewrite, source
from bot.desk.wording import measured
from bot.errors import BadCall, Overtaken
from bot.model import Account
from bot.publishing import publisher
from bot.web.deciding import Refused, back, by, desk_of, newest, planned_anew, refused, said
from bot.web.guard import signed
from bot.web.pages.slot import Besides, placed_there, slot_page, words_of
from bot.web.showing import local, office_of, page
from bot.zones import DAY

#: So many ids are offered for a field at once.
_CHOICES = 40

#: Makes a decision about the delivery or slot of that key.
Act = Callable[[Request, Desk, str], object]


def _approve(request: Request, desk: Desk, key: str) -> None:
    if not said(request, "seen"):
        raise BadCall("load the page again: it does not say which words you saw")
    decide.approve(desk, key, by(request))


def _skip(request: Request, desk: Desk, key: str) -> None:
    decide.skip(desk, key, by(request))


def _swap(request: Request, desk: Desk, key: str) -> None:
    post = said(request, "other") or said(request, "post")
    if not post:
        raise BadCall("choose one of the posts, or name another")
    decide.swap(desk, key, post, by(request))


def _move(request: Request, desk: Desk, key: str) -> None:
    rows = desk.rows(key)
    _refuse_moved(request, rows[0])
    at = named_moment(_wanted(request, rows[0]), rows[0].slot.zone, turn=said(request, "turn"))
    decide.move(desk, key, at, by(request), anyway=bool(said(request, "anyway")))


def _edit(request: Request, desk: Desk, key: str) -> None:
    found = placed_there(request, desk, key)
    groups = words_of(found) if isinstance(found, Placed) else ()
    texts = {row.account: _texts(request, name, row) for name, rows in groups for row in rows}
    decide.edit(desk, key, {name: each for name, each in texts.items() if each}, by(request))


def _rewrite(request: Request, desk: Desk, key: str) -> None:
    found = placed_there(request, desk, key)
    written = source(desk, found.planned.post.id) if isinstance(found, Placed) else None
    if written is None or not isinstance(found, Placed):
        raise BadCall("that post is no longer in the corpus, so there is no file to change")
    texts = {number: _plain(request, f"text-{number}") for number in range(1, len(written.texts) + 1)}
    own = {
        network: tuple(_plain(request, f"own-{network}-{number}") for number in range(1, len(those) + 1))
        for network, those in written.wordings.items()
    }
    rewrite(
        desk, written.post, Change(texts=texts, wordings=own), by(request), seen=said(request, "file"),
        key=key if found.rows else None, is_network=is_network,
    )  # fmt: skip
    planned_anew(request)


def _retry(request: Request, desk: Desk, key: str) -> None:
    decide.retry(desk, key, by(request))


def _resolve(request: Request, desk: Desk, key: str) -> None:
    became = said(request, "became")
    if became == "sent":
        decide.resolve_sent(desk, key, post_address(said(request, "url")), by(request))
    elif became == "absent":
        decide.resolve_absent(desk, key, by(request))
    elif became == "failed":
        decide.resolve_failed(desk, key, by(request))
    else:
        raise BadCall("say what became of it: found, not there, or given up")


#: What is decided about a slot, with the role that it takes.
OF_SLOTS: Sequence[tuple[str, Role, Act]] = (
    ("approve", Role.APPROVE, _approve),
    ("skip", Role.EDIT, _skip),
    ("swap", Role.EDIT, _swap),
    ("move", Role.EDIT, _move),
    ("edit", Role.EDIT, _edit),
    ("rewrite", Role.EDIT, _rewrite),
)
#: What is decided about one delivery.
OF_DELIVERIES: Sequence[tuple[str, Role, Act]] = (
    ("retry", Role.APPROVE, _retry),
    ("resolve", Role.APPROVE, _resolve),
)


@signed(Role.APPROVE)
def look_there(request: Request) -> Response:
    """Ask a network what it shows of a delivery that it never answered; nothing is decided by it."""
    desk, row = desk_of(request), _delivery(request)
    try:
        seen = look(desk, row.key, clock=office_of(request).clock, publisher_of=_publisher_of(request))
    except BadCall as error:
        return _refuse(request, row.slot.key, f"look-{row.key}", error=error)
    return slot_page(request, row.slot.key, Besides(sights=seen))


@signed(Role.APPROVE)
def take_down(request: Request) -> Response:
    """Ask a network to delete what it was sent; what became of each part is shown at once."""
    row = _delivery(request)
    return _taken_down(request, row.slot.key, row.key, form=f"takedown-{row.key}")


@signed(Role.APPROVE)
def take_down_everywhere(request: Request) -> Response:
    """Ask every network that shows a slot's post to delete it."""
    slot = request.path_params["key"]
    return _taken_down(request, slot, slot, form="takedown")


@signed(Role.EDIT)
def lengths(request: Request) -> Response:
    """How long words are that somebody is writing, on each account that would show them: a line of a page."""
    desk, field = desk_of(request), said(request, "field")
    found = placed_there(request, desk, request.path_params["key"])
    groups = dict(words_of(found)) if isinstance(found, Placed) else {}
    name, _, number = field.rpartition("-")
    rows = groups.get(name, ())
    shown = [measured(desk, row, _texts(request, name, row)) for row in rows]
    at = int(number) - 1 if number.isdecimal() and len(number) < 4 else -1  # noqa: PLR2004 - digits
    counts = [(row, each[at]) for row, each in zip(rows, shown, strict=True) if 0 <= at < len(each)]
    return page(request, "lengths.html.j2", counts=counts)


@signed(Role.EDIT)
def posts(request: Request) -> Response:
    """The ids of posts that contain what somebody is writing: choices for a field."""
    asked = request.query_params.get("other", "").strip().lower()
    ready = desk_of(request).project.corpus.ready
    found = sorted(post.id for post in ready if asked in post.id.lower())
    return page(request, "posts.html.j2", posts=found[:_CHOICES])


@signed(Role.LOOK)
def instead(request: Request) -> Response:
    """The delivery's page, for who asks for the address of a decision about it."""
    return RedirectResponse(f"/delivery/{request.path_params['key']}", HTTPStatus.SEE_OTHER)


def is_network(name: str) -> bool:
    """Tell whether any publisher is for a network of that name."""
    return plugins.has(plugins.PUBLISHERS, name)


def _of_slot(name: str, role: Role, act: Act) -> Route:
    @signed(role)
    def decided(request: Request) -> Response:
        key = request.path_params["key"]
        return _settled(request, key, name, act=lambda: act(request, desk_of(request), _about(request, key)))

    return Route(f"/slot/{{key}}/{name}", decided, methods=["POST"])


def _of_delivery(name: str, role: Role, act: Act) -> Route:
    @signed(role)
    def decided(request: Request) -> Response:
        row = _delivery(request)
        made = partial(act, request, desk_of(request), row.key)
        return _settled(request, row.slot.key, f"{name}-{row.key}", act=made)

    return Route(f"/delivery/{{key}}/{name}", decided, methods=["POST"])


def _settled(request: Request, slot: str, form: str, *, act: Callable[[], object]) -> Response:
    """Make a decision and go back; where it is refused, show its page with the reason and with what was typed."""
    try:
        act()
    except BadCall as error:
        return _refuse(request, slot, form, error=error)
    done = newest(request, what=REWRITE) if form == REWRITE else newest(request, slot=slot)
    return back(request, f"/slot/{slot}", done)


def _taken_down(request: Request, slot: str, key: str, *, form: str) -> Response:
    """Take down what a key names; what became of each part, on the page of its slot."""
    desk, clock = desk_of(request), office_of(request).clock
    try:
        _refuse_unsure(request)
        _refuse_gone(desk, key)
        done = decide.take_down(desk, key, by(request), clock=clock, publisher_of=_publisher_of(request))
    except BadCall as error:
        return _refuse(request, slot, form, error=error)
    return slot_page(request, slot, Besides(takedown=done))


def _refuse(request: Request, slot: str, form: str, *, error: BadCall) -> Response:
    found = refused(request, form, error)
    better = _unqueued(request, slot, found) or _overtaken(request, slot, found) or found
    return slot_page(request, slot, Besides(refused=better))


def _unqueued(request: Request, slot: str, found: Refused) -> Refused | None:
    """What is said where a slot is not queued yet; None where it is, or where that does not matter."""
    if found.form == "rewrite" or slot_named(desk_of(request), slot) is not None:
        return None
    days = HORIZON // DAY
    return replace(found, said=f"it is not queued yet: that is decided within the last {days} days before it")


def _overtaken(request: Request, slot: str, found: Refused) -> Refused | None:
    """What is said where a slot has changed since it was looked at; None where it has not, or where it was said."""
    queue, seen = office_of(request).queue, said(request, "seen")
    if found.status == HTTPStatus.CONFLICT or not seen or queue.version(slot) == seen:
        return None
    newest = queue.decisions(slot=slot, most=1)
    last = f" (last: {newest[0].told})" if newest else ""
    told = f"it has changed since you looked at it{last}; nothing of yours was done: look again"
    return replace(found, said=told, status=HTTPStatus.CONFLICT)


def _about(request: Request, slot: str) -> str:
    """The key that is decided about: the slot's, or that of the one delivery that was chosen."""
    key = said(request, "on")
    if not key:
        return slot
    if any(row.key == key for row in desk_of(request).rows(slot)):
        return key
    raise BadCall("that account shows nothing in this slot; load the page again")


def _delivery(request: Request) -> Row:
    """The delivery of the address; HTTPException where there is none."""
    key = request.path_params["key"]
    try:
        rows = desk_of(request).rows(key)
    except BadCall:
        rows = ()
    found = next((row for row in rows if row.key == key), None)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"No delivery is called {key}.")
    return found


def _wanted(request: Request, row: Row) -> str:
    """The time that is wanted by the slot's clock: a whole one, or another day at the time that it has."""
    day = said(request, "day")
    return f"{day}T{local(row.at, row.slot.zone)[11:]}" if day else said(request, "at")


def _refuse_moved(request: Request, row: Row) -> None:
    """Overtaken where it stood elsewhere when it was taken up, as a calendar says that shows it."""
    was = said(request, "was")
    if was and was != str(row.at):
        raise Overtaken("it has been moved since you looked at it; nothing of yours was done: look again")


def _texts(request: Request, name: str, row: Row) -> tuple[str, ...]:
    """The words of a form for a delivery, part by part; none where the form has none for each part."""
    fields = [f"{name}-{number}" for number in range(1, len(row.rendition.parts) + 1)]
    form = request.state.form
    return tuple(_plain(request, field) for field in fields) if all(each in form for each in fields) else ()


def _plain(request: Request, field: str) -> str:
    """What a field says, its line ends as they are kept."""
    return said(request, field).replace("\r\n", "\n").replace("\r", "\n")


def _refuse_unsure(request: Request) -> None:
    if not said(request, "sure"):
        raise BadCall("say that you are sure: it cannot be taken back")


def _refuse_gone(desk: Desk, key: str) -> None:
    """BadCall where all that was shown is down already: there is nothing left to decide."""
    rows = desk.rows(key)
    showings = desk.queue.showings([row.key for row in rows])
    if showings and not any(is_up(row, showings.get(row.key, ())) for row in rows):
        people = dict.fromkeys(
            each.taken_down.who for those in showings.values() for each in those if each.taken_down
        )
        raise BadCall(f"it is down already: {' and '.join(people)} took it down")


def _publisher_of(request: Request) -> Callable[[Account], Publisher]:
    settings = office_of(request).settings
    return lambda account: publisher(account, settings)


ROUTES: Sequence[Route] = (
    *(_of_slot(*each) for each in OF_SLOTS),
    Route("/slot/{key}/takedown", take_down_everywhere, methods=["POST"]),
    Route("/slot/{key}/lengths", lengths, methods=["POST"]),
    Route("/posts", posts, methods=["GET"]),
    *(_of_delivery(*each) for each in OF_DELIVERIES),
    Route("/delivery/{key}/look", look_there, methods=["POST"]),
    Route("/delivery/{key}/takedown", take_down, methods=["POST"]),
    Route("/delivery/{key}/{action}", instead, methods=["GET"]),
)
