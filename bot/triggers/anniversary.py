"""The days on which events come round: every year in the event's own zone, counted from the event itself."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, ClassVar

from msgspec.structs import replace

from bot.contracts import Almanac
from bot.days import LeapDay, anniversary, is_milestone
from bot.model import Event, Priority, Slot, Tone, Window
from bot.options import chosen, needed, one_of, refuse_others
from bot.spans import clock_time
from bot.zones import DAY, EPOCH, HOUR, date_of, zone

_ORDER = attrgetter("at", "priority", "event")
_DAY_ZERO = EPOCH.toordinal()
_LEAP_DAY = (2, 29)
_MOST_YEARS = 999
_MOST_LISTED = 6  #: years, in a sentence
_NOT_ROUND = (
    'none of those years is round; write years = "all", or the counts that are kept: years = [1, 5, 10]'
)
_EARLY = 20 * HOUR  #: no gap is so long that it would move a time up to this into the next day


class Anniversary:
    """Speaks once a year for each of its events, never on the event's own day or before it.

    An observance has no count of years: it comes every year, from the first on which it is known to have been kept if any is.
    """

    priority: ClassVar[Priority] = Priority.ANNIVERSARY

    def __init__(self, schedule: str, options: Mapping[str, Any], almanac: Almanac) -> None:
        _refuse_zone(options)
        refuse_others(options, ("kinds", "events", "except", "at", "leap_day", "years"))
        self._schedule = schedule
        self._at = clock_time(needed(options, "at", example='"09:00"'))
        self._leap_day = LeapDay(one_of(options.get("leap_day", LeapDay.FEB_28), LeapDay, name="leap_day"))
        self._is_kept = _kept(options.get("years", "all"))
        #: What it speaks of.
        self.events = chosen(options, almanac.events, example="first-landing")
        _refuse_sky(self.events, options)
        #: What to do where it never speaks; empty where its events tell why.
        self.hint = _hint(options.get("years", "all"), self.events)
        for event in self.events:
            zone(event.zone)  # a zone that does not exist is said at once

    def times(self, window: Window) -> list[Slot]:
        """Every slot in the window; two events of one day and hour have a slot each."""
        # No zone is a whole day from UTC.
        years = range(date_of(window.start // DAY - 1).year, date_of(window.end // DAY + 1).year + 1)
        if len(self.events) == 1:
            return self._of(self.events[0], years, window)
        return sorted((slot for event in self.events for slot in self._of(event, years, window)), key=_ORDER)

    def _of(self, event: Event, years: range, window: Window) -> list[Slot]:
        if event.day is None:
            return self._observances(event, years, window)
        first = event.day.year
        later = range(max(years.start, first + 1), years.stop)
        if self._is_kept is None and (event.day.month, event.day.day) != _LEAP_DAY:
            return self._dated(event, later, event.day, window)
        slots = [
            slot
            for year in later
            if (day := self._day(event.day, year))
            for slot in self._dated(event, [year], day, window)
        ]
        return [replace(slot, facts=(("turn", self._turn(event.day, slot.years or 0)),)) for slot in slots]

    def _day(self, original: date, year: int) -> date | None:
        """The day on which a year keeps an original one, if it keeps it."""
        if self._is_kept and not self._is_kept(year - original.year):
            return None
        return anniversary(original, year, self._leap_day)

    def _turn(self, original: date, years: int) -> int:
        """How many years before have kept it."""
        return sum(self._day(original, original.year + before) is not None for before in range(1, years))

    def _dated(self, event: Event, years: Sequence[int], day: date, window: Window) -> list[Slot]:
        """A slot in each of the years on the day's month and date, as far as the event's zone has it in the window."""
        name, place, about, clock = self._schedule, event.zone, event.id, zone(event.zone)
        first, month, number = event.day.year if event.day else 0, day.month, day.day
        start, end, shift = window.start, window.end, self._at - _DAY_ZERO * DAY
        priority = self._priority(event)
        instant = clock.on_its_day if self._at > _EARLY else clock.__getitem__
        return [
            Slot(at, name, wall, place, priority, about, year - first)
            for year in years
            if (at := instant(wall := date(year, month, number).toordinal() * DAY + shift)) is not None
            and start <= at < end
        ]

    def _observances(self, event: Event, years: range, window: Window) -> list[Slot]:
        found = []
        for year in years:
            for slot in (
                self._dated(event, [year], day, window) if (day := self._observed(event, year)) else ()
            ):
                facts = (("turn", self._turn_of(event, year)),)
                found.append(replace(slot, years=None, confirmed=event.is_confirmed(year), facts=facts))
        return found

    def _observed(self, event: Event, year: int) -> date | None:
        first = min((day.year for day in event.kept), default=year)
        return event.observed(year, self._leap_day) if year >= first else None

    def _turn_of(self, event: Event, year: int) -> int:
        """The number of a year among those that keep it: of 29 February it may be only the fourth ones."""
        before = year - 1
        is_skipped = event.observed(before) is not None and event.observed(before, self._leap_day) is None
        return year // 4 if is_skipped else year

    def _priority(self, event: Event) -> Priority:
        return Priority.REMEMBRANCE if event.tone is Tone.REMEMBRANCE else self.priority


def _refuse_zone(options: Mapping[str, Any]) -> None:
    if "zone" in options:
        raise ValueError(
            '"zone" cannot be set here: an anniversary is kept by the clock of the event\'s own zone; write the zone at the event'
        )


def _refuse_sky(events: Sequence[Event], options: Mapping[str, Any]) -> None:
    for event in events:
        if event.sky:
            option = "events" if event.id in options.get("events", ()) else "kinds"
            raise ValueError(
                f'"{option}" names "{event.id}", which the sky brings: it has no day to come round; write trigger.sky for it, or name it under "except"'
            )


def _hint(years: object, events: Sequence[Event]) -> str:
    """Why it never speaks, and what to do, where it keeps some years only."""
    if not isinstance(years, list):
        return _NOT_ROUND if years == "milestones" and events else ""
    kept = sorted({event.day.year + count for event in events if event.day for count in years})
    if not kept:
        return ""
    listed = f"{', '.join(map(str, kept[:-1]))} and {kept[-1]}" if len(kept) > 1 else str(kept[0])
    told = listed if len(kept) <= _MOST_LISTED else f"{len(kept)} years from {kept[0]} to {kept[-1]}"
    return f'its "years" fall in {told}, which are past, or far ahead; write other counts, or years = "all"'


def _kept(years: object) -> Callable[[int], bool] | None:
    """What tells whether a count of years is kept; None where all are."""
    if years == "all":
        return None
    if years == "milestones":
        return is_milestone
    if (
        not isinstance(years, list)
        or not years
        or not all(type(count) is int and count > 0 for count in years)
    ):
        raise ValueError(
            f'"years" cannot be {years!r}; write years = "all", "milestones", or the counts that are kept: years = [1, 5, 10]'
        )
    if (most := max(years)) > _MOST_YEARS:
        raise ValueError(
            f'"years" cannot hold {most}: it lists how many years after the event, not in which year; write years = [1, 5, 10]'
        )
    return frozenset(years).__contains__
