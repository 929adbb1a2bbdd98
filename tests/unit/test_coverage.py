"""What a year lacks, repeats or never uses: each list by cases, in worlds made by hand."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from bot.days import rule
from bot.model import Corpus, Event, History, Pick, Post, Schedules, Slot, Tone, Use, Uses
from bot.planning.plan import plan
from bot.preview.coverage import NO_OCCASION, NO_TAKER, NOT_THIS_YEAR, coverage
from bot.preview.findings import Coverage, Day, Year
from bot.zones import DAY, moment
from tests.fakes.worlds import (
    CORPUS,
    LANDING,
    LOSS,
    MARS,
    MOON,
    anniversaries,
    at,
    evergreens,
    post,
    schedule,
    slots,
    world,
)

YEAR = Year(date(2027, 1, 1), date(2028, 1, 1))
NOW = at("2027-01-01T00:00Z")
DAY_OF_WATER = Event("water", "Day of water", "landing", rule=rule("22 march"), confirmed_until=2026)
OF_LANDING = post("a", event="landing", use=Uses.DATED)


def covered(
    schedules: Schedules,
    *posts: Post,
    uses: Iterable[Use] = (),
    year: Year = YEAR,
    now: int = NOW,
    faulty: Iterable[str] = (),
) -> Coverage:
    corpus, said = Corpus(posts, frozenset(faulty)), tuple(uses)
    planned = plan(schedules, corpus, History(said), year.around)
    return coverage(schedules, corpus, plan=planned, uses=said, year=year, now=now)


def landings(**fields: Any) -> Schedules:
    return world(anniversaries(kinds=["landing"], **fields), events=fields.get("events", (LANDING,)))


def moment_of(text: str) -> datetime:
    return moment(at(text))


def said(name: str, when: str, account: str = "mars") -> Use:
    instant = at(when)
    return Use(Slot(instant, "evergreen", instant, "UTC"), name, (account,), instant)


@pytest.mark.parametrize(
    ("posts", "is_bare"),
    [
        ((), True),
        ((post("a", event="flight", use=Uses.DATED),), True),
        ((OF_LANDING,), False),
        ((replace(OF_LANDING, use=Uses.HOLD),), True),
        ((replace(OF_LANDING, id="faulty"),), True),
        ((replace(OF_LANDING, tone=Tone.CELEBRATION),), False),
    ],
)
def test_an_event_that_is_spoken_of_needs_a_ready_post(posts: tuple[Post, ...], *, is_bare: bool) -> None:
    found = covered(landings(), *posts, faulty=["faulty"])

    days = [(each.event, each.title, each.schedule, each.date, each.confirmed) for each in found.bare]
    lacking = ("landing", "First landing", "anniversaries", date(2027, 1, 25), True)
    assert days == ([lacking] if is_bare else [])


def test_a_day_that_only_a_rule_gives_is_told_as_unconfirmed() -> None:
    found = covered(landings(events=(DAY_OF_WATER,)))

    assert [(each.date, each.confirmed) for each in found.bare] == [(date(2027, 3, 22), False)]


def test_an_event_whose_words_give_way_is_not_bare() -> None:
    quiet = replace(LOSS, day=date(1986, 1, 25))
    schedules = world(anniversaries(kinds=["landing"]), events=(LANDING, quiet))

    found = covered(schedules, OF_LANDING)

    assert (found.gaps, found.bare) == (1, ())


def test_a_gap_of_what_is_no_events_own_is_not_bare() -> None:
    found = covered(world(slots()))

    assert found.gaps > 700
    assert found.bare == ()


def test_an_event_of_which_other_words_are_said_is_not_bare() -> None:
    """A schedule that picks by tags has no words of the event's own; and people place what they want."""
    options = {"kinds": ["landing"], "at": "09:00"}
    tagged = world(schedule("s", "anniversary", options, pick=Pick(tags=("science",))), events=(LANDING,))
    placed = plan(landings(), Corpus((OF_LANDING,)), History(), YEAR.around)

    by_tags = covered(tagged)
    by_hand = coverage(landings(), Corpus(), plan=placed, uses=(), year=YEAR, now=NOW)

    assert (by_tags.gaps, by_tags.bare) == (1, ())
    assert (by_hand.posts, by_hand.bare) == (1, ())


def test_a_gap_of_a_schedule_that_is_gone_is_not_bare() -> None:
    planned = plan(landings(), Corpus(), History(), YEAR.around)

    found = coverage(world(slots()), Corpus(), plan=planned, uses=(), year=YEAR, now=NOW)

    assert (found.gaps, found.bare) == (1, ())


