"""What a text says of what is to come, of what is going on and of how long ago it was, held against its slot."""

from datetime import date
from typing import Any

import pytest

from bot.claims import Rules, rules, sure_claims
from bot.claims.reading import holds, last_day
from bot.model import Event, Part, Post, Slot, Tone, Uses
from bot.planning.truth import faults_of_any_day, objection
from bot.zones import DAY, HOUR, MINUTE, day_of, zone
from tests.fakes.worlds import at

PACIFIC = "America/Los_Angeles"
#: Thursday, 18 February 2027, 12:55 there.
LAUNCH = Event(
    "launch", "The probe launches", "launch", PACIFIC, instant=at("2027-02-18T20:55Z"), day=date(2027, 2, 18)
)
#: The same day, from noon to half past one.
TALK = Event(
    "talk", "The talk", "talk", PACIFIC,
    instant=at("2027-02-18T20:00Z"), day=date(2027, 2, 18), until=at("2027-02-18T21:30Z"),
)  # fmt: skip
#: Saturday, 20 February 2027; nobody has said at which hour.
FAIR = Event("fair", "The fair", "fair", PACIFIC, day=date(2027, 2, 20))
LANDING = Event(
    "landing",
    "The rover lands",
    "landing",
    PACIFIC,
    Tone.CELEBRATION,
    at("2004-01-25T05:05Z"),
    date(2004, 1, 24),
)
OPPOSITION = Event("opposition", "Mars is at opposition", "sky", "UTC", sky="mars-opposition")
MOON = Event("moon", "The Moon passes Mars", "sky", PACIFIC, sky="moon-mars")
POST = Post("p", (Part("…"),), use=Uses.DATED)


def slot(day: str, clock: str = "09:00", *, event: Event = LAUNCH, **fields: Any) -> Slot:
    """A slot at a time of day in its event's zone; it looks back as many years as lie between."""
    hour, minute = map(int, clock.split(":"))
    local = date.fromisoformat(day)
    wall = day_of(local) * DAY + hour * HOUR + minute * MINUTE
    if event.day and event.day.year < local.year:
        fields.setdefault("years", local.year - event.day.year)
    return Slot(zone(event.zone).instant(wall), "s", wall, event.zone, event=event.id, **fields)


def said(text: str, when: Slot, event: Event) -> str | None:
    return objection(text, lang="en", slot=when, event=event, post=POST, missions={})


def english() -> Rules:
    known = rules("en")
    assert known
    return known


def counted(day: str, clock: str = "09:00", *, event: Event = LAUNCH, left: int) -> Slot:
    return slot(day, clock, event=event, facts=(("countdown", left),))


HOUR_LEFT = counted("2027-02-18", "11:55", left=HOUR)
DAY_LEFT = counted("2027-02-17", "12:55", left=DAY)
EVE = counted("2027-02-17", left=DAY)
WEEK = counted("2027-02-11", left=7 * DAY)
MONTH = counted("2027-01-19", left=30 * DAY)
MORNING = slot("2027-02-18")
AFTER = slot("2027-02-19")
SKY_WEEK = counted("2027-02-12", event=OPPOSITION, left=7 * DAY)
TALK_WEEK = counted("2027-02-11", event=TALK, left=7 * DAY)
TALK_EVE = slot("2027-02-17", event=TALK)
TALK_SOON = slot("2027-02-18", "11:00", event=TALK)
TALKING = slot("2027-02-18", "12:10", event=TALK)
TALKED = slot("2027-02-18", "13:30", event=TALK)
WEEK_BEFORE = slot("2027-02-15")
FAIR_WEEK = slot("2027-02-15", event=FAIR)
FAIR_EVE = slot("2027-02-19", event=FAIR)
FAIR_LONG_BEFORE = slot("2027-02-08", event=FAIR)
YEARS = {years: slot(f"{2004 + years}-01-24", event=LANDING) for years in (1, 5, 6, 7, 9, 10, 11, 20, 49, 50)}
EVENING = slot(
    "2027-03-01", "18:00", event=MOON, facts=(("night", "tonight"), ("happens", at("2027-03-02T05:00Z")))
)
BEFORE_DAWN = slot("2027-03-01", "18:00", event=MOON, facts=(("night", "tomorrow before dawn"),))
IN_THE_MORNING = slot(
    "2027-03-01", "05:30", event=MOON, facts=(("sky", "morning"), ("happens", at("2027-03-01T12:00Z")))
)

