"""The review of imported posts in a browser: yes, no and later by a key, and what becomes of the files."""

from collections.abc import Iterator
from urllib.parse import unquote

import pytest

from tests.browser.deciders import Decider
from tests.browser.desks import Place, clock, desk
from tests.browser.museums import museum
from tests.browser.visitors import Reception

_HELD = 'use = "hold"  # by the importer\nreasons = ["{reason}"]'
_POSTS = {
    "a-lamp": ("A lamp of brass burns whale oil.", "somebody should look"),
    "b-gate": ("Oak outlasts pine in salt water.", "somebody should look"),
    "c-bell": ("Brass rings longer than iron.", "somebody should look"),
    "d-stair": ("Iron gall ink is pale when it is fresh.", "somebody should look"),
}


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = museum(tmp_path_factory.mktemp("review") / "museum", clock())
    for name, (text, reason) in _POSTS.items():
        folder.post(f"imported/{name}", text, _HELD.format(reason=reason))
    with desk(folder) as place:
        yield place


@pytest.fixture(params=["script", "plain"])
def with_script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "script")


def _file(place: Place, name: str) -> str:
    return (place.folder.root / f"corpus/imported/{name}.md").read_text("utf-8")


def _at(decider: Decider) -> str:
    return unquote(decider.visitor.at).removeprefix("/review/imported/")


def test_keys_say_later_yes_and_no_and_lead_on(place: Place, reception: Reception) -> None:
    ada = Decider(reception.lets_in(place))

    ada.goes("/review")
    begins = _at(ada)
    ada.page.keyboard.press("l")
    ada.page.wait_for_url("**/imported/b-gate*")
    ada.page.keyboard.press("y")
    ada.page.wait_for_url("**/imported/c-bell*")
    ada.page.get_by_label("Why not").fill("it rings no more")
    ada.page.get_by_label("Why not").blur()
    ada.page.keyboard.press("n")
    ada.page.wait_for_url("**/imported/d-stair*")
    told = ada.page.locator("#notice").inner_text()

    assert begins == "a-lamp"
    assert "it rings no more" in told
    assert "hold" not in _file(place, "b-gate")
    assert "declined by Ada: it rings no more" in _file(place, "c-bell")
    assert 'use = "hold"  # by the importer' in _file(place, "c-bell")
    assert _file(place, "a-lamp").count('use = "hold"') == 1
    assert "2 of 4 decided" in ada.words


def test_a_post_is_mended_accepted_and_taken_back(
    place: Place,
    reception: Reception,
    with_script: bool,  # noqa: FBT001 - a fixture
) -> None:
    ada = Decider(reception.lets_in(place, java_script_enabled=with_script))
    before = _file(place, "a-lamp")

    ada.goes("/review/imported/a-lamp")
    ada.page.get_by_label("Text").fill("A lamp of brass burns olive oil.")
    ada.page.get_by_label("Tags").fill("tower, lamp")
    ada.page.get_by_role("radio", name="on any day").check()
    told = ada.submits(ada.page.get_by_role("button", name="Yes, it may be posted"))
    between = _file(place, "a-lamp")
    ada.undoes()

    assert "a-lamp" in told
    assert "burns olive oil" in between
    assert "hold" not in between
    assert 'tags = ["tower", "lamp"]' in between
    assert _file(place, "a-lamp") == before


def test_a_refusal_stands_beside_the_form_and_what_was_typed_stays(
    place: Place,
    reception: Reception,
    with_script: bool,  # noqa: FBT001 - a fixture
) -> None:
    ada = Decider(reception.lets_in(place, java_script_enabled=with_script))
    before = _file(place, "a-lamp")

    ada.goes("/review/imported/a-lamp")
    ada.page.get_by_label("Text").fill("{@nobody-known} lights our lamp.")
    ada.page.get_by_role("button", name="Yes, it may be posted").click()
    said = ada.page.locator("#refused")
    said.wait_for()

    assert "nobody-known" in said.inner_text()
    assert ada.page.get_by_label("Text").input_value() == "{@nobody-known} lights our lamp."
    assert _file(place, "a-lamp") == before


def test_two_people_decide_about_the_same_post_and_the_second_is_told(
    place: Place,
    reception: Reception,
    with_script: bool,  # noqa: FBT001 - a fixture
) -> None:
    ada = Decider(reception.lets_in(place, who="Ada"))
    ben = Decider(reception.lets_in(place, who="Ben", java_script_enabled=with_script))

    for each in (ada, ben):
        each.goes("/review/imported/a-lamp")
    ada.submits(ada.page.get_by_role("button", name="Yes, it may be posted"))
    written = _file(place, "a-lamp")
    ben.page.get_by_label("Text").fill("Ben has another lamp.")
    ben.page.get_by_role("button", name="Yes, it may be posted").click()
    ben.page.locator("#refused").wait_for()

    assert "Ada" in ben.words
    assert "Ben has another lamp." in ben.words
    assert _file(place, "a-lamp") == written


def test_who_may_only_look_finds_no_form(place: Place, reception: Reception) -> None:
    lou = Decider(reception.lets_in(place, "look", "Lou"))

    lou.goes("/review/imported/a-lamp")

    assert "A lamp of brass" in lou.words
    assert lou.page.locator("main form").count() == 0
