"""Facets, record keys and content ids: laws, and the stories behind them."""

import itertools
from typing import Any

import libipld
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.publishers.bluesky.facets import Words, shortened, words
from bot.publishers.bluesky.ids import content_id, record_key
from tests.fakes.asks import AT
from tests.fakes.bluesky import cid_of, dag_cbor

DIGITS = "234567abcdefghijklmnopqrstuvwxyz"


def spans(text: str) -> list[tuple[str, str, str]]:
    return [(text[span.start : span.end], span.kind, span.target) for span in words(text).spans]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See https://example.org/a?b=c#d.", ["https://example.org/a?b=c#d"]),
        ("(https://en.wikipedia.org/wiki/Mars_(planet))", ["https://en.wikipedia.org/wiki/Mars_(planet)"]),
        ("[https://example.org/a]", ["https://example.org/a"]),
        ("[https://example.org/a[1]]", ["https://example.org/a[1]"]),
        ("HTTP://EXAMPLE.ORG", ["HTTP://EXAMPLE.ORG"]),
        ("„https://example.org/straße“…", ["https://example.org/straße“"]),
        ("nasa.gov and www.museum.org/today!", ["nasa.gov", "www.museum.org/today"]),
        ("bbc.co.uk, youtu.be/abc and nasa.gov:8080/x", ["bbc.co.uk", "youtu.be/abc", "nasa.gov:8080/x"]),
        ("münchen.de/museum", ["münchen.de/museum"]),
        ("nasa.gov?", ["nasa.gov"]),
        ("nasa.gov/@friend.test", ["nasa.gov/@friend.test"]),
        ("The end.In the morning, at 10 a.m., e.g. in the U.S.", []),
        ("v1.2.3 costs 3.14 at No.It", []),
        ("info@nasa.gov first.info@nasa.gov", []),
        ("nasa.government nasa.gov-like", []),
        ("http:// https://... https://", []),
    ],
)
def test_links_are_found_as_people_mean_them(text: str, links: list[str]) -> None:
    assert [found for found, kind, _ in spans(text) if kind == "link"] == links


def test_a_bare_domain_leads_to_its_secure_address() -> None:
    assert spans("nasa.gov/x") == [("nasa.gov/x", "link", "https://nasa.gov/x")]


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("Thank you @Friend.Test.", ["@Friend.Test"]),
        ("(@a.b-c.test)", ["@a.b-c.test"]),
        ("friend@museum.test, @friend, @-a.test, x/@a.test", []),
        ("@a.test@b.test", ["@a.test"]),
    ],
)
def test_mentions_are_found(text: str, handles: list[str]) -> None:
    assert [found for found, kind, _ in spans(text) if kind == "mention"] == handles


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#Mars, #on-this-day! #火星 \uff03Mond", ["#Mars", "#on-this-day", "#火星", "\uff03Mond"]),
        ("#2026 #1st #- #", ["#1st"]),
        ("a#b ##c #️⃣ (#d)", []),
        ("#" + "x" * 64 + " #" + "y" * 65, ["#" + "x" * 64]),
    ],
)
def test_hashtags_are_found_as_the_app_finds_them(text: str, tags: list[str]) -> None:
    assert [found for found, kind, _ in spans(text) if kind == "tag"] == tags


@pytest.mark.parametrize("text", ["https://example.org/@friend.test#tag", "#tag,https://example.org"])
def test_a_link_wins_over_what_would_stand_within_it_or_around_it(text: str) -> None:
    assert [kind for _, kind, _ in spans(text)] == ["link"]


PIECES = st.sampled_from(
    [
        "https://example.org/a?b",
        "nasa.gov",
        "@friend.test",
        "#Mond",
        "👩🏽‍🚀",
        "ü",
        "e\u0301",
        "\u200f",
        "𒀀",
        " ",
        "\n",
        "x",
    ]
)
ANY = st.lists(PIECES | st.characters(codec="utf-8"), max_size=30).map("".join)


@given(ANY)
def test_facets_cut_exactly_the_words_out_of_the_bytes_of_any_text(text: str) -> None:
    found = words(text)

    facets = found.facets({handle: f"did:plc:{handle}" for handle in found.handles})

    cut = [
        text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode() for facet in facets
    ]
    assert cut == [text[span.start : span.end] for span in found.spans]


