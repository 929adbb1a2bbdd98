"""The watch as the daemon meets it: it returns at once, tells people, and holds nothing up."""

import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.contracts import Secret
from bot.delivery.queue import Queue
from bot.errors import BadCall
from bot.model import Corpus, Project
from bot.settings import Settings
from bot.watch import watch as room
from bot.watch.watch import SILENT, Watch
from bot.zones import DAY, HOUR, MINUTE
from tests.fakes.deliveries import NOON, X, enqueue, opened, planned, schedules
from tests.fakes.listener import Listener
from tests.fakes.projects import until

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

LATE = NOON + 2 * HOUR


@pytest.fixture
def people() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture
def service() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as queue:
        yield queue


@pytest.fixture
def settings(tmp_path: Path, people: Listener, service: Listener) -> Settings:
    return Settings(
        tmp_path,
        f"sqlite:///{tmp_path / 'redletter.db'}",
        notify=Secret(f"json://{people.host}/people"),
        heartbeat=Secret(f"{service.url}/heart"),
        listen="127.0.0.1:0",
    )


@pytest.fixture
def watch(settings: Settings, queue: Queue) -> Iterator[Watch]:
    del queue
    made = Watch(settings, "museum")
    yield made
    made.close(30)


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "EVERY", 0.0)
    monkeypatch.setattr(room, "_COUNTED", 0.0)
    monkeypatch.setattr(room, "_SHARE", 0)


