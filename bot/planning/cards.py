"""Cards for the slots in which they will be shown: what each is drawn of, and its alt text."""

from collections.abc import Iterable

from msgspec.structs import replace

from bot.model import Event, Media, Mission, Schedules, Slot, digest
from bot.planning.frames import FrameError
from bot.sky.viewing import Site

#: Where the dry run and a webhook draw cards, if the state folder is where it always is.
_FOLDER = "state/cards"


def with_drawing(media: Media, slot: Slot, event: Event | None, schedules: Schedules) -> Media:
    """The picture as the slot shows it: a card with all that it is drawn of, anything else as it is.

    FrameError where such a card cannot be drawn on that day.
    """
    if not media.card:
        return media
    from bot.cards import alt, card_of, encode  # noqa: PLC0415 - start-up time: few posts have one

    if event is None:
        raise FrameError(f"its card {media.card!r} needs an event to speak of")
    try:
        card = card_of(
            media.card, slot, event, mission=_mission(event, schedules.missions.values()), site=_site(slot)
        )
    except ValueError as error:
        raise FrameError(f"its card {media.card!r} cannot be drawn: {error}") from error
    drawing = encode(card)
    file = f"{_FOLDER}/{event.id}-{slot.day}-{digest(media.theme, drawing)[:8]}.png"
    return replace(media, file=file, alt=media.alt or alt(card), drawing=drawing)


def _mission(event: Event, missions: Iterable[Mission]) -> Mission | None:
    """The mission that began with an event."""
    return next((mission for mission in missions if mission.began == event.id), None)


def _site(slot: Slot) -> Site | None:
    """The place from which a slot looks up, if it is from one."""
    latitude, longitude, name = (slot.fact(fact) for fact in ("latitude", "longitude", "place"))
    if not isinstance(latitude, float) or not isinstance(longitude, float):
        return None
    return Site(latitude, longitude, slot.zone, str(name or ""))
