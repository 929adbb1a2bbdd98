"""What holds on every page: text stays text, nothing leaves the desk, and it fits on every screen and down every wire."""

from collections.abc import Mapping

import pytest

from tests.browser.desks import Place
from tests.browser.looks import too_wide
from tests.browser.museums import FACES, SCRIPT
from tests.browser.test_browser_everybody import PAGES
from tests.browser.visitors import Reception

_BY_PEOPLE = ("list", "slot", "skipped", "sent", "delivery", "history", "holds", "decisions")


@pytest.mark.parametrize("name", PAGES)
def test_what_people_write_is_shown_as_text_and_never_obeyed(
    hostile_place: Place, paths: Mapping[str, str], reception: Reception, name: str
) -> None:
    visitor = reception.lets_in(hostile_place, who="<b>Eve</b>'\"")

    visitor.goes(paths[name], status=404 if name == "nothing" else 200)
    found = visitor.page.evaluate(
        "[document.querySelectorAll('script:not([src]), main script, main b, main i, [onerror], [onmouseover], [style],"
        " style').length, document.querySelectorAll('img:not([src^=\"/media/\"])').length]"
    )

    assert found == [0, 0]
    assert "<b>Eve</b>'\"" in visitor.page.locator(".who").inner_text()
    assert "7*7" in visitor.words or "49" not in visitor.page.locator("main").inner_text()


@pytest.mark.parametrize("name", _BY_PEOPLE)
def test_the_words_are_there_letter_by_letter(
    hostile_place: Place, paths: Mapping[str, str], reception: Reception, name: str
) -> None:
    visitor = reception.lets_in(hostile_place)

    visitor.goes(paths[name], status=404 if name == "nothing" else 200)
    said = visitor.page.locator("main").inner_text()

    assert SCRIPT in said
    assert name == "history" or FACES in said


@pytest.mark.parametrize("name", PAGES)
def test_nothing_has_to_be_scrolled_sideways_on_any_screen(
    hostile_place: Place, paths: Mapping[str, str], reception: Reception, name: str
) -> None:
    visitor = reception.lets_in(hostile_place)

    visitor.goes(paths[name], status=404 if name == "nothing" else 200)

    assert [each for width in (320, 360, 800, 1600) for each in too_wide(visitor.page, width)] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_enough_for_a_slow_wire(
    hostile_place: Place, paths: Mapping[str, str], reception: Reception, name: str
) -> None:
    visitor = reception.lets_in(hostile_place)
    scripts: dict[str, int] = {}
    visitor.page.on(
        "response",
        lambda answer: scripts.update({answer.url: len(answer.body())}) if ".js" in answer.url else None,
    )

    answer = visitor.goes(paths[name], status=404 if name == "nothing" else 200)
    visitor.page.wait_for_load_state("networkidle")

    assert len(answer.body()) <= 100_000
    assert 0 < sum(scripts.values()) <= 60_000
