"""`card`: a picture of an event, drawn to a file."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click
import msgspec

from bot.cards import KINDS, THEMES, Card, SkyChart, Theme, alt, card_of, draw, mission_of, suits
from bot.cards.asked import Asked, is_ahead, slot_for, told_by, with_its_hours
from bot.cli.here import as_json, here, moment, say, warn
from bot.errors import BadCall
from bot.model import Event
from bot.options import did_you_mean
from bot.sky.viewing import Site
from bot.zones import DAY, date_of, zone

_POLE = 90
_PLACE = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*,\s*([-+]?\d+(?:\.\d+)?)\s*(?:,\s*(.*\S)\s*)?")


@click.command()
@click.argument("event_id", metavar="EVENT")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The PNG to write; what is there is written over.",
)
@click.option("--kind", type=click.Choice(KINDS), help="What to draw; else what suits the event.")
@click.option(
    "--years", metavar="N", type=click.IntRange(1, 1000), help="Its Nth anniversary; else the next one."
)
@click.option(
    "--on",
    "on",
    metavar="DATE",
    help="The card of that day, such as 2027-01-24: EVENT is on it, or counted down to from it.",
)
@click.option("--theme", type=click.Choice(THEMES), default="light", help="On warm paper, or by night.")
@click.option(
    "--place", metavar="LAT,LON[,NAME]", help="From where a chart of the sky is seen: 40.7,-74.0,New York."
)
@click.option(
    "--zone",
    "zone_name",
    metavar="ZONE",
    help="Whose clock tells the time on a chart, a countdown or a dial of the sky; else the event's, or UTC where a place is hours off it.",
)
@as_json
@click.pass_context
def card(
    ctx: click.Context, /, event_id: str, *, output: Path, theme: Theme, json_: bool, kind: str | None,
    years: int | None, **where: str | None,
) -> None:  # fmt: skip
    """Draw a card of EVENT and tell its alt text.

    What is seen in the sky has a chart, if a place is given; a season of Mars has a dial; what is to come has a
    countdown; all else has its next anniversary.
    """
    if output.suffix.lower() != ".png":
        raise BadCall(f"a card is a PNG; write -o {output.with_suffix('.png')}")
    schedules, now = here(ctx).project.schedules, here(ctx).now
    event = _named(schedules.events, event_id)
    on, place, zone_name = where["on"], where["place"], where["zone_name"]
    day = _day(on, event.zone) if on else None
    try:
        today = Asked(event, "", now, day).today
        named = _site(place, zone_name or event.zone) if place else None
        site = with_its_hours(named, today) if named and not zone_name else named
        kind = kind or suits(event, is_ahead=is_ahead(event, today) and not years, has_place=site is not None)
        event = _told_by(event, zone_name, kind) if zone_name and not place else event
        slot = slot_for(Asked(event, kind, now, day, years, site))
        made = card_of(kind, slot, event, mission=mission_of(event, schedules.missions.values()), site=site)
    except ValueError as error:
        raise BadCall(str(error)) from error
    _write(made, output, theme, json_=json_)
    if site != named and isinstance(made, SkyChart):
        warn(
            f"the time is told in UTC: {event.zone}, the clock of {event.id}, is hours off there; "
            "--zone names the clock of the place, such as --zone Australia/Sydney"
        )


def _day(on: str, zone_name: str) -> date:
    """The date that was written, or that an instant has by the event's clock."""
    at = moment(on)
    return date_of((at if "T" not in on.upper() else zone(zone_name).wall(at)) // DAY)


def _told_by(event: Event, zone_name: str, kind: str) -> Event:
    """The event by another clock; ValueError where it tells no time, and keeps its own date."""
    if not event.sky and kind != "countdown":
        raise ValueError(
            f'--zone tells a time, and there is none on this card: "{event.id}" keeps its date in {event.zone}; leave it out'
        )
    return told_by(event, zone_name)


def _write(made: Card, output: Path, theme: Theme, *, json_: bool) -> None:
    picture, told = draw(made, theme), alt(made)
    output.write_bytes(picture)
    if json_:
        facts = msgspec.to_builtins(made)
        say({"file": str(output), "bytes": len(picture), "theme": theme, "alt": told, "card": facts})
    else:
        click.echo(f"{output}\n{told}")


def _named(events: Mapping[str, Event], name: str) -> Event:
    if name not in events:
        hint = did_you_mean(name, events) or "; the files under schedules/ have them all"
        raise BadCall(f"no event called {name!r}{hint}")
    return events[name]


def _site(place: str, zone_name: str) -> Site:
    found = _PLACE.fullmatch(place)
    if not found:
        example = "40.7,-74.0,New York"
        raise ValueError(f'--place cannot be "{place}"; write latitude, longitude and a name: {example}')
    latitude, longitude = (float(found[number]) for number in (1, 2))
    if abs(latitude) > _POLE or abs(longitude) > 2 * _POLE:
        raise ValueError(
            f'--place "{place}" is nowhere on Earth: latitudes go to 90 degrees, longitudes to 180'
        )
    return Site(latitude, longitude, zone(zone_name).name, found[3] or "")
