"""What a network shows of what it never answered: a person looks, and nothing moves by it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.contracts import Publisher
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.desk.desk import Desk
from bot.desk.looking import Sight, look
from bot.errors import BadCall, NotLive
from bot.model import Account, Corpus, Project
from tests.fakes import network as moods
from tests.fakes.deliveries import ACCOUNTS, NOON, X, delivered, enqueue, opened, planned, row, schedules
from tests.fakes.network import Mood, Network


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


def silent(queue: Queue, network: Network, mood: Mood) -> None:
    """A delivery that was asked for and not answered."""
    enqueue(queue, planned())
    assert delivered(queue, network.feels(mood)) is State.UNKNOWN


def seen(queue: Queue, publisher_of: Callable[[Account], Publisher], *accounts: Account) -> tuple[Sight, ...]:
    project = Project("/project", schedules(accounts=accounts or ACCOUNTS.values()), Corpus(), "files")
    return look(
        Desk(project, queue, NOON), row(queue).slot.key, clock=lambda: NOON, publisher_of=publisher_of
    )


def test_what_is_there_is_told_with_its_address_and_nothing_moves(queue: Queue) -> None:
    network = Network()
    silent(queue, network, moods.keeps_silent)
    before = queue.show(row(queue).key, NOON)

    [found] = seen(queue, lambda _: network)

    assert found.url == moods.receipt(network.shown[0]).url
    assert (found.account, found.said) == (X.name, f"x shows it at {found.url}")
    assert queue.show(row(queue).key, NOON) == before


def test_what_is_not_there_is_told_so(queue: Queue) -> None:
    network = Network()
    silent(queue, network, moods.hears_nothing)

    [found] = seen(queue, lambda _: network)

    assert found.url == ""
    assert found.said == "x does not show it; if it was asked just now, look again in a minute"


def test_a_network_that_does_not_tell_is_told_of(queue: Queue) -> None:
    network = Network()
    silent(queue, network, moods.hears_nothing)
    network.answers_questions = False

    [found] = seen(queue, lambda _: network)

    assert found.said == "x did not tell: no answer to a question either"


def test_a_publisher_that_cannot_be_made_says_why(queue: Queue) -> None:
    def refused(account: Account) -> Publisher:
        raise NotLive(f"{account.name} has no token")

    silent(queue, Network(), moods.hears_nothing)

    [found] = seen(queue, refused)

    assert found.said == f"x did not tell: cannot ask for {X.name}: {X.name} has no token"


@pytest.mark.parametrize(
    ("accounts", "said"),
    [
        ([replace(X, live=False)], "it was live when it was asked, and is not now: look there yourself"),
        ([replace(X, name="other")], "there is no such account any more: look there yourself"),
    ],
)
def test_who_was_not_asked_then_is_not_asked_now(queue: Queue, accounts: list[Account], said: str) -> None:
    network = Network()
    silent(queue, network, moods.hears_nothing)

    [found] = seen(queue, lambda _: network, *accounts)

    assert found.said == said
    assert not network.looked


def test_what_is_not_unknown_is_not_looked_for(queue: Queue) -> None:
    enqueue(queue, planned())

    with pytest.raises(BadCall, match="nothing is unknown there any more"):
        seen(queue, lambda _: Network())


def test_what_a_person_found_part_by_part_is_cleared_up_already(queue: Queue) -> None:
    network = Network()
    silent(queue, network, moods.hears_nothing)
    key = row(queue).key

    queue.resolve_absent(key, now=NOON)

    assert queue.unknown_now(key) is None
