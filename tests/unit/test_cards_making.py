"""Cards made for slots, and the sentence where there can be none."""

import re
from datetime import date

import pytest
from msgspec.structs import replace

from bot.cards import (
    KINDS,
    AnniversaryCard,
    Card,
    CountdownCard,
    Light,
    MarsYearDial,
    SkyChart,
    card_of,
    mission_of,
    suits,
)
from bot.cards.asked import Asked, is_ahead, slot_for, told_by
from bot.cards.dates import day_text, time_text
from bot.days import rule
from bot.model import Event, Mission, Slot, Tone
from bot.model.schedules import Facts
from bot.sky.viewing import Site
from bot.zones import DAY, HOUR, MINUTE, day_of, zone

LANDING = Event(
    "landing",
    "Opportunity lands in Meridiani Planum",
    "landing",
    zone="America/Los_Angeles",
    tone=Tone.CELEBRATION,
    instant=1_075_007_100,
    day=date(2004, 1, 24),
)
OPENING = Event("opening", "The museum opens", "milestone", zone="Europe/London", day=date(2027, 3, 1))
LOSS = Event("loss", "Loss of the crew", "loss", tone=Tone.REMEMBRANCE, day=date(2003, 2, 1))
LEAP = Event("leap", "A leap day", "milestone", day=date(2024, 2, 29))
OBSERVANCE = Event("thursday", "Day of Remembrance", "observance-day", rule=rule("last thursday of january"))
OPPOSITION = Event("opposition", "Mars at opposition", "sky", zone="America/New_York", sky="opposition")
MEETING = Event("moon-mars", "The Moon passes Mars", "sky", zone="America/New_York", sky="moon-mars")
NEW_YEAR = Event("new-year", "A new year on Mars", "sky", zone="UTC", sky="northern-spring")
ROVER = Mission(
    "opportunity",
    "Opportunity",
    words=("Opportunity",),
    starts=1_074_999_695.0,
    first_sol=1,
    latitude=-1.9483,
    longitude_east=354.4742,
    ended_on=date(2018, 6, 10),
)
NEW_YORK = Site(40.7, -74.0, "America/New_York", "New York")
AT_OPPOSITION = 1_803_052_260  #: 2027-02-19T15:51:00Z, by the almanac


def slot(event: Event, day: date, *, facts: Facts = (), years: int | None = None, hour: int = 9) -> Slot:
    """A slot in the morning of a day."""
    wall = day_of(day) * DAY + hour * HOUR
    return Slot(
        zone(event.zone).instant(wall), "s", wall, event.zone, event=event.id, years=years, facts=facts
    )


def test_an_anniversary_has_its_count_its_day_and_where_it_was() -> None:
    card = card_of("anniversary", slot(LANDING, date(2027, 1, 24), years=23), LANDING, mission=ROVER)

    assert card == AnniversaryCard(
        tone=Tone.CELEBRATION,
        title="Opportunity lands in Meridiani Planum",
        date_text="24 January 2004",
        years=23,
        place="1.9° S, 354.5° E on Mars",
        mission="Opportunity",
    )


def test_a_slot_without_a_count_is_counted_by_its_years() -> None:
    card = card_of("anniversary", slot(LANDING, date(2029, 1, 24)), LANDING)

    assert isinstance(card, AnniversaryCard)
    assert (card.years, card.place, card.mission) == (25, "", "")


def test_only_a_landing_is_told_where_its_mission_landed() -> None:
    launch = replace(LANDING, kind="launch")
    orbiter = replace(ROVER, latitude=None, longitude_east=None)

    cards = [
        card_of("anniversary", slot(LANDING, date(2027, 1, 24), years=23), event, mission=mission)
        for event, mission in ((launch, ROVER), (LANDING, orbiter))
    ]

    assert [getattr(card, "place", None) for card in cards] == ["", ""]


def test_mars_years_are_counted_as_such() -> None:
    card = card_of("anniversary", slot(LANDING, date(2027, 6, 1), facts=(("mars_years", 12),)), LANDING)

    assert isinstance(card, AnniversaryCard)
    assert (card.years, card.unit) == (12, "Mars year")


