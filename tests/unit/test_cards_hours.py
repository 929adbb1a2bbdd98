"""Whose clock tells the hour of a place for which none was named: never one that is hours off the Sun there."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.asked import with_its_hours
from bot.sky.viewing import Site
from bot.zones import zone

WINTER, SUMMER = date(2027, 1, 10), date(2027, 7, 10)


@pytest.mark.parametrize(
    ("zone_name", "longitude", "day", "told_in"),
    [
        ("America/New_York", -74.0, WINTER, "America/New_York"),
        ("America/New_York", -118.2, WINTER, "America/New_York"),
        ("America/New_York", 151.2, WINTER, "UTC"),
        ("America/New_York", 18.9, WINTER, "UTC"),
        ("Asia/Urumqi", 87.6, WINTER, "Asia/Urumqi"),
        ("Asia/Shanghai", 75.9, WINTER, "Asia/Shanghai"),
        ("Pacific/Auckland", -176.5, SUMMER, "Pacific/Auckland"),
        ("Pacific/Kiritimati", -157.4, WINTER, "Pacific/Kiritimati"),
        ("UTC", 45.1, WINTER, "UTC"),
        ("Europe/London", -31.0, WINTER, "Europe/London"),
        ("Europe/London", -31.0, SUMMER, "UTC"),
    ],
)
def test_a_clock_of_elsewhere_gives_way_to_utc(
    zone_name: str, longitude: float, day: date, told_in: str
) -> None:
    site = Site(10.0, longitude, zone_name, "There")

    found = with_its_hours(site, day)

    assert found == Site(10.0, longitude, told_in, "There")


@given(st.floats(-180, 180), st.integers(-12, 14))
def test_a_clock_is_kept_where_noon_is_within_three_hours_of_the_suns(longitude: float, hours: int) -> None:
    name = f"Etc/GMT{-hours:+d}"
    sun_to_clock = [abs(hours - longitude / 15 + turn) for turn in (-48, -24, 0, 24, 48)]

    found = with_its_hours(Site(0.0, longitude, zone(name).name), WINTER)

    assert (found.zone == name) is (min(sun_to_clock) <= 3)
