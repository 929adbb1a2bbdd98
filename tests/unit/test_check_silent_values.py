"""Values that could never mean anything are refused as they are read, each where it stands."""

from pathlib import Path

import pytest

from tests.fakes.projects import Folder, museum, problems_of

EVENTS = """\
[[event]]
id = "launch"
title = "A launch"
kind = "launch"
date = 2021-03-14

[[event]]
id = "meeting"
title = "Moon and Mars"
kind = "sky"
sky = "moon-mars"

[[event]]
id = "grief"
title = "A loss"
kind = "loss"
tone = "remembrance"
date = 2001-01-01

[[event]]
id = "week"
title = "A week"
kind = "observance"
rule = "4 october"
kept = [2026-10-04]
"""
DAILY = 'slots = { days = "daily", at = "10:00", zone = "UTC" }'
LAUNCHES = 'anniversary = { kinds = ["launch"], at = "09:00" }'
NEW_YORK = 'zone = "America/New_York"'
GONE = "2021-03-14T02:30:00 never was in America/New_York, where clocks went forward over it; write the moment in UTC: 2021-03-14T07:30:00Z if it was by the clock before"


def found(folder: Folder, text: str) -> list[str]:
    folder.write("schedules/more.toml", text)
    return [str(problem).removeprefix("schedules/") for problem in problems_of(folder.root)]


@pytest.mark.parametrize(
    ("trigger", "more", "fault"),
    [
        ('anniversary = { kinds = ["launch", "eclipse"], at = "09:00" }', "", '3: unknown-kind: schedule s: trigger.anniversary: no event is of the kind "eclipse"; write that kind at an event, or take it out'),
        ('anniversary = { kinds = ["lunches"], at = "09:00" }', "", '3: unknown-kind: schedule s: trigger.anniversary: no event is of the kind "lunches"; did you mean "launch"?'),
        ('anniversary = { kinds = ["launch"], except = ["launch"], at = "09:00" }', "", '3: bad-value: schedule s: trigger.anniversary: "except" takes out every event that is named, so it never speaks; name another event'),
        ('anniversary = { kinds = ["launch"], except = ["opening"], at = "09:00" }', "", '3: bad-value: schedule s: trigger.anniversary: "except" names "opening", which would not be spoken of anyway; take it out'),
        ('anniversary = { kinds = ["sky"], at = "09:00" }', "", '3: bad-value: schedule s: trigger.anniversary: "kinds" names "meeting", which the sky brings: it has no day to come round; write trigger.sky for it, or name it under "except"'),
        ('anniversary = { events = ["meeting"], at = "09:00" }', "", '3: bad-value: schedule s: trigger.anniversary: "events" names "meeting", which the sky brings: it has no day to come round; write trigger.sky for it, or name it under "except"'),
        ('countdown = { kinds = ["loss"], at = "09:00" }', "", '3: bad-value: schedule s: trigger.countdown: "kinds" names remembrances alone, and nobody counts down to those'),
        ('countdown = { events = ["launch"], steps = ["live"], at = "09:00" }', "", '3: bad-value: schedule s: trigger.countdown: "steps" never speaks: of its events, such as "launch", none has an "until"; write it at the event, or steps in days: ["-1d"]'),
        ('countdown = { events = ["launch"], steps = ["-1d", "-1d"], at = "09:00" }', "", '3: bad-value: schedule s: trigger.countdown: "steps" names "-1d" twice; write each step once'),
        (DAILY, "pick = { tags = [] }", "4: bad-value: schedule s: pick.tags: an empty list keeps no post out; name some, or leave it out"),
        (DAILY, "pick = []", "4: bad-value: schedule s: pick: write a table, not a list"),
        (DAILY, 'grace = "900d"', '4: bad-value: schedule s: grace: "900d" is longer than can be meant; write at most "30d", or "same-day" or "on-time"'),
        (DAILY, "pick = { event = true }", "4: bad-value: schedule s: pick.event: its trigger speaks of no event, so no post would suit; name tags or posts"),
        (DAILY, 'pick = { lang = "tlh" }', "4: unknown-lang: schedule s: no post is in the language 'tlh'; posts are in en"),
        (DAILY, 'tone = "remembrance"\npick = { tones = ["celebration"] }', "5: bad-value: schedule s: pick.tones: on a remembrance nothing celebrates, so no post would suit"),
        ('anniversary = { kinds = ["loss"], at = "09:00" }', 'pick = { tones = ["celebration"] }', "4: bad-value: schedule s: pick.tones: on a remembrance nothing celebrates, so no post would suit"),
        (DAILY, 'frame = "{{ text }}"\nmilestone_frame = "{{ text }}"', "5: bad-value: schedule s: milestone_frame: it is for round years, and its trigger counts none; leave it out"),
        ('anniversary = { kinds = ["observance"], at = "09:00" }', 'frame = "{{ text }}"\nmilestone_frame = "{{ text }}"', "5: bad-value: schedule s: milestone_frame: it is for round years, and its trigger counts none; leave it out"),
    ],
)  # fmt: skip
def test_a_schedule_that_could_never_speak_is_refused(
    tmp_path: Path, trigger: str, more: str, fault: str
) -> None:
    folder = museum(tmp_path)
    folder.write("schedules/days.toml", EVENTS)

    problems = found(folder, f'[[schedule]]\nname = "s"\ntrigger.{trigger}\n{more}\n')

    assert problems == [f"more.toml:{fault}"]