def test_an_observance_has_the_day_of_its_slot_and_no_count() -> None:
    card = card_of("anniversary", slot(OBSERVANCE, date(2027, 1, 28)), OBSERVANCE)

    assert isinstance(card, AnniversaryCard)
    assert (card.years, card.date_text) == (None, "28 January 2027")


@pytest.mark.parametrize(
    ("left", "text", "unit", "count"),
    [
        (7 * DAY, "7", "days", 7),
        (DAY, "1", "day", 1),
        (HOUR, "1", "hour", 1),
        (36 * HOUR, "36", "hours", 36),
        (6 * HOUR, "6", "hours", 6),
        (10 * MINUTE, "10", "minutes", 10),
        (30, "Today", "", 0),
        (0, "Today", "", 0),
    ],
)
def test_what_is_left_is_told_in_the_largest_unit(left: int, text: str, unit: str, count: int) -> None:
    card = card_of("countdown", slot(OPENING, date(2027, 2, 1), facts=(("countdown", left),)), OPENING)

    assert isinstance(card, CountdownCard)
    assert (card.left_text, card.unit, card.left) == (text, unit, count)


def test_a_countdown_ends_at_its_instant_by_the_clock_of_its_place() -> None:
    event = replace(OPENING, instant=instant_of_opening(), zone="America/New_York")

    card = card_of("countdown", slot(event, date(2027, 2, 22), facts=(("countdown", 7 * DAY),)), event)

    assert isinstance(card, CountdownCard)
    assert card.when_text == "1 March 2027, 09:30 EST"


def test_a_countdown_to_a_day_of_no_hour_names_the_day() -> None:
    card = card_of("countdown", slot(OPENING, date(2027, 2, 22), facts=(("countdown", 7 * DAY),)), OPENING)

    assert isinstance(card, CountdownCard)
    assert card.when_text == "1 March 2027"


@pytest.mark.parametrize("days", [30, 7, 1, 0])
def test_a_countdown_in_the_sky_ends_when_it_happens(days: int) -> None:
    when = slot(
        OPPOSITION,
        date(2027, 2, 19 - days) if days < 19 else date(2027, 1, 20),
        facts=(("countdown", days * DAY),),
    )

    card = card_of("countdown", when, OPPOSITION)

    assert isinstance(card, CountdownCard)
    assert card.when_text == "19 February 2027, 10:51 EST"


def test_a_chart_is_of_the_time_at_which_one_can_look() -> None:
    at = slot(MEETING, date(2027, 2, 20), facts=(("happens", 1_803_164_000),))

    card = card_of("sky", at, MEETING, site=NEW_YORK)

    assert isinstance(card, SkyChart)
    assert card.site_name == "New York"
    assert card.when_text.startswith("20 February 2027 at 18:")
    assert card.when_text.endswith(" EST")
    assert card.direction == 90
    assert {"Mars", "Moon"} <= {light.name for light in card.bodies}
    assert all(light.altitude > 0 and light.kind != "sun" for light in card.bodies)


def test_a_slot_that_says_when_it_is_seen_is_believed() -> None:
    at = slot(MEETING, date(2027, 2, 20), facts=(("seen", 1_803_175_200),))

    card = card_of("sky", at, MEETING, site=replace(NEW_YORK, name=""))

    assert isinstance(card, SkyChart)
    assert card.when_text == "20 February 2027 at 21:00 EST"
    assert card.site_name == "40.7° N, 74.0° W"


def test_the_waxing_moon_has_its_light_from_where_the_sun_went_down() -> None:
    """12 April 2027, 20:30 in New York: the Moon is six days old, in the west, with the Sun below on its right."""
    moon = _moon(instant=1_807_576_200)

    assert 0.3 < moon.lit < 0.6
    assert 180 < moon.azimuth < 290
    assert 90 < moon.lit_from < 180


