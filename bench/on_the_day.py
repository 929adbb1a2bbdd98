"""How well texts that are untrue where and when they are said are told from those that are true.

    python bench/on_the_day.py [SAID.jsonl] [--list]

Each line of the file is an object with `text`, `at` (the instant of the slot, in UTC), `verdict` ("true" or "false",
as a careful editor finds it), and `event`: the id of one of this folder's events; for what is not among them an object
with `title`, `at` and, as far as they matter, `until`, `zone` or `sky`; or null, for a text that may be said on any
day. Without a file it is the project's own. What only somebody who knows the world can call untrue stands among them.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from tests.said import OWN, judged

REFUSED, LET_OUT = 0.7, 0.9


def main() -> None:
    """Print the table; exit status 1 where the promise is not kept."""
    parser = argparse.ArgumentParser(description="How well untrue texts are told from true ones.")
    parser.add_argument("file", nargs="?", type=Path, default=OWN)
    parser.add_argument("--list", action="store_true", help="list what was judged otherwise")
    options = parser.parse_args()
    said = list(judged(options.file))
    if options.list:
        for each in said:
            if each.is_true == bool(each.why):
                print(f"{each.why or 'let out'}: {each.text}")
    found = Counter((each.is_true, each.why is None) for each in said)
    kept = [
        _row("untrue, and refused", found[False, False], found[False, True], least=REFUSED),
        _row("true, and let out", found[True, True], found[True, False], least=LET_OUT),
    ]
    print("kept" if all(kept) else "NOT KEPT")
    sys.exit(not all(kept))


def _row(name: str, count: int, others: int, *, least: float) -> bool:
    share = count / max(count + others, 1)
    print(f"{name:24}{count:5} of {count + others:4}{share:8.1%}   at least {least:.0%}")
    return share >= least


if __name__ == "__main__":
    main()
