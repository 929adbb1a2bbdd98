"""`corpus stats` and the page's last section: how far the words reach, over a year."""

from datetime import date
from pathlib import Path

import pytest

from tests.fakes.projects import Folder, ours

NOW = "2027-01-01T12:00:00Z"
OLD_KEYS = ("use", "tone", "tag", "event")
NEW_KEYS = ("year", "bare", "unspoken", "wordings", "turns", "months", "unused", "due", "heat")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return ours(tmp_path_factory.mktemp("shipped"))


def test_the_shipped_project_is_told_in_eighty_columns(shipped: Folder) -> None:
    found = shipped.at(NOW, "corpus", "stats")

    lines = found.out.splitlines()
    assert (found.status, found.err) == (0, "")
    assert [line for line in lines if len(line) > 80] == []
    assert [line.split()[0] for line in lines[1:3]] == ["use", "tone"]
    assert "Fri 1 Jan 2027 to Fri 31 Dec 2027: " in found.out
    assert "evergreen: " in found.out
    assert "sols-of-perseverance and 3 others: 10 posts for " in found.out
    assert (
        "shared with sols-of-curiosity, mars-years-of-perseverance,\n    mars-years-of-curiosity\n"
        in found.out
    )
    assert " wordings: 1 event\n    moon-mars\n" in found.out
    head = next(place for place, line in enumerate(lines) if line.startswith("    J"))
    rows = lines[head + 1 : head + 8]
    assert [line[:4] for line in rows] == ["Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "]
    assert {len(line) for line in rows} == {4 + 52, 4 + 53}
    assert "".join(rows).count("◆") == 3
    assert lines[-1] == "✦ celebration   ▪ remembrance   ○ neutral   – gap"  # noqa: RUF001 - a dash as printers mean it


def test_programs_find_all_that_they_found_before_and_the_year(shipped: Folder) -> None:
    data = shipped.at(NOW, "corpus", "stats", "--year", "2028", "--json").data

    assert tuple(data) == OLD_KEYS + NEW_KEYS
    assert data["year"] == {"first": "2028-01-01", "end": "2029-01-01"}
    assert len(data["heat"]) == 366
    assert data["heat"][0].keys() == {"date", "posts", "gaps", "tone", "quiet"}
    assert {day["quiet"] for day in data["heat"]} > {None, "challenger-loss"}
    assert [month["name"] for month in data["months"]][::11] == ["2028-01", "2028-12"]
    assert all(each["posts"] > 0 for each in data["wordings"])
    assert {"evergreen", "weekend"} <= {each["schedule"] for each in data["turns"]}


def test_the_year_is_that_which_preview_shows(shipped: Folder) -> None:
    """The days of a zone west of Greenwich reach into the next day of UTC: the ends are looked at by date."""
    year = shipped.at(NOW, "corpus", "stats", "--json").data
    shown = shipped.at(NOW, "preview", "--from", "2027-01-01T12:00:00Z", "--days", "364", "--json").data

    dates = [each["slot"]["local"][:10] for each in (*shown["posts"], *shown["gaps"])]
    counts = {day["date"]: day["posts"] + day["gaps"] for day in year["heat"]}
    assert len(dates) > 300
    assert {day: dates.count(day) for day in dates if "2027-01-02" <= day < "2027-12-31"} == {
        day: count for day, count in counts.items() if count and "2027-01-02" <= day < "2027-12-31"
    }


def test_what_a_person_must_look_at_is_told(project: Folder) -> None:
    project.post("facts/old", "Light is quick.", "review = 2026-12-31")
    project.post("facts/new", "Light is very quick.", "review = 2027-01-02")
    project.post("facts/doubtful", "Light is slow.", 'use = "hold"\nreasons = ["is it?"]')
    project.post("other/never", "Nobody asks for this.")
    (project.root / "corpus/days/opening.md").unlink()

    found = project.at(NOW, "corpus", "stats")

    assert found.status == 0
    assert "No words for these days (1)\n  Fri 12 Mar 2027: opening, for anniversaries\n" in found.out
    assert (
        "Waiting for a person (2)\n"
        "  facts/old: review since Thu 31 Dec 2026\n"
        "  facts/doubtful: on hold: is it?\n"
    ) in found.out
    assert "One wording: it repeats the next time (1)\n  loss\n" in found.out
    assert "Never used, and no schedule can take it (1)\n  other/never\n" in found.out
    assert "mornings: 6 posts for 261 slots a year: each rests 8 days, 2 asked\n" in found.out


def test_a_corpus_that_needs_nobody_says_so(project: Folder) -> None:
    for name, fields in (
        ("opening", 'event = "opening"\ntone = "celebration"\nuse = "dated"'),
        ("loss", 'event = "loss"\ntone = "remembrance"'),
    ):
        project.post(f"days/{name}-two", "We do so again.", fields)

    assert "\nNothing waits for a person.\n" in project.at(NOW, "corpus").out


def test_what_was_said_rests_and_is_used(project: Folder) -> None:
    """A week of mornings is said: of the four posts, those of the last two mornings rest."""
    project.call("run", "--time-lapse", "--from", "2027-01-04", "--to", "2027-01-09")

    data = project.at("2027-01-09T00:00:00Z", "corpus", "stats", "--json").data

    (mornings,) = data["turns"]
    assert (mornings["posts"], mornings["resting"]) == (4, 2)
    assert {each["post"] for each in data["unused"]} == set()
    assert data["heat"][0]["date"] == "2027-01-09"


def test_looking_leaves_no_trace(project: Folder) -> None:
    project.at(NOW, "corpus", "stats")

    assert not (project.root / "state/redletter.db").exists()


@pytest.mark.parametrize("year", ["1899", "2200", "soon"])
def test_a_year_that_cannot_be_meant_is_refused(project: Folder, year: str) -> None:
    found = project.call("corpus", "stats", "--year", year)

    assert found.status == 2
    assert "--year" in found.err


@pytest.mark.parametrize("year", [1900, 2199])
def test_the_first_and_the_last_year_are_told(project: Folder, year: int) -> None:
    data = project.at(NOW, "corpus", "stats", "--year", str(year), "--json").data

    assert [data["heat"][end]["date"] for end in (0, -1)] == [
        date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat(),
    ]  # fmt: skip


def test_the_page_ends_with_the_year_from_its_first_day(shipped: Folder, tmp_path: Path) -> None:
    page = tmp_path / "page.html"

    found = shipped.at(NOW, "preview", "--from", "2027-02-01", "--days", "2", "--as", "html", "-o", str(page))

    text = page.read_text("utf-8")
    assert found.status == 0
    assert '<h2 id="coverage">Coverage</h2>' in text
    assert "1 February 2027 – 31 January 2028, on all accounts" in text  # noqa: RUF001 - a dash as printers mean it
    assert text.count('<li class="square ') == 365
