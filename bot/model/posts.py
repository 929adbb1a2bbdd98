"""What can be said: posts, their parts and pictures, and the corpus of them all."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from msgspec import Struct, field

from bot.model.stretches import Place
from bot.zones import zone


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


class Media(Struct, frozen=True, gc=False, omit_defaults=True):
    """One picture (or film) of a part: a file, or a card that is drawn for the slot."""

    file: str  #: path from the project's folder
    alt: str  #: what it shows, for those who do not see it
    credit: str = ""
    focus: tuple[float, float] | None = None  #: x and y from -1 to 1, y upward
    card: str = ""  #: the kind of a card that the bot draws: anniversary, countdown, sky or mars-year
    theme: str = "light"  #: of a card: light or dark
    drawing: str = ""  #: of a rendition: all that its card is drawn of

    @property
    def name(self) -> str:
        """What people call it: its file, or the kind of its card."""
        return self.file or f"card: {self.card}"


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
    quote: str | Mapping[str, str] | None = None  #: a post's id, or addresses by network
    thread: str = (
        ""  #: what is too long for a network may be split there: `split` or `numbered`; empty: never
    )
    warning: str = ""  #: a content warning, for networks that have one
    reasons: tuple[str, ...] = ()  #: why it is on hold
    review: date | None = None  #: from that day on a person should read it again
    place: Place = Place("")

    @property
    def has_cards(self) -> bool:
        """Tell whether the bot draws any of its pictures."""
        return any(media.card for part in self.parts for media in part.media)

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
    def has_cards(self) -> bool:
        """Tell whether the bot draws a picture for any of the posts."""
        return any(post.has_cards for post in self.ready)

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
