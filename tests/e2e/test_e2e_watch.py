"""How things stand, as people and programs ask: status, and the pre-flight by hand."""

import time
from pathlib import Path

import pytest

from tests.fakes.projects import Folder, museum
from tests.fakes.x import FakeX

MONDAY, LATE = "2027-03-08T10:30:00Z", "2027-03-08T15:00:00Z"
EVE = "2027-03-11T12:00:00Z"  #: of the opening's thirtieth anniversary


@pytest.fixture
def project(tmp_path: Path) -> Folder:
    return museum(tmp_path)


def test_all_is_well_is_the_first_line_of_status(project: Folder) -> None:
    assert project.at(MONDAY, "run", "--once").status == 0

    found = project.at(MONDAY, "status")

    assert (found.status, found.out.splitlines()[0]) == (0, "All is well.")


def test_what_was_missed_is_the_first_line_of_status_for_a_day(project: Folder) -> None:
    assert project.at("2027-03-08", "run", "--once").status == 0
    assert project.at(LATE, "run", "--once").status == 0

    found, later = project.at(LATE, "status"), project.at("2027-03-09T11:29:00Z", "status")
    over = project.at("2027-03-09T12:00:00Z", "status")

    assert (found.status, later.status, over.status) == (1, 1, 0)
    first, *rest = found.out.splitlines()
    assert first.startswith("Missed on museum: facts/")
    assert first.endswith("of 2027-03-08 10:30 Europe/London: the bot was not running.")
    assert [line.split()[0] for line in rest] == [
        "last", "next", "planned", "deliveries", "missed"
    ]  # fmt: skip


def test_status_for_programs_names_every_cause(project: Folder) -> None:
    assert project.at("2027-03-08", "run", "--once").status == 0
    assert project.at(LATE, "run", "--once").status == 0

    found = project.at(LATE, "status", "--json")

    assert found.status == 1
    (cause,) = (each for each in found.data["causes"] if each["kind"] == "missed")
    assert (cause["account"], cause["stands"], cause["since"]) == ("museum", True, MONDAY)
    assert found.data["ok"] is False
    assert set(found.data) == {"ok", "word", "newest", "next", "planned_until", "counts", "causes"}


def test_an_approval_that_runs_out_is_shown_and_is_no_fault(project: Folder) -> None:
    assert project.at("2027-03-10T08:00:00Z", "run", "--once").status == 0

    found = project.at("2027-03-10T08:00:30Z", "status")

    assert (found.status, found.out.splitlines()[0]) == (0, "All is well.")
    assert "approval  waits for approval: days/loss on museum" in found.out


def test_the_pre_flight_by_hand_finds_nothing_where_nothing_runs(project: Folder) -> None:
    found = project.at(EVE, "accounts", "check", "--coming")

    assert (found.status, found.out) == (0, "Nothing red-letter is queued for the next day.\n")


def test_the_pre_flight_by_hand_lists_what_comes(project: Folder) -> None:
    assert project.at(EVE, "run", "--once").status == 0

    found = project.at(EVE, "accounts", "check", "--coming")
    data = project.at(EVE, "accounts", "check", "--coming", "--json").data

    assert (found.status, found.out) == (0, "✓ days/opening on museum, 2027-03-12 09:00 Europe/London\n")
    assert [(each["post"], each["at"], each["findings"]) for each in data["deliveries"]] == [
        ("days/opening", "2027-03-12T09:00:00Z", [])
    ]


def test_the_pre_flight_says_the_day_before_that_a_token_is_revoked(project: Folder) -> None:
    with FakeX() as x:
        project.live(x.url, {**x.credentials, "ACCESS_TOKEN": "n0t-a-t0ken"})
        project.dates("soon", in_an_hour(), posts="facts/lens", fields="approval = true")
        project.call("run", "--once")

        found = project.call("accounts", "check", "--coming", "--json")

    assert found.status == 1
    (text,) = found.data["deliveries"][0]["findings"]
    assert "MUSEUM_X_ACCESS_TOKEN" in text
    assert "n0t-a-t0ken" not in found.all


def in_an_hour() -> int:
    return int(time.time()) + 3_600  # noqa: TID251 - a live network is asked by the real clock alone
