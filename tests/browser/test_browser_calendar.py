"""Moving what is planned on the calendar: by hand, by keys, and never where it must not go."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from bot.zones import DAY, moment
from tests.browser.deciders import Decider
from tests.browser.desks import Place, at_work, clock
from tests.browser.museums import Say, museum
from tests.browser.visitors import How, Reception

#: A month without scrolling: what a hand carries must not slip away below it.
_TALL: How = {"viewport": {"width": 1280, "height": 1600}}
_NAMES = ("dragged", "quiet", "keyed", "left", "held-week")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    begins = (
        clock() // DAY + 1
    ) * DAY  # tomorrow, so that a later day of the same week or the next is to come
    said = [
        Say(name, begins + (12 + number) * 3600, f"It is {name}.", fields='tone = "celebration"')
        for number, name in enumerate(_NAMES)
    ]
    with at_work(museum(tmp_path_factory.mktemp("calendar") / "museum", clock(), said)) as place:
        yield place


@pytest.fixture
def ada(place: Place, reception: Reception) -> Decider:
    return Decider(reception.lets_in(place, **_TALL))


@pytest.mark.short
def test_a_mark_is_dragged_to_another_day_and_keeps_its_time(
    place: Place, ada: Decider, tmp_path: Path
) -> None:
    was = place.row("dragged").at
    wanted = _day(was) + timedelta(days=1)

    _opens(ada, "month", _day(was), wanted)
    _mark(ada.page, place, "dragged").drag_to(_cell(ada.page, wanted))
    told = ada.page.locator("#notice")
    told.wait_for()

    assert "Moved by Ada" in told.inner_text()
    assert place.row("dragged").at == was + DAY
    assert _mark(_cell(ada.page, wanted), place, "dragged").count() == 1
    assert place.will_say("dragged", was + DAY + 60, tmp_path) == ["It is dragged."]


def test_a_mark_that_must_not_go_there_goes_back_and_it_is_told_why(place: Place, ada: Decider) -> None:
    was = place.row("quiet").at
    quiet = moment(clock()).date() + timedelta(days=5)

    _opens(ada, "month", _day(was), quiet)
    _mark(ada.page, place, "quiet").drag_to(_cell(ada.page, quiet))
    told = ada.page.locator("#notice")
    told.wait_for()

    assert f"Not moved: {quiet} is a quiet day" in told.inner_text()
    assert place.row("quiet").at == was
    assert _mark(_cell(ada.page, _day(was)), place, "quiet").count() == 1


@pytest.mark.short
def test_a_mark_is_picked_up_carried_and_dropped_by_keys(place: Place, ada: Decider) -> None:
    was = place.row("keyed").at
    wanted = _day(was) + timedelta(days=1)

    _opens(ada, "month", _day(was), wanted)
    _mark(ada.page, place, "keyed").focus()
    ada.page.keyboard.press("m")
    picked = _voice(ada.page)
    ada.page.keyboard.press("ArrowRight")
    aimed = _voice(ada.page)
    ada.page.keyboard.press("Enter")
    ada.page.locator("#notice").wait_for()

    assert picked.startswith("Picked up from")
    assert f"{wanted.day} " in aimed
    assert place.row("keyed").at == was + DAY


def test_escape_leaves_a_mark_where_it_was(place: Place, ada: Decider) -> None:
    was = place.row("left").at

    _opens(ada, "month", _day(was), _day(was) + timedelta(days=1))
    _mark(ada.page, place, "left").focus()
    for key in ("m", "ArrowRight", "Escape"):
        ada.page.keyboard.press(key)

    assert _voice(ada.page) == "Left where it was."
    assert place.row("left").at == was


def test_enter_opens_a_mark_and_letters_lead_to_its_forms(place: Place, ada: Decider) -> None:
    was = place.row("left").at
    _opens(ada, "week", _day(was), _day(was))

    _mark(ada.page, place, "left").press("Enter")
    ada.page.wait_for_url(f"**{place.slot('left')}*")
    reached = {}
    for key in "asewm":
        ada.page.keyboard.press(key)
        reached[key] = ada.page.evaluate("document.activeElement.closest('form').id")
        ada.page.locator("h1").click()
        ada.page.evaluate("document.activeElement.blur()")

    assert reached == {"a": "approve", "s": "skip", "e": "edit", "w": "swap", "m": "move"}


def test_letters_that_are_typed_into_a_field_are_only_typed(ada: Decider) -> None:
    ada.looks_at("left")
    ada.page.locator("#skip-why").focus()

    ada.page.keyboard.type("same as ?")

    assert ada.page.locator("#skip-why").input_value() == "same as ?"
    assert ada.page.locator("dialog[open]").count() == 0


def test_single_letters_can_be_switched_off_and_stay_so(ada: Decider) -> None:
    ada.looks_at("left")

    ada.page.keyboard.press("?")
    ada.page.get_by_label("Switch the single letters off").check()
    ada.page.get_by_role("button", name="Close").click()
    ada.looks_at("left")
    before = ada.page.evaluate("document.activeElement.outerHTML")
    for key in "asewm?":
        ada.page.keyboard.press(key)

    assert ada.page.evaluate("document.activeElement.outerHTML") == before
    assert ada.page.locator("dialog[open]").count() == 0


def test_who_may_only_look_moves_nothing(place: Place, reception: Reception) -> None:
    lou = Decider(reception.lets_in(place, "look", "Lou", **_TALL))
    was = place.row("held-week").at
    wanted = _day(was) + timedelta(days=1)

    _opens(lou, "month", _day(was), wanted)
    _mark(lou.page, place, "held-week").drag_to(_cell(lou.page, wanted))
    _mark(lou.page, place, "held-week").focus()
    for key in ("m", "ArrowRight", "Enter"):
        lou.page.keyboard.press(key)

    assert place.row("held-week").at == was
    assert not place.decisions("held-week")


def _day(at: int) -> date:
    return moment(at).date()


def _opens(decider: Decider, view: str, first: date, last: date) -> None:
    """Open the calendar where it shows both days."""
    day = first if view == "week" or (first.year, first.month) == (last.year, last.month) else last
    decider.goes(f"/{view}/{day:%Y-%m}" if view == "month" else f"/{view}/{day}")


def _cell(page: Page, day: date) -> Locator:
    return page.locator(f'[data-day="{day}"]').first


def _mark(where: Page | Locator, place: Place, schedule: str) -> Locator:
    return where.locator(f'a[data-slot="{place.row(schedule).slot.key}"]')


def _voice(page: Page) -> str:
    """What a screen reader was told last."""
    return page.locator('[aria-live="assertive"]').inner_text()
