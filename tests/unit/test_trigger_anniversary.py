from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from bot.contracts import Almanac
from bot.days import LeapDay, rule
from bot.model import Event, Priority, Slot, Tone, Window
from bot.triggers.anniversary import Anniversary
from bot.zones import DAY, day_of, local_text, utc_text

LANDING = Event("landing", "Landing", "landing", "America/Los_Angeles", day=date(2021, 2, 18))
FLIGHT = Event("flight", "Flight", "first-flight", "America/New_York", day=date(2021, 4, 19))
LOSS = Event("loss", "Loss", "loss-of-crew", "America/New_York", Tone.REMEMBRANCE, day=date(1986, 1, 28))
LEAP = Event("leap", "Leap", "orbit", "UTC", day=date(2016, 2, 29))
REMEMBRANCE = Event(
    "remembrance",
    "Day of Remembrance",
    "observance",
    "America/New_York",
    Tone.REMEMBRANCE,
    rule=rule("4th thursday of january"),
    days=(date(2019, 2, 7), date(2020, 1, 30)),
    confirmed_until=2026,
)
EVENTS = (LANDING, FLIGHT, LOSS, LEAP, REMEMBRANCE)


def years(first: int, last: int) -> Window:
    return Window(day_of(date(first, 1, 1)) * DAY, day_of(date(last + 1, 1, 1)) * DAY)


def anniversary(options: Mapping[str, Any], *events: Event) -> Anniversary:
    return Anniversary("days", {"at": "09:00", **options}, Almanac(events or EVENTS))


def days(slots: list[Slot]) -> list[str]:
    return [str(slot.day) for slot in slots]


def test_an_anniversary_comes_every_year_with_its_count_and_never_on_the_day_itself() -> None:
    slots = anniversary({"kinds": ["landing"]}).times(years(2000, 2024))

    assert [(str(slot.day), slot.years) for slot in slots] == [
        ("2022-02-18", 1),
        ("2023-02-18", 2),
        ("2024-02-18", 3),
    ]


def test_a_slot_stands_at_the_wall_time_of_the_events_own_zone() -> None:
    (slot,) = anniversary({"kinds": ["landing"]}).times(years(2027, 2027))

    assert slot == Slot(
        at=slot.at,
        schedule="days",
        wall=day_of(date(2027, 2, 18)) * DAY + 9 * 3_600,
        zone="America/Los_Angeles",
        priority=Priority.ANNIVERSARY,
        event="landing",
        years=6,
        confirmed=True,
    )
    assert local_text(slot.at, slot.zone) == "2027-02-18T09:00:00-08:00"


def test_a_remembrance_goes_before_everything() -> None:
    (slot,) = anniversary({"events": ["loss"]}).times(years(2027, 2027))

    assert slot.priority is Priority.REMEMBRANCE
    assert slot.years == 41


def test_kinds_and_events_are_taken_together_and_each_event_once() -> None:
    slots = anniversary({"kinds": ["landing"], "events": ["flight", "landing"]}).times(years(2027, 2027))

    assert [slot.event for slot in slots] == ["landing", "flight"]


def test_two_events_of_one_day_and_hour_have_a_slot_each_in_order_of_solemnity() -> None:
    same = (
        Event("b", "B", "k", day=date(2000, 5, 5)),
        Event("a", "A", "k", day=date(1990, 5, 5)),
        Event("z", "Z", "k", tone=Tone.REMEMBRANCE, day=date(1980, 5, 5)),
    )

    slots = anniversary({"kinds": ["k"]}, *same).times(years(2027, 2027))

    assert [(slot.event, slot.years) for slot in slots] == [("z", 47), ("a", 37), ("b", 27)]
    assert len({slot.identity for slot in slots}) == 3


def test_only_the_listed_counts_of_years_are_kept() -> None:
    slots = anniversary({"kinds": ["landing"], "years": [1, 5, 10]}).times(years(2021, 2060))

    assert [slot.years for slot in slots] == [1, 5, 10]


