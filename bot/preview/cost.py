"""What a plan would cost on networks that charge for each post."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from bot.planning.cost import PRICES, posts, price
from bot.preview.forecast import Forecast, Month, words
from bot.preview.view import View, counted

_MILLION = 1_000_000
_SUM = "together"
_DRY = " (a dry run spends none of it)"


class Bill(Struct, frozen=True):
    """What one account's share of a plan comes to; each part of a thread is charged as a post."""

    posts: int = 0
    millionths: int = 0  #: of a US dollar

    @property
    def usd(self) -> Decimal:
        """The same in US dollars."""
        return Decimal(self.millionths) / _MILLION

    def __add__(self, other: "Bill") -> "Bill":
        return Bill(self.posts + other.posts, self.millionths + other.millionths)


def bills(view: View) -> dict[str, Bill]:
    """What each account that has a budget, or is on a network that charges, would pay, by the account's name."""
    found: dict[str, Bill] = {}
    for rendition in (each for planned in view.plan.posts for each in planned.renditions):
        if rendition.network in PRICES or rendition.account in view.budgets:
            bill = Bill(posts(rendition), price(rendition))
            found[rendition.account] = found.get(rendition.account, Bill()) + bill
    return dict(sorted(found.items()))


def dollars(amount: Decimal) -> str:
    """An amount with three decimals: `0.015`."""
    return f"{amount:.3f}"


def show(view: View) -> str:
    """One line an account that would pay, with its budget below, and their sum; a single line where nothing is charged."""
    found = bills(view)
    if not found:
        return "No network charges for these posts.\n"
    longest = max(map(len, [*found, _SUM]))
    lines: list[str] = []
    for name, bill in found.items():
        lines.append(_line(name, bill, longest))
        lines += (
            _budget(view.budgets[name], _DRY if view.is_dry_run(name) else "") if name in view.budgets else ()
        )
    lines.append(_line(_SUM, sum(found.values(), Bill()), longest))
    return "".join(f"{line}\n" for line in lines)


def _line(name: str, bill: Bill, longest: int) -> str:
    return f"{name:<{longest}}  {bill.posts:>5} posts  $ {bill.usd:>9.3f}"


def _budget(found: Forecast, note: str) -> Iterator[str]:
    """The budget, and each month's share with the day on which it runs out."""
    yield f"  budget: {words(found.budget)}{note}"
    for month in found.months:
        out = f", {month.out} of them out already" if month.out else ""
        yield f"  {month.name}: {counted(month.posts, 'post')} for ${dollars(_usd(month))}{out}"
        if month.over:
            yield f"    over it first on {month.over}: {counted(month.stopped, 'post')} would fail or wait"


def _usd(month: Month) -> Decimal:
    return Bill(month.posts, month.millionths).usd
