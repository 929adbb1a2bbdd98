"""What a plan would cost on networks that charge for each post."""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from bot.model import ShownPart
from bot.planning.count import links
from bot.preview.view import View


class Prices(Struct, frozen=True):
    """What a network charges, in US dollars."""

    part: Decimal
    part_with_link: Decimal  #: instead of `part`, not on top of it
    alt: Decimal  #: each picture's alt text, sent on its own


class Bill(Struct, frozen=True):
    """What one account's share of a plan comes to; each part of a thread is charged as a post."""

    posts: int = 0
    usd: Decimal = Decimal(0)

    def __add__(self, price: Decimal) -> "Bill":
        return Bill(self.posts + 1, self.usd + price)


# Pay-per-use prices as they stood in 2026-02; networks not listed charge nothing.
PRICES: Mapping[str, Prices] = {"x": Prices(Decimal("0.015"), Decimal("0.200"), Decimal("0.005"))}


def bills(view: View) -> dict[str, Bill]:
    """What each account on a network that charges would pay, by the account's name."""
    found: dict[str, Bill] = {}
    for rendition in (each for planned in view.plan.posts for each in planned.renditions):
        if rendition.network in PRICES:
            prices = PRICES[rendition.network]
            bill = found.get(rendition.account, Bill())
            for part in rendition.parts:
                bill += _price(part, prices)
            found[rendition.account] = bill
    return dict(sorted(found.items()))


def dollars(amount: Decimal) -> str:
    """An amount with three decimals: `0.015`."""
    return f"{amount:.3f}"


def show(view: View) -> str:
    """One line an account that would pay, and their sum; a single line where nothing is charged."""
    found = bills(view)
    if not found:
        return "No network charges for these posts.\n"
    rows = [(name, bill.posts, bill.usd) for name, bill in found.items()]
    rows.append(("together", sum(row[1] for row in rows), sum((row[2] for row in rows), Decimal(0))))
    longest = max(len(name) for name, *_ in rows)
    return "".join(f"{name:<{longest}}  {posts:>5} posts  $ {usd:>9.3f}\n" for name, posts, usd in rows)


def has_link(text: str) -> bool:
    """Tell whether the network will find a link in the text: an address, or a bare domain."""
    return next(links(text), None) is not None


def _price(part: ShownPart, prices: Prices) -> Decimal:
    described = sum(1 for media in part.media if media.alt)
    return (prices.part_with_link if has_link(part.text) else prices.part) + prices.alt * described
