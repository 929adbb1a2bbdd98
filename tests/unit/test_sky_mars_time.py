"""Mars time against what others publish: Mars24's worked examples, mission clocks and sols, seasons."""

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.sky import mars_time
from bot.sky.mars_time import SOL, Clock, Season


class Row(NamedTuple):
    check: str
    at: float
    mission: str
    east: float
    quantity: str
    value: str


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def read() -> list[Row]:
    with (Path(__file__).parent.parent / "data" / "mars24.csv").open(newline="") as file:
        return [
            Row(check, moment(utc), mission, float(east or 0), quantity, value)
            for check, utc, mission, east, quantity, value in list(csv.reader(file))[1:]
        ]


ROWS = read()
CLOCKS = {row.mission: Clock(row.at, int(row.value)) for row in ROWS if row.quantity == "clock"}

#: How each number of the worked examples is had of an instant and an east longitude.
NUMBERS: dict[str, Callable[[float, float], float]] = {
    "JD_TT": lambda at, _: mars_time.days_since_j2000(at) + 2_451_545,
    "TT_minus_UTC_s": lambda at, _: mars_time.tt_ahead(at),
    "dt_J2000_days": lambda at, _: mars_time.days_since_j2000(at),
    "mean_anomaly_M_deg": lambda at, _: mars_time.mean_anomaly(at) % 360,
    "alpha_FMS_deg": lambda at, _: mars_time.mean_sun(at) % 360,
    "PBS_deg": lambda at, _: mars_time.perturbation(at),
    "nu_minus_M_deg": lambda at, _: mars_time.centre(at),
    "Ls_deg": lambda at, _: mars_time.solar_longitude(at),
    "EOT_deg": lambda at, _: mars_time.equation_of_time(at),
    "EOT_hours": lambda at, _: mars_time.equation_of_time(at) / 15,
    "MSD": lambda at, _: mars_time.sol_date(at),
    "24h_times_MSD": lambda at, _: mars_time.sol_date(at) * 24,
    "MTC_hours": lambda at, _: mars_time.mean_time(at),
    "LMST_hours": mars_time.mean_time,
    "LTST_hours": mars_time.true_time,
    "solar_declination_deg": lambda at, _: mars_time.declination(at),
}
CLOCK_TIMES: dict[str, Callable[[float, float], float]] = {
    "MTC_hms": lambda at, _: mars_time.mean_time(at),
    "LMST_hms": mars_time.mean_time,
    "LMST_hms_at_0W": mars_time.mean_time,
    "LTST_hms": mars_time.true_time,
    "LTST_hms_at_0W": mars_time.true_time,
}


def rows(*quantities: str) -> pytest.MarkDecorator:
    found = [row for row in ROWS if row.quantity in quantities]
    return pytest.mark.parametrize("row", found, ids=[row.check for row in found])


def seconds(text: str) -> int:
    """`13:09:55` as Mars seconds."""
    hours, minutes, rest = map(int, text.split(":"))
    return hours * 3_600 + minutes * 60 + rest


def test_every_published_row_is_looked_at() -> None:
    looked_at = {*NUMBERS, *CLOCK_TIMES, "clock", "sol", "sol begins", "season", "mars year begins"}

    assert {row.quantity for row in ROWS} == looked_at


@rows(*NUMBERS)
def test_a_number_is_as_published_to_its_last_digit(row: Row) -> None:
    digits = len(row.value.partition(".")[2])

    number = NUMBERS[row.quantity](row.at, row.east)

    assert number == pytest.approx(float(row.value), rel=0, abs=10.0**-digits)


@rows(*CLOCK_TIMES)
def test_a_clock_shows_what_is_published_to_a_second(row: Row) -> None:
    hours = CLOCK_TIMES[row.quantity](row.at, row.east)

    assert hours * 3_600 == pytest.approx(seconds(row.value), abs=1)


