"""Tone and spacing: which slots give way, and to what."""

from datetime import date

import pytest
from msgspec.structs import replace

from bot.days import rule
from bot.model import Account, Event, Priority, Schedule, Schedules, Slot, Tone, Use, Window
from bot.planning.quiet import Quiet
from bot.zones import DAY, HOUR, MINUTE, zone
from tests.fakes.worlds import LOSS, MARS, MOON, X, anniversaries, at, slots, world

REMEMBRANCE, ANNIVERSARY, SLOTS = Priority.REMEMBRANCE, Priority.ANNIVERSARY, Priority.SLOTS
YORK, TOKYO = "America/New_York", "Asia/Tokyo"
MOURNED = Event("mourned", "A loss", "loss", YORK, Tone.REMEMBRANCE, day=date(2020, 2, 29), quiet=True)
OBSERVED = Event("observed", "A day", "day", YORK, rule=rule("4th thursday of january"), quiet=True)
LEAP = Event("leap", "A day", "day", "UTC", rule=rule("29 february"), quiet=True)
FIFTH = Event("fifth", "A day", "day", YORK, rule=rule("5th monday of february"), quiet=True)


def slot(when: str, priority: Priority = SLOTS, zone_name: str = "UTC", schedule: str = "daily") -> Slot:
    instant = at(when)
    return Slot(instant, schedule, zone(zone_name).wall(instant), zone_name, priority)


def said(when: str, priority: Priority = SLOTS, *names: str) -> Use:
    heard = slot(when, priority, schedule="said")
    return Use(heard, "post", names or ("mars",), heard.at)


def quiet(
    *uses: Use, account: Account = MARS, entries: tuple[Schedule, ...] = (), events: tuple[Event, ...] = ()
) -> Quiet:
    known = Schedules(entries, {event.id: event for event in events}, {account.name: account})
    found = Quiet(known, Window(at("2027-01-01T00:00Z"), at("2028-12-31T00:00Z")))
    for use in uses:
        found.hear(use)
    return found


def objection(found: Quiet, speaking: Slot, account: Account = MARS) -> str | None:
    return found.objection(speaking, (account,), found.hush(speaking))


@pytest.mark.parametrize(
    ("when", "zone_name", "event", "silent", "reason"),
    [
        ("2027-01-28T05:00Z", "Pacific/Niue", LOSS, True, "from midnight where it happened"),
        ("2027-01-28T04:59Z", "Pacific/Niue", LOSS, False, "and no earlier"),
        ("2027-01-29T04:59Z", "UTC", LOSS, True, "to midnight where it happened"),
        ("2027-01-29T05:00Z", "UTC", LOSS, False, "and no longer"),
        ("2027-01-28T00:00Z", "UTC", LOSS, True, "and from the first minute of the slot's own date"),
        ("2027-01-27T23:59Z", "UTC", LOSS, False, "and not the evening before"),
        ("2027-01-27T15:00Z", TOKYO, LOSS, True, "which in Japan begins the day before"),
        ("2027-01-27T14:59Z", TOKYO, LOSS, False, "at its midnight"),
        ("2028-02-29T12:00Z", "UTC", MOURNED, True, "29 February is kept in leap years"),
        ("2027-02-28T12:00Z", "UTC", MOURNED, True, "and on 28 February in others"),
        ("2027-03-01T12:00Z", "UTC", MOURNED, True, "and on 1 March, where some schedules keep it"),
        ("2028-03-01T12:00Z", "UTC", MOURNED, False, "but not in leap years"),
        ("2027-01-28T12:00Z", "UTC", OBSERVED, True, "an observance is quiet on the day that its rule gives"),
        ("2028-01-27T12:00Z", "UTC", OBSERVED, True, "in each year by itself"),
        ("2027-01-21T12:00Z", "UTC", OBSERVED, False, "and on no other"),
        ("2027-02-28T12:00Z", "UTC", LEAP, True, "an observance of 29 February is quiet on the 28th"),
        ("2027-03-01T12:00Z", "UTC", LEAP, True, "and on 1 March, as schedules may keep it"),
        ("2028-03-01T12:00Z", "UTC", LEAP, False, "but not in leap years"),
        ("2027-02-22T12:00Z", "UTC", FIFTH, False, "a year without such a day has no quiet one"),
        ("2027-01-28T12:00Z", "UTC", replace(LOSS, quiet=False), False, "an event is quiet only if it says so"),
        ("2027-01-28T12:00Z", "UTC", replace(LOSS, day=date(2029, 1, 28)), False, "and never before it happened"),
        ("2027-01-28T12:00Z", "UTC", replace(LOSS, day=date(2027, 1, 28)), True, "but on the very day"),
    ],
)  # fmt: skip
def test_a_quiet_day_is_quiet_by_the_calendar_of_the_event_and_of_the_slot(
    when: str, zone_name: str, event: Event, reason: str, *, silent: bool
) -> None:
    found = objection(quiet(events=(event,)), slot(when, zone_name=zone_name))

    assert found == (f"quiet day: {event.id}" if silent else None), reason


