"""What was sent, and what was not, with the reason; and everything about one delivery."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import groupby
from urllib.parse import urlencode

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.delivery.people import Role
from bot.delivery.removals import Showing
from bot.delivery.states import State
from bot.delivery.values import Row
from bot.desk.past import ENDED, fate, gone, is_up, past
from bot.errors import BadCall
from bot.model import Media
from bot.preview.view import SIGNS, zone_sign
from bot.preview.wording import Piece, pieces
from bot.preview.words import one_line, shorten
from bot.web.guard import signed
from bot.web.showing import local, office_of, page
from bot.zones import instant_of, utc_text

#: What stands beside the word for a state, so that it is seen without being read.
STATES = {
    State.PENDING: "…", State.SENDING: "→", State.SENT: "✓", State.FAILED: "✗", State.UNKNOWN: "?",
    State.MISSED: "∅", State.CANCELLED: "⊘",
}  # fmt: skip
#: So many letters of a text are shown in a list.
_BEGINNING = 180


class Line(Struct, frozen=True):
    """A delivery in a list."""

    row: Row
    day: str  #: its date by its own clock, as `Thursday, 28 January 2027`
    clock: str
    zone: str
    sign: str
    mark: str  #: of its state
    text: str  #: how it begins
    parts: int
    why: str  #: why it is not sent; empty where it is
    shown: Sequence[Showing]  #: what its network has shown of it
    is_up: bool  #: people see something of it still, or may yet
    gone: str  #: what of that was taken down; empty where nobody wanted that


class Side(Struct, frozen=True):
    """One part of a delivery: as it was shown, and where."""

    pieces: tuple[Piece, ...]
    media: tuple[Media, ...]
    length: int
    limit: int | None
    shown: Showing | None


@signed(Role.LOOK)
def show(request: Request) -> Response:
    """What came to its end, the newest first, a page at a time."""
    office, asked = office_of(request), request.query_params
    account, state, begin = (asked.get(name, "") for name in ("account", "state", "before"))
    found = past(
        office.queue,
        office.now,
        before=_instant(begin) if begin else office.now + 1,
        states=_states(state),
        account=account or None,
    )
    lines = (_line(row, found.showings.get(row.key, ())) for row in found.rows)
    kept = {name: value for name, value in (("account", account), ("state", state)) if value}
    return page(
        request,
        "history.html.j2",
        days=[(day, tuple(those)) for day, those in groupby(lines, lambda line: line.day)],
        account=account,
        state=state,
        begin=begin,
        accounts=sorted({*office.project.schedules.accounts, *filter(None, [account])}),
        states=[each.value for each in ENDED],
        fate=fate,
        newest=f"/history?{urlencode(kept)}" if kept else "/history",
        older=None
        if found.older is None
        else f"/history?{urlencode({**kept, 'before': utc_text(found.older)})}",
    )


@signed(Role.LOOK)
def delivery(request: Request) -> Response:
    """Everything about one delivery."""
    office, key = office_of(request), request.path_params["key"]
    try:
        found = office.queue.show(key, office.now)
    except BadCall as error:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"No delivery is called {key}.") from error
    showings = office.queue.showings([shown.row.key for shown in found])
    lines = [_line(shown.row, showings.get(shown.row.key, ())) for shown in found]
    return page(
        request,
        "delivery.html.j2",
        deliveries=[(shown, line, _sides(line)) for shown, line in zip(found, lines, strict=True)],
        marks=STATES,
        fate=fate,
    )


def _states(name: str) -> Collection[State]:
    """The state that was asked for, or all that are past; BadCall where there is no such state."""
    if not name:
        return ENDED
    if name not in ENDED:
        raise BadCall(f"nothing past is called {name!r}; it can be {', '.join(ENDED)}")
    return (State(name),)


def _instant(text: str) -> int:
    """An instant, or a date in UTC, as an address has it; BadCall where it is none."""
    try:
        found = datetime.fromisoformat(text)
        return instant_of(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise BadCall(f"cannot read {text!r} as a time: write a date such as 2027-01-28") from error


def _line(row: Row, shown: Sequence[Showing]) -> Line:
    then = datetime.fromisoformat(local(row.at, row.slot.zone))
    parts = row.rendition.parts
    return Line(
        row=row,
        day=f"{then:%A}, {then.day} {then:%B %Y}",
        clock=f"{then:%H:%M}",
        zone=zone_sign(row.slot),
        sign=SIGNS[row.tone],
        mark=STATES[row.state],
        text=shorten(one_line(parts[0].text), _BEGINNING) if parts else "",
        parts=len(parts),
        why="" if row.state is State.SENT else row.waits or row.reason,
        shown=shown,
        is_up=is_up(row, shown),
        gone=gone(shown),
    )


def _sides(line: Line) -> tuple[Side, ...]:
    row = line.row
    shown = (*line.shown, *(None for _ in row.rendition.parts))
    return tuple(
        Side(pieces(part.text, row.network), part.media, part.length, part.limit, each)
        for part, each in zip(row.rendition.parts, shown, strict=False)
    )


ROUTES = (
    Route("/history", show, methods=["GET"]),
    Route("/delivery/{key}", delivery, methods=["GET"]),
)
