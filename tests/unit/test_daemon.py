"""The daemon, a turn at a time: it takes up files that change, and goes on while they are wrong."""

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.daemon import Daemon
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.errors import BadCall, Problems
from bot.model import Window
from bot.settings import read_settings
from bot.zones import DAY
from tests.fakes.deliveries import Later
from tests.fakes.projects import Folder, museum
from tests.fakes.worlds import at

MORNING = at("2027-03-08T10:30Z")


@pytest.fixture
def project(tmp_path: Path) -> Folder:
    return museum(tmp_path / "museum")


@pytest.fixture
def daemon(project: Folder) -> Iterator[Daemon]:
    settings = read_settings(project.root, {})
    with Queue(settings.database) as queue:
        yield Daemon(project.root, settings, queue, told=lambda _: None)


def turn(daemon: Daemon, now: int = MORNING) -> None:
    daemon.turn(partial(int, now))


def test_files_that_changed_are_read_again_and_others_are_not(project: Folder, daemon: Daemon) -> None:
    first = daemon.project
    turn(daemon)
    same = daemon.project
    project.post("facts/lens", "Words that are new.")
    turn(daemon)
    still = daemon.project

    turn(daemon, MORNING + 1)

    assert same is first
    assert still is first, "they were looked at in this very second"
    assert daemon.project.corpus.by_id["facts/lens"].parts[0].text == "Words that are new."


def test_while_files_are_wrong_it_goes_on_with_what_was_right_and_says_so_once(
    project: Folder, daemon: Daemon, caplog: pytest.LogCaptureFixture
) -> None:
    first = daemon.project
    project.write("schedules/calendar.toml", "[[schedule]]\nname = \n")

    turn(daemon)
    turn(daemon, MORNING + 1)

    assert daemon.project is first
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    (said,) = [record.getMessage() for record in errors]
    assert "going on with what was read before: schedules/calendar.toml:2: toml: Invalid value" in said
    assert project.texts


def test_files_that_are_wrong_at_the_start_are_refused(project: Folder) -> None:
    project.write("schedules/calendar.toml", "[[schedule]]\nname = \n")
    settings = read_settings(project.root, {})

    with Queue(settings.database) as queue, pytest.raises(Problems):
        Daemon(project.root, settings, queue, told=lambda _: None)


def test_a_post_that_is_wrong_is_left_out_with_a_word(
    project: Folder, daemon: Daemon, caplog: pytest.LogCaptureFixture
) -> None:
    project.post("facts/lens", "x" * 300)

    turn(daemon)

    assert any(
        record.getMessage().startswith("left out: corpus/facts/lens.md:4: too-long")
        for record in caplog.records
    )
    assert "facts/lens" in daemon.project.corpus.faulty


def test_turns_go_on_until_nothing_is_due(project: Folder, daemon: Daemon) -> None:
    project.dates("more", MORNING + 20, MORNING + 40, posts="facts/leap facts/mirror")
    turn(daemon, MORNING - 3600)

    due = daemon.turns(partial(int, MORNING + 60))

    assert len({line["key"] for line in project.outbox}) == 3
    assert due is not None
    assert due > MORNING + 60


def test_no_life_is_lived_through_while_an_account_is_live(project: Folder) -> None:
    project.live("http://127.0.0.1:9", {})
    settings = read_settings(project.root, {})

    with Queue(settings.database) as queue:
        daemon = Daemon(project.root, settings, queue, told=lambda _: None)
        with pytest.raises(
            BadCall, match="a time-lapse is for dry runs only, and an account is live: museum"
        ):
            daemon.live_through(MORNING, MORNING + 3600)


def test_while_a_network_takes_its_time_the_next_turn_is_due_at_once_and_the_end_is_told(
    project: Folder,
) -> None:
    settings, hands, told = read_settings(project.root, {}), Later(), list[str]()
    with Queue(settings.database) as queue:
        daemon = Daemon(project.root, settings, queue, told=told.append, hands=hands, most=4)
        dues = []
        for _ in range(5):  # made ready, asked for part by part, ended
            dues.append(daemon.turn(partial(int, MORNING)))
            for _ in list(hands.work):
                hands.do()
        [due] = queue.rows(MORNING, states=[State.SENT])

    assert dues[:4] == [MORNING] * 4
    assert told == [due.key]
    assert [line["key"] for line in project.outbox] == [due.key] * 3


def test_stopping_tells_what_was_still_in_hand_and_begins_nothing_more(project: Folder) -> None:
    project.dates("more", MORNING, posts="facts/leap")
    settings, hands, told = read_settings(project.root, {}), Later(), list[str]()
    with Queue(settings.database) as queue:
        daemon = Daemon(project.root, settings, queue, told=told.append, hands=hands, most=4)
        daemon.turn(partial(int, MORNING))
        hands.do()
        daemon.turn(partial(int, MORNING))
        hands.do()

        daemon.finish()

        assert len(told) == 1
        assert len(queue.rows(MORNING, states=[State.PENDING], window=Window(MORNING, MORNING + 1))) == 1
    assert hands.work == []


def test_a_time_lapse_lives_through_days_in_no_time(project: Folder, daemon: Daemon) -> None:
    daemon.live_through(MORNING - 3_600, MORNING + 2 * DAY)

    assert {line["at"] for line in project.outbox} == {"2027-03-08T10:30:00Z", "2027-03-09T10:30:00Z"}
    assert not daemon.is_in_trouble
