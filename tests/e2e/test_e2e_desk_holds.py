"""Holds and decisions on the desk's pages, with a browser that runs no script."""

from collections.abc import Iterator

import pytest

from bot.delivery.decided import By
from bot.desk import decide
from bot.model import Tone
from bot.zones import HOUR
from tests.fakes.deciders import Room, deciding
from tests.fakes.projects import Folder, museum
from tests.fakes.worlds import at

MONDAY = at("2027-03-08T06:00Z")


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A desk for tests that change nothing."""
    with deciding(museum(tmp_path_factory.mktemp("museum")), MONDAY) as made:
        yield made


@pytest.fixture
def room(project: Folder) -> Iterator[Room]:
    with deciding(project, MONDAY) as made:
        yield made


def test_a_hold_says_first_what_it_would_stop(still: Room) -> None:
    person = still.person()

    page = person.see("/holds?tone=celebration")

    assert "A hold of the tone celebration would stop 1 post of what is planned until 2027-04-07" in page.text
    assert "days/opening" in page.text
    assert still.desk.queue.holds(MONDAY) == ()


def test_a_hold_is_made_and_says_who_holds_what_and_why(room: Room) -> None:
    page = room.person("ada", "edit").see("/holds?tone=neutral")

    held = page.person.send("/holds", {"csrf": page.reply.csrf, "tone": "neutral", "why": "a storm"})

    assert "Held by ada: a storm" in held.text
    assert "the tone neutral , until somebody releases it" in held.text
    assert "ada, since 2027-03-08 06:00:00 UTC" in held.text
    assert [each.tone for each in room.desk.queue.holds(MONDAY)] == [Tone.NEUTRAL]


def test_a_hold_of_an_account_ends_at_its_time(room: Room) -> None:
    person = room.person()
    csrf = person.see("/holds").reply.csrf

    held = person.send(
        "/holds", {"csrf": csrf, "account": "museum", "until": "2027-03-09T12:00", "why": "we move"}
    )

    assert "museum , until 2027-03-09 12:00:00 UTC" in held.text
    assert room.desk.queue.holds(MONDAY)[0].until == at("2027-03-09T12:00Z")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "say why; whoever looks at the calendar will want to know"),
        ({"account": "nobody", "why": "x"}, "there is no account called 'nobody'"),
        ({"tone": "loud", "why": "x"}, "there is no tone called 'loud'"),
        ({"until": "soon", "why": "x"}, "cannot read 'soon' as a time"),
        ({"until": "2027-03-01T00:00", "why": "x"}, "has passed; name a time to come, or none"),
    ],
)
def test_a_hold_that_cannot_be_is_refused_and_kept(still: Room, fields: dict[str, str], why: str) -> None:
    person = still.person()

    page = person.send("/holds", {"csrf": person.see("/holds").reply.csrf, **fields})

    assert page.status == 422
    assert why in page.objection
    assert page.fields("/holds")["until"] == fields.get("until", "")
    assert still.desk.queue.holds(MONDAY) == ()


def test_what_a_strange_hold_would_stop_is_not_counted(still: Room) -> None:
    page = still.person().see("/holds?account=nobody")

    assert page.status == 422
    assert "there is no account called 'nobody'" in page.objection


def test_a_hold_until_soon_stops_little(still: Room) -> None:
    page = still.person().see("/holds?account=museum&until=2027-03-09T00:00")
    past = still.person().see("/holds?account=museum&until=2027-03-01T00:00")

    assert "would stop 1 post" in page.text
    assert "would stop nothing" in past.text


def test_what_is_skipped_already_is_not_counted(room: Room) -> None:
    person = room.person()
    person.see(f"/slot/{room.slot('facts/thread')}").fill("/skip", why="no")

    page = person.see("/holds?account=museum&until=2027-03-09T12:00")

    assert "would stop 1 post" in page.text
    assert "facts/thread" not in page.text


def test_who_may_only_look_sees_what_is_held_and_no_form(room: Room) -> None:
    decide.hold(room.desk.queue, By("bob", "a storm"), now=MONDAY)
    person = room.person(role="look")

    page = person.see("/holds")

    assert "everything" in page.text
    assert "bob, since" in page.text
    assert not page.has("/release")
    for path in ("/holds", "/holds/1/release"):
        assert person.send(path, {"csrf": page.reply.csrf, "why": "x"}).status == 403


def test_one_hold_is_released_and_the_others_stay(room: Room) -> None:
    queue = room.desk.queue
    whole = decide.hold(queue, By("bob", "a storm"), now=MONDAY - HOUR)
    narrow = decide.hold(queue, By("bob", "their wish"), now=MONDAY, account="museum")
    page = room.person().see("/holds")

    released = page.fill(f"/holds/{whole.id}/release", why="it is over")
    left = queue.holds(MONDAY)
    again = released.fill(f"/holds/{narrow.id}/release")

    assert [each.id for each in left] == [narrow.id]
    assert released.status == 200
    assert "Nothing is held." in again.text
    assert "Released by ada" in again.text


def test_a_release_is_taken_back(room: Room) -> None:
    made = decide.hold(room.desk.queue, By("bob", "a storm"), now=MONDAY)
    page = room.person().see("/holds")

    page.fill(f"/holds/{made.id}/release").fill("/undo")

    assert [each.id for each in room.desk.queue.holds(MONDAY)] == [made.id]


def test_what_holds_no_more_cannot_be_released(room: Room) -> None:
    made = decide.hold(room.desk.queue, By("bob", "a storm"), now=MONDAY)
    first, second = room.person().see("/holds"), room.person("eve").see("/holds")
    first.fill(f"/holds/{made.id}/release")

    late = second.fill(f"/holds/{made.id}/release")

    assert late.status == 422
    assert "that hold holds no more" in late.objection
    assert second.person.see(f"/holds/{made.id}/release").path == "/holds"


def test_an_editor_releases_what_they_held_and_not_what_others_did(room: Room) -> None:
    queue = room.desk.queue
    theirs = decide.hold(queue, By("bob", "their wish"), now=MONDAY, account="museum")
    own = decide.hold(queue, By("eve", "my own"), now=MONDAY)
    eve = room.person("eve", "edit")
    page = eve.see("/holds")

    assert page.has(f"/holds/{own.id}/release")
    assert not page.has(f"/holds/{theirs.id}/release")
    fields = page.fields(f"/holds/{own.id}/release")
    assert eve.send(f"/holds/{theirs.id}/release", fields).status == 403
    assert eve.send(f"/holds/{own.id}/release", fields).status == 200
    assert [each.id for each in queue.holds(MONDAY)] == [theirs.id]


def test_of_several_holds_one_is_released_alone(room: Room) -> None:
    queue = room.desk.queue
    whole = queue.hold("from before", now=MONDAY - HOUR)
    decide.hold(queue, By("bob", "their wish"), now=MONDAY, account="museum")

    page = room.person().see("/holds").fill(f"/holds/{whole.id}/release")

    assert page.status == 200
    assert [each.reason for each in queue.holds(MONDAY)] == ["their wish"]


def test_decisions_are_told_newest_first_a_page_at_a_time(room: Room) -> None:
    for number in range(45):
        decide.hold(room.desk.queue, By("bob", f"reason {number}"), now=MONDAY + number)
    person = room.person()

    first = person.see("/decisions")
    second = person.see("/decisions?before=6")
    strange = person.see("/decisions?before=x")

    assert "reason 44" in first.text
    assert "reason 4 " not in first.text
    assert 'href="/decisions?before=6"' in first.reply.text
    assert "reason 4 " in second.text
    assert "reason 5" not in second.text
    assert "The newest" in second.text
    assert strange.text == first.text


def test_nothing_is_decided_yet(still: Room) -> None:
    assert "Nobody has decided anything yet." in still.person().see("/decisions").text


def test_a_decision_is_taken_back_once(room: Room) -> None:
    key = room.slot("facts/lens")
    person = room.person()
    person.see(f"/slot/{key}").fill("/skip", why="no")
    page = person.see("/decisions")

    undone = page.fill("/decision/1/undo")
    again = page.fill("/decision/1/undo")

    assert undone.path == "/decisions?done=2"
    assert "Taken back by ada" in undone.text
    assert again.status == 422
    assert "that was taken back already" in again.objection
    assert person.send("/decision/99/undo", {"csrf": page.reply.csrf}).status == 404
    assert person.send("/decision/x/undo", {"csrf": page.reply.csrf}).status == 404
    assert person.see("/decision/1/undo").path == "/decisions"


def test_what_has_passed_since_is_not_taken_back(room: Room) -> None:
    key = room.slot("facts/thread")
    person = room.person()
    person.see(f"/slot/{key}").fill("/skip", why="no")
    room.desk.now += 8 * HOUR

    page = person.see("/decisions").fill("/decision/1/undo")

    assert page.status == 422
    assert "its time ended" in page.objection


@pytest.mark.parametrize("done", ["99", "x", "", "-1", "9" * 40])
def test_a_number_in_an_address_that_names_no_decision_is_passed_over(still: Room, done: str) -> None:
    page = still.person().see(f"/decisions?done={done}")

    assert page.status == 200
    assert 'id="notice"' not in page.reply.text


def test_the_focus_goes_to_what_a_hold_would_stop(room: Room) -> None:
    page = room.person().see("/holds?tone=remembrance&why=hush")

    assert 'id="effect" role="status" tabindex="-1" data-focus>' in page.reply.text
    assert page.reply.text.count("data-focus") == 1
