"""The sky's own days: on their date, or before they can be seen from a place."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from bot.contracts import Almanac
from bot.model import Event, Priority, Slot, Window
from bot.sky.viewing import Site, positions
from bot.triggers.sky import Sky
from bot.zones import DAY, HOUR, MINUTE, local_text
from tests.fakes.worlds import at

OPPOSITION = Event("mars-opposition", "Mars at opposition", "sky", sky="opposition")
MEETING = Event("moon-mars", "The Moon passes Mars", "sky", sky="moon-mars")
NEW_YEAR = Event("mars-new-year", "A new year on Mars", "sky", sky="northern-spring")
LANDING = Event("landing", "A landing", "landing", instant=at("2021-02-18T20:55Z"))
ODD = Event("eclipse", "An eclipse", "sky", sky="eclipse")
EVENTS = (OPPOSITION, MEETING, NEW_YEAR, LANDING)

ZONE = "America/New_York"
NEW_YORK = {"latitude": 40.7, "longitude": -74.0, "name": "New York"}
YEAR = Window(at("2027-01-01T00:00Z"), at("2028-01-01T00:00Z"))
THREE_YEARS = Window(at("2026-01-01T00:00Z"), at("2029-01-01T00:00Z"))


def sky(*events: str, **options: Any) -> Sky:
    written: Mapping[str, Any] = {"events": list(events), "zone": ZONE, **options}
    return Sky("up", written, Almanac(EVENTS))


def seen(*events: str, window: Window = YEAR, **options: Any) -> list[Slot]:
    return sky(*events, place=NEW_YORK, **options).times(window)


def told(slots: list[Slot]) -> list[str]:
    return [local_text(slot.at, slot.zone)[:16] for slot in slots]


def test_without_a_place_it_speaks_at_a_time_of_day_on_the_local_date_of_what_happens() -> None:
    (slot,) = sky("mars-opposition", at="18:00").times(YEAR)

    assert slot == Slot(
        at("2027-02-19T23:00Z"),
        "up",
        at("2027-02-19T18:00Z"),
        ZONE,
        Priority.SKY,
        "mars-opposition",
        facts=slot.facts,
    )
    assert dict(slot.facts) == {
        "magnitude": -1.2,
        "distance_million_km": 101.4,
        "constellation": "Leo",
        "happens": at("2027-02-19T15:51:47Z"),
        "turn": slot.fact("turn"),
    }


def test_the_local_date_can_be_another_than_that_of_utc() -> None:
    # The Moon passes Mars on 16 April 2027, 22:43 UTC.
    window = Window(at("2027-04-10T00:00Z"), at("2027-04-20T00:00Z"))

    found = [told(sky("moon-mars", at="12:00", zone=zone).times(window)) for zone in (ZONE, "Asia/Tokyo")]

    assert found == [["2027-04-15T12:00"], ["2027-04-16T12:00"]]


def test_a_slot_of_the_new_year_can_speak_of_what_happens_in_the_old() -> None:
    # On 31 December 2021, 19:52 UTC, it is the morning of 1 January in Kiritimati.
    new_year = Window(at("2022-01-01T00:00Z"), at("2022-01-02T00:00Z"))

    (slot,) = sky("moon-mars", at="18:00", zone="Pacific/Kiritimati").times(new_year)

    assert told([slot]) == ["2022-01-01T18:00"]


def test_only_near_meetings_are_told() -> None:
    near = sky("moon-mars", at="18:00", within=1).times(THREE_YEARS)

    assert [slot.fact("separation_deg") for slot in near] == [0.97, 0.51, 0.35]


def test_meetings_in_the_glare_of_the_sun_are_not_told() -> None:
    usual, bold = (
        sky("moon-mars", at="18:00", within=180, **more).times(THREE_YEARS) for more in ({}, {"least_sun": 0})
    )

    assert len(bold) == 38
    assert [slot.fact("elongation_deg") for slot in bold if slot not in usual] == [2, 9, 12, 5, 1, 7, 14]


def test_a_season_of_mars_is_told_with_its_year() -> None:
    (slot,) = sky("mars-new-year", at="09:00").times(THREE_YEARS)[:1]

    assert told([slot]) == ["2026-09-30T09:00"]
    assert (slot.fact("mars_year"), slot.fact("ls"), slot.fact("turn")) == (39, 0, 39)


def test_kinds_name_events_too_and_two_of_one_day_have_a_slot_each() -> None:
    # In 2027 the Moon meets Mars on the day after the opposition.
    trigger = Sky("up", {"kinds": ["sky"], "zone": "UTC", "at": "09:00", "within": 6}, Almanac(EVENTS[:3]))

    found = trigger.times(Window(at("2027-02-18T00:00Z"), at("2027-02-22T00:00Z")))

    assert [slot.event for slot in found] == ["mars-opposition", "moon-mars"]


def test_a_view_in_the_evening_is_announced_two_hours_before_on_that_evening() -> None:
    (slot,) = seen("mars-opposition", at="evening")

    assert told([slot]) == ["2027-02-19T16:28"]
    assert slot.wall == at("2027-02-19T16:28:59Z")
    assert slot.until == slot.fact("seen") == slot.at + 2 * HOUR
    assert {name: value for name, value in slot.facts if name not in {"happens", "turn", "seen"}} == {
        "magnitude": -1.2,
        "distance_million_km": 101.4,
        "constellation": "Leo",
        "place": "New York",
        "latitude": 40.7,
        "longitude": -74.0,
        "night": "tonight",
        "seen_time": "18:28",
        "direction": "low in the east",
        "altitude_deg": 13,
        "azimuth_deg": 80,
        "moon_direction": "in the east",
        "moon_altitude_deg": 23,
        "moon_azimuth_deg": 89,
        "apart_deg": 13.2,
    }


@pytest.mark.parametrize("own", [{"zone": "Europe/London"}, {}])
def test_what_is_seen_from_a_place_is_told_by_the_clock_of_the_place(own: Mapping[str, str]) -> None:
    tokyo = {"latitude": 35.7, "longitude": 139.7, "name": "Tokyo", "zone": "Asia/Tokyo"}
    written = {"events": ["mars-opposition"], "at": "evening", "place": tokyo, **own}

    (slot,) = Sky("up", written, Almanac(EVENTS)).times(YEAR)

    assert slot.fact("seen_time") == "18:17"
    assert slot.zone == "Asia/Tokyo"
    assert told([slot]) == ["2027-02-19T16:17"]
    assert slot.until == slot.at + 2 * HOUR


def test_a_view_before_dawn_is_announced_on_the_evening_before() -> None:
    (slot,) = seen(
        "moon-mars", at="dawn", within=1, window=Window(at("2026-11-01T00:00Z"), at("2026-11-10T00:00Z"))
    )

    assert told([slot]) == ["2026-11-01T18:00"]
    assert slot.fact("night") == "tomorrow before dawn"
    assert slot.fact("seen_time") == "05:48"
    assert slot.until == at("2026-11-02T05:48:13-05:00")


def test_the_evening_before_has_an_hour_that_can_be_chosen() -> None:
    (slot,) = seen(
        "moon-mars",
        at="dawn",
        within=1,
        eve_at="20:30",
        window=Window(at("2026-11-01T00:00Z"), at("2026-11-10T00:00Z")),
    )

    assert told([slot]) == ["2026-11-01T20:30"]


def test_a_long_lead_never_speaks_on_the_day_before() -> None:
    (slot,) = seen("mars-opposition", at="evening", lead="24h")

    assert told([slot]) == ["2027-02-19T00:00"]


def test_however_late_the_evening_before_is_it_speaks_before_the_view() -> None:
    north = {"latitude": 58.0, "longitude": 20.0}
    window = Window(at("2028-07-15T00:00Z"), at("2028-07-30T00:00Z"))
    options = {
        "place": north,
        "zone": "Etc/GMT+1",
        "least_sun": 0,
        "least_altitude": 0,
        "eve_at": "23:59",
    }

    (slot,) = sky("moon-mars", at="dawn", **options).times(window)

    assert slot.until is not None
    assert slot.at == slot.until - 15 * MINUTE
    assert slot.fact("night") == "tomorrow before dawn"


def test_an_evening_lasts_beyond_midnight() -> None:
    """Where the clock is far ahead of the Sun, an evening's view is on the next date and is still that evening's."""
    far_west = {"latitude": 40.0, "longitude": -74.0}
    (slot,) = sky("mars-opposition", at="evening", place=far_west, zone="Etc/GMT-1", lead="12h").times(YEAR)

    assert slot.fact("seen_time") == "00:29"
    assert told([slot]) == ["2027-02-19T12:29"]


def test_what_cannot_be_seen_from_the_place_is_not_told() -> None:
    every = sky("moon-mars", at="18:00").times(THREE_YEARS)

    evenings, dawns = (seen("moon-mars", at=when, window=THREE_YEARS) for when in ("evening", "dawn"))

    assert len(evenings) < len(every)
    assert len(dawns) < len(every)
    assert {slot.fact("sky") for slot in evenings if slot.fact("elongation_deg") in range(120)} == {"evening"}


def test_nothing_is_said_of_a_moon_that_has_not_risen_nor_of_a_place_without_a_name() -> None:
    window = Window(at("2033-06-20T00:00Z"), at("2033-07-01T00:00Z"))

    (slot,) = sky("mars-opposition", place={"latitude": 40.7, "longitude": -74}, lead="30m").times(window)

    assert not {"place", "moon_direction", "apart_deg"} & dict(slot.facts).keys()
    assert slot.fact("direction") == "low in the southeast"


def test_what_is_told_can_be_seen_when_it_is_said_to_be() -> None:
    for slot in seen("moon-mars", at="best", window=THREE_YEARS, least_altitude=15):
        view = slot.fact("seen")
        assert isinstance(view, int)
        sky_then = {each.name: each for each in positions(view, Site(40.7, -74.0, ZONE))}

        assert slot.at < view < slot.at + DAY
        assert sky_then["Mars"].altitude >= 15
        assert sky_then["Moon"].altitude >= 15


PLACED: Mapping[str, Any] = {"place": NEW_YORK}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"events": ["landing"]}, '"landing" is no event of the sky; name events that have a "sky"'),
        ({"events": ["eclipse"]}, '"sky" cannot be "eclipse"'),
        ({"events": ["mars-oposition"]}, 'did you mean "mars-opposition"'),
        ({"zone": "Mars/Jezero"}, "no zone called"),
        ({"at": "evening"}, '"at" is "evening", which is another time at each place; write place'),
        ({"at": "6 pm"}, 'cannot read "6 pm" as a time of day'),
        ({"lead": "2h"}, '"lead" says something of what is seen from a place'),
        ({"whithin": 5}, 'no option called "whithin"; did you mean "within"'),
        ({"within": "5"}, "\"within\" cannot be '5'; write degrees: within = 5"),
        ({"least_sun": True}, '"least_sun" cannot be True'),
        (PLACED, '"at" cannot be "18:00"; what can be written: evening, dawn, best'),
        (
            {**PLACED, "at": "best", "lead": "48h"},
            '"lead" cannot be "48h": it speaks on the day of the view; write at most "24h"',
        ),
        (
            {**PLACED, "at": "dawn", "lead": "3h"},
            '"lead" is said of views in the evening, and "at" is "dawn"; write at = "best"',
        ),
        (
            {**PLACED, "at": "evening", "eve_at": "19:00"},
            '"eve_at" is said of views in the dawn, and "at" is "evening"',
        ),
        (
            {**PLACED, "at": "best", "least_altitude": 100},
            '"least_altitude" cannot be 100; write degrees from 0 to 77',
        ),
        (
            {**PLACED, "at": "best", "least_altitude": 80},
            '"least_altitude" cannot be 80; write degrees from 0 to 77',
        ),
        (
            {**PLACED, "at": "best", "least_altitude": -1},
            '"least_altitude" cannot be -1; write degrees from 0 to 77',
        ),
        ({"events": ["moon-mars"], "within": -5}, '"within" cannot be -5; write degrees from 0.01 to 180'),
        ({"events": ["moon-mars"], "within": 0}, '"within" cannot be 0; write degrees from 0.01 to 180'),
        (
            {"events": ["moon-mars"], "within": float("nan")},
            '"within" cannot be nan; write degrees from 0.01 to 180',
        ),
        (
            {"events": ["moon-mars"], "least_sun": 180},
            '"least_sun" cannot be 180; write degrees from 0 to 179',
        ),
        (
            {"events": ["mars-opposition"], "within": 4},
            '"within" is said of meetings of Moon and Mars, and none of its events is one',
        ),
        ({**PLACED, "at": "best", "lead": "5m"}, '"lead" cannot be "5m": nobody would come in time'),
        ({**PLACED, "at": "best", "eve_at": "late"}, 'cannot read "late" as a time of day'),
        ({**PLACED, "at": "best", "least_altitude": None}, '"least_altitude" cannot be None'),
        (
            {"at": "best", "place": "New York"},
            "\"place\" cannot be 'New York'; write place = { latitude = 40.7",
        ),
        ({"at": "best", "place": {"latitude": 40.7}}, '"place": "longitude" is missing'),
        ({"at": "best", "place": {"lat": 40.7}}, '"place": no option called "lat"; did you mean "latitude"'),
        (
            {"at": "best", "place": {**NEW_YORK, "zone": "New York"}},
            "\"place\": no zone called 'New York'; use an IANA name",
        ),
        (
            {"at": "best", "place": {**NEW_YORK, "latitude": 91}},
            "latitude cannot be 91; write degrees from -90 to 90",
        ),
        ({"at": "best", "place": {**NEW_YORK, "longitude": "W"}}, "longitude cannot be 'W'"),
    ],
)
def test_a_mistake_is_said_with_what_can_be_written(options: Mapping[str, Any], sentence: str) -> None:
    written = {"events": ["mars-opposition"], "zone": ZONE, "at": "18:00", **options}

    with pytest.raises(ValueError, match=re.escape(sentence)):
        Sky("up", written, Almanac((*EVENTS, ODD)))


@pytest.mark.parametrize("name", ["zone", "at"])
def test_what_must_be_written_is_asked_for(name: str) -> None:
    written = {"events": ["mars-opposition"], "zone": ZONE, "at": "18:00"}
    del written[name]

    with pytest.raises(ValueError, match=f'"{name}" is missing'):
        Sky("up", written, Almanac(EVENTS))
