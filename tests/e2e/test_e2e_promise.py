"""A preview is a promise: what it shows is what gets posted, word for word and second for second."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.projects import Folder, ours

Line = tuple[object, ...]


def promised(preview: Mapping[str, Any]) -> list[Line]:
    """What a preview says will be in the outbox, line for line."""
    return [
        (planned["slot"]["at"], shown["account"], shown["network"], shown["key"], planned["post"], number,
         len(shown["parts"]), part["text"], part["media"])
        for planned in preview["posts"]
        for shown in planned["renditions"]
        for number, part in enumerate(shown["parts"], 1)
    ]  # fmt: skip


def written(folder: Folder) -> list[Line]:
    """What is in the outbox."""
    names = ("at", "account", "network", "key", "post", "part", "parts", "text", "media")
    return [tuple(line[name] for name in names) for line in folder.outbox]


def preview(folder: Folder, now: str, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = folder.at(now, "preview", *words, "--json").data
    return found


def live_through(folder: Folder, start: str, end: str) -> None:
    done = folder.call("run", "--time-lapse", "--from", start, "--to", end)
    assert (done.status, done.err) == (0, "")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, list[list[Line]]]:
    """Our own project, lived through January's remembrances and then through March's change of clocks.

    And what was promised before each of the two.
    """
    folder = ours(tmp_path_factory.mktemp("ours"))
    promises = []
    for start, end in (("2027-01-20", "2027-02-06"), ("2027-02-06", "2027-03-17")):
        promises.append(promised(preview(folder, start, "--from", start, "--to", end)))
        live_through(folder, start, end)
    return folder, promises


def test_what_is_lived_through_is_what_was_promised(lived: tuple[Folder, list[list[Line]]]) -> None:
    folder, (january, _) = lived

    assert written(folder)[: len(january)] == january
    assert {"2027-01-27", "2027-01-28", "2027-02-01"} <= {str(line[0])[:10] for line in january}


def test_a_promise_holds_with_history_and_over_a_change_of_clocks(
    lived: tuple[Folder, list[list[Line]]],
) -> None:
    folder, (january, march) = lived

    assert written(folder)[len(january) :] == march
    assert {"T21", "T20"} <= {str(line[0])[10:13] for line in march}, "16:00 in New York, before and after"


def test_the_past_is_shown_as_it_was(lived: tuple[Folder, list[list[Line]]]) -> None:
    folder, promises = lived

    past = preview(folder, "2027-03-17", "--from", "2027-01-20", "--to", "2027-03-17")

    assert promised(past) == [*promises[0], *promises[1]]
    assert {planned["state"] for planned in past["posts"]} == {"sent"}


def test_a_day_alone_is_that_day_in_a_longer_preview(lived: tuple[Folder, list[list[Line]]]) -> None:
    folder, _ = lived
    alone = preview(folder, "2027-03-17", "--from", "2027-04-19", "--days", "1")

    longer = preview(folder, "2027-03-17", "--from", "2027-03-17", "--to", "2027-05-01")

    days = [each for each in longer["posts"] if each["slot"]["at"].startswith("2027-04-19")]
    gaps = [each for each in longer["gaps"] if each["slot"]["at"].startswith("2027-04-19")]
    assert alone["posts"] == days
    assert alone["gaps"] == gaps
    assert days


@pytest.mark.parametrize("day", ["2025-01-08", "2025-12-30", "2026-03-02", "2026-03-12", "2027-03-10"])
def test_before_the_first_run_a_day_alone_is_that_day_in_a_longer_preview(project: Folder, day: str) -> None:
    alone = preview(project, "2026-03-05", "--from", day, "--days", "1")

    longer = preview(project, "2026-03-05", "--from", "2024-12-20", "--to", "2027-04-01")

    assert alone["posts"] + alone["gaps"] == [
        each for each in longer["posts"] + longer["gaps"] if each["slot"]["at"].startswith(day)
    ]
    assert alone["posts"] + alone["gaps"]


def test_looking_leaves_no_trace(project: Folder) -> None:
    for words in (
        ["preview"],
        ["status"],
        ["queue"],
        ["history"],
        ["hold", "--list"],
        ["release"],
        ["check"],
    ):
        assert project.call(*words).status == 0

    assert sorted(each.name for each in project.root.iterdir()) == ["corpus", "schedules"]


def test_the_digest_changes_when_words_do_and_only_then(project: Folder) -> None:
    first = preview(project, "2027-03-01")["digest"]
    again = preview(project, "2027-03-01")["digest"]
    project.post("facts/lens", "A lens bends blue light a little more than red.")

    other = preview(project, "2027-03-01")["digest"]

    assert first == again != other


def test_a_preview_knows_what_the_queue_will_do_when_files_have_changed(project: Folder) -> None:
    assert project.at("2027-03-01", "run", "--once").status == 0
    project.post("facts/lens", "Words that are new.")
    shown = preview(project, "2027-03-01T12:00:00Z", "--to", "2027-03-20")

    live_through(project, "2027-03-01T12:00:00Z", "2027-03-20")

    kept = [line for line in promised(shown) if line[4] != "days/loss"]  # a person did not approve it
    assert written(project) == kept
    assert "Words that are new." in project.texts


def test_every_view_tells_of_the_same_posts(project: Folder, tmp_path: Path) -> None:
    shown = {
        form: project.at("2027-03-01", "preview", "--as", form).out
        for form in ("table", "csv", "ics", "html", "json")
    }

    found = project.at("2027-03-01", "preview", "--as", "html", "-o", str(tmp_path / "page.html"))

    assert found.status == 0
    assert (tmp_path / "page.html").read_text("utf-8") == shown["html"]
    assert all("A lens bends" in text for text in shown.values())
    assert found.err.startswith(f"{tmp_path / 'page.html'}: 23 posts, 1 gap, digest ")


def test_a_preview_of_one_account_shows_its_own_words_and_gaps_alone(project: Folder) -> None:
    accounts = project.root / "schedules/accounts.toml"
    accounts.write_text(accounts.read_text("utf-8") + '[account.club]\nnetwork = "dry-run"\n', "utf-8")
    project.write(
        "schedules/club.toml",
        '[[schedule]]\nname = "club"\ntrigger.slots = { days = "mon", at = ["18:00"], zone = "UTC" }\n'
        'pick = { posts = ["facts/thread"], cool_down = "0s" }\naccounts = ["museum", "club"]\n',
    )

    club = preview(project, "2027-03-01", "--account", "club")
    museum = preview(project, "2027-03-01", "--account", "museum")

    assert {each["slot"]["schedule"] for each in club["posts"]} == {"club"}
    assert {shown["account"] for each in club["posts"] for shown in each["renditions"]} == {"club"}
    assert {shown["account"] for each in museum["posts"] for shown in each["renditions"]} == {"museum"}
    assert (club["gaps"], len(museum["gaps"])) == ([], 1)


def test_a_preview_of_days_that_were_lived_through_already_says_why_it_is_empty(project: Folder) -> None:
    live_through(project, "2027-03-01", "2027-03-20")

    behind = project.at("2027-03-01", "preview", "--days", "3")
    after = project.at("2027-03-20", "preview", "--days", "3")

    assert "this state has lived until 2027-03-19T10:30:00Z, and plans nothing anew before that" in behind.err
    assert (after.status, after.err) == (0, "")