@pytest.mark.parametrize("priority", list(Priority))
def test_on_a_quiet_day_only_remembrance_speaks(priority: Priority) -> None:
    found = quiet(events=(LOSS,))
    noon = slot("2027-01-28T12:00Z", priority)

    is_silent = objection(found, noon) is not None

    assert is_silent == (priority is not REMEMBRANCE)
    assert (found.silence(noon, Tone.NEUTRAL) is not None) == is_silent


def test_a_day_that_two_events_silence_names_the_first() -> None:
    other = replace(LOSS, id="other")

    assert objection(quiet(events=(LOSS, other)), slot("2027-01-28T12:00Z")) == "quiet day: loss"


@pytest.mark.parametrize(
    ("heard", "when", "priority", "told", "reason"),
    [
        ("2027-03-01T10:00Z", "2027-03-01T11:29Z", SLOTS, True, "less than the gap after a post is too soon"),
        ("2027-03-01T10:00Z", "2027-03-01T11:30Z", SLOTS, False, "the gap itself is enough"),
        ("2027-03-01T10:00Z", "2027-03-01T10:00Z", SLOTS, True, "two at once are too many"),
        ("2027-03-01T10:00Z", "2027-03-01T10:10Z", ANNIVERSARY, False, "who is more important speaks on"),
        ("2027-03-01T23:30Z", "2027-03-02T00:30Z", SLOTS, True, "no midnight ends a gap"),
        ("2027-03-02T07:30Z", "2027-03-02T08:30Z", SLOTS, True, "not that of the account either"),
        ("2027-03-01T12:00Z", "2027-03-01T11:00Z", SLOTS, True, "what a person placed ahead counts as well"),
    ],
)
def test_two_posts_keep_their_distance(
    heard: str, when: str, priority: Priority, reason: str, *, told: bool
) -> None:
    found = objection(quiet(said(heard)), slot(when, priority))

    assert (found is not None) == told, reason
    assert found is None or found.startswith("too soon for mars: said speaks at ")


@pytest.mark.parametrize(
    ("heard", "zone_name", "told"),
    [
        ("2027-03-01T10:00Z", "America/New_York", "said speaks at 05:00"),
        ("2027-03-01T10:00Z", "Asia/Kolkata", "said speaks at 15:30"),
        ("2027-03-01T10:00Z", "Pacific/Honolulu", "said speaks at 00:00"),
        ("2027-03-01T09:59Z", "Pacific/Honolulu", "said speaks at 23:59 on 28 February"),
    ],
)
def test_the_other_is_told_by_the_clock_of_the_slot_that_gives_way(
    heard: str, zone_name: str, told: str
) -> None:
    found = quiet(said(heard))

    assert objection(found, slot("2027-03-01T10:30Z", zone_name=zone_name)) == f"too soon for mars: {told}"


