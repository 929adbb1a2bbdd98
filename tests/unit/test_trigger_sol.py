"""Sols by a mission's own clock, and anniversaries in Mars years."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from bot.contracts import Almanac
from bot.model import Event, Mission, Priority, Slot, Window
from bot.sky.mars_time import Clock, solar_longitude
from bot.triggers.sol import Sol
from bot.zones import DAY, HOUR, local_text, utc_text
from tests.fakes.worlds import at

ZONE = "America/Los_Angeles"
LANDING = Event("landing", "Landing", "landing", ZONE, instant=at("2021-02-18T20:55Z"), day=date(2021, 2, 18))
DAY_ONLY = Event("arrival", "Arrival", "landing", "Asia/Shanghai", day=date(2021, 5, 15))
RULE = Event("observance", "Observance", "observance")
ROVER = Mission(
    "rover",
    "Perseverance",
    began="landing",
    began_on=date(2021, 2, 18),
    starts=at("2021-02-18T04:24:15Z") + 0.807,
    zone=ZONE,
)
FIRST_IS_ONE = Mission(
    "opportunity", "Opportunity", starts=at("2004-01-24T15:08:58Z") + 0.816, first_sol=1, zone=ZONE,
    ended_on=date(2018, 2, 15),
)  # fmt: skip
ORBITER = Mission("orbiter", "An orbiter", began="arrival", began_on=date(2021, 5, 15), zone="Asia/Shanghai")
MISSIONS = {each.key: each for each in (ROVER, FIRST_IS_ONE, ORBITER)}
ALMANAC = Almanac((LANDING, DAY_ONLY, RULE), missions=MISSIONS)
ALL_TIME = Window(at("2000-01-01T00:00Z"), at("2040-01-01T00:00Z"))


def sol(mission: str = "rover", **options: Any) -> Sol:
    return Sol("sols", {"mission": mission, "at": "12:00", **options}, ALMANAC)


def sols(slots: list[Slot]) -> list[object]:
    return [slot.fact("sol") for slot in slots]


def test_every_thousandth_sol_has_a_slot_at_a_time_of_day_on_mars() -> None:
    first, second, *_ = sol(every=1000).times(ALL_TIME)

    # Sol 1000 began on 2023-12-12 at 16:11:39 UTC and lasted 24 h 39 min 35 s.
    assert utc_text(first.at) == "2023-12-13T04:31:27Z"
    assert first == Slot(
        first.at, "sols", first.at - 8 * HOUR, ZONE, Priority.SKY,
        facts=(("mission", "Perseverance"), ("sol", 1000), ("sol_time", "12:00"), ("turn", 1)),
    )  # fmt: skip
    assert (second.fact("sol"), utc_text(second.at)) == (2000, "2026-10-05T16:18:51Z")


def test_sols_are_counted_from_the_first_as_the_mission_does() -> None:
    (slot,) = sol("opportunity", sols=[5000], at="00:00").times(ALL_TIME)

    assert local_text(slot.at, ZONE) == "2018-02-15T17:26:19-08:00"
    assert slot.fact("sol_time") == "00:00"


def test_only_the_listed_sols_speak() -> None:
    assert sols(sol(sols=[2000, 14, 1000]).times(ALL_TIME)) == [14, 1000, 2000]


def test_every_sol_can_speak_but_sol_0() -> None:
    found = sol(every=1).times(Window(at("2021-02-01T00:00Z"), at("2021-03-01T00:00Z")))

    assert sols(found) == list(range(1, 11))


@pytest.mark.parametrize("time_of_day", ["00:00", "00:01", "06:30", "15:53", "23:59"])
def test_the_clock_of_the_mission_shows_the_time_of_day(time_of_day: str) -> None:
    clock = Clock(ROVER.starts or 0, 0)

    for slot in sol(every=137, at=time_of_day).times(ALL_TIME):
        # Slots are whole seconds.
        assert clock.time_of_day(slot.at + 1) == slot.fact("sol_time") == time_of_day
        assert clock.sol(slot.at + 1)[0] == slot.fact("sol")


def test_after_its_end_a_mission_counts_no_more_sols() -> None:
    found = sol("opportunity", every=1).times(Window(at("2018-02-10T00:00Z"), at("2019-01-01T00:00Z")))

    assert [str(slot.day) for slot in found][-1] == "2018-02-15"


def test_before_the_day_on_which_its_work_began_a_mission_counts_no_sols() -> None:
    almanac = Almanac(missions={"rover": replace(ROVER, began_on=date(2021, 3, 1))})

    found = Sol("sols", {"mission": "rover", "every": 1, "at": "12:00"}, almanac).times(ALL_TIME)

    assert str(found[0].day) == "2021-03-01"


def test_an_anniversary_in_mars_years_is_on_the_date_on_which_the_season_is_the_same() -> None:
    found = sol(mars_years="all", at="09:00").times(Window(at("2021-01-01T00:00Z"), at("2027-01-01T00:00Z")))

    assert [local_text(slot.at, slot.zone) for slot in found] == [
        "2023-01-06T09:00:00-08:00",
        "2024-11-23T09:00:00-08:00",
        "2026-10-11T09:00:00-07:00",
    ]
    assert found[0] == Slot(
        found[0].at, "sols", at("2023-01-06T09:00Z"), ZONE, Priority.SKY, "landing",
        facts=(("mission", "Perseverance"), ("mars_years", 1), ("sol", 669), ("sol_time", "06:11"), ("turn", 1)),
    )  # fmt: skip
    for slot in found:
        assert solar_longitude(slot.at) == pytest.approx(solar_longitude(LANDING.instant or 0), abs=0.6)


def test_only_the_listed_mars_years_are_kept() -> None:
    found = sol(mars_years=[1, 5, 10]).times(ALL_TIME)

    assert [slot.fact("mars_years") for slot in found] == [1, 5, 10]


@pytest.mark.parametrize(
    "options",
    [
        {"mars_years": "all", "at": "00:00"},
        {"mars_years": "all", "at": "23:59"},
        {"every": 500, "at": "00:00"},
    ],
)
def test_each_slot_is_found_in_its_own_second(options: Mapping[str, Any]) -> None:
    trigger = sol(**options)

    for slot in trigger.times(Window(ALL_TIME.start, at("2100-01-01T00:00Z"))):
        assert trigger.times(Window(slot.at, slot.at + 1)) == [slot]


def test_a_mission_without_a_clock_has_mars_years_from_noon_of_its_day() -> None:
    (slot,) = sol("orbiter", mars_years=[1], at="09:00").times(ALL_TIME)

    assert local_text(slot.at, slot.zone) == "2023-04-02T09:00:00+08:00"
    assert dict(slot.facts) == {"mission": "An orbiter", "mars_years": 1, "turn": 1}


def test_a_century_of_mars_years_is_kept() -> None:
    window = Window(at("2100-01-01T00:00Z"), at("2110-01-01T00:00Z"))

    found = sol(mars_years="all").times(window)

    assert [slot.fact("mars_years") for slot in found] == [42, 43, 44, 45, 46, 47]


def test_a_tick_finds_what_the_year_does() -> None:
    (slot,) = sol(sols=[2000]).times(ALL_TIME)

    assert sol(every=1000).times(Window(slot.at, slot.at + 1)) == [
        replace(slot, facts=(*slot.facts[:-1], ("turn", 2)))
    ]
    assert sol(every=1000).times(Window(slot.at - DAY, slot.at)) == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"mission": "rovr"}, 'no mission called "rovr"; did you mean "rover"?'),
        ({"mission": ["rover"]}, "no mission called"),
        ({"every": 0}, '"every" cannot be 0; write how many sols apart: every = 1000'),
        ({"every": True}, '"every" cannot be True'),
        ({"sols": [1]}, "write one of these: every = 1000, or sols = [1000, 2000]"),
        ({"every": 100_000}, '"every" cannot be 100000'),
        ({"sols": [100_000], "every": None}, '"sols" cannot be [100000]'),
        ({"mars_years": [2027], "every": None}, '"mars_years" cannot be [2027]'),
        ({"sols": [0], "every": None}, '"sols" cannot be [0]; write sols = [1000, 2000]'),
        ({"sols": [], "every": None}, '"sols" cannot be []'),
        ({"sols": 1000, "every": None}, '"sols" cannot be 1000'),
        ({"mars_years": "some", "every": None}, '"mars_years" cannot be \'some\'; write mars_years = "all"'),
        ({"every": None}, "write one of these"),
        (
            {"mission": "orbiter"},
            '"mission": An orbiter counts no sols; write a clock at it, or mars_years = "all"',
        ),
        (
            {"mission": "opportunity", "every": None, "mars_years": "all"},
            '"mission": Opportunity has no date on which it began, so it has no Mars years',
        ),
        ({"at": "noon"}, 'cannot read "noon" as a time of day'),
        ({"zone": "UTC"}, 'no option called "zone"'),
        ({"at": None}, '"at" is missing'),
        ({"mission": None}, '"mission" is missing'),
    ],
)
def test_a_mistake_is_said_with_what_can_be_written(options: Mapping[str, Any], sentence: str) -> None:
    written = {"mission": "rover", "at": "12:00", "every": 1000, **options}
    kept = {name: value for name, value in written.items() if value is not None}

    with pytest.raises(ValueError, match=re.escape(sentence)):
        Sol("sols", kept, ALMANAC)


def test_a_mission_that_an_observance_began_has_no_mars_years() -> None:
    almanac = Almanac((RULE,), missions={"odd": Mission("odd", "Odd", began="observance")})

    with pytest.raises(ValueError, match="Odd has no date on which it began"):
        Sol("sols", {"mission": "odd", "mars_years": "all", "at": "09:00"}, almanac)
