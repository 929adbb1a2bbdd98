"""Schedule files: accounts, mentions, events and schedules, or every problem with its line."""

from datetime import date
from pathlib import Path

import pytest

from bot.errors import Problem
from bot.model import Account, Budget, Corpus, Event, Mission, Pick, Place, Priority, Schedules, Tone
from bot.publishers.x import X as XPublisher
from bot.schedules import ScheduleReader
from bot.zones import DAY, HOUR
from tests.fakes.worlds import at, post, window

X = XPublisher.limits
ACCOUNTS = '[account.mars]\nnetwork = "x"\n'
CORPUS = Corpus((post("kites/first", tags=("kites",), event="flight"),))
EVENT = '[[event]]\nid = "flight"\ntitle = "First flight"\n'
SCHEDULE = '[[schedule]]\nname = "daily"\naccounts = ["mars"]\n'
SLOTS = SCHEDULE + 'trigger.slots = { days = "daily", at = "10:00", zone = "UTC" }\n'


def project(root: Path, **files: str) -> Path:
    """A project with these files under schedules/, and an account if none has one."""
    (root / "schedules").mkdir(exist_ok=True)
    texts = files if any("[account" in text for text in files.values()) else {"accounts": ACCOUNTS, **files}
    for name, text in texts.items():
        (root / "schedules" / f"{name}.toml").write_bytes(text.encode())
    return root


def read(
    root: Path, text: str, *, corpus: Corpus = CORPUS, unread: tuple[Problem, ...] = ()
) -> tuple[Schedules, list[str]]:
    reader = ScheduleReader(project(root, test=text))
    schedules = reader.schedules(reader.world(), corpus, unread=unread)
    return schedules, [str(problem).removeprefix("schedules/") for problem in sorted(reader.problems)]


def test_an_account_is_read(tmp_path: Path) -> None:
    text = (
        '[account.mars]\nnetwork = "x"\ncredentials = "MARS_X"\nlive = true\nzone = "America/Los_Angeles"\n'
        'min_gap = "90m"\nlate_gap = "2h"\nmax_per_day = 4\ntimeout = "45s"\nquarantine = "3m"\nurl = "https://example.org"\n'
        'find = false\nvisibility = "unlisted"\nbudget = { usd = 20, posts = 90, daily_usd = 1.5, daily_posts = 7 }\n'
    )

    schedules, problems = read(tmp_path, text)

    assert problems == []
    assert schedules.accounts == {
        "mars": Account(
            "mars", "x", "MARS_X", live=True, zone="America/Los_Angeles", min_gap=90 * 60, late_gap=7_200, max_per_day=4, timeout=45,
            quarantine=180, url="https://example.org", find=False, visibility="unlisted",
            budget=Budget(usd=20_000_000, posts=90, daily_usd=1_500_000, daily_posts=7), limits=X, place=Place("schedules/test.toml", 1),
        )
    }  # fmt: skip


def test_what_an_account_leaves_out_is_safe(tmp_path: Path) -> None:
    schedules, _ = read(tmp_path, "")

    assert schedules.accounts == {
        "mars": Account("mars", "x", late_gap=300, limits=X, place=Place("schedules/accounts.toml", 1))
    }


def test_an_event_happens_on_its_day_by_its_own_calendar(tmp_path: Path) -> None:
    text = (
        '[[event]]\nid = "landing"\ntitle = "A landing"\nkind = "landing"\ntone = "remembrance"\n'
        'instant = 2004-01-25T05:05:00Z\nzone = "America/Los_Angeles"\nquiet = true\nsources = ["s"]\n'
    )

    schedules, problems = read(tmp_path, text)

    assert problems == []
    assert schedules.events == {
        "landing": Event(
            "landing", "A landing", "landing", "America/Los_Angeles", Tone.REMEMBRANCE, at("2004-01-25T05:05Z"),
            date(2004, 1, 24), quiet=True, sources=("s",), place=Place("schedules/test.toml", 1),
        )
    }  # fmt: skip


def test_an_observance_has_a_rule_and_days_that_override_it(tmp_path: Path) -> None:
    text = (
        '[[event]]\nid = "remembrance"\ntitle = "Day of Remembrance"\nrule = "4th thursday of january"\n'
        "days = [2019-02-07, 2020-01-30]\nkept = [2019-02-07, 2026-01-22]\nconfirmed_until = 2026\n"
    )

    schedules, problems = read(tmp_path, text)

    event = schedules.events["remembrance"]
    assert problems == []
    assert [event.observed(year) for year in (2019, 2027)] == [date(2019, 2, 7), date(2027, 1, 28)]
    assert [event.is_confirmed(year) for year in (2019, 2026, 2027)] == [True, True, False]
    assert (event.instant, event.day) == (None, None)


