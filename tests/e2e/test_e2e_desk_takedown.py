"""What was taken down on the desk: every page says so from then on, and never that more is down than is."""

from collections.abc import Iterator

import pytest

from tests.fakes.deciders import Page, Room, deciding
from tests.fakes.projects import SCHEDULES, Folder
from tests.fakes.webhook import FakeWebhook
from tests.fakes.worlds import at

MONDAY = at("2027-03-08T06:00Z")
FIRST = at("2027-03-08T10:30Z")
DELETE = "DELETE /hook"
SURE = {"why": "a wrong date", "sure": "yes"}


@pytest.fixture
def hook() -> Iterator[FakeWebhook]:
    with FakeWebhook() as made:
        yield made


@pytest.fixture
def room(project: Folder, hook: FakeWebhook) -> Iterator[Room]:
    """A desk whose schedules speak on two walls at once, at the time of its first post."""
    walls = [
        f'[account.{name}]\nnetwork = "webhook"\nurl = "{hook.url}/hook"\ncredentials = "MUSEUM"\n'
        'zone = "Europe/London"\nlive = true\ndelete = true\ntimeout = "2s"\n'
        for name in ("museum", "pier")
    ]
    friends = '[mention.friends]\nname = "our friends"\n'
    project.write("schedules/accounts.toml", "\n".join([*walls, friends]))
    project.write("schedules/calendar.toml", SCHEDULES.replace('["museum"]', '["museum", "pier"]'))
    project.write(".env", f"MUSEUM_SECRET={hook.secret}\n")
    with deciding(project, MONDAY) as made:
        yield made


def sent(room: Room) -> tuple[str, dict[str, str]]:
    """The key of the first slot, once both walls show it, and the keys of its deliveries by account."""
    first = room.desk.queue.rows(MONDAY)[0].slot.key
    room.desk.now = FIRST
    room.tick()
    assert room.states(first) == ["sent", "sent"]
    return first, {row.account: row.key for row in room.desk.queue.rows(FIRST) if row.slot.key == first}


def take_down(room: Room, slot: str, key: str) -> Page:
    return room.person().see(f"/slot/{slot}").fill(f"/delivery/{key}/takedown", **SURE)


def test_what_is_down_is_said_to_be_on_every_page_and_is_not_offered_again(room: Room) -> None:
    slot, keys = sent(room)
    take_down(room, slot, keys["museum"])
    person = room.person("bob")

    on_slot, history = person.see(f"/slot/{slot}"), person.see("/history")
    delivery = person.see(f"/delivery/{keys['museum']}")

    for page in (on_slot, history, delivery):
        assert "2027-03-08 10:30 : taken down by ada" in page.text
    assert "✓ sent taken down museum" in history.text
    assert "✓ sent taken down" in delivery.text
    assert not on_slot.has(f"/delivery/{keys['museum']}/takedown")
    assert not delivery.has("/takedown")
    assert on_slot.has(f"/delivery/{keys['pier']}/takedown")
    assert "✓ sent pier" in history.text


def test_what_is_down_is_not_taken_down_twice(room: Room, hook: FakeWebhook) -> None:
    slot, keys = sent(room)
    take_down(room, slot, keys["museum"])
    page, asked = room.person("bob").see(f"/slot/{slot}"), len(hook.heard)

    again = page.person.send(f"/delivery/{keys['museum']}/takedown", {"csrf": page.reply.csrf, **SURE})

    assert again.status == 422
    assert again.objection == "it is down already: ada took it down"
    assert [each.who for each in room.desk.queue.decisions(slot=slot)] == ["ada"]
    assert len(hook.heard) == asked


def test_what_was_gone_already_is_not_said_to_have_been_taken_down(room: Room, hook: FakeWebhook) -> None:
    slot, keys = sent(room)
    hook.parts.clear()

    take_down(room, slot, keys["museum"])

    assert "gone already when ada asked for it to be deleted" in room.person().see(f"/slot/{slot}").text


def test_what_remains_is_said_on_every_page_and_can_be_tried_again(room: Room, hook: FakeWebhook) -> None:
    slot, keys = sent(room)
    hook.fail_next("answer", route=DELETE, status=403)
    take_down(room, slot, keys["museum"])
    person = room.person("bob")

    pages = [person.see(path) for path in (f"/slot/{slot}", "/history", f"/delivery/{keys['museum']}")]

    for page in pages:
        assert "ada wanted it taken down, and it remains:" in page.text
        assert 'href="https://wall.example/wall-' in page.reply.text
    assert "✓ sent taken down in part museum" in pages[1].text
    assert pages[0].has(f"/delivery/{keys['museum']}/takedown")
    assert pages[2].has("/takedown")


