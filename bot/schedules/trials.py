"""Frames, tried as they are read: on a day of each event that their schedule speaks of."""

import datetime as dt
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from bot.contracts import Trigger
from bot.model import Event, Facts, Post, Priority, Schedules, Slot, Window
from bot.planning.frames import FrameError, framed
from bot.zones import DAY, day_of

#: Stands for the text of a post.
MARK = "(the text of the post)"
_ANY_POST = Post("post", (), posted=dt.date(2000, 1, 1))
_ANY_EVENT = Event("event", "An event", "kind", instant=0)
#: When frames are tried: in months in which much happens, then up to the end of a leap year, then in many.
_WINDOWS = [
    Window(day_of(first) * DAY, day_of(last) * DAY)
    for first, last in (
        (dt.date(2027, 2, 1), dt.date(2027, 6, 1)),
        (dt.date(2027, 6, 1), dt.date(2028, 1, 1)),
        (dt.date(2028, 1, 1), dt.date(2029, 1, 1)),
        (dt.date(2024, 1, 1), dt.date(2032, 1, 1)),
    )
]
#: For what a trigger speaks of, if it is of nothing in those years.
_ANY_SLOT = Slot(
    _WINDOWS[0].start, "", _WINDOWS[0].start, "UTC", event="event", years=7, facts=(("countdown", DAY),)
)


class Trial(Struct, frozen=True):
    """What a frame makes of a text, on days that differ in what is known of them."""

    shown: tuple[str, ...]  #: where it works
    faults: tuple[tuple[str | None, FrameError], ...]  #: where it does not, with the event

    @property
    def fault(self) -> str | None:
        """Why the frame cannot stay as it is, and for which events; None where it can."""
        if not self.faults:
            return None
        events, error = list(dict.fromkeys(event for event, _ in self.faults if event)), self.faults[0][1]
        if not self.shown or not events:
            return str(error)
        others = f" and {len(events) - 1} more" if len(events) > 1 else ""
        hint = "ask first, {% if NAME is defined %}, or give it a schedule of its own"
        return f"{error}; so it is for {events[0]}{others}, not for all: {hint}"


class Hall:
    """Where the frames of one schedule are tried."""

    def __init__(self, trigger: Trigger, world: Schedules) -> None:
        self._trigger, self._events = trigger, world.events

    def tried(self, frame: str) -> Trial:
        """The frame around a text, in each of the slots."""
        shown, faults = [], []
        for slot in self._slots:
            event = self._events.get(slot.event, _ANY_EVENT) if slot.event else None
            try:
                shown.append(framed(frame, MARK, slot=slot, post=_ANY_POST, event=event))
            except FrameError as error:
                faults.append((slot.event, error))
        return Trial(tuple(dict.fromkeys(shown)), tuple(faults))

    @property
    def is_solemn(self) -> bool:
        """Tell whether the trigger speaks of any remembrance."""
        return any(slot.priority is Priority.REMEMBRANCE for slot in self._slots)

    @property
    def is_all_solemn(self) -> bool:
        """Tell whether the trigger speaks of remembrances alone."""
        return all(slot.priority is Priority.REMEMBRANCE for slot in self._slots)

    @property
    def has_years(self) -> bool:
        """Tell whether the trigger counts years, of any event."""
        return any(slot.years is not None for slot in self._slots)

    @property
    def has_events(self) -> bool:
        """Tell whether the trigger speaks of any event."""
        return any(slot.event for slot in self._slots)

    @cached_property
    def _slots(self) -> tuple[Slot, ...]:
        """A slot for each event, and for each set of names that is known of it; a made-up one where it never speaks."""
        found = {_kind(slot): slot for slot in reversed(list(_slots(self._trigger)))}
        if found:
            return tuple(reversed(found.values()))
        known: Facts = getattr(self._trigger, "specimen", ())
        return (replace(_ANY_SLOT, priority=self._trigger.priority, facts=_ANY_SLOT.facts + known),)


def _slots(trigger: Trigger) -> Iterator[Slot]:
    """Slots of as few windows as may do: what the sky brings takes time to find."""
    events: tuple[Event, ...] = getattr(trigger, "events", ())
    missing, is_found = {event.id for event in events}, False
    for window in _WINDOWS:
        for slot in trigger.times(window):
            missing.discard(slot.event or "")
            is_found = True
            yield slot
        if is_found and not missing:
            return


def _kind(slot: Slot) -> tuple[object, ...]:
    return slot.event, slot.years is None, tuple(name for name, _ in slot.facts)
