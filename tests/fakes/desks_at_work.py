"""A desk without a browser: a project folder, its queue planned ahead, and an instant."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.delivery.queue import Queue
from bot.delivery.tick import plan_ahead
from bot.delivery.values import Row
from bot.desk.desk import Desk
from bot.project import read_project
from tests.fakes.projects import Folder
from tests.fakes.worlds import at

MONDAY = at("2027-03-08T06:00Z")  #: two days before the museum's quiet day, four before its anniversary


@contextmanager
def at_work(folder: Folder, now: int = MONDAY) -> Iterator[Desk]:
    """The desk of a project, planned ahead."""
    with Queue(f"sqlite:///{folder.root}/desk.db") as queue:
        desk = Desk(read_project(folder.root)[0], queue, now)
        plan_ahead(desk.project, queue, now)
        yield desk


def row(desk: Desk, post: str) -> Row:
    """The delivery in which a post waits."""
    return next(each for each in desk.queue.rows(desk.now) if each.post == post)


def again(folder: Folder, desk: Desk) -> Desk:
    """The desk once the files were read again, and planned."""
    fresh = Desk(read_project(folder.root)[0], desk.queue, desk.now)
    plan_ahead(fresh.project, fresh.queue, fresh.now)
    return fresh
