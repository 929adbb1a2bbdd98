"""The days on which events come round: every year in the event's own zone, counted from the event itself."""

from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, ClassVar

from msgspec.structs import replace

from bot.contracts import Almanac
from bot.days import LeapDay, anniversary
from bot.model import Event, Priority, Slot, Tone, Window
from bot.options import did_you_mean, needed, one_of, refuse_others, words
from bot.spans import clock_time
from bot.zones import DAY, EPOCH, date_of, zone

_ORDER = attrgetter("at", "priority", "event")
_DAY_ZERO = EPOCH.toordinal()


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

    def times(self, window: Window) -> list[Slot]:
        """Every slot in the window; two events of one day and hour have a slot each."""
        # No zone is a whole day from UTC.
        years = range(date_of(window.start // DAY - 1).year, date_of(window.end // DAY + 1).year + 1)
        if len(self._events) == 1:
            return self._of(self._events[0], years, window)
        return sorted((slot for event in self._events for slot in self._of(event, years, window)), key=_ORDER)

    def _of(self, event: Event, years: range, window: Window) -> list[Slot]:
        if event.day is None:
            return self._observances(event, years, window)
        first = event.day.year
        later = range(max(years.start, first + 1), years.stop)
        kept = [year for year in later if year - first in self._counts] if self._counts else later
        if (event.day.month, event.day.day) == (2, 29):
            days = {year: anniversary(event.day, year, self._leap_day) for year in kept}
            return [
                slot for year, day in days.items() if day for slot in self._dated(event, [year], day, window)
            ]
        return self._dated(event, kept, event.day, window)

    def _dated(self, event: Event, years: Sequence[int], day: date, window: Window) -> list[Slot]:
        """A slot in each of the years on the day's month and date, as far as the event's zone has it in the window."""
        name, place, about, clock = self._schedule, event.zone, event.id, zone(event.zone)
        first, month, number = event.day.year if event.day else 0, day.month, day.day
        start, end, shift = window.start, window.end, self._at - _DAY_ZERO * DAY
        priority = self._priority(event)
        return [
            Slot(at, name, wall, place, priority, about, year - first)
            for year in years
            if (at := clock[wall := date(year, month, number).toordinal() * DAY + shift]) is not None
            and start <= at < end
        ]

    def _observances(self, event: Event, years: range, window: Window) -> list[Slot]:
        found = []
        for year in years:
            for slot in self._dated(event, [year], day, window) if (day := _observed(event, year)) else ():
                found.append(replace(slot, years=None, confirmed=event.is_confirmed(year)))
        return found

    def _priority(self, event: Event) -> Priority:
        return Priority.REMEMBRANCE if event.tone is Tone.REMEMBRANCE else self.priority


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
