"""What every trigger promises, whatever its options and wherever a window is cut."""

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts import Almanac, Trigger
from bot.days import rule
from bot.model import Event, Part, Post, Slot, Tone, Window
from bot.triggers.anniversary import Anniversary
from bot.triggers.dates import Dates
from bot.triggers.on_this_day import OnThisDay
from bot.triggers.slots import Slots
from bot.zones import DAY, HOUR, MINUTE, day_of, zone
from tests.fakes.triggers import beyond, doubled, lost_in_their_own_second, told

ALMANAC = Almanac(
    events=(
        Event("new-year", "New year", "k", "Pacific/Kiritimati", day=date(2000, 1, 1)),
        Event("old-year", "Old year", "k", "Pacific/Pago_Pago", day=date(2000, 12, 31)),
        Event("leap", "Leap", "k", "America/New_York", day=date(2016, 2, 29)),
        Event("spring", "Spring", "k", "America/New_York", Tone.REMEMBRANCE, day=date(2004, 3, 14)),
        Event("spring-too", "Spring too", "k", "America/New_York", day=date(2005, 3, 14)),
        Event("moving", "Moving", "k", "Europe/Dublin", rule=rule("last sunday of march")),
    ),
    posted=tuple(
        Post(
            f"post-{number}",
            (Part("…"),),
            posted=date.fromordinal(date(2016, 2, 25).toordinal() + 17 * number),
        )
        for number in range(60)
    ),
)
TRIGGERS: tuple[Trigger, ...] = (
    Anniversary("a", {"kinds": ["k"], "at": "02:30"}, ALMANAC),
    Anniversary("a", {"events": ["leap", "spring"], "at": "00:00", "leap_day": "mar-1"}, ALMANAC),
    OnThisDay("o", {"at": "02:30", "zone": "America/New_York"}, ALMANAC),
    OnThisDay("o", {"at": "23:59", "zone": "Pacific/Kiritimati", "leap_day": "leap-years-only"}, ALMANAC),
    Slots("s", {"days": "daily", "at": ["01:30", "02:30", "03:30"], "zone": "America/New_York"}, ALMANAC),
    Slots("s", {"days": "mon-fri", "at": "23:45", "zone": "America/Nuuk", "jitter": "30m"}, ALMANAC),
    Slots("s", {"days": "daily", "at": ["00:00", "12:00"], "zone": "Africa/Cairo", "jitter": "24h"}, ALMANAC),
    Slots("s", {"days": "sun", "at": "02:15", "zone": "Australia/Lord_Howe"}, ALMANAC),
    Slots("s", {"cron": "*/40 * * * *", "zone": "America/Havana"}, ALMANAC),
    Slots("s", {"cron": "30 2 * * sun", "zone": "Europe/Berlin", "jitter": "2h"}, ALMANAC),
    Dates("d", {"at": [datetime(2027, month, 7, 6, 30, tzinfo=UTC) for month in range(1, 13)]}, ALMANAC),
)
#: Nights on which clocks change, and the turn of a year that has a 29 February.
TURNS = tuple(
    day_of(date(*day)) * DAY
    for day in ((2027, 3, 14), (2027, 11, 7), (2027, 12, 31), (2028, 2, 29), (2027, 3, 28))
)

turns, minutes = st.sampled_from(TURNS), st.integers(-4_000, 4_000).map(lambda number: number * MINUTE)
moments = st.builds(lambda turn, distance: turn + distance, turns, minutes)
triggers = st.sampled_from(TRIGGERS)


def order(slot: Slot) -> int:
    return slot.at


@settings(max_examples=300, deadline=None)
@given(triggers, turns, st.tuples(minutes, minutes, minutes).map(sorted))
def test_cutting_a_window_changes_nothing(trigger: Trigger, turn: int, cuts: list[int]) -> None:
    a, b, c = (turn + cut for cut in cuts)

    assert told(trigger, a, b, c) == told(trigger, a, c)


@settings(max_examples=60, deadline=None)
@given(triggers, moments)
def test_a_slot_is_found_in_the_one_second_that_is_its_own(trigger: Trigger, start: int) -> None:
    assert lost_in_their_own_second(trigger, Window(start, start + DAY)) == []


@settings(max_examples=100, deadline=None)
@given(triggers, moments, st.integers(0, 400 * DAY))
def test_slots_lie_in_their_window_in_order_and_each_is_itself_alone(
    trigger: Trigger, start: int, length: int
) -> None:
    slots = told(trigger, start, start + length)

    assert beyond(slots, Window(start, start + length)) == []
    assert slots == sorted(slots, key=order)
    assert doubled(slots) == []


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(1904, 1, 1), date(2023, 12, 31)),
    st.sampled_from(["UTC", "America/New_York", "Pacific/Auckland"]),
    st.sampled_from(["feb-28", "mar-1"]),
)
def test_an_anniversary_comes_once_a_year_for_a_hundred_years(
    original: date, name: str, leap_day: str
) -> None:
    almanac = Almanac((Event("e", "E", "k", name, day=original),))
    trigger = Anniversary("a", {"kinds": ["k"], "at": "09:00", "leap_day": leap_day}, almanac)
    start, end = original.replace(day=1), original.replace(year=original.year + 101, day=1)

    slots = trigger.times(Window(zone(name).midnight(day_of(start)), zone(name).midnight(day_of(end))))

    assert [slot.years for slot in slots] == list(range(1, 101))
    assert [slot.day.year - original.year for slot in slots] == list(range(1, 101))


def test_29_february_never_drifts_over_a_hundred_years() -> None:
    trigger = Anniversary("a", {"events": ["leap"], "at": "09:00"}, ALMANAC)

    slots = trigger.times(Window(day_of(date(2016, 1, 1)) * DAY, day_of(date(2117, 1, 1)) * DAY))

    leaps = [slot.day.year for slot in slots if (slot.day.month, slot.day.day) == (2, 29)]
    assert len(slots) == 100
    assert leaps == [year for year in range(2020, 2117, 4) if year != 2100]
    assert {(slot.day.month, slot.day.day) for slot in slots} == {(2, 28), (2, 29)}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["America/New_York", "Africa/Cairo", "America/Nuuk", "Asia/Beirut", "UTC"]),
    st.integers(0, 47),
    st.sampled_from(["1m", "20m", "3h", "1d"]),
    st.sampled_from(["one", "two"]),
)
def test_jitter_keeps_a_slot_within_its_day_and_its_length(
    name: str, half_hour: int, jitter: str, schedule: str
) -> None:
    options = {"days": "daily", "at": f"{half_hour // 2:02}:{half_hour % 2 * 30:02}", "zone": name}
    window = Window(day_of(date(2027, 1, 1)) * DAY, day_of(date(2028, 1, 1)) * DAY)
    nominal = {slot.identity: slot for slot in Slots(schedule, options, ALMANAC).times(window)}
    most = {"1m": MINUTE, "20m": 20 * MINUTE, "3h": 3 * HOUR, "1d": DAY}[jitter]

    for slot in Slots(schedule, {**options, "jitter": jitter}, ALMANAC).times(window):
        plain = nominal.get(slot.identity)
        if plain:
            assert 0 <= slot.at - plain.at <= most
            assert slot.at < zone(name).midnight(slot.wall // DAY + 1) or slot.at == plain.at
