"""What a text says, held against the day on which it is said."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from bot.days import rule
from bot.model import Event, Mission, Part, Post, Slot, Tone, Uses
from bot.planning.truth import Untruth, faults_of_any_day, objection, unjudged
from bot.zones import DAY, HOUR, MINUTE, day_of, zone
from tests.fakes.worlds import at

PACIFIC = "America/Los_Angeles"
LANDING = Event(
    "landing",
    "The rover lands",
    "landing",
    PACIFIC,
    Tone.CELEBRATION,
    at("2004-01-25T05:05Z"),
    date(2004, 1, 24),
)
LEAP = Event("leap", "The hatch opens", "flight", "UTC", day=date(2004, 2, 29))
KEPT = Event(
    "kept",
    "Day of Remembrance",
    "observance",
    PACIFIC,
    Tone.REMEMBRANCE,
    rule=rule("4th thursday of january"),
)
LEAP_KEPT = Event("leap-kept", "Leap day", "observance", rule=rule("29 february"))
TALK = Event(
    "talk",
    "The talk",
    "talk",
    PACIFIC,
    instant=at("2027-02-18T20:00Z"),
    day=date(2027, 2, 18),
    until=at("2027-02-18T21:30Z"),
)
LAUNCH = Event(
    "launch", "The probe launches", "launch", PACIFIC, instant=at("2027-02-18T20:55Z"), day=date(2027, 2, 18)
)
MOON = Event("moon", "The Moon passes Mars", "sky", PACIFIC, sky="moon-mars")
THANKS = Event("thanks", "Thanksgiving", "holiday", PACIFIC, rule=rule("4th thursday of november"))
SPIRIT = Mission("spirit", "Spirit", ("Spirit",), ended_on=date(2011, 5, 25))
PERSEVERANCE = Mission("perseverance", "Perseverance", ("Perseverance", "Percy"))
MISSIONS = {each.key: each for each in (SPIRIT, PERSEVERANCE)}
POST = Post("p", (Part("…"),), use=Uses.DATED)


def slot(day: str, clock: str = "09:00", *, event: Event | None = LANDING, **fields: Any) -> Slot:
    """A slot of an event at a time of day in its zone; it looks back as many years as lie between, unless it is told."""
    name = event.zone if event else PACIFIC
    hour, minute = map(int, clock.split(":"))
    local = date.fromisoformat(day)
    wall = day_of(local) * DAY + hour * HOUR + minute * MINUTE
    if event and event.day and event.day.year < local.year:
        fields.setdefault("years", local.year - event.day.year)
    return Slot(zone(name).instant(wall), "s", wall, name, event=event.id if event else None, **fields)


def said(
    text: str, when: Slot, *, event: Event | None = LANDING, post: Post = POST, lang: str = "en"
) -> str | None:
    return objection(text, lang=lang, slot=when, event=event, post=post, missions=MISSIONS)


ON_THE_DAY = slot("2027-01-24")
BEFORE = slot("2027-01-23")
AFTER = slot("2027-01-25")
MORNING = slot("2027-02-18", event=LAUNCH)
EVE = slot("2027-02-17", event=LAUNCH)
LATER = slot("2027-02-18", "13:30", event=LAUNCH)
WEEK = slot("2027-02-11", event=LAUNCH, facts=(("countdown", 7 * DAY),))
HOUR_LEFT = slot("2027-02-18", "11:55", event=LAUNCH, facts=(("countdown", HOUR),))
TODAY = slot("2027-02-18", event=LAUNCH, facts=(("countdown", 0),), until=LAUNCH.instant)
TONIGHT = slot(
    "2027-03-01", "18:00", event=MOON, facts=(("night", "tonight"), ("happens", at("2027-03-02T05:00Z")))
)
AT_DAWN = slot("2027-03-01", "18:00", event=MOON, facts=(("night", "tomorrow before dawn"),))
LIVE = slot("2027-02-18", "12:10", event=TALK, facts=(("countdown", 0),), until=TALK.until)
OVER = slot("2027-02-18", "14:00", event=TALK)
POSTED = Post("p", (Part("…"),), use=Uses.DATED, posted=date(2012, 8, 5))
NO_EVENT = slot("2027-08-05", event=None)

TRUE = [
    ("Twenty-three years ago today: touchdown.", ON_THE_DAY, LANDING, "the day in the event's zone, a day before that of UTC"),
    ("23 years ago the airbags stopped.", ON_THE_DAY, LANDING, "figures count as words do"),
    ("On this day, a rover bounced.", ON_THE_DAY, LANDING, "the anniversary is its day"),
    ("The 23rd anniversary of a bounce.", ON_THE_DAY, LANDING, "an ordinal that fits"),
    ("It marks its twenty-third anniversary.", ON_THE_DAY, LANDING, "an ordinal in words"),
    ("Twenty-three years ago tonight: touchdown.", ON_THE_DAY, LANDING, "05:05 UTC was 21:05 there"),
    ("It came down on January 24.", ON_THE_DAY, LANDING, "the event's own date"),
    ("It came down on a Saturday; on Saturday nobody slept.", ON_THE_DAY, LANDING, "the weekday of the event's own day"),
    ("It is Sunday, January 24.", ON_THE_DAY, LANDING, "the weekday of the slot's day"),
    ("Touchdown came at 9:05 p.m. PST (05:05 UTC).", ON_THE_DAY, LANDING, "the same instant on two clocks"),
    ("In 1997, 30 years ago, another came.", ON_THE_DAY, LANDING, "the year beside it counts"),
    ("A century ago today it fell.", slot("2104-01-24"), LANDING, "100 years"),
    ("Half a century ago today it fell.", slot("2054-01-24"), LANDING, "50 years"),
    ("Two decades ago today it fell.", slot("2024-01-24"), LANDING, "20 years"),
    ("A hundred and five years ago today.", slot("2109-01-24"), LANDING, "105 years"),
    ("Ten years ago today it opened.", slot("2014-02-28", event=LEAP), LEAP, "29 February, kept on the 28th"),
    ("Today we remember them.", slot("2027-01-28", event=KEPT), KEPT, "the fourth Thursday"),
    ("Today we remember them.", slot("2027-03-01", event=LEAP_KEPT), LEAP_KEPT, "29 February, kept on 1 March"),
    ("Seven days to go.", WEEK, LAUNCH, "as the countdown says"),
    ("A week to go.", WEEK, LAUNCH, "seven days are one week"),
    ("The launch is this week. Yes, this week.", slot("2027-02-15", event=LAUNCH), LAUNCH, "of the same week"),
    ("Only 60 minutes left.", HOUR_LEFT, LAUNCH, "an hour has sixty"),
    ("One hour until it flies.", HOUR_LEFT, LAUNCH, "as the countdown says"),
    ("Launch is today! Happening today!", TODAY, LAUNCH, "no time is left"),
    ("The probe will launch at 12:55 p.m. PT (3:55 p.m. ET).", MORNING, LAUNCH, "before its instant, at its hour"),
    ("The probe will launch in spring.", slot("2004-02-20", event=LEAP), LEAP, "before its day, of which no hour is known"),
    ("The day will begin at the pier. Launch will come.", slot("2027-01-21", event=KEPT, facts=(("countdown", 7 * DAY),)), KEPT, "as the countdown says"),
    ("Tomorrow it flies.", EVE, LAUNCH, "the next local day"),
    ("Two days to go.", slot("2027-02-16", event=LAUNCH), LAUNCH, "the calendar counts where no trigger does"),
    ("It flew yesterday.", slot("2027-02-19", event=LAUNCH), LAUNCH, "the day before"),
    ("Two days ago it flew.", slot("2027-02-20", event=LAUNCH), LAUNCH, "counted in days"),
    ("A week ago it flew.", slot("2027-02-25", event=LAUNCH), LAUNCH, "counted in weeks"),
    ("Tonight the Moon stands beside Mars. Look up at the Moon.", TONIGHT, MOON, "the sky's own evening"),
    ("This evening, if you have clear skies, go out.", TONIGHT, MOON, "as is said of the sky"),
    ("Tomorrow the Moon stands beside Mars.", AT_DAWN, MOON, "before dawn it is tomorrow"),
    ("Join us: tickets are $12.", LIVE, TALK, "while people can join"),
    ("Watch live at noon PT, until 1:30 p.m. PT.", LIVE, TALK, "its beginning, and its end"),
    ("Happy Thanksgiving!", slot("2027-11-25", event=THANKS), THANKS, "its own day"),
    ("Happy Thanksgiving!", slot("2027-11-25", event=None, facts=(("holiday", "Thanksgiving Day"),)), None, "a holiday of a country"),
    ("Twelve Mars years: today Percy's twelfth.", slot("2027-03-03", facts=(("mars_years", 12),)), LANDING, "the day that the trigger found"),
    ("The rock is red, and it was red in 1976.", BEFORE, LANDING, "no claim at all"),
    ("On July 20, 1976, it was a Tuesday.", BEFORE, LANDING, "history"),
]  # fmt: skip

UNTRUE = [
    ("On 25 January 2005 it landed.", ON_THE_DAY, LANDING, '"25 January 2005" is not true: The rover lands was on 25 January 2004'),
    ("Tonight it flies.", MORNING, LAUNCH, '"Tonight" is not true then: The probe launches today, but nothing says that it is in the evening'),
    ("The launch is this week.", slot("2027-02-12", event=LAUNCH), LAUNCH, '"this week" is not true then: The probe launches on 18 February 2027'),
    ("Join us at 1:30 p.m. PT.", LIVE, TALK, '"1:30 p.m. PT" is not true then: it is 12:00 there'),
    ("Twenty-three years ago today.", BEFORE, LANDING, '"today" is not true then: The rover lands tomorrow'),
    ("Twenty-three years ago today.", AFTER, LANDING, '"today" is not true then: The rover lands yesterday'),
    ("22 years ago it came.", ON_THE_DAY, LANDING, '"22 years ago" is not true then: it is 23 years'),
    ("A few years ago it came.", ON_THE_DAY, LANDING, '"A few years ago" is not true then: it is 23 years'),
    ("A year ago it came.", slot("2004-05-01", years=None), LANDING, "\"A year ago\" cannot be judged: the schedule 's' counts no years here"),
    ("In 1997, 29 years ago, it came.", ON_THE_DAY, LANDING, '"29 years ago" is not true then: it is 30 years from the year that stands beside it'),
    ("Three months ago it came.", ON_THE_DAY, LANDING, '"Three months ago" cannot be judged: a schedule cannot know that; leave it out, or let a person send it'),
    ("Three days ago it flew.", slot("2027-02-20", event=LAUNCH), LAUNCH, '"Three days ago" is not true then: The probe launches on 18 February 2027'),
    ("The 20th anniversary!", ON_THE_DAY, LANDING, '"20th anniversary" is not true then: it is 23 years'),
    ("The 1st anniversary!", ON_THE_DAY, LANDING, '"1st anniversary" is not true then: it is 23 years'),
    ("The 23rd anniversary!", BEFORE, LANDING, '"23rd anniversary" is not true then: The rover lands tomorrow'),
    ("The 23rd anniversary!", slot("2027-01-28", event=KEPT), KEPT, "\"23rd anniversary\" cannot be judged: the schedule 's' counts no years here"),
    ("It fell on January 25.", ON_THE_DAY, LANDING, '"January 25" is not true then: it is 24 January 2027, and The rover lands today'),
    ("It is Monday, January 24.", ON_THE_DAY, LANDING, '"Monday, January 24" is not true then: that day is a Sunday'),
    ("It is Monday, January 24, 2027.", ON_THE_DAY, LANDING, 'it says "Monday, January 24, 2027", but that day was a Sunday'),
    ("See it on Tuesday.", ON_THE_DAY, LANDING, '"on Tuesday" is not true then: it is a Sunday, and The rover lands today'),
    ("It came at 9:05 p.m. PT (06:05 UTC).", ON_THE_DAY, LANDING, '"06:05 UTC" is not true then: it is 05:05 there'),
    ("It came at 9:05 p.m. that day.", ON_THE_DAY, LANDING, '"9:05 p.m." cannot be judged: it names no zone'),
    ("It came at 10 UTC.", slot("2014-02-28", event=LEAP), LEAP, '"10 UTC" cannot be judged: of the event no hour is known'),
    ("Today we remember them.", slot("2027-01-27", event=KEPT), KEPT, '"Today we" is not true then: Day of Remembrance tomorrow'),
    ("Six days to go.", WEEK, LAUNCH, '"Six days to go" is not true then: 7 of them are left'),
    ("Two hours until it flies.", HOUR_LEFT, LAUNCH, '"Two hours until" is not true then: 1 of them are left'),
    ("A month to go.", WEEK, LAUNCH, '"A month to go" cannot be judged: a schedule cannot know that; leave it out, or let a person send it'),
    ("Five days to go.", ON_THE_DAY, LANDING, '"Five days to go" is not true then: The rover lands today'),
    ("The launch is this week.", slot("2027-02-10", event=LAUNCH), LAUNCH, '"this week" is not true then: The probe launches on 18 February 2027'),
    ("It will launch from the cape.", LATER, LAUNCH, '"will launch" is not true then: The probe launches today, and it is not still to come'),
    ("It will launch from the cape.", ON_THE_DAY, LANDING, '"will launch" is not true then: The rover lands today, and it is not still to come'),
    ("The probe will launch.", slot("2004-02-29", event=LEAP), LEAP, '"probe will" is not true then: The hatch opens today, and it is not still to come'),
    ("The launch will come.", slot("2027-01-28", event=KEPT, facts=(("countdown", 0),)), KEPT, '"launch will" is not true then: Day of Remembrance today, and it is not still to come'),
    ("Tomorrow it flies.", MORNING, LAUNCH, '"Tomorrow" is not true then: The probe launches today'),
    ("Tonight it flies.", EVE, LAUNCH, '"Tonight" is not true then: The probe launches tomorrow'),
    ("Tonight it opened.", slot("2014-02-28", event=LEAP), LEAP, '"Tonight" is not true then: The hatch opens today, but nothing says that it is in the evening'),
    ("Tonight it flew.", slot("2028-02-18", event=LAUNCH), LAUNCH, '"Tonight" is not true then: The probe launches today, but nothing says that it is in the evening'),
    ("It flew yesterday.", LATER, LAUNCH, '"yesterday" is not true then: The probe launches today'),
    ("See it tonight.", AT_DAWN, MOON, '"tonight" is not true then: The Moon passes Mars tomorrow'),
    ("Look up at the Moon.", ON_THE_DAY, LANDING, '"Look up at the Moon" cannot be judged: a schedule cannot know that; leave it out, or let a person send it'),
    ("Join us at the pier.", OVER, TALK, '"Join us" is not true then: The talk is over'),
    ("Join us at the pier.", ON_THE_DAY, LANDING, '"Join us" is said of what people can join, and the event has no `until`'),
    ("Tickets are at the desk.", ON_THE_DAY, LANDING, '"Tickets" is said of what people can join, and the event has no `until`'),
    ("Happy Thanksgiving!", slot("2027-11-24", event=THANKS), THANKS, '"Happy Thanksgiving" is not true then: Thanksgiving tomorrow'),
    ("Merry Christmas!", ON_THE_DAY, LANDING, '"Merry Christmas" cannot be judged: a schedule cannot know that; leave it out, or let a person send it'),
    ("Its twin is now on Mars.", ON_THE_DAY, LANDING, '"is now on" cannot be judged: a schedule cannot know that; leave it out, or let a person send it'),
    ("Four working rovers are there.", ON_THE_DAY, LANDING, '"Four working rovers" cannot be judged: a schedule cannot know that; leave it out, or let a person send it'),
    ("On this day it bounced.", slot("2027-01-24", event=None), None, '"On this day" is not true then: nothing says which day it speaks of'),
    ("On this day it bounced.", slot("2003-01-24"), LANDING, '"On this day" is not true then: The rover lands on 24 January 2004'),
    ("On this day it bounced.", slot("2001-01-24"), LANDING, '"On this day" is not true then: The rover lands has no day about now'),
    ("Spirit is exploring a hill.", ON_THE_DAY, LANDING, '"Spirit is exploring" is said of what works, and Spirit ended on 25 May 2011'),
    ("From 1971 to 2003, in all 20 years.", ON_THE_DAY, LANDING, 'it says "1971 to 2003, in all 20 years", but 1971 and 2003 are 32 years apart'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "when", "event", "reason"), TRUE, ids=[row[3] for row in TRUE])
def test_what_holds_on_the_day_is_not_objected_to(
    text: str, when: Slot, event: Event | None, reason: str
) -> None:
    assert said(text, when, event=event) is None, reason


@pytest.mark.parametrize(("text", "when", "event", "reason"), UNTRUE)
def test_what_does_not_is_objected_to_with_the_reason(
    text: str, when: Slot, event: Event | None, reason: str
) -> None:
    assert said(text, when, event=event) == reason


def test_a_post_comes_round_on_the_day_on_which_it_was_first_posted() -> None:
    assert said("Fifteen years ago today: wheels down.", NO_EVENT, event=None, post=POSTED) is None


def test_and_on_no_other() -> None:
    found = said("Fifteen years ago today.", slot("2027-08-06", event=None), event=None, post=POSTED)

    assert found == '"today" is not true then: its day is yesterday'


def test_a_schedule_without_a_name_is_not_named() -> None:
    nameless = Slot(ON_THE_DAY.at, "", ON_THE_DAY.wall, PACIFIC)

    assert (
        said("Ten years ago it came.", nameless, event=None)
        == '"Ten years ago" cannot be judged: no years are counted'
    )


def test_a_mission_that_had_not_ended_yet_may_be_said_to_work() -> None:
    assert said("Spirit is exploring a hill.", slot("2010-01-24")) is None


def test_a_text_in_a_language_without_rules_is_not_judged() -> None:
    assert said("Twenty-two years ago today.", BEFORE, lang="pt") is None


def test_the_first_and_the_last_years_of_the_calendar_have_neighbours_enough() -> None:
    eternal = Event("e", "The end", "x", "UTC", day=date(1, 1, 1))

    assert said("On this day it ends.", slot("9999-01-01", event=eternal), event=eternal) is None


def faults(
    text: str, use: Uses = Uses.EVERGREEN, missions: Mapping[str, Mission] = MISSIONS
) -> list[Untruth]:
    return list(faults_of_any_day(text, "en", Post("p", (), use=use), missions=missions))


def test_a_post_for_any_day_holds_no_claim() -> None:
    message = '"tonight" is true on some days only; word it for any day, or use = "dated" or "hold"'

    assert faults("See it tonight.") == [Untruth("claim", message, "tonight")]
    assert faults("See it tonight.", Uses.DATED) == []


@pytest.mark.parametrize("use", [Uses.EVERGREEN, Uses.DATED])
@pytest.mark.parametrize(
    ("text", "code", "message", "words"),
    [
        ("It was Monday, July 20, 1976.", "sum", 'it says "Monday, July 20, 1976", but that day was a Tuesday', "Monday, July 20, 1976"),
        ("Spirit continues to climb.", "ended", '"Spirit continues to" is said of what works, and Spirit ended on 25 May 2011', "Spirit continues to"),
    ],
)  # fmt: skip
def test_what_is_true_on_no_day_is_a_fault_of_every_post(
    use: Uses, text: str, code: str, message: str, words: str
) -> None:
    assert faults(text, use) == [Untruth(code, message, words)]


def test_a_mission_at_work_may_be_said_to_work() -> None:
    assert faults("Perseverance is exploring a delta, and Percy continues to drill.") == []


def test_posts_that_nobody_can_judge_are_known() -> None:
    posts = tuple(Post(lang, (), lang=lang) for lang in ("en", "en-GB", "de", "pt-BR"))

    assert [post.id for post in unjudged((*posts, Post("held", (), lang="de", use=Uses.HOLD)))] == [
        "de",
        "pt-BR",
    ]