def test_the_waning_moon_has_its_light_from_where_the_sun_will_rise() -> None:
    """9 August 2026, 04:40 in New York: a thin Moon in the east, the Sun below on its left."""
    moon = _moon(instant=1_786_264_800)

    assert moon.lit < 0.2
    assert 45 < moon.azimuth < 120
    assert 180 < moon.lit_from < 270


def test_the_dial_of_a_new_year_stands_at_its_beginning() -> None:
    card = card_of("mars-year", slot(NEW_YEAR, date(2028, 8, 16)), NEW_YEAR)

    assert card == MarsYearDial(
        caption="A new year on Mars",
        date_text="17 August 2028",
        mars_year=40,
        ls=0.0,
        season="northern spring",
    )


def test_the_dial_of_a_day_has_its_season_and_the_sol_of_a_mission_at_work() -> None:
    card = card_of("mars-year", slot(LANDING, date(2010, 1, 24)), LANDING, mission=ROVER)

    assert isinstance(card, MarsYearDial)
    assert (card.mars_year, card.season) == (30, "northern spring")
    assert card.ls == pytest.approx(42.3, abs=0.1)
    assert card.sol == "Opportunity\N{RIGHT SINGLE QUOTATION MARK}s sol 2,133"


@pytest.mark.parametrize(
    ("day", "mission"),
    [
        (date(2019, 1, 24), ROVER),
        (date(2003, 1, 24), ROVER),
        (date(2010, 1, 24), replace(ROVER, starts=None)),
        (date(2010, 1, 24), None),
    ],
)
def test_no_sol_is_told_of_a_mission_that_is_not_at_work(day: date, mission: Mission | None) -> None:
    card = card_of("mars-year", slot(LANDING, day), LANDING, mission=mission)

    assert isinstance(card, MarsYearDial)
    assert card.sol == ""


@pytest.mark.parametrize(
    ("kind", "event", "day", "facts", "message"),
    [
        ("aniversary", LANDING, date(2027, 1, 24), (), 'no card called "aniversary"; did you mean "anniversary"?'),
        ("film", LANDING, date(2027, 1, 24), (), 'no card called "film"; there are anniversary, countdown, sky, mars-year'),
        ("anniversary", OPPOSITION, date(2027, 2, 19), (), '"opposition" comes by the sky'),
        ("anniversary", OPENING, date(2027, 3, 1), (), '"opening" has no anniversary on 1 March 2027: the first is a year after it; take "countdown"'),
        ("anniversary", LOSS, date(2003, 2, 1), (), "on 1 February 2003: the first is a year after it$"),
        ("anniversary", LANDING, date(2003, 1, 24), (), '"landing" has no anniversary on 24 January 2003'),
        ("countdown", LANDING, date(2027, 1, 24), (("countdown", DAY),), '"landing" was on 24 January 2004'),
        ("countdown", LOSS, date(2003, 1, 1), (("countdown", DAY),), '"loss" is a remembrance'),
        ("countdown", OPENING, date(2027, 2, 24), (), 'nothing is counted down to "opening" on 2027-02-24'),
        ("countdown", OPENING, date(2027, 2, 24), (("countdown", -1),), 'nothing is counted down to "opening"'),
        ("countdown", OPPOSITION, date(2025, 8, 1), (("countdown", DAY),), '"opposition" does not happen about 2025-08-01'),
        ("sky", LANDING, date(2027, 1, 24), (), '"landing" is nothing that is seen in the sky: it has no chart; take "anniversary"'),
        ("sky", NEW_YEAR, date(2027, 1, 24), (), 'it has no chart; take "mars-year"'),
    ],
)  # fmt: skip
def test_where_there_can_be_no_card_a_sentence_says_why(
    kind: str, event: Event, day: date, facts: Facts, message: str
) -> None:
    with pytest.raises(ValueError, match=message.replace("?", r"\?")):
        card_of(kind, slot(event, day, facts=facts), event, site=NEW_YORK)


