"""What a remembrance has no room for."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.claims import levity
from bot.model import Event, Mission, Part, Post, Schedules, Tone, Uses
from bot.planning.check import faults

LOSS = Event("loss", "A loss", "loss-of-crew", "UTC", Tone.REMEMBRANCE, day=date(1986, 1, 28))
LANDING = Event("landing", "A landing", "landing", "UTC", Tone.CELEBRATION, day=date(2004, 1, 25))
SPIRIT = Mission("spirit", "Spirit", ("Spirit",), ended_on=date(2011, 5, 25))
WORLD = Schedules(events={each.id: each for each in (LOSS, LANDING)}, missions={"spirit": SPIRIT})


def found(text: str, **fields: Any) -> list[tuple[str, str, str]]:
    told = faults(Post("p", (Part(text),), **fields), WORLD)
    return [(fault.code, fault.message, fault.near) for fault in told]


LIGHT = [
    ("The ship was lost, lol.", "lol"),
    ("Hahaha, what a day it was.", "Hahaha"),
    ("Fun fact: she flew twice.", "Fun fact"),
    ("Spoiler alert: it did not hold.", "Spoiler alert"),
    ("Oops. The seal was cold.", "Oops"),
    ("Just kidding, they said.", "Just kidding"),
    ("Their last selfie, from the pad.", "selfie"),
    ("Cheers to the seven.", "Cheers"),
    ("No pun was meant.", "pun"),
    ("Let's party like they did.", "Let's party"),
    ("It was so cool up there.", "so cool"),
    ("They were brave ;-)", ";-)"),
    ("Who knew?? Nobody.", "??"),
    ("Who knew?! Nobody.", "?!"),
    ("THEY WILL NEVER be forgotten.", "THEY WILL NEVER"),
]

DIGNIFIED = [
    "Seven people boarded; seven people were lost. We say their names.",
    "NASA and JPL fell silent. STS-51-L was her tenth flight.",
    "A party of searchers walked the fields of Texas for weeks.",
    "Who were they? Teachers, pilots, engineers.",
    "The O-ring had grown cool, not cold. (It was a cold morning.)",
    "Michael P. Anderson, William C. McCool, Ilan Ramon: the crew of STS-107.",
    "There were cheers in the hall, and then silence.",
    "Hehir wrote that Punic wars were forgotten sooner.",
]


@pytest.mark.parametrize(("text", "words"), LIGHT)
def test_what_jests_laughs_or_shouts_is_found(text: str, words: str) -> None:
    assert levity(text) == words


@pytest.mark.parametrize("text", DIGNIFIED)
def test_what_is_dignified_is_left_alone(text: str) -> None:
    assert levity(text) is None


def test_a_remembrance_is_no_place_for_jests() -> None:
    assert found("The ship was lost, lol.", tone=Tone.REMEMBRANCE) == [
        ("tact", 'a remembrance needs no "lol"', "lol")
    ]


def test_anything_else_is() -> None:
    assert found("The ship was found, lol!", tone=Tone.CELEBRATION, event="landing") == []


def test_every_light_thing_is_told_once() -> None:
    told = found("Lost 🎉 haha! lol!", tone=Tone.REMEMBRANCE)

    assert [near for _, _, near in told] == ["!", "🎉", "haha"]


def test_what_is_mourned_is_not_celebrated() -> None:
    message = "a celebration does not suit 'loss', which is a remembrance; say tone = \"remembrance\""

    assert found("It was lost.", tone=Tone.CELEBRATION, event="loss") == [("tone", message, "")]


def test_a_post_about_what_is_mourned_is_a_remembrance_whatever_its_tone() -> None:
    assert found("It was lost!", tone=Tone.NEUTRAL, event="loss") == [
        ("tact", "a remembrance needs no exclamation mark", "!")
    ]


@pytest.mark.parametrize("use", [Uses.EVERGREEN, Uses.DATED])
def test_every_post_but_those_on_hold_is_held_against_the_calendar_and_the_missions(use: Uses) -> None:
    text = "On Monday, July 20, 1976, it came. Spirit is exploring."

    assert [code for code, *_ in found(text, use=use)] == ["sum", "ended"]
    assert found(text, use=Uses.HOLD) == []


def test_a_text_in_another_language_is_asked_for_signs_alone() -> None:
    told = found("Perdidos hoje, lol!", tone=Tone.REMEMBRANCE, lang="pt")

    assert [code for code, *_ in told] == ["tact"]
    assert told[0][2] == "!"


def test_the_remembrances_that_ship_are_dignified() -> None:
    corpus = Path(__file__).parents[2] / "corpus"
    texts = [file.read_text(encoding="utf-8") for file in corpus.rglob("*.md")]

    solemn = [text.split("+++")[2] for text in texts if 'tone = "remembrance"' in text]

    assert len(solemn) > 20
    assert [words for text in solemn if (words := levity(text))] == []