def test_the_other_is_told_with_what_it_speaks_of() -> None:
    of_loss = replace(slot("2027-03-01T10:00Z"), schedule="losses", event="loss")
    by_hand = replace(slot("2027-03-01T13:00Z"), schedule="post/01234567")
    uses = [Use(each, "p", ("mars",), each.at) for each in (of_loss, by_hand)]
    found = quiet(*uses)

    told = [objection(found, slot(when)) for when in ("2027-03-01T10:30Z", "2027-03-01T13:30Z")]

    assert told == [
        "too soon for mars: losses speaks of loss at 10:00",
        "too soon for mars: a post by hand speaks at 13:00",
    ]


@pytest.mark.parametrize(
    ("when", "told"),
    [("11:30", False), ("11:31", True), ("13:00", True), ("14:29", True), ("14:30", False)],
)
def test_a_slot_gives_way_to_a_more_important_one_that_is_to_come(when: str, *, told: bool) -> None:
    found = quiet(entries=(anniversaries(),))  # the flight's, at 09:00 in New York

    objected = objection(found, slot(f"2027-04-19T{when}Z"))

    expected = "gives way to anniversaries, which speaks of flight at 13:00, within mars's smallest gap"
    assert objected == (expected if told else None)


def test_nothing_gives_way_to_its_like() -> None:
    found = quiet(entries=(anniversaries(),))

    assert objection(found, slot("2027-04-19T12:30Z", ANNIVERSARY)) is None


def test_a_slot_of_everyday_is_nothing_to_give_way_to() -> None:
    found = quiet(entries=(slots(),))

    assert objection(found, slot("2027-04-19T14:00Z")) is None


@pytest.mark.parametrize(
    ("heard", "when", "priority", "told", "reason"),
    [
        (3, "2027-03-01T20:00Z", SLOTS, True, "three a day are enough"),
        (2, "2027-03-01T20:00Z", SLOTS, False, "two leave room for one"),
        (3, "2027-03-01T20:00Z", ANNIVERSARY, True, "even for an anniversary"),
        (3, "2027-03-01T20:00Z", REMEMBRANCE, False, "but never for remembrance"),
        (3, "2027-03-02T07:59Z", SLOTS, True, "a day ends at midnight of the account"),
        (3, "2027-03-02T08:00Z", SLOTS, False, "and then another begins"),
    ],
)
def test_an_account_speaks_so_many_times_a_day(
    heard: int, when: str, priority: Priority, reason: str, *, told: bool
) -> None:
    uses = [said(f"2027-03-01T{hour}:00Z") for hour in ("09", "12", "15")[:heard]]

    found = objection(quiet(*uses), slot(when, priority))

    assert found == ("mars speaks at most 3 times a day" if told else None), reason


@pytest.mark.parametrize(
    ("heard", "when", "told", "reason"),
    [
        (2, "2027-04-19T10:00Z", True, "the last place is kept for the anniversary of the day"),
        (1, "2027-04-19T10:00Z", False, "with one more place there is room for both"),
        (2, "2027-04-19T20:00Z", False, "once it is past nothing is kept for it"),
        (2, "2027-04-18T10:00Z", False, "nor the day before"),
    ],
)
def test_room_is_kept_for_what_is_more_important_and_to_come(
    heard: int, when: str, reason: str, *, told: bool
) -> None:
    calm = replace(MARS, min_gap=0, zone="UTC")
    day = when[:10]
    uses = [said(f"{day}T0{hour}:00Z") for hour in range(heard)]

    found = objection(
        quiet(*uses, entries=(anniversaries(accounts=(calm,)),), account=calm), slot(when), calm
    )

    assert found == ("mars speaks at most 3 times a day" if told else None), reason


