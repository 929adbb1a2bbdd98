"""How much of the machine the tests run: `python -m tests.coverage_floors`, after `pytest --cov`.

Lines and branches count together. Exit status 1 where less is run than is promised.
"""

import io
import sys

import coverage

#: Which files, and how many per cent of them must be run at the least.
FLOORS = {"bot/**": 95, "bot/planning/**": 100, "bot/delivery/**": 100}


def main() -> int:
    """Print how much was run beside what is promised."""
    measured = coverage.Coverage()
    measured.load()
    found = {files: measured.report(include=[files], file=io.StringIO()) for files in FLOORS}
    for files, least in FLOORS.items():
        sign = "✓" if found[files] >= least else "✗"
        print(f"{sign} {files:16}{found[files]:8.2f} % run, {least} % promised")  # noqa: T201 - its purpose
    low = [files for files, least in FLOORS.items() if found[files] < least]
    if low:
        measured.report(include=low, skip_covered=True, show_missing=True)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
