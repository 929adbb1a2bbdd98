"""The nouns: frozen values that every room speaks in.

Instants are whole seconds of UTC since 1970; stretches of time are half-open. Values that are made by the hundred
thousand hold no cycles, so they are kept out of the garbage collector's sight (`gc=False`).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import IntEnum, StrEnum
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

from msgspec import Struct, field

from bot.days import Rule
from bot.zones import DAY, MINUTE, date_of, utc_text, zone

if TYPE_CHECKING:
    from bot.contracts import Trigger


def digest(*parts: object) -> str:
    """A name made of what a thing is: 24 hexadecimal digits, the same in every process."""
    hashed = blake2b(digest_size=12)
    for part in parts:
        hashed.update(str(part).encode("utf-8", "surrogatepass"))
        hashed.update(b"\0")
    return hashed.hexdigest()


class Window(Struct, frozen=True):
    """A half-open stretch of UTC time: `start <= t < end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(
                f"a window cannot end at {utc_text(self.end)}, before its start {utc_text(self.start)}"
            )

    def __contains__(self, instant: int) -> bool:
        return self.start <= instant < self.end

    def widened(self, before: int, after: int) -> "Window":
        """The same window with so many seconds more on each side."""
        return Window(self.start - before, self.end + after)


class Place(Struct, frozen=True, gc=False):
    """Where in the project's files a thing stands."""

    file: str
    line: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Tone(StrEnum):
    """How solemn a post or an event is."""

    CELEBRATION = "celebration"
    REMEMBRANCE = "remembrance"
    NEUTRAL = "neutral"


class Uses(StrEnum):
    """When a post may be picked."""

    EVERGREEN = "evergreen"  #: on any day
    DATED = "dated"  #: only framed, on its day
    HOLD = "hold"  #: never by itself


class Media(Struct, frozen=True, gc=False):
    """One picture (or film) of a part."""

    file: str  #: path from the project's folder
    alt: str  #: what it shows, for those who do not see it
    credit: str = ""
    focus: tuple[float, float] | None = None  #: x and y from -1 to 1, y upward


class Part(Struct, frozen=True, gc=False):
    """One message of a post, as its author wrote it."""

    text: str
    media: tuple[Media, ...] = ()


class Post(Struct, frozen=True, gc=False):
    """One authored text with its media: one part, or several parts that make a thread."""

    id: str
    parts: tuple[Part, ...]
    tags: tuple[str, ...] = ()
    event: str | None = None
    tone: Tone = Tone.NEUTRAL
    use: Uses = Uses.EVERGREEN
    posted: date | datetime | None = None  #: when it was first posted, if ever
    lang: str = "en"
    credit: str = ""
    source: str = ""
    #: a network's own texts, part by part
    wordings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quote: str | Mapping[str, str] | None = None
    reasons: tuple[str, ...] = ()  #: why it is on hold
    place: Place = Place("")

    def posted_on(self, zone_name: str) -> date | None:
        """The local date on which it was first posted."""
        if isinstance(self.posted, datetime):
            return self.posted.astimezone(zone(zone_name).info).date()
        return self.posted


class Corpus(Struct, frozen=True, dict=True):
    """All posts. A post that `check` finds fault with is kept out of `ready`."""

    posts: tuple[Post, ...] = ()
    faulty: frozenset[str] = frozenset()

    @cached_property
    def by_id(self) -> dict[str, Post]:
        """Every post under its id."""
        return {post.id: post for post in self.posts}

    @cached_property
    def ready(self) -> tuple[Post, ...]:
        """The posts that may be picked: not on hold, no fault found."""
        return tuple(post for post in self.posts if post.use is not Uses.HOLD and post.id not in self.faulty)

    @cached_property
    def by_tag(self) -> dict[str, tuple[Post, ...]]:
        """The ready posts under each of their tags."""
        found: dict[str, list[Post]] = {}
        for post in self.ready:
            for tag in post.tags:
                found.setdefault(tag, []).append(post)
        return {tag: tuple(posts) for tag, posts in found.items()}

    @cached_property
    def by_event(self) -> dict[str, tuple[Post, ...]]:
        """The ready posts under their event."""
        found: dict[str, list[Post]] = {}
        for post in self.ready:
            if post.event:
                found.setdefault(post.event, []).append(post)
        return {event: tuple(posts) for event, posts in found.items()}


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
    quiet: bool = False
    sources: tuple[str, ...] = ()
    place: Place = Place("")

    def observed(self, year: int) -> date | None:
        """The date an observance has in `year`: a listed day, or what the rule gives."""
        listed = next((day for day in self.days if day.year == year), None)
        return listed or (self.rule.on(year) if self.rule else None)

    def is_confirmed(self, year: int) -> bool:
        """Tell whether more than a rule speaks for the day in `year`."""
        is_listed = any(day.year == year for day in self.days)
        return self.rule is None or is_listed or year <= (self.confirmed_until or 0)


class Limits(Struct, frozen=True):
    """What a network accepts."""

    text: int | None = None  #: the longest text, as the network counts; None where there is no limit
    counting: str = "characters"  #: the rule in `planning.count`: x, graphemes, characters
    images: int = 4
    alt: int = 1_000
    image_bytes: int = 5_000_000


class Account(Struct, frozen=True):
    """One login on one network."""

    name: str
    network: str
    credentials: str = ""  #: prefix of the environment variables that hold them
    live: bool = False
    zone: str = "UTC"
    min_gap: int = 0  #: seconds
    max_per_day: int | None = None
    timeout: int = 30  #: seconds
    quarantine: int = 120  #: seconds
    url: str = ""
    find: bool = True  #: whether the network can be asked what it has
    limits: Limits = Limits()
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

        Midnight is that of the day on which it lies, wherever people moved it; without a grace it alone counts.
        """
        clock = zone(self.zone)
        midnight = clock.midnight(clock.wall(self.at) // DAY + 1)
        return midnight if grace is None else min(midnight, self.at + max(grace, MINUTE))

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
    frame: str = ""
    grace: int | None = 3_600  #: seconds; None: until midnight of the slot's day in its zone
    approval: bool = False
    place: Place = Place("")

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

    @cached_property
    def by_name(self) -> dict[str, Schedule]:
        """Every schedule under its name."""
        return {entry.name: entry for entry in self.entries}


class ShownPart(Struct, frozen=True, gc=False):
    """One part exactly as one account will show it."""

    text: str
    length: int
    limit: int | None
    media: tuple[Media, ...] = ()


class Rendition(Struct, frozen=True, gc=False):
    """A post exactly as one account will show it; `key` names its delivery."""

    account: str
    network: str
    key: str
    parts: tuple[ShownPart, ...]

    @property
    def digest(self) -> str:
        """A name for what is shown: it changes with any letter, picture or alt text."""
        return digest(self.key, *((part.text, part.media) for part in self.parts))


class PlannedPost(Struct, frozen=True, gc=False):
    """A post in a slot."""

    slot: Slot
    post: Post
    accounts: tuple[str, ...]
    why: str
    renditions: tuple[Rendition, ...] = ()
    state: str = "planned"


class Gap(Struct, frozen=True, gc=False):
    """A slot that nothing may fill, with the reason."""

    slot: Slot
    reason: str


class Plan(Struct, frozen=True):
    """What fills the slots of a window."""

    posts: tuple[PlannedPost, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def __add__(self, later: "Plan") -> "Plan":
        return Plan(self.posts + later.posts, self.gaps + later.gaps)

    @property
    def digest(self) -> str:
        """A name for all that will be said and left unsaid; it changes when any of it does."""
        said = (
            (p.slot.identity, p.slot.at, p.accounts, p.post.id, p.post.parts, p.renditions)
            for p in self.posts
        )
        return digest(*said, *((gap.slot.identity, gap.reason) for gap in self.gaps))


class Use(Struct, frozen=True, gc=False):
    """One line of history: which post had which slot, on which accounts."""

    slot: Slot
    post: str
    accounts: tuple[str, ...]
    at: int


#: How many seconds before a window its plan needs all of history; before them, the last use of each post on each account.
MEMORY = 3 * DAY


class History(Struct, frozen=True):
    """Which post had which slot, never whether a network took it."""

    uses: tuple[Use, ...] = ()

    def after(self, planned: PlannedPost) -> "History":
        """The history once a planned post has its slot."""
        return self.after_all((planned,))

    def after_all(self, posts: Iterable[PlannedPost]) -> "History":
        """The history once all these have their slots."""
        return History(self.uses + tuple(Use(p.slot, p.post.id, p.accounts, p.slot.at) for p in posts))


class Project(Struct, frozen=True):
    """A project folder, read and found whole."""

    root: str
    schedules: Schedules
    corpus: Corpus
    digest: str  #: of every file that a plan depends on