@rows("sol")
def test_a_mission_clock_shows_sol_and_time_to_a_second(row: Row) -> None:
    number, shown = row.value.split()

    sol, gone = CLOCKS[row.mission].sol(row.at)

    assert sol == int(number)
    assert round(gone * 24 * 3_600 / SOL) == seconds(shown)
    assert CLOCKS[row.mission].time_of_day(row.at) == shown[:5]


@rows("sol begins")
def test_a_sol_begins_in_its_published_second(row: Row) -> None:
    start = CLOCKS[row.mission].start(int(row.value))

    assert 0 <= start - row.at <= 1.001


@rows("season")
def test_a_season_begins_in_its_published_minute(row: Row) -> None:
    mars_year, quarter = map(int, row.value.split())

    found = mars_time.season(quarter, mars_year)

    assert 0 <= found - row.at < 60


def test_seasons_of_a_window_are_those_of_the_table() -> None:
    listed = [row for row in ROWS if row.quantity == "season"]

    found = mars_time.seasons(int(listed[0].at), int(listed[-1].at) + 60)

    assert [f"{each.mars_year} {each.quarter}" for each in found] == [row.value for row in listed]


@rows("mars year begins")
def test_mars_years_are_counted_from_the_first(row: Row) -> None:
    begins = mars_time.season(0, int(row.value))

    assert begins == pytest.approx(row.at, abs=1)
    assert [mars_time.mars_year(begins - 60), mars_time.mars_year(begins + 60)] == [0, 1]


def test_a_season_belongs_to_the_window_in_whose_first_second_it_begins() -> None:
    (spring,) = mars_time.seasons(int(moment("2026-09-01T00:00Z")), int(moment("2026-11-01T00:00Z")))

    assert spring == Season(spring.at, quarter=0, mars_year=39)
    assert mars_time.seasons(spring.at, spring.at + 1) == [spring]
    assert mars_time.seasons(spring.at - 1, spring.at) == []
    assert mars_time.seasons(spring.at + 1, spring.at + 2) == []
    assert mars_time.seasons(spring.at, spring.at) == []


@pytest.mark.parametrize("years", [1, 2, 8])
def test_a_mars_anniversary_has_the_ls_of_the_landing(years: int) -> None:
    landing = moment("2021-02-18T20:55:00Z")

    kept = mars_time.mars_anniversary(landing, years)

    assert mars_time.solar_longitude(kept) == pytest.approx(mars_time.solar_longitude(landing), abs=1e-5)
    assert mars_time.mars_year(kept) == mars_time.mars_year(landing) + years
    assert (kept - landing) / 86_400 == pytest.approx(686.97 * years, abs=0.6)


def test_a_clock_counts_the_leap_seconds_that_the_world_has_put_in() -> None:
    clock = Clock(moment("2016-12-31T00:00:00Z"), 1)

    day_on = clock.sol(moment("2017-01-01T00:00:00Z"))

    assert day_on == (1, 86_401.0)
    assert clock.instant(1, 86_401.0) == moment("2017-01-01T00:00:00Z")


def test_a_leap_second_itself_is_the_second_after_it() -> None:
    clock = Clock(moment("2016-12-31T00:00:00Z"), 1)

    shown = [
        clock.instant(1, gone) - moment("2017-01-01T00:00:00Z") for gone in (86_399.5, 86_400.5, 86_401.5)
    ]

    assert shown == [-0.5, 0.5, 0.5]


def test_sols_before_the_first_are_counted_too() -> None:
    clock = Clock(0.0, 1)

    sol, gone = clock.sol(-1.0)

    assert sol == 0
    assert gone == pytest.approx(SOL - 1)
    assert clock.time_of_day(-1.0) == "23:59"


def test_the_sun_climbs_no_higher_than_the_tilt_of_mars() -> None:
    summer, winter = (mars_time.declination(mars_time.season(quarter, 38)) for quarter in (1, 3))

    assert summer == pytest.approx(25.44, abs=0.01)
    assert winter == pytest.approx(-25.44, abs=0.01)
