"""Every odd day that a calendar has: 29 February, and the days on which the clocks of some zone are changed."""

from calendar import isleap
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.contracts import Almanac
from bot.model import Corpus, Event, History, Pick, Schedules, Slot, Tone, Uses, Window
from bot.planning.plan import plan
from bot.planning.quiet import Quiet
from bot.triggers.anniversary import Anniversary
from bot.triggers.on_this_day import OnThisDay
from bot.zones import DAY, HOUR, MINUTE, date_of, day_of, local_text, zone
from tests.fakes.worlds import MOON, post, schedule
from tests.oracle import instants
from tests.years import local_date

CLOCKS = ("00:00", "00:30", "02:30", "23:59")
NAMES = sorted(available_timezones())
NOONS = [datetime(1990, 1, 1, 12) + timedelta(days=number) for number in range(48 * 365 + 12)]  # noqa: DTZ001 - a wall time
AROUND = [timedelta(minutes=30 * number) for number in range(-48, 25)]
FIRST = day_of(date(1990, 1, 1))

RULES = ("feb-28", "mar-1", "leap-years-only")
LEAP_DAY = Event("leap", "Leap", "k", "America/New_York", day=date(1892, 2, 29))
CENTURIES = range(1893, 2209)


def at_noon(day: date) -> int:
    return day_of(day) * DAY + 12 * HOUR


