"""What networks show of deliveries of which nobody knows whether they arrived: a person looks before deciding."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct

from bot.contracts import Publisher, Receipt
from bot.delivery.answers import ready
from bot.delivery.deliver import Satchel, sight
from bot.delivery.states import State
from bot.desk.desk import Desk
from bot.errors import Answer, BadCall
from bot.model import Account


class Sight(Struct, frozen=True):
    """What was seen of one delivery."""

    key: str
    account: str
    said: str  #: a sentence
    url: str = ""  #: where it stands; empty: it was not seen


def look(
    desk: Desk, key: str, *, clock: Callable[[], int], publisher_of: Callable[[Account], Publisher]
) -> tuple[Sight, ...]:
    """Ask the networks what they have of the unknown deliveries of a key; nothing is decided by it.

    BadCall where none is unknown. It takes as long as an account's timeout, at most.
    """
    satchel = Satchel(desk.queue, clock, desk.project.root)
    found = [
        _look(desk, row.key, satchel, publisher_of) for row in desk.rows(key) if row.state is State.UNKNOWN
    ]
    if not found:
        raise BadCall("nothing is unknown there any more: look at it again")
    return tuple(found)


def _look(desk: Desk, key: str, satchel: Satchel, publisher_of: Callable[[Account], Publisher]) -> Sight:
    unknown = desk.queue.unknown_now(key)
    row = desk.rows(key)[0]
    account = desk.project.schedules.accounts.get(row.account)
    if unknown is None or not unknown.claim.missing:
        return Sight(key, row.account, "it has been cleared up meanwhile: look at it again")
    if account is None:
        return Sight(key, row.account, "there is no such account any more: look there yourself")
    if unknown.live != account.live:
        was = "live" if unknown.live else "a dry run"
        return Sight(key, row.account, f"it was {was} when it was asked, and is not now: look there yourself")
    return _said(key, account, sight(satchel, unknown, ready(partial(publisher_of, account))))


def _said(key: str, account: Account, seen: Receipt | Answer | None) -> Sight:
    if isinstance(seen, Receipt):
        return Sight(key, account.name, f"{account.network} shows it at {seen.url}", seen.url)
    if seen is None:
        return Sight(
            key,
            account.name,
            f"{account.network} does not show it; if it was asked just now, look again in a minute",
        )
    return Sight(key, account.name, f"{account.network} did not tell: {seen}")
