"""How fast the triggers are, beside a floor and their peers; and whether every rule fires once on each of its days.

    python bench/slots.py [--quick]

The floor builds an aware datetime in the zone for each fire time and turns it to UTC. Peers give aware datetimes,
which is less than the floor does. Every round asks all zones in turn. "Cold" is the first question to a zone; "warm"
is any later one, with the offsets that zones remember. Then an oracle that shares no code with the bot
(tests/oracle.py) judges each zone, half hour and day; a peer is judged beside it on a smaller field.
"""

import argparse
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import pairwise, takewhile
from operator import truediv
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from apscheduler.triggers.cron import CronTrigger
from cronsim import CronSim
from dateutil import rrule

from bot import zones
from bot.contracts import Almanac, Trigger
from bot.model import Event, Window
from bot.triggers.anniversary import Anniversary
from bot.triggers.slots import Slots
from bot.zones import DAY, HOUR, MINUTE, day_of
from tests.oracle import instants, stretches

ZONES = (
    "UTC", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "America/St_Johns", "America/Nuuk",
    "Europe/London", "Europe/Berlin", "Africa/Cairo", "Africa/Casablanca", "Asia/Kolkata", "Asia/Tokyo",
    "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Honolulu",
)  # fmt: skip
FIRST, LAST = date(2027, 1, 1), date(2037, 1, 1)
TEN_YEARS = Window(day_of(FIRST) * DAY, day_of(LAST) * DAY)
AT, LANDING = time(9, 30), date(2021, 2, 18)

CONTESTANTS = ("warm", "cold", "dateutil.rrule", "cronsim", "CronTrigger")

Fires = Callable[[str], Iterable[object]]  #: the fire times of ten years in one zone


class Rhythm(NamedTuple):
    """One rule, as each contestant writes it."""

    name: str
    ours: Callable[[str], Trigger]
    days: Callable[[], Iterator[date]]
    cron: str
    rrule: dict[str, Any]
    fields: dict[str, Any]


