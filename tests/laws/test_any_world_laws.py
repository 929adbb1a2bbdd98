"""What planning promises in worlds that nobody thought of: any accounts, events, schedules, posts and history."""

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.days import rule
from bot.model import (
    Account,
    Corpus,
    Event,
    Gap,
    History,
    Pick,
    Plan,
    PlannedPost,
    Post,
    Priority,
    Schedule,
    Schedules,
    Slot,
    Tone,
    Use,
    Uses,
    Window,
)
from bot.planning.plan import plan, slots
from bot.zones import DAY, HOUR, MINUTE, date_of, moment, zone
from tests.fakes.worlds import X, at, post, schedule

START = at("2027-02-20T00:00Z")
DAYS = 20
WHOLE = Window(START, START + DAYS * DAY)
ZONES = ("UTC", "America/Los_Angeles", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Niue")
TAGS = ("a", "b")
zones = st.sampled_from(ZONES)
near = st.integers(-3, DAYS + 3).map(lambda days: date_of(START // DAY + days))
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from((0, 15, 30)))
cuts = st.lists(st.integers(0, DAYS * 24 * 2).map(lambda half: START + half * HOUR // 2), max_size=3).map(
    sorted
)
gaps = st.sampled_from((0, 1, 30 * MINUTE, 5 * HOUR, 2 * DAY))
cool_downs = st.sampled_from((0, HOUR, 2 * DAY, 9 * DAY, 400 * DAY))


@st.composite
def events(draw: st.DrawFn, name: str) -> Event:
    day = draw(near)
    years = (
        {"rule": rule(f"{day.day} {day:%B}")}
        if draw(st.booleans())
        else {"day": day.replace(year=2020, day=min(day.day, 28))}
    )
    return Event(
        name, name, draw(st.sampled_from(("landing", "loss"))), draw(zones), draw(st.sampled_from(Tone)),
        quiet=draw(st.booleans()), **years,
    )  # fmt: skip


@st.composite
def posts(draw: st.DrawFn, number: int) -> Post:
    posted = draw(st.none() | near.map(lambda day: day.replace(year=2021, day=min(day.day, 28))))
    return post(
        f"p{number}",
        tags=tuple(draw(st.sets(st.sampled_from(TAGS)))),
        event=draw(st.none() | st.sampled_from(("e0", "e1"))),
        tone=draw(st.sampled_from(Tone)),
        use=draw(st.sampled_from((Uses.EVERGREEN, Uses.EVERGREEN, Uses.DATED))),
        posted=posted,
    )


@st.composite
def entries(
    draw: st.DrawFn, name: str, *, known: tuple[Event, ...], accounts: tuple[Account, ...], corpus: Corpus
) -> Schedule:
    pick = Pick(tags=tuple(draw(st.sets(st.sampled_from(TAGS)))), cool_down=draw(cool_downs))
    kind, options, pick = draw(
        st.one_of(
            st.tuples(st.just("slots"), st.fixed_dictionaries({
                "days": st.sampled_from(("daily", "mon-fri", "sat")), "at": st.lists(clocks, min_size=1, max_size=3, unique=True),
                "zone": zones, "jitter": st.sampled_from(("0s", "50m", "20h")),
            }), st.just(pick)),
            st.tuples(st.just("anniversary"), st.fixed_dictionaries({"kinds": st.just(["landing", "loss"]), "at": clocks}), st.just(Pick(event=True, cool_down=pick.cool_down))),
            st.tuples(st.just("on_this_day"), st.fixed_dictionaries({"at": clocks, "zone": zones}), st.just(Pick(on_this_day=True, cool_down=pick.cool_down))),
            st.tuples(st.just("dates"), st.fixed_dictionaries({"at": st.sets(st.integers(0, DAYS * 24), min_size=1, max_size=3).map(lambda hours: [moment(START + hour * HOUR) for hour in sorted(hours)])}), st.just(pick)),
        )
    )  # fmt: skip
    frame = draw(st.sampled_from(("", "{{ weekday }}: {{ text }}", "{{ years }}: {{ text }}")))
    chosen = tuple(
        draw(st.lists(st.sampled_from(accounts), min_size=1, max_size=2, unique_by=lambda each: each.name))
    )
    return schedule(name, kind, options, pick=pick, frame=frame, accounts=chosen, events=known, corpus=corpus)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Schedules, Corpus]:
    known = tuple(draw(events(f"e{number}")) for number in range(draw(st.integers(0, 3))))
    corpus = Corpus(tuple(draw(posts(number)) for number in range(draw(st.integers(0, 6)))))
    accounts = tuple(
        Account(name, "x", zone=draw(zones), min_gap=draw(gaps), max_per_day=draw(st.none() | st.integers(1, 3)), limits=X)
        for name in ("one", "two")
    )  # fmt: skip
    made = tuple(
        draw(entries(f"s{number}", known=known, accounts=accounts, corpus=corpus))
        for number in range(draw(st.integers(1, 4)))
    )
    return (
        Schedules(
            made, {event.id: event for event in known}, {account.name: account for account in accounts}
        ),
        corpus,
    )


@st.composite
def lived_in(draw: st.DrawFn) -> tuple[Schedules, Corpus, History]:
    """A world with a past, and with a slot or two that a person has filled or moved."""
    schedules, corpus = draw(worlds())
    ahead = slots(schedules, WHOLE)
    uses: list[Use] = []
    for slot in (
        draw(st.lists(st.sampled_from(ahead), max_size=2, unique_by=lambda each: each.identity))
        if ahead
        else ()
    ):
        moved = slot.at + draw(st.sampled_from((0, 0, HOUR, 3 * DAY)))
        uses.append(Use(slot, f"p{draw(st.integers(0, 6))}", schedules.by_name[slot.schedule].names, moved))
    for days in draw(st.lists(st.integers(1, 12), max_size=3, unique=True)):
        past = Slot(START - days * DAY, "s0", START - days * DAY, "UTC")
        uses.append(Use(past, f"p{draw(st.integers(0, 6))}", ("one",), past.at))
    return schedules, corpus, History(tuple(uses))


@settings(max_examples=100, deadline=None)
@given(lived_in(), cuts)
def test_in_any_world_cutting_a_window_changes_nothing(
    lived: tuple[Schedules, Corpus, History], at_instants: list[int]
) -> None:
    schedules, corpus, history = lived
    whole = plan(schedules, corpus, history, WHOLE)

    pieces, known = Plan(), history
    for start, end in zip([START, *at_instants], [*at_instants, WHOLE.end], strict=True):
        piece = plan(schedules, corpus, known, Window(start, end))
        pieces, known = pieces + piece, known.after_all(piece.posts)

    assert pieces == whole


@settings(max_examples=40, deadline=None)
@given(lived_in())
def test_in_any_world_every_slot_is_filled_given_up_or_taken(
    lived: tuple[Schedules, Corpus, History],
) -> None:
    schedules, corpus, history = lived

    found = plan(schedules, corpus, history, WHOLE)

    told = Counter(slot.identity for slot in _slots(found))
    taken = {use.slot.identity for use in history.uses}
    assert told == Counter(slot.identity for slot in slots(schedules, WHOLE) if slot.identity not in taken)
    assert [each.slot for each in found.posts] == sorted((each.slot for each in found.posts), key=Slot.order)


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_in_any_world_what_is_said_may_be_said(made: tuple[Schedules, Corpus]) -> None:
    schedules, corpus = made

    found = plan(schedules, corpus, History(), WHOLE)

    for each in found.posts:
        solemn = each.slot.priority is Priority.REMEMBRANCE
        assert each.post.tone is not (Tone.CELEBRATION if solemn else Tone.REMEMBRANCE)
        assert each.post.use is not Uses.HOLD
        assert each.accounts == schedules.by_name[each.slot.schedule].names


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_in_any_world_accounts_keep_their_gap_and_their_most_per_day(made: tuple[Schedules, Corpus]) -> None:
    schedules, corpus = made

    found = plan(schedules, corpus, History(), WHOLE)

    for account in schedules.accounts.values():
        said = [each.slot for each in found.posts if account.name in each.accounts]
        _check_gaps(said, account)
        days = Counter(_day(slot, account) for slot in said if slot.priority is not Priority.REMEMBRANCE)
        assert account.max_per_day is None or all(count <= account.max_per_day for count in days.values())


def _check_gaps(said: list[Slot], account: Account) -> None:
    """Two slots may stand nearer than the gap only where the later is the more important one."""
    for place, later in enumerate(said):
        for earlier in said[:place]:
            assert later.at - earlier.at >= account.min_gap or later.priority < earlier.priority


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_in_any_world_remembrance_gives_way_to_nothing_but_remembrance(
    made: tuple[Schedules, Corpus],
) -> None:
    schedules, corpus = made

    found = plan(schedules, corpus, History(), WHOLE)

    solemn = [each for each in found.posts if each.slot.priority is Priority.REMEMBRANCE]
    for gap in found.gaps:
        if gap.slot.priority is Priority.REMEMBRANCE:
            assert not gap.reason.startswith(("quiet day", "gives way"))
            assert "at most" not in gap.reason
            assert not gap.reason.startswith("too soon") or any(
                _stand_near(gap, each, schedules) for each in solemn
            )


def _stand_near(gap: Gap, said: PlannedPost, schedules: Schedules) -> bool:
    shared = {*schedules.by_name[gap.slot.schedule].names} & {*said.accounts}
    return any(abs(gap.slot.at - said.slot.at) < schedules.accounts[name].min_gap for name in shared)


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_in_any_world_a_quiet_day_is_quiet(made: tuple[Schedules, Corpus]) -> None:
    schedules, corpus = made

    found = plan(schedules, corpus, History(), WHOLE)

    for event in schedules.events.values():
        if event.quiet:
            days = {event.observed(2027) or _in_2027(event)}
            for each in found.posts:
                here = date_of(zone(event.zone).wall(each.slot.at) // DAY)
                assert each.slot.priority is Priority.REMEMBRANCE or not days & {here, each.slot.day}


def _in_2027(event: Event) -> date | None:
    return event.day and event.day.replace(year=2027)


def _day(slot: Slot, account: Account) -> int:
    return zone(account.zone).wall(slot.at) // DAY


def _slots(found: Plan) -> list[Slot]:
    return [each.slot for each in found.posts] + [gap.slot for gap in found.gaps]
