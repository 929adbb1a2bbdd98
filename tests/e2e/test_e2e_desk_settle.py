"""What was asked for, settled on the desk's pages: unknown, failed, sent, and taken down again."""

from collections.abc import Iterator

import pytest

from bot.zones import DAY, MINUTE
from tests.fakes.deciders import Page, Room, deciding
from tests.fakes.projects import Folder
from tests.fakes.webhook import FakeWebhook
from tests.fakes.worlds import at

MONDAY = at("2027-03-08T06:00Z")
FIRST = at("2027-03-08T10:30Z")


@pytest.fixture
def hook() -> Iterator[FakeWebhook]:
    with FakeWebhook() as made:
        yield made


@pytest.fixture
def room(project: Folder, hook: FakeWebhook) -> Iterator[Room]:
    """A desk of a project whose account is live on a webhook, at the time of its first post."""
    account = f"""
[account.museum]
network = "webhook"
url = "{hook.url}/hook"
credentials = "MUSEUM"
zone = "Europe/London"
live = true
delete = true
timeout = "2s"

[mention.friends]
name = "our friends"
"""
    project.write("schedules/accounts.toml", account)
    project.write(".env", f"MUSEUM_SECRET={hook.secret}\n")
    with deciding(project, MONDAY) as made:
        yield made


def asked(room: Room, expected: str) -> tuple[str, str]:
    """The keys of the first slot and of its delivery, once it was asked for."""
    rows = room.desk.queue.rows(MONDAY)
    room.desk.now = FIRST
    room.tick()
    assert room.states(rows[0].slot.key) == [expected]
    return rows[0].slot.key, rows[0].key


def seen(room: Room, slot: str, role: str = "approve") -> Page:
    return room.person(role=role).see(f"/slot/{slot}")


def test_who_may_only_edit_settles_nothing(room: Room, hook: FakeWebhook) -> None:
    hook.fail_next("silent")
    slot, key = asked(room, "unknown")
    page = seen(room, slot, "edit")
    fields = {"csrf": page.reply.csrf}

    for form in ("look", "resolve", "retry", "takedown"):
        assert not page.has(f"/delivery/{key}/{form}")
        assert page.person.send(f"/delivery/{key}/{form}", fields).status == 403
    assert room.states(slot) == ["unknown"]


def test_a_network_is_looked_at_before_it_is_decided(room: Room, hook: FakeWebhook) -> None:
    hook.fail_next("silent")
    slot, key = asked(room, "unknown")

    looked = seen(room, slot).fill(f"/delivery/{key}/look")
    settled = looked.fill(f"/delivery/{key}/resolve", became="sent")

    assert "museum : webhook shows it at https://wall.example/wall-1" in looked.text
    assert looked.fields(f"/delivery/{key}/resolve")["url"] == "https://wall.example/wall-1"
    assert settled.objection == ""
    assert "Settled by ada" in settled.text
    assert "https://wall.example/wall-1" in settled.text
    assert not settled.has("/undo")


def test_a_network_that_shows_nothing_is_told_and_asked_again(room: Room, hook: FakeWebhook) -> None:
    hook.fail_next("dropped")
    slot, key = asked(room, "unknown")

    looked = seen(room, slot).fill(f"/delivery/{key}/look")
    settled = looked.fill(f"/delivery/{key}/resolve", became="absent")

    assert "webhook does not show it" in looked.text
    assert settled.status == 200
    assert room.states(slot) == ["pending"]


def test_what_is_unknown_is_given_up_with_a_reason(room: Room, hook: FakeWebhook) -> None:
    hook.fail_next("silent")
    slot, key = asked(room, "unknown")

    silent = seen(room, slot).fill(f"/delivery/{key}/resolve", became="failed")
    settled = silent.fill(f"/delivery/{key}/resolve", became="failed", why="the wall is down")

    assert silent.status == 422
    assert silent.objection == "say why it is given up; the reason is kept"
    assert settled.status == 200
    assert room.states(slot) == ["failed"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "say what became of it: found, not there, or given up"),
        ({"became": "sent", "url": "there"}, "'there' is no address"),
    ],
)
def test_what_does_not_settle_it_is_refused(
    room: Room, hook: FakeWebhook, fields: dict[str, str], why: str
) -> None:
    hook.fail_next("silent")
    slot, key = asked(room, "unknown")

    page = seen(room, slot).fill(f"/delivery/{key}/resolve", **fields)

    assert page.status == 422
    assert why in page.objection
    assert room.states(slot) == ["unknown"]


