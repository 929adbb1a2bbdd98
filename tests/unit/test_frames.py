"""Frames: the sentence around a post, as it reads on one day."""

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.model import Event, Post, Slot
from bot.planning.english import number_in_words, ordinal, years_in_words
from bot.planning.frames import FrameError, framed, wordings, words, years_of
from bot.zones import DAY, HOUR, day_of
from tests.fakes.worlds import FLIGHT, LANDING, at, post, schedule

TEXT = "The rover drove on."


def slot_on(day: date, *, years: int | None = None, event: str | None = None, zone: str = "UTC") -> Slot:
    wall = day_of(day) * DAY + 9 * 3600
    return Slot(wall, "frames", wall, zone, event=event, years=years)


FEB_18 = slot_on(date(2028, 2, 18), years=7, event="landing")


def shown(frame: str, text: str = TEXT, *, slot: Slot = FEB_18, event: Event | None = LANDING) -> str:
    return framed(frame, text, slot=slot, post=post("p"), event=event)


@pytest.mark.parametrize(
    ("frame", "sentence", "reason"),
    [
        ("", TEXT, "no frame, no change"),
        ("{{ text }}", TEXT, "a frame may be the text alone"),
        ("{{ years }} years ago: {{ text }}", f"7 years ago: {TEXT}", "the years as a number"),
        ("Its {{ ordinal }}! {{ text }}", f"Its 7th! {TEXT}", "as an ordinal"),
        (
            "{{ years_in_words | capitalize }} ago: {{ text }}",
            f"Seven years ago: {TEXT}",
            "in words, to begin a sentence",
        ),
        (
            "{{ weekday }}, {{ date }}: {{ text }}",
            f"Friday, 18 February 2028: {TEXT}",
            "the day by its names",
        ),
        ("{{ title }}. {{ text }}", f"First landing. {TEXT}", "what the event is called"),
        ("{{ event.kind }}: {{ text }}", f"landing: {TEXT}", "whatever else is known of it"),
        (
            "{% if years == 1 %}Last year{% else %}Earlier{% endif %}: {{ text }}",
            f"Earlier: {TEXT}",
            "a frame may decide",
        ),
        ("\n {{ text }} \n", TEXT, "what surrounds it is cut off"),
    ],
)
def test_a_frame_says_the_day_around_the_text(frame: str, sentence: str, reason: str) -> None:
    assert shown(frame) == sentence, reason


def test_a_count_that_was_rounded_is_a_whole_number() -> None:
    frame = "{{ 2.6 | round | in_words }} {{ 2.6 | round | plural('moon') }}, the {{ 3.0 | ordinal }}, {{ 5000.5 | number }}"

    assert shown(frame) == "three moons, the 3rd, 5,000.5"


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        ("{{ yaers }} {{ text }}", "'yaers' is undefined"),
        ("{{ text", "unexpected end of template"),
        ("{{ text | louder }}", "No filter named 'louder'"),
        (
            "{{ event.colour }} {{ text }}",
            "an event has no colour; it has id, title, kind, zone, tone, instant, day,",
        ),
        ("{{ event.titel }}", 'an event has no titel; did you mean "title"? It has id, title, kind'),
        ("{{ text.colour }}", "has no attribute 'colour'"),
        ("{{ zones }}", 'zones() needs the zones to show: zones("ET", "PT", "UTC")'),
        ("{{ zones() }}", "zones() needs the zones to show"),
        ("{{ zones(5) }}", "zones() needs the zones to show"),
        ("{{ years / 0 }}", "division by zero"),
        ("{{ years + text }}", "unsupported operand"),
        ("{{ '{}'.format() }}", "out of range"),
        ("{% include 'other' %}", "no loader"),
        ("{{ 2.5 | in_words }}", "in_words takes a whole number from 0 to 9,999, not 2.5"),
        ("{{ -3 | in_words }}", "in_words takes a whole number from 0 to 9,999, not -3"),
        ("{{ 10000 | in_words }}", "in_words takes a whole number from 0 to 9,999, not 10000"),
        ("{{ 'seven' | in_words }}", 'in_words takes a whole number from 0 to 9,999, not "seven"'),
        ("{{ none | in_words }}", "in_words takes a whole number from 0 to 9,999, not nothing"),
        ("{{ true | in_words }}", "in_words takes a whole number from 0 to 9,999, not True"),
        ("{{ yaers | in_words }}", "'yaers' is undefined"),
        ("{{ 7 | in_words(2) }}", "in_words is written {{ 7 | in_words }}"),
        ("{{ 3.5 | ordinal }}", "ordinal takes a whole number from 0 on, not 3.5"),
        ("{{ -1 | ordinal }}", "ordinal takes a whole number from 0 on, not -1"),
        ("{{ text | ordinal }}", f'ordinal takes a whole number from 0 on, not "{TEXT}"'),
        ("{{ text | plural('sol') }}", f'plural takes a number before it, not "{TEXT}"'),
        ("{{ 2 | plural(2) }}", "plural takes a noun in quotes, not 2"),
        ("{{ 2 | plural }}", 'plural is written {{ 2 | plural("moon") }}'),
        ("{{ none | number }}", "number takes a number, not nothing"),
        ("{{ '' | article }}", 'article takes a word or a number, not ""'),
        ("{{ none | article }}", "article takes a word or a number, not nothing"),
        ("{{ text | zones('ET') }}", f'zones takes an instant, such as event.instant, not "{TEXT}"'),
        ("{{ 5 | zones(5) }}", 'zones is written {{ event.instant | zones("ET", "UTC") }}'),
    ],
)
def test_a_frame_that_asks_in_vain_says_so(frame: str, fault: str) -> None:
    with pytest.raises(FrameError) as caught:
        shown(frame)

    assert str(caught.value).startswith(f"the frame {frame!r} does not work here: ")
    assert fault in str(caught.value)