def test_the_day_that_ends_summer_time_has_25_hours() -> None:
    one = Account("one", "x", zone=YORK, max_per_day=1, limits=X)
    found = quiet(said("2027-11-07T04:00Z", SLOTS, "one"), account=one)

    told = [
        objection(found, slot(when), one) is not None for when in ("2027-11-08T04:59Z", "2027-11-08T05:00Z")
    ]

    assert told == [True, False]


def test_an_account_without_rules_speaks_whenever_it_likes() -> None:
    found = quiet(*(said("2027-03-01T10:00Z", SLOTS, "moon") for _ in range(9)), account=MOON)

    assert objection(found, slot("2027-03-01T10:00Z"), MOON) is None


@pytest.mark.parametrize("rules", [{"min_gap": HOUR, "max_per_day": None}, {"min_gap": 0, "max_per_day": 1}])
def test_each_rule_stands_by_itself(rules: dict[str, int | None]) -> None:
    account = replace(MARS, **rules)
    found = quiet(said("2027-03-01T20:00Z"), account=account)

    told = [
        objection(found, slot(when), account) is not None
        for when in ("2027-03-01T20:30Z", "2027-03-01T22:00Z")
    ]

    assert told == [True, rules["max_per_day"] == 1]


def test_what_an_account_of_old_said_is_nobodys() -> None:
    assert objection(quiet(said("2027-03-01T10:00Z", SLOTS, "gone")), slot("2027-03-01T10:00Z")) is None


def test_each_account_of_a_slot_may_object() -> None:
    known = world(slots(accounts=(MOON, MARS)))
    found = Quiet(known, Window(at("2027-03-01T00:00Z"), at("2027-03-02T00:00Z")))
    found.hear(said("2027-03-01T10:00Z"))

    told = found.objection(slot("2027-03-01T10:30Z"), (MOON, MARS), None)

    assert told == "too soon for mars: said speaks at 10:00"


def test_accounts_of_one_zone_share_their_days_and_nothing_else() -> None:
    twin = replace(MARS, name="twin", max_per_day=1)
    found = Quiet(
        world(slots(accounts=(MARS, twin))), Window(at("2027-03-01T00:00Z"), at("2027-03-02T00:00Z"))
    )
    found.hear(said("2027-03-01T10:00Z", SLOTS, "twin"))

    speaking = slot("2027-03-01T20:00Z")

    assert found.objection(speaking, (MARS,), None) is None
    assert found.objection(speaking, (MARS, twin), None) == "twin speaks at most once a day"


@pytest.mark.parametrize("gap", [MINUTE, 90 * MINUTE, 3 * DAY])
def test_slots_are_looked_for_as_far_as_the_widest_gap_reaches(gap: int) -> None:
    account = replace(MARS, min_gap=gap)
    flight = at("2027-04-19T13:00Z")
    known = Schedules((anniversaries(accounts=(account,)),), {}, {"mars": account})

    told = [
        Quiet(known, Window(moment, moment + 1)).objection(
            Slot(moment, "daily", moment, "UTC"), (account,), None
        )
        is not None
        for moment in (flight - gap, flight - gap + 1, flight + gap - 1, flight + gap)
    ]

    assert told == [False, True, True, False]


HUSHED = Event("hushed", "A loss", "loss", YORK, Tone.REMEMBRANCE, day=date(2003, 2, 1), hush=6 * HOUR)
FEAST = Event("feast", "A feast", "landing", YORK, Tone.CELEBRATION, day=date(2004, 2, 1))


@pytest.mark.parametrize(
    ("when", "hush", "reason"),
    [
        ("2027-01-31T22:59Z", None, "the evening before is free"),
        ("2027-01-31T23:00Z", "hushed", "until six hours before its midnight"),
        ("2027-02-01T18:00Z", "hushed", "its own day belongs to it"),
        ("2027-02-02T10:59Z", "hushed", "and six hours of the next"),
        ("2027-02-02T11:00Z", None, "and no longer"),
    ],
)
def test_a_hush_is_so_many_hours_around_the_day_where_it_happened(
    when: str, hush: str | None, reason: str
) -> None:
    assert quiet(events=(HUSHED,)).hush(slot(when)) == hush, reason


