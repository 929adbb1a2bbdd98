"""What it costs to show a rendition."""

import pytest

from bot.model import Media, Quoted, Rendition, ShownPart
from bot.planning.cost import part_price, posts, price

DESCRIBED, BARE = Media("a.png", "A bell."), Media("b.png", "")


def rendition(*texts: str, network: str = "x", quote: Quoted | None = None) -> Rendition:
    parts = tuple(ShownPart(text, len(text), 280) for text in texts)
    return Rendition("mars", network, "key", parts, quote=quote)


@pytest.mark.parametrize(
    ("shown", "millionths"),
    [
        (rendition("Words."), 15_000),
        (rendition("Words.", "More.", "And more."), 45_000),
        (rendition("Words.", "See nasa.gov."), 215_000),
        (rendition("See https://harbour.example"), 200_000),
        (rendition("Words.", "More.", quote=Quoted(post="rover/landing")), 215_000),
        (rendition("See nasa.gov.", quote=Quoted(url="https://x.com/a/status/1")), 200_000),
        (rendition("See nasa.gov.", network="mastodon"), 0),
        (rendition("Words.", network="bluesky", quote=Quoted(post="rover/landing")), 0),
    ],
)
def test_a_post_a_link_and_a_quote_have_their_price(shown: Rendition, millionths: int) -> None:
    assert price(shown) == millionths


@pytest.mark.parametrize(("quote", "millionths"), [(None, 25_000), (Quoted(post="rover/landing"), 210_000)])
def test_each_alt_text_has_its_price(quote: Quoted | None, millionths: int) -> None:
    part = ShownPart("Words.", 6, 280, (DESCRIBED, BARE, DESCRIBED))

    assert price(Rendition("mars", "x", "key", (part,), quote=quote)) == millionths
    assert part_price(part, "x") == 25_000
    assert part_price(part, "webhook") == 0


def test_each_part_is_a_post_on_any_network() -> None:
    assert [posts(rendition("One.", "Two.", network=network)) for network in ("x", "webhook")] == [2, 2]