def test_a_mention_is_a_name_and_handles(tmp_path: Path) -> None:
    schedules, problems = read(tmp_path, '[mention.robot]\nname = "Robot"\nx = "@robot"\n')

    assert (schedules.mentions, problems) == ({"robot": {"name": "Robot", "x": "@robot"}}, [])


def test_a_schedule_is_read(tmp_path: Path) -> None:
    text = (
        EVENT + 'kind = "flight"\ndate = 2021-04-19\n\n[[schedule]]\nname = "flights"\n'
        'trigger.anniversary = { kinds = ["flight"], at = "09:00" }\n'
        'pick = { event = true, tones = ["celebration"], lang = "en", cool_down = "3d" }\n'
        'frame = "{{ title }}, {{ ordinal }}: {{ text }}"\ngrace = "same-day"\naccounts = ["mars", "mars"]\n'
        "approval = true\n"
    )

    schedules, problems = read(tmp_path, text)

    (entry,) = schedules.entries
    assert problems == []
    assert (entry.name, entry.names, entry.grace, entry.approval) == ("flights", ("mars",), None, True)
    assert entry.frames == ("{{ title }}, {{ ordinal }}: {{ text }}",)
    assert entry.pick == Pick(event=True, tones=(Tone.CELEBRATION,), lang="en", cool_down=3 * DAY)
    assert entry.place == Place("schedules/test.toml", 7)
    assert [slot.at for slot in entry.trigger.times(window("2027-04-01T00:00Z", days=30))] == [
        at("2027-04-19T09:00Z")
    ]


def test_what_a_schedule_leaves_out_is_usual(tmp_path: Path) -> None:
    schedules, problems = read(
        tmp_path,
        f'{ACCOUNTS}[account.moon]\nnetwork = "x"\n[[schedule]]\nname = "all"\n'
        'trigger.slots = { days = "daily", at = "10:00", zone = "UTC" }\n',
    )

    (entry,) = schedules.entries
    assert problems == []
    assert (entry.names, entry.pick, entry.grace, entry.frames) == (("mars", "moon"), Pick(), HOUR, ())


@pytest.mark.parametrize(
    ("written", "seconds"),
    [('"same-day"', None), ('"on-time"', 0), ('"90m"', 90 * 60), ('"2d"', 2 * DAY)],
)
def test_grace_is_a_length_or_a_word(tmp_path: Path, written: str, seconds: int | None) -> None:
    schedules, problems = read(tmp_path, f"{SLOTS}grace = {written}\n")

    assert ([entry.grace for entry in schedules.entries], problems) == ([seconds], [])


@pytest.mark.parametrize(
    ("pick", "is_on_this_day"),
    [("{ tags = ['kites'] }", True), ("{ posts = ['kites/first'] }", False)],
)
def test_on_this_day_recalls_posts_unless_they_are_named(
    tmp_path: Path, pick: str, *, is_on_this_day: bool
) -> None:
    text = f'{SCHEDULE}trigger.on_this_day = {{ at = "12:00", zone = "UTC" }}\npick = {pick}\n'

    schedules, problems = read(tmp_path, text)

    assert ([entry.pick.on_this_day for entry in schedules.entries], problems) == ([is_on_this_day], [])


@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ('network = "twitter"', "unknown-network: account mars: no network called 'twitter'; known are dry-run, x, mastodon, bluesky, webhook"),
        ('network = "dryrun"', "unknown-network: account mars: no network called 'dryrun'; did you mean \"dry-run\"?"),
        ("network = 5", "bad-value: account mars: network: write a text, not a whole number"),
        ('live = "yes"', "bad-value: account mars: live: write true or false, not a text"),
        ("max_per_day = 0", "bad-value: account mars: max_per_day: write a whole number >= 1"),
        ('min_gap = "-5m"', 'bad-value: account mars: min_gap: cannot read "-5m" as a length of time; {span}'),
        ("quarantine = 90", "bad-value: account mars: quarantine: cannot read 90 as a length of time; {span}"),
        ('timeout = "0s"', 'bad-value: account mars: timeout: an answer takes time; write at least "1s"'),
        (
            'zone = "Mars/Jezero"',
            "bad-value: account mars: zone: no zone called 'Mars/Jezero'; use an IANA name such as 'America/New_York'",
        ),
        ('visibility = "all"', "bad-value: account mars: visibility: 'all' cannot be; write public, unlisted, private or direct"),
        ("budget = { usd = -1 }", "bad-value: account mars: budget.usd: write a number >= 0.0"),
        ("budget = { eur = 1 }", "unknown-field: account mars: no field called 'eur' in budget"),
        ('nick = "@a"', "unknown-field: account mars: no field called 'nick'; known are network, credentials, live, zone, min_gap, late_gap, max_per_day, timeout, quarantine, url, find, delete, visibility, budget"),
        ('quaranteen = "2m"', "unknown-field: account mars: no field called 'quaranteen'; did you mean \"quarantine\"?"),
    ],
)  # fmt: skip
def test_a_wrong_account_is_named_at_its_key(tmp_path: Path, field: str, fault: str) -> None:
    network = "" if field.startswith("network") else 'network = "x"\n'
    text = f'[account.other]\nnetwork = "x"\nlive = false\n\n[account.mars] # ours\n{network}# a remark\n{field}\n'

    schedules, problems = read(tmp_path, text)

    line = 7 + bool(network)
    span = 'write a number and s, m, h or d: "45s", "90m", "2h", "3d"'
    assert problems == [f"test.toml:{line}: {fault.replace('{span}', span)}"]
    assert [*schedules.accounts] == ["other"]


