"""What planning promises in any year of worlds that nobody thought of: events since 1850, odd zones, hushes of days.

In each there is somebody who never falls silent, so that whatever should be kept silent would be heard.
"""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.contracts import Almanac
from bot.days import rule
from bot.model import (
    Account,
    Corpus,
    Event,
    History,
    Mission,
    Pick,
    Plan,
    Post,
    Schedule,
    Schedules,
    Tone,
    Uses,
    Window,
)
from bot.planning.plan import plan, slots
from bot.plugins import TRIGGERS, load
from bot.spans import clock_time
from bot.triggers.anniversary import Anniversary
from bot.zones import DAY, HOUR, MINUTE, date_of, day_of, moment
from tests import years
from tests.fakes.worlds import X, post
from tests.oracle import instants
from tests.years import Calendar, is_leap_day, kept

#: Midnights that spring skips, half hours and quarters, both sides of the date line, summer times below zero.
ZONES = (
    "UTC", "America/New_York", "America/Sao_Paulo", "America/Havana", "America/Asuncion", "Africa/Cairo", "Africa/Casablanca",
    "Asia/Beirut", "Asia/Tehran", "Asia/Kathmandu", "Australia/Lord_Howe", "Australia/Eucla", "Europe/Dublin",
    "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Pago_Pago",
)  # fmt: skip
KINDS, TAGS = ("landing", "loss"), ("a", "b")
LANDED = Mission("rover", "Rover", began_on=date(1976, 7, 20), starts=206_668_800.0, first_sol=0, zone="UTC")

#: What can be said at any time, cheerful or not.
CHATTER = (post("cheer", tags=("chatter",), tone=Tone.CELEBRATION), post("plain", tags=("chatter",)))

#: A world is large, and on a busy machine slow to make up.
SEARCH = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

zones, tones = st.sampled_from(ZONES), st.sampled_from(Tone)
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
leap_days = st.sampled_from([date(year, 2, 29) for year in (1852, 1904, 1972, 1988)])
original = st.dates(date(1850, 1, 1), date(2026, 12, 31)) | leap_days


class World(NamedTuple):
    """Schedules with the options that their triggers were made from, a corpus, and a stretch of time."""

    schedules: Schedules
    corpus: Corpus
    window: Window
    options: Mapping[str, Mapping[str, Any]]

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.schedules, self.window, self.planned(self.window, History()))

    def planned(self, window: Window, history: History) -> Plan:
        return plan(self.schedules, self.corpus, history, window)


@st.composite
def events(draw: st.DrawFn, name: str) -> Event:
    day = draw(original)
    is_observance = draw(st.sampled_from((False, False, True)))
    days: dict[str, Any] = {"rule": rule(f"{day.day} {day:%B}")} if is_observance else {"day": day}
    return Event(
        name, name, draw(st.sampled_from(KINDS)), draw(zones), draw(tones),
        quiet=draw(st.sampled_from((True, True, False))), hush=draw(st.sampled_from((0, 1, 6, 24, 72))) * HOUR, **days,
    )  # fmt: skip


@st.composite
def posts(draw: st.DrawFn, name: str) -> Post:
    return post(
        name,
        tags=tuple(draw(st.sets(st.sampled_from(TAGS)))),
        event=draw(st.sampled_from((None, "e0", "e1", "e2"))),
        tone=draw(tones),
        use=draw(st.sampled_from((Uses.EVERGREEN, Uses.EVERGREEN, Uses.DATED))),
        posted=draw(st.none() | st.dates(date(1970, 1, 1), date(1988, 6, 1)) | leap_days),
    )


