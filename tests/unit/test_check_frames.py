"""Frames are tried on a day of each event that their schedule speaks of."""

from pathlib import Path

import pytest

from bot.contracts import Almanac
from bot.model import Event, Window
from bot.triggers.sky import Sky
from bot.triggers.sol import Sol
from tests.fakes.projects import museum, problems_of
from tests.fakes.worlds import at

DAYS = """\
[[event]]
id = "doors"
title = "The doors"
kind = "door"
date = 2001-05-01

[[event]]
id = "night"
title = "Night of museums"
kind = "door"
rule = "3rd saturday of may"
kept = [2026-05-16]

[[event]]
id = "day"
title = "Day of museums"
kind = "door"
rule = "18 may"
kept = [2026-05-18]

[[event]]
id = "meeting"
title = "Moon and Mars"
kind = "sky"
sky = "moon-mars"

[[event]]
id = "opposition"
title = "Mars at opposition"
kind = "sky"
sky = "opposition"

[mission.rover]
name = "Rover"
began = "doors"
ended_on = 2003-01-01
clock = { starts = 2001-05-01T00:00:00Z }
"""
DOORS = 'anniversary = { kinds = ["door"], at = "09:00" }'
POLE = "place = { latitude = 89.9, longitude = 0.0 }"
LONDON = 'place = { latitude = 51.5, longitude = 0.0, name = "London" }'
HINT = "not for all: ask first, {% if NAME is defined %}, or give it a schedule of its own"


def found(root: Path, trigger: str, frame: str) -> list[str]:
    folder = museum(root)
    folder.write("schedules/days.toml", DAYS)
    text = f"[[schedule]]\nname = 'doors'\ntrigger.{trigger}\nframe = {frame}\npick = {{ event = true }}\n"
    folder.write("schedules/doors.toml", text)
    return [str(problem) for problem in problems_of(folder.root)]


def test_a_frame_that_works_for_some_of_its_events_is_told_with_those_for_which_it_does_not(
    tmp_path: Path,
) -> None:
    problems = found(tmp_path, DOORS, '"{{ years }} years: {{ text }}"')

    fault = "the frame '{{ years }} years: {{ text }}' does not work here: 'years' is undefined; so it is for night and 1 more"
    assert problems == [f"schedules/doors.toml:4: bad-value: schedule doors: {fault}, {HINT}"]


def test_each_wording_is_tried_and_told_by_itself(tmp_path: Path) -> None:
    problems = found(tmp_path, DOORS, '[\n"{{ title }}: {{ text }}",\n"{{ event.day.year }}: {{ text }}",\n]')

    assert [problem.partition(" does not")[0] for problem in problems] == [
        "schedules/doors.toml:4: bad-value: schedule doors: the frame '{{ event.day.year }}: {{ text }}'"
    ]


@pytest.mark.parametrize(
    ("trigger", "frame"),
    [
        (DOORS, '"{% if years is defined %}{{ years }} years: {% endif %}{{ text }}"'),
        ('sky = { kinds = ["sky"], zone = "UTC", at = "18:00" }', '"{{ magnitude }}: {{ text }}"'),
        (
            f'sky = {{ kinds = ["sky"], zone = "UTC", {LONDON} }}',
            '"{{ night }}, {{ seen_time }}: {{ text }}"',
        ),
    ],
)
def test_a_frame_that_works_for_all_its_events_is_well(tmp_path: Path, trigger: str, frame: str) -> None:
    assert found(tmp_path, trigger, frame) == []


def test_a_name_that_only_some_happenings_have_is_told(tmp_path: Path) -> None:
    problems = found(
        tmp_path,
        'sky = { kinds = ["sky"], zone = "UTC", at = "18:00" }',
        '"{{ separation_deg }}: {{ text }}"',
    )

    assert [problem.partition("; ")[2] for problem in problems] == [f"so it is for opposition, {HINT}"]


@pytest.mark.parametrize(
    ("trigger", "frame"),
    [
        (
            f'sky = {{ events = ["meeting"], zone = "UTC", {POLE} }}',
            '"{{ night }} {{ direction }}: {{ text }}"',
        ),
        ('sol = { mission = "rover", every = 100, at = "12:00" }', '"{{ sol }} {{ mission }}: {{ text }}"'),
    ],
)
def test_a_frame_is_not_blamed_where_its_trigger_is_silent(tmp_path: Path, trigger: str, frame: str) -> None:
    assert found(tmp_path, trigger, frame) == []


def test_a_misspelt_name_is_told_even_where_the_trigger_is_silent(tmp_path: Path) -> None:
    problems = found(
        tmp_path, f'sky = {{ events = ["meeting"], zone = "UTC", {POLE} }}', '"{{ nigth }}: {{ text }}"'
    )

    assert [problem.rpartition(": ")[2] for problem in problems] == ["'nigth' is undefined"]


def test_a_trigger_knows_the_names_of_all_that_it_can_say() -> None:
    kinds = ("opposition", "closest-approach", "moon-mars", "northern-spring")
    almanac = Almanac(tuple(Event(kind, kind, "sky", sky=kind) for kind in kinds))
    options = {"kinds": ["sky"], "zone": "UTC", "place": {"latitude": 10, "longitude": 0, "name": "here"}}

    slots = Sky("sky", options, almanac).times(Window(at("2026-11-01T00:00Z"), at("2029-06-01T00:00Z")))

    assert {name for slot in slots for name, _ in slot.facts} - {"turn"} == dict(Sky.specimen).keys()
    assert dict(Sol.specimen).keys() == {"mission", "sol", "sol_time", "mars_years"}
