"""Countdowns: so long before, on the day, and while it lasts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.contracts import Almanac
from bot.days import rule
from bot.model import Event, Priority, Tone, Window
from bot.triggers.countdown import Countdown
from bot.zones import DAY, HOUR, MINUTE, local_text
from tests.fakes.worlds import at

LAUNCH = Event(
    "launch", "A launch", "launch", "America/New_York", instant=at("2027-03-20T11:43Z"), day=date(2027, 3, 20)
)
BRIEFING = Event("briefing", "A briefing", "live", "America/New_York", instant=at("2027-03-20T17:00Z"), day=date(2027, 3, 20), until=at("2027-03-20T18:30Z"))  # fmt: skip
WEEK = Event("week", "Space week", "observance-day", "America/New_York", rule=rule("4 october"))
DAY_ONLY = Event("opening", "The opening", "opening", "America/New_York", day=date(2027, 5, 1))
LOSS = Event("loss", "A loss", "loss", tone=Tone.REMEMBRANCE, day=date(2027, 5, 1))
OPPOSITION = Event("opposition", "Mars at opposition", "sky", "America/New_York", sky="opposition")
EVENTS = (LAUNCH, BRIEFING, WEEK, DAY_ONLY, LOSS, OPPOSITION)
YEAR = Window(at("2027-01-01T00:00Z"), at("2028-01-01T00:00Z"))


def countdown(*events: str, **options: Any) -> Countdown:
    written: Mapping[str, Any] = {"events": list(events), "at": "09:00", **options}
    return Countdown("soon", written, Almanac(EVENTS))


def spoken(trigger: Countdown, window: Window = YEAR) -> dict[str, object]:
    return {local_text(slot.at, slot.zone): slot.fact("countdown") for slot in trigger.times(window)}


def test_days_are_counted_at_an_hour_of_day_and_hours_from_the_instant() -> None:
    assert spoken(countdown("launch")) == {
        "2027-02-18T09:00:00-05:00": 30 * DAY,
        "2027-03-13T09:00:00-05:00": 7 * DAY,
        "2027-03-19T09:00:00-04:00": DAY,
        "2027-03-20T06:00:00-04:00": 0,  # by 09:00 it has flown
        "2027-03-20T06:43:00-04:00": HOUR,
    }


@pytest.mark.parametrize(
    ("instant", "told"),
    [
        ("2027-03-20T13:01Z", "2027-03-20T09:00:00-04:00"),
        ("2027-03-20T13:00Z", "2027-03-20T06:00:00-04:00"),
        ("2027-03-20T10:01Z", "2027-03-20T06:00:00-04:00"),
        ("2027-03-20T10:00Z", "2027-03-20T00:00:00-04:00"),
        ("2027-03-20T07:48Z", "2027-03-20T00:00:00-04:00"),
    ],
)
def test_its_day_is_told_earlier_where_it_comes_before_the_hour_for_that(instant: str, told: str) -> None:
    dawn = replace(LAUNCH, instant=at(instant))

    trigger = Countdown("soon", {"events": ["launch"], "at": "09:00", "steps": ["today"]}, Almanac((dawn,)))

    assert spoken(trigger) == {told: 0}


def test_what_the_sky_brings_before_dawn_has_its_day_too() -> None:
    # Mars is at opposition on 2031-05-04 at 11:58 UTC, and on 2033-06-28 at 01:23 UTC: in New York, the evening before.
    window = Window(at("2031-01-01T00:00Z"), at("2034-01-01T00:00Z"))

    told = spoken(countdown("opposition", steps=["today"]), window)

    assert list(told) == ["2031-05-04T06:00:00-04:00", "2033-06-27T09:00:00-04:00"]


def test_a_countdown_to_what_the_sky_brings_knows_its_instant() -> None:
    told = {
        (fact("happens"), fact("countdown"))
        for event in ("opposition", "launch")
        for fact in (slot.fact for slot in countdown(event, steps=["-1d", "-1h"]).times(YEAR))
    }

    happens = next(happens for happens, _ in told if happens)
    assert told == {(happens, DAY), (happens, HOUR), (None, DAY), (None, HOUR)}
    assert at("2027-02-19T15:50Z") <= happens < at("2027-02-19T15:52Z")  # type: ignore[operator]


def test_what_begins_with_its_day_leaves_no_time_on_it() -> None:
    midnight = replace(LAUNCH, instant=at("2027-03-20T04:00Z"))
    options = {"events": ["launch"], "at": "09:00"}

    trigger = Countdown("soon", {**options, "steps": ["-1d", "today"]}, Almanac((midnight,)))

    assert spoken(trigger) == {"2027-03-19T09:00:00-04:00": DAY}
    assert trigger.steps_of(midnight) == 1
    with pytest.raises(ValueError, match='none leaves time on its day for "today"; write steps in days'):
        Countdown("soon", {**options, "steps": ["today"]}, Almanac((midnight,)))


def test_what_has_no_hour_is_counted_in_days_alone_and_told_on_its_day() -> None:
    assert list(spoken(countdown("opening", steps=["-1d", "-1h", "today"])).values()) == [DAY, 0]


def test_an_observance_is_counted_down_to_every_year() -> None:
    found = spoken(countdown("week", steps=["-7d"]), Window(YEAR.start, YEAR.end + 365 * DAY))

    assert list(found) == ["2027-09-27T09:00:00-04:00", "2028-09-27T09:00:00-04:00"]


def test_what_the_sky_brings_is_counted_down_to() -> None:
    # Mars is at opposition on 2027-02-19 at 15:51 UTC.
    assert list(spoken(countdown("opposition", steps=["-7d", "today"]))) == [
        "2027-02-12T09:00:00-05:00",
        "2027-02-19T09:00:00-05:00",
    ]


def test_what_lasts_is_told_while_it_lasts_and_not_afterwards() -> None:
    (slot,) = countdown("briefing", steps=["live"]).times(YEAR)

    assert (slot.at, slot.until) == (BRIEFING.instant, BRIEFING.until)
    assert slot.deadline(None) == BRIEFING.until


def test_what_does_not_last_is_never_live() -> None:
    assert [slot.event for slot in countdown("launch", "briefing", steps=["live"]).times(YEAR)] == [
        "briefing"
    ]


def test_an_hour_is_not_said_half_an_hour_late() -> None:
    (slot,) = countdown("launch", steps=["-1h"]).times(YEAR)

    assert slot.deadline(DAY) == slot.at + 10 * MINUTE


def test_a_countdown_is_of_lower_rank_than_what_looks_back() -> None:
    assert Countdown.priority is Priority.COUNTDOWN


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"events": ["launch"]}, '"at" is missing'),
        ({"at": "09:00"}, 'neither "kinds" nor "events" is written'),
        ({"at": "09:00", "events": ["lunch"]}, 'no event called "lunch"; did you mean "launch"'),
        ({"at": "09:00", "events": ["loss"]}, '"loss" in "events" is a remembrance: nobody counts down to it'),
        ({"at": "09:00", "events": ["launch"], "steps": ["soon"]}, '"steps" cannot hold "soon"'),
        ({"at": "09:00", "events": ["launch"], "steps": ["30d"]}, '"steps" cannot hold "30d"; write how long before'),
        ({"at": "09:00", "events": ["launch"], "steps": ["-0d"]}, '"steps" cannot hold "-0d"'),
        ({"at": "09:00", "events": ["launch"], "steps": []}, '"steps" is empty, so it never speaks; write steps = '),
        ({"at": "09:00", "events": ["launch", "opening"], "steps": ["live"]}, '"steps" never speaks: of its events, such as "launch", none has an "until"'),
        ({"at": "09:00", "events": ["opening"], "steps": ["-1h"]}, '"steps" never speaks: of its events, such as "opening", none has an "instant"'),
        ({"at": "09:00", "events": ["launch"], "steps": ["-5s"]}, '"steps" cannot hold "-5s"; write from "-1m" to "-3660d"'),
        ({"at": "09:00", "events": ["launch"], "steps": ["-99999d"]}, '"steps" cannot hold "-99999d"; write from'),
        ({"at": "09:00", "events": ["launch"], "zone": "UTC"}, 'no option called "zone"'),
    ],
)  # fmt: skip
def test_a_wrong_option_is_refused_with_what_can_be_written(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Countdown("soon", options, Almanac(EVENTS))


def test_a_kind_leaves_its_remembrances_uncounted() -> None:
    trigger = Countdown(
        "soon", {"kinds": ["loss", "launch"], "at": "09:00", "steps": ["-1d"]}, Almanac(EVENTS)
    )

    assert [slot.event for slot in trigger.times(YEAR)] == ["launch"]


@given(st.lists(st.integers(YEAR.start, YEAR.end), min_size=3, max_size=3).map(sorted))
def test_cutting_a_window_changes_no_countdown(cuts: list[int]) -> None:
    first, second, third = cuts
    trigger = countdown("launch", "week", "opening", "opposition")

    whole = trigger.times(Window(first, third))

    assert whole == trigger.times(Window(first, second)) + trigger.times(Window(second, third))


@given(st.integers(0, 24 * 60 - 1), st.sampled_from(["launch", "briefing", "opposition"]))
def test_nothing_is_counted_down_to_once_it_has_begun(minute: int, event: str) -> None:
    trigger = countdown(event, at=f"{minute // 60:02}:{minute % 60:02}")

    assert all(slot.until is not None and slot.at < slot.until for slot in trigger.times(YEAR))