def test_a_missing_key_is_told_at_its_own_table_and_no_other(tmp_path: Path) -> None:
    _, problems = read(tmp_path, '[account.mars]\nlive = false\n\n[account.moon]\nnetwork = "x"\n')

    assert problems == ["test.toml:1: missing: account mars: network is missing"]


@pytest.mark.parametrize(
    ("mention", "line", "fault"),
    [
        ('[mention.robot]\nx = "@robot"', 1, "mention robot: a mention needs a name, for networks where there is no handle"),
        ('[mention.robot]\nname = ""', 2, "mention robot: a mention needs a name, for networks where there is no handle"),
        ('[mention.robot]\nname = "Robot"\nx = 5', 3, "mention robot: x: write a text"),
        ('[mention."a b"]\nname = "AB"', 1, "mention a b: a mention is called by letters, digits, hyphens and underscores"),
    ],
)  # fmt: skip
def test_a_wrong_mention_is_named_at_its_key(tmp_path: Path, mention: str, line: int, fault: str) -> None:
    schedules, problems = read(tmp_path, mention)

    assert (problems, schedules.mentions) == ([f"test.toml:{line}: bad-value: {fault}"], {})


@pytest.mark.parametrize(
    ("fields", "line", "fault"),
    [
        (["date = 2021-04-19", "instant = 2021-04-19T07:34:00Z"], 1, "give exactly one of instant, date, rule and sky"),
        ([], 1, "give exactly one of instant, date, rule and sky"),
        (["days = [2021-04-19]"], 1, "give exactly one of instant, date, rule and sky"),
        (["date = 2021-04-19", "days = [2021-04-19]"], 5, "days: it is said of a rule, and there is none"),
        (["date = 2021-04-19", "confirmed_until = 2026"], 5, "confirmed_until: it is said of a rule, and there is none"),
        (["instant = 2021-04-19"], 4, "instant: write a date with time and zone such as 2027-01-28T16:39:13Z, not a date such as 2027-01-28"),
        (["instant = 2021-04-19T07:34:00"], 4, "instant: write a date with time and zone such as 2027-01-28T16:39:13Z"),
        (['instant = "soon"'], 4, "instant: write a date with time and zone such as 2027-01-28T16:39:13Z"),
        (["instant = 0001-01-01T00:00:00Z", 'zone = "America/New_York"'], 4, "instant: date value out of range"),
        (["date = 2021-04-19T07:34:00Z"], 4, "date: write a date such as 2027-01-28, not a date with time and zone such as 2027-01-28T16:39:13Z"),
        (["date = 2021-04-19", 'zone = "Nowhere"'], 5, "zone: no zone called 'Nowhere'; use an IANA name such as 'America/New_York'"),
        (['rule = "5th foo of bar"'], 4, "rule: cannot read the rule '5th foo of bar'; write it as '4th thursday of january' or '20 july'"),
        (['rule = ""'], 4, "rule: cannot read the rule ''; write it as '4th thursday of january' or '20 july'"),
        (['rule = "20 july"', "days = [2020-07-20, 2020-07-21]"], 5, "days: an observance has one day a year, and a year is here twice"),
        (["date = 2021-04-19", 'tone = "sad"'], 5, "tone: 'sad' cannot be; write celebration, remembrance or neutral"),
        (["date = 2021-04-19", 'sources = "s"'], 5, "sources: write a list, not a text: ['s']"),
        (['sky = "eclipse"'], 4, "sky: 'eclipse' cannot be; write opposition, closest-approach, moon-mars, northern-spring, northern-summer, northern-autumn or northern-winter"),
        (["date = 2021-04-19", "kept = [2021-04-19]"], 5, "kept: it is said of a rule, and there is none"),
        (["date = 2021-04-19", 'hush = "soon"'], 5, 'hush: cannot read "soon" as a length of time; write a number and s, m, h or d: "45s", "90m", "2h", "3d"'),
        (["date = 2021-04-19", 'hush = "6h"', 'tone = "celebration"'], 5, 'hush: only a remembrance is kept so; write tone = "remembrance"'),
        (["date = 2021-04-19", 'tone = "celebration"', "quiet = true"], 6, 'quiet: only a remembrance is kept so; write tone = "remembrance"'),
        (["date = 2021-04-19", "until = 2021-04-20T00:00:00Z"], 5, "until: it is the end of what begins at instant; write an instant behind it"),
        (["instant = 2021-04-19T07:34:00Z", "until = 2021-04-19T07:34:00Z"], 5, "until: it is the end of what begins at instant; write an instant behind it"),
    ],
)  # fmt: skip
def test_a_wrong_event_is_named_at_its_key_and_hides_no_other(
    tmp_path: Path, fields: list[str], line: int, fault: str
) -> None:
    good = '[[event]]\nid = "good"\ntitle = "Good"\ndate = 2020-01-01\n\n'
    text = "\n".join([good + EVENT.strip(), *fields, good.replace("good", "other")])

    schedules, problems = read(tmp_path, text)

    assert problems == [f"test.toml:{line + 5}: bad-value: event flight: {fault}"]
    assert [*schedules.events] == ["good", "other"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[event]]\ntitle = "T"\ndate = 2020-01-01', "1: missing: event number 1: id is missing"),
        ('[[event]]\nid = "a b"\ntitle = "T"\ndate = 2020-01-01', "2: bad-value: event a b: id: 'a b' cannot be; write letters, digits, dots, hyphens and underscores"),
        ('[[event]]\nid = 5\ntitle = "T"\ndate = 2020-01-01', "2: bad-value: event 5: id: write a text, not a whole number"),
        ('[event]\nid = "a"', "1: unknown-table: no table called 'event' in this shape; {known}"),
        ("\n[events]\nx = 1", "2: unknown-table: no table called 'events' in this shape; {known}"),
        ("event = [1, 2]", "1: unknown-table: no table called 'event' in this shape; {known}"),
        ("[[mention]]\nx = 1", "1: unknown-table: no table called 'mention' in this shape; {known}"),
        ("[mention]\nrobot = 5", "1: unknown-table: no table called 'mention' in this shape; {known}"),
        ("[[event]\n", "1: toml: Expected ']]' at the end of an array declaration"),
        ('[[event]]\nid = "a"\n\n[[event]]\nid = b\n', "5: toml: Invalid value; a text stands in quotes, a list in brackets"),
        ('[mention.a]\nname = "A"\n[mention.a]\nname = "B"\n', "3: toml: Cannot declare ('mention', 'a') twice; the same table stands twice"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_ours_is_named(tmp_path: Path, text: str, problem: str) -> None:
    _, problems = read(tmp_path, text)

    known = "known are [account.NAME], [mention.NAME], [mission.NAME], [[event]] and [[schedule]]"
    assert problems == [f"test.toml:{problem.replace('{known}', known)}"]


TRIGGER = '[schedule.trigger.slots]\ndays = "daily"\nat = "10:00"\nzone = "UTC"\n'


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        (SCHEDULE, 1, "missing: schedule daily: trigger is missing"),
        (SCHEDULE + 'trigger = "slots"', 4, "bad-value: schedule daily: trigger: write a table, not a text"),
        (SCHEDULE + "trigger.slots = 5", 4, "bad-value: schedule daily: trigger.slots: write a table, not a whole number"),
        (SCHEDULE + "trigger = {}", 4, "bad-value: schedule daily: give exactly one trigger, such as trigger.anniversary = { … }"),
        (SLOTS + "trigger.dates = { at = [2027-02-18T20:55:00Z] }", 4, "bad-value: schedule daily: give exactly one trigger, such as trigger.anniversary = { … }"),
        (SCHEDULE + "trigger.slot = {}", 4, "unknown-trigger: schedule daily: no trigger called 'slot'; did you mean \"slots\"?"),
        (SCHEDULE + "trigger.xyz = {}", 4, "unknown-trigger: schedule daily: no trigger called 'xyz'; known are anniversary, on_this_day, slots, dates, countdown, sky, sol, holiday"),
        (SCHEDULE + TRIGGER.replace('"10:00"', "10"), 6, 'bad-value: schedule daily: trigger.slots: "at" cannot be 10; write at = "10:30", or a list of such'),
        (SCHEDULE + TRIGGER + 'jiter = "5m"', 8, 'bad-value: schedule daily: trigger.slots: no option called "jiter"; did you mean "jitter"? what can be written: days, at, cron, zone, jitter'),
        (SCHEDULE + 'trigger.slots = { days = "daily", at = "10:00" }', 4, 'bad-value: schedule daily: trigger.slots: "zone" is missing; write zone = "America/New_York"'),
        (SCHEDULE + 'trigger.anniversary = { events = ["fight"], at = "09:00" }', 4, 'bad-value: schedule daily: trigger.anniversary: no event called "fight"; did you mean "flight"?'),
        (SLOTS.replace('["mars"]', '"mars"'), 3, "bad-value: schedule daily: accounts: write a list, not a text: ['mars']"),
        (SLOTS.replace('["mars"]', "[]"), 3, "bad-value: schedule daily: accounts: write a list of length >= 1"),
        (SLOTS.replace('["mars"]', '["mrs"]'), 3, "unknown-account: schedule daily: no account called 'mrs'; did you mean \"mars\"?"),
        (SLOTS + 'grace = "an hour"', 5, 'bad-value: schedule daily: grace: cannot read "an hour" as a length of time; {span}, or "same-day" or "on-time"'),
        (SLOTS + "grace = 60", 5, 'bad-value: schedule daily: grace: cannot read 60 as a length of time; {span}, or "same-day" or "on-time"'),
        (SLOTS + "pick.cool_down = 180", 5, "bad-value: schedule daily: pick.cool_down: cannot read 180 as a length of time; {span}"),
        (SLOTS + '[schedule.pick]\nlang = "en"\ncool_down = "-1d"', 7, 'bad-value: schedule daily: pick.cool_down: cannot read "-1d" as a length of time; {span}'),
        (SLOTS + 'pick = { tags = "kites" }', 5, "bad-value: schedule daily: pick.tags: write a list, not a text: ['kites']"),
        (SLOTS + '[schedule.pick]\ntags = ["kites", "kits"]', 6, "unknown-tag: schedule daily: no post has the tag 'kits'; did you mean \"kites\"?"),
        (SLOTS + 'pick.posts = ["kites/frst"]', 5, "unknown-post: schedule daily: no post called 'kites/frst'; did you mean \"kites/first\"?"),
        (SLOTS + '[schedule.pick]\nposts = ["kites/first"]\ntags = ["kites"]', 7, "bad-value: schedule daily: pick: posts and tags cannot stand together"),
        (SLOTS + 'pick = { tone = "neutral" }', 5, "unknown-field: schedule daily: no field called 'tone' in pick"),
        (SLOTS + 'pick = { tones = ["odd"] }', 5, "bad-value: schedule daily: pick.tones[0]: 'odd' cannot be; write celebration, remembrance or neutral"),
        (SLOTS + "aproval = true", 5, "unknown-field: schedule daily: no field called 'aproval'; did you mean \"approval\"?"),
        (SLOTS + "frame = []", 5, "bad-value: schedule daily: frame: write a list of length >= 1"),
        (SLOTS + 'frame = [\n  "{{ text }}",\n  "Good morning",\n]', 5, "bad-value: schedule daily: the frame must hold {{ text }}, or the post itself would be lost"),
        (SLOTS + 'milestone_frame = "{{ text }}"', 5, "bad-value: schedule daily: milestone_frame: it stands in for frame in round years; write frame too"),
        (SLOTS + 'tone = "sad"', 5, "bad-value: schedule daily: tone: 'sad' cannot be; write celebration, remembrance or neutral"),
        (SLOTS + 'frame = "Good morning"', 5, "bad-value: schedule daily: the frame must hold {{ text }}, or the post itself would be lost"),
        (SLOTS + 'frame = "{{ txt }}"', 5, "bad-value: schedule daily: the frame '{{ txt }}' does not work here: 'txt' is undefined"),
        (SLOTS + 'frame = "{{ title }}: {{ text }}"', 5, "bad-value: schedule daily: the frame '{{ title }}: {{ text }}' does not work here: 'title' is undefined"),
        (SLOTS + "frame = \"{{ ''.__class__ }} {{ text }}\"", 5, "bad-value: schedule daily: the frame \"{{ ''.__class__ }} {{ text }}\" does not work here: access to attribute '__class__' of 'str' object is unsafe."),
        (SLOTS + 'frame = "{@robto}: {{ text }}"\n[mention.robot]\nname = "Robot"', 5, "unknown-mention: schedule daily: no mention called 'robto'; did you mean \"robot\"?"),
    ],
)  # fmt: skip
def test_a_wrong_schedule_is_named_at_its_key(tmp_path: Path, text: str, line: int, fault: str) -> None:
    before = (
        EVENT
        + "instant = 2021-04-19T07:34:00Z\n\n"
        + SLOTS.replace("daily", "before", 1)
        + "frame = '{{ text }}'\n\n"
    )

    schedules, problems = read(tmp_path, before + text)

    line += before.count("\n")
    span = 'write a number and s, m, h or d: "45s", "90m", "2h", "3d"'
    assert problems == [f"test.toml:{line}: {fault.replace('{span}', span)}"]
    assert [entry.name for entry in schedules.entries] == ["before"]


