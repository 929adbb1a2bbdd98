"""The three doors for plugins: a trigger says when, an importer reads foreign files, a publisher asks a network."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Protocol

from msgspec import Struct

from bot.model import Account, Ask, Event, Limits, Post, Priority, Receipt, Secret, Slot, Window


class Almanac(Struct, frozen=True):
    """What a trigger may know besides its options: the events, and when posts were first posted."""

    events: tuple[Event, ...] = ()
    posted: tuple[Post, ...] = ()  #: the ready posts that have a `posted`


class Trigger(Protocol):
    """Says when a schedule speaks.

    A trigger is made once from its table in a schedule file; ValueError says what is wrong with an option.
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


class Publisher(Protocol):
    """Asks one network, for one account, to show one part."""

    limits: ClassVar[Limits]
    secrets: ClassVar[Mapping[str, str]]  #: suffix of each environment variable → what it holds

    def __init__(self, account: Account, secrets: Mapping[str, Secret], outbox: Path) -> None:
        """Make ready; no request yet. `secrets` are under the suffixes named above. NotLive unless the account is live or the publisher publishes nowhere."""

    def publish(self, ask: Ask) -> Receipt:
        """Ask once. Raises Refused, NotNow or Unanswered; silence is never called failure."""
        ...

    def find(self, ask: Ask) -> Receipt | None:
        """What the network has of this part: its receipt, or None if proved absent. Unanswered if it cannot tell."""
        ...

    def whoami(self) -> str:
        """The handle that these credentials speak for. Raises as `publish` does."""
        ...


__all__ = ["Almanac", "FoundMedia", "Imported", "Importer", "Publisher", "Trigger"]
