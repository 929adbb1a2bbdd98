"""README.md and its sisters show commands; each of them does what it says, in a copy of this project."""

import re
import shlex
from pathlib import Path

import pytest

from bot.cli import COMMANDS
from tests.fakes.projects import REPOSITORY, Folder, ours

PAGES = [REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md") if (REPOSITORY / name).exists()]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_CALL = re.compile(r"^(?:\$ )?redletter (?P<words>[^#\n]+)", re.MULTILINE)
#: Those that go on until they are stopped; other tests start and stop them.
ENDLESS = {"run", "web"}


def shown() -> list[str]:
    """Every call of the command in a block of code, in the order in which a reader meets them."""
    blocks = [block for page in PAGES for block in _BLOCK.findall(page.read_text("utf-8"))]
    calls = [_CALL.finditer(text) for language, text in blocks if language in {"", "console", "sh", "bash"}]
    return [found["words"].strip() for each in calls for found in each]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A copy of this project that has begun to run, as a reader's has."""
    folder = ours(tmp_path_factory.mktemp("copy"))
    assert folder.call("run", "--once").status == 0
    return folder


@pytest.mark.parametrize("line", [line for line in shown() if line not in ENDLESS])
def test_a_command_that_is_shown_works(copy: Folder, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copy.root)

    found = copy.call(*shlex.split(line))

    assert found.status == 0, found.err


def test_the_calendar_that_is_shown_is_the_one_that_is_printed(tmp_path: Path) -> None:
    words = "--now 2027-01-26 preview --to 2027-01-29"
    page = (REPOSITORY / "README.md").read_text("utf-8")

    printed = ours(tmp_path).call(*words.split()).out

    assert words in page
    assert printed.rpartition("\n\n")[0] + "\n```" in page, f"put into README.md:\n{printed}"


def test_commands_are_shown_at_all() -> None:
    assert {"preview", "check", "post", "queue"} <= {line.split()[0] for line in shown()}


def test_what_is_named_in_the_text_is_a_command() -> None:
    named = {word for page in PAGES for word in re.findall(r"`redletter ([a-z]+)", page.read_text("utf-8"))}

    assert named <= set(COMMANDS)


def test_no_page_shows_a_file_that_is_not_there() -> None:
    for page in PAGES:
        for link in re.findall(r"\]\(([\w./-]+)\)", page.read_text("utf-8")):
            assert (Path(page).parent / link).exists(), link