def test_what_is_settled_already_is_not_looked_for(room: Room, hook: FakeWebhook) -> None:
    hook.fail_next("silent")
    slot, key = asked(room, "unknown")
    first, second = seen(room, slot), seen(room, slot)
    first.fill(f"/delivery/{key}/resolve", became="failed", why="no")

    looked = second.fill(f"/delivery/{key}/look")
    late = second.fill(f"/delivery/{key}/resolve", became="absent")

    assert looked.status == 409
    assert late.status == 409
    assert "ada" in late.text
    assert room.states(slot) == ["failed"]


def test_what_failed_is_asked_for_again(room: Room, hook: FakeWebhook) -> None:
    hook.fail_next("answer", status=410)
    slot, key = asked(room, "failed")

    again = seen(room, slot).fill(f"/delivery/{key}/retry")
    room.tick()

    assert "Asked for again by ada" in again.text
    assert sorted(room.states(slot)) == ["failed", "sent"]
    assert len(hook.parts) == 3
    assert seen(room, slot).text.count("Three things about eyes.") == 1


def test_what_failed_too_long_ago_is_not_asked_for_again(room: Room, hook: FakeWebhook) -> None:
    hook.fail_next("answer", status=410)
    slot, key = asked(room, "failed")
    room.desk.now += DAY

    page = seen(room, slot).fill(f"/delivery/{key}/retry")

    assert page.status == 422
    assert "its time ended" in page.objection


def test_what_was_sent_is_taken_down_and_what_became_of_it_is_said(room: Room, hook: FakeWebhook) -> None:
    slot, key = asked(room, "sent")
    page = seen(room, slot)

    unsure = page.fill(f"/delivery/{key}/takedown", why="a wrong date")
    down = page.fill(f"/delivery/{key}/takedown", why="a wrong date", sure="yes")

    assert unsure.status == 422
    assert "say that you are sure" in unsure.objection
    assert unsure.fields(f"/delivery/{key}/takedown")["why"] == "a wrong date"
    assert down.status == 200
    assert "It is down everywhere." in down.text
    assert hook.parts == []
    assert [each.what for each in room.desk.queue.decisions(slot=slot)] == ["takedown"]


def test_what_remains_is_said_with_its_address(room: Room, hook: FakeWebhook) -> None:
    slot, key = asked(room, "sent")
    hook.fail_next("answer", route="DELETE /hook", status=403)

    down = seen(room, slot).fill(f"/delivery/{key}/takedown", why="a wrong date", sure="yes")

    assert "Not all of it is down." in down.text
    assert "It remains at https://wall.example/wall-" in down.text


def test_a_delivery_has_the_same_forms_on_its_own_page(room: Room, hook: FakeWebhook) -> None:
    slot, key = asked(room, "sent")
    person = room.person()

    page = person.see(f"/delivery/{key}")
    down = page.fill(f"/delivery/{key}/takedown", why="a wrong date", sure="yes")

    assert down.status == 200
    assert hook.parts == []
    assert person.see(f"/delivery/{key}/takedown").path == f"/delivery/{key}"
    assert slot in down.reply.text


def test_a_delivery_that_is_none_is_not_decided_about(room: Room) -> None:
    slot = room.slot("facts/lens")
    page = seen(room, slot)

    for key in ("0123456789", slot):
        assert page.person.send(f"/delivery/{key}/retry", {"csrf": page.reply.csrf}).status == 404


def test_what_waits_for_its_time_is_not_asked_for_at_once(room: Room) -> None:
    slot = room.slot("facts/lens")
    row = room.desk.queue.show(slot, MONDAY)[0].row
    page = seen(room, slot)

    early = page.person.send(f"/delivery/{row.key}/retry", {"csrf": page.reply.csrf})

    assert not page.has("/retry")
    assert early.status == 422
    assert "it is not due before" in early.text


def test_what_is_held_back_at_its_time_is_asked_for_by_a_person(room: Room) -> None:
    slot = room.slot("facts/thread")
    room.desk.now = FIRST + MINUTE
    key = room.desk.queue.show(slot, FIRST)[0].row.key

    page = seen(room, slot).fill(f"/delivery/{key}/retry")

    assert page.status == 200
    assert "Asked for again by ada" in page.text