#: What is said, where it is so, and where it is not.
COUNTED = [
    ("The probe launches in one hour.", HOUR_LEFT, EVE),
    ("The probe lifts off in 60 minutes.", HOUR_LEFT, EVE),
    ("Doors open in an hour.", HOUR_LEFT, DAY_LEFT),
    ("We go live in an hour.", HOUR_LEFT, MORNING),
    ("In one hour: launch.", HOUR_LEFT, EVE),
    ("Launch in one hour!", HOUR_LEFT, EVE),
    ("Less than two hours to go.", HOUR_LEFT, EVE),
    ("Less than a day to go.", MORNING, EVE),
    ("More than a day to go.", EVE, MORNING),
    ("The probe launches in seven days.", WEEK, EVE),
    ("In seven days, the probe launches.", WEEK, EVE),
    ("In 7 days it launches.", WEEK, MONTH),
    ("It launches in a week.", WEEK, counted("2027-02-08", left=10 * DAY)),
    ("One more week until launch.", WEEK, EVE),
    ("The launch is one week away.", WEEK, EVE),
    ("It is a week until launch.", WEEK, MONTH),
    ("A week from today it flies.", WEEK, EVE),
    ("One week from now it flies.", WEEK, MORNING),
    ("Just seven days to launch.", WEEK, EVE),
    ("Only a week till launch.", WEEK, EVE),
    ("Seven sleeps to go.", WEEK, EVE),
    ("Seven more sleeps until launch.", WEEK, MONTH),
    ("See you in 24 hours.", DAY_LEFT, EVE),
    ("See you in a week!", WEEK, EVE),
    ("We are back in a week.", WEEK, EVE),
    ("Liftoff is in 24 hours.", DAY_LEFT, WEEK),
    ("T-minus one day.", EVE, WEEK),
    ("T minus 24 hours.", DAY_LEFT, EVE),
    ("T-1 day.", EVE, WEEK),
    ("T-24 hours.", DAY_LEFT, MORNING),
    ("Two days to go.", slot("2027-02-16"), MORNING),
    ("Two days remain until launch.", slot("2027-02-16"), MORNING),
    ("Two days left.", slot("2027-02-16"), EVE),
    ("The launch is two days away.", slot("2027-02-16"), MORNING),
    ("A fortnight to go.", slot("2027-02-04"), WEEK),
    ("One day and four hours to go.", slot("2027-02-17", "08:55"), DAY_LEFT),
    ("Two and a half hours to go.", slot("2027-02-18", "10:25"), EVE),
    ("The day after tomorrow it flies.", slot("2027-02-16"), EVE),
    ("Mars reaches opposition in seven days.", SKY_WEEK, counted("2027-02-18", event=OPPOSITION, left=DAY)),
    ("Just one more sleep!", EVE, WEEK),
    ("In two days' time it flies.", slot("2027-02-16"), EVE),
    ("We're one week out from launch.", WEEK, EVE),
    ("We are counting down to launch.", EVE, AFTER),
    ("In less than a week it flies.", slot("2027-02-14"), MONTH),
    ("In over a week it flies.", slot("2027-02-04"), EVE),
    ("In a week, Mars is at opposition.", SKY_WEEK, counted("2027-02-18", event=OPPOSITION, left=DAY)),
    ("Countdown has begun.", EVE, AFTER),
]  # fmt: skip
WEEKDAYS = [
    ("Next Thursday it launches.", WEEK, AFTER),
    ("Next Saturday is the fair.", FAIR_WEEK, FAIR_EVE),
    ("This Saturday is the fair.", FAIR_WEEK, slot("2027-02-12", event=FAIR)),
    ("Join in this coming Saturday.", FAIR_EVE, FAIR_LONG_BEFORE),
    ("It opens on Saturday.", FAIR_WEEK, FAIR_LONG_BEFORE),
    ("Open from Saturday on.", FAIR_WEEK, FAIR_LONG_BEFORE),
    ("Last Thursday it flew.", slot("2027-02-22"), WEEK),
    ("It flew on Thursday.", slot("2027-02-22"), slot("2027-01-25", event=LANDING)),
    ("It is Monday.", FAIR_WEEK, FAIR_EVE),
    ("It's Friday!", FAIR_EVE, FAIR_WEEK),
    ("Today is Friday.", FAIR_EVE, FAIR_WEEK),
    ("Happy Friday!", FAIR_EVE, FAIR_WEEK),
    ("It is 2027.", FAIR_WEEK, slot("2026-02-20", event=FAIR)),
    ("It's 2027, and we fly.", FAIR_WEEK, slot("2028-02-20", event=FAIR)),
    ("It is February.", FAIR_WEEK, slot("2027-01-20", event=FAIR)),
    ("The fair is this weekend.", FAIR_WEEK, slot("2027-02-12", event=FAIR)),
    ("The launch is this week.", slot("2027-02-15"), WEEK),
    ("The launch is next week.", WEEK, slot("2027-02-15")),
    ("Last week it flew.", slot("2027-02-22"), AFTER),
    ("The fair is next weekend.", slot("2027-02-12", event=FAIR), FAIR_EVE),
    ("The launch is this month.", slot("2027-02-01"), slot("2027-01-31")),
    ("The launch is next month.", slot("2027-01-31"), slot("2027-02-01")),
    ("The launch is next year.", slot("2026-12-31"), slot("2027-02-01")),
    ("The launch is this year.", slot("2027-01-01"), slot("2026-12-31")),
    ("It flew this year.", slot("2027-12-01"), slot("2028-02-18")),
    ("It flew last year.", slot("2028-02-18"), slot("2027-12-01")),
    ("It launches later this year.", slot("2027-01-01"), AFTER),
    ("It launches later this month.", slot("2027-02-01"), AFTER),
    ("It flew earlier this week.", AFTER, slot("2027-02-16")),
    ("It flies by the end of the year.", slot("2027-01-05"), slot("2026-12-01")),
    ("It flies before the week is out.", slot("2027-02-15"), WEEK),
    ("More in the coming days.", slot("2027-02-15"), AFTER),
    ("In the last few days it flew.", slot("2027-02-21"), WEEK),
    ("In the last two weeks it flew.", slot("2027-03-04"), WEEK),
    ("In the next ten days it flies.", WEEK, MONTH),
    ("See you Thursday.", WEEK_BEFORE, MONTH),
    ("Launch is Thursday.", WEEK_BEFORE, MONTH),
    ("Thursday's launch is near.", WEEK_BEFORE, MONTH),
    ("It's launch day!", MORNING, EVE),
    ("Launch day is here.", MORNING, EVE),
    ("Tomorrow's launch is near.", EVE, MORNING),
    ("The day before yesterday it flew.", slot("2027-02-20"), AFTER),
    ("Yesterday's launch went well.", AFTER, MORNING),
    ("It flies tmrw.", EVE, MORNING),
    ("It flies in the next few weeks.", slot("2027-02-01"), AFTER),
]  # fmt: skip
GOING_ON = [
    (text, TALKING, when)
    for text in (
        "Join us now.", "Tune in now.", "The talk is live.", "We're live!", "We are now live.", "Live now:", "The talk is under way.",
        "It is underway.", "It starts now.", "It's starting now.", "The talk has begun.", "The talk has started.", "Our talk has just begun.",
        "Happening now.", "Streaming now.", "Right now we talk.", "Watch live now.", "It is on right now.",
        "The talk is on now.", "We're on air.", "Now live.",
    )
    for when in (TALK_SOON, TALK_EVE, TALKED)
]  # fmt: skip
INVITED = [
    ("Join us tomorrow.", TALK_EVE, TALK_WEEK),
    ("Join us on Thursday.", TALK_EVE, slot("2027-02-08", event=TALK)),
    ("Join us today.", TALK_SOON, TALK_EVE),
    ("Join us in an hour.", TALK_SOON, TALK_EVE),
    ("Join us next Thursday.", TALK_WEEK, TALKED),
    ("Watch live at noon PT.", TALK_SOON, TALKED),
    ("See you there.", TALK_EVE, TALKED),
    ("Stay tuned.", TALK_EVE, TALKED),
]  # fmt: skip
TO_COME = [
    ("Due to launch in 2028, it carries a drill.", AFTER, slot("2029-02-18")),
    ("It is due to launch in 2028.", AFTER, slot("2029-02-18")),
    ("It is set to launch in March 2027.", AFTER, slot("2027-04-01")),
    ("The next one flies in 2028.", AFTER, slot("2029-02-18")),
    ("NASA plans to launch a probe in 2028.", AFTER, slot("2029-02-18")),
    ("ESA plans to launch it.", EVE, AFTER),
    ("They hope to launch it.", EVE, AFTER),
    ("Mars reaches opposition in February 2027.", EVE, slot("2027-03-01")),
    ("In February 2027 Mars reaches opposition.", EVE, slot("2027-03-01")),
    ("Mars reaches opposition on 19 February 2027.", EVE, slot("2027-02-20")),
    ("It will land in 2029.", AFTER, slot("2030-02-18")),
    ("It arrives by 2029.", AFTER, slot("2030-02-18")),
    ("Landing is planned for 2029.", AFTER, slot("2030-02-18")),
    ("The next opposition is in 2029.", AFTER, slot("2030-02-18")),
    ("Planned for 2028, it carries a drill.", AFTER, slot("2029-02-18")),
    ("Arriving in 2028.", AFTER, slot("2029-02-18")),
    ("Samples come home by 2033.", AFTER, slot("2034-02-18")),
    ("It flies on 19th February 2027.", AFTER, slot("2027-02-20")),
    ("It flies on February 19, 2027.", AFTER, slot("2027-02-20")),
    ("ESA wants to launch it.", EVE, AFTER),
    ("NASA is planning to launch it.", EVE, AFTER),
    ("Ingenuity will fly again.", EVE, AFTER),
    ("Launch is imminent.", EVE, AFTER),
    ("The upcoming launch is big.", EVE, AFTER),
    ("The launch will be shown.", EVE, AFTER),
    ("Coming up: the launch.", EVE, AFTER),
]  # fmt: skip
SEEN = [
    ("See it tonite.", EVENING, BEFORE_DAWN),
    ("See Mars in the east at dawn.", BEFORE_DAWN, EVENING),
    ("Look for Mars before sunrise.", BEFORE_DAWN, EVENING),
    ("Find Mars low in the west after sunset.", EVENING, BEFORE_DAWN),
    ("Spot the Moon beside it this evening.", EVENING, BEFORE_DAWN),
    ("See Mars at dawn.", IN_THE_MORNING, EVENING),
    ("You can see Mars in the east at dawn.", BEFORE_DAWN, EVENING),
    ("The Moon stands beside Mars.", EVENING, BEFORE_DAWN),
    ("Look up: the Moon is near.", EVENING, BEFORE_DAWN),
]  # fmt: skip
AGO = [
    ("More than five years ago it landed.", YEARS[6], YEARS[5]),
    ("Over five years ago it landed.", YEARS[20], YEARS[5]),
    ("More than five years ago it landed.", YEARS[7], YEARS[1]),
    ("Well over a decade ago it landed.", YEARS[11], YEARS[10]),
    ("Over a decade ago it landed.", YEARS[20], YEARS[9]),
    ("More than half a century ago.", slot("2055-01-24", event=LANDING), YEARS[50]),
    ("Less than ten years ago.", YEARS[9], YEARS[10]),
    ("Not quite ten years ago.", YEARS[9], YEARS[10]),
    ("Almost ten years ago it landed.", YEARS[9], YEARS[10]),
    ("Nearly fifty years ago it landed.", YEARS[49], YEARS[50]),
    ("Nearly a decade ago it landed.", YEARS[9], YEARS[5]),
    ("Almost six years ago it landed.", slot("2010-01-21", event=LANDING, years=6, facts=(("days_off", 3),)), YEARS[1]),
    ("Exactly six years ago it landed.", YEARS[6], YEARS[5]),
    ("About fifty years ago it landed.", YEARS[49], YEARS[20]),
    ("Some twenty years ago it landed.", YEARS[20], YEARS[10]),
    ("At least five years ago.", YEARS[5], YEARS[1]),
    ("It has been six years since it landed.", YEARS[6], YEARS[5]),
    ("It's been six years since it landed.", YEARS[6], YEARS[7]),
    ("It has been more than six years since it landed.", YEARS[7], YEARS[6]),
    ("It is six years since it landed.", YEARS[6], YEARS[7]),
    ("Six years have passed since it landed.", YEARS[6], YEARS[7]),
    ("It has been ten years.", YEARS[10], YEARS[9]),
    ("Ten years have passed since it landed.", YEARS[10], YEARS[9]),
    ("Not even ten years ago it landed.", YEARS[9], YEARS[10]),
    ("Just shy of ten years ago it landed.", YEARS[9], YEARS[10]),
    ("A little over nine years ago it landed.", YEARS[10], YEARS[9]),
    ("Ten long years ago it landed.", YEARS[10], YEARS[9]),
    ("It has been a decade since it landed.", YEARS[10], YEARS[9]),
    ("It has been half a century since it landed.", YEARS[50], YEARS[49]),
]  # fmt: skip
TOLD = [*COUNTED, *WEEKDAYS, *GOING_ON, *INVITED, *TO_COME, *SEEN, *AGO]
EVENTS = {each.id: each for each in (LAUNCH, TALK, FAIR, LANDING, OPPOSITION, MOON)}