CURIOSITY = Event("curiosity", "Curiosity landing", "landing", "America/Los_Angeles",
                  instant=at("2012-08-06T05:17Z"), day=date(2012, 8, 5))  # fmt: skip


@pytest.mark.parametrize("asked", ["zones('ET', 'PT', 'UTC')", "event.instant | zones('ET', 'PT', 'UTC')"])
def test_clocks_name_the_weekday_where_it_is_not_that_on_which_the_event_is_kept(asked: str) -> None:
    slot = slot_on(date(2027, 8, 5), years=15, event="curiosity", zone=CURIOSITY.zone)

    assert (
        shown(f"{{{{ {asked} }}}}", slot=slot, event=CURIOSITY)
        == "1:17 a.m. ET Monday (10:17 p.m. PT, 05:17 UTC Monday)"
    )


@pytest.mark.parametrize("asked", ["zones('ET', 'UTC')", "event.instant | zones('ET', 'UTC')"])
def test_what_the_sky_brings_has_an_instant_and_a_day(asked: str) -> None:
    opposition = Event("opposition", "Mars at opposition", "sky", sky="opposition")
    day = slot_on(date(2027, 8, 5), event="opposition", zone="America/New_York")
    slot = replace(day, facts=(("happens", at("2027-08-06T02:17Z")),))

    frame = f"{{{{ event.day }}}}, {{{{ {asked} }}}}"

    assert shown(frame, slot=slot, event=opposition) == "2027-08-05, 10:17 p.m. ET (02:17 UTC Friday)"


def test_an_event_of_which_no_hour_is_known_is_on_no_clock() -> None:
    with pytest.raises(FrameError, match="the event has no instant, only a date"):
        shown("{{ zones('ET') }}", event=replace(LANDING, instant=None))


def test_a_moment_beside_no_event_is_told_by_the_first_clock() -> None:
    frame = f"{{{{ {at('2012-08-06T05:17Z')} | zones('PT', 'UTC') }}}}"

    assert shown(frame, slot=slot_on(date(2027, 8, 5)), event=None) == "10:17 p.m. PT (05:17 UTC Monday)"


def test_a_frame_may_ask_whether_an_event_has_a_name() -> None:
    assert shown("{{ 'yes' if event.colour is defined else 'no' }}") == "no"


@pytest.mark.parametrize(
    "frame",
    [
        "{{ ''.__class__ }}",
        "{{ text.__class__.__mro__ }}",
        "{{ text.format.__globals__ }}",
        "{{ '{0.__class__}'.format(text) }}",
        "{{ text | attr('__class__') }}",
        "{{ event.__init__ }}",
        "{{ range(3) }}",
        "{{ cycler('a') }}",
        "{% set event.title = 'x' %}",
    ],
)
def test_a_frame_cannot_leave_its_sandbox(frame: str) -> None:
    with pytest.raises(FrameError):
        shown(frame)


