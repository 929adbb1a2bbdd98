"""Signs of life: the heartbeat, /healthz, /metrics, and the numbers behind them."""

import logging
import re
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.delivery.queue import Queue
from bot.errors import BadCall
from bot.watch import metrics
from bot.watch.causes import Kind, Seen, causes
from bot.watch.figures import MOST, OTHERS, Figures, figures
from bot.watch.heartbeat import PERIOD, Heartbeat
from bot.watch.listen import Listener as Server
from bot.watch.listen import Page, parsed
from bot.watch.sight import see
from tests.fakes.deliveries import NOON, X, enqueue, opened, planned, schedules
from tests.fakes.listener import Listener
from tests.fakes.troubles import trouble, unknown


@pytest.fixture
def service() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as queue:
        yield queue


def asked(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - ours
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_heart_beats_at_once_and_every_five_minutes(
    service: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    heart = Heartbeat(f"{service.url}/s3cret")
    clock = [1_000.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])

    beats = []
    for seconds in (0, 1, PERIOD - 1, PERIOD, PERIOD + 1, 2 * PERIOD):
        clock[0] = 1_000.0 + seconds
        heart.beat()
        beats.append(len(service.heard))

    assert beats == [1, 1, 1, 2, 2, 3]
    assert {(each.method, each.path) for each in service.heard} == {("GET", "/s3cret")}


@pytest.mark.parametrize("status", [404, 302, 500])
def test_a_heartbeat_that_is_not_heard_is_told_of_once_and_without_its_address(
    status: int,
    service: Listener,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    heart = Heartbeat(f"{service.url}/s3cret")
    service.statuses.extend((status, status, 200, status))
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    caplog.set_level(logging.DEBUG)

    for turn in range(4):
        clock[0] = turn * float(PERIOD)
        heart.beat()

    told = [each.message for each in caplog.records if each.levelno >= logging.WARNING]
    assert told == [f"the heartbeat was not heard: the answer was {status}; it goes on beating"] * 2
    assert "s3cret" not in caplog.text


def test_a_service_that_is_not_there_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    Heartbeat(f"http://127.0.0.1:{port}/s3cret").beat()

    assert [each.message for each in caplog.records] == [
        "the heartbeat was not heard: NewConnectionError; it goes on beating"
    ]


@pytest.mark.parametrize(
    "wrong", ["http://example.org/s3cret", "ftp://127.0.0.1/s3cret", "s3cret", "https://", "https://[s3cret"]
)
def test_a_heartbeat_goes_by_https_or_stays_on_this_machine(wrong: str) -> None:
    with pytest.raises(BadCall, match="must be an https address") as told:
        Heartbeat(wrong)

    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize("right", ["https://example.org/a", "http://localhost:1/", "http://[::1]:1/"])
def test_nothing_is_asked_before_the_first_beat(right: str) -> None:
    assert Heartbeat(right)


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("127.0.0.1:9464", "127.0.0.1", 9464),
        ("[::1]:80", "::1", 80),
        ("localhost:1", "127.0.0.1", 1),
        ("127.9.9.9:65535", "127.9.9.9", 65535),
    ],
)
def test_an_address_on_loopback_is_read(address: str, host: str, port: int) -> None:
    assert parsed(address) == (host, port)


@pytest.mark.parametrize(
    "address",
    ["", "9464", ":9464", "0.0.0.0:9464", "192.0.2.1:80", "museum.org:80", "127.0.0.1:", "127.0.0.1:x",
     "127.0.0.1:65536", "127.0.0.1:²", "[::]:80"],
)  # fmt: skip
def test_no_other_address_is_listened_on(address: str) -> None:
    with pytest.raises(
        BadCall, match=f"cannot listen on {re.escape(repr(address))}: name a port on loopback"
    ):
        parsed(address)


def pages(path: str) -> Page | None:
    return Page(HTTPStatus.OK, b"here\n") if path == "/here" else None


