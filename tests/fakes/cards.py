"""Cards for tests, and what their pictures show."""

from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from bot.cards import AnniversaryCard, Card, CountdownCard, Light, MarsYearDial, SkyChart, Theme, draw
from bot.cards.ink import Colour
from bot.model import Tone

LONG = (
    "Perseverance, with Ingenuity under its belly, comes down in Jezero crater "
    "where a river once flowed into a lake"
).ljust(120, "s")

MOON = Light("Moon", "moon", 100.0, 25.0, -11.0, lit=0.25, lit_from=90.0)
MARS = Light("Mars", "planet", 106.0, 27.0, -0.8)
REGULUS = Light("Regulus", "star", 96.0, 31.0, 1.4)

LANDING = AnniversaryCard(
    tone=Tone.CELEBRATION,
    title="Opportunity lands in Meridiani Planum",
    date_text="24 January 2004",
    years=23,
    place="1.9° S, 354.5° E on Mars",
    mission="Opportunity",
)
COUNTDOWN = CountdownCard(
    title="Mars at opposition",
    left_text="7",
    unit="days",
    left=7,
    when_text="19 February 2027, 10:51 EST",
)
CHART = SkyChart(
    caption="The Moon passes Mars",
    site_name="New York",
    when_text="20 February 2027 at 19:40 EST",
    direction=90.0,
    bodies=(MOON, MARS, REGULUS),
)
DIAL = MarsYearDial(
    caption="A new year begins on Mars",
    date_text="17 August 2028",
    mars_year=40,
    ls=218.0,
    season="northern autumn",
    sol="Curiosity\N{RIGHT SINGLE QUOTATION MARK}s sol 5,000",
)
CARDS: tuple[Card, ...] = (LANDING, COUNTDOWN, CHART, DIAL)


def shown(card: Card, theme: Theme = "light") -> Image.Image:
    """The picture as it is seen."""
    return Image.open(BytesIO(draw(card, theme)))


def colours(picture: Image.Image) -> dict[Colour, int]:
    """Every colour in a picture, with how many pixels have it."""
    counted = picture.getcolors(picture.width * picture.height) or []
    return {colour: count for count, colour in counted if isinstance(colour, tuple)}  # type: ignore[misc]


def rim(picture: Image.Image, wide: int) -> Iterator[Image.Image]:
    """The four strips along the edges of a picture."""
    right, lower = picture.width - wide, picture.height - wide
    yield picture.crop((0, 0, picture.width, wide))
    yield picture.crop((0, lower, picture.width, picture.height))
    yield picture.crop((0, 0, wide, picture.height))
    yield picture.crop((right, 0, picture.width, picture.height))
