"""Coming in and going out, over HTTP as browsers speak it."""

import logging
from collections.abc import Iterator

import pytest

from bot.delivery.people import Role
from bot.web.office import Patience
from tests.fakes.desks import MORNING, Served, served
from tests.fakes.projects import museum

ELSEWHERE = [
    "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
    "/\n/evil.example", "evil", "///evil.example", "/a\\b",
]  # fmt: skip


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(museum(tmp_path_factory.mktemp("desk") / "museum")) as found:
        yield found


def test_a_link_signs_in_with_a_page_that_goes_on_and_a_cookie_for_this_desk_alone(desk: Served) -> None:
    desk.queue.issue("word", "Ada", role=Role.EDIT, now=desk.now, is_once=True)
    browser = desk.browser()

    answer = browser.get("/enter?token=word")

    cookie = {each.strip() for each in answer.headers["set-cookie"].split(";")[1:]}
    assert answer.status == 200
    assert '<meta http-equiv="refresh" content="0; url=/">' in answer.text
    assert "Welcome, Ada" in answer.words
    assert cookie == {"HttpOnly", "Path=/", "SameSite=strict"}
    assert "Ada, edit" in browser.get("/health").words


@pytest.mark.parametrize("word", ["word", "another", "", "%00", "%ff"])
def test_a_link_that_lets_nobody_in_says_so_and_what_to_do(desk: Served, word: str) -> None:
    desk.queue.issue("word", "Ada", role=Role.EDIT, now=desk.now, is_once=True)
    desk.browser().get("/enter?token=word")
    browser = desk.browser()

    answer = browser.get(f"/enter?token={word}")

    assert answer.status == 403
    assert "This link lets nobody in: it was used before, is too old, or was revoked." in answer.words
    assert "`redletter web` prints a new one when it starts" in answer.words
    assert not browser.cookies


def test_who_only_looks_whether_a_link_is_there_does_not_use_it_up(desk: Served) -> None:
    desk.queue.issue("word", "Ada", role=Role.EDIT, now=desk.now, is_once=True)

    desk.browser().ask("HEAD", "/enter?token=word")

    assert desk.browser().get("/enter?token=word").status == 200


def test_a_feeds_token_lets_nobody_in(desk: Served) -> None:
    desk.queue.issue("feed", "calendar", role=Role.FEED, now=desk.now)

    assert desk.browser().get("/enter?token=feed").status == 403


def test_a_name_full_of_markup_is_shown_as_text(desk: Served) -> None:
    answer = desk.browser(Role.LOOK, '<script>alert("x")</script>').get("/health")

    assert '<script>alert("x")</script>, look' in answer.words
    assert "<script>alert" not in answer.text


def test_a_token_is_taken_in_a_form_and_leads_where_somebody_wanted_to_go(desk: Served) -> None:
    desk.queue.issue("word", "Ada", role=Role.LOOK, now=desk.now)
    browser = desk.browser()
    form = browser.get("/sign-in?next=%2Fhistory%3Fstate%3Dsent")

    answer = browser.post("/sign-in", {"token": " word\n", "next": "/history?state=sent"}, origin=desk.base)

    assert '<input type="hidden" name="next" value="/history?state=sent">' in form.text
    assert (answer.status, answer.headers["location"]) == (303, "/history?state=sent")
    assert browser.get("/history?state=sent").status == 200


@pytest.mark.parametrize("to", ELSEWHERE)
def test_nobody_is_led_elsewhere(desk: Served, to: str) -> None:
    desk.queue.issue("word", "Ada", role=Role.LOOK, now=desk.now)

    answer = desk.browser().post("/sign-in", {"token": "word", "next": to})

    assert answer.headers["location"] == "/"


def test_who_is_in_needs_no_form(desk: Served) -> None:
    answer = desk.browser(Role.LOOK).get("/sign-in?next=/health")

    assert (answer.status, answer.headers["location"]) == (303, "/health")


def test_a_wrong_token_is_told_beside_the_field(desk: Served) -> None:
    answer = desk.browser().post("/sign-in", {"token": "wrong", "next": "/health"})

    assert answer.status == 403
    assert "This token lets nobody in: it may be mistyped, too old, or revoked." in answer.words
    assert 'aria-invalid="true"' in answer.text
    assert 'value="/health"' in answer.text
    assert 'value="wrong"' not in answer.text


def test_another_page_signs_nobody_in(desk: Served) -> None:
    desk.queue.issue("word", "Ada", role=Role.LOOK, now=desk.now)
    browser = desk.browser()

    answer = browser.post("/sign-in", {"token": "word"}, origin="https://evil.example")

    assert answer.status == 403
    assert not browser.cookies


def test_signing_out_ends_the_session_and_takes_the_cookie_away(desk: Served) -> None:
    browser = desk.browser(Role.LOOK)
    kept = dict(browser.cookies)

    answer = browser.post("/sign-out", {"csrf": browser.get("/health").csrf})

    assert (answer.status, answer.headers["location"]) == (303, "/sign-in")
    assert not browser.cookies
    browser.cookies = kept
    assert browser.get("/health").status == 303


def test_nobody_is_signed_out_by_a_link(desk: Served) -> None:
    browser = desk.browser(Role.LOOK)

    answer = browser.get("/sign-out")

    assert answer.status == 405
    assert browser.get("/health").status == 200


def test_who_guesses_waits_longer_and_longer_and_is_not_even_listened_to(desk: Served) -> None:
    desk.queue.issue("word", "Ada", role=Role.LOOK, now=desk.now)
    guesses = [desk.browser().post("/sign-in", {"token": "wrong"}).status for _ in range(6)]

    right = desk.browser().get("/enter?token=word")
    desk.now += 1
    later = desk.browser().get("/enter?token=word")

    assert guesses == [403] * 5 + [429]
    assert (right.status, right.headers["retry-after"]) == (429, "1")
    assert "Too many wrong tokens came from where you are; try again in 1 second." in right.words
    assert later.status == 200


def test_who_got_in_may_mistype_again(desk: Served) -> None:
    desk.queue.issue("word", "Ada", role=Role.LOOK, now=desk.now)
    browser = desk.browser()

    guesses = [
        browser.post("/sign-in", {"token": word}).status for word in [*["wrong"] * 4, "word", *["wrong"] * 4]
    ]

    assert guesses == [403] * 4 + [303] + [403] * 4
    assert browser.post("/sign-in", {"token": "word"}).status == 303


def test_a_wrong_token_is_logged_without_it(desk: Served, caplog: pytest.LogCaptureFixture) -> None:
    desk.browser().post("/sign-in", {"token": "nearly-the-word"})

    said = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert said == ["somebody came to the desk with a token that lets nobody in, from 127.0.0.1"]
    assert "nearly-the-word" not in caplog.text


def test_patience_wears_thin_and_comes_back() -> None:
    patience, waits = Patience(), []

    for _ in range(14):
        patience.wrong("here", MORNING)
        waits.append(patience.wait("here", MORNING))
    patience.right("here")

    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert patience.wait("here", MORNING) == 0


def test_of_many_addresses_those_seen_last_are_remembered() -> None:
    patience = Patience()
    for _ in range(5):
        patience.wrong("first", MORNING)

    for number in range(1_024):
        patience.wrong(str(number), MORNING)

    assert patience.wait("first", MORNING) == 0
