"""Odd surroundings: whatever is broken, full, closed or missing, a person reads a sentence and never a traceback."""

import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import PIPE

import pytest

from bot.__main__ import _tell
from bot.daemon import log, speak
from tests.fakes.projects import COMMAND, Folder, environ, logging_as_it_was, museum

NOW = "2027-03-08T10:30:00Z"
LOOKING = (["status"], ["queue"], ["history"], ["preview"], ["hold", "--list"])
DOING = (["run", "--once"], ["post", "facts/lens"], ["hold", "--reason", "R"])


def database(project: Folder) -> Path:
    return project.root / "state/redletter.db"


def garbage(file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"this is not a database, but letters " * 100)


def torn(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def later(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def foreign(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE songs (title)")


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def kept(file: Path) -> bytes:
    """What is in the file but for SQLite's own first page, which tells how it is locked."""
    return b"" if file.is_dir() else file.read_bytes()[4096:]


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (garbage, "file is not a database; nothing was deleted: mend it or bring back a copy"),
        (torn, "database disk image is malformed; nothing was deleted"),
        (later, "its tables have version 9999, and this program knows them up to"),
        (foreign, "a database of some other program; name another file"),
        (folder, "unable to open database file"),
    ],
)
def test_a_state_that_cannot_be_used_is_named_and_left_alone(
    project: Folder, harm: Callable[[Path], None], message: str
) -> None:
    assert project.at(NOW, "run", "--once").status == 0
    for file in database(project).parent.glob("redletter.db-*"):
        file.unlink()
    harm(database(project))
    before = kept(database(project))

    for words in (*LOOKING, *DOING):
        found = project.at(NOW, *words)

        assert (found.status, found.out) == (1, "")
        assert found.err.startswith(f"redletter: {database(project)}: ")
        assert message in found.err
    assert kept(database(project)) == before


def test_an_empty_database_is_begun(project: Folder) -> None:
    database(project).parent.mkdir()
    database(project).touch()

    assert project.at(NOW, "status").status == 0
    assert project.at(NOW, "run", "--once").status == 0


@pytest.mark.parametrize("state", ["/proc/none", "/dev/null/state"])
def test_a_state_folder_that_cannot_be_made_is_named(project: Folder, state: str) -> None:
    project.write(".env", f"REDLETTER_STATE={state}\n")

    for words in DOING:
        found = project.at(NOW, *words)

        assert (found.status, found.out) == (1, "")
        assert found.err.startswith(f"redletter: {state}/redletter.db: cannot make its folder: ")
    assert {project.at(NOW, *words).status for words in LOOKING} == {0}


def test_an_outbox_that_cannot_be_written_holds_posts_back_and_says_why(project: Folder) -> None:
    (project.root / "state").mkdir()
    (project.root / "state/outbox.jsonl").symlink_to("/dev/full")

    found = project.at(NOW, "post", "facts/lens")

    assert found.status == 1
    assert "cannot write" in found.err
    assert "No space left on device" in found.err
    assert "a running daemon goes on until 2027-03-08T10:40:00Z" in found.err


@pytest.mark.parametrize(
    "words", [["preview"], ["preview", "--json"], ["corpus", "list"], ["--help"], ["check"]]
)
def test_a_full_disk_behind_the_output_is_told_in_a_sentence(project: Folder, words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, *words], cwd=project.root, env=environ(), stdout=full, stderr=PIPE, text=True, check=False,
            timeout=30,
        )  # fmt: skip

    assert (done.returncode, done.stderr) == (1, "redletter: cannot write: No space left on device\n")


@pytest.mark.parametrize(
    "words", [["preview", "--days", "3000"], ["corpus", "list"], ["run", "--time-lapse"]]
)
def test_a_pipe_that_is_closed_early_is_no_news(project: Folder, words: list[str]) -> None:
    for number in range(2000):
        project.post(f"many/{number}", "Words. " * 30) if words[0] == "corpus" else None
    asked = [*COMMAND, *words]

    with subprocess.Popen(
        asked, cwd=project.root, env=environ(), stdout=PIPE, stderr=PIPE, text=True
    ) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        assert command.stdout.readline()
        command.stdout.close()
        said = command.stderr.read()
        command.wait(30)

    assert said == ""


