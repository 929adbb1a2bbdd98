"""What works no more is not said to work, in whatever words; and what it left may be told of in the present."""

import pytest

from bot.claims import it_is_said_to_work, said_to_work


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Opportunity explores the rim.", "Opportunity explores"),
        ("Opportunity listens for a call.", "Opportunity listens"),
        ("Opportunity lives on.", "Opportunity lives on"),
        ("Opportunity will send more.", "Opportunity will send"),
        ("Opportunity will soon be driving again.", "Opportunity will soon be driving"),
        ("Opportunity will wake in spring.", "Opportunity will wake"),
        ("Opportunity is about to climb.", "Opportunity is about to climb"),
        ("Opportunity plans to climb.", "Opportunity plans to climb"),
        ("Opportunity can still hear us.", "Opportunity can still hear"),
        ("Opportunity continues to climb.", "Opportunity continues to"),
        ("The rover Opportunity, in Meridiani, is exploring clay.", "Opportunity, in Meridiani, is exploring"),
        ("Opportunity, the smallest rover on Mars, is still circling rocks.", "Opportunity, the smallest rover on Mars, is still circling"),
        ("Opportunity, which explores the rim, is old.", "Opportunity, which explores"),
        ("Opportunity keeps rolling.", "Opportunity keeps rolling"),
        ("Opportunity never stops looking.", "Opportunity never stops looking"),
        ("Opportunity hasn't stopped driving.", "Opportunity hasn't stopped driving"),
        ("Opportunity flies.", "Opportunity flies"),
        ("Opportunity now studies clay.", "Opportunity now studies"),
        ("Opportunity slowly climbs.", "Opportunity slowly climbs"),
        ("Opportunity takes pictures.", "Opportunity takes pictures"),
        ("Opportunity is alive and well.", "Opportunity is alive"),
        ("Opportunity is at work.", "Opportunity is at work"),
        ("Opportunity measures the wind.", "Opportunity measures"),
        ("Opportunity's cameras watch the sky, Opportunity's wheels are turning.", "Opportunity's wheels are turning"),
        ("Spirit and Opportunity explore Mars.", "Opportunity explore"),
        ("Opportunity and Spirit still send data.", "Opportunity and Spirit still send"),
        ("Opportunity landed in 2004 and is still exploring.", "Opportunity landed in 2004 and is still exploring"),
        ("Opportunity arrived years ago and continues to measure.", "Opportunity arrived years ago and continues to"),
        ("Opportunity landed in 2004 and has been working there ever since.", "Opportunity landed in 2004 and has been working there ever since"),
        ("Opportunity has explored Mars since 2004.", None),
        ("Opportunity has been on duty since 2004.", "Opportunity has been on duty since 2004"),
        ("Opportunity keeps on rolling.", "Opportunity keeps on rolling"),
        ("Opportunity is hard at work.", "Opportunity is hard at work"),
        ("Opportunity's journey is not over.", "Opportunity's journey is not over"),
        ("Opportunity's mission continues.", "Opportunity's mission continues"),
        ("Opportunity stands there and listens.", "Opportunity stands there and listens"),
        ("Opportunity has been exploring Mars since 2004.", "Opportunity has been exploring Mars since 2004"),
        ("Opportunity orbits Mars and looks down.", "Opportunity orbits"),
    ],
)  # fmt: skip
def test_a_name_and_what_it_does_are_found(text: str, words: str | None) -> None:
    assert next(said_to_work(text, "Opportunity"), None) == words


@pytest.mark.parametrize(
    "text",
    [
        "Opportunity stands on the rim.",
        "Opportunity rests in Meridiani, and lies in the dust.",
        "Opportunity holds the record.",
        "Opportunity still holds the record.",
        "Opportunity keeps the record.",
        "Opportunity's data show that water flowed.",
        "Opportunity's pictures still teach.",
        "Opportunity reminds us to call home.",
        "Opportunity calls Meridiani home.",
        "Opportunity lives on in its data.",
        "Opportunity lives on in current and future Mars missions.",
        "Opportunity is keeping quiet.",
        "What Opportunity heard is still being read.",
        "Opportunity's mission continues in the archives.",
        "Opportunity stands there and Curiosity listens.",
        "Opportunity lives on in the rovers that came after it.",
        "Opportunity measures 1.5 meters, and measures about as much as a car.",
        "In 2012, Opportunity explores the rim.",
        "Eight years ago today: Opportunity explores the rim.",
        "On this day, Opportunity climbs a hill.",
        "Opportunity sees the Sun rise for the 5,000th time.",
        "Opportunity flies for the first time.",
        "A rover like Opportunity drives on six wheels.",
        "The sand around Opportunity records the wind.",
        "The team of Opportunity works on other missions.",
        "Like Opportunity, Curiosity explores Mars.",
        "Opportunity samples were never brought home; Opportunity drives were short.",
        "Opportunity carries a piece of steel from New York.",
        "Opportunity will never drive again.",
        "Opportunity will be remembered.",
        "Opportunity watches over Meridiani.",
        "Opportunity orbits Mars, silent and dark.",
        "Opportunity is still circling the planet, a silent wreck.",
        "Opportunity explored, and Curiosity is still exploring.",
        "Opportunity found clay where the wind still blows and continues to blow.",
        "Opportunity belongs to Mars.",
        "Opportunity feels like an old friend.",
    ],
)
def test_what_rests_or_is_told_as_history_is_not(text: str) -> None:
    assert list(said_to_work(text, "Opportunity")) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Opportunity landed in 2004. It is still exploring.", "It is still exploring"),
        ("Opportunity landed. The rover still sends pictures.", "The rover still sends"),
        ("Opportunity landed. It explores the rim.", "It explores"),
        ("Opportunity sleeps. It will wake in spring.", "It will wake"),
        ("Opportunity landed. It continues to drive. It keeps rolling.", "It continues to"),
        ("Opportunity is 31. It was launched in 2003 and is still exploring.", "It was launched in 2003 and is still exploring"),
        ("Opportunity is silent. The wind blows. It is still blowing.", None),
        ("It is still raining. Opportunity landed.", None),
        ("Opportunity landed. It is still standing there.", None),
        ("Opportunity landed. In 2010 it explores the rim; it will drive.", None),
        ("Opportunity landed. It stands there.", None),
    ],
)  # fmt: skip
def test_so_is_what_is_said_of_it_in_the_sentence_behind(text: str, words: str | None) -> None:
    assert next(it_is_said_to_work(text, "Opportunity"), None) == words
