"""A text in pieces: what its network makes a link, a hashtag or a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.preview.wording import pieces

NETWORKS = ("x", "mastodon", "bluesky", "webhook", "")


def found(text: str, network: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in pieces(text, network) if piece.kind]


@given(
    st.text()
    | st.lists(st.sampled_from(["a.com", "https://b.org/#c", "#d", "@e@f.g", " ", "."])).map("".join),
    st.sampled_from(NETWORKS),
)
def test_pieces_joined_are_the_text(text: str, network: str) -> None:
    assert "".join(piece.text for piece in pieces(text, network)) == text


@pytest.mark.parametrize("network", NETWORKS)
def test_an_address_is_a_link_wherever_it_is_shown(network: str) -> None:
    assert ("link", "https://harbour.com/a") in found("See https://harbour.com/a.", network)


@pytest.mark.parametrize(
    ("network", "is_link"), [("x", True), ("bluesky", True), ("mastodon", False), ("webhook", False)]
)
def test_a_bare_domain_is_a_link_where_its_network_makes_one(network: str, *, is_link: bool) -> None:
    assert bool(found("See harbour.com for more", network)) is is_link


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bells #one2 #2 a#b &#39; ##c #é", [("tag", "#one2"), ("tag", "#é")]),
        ("@a, @b@c.social. d@e.com/@f", [("name", "@a"), ("name", "@b@c.social")]),
        ("https://a.com/#b/@c #d", [("link", "https://a.com/#b/@c"), ("tag", "#d")]),
        ("plain", []),
    ],
)
def test_tags_and_names_are_found_as_words(text: str, expected: list[tuple[str, str]]) -> None:
    assert [each for each in found(text, "mastodon") if "e.com" not in each[1]] == expected


def test_elsewhere_a_tag_is_a_word() -> None:
    assert found("#a @b", "webhook") == []
