"""What cards look like: sizes, margins, colours, and the same bytes each time."""

import subprocess
import sys
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from bot.cards import THEMES, Card, CountdownCard, Theme, draw, encode
from bot.cards.circle import around, mixed
from bot.cards.ink import Colour, contrast, inks
from bot.cards.numbers import whole
from bot.model import Tone
from tests.fakes.cards import CARDS, CHART, COUNTDOWN, DIAL, LANDING, LONG, colours, rim, shown

RADIUS = 104.0  #: of the ring
ROOT = Path(__file__).parents[2]
ELSEWHERE = """
import sys
from hashlib import blake2b
from bot.cards import decode, draw
for line in sys.stdin:
    print(blake2b(draw(decode(line), "dark")).hexdigest())
"""


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("card", CARDS, ids=lambda card: type(card).__name__)
def test_a_card_has_the_shape_that_networks_show_whole_and_little_weight(card: Card, theme: Theme) -> None:
    picture = draw(card, theme)

    assert shown(card, theme).size == (1200, 675)
    assert len(picture) < 120_000


def test_another_process_draws_the_very_same_bytes_from_what_was_written_down() -> None:
    written = "".join(f"{encode(card)}\n" for card in CARDS)

    told = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], input=written, capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert told.stdout.split() == [blake2b(draw(card, "dark")).hexdigest() for card in CARDS]


@pytest.mark.parametrize(
    "card",
    [
        *CARDS,
        replace(LANDING, title=LONG, years=124),
        replace(LANDING, title="W" * 120, years=None, mission="M" * 60),
        replace(COUNTDOWN, title=LONG, left_text="Today", left=0, unit=""),
        replace(COUNTDOWN, left_text="12345", left=12_345, when_text=LONG, place=LONG),
        replace(CHART, caption=LONG, site_name=LONG),
        replace(DIAL, caption=LONG, ls=45.0, sol=LONG),
    ],
)
def test_nothing_stands_in_the_margins(card: Card) -> None:
    for theme in THEMES:
        picture = shown(card, theme)

        assert {colour for strip in rim(picture, 56) for colour in colours(strip)} == {
            inks(theme, card.tone).paper
        }


@pytest.mark.parametrize("tone", Tone)
@pytest.mark.parametrize("theme", THEMES)
def test_every_text_stands_out_from_its_paper(theme: Theme, tone: Tone) -> None:
    found = inks(theme, tone)
    papers = [found.paper, mixed(found.paper, found.accent, 0.1)]

    assert all(
        contrast(ink, paper) >= 4.5 for ink in (found.text, found.muted, found.accent) for paper in papers
    )


def test_contrast_is_reckoned_as_the_guidelines_do() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
    assert contrast((255, 255, 255), (119, 119, 119)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("card", CARDS, ids=lambda card: type(card).__name__)
def test_a_remembrance_is_drawn_in_black_white_and_grey(card: Card, theme: Theme) -> None:
    sober = shown(replace(card, tone=Tone.REMEMBRANCE), theme)

    assert all(red == green == blue for red, green, blue in colours(sober))
    assert colours(shown(card, theme))[inks(theme, card.tone).accent] > 500


def test_a_remembrance_has_no_ornament_where_an_anniversary_has_its_ring() -> None:
    beside = (900, 110, 1136, 340)
    sober = shown(replace(LANDING, tone=Tone.REMEMBRANCE)).crop(beside)

    assert len(colours(sober)) == 1
    assert len(colours(shown(LANDING).crop(beside))) > 1


def test_themes_and_texts_make_other_pictures() -> None:
    others = [draw(card, theme) for card in (*CARDS, replace(LANDING, years=24)) for theme in THEMES]

    assert len(set(others)) == len(others)


@pytest.mark.parametrize(("years", "marks"), [(1, 1), (7, 7), (23, 23), (120, 120)])
def test_the_ring_has_a_tick_for_each_year(years: int, marks: int) -> None:
    picture = shown(replace(LANDING, years=years))

    assert _ticks(picture) == marks


def test_of_more_years_than_can_be_told_apart_the_ring_is_closed() -> None:
    picture = shown(replace(LANDING, years=150))

    assert _ticks(picture) == 0


@pytest.mark.parametrize(
    ("left", "unit", "full"),
    [(7, "days", 7), (30, "days", 30), (1, "day", 1), (5, "hours", 5), (45, "minutes", 45)],
)
def test_as_many_beads_are_full_as_are_left(left: int, unit: str, full: int) -> None:
    card = replace(COUNTDOWN, left=left, left_text=str(left), unit=unit)

    assert _beads(card, inks("light", Tone.NEUTRAL).accent) == full


@pytest.mark.parametrize(
    ("left", "unit", "empty"),
    [
        (7, "days", 23),
        (31, "days", 29),
        (61, "days", 39),
        (100, "days", 0),
        (5, "hours", 19),
        (30, "hours", 18),
        (59, "minutes", 1),
    ],
)
def test_the_rest_of_a_month_a_day_or_an_hour_is_empty(left: int, unit: str, empty: int) -> None:
    card = replace(COUNTDOWN, left=left, left_text=str(left), unit=unit)

    assert _beads(card, inks("light", Tone.NEUTRAL).hair) == empty


@pytest.mark.parametrize(
    ("card", "is_full"), [(replace(COUNTDOWN, left=0), True), (replace(COUNTDOWN, left=400), False)]
)
def test_the_ring_closes_far_off_and_fills_once_it_has_come(card: CountdownCard, *, is_full: bool) -> None:
    picture, accent = shown(card), inks("light", Tone.NEUTRAL).accent

    assert picture.getpixel((1032, 226 - 95)) == accent
    assert (picture.getpixel((1032, 226)) == accent) is is_full


def test_a_count_without_beads_of_its_own_has_as_many_as_are_left() -> None:
    assert whole(replace(COUNTDOWN, left=400)) == 400
    assert whole(replace(COUNTDOWN, left=0)) == 0


def _beads(card: CountdownCard, ink: Colour) -> int:
    """How many beads of an ink the ring has."""
    reach = RADIUS - min(13.0, 2.2 * RADIUS / whole(card))
    return _runs(pixel == ink for pixel in _circle(shown(card), reach))


def _ticks(picture: Image.Image) -> int:
    """How many ticks reach the edge of the ring; a closed ring has none."""
    paper = inks("light", Tone.NEUTRAL).paper
    return _runs(contrast(pixel, paper) > 1.8 for pixel in _circle(picture, RADIUS - 8))


def _circle(picture: Image.Image, reach: float) -> list[Colour]:
    """The pixels around the middle of the ring, from the lower right on, at every tenth of a degree."""
    points = [around((1200 - 64 - RADIUS, 226), reach, 135.5 + step / 10) for step in range(3600)]
    found = [picture.getpixel((int(x), int(y))) for x, y in points]
    return [pixel for pixel in found if isinstance(pixel, tuple)]  # type: ignore[misc]


def _runs(marked: Iterable[bool]) -> int:
    """How many stretches are marked, on a circle."""
    flags = list(marked)
    return sum(here and not before for before, here in zip([flags[-1], *flags], flags, strict=False))
