"""`post`: one thing now, by hand, held to what every post is held to."""

import os
import re
from pathlib import Path

import pytest

from tests.fakes.mastodon import FakeMastodon
from tests.fakes.projects import REPOSITORY, Folder
from tests.fakes.x import FakeX, png

QUIET = "2027-03-10T15:00:00Z"
PLAIN = "2027-03-11T15:00:00Z"


def test_a_post_of_the_corpus_goes_out_by_its_id(project: Folder) -> None:
    found = project.at(PLAIN, "post", "facts/thread")

    assert found.status == 0
    assert found.out.startswith("2027-03-11 15:00 GMT  ○ museum  Three things about eyes. (1/3)\ndry-run:")
    assert [line["part"] for line in project.outbox] == [1, 2, 3]
    assert {line["post"] for line in project.outbox} == {"facts/thread"}


def test_words_with_a_picture_go_out_with_its_alt_text(project: Folder, tmp_path: Path) -> None:
    (tmp_path / "dome.png").write_bytes(png())

    found = project.at(
        PLAIN, "post", "--text", "Ask {@friends}.", "--media", str(tmp_path / "dome.png"), "--alt", "A dome"
    )

    assert found.status == 0
    (line,) = project.outbox
    assert line["text"] == "Ask @friends."
    assert line["media"] == [{"file": str(tmp_path / "dome.png"), "alt": "A dome"}]


def test_a_schedule_says_what_it_would_pick_in_its_frame(project: Folder) -> None:
    found = project.at("2027-03-12T15:00:00Z", "post", "--schedule", "anniversaries")

    assert found.status == 0
    assert project.texts == ["Thirty years ago today: We opened our doors."]


def test_posting_answers_programs_in_json(project: Folder) -> None:
    (delivery,) = project.at(PLAIN, "post", "facts/lens", "--json").data["deliveries"]

    assert (delivery["state"], delivery["post"], delivery["at"]) == ("sent", "facts/lens", PLAIN)
    assert delivery["receipts"][0]["url"] == project.outbox[0]["url"]


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        ([], 2, "say what to post: the ID of a post, --text, or --schedule"),
        (["facts/lens", "--text", "T"], 2, "say what to post"),
        (["facts/lans"], 2, "no post called 'facts/lans'; did you mean \"facts/lens\"?"),
        (["xyz"], 2, "no post called 'xyz'; `redletter corpus list` has them all"),
        (["facts/lens", "--account", "musum"], 2, "no account called 'musum'; did you mean \"museum\"?"),
        (["facts/lens", "--alt", "A"], 2, "--media and --alt go with --text"),
        (["--text", "T", "--alt", "A"], 2, "0 pictures and 1 alt text: give one --alt for each --media"),
        (["--text", "T", "--media", "none.png", "--alt", "A"], 2, "there is no file none.png"),
        (["--text", "T", "--media", __file__, "--alt", " "], 2, "has no alt text"),
        (["--text", " "], 2, "empty"),
        (["--text", "x" * 281], 2, "281"),
        (["--text", "{@nobody}"], 2, "no mention called 'nobody'"),
        (["--schedule", "morning"], 2, "no schedule called 'morning'; did you mean \"mornings\"?"),
        (["--schedule", "mornings", "--account", "museum"], 2, "a schedule has its own accounts"),
        (["--schedule", "anniversaries"], 1, "anniversaries speaks of a day, and that is not today"),
    ],
)
def test_what_cannot_be_posted_is_refused_with_a_reason(
    project: Folder, words: list[str], status: int, message: str
) -> None:
    found = project.at(PLAIN, "post", *words)

    assert (found.status, found.out) == (status, "")
    assert message in found.err
    assert found.err.startswith("redletter: ")
    assert not project.outbox


def test_a_post_whose_wording_for_the_network_has_other_parts_is_refused(project: Folder) -> None:
    project.write("corpus/facts/odd.md", '+++\ntext.x = "One.\\n---\\nTwo."\n+++\nOne alone.\n')

    found = project.at(PLAIN, "post", "facts/odd")

    assert found.status == 2
    assert "facts/odd: text.x has 2 parts where the post has 1" in found.err


def test_a_schedule_without_any_account_is_told_so(project: Folder) -> None:
    project.write("schedules/accounts.toml", '[mention.friends]\nname = "our friends"\n')
    schedules = project.root / "schedules/calendar.toml"
    schedules.write_text(schedules.read_text("utf-8").replace('accounts = ["museum"]\n', ""), "utf-8")

    found = project.at(PLAIN, "post", "--schedule", "mornings")

    assert found.status == 2
    assert "mornings has nobody to speak for it" in found.err


def test_a_quiet_day_is_kept_by_hand_too_but_for_remembrance(project: Folder) -> None:
    refused = project.at(QUIET, "post", "facts/lens")
    scheduled = project.at(QUIET, "post", "--schedule", "mornings")
    spoken = project.at(QUIET, "post", "days/loss")

    assert refused.status == scheduled.status == 1
    assert "is a quiet day (loss): only remembrance speaks" in refused.err
    assert "quiet day: loss" in scheduled.err
    assert spoken.status == 0
    assert project.texts == ["We remember our founder."]


