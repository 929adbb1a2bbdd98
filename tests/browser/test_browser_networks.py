"""What only a network can answer: what was never answered, what failed, and what is to be deleted there."""

from collections.abc import Iterator

import pytest

from bot.delivery.states import State
from tests.browser.deciders import Decider
from tests.browser.desks import Place, at_work, began, clock
from tests.browser.museums import Say, museum, say
from tests.browser.visitors import Reception
from tests.fakes.projects import until
from tests.fakes.webhook import FakeWebhook

_WALL = """
[account.wall]
network = "webhook"
url = "{url}/hook"
credentials = "WALL"
live = {live}
timeout = "5s"
delete = true
zone = "UTC"
late_gap = "0s"
"""
_NAMES = ("found", "absent", "given-up", "refused", "deleted")


@pytest.fixture(scope="module")
def wall() -> Iterator[FakeWebhook]:
    """A network of one wall, which keeps what it is given and can be told not to answer."""
    with FakeWebhook(secret="") as wall:
        yield wall


@pytest.fixture(scope="module")
def place(wall: FakeWebhook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    now = clock()
    said = [Say(name, now - 30, f"It is {name}.", 1, accounts=("wall",)) for name in _NAMES]
    folder = museum(tmp_path_factory.mktemp("networks") / "museum", now)
    calm = (folder.root / "schedules/accounts.toml").read_text("utf-8")
    # What the other schedules say must not reach the wall.
    calendar = (folder.root / "schedules/calendar.toml").read_text("utf-8")
    folder.write("schedules/calendar.toml", calendar.replace("grace =", 'accounts = ["gallery-x"]\ngrace ='))
    for each in said:
        say(folder, each)
    # A time made up is for dry runs alone: the wall goes live when all has been planned.
    folder.write("schedules/accounts.toml", calm + _WALL.format(url=wall.url, live="false"))
    began(folder, ago=120)
    folder.write("schedules/accounts.toml", calm + _WALL.format(url=wall.url, live="true"))
    with at_work(folder) as place:
        yield place


@pytest.fixture
def ada(place: Place, reception: Reception) -> Decider:
    return Decider(reception.lets_in(place))


def test_what_was_taken_without_an_answer_is_looked_for_and_settled(
    place: Place, wall: FakeWebhook, ada: Decider
) -> None:
    wall.fail_next("silent")
    _brings(place, ada, "found", State.UNKNOWN)

    ada.looks_at("found")
    ada.page.get_by_role("button", name="Look on the network").click()
    sight = ada.page.locator("#sight-1").inner_text()
    ada.page.get_by_label("It is there").check()
    filled = ada.page.get_by_label("Its address").input_value()
    told = ada.submits(ada.page.get_by_role("button", name="Settle it"))

    [part] = [each for each in wall.parts if each.body["text"] == "It is found."]
    assert part.receipt["url"] in sight
    assert filled == part.receipt["url"]
    assert "Settled by Ada" in told
    assert place.row("found").state is State.SENT
    assert place.row("found").receipts[0].url == part.receipt["url"]


def test_what_never_arrived_is_asked_for_again(place: Place, wall: FakeWebhook, ada: Decider) -> None:
    wall.fail_next("dropped")
    _brings(place, ada, "absent", State.UNKNOWN)

    ada.looks_at("absent")
    ada.page.get_by_role("button", name="Look on the network").click()
    sight = ada.page.locator("#sight-1").inner_text()
    ada.page.get_by_label("It is not there").check()
    ada.submits(ada.page.get_by_role("button", name="Settle it"))
    _comes(place, "absent", State.SENT)

    assert "does not show it" in sight
    assert wall.texts.count("It is absent.") == 1


def test_what_is_given_up_says_why_and_is_not_asked_for_again(
    place: Place, wall: FakeWebhook, ada: Decider
) -> None:
    wall.fail_next("dropped")
    _brings(place, ada, "given-up", State.UNKNOWN)

    ada.looks_at("given-up")
    ada.page.get_by_role("radio", name="Give it up").check()
    ada.page.get_by_role("button", name="Settle it").click()
    refused = ada.page.locator("#refused").inner_text()
    chosen = ada.page.get_by_role("radio", name="Give it up").is_checked()
    ada.page.get_by_label("Why").last.fill("it is too late by now")
    ada.submits(ada.page.get_by_role("button", name="Settle it"))
    place.turn()

    assert "say why it is given up" in refused
    assert chosen
    assert place.row("given-up").state is State.FAILED
    assert "It is given-up." not in wall.texts


def test_what_was_refused_is_asked_for_again(place: Place, wall: FakeWebhook, ada: Decider) -> None:
    wall.fail_next("answer", status=400, body="not today")
    _brings(place, ada, "refused", State.FAILED)

    ada.looks_at("refused")
    why = ada.words
    told = ada.submits(ada.page.get_by_role("button", name="Ask again"))
    place.turn()
    until(lambda: "It is refused." in wall.texts)

    assert "not today" in why
    assert "Asked for again by Ada" in told


def test_what_is_taken_down_is_deleted_there(place: Place, wall: FakeWebhook, ada: Decider) -> None:
    _brings(place, ada, "deleted", State.SENT)
    before = "It is deleted." in wall.texts

    ada.goes(f"/delivery/{place.row('deleted').key}")
    ada.page.get_by_text("Take it down from wall").click()
    form = ada.page.locator('form[action$="/takedown"]')
    form.get_by_label("Why").fill("a wrong name")
    form.get_by_label("Yes, delete it").check()
    form.get_by_role("button").click()
    ada.page.get_by_text("It is down everywhere.").wait_for()

    assert before
    assert "It is deleted." not in wall.texts


def _brings(place: Place, decider: Decider, schedule: str, state: State) -> None:
    """Approve what a schedule says, and let the daemon bring it to a state."""
    decider.looks_at(schedule)
    decider.decides("approve")
    _comes(place, schedule, state)


def _comes(place: Place, schedule: str, state: State) -> None:
    place.turn()
    until(lambda: place.row(schedule).state is state)
