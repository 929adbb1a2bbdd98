"""The page of one planned post: as it will look, what becomes of it, and all that can be decided about it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from http import HTTPStatus

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.delivery.people import Role, Session
from bot.delivery.removals import Showing
from bot.delivery.states import State
from bot.delivery.values import Row
from bot.desk.candidates import candidates
from bot.desk.desk import Desk
from bot.desk.looking import Sight
from bot.desk.moments import comes_twice
from bot.desk.past import fate, is_up
from bot.desk.placed import Placed, placed, quiet_of, slot_named
from bot.desk.rewrite import source
from bot.desk.takedown import Takedown
from bot.desk.wording import alike, measured
from bot.model import Gap, PlannedPost, ShownPart
from bot.preview.entries import Article, Reading, article, readings
from bot.web.deciding import ALLOWED, Refused, Told, desk_of, may_undo, notice, said
from bot.web.guard import signed
from bot.web.pages.calendar import calendar_of
from bot.web.showing import local, page, session_of
from bot.web.swapping import only
from bot.zones import DAY, HOUR, MINUTE

#: So many other posts are offered for a slot.
OFFERED = 5

#: Years in which a slot is looked for.
_YEARS = range(1900, 2200)

#: The states of what may yet be shown.
_OPEN = (State.PENDING, State.SENDING, State.UNKNOWN)


class Words(Struct, frozen=True):
    """Words that several accounts show alike, to be edited as one."""

    name: str  #: how the names of its fields begin
    rows: tuple[Row, ...]
    texts: tuple[str, ...]
    shown: tuple[tuple[ShownPart, ...], ...]  #: how each account counts them


class Way(Struct, frozen=True):
    """A delivery with its approvals, and with what its network has shown."""

    row: Row
    shown: Sequence[Showing] = ()

    @property
    def is_up(self) -> bool:
        """Tell whether people see something of it still, or may yet."""
        return is_up(self.row, self.shown)

    @property
    def missing(self) -> int:
        """How many people must approve it still."""
        row = self.row
        return max(row.approvals - len(row.approved_by), 0) if row.state is State.PENDING else 0

    @property
    def signed_by(self) -> str:
        """Who approved it, and who must still: `approved by Ada; one more person must`."""
        names = " and ".join(self.row.approved_by)
        given = f"approved by {names}" if names else ""
        if not self.missing:
            return given
        more = "" if not names else "more "
        people = f"one {more}person" if self.missing == 1 else f"{self.missing} {more}people"
        return f"{given}; {people} must" if given else f"{people} must approve it"


class Down(Struct, frozen=True):
    """What became of a takedown, and what other accounts do with the same slot."""

    took: Takedown
    still: tuple[str, ...]  #: accounts that it was not asked for, and that show it
    coming: tuple[str, ...]  #: accounts that have not shown it, and may yet

    @property
    def told(self) -> str:
        """It in a sentence: never more than is down."""
        if not self.took.is_whole:
            return "Not all of it is down."
        if not self.still and not self.coming:
            return "It is down everywhere."
        accounts = dict.fromkeys(part.account for part in self.took.parts)
        return f"It is down on {_listed(tuple(accounts))}."

    @property
    def besides(self) -> tuple[str, ...]:
        """What else a person has to know, a sentence each."""
        still = f"it is still shown on {_listed(self.still)}" if self.still else ""
        is_told = not self.coming or self.took.besides
        coming = "" if is_told else f"it may yet be shown on {_listed(self.coming)}: skip or settle it there"
        return (*self.took.besides, *filter(None, [still, coming]))


class Offer(Struct, frozen=True):
    """Another post for the slot, as it would look."""

    post: str
    why: str
    tone: str
    lang: str
    readings: tuple[Reading, ...]


class Besides(Struct, frozen=True):
    """What a page says beyond how things stand: what was refused, what networks showed, what was taken down."""

    refused: Refused = ALLOWED
    sights: tuple[Sight, ...] = ()
    takedown: Takedown | None = None


@signed(Role.LOOK)
def show(request: Request) -> Response:
    """One planned post."""
    return slot_page(request, request.path_params["key"])


@signed(Role.LOOK)
def instead(request: Request) -> Response:
    """The page on which a decision stands, for who asks for its address."""
    return RedirectResponse(f"/slot/{request.path_params['key']}", HTTPStatus.SEE_OTHER)


def slot_page(request: Request, key: str, besides: Besides = Besides()) -> Response:  # noqa: B008 - frozen
    """The page of a slot's planned post; HTTPException where there is none of that key."""
    desk, session = desk_of(request), session_of(request)
    found = placed_there(request, desk, key)
    if not isinstance(found, Placed):
        return _elsewhere(desk, key, found)
    ways = ways_of(desk, found)
    shown, forms = article(found.planned, found.view), open_forms(found, ways, session=session, now=desk.now)
    written = source(desk, found.planned.post.id) if "rewrite" in forms else None
    forms -= {"rewrite"} if written is None else set()
    answer = page(
        request, "slot.html.j2", status=besides.refused.status,
        placed=found, article=shown, title=_title(shown), wait=_wait(found.slot.at - desk.now),
        here=local(found.slot.at, found.slot.zone), quiet=quiet_of(desk, found.slot),
        ways=ways, forms=forms, fate=fate,
        offers=_offers(desk, found) if "swap" in forms else (),
        words=_words(desk, found, besides.refused) if "edit" in forms else (),
        source=written, refused=besides.refused, sights=besides.sights, down=_down(ways, besides.takedown),
        wanted=_wanted(besides.refused, found), is_twice=_is_twice(besides.refused, found),
        notice=notice(request), decisions=_decisions(desk, found, session), next=said(request, "next"),
    )  # fmt: skip
    form = besides.refused.form
    return only(request, form, answer) if form in forms else answer


