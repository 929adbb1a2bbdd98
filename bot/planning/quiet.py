"""Tone and spacing: which slots give way, and to what.

Every rule here looks at triggers and events, and back at what was planned, never forward at what later slots will
pick: so where a window is cut cannot matter.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable

from bot.days import anniversary
from bot.model import Account, Event, Priority, Schedules, Slot, Use, Window
from bot.zones import DAY, day_of, moment, utc_text, zone


class Quiet:
    """Objects to slots that should stay silent."""

    def __init__(self, schedules: Schedules, window: Window) -> None:
        self._days = _QuietDays(schedules.events.values(), window)
        self._louder = _louder(schedules, window)
        self._spoken: dict[str, list[tuple[int, Priority, str]]] = defaultdict(list)
        self._counts: dict[tuple[str, int], int] = defaultdict(int)
        self._accounts = schedules.accounts

    def objection(self, slot: Slot, accounts: tuple[Account, ...]) -> str | None:
        """Why the slot must stay silent, or None. The strongest reason first."""
        if event := self.quiet_day(slot):
            return f"quiet day: {event}"
        for account in accounts:
            reason = self._too_near(slot, account) or self._too_many(slot, account)
            if reason:
                return reason
        return None

    def quiet_day(self, slot: Slot) -> str | None:
        """The event whose quiet day silences the slot, or None."""
        return self._days.event(slot)

    def hear(self, use: Use) -> None:
        """Remember that something is said."""
        for name in use.accounts:
            account = self._accounts.get(name)
            if account is None:
                continue
            if account.min_gap:
                spoken = self._spoken[name]
                entry = (use.at, use.slot.priority, use.slot.schedule)
                spoken.insert(bisect_left(spoken, entry), entry)
            if account.max_per_day is not None:
                self._counts[name, zone(account.zone).wall(use.at) // DAY] += 1

    def _too_near(self, slot: Slot, account: Account) -> str | None:
        if not account.min_gap:
            return None
        for at, priority, schedule in _around(self._louder[account.name], slot.at, account.min_gap):
            if priority < slot.priority:
                return f"gives way to {schedule} at {utc_text(at)}, within {account.name}'s smallest gap"
        for at, priority, schedule in _around(self._spoken[account.name], slot.at, account.min_gap):
            if priority <= slot.priority:
                return f"too soon for {account.name}: {schedule} speaks at {utc_text(at)}"
        return None

    def _too_many(self, slot: Slot, account: Account) -> str | None:
        if account.max_per_day is None or slot.priority is Priority.REMEMBRANCE:
            return None
        clock = zone(account.zone)
        day = clock.wall(slot.at) // DAY
        louder = self._louder[account.name]
        rest = louder[
            bisect_right(louder, slot.at, key=_at) : bisect_left(louder, clock.midnight(day + 1), key=_at)
        ]
        kept = sum(1 for _, priority, _ in rest if priority < slot.priority)
        if self._counts[account.name, day] + kept < account.max_per_day:
            return None
        return f"{account.name} speaks at most {account.max_per_day} times a day"


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

    def _add(self, event: Event, year: int) -> None:
        if event.day is None:
            day = event.observed(year)
        else:
            day = anniversary(event.day, year) if year >= event.day.year else None
        if day is not None:
            clock, number = zone(event.zone), day_of(day)
            self._days.setdefault(number, event.id)
            self._stretches.append((clock.midnight(number), clock.midnight(number + 1), event.id))

    def event(self, slot: Slot) -> str | None:
        """The event whose quiet day the slot falls on; None for remembrance, which may speak."""
        if slot.priority is Priority.REMEMBRANCE or not self._days:
            return None
        if found := self._days.get(slot.wall // DAY):
            return found
        place = bisect_right(self._stretches, slot.at, key=_at) - 1
        if place >= 0 and slot.at < self._stretches[place][1]:
            return self._stretches[place][2]
        return None


def _louder(schedules: Schedules, window: Window) -> dict[str, list[tuple[int, Priority, str]]]:
    """By account: every slot near the window that others may have to give way to, whatever becomes of it."""
    reach = 2 * DAY + max((account.min_gap for account in schedules.accounts.values()), default=0)
    found: dict[str, list[tuple[int, Priority, str]]] = defaultdict(list)
    for entry in schedules.entries:
        if entry.trigger.priority < Priority.SLOTS:
            for slot in entry.trigger.times(window.widened(reach, reach)):
                for account in entry.accounts:
                    found[account.name].append((slot.at, slot.priority, entry.name))
    for slots in found.values():
        slots.sort()
    return found


def _at(entry: tuple[int, object, str]) -> int:
    return entry[0]


def _around(entries: list[tuple[int, Priority, str]], at: int, gap: int) -> list[tuple[int, Priority, str]]:
    return entries[bisect_right(entries, at - gap, key=_at) : bisect_left(entries, at + gap, key=_at)]
