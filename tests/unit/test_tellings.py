"""Each cause is told once, by whichever process."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.delivery.queue import Queue
from tests.fakes.deliveries import NOON, opened


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


def test_a_cause_is_told_once(queue: Queue) -> None:
    assert queue.told() == frozenset()

    assert queue.tell("barred:ours-x", "the token is revoked", NOON)
    assert not queue.tell("barred:ours-x", "in other words", NOON + 1)
    assert queue.tell("barred:ours-mastodon", "the token is revoked", NOON)

    assert queue.told() == {"barred:ours-x", "barred:ours-mastodon"}


def test_of_many_processes_one_tells(tmp_path: Path) -> None:
    def tell(_: int) -> bool:
        with opened(tmp_path) as queue:
            return queue.tell("cause", "words", NOON)

    opened(tmp_path).close()

    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(tell, range(12)))

    assert told.count(True) == 1


def test_what_is_over_is_told_again_when_it_comes_back(queue: Queue) -> None:
    for cause in ("a", "b", "c"):
        queue.tell(cause, "words", NOON)

    queue.forget_told({"a", "c", "never told"})

    assert queue.told() == {"b"}
    assert queue.tell("a", "words", NOON + 1)
    assert not queue.tell("b", "words", NOON + 1)


def test_nothing_is_forgotten_where_nothing_is_over(queue: Queue) -> None:
    queue.tell("a", "words", NOON)

    queue.forget_told(())

    assert queue.told() == {"a"}