@pytest.mark.parametrize(
    ("trigger", "more"),
    [
        (LAUNCHES, 'pick = { event = true }\nframe = "{{ text }}"\nmilestone_frame = "{{ text }}"'),
        (LAUNCHES, 'pick = { tones = ["celebration"] }'),
        ('anniversary = { kinds = ["loss"], at = "09:00" }', 'pick = { tones = ["celebration", "neutral"] }'),
        ('anniversary = { kinds = ["launch", "sky"], except = ["meeting"], at = "09:00" }', ""),
        ('countdown = { kinds = ["loss", "launch"], at = "09:00", steps = ["-1d", "live"] }', ""),
        (DAILY, 'pick = { lang = "en", event = false }'),
    ],
)
def test_a_schedule_that_can_speak_is_well(tmp_path: Path, trigger: str, more: str) -> None:
    folder = museum(tmp_path)
    folder.write("schedules/days.toml", EVENTS)

    assert found(folder, f'[[schedule]]\nname = "s"\ntrigger.{trigger}\n{more}\n') == []


def test_a_schedule_is_not_blamed_for_an_event_that_cannot_be_read(tmp_path: Path) -> None:
    event = '[[event]]\nid = "e"\ntitle = "E"\nkind = "lost"\ndate = "soon"\n'
    trigger = 'trigger.countdown = { kinds = ["lost"], steps = ["-1h"], at = "09:00" }'

    problems = found(museum(tmp_path), f'{event}[[schedule]]\nname = "s"\n{trigger}\n')

    assert [problem.partition(" bad-value")[0] for problem in problems] == ["more.toml:5:"]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ('date = 2021-01-01\nhush = "900d"', '6: bad-value: event e: hush: "900d" is longer than can be meant; write at most "30d"'),
        ('rule = "20 july"\nkept = [2026-07-20]\nconfirmed_until = 20260', "7: bad-value: event e: confirmed_until: write a whole number <= 2199"),
        ('rule = "20 july"\nkept = [2026-07-20]\nconfirmed_until = -1', "7: bad-value: event e: confirmed_until: write a whole number >= 1900"),
        ("date = 2210-04-19", "5: bad-value: event e: date: nothing is planned after 2199; write a year up to it"),
        ("instant = 2210-04-19T00:00:00Z", "5: bad-value: event e: instant: nothing is planned after 2199; write a year up to it"),
        ('sky = "opposition"\nquiet = true', "6: bad-value: event e: quiet: what the sky brings has no day that is kept; leave it out"),
        ('sky = "opposition"\nhush = "6h"', "6: bad-value: event e: hush: what the sky brings has no day that is kept; leave it out"),
        (f"instant = 2021-03-14T02:30:00\n{NEW_YORK}", f"5: bad-value: event e: instant: {GONE}"),
        (f"instant = 2021-03-14T02:30:00-05:00\n{NEW_YORK}", f"5: bad-value: event e: instant: {GONE}"),
        (f"instant = 2021-11-07T01:30:00\n{NEW_YORK}", "5: bad-value: event e: instant: 2021-11-07T01:30:00 was twice in America/New_York: write 2021-11-07T01:30:00-04:00 for the first time, 2021-11-07T01:30:00-05:00 for the second"),
        (f"instant = 2021-07-04T09:00:00\n{NEW_YORK}", "5: bad-value: event e: instant: write a date with time and zone such as 2021-07-04T09:00:00-04:00"),
        (f"instant = 2021-07-04T09:00:00-05:00\n{NEW_YORK}", "5: bad-value: event e: instant: clocks in America/New_York did not show 09:00 then; write 2021-07-04T09:00:00-04:00 if they did, or the moment in UTC, 2021-07-04T14:00:00Z"),
        (f"instant = 2021-07-04T09:00:00Z\nuntil = 2021-07-04T09:00:00-05:00\n{NEW_YORK}", "6: bad-value: event e: until: clocks in America/New_York did not show 09:00 then; write 2021-07-04T09:00:00-04:00 if they did, or the moment in UTC, 2021-07-04T14:00:00Z"),
    ],
)  # fmt: skip
def test_an_event_that_says_what_cannot_be_is_refused(tmp_path: Path, fields: str, fault: str) -> None:
    event = '[[event]]\nid = "e"\ntitle = "E"\ntone = "remembrance"\n'

    assert found(museum(tmp_path), f"{event}{fields}\n") == [f"more.toml:{fault}"]


