"""Link cards: what a page says of itself, and what is done when it does not."""

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.publishers.bluesky import Bluesky
from bot.publishers.bluesky.cards import Card, card_of
from tests.fakes import pictures
from tests.fakes.asks import ask
from tests.fakes.bluesky import FakeBluesky

OPENSSL = shutil.which("openssl") or ""
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = """<!doctype html><html><head><title>A
  title</title><meta name="description" content="For all."></head><body><title>no</title></body></html>"""
GRAPH = """<meta property="og:title" content="F&uuml;r Karten"><meta property="og:description" content="Mehr.">
<title>For all</title><meta name="description" content="For all."><meta charset="utf-8">"""

Answer = tuple[int, Mapping[str, str], bytes]


class Site:
    """A server of pages, by path."""

    def __init__(self, scheme: str = "http") -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.closing = threading.Event()
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.site = self
        self.url = f"{scheme}://127.0.0.1:{self.server.server_port}"

    def page(
        self, path: str, content: str | bytes, *, status: int = 200, headers: Mapping[str, str] = HTML
    ) -> str:
        raw = content if isinstance(content, bytes) else content.encode()
        self.pages[path] = status, headers, raw
        return self.url + path


class _Server(ThreadingHTTPServer):
    site: Site
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever asks may hang up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10

    def do_GET(self) -> None:
        site = self.server.site
        site.asked.append(self.path)
        status, headers, content = site.pages.get(self.path, (404, HTML, b"<title>Not here</title>"))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(content)
            if self.path == "/slow":
                site.closing.wait(2)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing."""


@contextmanager
def served(site: Site) -> Iterator[Site]:
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.closing.set()
        site.server.shutdown()
        site.server.server_close()
        thread.join(timeout=5)


@pytest.fixture
def site() -> Iterator[Site]:
    with served(Site()) as site:
        yield site


@pytest.mark.parametrize(
    ("page", "card"),
    [
        (PAGE, Card("A title", "For all.")),
        (GRAPH, Card("Für Karten", "Mehr.")),
        ("<title>Alone</title>", Card("Alone", "")),
        (
            f"<title>{'x' * 400}</title><meta name=description content={'y' * 2000}>",
            Card("x" * 300, "y" * 1000),
        ),
        ('<meta property="og:title"><title>Left</title>', Card("Left", "")),
    ],
)
def test_a_card_is_what_a_page_says_of_itself(site: Site, page: str, card: Card) -> None:
    assert card_of(site.page("/page", page), is_near=True) == card


def test_a_page_says_in_which_letters_it_is_written(site: Site) -> None:
    url = site.page(
        "/page",
        "<title>Fähre</title>".encode("latin-1"),
        headers={"Content-Type": "text/html; charset=latin-1"},
    )

    assert card_of(url, is_near=True) == Card("Fähre", "")


def test_an_address_is_asked_for_as_people_write_it(site: Site) -> None:
    site.page("/stra%C3%9Fe?a=%C3%A4&b=1", PAGE)

    assert card_of(f"{site.url}/straße?a=ä&b=1#part", is_near=True)


@pytest.mark.parametrize(
    ("page", "headers"),
    [
        ("", HTML),
        ("<title> </title>", HTML),
        ("no page", {"Content-Type": "text/plain"}),
        (PAGE, {"Content-Type": "text/html; charset=of-the-moon"}),
        ("<![odd[<title>x</title>", HTML),
    ],
)
def test_a_page_that_says_nothing_has_no_card(site: Site, page: str, headers: dict[str, str]) -> None:
    assert card_of(site.page("/page", page, headers=headers), is_near=True) is None


@pytest.mark.parametrize("status", [204, 404, 500])
def test_what_is_no_page_has_no_card(site: Site, status: int) -> None:
    assert card_of(site.page("/page", PAGE, status=status), is_near=True) is None


def test_a_page_is_read_so_far_and_no_further(site: Site) -> None:
    url = site.page("/page", " " * 600_000 + PAGE)

    assert card_of(url, is_near=True) is None


def test_a_page_that_moved_is_followed(site: Site) -> None:
    site.page("/there", PAGE)

    assert card_of(site.page("/here", "", status=301, headers={"Location": "/there"}), is_near=True) == Card(
        "A title", "For all."
    )


def test_a_page_that_moves_in_circles_has_no_card(site: Site) -> None:
    url = site.page("/here", "", status=302, headers={"Location": "/here"})

    assert card_of(url, is_near=True) is None
    assert len(site.asked) == 4


def test_a_page_that_takes_too_long_has_no_card(site: Site) -> None:
    assert card_of(site.page("/slow", "<title>x"), is_near=True, seconds=0.3) is None


@pytest.mark.parametrize("is_near", [True, False])
@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.216.34/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://127.0.0.1:1/",
        "https://[::ffff:10.0.0.1]/",
        "https:///nowhere",
        "https://example.org:99999/",
        "https://" + "x" * 70 + ".org/",
        "https://[broken/",
    ],
)
def test_nobody_is_asked_who_is_not_there_for_everybody(url: str, *, is_near: bool) -> None:
    assert card_of(url, is_near=is_near) is None


@pytest.mark.parametrize("is_near", [True, False])
def test_a_page_that_is_neither_here_nor_for_everybody_is_not_looked_at(site: Site, *, is_near: bool) -> None:
    url = site.page("/page", PAGE).replace("127.0.0.1", "0.0.0.0")  # noqa: S104 - it leads to this machine

    assert card_of(url, is_near=is_near) is None
    assert site.asked == []


def test_pages_of_this_machine_are_not_looked_at_for_a_server_elsewhere(site: Site) -> None:
    assert card_of(site.page("/page", PAGE), is_near=False) is None
    assert site.asked == []


@contextmanager
def secure_site(folder: Path) -> Iterator[tuple[Site, Path]]:
    """A site with a certificate, and the file that vouches for it."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=site"
    subprocess.run(
        [
            OPENSSL,
            *make.split(),
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            key,
            "-out",
            certificate,
        ],
        check=True,
        capture_output=True,
        timeout=30,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    site = Site("https")
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    with served(site):
        yield site, certificate


@pytest.mark.skipif(not OPENSSL, reason="openssl makes the certificate")
def test_a_secure_page_is_read_from_those_who_can_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secure_site(tmp_path) as (site, certificate):
        url = site.page("/page", PAGE)
        before = card_of(url, is_near=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

        after = card_of(url, is_near=True)
        from_elsewhere = card_of(url, is_near=False)

    assert (before, after, from_elsewhere) == (None, Card("A title", "For all."), None)


@pytest.fixture
def fake() -> Iterator[FakeBluesky]:
    with FakeBluesky() as fake:
        yield fake


def embed(fake: FakeBluesky, **other: object) -> object:
    Bluesky(fake.account(), fake.secrets, Path("unused")).publish(ask(**other))
    (record,) = fake.posts.values()
    return record.get("embed")


def test_the_first_link_of_a_post_has_a_card(fake: FakeBluesky, site: Site) -> None:
    url = site.page("/page", PAGE)

    found = embed(fake, text=f"Look: {url} and https://127.0.0.1:1/other")

    external = {"uri": url, "title": "A title", "description": "For all."}
    assert found == {"$type": "app.bsky.embed.external", "external": external}


def test_a_link_without_a_page_has_no_card(fake: FakeBluesky, site: Site) -> None:
    assert embed(fake, text=f"Look: {site.url}/nowhere") is None


def test_a_post_with_pictures_has_no_card(fake: FakeBluesky, site: Site, tmp_path: Path) -> None:
    media = pictures.written(tmp_path, {"a.png": pictures.encoded(pictures.flag(), "PNG")})

    found = embed(fake, text=f"Look: {site.page('/page', PAGE)}", media=(replace(media[0], alt="A flag."),))

    assert isinstance(found, dict)
    assert found["$type"] == "app.bsky.embed.images"
    assert site.asked == []
