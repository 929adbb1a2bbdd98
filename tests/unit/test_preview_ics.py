"""The plan as a calendar file, read back by another's reader."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.model import Gap, Media, Plan, Tone, Window
from bot.preview import ics
from bot.preview.view import View
from bot.preview.words import clean
from tests.fakes.plans import PAIR, TITLES, YORK, empty, planned, sample, slot

AT = slot("anniversaries", "2027-01-20 12:15", YORK, event="ferry-lost", years=41)
UNSURE = slot("observances", "2027-02-05 09:00", confirmed=False)


def events(view: View) -> list[Any]:
    return Calendar.from_ical(ics.show(view)).walk("VEVENT")


def one(text: str | tuple[str, ...], media: tuple[Media, ...] = ()) -> View:
    return View(Window(0, 1), Plan((planned(AT, text, media=media, why="its own"),)), titles=TITLES)


def test_a_planned_post_is_an_event_at_its_slot() -> None:
    (event,) = events(one("We read their names at noon."))

    assert event["UID"] == f"{AT.key}@redletter"
    assert event["DTSTART"].dt == event["DTSTAMP"].dt == datetime(2027, 1, 20, 17, 15, tzinfo=UTC)
    assert event["DURATION"].dt == timedelta(minutes=5)
    assert event["SUMMARY"] == "We read their names at noon."
    assert event["CATEGORIES"].cats == ["neutral"]
    assert event["STATUS"] == "CONFIRMED"


def test_the_description_holds_all_parts_alt_texts_and_the_reason() -> None:
    view = View(
        Window(0, 1),
        Plan(
            (planned(AT, ("One.", "Two."), PAIR, media=(Media("a.png", "A bell; bronze."),), why="its own"),)
        ),
        titles=TITLES,
    )

    (event,) = events(view)

    assert event["DESCRIPTION"] == (
        "harbour-x (x):\n(1/2) One.\n[a.png: A bell; bronze.]\n\n(2/2) Two.\n\n"
        "harbour-mastodon (mastodon):\n(1/2) One.\n[a.png: A bell; bronze.]\n\n(2/2) Two.\n\n"
        "Loss of the ferry Aurelia, 41 years · its own"
    )


def test_every_post_of_the_sample_is_an_event_of_its_own_and_gaps_are_none() -> None:
    found = events(sample())

    assert [event["UID"] for event in found] == [f"{p.slot.key}@redletter" for p in sample().plan.posts]
    assert [event["CATEGORIES"].cats[0] for event in found] == [p.post.tone for p in sample().plan.posts]


def test_gaps_are_left_out() -> None:
    assert events(View(Window(0, 1), Plan((), (Gap(AT, "quiet day"),)))) == []


def test_an_empty_plan_is_a_calendar() -> None:
    shown = Calendar.from_ical(ics.show(empty()))

    assert (shown["VERSION"], shown["PRODID"]) == ("2.0", "-//redletter//preview//EN")


@pytest.mark.parametrize(
    ("state", "confirmed", "status"),
    [
        ("planned", True, "CONFIRMED"),
        ("pending", True, "CONFIRMED"),
        ("sent", True, "CONFIRMED"),
        ("planned", False, "TENTATIVE"),
        ("needs approval", True, "TENTATIVE"),
        ("unknown", True, "TENTATIVE"),
        ("cancelled", True, "CANCELLED"),
        ("missed", False, "CANCELLED"),
    ],
)
def test_a_status_says_how_sure_a_post_is(state: str, confirmed: bool, status: str) -> None:  # noqa: FBT001
    post = planned(AT if confirmed else UNSURE, "Words.", state=state, tone=Tone.CELEBRATION)

    (event,) = events(View(Window(0, 1), Plan((post,))))

    assert event["STATUS"] == status


def test_a_long_text_is_shortened_in_the_summary_only() -> None:
    text = "Seven rings along the eastern wall, each as thick as a wrist, and older than the pier."

    (event,) = events(one(text))

    assert event["SUMMARY"] == "Seven rings along the eastern wall, each as thick as a…"
    assert text in event["DESCRIPTION"]


def test_a_post_without_words_is_summed_up_by_its_schedule() -> None:
    (event,) = events(one("", media=(Media("a.png", "A bell."),)))

    assert event["SUMMARY"] == f"anniversaries: anniversaries/{AT.key[:6]}"


@settings(deadline=None)
@given(st.text(max_size=400) | st.text("👩‍🚀é日\\;,\n:\"'n", max_size=400))
@example("A line end of another kind at the very end\r")
def test_any_text_comes_back_but_for_control_characters(text: str) -> None:
    (event,) = events(one(text))

    body, _, why = str(event["DESCRIPTION"]).rpartition("\n\n")
    assert body == f"harbour-x (x):\n{clean(text)}"
    assert why.endswith("its own")


@settings(deadline=None)
@given(st.text(max_size=400) | st.text("👩‍🚀é日", min_size=40, max_size=400))
def test_no_line_is_longer_than_75_octets_and_no_character_is_split(text: str) -> None:
    shown = ics.show(one(text)).encode()

    lines = shown.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])
    assert b"\n" not in shown.replace(b"\r\n", b"")
    assert b"\r" not in shown.replace(b"\r\n", b"")


@pytest.mark.parametrize("extra", range(6))
def test_folding_is_exact_at_the_edge(extra: int) -> None:
    text = "x" * (75 * 2 - 60 + extra)

    unfolded = ics.show(one(text)).replace("\r\n ", "")

    assert text in unfolded
