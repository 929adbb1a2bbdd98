"""Where a person moves a post: as far from its neighbours as its accounts keep their posts apart."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.delivery.states import State
from bot.delivery.values import Row
from bot.desk.desk import Desk
from bot.desk.guards import may_move
from bot.errors import BadCall
from bot.model import Window
from bot.planning.quiet import BY_HAND
from bot.preview.view import zone_sign
from bot.zones import DAY, HOUR, MINUTE, local_text

#: What has its place in time: what is still to go out, and what has gone out or may have.
_STANDING = (State.PENDING, State.SENDING, State.UNKNOWN, State.SENT)
_REACH = 3 * DAY  #: around the instant that is wanted, in which a free one is looked for
_LARGEST = ((HOUR, "h"), (MINUTE, "m"), (1, "s"))


class Neighbour(Struct, frozen=True):
    """Another delivery of an account, when it is shown, and how far from it all others stay."""

    row: Row
    at: int
    gap: int

    def is_near(self, at: int) -> bool:
        """Tell whether an instant lies within the gap."""
        return abs(at - self.at) < self.gap

    @property
    def told(self) -> str:
        """What a sentence says of it: its account with the gap, its post, and its hour by its own clock."""
        row, slot = self.row, self.row.slot
        whose = "by hand" if slot.schedule.startswith(BY_HAND) else slot.schedule
        of_event = f", of {slot.event}" if slot.event else ""
        goes = "went" if row.state is State.SENT else "goes"
        when = (
            f"{local_text(self.at, slot.zone)[:16].replace('T', ' ')} {zone_sign(replace(slot, at=self.at))}"
        )
        gap = f"{row.account}, which keeps {_length(self.gap)} between posts"
        return f"{gap}: {row.post} ({whose}{of_event}) {goes} out at {when}"


class TooNear(BadCall):
    """Another post of its account is nearer than that account's smallest gap; a person may mean it all the same."""


def refuse_nearness(desk: Desk, rows: Sequence[Row], at: int) -> None:
    """Keep deliveries, put at an instant, from standing nearer to others than the smallest gap of an account.

    TooNear names the one that is, and the nearest instants before and after that are free and at which they may be.
    """
    moving = [row for row in rows if row.state is State.PENDING]
    neighbours = [each for row in moving for each in _neighbours(desk, row, at)]
    near = [each for each in neighbours if each.is_near(at)]
    if not near:
        return
    free = (_free_before(at, neighbours), _free_after(at, neighbours))
    fits = [
        local_text(each, moving[0].slot.zone)
        for each in free
        if each >= desk.now and may_move(desk, moving[0], each)
    ]
    hint = f"free is {' or '.join(fits)}" if fits else "no instant near it is free"
    nearest = min(near, key=lambda each: abs(each.at - at))
    raise TooNear(f"too near on {nearest.told}; {hint}")


def _neighbours(desk: Desk, row: Row, at: int) -> Iterator[Neighbour]:
    """The others on the account of a delivery, near an instant, if the account keeps any gap."""
    account = desk.project.schedules.accounts.get(row.account)
    if account is None or not account.min_gap:
        return
    around = Window(at - _REACH, at + _REACH)
    for other in desk.queue.rows(desk.now, window=around, states=_STANDING, account=row.account):
        if other.slot.key != row.slot.key:
            yield Neighbour(
                other, max((proof.at for proof in other.receipts), default=other.at), account.min_gap
            )


def _free_before(at: int, neighbours: list[Neighbour]) -> int:
    while near := [each for each in neighbours if each.is_near(at)]:
        at = min(each.at - each.gap for each in near)
    return at


def _free_after(at: int, neighbours: list[Neighbour]) -> int:
    while near := [each for each in neighbours if each.is_near(at)]:
        at = max(each.at + each.gap for each in near)
    return at


def _length(seconds: int) -> str:
    """A length of time as files have it: `90m`, `2h`."""
    size, sign = next((size, sign) for size, sign in _LARGEST if seconds % size == 0)
    return f"{seconds // size}{sign}"
