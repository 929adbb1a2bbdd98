"""Length, as each network counts it."""

# ruff: noqa: RUF001 - unlike letters that look alike are the point

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Limits
from bot.planning.count import fits, graphemes, length, links, measure, quote_room
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


@given(st.text())
def test_a_text_weighs_the_same_however_it_was_composed(text: str) -> None:
    composed, parted = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))

    assert length(text, X) == length(composed, X) == length(parted, X)


@given(st.text(), st.text())
def test_lines_are_weighed_each_by_itself(one: str, other: str) -> None:
    whole = length(f"{one}\n{other}", X)

    assert whole == length(one, X) + 1 + length(other, X)


@given(st.lists(st.sampled_from("ab.:/@()#0 é火") | st.just("https://"), max_size=60).map("".join))
def test_links_stand_apart_and_in_order(text: str) -> None:
    found = [place for link in links(text) for place in link]

    assert found == sorted(found)
    assert all(0 <= place <= len(text) for place in found)


@pytest.mark.parametrize("sign", ["a", "a.", "a-", "(", ")", "a.com ", "火"])
def test_a_huge_text_of_anything_is_counted(sign: str) -> None:
    text = "nasa.gov/" + sign * (300_000 // len(sign))

    assert length(text, X) > 0
