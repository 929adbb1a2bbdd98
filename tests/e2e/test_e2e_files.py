"""Files: projects begun, checked, looked into and filled; accounts and plugins told."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pytest_httpserver import HTTPServer

from bot.cli.links import addresses
from bot.plugins import OURS, PUBLISHERS, load
from bot.project import read_project
from bot.settings import VARIABLES
from tests.fakes.projects import REPOSITORY, Folder, ours

PAGE = REPOSITORY / "tests/data/x_page/harbour.txt"


def test_a_first_project_is_whole_and_shows_life(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "first one")

    made = folder.call("init", str(folder.root))
    check = folder.call("check")
    preview = folder.call("preview", "--json").data
    year = folder.at("2027-01-01", "preview", "--days", "365", "--json").data

    assert (made.status, check.status) == (0, 0)
    assert f"  cd {folder.root}\n" in made.out
    assert check.out == "All is well: 12 posts, 4 events, 4 schedules, 1 account.\n"
    assert len(preview["posts"]) >= 8
    assert {"anniversaries", "remembrance", "museum-day", "mornings"} == {
        each["slot"]["schedule"] for each in year["posts"]
    }
    assert {"quiet day: caroline-herschel"} == {
        gap["reason"] for gap in folder.at("2026-01-01", "preview", "--days", "30", "--json").data["gaps"]
    }
    assert {path.name for path in folder.root.iterdir()} == {
        ".env.example", ".gitignore", "README.md", "corpus", "schedules", "state",
    }  # fmt: skip


def test_each_anniversary_of_the_first_project_is_worded_in_turn(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "first")
    assert folder.call("init", str(folder.root)).status == 0
    assert folder.call("run", "--time-lapse", "--from", "2027-03-13", "--to", "2027-03-14").status == 0

    found = folder.at("2027-03-14", "preview", "--from", "2028-03-13", "--days", "1", "--json").data["posts"]

    texts = [
        *folder.texts,
        *(part["text"] for each in found for shown in each["renditions"] for part in shown["parts"]),
    ]
    anniversaries = [text for text in texts if "years ago today" in text]
    assert [text.partition(" years")[0] for text in anniversaries] == [
        "Two hundred and forty-six", "Two hundred and forty-seven",
    ]  # fmt: skip
    assert len({text.partition(": ")[2] for text in anniversaries}) == 2


@pytest.mark.parametrize(
    ("network", "prefix"),
    [("x", "MUSEUM_X"), ("mastodon", "MUSEUM_MASTODON"), ("bluesky", "MUSEUM_BLUESKY"), ("webhook", "MUSEUM_WALL")],
)  # fmt: skip
def test_the_first_project_names_what_each_network_wants_and_no_more(network: str, prefix: str) -> None:
    example = (REPOSITORY / "bot/starter/.env.example").read_text("utf-8")

    named = re.findall(rf"^# {prefix}_(\w+)=$", example, re.MULTILINE)

    assert named == list(load(PUBLISHERS, network).secrets)


def test_the_first_project_names_every_variable_that_can_be_set() -> None:
    example = (REPOSITORY / "bot/starter/.env.example").read_text("utf-8")
    networks = set(re.findall(r"^# (MUSEUM_[A-Z]+?)_\w+=", example, re.MULTILINE))

    assert set(re.findall(r"^# (REDLETTER_\w+)=", example, re.MULTILINE)) == set(VARIABLES)
    assert len(networks) == len([name for name in OURS[PUBLISHERS] if load(PUBLISHERS, name).secrets])
    assert dotenv_values(stream=StringIO(example)) == {}


def test_the_first_project_names_every_network() -> None:
    accounts = (REPOSITORY / "bot/starter/schedules/accounts.toml").read_text("utf-8")
    readme = (REPOSITORY / "bot/starter/README.md").read_text("utf-8").lower()

    for name in OURS[PUBLISHERS]:
        assert f'"{name}"' in accounts, name
        assert name == "dry-run" or name in readme, name


@pytest.mark.parametrize("name", [".", "corpus", "schedules/events.toml"])
def test_a_project_is_not_begun_over_what_is_there(project: Folder, name: str) -> None:
    found = project.call("init", str(project.root / name))

    assert found.status == 2
    assert "is there already and not empty; name a new folder" in found.err


def test_the_repository_own_files_are_well(tmp_path: Path) -> None:
    found = ours(tmp_path / "ours").call("check")

    assert (found.status, found.err) == (0, "")
    assert found.out.startswith("All is well: ")


def test_a_schedule_without_words_is_a_warning(project: Folder) -> None:
    project.post("later/lens", "A lens waits for its case.", 'use = "hold"')
    project.write(
        "schedules/mute.toml",
        '[[schedule]]\nname = "mute"\ntrigger.slots = { days = "mon-fri", zone = "UTC", at = ["09:00"] }\naccounts = ["museum"]\n'
        'pick.tags = ["later"]\n',
    )

    found = project.call("check")
    warnings = project.call("check", "--json").data["warnings"]

    assert found.out.startswith("All is well: ")
    assert found.status == 0
    assert [(each["file"], each["line"]) for each in warnings] == [("schedules/mute.toml", 1)]
    assert all(each["message"] in found.err for each in warnings)


def test_every_problem_is_told_with_file_line_and_code(project: Folder) -> None:
    project.post("facts/lens", "A picture.", 'media = [{ file = "none.png", alt = "None" }]')
    project.post("days/loss", "We remember!", 'event = "los"\ntone = "remembrance"')
    project.write("corpus/torn.md", "+++\ntags = [\n+++\n")
    project.write(
        "schedules/odd.toml",
        '[[schedule]]\nname = "odd"\ntrigger.slots = { at = ["25:00"] }\naccounts = ["museum"]\n',
    )

    found = project.call("check")
    problems = project.call("check", "--json").data["problems"]
    preview = project.call("preview")

    assert (found.status, found.err) == (1, "")
    assert found.out.splitlines() == [
        f"{p['file']}:{p['line']}: {p['code']}: {p['message']}" for p in problems
    ]
    places = {(problem["file"], problem["line"], problem["code"]) for problem in problems}
    assert {
        ("corpus/facts/lens.md", 2, "media"),
        ("corpus/days/loss.md", 2, "unknown-event"),
        ("corpus/days/loss.md", 5, "tact"),
        ("corpus/torn.md", 2, "toml"),
        ("schedules/odd.toml", 3, "bad-value"),
    } <= places
    assert 'did you mean "loss"?' in found.out
    assert (preview.status, preview.out) == (2, "")
    assert "schedules/odd.toml:3: bad-value:" in preview.err


def test_a_faulty_post_is_left_out_and_said_to_be(project: Folder) -> None:
    project.post("facts/lens", "x" * 281)

    found = project.at("2027-03-01", "preview", "--days", "14")

    assert found.status == 0
    assert "xxx" not in found.out
    assert (
        "left out what is wrong in 1 file; `redletter check` tells all: corpus/facts/lens.md:4: too-long"
        in found.err
    )


@pytest.mark.parametrize(
    ("words", "is_said"),
    [
        (["preview"], True),
        (["run", "--once"], True),
        (["post", "facts/leap"], True),
        (["hold", "--reason", "A pause"], False),
        (["release"], False),
        (["corpus", "list"], False),
        (["accounts", "list"], False),
        (["status"], False),
        (["check"], False),
    ],
)
def test_what_is_left_out_is_said_where_posts_are_made_or_shown(
    project: Folder, words: list[str], *, is_said: bool
) -> None:
    project.post("facts/lens", "x" * 281)

    found = project.at("2027-03-01T12:00:00Z", *words)

    assert ("left out" in found.err) is is_said


def test_the_corpus_is_listed_searched_shown_and_counted(project: Folder) -> None:
    listed = project.call("corpus", "list", "--tag", "facts")
    held = project.call("corpus", "list", "--use", "hold")
    found = project.call("corpus", "search", "LIGHT", "lens", "--json").data["posts"]
    shown = project.call("corpus", "show", "facts/thread")
    whole = project.call("corpus", "show", "facts/thread", "--json").data
    counted = project.call("corpus")

    assert [line.split()[0] for line in listed.out.splitlines()] == sorted(
        ["facts/leap", "facts/lens", "facts/mirror", "facts/thread"]
    )
    assert (listed.err, held.err, held.out) == ("4 posts\n", "0 posts\n", "")
    assert [each["id"] for each in found] == ["facts/lens"]
    assert "facts/thread  (corpus/facts/thread.md:4)" in shown.out
    assert "\nThey need half an hour in the dark.\n" in shown.out
    assert len(whole["parts"]) == 3
    assert counted.out.startswith("6 posts\n   use  evergreen 5, dated 1\n")
    assert project.call("corpus", "stats", "--json").data["use"] == {"evergreen": 5, "dated": 1}


def test_what_the_corpus_lacks_is_said(project: Folder) -> None:
    post = project.call("corpus", "show", "facts/len")
    tag = project.call("corpus", "list", "--tag", "fact")

    assert (post.status, tag.status) == (2, 2)
    assert "no post called 'facts/len'; did you mean \"facts/lens\"?" in post.err
    assert "no post has the tag 'fact'; did you mean \"facts\"?" in tag.err


def test_a_page_is_brought_in_once_and_edits_are_kept(project: Folder) -> None:
    brought = project.call(
        "import", str(PAGE), "--as", "x-page", "--into", str(project.root / "corpus/page"), "--json"
    )
    posts = brought.data["posts"]
    edited = Path(next(post["file"] for post in posts if post["use"] == "evergreen"))
    edited.write_text(edited.read_text("utf-8") + "\nOur own words.\n", "utf-8")

    again = project.call(
        "import", str(PAGE), "--as", "x-page", "--into", str(project.root / "corpus/page"), "--json"
    )
    report = project.call("import", str(PAGE), "--as", "x-page", "--into", str(project.root / "corpus/page"))

    assert brought.status == again.status == report.status == 0
    assert {post["fate"] for post in posts} == {"written"}
    assert {"id", "first_line", "last_line", "parts", "quote", "hashtags", "links", "use", "reasons"} <= set(
        posts[0]
    )
    assert all(1 <= post["first_line"] <= post["last_line"] for post in posts)
    fates = {Path(post["file"]): post["fate"] for post in again.data["posts"]}
    assert fates.pop(edited) == "kept"
    assert set(fates.values()) == {"unchanged"}
    assert edited.read_text("utf-8").endswith("Our own words.\n")
    assert f"{len(posts)} posts in {project.root / 'corpus/page'}: " in report.out
    assert "files: " in report.out
    assert project.call("check").status == 0, project.call("check").out
    assert not list(project.root.rglob("*.half"))


def test_an_edit_that_was_saved_in_another_encoding_is_kept_too(project: Folder) -> None:
    words = ("import", str(PAGE), "--as", "x-page", "--into", str(project.root / "corpus/page"), "--json")
    edited = Path(project.call(*words).data["posts"][0]["file"])
    edited.write_bytes("Höhe".encode("latin-1"))

    again = project.call(*words)

    assert (again.status, again.data["posts"][0]["fate"]) == (0, "kept")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["page.txt"], "say what the files are with --as; known are x-page"),
        (["page.txt", "--as", "x-pag"], "no importer called 'x-pag'; did you mean \"x-page\"?"),
        (["none.txt", "--as", "x-page"], "there is no file none.txt"),
        (["/", "--as", "x-page"], "/: cannot be read: Is a directory"),
    ],
)
def test_what_cannot_be_brought_in_is_said(project: Folder, words: list[str], message: str) -> None:
    found = project.call("import", *words)

    assert found.status == 2
    assert message in found.err


def test_a_file_of_another_kind_is_refused_with_its_name(project: Folder, tmp_path: Path) -> None:
    (tmp_path / "page.bin").write_bytes(bytes(range(256)))

    found = project.call("import", str(tmp_path / "page.bin"), "--as", "x-page")

    assert found.status == 2
    assert found.err.startswith(f"redletter: {tmp_path / 'page.bin'}: ")


def test_an_account_on_no_network_is_listed_as_a_dry_run_and_no_more(project: Folder) -> None:
    project.write("schedules/accounts.toml", '[account.museum]\nnetwork = "dry-run"\n')

    found = project.call("accounts", "list")

    assert found.out == "museum  dry run\n"


def test_accounts_say_which_variables_are_set_and_never_what_is_in_them(project: Folder) -> None:
    project.write(".env", "MUSEUM_X_CONSUMER_KEY=canary\n")

    found = project.call("accounts")
    listed = project.call("accounts", "list", "--json").data["accounts"]
    check = project.call("accounts", "check")

    assert (
        "museum  x, dry run\n  MUSEUM_X_CONSUMER_KEY is set\n  MUSEUM_X_CONSUMER_SECRET is not set\n"
        in found.out
    )
    assert listed[0]["variables"]["MUSEUM_X_CONSUMER_KEY"] is True
    assert "canary" not in found.out + json.dumps(listed)
    assert check.out == "✓ museum: dry run: nothing is published\n"


def test_plugins_are_listed_by_what_they_are(project: Folder) -> None:
    found = project.call("plugins")
    data = project.call("plugins", "--json").data

    assert "publishers\n  dry-run       bot.publishers.dry_run:DryRun\n" in found.out
    assert set(data) == {"triggers", "importers", "publishers"}
    assert {"anniversary", "on_this_day", "slots", "dates"} <= set(data["triggers"])


@pytest.fixture
def web(httpserver: HTTPServer) -> HTTPServer:
    """A web with a page, a page for people only, one that knows no HEAD, and nothing else."""
    httpserver.expect_request("/there").respond_with_data("here")
    httpserver.expect_request("/shy").respond_with_data("no programs", status=403)
    httpserver.expect_request("/whole", method="GET").respond_with_data("here")
    httpserver.expect_request("/whole", method="HEAD").respond_with_data("", status=405)
    httpserver.expect_request("/höhe").respond_with_data("here")
    httpserver.expect_request("/gone").respond_with_data("gone", status=410)
    return httpserver


def test_links_are_asked_for_when_wanted(project: Folder, web: HTTPServer) -> None:
    for name in ("there", "shy", "whole", "gone", "höhe"):
        project.post(name, f"About {name}.", f'source = "{web.url_for(name)}"')
    events = project.root / "schedules/events.toml"
    events.write_text(
        events.read_text("utf-8")
        + 'sources = ["http://127.0.0.1:9/", "http://127.0.0.1:a/", "no address"]\n',
        "utf-8",
    )

    plain = project.call("check")
    found = project.call("check", "--links")

    assert plain.status == 0
    assert found.status == 1
    assert found.out.splitlines() == [
        f"corpus/gone.md:4: link: {web.url_for('gone')} answers 410",
        "schedules/events.toml:9: link: http://127.0.0.1:9/ does not answer: [Errno 111] Connection refused",
        "schedules/events.toml:9: link: http://127.0.0.1:a/ does not answer: nonnumeric port: 'a'",
    ]


def test_a_link_in_a_text_is_asked_for_as_a_reader_would_follow_it(project: Folder) -> None:
    project.post(
        "links",
        "See museum.org/dome, and https://museum.org/sky?x=1.\n\n---\n\nAnd museum.org/dome again.",
        'text.bluesky = "See museum.org/blue.\\n---\\nAnd no more."',
    )
    read, problems = read_project(project.root)

    found = addresses(read)

    assert problems == ()
    assert {url: len(places) for url, places in found.items()} == {
        "https://museum.org/dome": 2, "https://museum.org/sky?x=1": 1, "https://museum.org/blue": 1,
    }  # fmt: skip