@pytest.mark.parametrize(
    ("event", "trigger", "frame"),
    [
        ("instant = 2021-04-19T07:34:00Z", 'anniversary = { events = ["flight"], at = "09:00" }', "{{ years }} {{ text }}"),
        ("instant = 2021-04-19T07:34:00Z", 'anniversary = { events = ["flight"], at = "09:00", years = [50] }', "{{ years }} {{ title }} {{ text }}"),
        ("rule = '20 july'\nkept = [2020-07-20]", 'anniversary = { events = ["flight"], at = "09:00" }', "{{ title }}: {{ text }}"),
        ("date = 2021-04-19", 'on_this_day = { at = "09:00", zone = "UTC" }', "{{ years }} {{ text }}"),
    ],
)  # fmt: skip
def test_a_frame_is_tried_on_a_day_of_its_schedule(
    tmp_path: Path, event: str, trigger: str, frame: str
) -> None:
    text = f'{EVENT}{event}\n{SCHEDULE}trigger.{trigger}\nframe = "{frame}"\n'

    _, problems = read(tmp_path, text)

    assert problems == []


def test_a_frame_that_works_on_no_day_of_its_schedule_is_a_problem(tmp_path: Path) -> None:
    text = f'{EVENT}rule = "20 july"\nkept = [2020-07-20]\n{SCHEDULE}trigger.anniversary = {{ events = ["flight"], at = "09:00" }}\n'

    _, problems = read(tmp_path, text + 'frame = "{{ years }} years: {{ text }}"\n')

    fault = "the frame '{{ years }} years: {{ text }}' does not work here: 'years' is undefined"
    assert problems == [f"test.toml:10: bad-value: schedule daily: {fault}"]


