"""What the triggers of sky and sols promise, wherever a window is cut."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts import Almanac, Trigger
from bot.model import Event, Mission, Slot, Window
from bot.triggers.sky import Sky
from bot.triggers.sol import Sol
from bot.zones import DAY, day_of
from tests.fakes.triggers import beyond, doubled, lost_in_their_own_second, told

MISSIONS = {
    "rover": Mission(
        "rover", "A rover", began="landing", starts=1_613_622_255.807, zone="America/Los_Angeles"
    ),
    "far": Mission(
        "far", "Afar", began="landing", starts=1_074_956_938.816, first_sol=1, zone="Pacific/Kiritimati"
    ),
}
ALMANAC = Almanac(
    events=(
        Event("opposition", "Opposition", "sky", sky="opposition"),
        Event("closest", "Closest", "sky", sky="closest-approach"),
        Event("meeting", "Meeting", "sky", sky="moon-mars"),
        Event("new-year", "New year", "sky", sky="northern-spring"),
        Event("landing", "Landing", "landing", instant=1_613_681_700, day=date(2021, 2, 18)),
    ),
    missions=MISSIONS,
)
EVERY = {"kinds": ["sky"], "within": 180}
NEW_YORK = {"zone": "America/New_York", "place": {"latitude": 40.7, "longitude": -74.0}}
SYDNEY = {"zone": "Australia/Sydney", "place": {"latitude": -33.9, "longitude": 151.2, "name": "Sydney"}}
NORTH = {"zone": "Europe/Oslo", "place": {"latitude": 63.4, "longitude": 10.4}}
TRIGGERS: tuple[Trigger, ...] = (
    Sky("u", {**EVERY, "at": "02:30", "zone": "America/New_York"}, ALMANAC),
    Sky("u", {**EVERY, "at": "00:00", "zone": "Pacific/Kiritimati", "least_sun": 0}, ALMANAC),
    Sky("u", {**EVERY, **NEW_YORK, "at": "best"}, ALMANAC),
    Sky("u", {**EVERY, **NEW_YORK, "at": "evening", "lead": "12h"}, ALMANAC),
    Sky("u", {**EVERY, **SYDNEY, "at": "dawn", "eve_at": "21:15"}, ALMANAC),
    Sky("u", {**EVERY, **NORTH, "least_altitude": 2, "least_sun": 0}, ALMANAC),
    Sol("s", {"mission": "rover", "every": 7, "at": "12:00"}, ALMANAC),
    Sol("s", {"mission": "rover", "every": 1, "at": "23:59"}, ALMANAC),
    Sol("s", {"mission": "far", "sols": [6000, 7000, 7001, 9000, 10_000], "at": "00:00"}, ALMANAC),
    Sol("s", {"mission": "far", "mars_years": "all", "at": "02:30"}, ALMANAC),
    Sol("s", {"mission": "rover", "mars_years": [2, 3, 5], "at": "23:59"}, ALMANAC),
)
SPEAKS_OF_A_VIEW = TRIGGERS[2:6]

triggers = st.sampled_from(TRIGGERS)
#: Two New Years' nights and what lies between.
instants = st.integers(day_of(date(2026, 12, 20)) * DAY, day_of(date(2029, 1, 10)) * DAY)


def order(slot: Slot) -> tuple[int, str]:
    return (slot.at, slot.event or "")


@settings(max_examples=200, deadline=None)
@given(triggers, st.tuples(instants, instants, instants).map(sorted))
def test_cutting_a_window_of_sky_or_sols_changes_nothing(trigger: Trigger, cuts: list[int]) -> None:
    a, b, c = cuts

    assert told(trigger, a, b, c) == told(trigger, a, c)


@settings(max_examples=60, deadline=None)
@given(triggers, instants)
def test_a_slot_of_sky_or_sols_is_found_in_the_one_second_that_is_its_own(
    trigger: Trigger, start: int
) -> None:
    assert lost_in_their_own_second(trigger, Window(start, start + 40 * DAY)) == []


@settings(max_examples=60, deadline=None)
@given(triggers, instants, st.integers(0, 800 * DAY))
def test_slots_of_sky_and_sols_lie_in_their_window_in_order_and_each_is_itself_alone(
    trigger: Trigger, start: int, length: int
) -> None:
    slots = told(trigger, start, start + length)

    assert beyond(slots, Window(start, start + length)) == []
    assert slots == sorted(slots, key=order)
    assert doubled(slots) == []


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SPEAKS_OF_A_VIEW), instants)
def test_a_view_is_announced_on_its_own_day_or_the_evening_before_and_in_time(
    trigger: Trigger, start: int
) -> None:
    for slot in trigger.times(Window(start, start + 100 * DAY)):
        view = slot.fact("seen")
        assert isinstance(view, int)
        assert 15 * 60 <= view - slot.at < 18 * 3_600
        assert slot.at < slot.deadline(None) <= view
