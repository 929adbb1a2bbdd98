"""What an account may spend and say: what a delivery may cost it is reserved before the network is asked."""

from datetime import date

from msgspec import Struct
from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects.sqlite import insert as insert_once

from bot.delivery.database import Database
from bot.delivery.statements import Fixed
from bot.delivery.tables import spend
from bot.errors import NotNow
from bot.model import Account, Budget, Rendition
from bot.planning.cost import posts, price
from bot.zones import DAY, date_of, day_of, zone


class Bound(Struct, frozen=True):
    """What may be spent and said from one instant until another; None where there is no bound."""

    name: str  #: such as `the month`
    since: int
    until: int
    posts: int | None
    usd: int | None  #: millionths of a US dollar


class Cost(Struct, frozen=True):
    """What a delivery may cost its account at most, and the bounds that it must keep within."""

    account: str
    posts: int
    usd: int  #: millionths of a US dollar
    bounds: tuple[Bound, ...] = ()


class Budgets(Database):
    """The side of the queue that counts what was spent."""

    def spent(self, account: str, since: int) -> tuple[int, int]:
        """The posts of an account from an instant on, and what they cost in millionths of a US dollar."""
        with self.reading() as connection:
            return _spent(connection, account, since, besides="")


def cost_of(rendition: Rendition, account: Account, now: int) -> Cost:
    """What a rendition may cost an account at this instant."""
    return Cost(account.name, posts(rendition), price(rendition), bounds(account, now))


def bounds(account: Account, now: int) -> tuple[Bound, ...]:
    """The bounds of an account's budget that are in force: of the month and of the day, by the clock of its zone."""
    budget = account.budget
    if budget == Budget():
        return ()
    clock = zone(account.zone)
    today = clock.wall(now) // DAY
    first = date_of(today).replace(day=1)
    month = clock.midnight(day_of(first)), clock.midnight(day_of(_next_month(first)))
    found = (
        Bound("the month", *month, posts=budget.posts, usd=budget.usd),
        Bound(
            "the day",
            clock.midnight(today),
            clock.midnight(today + 1),
            posts=budget.daily_posts,
            usd=budget.daily_usd,
        ),
    )
    return tuple(each for each in found if each.posts is not None or each.usd is not None)


def over(connection: Connection, cost: Cost, key: str, now: int) -> NotNow | None:
    """What stands in the way of spending so much now, besides what `key` itself has reserved; None where nothing does."""
    for bound in cost.bounds:
        said, paid = _spent(connection, cost.account, bound.since, besides=key)
        if bound.posts is not None and said + cost.posts > bound.posts:
            message = (
                f"the budget of {cost.account} is {bound.posts} posts for {bound.name}, and {said} are used"
            )
            return NotNow(message, after=bound.until)
        if bound.usd is not None and paid + cost.usd > bound.usd:
            message = (
                f"the budget of {cost.account} is {_dollars(bound.usd)} for {bound.name}, {_dollars(paid)} are spent, "
                f"and this may cost {_dollars(cost.usd)}"
            )
            return NotNow(message, after=max(bound.until, now))
    return None


def reserve(connection: Connection, cost: Cost, key: str, now: int) -> None:
    """Write down what a delivery may cost, in place of what it reserved before."""
    values = {"account": cost.account, "at": now, "posts": cost.posts, "usd": cost.usd}
    _RESERVE.run(connection, {"delivery": key, **values})


_INSERT = insert_once(spend)
_COLUMNS = ("account", "at", "posts", "usd")
_RESERVE = Fixed(
    _INSERT.on_conflict_do_update(
        index_elements=["delivery"], set_={name: _INSERT.excluded[name] for name in _COLUMNS}
    ),
    "delivery",
    *_COLUMNS,
)
_SPENT = select(func.coalesce(func.sum(spend.c.posts), 0), func.coalesce(func.sum(spend.c.usd), 0)).where(
    spend.c.account == bindparam("account"),
    spend.c.at >= bindparam("since"),
    spend.c.delivery != bindparam("besides"),
)


def _spent(connection: Connection, account: str, since: int, *, besides: str) -> tuple[int, int]:
    row = connection.execute(_SPENT, {"account": account, "since": since, "besides": besides}).one()
    return row[0], row[1]


def _dollars(millionths: int) -> str:
    return f"${millionths / 1_000_000:.3f}"


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
