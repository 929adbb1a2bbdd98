"""Holidays by country."""

from typing import Any

import pytest

from bot.contracts import Almanac
from bot.model import Window
from bot.triggers.holiday import Holiday
from tests.fakes.worlds import at

OPTIONS = {"country": "US", "at": "09:00", "zone": "America/New_York"}
YEAR = Window(at("2027-01-01T00:00Z"), at("2028-01-01T00:00Z"))


def holiday(**options: Any) -> Holiday:
    return Holiday("holidays", {**OPTIONS, **options}, Almanac())


def days(trigger: Holiday) -> dict[str, object]:
    return {str(slot.day): slot.fact("holiday") for slot in trigger.times(YEAR)}


def test_it_speaks_on_the_holidays_that_are_named() -> None:
    assert days(holiday(names=["Thanksgiving Day", "Independence Day"])) == {
        "2027-07-04": "Independence Day",
        "2027-11-25": "Thanksgiving Day",
    }


def test_it_speaks_on_all_of_them_where_none_is_named() -> None:
    found = days(holiday())

    assert {"2027-01-01", "2027-07-04", "2027-12-25"} <= found.keys()
    assert list(found) == sorted(found)


def test_names_are_english_where_the_library_has_them_so() -> None:
    assert "Christmas Day" in days(holiday(country="FR", zone="Europe/Paris")).values()


def test_the_day_off_in_lieu_speaks_only_where_asked_for() -> None:
    # 4 July 2027 is a Sunday.
    assert "2027-07-05" not in days(holiday())
    assert "2027-07-05" in days(holiday(observed=True))


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    assert len(days(holiday(country="DE", subdivision="BY", zone="Europe/Berlin"))) > len(
        days(holiday(country="DE", zone="Europe/Berlin"))
    )


def test_two_windows_that_meet_share_no_holiday_and_lose_none() -> None:
    trigger = holiday()
    (middle,) = (slot.at for slot in trigger.times(YEAR) if slot.fact("holiday") == "Independence Day")

    before, behind = Window(YEAR.start, middle), Window(middle, YEAR.end)

    assert trigger.times(before) + trigger.times(behind) == trigger.times(YEAR)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"country": "UX"}, 'no holidays are known for "country" "UX"'),
        ({"subdivision": "XX"}, 'US has no "subdivision" "XX"'),
        ({"names": ["Thanksgiving"]}, '"names" holds "Thanksgiving".*did you mean "Thanksgiving Day"'),
        ({"observed": "yes"}, '"observed" is true or false'),
        ({"at": "9"}, "cannot read .9. as a time of day"),
    ],
)
def test_a_wrong_option_is_refused_with_what_can_be_written(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        holiday(**options)
