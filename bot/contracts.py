"""The three doors for plugins (when to speak, foreign files, networks), and what is handed through them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

from msgspec import Struct

from bot.model import Account, Event, Limits, Media, Mission, Post, Priority, Slot, Window


class Almanac(Struct, frozen=True):
    """What a trigger may know besides its options: the events, and when posts were first posted."""

    events: tuple[Event, ...] = ()
    posted: tuple[Post, ...] = ()  #: the ready posts that have a `posted`
    missions: Mapping[str, Mission] = {}  #: under their keys


class Trigger(Protocol):
    """Says when a schedule speaks.

    A trigger is made once from its table in a schedule file; ValueError says what is wrong with an option.

    It may know more of itself, which is asked for by these names: `events`, a tuple of those that it speaks of;
    `steps_of(event)`, in how many steps it counts down to one; `specimen`, facts of a slot with which frames can be
    tried though it has none about now; `hint`, what to change where it never speaks.
    """

    priority: ClassVar[Priority]

    def __init__(self, schedule: str, options: Mapping[str, Any], almanac: Almanac) -> None: ...

    def times(self, window: Window) -> Iterable[Slot]:
        """Every slot whose `at` lies in the window, each once, in order of time. Stateless and exact."""
        ...


class Imported(Struct, frozen=True):
    """One post found in a foreign file, with where it stood and what was lost on the way."""

    post: Post
    first_line: int
    last_line: int
    media: tuple[tuple["FoundMedia", ...], ...] = ()  #: by part
    quote: str | None = None
    hashtags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


class FoundMedia(Struct, frozen=True):
    """A trace of a picture or film in a foreign file: there was one here, its file is elsewhere."""

    kind: str  #: image, gif or video
    seconds: int | None = None


class Importer(Protocol):
    """Turns a foreign file into posts."""

    def read(self, file: Path) -> Iterator[Imported]:
        """Every post in the file, in its order; ValueError says why it is no such file."""
        ...


class Secret:
    """A word that must never be shown: it prints as `***` and gives itself only to `reveal()`."""

    __slots__ = ("_word",)

    def __init__(self, word: str) -> None:
        self._word = word

    def reveal(self) -> str:
        """The word itself, for the network alone."""
        return self._word

    def __bool__(self) -> bool:
        return bool(self._word)

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written down")


def variable(prefix: str, suffix: str) -> str:
    """The environment variable of a credential: `NASA_X_TOKEN`; without an account's prefix, the suffix alone."""
    return f"{prefix}_{suffix}" if prefix else suffix


class Quote(Struct, frozen=True):
    """What a part quotes on its network."""

    id: str  #: the network's id; empty where only the address is known
    url: str


class Ask(Struct, frozen=True):
    """One part on its way: what a publisher is asked to show."""

    key: str  #: the delivery's key
    account: str
    network: str
    post: str  #: the post's id
    part: int  #: from 1
    parts: int
    text: str
    media: tuple[Media, ...]
    reply_to: str | None  #: remote id of the part before
    at: int  #: the instant of asking
    first_at: int | None = None  #: when it was first asked for without a plain no, if it was: it may be there
    lang: str = "en"
    warning: str = ""  #: of the first part
    quote: Quote | None = None  #: of the first part
    prepared: str = ""  #: what `prepare` made of it, the same at every attempt


class Receipt(Struct, frozen=True):
    """The network's proof."""

    id: str
    url: str
    at: int
    then: tuple["Receipt", ...] = ()  #: of the parts that were shown together with this one, in order


class Removal(Struct, frozen=True):
    """One part that is to be taken down: what a publisher is asked to delete."""

    key: str  #: of the delivery for which the part was shown
    account: str
    network: str
    part: int  #: from 1
    id: str  #: the network's id, as its receipt has it
    url: str
    at: int  #: the instant of asking


class Deletion(StrEnum):
    """What became of a part that a network was asked to delete, where it said no word against it."""

    REMOVED = "removed"  #: it is gone now
    GONE = "gone"  #: it was gone already, or never there
    UNABLE = "unable"  #: nobody was asked: there is no deleting for this account


class Publisher(Protocol):
    """Asks one network, for one account, to show one part.

    One publisher serves one account; it is asked one thing at a time, each from whichever thread is free. Where its
    network deletes what it was given, it is a `Deleter` too.
    """

    limits: ClassVar[Limits]
    secrets: ClassVar[Mapping[str, str]]  #: suffix of each environment variable → what it holds

    def __init__(self, account: Account, secrets: Mapping[str, Secret], outbox: Path) -> None:
        """Make ready; no request yet. `secrets` are under the suffixes named above. NotLive unless the account is live or the publisher publishes nowhere."""

    def prepare(self, asks: Sequence[Ask]) -> Sequence[str]:
        """Do all that can be done, and refused, before anything is seen: read and upload pictures, look up names.

        `asks` are all parts that are not shown yet, in order, `reply_to` still unknown. One text a part comes back:
        it is kept before the network is asked, and handed back as `prepared` at every attempt, so that each is like
        the first; empty where there is nothing to keep. It holds no secret. Raises Refused or NotNow; done twice, it
        does no harm.
        """

    def publish(self, ask: Ask) -> Receipt:
        """Ask once. Raises Refused, NotNow or Unanswered; silence is never called failure.

        A network that shows a thread as a whole is asked for the first part, and gives the other receipts in `then`.
        """

    def find(self, ask: Ask) -> Receipt | None:
        """What the network has of this part: its receipt, or None if proved absent. Unanswered if it cannot tell."""

    def whoami(self) -> str:
        """The handle that these credentials speak for. Raises as `publish` does."""

    def learn(self) -> Limits:
        """What the network takes from this account, by its own word where it gives one. Raises as `publish` does."""


@runtime_checkable
class Deleter(Protocol):
    """A publisher that can ask its network to delete a part."""

    def delete(self, removal: Removal) -> Deletion:
        """Ask for one part to be deleted; that done twice does no harm, so after silence it is simply asked again.

        Raises Refused (the part stays), NotNow, Barred or Unanswered, as `publish` does.
        """


__all__ = [
    "Almanac",
    "Ask",
    "Deleter",
    "Deletion",
    "FoundMedia",
    "Imported",
    "Importer",
    "Publisher",
    "Quote",
    "Receipt",
    "Removal",
    "Secret",
    "Trigger",
    "variable",
]
