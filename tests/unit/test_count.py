"""Length, as each network counts it."""

# ruff: noqa: RUF001 - unlike letters that look alike are the point

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Limits
from bot.planning.count import fits, length, links, measure, quote_room
from bot.planning.links import addresses

X, MASTODON, GRAPHEMES, CHARACTERS = (
    Limits(counting=rule) for rule in ("x", "mastodon", "graphemes", "characters")
)
X_LINK = 23
FAMILY, FLAG, SCOTLAND, THUMB = "👩‍👩‍👧", "🇵🇹", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👍🏽"
LONG = "https://science.nasa.gov/mission/" + "a" * 300


@pytest.mark.parametrize(
    ("text", "weight", "reason"),
    [
        ("", 0, "nothing weighs nothing"),
        ("Seven years on Mars.", 20, "a letter weighs one"),
        ("naïve café", 10, "so does an accented one"),
        ("cafe\u0301", 4, "letter and accent are counted as the one letter they make"),
        ("Марс Άρης مريخ", 14, "and Cyrillic, Greek and Arabic"),
        ("火星", 4, "a Chinese sign weighs two"),
        ("화성", 4, "a Korean syllable weighs two"),
        ("\u1112\u116a\u1109\u1165\u11bc", 4, "however it was typed"),
        ("“quoted” – it’s…", 17, "curly quotes and dashes weigh one, an ellipsis two"),
        ("10 €", 5, "the euro sign weighs two"),
        ("a\u200bb", 3, "an invisible space weighs one"),
        ("two\nlines", 9, "a line break is one character"),
        ("😀", 2, "an emoji weighs two"),
        ("😀😀", 4, "each by itself"),
        ("☀", 2, "an old sign that became an emoji too"),
        ("☀️", 2, "with or without the selector that colours it"),
        ("❤️🚀", 4, "a selector ends an emoji, it is none"),
        (THUMB, 2, "a skin tone belongs to its hand"),
        (FAMILY, 2, "a family is one emoji, whoever is in it"),
        ("👩🏽‍🚀", 2, "an astronaut too"),
        (FLAG, 2, "a flag is two letters and one emoji"),
        (FLAG + "🇺🇸", 4, "two flags are two"),
        (SCOTLAND, 2, "a flag spelled in tags is one"),
        ("1️⃣", 2, "a keycap is one"),
        ("#⃣", 2, "without a selector as well"),
        ("©", 1, "a copyright sign is a letter"),
        ("©️", 2, "until a selector makes it an emoji"),
        ("👍\u0301", 3, "what stands on an emoji and is no part of it is counted"),
        ("👁️‍🗨️", 2, "pictures that were letters are joined too"),
        ("🏃🏿‍♀️‍➡️", 2, "with skin tone and direction"),
        ("⛹🏽‍♂️", 2, "with a skin tone in place of the selector"),
        ("☝️🏽", 2, "or with both"),
        ("🏳‍🌈", 5, "without its selector a letter joins nothing"),
        ("🧑🏻‍🩰", 2, "those of later years than the library's list too"),
        ("🫟🪾🫩", 6, "and those of the latest"),
        ("\U0001fc00‍🔥", 2, "and those to come"),
        ("🚀🏽", 4, "a rocket has no skin: a rocket and a tone"),
        ("👍️", 4, "a selector that changes nothing counts"),
        ("☀︎", 4, "one that makes a letter of it as well"),
        ("🇵", 2, "half a flag is a sign by itself"),
        ("🏴󠁧󠁢", 6, "a flag that is not finished is all its signs"),
        ("™️ ®️ ®", 7, "a sign of trade as well as of copyright"),
        ("\u200e\u200f", 4, "marks of direction weigh two"),
        ("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", 18, "all of them"),
        ("\u061c", 1, "but for the Arabic one"),
        ("A\ufb2c", 4, "what cannot be composed comes apart"),
    ],
)
def test_x_weighs_letters_and_emoji(text: str, weight: int, reason: str) -> None:
    assert length(text, X) == weight, reason


