"""The days and hours before what is to come: thirty days, a week, a day, an hour, and the day itself."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, ClassVar

from msgspec import Struct

from bot.contracts import Almanac
from bot.model import Event, Priority, Slot, Tone, Window
from bot.options import chosen, needed, refuse_others, words
from bot.sky.ephemeris import happenings
from bot.spans import clock_time, duration
from bot.zones import DAY, HOUR, MINUTE, date_of, day_of, zone

#: Wall time, instant, what is left in seconds, and until when it can be said; None where it cannot.
_Found = tuple[int, int, int, int | None] | None

_AT = attrgetter("at", "event", "wall")
_TODAY, _LIVE = "today", "live"
_STEPS = ("-30d", "-7d", "-1d", "-1h", _TODAY)
#: "One hour until" may be said so late: a sixth of what is left, and ten minutes at least.
_LATE = 6
_MOST = 3_660 * DAY  #: before what is to come
#: What comes before the time of day at which it would be told is told in the morning, or else as the day begins.
_EARLIER = (6 * HOUR, 0)


class _Target(Struct, frozen=True):
    """One moment that is counted down to: an instant, or a day of which no hour is known."""

    event: Event
    day: date  #: in the event's zone
    instant: int | None


class _Step(Struct, frozen=True):
    """When to speak before it."""

    days: int | None = None  #: at a time of day, so many days before
    seconds: int = 0  #: so long before the instant itself
    is_live: bool = False  #: when it begins, if it lasts


class Countdown:
    """Speaks so long before each of its events, on the morning of its day, and, where it lasts, when it begins."""

    priority: ClassVar[Priority] = Priority.COUNTDOWN
    #: What to do where it never speaks.
    hint: ClassVar[str] = (
        "its events are over, or begin before its steps come; name what is to come, or other steps"
    )

    def __init__(self, schedule: str, options: Mapping[str, Any], almanac: Almanac) -> None:
        refuse_others(options, ("kinds", "events", "except", "steps", "at"))
        self._schedule = schedule
        self._at = clock_time(needed(options, "at", example='"09:00"'))
        written = words(options, "steps", example=str(list(_STEPS))) if "steps" in options else _STEPS
        if not written:
            raise ValueError(f'"steps" is empty, so it never speaks; write steps = {list(_STEPS)}')
        if twice := next((text for text in written if written.count(text) > 1), None):
            raise ValueError(f'"steps" names "{twice}" twice; write each step once')
        self._steps = [_step(text) for text in written]
        #: What it speaks of.
        self.events = _to_come(
            chosen(options, almanac.events, example="mars-opposition"), options.get("events")
        )
        _refuse_idle(self._steps, self.events)
        self._longest = max((step.days or 0) * DAY + step.seconds for step in self._steps) + 2 * DAY

    def times(self, window: Window) -> list[Slot]:
        """Every slot in the window: none at or after what it speaks of, unless that lasts."""
        found = {
            slot.identity: slot
            for event in self.events
            for target in _targets(event, window.widened(2 * DAY, self._longest))
            for turn, step in enumerate(self._steps)
            if (slot := self._slot(target, step, turn)) and slot.at in window
        }
        return sorted(found.values(), key=_AT)

    def steps_of(self, event: Event) -> int:
        """How many of its steps can speak of an event."""
        return sum(_suits(step, event) for step in self._steps)

    def _slot(self, target: _Target, step: _Step, turn: int) -> Slot | None:
        found = _by_days(target, step.days, self._at) if step.days is not None else _by_hours(target, step)
        if found is None:
            return None
        wall, at, left, until = found
        event = target.event
        happens = (("happens", target.instant),) if event.sky and target.instant is not None else ()
        facts = (("countdown", left), *happens, ("turn", target.day.year + turn))
        return Slot(at, self._schedule, wall, event.zone, self.priority, event.id, until=until, facts=facts)


def _by_days(target: _Target, days: int, clock_time: int) -> _Found:
    """So many days before, at a time of day; on the day itself earlier, where that would be too late."""
    midnight, clock = (day_of(target.day) - days) * DAY, zone(target.event.zone)
    for time_of_day in (clock_time, *_EARLIER):
        wall = midnight + time_of_day
        at = clock.on_its_day(wall)
        if at is not None and (target.instant is None or at < target.instant):
            return wall, at, days * DAY, target.instant
    return None


def _by_hours(target: _Target, step: _Step) -> _Found:
    """So long before the instant, and not much later; or from the instant on, while it lasts."""
    event, instant = target.event, target.instant
    if instant is None or (step.is_live and event.until is None):
        return None
    at = instant - step.seconds
    late = at + max(step.seconds // _LATE, 10 * MINUTE)
    until = event.until if step.is_live else min(instant, late)
    return zone(event.zone).wall(at), at, step.seconds, until


def _targets(event: Event, window: Window) -> Iterator[_Target]:
    """What is counted down to that lies in the window."""
    clock = zone(event.zone)
    if event.sky:
        for found in happenings(event.sky, window.start, window.end):
            yield _Target(event, date_of(clock.wall(found.at) // DAY), found.at)
    elif event.day is not None:
        yield _Target(event, event.day, event.instant)
    else:
        for year in range(date_of(window.start // DAY).year, date_of(window.end // DAY).year + 1):
            if day := event.observed(year):
                yield _Target(event, day, None)


def _step(text: str) -> _Step:
    if text == _TODAY:
        return _Step(days=0)
    if text == _LIVE:
        return _Step(is_live=True)
    try:
        seconds = duration(text.removeprefix("-"))
    except ValueError:
        seconds = 0
    if not text.startswith("-") or not seconds:
        raise ValueError(
            f'"steps" cannot hold "{text}"; write how long before: "-30d", "-1h", or "{_TODAY}", or "{_LIVE}"'
        )
    if not MINUTE <= seconds <= _MOST:
        raise ValueError(f'"steps" cannot hold "{text}"; write from "-1m" to "-{_MOST // DAY}d"')
    return _Step(days=seconds // DAY) if text.endswith("d") else _Step(seconds=seconds)


def _suits(step: _Step, event: Event) -> bool:
    """Tell whether a step can speak of an event: hours need an instant, what is live an end, its day time before it."""
    is_unread = event.day is None and event.rule is None and not event.sky
    if step.days is not None or is_unread:
        return bool(step.days) or not _begins_its_day(event)
    return event.until is not None if step.is_live else bool(event.sky) or event.instant is not None


def _begins_its_day(event: Event) -> bool:
    """Tell whether an event begins with its day, so that nothing on that day comes before it."""
    if event.day is None or event.instant is None:
        return False
    return event.instant <= zone(event.zone).midnight(day_of(event.day))


def _refuse_idle(steps: Sequence[_Step], events: Sequence[Event]) -> None:
    """ValueError where none of the steps can speak of any of the events."""
    if not events or any(_suits(step, event) for step in steps for event in events):
        return
    if any(step.days == 0 for step in steps):
        lack = f'leaves time on its day for "{_TODAY}"; write'
    else:
        missing = "until" if any(step.is_live for step in steps) else "instant"
        lack = f'has an "{missing}"; write it at the event, or'
    raise ValueError(
        f'"steps" never speaks: of its events, such as "{events[0].id}", none {lack} steps in days: ["-1d"]'
    )


def _to_come(events: tuple[Event, ...], named: object) -> tuple[Event, ...]:
    """The events that may be counted down to; ValueError where a remembrance is named."""
    for event in events:
        if event.tone is Tone.REMEMBRANCE and isinstance(named, list) and event.id in named:
            raise ValueError(f'"{event.id}" in "events" is a remembrance: nobody counts down to it')
    return tuple(event for event in events if event.tone is not Tone.REMEMBRANCE)
