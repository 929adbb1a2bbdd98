"""The project as the desk sees it: fresh, and while files are wrong as they were when they were last right."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery.queue import Queue
from bot.errors import Problems
from bot.settings import read_settings
from bot.web.office import Office
from bot.web.site import site
from tests.fakes.desks import MORNING
from tests.fakes.projects import Folder, museum


class Clock:
    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return museum(tmp_path / "museum")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(folder: Folder, clock: Clock) -> Iterator[Office]:
    settings = read_settings(folder.root, {})
    with Queue(settings.database) as queue:
        yield Office(
            folder.root,
            settings,
            queue,
            site=site("::1", 1, has_tls=False),
            clock=clock,
            secret=lambda: "word",
        )


def test_what_changed_is_read_again_a_second_later(office: Office, folder: Folder, clock: Clock) -> None:
    before = office.project
    folder.post("facts/new", "New words.")

    at_once = office.project
    clock.now += 1
    after = office.project

    assert at_once is before
    assert "facts/new" in after.corpus.by_id
    assert office.project is after


def test_what_the_desk_wrote_itself_is_read_again_at_once(office: Office, folder: Folder) -> None:
    assert "facts/new" not in office.project.corpus.by_id
    folder.post("facts/new", "New words.")

    office.look_again()

    assert "facts/new" in office.project.corpus.by_id


def test_while_files_are_wrong_what_was_last_right_is_shown(
    office: Office, folder: Folder, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    right, file = office.project, folder.root / "schedules/calendar.toml"
    words = file.read_text("utf-8")

    for _ in range(3):
        file.write_text("nonsense", encoding="utf-8")
        clock.now += 1
        assert office.project is right
    wrong = office.problems
    file.write_text(words, encoding="utf-8")
    clock.now += 1

    assert office.project.digest == right.digest
    assert [problem.file for problem in wrong] == ["schedules/calendar.toml"]
    assert office.problems == ()
    assert {record.getMessage() for record in caplog.records if record.levelno == logging.ERROR} == {
        f"files changed and are wrong; showing what was read before: {wrong[0]}"
    }


def test_a_post_that_is_left_out_is_known(office: Office, folder: Folder, clock: Clock) -> None:
    folder.post("facts/lens", "Words.", 'tone = "merry"')
    clock.now += 1

    assert office.project.corpus
    assert office.problems == ()
    assert [problem.file for problem in office.left_out] == ["corpus/facts/lens.md"]


def test_a_desk_does_not_open_over_files_that_are_wrong(folder: Folder, clock: Clock) -> None:
    folder.write("schedules/calendar.toml", "nonsense")
    settings = read_settings(folder.root, {})

    with Queue(settings.database) as queue, pytest.raises(Problems):
        Office(
            folder.root,
            settings,
            queue,
            site=site("::1", 1, has_tls=False),
            clock=clock,
            secret=lambda: "word",
        )
