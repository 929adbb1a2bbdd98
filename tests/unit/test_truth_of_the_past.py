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
        ("Nine years have passed since touchdown.", '"Nine years have passed" is not true then: it is 20 years'),
        ("Nearly nine years have gone by.", '"nine years have gone by" is not true then: it is 20 years'),
        ("It's been nine years since touchdown.", '"It\'s been nine years since" is not true then: it is 20 years'),
        ("Nine years and counting.", '"Nine years and counting" is not true then: it is 20 years'),
        ("Nine years on Mars and counting.", '"Nine years on Mars and counting" is not true then: it is 20 years'),
        ("It has stood there for nine years now.", '"for nine years now" is not true then: it is 20 years'),
        ("Nine years on, its tracks are gone.", '"Nine years on" is not true then: it is 20 years'),
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
