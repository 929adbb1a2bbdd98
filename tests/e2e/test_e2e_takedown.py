"""`queue takedown`, as people call it: what was sent is deleted where it can be, and what remains is said."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.projects import Folder
from tests.fakes.x import FakeX

PLAIN = "2027-03-08T12:00:00Z"


@pytest.fixture
def x(project: Folder) -> Iterator[FakeX]:
    """A fake X that the museum's account is live on."""
    with FakeX() as x:
        project.live(x.url, x.credentials)
        yield x


def sent(project: Folder, post: str = "facts/lens") -> dict[str, Any]:
    """A post that was just sent, as data."""
    (delivery,) = project.call("post", post, "--yes", "--json").data["deliveries"]
    assert delivery["state"] == "sent"
    found: dict[str, Any] = delivery
    return found


def taken_down(project: Folder, key: str, *words: str, typed: str = "") -> Any:
    return project.call("queue", "takedown", key[:8], "--reason", "a wrong date", *words, typed=typed)


def test_a_live_post_is_deleted_once_a_person_has_said_yes(project: Folder, x: FakeX) -> None:
    key, requests = sent(project)["key"], x.requests
    address = f"https://x.com/i/status/{x.posts[0].id}"

    refused, silent = taken_down(project, key, typed="n\n"), taken_down(project, key)
    assert (len(x.posts), x.requests) == (1, requests)
    agreed = taken_down(project, key, typed="y\n")

    assert x.posts == []
    assert (refused.status, silent.status, agreed.status) == (1, 1, 0)
    assert f"museum (x), part 1: {address}\n" in refused.err
    assert "Delete this, LIVE, from museum on x? It cannot be taken back. [y/N]" in refused.err
    assert agreed.out == f"museum, part 1: it is deleted\n          {address}\n"


def test_a_thread_is_deleted_from_its_end_without_a_question_where_that_is_wanted(
    project: Folder, x: FakeX
) -> None:
    delivery = sent(project, "facts/thread")

    found = taken_down(project, delivery["key"], "--yes", "--json", "--who", "Ada")

    assert (found.status, x.posts, found.err) == (0, [], "")
    assert found.data["besides"] == []
    assert [(part["part"], part["url"]) for part in found.data["parts"]] == [
        (number, delivery["receipts"][number - 1]["url"]) for number in (3, 2, 1)
    ]
    assert found.data["parts"][0] == {
        "key": delivery["key"],
        "post": "facts/thread",
        "account": "museum",
        "network": "x",
        "part": 3,
        "url": delivery["receipts"][2]["url"],
        "outcome": "removed",
        "is_down": True,
        "said": "it is deleted",
    }


def test_what_remains_is_said_with_its_address_and_makes_the_call_a_failure(
    project: Folder, x: FakeX
) -> None:
    delivery = sent(project)
    x.foreign.add(x.posts[0].id)

    found = taken_down(project, delivery["key"], "--yes")

    assert found.status == 1
    assert "museum, part 1: X refused (HTTP 403) for museum: You are not authorized" in found.out
    assert found.out.endswith(f"\n          remains: {delivery['receipts'][0]['url']}\n")


def test_what_is_down_already_is_not_asked_about_again(project: Folder, x: FakeX) -> None:
    key = sent(project)["key"]
    taken_down(project, key, "--yes", "--who", "Ada")
    requests = x.requests

    again = taken_down(project, key)

    assert again.status == 0
    assert "museum, part 1: Ada has taken it down before\n" in again.out
    assert x.requests == requests


def test_what_a_person_found_there_is_deleted_and_what_nobody_knows_is_told(
    project: Folder, x: FakeX
) -> None:
    x.fail_next("silent")
    (delivery,) = project.call("post", "facts/thread", "--yes", "--json").data["deliveries"]
    address = f"https://x.com/i/status/{x.posts[0].id}"
    assert project.call("queue", "resolve", delivery["key"], "--sent", address).status == 0
    x.fail_next("silent")
    assert project.call("run", "--once").status == 1

    found = taken_down(project, delivery["key"], "--yes")

    assert found.status == 1
    assert found.out == f"museum, part 1: it is deleted\n          {address}\n"
    assert "redletter: nobody knows whether museum shows part 2 too: look there" in found.err
    assert x.texts == ["They need half an hour in the dark."]


def test_what_the_dry_run_has_shown_it_takes_down_without_a_question(project: Folder) -> None:
    (delivery,) = project.at(PLAIN, "post", "facts/lens", "--json").data["deliveries"]
    outbox = project.outbox

    found = project.at(PLAIN, "queue", "takedown", delivery["key"], "--reason", "a wrong date")

    (line,) = (project.root / "state/removed.jsonl").read_text("utf-8").splitlines()
    assert found.status == 0
    assert project.outbox == outbox
    assert json.loads(line) == {
        "at": PLAIN,
        "account": "museum",
        "network": "x",
        "key": delivery["key"],
        "part": 1,
        "url": outbox[0]["url"],
    }


def test_what_was_sent_live_is_left_where_the_account_is_a_dry_run_now(project: Folder, x: FakeX) -> None:
    key = sent(project)["key"]
    accounts = project.root / "schedules/accounts.toml"
    accounts.write_text(accounts.read_text("utf-8").replace("live = true", "live = false"), "utf-8")

    found = taken_down(project, key)

    assert found.status == 1
    assert "museum is not live any more: write `live = true` for it again, and take it down then" in found.out
    assert len(x.posts) == 1
    assert not (project.root / "state/removed.jsonl").exists()


def test_a_live_post_is_not_deleted_at_a_time_that_is_made_up(project: Folder, x: FakeX) -> None:
    key = sent(project)["key"]

    found = project.at("2099-03-08", "queue", "takedown", key, "--reason", "a wrong date", "--yes")

    assert found.status == 2
    assert "a time made up with --now is for dry runs only, and museum is live" in found.err
    assert len(x.posts) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nosuchkey", "--reason", "R"], "no delivery is called 'nosuchkey'"),
        (["nosuchkey"], "Missing option '--reason'"),
    ],
)
def test_a_call_that_cannot_be_meant_is_told_so(project: Folder, words: list[str], message: str) -> None:
    found = project.call("queue", "takedown", *words)

    assert found.status == 2
    assert message in found.err


def test_what_was_not_sent_yet_cannot_be_taken_down(project: Folder) -> None:
    assert project.at("2027-03-08", "run", "--once").status == 0
    (first, *_) = project.at("2027-03-08", "queue", "list", "--json").data["deliveries"]

    found = project.at("2027-03-08", "queue", "takedown", first["key"], "--reason", "R")

    assert found.status == 2
    assert "nothing of it was shown, as far as is known; it is pending" in found.err
