"""The daemon as a process: it delivers what comes due, once, and can be stopped, killed, doubled and disturbed."""

import json
import signal
import subprocess
import time
from collections import Counter
from subprocess import DEVNULL, PIPE
from typing import Any

import pytest

from bot.zones import HOUR, utc_text
from tests.fakes.projects import COMMAND, Folder, environ, museum, running, until
from tests.fakes.x import FakeX

POSTING = "POST /2/tweets"
NEXT_TURN = 40  #: seconds in which a daemon takes a turn, whether or not anything is due


def soon(*seconds: int) -> tuple[int, ...]:
    """Instants so many seconds from now."""
    now = int(time.time())  # noqa: TID251 - a daemon lives by the real clock
    return tuple(now + each for each in seconds)


def enqueued(project: Folder, *seconds: int, posts: str) -> tuple[int, ...]:
    """Let a schedule speak so many seconds from now, and its posts be in the queue, however slow this machine is."""
    instants = soon(*seconds)
    project.dates("now", *instants, posts=posts)
    assert project.at(utc_text(instants[0] - 60), "run", "--once").status == 0
    return instants


def words_at(project: Folder, instant: int) -> str:
    """What is to be said at an instant."""
    return "".join(row["parts"][0]["text"] for row in coming(project) if row["at"] == utc_text(instant))


def coming(project: Folder) -> list[dict[str, Any]]:
    """What is on its way from the schedules of a test."""
    rows = project.call("queue", "list", "--json").data["deliveries"]
    return [row for row in rows if row["schedule"] in {"now", "later"}]


def test_it_shows_what_is_coming_delivers_it_and_stops_when_told(project: Folder) -> None:
    due = enqueued(project, 2, posts="facts/thread")

    with running(project) as daemon:
        until(lambda: len(project.outbox) == 3)
        status = daemon.ends(signal.SIGTERM)

    assert status == 0
    assert "redletter runs, a dry run: nothing leaves this machine." in daemon.words
    assert "○ museum  Three things about eyes. (1/3)\n" in daemon.words
    assert [line["reply_to"] is None for line in project.outbox] == [True, False, False]
    (delivery,) = project.call("history", "--json").data["deliveries"]
    assert (delivery["state"], len(delivery["receipts"]), delivery["at"]) == ("sent", 3, utc_text(*due))


def test_an_interrupt_as_soon_as_it_speaks_ends_it_as_well(project: Folder) -> None:
    with running(project) as daemon:
        status = daemon.ends(signal.SIGINT)

    assert (status, "Traceback" in daemon.words) == (0, False)


def test_what_was_asked_when_it_is_stopped_is_recorded(project: Folder) -> None:
    with FakeX() as x:
        enqueued(project, 1, posts="facts/lens")
        project.live(x.url, x.credentials)
        x.fail_next("slow", seconds=1)

        with running(project) as daemon:
            until(lambda: x.times_asked(POSTING) > 0)
            status = daemon.ends(signal.SIGTERM)

        assert status == 0
        assert "LIVE on museum" in daemon.words
        assert len(x.posts) == 1
    (delivery,) = project.call("history", "--json").data["deliveries"]
    assert delivery["state"] == "sent"
    assert delivery["receipts"][0]["url"] == f"https://x.com/i/status/{x.posts[0].id}"


def test_two_daemons_on_one_state_deliver_each_post_once(project: Folder) -> None:
    enqueued(project, 3, 4, 5, posts="facts/lens facts/leap facts/mirror")

    with running(project) as one, running(project) as other:
        until(lambda: len(project.outbox) >= 3)
        time.sleep(1)
        assert (one.ends(signal.SIGTERM), other.ends(signal.SIGTERM)) == (0, 0)

    assert sorted(Counter(line["key"] for line in project.outbox).values()) == [1, 1, 1]
    assert (one.words + other.words).count(" sent: ") == 3


def test_a_daemon_that_is_killed_and_started_again_loses_and_doubles_nothing(project: Folder) -> None:
    enqueued(project, 1, 2, 3, 4, 5, posts="facts/lens facts/leap facts/mirror facts/thread")

    with running(project) as killed:
        until(lambda: len(project.outbox) >= 2)
        killed.ends(signal.SIGKILL)
    with running(project) as again:
        until(lambda: not any(row["state"] == "pending" for row in coming(project)))
        assert again.ends(signal.SIGTERM) == 0
    # What it had in hand when it was killed is unknown once its lease has run out, and is then found in the outbox, or
    # proved absent and shown.
    for minutes in (6, 9, 16):
        assert project.at(utc_text(*soon(minutes * 60)), "run", "--once").status == 0

    states = [delivery["state"] for delivery in project.call("history", "--json").data["deliveries"]]
    assert states == ["sent"] * 5
    assert set(Counter((line["key"], line["part"]) for line in project.outbox).values()) == {1}
    assert len({line["key"] for line in project.outbox}) == 5


def test_what_a_killed_daemon_was_asking_for_is_never_asked_for_again(project: Folder) -> None:
    with FakeX() as x:
        enqueued(project, 1, posts="facts/lens")
        project.live(x.url, x.credentials)
        x.fail_next("slow", seconds=1)
        with running(project) as killed:
            until(lambda: x.times_asked(POSTING) > 0)
            killed.ends(signal.SIGKILL)
        until(lambda: bool(x.posts))

        with running(project) as again:
            time.sleep(1)
            assert again.ends(signal.SIGTERM) == 0

        assert len(x.posts) == x.times_asked(POSTING) == 1
    (delivery,) = coming(project)
    assert delivery["state"] == "sending", "its lease outlives the crash; then it is unknown"


