"""A decision taken back, whatever it was about: a slot, a hold, or a file."""

from bot.delivery.decided import By
from bot.desk import decide
from bot.desk.desk import Desk
from bot.desk.review.deciding import REVIEW, undo_review
from bot.desk.rewrite import REWRITE, IsNetwork, undo_rewrite

#: What decisions are called that change a file: the project is to be read again when they are taken back.
OF_FILES = frozenset({REWRITE, REVIEW})


def undo(desk: Desk, number: int, by: By, *, is_network: IsNetwork) -> int | None:
    """Take a decision back while nothing was sent and nothing else was decided there; BadCall says what was.

    The instant from which the rest was planned anew because of it, if it was. `is_network` tells which networks there are.
    """
    what = desk.queue.decided(number).what
    if what == REWRITE:
        undo_rewrite(desk, number, by, is_network=is_network)
    elif what == REVIEW:
        undo_review(desk, number, by)
    else:
        return decide.undo(desk, number, by)
    return None
