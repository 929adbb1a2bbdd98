"""What all views share: days, clocks, subjects, notes."""

from datetime import date

import pytest

from bot.model import Account, Gap, Part, Plan, PlannedPost, Post, Slot, Window
from bot.preview.view import (
    View,
    counted,
    days,
    entries,
    local_date,
    local_time,
    notes,
    renditions,
    zone_sign,
)
from tests.fakes.plans import LISBON, TOKYO, YORK, planned, sample, slot

JANUARY = sample().window


def test_a_day_is_the_one_that_the_slots_own_calendar_shows() -> None:
    evening_in_york = slot("late", "2027-01-28 22:00", YORK)
    morning_in_tokyo = slot("early", "2027-01-29 08:00", TOKYO)
    plan = Plan((planned(morning_in_tokyo, "early"), planned(evening_in_york, "late")))

    found = days(View(JANUARY, plan))

    assert evening_in_york.at > morning_in_tokyo.at
    assert [(day.date, len(day.entries)) for day in found] == [(date(2027, 1, 28), 1), (date(2027, 1, 29), 1)]


def test_posts_and_gaps_of_a_day_stand_in_order_of_time() -> None:
    early, late = slot("a", "2027-01-28 09:00"), slot("b", "2027-01-28 10:00")
    plan = Plan((planned(late, "late"),), (Gap(early, "quiet day: ferry-lost"),))

    found = entries(View(JANUARY, plan))

    assert [entry.slot for entry in found] == [early, late]


@pytest.mark.parametrize(
    ("wall", "zone", "shown"),
    [
        ("2027-01-28 09:05", YORK, ("09:05", "EST")),
        ("2027-07-28 09:05", YORK, ("09:05", "EDT")),
        ("2027-07-28 00:00", LISBON, ("00:00", "WEST")),
        ("2027-01-28 23:59", "America/Sao_Paulo", ("23:59", "UTC-03")),
        ("2027-01-28 12:00", "UTC", ("12:00", "UTC")),
    ],
)
def test_a_clock_says_its_zone(wall: str, zone: str, shown: tuple[str, str]) -> None:
    at = slot("any", wall, zone)

    assert (local_time(at), zone_sign(at)) == shown
    assert local_date(at).isoformat() == wall[:10]


def test_the_clock_shows_the_moment_with_its_jitter_not_the_nominal_time() -> None:
    nominal = slot("any", "2027-01-28 23:55", YORK)

    moved = Slot(nominal.at + 600, "any", nominal.wall, YORK)

    assert (local_time(moved), local_date(moved)) == ("00:05", date(2027, 1, 29))


@pytest.mark.parametrize(
    ("event", "years", "subject"),
    [
        ("ferry-lost", 41, "Loss of the ferry Aurelia, 41 years"),
        ("ferry-lost", 1, "Loss of the ferry Aurelia, 1 year"),
        ("ferry-lost", None, "Loss of the ferry Aurelia"),
        ("untitled", 2, "untitled, 2 years"),
        (None, None, ""),
    ],
)
def test_a_slot_says_what_it_speaks_of(event: str | None, years: int | None, subject: str) -> None:
    assert sample().subject(slot("any", "2027-01-20 09:00", event=event, years=years)) == subject


def test_only_a_live_account_is_no_dry_run() -> None:
    view = View(JANUARY, Plan(), {"live": Account("live", "x", live=True), "dry": Account("dry", "x")})

    assert [view.is_dry_run(name) for name in ("live", "dry", "unheard-of")] == [False, True, True]


def test_notes_name_what_is_out_of_the_ordinary() -> None:
    sure = slot("any", "2027-01-20 09:00")
    unsure = slot("any", "2027-01-20 09:00", confirmed=False)

    found = [
        notes(planned(sure, "…")),
        notes(planned(unsure, "…", state="held")),
        notes(Gap(sure, "…")),
        notes(Gap(unsure, "…")),
    ]

    assert found == [(), ("unconfirmed", "held"), (), ("unconfirmed",)]


def test_a_post_on_its_way_to_nobody_is_shown_as_it_was_written() -> None:
    post = Post("a/b", (Part("First."), Part("Second.")))
    lonely = PlannedPost(slot("any", "2027-01-20 09:00"), post, (), "…")

    (shown,) = renditions(lonely)

    assert [(part.text, part.length, part.limit) for part in shown.parts] == [
        ("First.", 6, None),
        ("Second.", 7, None),
    ]


def test_numbers_agree_with_their_nouns() -> None:
    assert [counted(number, "post") for number in (0, 1, 2)] == ["0 posts", "1 post", "2 posts"]


def test_an_empty_plan_has_no_days() -> None:
    assert days(View(Window(0, 0), Plan())) == ()
