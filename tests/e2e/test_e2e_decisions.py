"""Every decision is written down, told, and taken back, at the command line."""

import pytest

from tests.fakes.projects import SCHEDULES, Folder

MONDAY = "2027-03-08"  #: two days before the quiet day


@pytest.fixture
def queued(project: Folder) -> Folder:
    """The museum with a week in its queue, in which two people must approve a remembrance."""
    project.write("schedules/calendar.toml", SCHEDULES.replace("approval = true", "approval = 2"))
    assert project.at(MONDAY, "run", "--once").status == 0
    return project


def key(project: Folder, schedule: str) -> str:
    rows = project.at(MONDAY, "queue", "list", "--json").data["deliveries"]
    return str(next(row["key"] for row in rows if row["schedule"] == schedule))[:8]


def test_decisions_are_listed_with_who_what_and_why(queued: Folder) -> None:
    assert queued.at(MONDAY, "queue", "decisions").out == "Nobody has decided anything yet.\n"
    name = key(queued, "mornings")
    queued.at(MONDAY, "queue", "skip", name, "--reason", "Not today", "--who", "Ada")
    queued.at(MONDAY, "hold", "--tone", "celebration", "--reason", "Waiting for news", "--who", "Ben")

    told = queued.at(MONDAY, "queue", "decisions").out.splitlines()
    found = queued.at(MONDAY, "queue", "decisions", "--json").data["decisions"]

    assert told[0].startswith("    1  2027-03-08T00:00:00Z  Ada: skip facts/")
    assert told[1:] == [
        "       Not today",
        "    2  2027-03-08T00:00:00Z  Ben: hold the tone celebration",
        "       Waiting for news",
    ]
    assert [(each["who"], each["what"], each["why"], each["undone_by"]) for each in found] == [
        ("Ada", "skip", "Not today", None),
        ("Ben", "hold", "Waiting for news", None),
    ]


def test_a_skip_is_taken_back_and_goes_out_after_all(queued: Folder) -> None:
    name = key(queued, "mornings")
    queued.at(MONDAY, "queue", "skip", name, "--reason", "Not today", "--who", "Ada")

    found = queued.at(MONDAY, "queue", "undo", "1", "--who", "Ben")

    assert found.status == 0
    assert found.out.startswith("taken back: Ada, 2027-03-08 00:00 UTC, skip: Not today\n")
    assert queued.at("2027-03-08T10:31:00Z", "run", "--once").status == 0
    assert queued.texts
    assert "(taken back)" in queued.at(MONDAY, "queue", "decisions").out


def test_a_swap_taken_back_leaves_the_calendar_as_it_was(queued: Folder) -> None:
    before = queued.at(MONDAY, "preview", "--json").data["posts"]
    name, was = key(queued, "mornings"), before[0]["post"]
    other = next(each for each in ("facts/lens", "facts/mirror") if each != was)
    assert queued.at(MONDAY, "queue", "swap", name, other).status == 0
    assert queued.at(MONDAY, "preview", "--json").data["posts"][0]["post"] == other

    assert queued.at(MONDAY, "queue", "undo", "1").status == 0

    assert queued.at(MONDAY, "preview", "--json").data["posts"] == before


def test_a_release_is_taken_back_and_holds_again(queued: Folder) -> None:
    queued.at(MONDAY, "hold", "--reason", "Waiting for news")
    queued.at(MONDAY, "release")

    assert queued.at(MONDAY, "queue", "undo", "2").status == 0

    assert "Waiting for news" in queued.at(MONDAY, "hold", "--list").out


def test_what_is_no_decision_or_cannot_be_taken_back_is_told(queued: Folder) -> None:
    assert "there is no decision 7" in queued.at(MONDAY, "queue", "undo", "7").err
    queued.at(MONDAY, "hold", "--reason", "Waiting for news")
    queued.at(MONDAY, "queue", "undo", "1")

    found = queued.at(MONDAY, "queue", "undo", "1")

    assert (found.status, found.err) == (2, "redletter: that was taken back already\n")


def test_two_people_must_approve_where_two_are_wanted(queued: Folder) -> None:
    name = key(queued, "remembrance")
    found = queued.at(MONDAY, "queue", "approve", name, "--who", "Ada")
    assert "approved by Ada; one more person must, too" in found.out
    again = queued.at(MONDAY, "queue", "approve", name, "--who", "Ada")
    assert (again.status, "somebody else must, too" in again.err) == (2, True)

    assert queued.at(MONDAY, "queue", "approve", name, "--who", "Ben").status == 0

    row = queued.at(MONDAY, "queue", "show", name, "--json").data["deliveries"][0]
    assert (row["approvals"], row["approved_by"], row["waits"]) == (2, "Ada, Ben", "")
    assert queued.at("2027-03-10T09:00:00Z", "run", "--once").status == 0
    assert queued.texts == ["We remember our founder."]
