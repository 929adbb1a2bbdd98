"""What a text says of what lies back: years counted, days, spans, sums, and who works no more."""

from datetime import date
from typing import Any

import pytest

from bot.claims import sure_claims
from bot.model import Event, Mission, Part, Post, Slot, Tone, Uses
from bot.planning.truth import faults_of_any_day, objection
from bot.zones import DAY, HOUR, day_of, zone
from tests.fakes.worlds import at

PACIFIC = "America/Los_Angeles"


def event(name: str, title: str, kind: str, day: date, **fields: Any) -> Event:
    return Event(name, title, kind, PACIFIC, Tone.CELEBRATION, day=day, **fields)


LANDING = event(
    "opportunity-landing",
    "Opportunity lands in Meridiani Planum",
    "landing",
    date(2004, 1, 24),
    instant=at("2004-01-25T05:05Z"),
)
FLIGHT = event("first-flight", "Ingenuity flies for the first time", "first-flight", date(2021, 4, 19))
SILENCE = event("silence", "Last communication from Opportunity", "last-contact", date(2018, 6, 10))
LAUNCH = event("launch", "Opportunity launches for Mars", "launch", date(2003, 7, 7))
SAGAN = event("sagan", "Carl Sagan is born", "birthday", date(1934, 11, 9))
ORBIT = event("maven-arrival", "MAVEN enters Mars orbit", "orbit-insertion", date(2014, 9, 21))
CREW = event("columbia", "Loss of Columbia and her crew", "loss-of-crew", date(2003, 2, 1))
DEIMOS = event("deimos", "Asaph Hall discovers Deimos", "discovery", date(1877, 8, 12))
MARATHON = event("marathon", "Opportunity passes the distance of a marathon", "milestone", date(2015, 3, 24))
END = event("end", "NASA declares the Opportunity mission complete", "end-of-mission", date(2019, 2, 13))
MISSIONS = {
    each.key: each
    for each in (
        Mission("viking-1", "Viking 1", ("Viking 1",), "v1", date(1976, 7, 20), date(1982, 11, 11)),
        Mission("spirit", "Spirit", ("Spirit",), "spirit-landing", date(2004, 1, 3), date(2011, 5, 25)),
        Mission(
            "opportunity",
            "Opportunity",
            ("Opportunity", "Oppy"),
            "opportunity-landing",
            date(2004, 1, 24),
            date(2019, 2, 13),
        ),
        Mission("phoenix", "Phoenix", ("Phoenix",), "phoenix-landing", date(2008, 5, 25), date(2008, 11, 10)),
        Mission("curiosity", "Curiosity", ("Curiosity",), "curiosity-landing", date(2012, 8, 5)),
        Mission("insight", "InSight", ("InSight",), "i", date(2018, 11, 26), date(2022, 12, 21)),
        Mission("ingenuity", "Ingenuity", ("Ingenuity",), "first-flight", date(2021, 4, 19), date(2024, 1, 25)),
        Mission("maven", "MAVEN", ("MAVEN",), "maven-arrival", date(2014, 9, 21), date(2026, 6, 3)),
        Mission("mgs", "Mars Global Surveyor", ("Mars Global Surveyor",), "m", date(1997, 9, 11), date(2006, 11, 2)),
    )
}  # fmt: skip
POST = Post("p", (Part("…"),), use=Uses.DATED)


def slot(event: Event, years: int = 20) -> Slot:
    """A slot on an anniversary of an event, at nine in its own zone."""
    assert event.day
    wall = day_of(event.day.replace(year=event.day.year + years)) * DAY + 9 * HOUR
    return Slot(zone(event.zone).instant(wall), "s", wall, event.zone, event=event.id, years=years)


def said(text: str, event: Event = LANDING, years: int = 20) -> str | None:
    when = slot(event, years)
    return objection(text, lang="en", slot=when, event=event, post=POST, missions=MISSIONS)


def told_of_any_day(text: str) -> list[str]:
    return [found.message for found in faults_of_any_day(text, "en", POST, missions=MISSIONS)]


