"""Link cards: what a page says of itself. Bluesky makes none: whoever posts a link looks at the page.

A page is foreign: it is waited for a few seconds, read so far and no further, and only at addresses that everybody
can reach, so that no link looks around in our own network. Any trouble means that there is no card.
"""

import socket
import ssl
from collections.abc import Sequence
from html.parser import HTMLParser
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from string import punctuation
from threading import Thread
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from msgspec import Struct

SECONDS = 5.0
_BYTES = 512_000
_REDIRECTIONS = 3
_ONWARD = range(300, 400)
_TITLE, _DESCRIPTION = 300, 1_000  #: characters
_HEADERS = {
    "User-Agent": "redletter (link cards)",
    "Accept": "text/html",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


class Card(Struct, frozen=True):
    """What a page says of itself."""

    title: str
    description: str


def card_of(url: str, *, is_near: bool, seconds: float = SECONDS) -> Card | None:
    """The card of a page, None where it has no title or cannot be had in time.

    Only https is asked, and only public addresses; where the account's own server is on this machine (`is_near`),
    pages of this machine are asked too.
    """
    found: list[Card | None] = []
    # A thread of its own, because a page that comes byte by byte keeps every timeout of a socket.
    worker = Thread(target=lambda: found.append(_card(url, is_near=is_near)), daemon=True)
    worker.start()
    worker.join(seconds)
    return found[0] if found else None


def _card(url: str, *, is_near: bool) -> Card | None:
    try:
        page = _page(url, is_near=is_near, redirections=_REDIRECTIONS)
        head = _Head(page)
    except (OSError, HTTPException, ValueError, LookupError, AssertionError):
        return None
    title, description = " ".join(head.title.split()), " ".join(head.description.split())
    return Card(title[:_TITLE], description[:_DESCRIPTION]) if title else None


def _page(url: str, *, is_near: bool, redirections: int) -> str:
    """The text of a page; ValueError where it is none that may be read."""
    place = urlsplit(url)
    connection = _connection(place, is_near=is_near)
    try:
        target = quote(place.path or "/", safe=punctuation) + ("?" + quote(place.query, safe=punctuation))
        connection.request("GET", target.rstrip("?"), headers=_HEADERS)
        answer = connection.getresponse()
        onward = answer.getheader("Location")
        if answer.status in _ONWARD and onward and redirections:
            return _page(urljoin(url, onward), is_near=is_near, redirections=redirections - 1)
        return _text(answer)
    finally:
        connection.close()


def _text(answer: HTTPResponse) -> str:
    if answer.status != HTTPStatus.OK or answer.headers.get_content_type() != "text/html":
        raise ValueError("no page")
    return answer.read(_BYTES).decode(answer.headers.get_content_charset("utf-8"), "replace")


def _connection(place: SplitResult, *, is_near: bool) -> HTTPConnection:
    """A connection to the very address that was found to be public: a name can change its mind."""
    host = (place.hostname or "").encode("idna").decode()
    is_secure = place.scheme == "https"
    port = place.port or (443 if is_secure else 80)
    addresses = [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not (is_near and _are_here(addresses)) and not (is_secure and _are_public(addresses)):
        raise ValueError("not an address for everybody")
    wire = socket.create_connection((addresses[0], port), SECONDS)
    connection = HTTPSConnection(host, port) if is_secure else HTTPConnection(host, port)
    connection.sock = wire
    if is_secure:
        connection.sock = ssl.create_default_context().wrap_socket(wire, server_hostname=host)
    return connection


def _are_here(addresses: Sequence[str]) -> bool:
    return all(ip_address(each).is_loopback for each in addresses)


def _are_public(addresses: Sequence[str]) -> bool:
    return all(ip_address(each).is_global for each in addresses)


class _Head(HTMLParser):
    """The title and description of a page: what is meant for cards first, then what is meant for all."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._metas: dict[str, str] = {}
        self._title = ""
        self._is_in_title = False
        self.feed(page)

    @property
    def title(self) -> str:
        return self._metas.get("og:title") or self._title

    @property
    def description(self) -> str:
        return self._metas.get("og:description") or self._metas.get("description", "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_in_title = tag == "title" and not self._title
        if tag == "meta":
            said = dict(attrs)
            name = (said.get("property") or said.get("name") or "").lower()
            self._metas.setdefault(name, said.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        self._is_in_title = self._is_in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        if self._is_in_title:
            self._title += data