def test_every_problem_of_a_table_is_told_at_once(tmp_path: Path) -> None:
    text = (
        SLOTS
        + 'approval = "no"\ngrace = 1\nframe = "{{ x }}"\npick = { posts = ["a"], cool_down = 1 }\ncolour = 1\n'
    )

    _, problems = read(tmp_path, text)

    assert [problem.split(":")[1] for problem in problems] == ["5", "6", "7", "8", "8", "9"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{EVENT}date = 2020-01-01\n\n{EVENT}date = 2021-01-01\n", 7),
        (f"{SLOTS}\n{SLOTS}", 7),
    ],
)
def test_a_name_is_given_once(tmp_path: Path, text: str, line: int) -> None:
    schedules, problems = read(tmp_path, text)

    kind = "event flight" if "event" in text else "schedule daily"
    message = "the name is taken by schedules/test.toml:1; rename one of them"
    assert problems == [f"test.toml:{line}: duplicate: {kind}: {message}"]
    assert len(schedules.events) + len(schedules.entries) == 1


def test_an_account_may_stand_in_one_file_only(tmp_path: Path) -> None:
    reader = ScheduleReader(project(tmp_path, a=ACCOUNTS, b=f"# again\n{ACCOUNTS}"))

    reader.world()

    message = "account mars: the name is taken by schedules/a.toml:1; rename one of them"
    assert reader.problems == [Problem("schedules/b.toml", 2, "duplicate", message)]