@pytest.mark.parametrize(
    ("text", "found", "reason"),
    [
        ("https://nasa.gov", ["https://nasa.gov"], "an address with a scheme"),
        ("HTTP://NASA.GOV/X", ["HTTP://NASA.GOV/X"], "in any case"),
        (LONG, [LONG], "as long as it may be"),
        ("nasa.gov", ["nasa.gov"], "a bare domain is a link"),
        ("go.nasa.gov/3x", ["go.nasa.gov/3x"], "with a path too"),
        ("www.esa.int:8080/a?b=c#d", ["www.esa.int:8080/a?b=c#d"], "with port, query and place"),
        ("it.so foo.jp", ["it.so", "foo.jp"], "a country's domain"),
        ("bbc.co.uk", ["bbc.co.uk"], "a country's domain with two dots"),
        ("bit.ly/abc", ["bit.ly/abc"], "or with a path"),
        ("See nasa.gov, or esa.int.", ["nasa.gov", "esa.int"], "a comma and a full stop are the sentence's"),
        ("Is it at nasa.gov?", ["nasa.gov"], "so is a question mark"),
        ("nasa.gov/x!”", ["nasa.gov/x"], "and what ends a quotation"),
        ("https://nasa.gov/x…", ["https://nasa.gov/x"], "and an ellipsis"),
        ("(nasa.gov/x)", ["nasa.gov/x"], "a bracket around it is the sentence's"),
        ("(see nasa.gov/x).", ["nasa.gov/x"], "with a full stop behind it as well"),
        ("nasa.gov/Mars_(planet)", ["nasa.gov/Mars_(planet)"], "a bracket opened within it is its own"),
        ("nasa.gov\nesa.int", ["nasa.gov", "esa.int"], "a line break divides"),
        ("火星nasa.gov火星", ["nasa.gov"], "and so do signs that no path has"),
        ("https://nasa.gov/a火", ["https://nasa.gov/a"], "behind a path as well"),
        ("http://пример.рф/путь", ["http://пример.рф/путь"], "an address need not be Latin"),
        (
            "これは日本語です。example.com中国語t.co/a한국",
            ["example.com", "t.co/a"],
            "each by itself, without a space too",
        ),
        ("火nasa.gov/a火nasa.gov", ["nasa.gov/a", "nasa.gov"], "one sign is enough between two links"),
        ("nasa.gov.x火esa.int", ["nasa.gov", "esa.int"], "as much of each as is a domain"),
        ("ßt.co", ["t.co"], "the first sign of a text stands before a link, if it can"),
        ("é.com", ["é.com"], "and belongs to it otherwise"),
        ("https://nasa.gov/" + "a" * 5_000, [], "an address that is too long for X is none"),
        ("t.co/火nasa.gov", ["t.co/", "nasa.gov"], "a sign is enough where the first ends in a stroke, too"),
        ("a.b火nasa.gov", ["nasa.gov"], "and nothing of what is none"),
        ("http://火星.中国/a火", ["http://火星.中国/a"], "an international domain, with its scheme"),
        ("nasa.рф", ["nasa.рф"], "a Latin name in another script's domain"),
        ("mars.xn--p1ai, mars.みんな", ["mars.xn--p1ai", "mars.みんな"], "as the net or as people write it"),
        ("пример.рф", [], "a name in another script needs the scheme"),
        ("bücher.de", ["bücher.de"], "letters with accents are Latin"),
        ("mars.vermögensberatung", ["mars.vermögensberatung"], "in endings as well"),
        (
            "https://sub_domain.nasa.gov",
            ["https://sub_domain.nasa.gov"],
            "an underscore stands in a part of a name",
        ),
        ("http://my_site.com", [], "and not in the name itself"),
        ("nasa.gov.xyzzy", ["nasa.gov"], "the longest that is a domain counts"),
        ("https://t.co/abc-def", ["https://t.co/abc"], "of X's own short links, the letters"),
        ("https://t.co/" + "a" * 41, [], "of which there are forty at most"),
        ("nasa.gov?a=b", ["nasa.gov"], "a bare domain takes a query only behind a path"),
        ("nasa.gov:80", ["nasa.gov"], "and so a port"),
        ("http://nasa.gov:80?a=b&", ["http://nasa.gov:80?a=b&"], "an address takes them at once"),
        ("http://nasa.gov/a.?b", ["http://nasa.gov/a"], "but not behind the end of a sentence"),
        ("http://nasa.gov?!", ["http://nasa.gov"], "which the query may be, too"),
        ("nasa.gov/S(a(b)c)/d", ["nasa.gov/S(a(b)c)/d"], "brackets within brackets"),
        ("nasa.gov/a–b", ["nasa.gov/a–b"], "a dash is part of a path"),
        ("http://" + "a" * 64 + ".com", [], "a name is 63 letters long at most"),
        ("http://" + "火" * 64 + ".com", [], "as the net writes it"),
        ("http://xn--火.com", [], "and must be one that it can write"),
        ("a" * 64 + ".com/x", [], "with or without a scheme"),
        ("@nasa.gov/a esa.int", ["esa.int"], "what a handle takes with it is none"),
        ("ahttp://nasa.gov", [], "a scheme within a word is none"),
        ("wait...nasa.gov", [], "what follows dots is none"),
        ("nasa.gov-x nasa.gov+x", [], "what a hyphen goes on with is none"),
        ("nasa.gov_x", ["nasa.gov"], "an underscore ends it"),
        ("http://rover.local", [], "a domain that nobody can have is none"),
        ("rover@nasa.gov", [], "an e-mail address is no link"),
        ("first.last@jpl.nasa.gov", [], "whatever dots are in it"),
        ("#nasa.gov $nasa.gov @nasa.gov", [], "a tag or a handle is none"),
        ("/nasa.gov", [], "a domain within a path is none"),
        ("3.5 km, 1.25kg, v2.0", [], "a number is none"),
        ("e.g. this, i.e. that", [], "an abbreviation is none"),
        ("the U.S. and the U.K.", [], "a country is none"),
        ("at 9 p.m. or 3 a.m.", [], "an hour is none"),
        ("It ended.It began.", ["ended.It"], "a forgotten space is one where a country is called so"),
        ("end.Then", [], "but no domain ends in any word"),
        ("node.js, Mars.", [], "a file is none"),
        ("http://localhost/x", [], "a name without a dot is none"),
        ("nasa.gov/" + "a" * 5_000, [], "what is too long for X is none"),
        ("no dot at all", [], "without a dot there is none"),
    ],
)
def test_links_are_found_as_x_finds_them(text: str, found: list[str], reason: str) -> None:
    assert [text[start:end] for start, end in links(text)] == found, reason


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        (LONG, X_LINK),
        ("t.co/a", X_LINK),
        (f"Look: {LONG}.", 6 + X_LINK + 1),
        ("nasa.gov and esa.int", 2 * X_LINK + 5),
        ("火星 nasa.gov 🚀", 5 + X_LINK + 3),
    ],
)
def test_a_link_weighs_23_whatever_its_length(text: str, weight: int) -> None:
    assert length(text, X) == weight


