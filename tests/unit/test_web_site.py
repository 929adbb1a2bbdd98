"""Where the desk is found, and which requests are its own."""

import pytest

from bot.web.site import site

LOOPBACK = site("127.0.0.1", 8417, has_tls=False)
PROXIED = site("127.0.0.1", 8417, has_tls=False, public="https://desk.museum.example")
OPEN = site("192.0.2.7", 8417, has_tls=True)


@pytest.mark.parametrize("host", ["127.0.0.1:8417", "localhost:8417", "LOCALHOST:8417", "[::1]:8417"])
def test_on_loopback_it_answers_to_the_names_of_loopback(host: str) -> None:
    assert LOOPBACK.serves(host)


@pytest.mark.parametrize(
    "host",
    ["", "127.0.0.1", "127.0.0.1:8418", "evil.example", "evil.example:8417", "127.0.0.1.evil.example:8417"],
)
def test_on_loopback_it_answers_to_no_other_name(host: str) -> None:
    assert not LOOPBACK.serves(host)


def test_the_usual_port_need_not_be_named() -> None:
    assert site("::1", 80, has_tls=False).serves("localhost")
    assert site("127.0.0.1", 443, has_tls=True).serves("127.0.0.1")


def test_behind_a_proxy_it_answers_to_that_name_too() -> None:
    assert PROXIED.serves("desk.museum.example")
    assert PROXIED.serves("127.0.0.1:8417")
    assert not PROXIED.serves("evil.example")


def test_elsewhere_names_are_for_others_to_give() -> None:
    assert OPEN.serves("desk.museum.example:8417")


@pytest.mark.parametrize(
    ("host", "has_tls", "base"),
    [
        ("127.0.0.1", False, "http://127.0.0.1:8417"),
        ("::1", False, "http://[::1]:8417"),
        ("192.0.2.7", True, "https://192.0.2.7:8417"),
    ],
)
def test_its_address_can_be_followed(host: str, has_tls: bool, base: str) -> None:  # noqa: FBT001 - a case
    assert site(host, 8417, has_tls=has_tls).base == base


def test_a_page_is_our_own_by_its_whole_origin() -> None:
    assert LOOPBACK.is_own("http://localhost:8417", "localhost:8417")
    assert PROXIED.is_own("https://desk.museum.example", "127.0.0.1:8417")
    assert OPEN.is_own("https://desk.museum.example:8417", "desk.museum.example:8417")
    assert not LOOPBACK.is_own("http://localhost:8418", "localhost:8417")
    assert not LOOPBACK.is_own("https://localhost:8417", "localhost:8417")
    assert not LOOPBACK.is_own("null", "localhost:8417")
    assert not PROXIED.is_own("http://desk.museum.example", "desk.museum.example")


def test_only_with_tls_a_cookie_is_secure_and_has_the_name_that_says_so_and_of_each_port_its_own() -> None:
    assert [(each.is_secure, each.cookie) for each in (LOOPBACK, PROXIED, OPEN)] == [
        (False, "redletter_desk_8417"),
        (True, "__Host-redletter_desk_443"),
        (True, "__Host-redletter_desk_8417"),
    ]