def test_a_chart_needs_a_place() -> None:
    with pytest.raises(ValueError, match="a chart of the sky needs a place on Earth"):
        card_of("sky", slot(OPPOSITION, date(2027, 2, 19)), OPPOSITION)


@pytest.mark.parametrize(("site", "name"), [(NEW_YORK, "New York"), (replace(NEW_YORK, name=""), "there")])
def test_what_the_sun_outshines_has_no_chart(site: Site, name: str) -> None:
    """In January 2026 Mars stands behind the Sun, and the Moon meets it there."""
    at = slot(MEETING, date(2026, 1, 18))

    with pytest.raises(ValueError, match=f'"moon-mars" of 18 January 2026 cannot be seen from {name}'):
        card_of("sky", at, MEETING, site=site)


def test_letters_that_cannot_be_drawn_are_refused_while_there_is_time() -> None:
    strange = replace(LANDING, title="天問 lands")

    with pytest.raises(ValueError, match='the title of "landing" has "天", "問", which cannot be drawn'):
        card_of("anniversary", slot(LANDING, date(2027, 1, 24), years=23), strange)
    with pytest.raises(ValueError, match='the name "祝融" has'.replace('"', "'") + ' "祝", "融", which'):
        card_of("mars-year", slot(LANDING, date(2010, 1, 24)), LANDING, mission=replace(ROVER, name="祝融"))


@pytest.mark.parametrize(
    ("event", "ahead", "place", "kind"),
    [
        (LANDING, False, True, "anniversary"),
        (OPENING, True, False, "countdown"),
        (LOSS, True, False, "anniversary"),
        (OPPOSITION, True, True, "sky"),
        (OPPOSITION, True, False, "countdown"),
        (NEW_YEAR, True, False, "mars-year"),
    ],
)
def test_each_event_has_a_kind_of_card_that_suits_it(
    event: Event, *, ahead: bool, place: bool, kind: str
) -> None:
    assert suits(event, is_ahead=ahead, has_place=place) == kind


def test_the_mission_of_an_event_is_the_one_that_its_title_names_longest() -> None:
    mars = Mission("x", "X", words=("Mars",))
    global_ = Mission("y", "Y", words=("Mars Global Surveyor",))

    assert mission_of(Event("e", "Mars Global Surveyor launches", "launch"), (mars, global_)) is global_
    assert mission_of(LANDING, (mars, ROVER)) is ROVER
    assert mission_of(Event("e", "Opportunity7", "launch"), (ROVER,)) is None


def test_days_and_times_are_written_without_a_locale() -> None:
    assert day_text(date(2004, 1, 4)) == "4 January 2004"
    assert time_text(AT_OPPOSITION, "America/New_York") == "10:51 EST"
    assert time_text(AT_OPPOSITION, "America/Sao_Paulo") == "12:51 UTC-3"
    assert time_text(AT_OPPOSITION, "Asia/Kathmandu") == "21:36 UTC+5:45"
    assert time_text(AT_OPPOSITION, "UTC") == "15:51 UTC"


NOW = 1_795_000_000  #: 2026-11-18, 11:06 in London


@pytest.mark.parametrize(
    ("event", "kind", "on", "years", "day"),
    [
        (LANDING, "anniversary", None, None, date(2027, 1, 24)),
        (LANDING, "anniversary", date(2030, 1, 24), None, date(2030, 1, 24)),
        (LANDING, "anniversary", None, 50, date(2054, 1, 24)),
        (LEAP, "anniversary", None, None, date(2027, 2, 28)),
        (OBSERVANCE, "anniversary", None, None, date(2027, 1, 28)),
        (OPENING, "anniversary", None, None, date(2027, 3, 1)),
        (OPENING, "countdown", None, None, date(2026, 11, 18)),
        (OPENING, "countdown", date(2027, 2, 1), None, date(2027, 2, 1)),
        (OPPOSITION, "countdown", date(2027, 2, 1), None, date(2027, 2, 1)),
        (OPPOSITION, "sky", None, None, date(2027, 2, 19)),
        (NEW_YEAR, "mars-year", None, None, date(2028, 8, 17)),
    ],
)
def test_who_asks_is_given_the_day_that_is_meant(
    event: Event, kind: str, on: date | None, years: int | None, day: date
) -> None:
    assert slot_for(Asked(event, kind, NOW, on, years, NEW_YORK)).day == day


