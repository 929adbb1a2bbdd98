"""Planned posts made by hand, and a queue to put them in."""

from collections.abc import Iterable
from pathlib import Path

from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.values import Row
from bot.model import (
    Account,
    Corpus,
    Event,
    Gap,
    Media,
    Part,
    Pick,
    Plan,
    PlannedPost,
    Post,
    Project,
    Rendition,
    Schedule,
    Schedules,
    ShownPart,
    Slot,
    Tone,
    Window,
)
from bot.planning.render import delivery_key
from bot.zones import HOUR
from tests.fakes.worlds import at

NOON = at("2027-03-01T12:00Z")  #: a Monday
X = Account("ours-x", "x", live=True, quarantine=120)
MASTODON = Account("ours-mastodon", "mastodon", live=True, quarantine=120)
PACED = Account("ours-paced", "x", live=True, min_gap=HOUR)
DEAF = Account("ours-deaf", "webhook", live=True, find=False)
ACCOUNTS = {account.name: account for account in (X, MASTODON, PACED, DEAF)}
FEAST = Event("feast", "A feast", "feast", tone=Tone.CELEBRATION)


class Never:
    """A trigger that gives no slot: these tests put theirs in by hand."""

    priority = 5

    def times(self, window: Window) -> Iterable[Slot]:
        del window
        return ()


def schedules(
    *, grace: int | None = HOUR, approval: bool = False, accounts: Iterable[Account] = ACCOUNTS.values()
) -> Schedules:
    made = tuple(accounts)
    entry = Schedule("daily", Never(), Pick(), made, grace=grace, approval=approval)  # type: ignore[arg-type] # no trigger is wanted
    return Schedules((entry,), {FEAST.id: FEAST}, {account.name: account for account in made})


def slot(instant: int = NOON, *, event: str | None = None) -> Slot:
    return Slot(instant, "daily", instant, "UTC", event=event)


def planned(
    instant: int = NOON,
    *texts: str,
    accounts: Iterable[Account] = (X,),
    id: str = "moon/rise",  # noqa: A002 - a post's id
    tone: Tone = Tone.NEUTRAL,
    event: str | None = None,
    media: tuple[Media, ...] = (),
) -> PlannedPost:
    place = slot(instant, event=event)
    post = Post(id, tuple(Part(text, media) for text in texts or ("The moon rises.",)), tone=tone)
    names = tuple(account.name for account in accounts)
    shown = tuple(
        Rendition(
            account.name,
            account.network,
            delivery_key(place, account.name),
            tuple(ShownPart(part.text, len(part.text), 280, part.media) for part in post.parts),
        )
        for account in accounts
    )
    return PlannedPost(place, post, names, "has waited longest", shown)


def opened(folder: Path) -> Queue:
    return Queue(f"sqlite:///{folder / 'redletter.db'}")


def enqueue(
    queue: Queue,
    *posts: PlannedPost,
    by: Schedules | None = None,
    gaps: Iterable[Gap] = (),
    until: int = NOON + 7 * 24 * HOUR,
    files: str = "files",
) -> None:
    """Enqueue by hand, whatever the cursor says."""
    plan = Plan(posts, tuple(gaps))
    assert queue.enqueue(plan, by or schedules(), seen=queue.cursor(), until=until, files=files)


def project(by: Schedules | None = None, *, files: str = "files", **fields: object) -> Project:
    return Project("/project", by or schedules(), fields.get("corpus", Corpus()), files)  # type: ignore[arg-type]


def row(queue: Queue, key: str = "", now: int = NOON) -> Row:
    """The only delivery, or the one of a key."""
    found = [each for each in queue.rows(now) if each.key.startswith(key)]
    assert len(found) == 1
    return found[0]


def states(queue: Queue) -> list[State]:
    """The states of all deliveries, by time."""
    return [each.state for each in queue.rows(NOON)]