@pytest.mark.parametrize(
    ("kinds", "unspoken"),
    [
        (["landing"], [("flight", 1), ("loss", 0)]),
        (["landing", "flight"], [("loss", 0)]),
        (["landing", "flight", "loss"], []),
    ],
)
def test_an_event_of_which_no_schedule_speaks_in_ten_years_is_named(
    kinds: list[str], unspoken: list[tuple[str, int]]
) -> None:
    found = covered(world(anniversaries(kinds=kinds)), post("a", event="flight"))

    assert [(each.event, each.posts) for each in found.unspoken] == unspoken


@pytest.mark.parametrize(("years", "is_spoken_of"), [(31, True), (32, True), (33, False)])
def test_ten_years_ahead_count(years: int, *, is_spoken_of: bool) -> None:
    """The first landing was in 2004; the year of these tests and nine after it end with 2036."""
    options = {"kinds": ["landing"], "at": "09:00", "years": [years]}

    found = covered(world(schedule("late", "anniversary", options, pick=Pick(event=True)), events=(LANDING,)))

    assert (found.unspoken == ()) is is_spoken_of


def test_wordings_are_counted_by_event_and_those_with_one_alone_are_told() -> None:
    pair = (post("b", event="flight"), post("c", event="flight"))

    found = covered(world(anniversaries()), *pair, OF_LANDING, post("d", event="flight", use=Uses.HOLD))

    counts = [(each.event, each.title, each.posts) for each in found.wordings]
    assert counts == [
        ("loss", "A loss", 0),
        ("landing", "First landing", 1),
        ("flight", "First flight", 2),
    ]
    assert [each.event for each in found.single] == ["landing"]


def test_an_event_without_a_title_is_called_by_its_id() -> None:
    found = covered(landings(events=(replace(LANDING, title=""),)), OF_LANDING, post("b", event="gone"))

    assert [each.title for each in found.wordings] == ["gone", "landing"]


@pytest.mark.parametrize(
    ("fields", "suited"),
    [
        ({}, 7),
        ({"tone": Tone.NEUTRAL}, 6),
        ({"tone": Tone.REMEMBRANCE}, 7),
        ({"pick": Pick(tags=("images",))}, 2),
        ({"pick": Pick(tags=("science",), tones=(Tone.REMEMBRANCE,))}, 1),
        ({"pick": Pick(posts=("science/0", "dated"))}, 2),
        ({"pick": Pick(lang="de")}, 0),
    ],
)
def test_the_posts_that_suit_a_schedule_are_those_that_a_plan_can_give_it(
    fields: dict[str, Any], suited: int
) -> None:
    """Held against the plan: with no cool-down, a year of slots takes each post that suits, and no other."""
    pick = replace(fields.pop("pick", Pick(tags=("science", "images"))), cool_down=0)
    posts = (
        *evergreens(4),
        *evergreens(2, "images"),
        post("cheer", tags=("science",), tone=Tone.CELEBRATION),
        post("grief", tags=("science",), tone=Tone.REMEMBRANCE),
        post("held", tags=("science",), use=Uses.HOLD),
        post("dated", tags=("science",), use=Uses.DATED),
    )
    schedules = world(slots(pick=pick, accounts=(MOON,), **fields), events=())

    found = covered(schedules, *posts)

    assert [each.posts for each in found.turns] == [suited]
    assert len(posts) - 1 - len(found.unused) == suited


@pytest.mark.parametrize(
    ("number", "days", "is_short"), [(10, 10, False), (5, 5, False), (4, 4, True), (0, 0, True)]
)
def test_posts_come_again_after_as_many_days_as_there_are_posts_for_a_slot_each(
    number: int, days: int, *, is_short: bool
) -> None:
    """The cool-down of this world is five days, and one slot a day is asked for."""
    found = covered(world(slots("evergreen", "10:30", accounts=(MOON,)), events=()), *evergreens(number))

    (turn,) = found.turns
    assert (turn.posts, turn.slots, turn.days, turn.asked) == (number, 365, days, 5)
    assert turn.is_short is is_short


def test_schedules_that_take_the_same_posts_share_them_and_their_slots_are_added_up() -> None:
    mornings = slots("mornings", "10:30", days="mon", accounts=(MOON,))
    evenings = slots("evenings", "20:00", days="tue", accounts=(MOON,))
    never = slots("never", "20:00", days="wed", pick=Pick(tags=("nowhere",)), accounts=(MOON,))
    nor = slots("nor", "21:00", days="wed", pick=Pick(tags=("nowhere",)), accounts=(MOON,))

    shared, *empty = covered(world(mornings, never, evenings, nor, events=()), *evergreens(26)).turns

    assert (shared.schedule, shared.others, shared.partly) == ("mornings", ("evenings",), ())
    assert (shared.posts, shared.slots, shared.days) == (26, 104, 91)
    assert [(each.schedule, each.others) for each in empty] == [("never", ()), ("nor", ())]


