"""`post` of a dated post, on its own day and on others."""

import io
import os
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.fakes.projects import COMMAND, Answer, Folder, environ, logging_as_it_was
from tests.fakes.x import FakeX

SKY = '\n[[event]]\nid = "opposition"\ntitle = "Mars at opposition"\nsky = "opposition"\nzone = "Europe/London"\n'
RULED = '\n[[event]]\nid = "fair"\ntitle = "The fair"\nrule = "1st monday of may"\nkept = [2026-05-04]\n'
BRIDGE = '\n[[event]]\nid = "bridge"\ntitle = "The bridge opens"\ndate = 2190-01-01\n'
LEAP = '\n[[event]]\nid = "leap"\ntitle = "A leap"\nrule = "29 february"\nkept = [2024-02-29]\n'


class Terminal(io.StringIO):
    """Somebody who sits at a terminal, and types."""

    def isatty(self) -> bool:
        """Tell that it is one."""
        return True


def typed(project: Folder, monkeypatch: pytest.MonkeyPatch, words: str, *call: str) -> Answer:
    """What a call answers at a terminal."""
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr("sys.stdin", Terminal(words))
    with redirect_stdout(out), redirect_stderr(err), logging_as_it_was():
        status = main(["--project", str(project.root), *call])
    return Answer(status, out.getvalue(), err.getvalue())


def add(project: Folder, *events: str) -> None:
    file = project.root / "schedules/events.toml"
    file.write_text(file.read_text("utf-8") + "".join(events), "utf-8")


DOUBT = "days/opening speaks of opening, 12 March; today is 23 November: its words may not be true"


@pytest.mark.parametrize("more", [[], ["--yes"]])
def test_a_dated_post_is_refused_on_another_day_where_nobody_can_be_asked(
    project: Folder, more: list[str]
) -> None:
    found = project.at("2026-11-23T12:00:00Z", "post", "days/opening", *more)

    assert (found.status, found.err) == (1, f"redletter: {DOUBT}; --again if you mean it\n")
    assert not project.outbox


def test_who_means_it_says_so(project: Folder) -> None:
    found = project.at("2026-11-23T12:00:00Z", "post", "days/opening", "--yes", "--again")

    assert (found.status, found.err) == (0, "")
    assert project.texts == ["We opened our doors."]


def test_a_rehearsal_at_a_terminal_is_told_and_goes_on(
    project: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = typed(project, monkeypatch, "", "--now", "2026-11-23T12:00:00Z", "post", "days/opening")

    assert (found.status, found.err) == (0, f"redletter: {DOUBT}\n")
    assert project.texts == ["We opened our doors."]


def test_who_is_asked_before_it_goes_live_is_told_of_the_other_day(
    project: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(project, BRIDGE)
    project.post("ahead", "The bridge is open.", 'event = "bridge"\nuse = "dated"')
    with FakeX() as x:
        project.live(x.url, x.credentials)

        found = typed(project, monkeypatch, "n\n", "post", "ahead")

        assert not x.posts
    assert found.status != 0
    assert "ahead speaks of bridge, 1 January 2190; today is " in found.err
    assert found.err.index("its words may not be true") < found.err.index("Post this, LIVE")


@pytest.mark.parametrize(
    ("fields", "now", "told", "reason"),
    [
        ('event = "opening"', "2027-03-12T08:00:00Z", "", "its day"),
        ('event = "opening"', "2027-03-11T23:00:00Z", "opening, 12 March; today is 11 March", "no earlier"),
        ('event = "opening"', "2027-03-13T00:00:00Z", "opening, 12 March; today is 13 March", "and no later"),
        ('event = "fair"', "2027-05-03T12:00:00Z", "", "the day that a rule gives"),
        ('event = "fair"', "2027-05-10T12:00:00Z", "fair, 3 May 2027; today is 10 May", "and not a week later"),
        ('event = "fair"', "2027-12-31T12:00:00Z", "fair, 1 May 2028; today is 31 December", "but the next one"),
        ('event = "leap"', "2027-03-01T12:00:00Z", "", "any day on which 29 February may be kept"),
        ('event = "opposition"', "2027-02-19T12:00:00Z", "", "the day in the sky"),
        ('event = "opposition"', "2027-02-26T12:00:00Z", "opposition, 19 February 2027; today is 26", "once it is over"),
        ("posted = 2020-03-11", "2027-03-11T12:00:00Z", "", "the day when it was first posted"),
        ("posted = 2020-03-11", "2027-03-15T12:00:00Z", "own speaks of 11 March; today is 15 March", "or another"),
        ("", "2027-03-11T12:00:00Z", "", "what has no day of its own is of any"),
    ],
)  # fmt: skip
def test_its_day_is_that_of_its_event_or_of_its_first_posting(
    project: Folder, fields: str, now: str, told: str, reason: str
) -> None:
    add(project, SKY, RULED, LEAP)
    project.post("own", "It is so today of all days.", f'{fields}\nuse = "dated"')

    found = project.at(now, "post", "own")

    assert (told in found.err, found.status) == (True, 1 if told else 0), (reason, found.err)


def test_a_schedule_finds_the_words_of_its_day_by_itself(project: Folder) -> None:
    found = project.at("2027-03-12T08:00:00Z", "post", "--schedule", "anniversaries")

    assert found.status == 0


CARD = 'event = "opening"\nuse = "dated"\nmedia = [{ card = "anniversary" }]'


@pytest.mark.parametrize("now", ["2027-03-12T00:00:00Z", "2027-03-12T08:00:00Z", "2027-03-12T23:59:59Z"])
def test_on_its_day_a_post_has_the_card_that_its_schedule_would_draw(project: Folder, now: str) -> None:
    project.post("days/opening", "We opened our doors.", CARD)

    found = project.at(now, "post", "days/opening")

    assert (found.status, found.err) == (0, "")
    (line,) = project.outbox
    assert line["text"] == "We opened our doors."
    assert "A card: The museum opens, 12 March 1997, 30 years ago." in str(line["media"])


@pytest.mark.parametrize("now", ["2027-03-11T23:59:59Z", "2027-03-13T00:00:00Z"])
def test_on_another_day_it_is_told_what_draws_its_card_and_when(project: Folder, now: str) -> None:
    project.post("days/opening", "We opened our doors.", CARD)

    found = project.at(now, "post", "days/opening", "--again")

    assert found.status == 2
    assert found.err == (
        "redletter: days/opening cannot be shown now: its card 'anniversary' needs an event to speak of; it is of opening: "
        "post it on a day of that, or then use `redletter post --schedule anniversaries`\n"
    )


def test_a_card_of_what_no_schedule_speaks_of_has_nothing_to_show(project: Folder) -> None:
    add(project, BRIDGE)
    project.post("days/bridge", "The bridge is open.", CARD.replace("opening", "bridge"))

    found = project.at("2027-03-12T08:00:00Z", "post", "days/bridge", "--again")

    assert found.status == 2
    assert "no schedule says it of an event, and without one its card has nothing to show" in found.err


def test_a_call_without_any_input_is_refused_as_well(project: Folder, tmp_path: Path) -> None:
    command = [*COMMAND, "--now", "2026-11-23T12:00:00Z", "post", "days/opening"]
    with Path(os.devnull).open() as nothing:
        found = subprocess.run(
            command, cwd=project.root, env=environ(TMPDIR=str(tmp_path)), stdin=nothing, capture_output=True,
            encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip

    assert (found.returncode, DOUBT in found.stderr) == (1, True)