def days_of(slots: list[Slot]) -> list[date]:
    return [date_of(zone(slot.zone).wall(slot.at) // DAY) for slot in slots]


def leap_days(rule: str, years: range) -> list[date]:
    """Where 29 February is kept in each of the years."""
    stand_in = {"feb-28": (2, 28), "mar-1": (3, 1)}.get(rule)
    kept = ((2, 29) if isleap(year) else stand_in for year in years)
    return [date(year, *day) for year, day in zip(years, kept, strict=True) if day]


@pytest.mark.parametrize("rule", RULES)
def test_29_february_is_kept_by_its_rule_in_every_year_of_three_centuries(rule: str) -> None:
    trigger = Anniversary("a", {"kinds": ["k"], "at": "09:00", "leap_day": rule}, Almanac((LEAP_DAY,)))

    slots = trigger.times(Window(at_noon(date(1892, 1, 1)), at_noon(date(2209, 1, 1))))

    assert days_of(slots) == leap_days(rule, CENTURIES)
    assert [slot.years for slot in slots] == [slot.day.year - 1892 for slot in slots]
    assert [slot.fact("turn") for slot in slots] == list(range(len(slots)))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("clock", CLOCKS)
def test_on_this_day_keeps_29_february_by_its_rule_until_2104_and_beyond(rule: str, clock: str) -> None:
    options = {"at": clock, "zone": "Australia/Lord_Howe", "leap_day": rule}
    trigger = OnThisDay("o", options, Almanac(posted=(post("p", posted=date(2016, 2, 29)),)))

    slots = trigger.times(Window(at_noon(date(2017, 1, 1)), at_noon(date(2120, 1, 1))))

    assert days_of(slots) == leap_days(rule, range(2017, 2120))


@pytest.mark.parametrize(
    ("rule", "year", "day"),
    [
        ("feb-28", 2096, date(2096, 2, 29)),
        ("feb-28", 2100, date(2100, 2, 28)),
        ("feb-28", 2104, date(2104, 2, 29)),
        ("mar-1", 2096, date(2096, 2, 29)),
        ("mar-1", 2100, date(2100, 3, 1)),
        ("mar-1", 2104, date(2104, 2, 29)),
        ("leap-years-only", 2096, date(2096, 2, 29)),
        ("leap-years-only", 2100, None),
        ("leap-years-only", 2104, date(2104, 2, 29)),
    ],
)
@pytest.mark.parametrize("trigger", ["anniversary", "on_this_day"])
def test_a_post_of_29_february_is_said_around_2100_on_the_day_that_keeps_it(
    rule: str, year: int, day: date | None, trigger: str
) -> None:
    corpus = Corpus((post("leap", event="leap", use=Uses.DATED, posted=date(2016, 2, 29)),))
    options: dict[str, object] = {"at": "09:00", "leap_day": rule}
    options |= {"kinds": ["k"]} if trigger == "anniversary" else {"zone": LEAP_DAY.zone}
    pick = Pick(event=trigger == "anniversary", on_this_day=trigger == "on_this_day")
    entry = schedule(
        "s",
        trigger,
        options,
        pick=pick,
        frame="{{ years }}: {{ text }}",
        accounts=(MOON,),
        events=(LEAP_DAY,),
        corpus=corpus,
    )
    schedules = Schedules((entry,), {LEAP_DAY.id: LEAP_DAY}, {MOON.name: MOON})

    found = plan(schedules, corpus, History(), Window(at_noon(date(year, 1, 1)), at_noon(date(year, 12, 31))))

    assert [each.slot.day for each in found.posts] == ([day] if day else [])
    assert found.gaps == ()


#: Zone, day and clock, and what clocks show when it is said; None where there is no such day. Each from the zone's rules,
#: by hand. All have been: what is to come, governments change.
STORIES = (
    # Spring takes the first hour of the day, which begins at 01:00.
    ("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T01:00:00-02:00"),
    ("America/Sao_Paulo", "2018-11-04", "00:30", "2018-11-04T01:30:00-02:00"),
    ("Asia/Beirut", "2022-03-27", "00:00", "2022-03-27T01:00:00+03:00"),
    ("Africa/Cairo", "2024-04-26", "00:30", "2024-04-26T01:30:00+03:00"),
    ("America/Havana", "2024-03-10", "00:00", "2024-03-10T01:00:00-04:00"),
    ("Asia/Tehran", "2022-03-22", "00:00", "2022-03-22T01:00:00+04:30"),
    ("America/Asuncion", "2023-10-01", "00:30", "2023-10-01T01:30:00-03:00"),
    # Autumn repeats the last hour of a day, or the first of one: the first time counts.
    ("Asia/Tehran", "2022-09-21", "23:59", "2022-09-21T23:59:00+04:30"),
    ("Asia/Tehran", "2022-09-22", "00:00", "2022-09-22T00:00:00+03:30"),
    ("Asia/Beirut", "2022-10-29", "23:59", "2022-10-29T23:59:00+03:00"),
    ("America/Havana", "2024-11-03", "00:30", "2024-11-03T00:30:00-04:00"),
    # Half an hour.
    ("Australia/Lord_Howe", "2024-10-06", "02:15", "2024-10-06T02:45:00+11:00"),
    ("Australia/Lord_Howe", "2024-10-06", "02:30", "2024-10-06T02:30:00+11:00"),
    ("Australia/Lord_Howe", "2024-04-07", "01:45", "2024-04-07T01:45:00+11:00"),
    # The date line is crossed: a day is left out, and its neighbours keep their own.
    ("Pacific/Apia", "2011-12-29", "23:59", "2011-12-29T23:59:00-10:00"),
    ("Pacific/Apia", "2011-12-30", "12:00", None),
    ("Pacific/Apia", "2011-12-31", "00:00", "2011-12-31T00:00:00+14:00"),
    ("Pacific/Kwajalein", "1993-08-20", "23:59", "1993-08-20T23:59:00-12:00"),
    ("Pacific/Kwajalein", "1993-08-21", "12:00", None),
    ("Pacific/Kwajalein", "1993-08-22", "00:00", "1993-08-22T00:00:00+12:00"),
    ("Asia/Manila", "1844-12-30", "23:59", "1844-12-30T23:59:00-15:56"),
    ("Asia/Manila", "1844-12-31", "12:00", None),
    ("Asia/Manila", "1845-01-01", "00:00", "1845-01-01T00:00:00+08:0"),
    # Alaska was sold, and had a date twice.
    ("America/Juneau", "1867-10-18", "12:00", "1867-10-18T12:00:00+15:02"),
    # In Ramadan the clocks of Morocco go back, and after it they go forth.
    ("Africa/Casablanca", "2024-03-10", "02:30", "2024-03-10T02:30:00+01:00"),
    ("Africa/Casablanca", "2024-04-14", "02:30", "2024-04-14T03:30:00+01:00"),
    # Ireland's law calls summer time the standard, and winter time an hour less.
    ("Europe/Dublin", "2024-03-31", "01:30", "2024-03-31T02:30:00+01:00"),
    ("Europe/Dublin", "2024-10-27", "01:30", "2024-10-27T01:30:00+01:00"),
    # Quarters of an hour.
    ("Asia/Kathmandu", "1986-01-01", "00:00", "1986-01-01T00:15:00+05:45"),
    ("Asia/Kathmandu", "2024-03-31", "02:30", "2024-03-31T02:30:00+05:45"),
    ("Australia/Eucla", "2024-10-06", "02:30", "2024-10-06T02:30:00+08:45"),
    ("Pacific/Chatham", "2024-09-29", "03:00", "2024-09-29T04:00:00+13:45"),
    ("Pacific/Chatham", "2024-04-07", "03:00", "2024-04-07T03:00:00+13:45"),
)


@pytest.mark.parametrize(("name", "day", "clock", "said"), STORIES)
def test_an_anniversary_is_said_once_on_an_odd_day(name: str, day: str, clock: str, said: str | None) -> None:
    number = day_of(date.fromisoformat(day))

    slots = around(name, number, clock)

    found = [local_text(slot.at, name) for slot in slots if slot.day.isoformat() == day]
    assert len(found) == (said is not None)
    # Old offsets have seconds, which tables of zones do not agree on.
    assert all(each.startswith(said or "") for each in found)


def around(name: str, day: int, clock: str) -> list[Slot]:
    """The slots of five neighbouring days, of an event each, all ten years earlier."""
    days = [date_of(each) for each in _near(day)]
    events = tuple(Event(f"{each}", "E", "k", name, day=_before(each)) for each in days)
    trigger = Anniversary("a", {"kinds": ["k"], "at": clock}, Almanac(events))
    return trigger.times(Window((day - 4) * DAY, (day + 5) * DAY))


def _before(day: date) -> date:
    """The same date ten years earlier; of 29 February, twelve."""
    return day.replace(year=day.year - (12 if (day.month, day.day) == (2, 29) else 10))


def odd_days(name: str) -> list[int]:
    """The days on whose noon a zone has another offset than on the noon before."""
    offsets = list(map(ZoneInfo(name).utcoffset, NOONS))
    return [FIRST + place for place in range(1, len(offsets)) if offsets[place] != offsets[place - 1]]


@cache
def alike() -> tuple[tuple[str, list[int]], ...]:
    """Every zone that changes its clocks, with its odd days; of those that do it alike, to the half hour, one."""
    found: dict[object, tuple[str, list[int]]] = {}
    for name in NAMES:
        days, east = odd_days(name), ZoneInfo(name).utcoffset
        shape = tuple(east(NOONS[day - FIRST] + shift) for day in days for shift in AROUND)
        found.setdefault((tuple(days), shape), (name, days))
    return tuple(each for each in found.values() if each[1])


@pytest.mark.parametrize("clock", CLOCKS)
def test_in_every_zone_each_day_around_a_change_has_its_anniversary_once_and_shares_it_with_none(
    clock: str,
) -> None:
    wrong = [
        f"{name}: {[local_text(slot.at, name) for slot in slots]}"
        for name, days in alike()
        for day in days
        for slots in [around(name, day, clock)]
        if not _is_once_a_day(slots, name, day, clock)
    ]

    assert wrong == []
    assert sum(len(days) for _, days in alike()) > 8_000


def _is_once_a_day(slots: list[Slot], name: str, day: int, clock: str) -> bool:
    """Tell whether each day that the zone has is spoken of once: where the clock shows its time first, or spring moves it."""
    time = int(clock[:2]) * HOUR + int(clock[3:]) * MINUTE
    return (
        # Where spring takes the end of a day away, what was meant for its last minute is said in its last second.
        (clock == "23:59" or [slot.at for slot in slots] == instants(name, time, _near(day)))
        and [slot.day for slot in slots] == days_there(name, day)
        and len({slot.at for slot in slots}) == len(slots)
        and all(local_date(slot.at, name) == slot.day for slot in slots)
    )


@cache
def days_there(name: str, day: int) -> list[date]:
    """Those of a day and its neighbours that a calendar in the zone has shown, looked at every few hours."""
    looks = range((day - 3) * DAY, (day + 4) * DAY, 4 * HOUR)
    shown = {local_date(at, name) for at in looks}
    return [there for each in _near(day) if (there := date_of(each)) in shown]


def test_in_every_zone_a_quiet_day_begins_and_ends_with_its_local_day() -> None:
    wrong = [
        f"{name}: {each}, from {local_text(first, name)} to {local_text(after, name)}"
        for name, days in alike()
        for day in days
        for each, (first, after) in zip(
            days_there(name, day), pairwise(instants(name, 0, _near(day))), strict=False
        )
        if not _is_quiet(name, each, first, after)
    ]

    assert wrong == []


def _is_quiet(name: str, day: date, first: int, after: int) -> bool:
    """Tell whether an event of that day silences its first second and its last, and not those beside them."""
    event = Event("loss", "Loss", "k", name, Tone.REMEMBRANCE, day=_before(day), quiet=True)
    quiet = Quiet(Schedules(events={event.id: event}), Window(first - DAY, after + DAY))
    return all(
        (quiet.silence(Slot(at, "s", 0, "UTC"), Tone.NEUTRAL) is not None) == (local_date(at, name) == day)
        for at in (first - 1, first, after - 1, after)
    )


def _near(day: int) -> range:
    return range(day - 2, day + 3)