@pytest.mark.parametrize(
    "text",
    [
        "Twenty yrs ago the airbags stopped.",
        "20 yrs ago the airbags stopped.",
        "Twenty years have passed since touchdown.",
        "Twenty years have now gone by.",
        "Two decades have passed.",
        "It has been twenty years since touchdown.",
        "Twenty years and counting.",
        "It has stood there for twenty years now.",
        "20 years on Mars and counting.",
        "Twenty years on, its tracks are gone.",
        "It has been in orbit for 20 years today.",
        "The rover turns 20 today.",
        "Oppy turns twenty.",
        "It celebrates its twentieth birthday.",
    ],
)
def test_years_that_are_counted_right_are_not_objected_to(text: str) -> None:
    assert said(text) is None
    assert sure_claims(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Nineteen yrs ago it stopped.", '"Nineteen yrs ago" is not true then: it is 20 years'),
        ("A yr ago it stopped.", '"A yr ago" is not true then: it is 20 years'),
        ("Nine years have passed since touchdown.", '"Nine years have passed since" is not true then: it is 20 years'),
        ("Nearly nine years have gone by.", '"Nearly nine years have gone by" is not true then: it is 20 years'),
        ("It's been nine years since touchdown.", '"It\'s been nine years since" is not true then: it is 20 years'),
        ("Nine years and counting.", '"Nine years and counting" is not true then: it is 20 years'),
        ("Nine years on Mars and counting.", '"Nine years on Mars and counting" is not true then: it is 20 years'),
        ("It has stood there for nine years now.", '"for nine years now" is not true then: it is 20 years'),
        ("Nine years on, its tracks are gone.", '"Nine years on" is not true then: it is 20 years'),
        ("It has been in orbit for 19 years.", '"has been in orbit for 19 years" is not true then: it is 20 years'),
        ("The rover turns 12 this August.", '"turns 12" is not true then: it is 20 years'),
        ("The rover turns twelve.", '"turns twelve" is not true then: it is 20 years'),
        ("The rover turned 12 on Sunday.", '"turned 12" is not true then: it is 20 years'),
        ("It celebrates its tenth birthday.", '"celebrates its tenth birthday" is not true then: it is 20 years'),
    ],
)  # fmt: skip
def test_and_those_that_are_not_are(text: str, reason: str) -> None:
    assert said(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "The 12th year of the mission begins.",
        "It is in its 12th year.",
        "The rover is now in its twelfth year on Mars.",
        "In its 12th year, the rover climbs.",
        "It enters its twelfth year.",
        "A 12th year of the mission: more rock.",
        "1900 sols and counting.",
        "1,900 sols on Mars and counting.",
        "Three thousand sols and counting.",
    ],
)
def test_a_tally_of_the_present_binds_a_text(text: str) -> None:
    assert sure_claims(text)


@pytest.mark.parametrize(
    "text",
    [
        "By its fifth year the rover had crossed a plain.",
        "In its fifth year on Mars, Opportunity reached a crater and stopped.",
        "In the twelfth year of the mission, the rover found clay.",
        "It died in its 12th year.",
        "It was in its third year when the dust came.",
        "Ten years had passed.",
        "The wheel turns twice a minute, and turns 90 degrees.",
        "Nineteen years later, scientists looked for a crater.",
        "Twenty years on, Pathfinder landed.",
        "It went on for years.",
        "A person of ninety has lived for forty-eight Mars years.",
    ],
)
def test_what_is_told_of_the_past_does_not(text: str) -> None:
    assert not sure_claims(text)


