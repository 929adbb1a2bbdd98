"""When: events, slots, and the schedules that give them."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from bot.days import LeapDay, Rule
from bot.model.accounts import Account
from bot.model.posts import Tone
from bot.model.stretches import Place, Window, digest
from bot.zones import DAY, MINUTE, date_of, zone

if TYPE_CHECKING:
    from bot.contracts import Trigger

#: Names with their values, in an order of their own.
Facts = tuple[tuple[str, str | int | float], ...]


class Event(Struct, frozen=True):
    """A dated fact; with a rule it is an observance, whose day moves from year to year."""

    id: str
    title: str
    kind: str
    zone: str = "UTC"
    tone: Tone = Tone.NEUTRAL
    instant: int | None = None
    day: date | None = None  #: the local date in `zone`, given or taken from `instant`
    rule: Rule | None = None
    days: tuple[date, ...] = ()  #: these years override the rule
    confirmed_until: int | None = None  #: the last year whose day is more than the rule's word
    kept: tuple[
        date, ...
    ] = ()  #: days on which it is known to have been kept: what rule and `days` are held against
    sky: str = ""  #: the kind of happening that brings it, as `sky.ephemeris` calls it
    until: int | None = (
        None  #: the end of what people can join while it lasts; nothing is said of it from then on
    )
    quiet: bool = False
    hush: int = 0  #: so many seconds before and after its day nothing celebrates
    sources: tuple[str, ...] = ()
    place: Place = Place("")

    def observed(self, year: int, leap_day: LeapDay = LeapDay.FEB_28) -> date | None:
        """The date an observance has in `year`: a listed day, or what the rule gives.

        Where that is 29 February, years that have none keep it by `leap_day`.
        """
        listed = next((day for day in self.days if day.year == year), None)
        return listed or (self.rule.on(year, leap_day) if self.rule else None)

    def may_be_observed(self, year: int) -> frozenset[date]:
        """Every date on which a schedule may keep an observance in `year`: more than one only of 29 February."""
        return frozenset(day for each in LeapDay if (day := self.observed(year, each)))

    def is_confirmed(self, year: int) -> bool:
        """Tell whether more than a rule speaks for the day in `year`."""
        is_listed = any(day.year == year for day in self.days)
        return self.rule is None or is_listed or year <= (self.confirmed_until or 0)


class Mission(Struct, frozen=True):
    """A spacecraft at work: from which event on, until when, and by which clock."""

    key: str
    name: str
    words: tuple[str, ...] = ()  #: what texts call it
    began: str = ""  #: id of the event from which its work counts
    began_on: date | None = None  #: the day of that event
    ended_on: date | None = None  #: None while it works
    starts: float | None = (
        None  #: the instant at which its first sol began, by its own clock; None: it counts no sols
    )
    first_sol: int = 0  #: the number of that sol
    latitude: float | None = None  #: of its landing site, in degrees
    longitude_east: float | None = None
    zone: str = "UTC"  #: of its control room
    place: Place = Place("")


class Priority(IntEnum):
    """Who speaks when two would: the lower goes first."""

    REMEMBRANCE = 0
    ANNIVERSARY = 1
    ON_THIS_DAY = 2
    COUNTDOWN = 3
    SKY = 4
    SLOTS = 5


class Slot(Struct, frozen=True, gc=False):
    """One moment at which one schedule speaks. Its identity is schedule, wall time and event: never the offset."""

    at: int
    schedule: str
    wall: int  #: the nominal wall time in `zone`, before jitter
    zone: str
    priority: Priority = Priority.SLOTS
    event: str | None = None
    years: int | None = None
    confirmed: bool = True
    until: int | None = None  #: from then on it is too late, whatever its grace
    facts: Facts = ()  #: what a frame can say of it besides

    @property
    def identity(self) -> tuple[str, int, str | None]:
        """What makes it this slot and no other, whatever becomes of the zone's offset."""
        return (self.schedule, self.wall, self.event)

    @property
    def key(self) -> str:
        """The identity as a short name."""
        return digest(*self.identity)

    @property
    def day(self) -> date:
        """The local date it belongs to."""
        return date_of(self.wall // DAY)

    def deadline(self, grace: int | None) -> int:
        """The instant from which it is too late: `grace` seconds on, a minute at least, and never past midnight.

        Midnight is that of the day on which it lies, wherever people moved it; without a grace it alone counts. Where
        it speaks of what has an end, that counts too.
        """
        clock = zone(self.zone)
        midnight = clock.midnight(clock.wall(self.at) // DAY + 1)
        last = midnight if self.until is None else min(midnight, self.until)
        return last if grace is None else min(last, self.at + max(grace, MINUTE))

    def fact(self, name: str) -> "str | int | float | None":
        """What is known of it under a name, if anything is."""
        return next((value for key, value in self.facts if key == name), None)

    def order(self) -> tuple[int, int, str, str]:
        """Sort key: by time; among equals who goes first."""
        return (self.at, self.priority, self.schedule, self.event or "")


class Pick(Struct, frozen=True):
    """Which posts a schedule may take. `tags` and `posts` are alternatives: any of them will do."""

    tags: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    event: bool = False  #: the posts of the slot's own event
    on_this_day: bool = False  #: the posts first posted on the slot's date in an earlier year
    tones: tuple[Tone, ...] = ()  #: empty: what suits the slot
    lang: str | None = None
    cool_down: int = 180 * DAY  #: seconds


class Schedule(Struct, frozen=True, dict=True):
    """A rule: when to speak, what to pick, how to frame it, to which accounts."""

    name: str
    trigger: "Trigger"
    pick: Pick
    accounts: tuple[Account, ...]
    frames: tuple[str, ...] = ()  #: wordings of its frame, taken in turn
    milestones: tuple[str, ...] = ()  #: those of round years; empty where they are like any other
    tone: Tone | None = None  #: of all that it says; None: that of its events
    grace: int | None = 3_600  #: seconds; None: until midnight of the slot's day in its zone
    approval: int = 0  #: how many people must approve what it says
    place: Place = Place("")

    def times(self, window: Window) -> Iterable[Slot]:
        """The slots of its trigger; all of them remembrance where it is."""
        times = self.trigger.times(window)
        if self.tone is not Tone.REMEMBRANCE:
            return times
        return [replace(slot, priority=Priority.REMEMBRANCE) for slot in times]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of its accounts."""
        return tuple(account.name for account in self.accounts)


class Schedules(Struct, frozen=True, dict=True):
    """Everything under schedules/: what the planner goes by."""

    entries: tuple[Schedule, ...] = ()
    events: Mapping[str, Event] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    mentions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missions: Mapping[str, Mission] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, Schedule]:
        """Every schedule under its name."""
        return {entry.name: entry for entry in self.entries}
