"""What the words of a claim say, and what cannot be true on any day."""

from datetime import date
from math import isnan

import pytest

from bot.claims import Rules, contradictions, levity, rules, said_to_work
from bot.claims.reading import NamedDay, NamedTime, named_day, named_time, number, stretch, weekday, years
from bot.planning.english import number_in_words, ordinal
from bot.zones import DAY, HOUR


@pytest.fixture(scope="module")
def english() -> Rules:
    known = rules("en")
    assert known
    return known


@pytest.mark.parametrize("value", [*range(1, 130), 150, 200, 399, 999])
def test_every_number_is_read_in_figures_in_words_and_as_an_ordinal(value: int, english: Rules) -> None:
    words = (
        str(value),
        number_in_words(value),
        ordinal(value),
        f"{number_in_words(value)} years ago".capitalize(),
    )

    assert {number(each, english) for each in words} == {value}


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("twenty-first", 21), ("fiftieth anniversary", 50), ("hundredth", 100), ("centenary", 100), ("a hundred", 100),
        ("bicentennial", 200), ("2.5", 2.5), ("half a century", 0.5), ("a couple of years", 2), ("a year", None), ("", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_say_them(words: str, count: float | None, english: Rules) -> None:
    assert number(words, english) == count


def test_a_number_that_nobody_knows_is_none(english: Rules) -> None:
    found = number("a few years", english)

    assert found is not None
    assert isnan(found)


@pytest.mark.parametrize(
    ("words", "count"),
    [("a year ago", 1), ("twelve years", 12), ("two decades", 20), ("half a century", 50), ("a century", 100), ("five days", None), ("years", None)],
)  # fmt: skip
def test_a_stretch_is_counted_in_years(words: str, count: float | None, english: Rules) -> None:
    assert years(words, english) == count


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("five days to go", (5, DAY)),
        ("an hour left", (1, HOUR)),
        ("two weeks", (2, 7 * DAY)),
        ("a month", None),
        ("days", None),
    ],
)
def test_or_in_seconds(words: str, told: tuple[float, int] | None, english: Rules) -> None:
    assert stretch(words, english) == told


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("January 24", NamedDay(1, 24, None, None)),
        ("Feb. 1st", NamedDay(2, 1, None, None)),
        ("the 4 of May", NamedDay(5, 4, None, None)),
        ("Thursday, July 30", NamedDay(7, 30, None, 3)),
        ("Tuesday, 20 July 1976", NamedDay(7, 20, 1976, 1)),
        ("Sept. 3, 1976", NamedDay(9, 3, 1976, None)),
        ("December", None),
        ("30", None),
    ],
)
def test_days_are_read_as_people_write_them(words: str, day: NamedDay | None, english: Rules) -> None:
    assert named_day(words, english) == day


def test_a_named_day_fits_what_it_does_not_deny() -> None:
    tuesday = date(1976, 7, 20)

    assert NamedDay(7, 20, None, None).fits(tuesday)
    assert NamedDay(7, 20, 1976, 1).fits(tuesday)
    assert not NamedDay(7, 21, None, None).fits(tuesday)
    assert not NamedDay(6, 20, None, None).fits(tuesday)
    assert not NamedDay(7, 20, 1977, None).fits(tuesday)
    assert not NamedDay(7, 20, None, 2).fits(tuesday)


@pytest.mark.parametrize(
    ("named", "day"),
    [
        (NamedDay(7, 20, 1976, None), date(1976, 7, 20)),
        (NamedDay(7, 20, None, None), None),
        (NamedDay(2, 30, 1976, None), None),
    ],
)
def test_a_named_day_is_one_of_the_calendar_once_it_has_a_year(named: NamedDay, day: date | None) -> None:
    assert named.date == day


