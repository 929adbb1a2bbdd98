"""Every rule fires exactly once on each of its days, in every zone, as an oracle of its own code says."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts import Almanac
from bot.model import Window
from bot.triggers.slots import Slots
from bot.zones import DAY, HOUR, MINUTE, Zone, day_of
from tests.oracle import instants

ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Scoresbysund",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "UTC",
)
TO_COME = range(day_of(date(2024, 1, 1)), day_of(date(2038, 1, 1)))
PAST = range(day_of(date(1990, 1, 1)), day_of(date(2024, 1, 1)))

half_hours = st.integers(0, 47).map(lambda number: number * 30 * MINUTE)
minutes = st.integers(0, 24 * 60 - 1).map(lambda number: number * MINUTE)


def clock(time: int) -> str:
    return f"{time // HOUR:02}:{time % HOUR // MINUTE:02}"


def fired(trigger: Slots, days: range) -> list[int]:
    """The instants of the slots that belong to those days, in order of the days."""
    around = Window((days[0] - 2) * DAY, (days[-1] + 3) * DAY)
    slots = sorted(trigger.times(around), key=lambda slot: slot.wall)
    return [slot.at for slot in slots if slot.wall // DAY in days]


@pytest.mark.parametrize("name", ZONES)
def test_every_half_hour_fires_once_on_each_day_of_fourteen_years(name: str) -> None:
    for time in range(0, DAY, 2 * HOUR + 30 * MINUTE):
        trigger = Slots("s", {"days": "daily", "at": clock(time), "zone": name}, Almanac())

        found = fired(trigger, TO_COME)

        assert found == instants(name, time, TO_COME)
        assert len(found) == len(TO_COME)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), minutes, st.sampled_from([PAST, TO_COME]))
def test_every_minute_fires_once_on_each_day_that_there_is(name: str, time: int, days: range) -> None:
    trigger = Slots("s", {"days": "daily", "at": clock(time), "zone": name}, Almanac())

    found = fired(trigger, days)

    assert found == instants(name, time, days)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(ZONES), half_hours, st.integers(2024, 2036))
def test_a_cron_line_fires_as_days_and_times_do(name: str, time: int, year: int) -> None:
    days = range(day_of(date(year, 1, 1)), day_of(date(year + 1, 1, 1)))
    line = f"{time % HOUR // MINUTE} {time // HOUR} * * *"

    found = fired(Slots("s", {"cron": line, "zone": name}, Almanac()), days)

    assert found == instants(name, time, days)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), minutes)
def test_a_zone_gives_one_by_one_what_it_learns_together(name: str, time: int) -> None:
    one, many = Zone(name), Zone(name)
    walls = range(PAST[0] * DAY + time, PAST[-1] * DAY, 5 * DAY)

    many.learn(walls)

    assert [one[wall] for wall in walls] == [many[wall] for wall in walls]
    assert all(many[wall] in {one.instant(wall), None} for wall in walls)
