"""Whatever people decide, taken back from the newest on, leaves the queue as it was."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.decided import By
from bot.delivery.queue import Queue
from bot.errors import BadCall
from bot.zones import DAY, HOUR
from tests.fakes.deliveries import MASTODON, NOON, X, enqueue, opened, planned, schedules

EARLY = NOON - DAY
Step = Callable[[Queue, str, str], object]
STEPS: dict[str, Step] = {
    "approve": lambda queue, key, who: queue.approve(key, who=who, now=EARLY),
    "skip": lambda queue, key, _: queue.skip(key, reason="no", now=EARLY),
    "later": lambda queue, key, _: queue.move(key, at=NOON + HOUR, now=EARLY),
    "sooner": lambda queue, key, _: queue.move(key, at=NOON - HOUR, now=EARLY),
    "swap": lambda queue, key, _: queue.swap(
        key, planned(NOON, "Another.", id="another", accounts=(X, MASTODON)), now=EARLY
    ),
    "edit": lambda queue, key, who: queue.edit(
        key, planned(NOON, f"As {who} says.", accounts=(X, MASTODON)).renditions, now=EARLY
    ),
    "hold": lambda queue, _, who: queue.hold(who, now=EARLY),
    "release": lambda queue, _, __: queue.release(now=EARLY),
}
WITHOUT_KEY = {"hold", "release"}

steps = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 2), st.sampled_from(["Ada", "Ben"])), max_size=8
)


def contents(folder: Path) -> list[list[tuple[object, ...]]]:
    """What of the queue a decision may change, as the file has it."""
    questions = (
        "SELECT key, post, parts, tone, why, at, touched FROM slot ORDER BY key",
        "SELECT key, state, at, due, deadline, rendition, seal, approved_digest, reason FROM delivery ORDER BY key",
        "SELECT delivery, who, digest FROM approval ORDER BY 1, 2",
        "SELECT id, reason FROM hold WHERE released_at IS NULL ORDER BY id",
    )
    other = sqlite3.connect(folder / "redletter.db")
    found = [other.execute(question).fetchall() for question in questions]
    other.close()
    return found


@settings(max_examples=30, deadline=None)
@given(steps)
def test_decisions_taken_back_newest_first_leave_no_trace(decided: list[tuple[str, int, str]]) -> None:
    with TemporaryDirectory() as name, opened(Path(name)) as queue:
        posts = [planned(NOON + n * DAY, id=f"post/{n}", accounts=(X, MASTODON)) for n in range(3)]
        enqueue(queue, *posts, by=schedules(approval=2))
        before = contents(Path(name))
        for what, which, who in decided:
            key = None if what in WITHOUT_KEY else posts[which].slot.key
            with suppress(BadCall), queue.deciding(what, By(who), now=EARLY, key=key):
                STEPS[what](queue, key or "", who)

        for made in queue.decisions():
            queue.undo(made.id, By("Cleo"), now=EARLY)

        assert contents(Path(name)) == before
