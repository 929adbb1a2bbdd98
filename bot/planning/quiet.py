"""Tone and spacing: which slots give way, and to what.

Every rule here looks at triggers and events, and back at what was planned, never forward at what later slots will
pick: so where a window is cut cannot matter.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TypeVar

from msgspec.structs import replace

from bot.days import LeapDay, anniversary
from bot.model import Account, Event, Priority, Schedules, Slot, Tone, Use, Window
from bot.zones import DAY, Zone, day_of, moment, shown, zone

#: Something said, or that may be said: its instant, its weight (a priority, or what goes before all), its schedule and
#: its event, if it speaks of one.
_Said = tuple[int, int, str, str]

#: How the name of a slot begins that a person made for a post, without a schedule.
BY_HAND = "post/"

#: Of what makes a day quiet: all else gives way to it, also other remembrance; of two such, the later.
_FIRST = -1

T = TypeVar("T", bound=tuple[int, *tuple[object, ...]])


class Quiet:
    """Objects to slots that should stay silent. Slots are asked about in order of time."""

    def __init__(self, schedules: Schedules, window: Window) -> None:
        self._schedules = schedules
        self._days = _QuietDays(schedules.events.values(), window)
        self._hushes = _Hushes(schedules.events.values(), window)
        louder, calendars = _louder(schedules, window), _Calendars()
        self._voices = {
            account.name: _Voice(account, louder.get(account.name, []), calendars[account.zone])
            for account in schedules.accounts.values()
            if account.min_gap or account.max_per_day is not None
        }

    def objection(self, slot: Slot, accounts: tuple[Account, ...], hush: str | None) -> str | None:
        """Why the slot, in a `hush` or none, must stay silent, or None. The strongest reason first."""
        if event := self._days.event(slot):
            return f"quiet day: {event}"
        if hush and self._is_celebration(slot):
            return f"hush around {hush}: no celebration then"
        weight = _weight(slot, self._schedules) if slot.event else slot.priority
        for account in accounts:
            voice = self._voices.get(account.name)
            if voice and (reason := voice.objection(slot, weight)):
                return reason
        return None

    def hush(self, slot: Slot) -> str | None:
        """The event within whose hours of hush the slot lies, or None; remembrance is never hushed."""
        return self._hushes.around(slot) if slot.at // DAY in self._hushes.near else None

    def _is_celebration(self, slot: Slot) -> bool:
        entry, event = (
            self._schedules.by_name.get(slot.schedule),
            self._schedules.events.get(slot.event or ""),
        )
        return Tone.CELEBRATION in {entry.tone if entry else None, event.tone if event else None}

    def silence(self, slot: Slot, tone: Tone) -> str | None:
        """Why nothing of a tone is said in a slot, whoever wants it there; None where it may be."""
        if tone is Tone.REMEMBRANCE:
            return None
        if tone is Tone.CELEBRATION:  # a solemn slot is no excuse for it
            slot = replace(slot, priority=Priority.SLOTS)
        if event := self._days.event(slot):
            return f"{slot.day} is a quiet day ({event}): only remembrance speaks"
        if tone is Tone.CELEBRATION and (hush := self.hush(slot)):
            return f"{slot.day} lies in the hush around {hush}: nothing celebrates then"
        return None

    def hear(self, use: Use) -> None:
        """Remember that something is said."""
        slot = use.slot
        weight = _weight(slot, self._schedules) if slot.event else slot.priority
        said = (use.at, weight, slot.schedule, slot.event or "")
        for name in use.accounts:
            if voice := self._voices.get(name):
                insort(voice.spoken, said)


class _Voice:
    """An account that keeps a smallest gap or a most per day: what it said, and what it leaves room for."""

    def __init__(self, account: Account, louder: list[_Said], calendar: "_Calendar") -> None:
        self.spoken: list[_Said] = []
        self._account = account
        self._calendar = calendar
        self._louder = louder
        self._louder_today: Sequence[_Said] = ()
        self._start = self._end = 0  # of the day that was asked about last

    def objection(self, slot: Slot, weight: int) -> str | None:
        if not self._start <= slot.at < self._end:
            self._turn_to(slot.at)
        if not self.spoken and not self._louder_today:
            return None  # nothing is near, and at least one a day is allowed
        return self._too_near(slot, weight) or self._too_many(slot)

    def _turn_to(self, at: int) -> None:
        """Begin the day of an instant, and forget what is too old to matter to it."""
        self._start, self._end = self._calendar.day_around(at)
        gap = self._account.min_gap
        self._louder_today = _between(self._louder, self._start - gap, self._end + gap)
        del self.spoken[: bisect_left(self.spoken, (self._start - gap,))]

    def _too_near(self, slot: Slot, weight: int) -> str | None:
        name, gap = self._account.name, self._account.min_gap
        for at, other, schedule, event in self._louder_today:
            if other < weight and abs(at - slot.at) < gap:
                louder = f"{schedule}, which speaks of {event}" if event else schedule
                return f"gives way to {louder} at {_clock_time(at, slot)}, within {name}'s smallest gap"
        for at, other, schedule, event in _between(self.spoken, slot.at - gap + 1, slot.at + gap):
            if other <= weight:
                speaks = f"speaks of {event}" if event else "speaks"
                return f"too soon for {name}: {_speaker(schedule)} {speaks} at {_clock_time(at, slot)}"
        return None

    def _too_many(self, slot: Slot) -> str | None:
        most = self._account.max_per_day
        if most is None or slot.priority is Priority.REMEMBRANCE:
            return None
        count = len(_between(self.spoken, self._start, self._end))
        for at, other, _, _ in self._louder_today:
            count += slot.at < at < self._end and other < slot.priority
        often = "once" if most == 1 else f"{most} times"
        return f"{self._account.name} speaks at most {often} a day" if count >= most else None


class _Calendar:
    """The local days of one zone; asked in order of time, most questions are about the same day."""

    def __init__(self, clock: Zone) -> None:
        self._clock = clock
        self._day = (0, 0)

    def day_around(self, at: int) -> tuple[int, int]:
        """The first instants of the local day that holds `at`, and of the day after."""
        if not self._day[0] <= at < self._day[1]:
            day = self._clock.wall(at) // DAY
            self._day = self._clock.midnight(day), self._clock.midnight(day + 1)
        return self._day


class _Calendars(dict[str, _Calendar]):
    def __missing__(self, name: str) -> _Calendar:
        self[name] = calendar = _Calendar(zone(name))
        return calendar


class _QuietDays:
    """The days on which only remembrance speaks, by the event's own calendar and by the slot's."""

    def __init__(self, events: Iterable[Event], window: Window) -> None:
        self._days: dict[int, str] = {}
        self._stretches: list[tuple[int, int, str]] = []
        years = range(moment(window.start - 2 * DAY).year, moment(window.end + 2 * DAY).year + 1)
        for event in events:
            if event.quiet:
                for year in years:
                    self._add(event, year)
        self._stretches.sort()
        # Days of UTC that a quiet day touches in any zone: on all others there is nothing to look up.
        self._near = {day + shift for day in self._days for shift in (-1, 0, 1)}

    def _add(self, event: Event, year: int) -> None:
        for day in _kept(event, year):
            self._days.setdefault(day_of(day), event.id)
            self._stretches.append((*_stretch(event, day), event.id))

    def event(self, slot: Slot) -> str | None:
        """The event whose quiet day the slot falls on; None for remembrance, which may speak."""
        if slot.at // DAY not in self._near or slot.priority is Priority.REMEMBRANCE:
            return None
        if found := self._days.get(slot.wall // DAY):
            return found
        place = bisect_left(self._stretches, (slot.at + 1,)) - 1
        if place >= 0 and slot.at < self._stretches[place][1]:
            return self._stretches[place][2]
        return None


class _Hushes:
    """The hours around remembrances in which nothing celebrates."""

    def __init__(self, events: Iterable[Event], window: Window) -> None:
        self._stretches: list[tuple[int, int, str]] = []
        for event in events:
            if event.hush:
                around = window.widened(event.hush + 2 * DAY, event.hush + 2 * DAY)
                for year in range(moment(around.start).year, moment(around.end).year + 1):
                    for day in _kept(event, year):
                        start, end = _stretch(event, day)
                        self._stretches.append((start - event.hush, end + event.hush, event.id))
        self._stretches.sort()
        self._longest = max((end - start for start, end, _ in self._stretches), default=0)
        #: Days of UTC that a hush touches: on all others there is nothing to look up.
        self.near = {
            day for start, end, _ in self._stretches for day in range(start // DAY, (end - 1) // DAY + 1)
        }

    def around(self, slot: Slot) -> str | None:
        """The event in whose hush the slot lies, or None."""
        if slot.priority is Priority.REMEMBRANCE:
            return None
        near = _between(self._stretches, slot.at - self._longest, slot.at + 1)
        return next((event for start, end, event in near if start <= slot.at < end), None)


def _kept(event: Event, year: int) -> Collection[date]:
    """The days on which an event is remembered in a year: of 29 February every one on which a schedule may keep it."""
    if event.day is None:
        return event.may_be_observed(year)
    if year < event.day.year:
        return set()
    return {day for rule in LeapDay if (day := anniversary(event.day, year, rule))}


def _stretch(event: Event, day: date) -> tuple[int, int]:
    """The first instants of a day and of the next, by the event's own calendar."""
    clock, number = zone(event.zone), day_of(day)
    return clock.midnight(number), clock.midnight(number + 1)


