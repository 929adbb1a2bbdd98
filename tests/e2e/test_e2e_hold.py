"""What a hold stops, and what becomes of it at its release: told at once, in a few lines, and in full to programs."""

import pytest

from tests.fakes.projects import ACCOUNTS, Folder

MONDAY = "2027-03-08T00:00:00Z"
#: Every quarter of an hour on a Monday morning.
DATES = [f"2027-03-08T{hour:02}:{minute:02}:00Z" for hour in (8, 9, 10, 11) for minute in (0, 15, 30, 45)]
MORNING = f"""
[[schedule]]
name = "morning"
trigger.dates = {{ at = [{", ".join(DATES)}] }}
pick = {{ tags = ["facts"], cool_down = "0s" }}
grace = "1h"
accounts = ["museum"]
"""


@pytest.fixture
def busy(project: Folder) -> Folder:
    """A project that speaks sixteen times on a Monday morning, planned and not yet begun."""
    project.write("schedules/calendar.toml", MORNING)
    assert project.at(MONDAY, "run", "--once").status == 0
    return project


def hold(project: Folder, *words: str) -> None:
    assert project.at(MONDAY, "hold", "--reason", "News", *words).status == 0


def test_a_hold_says_how_much_it_stops(busy: Folder) -> None:
    found = busy.at(MONDAY, "hold", "--reason", "News")

    assert found.out.splitlines()[1] == "It stops 16 posts of what is planned until 2027-04-07T00:00:00Z."


def test_a_hold_that_ends_by_itself_stops_what_comes_before(busy: Folder) -> None:
    found = busy.at(MONDAY, "hold", "--reason", "News", "--until", "2027-03-08T08:30:00Z", "--json")

    assert [row["at"] for row in found.data["stops"]] == DATES[:2]


def test_a_second_hold_stops_what_was_not_stopped_yet(busy: Folder) -> None:
    hold(busy, "--until", "2027-03-08T10:00:00Z")

    found = busy.at(MONDAY, "hold", "--reason", "More news")

    assert "It stops 8 posts of what is planned until" in found.out
    third = busy.at(MONDAY, "hold", "--reason", "Yet more news")
    assert third.out.splitlines()[1] == "It stops nothing of what is planned until 2027-04-07T00:00:00Z."


def test_a_hold_before_the_first_turn_stops_what_is_to_come(project: Folder) -> None:
    coming = project.at(MONDAY, "preview", "--to", "2027-03-12", "--json").data["posts"]

    until = ("--until", "2027-03-12")
    found = project.at(MONDAY, "hold", "--reason", "News", *until)
    data = project.at(MONDAY, "hold", "--reason", "More", "--tone", "celebration", "--json").data

    assert len(coming) == 4
    assert found.out.splitlines()[1] == "It stops 4 posts of what is planned until 2027-03-12T00:00:00Z."
    assert data["stops"] == []
    assert [(each["at"], each["post"], each["account"]) for each in data["planned"]] == [
        ("2027-03-12T09:00:00Z", "days/opening", "museum")
    ]


def test_what_is_counted_for_a_person_is_listed_for_programs_once(project: Folder) -> None:
    assert project.at(MONDAY, "run", "--once").status == 0
    until = ("--until", "2027-03-22")

    data = project.at(MONDAY, "hold", "--reason", "News", *until, "--json").data
    assert project.at(MONDAY, "release").status == 0
    told = project.at(MONDAY, "hold", "--reason", "News", *until).out

    keys = [each["key"] for each in [*data["stops"], *data["planned"]]]
    assert len(keys) == len(set(keys)) == 11
    assert {each["at"] < "2027-03-15" for each in data["stops"]} == {True}
    assert [each["post"] for each in data["planned"] if each["at"] < "2027-03-15"] == ["days/loss"]
    assert told.splitlines()[1] == "It stops 11 posts of what is planned until 2027-03-22T00:00:00Z."


def test_a_hold_does_not_wait_until_broken_schedules_are_mended(busy: Folder) -> None:
    busy.write("schedules/calendar.toml", "[[schedule]\n")

    found = busy.at(MONDAY, "hold", "--reason", "News")

    assert found.status == 0
    assert found.out.splitlines()[1] == (
        "It stops 16 posts of what is in the queue; what is planned after that is not known while the schedules cannot "
        "be read: see `redletter check`."
    )
    assert busy.at(MONDAY, "hold", "--list", "--json").data["holds"][0]["reason"] == "News"


def test_the_queue_names_what_is_held_whether_it_has_it_yet_or_not(busy: Folder) -> None:
    hold(busy, "--tone", "celebration", "--until", "2027-03-20")

    lines = busy.at(MONDAY, "queue", "list").out.splitlines()
    others = busy.at(MONDAY, "queue", "list", "--state", "sent").out

    assert lines[-2:] == [
        "held: everything of the tone celebration until 2027-03-20T00:00:00Z, since 2027-03-08T00:00:00Z: News",
        "`redletter preview` shows what of the days after these is held.",
    ]
    assert "held" not in others


def test_the_queue_of_an_account_names_no_hold_of_another(project: Folder) -> None:
    project.write("schedules/accounts.toml", f'{ACCOUNTS}\n[account.archive]\nnetwork = "dry-run"\n')
    hold(project, "--account", "archive")

    assert "held: archive, since" in project.at(MONDAY, "queue", "list", "--account", "archive").out
    assert "held" not in project.at(MONDAY, "queue", "list", "--account", "museum").out


