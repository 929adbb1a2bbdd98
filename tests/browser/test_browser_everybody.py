"""Everybody can use every page: axe finds nothing, and a keyboard is enough."""

from collections.abc import Mapping

import pytest

from tests.browser.desks import Place
from tests.browser.looks import missed, tabbed, wrongs_in_every_light
from tests.browser.visitors import Reception

PAGES = (
    "month", "week", "list", "quiet", "year", "years ahead", "slot", "skipped", "gap", "sent", "delivery",
    "history", "health", "holds", "decisions", "review", "nothing",
)  # fmt: skip


@pytest.mark.parametrize(
    "name", [*(pytest.param(each, marks=pytest.mark.short) for each in PAGES[:2]), *PAGES[2:]]
)
def test_axe_finds_nothing_wrong_light_and_dark_narrow_and_wide(
    hostile_place: Place, paths: Mapping[str, str], reception: Reception, name: str
) -> None:
    visitor = reception.lets_in(hostile_place)

    visitor.goes(paths[name], status=404 if name == "nothing" else 200)

    assert list(wrongs_in_every_light(visitor.page)) == []


def test_axe_finds_nothing_wrong_at_the_door(hostile_place: Place, reception: Reception) -> None:
    visitor = reception.stranger(hostile_place)

    visitor.goes("/sign-in")
    before = list(wrongs_in_every_light(visitor.page))
    visitor.page.get_by_label("Your token").fill("nobody's")
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.get_by_role("alert").wait_for()

    assert before + list(wrongs_in_every_light(visitor.page)) == []


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_everything_and_shows_where_it_is(
    hostile_place: Place, paths: Mapping[str, str], reception: Reception, name: str
) -> None:
    visitor = reception.lets_in(hostile_place)

    # Where something was asked for, the answer has the focus: there Tab begins in the middle.
    path = "/holds" if name == "holds" else paths[name]
    visitor.goes(path, status=404 if name == "nothing" else 200)
    reached = tabbed(visitor.page)

    assert missed(visitor.page) == []
    assert [each["what"] for each in reached if not (each["seen"] and each["inside"])] == []


def test_the_first_tab_leads_past_the_navigation(hostile_place: Place, reception: Reception) -> None:
    visitor = reception.lets_in(hostile_place)

    visitor.goes("/health")
    visitor.page.keyboard.press("Tab")
    first = visitor.page.evaluate("document.activeElement.textContent")
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")

    assert first == "To the content"
    assert visitor.page.evaluate("document.activeElement.closest('main') !== null")
