"""The days on which events come round: every year in the event's own zone, counted from the event itself."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar

from bot.contracts import Almanac
from bot.days import LeapDay, anniversary
from bot.model import Event, Priority, Slot, Tone, Window
from bot.options import did_you_mean, needed, one_of, refuse_others, words
from bot.spans import clock_time
from bot.zones import DAY, date_of, day_of, zone

_AT, _ORDER = attrgetter("at"), attrgetter("at", "priority", "event")


class Anniversary:
    """Speaks once a year for each of its events, never on the event's own day or before it.

    An observance has no count of years: it comes every year from the first day listed for it, if any is.
    """

    priority: ClassVar[Priority] = Priority.ANNIVERSARY

    def __init__(self, schedule: str, options: Mapping[str, Any], almanac: Almanac) -> None:
        _refuse_zone(options)
        refuse_others(options, ("kinds", "events", "at", "leap_day", "years"))
        self._schedule = schedule
        self._at = clock_time(needed(options, "at", example='"09:00"'))
        self._leap_day = LeapDay(one_of(options.get("leap_day", LeapDay.FEB_28), LeapDay, name="leap_day"))
        self._counts = _counts(options.get("years", "all"))
        self._events = _events(options, almanac.events)
        for event in self._events:
            zone(event.zone)  # a zone that does not exist is said at once
        # What a year holds never changes, and every tick asks for the same year again.
        self._in_year: Callable[[int], list[Slot]] = cache(self._found_in)

    def times(self, window: Window) -> list[Slot]:
        """Every slot in the window; two events of one day and hour have a slot each."""
        start, end = window.start, window.end
        years = range(date_of(start // DAY - 1).year, date_of(end // DAY + 1).year + 1)
        slots = [slot for year in years for slot in self._in_year(year) if start <= slot.at < end]
        return sorted(slots, key=_AT)

    def _found_in(self, year: int) -> list[Slot]:
        slots = (self._slot(event, year) for event in self._events)
        return sorted((slot for slot in slots if slot), key=_ORDER)

    def _slot(self, event: Event, year: int) -> Slot | None:
        if event.day:
            day, years, confirmed = self._anniversary(event.day, year), year - event.day.year, True
        else:
            day, years, confirmed = _observed(event, year), None, event.is_confirmed(year)
        wall = day_of(day) * DAY + self._at if day else None
        if wall is None or (at := zone(event.zone)[wall]) is None:
            return None
        priority = Priority.REMEMBRANCE if event.tone is Tone.REMEMBRANCE else self.priority
        return Slot(at, self._schedule, wall, event.zone, priority, event.id, years, confirmed)

    def _anniversary(self, original: date, year: int) -> date | None:
        count = year - original.year
        if count < 1 or (self._counts and count not in self._counts):
            return None
        return anniversary(original, year, self._leap_day)


def _observed(event: Event, year: int) -> date | None:
    first = min((day.year for day in event.days), default=year)
    return event.observed(year) if year >= first else None


def _refuse_zone(options: Mapping[str, Any]) -> None:
    if "zone" in options:
        raise ValueError(
            '"zone" cannot be set here: an anniversary is kept by the clock of the event\'s own zone; write the zone at the event'
        )


def _counts(years: object) -> frozenset[int]:
    """The counts of years that are kept; none where all are."""
    if years == "all":
        return frozenset()
    if (
        not isinstance(years, list)
        or not years
        or not all(type(count) is int and count > 0 for count in years)
    ):
        raise ValueError(
            f'"years" cannot be {years!r}; write years = "all", or the counts that are kept: years = [1, 5, 10]'
        )
    return frozenset(years)


def _events(options: Mapping[str, Any], events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events of the kinds and under the ids that the options name."""
    kinds = words(options, "kinds", example='["landing"]')
    ids = words(options, "events", example='["first-landing"]')
    if not kinds and not ids:
        raise ValueError(
            'neither "kinds" nor "events" is written; write kinds = ["landing"], or events = […] with ids of events'
        )
    _refuse_unknown(ids, [event.id for event in events])
    _refuse_slips(kinds, {event.kind for event in events})
    return tuple(event for event in events if event.kind in kinds or event.id in ids)


def _refuse_unknown(ids: tuple[str, ...], known: list[str]) -> None:
    for name in ids:
        if name not in known:
            raise ValueError(f'no event called "{name}"{did_you_mean(name, known)}')


def _refuse_slips(kinds: tuple[str, ...], known: set[str]) -> None:
    """A kind that no event has yet is no mistake; one that all but spells another is."""
    for kind in kinds:
        hint = "" if kind in known else did_you_mean(kind, sorted(known), likeness=0.8)
        if hint:
            raise ValueError(f'no event is of the kind "{kind}"{hint}')
