"""What will be said: posts in slots, as each account shows them, and what was said before."""

from collections.abc import Iterable

from msgspec import Struct

from bot.model.posts import Corpus, Media, Post
from bot.model.schedules import Schedules, Slot
from bot.model.stretches import digest
from bot.zones import DAY


class ShownPart(Struct, frozen=True, gc=False):
    """One part exactly as one account will show it."""

    text: str
    length: int
    limit: int | None
    media: tuple[Media, ...] = ()


class Quoted(Struct, frozen=True, gc=False):
    """What a rendition quotes: a post of ours by its id, or whatever has an address on the network."""

    post: str = ""
    url: str = ""

    def __str__(self) -> str:
        return self.post or self.url


class Rendition(Struct, frozen=True, gc=False):
    """A post exactly as one account will show it; `key` names its delivery."""

    account: str
    network: str
    key: str
    parts: tuple[ShownPart, ...]
    lang: str = "en"
    warning: str = ""  #: stands before the text, which is hidden until somebody asks for it
    quote: Quoted | None = None  #: by the first part

    @property
    def digest(self) -> str:
        """A name for what is shown: it changes with any letter, picture or alt text."""
        around = (self.lang, self.warning, self.quote)
        return digest(self.key, *((part.text, part.media) for part in self.parts), *around)

    @property
    def besides(self) -> tuple[str, ...]:
        """What is shown besides texts and pictures, in words."""
        warning = (f"warning: {self.warning}",) if self.warning else ()
        return (*warning, f"quotes {self.quote}") if self.quote else warning


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
