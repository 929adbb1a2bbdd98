"""What stands before every page: who asks, from where, and how much; over HTTP as browsers speak it."""

import logging
import socket
from collections.abc import Iterator
from http.client import IncompleteRead
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.delivery.people import STAY, Role
from bot.errors import BadCall, BadState, Overtaken
from bot.web.app import make_app
from bot.web.guard import MOST_BYTES, public, signed
from bot.web.showing import is_fragment
from tests.fakes.desks import Served, served
from tests.fakes.projects import museum

CHANGED: list[str] = []
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@signed(Role.EDIT)
def change(request: Request) -> Response:
    CHANGED.append(str(request.state.form.get("what", "")))
    return PlainTextResponse("a part" if is_fragment(request) else "changed")


@signed(Role.LOOK)
def trouble(request: Request) -> Response:
    troubles = {
        "senseless": BadCall("no post called <i>moon</i>"),
        "overtaken": Overtaken("Bo was quicker"),
        "unusable": BadState("redletter.db: malformed"),
    }
    raise troubles.get(request.path_params["what"], RuntimeError("secret inner words"))


@signed(Role.LOOK)
def halfway(_: Request) -> Response:
    def words() -> Iterator[str]:
        yield "the beginning"
        raise RuntimeError("secret inner words")

    return StreamingResponse(words())


PAGES = (
    Route("/halfway", halfway, methods=["GET"]),
    Route("/change", change, methods=["GET", "POST"]),
    Route("/trouble/{what}", trouble, methods=["GET"]),
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(museum(tmp_path_factory.mktemp("desk") / "museum"), more=PAGES) as found:
        yield found


@pytest.fixture(autouse=True)
def _unchanged() -> None:
    CHANGED.clear()


def test_a_stranger_is_asked_in_and_led_back(desk: Served) -> None:
    answer = desk.browser().get("/change?what=a%20b&c=%2F")

    assert answer.status == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fchange%3Fwhat%3Da%2520b%26c%3D%252F"


def test_a_script_of_a_stranger_is_led_to_the_sign_in_as_a_whole_page(desk: Served) -> None:
    answer = desk.browser().get("/change", hx_request="true")

    assert (answer.status, answer.headers["hx-redirect"]) == (401, "/sign-in")


def test_a_mail_that_leads_here_is_followed_once_more_so_that_the_cookie_comes_along(desk: Served) -> None:
    answer = desk.browser().get("/change?a=%22%3E%3Cscript%3E", sec_fetch_site="cross-site")

    assert answer.status == 200
    assert '<meta http-equiv="refresh" content="0; url=/change?a=%22%3E%3Cscript%3E">' in answer.text
    assert "<script" not in answer.text


def test_who_may_only_look_changes_nothing_and_is_told_who_can(desk: Served) -> None:
    browser = desk.browser(Role.LOOK)

    answer = browser.post("/change", {"csrf": browser.get("/health").csrf, "what": "a"})

    assert answer.status == 403
    assert "You are signed in to look, and this needs somebody who may edit." in answer.words
    assert "redletter web token --role edit --who NAME" in answer.words
    assert not CHANGED


@pytest.mark.parametrize("role", [Role.EDIT, Role.APPROVE])
def test_who_may_change_shows_a_proof_in_the_form_or_beside_it(desk: Served, role: Role) -> None:
    browser = desk.browser(role)
    proof = browser.get("/health").csrf

    by_form = browser.post("/change", {"csrf": proof, "what": "a"})
    by_header = browser.post("/change", {"what": "b"}, x_csrf_token=proof, hx_request="true")

    assert (by_form.text, by_header.text) == ("changed", "a part")
    assert CHANGED == ["a", "b"]


@pytest.mark.parametrize("proof", [None, "", "wrong", "é"])
def test_a_change_without_the_right_proof_is_refused(desk: Served, proof: str | None) -> None:
    browser = desk.browser(Role.APPROVE)

    answer = browser.post("/change", {"what": "a"} | ({} if proof is None else {"csrf": proof}))

    assert answer.status == 403
    assert "This page is older than your sign-in; nothing was changed." in answer.words
    assert not CHANGED


def test_the_proof_of_another_session_is_none(desk: Served) -> None:
    hers, his = desk.browser(Role.EDIT), desk.browser(Role.EDIT, "Bo")

    answer = his.post("/change", {"csrf": hers.get("/health").csrf, "what": "a"})

    assert answer.status == 403
    assert not CHANGED


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"origin": "https://evil.example", "sec_fetch_site": "same-origin"},
    ],
)
def test_what_another_page_sends_is_refused_though_it_had_the_proof(
    desk: Served, headers: dict[str, str]
) -> None:
    browser = desk.browser(Role.APPROVE)
    proof = browser.get("/health").csrf

    answer = browser.post("/change", {"csrf": proof, "what": "a"}, **headers)

    assert answer.status == 403
    assert "Another page sent this, so nothing was changed." in answer.words
    assert not CHANGED


