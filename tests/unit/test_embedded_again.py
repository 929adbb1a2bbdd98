"""The engine after a turn that failed: what was locked or full may be free a moment later."""

import threading
import time
from queue import SimpleQueue

from bot.engines import embedded
from bot.errors import BadState


def test_a_turn_that_fails_is_taken_again_soon() -> None:
    taken: list[float] = []
    words: embedded.Words = SimpleQueue()

    def turn() -> None:
        taken.append(time.monotonic())
        if len(taken) < 3:
            raise BadState("the database is locked")
        words.put(None)

    thread = threading.Thread(
        target=embedded.run,
        args=(turn, lambda: int(time.time())),  # noqa: TID251 - the engine lives by the clock
        kwargs={"words": words},
        daemon=True,
    )
    thread.start()
    thread.join(20)

    assert not thread.is_alive()
    assert taken[2] - taken[0] < embedded.LONGEST_SLEEP / 2
