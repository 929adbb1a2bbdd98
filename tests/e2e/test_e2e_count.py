"""`redletter count`, as people and programs call it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TEXT = "Opportunity drove on. 👩‍👩‍👧 mars.nasa.gov"


def call(folder: Path, *words: str, piped: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Call the command where there is no project."""
    command = [sys.executable, "-m", "bot", "count", *words]
    root = Path(__file__).parent.parent.parent
    environment = {**os.environ, "PYTHONPATH": f"{root}:{folder}"}  # noqa: TID251 - what a shell would hand on
    return subprocess.run(
        command,
        input=piped or b"",
        capture_output=True,
        cwd=folder,
        env=environment,
        check=False,
        timeout=120,
    )


def data(folder: Path, *words: str) -> Any:
    return json.loads(call(folder, "--json", *words).stdout)


def test_every_network_with_a_limit_is_told_ours_first(tmp_path: Path) -> None:
    found = data(tmp_path, TEXT)

    assert found == {
        "x": {"length": 48, "limit": 280},
        "mastodon": {"length": 37, "limit": 500},
        "bluesky": {"length": 37, "limit": 300, "bytes": 54, "bytes_limit": 3_000},
    }


def test_networks_can_be_named_even_those_without_a_limit(tmp_path: Path) -> None:
    found = data(tmp_path, TEXT, "--network", "dry-run", "--network", "x")

    assert found == {"dry-run": {"length": 41, "limit": None}, "x": {"length": 48, "limit": 280}}


@pytest.mark.parametrize("words", [(), ("-",)])
def test_what_is_piped_in_is_counted_without_the_space_around_it(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    found = call(tmp_path, *words, piped=b"\n Mars \n")

    assert found.stdout.decode().splitlines() == [
        "✓ x         4 of 280",
        "✓ mastodon  4 of 500",
        "✓ bluesky   4 of 300, 4 of 3000 bytes",
    ]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("a" * 280,), 0),
        (("a" * 400,), 0),
        (("a" * 501,), 1),
        (("a" * 400, "--network", "mastodon"), 0),
        (("a" * 400, "--network", "mastodon", "--network", "x"), 1),
        (("👩‍👩‍👧" * 200, "--network", "bluesky"), 1),
    ],
)
def test_the_status_tells_whether_it_fits(tmp_path: Path, words: tuple[str, ...], status: int) -> None:
    assert call(tmp_path, *words).returncode == status


def test_the_parts_of_what_is_too_long_are_shown(tmp_path: Path) -> None:
    text = "One word after another. " * 14

    found = call(tmp_path, "--network", "x", "--split", text).stdout.decode()

    half = ("One word after another. " * 7).strip()
    assert found == f"✗ x  335 of 280\n\n[1/2]\n{half}\n\n[2/2]\n{half}\n\n"


def test_programs_get_the_parts_numbered(tmp_path: Path) -> None:
    found = data(tmp_path, "--network", "x", "--numbered", "word " * 100)

    assert [part[-3:] for part in found["x"]["parts"]] == ["1/2", "2/2"]


def test_a_word_that_cannot_be_split_is_told_beside(tmp_path: Path) -> None:
    found = call(tmp_path, "--network", "x", "--split", "--json", "a" * 281)

    assert b"is 281 long, where 280 fit, and is never cut" in found.stderr
    assert json.loads(found.stdout)["x"]["parts"] == ["a" * 281]


def test_a_network_that_nobody_knows_is_told(tmp_path: Path) -> None:
    found = call(tmp_path, "--network", "mastodo", "Mars")

    assert found.returncode == 2
    assert b"no network called 'mastodo'; did you mean \"mastodon\"?" in found.stderr
    assert b"there are dry-run, x" in call(tmp_path, "--network", "qqq", "Mars").stderr


def test_a_network_whose_package_is_broken_hides_no_other(tmp_path: Path) -> None:
    about = tmp_path / "broken-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[redletter.publishers]\nbroken = nowhere:Nothing\n")

    every, asked = call(tmp_path, "--json", "Mars"), call(tmp_path, "--network", "broken", "Mars")

    assert list(json.loads(every.stdout)) == ["x", "mastodon", "bluesky"]
    assert b'the plugin "broken" (nowhere:Nothing) does not load' in every.stderr
    assert (every.returncode, asked.returncode) == (0, 2)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    found = call(tmp_path, piped=b"\xff\xfe")

    assert found.returncode == 2
    assert b"what was piped in is not UTF-8 at byte 0" in found.stderr


def test_a_terminal_shows_green_and_red(tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "bot", "count", "a" * 400, "--network", "x", "--network", "mastodon"]
    root = Path(__file__).parent.parent.parent
    environment = {**os.environ, "PYTHONPATH": str(root), "TERM": "xterm"}  # noqa: TID251 - as above
    subprocess.run(command, stdout=follower, cwd=tmp_path, env=environment, check=False, timeout=120)
    os.close(follower)
    shown = os.read(leader, 4_096).decode()
    os.close(leader)

    assert "\x1b[31m✗ x" in shown
    assert "\x1b[32m✓ mastodon" in shown
