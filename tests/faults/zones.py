"""Row 9: every half hour of the day, in every zone, held against a judge that shares no code with the bot."""

from datetime import date
from random import Random  # noqa: TID251 - chance, and the same again by its seed
from zoneinfo import available_timezones

from bot.contracts import Almanac
from bot.model import Window
from bot.triggers.slots import Slots
from bot.zones import DAY, HOUR, MINUTE, day_of
from tests.faults.rows import Outcome, Told
from tests.oracle import instants

DAYS = range(day_of(date(2024, 1, 1)), day_of(date(2038, 1, 1)))
HALF_HOURS = 48


def zones(size: int, seed: int, told: Told) -> Outcome:
    """So many half hours in zones, drawn from all there are; each on every day of fourteen years."""
    names = sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(("posix/", "right/"))
    )
    pairs = [(name, half) for name in names for half in range(HALF_HOURS)]
    Random(f"zones {seed}").shuffle(pairs)  # noqa: S311 - chance, not secrets
    found: list[str] = []
    for name, half in pairs[:size]:
        found += _wrong(name, half * 30 * MINUTE)
        told(1)
    tried = min(size, len(pairs))
    return Outcome(tried, tuple(found), f"{tried * len(DAYS):,} slots in {len(names)} zones")


def _wrong(name: str, time: int) -> list[str]:
    """The slots of one time of day that are not where the judge has them."""
    clock = f"{time // HOUR:02}:{time % HOUR // MINUTE:02}"
    trigger = Slots("s", {"days": "daily", "at": clock, "zone": name}, Almanac())
    around = Window((DAYS[0] - 2) * DAY, (DAYS[-1] + 3) * DAY)
    fired = sorted(slot.at for slot in trigger.times(around) if slot.wall // DAY in DAYS)
    expected = sorted(instants(name, time, DAYS))
    if fired == expected:
        return []
    return [
        f"{name} {clock}: {len(set(expected) - set(fired))} skipped, {len(fired) - len(set(fired) & set(expected))} too many"
    ]