def test_in_a_hush_a_celebration_is_silent_and_says_why() -> None:
    event = replace(slot("2027-02-02T08:00Z", ANNIVERSARY), event="feast")
    cheerful = replace(slots("daily"), tone=Tone.CELEBRATION)
    reason = "hush around hushed: no celebration then"

    assert objection(quiet(events=(HUSHED, FEAST)), event) == reason
    assert objection(quiet(events=(HUSHED,), entries=(cheerful,)), slot("2027-02-02T08:00Z")) == reason
    assert objection(quiet(events=(HUSHED,), entries=(slots("daily"),)), slot("2027-02-02T08:00Z")) is None


def test_remembrance_is_never_hushed() -> None:
    assert quiet(events=(HUSHED,)).hush(slot("2027-02-01T12:00Z", REMEMBRANCE)) is None


def test_a_hush_longer_than_the_window_is_seen() -> None:
    long = replace(HUSHED, hush=30 * DAY)
    found = Quiet(Schedules((), {"hushed": long}), Window(at("2027-01-05T00:00Z"), at("2027-01-06T00:00Z")))

    assert found.hush(slot("2027-01-05T12:00Z")) == "hushed"


def test_a_schedule_of_remembrance_is_louder_than_all_others() -> None:
    solemn = replace(slots("solemn", "10:30"), tone=Tone.REMEMBRANCE)
    found = quiet(entries=(solemn, slots("daily", "10:00")), account=MARS)

    told = objection(found, slot("2027-03-01T15:00Z"))

    assert told == "gives way to solemn at 15:30, within mars's smallest gap"


def test_what_makes_a_day_quiet_gives_way_to_nothing_not_even_to_other_remembrance() -> None:
    event = replace(slot("2027-01-28T15:00Z", REMEMBRANCE), event="loss")
    found = quiet(said("2027-01-28T14:30Z", REMEMBRANCE), events=(LOSS,))

    assert objection(found, event) is None


def test_other_remembrance_gives_way_to_what_makes_the_day_quiet() -> None:
    found = quiet(entries=(anniversaries("losses", "10:00", kinds=["loss"]),), events=(LOSS,))

    told = objection(found, slot("2027-01-28T14:30Z", REMEMBRANCE))

    assert told == "gives way to losses, which speaks of loss at 15:00, within mars's smallest gap"


@pytest.mark.parametrize(
    ("when", "tone", "priority", "why"),
    [
        ("2027-01-31T20:00Z", Tone.CELEBRATION, SLOTS, None),
        ("2027-02-02T08:00Z", Tone.CELEBRATION, SLOTS, "2027-02-02 lies in the hush around hushed"),
        ("2027-02-02T08:00Z", Tone.NEUTRAL, SLOTS, None),
        ("2027-02-01T12:00Z", Tone.NEUTRAL, SLOTS, "2027-02-01 is a quiet day (hushed)"),
        ("2027-02-01T12:00Z", Tone.NEUTRAL, REMEMBRANCE, None),
        ("2027-02-01T12:00Z", Tone.REMEMBRANCE, SLOTS, None),
        ("2027-02-01T12:00Z", Tone.CELEBRATION, REMEMBRANCE, "2027-02-01 is a quiet day (hushed)"),
    ],
)
def test_a_quiet_day_and_a_hush_hold_whoever_asks(
    when: str, tone: Tone, priority: Priority, why: str | None
) -> None:
    found = quiet(events=(replace(HUSHED, quiet=True),)).silence(slot(when, priority), tone)

    assert (found or "").startswith(why or "")
    assert (found is None) == (why is None)