@pytest.mark.parametrize("event", [LANDING, OPENING, OBSERVANCE])
def test_on_its_own_day_the_next_one_is_today(event: Event) -> None:
    day = {LANDING: date(2027, 1, 24), OPENING: date(2027, 3, 1), OBSERVANCE: date(2027, 1, 28)}[event]
    noon = zone(event.zone).instant(day_of(day) * DAY + 12 * HOUR)

    assert slot_for(Asked(event, "anniversary", noon)).day == day


def test_a_countdown_is_counted_from_the_day_that_is_meant() -> None:
    day = date(2027, 2, 1)

    assert slot_for(Asked(OPENING, "countdown", NOW, day)).fact("countdown") == 28 * DAY
    assert slot_for(Asked(OPPOSITION, "countdown", NOW, day)).fact("countdown") == 18 * DAY
    assert slot_for(Asked(OBSERVANCE, "countdown", NOW)).fact("countdown") == 71 * DAY


def test_thousands_of_days_are_told_as_texts_tell_them() -> None:
    card = card_of("countdown", slot(OPENING, date(2020, 1, 1), facts=(("countdown", 2616 * DAY),)), OPENING)

    assert isinstance(card, CountdownCard)
    assert (card.left_text, card.left) == ("2,616", 2616)


def test_a_chart_waits_for_what_can_be_seen() -> None:
    """Through the first months of 2026 the Moon meets Mars in the glare of the Sun."""
    new_year = zone("UTC").midnight(day_of(date(2026, 1, 1)))
    blind = slot_for(Asked(MEETING, "sky", new_year))
    seen = slot_for(Asked(MEETING, "sky", new_year, site=NEW_YORK))

    assert blind.day == date(2026, 1, 18)
    assert seen.day > date(2026, 4, 1)


@pytest.mark.parametrize("years", [None, 23])
def test_a_day_that_is_named_with_its_years_or_without_is_the_same(years: int | None) -> None:
    asked = Asked(LANDING, "anniversary", NOW, date(2027, 1, 24), years)

    assert slot_for(asked).day == date(2027, 1, 24)


@pytest.mark.parametrize("day", [date(2027, 2, 28), date(2027, 3, 1)])
def test_29_february_may_be_named_on_either_day_that_stands_in(day: date) -> None:
    assert slot_for(Asked(LEAP, "anniversary", NOW, day)).day == day
    assert slot_for(Asked(LEAP, "anniversary", NOW, day, 3)).day == day


@pytest.mark.parametrize("on", [date(2027, 2, 20), date(2027, 2, 21)])
def test_a_chart_is_of_the_date_of_what_happens_and_of_the_evening_on_which_it_is_seen(on: date) -> None:
    tokyo = Site(35.7, 139.7, "Asia/Tokyo", "Tokyo")

    assert slot_for(Asked(MEETING, "sky", NOW, on, site=tokyo)).day == date(2027, 2, 20)


