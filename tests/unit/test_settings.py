"""The environment, read once: `.env`, and the real environment over it."""

from pathlib import Path

import pytest

from bot.errors import BadCall
from bot.settings import Settings, read_settings, wants_colour


def settings(root: Path, dotenv: str | bytes = "", **environ: str) -> Settings:
    (root / ".env").write_bytes(dotenv if isinstance(dotenv, bytes) else dotenv.encode())
    return read_settings(root, environ)


def words(found: Settings, *names: str, prefix: str = "MARS_X") -> dict[str, str]:
    return {name: word.reveal() for name, word in found.secrets(prefix, dict.fromkeys(names, "")).items()}


def test_an_empty_environment_gives_the_usual(tmp_path: Path) -> None:
    found = read_settings(tmp_path, {})

    assert (found.state, found.log) == (tmp_path / "state", "console")
    assert found.database == f"sqlite:///{tmp_path}/state/redletter.db"


def test_what_is_empty_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    found = settings(tmp_path, "REDLETTER_STATE=\nREDLETTER_LOG=\nREDLETTER_DATABASE=\n")

    assert (found.state, found.log) == (tmp_path / "state", "console")
    assert found.database == f"sqlite:///{tmp_path}/state/redletter.db"


@pytest.mark.parametrize(
    ("written", "folder"),
    [("elsewhere", "{root}/elsewhere"), ("/var/lib/redletter", "/var/lib/redletter")],
)
def test_the_state_folder_is_seen_from_the_project(tmp_path: Path, written: str, folder: str) -> None:
    found = settings(tmp_path, REDLETTER_STATE=written)

    folder = folder.format(root=tmp_path)
    assert (str(found.state), found.database) == (folder, f"sqlite:///{folder}/redletter.db")


@pytest.mark.parametrize(
    ("written", "database"),
    [
        ("sqlite:///queue.db", "sqlite:///{root}/queue.db"),
        ("sqlite:////tmp/queue.db", "sqlite:////tmp/queue.db"),
        ("sqlite://", "sqlite://"),
        ("postgresql+psycopg://u:p@host/db", "postgresql+psycopg://u:p@host/db"),
    ],
)
def test_a_database_is_the_same_wherever_a_command_is_called(
    tmp_path: Path, written: str, database: str
) -> None:
    assert settings(tmp_path, REDLETTER_DATABASE=written).database == database.format(root=tmp_path)


def test_the_real_environment_wins_over_the_file(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        "REDLETTER_LOG=json\nMARS_X_A=file\nMARS_X_B=file\n",
        REDLETTER_LOG="console",
        MARS_X_A="real",
    )

    assert found.log == "console"
    assert words(found, "A", "B") == {"A": "real", "B": "file"}


def test_a_log_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCall, match=r"^REDLETTER_LOG is 'xml'; it can be console or json$"):
        settings(tmp_path, "REDLETTER_LOG=xml")


def test_credentials_are_found_by_prefix_and_those_not_set_are_left_out(tmp_path: Path) -> None:
    found = settings(tmp_path, "MARS_X_A=one\nMARS_X_B=\nMARS_X_C\nMOON_X_A=two\n")

    assert words(found, "A", "B", "C", "D") == {"A": "one"}
    assert words(found, "A", prefix="MOON_X") == {"A": "two"}


@pytest.mark.parametrize(
    ("written", "word", "reason"),
    [
        ("MARS_X_A='pass${HOME}word'", "pass${HOME}word", "a password may hold what looks like a variable"),
        ('MARS_X_A="$x#y"', "$x#y", "or like a remark"),
        ("\ufeffMARS_X_A=word", "word", "an editor's byte order mark is no part of a name"),
        ("export MARS_X_A=word\r\n", "word", "shells and other systems are forgiven"),
    ],
)
def test_a_secret_is_read_as_it_is_written(tmp_path: Path, written: str, word: str, reason: str) -> None:
    assert words(settings(tmp_path, written), "A") == {"A": word}, reason


def test_without_a_prefix_a_credential_has_its_own_name_alone(tmp_path: Path) -> None:
    assert words(settings(tmp_path, "A=word"), "A", prefix="") == {"A": "word"}


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    found = settings(tmp_path, "MARS_X_A=open-sesame")

    assert "open-sesame" not in repr(found)
    assert "***" in repr(found.secrets("MARS_X", {"A": ""}))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCall, match=r"\.env: not readable as UTF-8; save it as plain text$"):
        settings(tmp_path, b"MARS_X_A=\xff")


def test_a_folder_called_env_is_no_file(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()

    assert read_settings(tmp_path, {}).log == "console"


def test_without_a_given_environment_the_real_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDLETTER_LOG", "json")

    assert read_settings(tmp_path).log == "json"


@pytest.mark.parametrize(("value", "wanted"), [("", True), ("1", False)])
def test_colour_is_left_out_where_nobody_wants_it(
    value: str, monkeypatch: pytest.MonkeyPatch, *, wanted: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", value)

    assert wants_colour() is wanted