def _weight(slot: Slot, schedules: Schedules) -> int:
    event = schedules.events.get(slot.event) if slot.event else None
    return _FIRST if event and event.quiet and slot.priority is Priority.REMEMBRANCE else slot.priority


def _louder(schedules: Schedules, window: Window) -> dict[str, list[_Said]]:
    """By account: every slot near the window that others may have to give way to, whatever becomes of it."""
    reach = 2 * DAY + max((account.min_gap for account in schedules.accounts.values()), default=0)
    found: dict[str, list[_Said]] = defaultdict(list)
    for entry in schedules.entries:
        if entry.trigger.priority < Priority.SLOTS or entry.tone is Tone.REMEMBRANCE:
            for slot in entry.times(window.widened(reach, reach)):
                for account in entry.accounts:
                    said = (slot.at, _weight(slot, schedules), entry.name, slot.event or "")
                    found[account.name].append(said)
    for slots in found.values():
        slots.sort()
    return found


def _speaker(schedule: str) -> str:
    """Who speaks in a slot: its schedule, or a person, whose slots have names of their own."""
    return "a post by hand" if schedule.startswith(BY_HAND) else schedule


def _clock_time(at: int, slot: Slot) -> str:
    """An instant by the clock of a slot that is shown beside it: `09:00`, or `23:30 on 18 April` where the date is another."""
    clock = zone(slot.zone)
    wall = clock.wall(at)
    there = shown(wall)
    is_same_day = wall // DAY == clock.wall(slot.at) // DAY
    return f"{there:%H:%M}" if is_same_day else f"{there:%H:%M} on {there.day} {there:%B}"


def _between(entries: Sequence[T], start: int, end: int) -> Sequence[T]:
    """The entries of which `start <= instant < end`."""
    if not entries or entries[-1][0] < start or entries[0][0] >= end:
        return []
    return entries[bisect_left(entries, (start,)) : bisect_left(entries, (end,))]
