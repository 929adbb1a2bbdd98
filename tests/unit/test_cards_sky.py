"""The chart of the sky: where lights stand, the Moon's light, and names that do not run into each other."""

from itertools import combinations
from math import hypot, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.cards import Light, Theme, alt
from bot.cards.circle import bright
from bot.cards.ink import inks
from bot.cards.sky_chart import Box, named
from bot.cards.view import HORIZON, LEFT, RIGHT, TOP, View, placed, turned, view_of
from bot.model import Tone
from tests.fakes.cards import CHART, MARS, MOON, REGULUS, colours, shown

STARS = tuple(
    Light(f"Star {n}", "star", 80 + 2.5 * (n % 5), 20 + 2.5 * (n // 5), 1 + n / 20) for n in range(25)
)


def area(outline: list[tuple[float, float]]) -> float:
    """What a polygon encloses."""
    ends = zip(outline, [*outline[1:], outline[0]], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in ends)) / 2


def middle(outline: list[tuple[float, float]]) -> tuple[float, float]:
    xs, ys = zip(*outline, strict=True)
    return sum(xs) / len(xs), sum(ys) / len(ys)


@pytest.mark.parametrize("lit", [0, 0.05, 0.25, 0.5, 0.75, 0.99, 1])
def test_so_much_of_the_moon_is_bright_as_is_lit(lit: float) -> None:
    outline = bright((0, 0), 100, lit=lit, lit_from=33)

    assert area(outline) / (pi * 100**2) == pytest.approx(lit, abs=0.01)


@pytest.mark.parametrize(
    ("lit_from", "across", "down"), [(0, 0, -1), (90, 1, 0), (180, 0, 1), (270, -1, 0), (135, 1, 1)]
)
def test_the_bright_side_is_where_the_light_comes_from(lit_from: float, across: int, down: int) -> None:
    x, y = middle(bright((0, 0), 100, lit=0.3, lit_from=lit_from))

    assert [round(x / 30), round(y / 30)] == [round(across * abs(x) / 30), round(down * abs(y) / 30)]
    assert hypot(x, y) > 30


@pytest.mark.parametrize("lit", [0.2, 0.8])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_has_the_moons_light_on_its_side(lit: float, theme: str) -> None:
    chart = replace(CHART, direction=100.0, bodies=(replace(MOON, lit=lit, lit_from=90.0),))
    known = inks("light" if theme == "light" else "dark", Tone.NEUTRAL)
    (moon,) = placed(chart)
    x, y = moon.at

    picture = shown(chart, "light" if theme == "light" else "dark")
    left = colours(picture.crop((int(x) - 18, int(y) - 18, int(x), int(y) + 18)))
    right = colours(picture.crop((int(x), int(y) - 18, int(x) + 18, int(y) + 18)))

    assert right.get(known.moon, 0) > left.get(known.moon, 0)
    assert left.get(known.shade, 0) > right.get(known.shade, 0)
    share = (left.get(known.moon, 0) + right.get(known.moon, 0)) / (pi * 18**2)
    assert share == pytest.approx(lit, abs=0.14)


def test_the_middle_of_the_horizon_is_where_one_looks() -> None:
    view = View(500, 90)

    assert view.point(90, 0) == pytest.approx(((LEFT + RIGHT) / 2, HORIZON))
    assert view.point(100, 0)[0] > view.point(90, 0)[0] > view.point(80, 0)[0]
    assert view.point(90, 10)[1] < HORIZON
    assert view.point(75, 0)[1] == pytest.approx(HORIZON)


def test_north_does_not_tear_the_chart() -> None:
    view = View(500, 0)

    assert view.point(350, 5)[0] < view.point(10, 5)[0]
    assert turned(350, 10) == -20
    assert turned(10, 350) == 20


def test_shapes_stay_what_they_are_far_from_the_middle() -> None:
    view = View(500, 90)
    (x, y), (right, _), (_, up) = view.point(130, 40), view.point(130.1, 40), view.point(130, 40.1)

    across = hypot(right - x, view.point(130.1, 40)[1] - y)
    upward = hypot(view.point(130, 40.1)[0] - x, up - y)

    # A degree of azimuth is shorter by the cosine of the height.
    assert across / upward == pytest.approx(0.766, abs=0.01)


def test_the_place_behind_ones_back_has_a_place_too() -> None:
    assert abs(View(500, 0).point(180, 0)[0]) < 1e12


@pytest.mark.parametrize("altitude", [5, 25, 60, 85, 90])
def test_mars_and_the_moon_are_in_the_chart_however_high(altitude: float) -> None:
    bodies = (replace(MARS, altitude=altitude, azimuth=92), replace(MOON, altitude=altitude - 3, azimuth=88))

    found = placed(replace(CHART, bodies=bodies))

    assert {each.light.name for each in found} == {"Mars", "Moon"}
    assert all(TOP <= each.at[1] <= HORIZON for each in found)


def test_a_chart_without_mars_and_moon_shows_forty_degrees() -> None:
    view = view_of(replace(CHART, bodies=(REGULUS,)))

    assert view.point(90, 40)[1] == pytest.approx(TOP)


@pytest.mark.parametrize(
    "light",
    [
        replace(REGULUS, altitude=-1),
        replace(REGULUS, altitude=80),
        replace(REGULUS, azimuth=270),
        replace(REGULUS, azimuth=165, altitude=1),
    ],
)
def test_what_is_below_above_or_behind_is_not_shown(light: Light) -> None:
    assert placed(replace(CHART, bodies=(MARS, light)))[0].light == MARS
    assert len(placed(replace(CHART, bodies=(MARS, light)))) == 1


@pytest.mark.parametrize("off", [(0.4, 0), (-0.4, 0), (0, 0.3), (0, 0)])
def test_what_the_large_moon_would_hide_stands_beside_it(off: tuple[float, float]) -> None:
    mars = replace(MARS, azimuth=MOON.azimuth + off[0], altitude=MOON.altitude + off[1])

    moon, beside = placed(replace(CHART, bodies=(mars, MOON)))

    across, down = beside.at[0] - moon.at[0], beside.at[1] - moon.at[1]
    assert hypot(across, down) == pytest.approx(moon.radius + beside.radius + 4)
    assert across * off[0] >= 0
    assert down * off[1] <= 0


def test_what_stands_clear_of_the_moon_stays_where_it_is() -> None:
    alone = placed(replace(CHART, bodies=(MARS,)))[0]
    beside = placed(replace(CHART, bodies=(MARS, replace(MOON, altitude=10))))[1]

    assert beside.at == alone.at


CROWD = st.lists(
    st.builds(
        Light,
        st.sampled_from(["Venus", "Jupiter", "Regulus", "Spica"]),
        st.sampled_from(["planet", "star"]),
        st.floats(86, 112),
        st.floats(10, 38),
        st.floats(-4, 3),
    ),
    max_size=12,
)


@given(CROWD)
def test_every_light_is_drawn_whole_or_left_out(crowd: list[Light]) -> None:
    found = placed(replace(CHART, bodies=(MOON, MARS, *crowd)))

    assert {"Moon", "Mars"} <= {each.light.name for each in found}
    for one, other in combinations(found, 2):
        apart = hypot(one.at[0] - other.at[0], one.at[1] - other.at[1])
        assert apart > one.radius + other.radius + 3.9


def test_a_star_without_room_between_two_others_is_left_out_of_picture_and_words() -> None:
    """Jupiter stands where the star would have to give way to the Moon."""
    jupiter = Light("Jupiter", "planet", 96.0, 25.0, -2.2)
    star = replace(REGULUS, azimuth=97.5, altitude=25.0)
    chart = replace(CHART, bodies=(MOON, jupiter, star))

    assert [each.light.name for each in placed(chart)] == ["Moon", "Jupiter"]
    assert "Regulus" not in alt(chart)
    assert "Regulus" in alt(replace(chart, bodies=(MOON, star)))


def test_a_planet_without_room_goes_round_what_would_hide_it() -> None:
    """Mars stands on the side of the Moon on which Jupiter is."""
    mars = replace(MARS, azimuth=103.5, altitude=25.0)
    jupiter = Light("Jupiter", "planet", 102.0, 25.0, -2.2)

    moon, red, other = placed(replace(CHART, bodies=(MOON, mars, jupiter)))

    assert other.light == jupiter
    apart = hypot(other.at[0] - moon.at[0], other.at[1] - moon.at[1])
    assert apart == pytest.approx(moon.radius + other.radius + 4)
    assert hypot(other.at[0] - red.at[0], other.at[1] - red.at[1]) >= red.radius + other.radius + 3.9
    assert other.at[0] > moon.at[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_figures_of_a_height_keep_clear_of_lights(theme: Theme) -> None:
    """A planet stands on the left end of the line at 30 degrees, where its figures would be."""
    bare = replace(CHART, bodies=(replace(MARS, altitude=26.0),))
    end = next(az for az in range(20, 90) if view_of(bare).point(az, 30)[0] > LEFT + 40)
    venus = Light("Venus", "planet", float(end), 30.0, -4.0)
    known = inks(theme, Tone.NEUTRAL)
    (x, y) = placed(replace(bare, bodies=(*bare.bodies, venus)))[1].at
    around = (round(x) - 26, round(y) - 26, round(x) + 26, round(y) + 26)

    alone = colours(shown(bare, theme).crop(around))
    beside = shown(replace(bare, bodies=(*bare.bodies, venus)), theme)

    assert alone.get(known.muted, 0) > 10
    assert colours(beside.crop(around)).get(known.muted, 0) == 0
    assert colours(beside.crop((round(x), round(y), 600, 400))).get(known.muted, 0) > 10


def test_the_brighter_a_star_the_larger() -> None:
    sizes = [
        placed(replace(CHART, bodies=(replace(REGULUS, magnitude=magnitude),)))[0].radius
        for magnitude in (-1.5, 0.0, 1.5, 2.5)
    ]

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1]


def test_names_touch_neither_lights_nor_names_nor_edges() -> None:
    lights = placed(replace(CHART, bodies=(MOON, MARS, *STARS)))

    found = named(lights, [])

    assert {"Moon", "Mars"} <= {light.name for light, _ in found}
    assert 5 < len(found) < len(lights)
    assert not any(_meet(one, other) for (_, one), (_, other) in combinations(found, 2))
    for _, box in found:
        assert LEFT <= box[0] < box[2] <= RIGHT
        assert TOP <= box[1] < box[3] <= HORIZON
        assert not any(_meet(box, (*each.at, *each.at)) for each in lights)


def test_a_name_gives_way_to_what_stands_there_already() -> None:
    lights = placed(replace(CHART, bodies=(MARS,)))
    ((_, free),) = named(lights, [])
    ((_, moved),) = named(lights, [free])

    assert not _meet(free, moved)
    assert named(lights, [(0, 0, 1200, 675)]) == []


def test_mars_alone_has_the_accent() -> None:
    chart = replace(CHART, bodies=(MARS, REGULUS))
    (mars, regulus), picture = placed(chart), shown(chart)
    known = inks("light", Tone.NEUTRAL)

    assert picture.getpixel((int(mars.at[0]), int(mars.at[1]))) == known.accent
    assert picture.getpixel((int(regulus.at[0]), int(regulus.at[1]))) == known.text


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