@pytest.mark.parametrize(
    ("text", "graphemes", "characters"),
    [
        ("Mars", 4, 4),
        (LONG, len(LONG), len(LONG)),
        ("e\u0301", 1, 2),
        (FAMILY, 1, 5),
        (FLAG + THUMB, 2, 4),
        ("火星", 2, 2),
        ("a\r\nb", 3, 4),
    ],
)
def test_other_networks_count_what_people_see_or_code_points(
    text: str, graphemes: int, characters: int
) -> None:
    assert (length(text, GRAPHEMES), length(text, CHARACTERS)) == (graphemes, characters)


@given(
    st.text("\r\n a\x00\xadé©®\u02ff\u0301\u200d\u2010\u2019\u2027\u2028\u203c\ufe0f\u20e3👍🏽", min_size=1)
)
def test_signs_count_as_unicode_joins_them(text: str) -> None:
    signs = regex.findall(r"\X", text)

    assert length(text, GRAPHEMES) == len(signs)


@pytest.mark.parametrize("sign", ["\u203c\ufe0f", "\xa9\ufe0f", "1\ufe0f\u20e3", "1\u20e3", "\u2139\ufe0f"])
def test_a_plain_sign_that_is_made_an_emoji_weighs_as_one(sign: str) -> None:
    assert length(f"{sign}é", X) == length("🚀é", X)


@given(st.text())
def test_a_text_weighs_the_same_however_it_was_composed(text: str) -> None:
    composed, parted = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))

    assert length(text, X) == length(composed, X) == length(parted, X)


@given(st.text(), st.text())
def test_lines_are_weighed_each_by_itself_but_for_a_first_sign_that_stands_before_a_link(
    one: str, other: str
) -> None:
    whole = length(f"{one}\n{other}", X)

    assert 0 <= length(one, X) + 1 + length(other, X) - whole <= 1


@given(st.lists(st.sampled_from("ab.:/@()#0 é火") | st.just("https://"), max_size=60).map("".join))
def test_links_stand_apart_and_in_order(text: str) -> None:
    found = [place for link in links(text) for place in link]

    assert found == sorted(found)
    assert all(0 <= place <= len(text) for place in found)


