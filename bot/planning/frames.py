"""Frames: the sentence around a picked post, computed for that year, in a sandbox that fails on an unknown name."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from bot.days import is_milestone
from bot.model import Event, Post, Schedule, Slot
from bot.planning.english import (
    Clocks,
    Countdown,
    article,
    grouped,
    number_in_words,
    ordinal,
    plural,
    years_in_words,
    zones,
)
from bot.sky.mars_time import mars_year
from bot.zones import DAY, date_of, zone

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.runtime import Context


#: What a frame can do with a value, and how that is written.
_HELPERS: dict[str, tuple[Callable[..., str], str]] = {
    "article": (article, '"hour" | article'),
    "in_words": (number_in_words, "7 | in_words"),
    "number": (grouped, "5000 | number"),
    "ordinal": (ordinal, "3 | ordinal"),
    "plural": (plural, '2 | plural("moon")'),
    "zones": (zones, 'event.instant | zones("ET", "UTC")'),
}


class FrameError(ValueError):
    """A frame that cannot be read, or asks for a word that this slot has not."""


def framed(frame: str, text: str, *, slot: Slot, post: Post, event: Event | None) -> str:
    """The text inside its frame, as it reads on the slot's day. FrameError says what the frame asks for in vain."""
    if not frame:
        return text
    try:
        return _template(frame).render(words(slot, post, event), text=text).strip()
    except Exception as error:  # a frame is a program: it can fail in every way that one can
        raise FrameError(f"the frame {frame!r} does not work here: {error}") from error


def wordings(schedule: Schedule, slot: Slot) -> tuple[str, ...]:
    """The frames of a slot: the one whose turn it is, then its siblings from the longest to the shortest.

    They are taken in turn, so that no year repeats the last; round years have their own where the schedule has any, and
    behind them those of any year.
    """
    usual = _in_turn(schedule.frames, slot)
    if schedule.milestones and slot.years and is_milestone(slot.years):
        return _in_turn(schedule.milestones, slot) + usual
    return usual


def _in_turn(frames: tuple[str, ...], slot: Slot) -> tuple[str, ...]:
    if len(frames) < 2:  # noqa: PLR2004 - no siblings
        return frames
    own = frames[turn_of(slot) % len(frames)]
    return (own, *sorted((frame for frame in frames if frame != own), key=len, reverse=True))


def turn_of(slot: Slot) -> int:
    """The number of a slot among its like, as its trigger or its plan counts them; else its years, or its day."""
    turn = slot.fact("turn")
    if isinstance(turn, int):
        return turn
    return slot.day.toordinal() if slot.years is None else slot.years


def words(slot: Slot, post: Post, event: Event | None) -> dict[str, Any]:
    """What a frame may say on the slot's day; a name that has no value that day is left out."""
    day = slot.day
    found: dict[str, Any] = {"weekday": day.strftime("%A"), "date": f"{day.day} {day:%B %Y}"}
    found["mars_year"] = mars_year(slot.at)
    found |= {name: value for name, value in slot.facts if name != "turn"}
    if event is not None:
        told = _as_it_comes(event, slot)
        found |= {"event": told, "title": event.title, "zones": Clocks(told.instant, slot.zone)}
    years = years_of(slot, post)
    if years is not None:
        found |= {"years": years, "ordinal": ordinal(years), "years_in_words": years_in_words(years)}
    if isinstance(left := slot.fact("countdown"), int):
        found |= {"countdown": Countdown(left)}
    if isinstance(mars_years := slot.fact("mars_years"), int):
        found |= {"mars_years_in_words": f"{number_in_words(mars_years)} Mars {plural(mars_years, 'year')}"}
    return found


def _as_it_comes(event: Event, slot: Slot) -> Event:
    """The event with the instant and the day that the sky brings it, where it does."""
    happens = slot.fact("happens")
    if not event.sky or not isinstance(happens, int):
        return event
    return replace(event, instant=happens, day=date_of(zone(slot.zone).wall(happens) // DAY))


def years_of(slot: Slot, post: Post) -> int | None:
    """How many years the slot looks back: to its event, or to the day the post was first posted."""
    if slot.years is None and slot.event is None and (posted := post.posted_on(slot.zone)):
        return recalled(slot).year - posted.year or None
    return slot.years


def recalled(slot: Slot) -> date:
    """The date that a slot looks back to as it comes round: its own day, or one a few days off."""
    off = slot.fact("days_off")
    return slot.day + timedelta(days=off) if isinstance(off, int) else slot.day


@cache
def _template(frame: str) -> "Template":
    from jinja2 import pass_context  # noqa: PLC0415 - only frames need it, and it costs start-up time
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - as above

    from bot.planning.unknown import Unknown  # noqa: PLC0415 - as above

    environment = ImmutableSandboxedEnvironment(undefined=Unknown, autoescape=False)
    # What is left out would say something else each time, or is of no use in a sentence.
    environment.globals.clear()
    del environment.filters["random"]
    environment.filters |= {name: _helper(name) for name in _HELPERS}
    environment.filters["zones"] = pass_context(_zones_of_day)
    return environment.from_string(frame)


def _zones_of_day(context: "Context", *given: object) -> str:
    """A moment by clocks, which say where their day is not that of what the frame speaks of."""
    clocks = context.get("zones")
    return _helper("zones")(*given, home=clocks.home if isinstance(clocks, Clocks) else None)


def _helper(name: str) -> Callable[..., str]:
    """A helper that says how it is written where a frame gives it more or less than it takes."""
    helper, example = _HELPERS[name]

    @wraps(helper)
    def helped(*given: object, **named: object) -> str:
        try:
            return helper(*given, **named)
        except TypeError as error:
            # It looks itself at what it is given: it was given too much, or too little.
            raise ValueError(f"{name} is written {{{{ {example} }}}}") from error

    return helped