@pytest.mark.parametrize(("words", "day"), [("on Monday", 0), ("Sundays", 6), ("noon", None)])
def test_weekdays_are_read(words: str, day: int | None, english: Rules) -> None:
    assert weekday(words, english) == day


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("7:50 a.m. EDT", NamedTime(7, 50, "Etc/GMT+4")),
        ("12 p.m. PT", NamedTime(12, 0, "America/Los_Angeles")),
        ("12:30 am", NamedTime(0, 30, None)),
        ("1900 UTC", NamedTime(19, 0, "UTC")),
        ("930 GMT", NamedTime(9, 30, "UTC")),
        ("21:30 CET", NamedTime(21, 30, "Europe/Paris")),
        ("noon ET", NamedTime(12, 0, "America/New_York")),
        ("midnight UTC", NamedTime(0, 0, "UTC")),
        ("later", None),
    ],
)
def test_times_are_read_on_a_clock_of_24_hours(words: str, time: NamedTime | None, english: Rules) -> None:
    assert named_time(words, english) == time


@pytest.mark.parametrize(
    ("text", "but"),
    [
        ("It was Monday, July 20, 1976.", "that day was a Tuesday"),
        ("It was on Friday, 20 July 1976, at dawn.", "that day was a Tuesday"),
        ("It came on February 30, 2019.", "there is no such day"),
        ("Twelve years of driving (2004-2019).", "2004 and 2019 are 15 years apart"),
        ("It drove from 2004 to 2018, 20 years.", "2004 and 2018 are 14 years apart"),
        ("It landed in 1976. In 1980 it froze, and 30 years later, in 1990, they said so.", "1980 and 1990 are 10 years apart"),
        ("It came in 2004 and fell silent in 2018, after 9 years.", "2004 and 2018 are 14 years apart"),
        ("It stood there between 1811 and 1812, for eight years.", "1811 and 1812 are 1 year apart"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_found(text: str, but: str) -> None:
    assert [found.but for found in contradictions(text)] == [but]


@pytest.mark.parametrize(
    "text",
    [
        "It was Tuesday, July 20, 1976.",
        "It was July 20, 1976.",
        "It was Monday, July 20.",
        "Nobody had seen it since 1976, and Monday, July 20, it was back.",
        "Fifteen years of driving (2004-2019).",
        "Fourteen years of driving, from 2004 to 2019.",
        "Built in 2018 and flown in 2020, after ten years of planning.",
        "Between 2006 and 2010, after some years, it slowed.",
        "It came in 2004. It was 20 years old, in 2018, when it stopped.",
        "Launched in 2003, it landed in 2004 and roved for 14 years.",
        "Contour lines from 2018 to 1604, for 3 years drawn and redrawn.",
    ],
)
def test_what_adds_up_is_not(text: str) -> None:
    assert list(contradictions(text)) == []


def test_nothing_is_known_of_a_text_in_a_language_without_rules() -> None:
    assert list(contradictions("It was Monday, July 20, 1976.", "de")) == []
    assert levity("haha", "de") is None
    assert list(said_to_work("Spirit is exploring.", "Spirit", "de")) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Opportunity is exploring a crater.", "Opportunity is exploring"),
        ("Opportunity is still at work.", "Opportunity is still at work"),
        ("Up there, Opportunity continues to drive.", "Opportunity continues to"),
        ("Opportunity remains on duty.", "Opportunity remains on duty"),
        ("The Opportunity rover is climbing.", "Opportunity rover is climbing"),
        (
            "Opportunity, the rover, has been exploring Mars since its landing.",
            "Opportunity, the rover, has been exploring Mars since",
        ),
        ("Opportunity and her twin are looking for water.", "Opportunity and her twin are looking"),
        ("Opportunity still sends pictures.", "Opportunity still sends"),
        ("Opportunity keeps driving.", "Opportunity keeps driving"),
        ("In 2004 it landed. Opportunity is exploring.", "Opportunity is exploring"),
    ],
)
def test_a_name_and_what_it_does_are_found(text: str, words: str) -> None:
    assert list(said_to_work(text, "Opportunity")) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Opportunity explored a crater.",
        "Opportunity is resting on the rim.",
        "Opportunity is standing where it stopped.",
        "Opportunity still stands there.",
        "Opportunity's team is looking for another word.",
        "In this picture of 2010, Opportunity is driving south.",
        "The opportunity is knocking; MissedOpportunity is exploring nothing.",
        "Opportunity lost its flash memory, and is exploring nothing.",
        "Opportunity",
    ],
)
def test_what_rests_or_is_told_as_history_is_not(text: str) -> None:
    assert list(said_to_work(text, "Opportunity")) == []