@pytest.mark.parametrize(("text", "when"), [(text, so) for text, so, _ in TOLD])
def test_what_is_so_then_may_be_said(text: str, when: Slot) -> None:
    assert said(text, when, EVENTS[str(when.event)]) is None


@pytest.mark.parametrize(("text", "when"), [(text, not_so) for text, _, not_so in TOLD])
def test_what_is_not_so_then_may_not_be_said(text: str, when: Slot) -> None:
    assert "is not true then: " in str(said(text, when, EVENTS[str(when.event)]))


@pytest.mark.parametrize("text", sorted({row[0] for row in TOLD}))
def test_none_of_it_may_be_said_on_any_day(text: str) -> None:
    found = faults_of_any_day(text, "en", Post("p", (), use=Uses.EVERGREEN), missions={})

    assert [fault.code for fault in found][:1] == ["claim"]


#: What nobody can know of it, however near it may be.
UNKNOWABLE = [
    ("It opens in half an hour.", FAIR_EVE),
    ("24 hours to go.", counted("2027-02-19", event=FAIR, left=DAY)),
    ("A month to go.", MONTH),
    ("T-minus ten.", HOUR_LEFT),
    ("Only hours to go.", HOUR_LEFT),
    ("Any day now it flies.", EVE),
    ("It flies within the hour.", HOUR_LEFT),
    ("It flies this morning.", MORNING),
    ("At present it waits.", MORNING),
    ("As we speak it waits.", MORNING),
    ("We open at 10.", FAIR_WEEK),
    ("Join us at noon.", TALK_EVE),
    ("A decade and a half ago it landed.", YEARS[10]),
    ("See Mars in the east at dawn.", MORNING),
    ("Happy New Year!", slot("2027-02-20", event=FAIR)),
]


