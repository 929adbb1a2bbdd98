"""Small worlds to plan in: schedules and a corpus made by hand, with real triggers."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from bot.contracts import Almanac
from bot.model import (
    Account,
    Corpus,
    Event,
    Limits,
    Part,
    Pick,
    Post,
    Schedule,
    Schedules,
    Tone,
    Uses,
    Window,
)
from bot.plugins import TRIGGERS, load
from bot.zones import DAY, HOUR, instant_of

X = Limits(text=280, counting="x")
MARS = Account("mars", "x", zone="America/Los_Angeles", min_gap=90 * 60, max_per_day=3, limits=X)
MOON = Account("moon", "x", zone="UTC", limits=X)

LANDING = Event("landing", "First landing", "landing", "UTC", Tone.CELEBRATION, day=date(2004, 1, 25))
FLIGHT = Event(
    "flight", "First flight", "flight", "America/New_York", Tone.CELEBRATION, day=date(2021, 4, 19)
)
LOSS = Event(
    "loss", "A loss", "loss", "America/New_York", Tone.REMEMBRANCE, day=date(1986, 1, 28), quiet=True
)


def at(text: str) -> int:
    """The instant of `2027-01-28T14:00Z`."""
    return instant_of(datetime.fromisoformat(text).astimezone(UTC))


def window(start: str, *, days: float) -> Window:
    return Window(at(start), at(start) + int(days * DAY))


def post(name: str, text: str = "", **fields: Any) -> Post:
    return Post(name, (Part(text or f"About {name}."),), **fields)


def evergreens(number: int, tag: str = "science") -> tuple[Post, ...]:
    return tuple(post(f"{tag}/{place}", tags=(tag,)) for place in range(number))


CORPUS = Corpus(
    (
        *evergreens(9),
        *evergreens(4, "images"),
        post("landing/one", event="landing", use=Uses.DATED, tone=Tone.CELEBRATION),
        post("landing/two", event="landing", use=Uses.DATED, tone=Tone.CELEBRATION),
        post("flight/one", event="flight", use=Uses.DATED),
        post("loss/one", event="loss", use=Uses.DATED, tone=Tone.REMEMBRANCE),
        post("said/before", tags=("old",), posted=date(2021, 1, 26)),
    )
)


def schedule(
    name: str,
    trigger: str,
    options: Mapping[str, Any],
    *,
    pick: Pick | None = None,
    frame: str | tuple[str, ...] = "",
    accounts: tuple[Account, ...] = (MARS,),
    events: tuple[Event, ...] = (LANDING, FLIGHT, LOSS),
    corpus: Corpus = CORPUS,
    **fields: Any,
) -> Schedule:
    almanac = Almanac(events, tuple(each for each in corpus.ready if each.posted))
    made = load(TRIGGERS, trigger)(name, options, almanac)
    frames = (frame,) if isinstance(frame, str) and frame else tuple(frame)
    return Schedule(name, made, pick or Pick(), accounts, frames, **fields)


def slots(
    name: str = "evergreen", *times: str, days: str = "daily", pick: Pick | None = None, **fields: Any
) -> Schedule:
    options = {"days": days, "at": list(times) or ["10:30", "16:00"], "zone": "America/New_York"}
    if jitter := fields.pop("jitter", None):
        options["jitter"] = jitter
    return schedule(
        name, "slots", options, pick=pick or Pick(tags=("science", "images"), cool_down=5 * DAY), **fields
    )


def anniversaries(name: str = "anniversaries", clock: str = "09:00", **fields: Any) -> Schedule:
    kinds = fields.pop("kinds", ["landing", "flight", "loss"])
    frame = fields.pop("frame", "{{ years_in_words | capitalize }} ago today: {{ text }}")
    return schedule(
        name,
        "anniversary",
        {"kinds": kinds, "at": clock},
        pick=Pick(event=True),
        frame=frame,
        grace=None,
        **fields,
    )


def world(*entries: Schedule, events: tuple[Event, ...] = (LANDING, FLIGHT, LOSS)) -> Schedules:
    accounts = {account.name: account for entry in entries for account in entry.accounts}
    mentions = {"robot": {"name": "Robot", "x": "@robot"}}
    return Schedules(entries, {event.id: event for event in events}, accounts, mentions)


__all__ = ["CORPUS", "DAY", "HOUR", "LANDING", "LOSS", "MARS", "MOON", "anniversaries", "at", "evergreens"]
