"""What a preview says of posts that a hold will stop."""

import csv
import io
from typing import Any

import pytest

from tests.fakes.projects import ACCOUNTS, Folder

MONDAY = "2027-03-08T00:00:00Z"
NEWS = ("--reason", "Waiting for news")
CELEBRATIONS = ("hold", "--tone", "celebration", "--until", "2027-03-12", *NEWS)
TOLD = "[held until 2027-03-12T00:00:00Z: Waiting for news]"


@pytest.fixture
def festive(project: Folder) -> Folder:
    """The museum, whose mornings have nothing to say but one celebration."""
    calendar = project.root / "schedules" / "calendar.toml"
    text = calendar.read_text("utf-8").replace('tags = ["facts"]', 'posts = ["notes/party"]')
    calendar.write_text(text.replace('"2d"', '"0s"'), "utf-8")
    project.post("notes/party", "Hooray!", 'tone = "celebration"')
    return project


def states(project: Folder, *words: str, now: str = MONDAY) -> list[tuple[str, str]]:
    """Day and state of each post of the preview of eight days."""
    posts = project.at(now, "preview", "--days", "8", "--json", *words).data["posts"]
    return [(each["slot"]["at"][5:10], each["state"]) for each in posts]


def renditions(project: Folder) -> list[dict[str, Any]]:
    posts = project.at(MONDAY, "preview", "--days", "1", "--json").data["posts"]
    return [shown for each in posts for shown in each["renditions"]]


def test_what_a_hold_will_stop_is_shown_as_held_and_what_comes_after_it_is_as_ever(festive: Folder) -> None:
    before = states(festive)
    assert festive.at(MONDAY, *CELEBRATIONS).status == 0

    planned = states(festive)
    assert festive.at(MONDAY, "run", "--once").status == 0
    queued = states(festive)

    assert {state for _, state in before} == {"planned"}
    assert planned == [
        ("03-08", "held"), ("03-09", "held"), ("03-10", "planned"), ("03-11", "held"), ("03-12", "planned"),
        ("03-12", "planned"), ("03-15", "planned"),
    ]  # fmt: skip
    assert queued[:-1] == [(day, state.replace("planned", "pending")) for day, state in planned[:-1]]


def test_a_table_says_why_and_until_when(festive: Folder) -> None:
    assert festive.at(MONDAY, *CELEBRATIONS).status == 0

    table = festive.at(MONDAY, "preview", "--days", "8").out

    first = table[: table.index("Tue 9 Mar")]
    assert "✦ mornings       held · Hooray!" in first
    assert TOLD in " ".join(first.split())
    assert " ".join(table.split()).count(TOLD) == 3
    assert "7 posts (3 held), 1 gap" in table


def test_every_format_tells_of_the_hold(festive: Folder) -> None:
    assert festive.at(MONDAY, *CELEBRATIONS).status == 0

    shown = {
        name: festive.at(MONDAY, "preview", "--days", "1", "--as", name).out
        for name in ("csv", "ics", "html")
    }

    [row] = csv.DictReader(io.StringIO(shown["csv"]))
    assert (row["state"], f"[{row['reason']}]") == ("held", TOLD)
    calendar = shown["ics"].replace("\r\n ", "")
    assert "SUMMARY:[held] Hooray!" in calendar
    assert TOLD in calendar
    assert "STATUS:TENTATIVE" in calendar
    assert '<span class="note">held</span>' in shown["html"]
    assert TOLD[1:-1] in shown["html"]


def test_programs_are_told_which_hold_it_is(festive: Folder) -> None:
    assert festive.at(MONDAY, *CELEBRATIONS).status == 0

    [rendition] = renditions(festive)

    assert rendition["held"] == {
        "reason": "Waiting for news", "until": "2027-03-12T00:00:00Z", "account": None, "tone": "celebration",
    }  # fmt: skip


def test_a_hold_of_everything_stops_everything_until_it_is_released(festive: Folder) -> None:
    digest = festive.at(MONDAY, "preview", "--days", "8", "--json").data["digest"]
    assert festive.at(MONDAY, "hold", *NEWS).status == 0

    held = festive.at(MONDAY, "preview", "--days", "8")
    data = festive.at(MONDAY, "preview", "--days", "8", "--json").data
    assert festive.at(MONDAY, "release").status == 0

    assert "[held until it is released: Waiting for news]" in " ".join(held.out.split())
    assert {each["state"] for each in data["posts"]} == {"held"}
    assert data["digest"] == digest
    assert {state for _, state in states(festive)} == {"planned"}


def test_a_hold_of_a_tone_stops_the_posts_of_events_of_that_tone(festive: Folder) -> None:
    festive.post("days/opening", "We opened our doors.", 'event = "opening"\nuse = "dated"')
    assert festive.at(MONDAY, "hold", "--tone", "celebration", *NEWS).status == 0

    [opening] = [
        each
        for each in festive.at(MONDAY, "preview", "--days", "5", "--json").data["posts"]
        if each["slot"]["event"] == "opening"
    ]

    assert (opening["tone"], opening["state"]) == ("neutral", "held")


def test_where_one_account_is_held_the_other_speaks(festive: Folder) -> None:
    festive.write("schedules/accounts.toml", f'{ACCOUNTS}\n[account.archive]\nnetwork = "dry-run"\n')
    calendar = festive.root / "schedules" / "calendar.toml"
    calendar.write_text(calendar.read_text("utf-8").replace('["museum"]', '["museum", "archive"]'), "utf-8")
    assert festive.at(MONDAY, "hold", "--account", "archive", *NEWS).status == 0

    table = festive.at(MONDAY, "preview", "--days", "1").out
    data = festive.at(MONDAY, "preview", "--days", "1", "--json").data
    rows = list(csv.DictReader(io.StringIO(festive.at(MONDAY, "preview", "--days", "1", "--as", "csv").out)))

    assert "[held on archive until it is released: Waiting for news]" in " ".join(table.split())
    assert [each["state"] for each in data["posts"]] == ["planned held"]
    assert {each["account"]: "held" in each for each in renditions(festive)} == {
        "museum": False,
        "archive": True,
    }
    assert [(row["account"], bool(row["reason"])) for row in rows] == [("museum", False), ("archive", True)]


def test_what_went_out_already_is_not_held(festive: Folder) -> None:
    assert festive.at("2027-03-08T10:30:00Z", "run", "--once").status == 0
    assert festive.at("2027-03-08T10:31:00Z", "hold", *NEWS).status == 0

    found = states(festive, "--from", "2027-03-08", now="2027-03-08T10:31:00Z")

    assert [state for _, state in found[:2]] == ["sent", "held"]


def test_of_two_holds_the_one_that_lasts_is_told(festive: Folder) -> None:
    assert festive.at(MONDAY, "hold", "--until", "2027-03-09", "--reason", "First").status == 0
    assert festive.at(MONDAY, "hold", "--reason", "Second").status == 0

    posts = festive.at(MONDAY, "preview", "--days", "2", "--json").data["posts"]

    assert [each["renditions"][0]["held"]["reason"] for each in posts] == ["First", "Second"]


def test_the_queue_marks_only_what_a_hold_will_still_stop_when_it_is_due(festive: Folder) -> None:
    assert festive.at(MONDAY, "run", "--once").status == 0
    assert festive.at(MONDAY, *CELEBRATIONS).status == 0

    rows = festive.at(MONDAY, "queue", "list", "--json").data["deliveries"]

    held = [row["at"][5:10] for row in rows if row["waits"] == "held: Waiting for news"]
    assert held == ["03-08", "03-09", "03-11"]
