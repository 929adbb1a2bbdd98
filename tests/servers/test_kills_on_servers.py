"""Daemons that are killed while they post to real servers."""

import subprocess
import sys

import pytest

from tests.kills.servers import REPOSITORY


@pytest.mark.usefixtures("wanted")
@pytest.mark.parametrize(
    "fight",
    ["--how steps --on real-bluesky", "12 --on real-bluesky", "12 --on real-mastodon"],
)
def test_kills_on_a_real_server_double_nothing_and_lose_nothing(fight: str) -> None:
    words = [sys.executable, "-m", "tests.kills", *fight.split(), "--seed", "1", "--jobs", "1", "--json"]

    done = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, timeout=900, check=False)

    assert done.returncode == 0, done.stderr