def asked(watch: Watch, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{watch.address}{path}", timeout=20) as answer:  # noqa: S310 - ours
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def misses(queue: Queue, *instants: int) -> None:
    """Nobody was there when these were due."""
    enqueue(queue, *(planned(instant) for instant in instants or (NOON,)))
    queue.recover(LATE, {X.name})


def project() -> Project:
    return Project("/project", schedules(accounts=[X]), Corpus(), "files")


def test_while_all_is_well_the_heart_beats_and_nobody_is_told(
    watch: Watch, people: Listener, service: Listener
) -> None:
    watch.look(NOON)

    assert service.hears(1)[0].path == "/heart"
    assert asked(watch, "/healthz") == (200, "ok\n")
    assert people.heard == []


def test_what_was_missed_is_told_and_stills_the_heart(
    watch: Watch, queue: Queue, people: Listener, service: Listener
) -> None:
    misses(queue)

    watch.look(LATE)

    assert people.hears(1)[0].said == (
        "missed on ours-x: moon/rise, of 2027-03-01 12:00 UTC: the bot was not running"
    )
    assert people.heard[0].title == "redletter, museum: missed"
    assert asked(watch, "/healthz") == (503, people.heard[0].said + "\n")
    watch.close(30)
    assert service.heard == []


def test_it_is_told_once_for_all_turns_and_all_lives(
    watch: Watch, settings: Settings, queue: Queue, people: Listener
) -> None:
    misses(queue)
    watch.look(LATE)
    people.hears(1)
    watch.look(LATE + 30)
    watch.close(30)

    for _ in range(2):
        again = Watch(replace(settings, listen=""), "museum")
        again.look(LATE + MINUTE)
        again.close(30)

    assert len(people.heard) == 1


def test_the_last_turn_before_the_end_is_looked_at(
    settings: Settings, queue: Queue, people: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "EVERY", 1_000.0)
    watch = Watch(settings, "museum")
    watch.look(NOON)
    misses(queue)
    watch.look(LATE)

    watch.close(30)

    assert len(people.heard) == 1


def test_turns_that_follow_each_other_closely_are_looked_at_together(
    settings: Settings, service: Listener, queue: Queue, people: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(settings, "museum")
    watch.look(NOON)
    service.hears(1)
    monkeypatch.setattr(room, "EVERY", 1_000.0)
    misses(queue)

    watch.look(LATE)

    assert asked(watch, "/healthz") == (200, "ok\n")
    assert people.heard == []
    watch.close(30)


def test_a_look_that_takes_long_is_followed_by_a_rest(
    settings: Settings, service: Listener, queue: Queue, people: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_SHARE", 10**9)
    watch = Watch(settings, "museum")
    watch.look(NOON)
    service.hears(1)
    misses(queue)

    watch.look(LATE)

    assert asked(watch, "/healthz") == (200, "ok\n")
    watch.close(30)
    assert len(people.heard) == 1  # the last look is made all the same


def test_people_who_are_slow_to_hear_hold_nothing_up(watch: Watch, queue: Queue, people: Listener) -> None:
    goes_on = threading.Event()
    people.before = lambda: goes_on.wait(30)
    misses(queue)

    begun = time.monotonic()
    for turn in range(100):
        watch.look(LATE + turn)
    watch.close(0.1)

    assert time.monotonic() - begun < 3
    goes_on.set()


def test_turns_that_fail_are_told_of_after_a_minute_and_when_they_go_well_again(
    watch: Watch, people: Listener
) -> None:
    watch.broke("disk\nfull", NOON)
    assert watch.health() == (True, "ok")
    watch.broke("disk\nfull", NOON + MINUTE)
    people.hears(1)
    assert watch.health() == (False, "nothing is sent: disk full")
    watch.look(NOON + 2 * MINUTE)
    people.hears(2)

    assert people.said == ["nothing is sent: disk full", "settled: turns go well again"]
    assert watch.health() == (True, "ok")


def test_a_single_turn_that_fails_is_not_told_of(watch: Watch, people: Listener, service: Listener) -> None:
    watch.broke("database is locked", NOON)
    watch.close(30)

    assert people.heard == []
    assert service.hears(1)  # nor does it still the heart


def test_nothing_is_forgotten_while_something_is_in_hand(
    watch: Watch, queue: Queue, service: Listener
) -> None:
    enqueue(queue, planned(NOON))
    due = queue.first_due(X.name, NOON)
    assert due is not None
    queue.claim(due, ("",), NOON, live=True)
    queue.tell("stopped:before", "It may come back.", NOON)

    watch.look(NOON)
    service.hears(1)

    assert queue.told() == {"stopped:before"}


def test_what_is_over_is_forgotten_when_nothing_is_in_hand(watch: Watch, queue: Queue) -> None:
    for name in ("stopped:before", "early:before"):
        queue.tell(name, "It was told.", NOON)

    watch.look(NOON)

    until(lambda: queue.told() == {"early:before"})  # the pre-flight was not made yet


def test_a_queue_that_cannot_be_read_is_told_of_all_the_same(
    settings: Settings, people: Listener, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is not a database, but letters " * 100)
    watch = Watch(replace(settings, database=f"sqlite:///{broken}"), "museum")

    minutes = count()

    def is_told() -> bool:
        watch.look(NOON + next(minutes) * MINUTE)
        return bool(people.heard)

    until(is_told)

    assert people.said[0].startswith(f"nothing is sent: {broken}: file is not a database")
    assert asked(watch, "/healthz")[0] == 503
    watch.close(30)


def test_a_fault_of_its_own_does_not_end_the_watch(
    watch: Watch, people: Listener, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    watch.look(10**18)  # no calendar goes so far
    until(lambda: "the watch broke" in caplog.text)
    misses(queue)

    watch.look(LATE)

    assert people.hears(1)


def test_a_daemon_that_hangs_is_not_well(
    watch: Watch, service: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.look(NOON)
    service.hears(1)
    later = time.monotonic() + SILENT + 1
    monkeypatch.setattr("time.monotonic", lambda: later)

    is_well, line = watch.health()

    assert not is_well
    assert line.startswith("no turn for 12")
    assert line.endswith(" seconds: the daemon hangs")


def test_numbers_are_counted_where_somebody_can_ask_for_them(
    watch: Watch, queue: Queue, service: Listener
) -> None:
    enqueue(queue, planned(NOON))

    watch.look(NOON)
    service.hears(1)

    status, text = asked(watch, "/metrics")
    assert status == 200
    assert 'redletter_deliveries{account="ours-x",state="pending"} 1.0' in text
    assert asked(watch, "/")[0] == 404


def test_numbers_without_their_library_are_answered_with_a_sentence(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "prometheus_client", None)

    assert asked(watch, "/metrics") == (
        501, "metrics need the extra `metrics`: pip install 'redletter[metrics]'\n"
    )  # fmt: skip


def test_what_is_found_the_day_before_is_told(
    watch: Watch, queue: Queue, people: Listener, service: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("urllib.request._opener", None)  # it remembers the proxies of its first day
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    made = planned(NOON, "See http://museum.org/a")
    enqueue(queue, made, by=schedules(approval=True, grace=None))

    watch.look_ahead(replace(project(), schedules=schedules(accounts=[replace(X, live=False)])), NOON - HOUR)
    watch.wait_for_the_pre_flight(30)
    watch.look(NOON - HOUR)
    people.hears(1)

    lines = people.said
    assert any("waits for approval" in line for line in lines)
    assert any("http://museum.org/a does not answer" in line for line in lines)
    service.hears(1)  # what is early is no trouble yet


def test_with_nothing_set_it_watches_in_silence(
    settings: Settings, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    misses(queue)
    watch = Watch(Settings(settings.state, settings.database), "museum")

    watch.look(LATE)
    watch.close(30)

    assert watch.address == ""
    assert [each.message for each in caplog.records if each.levelno == logging.WARNING] == [
        "missed on ours-x: moon/rise, of 2027-03-01 12:00 UTC: the bot was not running"
    ]


def test_a_wrong_variable_is_told_before_anything_runs(settings: Settings) -> None:
    before = threading.active_count()

    for wrong in ({"notify": Secret("nothing://x")}, {"heartbeat": Secret("x")}, {"listen": "0.0.0.0:1"}):
        with pytest.raises(BadCall):
            Watch(replace(settings, **wrong), "museum")

    until(lambda: threading.active_count() == before)


def test_an_outage_of_days_is_told_when_it_is_over(watch: Watch, queue: Queue, people: Listener) -> None:
    enqueue(queue, *(planned(NOON + n * DAY) for n in range(3)))
    queue.recover(NOON + 5 * DAY, {X.name})

    watch.look(NOON + 5 * DAY)

    assert "and 2 more: the bot was not running" in people.hears(1)[0].said