class Verdict(NamedTuple):
    """How the days of one rule went, as the oracle sees them."""

    days: int
    skipped: int = 0
    doubled: int = 0
    moved: int = 0  #: fired once, at another instant

    def __add__(self, other: tuple[int, ...]) -> "Verdict":  # type: ignore[override]
        return Verdict(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def every(step: int) -> Iterator[date]:
    day, stride = FIRST, timedelta(days=step)
    while day < LAST:
        yield day
        day += stride


def each_year() -> Iterator[date]:
    return (LANDING.replace(year=year) for year in range(FIRST.year, LAST.year))


def slots(days: str, zone: str) -> Trigger:
    return Slots("bench", {"days": days, "at": f"{AT:%H:%M}", "zone": zone}, Almanac())


def anniversary(zone: str) -> Trigger:
    event = Event("landing", "Landing", "landing", zone, day=LANDING)
    return Anniversary("bench", {"kinds": ["landing"], "at": f"{AT:%H:%M}"}, Almanac((event,)))


RHYTHMS = (
    Rhythm("daily", partial(slots, "daily"), partial(every, 1), "30 9 * * *", {"freq": rrule.DAILY}, {}),
    Rhythm("weekly", partial(slots, "fri"), partial(every, 7), "30 9 * * fri", {"freq": rrule.WEEKLY}, {"day_of_week": "fri"}),
    Rhythm(
        "yearly", anniversary, each_year, "30 9 18 2 *",
        {"freq": rrule.YEARLY, "bymonth": 2, "bymonthday": 18}, {"month": 2, "day": 18},
    ),
)  # fmt: skip


def ours(triggers: dict[str, Trigger], zone: str) -> Iterable[object]:
    return triggers[zone].times(TEN_YEARS)


def floor(rhythm: Rhythm, zone: str) -> list[datetime]:
    info = ZoneInfo(zone)
    return [datetime.combine(day, AT, info).astimezone(UTC) for day in rhythm.days()]


def by_rrule(rhythm: Rhythm, zone: str) -> list[datetime]:
    info = ZoneInfo(zone)
    first, last = datetime.combine(FIRST, AT, info), datetime.combine(LAST, time(), info)
    return list(rrule.rrule(**rhythm.rrule, dtstart=first, until=last))


def by_cronsim(rhythm: Rhythm, zone: str) -> list[datetime]:
    info = ZoneInfo(zone)
    last = datetime.combine(LAST, time(), info)
    return list(
        takewhile(lambda fire: fire < last, CronSim(rhythm.cron, datetime.combine(FIRST, time(), info)))
    )


def by_apscheduler(rhythm: Rhythm, zone: str) -> list[datetime]:
    info = ZoneInfo(zone)
    trigger = CronTrigger(**{"hour": AT.hour, "minute": AT.minute, **rhythm.fields}, timezone=info)
    return list(fires(trigger, datetime.combine(FIRST, time(), info), datetime.combine(LAST, time(), info)))


def fires(trigger: CronTrigger, first: datetime, last: datetime) -> Iterator[datetime]:
    fire = trigger.get_next_fire_time(None, first)
    while fire is not None and fire < last:
        yield fire
        fire = trigger.get_next_fire_time(fire, fire)


def race(rhythm: Rhythm, rounds: int) -> dict[str, list[float]]:
    """Fire times a second of every contestant in every round; they take turns, so that all meet the same weather."""
    rates: dict[str, list[float]] = {}
    for _ in range(rounds):
        zones.zone.cache_clear()
        triggers = {name: rhythm.ours(name) for name in ZONES}
        contestants: dict[str, tuple[Fires, tuple[str, ...]]] = {
            "cold": (partial(ours, triggers), ZONES),
            "warm": (partial(ours, triggers), ZONES),
            "floor": (partial(floor, rhythm), ZONES),
            "dateutil.rrule": (partial(by_rrule, rhythm), ZONES),
            "cronsim": (partial(by_cronsim, rhythm), ZONES[:3]),
            "CronTrigger": (partial(by_apscheduler, rhythm), ZONES[:3]),
        }
        for contestant, (found_in, names) in contestants.items():
            rates.setdefault(contestant, []).append(rate(found_in, names))
    return rates


def rate(found_in: Fires, names: Iterable[str]) -> float:
    start = perf_counter()
    count = sum(len(list(found_in(name))) for name in names)
    return count / (perf_counter() - start)


def show_speed(rounds: int) -> None:
    print(
        f"Fire times a second over ten years, {len(ZONES)} zones, median of {rounds} rounds (beside the floor)"
    )
    print(f"{'':8}{'floor':>12}" + "".join(f"{name:>20}" for name in CONTESTANTS))
    for rhythm in RHYTHMS:
        rates = race(rhythm, rounds)
        ratios = {name: median(map(truediv, rates[name], rates["floor"])) for name in CONTESTANTS}
        cells = "".join(f"{f'{median(rates[name]):,.0f} ({ratios[name]:.2f})':>20}" for name in CONTESTANTS)
        print(f"{rhythm.name:8}{median(rates['floor']):>12,.0f}{cells}")


def judge(found: list[int], expected: list[int]) -> Verdict:
    """Give each fire time to the day whose expected instant is nearest, and look at what each day got."""
    if found == expected:
        return Verdict(len(expected))
    turns = [(here + there) // 2 for here, there in pairwise(expected)]
    got = Counter(bisect_left(turns, instant) for instant in found)
    right = set(found)
    moved = sum(got[day] == 1 and instant not in right for day, instant in enumerate(expected))
    return Verdict(len(expected), len(expected) - len(got), sum(times > 1 for times in got.values()), moved)


def our_fires(zone: str, at: int, around: Window) -> list[int]:
    trigger = Slots(
        "bench", {"days": "daily", "at": f"{at // HOUR:02}:{at % HOUR // MINUTE:02}", "zone": zone}, Almanac()
    )
    return [slot.at for slot in trigger.times(around)]


def their_fires(zone: str, at: int, around: Window) -> list[int]:
    trigger = CronTrigger(hour=at // HOUR, minute=at % HOUR // MINUTE, timezone=ZoneInfo(zone))
    first, last = (datetime.fromtimestamp(instant, ZoneInfo(zone)) for instant in (around.start, around.end))
    return [int(fire.timestamp()) for fire in fires(trigger, first, last)]


def judge_zone(fires_of: Callable[[str, int, Window], list[int]], days: range, zone: str) -> Verdict:
    """All 48 half hours of one zone."""
    total = Verdict(0)
    for at in range(0, DAY, 30 * MINUTE):
        expected = instants(zone, at, days)
        around = Window(expected[0] - 6 * HOUR, expected[-1] + 6 * HOUR)
        total += judge(fires_of(zone, at, around), sorted(expected))
    return total


def show_verdict(
    name: str, fires_of: Callable[[str, int, Window], list[int]], names: list[str], days: range
) -> Verdict:
    start = perf_counter()
    with ProcessPoolExecutor(2) as pool:
        verdicts = list(pool.map(partial(judge_zone, fires_of, days), names, chunksize=4))
    total = sum(verdicts, Verdict(0))
    taken = f"{perf_counter() - start:.0f} s"
    print(
        f"{name:14}{len(names):>6}{len(days):>7}{total.days:>13,}{total.skipped:>9}{total.doubled:>9}{total.moved:>10}{taken:>7}"
    )
    return total


def show_verdicts(every_zone: list[str], peers_zones: int) -> Verdict:
    to_come, two_years = days_of(2024, 2038), days_of(2026, 2028)
    print(
        "\nJudged by an oracle: every zone, half hour and day; CronTrigger in some zones that change their clocks"
    )
    print(
        f"{'':14}{'zones':>6}{'days':>7}{'rule days':>13}{'skipped':>9}{'doubled':>9}{'elsewhen':>10}{'':>7}"
    )
    total = show_verdict("redletter", our_fires, every_zone, to_come)
    changing = [
        name for name in every_zone if len(stretches(name, two_years[0] * DAY, two_years[-1] * DAY)) > 1
    ]
    show_verdict(
        "CronTrigger", their_fires, changing[:: len(changing) // peers_zones][:peers_zones], two_years
    )
    return total


def days_of(first: int, last: int) -> range:
    return range(day_of(date(first, 1, 1)), day_of(date(last, 1, 1)))


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--quick", action="store_true", help="a sample: fewer rounds, every twentieth zone")
    quick = options.parse_args().quick
    show_speed(3 if quick else 9)
    names = sorted(available_timezones())
    total = show_verdicts(names[::20] if quick else names, 3 if quick else 30)
    if total.skipped or total.doubled or total.moved:
        raise SystemExit("a rule did not fire exactly once on each of its days")


if __name__ == "__main__":
    main()
