"""`redletter web` as people start it: a process, its link, its tokens, and what it refuses."""

import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import create_server

import pytest

from tests.fakes.desks import Browser, Reply
from tests.fakes.projects import COMMAND, Folder, environ, until

LINK = re.compile(r"The desk is at (https?://[^/]+)(/enter\?token=\S+)")


class Desk:
    """`redletter web` in a process of its own."""

    def __init__(self, folder: Folder, *words: str) -> None:
        self.said = folder.root.parent / f"desk-{time.monotonic_ns()}"
        with self.said.open("wb") as file:
            self.process = subprocess.Popen(
                [*COMMAND, "web", "--port", "0", *words],
                cwd=folder.root,
                env=environ(),
                stdout=file,
                stderr=file,
            )

    @property
    def words(self) -> str:
        return self.said.read_text("utf-8")

    @property
    def link(self) -> tuple[str, str]:
        """Where it is, and the path that signs in."""
        found = LINK.search(self.words)
        assert found, self.words
        return found[1], found[2]

    def ends(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(10)


@contextmanager
def desk(folder: Folder, *words: str) -> Iterator[Desk]:
    made = Desk(folder, *words)
    try:
        until(lambda: "Stop the desk" in made.words or made.process.poll() is not None)
        yield made
    finally:
        made.process.kill()
        made.process.wait(5)


@pytest.fixture
def port() -> int:
    with create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    return number


@contextmanager
def asked_once(base: str, **headers: str) -> Iterator[list[Reply]]:
    """The desk that this process serves is asked once it is there, and ended by a signal."""
    answers: list[Reply] = []
    earlier = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}

    over = threading.Event()

    def visit() -> None:
        try:
            until(lambda: over.is_set() or _answers(base))
            answers.append(Browser(base).get("/sign-in", **headers))
        finally:
            if not over.is_set():
                os.kill(os.getpid(), signal.SIGTERM)

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        yield answers
    finally:
        over.set()
        visitor.join(40)
        for each, handler in earlier.items():
            signal.signal(each, handler)


def _answers(base: str) -> bool:
    try:
        return bool(Browser(base).get("/sign-in").status)
    except OSError:
        return False


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    words = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-nodes"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    subprocess.run([*made, *words, "-keyout", key, "-out", cert], check=True, capture_output=True, timeout=30)
    return cert, key


def test_the_link_that_it_prints_signs_in_once_and_a_signal_ends_it(project: Folder) -> None:
    with desk(project, "--role", "edit", "--who", "Ada") as running:
        base, path = running.link
        browser = Browser(base)

        waits = project.call("web", "token", "--list").out
        first = browser.get(path).status
        page = browser.get("/health").words
        used = project.call("web", "token", "--list").out
        second = Browser(base).get(path).status
        status = running.ends(signal.SIGTERM)

    assert base.startswith("http://127.0.0.1:")
    assert (first, second) == (200, 403)
    assert "Ada, edit" in page
    assert re.fullmatch(r" +1  edit     Ada  good until \S+Z, once\n", waits)
    assert re.fullmatch(r" +1  edit     Ada  used \S+Z\n", used)
    assert "This link signs Ada in, once and within ten minutes, to edit." in running.words
    assert status == 0
    assert "Traceback" not in running.words


def test_it_stops_with_ctrl_c_though_a_browser_holds_a_connection(project: Folder) -> None:
    from http.client import HTTPConnection  # noqa: PLC0415 - only here is one kept

    with (
        desk(project) as running,
        closing(HTTPConnection(running.link[0].removeprefix("http://"), timeout=5)) as held,
    ):
        held.request("GET", "/sign-in")
        held.getresponse().read()

        began = time.monotonic()
        status = running.ends(signal.SIGINT)

    assert status == 0
    assert time.monotonic() - began < 8
    assert "Traceback" not in running.words


def test_with_tls_cookies_are_secure(project: Folder, certificate: tuple[Path, Path]) -> None:
    cert, key = certificate
    with desk(project, "--tls-cert", str(cert), "--tls-key", str(key)) as running:
        base, path = running.link
        browser = Browser(base, tls=ssl.create_default_context(cafile=str(cert)))

        answer = browser.get(path)
        page = browser.get("/health")

    assert base.startswith("https://127.0.0.1:")
    assert answer.status == page.status == 200
    assert answer.headers["set-cookie"].startswith("__Host-redletter_desk_")
    assert "; Secure" in answer.headers["set-cookie"]


def test_a_port_that_is_taken_is_told(project: Folder) -> None:
    with create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        answer = project.call("web", "--port", str(port))

    assert answer.status == 2
    assert f"cannot listen on 127.0.0.1, port {port}: Address already in use; name another" in answer.err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "desk.museum.example"])  # noqa: S104 - what is refused
def test_others_are_let_near_only_when_that_is_meant(project: Folder, host: str) -> None:
    answer = project.call("web", "--host", host)

    assert answer.status == 2
    assert f"others could listen in on {host}: give --tls-cert and --tls-key, or --behind-proxy" in answer.err
    assert "--insecure serves it without" in answer.err


def test_with_the_flag_others_are_let_near(project: Folder, port: int) -> None:
    with asked_once(f"http://127.0.0.1:{port}", host="desk.museum.example") as answers:
        ended = project.call("web", "--host", "0.0.0.0", "--port", str(port), "--insecure")  # noqa: S104 - what is meant

    assert [answer.status for answer in answers] == [200]
    assert ended.status == 0


def test_behind_a_proxy_the_link_is_the_proxys(project: Folder, port: int) -> None:
    with asked_once(f"http://127.0.0.1:{port}", host="desk.museum.example") as answers:
        ended = project.call("web", "--port", str(port), "--behind-proxy", "https://Desk.museum.example/")

    assert [answer.status for answer in answers] == [200]
    assert ended.out.startswith("The desk is at https://desk.museum.example/enter?token=")


