"""Daemons that are killed, halted, raced and cut off from power, and what their servers have in the end.

`python -m tests.kills` does the same with other numbers, and `make soak N=10000` with large ones.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from bot.delivery.steps import STEPS
from tests.fakes.wall import KINDS
from tests.kills.servers import REPOSITORY

#: What a daemon never comes to on a server that cannot be asked what it has.
LOOKS = {"looked", "found", "cleared"}
#: Nothing goes wrong but what the posts say themselves.
CALM = ("--before", "0", "--after", "0")


def fought(*words: str) -> Mapping[str, Any]:
    """What came of a campaign on one server, in processes of its own: whoever forks may have no threads."""
    kept = {name: word for name, word in os.environ.items() if not name.startswith(("COV", "REDLETTER_"))}  # noqa: TID251 - a child's
    done = subprocess.run(
        [sys.executable, "-m", "tests.kills", *words, "--seed", "1", "--jobs", "1", "--json"],
        cwd=REPOSITORY,
        env=kept,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [found] = json.loads(done.stdout)
    assert found["breaches"] == []
    return dict(found)


@pytest.mark.parametrize("kind", KINDS)
def test_kills_at_random_double_nothing_and_lose_nothing(kind: str) -> None:
    found = fought("80", "--on", kind, "--late", "0.01")

    assert found["kills"] == 80
    assert found["parts"] > 80, "they were killed while they worked"


@pytest.mark.parametrize("kind", KINDS)
def test_a_kill_at_any_step_doubles_nothing_and_loses_nothing(kind: str) -> None:
    found = fought("--how", "steps", "--on", kind, *CALM)

    assert found["steps"] == sorted(set(STEPS) - (LOOKS if kind == "deaf" else set()))


def test_kills_on_x_double_nothing_and_lose_nothing() -> None:
    found = fought("15", "--on", "x")

    assert found["kills"] == 15


def test_a_thread_on_mastodon_goes_on_where_its_daemon_died() -> None:
    found = fought("--how", "steps", "--on", "mastodon", *CALM)

    assert "went on" in found["steps"]


def test_a_thread_on_bluesky_is_never_half() -> None:
    found = fought("--how", "steps", "--on", "bluesky", *CALM)

    assert {"claimed", "about to ask", "answered"} <= set(found["steps"])


def test_daemons_that_race_for_one_queue_post_each_thing_once() -> None:
    found = fought("40", "--on", "read", "--daemons", "2")

    assert found["kills"] == 40


@pytest.mark.parametrize("kind", ["keyed", "read"])
def test_a_daemon_that_slept_past_its_claim_does_not_post_what_another_has(kind: str) -> None:
    found = fought("--how", "halts", "--on", kind, *CALM)

    assert found["kills"] > 5, "others had taken over"


def test_power_that_fails_takes_nothing_that_was_committed() -> None:
    found = fought("150", "--how", "cuts", "--on", "read", *CALM)

    assert found["kills"] == 150
