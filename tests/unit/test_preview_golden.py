"""Every view of the sample plan, byte for byte, and what all views must agree on.

After a change that is meant, write the golden files anew with `python -m tests.fakes.plans` and read the difference.
"""

import csv
import html
import io
import json
import time
from collections.abc import Callable

import pytest
from icalendar import Calendar

from bot.preview import ics, page, record, sheet, table
from bot.preview.view import View
from bot.preview.words import one_line
from tests.fakes.plans import FILES, GOLDEN, long, sample
from tests.fakes.reader import Reader

Show = Callable[[View], str]

POSTS, GAPS = sample().plan.posts, sample().plan.gaps
TEXTS = [part.text for planned in POSTS for each in planned.renditions for part in each.parts]
REASONS = [gap.reason for gap in GAPS]


def as_wide_table(view: View) -> str:
    return table.show(view, width=600, colour=False, why=True)


@pytest.mark.parametrize("name", FILES)
def test_a_view_of_the_sample_is_its_golden_file(name: str) -> None:
    shown = FILES[name](sample())

    assert shown.encode() == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_a_view_shown_twice_is_the_same(name: str) -> None:
    show = FILES[name]

    assert show(sample()) == show(sample())


def test_the_table_shows_the_first_part_of_every_post() -> None:
    shown = as_wide_table(sample())

    missing = [p for p in POSTS if one_line(p.renditions[0].parts[0].text) not in shown]
    assert missing == []


def test_the_page_shows_every_text_of_every_account() -> None:
    shown = Reader(page.show(sample())).texts

    assert [text for text in TEXTS if text not in shown] == []


def test_the_sheet_shows_every_text_of_every_account() -> None:
    rows = csv.DictReader(io.StringIO(sheet.show(sample()), newline=""))
    shown = [row["text"].removeprefix("'") for row in rows if row["state"] != "gap"]

    assert sorted(shown) == sorted(TEXTS)


def test_the_record_shows_every_text_of_every_account() -> None:
    posts = json.loads(record.show(sample()))["posts"]
    shown = [part["text"] for post in posts for each in post["renditions"] for part in each["parts"]]

    assert shown == TEXTS


def test_the_calendar_shows_every_text_of_every_account() -> None:
    events = Calendar.from_ical(ics.show(sample())).walk("VEVENT")
    shown = "\n".join(str(event["DESCRIPTION"]) for event in events)

    assert [text for text in TEXTS if text not in shown] == []


@pytest.mark.parametrize("show", [as_wide_table, page.show, sheet.show, record.show])
def test_every_gap_says_its_reason(show: Show) -> None:
    shown = html.unescape(show(sample()))

    assert [reason for reason in REASONS if shown.count(reason) < REASONS.count(reason)] == []


@pytest.mark.parametrize("show", [as_wide_table, page.show, record.show])
def test_every_view_that_people_compare_carries_the_digest(show: Show) -> None:
    assert sample().plan.digest in show(sample())


@pytest.mark.parametrize("name", FILES)
def test_a_year_is_shown_without_waiting(name: str) -> None:
    """Half a second on an idle machine; the bound is wider, for slow ones and for coverage."""
    view = long()
    began = time.process_time()

    shown = FILES[name](view)

    assert len(shown) > 100_000
    assert time.process_time() - began < 3