def test_what_nobody_knows_is_told_as_that(room: Room, hook: FakeWebhook) -> None:
    slot, keys = sent(room)
    hook.fail_next("dropped", route=DELETE)
    take_down(room, slot, keys["museum"])

    text = room.person("bob").see(f"/slot/{slot}").text

    assert "ada wanted it taken down, and it may remain:" in text
    assert "nobody knows whether it is gone" in text


def test_one_account_is_never_called_everywhere(room: Room) -> None:
    slot, keys = sent(room)

    one = take_down(room, slot, keys["museum"])
    both = take_down(room, slot, keys["pier"])

    assert "It is down on museum." in one.text
    assert "it is still shown on pier" in one.text
    assert "everywhere." not in one.text
    assert "It is down everywhere." in both.text
    assert "still shown" not in both.text


def test_an_account_that_will_show_it_yet_is_named(room: Room) -> None:
    slot, keys = sent_by_one(room)

    down = take_down(room, slot, keys["museum"])

    assert "It is down on museum." in down.text
    assert "it may yet be shown on pier: skip or settle it there" in down.text


def sent_by_one(room: Room) -> tuple[str, dict[str, str]]:
    """As `sent`, with the other wall's moved to the afternoon."""
    rows = [row for row in room.desk.queue.rows(MONDAY) if row.at == FIRST]
    keys = {row.account: row.key for row in rows}
    moved = room.person().see(f"/slot/{rows[0].slot.key}")
    assert moved.fill("/move", on=keys["pier"], at="2027-03-08T15:00", why="later").status == 200
    room.desk.now = FIRST
    room.tick()
    return rows[0].slot.key, keys


def test_a_whole_slot_is_taken_down_at_once(room: Room, hook: FakeWebhook) -> None:
    slot, _ = sent(room)
    page = room.person().see(f"/slot/{slot}")

    unsure = page.fill(f"/slot/{slot}/takedown", why="a wrong date")
    down = page.fill(f"/slot/{slot}/takedown", **SURE)

    assert unsure.status == 422
    assert "say that you are sure" in unsure.objection
    assert unsure.fields(f"/slot/{slot}/takedown")["why"] == "a wrong date"
    assert down.status == 200
    assert "It is down everywhere." in down.text
    assert hook.parts == []
    assert [each.what for each in room.desk.queue.decisions(slot=slot)] == ["takedown"]
    assert not down.has("/takedown")


def test_a_whole_slot_is_offered_only_where_several_accounts_show_it(room: Room) -> None:
    slot, keys = sent(room)
    take_down(room, slot, keys["museum"])

    page = room.person().see(f"/slot/{slot}")

    assert not page.has(f"/slot/{slot}/takedown")


def test_a_whole_slot_is_taken_down_by_who_may_approve_alone(room: Room) -> None:
    slot, _ = sent(room)
    page = room.person("eve", "edit").see(f"/slot/{slot}")

    sent_anyway = page.person.send(f"/slot/{slot}/takedown", {"csrf": page.reply.csrf, **SURE})

    assert not page.has("/takedown")
    assert sent_anyway.status == 403


def test_what_is_down_everywhere_is_not_taken_down_again(room: Room) -> None:
    slot, _ = sent(room)
    page = room.person().see(f"/slot/{slot}")
    page.fill(f"/slot/{slot}/takedown", **SURE)

    again = page.person.send(f"/slot/{slot}/takedown", {"csrf": page.reply.csrf, **SURE})

    assert again.status == 422
    assert again.objection == "it is down already: ada took it down"


def test_of_a_refusal_a_script_exchanges_the_section_alone(room: Room, hook: FakeWebhook) -> None:
    slot, keys = sent(room)
    page = room.person().see(f"/slot/{slot}")

    for path, section in (
        (f"/delivery/{keys['pier']}/takedown", f"takedown-{keys['pier']}"),
        (f"/slot/{slot}/takedown", "takedown"),
    ):
        refused = page.person.browser.post(path, {**page.fields(path), "why": "no"}, hx_request="true")

        assert refused.status == 422
        assert refused.headers["hx-retarget"] == refused.headers["hx-reselect"] == f"#{section}"
        assert 'id="refused"' in refused.text.partition(f'id="{section}"')[2].partition("</details>")[0]
    assert len(hook.parts) == 6
