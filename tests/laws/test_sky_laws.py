"""What the sky promises: its happenings are there whatever the stretch that is asked for."""

from itertools import pairwise
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sky import mars_time
from bot.sky.ephemeris import KINDS, happenings
from bot.sky.mars_time import SOL, Clock
from bot.sky.viewing import Site, positions, viewing
from bot.zones import DAY, HOUR

kinds = st.sampled_from(KINDS)
#: From 1990 to 2060.
instants = st.integers(7_305 * DAY, 32_872 * DAY)
#: Never the very edge of a leap second, on which a float can fall either way.
moments = st.builds(lambda instant, part: instant + part, instants, st.floats(0.001, 0.999))
#: In so long there is one of each kind: from an opposition to the next there are at most 810 days.
SYNODIC = 830 * DAY
#: Far more than that.
lengths = st.integers(0, 1_200 * DAY)


@settings(max_examples=150, deadline=None)
@given(kinds, instants, lengths, lengths)
def test_cutting_a_stretch_of_sky_changes_nothing(kind: str, start: int, first: int, second: int) -> None:
    middle, end = start + first, start + first + second

    parts = happenings(kind, start, middle) + happenings(kind, middle, end)

    assert happenings(kind, start, end) == parts


@settings(max_examples=60, deadline=None)
@given(kinds, instants)
def test_a_happening_is_found_in_the_one_second_that_is_its_own(kind: str, start: int) -> None:
    found = happenings(kind, start, start + SYNODIC)

    assert found
    for each in found:
        assert happenings(kind, each.at, each.at + 1) == [each]
        assert happenings(kind, each.at - 1, each.at) == []
        assert happenings(kind, each.at + 1, each.at + 2) == []


@settings(max_examples=100, deadline=None)
@given(kinds, instants, lengths)
def test_happenings_lie_in_their_stretch_in_order(kind: str, start: int, length: int) -> None:
    found = happenings(kind, start, start + length)

    assert all(start <= each.at < start + length for each in found)
    assert all(before.at < after.at for before, after in pairwise(found))
    assert all(before.number + 1 == after.number for before, after in pairwise(found))


@settings(max_examples=40, deadline=None)
@given(instants)
def test_moon_and_mars_meet_once_in_every_four_weeks_or_so(start: int) -> None:
    found = [each.at for each in happenings("moon-mars", start, start + 400 * DAY)]

    gaps = {(after - before) / DAY for before, after in pairwise(found)}
    assert all(26 < gap < 31 for gap in gaps)


@given(moments, st.integers(-3, 40))
def test_a_mars_anniversary_comes_as_the_season_does(instant: float, years: int) -> None:
    kept = mars_time.mars_anniversary(instant, years)

    off = (mars_time.solar_longitude(kept) - mars_time.solar_longitude(instant) + 180) % 360 - 180
    assert abs(off) < 1e-5
    assert abs(kept - instant - years * 686.97 * DAY) < 2 * DAY


@given(moments, moments, st.integers(0, 1))
def test_a_clock_gives_back_the_instant_of_what_it_shows(starts: float, instant: float, first: int) -> None:
    clock = Clock(starts, first)

    sol, gone = clock.sol(instant)

    assert 0 <= gone < SOL
    assert abs(clock.instant(sol, gone) - instant) < 0.001
    # What begins within a leap second is shown up to a second late.
    assert clock.start(sol) <= instant + 1


@settings(max_examples=150, deadline=None)
@given(
    kinds, instants, st.floats(-70, 70), st.floats(-180, 180), st.sampled_from(("evening", "dawn", "best"))
)
def test_what_is_seen_is_up_in_the_dark_and_near_its_time(
    kind: str, start: int, latitude: float, longitude: float, when: Literal["evening", "dawn", "best"]
) -> None:
    happening = happenings(kind, start, start + SYNODIC)[0]
    site = Site(latitude, longitude, "UTC")

    view = viewing(happening, site, when)

    if view is not None:
        sky = {each.name: each for each in positions(view.at, site)}
        # 8 degrees down, but for what the air would lift it, if it did so below the horizon.
        assert sky["Sun"].altitude <= -7.3
        assert sky["Mars"].altitude >= 10
        assert kind != "moon-mars" or sky["Moon"].altitude >= 10
        assert abs(view.at - happening.at) <= 18 * HOUR
        assert when in {view.when, "best"}