def test_what_names_a_broken_thing_is_not_blamed_for_it(tmp_path: Path) -> None:
    text = (
        '[account.mars]\nnetwork = "x"\nzone = "Nowhere"\n[mention.robot]\nx = "@robot"\n'
        f'{EVENT}kind = "flight"\ndate = "soon"\n{SCHEDULE}frame = "{{@robot}} {{{{ text }}}}"\n'
        'trigger.anniversary = { events = ["flight"], kinds = ["flight"], at = "09:00" }\n'
    )

    _, problems = read(tmp_path, text)

    assert [problem.split(": ")[0] for problem in problems] == ["test.toml:3", "test.toml:4", "test.toml:10"]


def test_while_posts_are_unread_none_is_called_unknown(tmp_path: Path) -> None:
    text = SLOTS + 'pick.tags = ["lost"]\n\n' + SLOTS.replace("daily", "named", 1) + 'pick.posts = ["lost"]\n'

    schedules, problems = read(tmp_path, text, unread=(Problem("corpus/lost.md", 1, "toml", "broken"),))

    assert ([entry.name for entry in schedules.entries], problems) == (["daily", "named"], [])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff", "encoding: not UTF-8 at byte 0; save it as UTF-8"),
        (b"[account", "toml: Expected ']' at the end of a table declaration"),
    ],
)
def test_a_broken_file_hides_no_other(tmp_path: Path, content: bytes, problem: str) -> None:
    root = project(tmp_path, good=ACCOUNTS)
    (root / "schedules/broken.toml").write_bytes(content)
    (root / "schedules/folder.toml").mkdir()
    (root / "schedules/ring.toml").symlink_to("ring.toml")
    (root / "schedules/memory.toml").symlink_to("/proc/self/mem")

    reader = ScheduleReader(root)

    assert [*reader.world().accounts] == ["mars"]
    assert [str(found) for found in reader.problems] == [
        f"schedules/broken.toml:1: {problem}",
        "schedules/memory.toml:1: unreadable: cannot be read: Input/output error",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + ACCOUNTS,
        ACCOUNTS.replace("\n", "\r\n"),
        ACCOUNTS.replace(" = ", "\t=\t"),
        f"\n\n{ACCOUNTS}# end",
    ],
)
def test_what_editors_leave_behind_does_no_harm(tmp_path: Path, text: str) -> None:
    schedules, problems = read(tmp_path, text)

    assert ([*schedules.accounts], problems) == (["mars"], [])