def options(window: Window) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """A trigger's name and what is written for it; all but the sky's."""
    hours = st.integers(0, (window.end - window.start) // HOUR)
    many = st.lists(clocks, min_size=1, max_size=3, unique=True)
    dates = st.sets(hours, min_size=1, max_size=4).map(
        lambda each: [moment(window.start + hour * HOUR) for hour in sorted(each)]
    )
    written: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "slots": {"days": st.sampled_from(("daily", "mon-fri", "sat")), "at": many, "zone": zones, "jitter": st.sampled_from(("0s", "50m", "20h"))},
        "anniversary": {"kinds": st.just([*KINDS]), "at": clocks, "leap_day": st.sampled_from(("feb-28", "mar-1", "leap-years-only")), "years": st.sampled_from(("all", "all", "milestones"))},
        "on_this_day": {"at": clocks, "zone": zones, "window": st.sampled_from(("0d", "3d"))},
        "countdown": {"kinds": st.just([*KINDS]), "at": clocks, "steps": st.sampled_from((["-7d", "-1d", "today"], ["-2d"]))},
        "dates": {"at": dates},
        "holiday": {"country": st.sampled_from(("US", "DE")), "at": clocks, "zone": zones},
        "sol": {"mission": st.just("rover"), "every": st.integers(1, 5), "at": clocks},
    }  # fmt: skip
    return st.sampled_from(("anniversary", *written)).flatmap(
        lambda kind: st.tuples(st.just(kind), st.fixed_dictionaries(written[kind]))
    )


def entry(
    name: str, kind: str, written: Mapping[str, Any], *, draw: st.DrawFn, almanac: Almanac, accounts: tuple[Account, ...]
) -> Schedule:  # fmt: skip
    pick = Pick(
        tags=() if kind in {"anniversary", "on_this_day"} else tuple(draw(st.sets(st.sampled_from(TAGS)))),
        event=kind in {"anniversary", "countdown"},
        on_this_day=kind == "on_this_day",
        tones=draw(st.sampled_from(((), (), (Tone.CELEBRATION, Tone.REMEMBRANCE)))),
        cool_down=draw(st.sampled_from((0, HOUR, 2 * DAY, 180 * DAY))),
    )
    frame = draw(st.sampled_from(("", "{{ weekday }}: {{ text }}", "{{ years }}: {{ text }}")))
    chosen = draw(st.lists(st.sampled_from(accounts), min_size=1, max_size=2, unique_by=lambda one: one.name))
    trigger = load(TRIGGERS, kind)(name, written, almanac)
    tone = draw(st.sampled_from((None, None, *Tone)))
    return Schedule(name, trigger, pick, tuple(chosen), (frame,) if frame else (), tone=tone)