def test_the_same_words_go_out_again_only_if_it_is_meant(project: Folder) -> None:
    assert project.at(PLAIN, "post", "facts/lens").status == 0

    refused = project.at("2027-03-11T15:05:00Z", "post", "facts/lens")
    again = project.at("2027-03-11T15:06:00Z", "post", "facts/lens", "--again")

    assert refused.status == 1
    assert f"museum had these very words at {PLAIN} (sent); --again if you mean it" in refused.err
    assert (again.status, len(project.outbox)) == (0, 2)


def test_where_there_are_two_accounts_one_says_which(project: Folder) -> None:
    accounts = project.root / "schedules/accounts.toml"
    accounts.write_text(accounts.read_text("utf-8") + '[account.club]\nnetwork = "dry-run"\n', "utf-8")

    asked = project.at(PLAIN, "post", "facts/lens")
    both = project.at(PLAIN, "post", "facts/lens", "--account", "club", "--account", "museum")

    assert (asked.status, both.status) == (2, 0)
    assert "say where with --account; there are museum, club" in asked.err
    assert [line["account"] for line in project.outbox] == ["club", "museum"]


def test_a_hold_keeps_it_back_and_says_so(project: Folder) -> None:
    assert project.at(PLAIN, "hold", "--reason", "Waiting for news").status == 0

    found = project.at(PLAIN, "post", "facts/lens")

    assert found.status == 1
    assert "not out yet: held: Waiting for news" in found.err
    assert not project.outbox


def test_a_live_account_is_asked_about_before_anything_is_said(project: Folder) -> None:
    with FakeX() as x:
        project.live(x.url, x.credentials)

        refused = project.call("post", "facts/lens", typed="n\n")
        silent = project.call("post", "facts/lens")
        assert x.requests == 0
        agreed = project.call("post", "facts/lens", typed="y\n")
        forced = project.call("post", "facts/leap", "--yes")

        assert x.texts == [
            "A lens bends blue light more than red.",
            "A leap day every fourth year makes up for six hours a year.",
        ]
        links = [f"https://x.com/i/status/{post.id}" for post in x.posts]
    assert (refused.status, silent.status, agreed.status, forced.status) == (1, 1, 0, 0)
    assert "museum (x), 38 of 280:\nA lens bends blue light more than red." in refused.err
    assert "Post this, LIVE, to museum on x? [y/N]" in refused.err
    assert "stopped; nothing more was done" in refused.err
    assert [agreed.out.splitlines()[-1], forced.out.splitlines()[-1]] == links
    assert not project.outbox


@pytest.mark.parametrize(
    "words",
    [
        ["post", "facts/lens", "--yes"], ["post", "--text", "T", "--yes"], ["run", "--once"], ["accounts", "check"],
        ["preview", "--json"], ["run", "--time-lapse", "--from", "2027-03-01", "--to", "2027-03-04"],
    ],
)  # fmt: skip
def test_an_account_that_is_not_live_reaches_no_wire(project: Folder, words: list[str]) -> None:
    with FakeX() as x:
        project.live(x.url, x.credentials)
        accounts = project.root / "schedules/accounts.toml"
        accounts.write_text(accounts.read_text("utf-8").replace("live = true", "live = false"), "utf-8")

        found = project.call(*words)

        assert found.status == 0
        assert (x.requests, x.connections) == (0, 0)


def test_what_the_network_refuses_fails_with_its_word(project: Folder) -> None:
    with FakeX() as x:
        project.live(x.url, x.credentials)
        x.fail_next("answer", status=403, body='{"detail": "You are not permitted to do that"}')

        found = project.call("post", "facts/lens", "--yes")

    assert found.status == 1
    assert re.search(r"failed: refused: .*not permitted", found.out)


def test_silence_makes_it_unknown_until_a_person_has_looked(project: Folder) -> None:
    with FakeX() as x:
        project.live(x.url, x.credentials)
        x.fail_next("silent")

        found = project.call("post", "facts/lens", "--yes")
        again = project.call("post", "facts/lens", "--yes")

        assert (found.status, again.status) == (1, 1)
        assert "(unknown); --again if you mean it" in again.err
        key = project.call("queue", "list", "--json").data["deliveries"][0]["key"]
        settle = f"`redletter queue resolve {key[:8]} --sent URL | --absent | --failed REASON`"
        assert re.search(
            r"redletter: nobody knows yet whether museum has it: a running daemon, or the next `redletter run --once`, "
            rf"looks there from [\d-]+T[\d:]+Z on; whoever has looked before settles it with {re.escape(settle)}\n",
            found.err,
        )
        assert len(x.posts) == 1
    assert project.call("status").status == 1
    assert "nobody knows whether it has facts/lens" in project.call("status").out
    key = project.call("queue", "list", "--json").data["deliveries"][0]["key"]
    assert project.call("queue", "resolve", key, "--sent", "https://x.com/i/status/7").status == 0
    assert project.call("status").status == 0
    assert "https://x.com/i/status/7" in project.call("history").out


