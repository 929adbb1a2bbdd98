"""What is seen from a place, against plain geometry, Astronomy Engine's own searches and known skies."""

from datetime import datetime
from typing import Literal

import astronomy
import pytest

from bot.sky.ephemeris import Happening, happenings
from bot.sky.viewing import Site, Standing, View, moon_phase, positions, viewing, whereabouts
from bot.zones import DAY, HOUR, MINUTE, local_text

NEW_YORK = Site(40.7, -74.0, "America/New_York", "New York")
SYDNEY = Site(-33.9, 151.2, "Australia/Sydney", "Sydney")
TROMSO = Site(69.6, 18.9, "Europe/Oslo", "Tromsø")
SVALBARD = Site(78.2, 15.6, "Arctic/Longyearbyen", "Longyearbyen")
POLE = Site(90.0, 0.0, "UTC", "North Pole")


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def known(kind: str, around: str) -> Happening:
    (found,) = happenings(kind, instant(around) - DAY, instant(around) + DAY)
    return found


def standing(name: str, at: int, site: Site = NEW_YORK) -> Standing:
    return next(each for each in positions(at, site) if each.name == name)


def highest(name: str, site: Site) -> Standing:
    """As it stands highest on the day of the opposition."""
    hour = max(range(24), key=lambda each: standing(name, OPPOSITION.at + each * HOUR, site).altitude)
    around = range(OPPOSITION.at + (hour - 1) * HOUR, OPPOSITION.at + (hour + 1) * HOUR, 2 * MINUTE)
    return max((standing(name, at, site) for at in around), key=lambda each: each.altitude)


def seen(view: View | None) -> View:
    assert view is not None
    return view


#: Opposite the Sun, in Leo; the Moon meets it a day later.
OPPOSITION = known("opposition", "2027-02-19T15:51Z")
#: In the evening sky, 97 degrees from the Sun.
IN_THE_EVENING = known("moon-mars", "2027-05-13T17:04Z")
#: In the morning sky, 68 degrees from the Sun.
BEFORE_DAWN = known("moon-mars", "2026-10-05T06:11Z")
#: Two degrees from the Sun.
IN_THE_GLARE = known("moon-mars", "2026-01-18T15:33Z")


@pytest.mark.parametrize(
    ("name", "declination", "site", "degrees"),
    [
        ("Regulus", 11.83, NEW_YORK, 61.13),
        ("Regulus", 11.83, SYDNEY, 44.27),
        ("Vega", 38.80, NEW_YORK, 88.10),
        ("Sirius", -16.75, NEW_YORK, 32.55),
        ("Antares", -26.50, SYDNEY, 82.60),
    ],
)
def test_a_star_is_highest_at_90_degrees_less_the_way_from_its_declination_to_the_latitude(
    name: str, declination: float, site: Site, degrees: float
) -> None:
    assert degrees == pytest.approx(90 - abs(site.latitude - declination), abs=0.005)

    assert highest(name, site).altitude == pytest.approx(degrees, abs=0.1)


def test_north_of_the_stars_way_it_is_highest_in_the_south_and_south_of_it_in_the_north() -> None:
    north, south = highest("Regulus", NEW_YORK), highest("Regulus", SYDNEY)

    assert north.azimuth == pytest.approx(180, abs=2)
    assert min(south.azimuth, 360 - south.azimuth) == pytest.approx(0, abs=2)


def test_at_its_opposition_mars_rises_as_the_sun_sets() -> None:
    sunset = instant("2027-02-19T17:35:00-05:00")

    sun, mars = standing("Sun", sunset), standing("Mars", sunset)

    assert sun.altitude == pytest.approx(0, abs=0.5)
    assert mars.altitude == pytest.approx(0, abs=5)
    assert abs(mars.azimuth - sun.azimuth) == pytest.approx(180, abs=8)
    assert (sun.kind, mars.kind) == ("sun", "planet")


def test_places_of_bodies_are_those_of_the_library() -> None:
    time = astronomy.Time((OPPOSITION.at - 946_728_000) / DAY)
    observer = astronomy.Observer(NEW_YORK.latitude, NEW_YORK.longitude_east, 0)

    for name in ("Sun", "Moon", "Mars", "Venus", "Jupiter", "Saturn"):
        place = astronomy.Equator(astronomy.Body[name], time, observer, ofdate=True, aberration=True)
        there = astronomy.Horizon(time, observer, place.ra, place.dec, astronomy.Refraction.Normal)
        found = standing(name, OPPOSITION.at)

        assert (found.altitude, found.azimuth) == (there.altitude, there.azimuth)
        assert found.magnitude == astronomy.Illumination(astronomy.Body[name], time).mag