def test_schedules_of_other_accounts_share_nothing() -> None:
    ours, theirs = slots("ours", "10:30", accounts=(MOON,)), slots("theirs", "10:30", accounts=(MARS,))

    found = covered(world(ours, theirs, events=()), *evergreens(3)).turns

    assert [(each.schedule, each.others, each.partly) for each in found] == [
        ("ours", (), ()),
        ("theirs", (), ()),
    ]


def test_a_schedule_that_takes_some_of_anothers_posts_is_named_by_both() -> None:
    some = slots("some", "10:30", pick=Pick(tags=("images",)), accounts=(MOON,))
    most = slots("most", "20:00", pick=Pick(tags=("images", "science")), accounts=(MOON,))

    found = covered(world(some, most, events=()), *evergreens(2), *evergreens(1, "images")).turns

    assert [(each.schedule, each.posts, each.partly) for each in found] == [
        ("some", 1, ("most",)),
        ("most", 3, ("some",)),
    ]


def test_a_post_rests_from_all_that_share_it() -> None:
    short = slots("short", "10:30", pick=Pick(tags=("science",), cool_down=0))
    long = slots("long", "20:00", pick=Pick(tags=("science",), cool_down=9 * DAY))

    (turn,) = covered(
        world(short, long, events=()), *evergreens(3), uses=[said("science/0", "2026-12-30T00:00Z")]
    ).turns

    assert (turn.resting, turn.asked) == (1, 9)


def test_without_a_slot_nothing_comes_again() -> None:
    once = schedule("once", "dates", {"at": [moment_of("2030-01-01T00:00Z")]}, pick=Pick(tags=("science",)))

    (turn,) = covered(world(once, events=()), *evergreens(3)).turns

    assert (turn.slots, turn.days, turn.is_short) == (0, None, False)


@pytest.mark.parametrize(
    ("use", "resting"),
    [
        (said("science/0", "2026-12-30T00:00Z"), 1),
        (said("science/0", "2026-12-27T00:00:01Z"), 1),
        (said("science/0", "2026-12-27T00:00Z"), 0),
        (said("science/0", "2026-12-30T00:00Z", account="moon"), 0),
        (said("elsewhere", "2026-12-30T00:00Z"), 0),
        (said("science/0", "2027-01-02T00:00Z"), 0),
    ],
)
def test_a_post_rests_that_was_said_less_than_its_cool_down_ago(use: Use, resting: int) -> None:
    found = covered(world(slots(), events=()), *evergreens(3), uses=[use])

    assert [each.resting for each in found.turns] == [resting]


def test_what_an_event_or_a_date_picks_is_not_taken_in_turn() -> None:
    recalled = schedule(
        "recalled", "on_this_day", {"at": "12:00", "zone": "UTC"}, pick=Pick(on_this_day=True)
    )

    found = covered(world(anniversaries(), recalled, slots()), *CORPUS.posts)

    assert [each.schedule for each in found.turns] == ["evergreen"]


def test_tones_and_gaps_are_counted_by_month() -> None:
    schedules = world(anniversaries(), slots("evergreen", "10:30", days="fri"))
    posts = (
        post("party", event="landing", tone=Tone.CELEBRATION),
        post("grief", event="loss", tone=Tone.REMEMBRANCE),
        *evergreens(9),
    )

    found = covered(schedules, *posts)

    assert [month.name for month in found.months] == [f"2027-{number:02}" for number in range(1, 13)]
    january, april = found.months[0], found.months[3]
    assert [january.of(tone) for tone in Tone] == [1, 1, 5]
    assert (january.posts, january.gaps) == (7, 0)
    assert (april.posts, april.gaps) == (5, 1)


@pytest.mark.parametrize(
    ("unused", "reason"),
    [
        (post("x", use=Uses.DATED), NO_TAKER),
        (post("x", tags=("nowhere",)), NO_TAKER),
        (post("x", tags=("science",), tone=Tone.REMEMBRANCE), NO_TAKER),
        (post("x", event="flight", use=Uses.DATED), NO_OCCASION),
        (post("x", event="loss", use=Uses.DATED, tone=Tone.REMEMBRANCE), NO_OCCASION),
        (post("x", event="flight", tags=("science",), posted=date(2026, 1, 2)), NOT_THIS_YEAR),
        (post("x", event="landing", tone=Tone.REMEMBRANCE), NOT_THIS_YEAR),
    ],
)
def test_a_post_that_is_never_used_says_why(unused: Post, reason: str) -> None:
    """Of the evergreen posts one is taken each Friday, and what was posted lately comes last of a hundred."""
    fridays = slots("evergreen", "10:30", days="fri", pick=Pick(tags=("science",)))
    posts = (*evergreens(100), OF_LANDING, unused)

    found = covered(world(anniversaries(kinds=["landing"]), fridays), *posts)

    assert {each.post: each.reason for each in found.unused}.get("x") == reason