@given(ANY)
def test_facets_are_in_order_and_never_one_within_another(text: str) -> None:
    found = words(text).spans

    assert all(span.start < span.end for span in found)
    assert all(one.end <= next_one.start for one, next_one in itertools.pairwise(found))


@given(ANY)
def test_a_link_below_a_text_leaves_what_is_above_as_it_was(text: str) -> None:
    url = "https://example.org/a/very/long/address/of/a/post"

    below = words(text).with_link(url)

    last = below.spans[-1]
    assert below.text.startswith(text)
    assert below.text[last.start : last.end] == shortened(url)
    assert (last.target, below.spans[:-1]) == (url, words(text).spans)


def test_a_link_without_a_text_stands_alone() -> None:
    assert Words("").with_link("https://nasa.gov").text == "nasa.gov"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://nasa.gov/x", "nasa.gov/x"),
        ("https://" + "x" * 30, "x" * 30),
        ("https://" + "x" * 31, "x" * 29 + "…"),
    ],
)
def test_an_address_is_shown_without_its_scheme_and_not_too_long(url: str, shown: str) -> None:
    assert shortened(url) == shown


@given(st.text("0123456789abcdef", min_size=24, max_size=24), st.integers(0, 2**33), st.integers(1, 9_999))
def test_a_record_key_is_one_that_servers_take(key: str, at: int, part: int) -> None:
    found = record_key(key, part, at=at)

    assert len(found) == 13
    assert set(found) <= set(DIGITS)
    assert found[0] in "234567abcdefghij"  # the highest bit is not used


@given(st.text(max_size=5), st.integers(0, 2**33), st.integers(1, 100))
def test_record_keys_sort_by_time_and_parts_in_their_order(key: str, at: int, part: int) -> None:
    keys = [record_key(key, part, at=at), record_key(key, part + 1, at=at), record_key(key, 1, at=at + 1)]

    assert keys == sorted(set(keys))


def test_a_record_key_counts_microseconds_since_1970() -> None:
    number = 0
    for digit in record_key("any", 1, at=AT):
        number = number << 5 | DIGITS.index(digit)

    assert number >> 10 in range(AT * 1_000_000, (AT + 1) * 1_000_000)


def test_deliveries_of_one_second_do_not_meet() -> None:
    keys = {record_key(f"delivery {number}", 1, at=AT) for number in range(2_000)}

    assert len(keys) == 2_000


#: What the official server answered for this record.
SEEN: dict[str, Any] = {
    "$type": "app.bsky.feed.post",
    "text": "part 2",
    "createdAt": "2026-11-22T19:53:32.001Z",
    "embed": {
        "$type": "app.bsky.embed.images",
        "images": [
            {
                "alt": "noise",
                "aspectRatio": {"width": 1322, "height": 1057},
                "image": {
                    "$type": "blob",
                    "ref": {"$link": "bafkreifelqthnjvmn7nlf5g7xoyp6wkwfw4zyoodthdvqxnfyqj5dujjye"},
                    "mimeType": "image/jpeg",
                    "size": 925780,
                },
            }
        ],
    },
    "langs": ["en"],
    "reply": {
        name: {
            "uri": "at://did:plc:bmhhj53zniqqp2qidhs4fgw5/app.bsky.feed.post/3n2wfejqlgiu5",
            "cid": "bafyreigyz6nhdndrjzwkotkdlqt5nmkhuiqjmeefsd7xtboq45p5vm5sey",
        }
        for name in ("root", "parent")
    },
}


def test_a_content_id_is_the_one_that_the_official_server_computes() -> None:
    assert content_id(SEEN) == "bafyreibwotzdtgwtej4jfehcfddxete3mfuj6r4ra3rn4cdku6e6tq5jva"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**40) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=30), inner, max_size=5),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=10), VALUES, max_size=6))
def test_a_content_id_is_what_the_specification_says_for_any_record(record: dict[str, Any]) -> None:
    assert content_id(record) == cid_of(record)
    assert libipld.decode_dag_cbor(dag_cbor(record)) == record