@pytest.mark.parametrize(("text", "when"), UNKNOWABLE)
def test_what_nobody_can_know_is_not_said(text: str, when: Slot) -> None:
    assert "cannot be judged: " in str(said(text, when, EVENTS[str(when.event)]))


def test_what_goes_on_needs_an_end() -> None:
    reason = '"Join us now" is said of what people can join, and the event has no `until`'

    assert said("Join us now.", MORNING, LAUNCH) == reason


@pytest.mark.parametrize(
    ("text", "when", "reason"),
    [
        ("Join us now.", TALK_EVE, '"Join us now" is not true then: The talk tomorrow, and it has not begun'),
        ("Join us now.", TALKED, '"Join us now" is not true then: The talk is over'),
        ("It is Monday.", FAIR_EVE, '"It is Monday" is not true then: it is a Friday, and The fair tomorrow'),
        ("It is 2028.", FAIR_EVE, '"It is 2028" is not true then: it is 2027'),
        ("It is March.", FAIR_EVE, '"It is March" is not true then: it is February'),
        ("It lands in 2026.", FAIR_EVE, '"lands in 2026" is not true then: it is 19 February 2027'),
        ("It flies in two hours.", HOUR_LEFT, '"flies in two hours" is not true then: 1 of them are left'),
        ("See Mars at dawn.", EVENING, '"See Mars at dawn" is not true then: it is seen in the evening'),
        ("See Mars at dusk.", BEFORE_DAWN, '"See Mars at dusk" is not true then: it is seen before dawn'),
    ],
)
def test_the_reason_is_told_plainly(text: str, when: Slot, reason: str) -> None:
    assert said(text, when, EVENTS[str(when.event)]) == reason