def test_anniversaries_of_grief_have_the_priority_of_remembrance(tmp_path: Path) -> None:
    text = f'{EVENT}kind = "k"\ntone = "remembrance"\ndate = 2021-04-19\n{SCHEDULE}trigger.anniversary = {{ kinds = ["k"], at = "09:00" }}\n'

    schedules, _ = read(tmp_path, text)

    slots = schedules.entries[0].trigger.times(window("2027-04-01T00:00Z", days=30))
    assert [slot.priority for slot in slots] == [Priority.REMEMBRANCE]


OBSERVANCE = (
    '[[event]]\nid = "day"\ntitle = "A day"\ntone = "remembrance"\nrule = "4th thursday of january"\n'
)


def test_a_rule_of_29_february_was_kept_on_any_day_on_which_a_schedule_may_keep_it(tmp_path: Path) -> None:
    rule = OBSERVANCE.replace("4th thursday of january", "29 february")

    _, problems = read(tmp_path, rule + "kept = [2019-02-28, 2020-02-29, 2021-03-01]\n")

    assert problems == []


def test_a_rule_is_held_against_the_days_on_which_it_is_known_to_have_been_kept(tmp_path: Path) -> None:
    text = OBSERVANCE + "days = [2020-01-30]\nkept = [2019-02-07, 2020-01-30, 2021-01-28]\n"

    _, problems = read(tmp_path, text)

    why = "it gives 2019-01-24 in 2019, and it was kept on 2019-02-07"
    assert problems == [
        f"test.toml:7: rule: event day: kept: the rule may be wrong: {why}; mend the rule, or add what broke it: days = [2019-02-07]"
    ]


def test_a_rule_that_many_days_contradict_is_told_once(tmp_path: Path) -> None:
    days = "kept = [2019-01-24, 2019-02-07, 2020-01-30, 2021-01-27]\n"

    _, problems = read(tmp_path, OBSERVANCE + days)

    why = "it gives 2019-01-24 in 2019, and it was kept on 2019-02-07; 3 of its 4 days are not those of the rule"
    wanted = "mend the rule, or add what broke it: days = [2019-02-07, 2020-01-30, 2021-01-27]"
    assert problems == [f"test.toml:6: rule: event day: kept: the rule may be wrong: {why}; {wanted}"]


def test_a_rule_that_no_day_proves_is_refused(tmp_path: Path) -> None:
    _, problems = read(tmp_path, OBSERVANCE)

    why = "nothing proves it; write a day on which it was kept, as a source has it: kept = [2026-01-22]"
    assert problems == [f"test.toml:5: rule: event day: rule: {why}"]
    assert read(tmp_path, OBSERVANCE + "days = [2020-01-30]\n")[1] == []


def test_no_year_is_confirmed_of_which_no_day_is_known(tmp_path: Path) -> None:
    kept = "kept = [2025-01-23, 2026-01-22]\n"

    _, problems = read(tmp_path, f"{OBSERVANCE}{kept}confirmed_until = 2027\n")

    why = "of no year after 2026 a day is known; write 2026, or add the later days to kept"
    assert problems == [f"test.toml:7: rule: event day: confirmed_until: {why}"]
    assert read(tmp_path, f"{OBSERVANCE}{kept}confirmed_until = 2026\n")[1] == []
    assert read(tmp_path, f"{OBSERVANCE}{kept}days = [2027-01-29]\nconfirmed_until = 2027\n")[1] == []


def test_a_date_that_never_moves_may_be_confirmed_for_years_to_come(tmp_path: Path) -> None:
    fixed = OBSERVANCE.replace("4th thursday of january", "12 april")

    _, problems = read(tmp_path, fixed + "kept = [2026-04-12]\nconfirmed_until = 2099\n")

    assert problems == []


def test_a_rule_that_gives_no_day_is_held_against_them_too(tmp_path: Path) -> None:
    text = OBSERVANCE.replace("4th thursday of january", "5th monday of february") + "kept = [2027-02-22]\n"

    _, problems = read(tmp_path, text)

    assert problems == [
        "test.toml:6: rule: event day: kept: the rule may be wrong: it gives no day in 2027, and it was kept on 2027-02-22; mend the rule, or add what broke it: days = [2027-02-22]"
    ]


LANDED = '[[event]]\nid = "landed"\ntitle = "Landed"\ninstant = 2021-02-18T20:55:00Z\n\n'
ENDED = '[[event]]\nid = "ended"\ntitle = "Ended"\ndate = 2024-01-25\n\n'