def test_what_our_own_page_sends_is_taken(desk: Served) -> None:
    browser = desk.browser(Role.APPROVE)
    proof = browser.get("/health").csrf

    answer = browser.post("/change", {"csrf": proof}, origin=desk.base, sec_fetch_site="same-origin")

    assert answer.status == 200


def test_a_change_after_the_session_ended_says_that_nothing_was_changed(desk: Served) -> None:
    browser = desk.browser(Role.APPROVE)
    proof = browser.get("/health").csrf
    desk.queue.leave(browser.cookies[desk.office.site.cookie])

    answer = browser.post("/change", {"csrf": proof})

    assert answer.status == 403
    assert "You are not signed in any more, and nothing was changed." in answer.words
    assert not CHANGED


def test_a_session_ends_after_half_a_day(desk: Served) -> None:
    browser, then = desk.browser(Role.LOOK), desk.now
    try:
        desk.now = then + STAY - 1
        before = browser.get("/health").status
        desk.now = then + STAY
        after = browser.get("/health").status
    finally:
        desk.now = then

    assert (before, after) == (200, 303)


def test_who_is_revoked_is_asked_to_sign_in_at_the_next_click(desk: Served) -> None:
    browser = desk.browser(Role.LOOK, "Cy")
    number = next(token.id for token in desk.queue.tokens() if token.who == "Cy")

    desk.queue.revoke(number, desk.now)

    assert browser.get("/health").status == 303


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1"])
def test_a_name_that_somebody_else_gave_this_machine_is_not_answered_to(desk: Served, host: str) -> None:
    answer = desk.browser(Role.APPROVE).get("/health", host=host)

    assert answer.status == 400
    assert "This desk is not known by that name" in answer.words


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"])
def test_only_looking_and_sending_forms_is_spoken(desk: Served, method: str) -> None:
    answer = desk.browser(Role.APPROVE).ask(method, "/health")

    assert answer.status == 405


def test_a_page_that_only_shows_takes_no_forms(desk: Served) -> None:
    answer = desk.browser(Role.APPROVE).post("/health")

    assert answer.status == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert "Not that way" in answer.words


def test_where_there_is_no_page_the_way_back_is_shown(desk: Served) -> None:
    answer = desk.browser(Role.LOOK).get("/nowhere")

    assert answer.status == 404
    assert "There is no such page" in answer.words
    assert "Sign out" in answer.words
    assert "Sign out" not in desk.browser().get("/nowhere").words


@pytest.mark.parametrize("says_so", [True, False])
def test_a_form_that_is_too_large_is_not_read_to_its_end(desk: Served, says_so: bool) -> None:  # noqa: FBT001 - a case
    browser = desk.browser(Role.APPROVE)
    body = b"what=" + b"a" * MOST_BYTES
    chunks = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"

    answer = (
        browser.ask("POST", "/change", body=body, headers=FORM)
        if says_so
        else browser.ask("POST", "/change", body=chunks, headers={**FORM, "Transfer-Encoding": "chunked"})
    )

    assert answer.status == 413
    assert "A form may be 256 KB long at most." in answer.words
    assert not CHANGED


def test_a_form_of_just_that_size_is_taken(desk: Served) -> None:
    browser = desk.browser(Role.APPROVE)
    proof = browser.get("/health").csrf
    body = f"csrf={proof}&what=".encode()

    answer = browser.ask("POST", "/change", body=body + b"a" * (MOST_BYTES - len(body)), headers=FORM)

    assert answer.status == 200


def test_a_form_with_too_many_fields_is_refused(desk: Served) -> None:
    answer = desk.browser(Role.APPROVE).ask("POST", "/change", body=b"a=&" * 1_500, headers=FORM)

    assert answer.status == 413
    assert "A form has 1000 fields at most." in answer.words


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=a", "text/plain"])
def test_what_is_no_form_is_refused(desk: Served, kind: str) -> None:
    answer = desk.browser(Role.APPROVE).ask("POST", "/change", body=b"{}", headers={"Content-Type": kind})

    assert answer.status == 415


def test_letters_that_are_none_are_shown_as_such(desk: Served) -> None:
    browser = desk.browser(Role.APPROVE)
    proof = browser.get("/health").csrf

    browser.ask("POST", "/change", body=f"csrf={proof}&what=%FFa\n".encode() + b"\xfe", headers=FORM)

    assert CHANGED == ["�a\n�"]


def test_who_hangs_up_in_the_middle_of_a_form_is_nobodys_trouble(
    desk: Served, caplog: pytest.LogCaptureFixture
) -> None:
    place = urlsplit(desk.base)
    with socket.create_connection((place.hostname, place.port), timeout=5) as line:
        line.sendall(f"POST /change HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 9\r\n\r\na=".encode())

    assert desk.browser(Role.LOOK).get("/health").status == 200
    assert not caplog.records


def test_a_form_that_says_it_is_too_large_is_not_even_waited_for(desk: Served) -> None:
    answer = desk.browser(Role.APPROVE).ask("POST", "/change", headers={**FORM, "Content-Length": "262145"})

    assert answer.status == 413