@pytest.mark.parametrize("sign", ["a", "a.", "a-", "(", ")", "a.com ", "火", "火.", "é.", "@a", "//", "xn--"])
def test_a_huge_text_of_anything_is_counted(sign: str) -> None:
    text = "nasa.gov/" + sign * (50_000 // len(sign))

    assert length(text, X) > 0
    assert length(text, MASTODON) > 0


@pytest.mark.parametrize(
    ("text", "weight", "reason"),
    [
        ("Seven years on Mars.", 20, "a letter counts one"),
        (f"{LONG} and http://esa.int", 23 + 5 + 23, "an address 23"),
        ("nasa.gov", 8, "a bare domain what it has"),
        ("http://localhost/x", 18, "and so what is no address"),
        (
            "See https://nasa.gov/火星、https://esa.int.",
            4 + 23 + 1,
            "its path goes on to the next space, but for the stop",
        ),
        ("https://nasa.gov/a?b=ü&c, yes", 23 + 5, "a query is part of it"),
        ("火星 👩‍👩‍👧 e\u0301", 6, "what people see as one sign counts one"),
        ("Thanks @robot@social.example.org!", 14, "a mention counts without the server"),
        ("@a.b@c.example @d", 7, "dots in the name are its own"),
        ("rover@nasa.gov", 14, "an e-mail address is none"),
        ("see /@a@b.c and x@a@b.c", 23, "nor is one within an address or a word"),
        ("@a@b.c@d.e", 10, "nor what goes on with another @"),
        ("@a@b.c://x @a@b.cü", 13, "or with a scheme; letters of any script are the server's"),
        ("https://social.example.org/@a@b.c", 23, "an address may hold what looks like one"),
        ("a\r\nb", 3, "a line's end is one sign"),
    ],
)
def test_mastodon_counts_signs_addresses_and_names(text: str, weight: int, reason: str) -> None:
    assert length(text, MASTODON) == weight, reason


def test_a_link_counts_what_the_instance_says() -> None:
    assert length("Look: https://nasa.gov", Limits(counting="mastodon", link=30)) == 36
    assert length("Look: https://nasa.gov", Limits(counting="x", link=30)) == 36


@pytest.mark.parametrize(
    ("limits", "weight"), [(X, 4), (MASTODON, 4 + 11), (GRAPHEMES, 4 + 11 + 2), (CHARACTERS, 4)]
)
def test_a_warning_counts_where_it_is_counted_with_the_text(limits: Limits, weight: int) -> None:
    assert length("Mars", limits, warning="Loss, again") == weight


def test_mastodon_finds_no_bare_domains() -> None:
    text = "httpbin.org nasa.gov https://esa.int"

    assert [text[start:end] for start, end in addresses(text)] == ["https://esa.int"]


def test_a_text_is_measured_in_signs_and_bytes() -> None:
    found = measure("火星", Limits(text=2, text_bytes=5, counting="graphemes"))

    assert (found.length, found.limit, found.bytes, found.bytes_limit, found.fits) == (2, 2, 6, 5, False)


@pytest.mark.parametrize(
    ("limits", "does_fit"),
    [
        (Limits(), True),
        (Limits(text=2), True),
        (Limits(text=1), False),
        (Limits(text=2, text_bytes=6), True),
        (Limits(text_bytes=5), False),
    ],
)
def test_a_text_fits_where_no_bound_is_broken(limits: Limits, *, does_fit: bool) -> None:
    assert fits("火星", limits) is does_fit


def test_a_warning_may_be_what_does_not_fit() -> None:
    assert fits("Mars", Limits(text=8, counting="mastodon"), warning="Loss")
    assert not fits("Mars", Limits(text=7, counting="mastodon"), warning="Loss")


def test_a_warning_that_stands_in_the_text_counts_in_bytes_too() -> None:
    assert measure("Mars", Limits(counting="graphemes"), warning="火星").bytes == 6 + 2 + 4
    assert measure("Mars", Limits(counting="mastodon"), warning="火星").bytes == 4


def test_half_a_letter_is_measured_too() -> None:
    assert measure("\ud800", Limits(counting="graphemes")).bytes == 3


@pytest.mark.parametrize(("limits", "room"), [(X, 25), (MASTODON, 25), (GRAPHEMES, 32), (CHARACTERS, 32)])
def test_a_quote_needs_room_for_its_link(limits: Limits, room: int) -> None:
    assert quote_room(limits) == room
