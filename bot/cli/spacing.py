"""Where a person moves a post: as far from its neighbours as its accounts keep their posts apart."""

from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from bot.cli.here import Here
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.values import Row
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


def refuse_nearness(place: Here, queue: Queue, key: str, at: int, *, may_be: Callable[[int], bool]) -> None:
    """Keep what a key names, put at an instant, from standing nearer to others than the smallest gap of an account.

    BadCall names the one that is too near, and the nearest instants before and after that are free and `may_be`.
    """
    moving = [shown.row for shown in queue.show(key, place.now) if shown.row.state is State.PENDING]
    neighbours = [each for row in moving for each in _neighbours(place, queue, row, at)]
    near = [each for each in neighbours if each.is_near(at)]
    if not near:
        return
    free = (_free_before(at, neighbours), _free_after(at, neighbours))
    fits = [local_text(each, moving[0].slot.zone) for each in free if each >= place.now and may_be(each)]
    hint = f"free is {' or '.join(fits)}" if fits else "no instant near it is free"
    nearest = min(near, key=lambda each: abs(each.at - at))
    raise BadCall(f"too near on {nearest.told}; {hint}; --anyway if you mean it")


def _neighbours(place: Here, queue: Queue, row: Row, at: int) -> Iterator[Neighbour]:
    """The others on the account of a delivery, near an instant, if the account keeps any gap."""
    account = place.project.schedules.accounts.get(row.account)
    if account is None or not account.min_gap:
        return
    around = Window(at - _REACH, at + _REACH)
    for other in queue.rows(place.now, window=around, states=_STANDING, account=row.account):
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
