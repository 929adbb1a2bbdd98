"""Oppositions, closest approaches, meetings of Moon and Mars, and seasons, against tables."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from bot.sky.ephemeris import KINDS, SEASONS, Happening, happenings

DATA = Path(__file__).parent.parent / "data"
MINUTE, DAY = 60, 86_400

#: The tables' minutes are cut off, not rounded.
TO_THE_MINUTE = 30.0 + 33


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def read(name: str) -> list[dict[str, str]]:
    with (DATA / f"sky_{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


OPPOSITIONS, MEETINGS = read("oppositions"), read("moon_mars")


def known(kind: str, around: str) -> Happening:
    """The one happening within a day of an instant."""
    (found,) = happenings(kind, instant(around) - DAY, instant(around) + DAY)
    return found


def middle(minute: str) -> float:
    """Half-way through a minute."""
    return instant(minute) + MINUTE / 2


@pytest.mark.parametrize("row", OPPOSITIONS, ids=[row["opposition"][:4] for row in OPPOSITIONS])
def test_an_opposition_is_in_its_published_minute(row: dict[str, str]) -> None:
    found = known("opposition", row["opposition"])

    assert found.at == pytest.approx(middle(row["opposition"]), abs=TO_THE_MINUTE)
    assert found.fact("magnitude") == float(row["magnitude"])


@pytest.mark.parametrize("row", OPPOSITIONS, ids=[row["closest"][:10] for row in OPPOSITIONS])
def test_a_closest_approach_is_as_published(row: dict[str, str]) -> None:
    found = known("closest-approach", row["closest"])

    # The table was made on a grid of five minutes.
    assert found.at == pytest.approx(instant(row["closest"]), abs=2.5 * MINUTE)
    assert found.fact("distance_au") == pytest.approx(float(row["distance_au"]), abs=1e-5)
    assert found.fact("diameter_arcsec") == pytest.approx(float(row["diameter_arcsec"]), abs=0.051)


def test_a_closest_approach_tells_its_distance_in_many_ways() -> None:
    found = known("closest-approach", "2018-07-31T07:57Z")

    assert dict(found.facts) == {
        "distance_au": 0.38493,
        "distance_million_km": 57.6,
        "diameter_arcsec": 24.3,
        "light_minutes": 3.2,
        "magnitude": -2.8,
        "constellation": "Capricornus",
    }


@pytest.mark.parametrize("row", MEETINGS, ids=[row["at"][:10] for row in MEETINGS])
def test_a_meeting_of_moon_and_mars_is_as_published(row: dict[str, str]) -> None:
    found = known("moon-mars", row["at"])

    assert found.at == pytest.approx(middle(row["at"]), abs=TO_THE_MINUTE)
    assert found.fact("separation_deg") == pytest.approx(float(row["separation_deg"]), abs=0.006)
    assert found.fact("elongation_deg") == pytest.approx(int(row["elongation_deg"]), abs=0)
    assert found.fact("sky") == row["sky"].lower()
    assert found.fact("moon_lit_percent") == int(row["moon_lit_percent"])
    assert found.fact("magnitude") == float(row["magnitude"])
    assert found.fact("constellation") == row["constellation"]


def test_only_meetings_within_so_many_degrees_are_told() -> None:
    start, end = instant("2026-01-01T00:00Z"), instant("2029-01-01T00:00Z")
    near = [row for row in MEETINGS if float(row["separation_deg"]) <= 1]

    found = happenings("moon-mars", start, end, within=1)

    assert [each.at // DAY for each in found] == [instant(row["at"]) // DAY for row in near]


def test_a_meeting_just_as_near_as_asked_for_is_told() -> None:
    nearest = known("moon-mars", "2026-11-02T13:39Z")
    start, end = nearest.at, nearest.at + 1

    assert happenings("moon-mars", start, end, within=0.97) == [nearest]
    assert happenings("moon-mars", start, end, within=0.96) == []


def test_every_meeting_of_three_years_is_found_once() -> None:
    start, end = instant("2026-01-01T00:00Z"), instant("2029-01-01T00:00Z")

    found = happenings("moon-mars", start, end)

    assert [each.at // DAY for each in found] == [instant(row["at"]) // DAY for row in MEETINGS]


def test_every_opposition_of_thirty_years_is_found_once() -> None:
    start, end = instant("2012-01-01T00:00Z"), instant("2041-01-01T00:00Z")

    found = happenings("opposition", start, end)

    assert [each.at // DAY for each in found] == [instant(row["opposition"]) // DAY for row in OPPOSITIONS]


def test_seasons_are_happenings_of_four_kinds() -> None:
    start, end = instant("2026-09-01T00:00Z"), instant("2028-09-01T00:00Z")

    found = {kind: happenings(kind, start, end) for kind in SEASONS}

    assert {kind: [dict(each.facts) for each in each_kind] for kind, each_kind in found.items()} == {
        "northern-spring": [{"mars_year": 39, "ls": 0}, {"mars_year": 40, "ls": 0}],
        "northern-summer": [{"mars_year": 39, "ls": 90}],
        "northern-autumn": [{"mars_year": 39, "ls": 180}],
        "northern-winter": [{"mars_year": 39, "ls": 270}],
    }
    assert [each.at // MINUTE for each in found["northern-summer"]] == [
        instant("2027-04-16T22:02Z") // MINUTE
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_happening_is_of_the_kind_that_was_asked_for_and_has_no_fact_it_does_not_know(kind: str) -> None:
    first = happenings(kind, instant("2026-01-01T00:00Z"), instant("2030-01-01T00:00Z"))[0]

    assert first.kind == kind
    assert first.fact("colour") is None


def test_a_kind_that_nobody_knows_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="eclipse"):
        happenings("eclipse", 0, DAY)