@st.composite
def hourly(draw: st.DrawFn, account: Account, almanac: Almanac) -> Schedule:
    trigger = load(TRIGGERS, "slots")("chatter", {"cron": "0 * * * *", "zone": draw(zones)}, almanac)
    pick = Pick(tags=("chatter",), cool_down=draw(st.sampled_from((0, 0, 3 * HOUR))))
    return Schedule(
        "chatter", trigger, pick, (account,), tone=draw(st.sampled_from((None, Tone.CELEBRATION)))
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Some days around one that one of the events comes round on, in a year from 1990 to 2110."""
    known = tuple(draw(events(f"e{number}")) for number in range(draw(st.integers(1, 3))))
    window = draw(windows(known[0]))
    corpus = Corpus((*CHATTER, *(draw(posts(f"p{number}")) for number in range(draw(st.integers(1, 7))))))
    accounts = tuple(
        Account(name, "x", zone=draw(zones), min_gap=draw(st.sampled_from((0, 30 * MINUTE, 5 * HOUR, 2 * DAY))), max_per_day=draw(st.none() | st.integers(1, 3)), limits=X)
        for name in ("one", "two")
    )  # fmt: skip
    almanac = Almanac(known, tuple(each for each in corpus.ready if each.posted), {"rover": LANDED})
    written = {f"s{number}": draw(options(window)) for number in range(draw(st.integers(1, 3)))}
    made = tuple(
        entry(name, kind, table, draw=draw, almanac=almanac, accounts=accounts)
        for name, (kind, table) in written.items()
    )
    chatter = Account("chatter", "x", limits=X)
    never_silent = draw(hourly(chatter, almanac))
    schedules = Schedules(
        (*made, never_silent),
        {event.id: event for event in known},
        {each.name: each for each in (*accounts, chatter)},
    )
    return World(schedules, corpus, window, {name: table for name, (_, table) in written.items()})


@st.composite
def windows(draw: st.DrawFn, event: Event) -> Window:
    year = draw(st.integers(1990, 2110) | st.sampled_from((2011, 2096, 2100, 2104)))
    day = day_of(kept(event, year) or date(year, 2, 28))
    start = day * DAY - draw(st.integers(0, 6 * 24)) * HOUR
    return Window(start, start + draw(st.integers(1, 12 * 24)) * HOUR)


@settings(SEARCH, max_examples=60)
@given(worlds())
def test_in_any_year_quiet_days_are_quiet_and_hushes_without_celebration(world: World) -> None:
    calendar = world.calendar

    assert years.spoken_on_quiet_days(calendar) == []
    assert years.celebrated_in_hush(calendar) == []
    assert years.silenced_remembrances(calendar) == []


@settings(SEARCH, max_examples=60)
@given(worlds())
def test_in_any_year_accounts_keep_their_gap_and_their_most_and_posts_their_rest(world: World) -> None:
    calendar = world.calendar

    assert years.crowded(calendar) == []
    assert years.too_many(calendar) == []
    assert years.said_too_soon_again(calendar) == []


@settings(SEARCH, max_examples=60)
@given(worlds())
def test_in_any_year_every_slot_has_a_post_or_a_reason_that_is_so(world: World) -> None:
    calendar = world.calendar

    assert years.untold(calendar) == {}
    assert years.unreasoned(calendar) == []


@settings(SEARCH, max_examples=80)
@given(worlds())
def test_in_any_year_events_come_round_on_their_own_local_day_and_on_no_other(world: World) -> None:
    calendar = world.calendar

    assert years.off_their_day(calendar) == []
    for each in world.schedules.entries:
        if isinstance(each.trigger, Anniversary) and world.options[each.name]["years"] == "all":
            told = [(slot.at, slot.event) for slot in calendar.told if slot.schedule == each.name]
            assert sorted(told) == sorted(_expected(world, world.options[each.name]))


def _expected(world: World, written: Mapping[str, Any]) -> list[tuple[int, str]]:
    """When each event comes round in the window, and which."""
    time, span = (
        clock_time(written["at"]),
        range(date_of(world.window.start // DAY).year - 1, date_of(world.window.end // DAY).year + 2),
    )
    found = [
        (at, event.id)
        for event in world.schedules.events.values()
        for year in span
        if event.day is None or year > event.day.year
        for day in [_kept_by(event, year, written["leap_day"])]
        if day is not None
        for at in instants(event.zone, time, range(day_of(day), day_of(day) + 1))
    ]
    return [(at, name) for at, name in found if at in world.window]


def _kept_by(event: Event, year: int, leap_day: str) -> date | None:
    """The day of a year by the rule for 29 February, which listed days go before."""
    day = kept(event, year)
    is_listed = any(listed.year == year for listed in event.days)
    if is_listed or not is_leap_day(event) or day != date(year, 2, 28):
        return day
    return {"feb-28": day, "mar-1": date(year, 3, 1), "leap-years-only": None}[leap_day]


@settings(SEARCH, max_examples=80)
@given(worlds(), st.lists(st.integers(0, 10_000), max_size=4))
def test_in_any_year_cutting_a_window_just_after_any_slot_changes_nothing(
    world: World, places: list[int]
) -> None:
    start, end = world.window.start, world.window.end
    found = [slot.at for slot in slots(world.schedules, world.window)] or [start]
    cuts = sorted({start, end, *(min(found[place % len(found)] + 1, end) for place in places)})

    pieces, known = Plan(), History()
    for first, after in pairwise(cuts):
        piece = world.planned(Window(first, after), known)
        pieces, known = pieces + piece, known.after_all(piece.posts)

    assert pieces == world.planned(world.window, History())
