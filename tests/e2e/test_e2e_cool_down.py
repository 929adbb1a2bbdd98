"""What a person says by hand, swaps or moves is known to what is queued later: no post comes again before it has rested."""

import pytest

from tests.fakes.projects import Folder

MONDAY, TUESDAY = "2027-03-08T00:00:00Z", "2027-03-09T10:30:30Z"
TOO = "was queued for 2027-03-12T10:30:00Z too: from then on, what nobody decided about is planned anew."


@pytest.fixture
def rested(project: Folder) -> Folder:
    """The museum with a week in its queue, in which no fact comes again before four days have passed."""
    calendar = project.root / "schedules" / "calendar.toml"
    calendar.write_text(calendar.read_text("utf-8").replace('"2d"', '"4d"'), "utf-8")
    project.post("facts/wave", "Light is a wave, and is not.")
    assert project.at(MONDAY, "run", "--once").status == 0
    return project


def mornings(project: Folder, now: str = MONDAY) -> list[tuple[str, str]]:
    """The days and posts of the mornings that are on their way."""
    rows = project.at(now, "queue", "list", "--json").data["deliveries"]
    return [(row["at"][:10], row["post"]) for row in rows if row["schedule"] == "mornings"]


def key_of(project: Folder, day: str) -> str:
    rows = project.at(MONDAY, "queue", "list", "--json").data["deliveries"]
    return str(next(row["key"] for row in rows if row["at"][:10] == day and row["schedule"] == "mornings"))


def live_on(project: Folder, *days: str) -> None:
    for day in days:
        assert project.at(f"{day}T10:30:00Z", "run", "--once").status == 0


def test_what_is_swapped_in_does_not_come_again_before_it_has_rested(rested: Folder) -> None:
    before = mornings(rested)
    last_day, last = before[-1]

    found = rested.at(MONDAY, "queue", "swap", key_of(rested, "2027-03-08"), last)

    assert found.out.splitlines()[-1] == f"{last} {TOO}"
    after = mornings(rested)
    assert [day for day, _ in after] == [day for day, _ in before]
    assert after[0] == ("2027-03-08", last)
    assert after[1:-1] == before[1:-1]
    assert after[-1][0] == last_day == "2027-03-12"
    assert after[-1][1] not in {post for _, post in after[:-1]}


def test_a_post_that_waits_nowhere_else_is_swapped_without_a_word(rested: Folder) -> None:
    rested.post("other/rain", "It rains.")

    found = rested.at(MONDAY, "queue", "swap", key_of(rested, "2027-03-08"), "other/rain")

    assert "planned anew" not in found.out
    assert found.status == 0


def test_what_a_person_says_now_does_not_come_again_before_it_has_rested(rested: Folder) -> None:
    last = mornings(rested)[-1][1]
    live_on(rested, "2027-03-08", "2027-03-09")

    assert rested.at(TUESDAY, "post", last).status == 0
    shown = rested.at(TUESDAY, "preview", "--days", "6", "--json").data
    live_on(rested, "2027-03-10", "2027-03-11", "2027-03-12")

    said = [line["post"] for line in rested.outbox if line["part"] == 1]
    assert said.count(last) == 1
    promised = [each["post"] for each in shown["posts"] if each["slot"]["schedule"] == "mornings"]
    assert said[-len(promised[:2]) :] == promised[:2]


def test_what_is_late_is_not_said_after_a_person_has_said_it(rested: Folder) -> None:
    first = mornings(rested)[0][1]

    assert rested.at("2027-03-08T10:40:00Z", "post", first).status == 0
    assert rested.at("2027-03-08T10:45:00Z", "run", "--once").status == 0

    said = [line["post"] for line in rested.outbox if line["part"] == 1]
    assert (said.count(first), len(said)) == (1, 2)


def test_what_is_moved_nearer_to_its_own_return_is_told(project: Folder) -> None:
    calendar = project.root / "schedules" / "calendar.toml"
    calendar.write_text(calendar.read_text("utf-8").replace('"2d"', '"3d"'), "utf-8")
    for name in ("leap", "mirror", "thread"):
        (project.root / f"corpus/facts/{name}.md").unlink()
    assert project.at(MONDAY, "run", "--once").status == 0
    assert mornings(project) == [("2027-03-08", "facts/lens"), ("2027-03-11", "facts/lens")]

    found = project.at(MONDAY, "queue", "move", key_of(project, "2027-03-08"), "2027-03-09T12:00:00Z")

    assert found.out.splitlines()[-1].startswith("facts/lens was queued for 2027-03-11T10:30:00Z too: ")
    assert mornings(project) == [("2027-03-09", "facts/lens")]
    assert "every post rests" in project.at(MONDAY, "preview", "--from", "2027-03-11", "--days", "1").out
