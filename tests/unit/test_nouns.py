"""Plurals and articles, as an editor would write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.planning.english import article, plural
from bot.planning.nouns import is_an, many

PLURALS = {
    "by rule": "sol sols, moon moons, day days, monkey monkeys, photo photos, zero zeros, roof roofs, chief chiefs",
    "after a consonant and y": "city cities, galaxy galaxies, anniversary anniversaries, soliloquy soliloquies, Galaxy Galaxies",
    "after a hiss": "box boxes, bus buses, lens lenses, dish dishes, launch launches, waltz waltzes, quiz quizzes",
    "after a hard ch": "epoch epochs, stomach stomachs, monarch monarchs",
    "of f": "half halves, leaf leaves, knife knives, shelf shelves, half-life half-lives",
    "of o": "hero heroes, volcano volcanoes, tornado tornadoes",
    "of their own": "man men, woman women, child children, person people, foot feet, tooth teeth, mouse mice, Woman Women",
    "from Greek and Latin": "analysis analyses, crisis crises, axis axes, nebula nebulae, spectrum spectra",
    "composed": "crewman crewmen, grandchild grandchildren, spokesperson spokespeople",
    "never men": "human humans, German Germans, Roman Romans",
    "the same": "spacecraft spacecraft, aircraft aircraft, series series, species species, km km, AU AU",
    "letters": "MRO MROs, EVA EVAs",
}
PAIRS = [pair.split(" ") for pairs in PLURALS.values() for pair in pairs.split(", ")]


@pytest.mark.parametrize(("one", "others"), PAIRS)
def test_a_noun_has_the_plural_that_people_write(one: str, others: str) -> None:
    assert (plural(1, one), plural(2, one), plural(0, one)) == (one, others, others)


@pytest.mark.parametrize(("one", "others"), PAIRS)
def test_the_last_word_bears_the_plural(one: str, others: str) -> None:
    assert many(f"light {one}") == f"light {others}"


def test_a_plural_that_is_given_is_taken() -> None:
    assert plural(2, "genus", "genera") == "genera"
    assert plural(1, "genus", "genera") == "genus"


@pytest.mark.parametrize("nothing", ["", " "])
def test_no_noun_has_no_plural(nothing: str) -> None:
    with pytest.raises(ValueError, match="plural takes a noun in quotes"):
        plural(2, nothing)


def test_what_ends_in_no_word_stays_as_it_is() -> None:
    assert many("so-") == "so-"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("an", "S-band X-ray L1 F-1 H-alpha A MRO MGS LRO ISS ESA HTML RTG SUVs EUV FAQ LCROSS"),
        ("a", "U-turn UTC UFO US UN JPL NASA NOAA MAVEN MOXIE SAM HiRISE"),
        ("an", "uninhabited unidentified uninterrupted unimaginable unilluminated umbrella utter usher urban uplink uneven"),
        ("a", "university unit unique union Union unanimous use user usual utility unilateral unidirectional uranium Uranus Utopia"),
        ("a", "one one-way once European Europa Euclid ewe"),
        ("an", "onerous Euler eighteen Earth iPhone orbit image"),
        ("an", "hour honest honorary heir yttrium École Ørsted"),
        ("a", "rover hotel year yellow historic"),
        ("an", "8 11 18 80 8,000 11,000 18th 800 $8 8.5"),
        ("a", "1 7 100 110 118 180 1,800 1100 $1"),
    ],
)  # fmt: skip
def test_the_article_is_the_one_that_is_spoken(before: str, words: str) -> None:
    for word in words.split(" "):
        assert article(word) == f"{before} {word}"


def test_quotes_before_a_word_are_not_spoken() -> None:
    assert article('"hour" hand') == 'an "hour" hand'
    assert article("(unit)") == "a (unit)"


@given(st.text())
def test_any_text_has_an_article_and_a_plural(text: str) -> None:
    assert is_an(text) in {True, False}
    assert bool(many(text)) == bool(text)
