"""What it costs to show a rendition on networks that charge for each post, in millionths of a US dollar."""

from collections.abc import Mapping

from msgspec import Struct

from bot.model import Rendition, ShownPart
from bot.planning.links import links


class Prices(Struct, frozen=True):
    """What a network charges, in millionths of a US dollar."""

    part: int
    part_with_link: int  #: instead of `part`, not on top of it
    alt: int  #: each picture's alt text, sent on its own


#: X's pay-per-use prices as they stood in 2026-02; networks not listed charge nothing.
PRICES: Mapping[str, Prices] = {"x": Prices(part=15_000, part_with_link=200_000, alt=5_000)}


def price(rendition: Rendition) -> int:
    """What a rendition may cost at most: a quote is charged as the link that it may have to be."""
    quoting = 1 if rendition.quote else 0
    first, others = rendition.parts[:quoting], rendition.parts[quoting:]
    return sum(_price_quoting(part, rendition.network) for part in first) + sum(
        part_price(part, rendition.network) for part in others
    )


def part_price(part: ShownPart, network: str) -> int:
    """What one part costs by itself; a part of a thread is charged as a post."""
    if (prices := PRICES.get(network)) is None:
        return 0
    return (prices.part_with_link if has_link(part.text) else prices.part) + _alt_price(part, prices)


def posts(rendition: Rendition) -> int:
    """How many posts a rendition is, as the network counts them: one a part."""
    return len(rendition.parts)


def has_link(text: str) -> bool:
    """Tell whether the network may find a link in the text: a bare domain, or an address, even of a domain unknown."""
    return "://" in text or next(links(text), None) is not None


def _price_quoting(part: ShownPart, network: str) -> int:
    prices = PRICES.get(network)
    return prices.part_with_link + _alt_price(part, prices) if prices else 0


def _alt_price(part: ShownPart, prices: Prices) -> int:
    return prices.alt * sum(1 for media in part.media if media.alt)