def test_no_output_at_all_is_no_trouble(project: Folder) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *COMMAND, "preview"], cwd=project.root, env=environ(),
        stderr=PIPE, text=True, check=False, timeout=30,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_that_lacks_letters_shows_what_it_can(project: Folder) -> None:
    project.post("facts/lens", "Größe 望遠鏡 🔭")

    found = project.run("--now", NOW, "preview", PYTHONIOENCODING="latin-1:strict", PYTHONUTF8="0")

    assert (found.status, found.err) == (0, "")


@pytest.mark.parametrize("columns", ["20", "80", "200", "0", "x"])
def test_any_width_of_terminal_will_do(project: Folder, columns: str) -> None:
    found = project.run("--now", NOW, "preview", COLUMNS=columns)

    assert (found.status, found.err) == (0, "")
    assert columns != "80" or max(map(len, found.out.splitlines())) <= 80


def test_folders_may_have_spaces_and_umlauts(tmp_path: Path) -> None:
    folder = museum(tmp_path / "Öffentlich & alt" / "mein 100% Archiv")

    assert folder.at(NOW, "run", "--once").status == 0
    assert folder.at(NOW, "history").status == 0
    assert len({line["key"] for line in folder.outbox}) == 1
    assert folder.run("--now", NOW, "status", within="corpus").status == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_project_that_may_only_be_read_can_be_looked_at(project: Folder) -> None:
    (project.root / "state").mkdir()
    (project.root / "state").chmod(0o500)

    looked = [project.at(NOW, *words).status for words in LOOKING]
    done = project.at(NOW, "run", "--once")
    (project.root / "state").chmod(0o700)

    assert looked == [0] * len(LOOKING)
    assert (done.status, "Traceback" in done.err) == (1, False)


def test_a_file_that_cannot_be_read_is_a_problem_among_others(project: Folder) -> None:
    (project.root / "corpus/latin.md").write_bytes("+++\n+++\nGrüße".encode("latin-1"))
    (project.root / "corpus/gone.md").symlink_to("nowhere.md")
    (project.root / "corpus/folder.md").mkdir()

    found = project.call("check")

    assert (found.status, found.err) == (1, "")
    assert "corpus/latin.md:1: encoding: not UTF-8" in found.out
    assert len(found.out.splitlines()) == 1


def test_an_unknown_way_to_log_is_refused(project: Folder) -> None:
    project.write(".env", "REDLETTER_LOG=xml\n")

    found = project.call("status")

    assert (found.status, found.err) == (2, "redletter: REDLETTER_LOG is 'xml'; it can be console or json\n")


def test_no_colour_is_shown_where_none_is_wanted(project: Folder) -> None:
    asked = ["script", "-qec", " ".join([*COMMAND, "--now", NOW, "preview"]), "/dev/null"]

    def shown(**more: str) -> str:
        return subprocess.run(
            asked, cwd=project.root, env=environ(TERM="xterm", **more), capture_output=True, text=True, check=True,
            timeout=30,
        ).stdout  # fmt: skip

    assert "\x1b[" in shown()
    assert "\x1b[" not in shown(NO_COLOR="1")


def test_a_device_can_be_written_to(project: Folder) -> None:
    found = project.run("--now", NOW, "preview", "-o", "/dev/stdout")
    full = project.call("preview", "-o", "/dev/full")

    assert "digest" in found.out
    assert (full.status, "/dev/full: cannot be written: No space left on device" in full.err) == (2, True)
    assert Path("/dev/full").is_char_device()


def test_a_link_is_followed_and_kept(project: Folder, tmp_path: Path) -> None:
    (tmp_path / "page.html").touch()
    (tmp_path / "link.html").symlink_to("page.html")

    assert project.call("preview", "--as", "html", "-o", str(tmp_path / "link.html")).status == 0

    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!doctype html>")


def test_an_env_file_in_another_encoding_is_refused(project: Folder) -> None:
    (project.root / ".env").write_bytes(b"NAME=Gr\xfc\xdfe\n")

    found = project.call("status")

    assert (found.status, "not readable as UTF-8" in found.err) == (2, True)


def test_a_fault_of_our_own_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        _tell(ZeroDivisionError("a fault"))


@pytest.mark.parametrize("style", ["console", "json"])
def test_a_fault_in_a_turn_is_logged_with_its_place(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a fault")

    with logging_as_it_was():
        speak(style)
        try:
            fail()
        except ZeroDivisionError:
            log.exception("a turn failed")

    said = capsys.readouterr().err
    assert "a turn failed" in said
    assert "test_e2e_trouble.py" in said
    assert "ZeroDivisionError: a fault" in said