def test_a_release_lists_what_is_late_and_what_was_missed(busy: Folder) -> None:
    hold(busy)
    assert busy.at("2027-03-08T09:20:00Z", "run", "--once").status == 0

    found = busy.at("2027-03-08T09:40:00Z", "release")

    lines = found.out.splitlines()
    assert lines[0] == "released everything, since 2027-03-08T00:00:00Z: News"
    assert lines[1] == (
        "Late by now, and still posted one by one while their grace lasts (4 posts, until 2027-03-08T09:45:00Z at first):"
    )
    assert [line.split()[1] for line in lines[2:6]] == ["08:45", "09:00", "09:15", "09:30"]
    assert lines[6] == "Missed (3 posts):"
    assert [line.split()[1] for line in lines[7:]] == ["08:00", "08:15", "08:30"]


def test_a_long_list_is_cut_for_people_and_whole_for_programs(busy: Folder) -> None:
    hold(busy)

    before = busy.at("2027-03-08T11:50:00Z", "queue", "list", "--json").data["deliveries"]
    found = busy.at("2027-03-08T11:50:00Z", "release", "--json").data

    assert [row["at"] for row in found["late"]] == DATES[12:]
    assert [row["at"] for row in found["missed"]] == DATES[:12]
    assert len(before) == 16


def test_a_person_reads_ten_lines_at_most(busy: Folder) -> None:
    hold(busy)

    lines = busy.at("2027-03-08T11:50:00Z", "release").out.splitlines()

    listed = [line.split()[1] for line in lines if line.startswith("  2027")]
    assert listed == [
        "11:00",
        "11:15",
        "11:30",
        "11:45",
        "08:00",
        "08:15",
        "08:30",
        "08:45",
        "09:00",
        "09:15",
    ]
    assert lines[-1] == "  and 6 more"


def test_a_release_in_time_says_that_nothing_was_lost(busy: Folder) -> None:
    hold(busy)

    found = busy.at("2027-03-08T07:00:00Z", "release")

    assert found.out.splitlines()[1:] == ["Nothing of it is late yet, and nothing was missed."]


def test_what_another_hold_still_stops_is_not_called_late(busy: Folder) -> None:
    hold(busy)
    assert busy.at(MONDAY, "hold", "--account", "museum", "--reason", "Login").status == 0

    found = busy.at("2027-03-08T09:40:00Z", "release", "--account", "museum", "--json").data

    assert (len(found["released"]), found["late"], found["missed"]) == (1, [], [])


def test_what_was_missed_for_another_reason_is_not_listed(busy: Folder) -> None:
    assert busy.at("2027-03-08T09:05:00Z", "run", "--once").status in {0, 1}
    assert busy.at("2027-03-08T09:06:00Z", "hold", "--reason", "News").status == 0

    found = busy.at("2027-03-08T09:07:00Z", "release", "--json").data

    assert found["missed"] == []


def test_a_release_of_nothing_lists_nothing(busy: Folder) -> None:
    assert busy.at("2027-03-08T12:00:00Z", "run", "--once").status in {0, 1}

    assert busy.at("2027-03-08T12:00:00Z", "release").out == "Nothing was held.\n"
    assert busy.at("2027-03-08T12:00:00Z", "release", "--json").data == {
        "released": [],
        "late": [],
        "missed": [],
    }


def test_programs_are_told_what_is_held(busy: Folder) -> None:
    hold(busy, "--account", "museum")

    (held,) = busy.at(MONDAY, "hold", "--list", "--json").data["holds"]

    assert (held["account"], held["reason"], held["until"]) == ("museum", "News", None)


def test_what_is_too_late_already_is_stopped_by_no_hold(busy: Folder) -> None:
    found = busy.at("2027-03-08T12:00:00Z", "hold", "--reason", "News", "--json")

    assert [row["at"] for row in found.data["stops"]] == DATES[-3:]


def test_what_an_earlier_hold_had_stopped_is_not_listed_again(busy: Folder) -> None:
    hold(busy)
    assert busy.at("2027-03-08T09:20:00Z", "run", "--once").status == 0
    assert len(busy.at("2027-03-08T09:20:00Z", "release", "--json").data["missed"]) == 2
    assert busy.at("2027-03-08T09:21:00Z", "hold", "--reason", "News").status == 0

    assert busy.at("2027-03-08T09:22:00Z", "release", "--json").data["missed"] == []


def test_two_accounts_that_are_held_for_the_same_reason_are_told_apart(project: Folder) -> None:
    project.write("schedules/accounts.toml", f'{ACCOUNTS}\n[account.archive]\nnetwork = "dry-run"\n')
    project.write("schedules/calendar.toml", MORNING.replace('["museum"]', '["museum", "archive"]'))
    assert project.at(MONDAY, "run", "--once").status == 0
    hold(project, "--account", "archive")

    held = project.at(MONDAY, "hold", "--reason", "News", "--account", "museum", "--json").data["stops"]
    assert project.at("2027-03-08T09:20:00Z", "run", "--once").status == 0
    freed = project.at("2027-03-08T09:20:00Z", "release", "--account", "museum", "--json").data

    assert (len(held), {row["account"] for row in held}) == (16, {"museum"})
    assert [row["account"] for row in freed["missed"]] == ["museum", "museum"]
    assert {row["account"] for row in freed["late"]} == {"museum"}


def test_a_zone_is_named_where_a_bare_date_is_given(project: Folder) -> None:
    said = " ".join(project.call("hold", "--help").out.split())

    assert "2027-01-28, which is its midnight in UTC, or 2027-01-28T09:00:00Z" in said
