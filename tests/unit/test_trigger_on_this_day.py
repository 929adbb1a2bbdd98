from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts import Almanac
from bot.days import anniversary
from bot.model import Part, Post, Priority, Slot, Window
from bot.triggers.on_this_day import OnThisDay
from bot.zones import DAY, day_of, local_text

OPTIONS = {"at": "12:00", "zone": "America/Los_Angeles"}


def on_this_day(*posted: date, **options: str) -> OnThisDay:
    posts = (Post(f"post-{number}", (Part("…"),), posted=day) for number, day in enumerate(posted))
    return OnThisDay("then", {**OPTIONS, **options}, Almanac(posted=tuple(posts)))


def days(trigger: OnThisDay, first: int, last: int) -> list[str]:
    window = Window(day_of(date(first, 1, 1)) * DAY + DAY // 2, day_of(date(last + 1, 1, 1)) * DAY + DAY // 2)
    return [str(slot.day) for slot in trigger.times(window)]


def test_it_speaks_only_on_dates_with_a_post_of_an_earlier_year() -> None:
    trigger = on_this_day(date(2021, 4, 19), date(2023, 7, 1))

    assert days(trigger, 2021, 2024) == ["2022-04-19", "2023-04-19", "2024-04-19", "2024-07-01"]


def test_many_posts_of_one_date_give_one_slot_from_the_year_after_the_first() -> None:
    trigger = on_this_day(date(2023, 4, 19), date(2021, 4, 19), date(2021, 4, 19))

    assert days(trigger, 2021, 2023) == ["2022-04-19", "2023-04-19"]


def test_a_slot_stands_at_its_wall_time_without_a_count_of_years() -> None:
    trigger = on_this_day(date(2021, 4, 19))

    (slot,) = trigger.times(Window(day_of(date(2027, 1, 1)) * DAY, day_of(date(2028, 1, 1)) * DAY))

    assert slot == Slot(
        at=slot.at,
        schedule="then",
        wall=day_of(date(2027, 4, 19)) * DAY + DAY // 2,
        zone="America/Los_Angeles",
        priority=Priority.ON_THIS_DAY,
    )
    assert local_text(slot.at, slot.zone) == "2027-04-19T12:00:00-07:00"


def test_a_post_with_an_instant_counts_on_its_local_date() -> None:
    trigger = on_this_day(datetime(2021, 1, 1, 3, tzinfo=UTC))

    assert days(trigger, 2027, 2027) == ["2027-12-31"]


@pytest.mark.parametrize(
    ("leap_day", "kept"),
    [
        ("feb-28", ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("mar-1", ["2025-03-01", "2026-03-01", "2027-03-01", "2028-02-29"]),
        ("leap-years-only", ["2028-02-29"]),
    ],
)
def test_29_february_is_kept_as_the_option_says(leap_day: str, kept: list[str]) -> None:
    assert days(on_this_day(date(2024, 2, 29), leap_day=leap_day), 2024, 2028) == kept


def test_28_and_29_february_share_a_day_in_common_years() -> None:
    trigger = on_this_day(date(2026, 2, 28), date(2024, 2, 29))

    assert days(trigger, 2024, 2028) == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-28", "2028-02-29"]


def test_a_post_on_the_last_day_of_a_leap_year_comes_on_the_last_day_of_each() -> None:
    assert days(on_this_day(date(2024, 12, 31)), 2025, 2028) == [
        f"{year}-12-31" for year in range(2025, 2029)
    ]


def test_a_day_that_its_zone_skipped_has_no_slot() -> None:
    assert days(on_this_day(date(2009, 12, 30), zone="Pacific/Apia"), 2010, 2012) == [
        "2010-12-30",
        "2012-12-30",
    ]


def test_without_posts_it_never_speaks() -> None:
    assert days(on_this_day(), 2020, 2030) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"zone": "UTC"}, '"at" is missing; write at = "12:00"'),
        ({"at": "12:00"}, '"zone" is missing; write zone = "America/Los_Angeles"'),
        ({**OPTIONS, "at": "noon"}, 'cannot read "noon" as a time of day'),
        ({**OPTIONS, "zone": "Mars/Jezero"}, "no zone called 'Mars/Jezero'"),
        ({**OPTIONS, "zone": ["UTC"]}, "no zone called"),
        ({**OPTIONS, "leap_day": 28}, '"leap_day" cannot be 28'),
        (
            {**OPTIONS, "kinds": ["landing"]},
            'no option called "kinds"; did you mean "window".+: at, zone, leap_day, window',
        ),
    ],
)
def test_a_wrong_option_is_refused_with_what_can_be_written(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        OnThisDay("then", options, Almanac())


def recalled(trigger: OnThisDay, first: int, last: int) -> dict[str, int]:
    """For each day that speaks, how many days off the date lies that it recalls."""
    window = Window(day_of(date(first, 1, 1)) * DAY + DAY // 2, day_of(date(last + 1, 1, 1)) * DAY + DAY // 2)
    return {slot.day.isoformat(): int(slot.fact("days_off") or 0) for slot in trigger.times(window)}


def test_a_post_that_has_its_day_is_recalled_on_no_other() -> None:
    assert recalled(on_this_day(date(2020, 3, 10), window="3d"), 2027, 2027) == {"2027-03-10": 0}


def test_each_post_more_of_a_date_has_an_empty_day_near_it_and_those_after_it_come_first() -> None:
    posts = [date(year, 3, 10) for year in range(2016, 2020)]

    assert recalled(on_this_day(*posts[:2], window="2d"), 2027, 2027) == {"2027-03-10": 0, "2027-03-11": -1}
    assert recalled(on_this_day(*posts, window="2d"), 2027, 2027) == {
        "2027-03-09": 1,
        "2027-03-10": 0,
        "2027-03-11": -1,
        "2027-03-12": -2,
    }


def test_more_posts_than_the_window_has_days_wait_for_another_year() -> None:
    found = recalled(on_this_day(*[date(2020, 3, 10)] * 9, window="1d"), 2027, 2027)

    assert found == {"2027-03-09": 1, "2027-03-10": 0, "2027-03-11": -1}


def test_a_day_with_posts_of_its_own_recalls_no_other() -> None:
    trigger = on_this_day(date(2020, 3, 10), date(2021, 3, 10), date(2020, 3, 11), window="1d")

    assert recalled(trigger, 2027, 2027) == {"2027-03-09": 1, "2027-03-10": 0, "2027-03-11": 0}


def test_a_day_between_two_dates_recalls_the_nearer() -> None:
    trigger = on_this_day(*[date(2020, 3, 10)] * 3, *[date(2020, 3, 13)] * 3, window="3d")

    assert recalled(trigger, 2027, 2027) == {
        "2027-03-09": 1,
        "2027-03-10": 0,
        "2027-03-11": -1,
        "2027-03-12": 1,
        "2027-03-13": 0,
        "2027-03-14": -1,
    }


def test_only_posts_of_earlier_years_are_recalled_around_a_date() -> None:
    trigger = on_this_day(date(2026, 3, 10), date(2027, 3, 10), window="3d")

    assert recalled(trigger, 2027, 2028) == {"2027-03-10": 0, "2028-03-10": 0, "2028-03-11": -1}


def test_a_date_that_its_zone_skipped_is_recalled_nearby() -> None:
    trigger = on_this_day(date(2009, 12, 30), zone="Pacific/Apia", window="1d")

    assert recalled(trigger, 2010, 2012) == {"2010-12-30": 0, "2011-12-31": -1, "2012-12-30": 0}


def test_a_window_reaches_over_new_year() -> None:
    trigger = on_this_day(date(2020, 12, 31), date(2019, 12, 31), window="1d")

    assert recalled(trigger, 2027, 2028) == {
        "2027-01-01": -1,
        "2027-12-31": 0,
        "2028-01-01": -1,
        "2028-12-31": 0,
    }


@given(
    st.lists(st.dates(date(2010, 1, 1), date(2014, 12, 31)), max_size=12),
    st.lists(st.integers(0, 20), max_size=12),
    st.integers(0, 15),
)
def test_a_year_never_recalls_a_date_oftener_than_it_has_posts(
    posted: list[date], near: list[int], reach: int
) -> None:
    crowd = [*posted, *(date(2012, 12, 22) + timedelta(days) for days in near)]
    trigger = on_this_day(*crowd, window=f"{reach}d")

    found = recalled(trigger, 2015, 2018)

    told = Counter(date.fromisoformat(day) + timedelta(off) for day, off in found.items())
    for original, times in told.items():
        # 29 February is kept on the day before it.
        kept = sum(anniversary(day, original.year) == original for day in crowd)
        assert times <= kept
    assert all(abs(off) <= reach for off in found.values())


@pytest.mark.parametrize("window", ["36h", "16d", "soon"])
def test_a_window_is_whole_days_and_not_too_wide(window: str) -> None:
    with pytest.raises(ValueError, match=r"length of time|whole days on each side, 15 at most"):
        on_this_day(date(2020, 1, 1), window=window)