def test_who_signs_in_by_the_link_is_who_started_it(
    project: Folder, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ada")

    with asked_once(f"http://localhost:{port}"):
        ended = project.call("web", "--host", "localhost", "--port", str(port))

    assert "This link signs ada in, once and within ten minutes, to approve." in ended.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--tls-cert", "a.pem"), "--tls-cert and --tls-key go together"),
        (
            ("--tls-cert", "a.pem", "--tls-key", "b.pem"),
            "cannot use a.pem with b.pem: No such file or directory",
        ),
        (
            ("--behind-proxy", "desk.museum.example"),
            "as the address of a proxy: write https://desk.example.org",
        ),
        (("--behind-proxy", "http://desk.museum.example"), "write https://desk.example.org"),
        (("--behind-proxy", "https://desk.museum.example/desk"), "write https://desk.example.org"),
        (("--behind-proxy", "https://a:b@desk.museum.example"), "write https://desk.example.org"),
        (("--host", "127.0.0.999"), "others could listen in on 127.0.0.999"),
        (("--role", "feed"), "'feed' is not one of 'look', 'edit', 'approve'"),
    ],
)
def test_what_cannot_be_meant_is_told(project: Folder, words: tuple[str, ...], message: str) -> None:
    answer = project.call("web", "--port", "0", *words)

    assert answer.status == 2
    assert message in " ".join(answer.err.split())


def test_a_key_that_is_none_is_told(project: Folder) -> None:
    nonsense = str(project.write("nonsense.pem", "nonsense"))

    answer = project.call("web", "--port", "0", "--tls-cert", nonsense, "--tls-key", nonsense)

    assert answer.status == 2
    assert f"cannot use {nonsense} with {nonsense}" in answer.err


def test_files_that_are_wrong_at_the_start_are_told(project: Folder) -> None:
    project.write("schedules/calendar.toml", "nonsense")

    answer = project.call("web", "--port", "0")

    assert answer.status == 2
    assert "schedules/calendar.toml:1: " in answer.err


def test_without_its_extra_the_desk_says_what_to_install(
    project: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("starlette", "uvicorn"):
        monkeypatch.setitem(sys.modules, name, None)

    answer = project.call("web")

    assert answer.status == 2
    assert "the desk needs starlette and uvicorn: pip install 'redletter[web]'" in answer.err


def test_a_token_is_shown_once_and_then_known_by_its_number(project: Folder) -> None:
    made = project.at("2027-03-01T12:00:00Z", "web", "token", "--role", "edit", "--who", "Ada", "--days", "7")
    listed = project.at("2027-03-02T12:00:00Z", "web", "token", "--list")
    gone = project.at("2027-03-03T12:00:00Z", "web", "token", "--revoke", "1")
    after = project.at("2027-03-04T12:00:00Z", "web", "token", "--list")

    word = made.out.strip()
    assert len(word) == 43
    assert "Token 1, for Ada: edit, good until 2027-03-08T12:00:00Z. It is not shown again." in made.err
    assert made.err.endswith("It is pasted at the desk's address and /sign-in\n")
    assert word not in made.err
    assert listed.out == "    1  edit     Ada  good until 2027-03-08T12:00:00Z\n"
    assert gone.out == "Token 1 of Ada lets nobody in any more, and whom it let in is signed out.\n"
    assert after.out == "    1  edit     Ada  revoked 2027-03-03T12:00:00Z\n"


def test_a_token_ends_after_ninety_days_and_a_feeds_only_when_it_is_revoked(project: Folder) -> None:
    for role in ("look", "feed"):
        project.at("2027-03-01T12:00:00Z", "web", "token", "--role", role, "--who", "Ada")

    soon = project.at("2027-05-30T11:59:59Z", "web", "token", "--list").out
    late = project.at("2027-05-30T12:00:00Z", "web", "token", "--list").out

    assert soon.splitlines() == [
        "    2  feed     Ada  good until it is revoked", "    1  look     Ada  good until 2027-05-30T12:00:00Z"
    ]  # fmt: skip
    assert late.splitlines()[1] == "    1  look     Ada  ended 2027-05-30T12:00:00Z"


def test_programs_are_told_of_tokens_as_data(project: Folder) -> None:
    now = "2027-03-01T12:00:00Z"
    made = project.at(now, "web", "token", "--role", "feed", "--who", "calendar", "--json").data
    listed = project.at(now, "web", "token", "--list", "--json").data
    gone = project.at(now, "web", "token", "--revoke", "1", "--json").data

    record = {
        "id": 1, "who": "calendar", "role": "feed", "once": False, "made": now, "until": None,
        "used": None, "revoked": None,
    }  # fmt: skip
    assert made == {**record, "token": made["token"], "path": f"/calendar.ics?token={made['token']}"}
    assert listed == {"tokens": [record]}
    assert gone == {**record, "revoked": now}


@pytest.mark.parametrize("words", [("--role", "edit"), ("--who", "Ada"), ("--role", "edit", "--who", " ")])
def test_a_token_needs_a_role_and_an_owner(project: Folder, words: tuple[str, ...]) -> None:
    answer = project.call("web", "token", *words)

    assert answer.status == 2
    assert "--role edit --who NAME" in answer.err


def test_what_has_never_run_has_no_tokens_and_listing_leaves_no_trace(project: Folder) -> None:
    answer = project.call("web", "token", "--list")

    assert answer.out == "No token was made yet.\n"
    assert not (project.root / "state").exists()
    assert project.call("web", "token", "--revoke", "3").status == 2
