"""What a script exchanges of a slot's page once a form was refused, and what notices repeat."""

from collections.abc import Iterator

import pytest

from tests.fakes.deciders import Room, deciding
from tests.fakes.projects import Folder
from tests.fakes.worlds import at


@pytest.fixture
def room(project: Folder) -> Iterator[Room]:
    with deciding(project, at("2027-03-08T06:00Z")) as made:
        yield made


@pytest.mark.parametrize(
    ("form", "fields"),
    [("skip", {"why": ""}), ("move", {"at": "soon"}), ("swap", {"other": "none"}), ("edit", {})],
)
def test_what_was_typed_in_other_forms_stays_where_a_script_runs(
    room: Room, form: str, fields: dict[str, str]
) -> None:
    key = room.slot("facts/lens")
    page = room.person().see(f"/slot/{key}")
    typed = {**page.fields(f"/{form}"), **fields}

    refused = page.person.browser.post(f"/slot/{key}/{form}", typed, hx_request="true")

    assert refused.status == 422
    assert refused.headers["hx-retarget"] == refused.headers["hx-reselect"] == f"#{form}"
    assert 'id="refused"' in refused.text.partition(f'id="{form}"')[2].partition("</form>")[0]


def test_the_whole_page_is_exchanged_where_somebody_else_was_quicker(room: Room) -> None:
    key = room.slot("facts/lens")
    hers, his = (room.person(who).see(f"/slot/{key}") for who in ("ada", "bob"))
    assert hers.fill("/approve").status == 200

    late = his.person.browser.post(
        f"/slot/{key}/skip", {**his.fields("/skip"), "why": "no"}, hx_request="true"
    )

    assert late.status == 409
    assert "hx-retarget" not in late.headers


def test_the_whole_page_is_exchanged_where_the_form_is_no_more(room: Room) -> None:
    key = room.slot("facts/lens")
    page = room.person().see(f"/slot/{key}")
    page.fill("/skip", why="no")

    again = page.person.browser.post(
        f"/slot/{key}/skip", {"csrf": page.reply.csrf, "why": "no"}, hx_request="true"
    )

    assert again.status == 422
    assert "hx-retarget" not in again.headers


def test_a_taking_back_says_once_what_it_takes_back(room: Room) -> None:
    key = room.slot("facts/lens")
    skipped = room.person().see(f"/slot/{key}").fill("/skip", why="not this one")

    undone = skipped.fill("/undo")
    listed = room.person().see("/decisions")

    assert "Taken back by ada." in undone.text
    assert "takes back:" not in undone.text
    assert "takes back:" not in listed.text
    assert "not this one" in listed.text
