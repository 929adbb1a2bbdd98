"""Schedules that will run dry, and posts that can never be said, are told as warnings."""

from pathlib import Path

import pytest

from bot.planning.silent import silences
from bot.planning.unsaid import unsaid
from bot.project import read_project
from tests.fakes.projects import REPOSITORY, Folder, museum
from tests.fakes.worlds import at

NOW = at("2026-11-23T12:00Z")
WEEKDAYS = 'slots = { days = "mon-fri", at = "09:00", zone = "UTC" }'
EVENT = """\
[[event]]
id = "coming"
title = "A launch"
kind = "launch"
instant = 2027-07-30T11:50:00Z

[[event]]
id = "past"
title = "A landing"
kind = "landing"
instant = 2004-01-25T05:05:00Z

"""
YEARLY = 'anniversary = { events = ["past"], at = "09:00" }'
DAYS_BEFORE = 'countdown = { events = ["coming"], steps = ["-7d", "-1d"], at = "09:00" }'


def folder_with(root: Path, *schedules: str) -> Folder:
    folder = museum(root)
    entries = (f'[[schedule]]\nname = "s{number}"\ntrigger.{text}\n' for number, text in enumerate(schedules))
    folder.write("schedules/more.toml", EVENT + "\n".join(entries))
    return folder


def warned(folder: Folder) -> list[str]:
    project, problems = read_project(folder.root)
    assert [str(each) for each in problems if "nothing proves it" not in str(each)] == []
    return [str(problem) for problem in silences(project, NOW)]


def dry(folder: Folder) -> list[str]:
    return [text.partition(": dry: ")[2] for text in warned(folder) if ": dry: " in text]


@pytest.mark.parametrize(
    ("posts", "cool_down", "words"),
    [
        (1, "180d", "1 post may be said twice"),
        (1, "360d", "1 post may be said once"),
        (2, "400d", "2 posts may be said twice"),
        (60, "180d", "60 posts may be said 120 times"),
    ],
)
def test_a_schedule_most_of_whose_slots_stay_empty_is_told_with_its_numbers(
    tmp_path: Path, posts: int, cool_down: str, words: str
) -> None:
    folder = folder_with(tmp_path, f'{WEEKDAYS}\npick = {{ tags = ["few"], cool_down = "{cool_down}" }}')
    for number in range(posts):
        folder.post(f"few/{number}", f"Number {number} of few.", 'tags = ["few"]')

    assert dry(folder) == [
        (
            f"schedule s0: it speaks 261 times a year; its {words}, so most of its slots stay empty: "
            "write more posts, or a shorter cool_down"
        )
    ]


@pytest.mark.parametrize(
    "schedule",
    [
        f'{WEEKDAYS}\npick = {{ tags = ["few"], cool_down = "2d" }}',
        f'{WEEKDAYS}\npick = {{ tags = ["few"], cool_down = "0s" }}',
        'slots = { cron = "0 9 1 * *", zone = "UTC" }\npick = { tags = ["few"], cool_down = "60d" }',
        f'{YEARLY}\npick = {{ tags = ["few"], cool_down = "360d" }}',
    ],
)
def test_a_schedule_with_enough_to_say_is_well(tmp_path: Path, schedule: str) -> None:
    folder = folder_with(tmp_path, schedule)
    folder.post("few/one", "One of few.", 'tags = ["few"]')

    assert dry(folder) == []


def told(folder: Folder) -> list[str]:
    project, _ = read_project(folder.root)
    return [str(problem) for problem in unsaid(project, NOW)]


FRAMED = 'frame = "{{ title }}. {{ text }}"\npick = { event = true }'


def test_a_dated_post_that_all_its_slots_refuse_is_told_with_its_place_and_the_reason(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, f"{YEARLY}\n{FRAMED}")
    folder.post("past/one", "Join us.", 'use = "dated"\nevent = "past"')

    assert told(folder) == [
        ('corpus/past/one.md:5: unsaid: past/one cannot be said in any of its next 3 slots: on 2027-01-25, in schedule s0, '
        '"Join us" is said of what people can join, and the event has no `until`')
    ]  # fmt: skip


def test_a_post_with_one_slot_ahead_is_told_of_that_one(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, 'dates = { at = [2027-05-03T09:00:00Z] }\nframe = "{{ weekday }}. {{ text }}"\npick = { posts = ["one"] }')  # fmt: skip
    folder.post("one", "Join us.", 'use = "dated"')

    (line,) = told(folder)

    assert "one cannot be said in its next slot: on 2027-05-03, in schedule s0, " in line


@pytest.mark.parametrize(
    ("schedules", "text", "fields", "reason"),
    [
        ([f"{YEARLY}\n{FRAMED}"], "It landed.", 'event = "past"', "it can be said in the first"),
        ([f"{YEARLY}\n{FRAMED}"], "Twenty-four years ago it landed.", 'event = "past"', "only the second will have it"),
        ([f"{DAYS_BEFORE}\n{FRAMED}"], "It will launch tomorrow.", 'event = "coming"', "the last step alone has it"),
        ([f"{YEARLY}\n{FRAMED}", f'{WEEKDAYS}\npick = {{ posts = ["some/post"] }}'], "Join us.", 'event = "past"', "people have named it, without a frame"),
        ([f"{YEARLY}\n{FRAMED}"], "Join us.", 'event = "coming"', "no slot of the next years is for it"),
        ([], "Join us.", 'event = "coming"', "it is for people to send"),
    ],
)  # fmt: skip
def test_a_post_that_some_slot_may_have_is_well(
    tmp_path: Path, schedules: list[str], text: str, fields: str, reason: str
) -> None:
    folder = folder_with(tmp_path, *schedules)
    folder.post("some/post", text, f'use = "dated"\n{fields}')

    assert told(folder) == [], reason


def test_a_day_that_recalls_a_post_tries_it_on_that_date(tmp_path: Path) -> None:
    schedule = 'on_this_day = { at = "12:00", zone = "UTC" }\nframe = "{{ years }} years ago: {{ text }}"'
    folder = folder_with(tmp_path, schedule)
    folder.post("good", "The lamp was lit.", 'posted = 2001-05-03\nuse = "dated"')
    folder.post("bad", "Join us.", 'posted = 2002-05-09\nuse = "dated"')

    (line,) = told(folder)

    assert "bad cannot be said in any of its next 3 slots: on 2027-05-09, in schedule s0, " in line


def test_nothing_shipped_is_never_said() -> None:
    project, _ = read_project(REPOSITORY)

    assert list(unsaid(project, NOW)) == []
