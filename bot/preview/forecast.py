"""What will not go out as it is shown: quotes of what was never there, and posts for which no budget is left."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from bot.model import Account, Budget, Plan, PlannedPost, Rendition
from bot.planning.cost import posts, price
from bot.zones import DAY, date_of, day_of, zone

#: The posts of an account from an instant on, and what they cost in millionths of a US dollar.
Spent = Callable[[int], tuple[int, int]]


class Coming(Struct, frozen=True):
    """A rendition that is still to be shown."""

    at: int
    post: str
    rendition: Rendition


class Month(Struct, frozen=True):
    """A month of an account with a budget, as far as it is planned; dates are those of the account's zone."""

    name: str  #: `2027-01`
    posts: int
    millionths: int  #: of a US dollar
    out: int  #: how many of the posts are out already
    stopped: int = 0  #: how many planned posts find no room in the budget: they fail, or wait
    over: date | None = None  #: the day of the first of them


class Forecast(Struct, frozen=True):
    """A budget beside what is planned to be spent of it, month by month."""

    budget: Budget
    months: tuple[Month, ...]

    @property
    def stopped(self) -> int:
        """How many planned posts find no room in the budget."""
        return sum(month.stopped for month in self.months)

    @property
    def over(self) -> date | None:
        """The day of the first of them."""
        return next((month.over for month in self.months if month.over), None)


def coming(plan: Plan, now: int, waiting: Container[str]) -> tuple[Coming, ...]:
    """What is still to be shown of a plan, by time; of what is queued already, that which is `waiting` by its key."""
    found = (
        Coming(max(planned.slot.at, now), planned.post.id, shown)
        for planned in plan.posts
        for shown in still_to_come(planned, now, waiting)
    )
    return tuple(sorted(found, key=lambda each: each.at))


def still_to_come(planned: PlannedPost, now: int, waiting: Container[str]) -> tuple[Rendition, ...]:
    """What is still to be shown of a planned post: see `coming`."""
    is_ahead = planned.state == "planned" and planned.slot.at >= now
    return tuple(shown for shown in planned.renditions if is_ahead or shown.key in waiting)


def unquotable(found: Iterable[Coming], was_shown: Callable[[str, str], bool]) -> frozenset[str]:
    """The keys of what quotes a post of ours that its account will not have shown by then.

    `was_shown` tells whether a post, by its id, is there on an account already.
    """
    seen: set[tuple[str, str]] = set()
    keys = set()
    for each in found:
        account, quote = each.rendition.account, each.rendition.quote
        if quote and quote.post and (quote.post, account) not in seen and not was_shown(quote.post, account):
            keys.add(each.rendition.key)
        else:
            seen.add((each.post, account))
    return frozenset(keys)


def forecast(found: Iterable[Coming], account: Account, spent: Spent, *, now: int, since: int) -> Forecast:
    """What an account is planned to spend in the months from `since` on, beside what it has spent.

    What finds no room spends nothing.
    """
    ours = [each for each in found if each.rendition.account == account.name]
    over = _over(ours, account, spent, now)
    by_month: dict[date, list[Coming]] = {}
    for each in ours:
        by_month.setdefault(_day(account, each.at).replace(day=1), []).append(each)
    months = (
        _month(first, those, out=_out(first, account, spent, now), over=over)
        for first, those in sorted(by_month.items())
        if those[-1].at >= since
    )
    return Forecast(account.budget, tuple(months))


def _month(first: date, those: Sequence[Coming], *, out: tuple[int, int], over: Mapping[str, date]) -> Month:
    said, paid = out
    days = [over[each.rendition.key] for each in those if each.rendition.key in over]
    return Month(
        name=f"{first:%Y-%m}",
        posts=said + sum(posts(each.rendition) for each in those),
        millionths=paid + sum(price(each.rendition) for each in those),
        out=said,
        stopped=len(days),
        over=min(days, default=None),
    )


def _over(ours: Iterable[Coming], account: Account, spent: Spent, now: int) -> dict[str, date]:
    """The keys of what finds no room, with their days."""
    from bot.delivery.budgets import bounds  # noqa: PLC0415 - SQLAlchemy costs start-up time, and few have budgets

    used: dict[tuple[str, int], tuple[int, int]] = {}
    found = {}
    for each in ours:
        said, paid = posts(each.rendition), price(each.rendition)
        after = {}
        for bound in bounds(account, each.at):
            name = (bound.name, bound.since)
            before = used.get(name) or (spent(bound.since) if bound.since <= now else (0, 0))
            after[name] = (before[0] + said, before[1] + paid)
            if _is_past(bound.posts, after[name][0]) or _is_past(bound.usd, after[name][1]):
                found[each.rendition.key] = _day(account, each.at)
        if each.rendition.key not in found:
            used |= after
    return found


def _is_past(bound: int | None, used: int) -> bool:
    return bound is not None and used > bound


def _out(first: date, account: Account, spent: Spent, now: int) -> tuple[int, int]:
    """What was spent already of the month that begins on a day."""
    since = zone(account.zone).midnight(day_of(first))
    return spent(since) if since <= now else (0, 0)


def _day(account: Account, at: int) -> date:
    return date_of(zone(account.zone).wall(at) // DAY)


def words(budget: Budget) -> str:
    """A budget as people say it: `$20.000 and 500 posts a month, 17 posts a day`."""
    return ", ".join(
        f"{' and '.join(parts)} a {name}"
        for name, usd, number in (
            ("month", budget.usd, budget.posts),
            ("day", budget.daily_usd, budget.daily_posts),
        )
        if (parts := list(_parts(usd, number)))
    )


def _parts(usd: int | None, number: int | None) -> Iterator[str]:
    if usd is not None:
        yield f"${usd / 1_000_000:.3f}"
    if number is not None:
        yield f"{number} {'post' if number == 1 else 'posts'}"
