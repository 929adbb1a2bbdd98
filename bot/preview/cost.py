"""What a plan would cost on networks that charge for each post."""

from decimal import Decimal

from msgspec import Struct

from bot.planning.cost import PRICES, posts, price
from bot.preview.view import View

_MILLION = 1_000_000


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
    """What each account on a network that charges would pay, by the account's name."""
    found: dict[str, Bill] = {}
    for rendition in (each for planned in view.plan.posts for each in planned.renditions):
        if rendition.network in PRICES:
            bill = Bill(posts(rendition), price(rendition))
            found[rendition.account] = found.get(rendition.account, Bill()) + bill
    return dict(sorted(found.items()))


def dollars(amount: Decimal) -> str:
    """An amount with three decimals: `0.015`."""
    return f"{amount:.3f}"


def show(view: View) -> str:
    """One line an account that would pay, and their sum; a single line where nothing is charged."""
    found = bills(view)
    if not found:
        return "No network charges for these posts.\n"
    rows = [*found.items(), ("together", sum(found.values(), Bill()))]
    longest = max(len(name) for name, _ in rows)
    return "".join(f"{name:<{longest}}  {bill.posts:>5} posts  $ {bill.usd:>9.3f}\n" for name, bill in rows)