def test_what_cannot_be_looked_at_is_for_a_person_to_settle(project: Folder) -> None:
    with FakeX() as x:
        project.live(x.url, x.credentials, "find = false")
        x.fail_next("silent")

        found = project.call("post", "facts/lens", "--yes")

    assert found.status == 1
    assert (
        "nobody knows whether museum has it, and no program can look: look there, then `redletter"
        in found.err
    )
    assert "--sent URL | --absent | --failed REASON`" in found.err


def test_missing_credentials_are_named(project: Folder) -> None:
    project.live("http://127.0.0.1:9", {})

    found = project.call("post", "facts/lens", "--yes")
    check = project.call("accounts", "check")

    assert (found.status, found.out, check.status) == (2, "", 1)
    assert found.err.startswith(
        "redletter: account museum lacks credentials: set MUSEUM_X_CONSUMER_KEY, MUSEUM_X_CONSUMER_SECRET"
    )
    assert project.call("queue", "list", "--json").data["deliveries"] == []
    assert "✗ museum: account museum lacks credentials: set MUSEUM_X_CONSUMER_KEY" in check.out


@pytest.mark.parametrize(
    ("budget", "message"),
    [
        ("daily_posts = 1", "the budget of museum is 1 posts for the day, and 1 are used"),
        ("usd = 0.02", "the budget of museum is $0.020 for the month, $0.015 are spent, and this may cost $0.015"),
    ],
)  # fmt: skip
def test_a_budget_that_is_used_up_is_told_before_anything_is_queued(
    project: Folder, budget: str, message: str
) -> None:
    with FakeX() as x:
        project.live(x.url, x.credentials, f"budget = {{ {budget} }}")
        assert project.call("post", "facts/lens", "--yes").status == 0

        found = project.call("post", "facts/leap", "--yes")

        assert (found.status, found.out, len(x.posts)) == (2, "", 1)
    assert re.fullmatch(
        rf"redletter: {re.escape(message)}; there is room again at [\d-]+T[\d:]+Z\n", found.err
    )
    assert len(project.call("history", "--json").data["deliveries"]) == 1


def test_a_publisher_that_breaks_is_left_to_delivery_which_tells_no_secret(
    project: Folder, tmp_path: Path
) -> None:
    site = Folder(tmp_path / "site")
    site.write("kite_wire-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: kite-wire\nVersion: 1.0\n")
    site.write("kite_wire-1.0.dist-info/entry_points.txt", "[redletter.publishers]\nkite = kite_wire:Kite\n")
    site.write(
        "kite_wire.py",
        "from bot.model import Limits\nclass Kite:\n    limits, secrets = Limits(), {}\n"
        "    def __init__(self, *_):\n        raise ValueError('hush-hush')\n",
    )
    project.write("schedules/accounts.toml", '[account.museum]\nnetwork = "kite"\nlive = true\n')
    path = f"{REPOSITORY}{os.pathsep}{site.root}"

    found = project.run("post", "--text", "Hello", "--yes", PYTHONPATH=path)

    assert found.status == 1
    assert "cannot ask for museum: ValueError at kite_wire.py:5" in found.out
    assert "Traceback" not in found.err
    assert "hush-hush" not in found.all


def test_who_asks_who_we_are_learns_what_the_network_takes(project: Folder) -> None:
    with FakeMastodon(texts={"max_characters": 280}) as fake:
        project.live(fake.url, {"ACCESS_TOKEN": fake.token})
        accounts = project.root / "schedules/accounts.toml"
        accounts.write_text(accounts.read_text().replace('network = "x"', 'network = "mastodon"'))

        check = project.call("accounts", "check")

        found = project.call("post", "--text", "Hello " * 50, "--yes")

    assert (check.status, found.status) == (0, 2)
    assert "299 long on museum, where 280 fit" in found.err


def test_where_no_account_is_there_is_nowhere_to_post(project: Folder) -> None:
    project.write("schedules/accounts.toml", "")
    project.write("schedules/calendar.toml", "")

    found = project.call("post", "--text", "Hello")

    assert (found.status, "there is no account to post to" in found.err) == (2, True)
    assert not project.outbox


def test_nothing_is_said_of_what_has_ended(project: Folder) -> None:
    project.write(
        "schedules/live.toml",
        '[[event]]\nid = "talk"\ntitle = "A talk"\ninstant = 2027-03-09T17:00:00Z\nuntil = 2027-03-09T18:00:00Z\n',
    )
    project.post("days/talk", "The curator speaks of lenses.", 'event = "talk"\nuse = "dated"')

    during = project.at("2027-03-09T17:30:00Z", "post", "days/talk", "--yes")
    after = project.at("2027-03-09T18:00:00Z", "post", "days/talk", "--yes", "--again")

    assert during.status == 0, during.err
    assert after.status == 1
    assert "talk ended 2027-03-09T18:00:00Z: nothing is said of it from then on" in after.err