def test_the_sky_holds_the_bright_planets_and_stars_each_once() -> None:
    found = positions(OPPOSITION.at, NEW_YORK)

    assert [each.name for each in found[:6]] == ["Sun", "Moon", "Mars", "Venus", "Jupiter", "Saturn"]
    assert {each.kind for each in found[6:]} == {"star"}
    assert len({each.name for each in found}) == len(found) == 26


def test_the_evening_of_the_opposition_shows_mars_in_the_east() -> None:
    view = seen(viewing(OPPOSITION, NEW_YORK, "evening"))

    assert local_text(view.at, NEW_YORK.zone)[:16] == "2027-02-19T18:28"
    assert view.when == "evening"
    assert view.direction == "low in the east"
    assert view.altitude >= 10
    assert view.azimuth == standing("Mars", view.at).azimuth


def test_a_view_is_like_the_sky_of_its_instant() -> None:
    view = seen(viewing(IN_THE_EVENING, NEW_YORK, "evening"))

    mars, moon = standing("Mars", view.at), standing("Moon", view.at)
    assert (view.altitude, view.azimuth) == (mars.altitude, mars.azimuth)
    assert (view.moon_altitude, view.moon_azimuth) == (moon.altitude, moon.azimuth)
    assert view.direction == "high in the south-southwest"
    assert view.moon_direction == "high in the south-southwest"
    assert view.apart == pytest.approx(5.66, abs=0.01)


@pytest.mark.parametrize(("when", "turn"), [("evening", "Set"), ("dawn", "Rise")])
def test_people_look_when_the_sun_is_8_degrees_down(when: str, turn: str) -> None:
    happening = IN_THE_EVENING if when == "evening" else BEFORE_DAWN
    view = seen(viewing(happening, NEW_YORK, "evening" if when == "evening" else "dawn"))
    observer = astronomy.Observer(NEW_YORK.latitude, NEW_YORK.longitude_east, 0)
    before = astronomy.Time((view.at - 6 * HOUR - 946_728_000) / DAY)

    found = astronomy.SearchAltitude(astronomy.Body.Sun, observer, astronomy.Direction[turn], before, 1, -8)

    assert view.at == pytest.approx(found.ut * DAY + 946_728_000, abs=2)


def test_what_rises_later_in_the_evening_is_waited_for() -> None:
    early = seen(viewing(OPPOSITION, NEW_YORK, "evening", least_altitude=5))
    late = seen(viewing(OPPOSITION, NEW_YORK, "evening", least_altitude=40))

    assert (late.at - early.at) % (15 * MINUTE) == 0
    assert early.altitude < 40 <= late.altitude
    assert standing("Mars", late.at - 15 * MINUTE).altitude < 40


def test_nobody_waits_for_longer_than_four_hours() -> None:
    assert viewing(OPPOSITION, NEW_YORK, "evening", least_altitude=60) is None


def test_an_evening_ends_at_midnight_by_the_sun() -> None:
    north = Site(58.0, 0.0, "UTC")
    late = Happening("opposition", instant("2026-07-29T22:00Z"))

    rising = standing("Mars", instant("2026-07-30T01:01Z"), north)

    assert rising.altitude > 6
    assert viewing(late, north, "evening", least_altitude=6) is None


def test_nobody_rises_more_than_two_hours_before_dawn() -> None:
    assert viewing(OPPOSITION, NEW_YORK, "dawn", least_altitude=40) is None


@pytest.mark.parametrize(
    ("when", "meeting", "view"),
    [
        ("dawn", "2029-04-25T14:41Z", "2029-04-26T07:19Z"),
        ("evening", "2045-01-20T07:41Z", "2045-01-20T22:40Z"),
    ],
)
def test_where_the_nearest_night_shows_nothing_the_next_may(
    when: Literal["evening", "dawn"], meeting: str, view: str
) -> None:
    found = seen(viewing(known("moon-mars", meeting), NEW_YORK, when))

    assert found.at // MINUTE == instant(view) // MINUTE


@pytest.mark.parametrize(
    ("when", "meeting"), [("dawn", "2033-07-11T02:25Z"), ("evening", "2034-05-20T03:41Z")]
)
def test_no_view_is_more_than_18_hours_from_what_happens(
    when: Literal["evening", "dawn"], meeting: str
) -> None:
    assert viewing(known("moon-mars", meeting), NEW_YORK, when) is None


def test_what_sets_before_dawn_was_seen_earlier_that_night() -> None:
    view = seen(viewing(OPPOSITION, NEW_YORK, "dawn", least_altitude=25))

    assert view.when == "dawn"
    assert standing("Mars", view.at + 15 * MINUTE).altitude < 25 <= view.altitude
    assert "west" in view.direction