def test_a_mission_has_its_days_and_its_clock(tmp_path: Path) -> None:
    text = (
        LANDED
        + ENDED
        + '[mission.rover]\nname = "Rover"\nwords = ["Rover", "Rovy"]\nbegan = "landed"\nended = "ended"\n'
        'clock = { starts = 2021-02-18T04:24:15.5Z, first_sol = 1 }\nlatitude = 18.4\nlongitude_east = 77.5\nzone = "America/Los_Angeles"\n'
    )

    schedules, problems = read(tmp_path, text)

    assert problems == []
    assert schedules.missions == {
        "rover": Mission(
            "rover", "Rover", ("Rover", "Rovy"), "landed", date(2021, 2, 18), date(2024, 1, 25),
            starts=1_613_622_255.5, first_sol=1, latitude=18.4, longitude_east=77.5, zone="America/Los_Angeles",
            place=Place("schedules/test.toml", 11),
        )
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "line", "fault"),
    [
        ([], 1, "missing: mission rover: began is missing"),
        (['began = "landing"'], 3, "unknown-event: mission rover: began: no event called 'landing'; did you mean \"landed\"?"),
        (['began = "day"'], 3, "bad-value: mission rover: began: day has no day of its own; name what happened once"),
        (['began = "landed"', 'ended = "over"'], 4, "unknown-event: mission rover: ended: no event called 'over'"),
        (['began = "landed"', 'ended = "ended"', "ended_on = 2024-01-25"], 5, "bad-value: mission rover: ended_on: the event under ended says it already; leave one out"),
        (['began = "landed"', 'zone = "Mars"'], 4, "bad-value: mission rover: zone: no zone called 'Mars'; use an IANA name such as 'America/New_York'"),
        (['began = "landed"', "clock = { first_sol = 1 }"], 4, "missing: mission rover: starts is missing in clock"),
        (['began = "landed"', "clock = { starts = 2021-02-18T04:24:15Z, first_sol = 2 }"], 4, "bad-value: mission rover: clock.first_sol: 2 cannot be; write 0 or 1"),
        (['began = "landed"', "latitude = 999"], 4, "bad-value: mission rover: latitude: "),
    ],
)  # fmt: skip
def test_a_wrong_mission_is_named_at_its_key(
    tmp_path: Path, fields: list[str], line: int, fault: str
) -> None:
    before = LANDED + ENDED + OBSERVANCE + "kept = [2026-01-22]\n"

    _, problems = read(tmp_path, before + "\n".join(["[mission.rover]", 'name = "Rover"', *fields]))

    assert len(problems) == 1
    assert problems[0].startswith(f"test.toml:{line + before.count(chr(10))}: {fault}")


def test_a_schedule_has_its_tone_and_wordings_that_take_turns(tmp_path: Path) -> None:
    text = (
        SCHEDULE
        + 'trigger.anniversary = { events = ["flight"], at = "09:00" }\n'
        + 'tone = "neutral"\nframe = ["A: {{ text }}", "B: {{ text }}"]\nmilestone_frame = "C: {{ text }}"\n'
    )

    schedules, problems = read(tmp_path, EVENT + "instant = 2021-04-19T07:34:00Z\n\n" + text)

    (entry,) = schedules.entries
    assert problems == []
    assert (entry.tone, entry.frames, entry.milestones) == (
        Tone.NEUTRAL,
        ("A: {{ text }}", "B: {{ text }}"),
        ("C: {{ text }}",),
    )


def test_an_event_may_last(tmp_path: Path) -> None:
    text = EVENT + "instant = 2027-04-19T17:00:00Z\nuntil = 2027-04-19T18:30:00Z\n"

    schedules, problems = read(tmp_path, text)

    assert problems == []
    assert schedules.events["flight"].until == at("2027-04-19T18:30Z")


@pytest.mark.parametrize(
    ("frame", "name"),
    [
        ("LOL {{ text }}", '"LOL"'),
        ("{{ years }} years! {{ text }}", "exclamation mark"),
        ("\N{BIRTHDAY CAKE} {{ text }}", "\N{BIRTHDAY CAKE}"),
    ],
)
def test_the_frame_of_a_remembrance_is_held_to_tact(tmp_path: Path, frame: str, name: str) -> None:
    event = (
        '[[event]]\nid = "loss"\ntitle = "A loss"\ntone = "remembrance"\nkind = "loss"\ndate = 2003-02-01\n\n'
    )
    options = 'trigger.anniversary = { kinds = ["loss"], at = "09:00" }\n'
    solemn = (
        SCHEDULE + 'trigger.slots = { days = "daily", at = "10:00", zone = "UTC" }\ntone = "remembrance"\n'
    )

    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()

    _, anniversaries = read(first, event + SCHEDULE + options + f"frame = '{frame}'\n")
    _, slots = read(second, solemn + f"frame = '{frame.replace('years', 'weekday')}'\n")

    fault = f"tact: schedule daily: a remembrance needs no {name}"
    assert [problem.partition(": ")[2] for problem in anniversaries] == [fault]
    assert [problem.partition(": ")[2] for problem in slots] == [fault]
