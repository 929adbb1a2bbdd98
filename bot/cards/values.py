"""The cards themselves: plain values that hold all that is drawn and told, so that they outlive the files they came from."""

import msgspec
from msgspec import Struct

from bot.model import Tone


class _Card(Struct, frozen=True, tag_field="card"):
    """What every card has: how solemn it is."""

    tone: Tone = Tone.NEUTRAL


class AnniversaryCard(_Card, frozen=True, kw_only=True, tag="anniversary"):
    """So many years since a day; without a count, a day that comes every year."""

    title: str
    date_text: str  #: the day itself: `24 January 2004`
    years: int | None = None
    unit: str = "year"  #: of the count, one of it: `Mars year`
    place: str = ""
    mission: str = ""


class CountdownCard(_Card, frozen=True, kw_only=True, tag="countdown"):
    """How long it is until something."""

    title: str
    left_text: str  #: the count in figures, or a word such as `Today`
    when_text: str  #: when it is: `20 February 2027, 19:40 EST`
    unit: str = ""  #: of the count, in the right number: `days`
    left: int = 0  #: the same count; 0 once it has come
    place: str = ""


class Light(Struct, frozen=True):
    """One light in a sky chart; angles in degrees, azimuths from north by east."""

    name: str
    kind: str  #: moon, planet or star
    azimuth: float
    altitude: float
    magnitude: float
    lit: float = 1.0  #: how much of the disc is lit, from 0 to 1; of the Moon
    lit_from: float = 0.0  #: where the light comes from, clockwise from straight up; of the Moon


class SkyChart(_Card, frozen=True, kw_only=True, tag="sky"):
    """What stands in the sky of a place, as one sees it who looks in one direction."""

    caption: str
    site_name: str
    when_text: str  #: `20 February 2027 at 19:40`, by the clock of the place
    direction: float  #: azimuth of the middle
    bodies: tuple[Light, ...]


class MarsYearDial(_Card, frozen=True, kw_only=True, tag="mars-year"):
    """The year on Mars as a dial, and where in it a day falls."""

    caption: str
    date_text: str  #: the day on Earth
    mars_year: int
    ls: float  #: the season as an angle, Ls, in degrees
    season: str  #: `northern spring`
    sol: str = ""  #: of a mission: `Curiosity's sol 5,000`


Card = AnniversaryCard | CountdownCard | SkyChart | MarsYearDial


def encode(card: Card) -> str:
    """A card as one line of JSON; the same card gives the same line."""
    return msgspec.json.encode(card).decode()


def decode(text: str) -> Card:
    """The card that `encode` wrote down; ValueError where the text is none."""
    try:
        card: Card = msgspec.json.decode(text, type=Card)
    except msgspec.DecodeError as error:
        raise ValueError(f"this is no card: {error}") from error
    return card
