"""Addresses that a post may quote, held against the publishers that have to understand them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.contracts import Quote
from bot.planning.quotes import PATTERNS
from bot.publishers.bluesky.quotes import plain_link, quoted_post
from bot.publishers.x.timeline import id_in


@given(st.from_regex(PATTERNS["x"], fullmatch=True))
def test_x_knows_the_post_of_every_address_that_passes(address: str) -> None:
    assert id_in(address).isdecimal()


@given(st.from_regex(PATTERNS["bluesky"], fullmatch=True))
def test_bluesky_knows_the_post_of_every_address_that_passes(address: str) -> None:
    quote = Quote("", address)

    assert quoted_post(quote) is not None
    assert plain_link(quote).startswith("https://bsky.app/profile/")


@given(st.from_regex(PATTERNS["mastodon"], fullmatch=True))
def test_what_passes_for_mastodon_can_be_a_plain_link(address: str) -> None:
    assert address.startswith("https://")
    assert not any(sign.isspace() for sign in address)