NOT_SO = [
    (LANDING, "Opportunity landed in 2005.", '"landed in 2005" is not true: Opportunity lands in Meridiani Planum was on 24 January 2004'),
    (LANDING, "It touched down in Meridiani in 2003.", '"touched down in Meridiani in 2003" is not true: Opportunity lands in Meridiani Planum was on 24 January 2004'),
    (LANDING, "Landed in February 2004.", '"Landed in February 2004" is not true: Opportunity lands in Meridiani Planum was on 24 January 2004'),
    (LANDING, "In 2005, the rover came down.", '"2005, the rover came down" is not true: Opportunity lands in Meridiani Planum was on 24 January 2004'),
    (LANDING, "Since its landing in 2005 it drove.", '"landing in 2005" is not true: Opportunity lands in Meridiani Planum was on 24 January 2004'),
    (LANDING, "The 2005 landing was loud.", '"2005 landing" is not true: Opportunity lands in Meridiani Planum was on 24 January 2004'),
    (LANDING, "Opportunity landed on 14 January 2004.", '"landed on 14 January 2004" is not true: Opportunity lands in Meridiani Planum was on 24 January 2004'),
    (LANDING, "It explored for 20 years, until 2018.", '"explored for 20 years, until 2018" is not true: Opportunity worked from 24 January 2004 to 13 February 2019'),
    (LANDING, "Opportunity explored for 20 years, until 2018.", '"explored for 20 years, until 2018" is not true: Opportunity worked from 24 January 2004 to 13 February 2019'),
    (LANDING, "Opportunity explored for ten years, until 2018.", '"explored for ten years, until 2018" is not true: Opportunity worked from 24 January 2004 to 13 February 2019'),
    (LANDING, "Opportunity worked until 2021.", '"worked until 2021" is not true: Opportunity worked from 24 January 2004 to 13 February 2019'),
    (LANDING, "Opportunity worked until 2015.", '"worked until 2015" is not true: Opportunity worked from 24 January 2004 to 13 February 2019'),
    (LANDING, "Opportunity explored Mars from 2006 to 2018.", '"explored Mars from 2006 to 2018" is not true: Opportunity worked from 24 January 2004 to 13 February 2019'),
    (LANDING, "It came down 30 days after Spirit.", '"30 days after Spirit" is not true: it was 21 days'),
    (LANDING, "Opportunity landed five weeks after its twin Spirit.", '"five weeks after its twin Spirit" is not true: it was 3 weeks'),
    (LANDING, "Curiosity landed twelve years after Opportunity.", '"twelve years after Opportunity" is not true: it was 9 years'),
    (FLIGHT, "On this date in 2020, a helicopter flew.", '"On this date in 2020" is not true: Ingenuity flies for the first time was on 19 April 2021'),
    (LANDING, "In 2005, it landed.", '"2005, it landed" is not true: Opportunity lands in Meridiani Planum was on 24 January 2004'),
    (LANDING, "The rover landed in the year 2005.", '"landed in the year 2005" is not true: Opportunity lands in Meridiani Planum was on 24 January 2004'),
    (LANDING, "The year was 2005.", '"The year was 2005" is not true: Opportunity lands in Meridiani Planum was on 24 January 2004'),
    (FLIGHT, "It was April 20, 2021.", '"It was April 20, 2021" is not true: Ingenuity flies for the first time was on 19 April 2021'),
    (FLIGHT, "April 20, 2021. A helicopter rises.", '"April 20, 2021" is not true: Ingenuity flies for the first time was on 19 April 2021'),
    (LANDING, "Opportunity spent 20 years on Mars.", '"spent 20 years on" is not true: Opportunity worked from 24 January 2004 to 13 February 2019'),
    (LANDING, "Three days after Spirit it came down.", '"Three days after Spirit" is not true: it was 21 days'),
    (LANDING, "Its 25th anniversary in 2020.", '"25th anniversary in 2020" is not true: Opportunity lands in Meridiani Planum was on 24 January 2004'),
    (SAGAN, "He died in 1996 at 70.", '"died in 1996 at 70" is not true: Carl Sagan is born was on 9 November 1934'),
    (SAGAN, "He died at the age of 70, in 1996.", '"died at the age of 70, in 1996" is not true: Carl Sagan is born was on 9 November 1934'),
    (LANDING, "31 June 2004: it rolled.", 'it says "31 June 2004", but there is no such day'),
    (FLIGHT, "This day in 2020: it rose.", '"This day in 2020" is not true: Ingenuity flies for the first time was on 19 April 2021'),
    (FLIGHT, "2020, on this day: it rose.", '"2020, on this day" is not true: Ingenuity flies for the first time was on 19 April 2021'),
    (FLIGHT, "April 20, 2021: the first flight on another planet.", '"April 20, 2021" is not true: Ingenuity flies for the first time was on 19 April 2021'),
    (FLIGHT, "On April 20, 2021, a helicopter flew on Mars.", '"April 20, 2021" is not true: Ingenuity flies for the first time was on 19 April 2021'),
    (FLIGHT, "Ingenuity first flew in May 2021.", '"first flew in May 2021" is not true: Ingenuity flies for the first time was on 19 April 2021'),
    (LAUNCH, "Opportunity lifted off in 2004.", '"lifted off in 2004" is not true: Opportunity launches for Mars was on 7 July 2003'),
    (LAUNCH, "On 4 July 2003, Opportunity left Earth.", '"4 July 2003, Opportunity left Earth" is not true: Opportunity launches for Mars was on 7 July 2003'),
    (ORBIT, "MAVEN entered orbit in 2013.", '"entered orbit in 2013" is not true: MAVEN enters Mars orbit was on 21 September 2014'),
    (SILENCE, "Opportunity fell silent in 2017.", '"fell silent in 2017" is not true: Last communication from Opportunity was on 10 June 2018'),
    (CREW, "Columbia was lost in 2002.", '"was lost in 2002" is not true: Loss of Columbia and her crew was on 1 February 2003'),
    (SAGAN, "Carl Sagan was born in Brooklyn in 1935.", '"born in Brooklyn in 1935" is not true: Carl Sagan is born was on 9 November 1934'),
    (DEIMOS, "Deimos was discovered in 1878.", '"discovered in 1878" is not true: Asaph Hall discovers Deimos was on 12 August 1877'),
    (LANDING, "The 19th anniversary today: 24 January 2004.", '"19th anniversary" is not true then: it is 20 years'),
    (MARATHON, "In a last contact post, Opportunity landed in 2005.", '"landed in 2005" is not true: Opportunity began its work on 24 January 2004'),
]  # fmt: skip


