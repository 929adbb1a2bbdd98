"""The desk served for a test, and a browser without a screen."""

import itertools
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import unescape
from http.client import HTTPConnection, HTTPSConnection
from ssl import SSLContext
from urllib.parse import urlencode, urlsplit

from msgspec import Struct
from starlette.routing import Route

from bot.delivery.people import Role
from bot.delivery.queue import Queue
from bot.settings import read_settings
from bot.web.app import ROOMS, make_app
from bot.web.office import Office
from bot.web.serve import IDLE, listening, server
from bot.web.site import Site, site
from tests.fakes.projects import Folder, until
from tests.fakes.worlds import at

MORNING = at("2027-03-02T08:00Z")  #: a Tuesday
_COOKIE = re.compile(r"([^=;]+)=([^;]*)")
_FIELD = re.compile(r'name="csrf" value="([^"]+)"')


class Reply(Struct, frozen=True):
    """What a browser was answered."""

    status: int
    headers: Mapping[str, str]  #: by their names in small letters
    text: str

    @property
    def words(self) -> str:
        """What a person reads, without the markup."""
        body = re.sub(r"<head>.*?</head>", "", self.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def csrf(self) -> str:
        """The proof that the page's forms send along."""
        found = _FIELD.search(self.text)
        return found[1] if found else ""


class Browser:
    """Keeps cookies, and follows nothing by itself."""

    def __init__(self, base: str, *, tls: SSLContext | None = None) -> None:
        self.base = base
        self.cookies: dict[str, str] = {}
        self._tls = tls

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Ask once, with these headers besides the cookies."""
        place = urlsplit(self.base)
        assert place.hostname
        known = (
            {"Cookie": "; ".join(f"{name}={word}" for name, word in self.cookies.items())}
            if self.cookies
            else {}
        )
        connection = (
            HTTPSConnection(place.hostname, place.port, timeout=10, context=self._tls)
            if self._tls
            else HTTPConnection(place.hostname, place.port, timeout=10)
        )
        try:
            connection.request(method, path, body, {**known, **(headers or {})})
            answer = connection.getresponse()
            self._keep(answer.headers.get_all("set-cookie") or ())
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read().decode())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        """Look at a page; `accept_language` is the header Accept-Language."""
        return self.ask("GET", path, headers=_named(headers))

    def post(self, path: str, fields: Mapping[str, str] | None = None, **headers: str) -> Reply:
        """Send a form as it is, with no proof but what its fields and headers hold."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask(
            "POST", path, body=urlencode(fields or {}).encode(), headers={**form, **_named(headers)}
        )

    def _keep(self, cookies: Sequence[str]) -> None:
        for cookie in cookies:
            found = _COOKIE.match(cookie)
            assert found
            name, word = found[1], found[2].strip('"')
            if word:
                self.cookies[name] = word
            else:
                self.cookies.pop(name, None)


class Served:
    """A desk that is served, its queue, and a clock that stands still."""

    def __init__(self, office: Office, folder: Folder) -> None:
        self.office = office
        self.folder = folder
        self.queue = office.queue
        self.base = office.site.base
        self.now = MORNING
        self._words = (f"word-{number}" for number in itertools.count())

    def secret(self) -> str:
        """A word for who comes in."""
        return next(self._words)

    def browser(self, role: Role | None = None, who: str = "Ada") -> Browser:
        """A browser: of a stranger, or of somebody who is signed in to a role."""
        made = Browser(self.base)
        if role:
            word = f"{who}-{self.secret()}"
            self.queue.issue(word, who, role=role, now=self.now)
            assert made.get(f"/enter?token={word}").status == 200
        return made


@contextmanager
def served(
    folder: Folder, *, more: Sequence[Route] = (), public: str | None = None, idle: int = IDLE
) -> Iterator[Served]:
    """The desk of a project on a free port of loopback, in a thread; with more pages, or behind a proxy."""
    settings = read_settings(folder.root, {})
    clock = _Clock()
    with listening("127.0.0.1", 0) as taken, Queue(settings.database) as queue:
        where: Site = site("127.0.0.1", taken.getsockname()[1], has_tls=False, public=public)
        office = Office(folder.root, settings, queue, site=where, clock=clock, secret=clock.secret)
        desk = Served(office, folder)
        clock.desk = desk
        if public:
            desk.base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        running = server(make_app(office, [*ROOMS, more], patience=0.5), tls=None, idle=idle)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [taken]})
        thread.start()
        try:
            until(lambda: running.started)
            yield desk
        finally:
            running.should_exit = True
            thread.join(10)


class _Clock:
    """The desk's time and its chance, which a test can know."""

    desk: Served | None = None

    def __call__(self) -> int:
        return self.desk.now if self.desk else MORNING

    def secret(self) -> str:
        assert self.desk
        return self.desk.secret()


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
