"""What a person should know of a corpus over a year: what it lacks, repeats or never uses, and what is due."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from bot.model import Tone, Window
from bot.zones import DAY, date_of, day_of


class Year(Struct, frozen=True):
    """A stretch of local dates, `first <= date < end`; 365 or 366 days of them, as a rule."""

    first: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end

    def __iter__(self) -> Iterator[date]:
        return map(date_of, range(day_of(self.first), day_of(self.end)))

    @property
    def around(self) -> Window:
        """A window that holds these dates in every zone, and hours of the days before and after."""
        return Window((day_of(self.first) - 1) * DAY, (day_of(self.end) + 1) * DAY)

    @property
    def last(self) -> date:
        """The last of its dates."""
        return date_of(day_of(self.end) - 1)

    @property
    def days(self) -> int:
        """How many dates it has."""
        return day_of(self.end) - day_of(self.first)


class Bare(Struct, frozen=True):
    """A day on which a schedule speaks of an event for which it has no post."""

    event: str
    title: str
    schedule: str
    date: date
    confirmed: bool  #: whether more than a rule gives the day


class Unspoken(Struct, frozen=True):
    """An event of which no schedule speaks in ten years."""

    event: str
    title: str
    posts: int  #: how many ready posts it has all the same


class Wording(Struct, frozen=True):
    """How many ready posts an event has; with one alone, each time is like the last. None is counted too."""

    event: str
    title: str
    posts: int


class Turn(Struct, frozen=True):
    """How soon the posts come again that a schedule, or several of them that share an account, takes in turn."""

    schedule: str
    posts: int  #: that suit it
    slots: int  #: in the year, those of the others that share its posts among them
    resting: int  #: of the posts, those that were said less than its cool-down ago
    days: int | None  #: from one time to the next, at that rate; None where the year has no slot
    asked: int  #: the longest of their cool-downs, in days
    others: tuple[str, ...] = ()  #: the schedules that take the very same posts
    partly: tuple[str, ...] = ()  #: those that take some of them

    @property
    def is_short(self) -> bool:
        """Tell whether slots will stay empty, for want of posts or because every post rests."""
        return self.days is not None and (self.days < self.asked or not self.posts)


class Month(Struct, frozen=True):
    """How many planned posts of each tone a month has."""

    name: str  #: `2027-01`
    celebration: int
    remembrance: int
    neutral: int
    gaps: int

    @property
    def posts(self) -> int:
        """All of them together."""
        return self.celebration + self.remembrance + self.neutral

    def of(self, tone: Tone) -> int:
        """How many are of one tone."""
        return {
            Tone.CELEBRATION: self.celebration,
            Tone.REMEMBRANCE: self.remembrance,
            Tone.NEUTRAL: self.neutral,
        }[tone]


class Unused(Struct, frozen=True):
    """A ready post that neither history nor the year's plan uses."""

    post: str
    reason: str


class Due(Struct, frozen=True):
    """A post that waits for a person: its day of review has come, or it is on hold."""

    post: str
    review: date | None
    on_hold: bool
    reasons: tuple[str, ...]


class Day(Struct, frozen=True):
    """What a local date holds."""

    date: date
    posts: int
    gaps: int
    tone: Tone | None  #: the loudest; None where nothing is said
    quiet: str | None  #: the event that makes it a quiet day


class Coverage(Struct, frozen=True):
    """What a person should know of a corpus, over a year."""

    year: Year
    bare: tuple[Bare, ...]
    unspoken: tuple[Unspoken, ...]
    wordings: tuple[Wording, ...]
    turns: tuple[Turn, ...]
    months: tuple[Month, ...]
    unused: tuple[Unused, ...]
    due: tuple[Due, ...]
    heat: tuple[Day, ...]

    @property
    def single(self) -> tuple[Wording, ...]:
        """The events with one wording alone."""
        return tuple(each for each in self.wordings if each.posts == 1)

    @property
    def posts(self) -> int:
        """How many posts the year holds."""
        return sum(day.posts for day in self.heat)

    @property
    def gaps(self) -> int:
        """How many gaps."""
        return sum(day.gaps for day in self.heat)
