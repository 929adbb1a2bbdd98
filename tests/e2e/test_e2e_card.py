"""`redletter card`, as people and programs call it in the project that ships."""

import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

from bot.__main__ import main
from bot.cards import THEMES

ROOT = Path(__file__).parents[2]
NOW = "2026-11-18T12:00:00Z"


class Told(NamedTuple):
    """What a call ended with, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def call(*words: str) -> Told:
    """Call the command in this process, on the project that ships."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(["--project", str(ROOT), "--now", NOW, "card", *words])
    return Told(status, out.getvalue(), err.getvalue())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("opportunity-landing",),
            "A card: Opportunity lands in Meridiani Planum, 24 January 2004, 23 years ago.",
        ),
        (("mars-opposition",), "A countdown card. 93 days to go: Mars at opposition, 19 February 2027"),
        (
            ("moon-mars", "--place", "40.7,-74.0,New York", "--on", "2027-02-20", "--theme", "dark"),
            "A chart of the sky looking east from New York on 20 February 2027 at 18:",
        ),
        (("mars-new-year",), "A dial of the year on Mars: A new year begins on Mars. On 17 August 2028"),
        (("columbia-loss", "--years", "25"), "A plain card in remembrance: Loss of Columbia and her crew, "),
        (("day-of-remembrance",), "A plain card in remembrance: NASA Day of Remembrance, 28 January 2027."),
    ],
)
def test_an_event_is_drawn_as_suits_it_and_told(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    file = tmp_path / "card.png"

    found = call(*words, "-o", str(file))

    assert (found.returncode, found.stderr) == (0, "")
    first, second = found.stdout.splitlines()
    assert first == str(file)
    assert second.startswith(told)
    with Image.open(file) as picture:
        assert picture.size == (1200, 675)


def test_programs_are_told_the_card_itself(tmp_path: Path) -> None:
    file = tmp_path / "card.png"
    file.write_bytes(b"what was there")

    found = json.loads(call("spirit-landing", "-o", str(file), "--json").stdout)

    assert found["file"] == str(file)
    assert found["bytes"] == file.stat().st_size
    assert found["theme"] == THEMES[0]
    assert found["card"]["card"] == "anniversary"
    assert found["card"]["years"] == 23
    assert "23 years ago" in found["alt"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("oportunity-landing",),
            "no event called 'oportunity-landing'; did you mean \"opportunity-landing\"?",
        ),
        (("zzz",), "no event called 'zzz'; the files under schedules/ have them all"),
        (("moon-mars", "--kind", "sky"), "a chart of the sky needs a place on Earth"),
        (
            ("columbia-loss", "--kind", "countdown"),
            '"columbia-loss" is a remembrance: nobody counts down to it',
        ),
        (("moon-mars", "--place", "New York"), '--place cannot be "New York"; write latitude, longitude'),
        (("moon-mars", "--place", "95,0"), '--place "95,0" is nowhere on Earth'),
        (("moon-mars", "--place", "40,-181"), '--place "40,-181" is nowhere on Earth'),
        (("moon-mars", "--place", "40,-74", "--zone", "Mars/Gale"), "no zone called 'Mars/Gale'"),
        (("spirit-landing", "--on", "tomorrow"), "cannot read 'tomorrow' as a time"),
        (
            ("opportunity-landing", "--on", "2026-11-23"),
            '"opportunity-landing" is not on 23 November 2026, but on 24 January 2026 and on 24 January 2027',
        ),
        (
            ("opportunity-landing", "--on", "2027-01-24", "--years", "5"),
            '"opportunity-landing" is 5 years ago on 24 January 2009, not on 24 January 2027; leave --years or --on out',
        ),
        (
            ("moon-mars", "--place", "40.7,-74.0,New York", "--on", "2027-02-10"),
            '"moon-mars" cannot be seen from there on 10 February 2027, but on ',
        ),
        (
            ("opportunity-landing", "--zone", "Asia/Tokyo"),
            '--zone tells a time, and there is none on this card: "opportunity-landing" keeps its date in America/',
        ),
        (("mars-opposition", "--zone", "Mars/Gale"), "no zone called 'Mars/Gale'"),
        (
            ("moon-mars", "--place", "64.1,-21.9,Garðabær"),
            "the name 'Garðabær' has \"ð\", which cannot be drawn; spell it without",
        ),
        (
            ("columbia-loss", "--on", "2003-02-01"),
            "has no anniversary on 1 February 2003: the first is a year",
        ),
    ],
)
def test_what_cannot_be_drawn_is_told_with_what_can(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    found = call(*words, "-o", str(tmp_path / "card.png"))

    assert found.returncode == 2
    assert found.stderr.startswith("redletter: ")
    assert message in found.stderr
    assert not list(tmp_path.iterdir())


def test_a_card_is_a_png(tmp_path: Path) -> None:
    found = call("spirit-landing", "-o", str(tmp_path / "card.jpg"))

    assert found.returncode == 2
    assert f"a card is a PNG; write -o {tmp_path / 'card.png'}" in found.stderr


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = call("spirit-landing", "-o", str(tmp_path / "none" / "card.png"))

    assert found.returncode == 1
    assert "card.png: No such file or directory" in found.stderr


def test_the_time_of_a_chart_is_by_the_clock_that_is_named(tmp_path: Path) -> None:
    place = ("--place", "35.7,139.7,Tokyo", "--zone", "Asia/Tokyo")

    found = call("mars-opposition", *place, "-o", str(tmp_path / "card.png"))

    assert (
        "from Tokyo on 19 February 2027 at 18:" in found.stdout or "from Tokyo on 20 February" in found.stdout
    )
    assert " JST: Mars" in found.stdout


def test_a_night_far_from_the_clock_of_the_event_is_told_in_utc_and_says_how_to_name_its_own(
    tmp_path: Path,
) -> None:
    file = ("-o", str(tmp_path / "card.png"))
    sydney = ("moon-mars", "--place", "-33.9,151.2,Sydney", *file)

    found, named = call(*sydney), call(*sydney, "--zone", "Australia/Sydney")

    assert "from Sydney on 30 November 2026 at 17:57 UTC: Mars" in found.stdout
    assert found.stderr == (
        "redletter: the time is told in UTC: America/New_York, the clock of moon-mars, is hours off there; "
        "--zone names the clock of the place, such as --zone Australia/Sydney\n"
    )
    assert "from Sydney on 1 December 2026 at 04:57 AEDT: Mars" in named.stdout
    assert named.stderr == ""


def test_a_place_that_no_time_is_told_of_has_no_note(tmp_path: Path) -> None:
    found = call("spirit-landing", "--place", "-33.9,151.2,Sydney", "-o", str(tmp_path / "card.png"))

    assert (found.returncode, found.stderr) == (0, "")


def test_a_clock_elsewhere_tells_the_hour_and_the_date_of_a_countdown(tmp_path: Path) -> None:
    found = call("mars-opposition", "--zone", "Asia/Tokyo", "-o", str(tmp_path / "card.png"))

    assert "94 days to go: Mars at opposition, 20 February 2027, 00:51 JST." in found.stdout


def test_on_its_very_day_what_was_to_come_is_today(tmp_path: Path) -> None:
    found = call("opportunity-landing", "--on", "2004-01-24", "-o", str(tmp_path / "card.png"))

    assert "Today: Opportunity lands in Meridiani Planum, 24 January 2004" in found.stdout


def test_an_instant_names_the_day_that_it_has_by_the_clock_of_the_event(tmp_path: Path) -> None:
    found = call("opportunity-landing", "--on", "2027-01-25T05:00:00Z", "-o", str(tmp_path / "card.png"))

    assert "24 January 2004, 23 years ago" in found.stdout


def test_a_shell_has_the_command_too(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "card", "spirit-landing", "-o", str(tmp_path / "card.png")]

    found = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=120)

    assert (found.returncode, found.stderr) == (0, "")
    assert "Spirit lands" in found.stdout
