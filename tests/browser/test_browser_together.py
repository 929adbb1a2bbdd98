"""Two people decide at once: the second is told who did what, and nothing of theirs is lost."""

from collections.abc import Iterator

import pytest

from bot.zones import DAY
from tests.browser.deciders import Decider
from tests.browser.desks import Place, at_work, clock
from tests.browser.museums import Say, museum
from tests.browser.visitors import Reception

_NAMES = ("edited", "approved", "skipped", "filed", "moved")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    said = [Say(name, clock() + DAY, f"It is {name}.", 1) for name in _NAMES]
    with at_work(museum(tmp_path_factory.mktemp("together") / "museum", clock(), said)) as place:
        yield place


@pytest.fixture(params=["script", "plain"])
def with_script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "script")


@pytest.fixture
def ada(place: Place, reception: Reception) -> Decider:
    return Decider(reception.lets_in(place, "approve", "Ada"))


@pytest.fixture
def ben(place: Place, reception: Reception, with_script: bool) -> Decider:  # noqa: FBT001 - a fixture
    return Decider(reception.lets_in(place, "approve", "Ben", java_script_enabled=with_script))


@pytest.mark.short
def test_the_second_edit_is_told_of_the_first_and_its_words_are_kept(
    place: Place, ada: Decider, ben: Decider
) -> None:
    ben.looks_at("edited")
    ada.looks_at("edited")
    ada.decides("edit", {"textarea": f"Ada says this, {clock()}.", "#edit-why": "clearer"})
    stands = place.row("edited").rendition.parts[0].text

    said = ben.is_refused("edit", {"textarea": "Ben says that."})

    assert "it has changed since you looked at it" in said
    assert "Ada, " in said
    assert "edit: clearer" in said
    assert ben.page.locator("#edit textarea").input_value() == "Ben says that."
    assert place.row("edited").rendition.parts[0].text == stands
    assert stands in ben.words


def test_nobody_approves_words_that_they_have_not_seen(place: Place, ada: Decider, ben: Decider) -> None:
    ben.looks_at("approved")
    ada.looks_at("approved")
    ada.decides("edit", {"textarea": f"Other words, {clock()}."})

    said = ben.is_refused("approve")

    assert "Ada, " in said
    assert not place.row("approved").approved_by


def test_a_reason_is_kept_where_somebody_was_quicker(ada: Decider, ben: Decider) -> None:
    ben.looks_at("skipped")
    ada.looks_at("skipped")
    ada.decides("edit", {"textarea": f"Other words again, {clock()}."})

    said = ben.is_refused("skip", {"#skip-why": "the hall is closed"})

    assert "nothing of yours was done" in said
    assert ben.page.locator("#skip-why").input_value() == "the hall is closed"


def test_what_both_write_into_a_file_is_kept_once_and_told(place: Place, ada: Decider, ben: Decider) -> None:
    file = place.folder.root / "corpus/said/filed.md"
    ben.looks_at("filed")
    ada.looks_at("filed")
    ada.decides("rewrite", {"#rewrite-text-1": f"Ada wrote this, {clock()}."})
    written = file.read_bytes()

    ben.is_refused("rewrite", {"#rewrite-text-1": "Ben wrote that."})

    assert file.read_bytes() == written
    assert ben.page.locator("#rewrite-text-1").input_value() == "Ben wrote that."


def test_a_decision_can_be_made_anew_once_the_first_was_seen(
    place: Place, ada: Decider, ben: Decider
) -> None:
    ben.looks_at("moved")
    ada.looks_at("moved")
    ada.decides("edit", {"textarea": f"Words before a move, {clock()}."})

    ben.is_refused("approve")
    told = ben.decides("approve")

    assert "Approved by Ben" in told
    assert place.row("moved").approved_by == ("Ben",)
