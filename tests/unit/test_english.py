"""English for frames."""

import pytest

from bot.planning.english import Countdown, article, plural, zones
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.worlds import at


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30 * DAY, "thirty days"),
        (DAY, "one day"),
        (DAY + 23 * HOUR, "one day"),
        (HOUR, "one hour"),
        (90 * MINUTE, "one hour"),
        (45 * MINUTE, "forty-five minutes"),
        (MINUTE, "one minute"),
        (0, "no time"),
    ],
)
def test_what_is_left_is_said_in_the_largest_unit_that_it_fills(seconds: int, words: str) -> None:
    assert f"{Countdown(seconds)}" == str(Countdown(seconds)) == words


@pytest.mark.parametrize(
    ("count", "many", "words"), [(1, "", "sol"), (2, "", "sols"), (0, "", "sols"), (2, "soles", "soles")]
)
def test_one_is_one_and_all_else_is_many(count: int, many: str, words: str) -> None:
    assert plural(count, "sol", many) == words


@pytest.mark.parametrize(
    "words",
    ["an hour", "an orbiter", "a rover", "a unique rock", "an 8th flight", "an 80th sol", "an 11th flight", "an 18th", "a 1st",
     "a 110th", "an 11,000th", "an MRO image", "a US rover", "an X-ray", "an umbrella", "a European lander", "a one-way trip",
     "an honest mistake", "an American", "an 8,000-meter slope", "a 100th"],
)  # fmt: skip
def test_the_article_is_the_one_that_is_spoken(words: str) -> None:
    assert article(words.partition(" ")[2]) == words


def test_a_moment_is_shown_as_clocks_show_it() -> None:
    noon = at("2021-07-21T17:00Z")

    assert zones(noon, "ET", "PT", "UTC") == "1 p.m. ET (10 a.m. PT, 17:00 UTC)"
    assert zones(noon, "ET") == "1 p.m. ET"
    assert zones(at("2021-07-21T16:05Z"), "CET", "Asia/Tokyo") == "6:05 p.m. CET (1:05 a.m. JST Thursday)"
    assert zones(at("2021-07-21T04:30Z"), "ET", "UTC", "IST") == "12:30 a.m. ET (04:30 UTC, 10 a.m. IST)"
    assert zones(at("2004-01-25T05:05Z"), "PT", "UTC") == "9:05 p.m. PT (05:05 UTC Sunday)"
    assert (
        zones(at("2004-01-25T05:05Z"), "UTC", "PT", home="America/Los_Angeles")
        == "05:05 UTC Sunday (9:05 p.m. PT)"
    )


@pytest.mark.parametrize(
    ("instant", "names", "message"),
    [(None, ("ET",), "has no instant"), (0, (), "needs the zones"), (0, ("Mars",), "no zone called 'Mars'")],
)
def test_a_moment_that_cannot_be_shown_says_why(
    instant: int | None, names: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        zones(instant, *names)
