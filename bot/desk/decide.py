"""What people decide about what is coming, guarded and written down: the command line and the desk's pages both ask here.

`key` names a delivery, or a slot with all its deliveries. BadCall says why something cannot be, and what can; Overtaken
where what was seen is no longer so. Where a decision makes room for planning anew, the rest is planned at once.
"""

from collections.abc import Callable, Mapping, Sequence

from bot.delivery.decided import By
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import plan_ahead
from bot.delivery.values import Hold, Row
from bot.desk import takedown
from bot.desk.desk import Desk, about, named
from bot.desk.guards import refuse_move, refuse_swap, replacement
from bot.desk.spacing import refuse_nearness
from bot.desk.takedown import PublisherOf, Takedown, standing
from bot.desk.wording import refuse_untruth, reworded
from bot.errors import BadCall
from bot.model import Tone


def approve(desk: Desk, key: str, by: By) -> None:
    """Let it go out as it is shown now; an edit voids that."""
    with desk.queue.deciding("approve", by, now=desk.now, key=key, about=about(desk.rows(key))):
        desk.queue.approve(key, who=by.who, now=desk.now)


def skip(desk: Desk, key: str, by: By) -> None:
    """Take it out; its slot stays empty."""
    if not by.why:
        raise BadCall("say why it is skipped; the reason is kept")
    with desk.queue.deciding("skip", by, now=desk.now, key=key, about=about(desk.rows(key))):
        desk.queue.skip(key, reason=by.why, now=desk.now)


def swap(desk: Desk, key: str, post: str, by: By) -> int | None:
    """Put another post of the corpus in its place; the instant from which the rest was planned anew for it, if it was."""
    rows = desk.rows(key)
    chosen = named(desk.project.corpus, post)
    refuse_swap(desk, rows[0], chosen)
    planned = replacement(desk, rows[0], chosen)
    told = f"{about(rows)} → {chosen.id}"
    with desk.queue.deciding("swap", by, now=desk.now, key=key, about=told):
        since = desk.queue.swap(key, planned, now=desk.now)
    return _planned_anew(desk, since)


def move(desk: Desk, key: str, at: int, by: By, *, anyway: bool = False) -> int | None:
    """Show it at another instant; TooNear unless `anyway`. The instant from which the rest was planned anew, if it was."""
    rows = desk.rows(key)
    refuse_move(desk, rows[0], at)
    for row in rows:
        refuse_untruth(desk, row, at)
    if not anyway:
        refuse_nearness(desk, rows, at)
    with desk.queue.deciding("move", by, now=desk.now, key=key, about=about(rows)):
        since = desk.queue.move(key, at=at, now=desk.now)
    return _planned_anew(desk, since)


def edit(desk: Desk, key: str, texts: Mapping[str, Sequence[str]], by: By) -> None:
    """Show other words this once: by account, a text for each of the parts that it shows. An approval is void."""
    rows = desk.rows(key)
    words = reworded(desk, rows, texts)
    if not words:
        raise BadCall("nothing was changed: the words are as they were")
    with desk.queue.deciding("edit", by, now=desk.now, key=key, about=about(rows)):
        desk.queue.edit(key, words, now=desk.now)


def retry(desk: Desk, key: str, by: By) -> None:
    """Ask again at once for what failed or waits, while its grace lasts."""
    told = about(desk.rows(key))
    with desk.queue.deciding("retry", by, now=desk.now, key=key, about=told, is_final=True):
        desk.queue.retry(key, now=desk.now)


def resolve_sent(desk: Desk, key: str, url: str, by: By) -> None:
    """Settle what is unknown: the network has it, at this address."""
    told = f"{about(_unknown(desk, key))}: it is at {url}"
    with desk.queue.deciding("resolve", by, now=desk.now, key=key, about=told, is_final=True):
        desk.queue.resolve_sent(key, url=url, now=desk.now)


def resolve_absent(desk: Desk, key: str, by: By) -> None:
    """Settle what is unknown: the network does not have it, and is asked again while there is time."""
    told = f"{about(_unknown(desk, key))}: it is not there"
    with desk.queue.deciding("resolve", by, now=desk.now, key=key, about=told, is_final=True):
        desk.queue.resolve_absent(key, now=desk.now)


def resolve_failed(desk: Desk, key: str, by: By) -> None:
    """Settle what is unknown: it is given up, whatever the network has."""
    if not by.why:
        raise BadCall("say why it is given up; the reason is kept")
    told = f"{about(_unknown(desk, key))}: given up"
    with desk.queue.deciding("resolve", by, now=desk.now, key=key, about=told, is_final=True):
        desk.queue.resolve_failed(key, reason=by.why, now=desk.now)


def take_down(
    desk: Desk, key: str, by: By, *, clock: Callable[[], int], publisher_of: PublisherOf
) -> Takedown:
    """Ask the networks to delete what was shown; what remains, and why. That it was decided is written down first."""
    if not by.why:
        raise BadCall("say why it is taken down; the reason is kept")
    with desk.queue.deciding(
        "takedown", by, now=desk.now, key=key, about=about(desk.rows(key)), is_final=True
    ):
        standing(desk, key)  # where nothing was shown, nothing was decided
    return takedown.take_down(desk, key, by, clock=clock, publisher_of=publisher_of)


def hold(
    queue: Queue,
    by: By,
    *,
    now: int,
    account: str | None = None,
    tone: Tone | None = None,
    until: int | None = None,
) -> Hold:
    """Stop all, one account or one tone, until an instant or until it is released; what is in flight arrives.

    It may be urgent: for this the project's files need not be readable.
    """
    if not by.why:
        raise BadCall("say why; whoever looks at the calendar will want to know")
    with queue.deciding("hold", by, now=now, about=stops(account, tone)):
        return queue.hold(by.why, now=now, account=account, tone=tone, until=until)


def release(
    queue: Queue,
    by: By,
    *,
    now: int,
    account: str | None = None,
    tone: Tone | None = None,
    number: int | None = None,
) -> tuple[Hold, ...]:
    """Let go of the holds of an account or a tone, of that number, or of all; what they were."""
    with queue.deciding("release", by, now=now, about=stops(account, tone)):
        return queue.release(now=now, account=account, tone=tone, number=number)


def undo(desk: Desk, number: int, by: By) -> int | None:
    """Take a decision back while nothing was sent; the instant from which the rest was planned anew, if it was."""
    return _planned_anew(desk, desk.queue.undo(number, by, now=desk.now))


def stops(account: str | None, tone: Tone | None) -> str:
    """What a hold stops, in words."""
    return " and ".join(filter(None, [account, tone and f"the tone {tone}"])) or "everything"


def _unknown(desk: Desk, key: str) -> list[Row]:
    rows = desk.rows(key)
    return [row for row in rows if row.state is State.UNKNOWN] or list(rows)


def _planned_anew(desk: Desk, since: int | None) -> int | None:
    """Fill again what a post left that a person has placed elsewhere, so that the calendar has no hole in it."""
    if since is not None:
        plan_ahead(desk.project, desk.queue, desk.now)
    return since