def test_a_form_that_never_arrives_is_not_waited_for(desk: Served) -> None:
    place = urlsplit(desk.base)
    with socket.create_connection((place.hostname, place.port), timeout=5) as line:
        line.sendall(f"POST /change HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 9\r\n\r\na=".encode())
        answer = line.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("senseless", 422, "no post called <i>moon</i>"),
        ("overtaken", 409, "Bo was quicker"),
        ("unusable", 503, "redletter.db: malformed"),
    ],
)
def test_a_refusal_is_told_in_its_own_words(desk: Served, what: str, status: int, words: str) -> None:
    answer = desk.browser(Role.LOOK).get(f"/trouble/{what}")

    assert answer.status == status
    assert words in answer.words
    assert "<i>" not in answer.text


def test_a_page_that_breaks_is_logged_once_and_tells_the_browser_nothing_of_it(
    desk: Served, caplog: pytest.LogCaptureFixture
) -> None:
    answer = desk.browser(Role.LOOK).get("/trouble/unheard-of")

    broken = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert answer.status == 500
    assert "This page broke; that is a fault of the program." in answer.words
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert len(broken) == 1
    assert broken[0].getMessage() == "a page broke: GET /trouble/unheard-of"


def test_a_page_that_breaks_halfway_is_not_called_whole(
    desk: Served, caplog: pytest.LogCaptureFixture
) -> None:
    browser = desk.browser(Role.LOOK)

    with pytest.raises(IncompleteRead) as broken:
        browser.get("/halfway")

    assert broken.value.partial == b"the beginning"
    assert [record.getMessage() for record in caplog.records if record.exc_info] == [
        "a page broke: GET /halfway"
    ]


@pytest.mark.parametrize("path", ["/health", "/nowhere", "/sign-in", "/trouble/broken", "/static/desk.css"])
def test_every_answer_says_what_a_browser_may_do_with_it(desk: Served, path: str) -> None:
    headers = desk.browser(Role.LOOK).get(path).headers

    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers


def test_pages_are_kept_nowhere_and_files_for_good(desk: Served) -> None:
    browser = desk.browser(Role.LOOK)
    health = browser.get("/health")
    address = health.text.split('rel="stylesheet" href="')[2].split('"')[0]

    named = browser.get(address)
    unnamed = browser.get(address.partition("?")[0])
    again = browser.get(address, if_none_match=named.headers["etag"])

    assert health.headers["cache-control"] == "no-store"
    assert named.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert named.headers["content-type"] == "text/css; charset=utf-8"
    assert (unnamed.headers["cache-control"], unnamed.text) == ("no-cache", named.text)
    assert (again.status, again.text) == (304, "")


@pytest.mark.parametrize("name", ["nothing.css", "..%2fapp.py", "%2e%2e/app.py"])
def test_no_other_file_is_served(desk: Served, name: str) -> None:
    assert desk.browser().get(f"/static/{name}").status == 404


def test_every_page_says_who_may_see_it(desk: Served) -> None:
    def open_to_all(_: Request) -> Response:
        return Response()

    with pytest.raises(ValueError, match="these pages do not say who may see them: /forgotten"):
        make_app(desk.office, [[Route("/forgotten", open_to_all), Route("/seen", public(open_to_all))]])


def test_behind_a_proxy_a_change_comes_from_its_address(tmp_path: Path) -> None:
    with served(museum(tmp_path / "museum"), more=PAGES, public="https://desk.museum.example") as desk:
        browser = desk.browser(Role.APPROVE)
        proof = browser.get("/health").csrf
        cookies = set(browser.cookies)

        ours = browser.post("/change", {"csrf": proof}, origin="https://desk.museum.example")
        foreign = browser.post("/change", {"csrf": proof}, origin=desk.base)
        named = browser.get("/health", host="desk.museum.example")

    assert cookies == {"__Host-redletter_desk_443"}
    assert (ours.status, foreign.status, named.status) == (200, 403, 200)


def test_connections_that_ask_nothing_are_closed_and_keep_nobody_out(tmp_path: Path) -> None:
    with served(museum(tmp_path / "museum"), more=PAGES, idle=1) as desk:
        place = urlsplit(desk.base)
        silent = [socket.create_connection((place.hostname or "", place.port or 0)) for _ in range(300)]
        silent[0].sendall(b"GET /sign-in HTTP/1.1\r\nHost: ")
        silent[0].settimeout(10)

        ended = silent[0].recv(1)
        silent[-1].settimeout(10)
        silent[-1].recv(1)
        answer = desk.browser().get("/sign-in")
        for each in silent:
            each.close()

    assert ended == b""
    assert answer.status == 200


def test_a_request_that_does_not_come_whole_is_not_waited_for(tmp_path: Path) -> None:
    with served(museum(tmp_path / "museum"), more=PAGES, idle=1) as desk:
        place = urlsplit(desk.base)
        with socket.create_connection((place.hostname or "", place.port or 0), timeout=10) as slow:
            whole = f"GET /sign-in HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n"
            slow.sendall(whole.encode())
            assert slow.recv(15) == b"HTTP/1.1 200 OK"
            while b"</html>" not in slow.recv(65_536):
                pass
            slow.sendall(b"GET / HT")

            assert slow.recv(1) == b""