@pytest.mark.parametrize("frame", ["{{ [1, 2] | random }}", "{{ lipsum() }}"])
def test_a_frame_has_no_chance_in_it(frame: str) -> None:
    with pytest.raises(FrameError):
        shown(frame)


@pytest.mark.parametrize("frame", ["{{ years }}", "{{ ordinal }}", "{{ years_in_words }}"])
def test_a_day_that_looks_back_to_nothing_has_no_years(frame: str) -> None:
    with pytest.raises(FrameError, match="is undefined"):
        shown(frame, slot=slot_on(date(2028, 2, 18)), event=None)


def test_a_slot_without_event_has_no_title() -> None:
    found = words(slot_on(date(2028, 2, 18)), post("p"), None)

    assert found == {"weekday": "Friday", "date": "18 February 2028", "mars_year": 39}


@pytest.mark.parametrize(
    ("slot", "posted", "years", "reason"),
    [
        (slot_on(date(2028, 2, 18), years=7, event="e"), None, 7, "the event's years, if it has an event"),
        (slot_on(date(2028, 2, 18), event="e"), date(2020, 2, 18), None, "an observance has none"),
        (slot_on(date(2028, 2, 18)), date(2020, 2, 18), 8, "else those since it was first posted"),
        (slot_on(date(2028, 2, 18)), date(2028, 1, 1), None, "none in the same year"),
        (slot_on(date(2028, 2, 18)), None, None, "none if it never was"),
        (
            slot_on(date(2028, 12, 31), zone="America/New_York"),
            datetime(2021, 1, 1, 3, tzinfo=UTC),
            8,
            "an instant counts by the calendar of the slot's zone",
        ),
    ],
)
def test_years_are_counted_from_the_event_or_the_first_posting(
    slot: Slot, posted: date | None, years: int | None, reason: str
) -> None:
    assert years_of(slot, Post("p", (), posted=posted)) == years, reason


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (0, "zero"),
        (1, "one"),
        (13, "thirteen"),
        (20, "twenty"),
        (23, "twenty-three"),
        (90, "ninety"),
        (99, "ninety-nine"),
        (100, "one hundred"),
        (101, "one hundred and one"),
        (250, "two hundred and fifty"),
        (999, "nine hundred and ninety-nine"),
        (1_000, "one thousand"),
        (1_066, "one thousand and sixty-six"),
        (1_982, "one thousand nine hundred and eighty-two"),
        (2_000, "two thousand"),
        (9_999, "nine thousand nine hundred and ninety-nine"),
    ],
)
def test_numbers_are_said_in_words(number: int, name: str) -> None:
    assert number_in_words(number) == name


def test_the_numbers_up_to_twenty_and_the_tens_are_spelt_as_they_are() -> None:
    said = " ".join(map(number_in_words, (*range(20), *range(20, 100, 10))))

    assert said == (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    )


def test_every_number_of_years_has_a_name_of_its_own() -> None:
    names = {years_in_words(years) for years in range(10_000)}

    assert len(names) == 10_000


def test_one_year_is_no_years() -> None:
    assert [years_in_words(years) for years in (1, 2, 11)] == ["one year", "two years", "eleven years"]


@pytest.mark.parametrize(
    ("number", "name"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (10, "10th"), (11, "11th"), (12, "12th"), (13, "13th"),
     (21, "21st"), (42, "42nd"), (53, "53rd"), (100, "100th"), (101, "101st"), (111, "111th"), (112, "112th"),
     (113, "113th"), (121, "121st")],
)  # fmt: skip
def test_ordinals_end_as_they_are_spoken(number: int, name: str) -> None:
    assert ordinal(number) == name


@given(st.text())
def test_no_text_is_ever_read_as_a_frame(text: str) -> None:
    assert shown("Before. {{ text }} After.", text) == f"Before. {text} After."


def test_an_event_is_shown_with_its_own_fields() -> None:
    assert (
        shown("{{ event.id }} in {{ event.zone }}: {{ text }}", event=FLIGHT)
        == f"flight in America/New_York: {TEXT}"
    )


