"""What a card tells those who do not see it, from the same facts; and words that are both drawn and told."""

from math import acos, atan2, cos, degrees, radians, sin

from bot.cards.values import AnniversaryCard, Card, CountdownCard, Light, MarsYearDial, SkyChart
from bot.cards.view import MARS, MOON, is_subject, placed
from bot.model import Tone

_LONGEST = 1_000
_WINDS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
_SIDES = ("above", "to the upper right of", "to the right of", "to the lower right of",
          "below", "to the lower left of", "to the left of", "to the upper left of")  # fmt: skip
#: How bright Mars looks, up to a magnitude; fainter than all it is faint.
_BRIGHTNESS = ((-1.5, "very bright and reddish"), (0.5, "bright and reddish"), (1.3, "reddish"))
#: How a Moon is called that is lit up to such a share.
_PHASES = ((0.02, "the new Moon"), (0.42, "a crescent Moon"), (0.58, "a half Moon"), (0.97, "a gibbous Moon"))
_CLOSE = 1.0  #: degrees; the Moon is half as wide
_MOST_OTHERS = 8


def alt(card: Card) -> str:
    """What the card shows, in whole sentences of at most 1,000 characters."""
    if isinstance(card, AnniversaryCard):
        return _shortened(_of_anniversary(card))
    if isinstance(card, CountdownCard):
        return _shortened(_of_countdown(card))
    if isinstance(card, SkyChart):
        return _shortened(_of_sky(card))
    return _shortened(_of_dial(card))


def years_ago(card: AnniversaryCard) -> str:
    """What stands behind the number: `years ago`, of one `year ago`."""
    return f"{card.unit}{'' if card.years == 1 else 's'} ago"


def kicker(card: AnniversaryCard) -> str:
    """What stands at the head of the card of a day."""
    return "In remembrance" if card.tone is Tone.REMEMBRANCE else "On this day"


def wind(azimuth: float) -> str:
    """The direction in words, to the nearest of eight: `south-east`."""
    return _WINDS[round(azimuth / 45) % len(_WINDS)]


def looking(card: SkyChart) -> str:
    """Which way a chart looks."""
    return f"Looking {wind(card.direction)}"


def _of_anniversary(card: AnniversaryCard) -> str:
    what = "A plain card in remembrance" if card.tone is Tone.REMEMBRANCE else "A card"
    count = f", {card.years} {years_ago(card)}" if card.years is not None else ""
    said = [f"{what}: {_bare(card.title)}, {card.date_text}{count}."]
    if card.mission:
        said.append(f"Mission: {card.mission}.")
    if card.place:
        said.append(f"Place: {card.place}.")
    return " ".join(said)


def _of_countdown(card: CountdownCard) -> str:
    when = f"{_bare(card.title)}, {card.when_text}"
    if not card.left:
        return f"A countdown card that has come to its end. {card.left_text}: {when}."
    return f"A countdown card. {card.left_text} {card.unit} to go: {when}."


def _of_sky(card: SkyChart) -> str:
    shown = [each.light for each in placed(card)]
    subjects = {light.name: light for light in shown if is_subject(light)}
    moon = next((light for light in shown if light.kind == MOON), None)
    others = [light.name for light in shown if not is_subject(light)][:_MOST_OTHERS]
    said = [_of_mars(subjects[MARS], moon)] if MARS in subjects else []
    if moon:
        said.append(f"{_phase(moon)}, {_lit(moon)} percent lit, {_stands(moon)}")
    where = f"{looking(card).lower()} from {card.site_name}" if card.site_name else looking(card).lower()
    sentences = [
        f"A chart of the sky {where} on {card.when_text}: {'; '.join(said) or 'neither Mars nor the Moon'}.",
        f"{_bare(card.caption)}.",
    ]
    if others:
        sentences.append(f"Also shown: {_listed(others)}.")
    return " ".join(sentences)


def _of_mars(mars: Light, moon: Light | None) -> str:
    bright = next((words for most, words in _BRIGHTNESS if mars.magnitude <= most), "faint and reddish")
    beside = f", {_apart(mars, moon)} {_side(mars, moon)} the Moon" if moon else ""
    return f"Mars, {bright}, {_stands(mars)}{beside}"


def _of_dial(card: MarsYearDial) -> str:
    said = [
        f"A dial of the year on Mars: {_bare(card.caption)}.",
        f"On {card.date_text} its hand stands at Ls {card.ls:.0f} degrees, {card.season}, in Mars year {card.mars_year}.",
    ]
    if card.sol:
        said.append(f"It is {card.sol}.")
    return " ".join([*said, "The orbit is nearest to the Sun at Ls 251 degrees."])


def _stands(light: Light) -> str:
    return f"{_degrees(light.altitude)} up in the {wind(light.azimuth)}"


def _phase(moon: Light) -> str:
    return next((words for most, words in _PHASES if moon.lit <= most), "the full Moon")


def _lit(moon: Light) -> int:
    return round(moon.lit * 100)


def _apart(one: Light, other: Light) -> str:
    """How far apart two lights are, in words."""
    up, high, off = radians(one.altitude), radians(other.altitude), radians(one.azimuth - other.azimuth)
    cosine = sin(up) * sin(high) + cos(up) * cos(high) * cos(off)
    apart = degrees(acos(min(max(cosine, -1), 1)))
    return f"less than {_degrees(_CLOSE)}" if apart < _CLOSE else _degrees(apart)


def _side(one: Light, other: Light) -> str:
    """On which side of the other somebody sees the one."""
    up, high, off = radians(one.altitude), radians(other.altitude), radians(one.azimuth - other.azimuth)
    right, above = cos(up) * sin(off), sin(up) * cos(high) - cos(up) * sin(high) * cos(off)
    return _SIDES[round(degrees(atan2(right, above)) / 45) % len(_SIDES)]


def _degrees(angle: float) -> str:
    return "1 degree" if round(angle) == 1 else f"{round(angle)} degrees"


def _listed(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _bare(text: str) -> str:
    """A title without its full stop, since a sentence goes on behind it."""
    return text.rstrip(" .")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
