"""Telling people: once, and again later where nobody could be told; addresses are never shown."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery.queue import Queue
from bot.errors import BadCall
from bot.watch import teller as room
from bot.watch.causes import Cause, Kind
from bot.watch.notify import MISSING, Notifier, services
from bot.watch.teller import Teller
from bot.watch.words import Message, message, one_line, shorten, word
from bot.zones import MINUTE
from tests.fakes.deliveries import NOON, opened
from tests.fakes.listener import Listener

#: Apprise itself still looks at a module that Python will drop.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

HELLO = Message("redletter, museum: failed", "No <b>luck</b> & no \\n news.")


@pytest.fixture
def people() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as queue:
        yield queue


def cause(name: str = "failed:1", **fields: object) -> Cause:
    made = {"kind": Kind.FAILED, "text": f"failed: {name}", "since": NOON, "account": "museum", **fields}
    return Cause(name, **made)  # type: ignore[arg-type] # as they come


def address(people: Listener, path: str = "s3cret") -> str:
    return f"json://{people.host}/{path}"


def test_a_message_arrives_letter_by_letter(people: Listener) -> None:
    assert Notifier(services(address(people))).send(HELLO)

    assert [(each.title, each.said) for each in people.heard] == [(HELLO.title, HELLO.body)]


def test_addresses_may_stand_on_lines_of_their_own(people: Listener) -> None:
    Notifier(services(f"\n{address(people, 'a')}\n  {address(people, 'b')} ")).send(HELLO)

    assert sorted(each.path.rstrip("/") for each in people.heard) == ["/a", "/b"]


@pytest.mark.parametrize("wrong", ["nothing://s3cret", "s3cret", "json://", "http//s3cret"])
def test_an_address_that_means_nothing_is_refused_and_not_shown(
    wrong: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BadCall, match="REDLETTER_NOTIFY: address 2 of 2 is none that Apprise knows") as told:
        Notifier(services(f"json://127.0.0.1/ok {wrong}"))

    assert "s3cret" not in str(told.value)
    assert capfd.readouterr() == ("", "")


def test_without_the_extra_people_learn_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)

    with pytest.raises(BadCall) as told:
        Notifier(services("json://127.0.0.1"))

    assert str(told.value) == MISSING
    assert "pip install 'redletter[notify]'" in MISSING


def test_nothing_is_shown_of_an_address_that_takes_nothing(
    people: Listener, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    people.always = 500
    notifier = Notifier(services(address(people)))

    assert not notifier.send(HELLO)

    assert notifier.deaf == ("JSON",)
    assert "s3cret" not in caplog.text
    assert capfd.readouterr() == ("", "")


def test_who_alone_could_not_be_told_is_told_with_the_next_message(people: Listener) -> None:
    with Listener() as others:
        others.statuses.append(503)
        notifier = Notifier(services(f"{address(people)} {address(others)}"))

        assert notifier.send(HELLO)
        assert notifier.deaf == ("JSON",)
        assert notifier.send(Message("later", "More."))

        assert [each.said for each in others.heard] == [HELLO.body, HELLO.body, "More."]
        assert [each.said for each in people.heard] == [HELLO.body, "More."]
        assert not notifier.deaf


def test_what_nobody_could_be_told_is_not_sent_twice_when_it_is_sent_again(people: Listener) -> None:
    people.statuses.append(503)
    notifier = Notifier(services(address(people)))

    assert [notifier.send(HELLO), notifier.send(HELLO)] == [False, True]

    assert len(people.heard) == 2


def test_a_service_that_breaks_is_one_that_could_not_be_told(people: Listener) -> None:
    class Broken:
        service_name = "Broken"

        def notify(self, *, title: str, body: str, body_format: str) -> bool:
            raise ValueError(title + body + body_format)

    notifier = Notifier([*services(address(people)), Broken()])

    assert notifier.send(HELLO)
    assert notifier.deaf == ("Broken",)


def test_a_message_is_plain_text_to_every_service() -> None:
    class Recorder:
        service_name = "Recorder"
        form = ""

        def notify(self, *, title: str, body: str, body_format: str) -> bool:
            self.form = body_format
            return bool(title and body)

    recorder = Recorder()

    assert Notifier([recorder]).send(HELLO)
    assert recorder.form == "text"


def test_a_cause_is_told_once_however_often_it_is_seen(people: Listener, queue: Queue) -> None:
    teller = Teller(Notifier(services(address(people))), "museum")

    for minute in range(3):
        teller.tell(queue, (cause(),), NOON + minute * MINUTE)

    assert people.said == ["failed: failed:1"]
    assert people.heard[0].title == "redletter, museum: failed"


def test_a_cause_is_told_once_by_whichever_process_sees_it(people: Listener, queue: Queue) -> None:
    for _ in range(2):
        Teller(Notifier(services(address(people))), "museum").tell(queue, (cause(),), NOON)

    assert people.said == ["failed: failed:1"]


def test_a_cause_that_is_over_is_told_again_when_it_comes_back(people: Listener, queue: Queue) -> None:
    teller = Teller(Notifier(services(address(people))), "museum")

    for found in ((cause(),), (), (cause(),)):
        teller.tell(queue, found, NOON)

    assert people.said == ["failed: failed:1"] * 2


def test_what_may_not_be_over_is_not_forgotten(people: Listener, queue: Queue) -> None:
    teller = Teller(Notifier(services(address(people))), "museum")
    early = cause("early:1", kind=Kind.EARLY)

    teller.tell(queue, (early, cause()), NOON)
    teller.tell(queue, (), NOON, keep=("early:",))

    assert queue.told() == {"early:1"}


def test_what_is_not_ripe_waits(people: Listener, queue: Queue) -> None:
    teller = Teller(Notifier(services(address(people))), "museum")

    teller.tell(queue, (cause(ripe=NOON + 1),), NOON)
    assert people.said == []
    teller.tell(queue, (cause(ripe=NOON + 1),), NOON + 1)
    assert len(people.said) == 1


def test_many_causes_are_one_message(people: Listener, queue: Queue) -> None:
    teller = Teller(Notifier(services(address(people))), "museum")

    teller.tell(queue, [cause(f"failed:{n}") for n in range(50)], NOON)

    (heard,) = people.heard
    lines = heard.said.splitlines()
    assert (len(lines), lines[0], lines[-1]) == (
        20, "failed: failed:0", "and 31 more: see `redletter status`"
    )  # fmt: skip
    assert len(queue.told()) == 50


def test_what_was_unknown_is_settled_in_a_line_of_its_own(people: Listener, queue: Queue) -> None:
    teller = Teller(Notifier(services(address(people))), "museum")
    lost = cause("unknown:1", kind=Kind.UNKNOWN, post="moon/rise")

    teller.tell(queue, (lost, cause()), NOON)
    teller.tell(queue, (cause(),), NOON)
    teller.tell(queue, (), NOON)

    assert people.said[-1] == "settled: moon/rise on museum is not unknown any more"
    assert [each.title for each in people.heard][-1] == "redletter, museum: settled"
    assert len(people.heard) == 2


def test_what_nobody_could_be_told_is_told_later_and_never_forgotten(
    people: Listener, queue: Queue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    teller = Teller(Notifier(services(address(people))), "museum")
    people.always = 500
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])

    asked = []
    for second in (0, 59, 60, 61, 179, 180):
        clock[0] = float(second)
        teller.tell(queue, (cause(),), NOON)
        asked.append(len(people.heard))
    assert (asked, queue.told()) == ([1, 1, 2, 2, 2, 3], frozenset())
    people.always = None
    clock[0] = 10_000.0
    teller.tell(queue, (cause(),), NOON)

    assert queue.told() == {"failed:1"}
    assert [each.message for each in caplog.records] == [
        "failed: failed:1", "people could not be told by JSON; it is tried again"
    ]  # fmt: skip


def test_who_alone_could_not_be_told_is_reminded_without_news(
    people: Listener, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    with Listener() as others:
        teller = Teller(Notifier(services(f"{address(people)} {address(others)}")), "museum")
        others.statuses.extend((500, 500))

        asked = []
        for second in (0, 1, room.REMINDER, room.REMINDER + 1, 2 * room.REMINDER, 3 * room.REMINDER):
            clock[0] = float(second)
            teller.tell(queue, (cause(),), NOON)
            asked.append(len(others.heard))

        assert asked == [1, 1, 2, 2, 3, 3]
        assert len(people.heard) == 1


def test_without_an_address_the_log_hears_it_once(queue: Queue, caplog: pytest.LogCaptureFixture) -> None:
    teller = Teller(None, "museum")
    lost = cause("unknown:1", kind=Kind.UNKNOWN, post="moon/rise", text="unknown:\x1b[2J\nwho knows")
    caplog.set_level(logging.INFO, "redletter")

    for found in ((lost,), (lost,), ()):
        teller.tell(queue, found, NOON)

    assert [each.message for each in caplog.records if "moon" in each.message or "who" in each.message] == [
        "unknown: [2J who knows", "settled: moon/rise on museum is not unknown any more"
    ]  # fmt: skip


def test_without_the_queue_people_are_told_all_the_same_and_once(people: Listener, queue: Queue) -> None:
    teller = Teller(Notifier(services(address(people))), "museum")
    broken = cause("broken:1", kind=Kind.BROKEN, text="nothing is sent: disk full", ripe=NOON + 1)

    for second in range(4):
        teller.tell_without((broken,), NOON + second)
    teller.tell(queue, (), NOON + 4)

    assert people.said == ["nothing is sent: disk full", "settled: turns go well again"]


def test_one_line_says_what_is_most_pressing_of_all_that_is_wrong() -> None:
    quiet, wrong = cause("a", stands=False), cause("b", text="b is wrong")

    assert word((), NOON) == (True, "ok")
    assert word((quiet, cause("c", ripe=NOON + 1)), NOON) == (True, "ok")
    assert word((quiet, wrong), NOON) == (False, "b is wrong")
    assert word((quiet, wrong, cause("c")), NOON) == (False, "b is wrong (and 1 more)")


def test_a_message_of_twenty_lines_is_whole() -> None:
    made = message("museum", [cause(str(n)) for n in range(20)], ())

    assert made.body.splitlines()[-1] == "failed: 19"


def test_a_line_is_one_line_and_not_too_long() -> None:
    assert one_line("a\tb\n\n c\u202e") == "a b c"
    assert (len(shorten("a" * 401)), shorten("a" * 401)[-1], shorten("a" * 400)) == (400, "…", "a" * 400)
