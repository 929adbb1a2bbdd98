from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.days import LeapDay, anniversary, rule

LEAP = date(2016, 2, 29)
years = st.integers(1, 9_999)


@given(st.dates().filter(lambda day: (day.month, day.day) != (2, 29)), years, st.sampled_from(LeapDay))
def test_an_anniversary_has_the_same_month_and_day_every_year(
    original: date, year: int, leap_day: LeapDay
) -> None:
    assert anniversary(original, year, leap_day) == original.replace(year=year)


@pytest.mark.parametrize(
    ("leap_day", "kept"),
    [(LeapDay.FEB_28, date(2017, 2, 28)), (LeapDay.MAR_1, date(2017, 3, 1)), (LeapDay.LEAP_YEARS, None)],
)
def test_29_february_is_kept_by_rule_in_a_common_year(leap_day: LeapDay, kept: date | None) -> None:
    assert anniversary(LEAP, 2017, leap_day) == kept


@pytest.mark.parametrize("leap_day", LeapDay)
def test_29_february_never_drifts_over_a_hundred_years(leap_day: LeapDay) -> None:
    found = [anniversary(LEAP, year, leap_day) for year in range(2017, 2117)]

    leaps = [day for day in found if day and (day.month, day.day) == (2, 29)]
    assert [day.year for day in leaps] == [year for year in range(2020, 2117, 4) if year != 2100]
    assert {day and (day.month, day.day) for day in found} - {(2, 29)} == {
        {LeapDay.FEB_28: (2, 28), LeapDay.MAR_1: (3, 1), LeapDay.LEAP_YEARS: None}[leap_day]
    }


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [
        ("4th thursday of january", 2027, date(2027, 1, 28)),
        ("1st monday of september", 2025, date(2025, 9, 1)),
        ("last friday of february", 2028, date(2028, 2, 25)),
        ("last sunday of december", 2028, date(2028, 12, 31)),
        ("5th monday of june", 2025, date(2025, 6, 30)),
        ("5th monday of february", 2027, None),
        ("20 july", 2027, date(2027, 7, 20)),
        ("july 20", 2027, date(2027, 7, 20)),
        ("  4 July ", 2027, date(2027, 7, 4)),
        ("29 february", 2027, date(2027, 2, 28)),
        ("29 february", 2028, date(2028, 2, 29)),
    ],
)
def test_a_rule_gives_its_day(text: str, year: int, day: date | None) -> None:
    assert rule(text).on(year) == day


@pytest.mark.parametrize(
    ("leap_day", "kept"),
    [(LeapDay.FEB_28, date(2027, 2, 28)), (LeapDay.MAR_1, date(2027, 3, 1)), (LeapDay.LEAP_YEARS, None)],
)
def test_a_rule_of_29_february_is_kept_in_a_common_year_as_an_anniversary_is(
    leap_day: LeapDay, kept: date | None
) -> None:
    assert rule("29 february").on(2027, leap_day) == kept
    assert rule("29 february").on(2028, leap_day) == date(2028, 2, 29)
    assert rule("4th thursday of january").on(2027, leap_day) == date(2027, 1, 28)


@given(
    years,
    st.sampled_from(["1st", "2nd", "3rd", "4th", "last"]),
    st.sampled_from(["monday", "friday", "sunday"]),
)
def test_a_weekday_of_a_month_comes_every_year_on_that_weekday(year: int, place: str, weekday: str) -> None:
    day = rule(f"{place} {weekday} of may").on(year)

    assert day
    assert (day.month, f"{day:%A}".lower()) == (5, weekday)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "6th monday of may",
        "1st someday of may",
        "1st monday of mayo",
        "31 june",
        "0 july",
        "july",
        "20.7.",
    ],
)
def test_what_is_no_rule_is_refused_with_examples(wrong: str) -> None:
    with pytest.raises(
        ValueError, match=r"cannot read the rule .*; write it as '4th thursday of january' or '20 july'"
    ):
        rule(wrong)


def test_a_rule_keeps_its_words() -> None:
    assert rule(" 4th Thursday of January ").text == "4th thursday of january"
