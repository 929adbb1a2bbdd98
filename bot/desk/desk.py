"""Where people decide: the project, the queue, and the instant at which they look."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.errors import BadCall
from bot.model import Corpus, Pick, Post, Project, Schedule
from bot.options import did_you_mean

if TYPE_CHECKING:  # SQLAlchemy costs start-up time
    from bot.delivery.queue import Queue
    from bot.delivery.values import Row


class Desk(Struct, frozen=True):
    """What every decision is made with."""

    project: Project
    queue: "Queue"
    now: int

    def rows(self, key: str) -> "tuple[Row, ...]":
        """The deliveries that a key names; BadCall where there is none."""
        return tuple(shown.row for shown in self.queue.show(key, self.now))

    def schedule(self, row: "Row") -> Schedule | None:
        """The schedule that speaks there; None for what a person posted, or where the schedule is gone."""
        return self.project.schedules.by_name.get(row.slot.schedule)

    def pick(self, row: "Row") -> Pick:
        """What its schedule picks; nothing particular where it has none."""
        schedule = self.schedule(row)
        return schedule.pick if schedule else Pick()


def named(corpus: Corpus, name: str) -> Post:
    """The post of that id; BadCall where there is none."""
    if name not in corpus.by_id:
        hint = did_you_mean(name, corpus.by_id) or "; `redletter corpus list` has them all"
        raise BadCall(f"no post called {name!r}{hint}")
    return corpus.by_id[name]


def about(rows: "Iterable[Row]") -> str:
    """What people know deliveries by: the post, and where it goes."""
    found = tuple(rows)
    if not found:
        raise BadCall("nothing is there to decide about")
    return f"{found[0].post} on {', '.join(dict.fromkeys(row.account for row in found))}"