@pytest.mark.parametrize(("about", "text", "reason"), NOT_SO, ids=[row[1] for row in NOT_SO])
def test_a_deed_a_day_or_a_span_that_was_otherwise_is_objected_to(
    about: Event, text: str, reason: str
) -> None:
    assert said(text, about) == reason


SO = [
    (LANDING, "Opportunity landed in 2004."),
    (LANDING, "Opportunity landed on 25 January 2004 by UTC, and in January 2004 by any clock."),
    (LANDING, "Viking 1 landed in 1976. So did its twin."),
    (LANDING, "Viking 1 was first. It landed in 1976."),
    (LANDING, "Opportunity landed where, in 2010, a crater was named."),
    (LANDING, "Opportunity landed near a crater that was named in 2005."),
    (LANDING, "Opportunity landed in a crater found in 2001."),
    (LANDING, "Launched on 7 July 2003, Opportunity landed in January 2004."),
    (LANDING, "The first landing was in 1971."),
    (LANDING, "On 26 January 2004, two days after it landed, Opportunity sent a picture."),
    (LANDING, "On 31 January 2004 it rolled onto the ground."),
    (LANDING, "On this day in 2004, it landed."),
    (LANDING, "24 January 2004: it landed."),
    (LANDING, "Opportunity explored for 14 years, until 2018."),
    (LANDING, "Opportunity explored for nearly 15 years."),
    (LANDING, "Opportunity explored Endeavour for seven years, until 2018."),
    (LANDING, "Opportunity explored Endeavour from 2011 to 2018, and worked until 2018."),
    (LANDING, "It came down three weeks after Spirit, 21 days after Spirit."),
    (LANDING, "It was launched 27 days after Spirit."),
    (LANDING, "It fell silent eight years after Spirit's last signal."),
    (
        LANDING,
        "Phoenix arrived four years after Opportunity. Curiosity landed eight years after Opportunity, nine by another count.",
    ),
    (LANDING, "Opportunity was a marvel, and Curiosity was built 9 years after Opportunity."),
    (LANDING, "The 20th anniversary today: 24 January 2004."),
    (LANDING, "Some years after Spirit. A few days after Spirit."),
    (SILENCE, "Opportunity was heard on 10 June 2018; on 12 June 2018 an emergency was declared."),
    (SILENCE, "On 12 June 2018 the team declared an emergency."),
    (SILENCE, "Opportunity fell silent in 2018."),
    (FLIGHT, "It flew 72 times, and in 2024 it flew for the last time."),
    (FLIGHT, "On 8 April 2021 Ingenuity was to fly."),
    (FLIGHT, "On 18 April 2021, the eve, all was planned; it flew after that."),
    (FLIGHT, "Ingenuity touched down in 2024, a blade broken."),
    (MARATHON, "On this day in 2015, it passed a marathon."),
    (CREW, "Columbia was lost in 2003. Challenger was lost in 1986."),
    (SAGAN, "Carl Sagan was born in 1934 and died in 1996."),
    (SAGAN, "He died in 1996 at 62. He died in 1996, at the age of some years."),
    (LANDING, "When it landed, nobody knew what 2018 would bring."),
    (LANDING, "Its 10th anniversary in 2014."),
    (LANDING, "The year was 2004. It was 24 January 2004."),
    (DEIMOS, "Asaph Hall, born in 1829, saw it in 1877."),
    (END, "Opportunity was declared complete in 2019."),
]


@pytest.mark.parametrize(("about", "text"), SO, ids=[row[1] for row in SO])
def test_what_was_so_is_not(about: Event, text: str) -> None:
    assert said(text, about) is None


def test_a_mission_that_began_on_the_same_day_of_another_year_may_be_told_of() -> None:
    moon = event("moon", "Apollo 11 lands on the Moon", "landing", date(1969, 7, 20))

    assert said("On this day in 1976, Viking 1 came down.", moon, 50) is None
    assert said("On this day in 1977, Viking 1 came down.", moon, 50)


def test_what_the_missions_themselves_say_is_a_fault_on_any_day() -> None:
    worked = "Opportunity worked from 24 January 2004 to 13 February 2019"

    assert told_of_any_day("Opportunity explored for 20 years.") == [
        f'"explored for 20 years" is not true: {worked}'
    ]
    assert told_of_any_day("Opportunity landed 30 days after Spirit.") == [
        '"30 days after Spirit" is not true: it was 21 days'
    ]
    assert told_of_any_day("Opportunity landed in 2005.") == [
        '"landed in 2005" is not true: Opportunity began its work on 24 January 2004'
    ]
    assert told_of_any_day("It came down 30 days after Spirit.") == []
