"""The fault matrix: `python -m tests.faults [--rows 6,8] [--size ci|full|N] [--write]`.

Every row puts one fault to the bot by real means and prints what came of it, as one Markdown table. Exit status 1
where anything was lost, doubled, early, shown wrong or told to nobody.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from secrets import randbelow

from rich.console import Console

from tests.faults.beside import tried
from tests.faults.matrix import ROWS
from tests.faults.rows import Row, table, wanted, written

PAGE = Path(__file__).parents[2] / "docs/delivery.md"
_SHOWN = 20  #: breaches of a row


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the rows beside each other, and print the table."""
    options = _options(arguments)
    rows = wanted(ROWS, options.rows)
    console = Console(stderr=True)
    console.print(f"seed {options.seed}, {options.jobs} rows at a time", highlight=False)
    sizes = {row.number: size_of(row, options.size) for row in rows}
    results = tried(rows, sizes, seed=options.seed, jobs=options.jobs, console=console)
    for row, outcome in results:
        for breach in outcome.breaches[:_SHOWN]:
            console.print(f"row {row.number}: {breach}", highlight=False, markup=False, soft_wrap=True)
    made = table(results)
    print(made)  # noqa: T201 - its purpose
    if options.write:
        PAGE.write_text(written(PAGE.read_text("utf-8"), made), "utf-8")
    return 1 if any(outcome.breaches for _, outcome in results) else 0


def size_of(row: Row, size: str) -> int:
    """How often a row is tried; ValueError where that is no size."""
    return {"ci": row.few, "full": row.many}.get(size) or int(size)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rows", type=_numbers, default=(), help="which, such as 6,8; all")
    parser.add_argument("--size", default="full", help="ci, full, or how often each row is tried; full")
    parser.add_argument("--seed", type=int, default=randbelow(1_000_000))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="rows at a time")
    parser.add_argument("--write", action="store_true", help="put the table into docs/delivery.md")
    return parser.parse_args(arguments)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


if __name__ == "__main__":
    sys.exit(main())
