"""Frames speak the truth on their day, and on no other."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.claims import claims
from bot.days import LeapDay, anniversary
from bot.model import Event, Part, Post, Slot, Uses
from bot.planning.frames import framed
from bot.planning.truth import faults_of_any_day, objection
from bot.zones import DAY, HOUR, day_of, zone

FILE = Path(__file__).parents[2] / "schedules" / "anniversaries.toml"
SCHEDULES = [
    schedule
    for schedule in tomllib.loads(FILE.read_text(encoding="utf-8"))["schedule"]
    if "anniversary" in schedule["trigger"]
]
WRITTEN = [schedule.get(name, []) for schedule in SCHEDULES for name in ("frame", "milestone_frame")]
ALL_FRAMES = [frame for each in WRITTEN for frame in ([each] if isinstance(each, str) else each)]
#: Those that say of which day they speak: of one that is the text alone, nothing can be untrue.
FRAMES = sorted({frame for frame in ALL_FRAMES if "day" in frame or "ordinal" in frame})
ZONES = ("UTC", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata")
POST = Post("p", (Part("It came down."),), use=Uses.DATED)
days = st.dates(date(1600, 1, 1), date(2090, 12, 31))


def slot(event: Event, day: date, years: int) -> Slot:
    wall = day_of(day) * DAY + 9 * HOUR
    return Slot(zone(event.zone).instant(wall), "s", wall, event.zone, event=event.id, years=years)


def said(frame: str, event: Event, when: Slot) -> str | None:
    text = framed(frame, "It came down.", slot=when, post=POST, event=event)
    return objection(text, lang="en", slot=when, event=event, post=POST, missions={})


def test_there_are_frames_to_try() -> None:
    assert len(FRAMES) >= 6


@pytest.mark.parametrize("frame", FRAMES)
@given(day=days, years=st.integers(1, 299), zone_name=st.sampled_from(ZONES), leap=st.sampled_from(LeapDay))
def test_a_frame_is_true_on_its_day_and_untrue_on_the_days_beside_it(
    frame: str, day: date, years: int, zone_name: str, leap: LeapDay
) -> None:
    event = Event("e", "It comes down", "landing", zone_name, day=day)
    kept = anniversary(day, day.year + years, leap)
    assume(kept is not None)
    assert kept is not None
    own = slot(event, kept, years)

    beside = [replace(own, wall=own.wall + days * DAY, at=own.at + days * DAY) for days in (-1, 1)]

    assert said(frame, event, own) is None
    # A day that is in no calendar is kept on either of its neighbours.
    is_kept_twice = (day.month, day.day) == (2, 29) and (kept.month, kept.day) != (2, 29)
    objections = [said(frame, event, each) for each in beside]
    assert objections.count(None) <= is_kept_twice


@given(day=days, years=st.integers(1, 299), off=st.integers(-40, 40).filter(bool))
def test_a_wrong_number_of_years_is_always_objected_to(day: date, years: int, off: int) -> None:
    event = Event("e", "It comes down", "landing", day=day)
    assume(years + off > 0)
    when = slot(event, anniversary(day, day.year + years) or day, years)
    text = framed(
        "{{ years_in_words | capitalize }} ago: it came.",
        "",
        slot=replace(when, years=years + off),
        post=POST,
        event=event,
    )

    assert objection(text, lang="en", slot=when, event=event, post=POST, missions={})


@settings(deadline=None)  # the first text waits until all patterns are compiled
@given(st.text(max_size=200), days, st.sampled_from(["en", "en-US", "fr"]))
def test_a_text_without_claims_is_never_objected_to(text: str, day: date, lang: str) -> None:
    assume(not claims(text))
    event = Event("e", "It comes down", "landing", day=day)
    when = slot(event, day + timedelta(days=40), 0)

    assert objection(text, lang=lang, slot=when, event=event, post=POST, missions={}) is None
    assert list(faults_of_any_day(text, lang, POST, missions={})) == []


@given(day=days, left=st.integers(1, 99), told=st.integers(2, 99))
def test_days_to_go_are_true_on_that_day_alone(day: date, left: int, told: int) -> None:
    event = Event("e", "It comes down", "landing", day=day)
    when = slot(event, day - timedelta(days=left), 0)

    found = objection(f"It lands in {told} days.", lang="en", slot=when, event=event, post=POST, missions={})

    assert (found is None) is (told == left)


@given(day=days, off=st.integers(-400, 400))
def test_it_is_a_weekday_on_that_day_alone(day: date, off: int) -> None:
    event = Event("e", "It comes down", "landing", day=day)
    when = slot(event, day + timedelta(days=off), 0)

    found = objection(f"It is {day:%A}.", lang="en", slot=when, event=event, post=POST, missions={})

    assert (found is None) is (off % 7 == 0)
