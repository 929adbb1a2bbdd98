"""A time that a person names by a slot's clock, made an instant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.moments import comes_twice, named_moment
from bot.errors import BadCall
from bot.zones import MINUTE, moment, zone
from tests.fakes.worlds import at

ZONES = ("UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")


@given(
    st.integers(at("1990-01-01T00:00Z") // MINUTE, at("2060-01-01T00:00Z") // MINUTE), st.sampled_from(ZONES)
)
def test_what_a_clock_shows_leads_back_to_its_instant(minute: int, name: str) -> None:
    """Whoever reads a time off a slot and sends it as it is means that instant, in the hours that come twice, too."""
    instant = minute * MINUTE
    shown = moment(instant).astimezone(zone(name).info)
    text = f"{shown:%Y-%m-%dT%H:%M}"

    turn = "second" if shown.fold else "first"

    if shown.second == 0:
        assert named_moment(text, name, turn=turn) == instant
        if not comes_twice(text, name):
            assert named_moment(text, name) == instant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "2027-03-28T01:30",
            "01:30 on 28 March 2027 is no time in Europe/London: the clocks are put forward over it then; say 02:30",
        ),
        (
            "2027-10-31T01:30",
            "01:30 on 31 October 2027 comes twice in Europe/London, when the clocks are put back; say which",
        ),
        ("tomorrow", "cannot read 'tomorrow' as a time: write it as 2027-01-28T09:00"),
        ("2027-02-30T09:00", "cannot read '2027-02-30T09:00' as a time"),
        ("0027-02-28T09:00", "cannot read '0027-02-28T09:00' as a time"),
        ("2500-02-28T09:00:00", "cannot read"),
        ("", "cannot read ''"),
    ],
)
def test_a_time_that_is_none_or_two_is_told(text: str, why: str) -> None:
    with pytest.raises(BadCall) as told:
        named_moment(text, "Europe/London")

    assert str(told.value).startswith(why)


def test_of_two_the_one_that_is_named_is_taken() -> None:
    first = named_moment("2027-10-31T01:30", "Europe/London", turn="first")
    second = named_moment("2027-10-31T01:30", "Europe/London", turn="second")

    assert (first, second) == (at("2027-10-31T00:30Z"), at("2027-10-31T01:30Z"))


def test_only_what_comes_twice_is_asked_about() -> None:
    assert comes_twice("2027-10-31T01:30", "Europe/London")
    assert not comes_twice("2027-03-28T01:30", "Europe/London")
    assert not comes_twice("2027-10-31T03:30", "Europe/London")
    assert not comes_twice("soon", "Europe/London")


def test_seconds_may_be_said() -> None:
    assert named_moment("2027-03-08T09:00:30", "UTC") == at("2027-03-08T09:00:30Z")