def event_slot(day: date, **fields: Any) -> Slot:
    wall = day_of(day) * DAY + 9 * HOUR
    return Slot(wall, "landings", wall, "UTC", event="landing", **fields)


FRAMES = (
    "{{ years }} years ago today, at length: {{ text }}",
    "{{ years }} ago: {{ text }}",
    "Then: {{ text }}",
)


def test_wordings_are_taken_in_turn_so_that_no_year_repeats_the_last() -> None:
    entry = schedule("landings", "anniversary", {"kinds": ["landing"], "at": "09:00"}, frame=FRAMES)

    turns = [wordings(entry, event_slot(date(2027 + year, 1, 1), years=year + 1))[0] for year in range(9)]

    assert set(turns) == set(FRAMES)
    assert all(before != after for before, after in pairwise(turns))


def test_the_siblings_of_a_wording_stand_behind_it_the_longest_first() -> None:
    entry = schedule("landings", "anniversary", {"kinds": ["landing"], "at": "09:00"}, frame=FRAMES)

    assert wordings(entry, event_slot(date(2027, 1, 1), years=1)) == (FRAMES[1], FRAMES[0], FRAMES[2])


def test_a_round_year_has_a_wording_of_its_own() -> None:
    made = schedule("landings", "anniversary", {"kinds": ["landing"], "at": "09:00"}, frame=FRAMES)
    entry = replace(made, milestones=("A milestone: {{ text }}",))

    found = {
        years
        for years in range(1, 130)
        if wordings(entry, event_slot(date(2027, 1, 1), years=years))[:1] == entry.milestones
    }

    assert found == {1, 5, 10, 25, 50, 75, 100, 125}


def test_behind_those_of_a_round_year_stand_those_of_any_year() -> None:
    made = schedule("landings", "anniversary", {"kinds": ["landing"], "at": "09:00"}, frame=FRAMES)
    entry = replace(made, milestones=("A milestone: {{ text }}",))

    found = wordings(entry, event_slot(date(2027, 1, 1), years=1))

    assert found == ("A milestone: {{ text }}", FRAMES[1], FRAMES[0], FRAMES[2])


def test_what_a_trigger_counts_goes_before_the_years() -> None:
    entry = schedule("landings", "anniversary", {"kinds": ["landing"], "at": "09:00"}, frame=FRAMES)

    found = [
        wordings(entry, event_slot(date(2027, 1, 1), years=4 * turn, facts=(("turn", turn),)))[0]
        for turn in range(3)
    ]

    assert found == list(FRAMES)


def test_a_schedule_without_a_frame_has_no_wordings() -> None:
    entry = schedule("landings", "anniversary", {"kinds": ["landing"], "at": "09:00"})

    assert wordings(entry, event_slot(date(2027, 1, 1), years=1)) == ()


def test_what_a_slot_knows_can_be_said() -> None:
    facts = (("countdown", 30 * DAY), ("mars_years", 2), ("sol", 1000), ("turn", 1))
    frame = "{{ countdown | capitalize }}, {{ countdown.days }} days, {{ mars_years_in_words }}, sol {{ sol | number }}: {{ text }}"

    shown = framed(frame, "Text.", slot=event_slot(date(2027, 1, 1), facts=facts), post=post("p"), event=None)

    assert shown == "Thirty days, 30 days, two Mars years, sol 1,000: Text."


def test_a_frame_can_tell_the_day_itself_from_the_days_before() -> None:
    frame = "{% if countdown %}{{ countdown | capitalize }} until{% else %}Today:{% endif %} {{ text }}"
    found = [
        framed(
            frame,
            "Text.",
            slot=event_slot(date(2027, 1, 1), facts=(("countdown", left),)),
            post=post("p"),
            event=None,
        )
        for left in (7 * DAY, DAY, HOUR, 0)
    ]

    assert found == ["Seven days until Text.", "One day until Text.", "One hour until Text.", "Today: Text."]


def test_the_year_on_mars_can_be_said_on_any_day() -> None:
    assert (
        shown("Mars Year {{ mars_year }}: {{ text }}", slot=event_slot(date(2026, 9, 29)))
        == f"Mars Year 38: {TEXT}"
    )
    assert (
        shown("Mars Year {{ mars_year }}: {{ text }}", slot=event_slot(date(2026, 10, 1)))
        == f"Mars Year 39: {TEXT}"
    )