def test_who_asks_is_answered_and_other_ways_lead_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    server = Server("127.0.0.1:0", pages)
    try:
        assert asked(f"{server.address}/here?please") == (200, "here\n")
        assert asked(f"{server.address}/there") == (404, "there is /healthz and /metrics\n")
        host, _, port = server.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=20) as caller:
            caller.sendall(b"POST /here HTTP/1.0\r\n\r\n")
            assert b"501" in caller.recv(100)
    finally:
        server.close()
    assert capfd.readouterr().err == ""


def test_it_listens_on_the_sixth_version_too() -> None:
    server = Server("[::1]:0", pages)
    try:
        assert server.address.startswith("http://[::1]:")
        assert asked(f"{server.address}/here") == (200, "here\n")
    finally:
        server.close()


def test_a_caller_that_breaks_off_stops_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    def breaks(path: str) -> Page | None:
        if path == "/break":
            raise ConnectionResetError
        return pages(path)

    server = Server("127.0.0.1:0", breaks)
    try:
        with pytest.raises(ConnectionError):
            asked(f"{server.address}/break")
        assert asked(f"{server.address}/here") == (200, "here\n")
    finally:
        server.close()
    assert capfd.readouterr().err == ""


def test_an_address_that_is_taken_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(
            BadCall, match=f"cannot listen on {address}: Address already in use; name another"
        ):
            Server(address, pages)


def test_the_queue_is_counted(queue: Queue) -> None:
    enqueue(queue, planned(NOON - 30), planned(NOON + 1), by=schedules(accounts=[X]))
    seen = see(queue, NOON)

    found = figures(queue, seen, causes(Seen(unknown=(unknown(due=None, at=NOON - 60),)), NOON), NOON)

    assert dict(found.deliveries) == {("ours-x", "pending"): 2}
    assert (found.due, found.late) == (1, 30)
    assert found.spent == {"ours-x": (0, 0)}
    assert found.causes == {kind: int(kind is Kind.UNKNOWN) for kind in Kind}
    assert found.attempts == {}


def test_what_waits_for_a_person_is_not_late(queue: Queue) -> None:
    rows = (trouble(waits="not approved"), trouble(due=None), trouble(due=NOON + 1))

    assert figures(queue, Seen(waiting=rows), (), NOON).due == 0


def test_a_monitor_meets_a_bounded_number_of_names(queue: Queue) -> None:
    many = [replace(X, name=f"museum-{n}") for n in range(MOST + 9)]
    enqueue(
        queue,
        planned(NOON, accounts=many),
        planned(NOON + 1, accounts=many[:MOST]),
        by=schedules(accounts=many),
    )

    found = figures(queue, see(queue, NOON), (), NOON)

    assert len({account for account, _ in found.deliveries}) == MOST + 1
    assert found.deliveries[OTHERS, "pending"] == 9
    assert sum(found.deliveries.values()) == 2 * MOST + 9
    assert OTHERS not in found.spent


def test_numbers_are_told_in_the_words_of_prometheus() -> None:
    told = metrics.text(
        Figures(
            {("museum", "sent"): 3}, {"receipt": 2}, {"museum": (4, 1_250_000)}, {"barred": 1}, due=5, late=6
        ),
        silent=7.5,
    ).decode()

    for line in (
        'redletter_deliveries{account="museum",state="sent"} 3.0',
        'redletter_attempts{outcome="receipt"} 2.0',
        'redletter_month_posts{account="museum"} 4.0',
        'redletter_month_usd{account="museum"} 1.25',
        'redletter_causes{kind="barred"} 1.0',
        "redletter_queue_due 5.0",
        "redletter_queue_late_seconds 6.0",
        "redletter_last_turn_seconds 7.5",
    ):
        assert f"\n{line}\n" in told
    assert re.search(r'redletter_build_info\{version="[0-9.]+"\} 1.0', told)


def test_numbers_are_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    assert metrics.is_there()

    monkeypatch.setitem(sys.modules, "prometheus_client", None)

    assert not metrics.is_there()