@pytest.mark.parametrize(
    ("event", "kind", "on", "years", "sentence"),
    [
        (LANDING, "anniversary", date(2027, 3, 5), None, '"landing" is not on 5 March 2027, but on 24 January 2027 and on 24 January 2028'),
        (LANDING, "mars-year", date(2027, 1, 1), None, '"landing" is not on 1 January 2027, but on 24 January 2026 and on 24 January 2027'),
        (LANDING, "anniversary", date(1999, 1, 1), None, '"landing" is not on 1 January 1999, but on 24 January 2004'),
        (OBSERVANCE, "anniversary", date(2027, 1, 21), None, '"thursday" is not on 21 January 2027, but on 29 January 2026 and on 28 January 2027'),
        (LEAP, "anniversary", date(2028, 3, 1), None, '"leap" is not on 1 March 2028, but on 29 February 2028 and on 28 February 2029'),
        (OPPOSITION, "mars-year", date(2027, 2, 21), None, '"opposition" is not on 21 February 2027, but on 19 February 2027 and on 25 March 2029'),
        (OPPOSITION, "sky", date(2027, 2, 1), None, '"opposition" cannot be seen from there on 1 February 2027, but on 15 January 2025 and on 19 February 2027'),
        (LANDING, "anniversary", date(2027, 1, 24), 22, '"landing" is 22 years ago on 24 January 2026, not on 24 January 2027; leave --years or --on out'),
        (LANDING, "anniversary", date(2027, 1, 24), 1, '"landing" is 1 year ago on 24 January 2005, not on 24 January 2027'),
        (OPENING, "countdown", None, 5, "a countdown has no count of years; leave --years out, or take --kind anniversary"),
        (OPPOSITION, "countdown", None, 5, '"opposition" has no first day from which 5 years could be counted'),
    ],
)  # fmt: skip
def test_a_day_that_is_not_its_own_is_told_with_those_that_are(
    event: Event, kind: str, on: date, years: int | None, sentence: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        slot_for(Asked(event, kind, NOW, on, years, NEW_YORK))


def test_another_clock_tells_an_instant_with_the_date_that_it_has_there() -> None:
    assert told_by(LANDING, "UTC").day == date(2004, 1, 25)
    assert told_by(OPENING, "Asia/Tokyo").day == OPENING.day
    assert told_by(OPPOSITION, "Asia/Tokyo").zone == "Asia/Tokyo"


def test_where_the_sky_never_brings_it_no_other_day_is_told() -> None:
    with pytest.raises(ValueError, match=r'"opposition" cannot be seen from there on 1 February 2027$'):
        slot_for(Asked(OPPOSITION, "sky", NOW, date(2027, 2, 1), site=Site(-90, 0, "UTC")))


def test_a_pole_under_a_sun_that_does_not_set_sees_nothing() -> None:
    with pytest.raises(ValueError, match='"opposition" cannot be seen from there within three years'):
        slot_for(Asked(OPPOSITION, "sky", NOW, site=Site(-90, 0, "UTC")))


def test_years_are_counted_from_a_first_day_only() -> None:
    with pytest.raises(ValueError, match='"thursday" has no first day from which 5 years'):
        slot_for(Asked(OBSERVANCE, "anniversary", NOW, years=5))


def test_an_event_without_any_day_has_no_next_one() -> None:
    with pytest.raises(ValueError, match='"never" does not come round within 12 years of 2026-11-18'):
        slot_for(Asked(Event("never", "Never", "milestone"), "anniversary", NOW))


@pytest.mark.parametrize(
    ("event", "ahead"),
    [(OPENING, True), (OPPOSITION, True), (LANDING, False), (OBSERVANCE, False)],
)
def test_what_is_ahead_is_what_is_to_come_or_comes_again(event: Event, *, ahead: bool) -> None:
    assert is_ahead(event, date(2026, 11, 18)) == ahead


@pytest.mark.parametrize(("day", "ahead"), [(1, True), (2, False)])
def test_what_comes_today_is_still_ahead(day: int, *, ahead: bool) -> None:
    assert is_ahead(OPENING, date(2027, 3, day)) == ahead


def test_every_kind_has_a_maker() -> None:
    assert KINDS == ("anniversary", "countdown", "sky", "mars-year")


def instant_of_opening() -> int:
    return zone("America/New_York").instant(day_of(date(2027, 3, 1)) * DAY + 9 * HOUR + 30 * MINUTE)


def _moon(*, instant: int) -> Light:
    card: Card = card_of(
        "sky", slot(MEETING, date(2027, 2, 20), facts=(("seen", instant),)), MEETING, site=NEW_YORK
    )
    assert isinstance(card, SkyChart)
    return next(light for light in card.bodies if light.kind == "moon")
