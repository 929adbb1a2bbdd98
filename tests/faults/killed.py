"""Rows 1 to 5, 12, 13 and 19: daemons that are killed, halted, or lose their power, as `python -m tests.kills` has them."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.faults.rows import Outcome, Run, Told

_REPOSITORY = Path(__file__).parents[2]


def killed(*words: str, on: Sequence[str], counted: bool = True) -> Run:
    """A campaign on these servers; with `counted`, so many kills are shared out among them."""

    def put(size: int, seed: int, told: Told) -> Outcome:
        number = max(1, size // len(on)) if counted else 1
        servers = [word for name in on for word in ("--on", name)]
        asked = [
            sys.executable,
            "-m",
            "tests.kills",
            str(number),
            *words,
            *servers,
            "--seed",
            str(seed),
            "--json",
        ]
        done = subprocess.run(asked, cwd=_REPOSITORY, capture_output=True, text=True, check=False)
        if not done.stdout:
            raise RuntimeError(f"the campaign ended with {done.returncode}: {done.stderr[-300:]}")
        told(size)
        return _outcome(json.loads(done.stdout))

    return Run(put)


def _outcome(found: list[dict[str, Any]]) -> Outcome:
    breaches = tuple(f"{each['on']}: {breach}" for each in found for breach in each["breaches"])
    notes = [f"{each['on']}: {_posts(each)}" for each in found]
    return Outcome(sum(each["kills"] for each in found), breaches, ", ".join(notes))


def _posts(each: dict[str, Any]) -> str:
    unknown = f", {each['unknown']} unknown" if each["unknown"] else ""
    return f"{each['posts']:,} posts{unknown}"
