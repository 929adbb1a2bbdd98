"""The calendar and the missions that ship, held against tables that were gathered apart from them."""

import csv
from datetime import date, datetime
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from bot.model import Event, Mission, Tone
from bot.schedules import ScheduleReader
from bot.sky.mars_time import Clock, mean_time
from bot.zones import HOUR, date_of, instant_of, zone

REPOSITORY = Path(__file__).parents[2]
READER = ScheduleReader(REPOSITORY)
WORLD = READER.world()
EVENTS = WORLD.events
MISSIONS = WORLD.missions
LINES = (REPOSITORY / "schedules/events.toml").read_text(encoding="utf-8").splitlines()
LOSSES = {"apollo-1", "challenger-loss", "columbia-loss"}
SKIES = {
    "mars-opposition": "opposition", "mars-closest-approach": "closest-approach", "moon-mars": "moon-mars",
    "mars-new-year": "northern-spring", "mars-northern-summer": "northern-summer",
    "mars-northern-autumn": "northern-autumn", "mars-northern-winter": "northern-winter",
}  # fmt: skip
FIXED = {
    "human-space-flight-day": (4, 12), "yuris-night": (4, 12), "earth-day": (4, 22), "asteroid-day": (6, 30),
    "moon-day": (7, 20), "world-space-week": (10, 4), "world-space-week-end": (10, 10),
}  # fmt: skip
REMEMBERED = [
    "2012-01-26", "2013-02-01", "2014-01-31", "2015-01-28", "2016-01-28", "2017-01-31", "2018-01-25", "2019-02-07",
    "2020-01-30", "2021-01-28", "2022-01-27", "2023-01-26", "2024-01-25", "2025-01-23", "2026-01-22",
]  # fmt: skip
#: Missions that were at work in November 2026.
AT_WORK = {
    "curiosity", "perseverance", "mars-odyssey", "mars-express", "mro", "tgo", "hope", "tianwen-1",
}  # fmt: skip


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table under tests/data."""
    with (REPOSITORY / "tests/data" / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


FACTS = {row["id"]: row for row in table("mars-events.csv")}
DATED = {name: event for name, event in EVENTS.items() if event.day is not None}
TIMED = {name: event for name, event in EVENTS.items() if event.instant is not None}
CLOCKS = [row for row in table("mars-time.csv") if row["quantity"] in {"sol", "sol_start"}]


def utc_day(event: Event) -> date | None:
    """The date that UTC had, where the moment is known."""
    return None if event.instant is None else date_of(event.instant // (24 * HOUR))


def comment(event: Event) -> str:
    """What the file says above an event."""
    above = reversed(LINES[: event.place.line - 1])
    said: list[str] = []
    for line in above:
        if not line.startswith("#"):
            break
        said.insert(0, line.removeprefix("# "))
    return " ".join(said)


def named(day: date) -> str:
    """A date as comments write it."""
    return f"{day:%B} {day.day}"


def headed() -> list[tuple[str, Event]]:
    """Every event in the order of the file, with the heading under which it stands."""
    heads = [
        (number, line.removeprefix("# "))
        for number, line in enumerate(LINES[1:-1], 2)
        if line.startswith("# ") and not LINES[number - 2] and not LINES[number]
    ]
    ordered = sorted(EVENTS.values(), key=lambda event: event.place.line)
    return [(next(head for at, head in reversed(heads) if at < event.place.line), event) for event in ordered]


def clock(mission: Mission) -> Clock:
    """The clock that a mission keeps."""
    assert mission.starts is not None
    return Clock(mission.starts, mission.first_sol)


def test_the_shipped_calendar_has_at_least_ninety_events_and_no_problem() -> None:
    found = [
        problem
        for problem in READER.problems
        if problem.file in {"schedules/events.toml", "schedules/missions.toml"}
    ]

    assert found == []
    assert len(EVENTS) >= 90


def test_the_calendar_and_the_table_of_facts_have_the_same_dated_events() -> None:
    assert DATED.keys() == FACTS.keys()


@pytest.mark.parametrize("name", FACTS)
def test_an_event_has_the_moment_the_zone_and_the_day_of_the_table(name: str) -> None:
    fact, event = FACTS[name], EVENTS[name]

    moment = f"{fact['date_utc']}T{fact['time_utc']}Z" if fact["time_utc"] else None

    assert event.zone == fact["zone"]
    assert event.instant == (moment and instant_of(datetime.fromisoformat(moment)))
    assert event.day == date.fromisoformat(fact["date_local"])


@pytest.mark.parametrize("name", TIMED)
def test_the_day_of_an_instant_is_that_of_its_zone(name: str) -> None:
    event = EVENTS[name]

    assert date_of(zone(event.zone).wall(event.instant or 0) // (24 * HOUR)) == event.day


@pytest.mark.parametrize("name", [name for name, event in TIMED.items() if utc_day(event) != event.day])
def test_where_utc_has_another_date_the_comment_gives_both(name: str) -> None:
    event = EVENTS[name]
    elsewhere = utc_day(event)
    assert elsewhere is not None
    assert event.day is not None

    said = comment(event)

    assert "UTC" in said
    assert named(elsewhere) in said
    assert named(event.day) in said


def test_dates_that_differ_are_kept_as_they_are_remembered() -> None:
    landing = EVENTS["opportunity-landing"]

    assert (utc_day(landing), landing.day) == (date(2004, 1, 25), date(2004, 1, 24))
    assert sum(utc_day(event) != event.day for event in TIMED.values()) == 16


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_says_its_tone_its_kind_and_its_sources(name: str) -> None:
    event = EVENTS[name]
    written = LINES[event.place.line - 1 :]
    body = written[: written.index("")] if "" in written else written

    assert any(line.startswith("tone = ") for line in body)
    assert event.kind
    assert event.sources
    assert all(source.startswith(("https://", "http://")) for source in event.sources)
    assert len(set(event.sources)) == len(event.sources)


def test_events_stand_under_their_headings_by_date() -> None:
    groups = [
        (head, [event for _, event in found]) for head, found in groupby(headed(), lambda pair: pair[0])
    ]

    assert [head for head, _ in groups] == [
        "Launches", "Landings", "Flights", "Arrivals", "Milestones", "Farewells", "The crews", "People and pioneers",
        "Days of the world", "The sky",
    ]  # fmt: skip
    for _, found in groups:
        days = [event.observed(2028) or event.day for event in found if not event.quiet and not event.sky]
        assert all(earlier <= later for earlier, later in pairwise(day for day in days if day))


def test_farewells_and_losses_are_not_celebrated() -> None:
    solemn = {"last-contact", "end-of-mission", "loss-of-crew", "observance"}

    sad = {name for name, event in EVENTS.items() if event.tone is Tone.REMEMBRANCE}

    assert {name for name, event in EVENTS.items() if event.kind in solemn} <= sad
    assert sad - {name for name, event in EVENTS.items() if event.kind in solemn} == {
        "opportunity-last-command", "ingenuity-last-flight",
    }  # fmt: skip
    assert EVENTS["sts-107-launch"].tone is Tone.NEUTRAL


def test_the_crews_days_are_quiet_and_hush_the_hours_around_them() -> None:
    quiet = {name for name, event in EVENTS.items() if event.quiet}

    assert quiet == LOSSES | {"day-of-remembrance"}
    assert {name for name, event in EVENTS.items() if event.hush} == quiet
    assert {EVENTS[name].hush for name in quiet} == {6 * HOUR}


def test_the_day_of_remembrance_is_right_from_2012_to_2026_and_unconfirmed_after() -> None:
    remembrance = EVENTS["day-of-remembrance"]

    days = [remembrance.observed(year) for year in range(2012, 2027)]

    assert days == [date.fromisoformat(day) for day in REMEMBERED]
    assert list(remembrance.kept) == days
    assert [year for year in range(2012, 2040) if remembrance.is_confirmed(year)] == list(range(2012, 2027))
    assert remembrance.observed(2027) == date(2027, 1, 28)


def test_only_years_that_broke_the_rule_are_listed() -> None:
    remembrance = EVENTS["day-of-remembrance"]
    assert remembrance.rule is not None

    broken = [day for day in remembrance.kept if remembrance.rule.on(day.year) != day]

    assert list(remembrance.days) == broken


@pytest.mark.parametrize("name", FIXED)
def test_a_day_of_the_world_is_the_same_every_year(name: str) -> None:
    event = EVENTS[name]

    assert {event.observed(year) for year in range(2012, 2100)} == {
        date(year, *FIXED[name]) for year in range(2012, 2100)
    }
    assert event.is_confirmed(2099)
    assert event.kind == "observance-day"


def test_every_undated_event_is_an_observance_or_in_the_sky() -> None:
    assert EVENTS.keys() - DATED.keys() == FIXED.keys() | SKIES.keys() | {"day-of-remembrance"}
    assert {name: event.sky for name, event in EVENTS.items() if event.sky} == SKIES


@pytest.mark.parametrize("name", MISSIONS)
def test_a_mission_begins_with_an_event_and_ends_after_it(name: str) -> None:
    mission = MISSIONS[name]

    assert mission.began_on == EVENTS[mission.began].day
    assert mission.began_on is not None
    assert mission.ended_on is None or mission.began_on < mission.ended_on
    assert mission.words
    assert any(mission.name.endswith(word) for word in mission.words)


def test_what_works_and_what_has_ended_is_told_apart() -> None:
    assert {name for name, mission in MISSIONS.items() if mission.ended_on is None} == AT_WORK
    assert MISSIONS["opportunity"].ended_on == date(2019, 2, 13)
    assert MISSIONS["mangalyaan"].ended_on == date(2022, 10, 3)


def test_no_two_missions_share_a_word() -> None:
    words = [word for mission in MISSIONS.values() for word in mission.words]

    assert len(words) == len(set(words))


@pytest.mark.parametrize("name", [name for name, mission in MISSIONS.items() if mission.latitude is not None])
def test_only_what_stands_on_mars_has_a_place(name: str) -> None:
    mission = MISSIONS[name]

    assert EVENTS[mission.began].kind in {"landing", "first-flight"}
    assert mission.longitude_east is not None
    assert 0 <= mission.longitude_east < 360
    assert -90 <= (mission.latitude or 0) <= 90


@pytest.mark.parametrize(
    "row",
    [row for row in table("mars-time.csv") if row["quantity"] == "clock_starts"],
    ids=lambda row: row["mission"],
)
def test_a_missions_clock_starts_with_the_kernel_of_its_navigators(row: dict[str, str]) -> None:
    starts = datetime.fromisoformat(row["value"]).timestamp()

    assert MISSIONS[row["mission"]].starts == pytest.approx(starts, abs=0.002)


@pytest.mark.parametrize("row", CLOCKS, ids=lambda row: row["check"])
def test_a_missions_clock_shows_the_sols_that_were_told(row: dict[str, str]) -> None:
    instant = datetime.fromisoformat(row["utc"]).timestamp()

    shown, gone = clock(MISSIONS[row["mission"]]).sol(instant + 1)

    assert shown == int(row["value"])
    assert row["quantity"] == "sol" or gone == pytest.approx(1, abs=1)


@pytest.mark.parametrize(
    ("name", "planned"), [("curiosity", 137.42), ("insight", 135.97), ("perseverance", 77.43)]
)
def test_a_clock_keeps_the_time_of_its_planned_longitude(name: str, planned: float) -> None:
    mission = MISSIONS[name]

    hour = mean_time(clock(mission).starts, planned)

    assert (hour + 12) % 24 == pytest.approx(12, abs=2 / 3_600)
    assert mission.longitude_east == pytest.approx(planned, abs=0.5)