@pytest.mark.parametrize(
    "text",
    [
        "Light crosses the orbit of Mars in 25 minutes.",
        "Phobos circles Mars in seven hours and 39 minutes.",
        "In seven minutes the capsule fell to the ground.",
        "In 24 hours Sojourner drove two meters.",
        "It crossed the ocean of sand in two weeks.",
        "Once fusion has begun, a star shines.",
        "The wire was live.",
        "It landed in 2027 and was at work in 2028.",
        "Everybody hopes to see it.",
        "He planned to launch it.",
        "On Mars a day lasts 24 hours and 39 minutes.",
        "Wind blows in the east of the crater at dawn.",
        "Over two years of dust lie on it.",
        "The door opens to the east.",
    ],
)
def test_what_is_told_of_any_day_is_no_claim(text: str) -> None:
    assert sure_claims(text) == ()


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("launches in 2028", date(2028, 12, 31)),
        ("Mars comes in February 2028", date(2028, 2, 29)),
        ("lands on 19th February 2027", date(2027, 2, 19)),
        ("lands on February 19, 2027", date(2027, 2, 19)),
        ("4 probes launch by May 2027", date(2027, 5, 31)),
        ("lands on 31 February 2027", None),
        ("lands on Mars", None),
    ],
)
def test_the_last_day_of_a_date_with_a_year_is_known(words: str, day: date | None) -> None:
    assert last_day(words, english()) == day


def test_words_hold_no_fragment_that_a_language_has_not() -> None:
    assert not holds("nonesuch", "nonesuch", english())