@pytest.mark.parametrize(
    ("leap_day", "kept"),
    [
        ("feb-28", ["2017-02-28", "2018-02-28", "2019-02-28", "2020-02-29", "2021-02-28"]),
        ("mar-1", ["2017-03-01", "2018-03-01", "2019-03-01", "2020-02-29", "2021-03-01"]),
        ("leap-years-only", ["2020-02-29"]),
    ],
)
def test_29_february_is_kept_as_the_option_says(leap_day: str, kept: list[str]) -> None:
    slots = anniversary({"events": ["leap"], "leap_day": leap_day}).times(years(2016, 2021))

    assert days(slots) == kept


def test_29_february_is_kept_on_28_february_where_nothing_is_said() -> None:
    assert days(anniversary({"events": ["leap"]}).times(years(2017, 2017))) == ["2017-02-28"]


def test_an_observance_says_in_which_years_only_its_rule_gives_the_day() -> None:
    slots = anniversary({"kinds": ["observance"]}).times(years(2019, 2028))

    assert days(slots)[:3] == ["2019-02-07", "2020-01-30", "2021-01-28"]
    assert days(slots)[-2:] == ["2027-01-28", "2028-01-27"]
    assert [slot.day.year for slot in slots if not slot.confirmed] == [2027, 2028]
    assert {slot.years for slot in slots} == {None}
    assert {slot.priority for slot in slots} == {Priority.REMEMBRANCE}


def test_an_observance_begins_with_the_first_day_on_which_it_is_known_to_have_been_kept() -> None:
    day = Event(
        "day",
        "A day",
        "observance",
        rule=rule("20 july"),
        days=(date(2021, 7, 19),),
        kept=(date(2019, 7, 20), date(2021, 7, 19)),
    )

    slots = anniversary({"kinds": ["observance"]}, day).times(years(2010, 2022))

    assert days(slots) == ["2019-07-20", "2020-07-20", "2021-07-19", "2022-07-20"]


def test_an_observance_without_listed_days_comes_in_every_year_that_its_rule_knows() -> None:
    fifth = Event("fifth", "Fifth Monday", "observance", rule=rule("5th monday of february"))

    slots = anniversary({"kinds": ["observance"]}, fifth).times(years(2020, 2060))

    assert days(slots) == ["2044-02-29"]


@pytest.mark.parametrize(
    ("leap_day", "kept"),
    [
        ("feb-28", ["2027-02-28", "2028-02-29", "2029-02-28"]),
        ("mar-1", ["2027-03-01", "2028-02-29", "2029-03-01"]),
        ("leap-years-only", ["2028-02-29"]),
    ],
)
def test_an_observance_of_29_february_is_kept_as_the_schedule_says(leap_day: str, kept: list[str]) -> None:
    day = Event("day", "A day", "observance", rule=rule("29 february"))

    slots = anniversary({"events": ["day"], "leap_day": leap_day}, day).times(years(2027, 2029))

    assert days(slots) == kept


@pytest.mark.parametrize("leap_day", LeapDay)
def test_an_observance_of_29_february_takes_its_wordings_in_turn(leap_day: LeapDay) -> None:
    day = Event("day", "A day", "observance", rule=rule("29 february"))

    slots = anniversary({"events": ["day"], "leap_day": leap_day}, day).times(years(2020, 2040))

    turns = [slot.fact("turn") for slot in slots]
    assert all(isinstance(turn, int) for turn in turns)
    assert {int(later or 0) - int(turn or 0) for turn, later in pairwise(turns)} == {1}


def test_counts_of_years_do_not_touch_an_observance() -> None:
    slots = anniversary({"kinds": ["observance"], "years": [5]}).times(years(2022, 2024))

    assert len(slots) == 3


def test_an_event_with_neither_day_nor_rule_never_comes() -> None:
    assert anniversary({"kinds": ["k"]}, Event("a", "A", "k")).times(years(2020, 2030)) == []