def test_files_are_taken_up_while_it_runs_but_for_what_people_touched(project: Folder) -> None:
    touched, untouched = soon(HOUR, 2 * HOUR)
    project.dates("later", touched, untouched, posts="facts/lens")
    enqueued(project, 3, 5, posts="facts/thread")

    with running(project) as daemon:
        key = next(row["key"] for row in coming(project) if row["at"] == utc_text(touched))
        assert project.call("queue", "move", key, utc_text(touched + 60)).status == 0
        project.post("facts/lens", "Other words.")
        until(lambda: words_at(project, untouched) == "Other words.", seconds=NEXT_TURN)
        assert words_at(project, touched + 60) == "A lens bends blue light more than red."
        project.write("schedules/later.toml", '[[schedule]]\nname = "later\n')
        wrong = (
            "files changed and are wrong; going on with what was read before: schedules/later.toml:2: toml:"
        )
        until(lambda: wrong in daemon.words, seconds=NEXT_TURN)
        until(lambda: len(project.outbox) >= 6)
        assert words_at(project, untouched) == "Other words."
        assert daemon.ends(signal.SIGTERM) == 0


def test_in_json_every_line_it_says_is_an_object(project: Folder) -> None:
    enqueued(project, 1, posts="facts/lens")

    with running(project, REDLETTER_LOG="json") as daemon:
        until(lambda: bool(project.outbox))
        until(lambda: '"sent"' in daemon.words)
        assert daemon.ends(signal.SIGTERM) == 0

    lines = [json.loads(line) for line in daemon.words.splitlines()]
    assert {"at", "level", "message"} <= set.intersection(*map(set, lines))
    assert any(line.get("state") == "sent" and line["at"].endswith("Z") for line in lines)


def test_a_closed_pipe_stops_no_daemon(project: Folder) -> None:
    enqueued(project, 2, posts="facts/lens")

    asked, buffered = [*COMMAND, "run"], environ(PYTHONUNBUFFERED="")
    with subprocess.Popen(asked, cwd=project.root, env=buffered, stdout=PIPE, stderr=DEVNULL) as daemon:
        try:
            assert daemon.stdout is not None
            assert any(b"Ctrl-C" in line for line in daemon.stdout)
            daemon.stdout.close()
            until(lambda: bool(project.outbox))
            daemon.terminate()
            assert daemon.wait(5) == 0
        finally:
            daemon.kill()


def test_a_daemon_does_not_live_by_a_time_made_up(project: Folder) -> None:
    found = project.at("2027-01-01", "run")

    assert found.status == 2
    assert "a daemon lives by the clock" in found.err


SLOTS = [1_800_000_000 + number * 600 for number in range(18)]  #: every ten minutes for three hours


@pytest.fixture
def paced(project: Folder) -> Folder:
    """A project with a slot every ten minutes, and ten minutes between any two posts."""
    project.live("", {}, 'min_gap = "10m"')
    accounts = project.root / "schedules/accounts.toml"
    accounts.write_text(accounts.read_text("utf-8").replace("live = true", "live = false"), "utf-8")
    project.dates("often", *SLOTS, posts="facts/lens facts/leap facts/mirror")
    return project


def test_after_an_outage_what_is_late_is_missed_and_the_rest_comes_without_a_burst(paced: Folder) -> None:
    assert paced.at(utc_text(SLOTS[0] - 60), "run", "--once").status == 0

    back = SLOTS[-1] + 120
    outboxes = []
    for minutes in range(0, 60, 5):
        assert paced.at(utc_text(back + minutes * 60), "run", "--once").status == 0
        outboxes.append(len(paced.outbox))

    deliveries = paced.at(utc_text(back + HOUR), "history", "--json").data["deliveries"]
    assert [after - before for before, after in zip([0, *outboxes], outboxes, strict=False)] == [1, 0] * 6
    assert {each["reason"] for each in deliveries if each["state"] == "missed"} == {"the bot was not running"}
    assert Counter(each["state"] for each in deliveries) == {"missed": 12, "sent": 6}


def test_a_clock_far_behind_is_refused_in_a_sentence(project: Folder) -> None:
    assert project.at("2027-03-01", "run", "--once").status == 0

    found = project.at("2027-01-01", "run", "--once")

    assert found.status == 1
    assert "the clock says 2027-01-01T00:00:00Z, but 2027-03-01T00:00:00Z was lived through" in found.err
    assert project.at("2027-01-01", "status").status == 1


def test_once_says_with_its_status_that_a_delivery_failed(project: Folder) -> None:
    with FakeX() as x:
        enqueued(project, 1, posts="facts/lens")
        project.live(x.url, x.credentials)
        x.fail_next("answer", status=403, body='{"detail": "no"}')
        time.sleep(1.1)

        found = project.call("run", "--once")

    assert found.status == 1
    assert "failed: refused" in found.out


def test_neither_a_time_lapse_nor_a_time_made_up_reaches_a_network(project: Folder) -> None:
    with FakeX() as x:
        project.live(x.url, x.credentials)

        lapse = project.call("run", "--time-lapse", "--from", "2027-03-01", "--to", "2027-03-08")
        once = project.at("2027-03-01T10:30:00Z", "run", "--once")
        post = project.at("2027-03-01T10:30:00Z", "post", "facts/lens", "--yes")

        assert (lapse.status, once.status, post.status) == (2, 2, 2)
        assert all("is for dry runs only" in found.err for found in (lapse, once, post))
        assert x.requests == 0


def test_two_projects_do_not_meet(project: Folder) -> None:
    other = museum(project.root.parent / "another")
    assert project.at("2027-03-01T10:30:00Z", "run", "--once").status == 0

    assert other.call("history").out == "Nothing was sent yet.\n"
    assert not (other.root / "state").exists()