def test_a_moment_without_a_zone_whose_zone_is_wrong_is_told_beside_it(tmp_path: Path) -> None:
    fields = 'instant = 2021-07-04T09:00:00\nzone = "Mars"\n'

    problems = found(museum(tmp_path), f'[[event]]\nid = "e"\ntitle = " "\n{fields}')

    assert problems == [
        "more.toml:3: bad-value: event e: title: an empty text says nothing; write what texts call it",
        "more.toml:4: bad-value: event e: instant: write a date with time and zone such as 2027-01-28T16:39:13Z",
        "more.toml:5: bad-value: event e: zone: no zone called 'Mars'; use an IANA name such as 'America/New_York'",
    ]


@pytest.mark.parametrize(
    "written",
    [
        "2021-11-07T01:30:00-05:00",
        "2021-11-07T01:30:00-04:00",
        "2021-03-14T02:30:00Z",
        "2021-07-04T09:00:00-04:00",
        "2021-07-04T09:00:00+05:30",
    ],
)
def test_a_moment_is_read_by_its_own_offset(tmp_path: Path, written: str) -> None:
    event = f'[[event]]\nid = "e"\ntitle = "E"\ninstant = {written}\n{NEW_YORK}\n'

    assert found(museum(tmp_path), event) == []


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ("latitude = 100", "4: bad-value: mission m: latitude: write a number <= 90.0"),
        ('words = ["M", ""]', "4: bad-value: mission m: words: an empty text says nothing; write what texts call it"),
        ("ended_on = 1990-01-01", "4: bad-value: mission m: ended_on: it ended on 1990-01-01, before it began on 1997-03-12"),
        ('ended = "opening"', "4: bad-value: mission m: ended: opening began it; name the event that ended it"),
        ('ended = "early"', "4: bad-value: mission m: ended: it ended on 1990-01-01, before it began on 1997-03-12"),
        ("clock = { starts = 2007-01-01T00:00:00Z }", "4: bad-value: mission m: clock.starts: its first sol began on 2007-01-01, after its work did on 1997-03-12"),
    ],
)  # fmt: skip
def test_a_mission_that_cannot_have_been_is_refused(tmp_path: Path, fields: str, fault: str) -> None:
    event = '\n[[event]]\nid = "early"\ntitle = "E"\ndate = 1990-01-01\n'

    problems = found(museum(tmp_path), f'[mission.m]\nname = "M"\nbegan = "opening"\n{fields}\n{event}')

    assert problems == [f"more.toml:{fault}"]


def test_an_account_keeps_no_gap_by_which_it_would_never_speak(tmp_path: Path) -> None:
    problems = found(museum(tmp_path), '[account.other]\nnetwork = "x"\nmin_gap = "900d"\n')

    assert problems == [
        'more.toml:3: bad-value: account other: min_gap: "900d" is longer than can be meant; write at most "30d"'
    ]
