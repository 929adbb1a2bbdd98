"""Schedules that never speak, or have too little to say, are told as warnings."""

from pathlib import Path

import pytest

from bot.planning.silent import silences
from bot.project import read_project
from tests.fakes.projects import REPOSITORY, museum
from tests.fakes.worlds import at

NOW = at("2026-11-23T12:00Z")
EVENTS = """\
[[event]]
id = "opposition"
title = "Mars at opposition"
kind = "sky"
sky = "opposition"

[[event]]
id = "meeting"
title = "Moon and Mars"
kind = "sky"
sky = "moon-mars"

[[event]]
id = "past"
title = "A launch"
kind = "launch"
instant = 2020-07-30T11:50:00Z

[[event]]
id = "coming"
title = "Another launch"
kind = "launch"
instant = 2027-07-30T11:50:00Z

[mission.rover]
name = "Rover"
began = "opening"
ended_on = 2003-01-01
clock = { starts = 1997-03-12T00:00:00Z }
"""
OVER = "it speaks on no day of the next 10 years: what it names is over, or has no day; name what is to come, or take the schedule out"
ANY = 'pick = { tags = ["facts"] }'


def warned(root: Path, trigger: str, more: str = ANY, **posts: str) -> list[str]:
    """What is said of one schedule, with as many posts of events as are given."""
    folder = museum(root)
    folder.write("schedules/more.toml", f'{EVENTS}\n[[schedule]]\nname = "s"\ntrigger.{trigger}\n{more}\n')
    for name, event in posts.items():
        folder.post(f"launches/{name}", f"A rocket, seen {name}.", f'event = "{event}"')
    project, problems = read_project(folder.root)
    assert problems == ()
    return [str(problem) for problem in silences(project, NOW)]


def line(code: str, message: str) -> list[str]:
    return [f"schedules/more.toml:{EVENTS.count(chr(10)) + 2}: {code}: schedule s: {message}"]


@pytest.mark.parametrize(
    ("trigger", "message"),
    [
        ('sky = { events = ["opposition"], zone = "UTC", place = { latitude = 89.9, longitude = 0 } }', "from its place nothing of it is seen; name another place, at, or least_altitude, or leave place out"),
        ('sol = { mission = "rover", every = 10, at = "12:00" }', "its mission ended before, or is past what is listed; name another, or take the schedule out"),
        ('countdown = { events = ["past"], at = "09:00" }', "its events are over, or begin before its steps come; name what is to come, or other steps"),
        ('sky = { events = ["meeting"], zone = "UTC", at = "18:00", within = 0.01, least_sun = 179 }', "nothing of it comes so near, or so far from the Sun; change within or least_sun"),
        ('anniversary = { events = ["past"], at = "09:00", years = [1, 5] }', 'its "years" fall in 2021 and 2025, which are past, or far ahead; write other counts, or years = "all"'),
        ('anniversary = { events = ["past"], at = "09:00", years = [1] }', 'its "years" fall in 2021, which are past, or far ahead; write other counts, or years = "all"'),
        ('anniversary = { events = ["opening"], at = "09:00", years = [1, 2, 3, 4, 5, 6, 100] }', 'its "years" fall in 7 years from 1998 to 2097, which are past, or far ahead; write other counts, or years = "all"'),
        ('anniversary = { events = ["opening"], at = "09:00", years = "milestones" }', 'none of those years is round; write years = "all", or the counts that are kept: years = [1, 5, 10]'),
        ('on_this_day = { at = "12:00", zone = "UTC" }', "no post says on which day it was first posted; write posted = 2021-04-19 in one"),
    ],
)  # fmt: skip
def test_a_trigger_that_never_speaks_says_what_to_do(tmp_path: Path, trigger: str, message: str) -> None:
    told = f"it speaks on no day of the next 10 years: {message}"

    assert warned(tmp_path, trigger) == line("silent", told)


@pytest.mark.parametrize(
    "trigger",
    [
        "dates = { at = [2026-11-23T11:59:59Z] }",
    ],
)
def test_what_is_over_is_told(tmp_path: Path, trigger: str) -> None:
    assert warned(tmp_path, trigger) == line("silent", OVER)


@pytest.mark.parametrize(
    "trigger",
    [
        "dates = { at = [2026-11-23T12:00:00Z] }",
        "dates = { at = [2036-11-20T00:00:00Z] }",
        'sky = { events = ["opposition"], zone = "UTC", place = { latitude = 51.5, longitude = 0 } }',
        'anniversary = { events = ["past"], at = "09:00", years = [1, 10] }',
    ],
)
def test_what_speaks_once_in_ten_years_is_well(tmp_path: Path, trigger: str) -> None:
    assert warned(tmp_path, trigger) == []


@pytest.mark.parametrize(
    ("trigger", "pick", "message"),
    [
        ('anniversary = { events = ["past"], at = "09:00" }', "pick = { event = true }", "write one with the id of one of its events as event, or take the schedule out"),
        ('anniversary = { kinds = ["milestone"], at = "09:00" }', "pick = { event = true }", "a dated post needs a frame, and it has none; write frame"),
        ('anniversary = { kinds = ["milestone"], at = "09:00" }', 'frame = "{{ text }}"\npick = { event = true, tags = ["facts"] }', "days/opening is of its event, and pick leaves it out, or it is on hold; change one of them"),
        ('slots = { days = "daily", at = "09:00", zone = "UTC" }', 'pick = { tags = ["facts"], tones = ["remembrance"] }', "its posts are on hold or dated, or of another tone or language than pick asks for; write one that is not"),
    ],
)  # fmt: skip
def test_a_schedule_that_no_post_suits_is_told(tmp_path: Path, trigger: str, pick: str, message: str) -> None:
    assert warned(tmp_path, trigger, pick) == line("no-posts", f"no post suits it: {message}")


def test_a_day_that_recalls_posts_of_no_tone_that_is_asked_for_is_told(tmp_path: Path) -> None:
    folder = museum(tmp_path)
    folder.post("old", "A lamp was lit.", "posted = 2001-01-01")
    trigger = 'trigger.on_this_day = { at = "09:00", zone = "UTC" }\npick = { tones = ["celebration"] }'
    folder.write("schedules/more.toml", f'[[schedule]]\nname = "s"\n{trigger}\n')

    (problem,) = silences(read_project(folder.root)[0], NOW)

    assert problem.message.endswith(
        "write one with the day on which it was first posted, or take the schedule out"
    )


def test_a_countdown_with_more_steps_than_words_is_told_with_both_counts(tmp_path: Path) -> None:
    trigger = 'countdown = { kinds = ["launch"], steps = ["-7d", "-1d", "-1h", "live"], at = "09:00" }'

    told = warned(tmp_path, trigger, "pick = { event = true }", near="coming", far="past")

    assert told == line(
        "wordings",
        "it counts down to coming in 3 steps, for which it has 1 post: a step would repeat the words of another, or have none; "
        "write 2 more, or fewer steps",
    )


@pytest.mark.parametrize("pick", ["pick = { event = true }", ANY])
def test_a_countdown_with_as_many_words_as_steps_is_well(tmp_path: Path, pick: str) -> None:
    trigger = 'countdown = { events = ["coming"], steps = ["-7d", "-1d"], at = "09:00" }'

    assert warned(tmp_path, trigger, pick, near="coming", far="coming") == []


def test_nothing_shipped_is_silent() -> None:
    project, _ = read_project(REPOSITORY)

    assert list(silences(project, NOW)) == []
