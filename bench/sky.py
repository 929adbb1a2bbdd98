"""How long the sky of ten years takes, cold and warm, and whether it is the sky of its peer.

    python bench/sky.py

"Cold" is a process of its own, imports included, as the first plan after a start meets it; "warm" is any later
question. The peer is Astronomy Engine's own search for oppositions, which counts longitudes from the Sun: it is minutes
away from an opposition as it is seen from Earth.
"""

import sys
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from subprocess import run
from time import perf_counter

import astronomy

from bot.sky.ephemeris import KINDS, MOON_MARS, OPPOSITION, Happening, happenings
from bot.sky.viewing import Site, viewing
from bot.zones import DAY

START, END = 1_798_761_600, 2_114_380_800  #: 2027-01-01 up to 2037-01-01
J2000 = 946_728_000
ROUNDS = 5
NEW_YORK = Site(40.7, -74.0, "America/New_York")
COLD = f"""
from bot.sky.ephemeris import happenings
for kind in {KINDS!r}:
    happenings(kind, {START}, {END})
"""


def every_kind() -> dict[str, list[Happening]]:
    return {kind: happenings(kind, START, END) for kind in KINDS}


def views() -> list[object]:
    return [viewing(each, NEW_YORK, "best") for each in happenings(MOON_MARS, START, END, within=5)]


def by_library() -> list[int]:
    """Every opposition as Astronomy Engine finds it, heliocentric."""
    found, time = [], astronomy.Time((START - J2000) / DAY)
    while (at := instant(time := astronomy.SearchRelativeLongitude(astronomy.Body.Mars, 0, time))) < END:
        found.append(at)
        time = time.AddDays(1)
    return found


def instant(time: astronomy.Time) -> int:
    return round(time.ut * DAY) + J2000


def taken(ask: Callable[[], object]) -> float:
    start = perf_counter()
    ask()
    return perf_counter() - start


def process(script: str) -> float:
    command = [sys.executable, "-c", script]
    return median(taken(lambda: run(command, check=True)) for _ in range(ROUNDS))


def show_speed() -> float:
    empty, cold = process("import bot"), process(COLD)
    first, warm = taken(every_kind), median(taken(every_kind) for _ in range(ROUNDS))
    seen = taken(views)
    peer = median(taken(by_library) for _ in range(ROUNDS))
    print(f"Ten years, all {len(KINDS)} kinds, in seconds; median of {ROUNDS}")
    print(f"{'a process that does nothing':44}{empty:>9.3f}")
    print(f"{'cold: a process, its imports and ten years':44}{cold:>9.3f}")
    print(f"{'first question in a process that runs':44}{first:>9.3f}")
    print(f"{'warm: any later question':44}{warm:>9.4f}")
    print(f"{'views of every meeting within 5° from a place':44}{seen:>9.3f}")
    print(f"{'oppositions alone, by Astronomy Engine':44}{peer:>9.4f}")
    return cold


def show_sky() -> None:
    found = every_kind()
    print("\n" + "".join(f"{kind:>18}" for kind in found))
    print("".join(f"{len(each):>18}" for each in found.values()))
    days = [f"{(after.at - before.at) / DAY:.1f}" for before, after in pairwise(found[OPPOSITION])]
    print(f"\nDays from an opposition to the next: {', '.join(days)}")
    ours, theirs = [each.at for each in found[OPPOSITION]], by_library()
    apart = [f"{(mine - other) / 60:+.0f}" for mine, other in zip(ours, theirs, strict=True)]
    print(f"Minutes from Astronomy Engine's heliocentric opposition to ours: {', '.join(apart)}")


def main() -> None:
    cold = show_speed()
    show_sky()
    if cold >= 1:
        raise SystemExit("ten years took a second or more")


if __name__ == "__main__":
    main()
