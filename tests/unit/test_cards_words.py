"""The alt text: whole sentences, from the same facts as the picture."""

import pytest
from msgspec.structs import replace

from bot.cards import AnniversaryCard, Card, Light, alt, decode, encode
from bot.cards.words import looking, years_ago
from bot.model import Tone
from tests.fakes.cards import CARDS, CHART, COUNTDOWN, DIAL, LANDING, LONG, MARS, MOON, REGULUS


def test_an_anniversary_is_told_with_title_day_count_and_place() -> None:
    assert alt(LANDING) == (
        "A card: Opportunity lands in Meridiani Planum, 24 January 2004, 23 years ago. "
        "Mission: Opportunity. Place: 1.9° S, 354.5° E on Mars."
    )


def test_one_year_is_one_and_mars_years_are_told_as_such() -> None:
    assert years_ago(replace(LANDING, years=1)) == "year ago"
    assert years_ago(replace(LANDING, years=2, unit="Mars year")) == "Mars years ago"
    assert "1 Mars year ago." in alt(replace(LANDING, years=1, unit="Mars year"))


def test_a_remembrance_is_told_as_one() -> None:
    card = AnniversaryCard(tone=Tone.REMEMBRANCE, title="Day of Remembrance.", date_text="28 January 2027")

    assert alt(card) == "A plain card in remembrance: Day of Remembrance, 28 January 2027."


def test_a_countdown_is_told_with_what_is_left_and_when() -> None:
    assert (
        alt(COUNTDOWN) == "A countdown card. 7 days to go: Mars at opposition, 19 February 2027, 10:51 EST."
    )
    assert alt(replace(COUNTDOWN, left=0, left_text="Today", unit="")) == (
        "A countdown card that has come to its end. Today: Mars at opposition, 19 February 2027, 10:51 EST."
    )


def test_a_chart_is_told_from_where_when_and_what_stands_where() -> None:
    assert alt(CHART) == (
        "A chart of the sky looking east from New York on 20 February 2027 at 19:40 EST: "
        "Mars, bright and reddish, 27 degrees up in the east, 6 degrees to the right of the Moon; "
        "a crescent Moon, 25 percent lit, 25 degrees up in the east. "
        "The Moon passes Mars. Also shown: Regulus."
    )


def test_a_chart_tells_only_what_it_shows() -> None:
    below = replace(CHART, site_name="", bodies=(replace(MARS, altitude=-3),))

    assert alt(below) == (
        "A chart of the sky looking east on 20 February 2027 at 19:40 EST: neither Mars nor the Moon. "
        "The Moon passes Mars."
    )
    assert "degrees to" not in alt(replace(CHART, bodies=(MARS, REGULUS)))
    assert "Mars, bright" not in alt(replace(CHART, bodies=(MOON, REGULUS)))


@pytest.mark.parametrize(
    ("across", "up", "words"),
    [
        (0, 5, "5 degrees above the Moon"),
        (0, -5, "5 degrees below the Moon"),
        (5, 5, "to the upper right of the Moon"),
        (-5, 5, "to the upper left of the Moon"),
        (5, -5, "to the lower right of the Moon"),
        (-5, -5, "to the lower left of the Moon"),
        (-5, 0, "to the left of the Moon"),
        (0, 1, "1 degree above the Moon"),
        (0, 0.4, "less than 1 degree above the Moon"),
    ],
)
def test_mars_is_told_on_its_side_of_the_moon(across: float, up: float, words: str) -> None:
    mars = replace(MARS, azimuth=MOON.azimuth + across, altitude=MOON.altitude + up)

    assert words in alt(replace(CHART, bodies=(MOON, mars)))


def test_north_is_no_edge_of_the_sky() -> None:
    bodies = (replace(MOON, azimuth=358), replace(MARS, azimuth=2, altitude=25))

    assert "4 degrees to the right of the Moon" in alt(replace(CHART, direction=0, bodies=bodies))


@pytest.mark.parametrize(
    ("lit", "words"),
    [
        (0.01, "the new Moon"),
        (0.2, "a crescent Moon"),
        (0.5, "a half Moon"),
        (0.8, "a gibbous Moon"),
        (0.99, "the full Moon"),
    ],
)
def test_the_moon_is_called_by_its_phase(lit: float, words: str) -> None:
    assert words in alt(replace(CHART, bodies=(replace(MOON, lit=lit),)))


@pytest.mark.parametrize(
    ("magnitude", "words"),
    [
        (-2.5, "very bright and reddish"),
        (-1, "bright and reddish"),
        (1.2, "Mars, reddish"),
        (1.7, "faint and reddish"),
    ],
)
def test_mars_is_told_as_bright_as_it_is(magnitude: float, words: str) -> None:
    assert words in alt(replace(CHART, bodies=(replace(MARS, magnitude=magnitude),)))


def test_many_stars_are_not_all_told() -> None:
    stars = tuple(Light(f"Star {n}", "star", 60 + 5 * n, 10, 1) for n in range(12))

    told = alt(replace(CHART, bodies=stars))

    assert "Star 6 and Star 7." in told
    assert "Star 8" not in told


@pytest.mark.parametrize(
    ("azimuth", "words"), [(0, "north"), (359, "north"), (135, "south-east"), (224, "south-west")]
)
def test_the_direction_is_the_nearest_of_eight(azimuth: float, words: str) -> None:
    assert looking(replace(CHART, direction=azimuth)) == f"Looking {words}"


def test_a_dial_is_told_with_year_season_and_sol() -> None:
    assert alt(DIAL) == (
        "A dial of the year on Mars: A new year begins on Mars. On 17 August 2028 its hand stands at Ls 218 degrees, "
        "northern autumn, in Mars year 40. It is Curiosity\N{RIGHT SINGLE QUOTATION MARK}s sol 5,000. "
        "The orbit is nearest to the Sun at Ls 251 degrees."
    )
    assert "It is" not in alt(replace(DIAL, sol=""))


def test_no_alt_text_is_longer_than_networks_take() -> None:
    endless = "very " * 400

    told = [
        alt(replace(LANDING, title=endless)),
        alt(replace(COUNTDOWN, title=endless)),
        alt(replace(CHART, caption=endless)),
        alt(replace(DIAL, caption=endless)),
    ]

    assert all(len(text) <= 1_000 and text.endswith("…") for text in told)
    assert LONG in alt(replace(LANDING, title=LONG))


@pytest.mark.parametrize("card", CARDS, ids=lambda card: type(card).__name__)
def test_a_card_is_read_back_as_it_was_written(card: Card) -> None:
    assert decode(encode(card)) == card
    assert "\n" not in encode(card)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"card": "film"}', '{"card": "anniversary"}', '{"card": "countdown", "title": 3}'],
)
def test_what_is_no_card_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="this is no card"):
        decode(text)


def test_what_a_later_version_adds_is_passed_over() -> None:
    written = encode(LANDING).removesuffix("}") + ', "ornament": "none"}'

    assert decode(written) == LANDING
