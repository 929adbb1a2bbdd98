"""The plan as CSV."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Gap, Media, Plan, Window
from bot.preview import sheet
from bot.preview.view import View
from tests.fakes.plans import PAIR, YORK, empty, planned, slot

AT = slot("anniversaries", "2027-01-20 12:15", YORK, event="ferry-lost", years=41)
HEADER = "date,time,zone,schedule,event,years,post,tone,state,account,network,part,parts,length,limit,text,alt,reason"


def rows(view: View) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.show(view), newline="")))


def one(text: str) -> View:
    return View(Window(0, 1), Plan((planned(AT, text),)))


def test_the_columns_are_as_promised() -> None:
    assert sheet.show(empty()) == f"{HEADER}\r\n"


def test_a_row_says_all_of_one_part_on_one_account() -> None:
    media = (Media("a.png", "A bell."), Media("b.png", "A lens."))
    post = planned(AT, ("First.", "Second."), PAIR, media=media)

    found = rows(View(Window(0, 1), Plan((post,))))

    assert [(row["account"], row["part"], row["parts"], row["text"]) for row in found] == [
        ("harbour-x", "1", "2", "First."),
        ("harbour-x", "2", "2", "Second."),
        ("harbour-mastodon", "1", "2", "First."),
        ("harbour-mastodon", "2", "2", "Second."),
    ]
    assert found[0] | {"post": "?"} == {
        "date": "2027-01-20",
        "time": "12:15",
        "zone": "America/New_York",
        "schedule": "anniversaries",
        "event": "ferry-lost",
        "years": "41",
        "post": "?",
        "tone": "neutral",
        "state": "planned",
        "account": "harbour-x",
        "network": "x",
        "part": "1",
        "parts": "2",
        "length": "6",
        "limit": "280",
        "text": "First.",
        "alt": "A bell. | A lens.",
        "reason": "",
    }


def test_a_gap_is_a_row_of_its_own_with_its_reason() -> None:
    (row,) = rows(View(Window(0, 1), Plan((), (Gap(AT, "quiet day: ferry-lost"),))))

    assert (row["state"], row["reason"], row["text"], row["date"]) == (
        "gap",
        "quiet day: ferry-lost",
        "",
        "2027-01-20",
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_what_a_spreadsheet_would_run_is_defused(start: str) -> None:
    text = f"{start}1+1"

    (row,) = rows(one(text))

    assert row["text"] == f"'{text}"


@pytest.mark.parametrize("text", ["1=1", " =1", "'=1", "'quoted'", ""])
def test_what_no_spreadsheet_would_run_is_left_alone(text: str) -> None:
    (row,) = rows(one(text))

    assert row["text"] == text


@settings(deadline=None)
@given(st.text())
def test_any_text_comes_back_from_the_sheet(text: str) -> None:
    (row,) = rows(one(text))

    assert row["text"] in {text, f"'{text}"}
    assert not row["text"].startswith(("=", "+", "-", "@", "\t", "\r"))