def placed_there(request: Request, desk: Desk, key: str) -> Placed | Gap | None:
    """What is in the slot of a key, on the day that the address may name."""
    return placed(desk, key, calendar_of(request), on=_day(request.query_params.get("on", "")))


def ways_of(desk: Desk, found: Placed) -> list[Way]:
    """The deliveries of a planned post, with what was shown of each."""
    showings: Mapping[str, Sequence[Showing]] = desk.queue.showings([row.key for row in found.rows])
    return [Way(row, showings.get(row.key, ())) for row in found.rows]


def open_forms(found: Placed, ways: Sequence[Way], *, session: Session | None, now: int) -> frozenset[str]:
    """The names of the forms that make sense as it stands, for who looks."""
    if session is None or not session.role.may(Role.EDIT):
        return frozenset()
    pending, may_approve = found.stands(State.PENDING), session.role.may(Role.APPROVE)
    of_words = {"rewrite"} if pending or not found.rows else set()
    of_pending = {"skip", "swap", "move", "edit"} if pending else set()
    signing = {"approve"} if pending else set()
    settling = {form for way in ways for form in _settling(way, now)}
    settling |= {"takedown"} if len({way.row.account for way in ways if way.is_up}) > 1 else set()
    return frozenset(of_words | of_pending | (signing | settling if may_approve else set()))


def _settling(way: Way, now: int) -> Iterator[str]:
    """The names of the forms that make sense for one delivery."""
    row = way.row
    if row.state is State.UNKNOWN:
        yield from (f"look-{row.key}", f"resolve-{row.key}")
    if row.state is State.FAILED or (row.state is State.PENDING and row.at <= now):
        yield f"retry-{row.key}"
    if way.is_up:
        yield f"takedown-{row.key}"


def words_of(found: Placed) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """What can be edited: groups of deliveries that read alike, each with a name for its fields."""
    order = found.planned.accounts
    pending = sorted(found.stands(State.PENDING), key=lambda row: order.index(row.account))
    groups = alike(pending)
    return tuple((f"words-{rows[0].account}", rows) for rows in groups)


def _elsewhere(desk: Desk, key: str, found: Gap | None) -> Response:
    if found is not None:
        return RedirectResponse(f"/gap/{key}", HTTPStatus.SEE_OTHER)
    whole = slot_named(desk, key)
    if whole is None or whole == key:
        raise HTTPException(HTTPStatus.NOT_FOUND, "No planned post of that name is coming or was.")
    return RedirectResponse(f"/slot/{whole}", HTTPStatus.SEE_OTHER)


def _day(text: str) -> date | None:
    """A day of the calendar; None where it is none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _title(shown: Article) -> str:
    return shown.mark.subject or shown.mark.schedule


def _offers(desk: Desk, found: Placed) -> list[Offer]:
    pending = found.stands(State.PENDING)
    return [
        Offer(
            each.post.id, each.why, each.post.tone.value, each.post.lang, tuple(readings(shown, found.view))
        )
        for each in candidates(desk, pending[0], OFFERED)
        for shown in [PlannedPost(found.slot, each.post, found.planned.accounts, each.why, each.renditions)]
    ]


def _words(desk: Desk, found: Placed, refused: Refused) -> list[Words]:
    made = []
    for name, rows in words_of(found):
        parts = rows[0].rendition.parts
        texts = tuple(
            refused.kept("edit", f"{name}-{number}", part.text) for number, part in enumerate(parts, 1)
        )
        made.append(Words(name, rows, texts, tuple(measured(desk, row, texts) for row in rows)))
    return made


def _down(ways: Sequence[Way], took: Takedown | None) -> Down | None:
    """What a takedown left of a slot; None where there was none."""
    if took is None:
        return None
    asked = {part.account for part in took.parts}
    others = [way for way in ways if way.row.account not in asked]
    still = dict.fromkeys(way.row.account for way in others if way.is_up)
    open_ = dict.fromkeys(way.row.account for way in others if way.row.state in _OPEN and not way.shown)
    return Down(took, tuple(still), tuple(open_))


def _listed(names: Sequence[str]) -> str:
    """Names as they are said: `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _wanted(refused: Refused, found: Placed) -> str:
    """What stands in the field of a time: what was wanted, else the time as it is."""
    now = local(found.slot.at, found.slot.zone).replace(" ", "T")
    if day := refused.kept("move", "day"):
        return f"{day}T{now[11:]}"
    return refused.kept("move", "at", now)


def _is_twice(refused: Refused, found: Placed) -> bool:
    """Tell whether the clocks show twice what was wanted."""
    return refused.form == "move" and comes_twice(_wanted(refused, found), found.slot.zone)


def _decisions(desk: Desk, found: Placed, session: Session | None) -> list[Told]:
    if not found.rows:
        return []
    made = desk.queue.decisions(slot=found.slot.key)
    return [Told(each, may_undo(session, each)) for each in made]


def _wait(seconds: int) -> str:
    """How far off an instant is, in words: `in 2 days and 3 hours`."""
    size = abs(seconds)
    if size < MINUTE:
        return "now"
    told = _span(size)
    return f"in {told}" if seconds > 0 else f"{told} ago"


def _span(seconds: int) -> str:
    """The two largest units of a length of time, in words."""
    days, rest = divmod(seconds, DAY)
    hours, minutes = rest // HOUR, rest % HOUR // MINUTE
    units = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    first = next(place for place, (number, _) in enumerate(units) if number)
    told = [_counted(number, unit) for number, unit in units[first : first + 2] if number]
    return " and ".join(told)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


ROUTES: Sequence[Route] = (
    Route("/slot/{key}", show, methods=["GET"]),
    Route("/slot/{key}/{action}", instead, methods=["GET"]),
)
