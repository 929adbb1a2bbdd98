"""The project folder, read and found whole."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import BadCall, Problems
from bot.model import Window
from bot.project import files_digest, files_stamp, find_root, read_project
from bot.zones import instant_of
from tests.fakes.projects import problems_of

ACCOUNT = '[account.mars]\nnetwork = "x"\n'
DAILY = '[[schedule]]\nname = "daily"\ntrigger.slots = { days = "daily", at = "10:00", zone = "UTC" }\n'
FILES = {
    "schedules/accounts.toml": ACCOUNT,
    "schedules/daily.toml": f'{DAILY}pick.tags = ["kites"]\n',
    "corpus/kites/first.md": "+++\n+++\nText.",
    "corpus/kites/tonight.md": "+++\n+++\nTonight.",
    "corpus/bulk.jsonl": '{"id": "a", "parts": [{"text": "A."}]}\n{"id": "b", "parts": [{"text": "Tonight."}]}\n',
}
CLAIM = 'claim: "Tonight" is true on some days only; word it for any day, or use = "dated" or "hold"'


def project(root: Path, **changes: str | None) -> Path:
    """A project on disk; what is changed to None is left out, and `__` in a name is a slash."""
    for name, text in {**FILES, **{name.replace("__", "/"): text for name, text in changes.items()}}.items():
        if text is not None:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    return root


def told(root: Path) -> list[str]:
    return [str(problem) for problem in problems_of(root)]


@pytest.mark.parametrize("start", [".", "corpus", "corpus/kites", "schedules"])
def test_the_project_is_the_nearest_folder_upward_with_schedules(tmp_path: Path, start: str) -> None:
    root = project(tmp_path)

    assert find_root(root / start) == root


def test_where_there_is_no_project_the_call_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCall) as caught:
        find_root(tmp_path)

    assert str(caught.value) == (
        f"no project here: neither {tmp_path} nor a folder above it has schedules/; "
        "begin one with `redletter init DIR`"
    )


def test_a_post_with_a_fault_is_told_and_kept_out_of_every_plan(tmp_path: Path) -> None:
    found, problems = read_project(project(tmp_path))

    assert [str(problem) for problem in problems] == [
        f"corpus/bulk.jsonl:2: {CLAIM}",
        f"corpus/kites/tonight.md:3: {CLAIM}",
    ]
    assert {post.id for post in found.corpus.posts} == {"a", "b", "kites/first", "kites/tonight"}
    assert {post.id for post in found.corpus.ready} == {"a", "kites/first"}
    assert [entry.name for entry in found.schedules.entries] == ["daily"]


def test_a_picture_that_is_missing_keeps_its_post_out_too(tmp_path: Path) -> None:
    text = '+++\ntags = []\nmedia = [{ file = "a.png", alt = "A" }]\n+++\nText.'

    found, problems = read_project(project(tmp_path, **{"corpus__kites__first.md": text}))

    assert str(problems[1]) == "corpus/kites/first.md:3: media: there is no file corpus/kites/a.png"
    assert {post.id for post in found.corpus.ready} == {"a"}


def test_a_broken_post_stops_no_schedule_that_asks_for_it(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        **{"corpus__kites__first.md": "+++\ntags = 5\n+++\nText.", "corpus__kites__tonight.md": None,
           "schedules__daily.toml": f'{DAILY}pick.posts = ["kites/first"]\n'},
    )  # fmt: skip

    found, problems = read_project(root)

    assert [entry.name for entry in found.schedules.entries] == ["daily"]
    assert [problem.code for problem in problems] == ["claim", "bad-value"]


def test_where_schedules_are_wrong_nothing_is_planned_and_all_is_told(tmp_path: Path) -> None:
    root = project(tmp_path, **{"schedules__daily.toml": f'{DAILY}pick.tags = ["boats"]\ngrace = "x"\n'})

    with pytest.raises(Problems) as caught:
        read_project(root)

    assert [str(problem).partition(": ")[0] for problem in caught.value.problems] == [
        "corpus/bulk.jsonl:2", "corpus/kites/tonight.md:3", "schedules/daily.toml:4", "schedules/daily.toml:5"
    ]  # fmt: skip
    assert told(root) == str(caught.value).splitlines()


def test_what_a_broken_file_would_have_named_is_not_called_unknown(tmp_path: Path) -> None:
    text = '+++\nevent = "flight"\n+++\nWith {@robot}.'
    broken = '[[event]]\nid = "flight"\n[mention.robot\n'

    with_events = project(tmp_path, **{"corpus__kites__tonight.md": text, "schedules__events.toml": broken})

    assert [problem.partition(": ")[0] for problem in told(with_events)] == [
        "corpus/bulk.jsonl:2", "schedules/events.toml:3"
    ]  # fmt: skip


def test_a_fault_is_told_on_its_own_line(tmp_path: Path) -> None:
    text = '+++\nlang = "en"\nevent = "nope"\n+++\n\nFirst.\nSecond {@nobody}.\n\n---\n\nThird.\nJoin us.\n'

    problems = told(project(tmp_path, **{"corpus__kites__tonight.md": text}))

    assert [problem.split(": ")[0].rpartition(":")[2] for problem in problems[1:]] == ["3", "7", "12"]


def test_a_project_is_named_by_the_content_of_its_files(tmp_path: Path) -> None:
    first = files_digest(project(tmp_path))

    digests = [files_digest(project(tmp_path, **change)) for change in (
        {}, {"corpus__kites__first.md": "+++\n+++\nText!"}, {"schedules__more.toml": ""}, {"corpus__more.md": ""},
        {"corpus__notes.txt": "not ours"},
    )]  # fmt: skip

    assert digests[0] == first
    assert len(set(digests[:4])) == 4
    assert digests[4] == digests[3]


def test_a_file_whose_name_is_no_text_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    root = project(tmp_path, **{"corpus__caf\udce9.md": "+++\n+++\nText."})

    found, problems = read_project(root)

    assert found.digest
    assert "corpus/caf\\udce9.md" in {problem.file for problem in problems}


@pytest.mark.parametrize(
    "change",
    [{"corpus__kites__first.md": "+++\n+++\nLonger."}, {"schedules__more.toml": ""}, {"corpus__b.md": ""}],
)
def test_any_change_gives_the_folder_another_stamp(tmp_path: Path, change: dict[str, str]) -> None:
    before = [files_stamp(project(tmp_path)), files_stamp(tmp_path)]

    for name, text in change.items():
        (tmp_path / name.replace("__", "/")).write_text(text)

    assert before[0] == before[1] != files_stamp(tmp_path)


OTHERS = '[account.tower]\nnetwork = "mastodon"\nurl = "https://tower.example"\n'
LONG = f"+++\nposted = 2021-04-19\nuse = 'dated'\n+++\n{'a' * 300}"


def test_a_post_is_held_to_the_accounts_that_can_come_to_show_it(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        **{"schedules__accounts.toml": ACCOUNT + OTHERS, "corpus__kites__tonight.md": None,
           "corpus__bulk.jsonl": None, "corpus__long__one.md": LONG.replace("use = 'dated'", "")},
    )  # fmt: skip
    tall = f'{DAILY.replace("daily", "tall", 1)}pick.tags = ["long"]\naccounts = ["tower"]\n'
    only = f'{DAILY}pick.tags = ["kites"]\naccounts = ["mars"]\n'

    (root / "schedules/daily.toml").write_text(only + tall)
    fitting = told(root)
    (root / "schedules/daily.toml").write_text(only + tall.replace('"tower"', '"mars"'))
    too_long = told(root)

    assert fitting == []
    assert [problem.partition(";")[0] for problem in too_long] == [
        "corpus/long/one.md:5: too-long: the text is 300 long on mars, where 280 fit"
    ]


def test_no_slot_is_made_for_a_post_that_is_left_out(tmp_path: Path) -> None:
    yearly = (
        '[[schedule]]\nname = "then"\ntrigger.on_this_day = { at = "10:00", zone = "UTC" }\n'
        'frame = "Then: {{ text }}"\n'
    )
    root = project(tmp_path, **{"schedules__then.toml": yearly, "corpus__kites__long.md": LONG})
    april = Window(instant_of(datetime(2027, 4, 1, tzinfo=UTC)), instant_of(datetime(2027, 5, 1, tzinfo=UTC)))

    found, _ = read_project(root)
    (root / "corpus/kites/long.md").write_text(LONG.replace("a" * 200, ""))
    mended, _ = read_project(root)

    assert [len(list(each.schedules.by_name["then"].trigger.times(april))) for each in (found, mended)] == [
        0,
        1,
    ]


def test_a_quote_by_address_stands_where_its_network_is_named(tmp_path: Path) -> None:
    quoting = '+++\ntags = []\nquote = { x = "https://x.com/a", blusky = "at://b" }\n+++\nText.'
    root = project(
        tmp_path,
        **{"corpus__kites__first.md": quoting, "corpus__kites__tonight.md": None, "corpus__bulk.jsonl": None},
    )

    assert [problem.partition("; ")[0] for problem in told(root)] == [
        "corpus/kites/first.md:3: quote: quote.x: 'https://x.com/a' is no post's address there",
        "corpus/kites/first.md:3: unknown-network: quote: no network called 'blusky'",
    ]
