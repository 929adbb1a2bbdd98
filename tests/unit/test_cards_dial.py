"""The dial of the Mars year: an orbit whose Sun stands off its middle."""

from itertools import pairwise
from math import atan2, degrees, hypot

import pytest
from msgspec.structs import replace

from bot.cards.dial import MIDDLE, RADIUS, label_angle, on_orbit, sun
from bot.cards.ink import inks
from bot.model import Tone
from bot.sky.mars_time import seasons
from bot.zones import DAY
from tests.fakes.cards import DIAL, shown

YEAR_OF_SEASONS = [each.at for each in seasons(1_672_000_000, 1_672_000_000 + 800 * DAY)][:5]


def angle(ls: float) -> float:
    """In which direction from the Sun Mars is drawn, clockwise from straight up."""
    (x, y), (at_x, at_y) = sun(), on_orbit(ls)
    return degrees(atan2(at_x - x, y - at_y)) % 360


@pytest.mark.parametrize("ls", [0, 45, 90, 180, 251, 270, 359])
def test_mars_is_on_its_circle_at_the_angle_of_its_season(ls: float) -> None:
    x, y = on_orbit(ls)

    assert hypot(x - MIDDLE[0], y - MIDDLE[1]) == pytest.approx(RADIUS)
    assert angle(ls) == pytest.approx(ls)


def test_the_sun_is_nearest_at_the_perihelion() -> None:
    def reach(ls: float) -> float:
        (x, y), (at_x, at_y) = sun(), on_orbit(ls)
        return hypot(at_x - x, at_y - y)

    assert min(range(360), key=reach) == 251
    assert reach(251) / RADIUS == pytest.approx(1 - 0.0934)
    assert reach(71) / RADIUS == pytest.approx(1 + 0.0934)


def test_the_areas_of_the_seasons_are_as_their_lengths_in_days() -> None:
    """Kepler's second law, against Mars time."""

    def swept(start: int) -> float:
        (x, y), total = sun(), 0.0
        for step in range(90):
            (ax, ay), (bx, by) = on_orbit(start + step), on_orbit(start + step + 1)
            total += ((ax - x) * (by - y) - (bx - x) * (ay - y)) / 2
        return total

    first = next(n for n in range(4) if _begins_spring(YEAR_OF_SEASONS[n]))
    lasting = [b - a for a, b in pairwise(YEAR_OF_SEASONS)]
    in_order = [lasting[(first + quarter) % 4] for quarter in range(4)]
    areas = [swept(90 * quarter) for quarter in range(4)]

    for area, length in zip(areas, in_order, strict=True):
        assert area / sum(areas) == pytest.approx(length / sum(in_order), abs=0.003)


@pytest.mark.parametrize("ls", range(0, 360, 5))
def test_no_name_of_a_season_stands_under_the_hand(ls: int) -> None:
    for quarter in range(4):
        label = label_angle(quarter, ls)

        assert 90 * quarter < label < 90 * quarter + 90
        assert abs(label - ls) >= 20


@pytest.mark.parametrize("ls", [10.0, 100.0, 218.0, 300.0])
def test_the_hand_points_to_the_day(ls: float) -> None:
    picture = shown(replace(DIAL, ls=ls))

    x, y = on_orbit(ls)
    opposite = on_orbit(ls + 180)
    accent = inks("light", Tone.NEUTRAL).accent
    assert picture.getpixel((int(x), int(y))) == accent
    assert picture.getpixel((int(opposite[0]), int(opposite[1]))) != accent


def _begins_spring(at: int) -> bool:
    return any(each.at == at and each.quarter == 0 for each in seasons(at - 1, at + 1))