def test_an_anniversary_on_a_day_that_its_zone_skipped_is_left_out() -> None:
    apia = Event("a", "A", "k", "Pacific/Apia", day=date(2000, 12, 30))

    assert days(anniversary({"kinds": ["k"]}, apia).times(years(2010, 2012))) == ["2010-12-30", "2012-12-30"]


def test_new_year_east_of_greenwich_belongs_to_the_window_that_holds_its_instant() -> None:
    trigger = anniversary({"kinds": ["k"]}, Event("a", "A", "k", "Pacific/Kiritimati", day=date(2000, 1, 1)))

    (slot,) = trigger.times(years(2026, 2026))

    assert (utc_text(slot.at), slot.years) == ("2026-12-31T19:00:00Z", 27)


def test_a_time_that_spring_skips_is_taken_an_hour_later() -> None:
    trigger = anniversary(
        {"at": "02:30", "kinds": ["k"]}, Event("a", "A", "k", "America/New_York", day=date(2000, 3, 14))
    )

    (slot,) = trigger.times(years(2027, 2027))

    assert local_text(slot.at, slot.zone) == "2027-03-14T03:30:00-04:00"


def test_a_kind_that_no_event_has_yet_is_no_mistake() -> None:
    assert anniversary({"kinds": ["flyby"]}).times(years(2027, 2027)) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, 'neither "kinds" nor "events" is written; write kinds = '),
        ({"kinds": []}, 'neither "kinds" nor "events" is written'),
        ({"kinds": "landing"}, '"kinds" is a list of texts'),
        ({"events": "landing"}, '"events" is a list of texts'),
        ({"events": ["landin"]}, r'no event called "landin"; did you mean "landing"\?'),
        (
            {"kinds": ["first-flights"]},
            r'no event is of the kind "first-flights"; did you mean "first-flight"\?',
        ),
        ({"kinds": ["landing"], "at": "9"}, 'cannot read "9" as a time of day'),
        ({"kinds": ["landing"], "at": ["09:00"]}, "as a time of day"),
        ({"kinds": ["landing"], "zone": "UTC"}, '"zone" cannot be set here: .*the event\'s own zone'),
        ({"kinds": ["landing"], "leap_day": "feb-29"}, '"leap_day" cannot be "feb-29"'),
        (
            {"kinds": ["landing"], "years": "some"},
            '"years" cannot be .some.; write years = "all", "milestones", or the counts',
        ),
        ({"kinds": ["landing"], "years": []}, '"years" cannot be'),
        (
            {"kinds": ["landing"], "years": [2027]},
            '"years" cannot hold 2027: it lists how many years after the event, not in which year',
        ),
        ({"kinds": ["landing"], "years": [0]}, '"years" cannot be'),
        ({"kinds": ["landing"], "years": [True]}, '"years" cannot be'),
        ({"kinds": ["landing"], "years": 5}, '"years" cannot be'),
        ({"kinds": ["landing"], "year": [5]}, r'no option called "year"; did you mean "years"\?'),
    ],
)
def test_a_wrong_option_is_refused_with_what_can_be_written(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        anniversary(options)


def test_a_missing_time_is_refused_with_an_example() -> None:
    with pytest.raises(ValueError, match='"at" is missing; write at = "09:00"'):
        Anniversary("days", {"kinds": ["landing"]}, Almanac(EVENTS))


def test_an_event_in_a_zone_that_does_not_exist_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="no zone called 'Mars/Jezero'"):
        anniversary({"kinds": ["k"]}, Event("a", "A", "k", "Mars/Jezero", day=date(2000, 1, 1)))


def test_what_keeps_some_years_of_no_event_or_every_year_has_no_hint() -> None:
    assert anniversary({"kinds": ["crash"], "years": [1, 5]}).hint == ""
    assert anniversary({"kinds": ["crash"], "years": "milestones"}).hint == ""
    assert anniversary({"events": ["remembrance"], "years": [1]}).hint == ""
    assert anniversary({"kinds": ["landing"]}).hint == ""