@pytest.mark.parametrize("when", ["evening", "dawn", "best"])
def test_what_stands_in_the_suns_glare_is_seen_at_no_time(when: str) -> None:
    views = {"evening": viewing(IN_THE_GLARE, NEW_YORK, "evening", least_altitude=1)}
    views["dawn"] = viewing(IN_THE_GLARE, NEW_YORK, "dawn", least_altitude=1)
    views["best"] = viewing(IN_THE_GLARE, NEW_YORK, "best", least_altitude=1)

    assert views[when] is None


def test_the_evening_has_nothing_of_what_is_up_before_dawn() -> None:
    assert viewing(BEFORE_DAWN, NEW_YORK, "evening") is None
    assert seen(viewing(BEFORE_DAWN, NEW_YORK, "best")) == viewing(BEFORE_DAWN, NEW_YORK, "dawn")


def test_the_dawn_has_nothing_of_what_is_up_in_the_evening() -> None:
    assert viewing(IN_THE_EVENING, NEW_YORK, "dawn") is None
    assert seen(viewing(IN_THE_EVENING, NEW_YORK, "best")) == viewing(IN_THE_EVENING, NEW_YORK, "evening")


def test_the_best_of_an_opposition_is_its_evening_though_a_dawn_be_nearer() -> None:
    evening, dawn = (seen(viewing(OPPOSITION, NEW_YORK, when)) for when in ("evening", "dawn"))

    assert abs(dawn.at - OPPOSITION.at) < abs(evening.at - OPPOSITION.at)
    assert viewing(OPPOSITION, NEW_YORK, "best") == evening


def test_the_best_of_a_meeting_is_where_the_moon_is_nearest() -> None:
    meeting = known("moon-mars", "2027-03-19T15:42Z")
    evening, dawn = (seen(viewing(meeting, NEW_YORK, when)) for when in ("evening", "dawn"))

    assert viewing(meeting, NEW_YORK, "best") == min(evening, dawn, key=lambda view: view.apart)


def test_for_a_meeting_the_moon_must_be_up_too() -> None:
    happening = Happening("opposition", instant("2031-05-11T18:50-04:00"))

    alone, together = (
        viewing(each, NEW_YORK, "evening") for each in (happening, Happening("moon-mars", happening.at))
    )

    assert seen(alone).moon_altitude < 0
    assert seen(alone).moon_direction == ""
    assert together is None


@pytest.mark.parametrize(
    ("site", "at"),
    [
        (TROMSO, "2027-06-10T19:34Z"),  # the Sun does not set
        (SVALBARD, "2027-12-29T11:51Z"),  # the Sun does not come near
        (POLE, "2027-02-19T15:51Z"),
    ],
)
def test_without_dusk_or_dawn_nothing_is_told(site: Site, at: str) -> None:
    assert viewing(Happening("opposition", instant(at)), site, "best", least_altitude=-90) is None


def test_where_the_sun_only_grazes_the_altitude_of_dusk_an_answer_is_given_all_the_same() -> None:
    days = range(instant("2027-05-01T22:00Z"), instant("2027-08-01T22:00Z"), DAY)

    found = [
        viewing(Happening("opposition", day), Site(58.6, 0, "UTC"), "evening", least_altitude=-90)
        for day in days
    ]

    is_dark = [view is not None for view in found]
    assert is_dark[0]
    assert is_dark[-1]
    assert len(found) - sum(is_dark) == pytest.approx(5, abs=5)


@pytest.mark.parametrize(
    ("altitude", "azimuth", "words"),
    [
        (12, 247, "low in the west-southwest"),
        (19.9, 359, "low in the north"),
        (20, 0, "in the north"),
        (44, 134, "in the southeast"),
        (45, 180, "high in the south"),
        (74, 281.3, "high in the west-northwest"),
        (75, 90, "nearly overhead"),
    ],
)
def test_where_to_look_is_said_in_words(altitude: float, azimuth: float, words: str) -> None:
    assert whereabouts(altitude, azimuth) == words


@pytest.mark.parametrize(
    ("at", "phase"),
    [("2027-02-20T23:24Z", 180), ("2027-02-06T15:56Z", 360), ("2027-02-14T07:58Z", 90)],
)
def test_the_moon_is_full_new_and_half_when_the_calendar_says_so(at: str, phase: int) -> None:
    off = (moon_phase(instant(at)) - phase + 180) % 360 - 180

    assert off == pytest.approx(0, abs=0.05)
