"""Who comes in, and what they may do there."""

from collections.abc import Iterator

import pytest

from bot.zones import DAY
from tests.browser.desks import Place, at_work, clock
from tests.browser.museums import Say, museum
from tests.browser.visitors import Reception


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    said = [Say("signed", clock() + DAY, "It wants a signature.", 1)]
    with at_work(museum(tmp_path_factory.mktemp("doors") / "museum", clock(), said)) as place:
        yield place


@pytest.mark.short
def test_the_printed_link_lets_in_once_and_no_second_time(place: Place, reception: Reception) -> None:
    first, second = reception.stranger(place), reception.stranger(place)

    first.enters()
    second.goes(place.link, status=403)

    assert "approve" in first.page.locator(".who").inner_text()
    assert "This link lets nobody in" in second.words
    assert not second.context.cookies()


@pytest.mark.parametrize(
    "path", ["/", "/history", "/health", "/review", "/holds", "/decisions", "/month/2030-01", "/slot/none"]
)
def test_who_is_not_signed_in_is_asked_in_and_brought_where_they_wanted_to_go(
    place: Place, reception: Reception, path: str
) -> None:
    visitor = reception.stranger(place)

    visitor.goes(path)
    asked = visitor.at
    visitor.page.get_by_label("Your token").fill(place.token("look", "Lou"))
    visitor.page.get_by_role("button", name="Sign in").click()

    assert asked == "/sign-in"
    visitor.page.wait_for_url(f"{place.base}{path}")


def test_a_wrong_token_is_told_beside_the_field(place: Place, reception: Reception) -> None:
    visitor = reception.stranger(place)

    visitor.goes("/sign-in")
    visitor.page.get_by_label("Your token").fill("nobody's")
    visitor.page.get_by_role("button", name="Sign in").click()

    assert "This token lets nobody in" in visitor.page.get_by_role("alert").inner_text()
    assert not visitor.context.cookies()


def test_the_cookie_is_for_the_desk_alone_and_no_script_reads_it(place: Place, reception: Reception) -> None:
    visitor = reception.lets_in(place, "look", "Lou")

    visitor.goes("/health")
    [cookie] = visitor.context.cookies()

    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/")
    assert visitor.page.evaluate("document.cookie") == ""


def test_after_signing_out_the_cookie_opens_nothing(place: Place, reception: Reception) -> None:
    visitor = reception.lets_in(place, "look", "Leaving")
    kept = visitor.context.cookies()

    visitor.goes("/health")
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.page.wait_for_url(f"{place.base}/sign-in")
    visitor.context.add_cookies(kept)  # type: ignore[arg-type] # what it gave is what it takes
    visitor.goes("/health")

    assert visitor.at == "/sign-in"


@pytest.mark.parametrize(
    ("role", "who", "decision"),
    [
        *(("look", "Lou", each) for each in ("approve", "skip", "swap", "move", "edit", "rewrite")),
        ("edit", "Eda", "approve"),
    ],
)
def test_who_may_not_decide_has_no_button_and_is_refused(
    place: Place, reception: Reception, role: str, who: str, decision: str
) -> None:
    visitor = reception.lets_in(place, role, who)
    path = place.slot("signed")

    visitor.goes(path)
    buttons = visitor.page.locator(f'form[action$="/{decision}"]').count()
    proof = visitor.page.locator('input[name="csrf"]').first.get_attribute("value")
    answer = visitor.context.request.post(
        f"{place.base}{path}/{decision}",
        form={"csrf": proof or "", "why": "because"},
        headers={"Origin": place.base},
    )

    assert buttons == 0
    assert answer.status == 403
    assert "You are signed in to" in answer.text()
    assert not place.decisions("signed")


@pytest.mark.parametrize(
    ("proof", "origin", "said"),
    [
        ("", "", "older than your sign-in"),
        ("its own", "https://elsewhere.example", "Another page sent this"),
        ("its own", "null", "Another page sent this"),
        ("", "https://elsewhere.example", "Another page sent this"),
    ],
)
def test_a_decision_that_comes_from_no_page_of_ours_is_refused(
    place: Place, reception: Reception, proof: str, origin: str, said: str
) -> None:
    visitor = reception.lets_in(place)
    path = place.slot("signed")

    visitor.goes(path)
    shown = visitor.page.locator('input[name="csrf"]').first.get_attribute("value")
    answer = visitor.context.request.post(
        f"{place.base}{path}/skip",
        form={"csrf": (proof and shown) or "", "why": "because"},
        headers={"Origin": origin or place.base},
    )

    assert answer.status == 403
    assert said in answer.text()
    assert not place.decisions("signed")
