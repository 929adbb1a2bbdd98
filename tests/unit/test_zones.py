from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import zones
from bot.zones import (
    DAY,
    HOUR,
    MINUTE,
    Zone,
    date_of,
    day_of,
    instant_of,
    local_text,
    moment,
    shown,
    utc_text,
    wall_of,
    zone,
)


def wall(text: str) -> int:
    return wall_of(datetime.fromisoformat(text))


def at(text: str) -> int:
    return instant_of(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("name", "local", "instant"),
    [
        ("America/New_York", "2027-01-28T09:00", "2027-01-28T14:00Z"),
        ("America/New_York", "2027-07-28T09:00", "2027-07-28T13:00Z"),
        ("America/New_York", "2027-03-14T01:59", "2027-03-14T06:59Z"),
        ("America/New_York", "2027-03-14T02:30", "2027-03-14T07:30Z"),  # spring skips it: it becomes 03:30
        ("America/New_York", "2027-03-14T03:00", "2027-03-14T07:00Z"),
        ("America/New_York", "2027-11-07T01:30", "2027-11-07T05:30Z"),  # autumn repeats it: the first counts
        ("Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-02T15:45Z"),  # a gap of half an hour
        ("Africa/Cairo", "2027-04-30T00:30", "2027-04-29T22:30Z"),  # a gap at midnight
        ("America/Havana", "2027-11-07T00:30", "2027-11-07T04:30Z"),  # midnight happens twice
        ("America/Nuuk", "2027-03-27T23:30", "2027-03-28T01:30Z"),  # a gap before midnight
        ("Asia/Kathmandu", "2027-01-01T00:00", "2026-12-31T18:15Z"),
    ],
)
def test_a_wall_time_becomes_an_instant_as_rfc_5545_reads_it(name: str, local: str, instant: str) -> None:
    assert utc_text(Zone(name).instant(wall(local))) == utc_text(at(instant))
    assert Zone(name)[wall(local)] == at(instant)


def test_a_clock_shows_the_same_hour_twice_in_autumn() -> None:
    clock = Zone("America/New_York")

    assert (
        clock.wall(at("2027-11-07T05:30Z")) == clock.wall(at("2027-11-07T06:30Z")) == wall("2027-11-07T01:30")
    )


@given(
    st.integers(-20 * 366 * DAY, 130 * 366 * DAY),
    st.sampled_from(["Europe/Dublin", "Pacific/Apia", "Asia/Tokyo"]),
)
def test_what_a_clock_shows_is_first_shown_then_or_earlier(instant: int, name: str) -> None:
    clock = Zone(name)

    first = clock.instant(clock.wall(instant))

    assert first <= instant
    assert clock.wall(first) == clock.wall(instant)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Pacific/Kwajalein", date(1993, 8, 21)),
        ("Asia/Manila", date(1844, 12, 31)),
    ],
)
def test_a_day_skipped_at_the_date_line_is_not_there(name: str, day: date) -> None:
    clock, number = Zone(name), day_of(day)

    assert [clock.has(number - 1), clock.has(number), clock.has(number + 1)] == [True, False, True]
    assert clock[number * DAY + 9 * HOUR] is None
    assert clock[(number - 1) * DAY + 9 * HOUR] is not None
    assert clock[(number + 1) * DAY + 9 * HOUR] is not None


def test_midnight_swallowed_by_a_gap_is_where_the_gap_ends() -> None:
    assert utc_text(Zone("Africa/Cairo").midnight(day_of(date(2027, 4, 30)))) == "2027-04-29T22:00:00Z"


@pytest.mark.parametrize("name", ["America/New_York", "Pacific/Apia", "Africa/Casablanca", "UTC"])
def test_times_learnt_together_are_what_each_would_be_alone(name: str) -> None:
    walls = range(wall("2011-01-01T02:30"), wall("2013-01-01T02:30"), DAY)
    together, alone = Zone(name), Zone(name)

    together.learn(walls)

    assert dict(together) == {each: alone[each] for each in walls}


def test_a_zone_forgets_before_it_remembers_too_much() -> None:
    clock = Zone("UTC")
    clock.learn(range(0, MINUTE * (1 << 16), MINUTE))

    assert clock[1] == 1

    assert len(clock) == 1
    clock.learn(range(0, MINUTE * (1 << 16), MINUTE))
    clock.learn(range(0, MINUTE * (1 << 16), MINUTE))
    assert len(clock) == 1 << 16


@pytest.mark.parametrize("wrong", ["America/Mars_City", "", "../etc/passwd", "/etc/passwd", "America"])
def test_what_is_no_zone_is_refused_with_an_example(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"no zone called .*; use an IANA name such as 'America/New_York'"):
        zone(wrong)


def test_a_zone_is_made_once() -> None:
    assert zone("Europe/Berlin") is zone("Europe/Berlin")


@given(st.integers(-10_000_000_000, 10_000_000_000))
def test_walls_and_instants_survive_being_written_as_datetimes(number: int) -> None:
    assert wall_of(shown(number)) == number
    assert instant_of(moment(number)) == number


@given(st.dates())
def test_days_survive_being_counted(day: date) -> None:
    assert date_of(day_of(day)) == day


def test_an_instant_loses_its_fraction_and_keeps_its_second() -> None:
    assert instant_of(datetime(2027, 1, 1, microsecond=999_999, tzinfo=UTC)) == at("2027-01-01T00:00Z")
    assert instant_of(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1


def test_a_moment_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="2027-01-01T00:00:00 has no zone; write Z or an offset behind it"):
        instant_of(datetime.fromisoformat("2027-01-01T00:00:00"))


def test_instants_are_written_in_utc_or_with_their_offset() -> None:
    instant = instant_of(datetime(2027, 1, 28, 9, tzinfo=timezone(timedelta(hours=-5))))

    assert utc_text(instant) == "2027-01-28T14:00:00Z"
    assert local_text(instant, "America/New_York") == "2027-01-28T09:00:00-05:00"


def test_no_offset_counts_as_none_at_all() -> None:
    assert zones.seconds(None) == 0
    assert zones.seconds(timedelta(hours=-5)) == -5 * HOUR


@pytest.mark.parametrize(
    ("name", "local", "instant"),
    [
        ("America/Nuuk", "2027-03-27T23:59", "2027-03-28T00:59:59Z"),  # a gap before midnight
        ("America/Nuuk", "2027-03-27T22:59", "2027-03-28T00:59:00Z"),
        ("America/New_York", "2027-03-14T02:30", "2027-03-14T07:30:00Z"),
        ("America/New_York", "2027-01-28T23:59", "2027-01-29T04:59:00Z"),
    ],
)
def test_what_belongs_to_a_day_is_never_moved_out_of_it(name: str, local: str, instant: str) -> None:
    found = Zone(name).on_its_day(wall(local))

    assert found is not None
    assert utc_text(found) == instant


def test_a_day_that_a_zone_has_skipped_has_no_time() -> None:
    assert Zone("Pacific/Apia").on_its_day(wall("2011-12-30T12:00")) is None
