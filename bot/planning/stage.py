"""What the claims of a text are held against: the slot's day, and the days and moments of what it speaks of."""

from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cached_property

from msgspec import Struct

from bot.claims import Rules
from bot.days import LeapDay, anniversary
from bot.model import Event, Post, Slot
from bot.planning.frames import years_of
from bot.zones import DAY, date_of, zone

#: The fact `night` of what can be seen on the evening of the slot's day.
TONIGHT = "tonight"
_NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}
#: Facts that a trigger gives on the very day of what it has found.
_OWN_DAY = ("mars_years", "sol", "holiday")


class Stage(Struct, frozen=True, dict=True):
    """What the claims of one text are held against."""

    slot: Slot
    event: Event | None
    post: Post
    known: Rules
    text: str

    @property
    def left(self) -> int | None:
        """Seconds to what is counted down to, if anything is."""
        left = self.slot.fact("countdown")
        return left if isinstance(left, int) else None

    @property
    def _happens(self) -> int | None:
        """The instant of what the sky brings."""
        happens = self.slot.fact("happens")
        return happens if isinstance(happens, int) else None

    @cached_property
    def years(self) -> int | None:
        """How many years are looked back."""
        return years_of(self.slot, self.post)

    @cached_property
    def origin(self) -> date | None:
        """The day from which years are counted: the event's, or that on which the post was first posted."""
        return self.event.day if self.event else self.post.posted_on(self.slot.zone)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days about now on which it is, or comes round, in order."""
        if self.left is not None:
            return (date_of((self.slot.wall + self.left) // DAY),)
        if found := {*self._days_seen(), *self._own_day()}:
            return tuple(sorted(found))
        year = self.slot.day.year
        near = (each for each in (year - 1, year, year + 1) if MINYEAR <= each <= MAXYEAR)
        return tuple(sorted({day for each in near for day in self._days_of(each)}))

    def _days_seen(self) -> Iterator[date]:
        """The days on which the sky brings it, and on which it can be seen."""
        night = self.slot.fact("night")
        if self._happens is not None:
            yield date_of(zone(self.slot.zone).wall(self._happens) // DAY)
        if night is not None:
            yield self.slot.day + timedelta(days=str(night) != TONIGHT)

    def _own_day(self) -> Iterator[date]:
        if any(self.slot.fact(name) is not None for name in _OWN_DAY):
            yield self.slot.day

    def _days_of(self, year: int) -> Iterator[date]:
        if self.origin is None:
            yield from self.event.may_be_observed(year) if self.event else ()
        elif year >= self.origin.year:
            yield from filter(None, (anniversary(self.origin, year, rule) for rule in LeapDay))

    @cached_property
    def instants(self) -> tuple[int, ...]:
        """The moments at which it is, as far as they are known: its beginning first, and its end."""
        event, slot = self.event, self.slot
        own = (self._happens, event.instant, event.until) if event else ()
        ends = slot.until if self.left is not None and not (event and event.until) else None
        return tuple(each for each in (*own, ends) if each is not None)

    @cached_property
    def is_to_come(self) -> bool:
        """Tell whether it has never been yet."""
        if self.instants:
            return self.slot.at < self.instants[0]
        if self.left is not None:
            return self.left > 0
        return self.origin is not None and self.event is not None and self.slot.day < self.origin

    @cached_property
    def remaining(self) -> int | None:
        """Seconds to what is to come, by its instant where that is known; None where nothing is to come."""
        own = self._happens if self.event is None or self.event.instant is None else self.event.instant
        if own is None and self.left and not self.left % DAY:
            # Days are counted from a time of day; what they are counted to ends the slot.
            own = self.slot.until
        left = self.left if own is None else own - self.slot.at
        return left if left and left > 0 else None

    @property
    def days_left(self) -> int | None:
        """Days by the calendar to what is to come, or comes round next; None where nothing does."""
        days = self.days
        if self.left is None and self.remaining is not None:
            days = (date_of(zone(self.slot.zone).wall(self.slot.at + self.remaining) // DAY),)
        return min(((day - self.slot.day).days for day in days if day >= self.slot.day), default=None)

    @property
    def has_hour(self) -> bool:
        """Tell whether it is known at which hour it is, or how many are left."""
        return bool(self.instants) or (self.left is not None and bool(self.left % DAY))

    @property
    def is_open(self) -> bool:
        """Tell whether people can join it, now or later."""
        return bool(self.event and self.event.until and self.slot.at < self.event.until)

    @property
    def is_on(self) -> bool:
        """Tell whether it has begun and lasts."""
        event = self.event
        return self.is_open and (event is None or event.instant is None or event.instant <= self.slot.at)

    @property
    def when(self) -> str:
        """When it is, in words: `The Moon passes Mars tomorrow`."""
        title = self.event.title if self.event else "its day"
        if not self.days:
            return f"{title} has no day about now" if self.event else "nothing says which day it speaks of"
        nearest = min(self.days, key=lambda day: abs(day - self.slot.day))
        named = _NEAR_DAYS.get((nearest - self.slot.day).days) or f"on {dated(nearest)}"
        return f"{title} {named}" if self.event else f"{title} is {named}"


def dated(day: date | None) -> str:
    """A day as a sentence names it: `24 January 2004`."""
    return f"{day.day} {day:%B %Y}" if day else "a day unknown"