def test_what_history_has_is_used_and_what_is_not_ready_is_no_loss() -> None:
    posts = (post("said"), post("later"), post("held", use=Uses.HOLD), post("faulty"))
    uses = (said("said", "2020-01-01T00:00Z"), said("later", "2028-06-01T00:00Z"))

    found = covered(landings(), *posts, uses=uses, faulty=["faulty"])

    assert [each.post for each in found.unused] == ["later"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, []),
        ({"review": date(2027, 1, 2)}, []),
        ({"review": date(2027, 1, 1)}, [(date(2027, 1, 1), False, ())]),
        ({"review": date(2020, 1, 1)}, [(date(2020, 1, 1), False, ())]),
        ({"use": Uses.HOLD, "reasons": ("ask",)}, [(None, True, ("ask",))]),
        ({"use": Uses.HOLD, "review": date(2020, 1, 1)}, [(date(2020, 1, 1), True, ())]),
    ],
)
def test_a_post_is_due_from_its_day_of_review_on_and_while_it_is_on_hold(
    fields: dict[str, Any], told: list[object]
) -> None:
    found = covered(landings(), post("a", **fields))

    assert [(each.review, each.on_hold, each.reasons) for each in found.due] == told


def test_what_has_waited_longest_for_review_comes_first_and_faulty_posts_too() -> None:
    posts = (
        post("held", use=Uses.HOLD),
        post("new", review=date(2026, 12, 31)),
        post("old", review=date(2026, 1, 1)),
    )

    found = covered(landings(), *posts, faulty=["old"])

    assert [each.post for each in found.due] == ["old", "new", "held"]


@pytest.mark.parametrize(
    ("tones", "loudest"),
    [
        ((), None),
        ((Tone.NEUTRAL,), Tone.NEUTRAL),
        ((Tone.NEUTRAL, Tone.CELEBRATION), Tone.CELEBRATION),
        ((Tone.CELEBRATION, Tone.REMEMBRANCE), Tone.REMEMBRANCE),
    ],
)
def test_a_day_is_told_by_its_loudest_tone(tones: tuple[Tone, ...], loudest: Tone | None) -> None:
    """Each of several accounts says its own at the same hour."""
    instant = moment_of("2027-03-10T12:00Z")
    entries = [
        schedule(
            str(tone),
            "dates",
            {"at": [instant]},
            pick=Pick(posts=(str(tone),), tones=(tone,)),
            accounts=(MOON,),
        )
        for tone in tones
    ]

    found = covered(world(*entries, events=()), *(post(str(tone), tone=tone) for tone in Tone))

    assert len(found.heat) == 365
    assert found.heat[68] == Day(date(2027, 3, 10), len(tones), 0, loudest, None)


def test_a_quiet_day_is_that_of_its_event_with_words_or_without() -> None:
    observance = replace(DAY_OF_WATER, quiet=True)
    early = replace(LOSS, id="early", day=date(2030, 6, 1))
    schedules = world(anniversaries(kinds=["loss"]), events=(LOSS, observance, early, LANDING))

    found = covered(schedules, post("a", event="loss", tone=Tone.REMEMBRANCE))

    quiet = {day.date: (day.quiet, day.posts) for day in found.heat if day.quiet}
    assert quiet == {date(2027, 1, 28): ("loss", 1), date(2027, 3, 22): ("water", 0)}


def test_a_day_is_that_of_the_slots_own_calendar() -> None:
    """Ten in the evening of New Year's Eve in Los Angeles is the new year in UTC."""
    late = {"days": "daily", "at": "22:00", "zone": "America/Los_Angeles"}
    schedules = world(schedule("late", "slots", late, pick=Pick(cool_down=0)), events=())

    found = covered(schedules, post("a"))

    assert (found.posts, found.heat[0].posts, found.heat[-1].posts) == (365, 1, 1)


def test_a_year_is_half_open_and_reaches_around_its_dates() -> None:
    year = Year(date(2028, 1, 1), date(2029, 1, 1))

    assert (year.days, year.last, len(list(year))) == (366, date(2028, 12, 31), 366)
    assert date(2028, 12, 31) in year
    assert date(2029, 1, 1) not in year
    assert (year.around.start, year.around.end) == (at("2027-12-31T00:00Z"), at("2029-01-02T00:00Z"))
