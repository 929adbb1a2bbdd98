"""What people decide about the queue, and what they are told of it."""

import re
from typing import Any

import pytest

from tests.fakes.projects import ACCOUNTS, SCHEDULES, Folder
from tests.fakes.x import FakeX, png

MONDAY = "2027-03-08"  #: two days before the quiet day, four before the anniversary

POSTED = """\
[[schedule]]
name = "posted"
trigger.on_this_day = { at = "12:00", zone = "Europe/London" }
frame = "{{ years_in_words | capitalize }} ago today: {{ text }}"
grace = "same-day"
accounts = ["museum"]
"""


@pytest.fixture
def queued(project: Folder) -> Folder:
    """The museum with a week in its queue."""
    assert project.at(MONDAY, "run", "--once").status == 0
    return project


def rows(project: Folder, *words: str, now: str = MONDAY) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = project.at(now, "queue", "list", "--json", *words).data["deliveries"]
    return found


def key(project: Folder, schedule: str) -> str:
    """The key of a schedule's first delivery, shortened as a person would."""
    return str(next(row["key"] for row in rows(project) if row["schedule"] == schedule))[:8]


def test_the_queue_lists_what_is_coming_with_what_keeps_it_back(queued: Folder) -> None:
    found = queued.at(MONDAY, "queue")

    lines = found.out.splitlines()
    assert (
        lines[0]
        == f"{key(queued, 'mornings')}  2027-03-08 10:30 GMT  ○ museum  {lines[0].split('museum  ')[1]}"
    )
    assert [line for line in lines if line.startswith(" " * 10)] == ["          pending: not approved"]
    assert all(len(line) <= 80 for line in lines)
    assert found.out == queued.at(MONDAY, "queue", "list", "--account", "museum").out


def test_what_was_approved_goes_out_and_what_was_not_is_missed(queued: Folder) -> None:
    name = key(queued, "remembrance")

    found = queued.at(MONDAY, "queue", "approve", name, "--who", "Ada")

    assert found.status == 0
    assert "approved by Ada" in found.out
    assert queued.at("2027-03-10T09:00:00Z", "run", "--once").status == 0
    assert queued.texts == ["We remember our founder."]


def test_what_nobody_approved_is_missed_at_the_end_of_its_day(queued: Folder) -> None:
    assert queued.at("2027-03-10T12:00:00Z", "run", "--once").status == 0
    assert queued.at("2027-03-11T00:00:00Z", "run", "--once").status == 0

    found = queued.at("2027-03-11T00:00:00Z", "history")

    assert "missed: not approved in time" in found.out
    assert not queued.outbox


def test_what_is_skipped_stays_silent_with_its_reason(queued: Folder) -> None:
    name = key(queued, "mornings")

    found = queued.at(MONDAY, "queue", "skip", name, "--reason", "Not today")

    assert (found.status, "cancelled: Not today" in found.out) == (0, True)
    assert queued.at("2027-03-08T10:31:00Z", "run", "--once").status == 0
    assert not queued.outbox
    assert "cancelled: Not today" in queued.at("2027-03-08T10:31:00Z", "history").out


def test_a_post_is_swapped_for_another(queued: Folder) -> None:
    name = key(queued, "mornings")

    found = queued.at(MONDAY, "queue", "swap", name, "facts/thread")

    assert (found.status, "swapped for facts/thread" in found.out) == (0, True)
    assert queued.at("2027-03-08T10:30:00Z", "run", "--once").status == 0
    assert len(queued.outbox) == 3


def test_a_post_is_moved_to_another_time(queued: Folder) -> None:
    name = key(queued, "mornings")

    found = queued.at(MONDAY, "queue", "move", name, "2027-03-08T15:00:00Z")

    assert (found.status, "2027-03-08 15:00 GMT" in found.out) == (0, True)
    assert queued.at("2027-03-08T10:30:00Z", "run", "--once").status == 0
    assert not queued.outbox
    assert queued.at("2027-03-08T15:00:00Z", "run", "--once").status == 0
    assert {line["at"] for line in queued.outbox} == {"2027-03-08T15:00:00Z"}


def test_a_post_with_frames_in_turn_is_moved_to_another_day(project: Folder) -> None:
    framed = SCHEDULES.replace(
        'pick = { tags = ["facts"]',
        'frame = ["{{ text }}", "Know this: {{ text }}"]\npick = { tags = ["facts"]',
    )
    project.write("schedules/calendar.toml", framed)
    assert project.at(MONDAY, "run", "--once").status == 0

    found = project.at(MONDAY, "queue", "move", key(project, "mornings"), "2027-03-09T15:00:00Z")

    assert (found.status, "2027-03-09 15:00 GMT" in found.out) == (0, True)


GAP = ACCOUNTS.replace('network = "x"', 'network = "x"\nmin_gap = "90m"')


@pytest.fixture
def spaced(project: Folder) -> Folder:
    """The museum with a week in its queue, and an account that keeps its posts apart."""
    project.write("schedules/accounts.toml", GAP)
    assert project.at(MONDAY, "run", "--once").status == 0
    return project


@pytest.mark.parametrize(
    ("at", "free"),
    [
        ("2027-03-09T11:00:00Z", "2027-03-09T09:00:00+00:00 or 2027-03-09T12:00:00+00:00"),
        ("2027-03-09T10:30:00Z", "2027-03-09T09:00:00+00:00 or 2027-03-09T12:00:00+00:00"),
        ("2027-03-09T09:01:00Z", "2027-03-09T09:00:00+00:00 or 2027-03-09T12:00:00+00:00"),
    ],
)
def test_a_post_is_not_moved_nearer_to_another_than_its_account_allows(
    spaced: Folder, at: str, free: str
) -> None:
    name, before = key(spaced, "mornings"), rows(spaced)

    found = spaced.at(MONDAY, "queue", "move", name, at)

    assert (found.status, rows(spaced)) == (2, before)
    assert "too near on museum, which keeps 90m between posts: facts/" in found.err
    assert " (mornings) goes out at 2027-03-09 10:30 GMT; " in found.err
    assert f"; free is {free}; --anyway if you mean it" in found.err


def test_a_person_can_insist_on_a_smaller_gap(spaced: Folder) -> None:
    found = spaced.at(MONDAY, "queue", "move", key(spaced, "mornings"), "2027-03-09T11:00:00Z", "--anyway")

    assert (found.status, "2027-03-09 11:00 GMT" in found.out) == (0, True)


def test_the_gap_itself_is_far_enough_and_a_post_is_never_too_near_to_itself(spaced: Folder) -> None:
    name = key(spaced, "mornings")

    moved = [
        spaced.at(MONDAY, "queue", "move", name, at)
        for at in ("2027-03-08T10:45:00Z", "2027-03-09T09:00:00Z")
    ]

    assert [found.status for found in moved] == [0, 0]


def test_what_has_gone_out_keeps_others_away_and_no_instant_of_another_day_or_of_the_past_is_offered(
    spaced: Folder,
) -> None:
    assert spaced.at("2027-03-12T08:30:00Z", "run", "--once").status == 0
    name = next(row["key"] for row in rows(spaced) if row["schedule"] == "anniversaries")
    assert spaced.at("2027-03-12T08:40:00Z", "post", "facts/lens").status == 0

    found = spaced.at("2027-03-12T08:45:00Z", "queue", "move", name, "2027-03-12T09:15:00Z")

    assert found.status == 2
    assert "facts/lens (by hand) went out at 2027-03-12 08:40 GMT; free is 2027-03-12T" in found.err
    assert found.err.count("2027-03-12T") == 1


def test_where_no_instant_of_the_day_is_free_that_is_told(spaced: Folder) -> None:
    spaced.write(
        "schedules/accounts.toml", ACCOUNTS.replace('network = "x"', 'network = "x"\nmin_gap = "1d"')
    )
    name = key(spaced, "anniversaries")

    found = spaced.at(MONDAY, "queue", "move", name, "2027-03-12T10:00:00Z")

    assert (found.status, "keeps 24h between posts" in found.err) == (2, True)
    assert "; no instant near it is free; --anyway" in found.err


@pytest.mark.parametrize(
    ("schedule", "words", "message"),
    [
        (
            "remembrance",
            ["swap", "days/opening"],
            "days/opening is no post of loss, of which this slot speaks",
        ),
        ("remembrance", ["swap", "days/feast"], "2027-03-10 is a quiet day (loss): only remembrance speaks"),
        ("remembrance", ["move", "2027-03-11T09:00:00Z"], "remembrance speaks of 2027-03-10; move it within"),
        (
            "anniversaries",
            ["move", "2027-03-13T00:00:00Z"],
            "anniversaries speaks of 2027-03-12; move it within",
        ),
        ("mornings", ["move", "2027-03-10T15:00:00Z"], "2027-03-10 is a quiet day (loss): only remembrance"),
        ("posted", ["swap", "facts/lens"], "this slot speaks of a post's own date"),
        ("posted", ["move", "2027-03-12T12:00:00Z"], "posted speaks of 2027-03-11; move it within that day"),
    ],
)
def test_no_decision_breaks_a_quiet_day_or_speaks_of_another_date(
    project: Folder, schedule: str, words: list[str], message: str
) -> None:
    project.post("days/feast", "A feast for all.", 'event = "loss"\ntone = "celebration"\nuse = "dated"')
    project.post("old", "A door was painted.", 'posted = 2020-03-11\nuse = "dated"')
    project.write("schedules/posted.toml", POSTED)
    assert project.at(MONDAY, "run", "--once").status == 0
    before = rows(project)

    verb, argument = words
    found = project.at(MONDAY, "queue", verb, key(project, schedule), argument)

    assert (found.status, message in found.err) == (2, True), found.err
    assert rows(project) == before


def test_what_speaks_of_a_day_moves_within_it_and_swaps_for_the_same_event(queued: Folder) -> None:
    queued.post("days/founder", "Our founder built the first lens.", 'event = "loss"\nuse = "dated"')
    name = key(queued, "remembrance")

    moved = queued.at(MONDAY, "queue", "move", name, "2027-03-10T15:00:00Z")
    swapped = queued.at(MONDAY, "queue", "swap", name, "days/founder")

    assert (moved.status, swapped.status) == (0, 0), moved.err + swapped.err


def test_one_delivery_is_shown_with_its_whole_life(queued: Folder) -> None:
    name = key(queued, "mornings")
    assert queued.at("2027-03-08T10:30:00Z", "run", "--once").status == 0

    found = queued.at(MONDAY, "queue", "show", name)
    (whole,) = queued.at(MONDAY, "queue", "show", name, "--json").data["deliveries"]

    assert "   state  sent: a receipt for every part\n" in found.out
    assert "    move  2027-03-08T10:30:00Z pending → sending: claimed" in found.out
    assert " attempt  2027-03-08T10:30:00Z part 1: dry-run:" in found.out
    assert [step["to"] for step in whole["moves"]] == ["sending", "sent"]
    assert whole["attempts"][0]["outcome"] == "receipt"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["show", "ffffffff"], "ffffffff"),
        (["approve", "ffffffff"], "ffffffff"),
        (["swap", "KEY", "facts/lans"], 'did you mean "facts/lens"?'),
        (["swap", "KEY", "long"], "long does not fit there: it is 300 long on museum, where 280 fit"),
        (["swap", "KEY", "broken"], "broken has faults; `redletter check` tells them"),
        (["move", "KEY", "2027-03-07T00:00:00Z"], "2027-03-07T00:00:00Z has passed; name a time to come"),
        (["move", "KEY", "soon"], "cannot read 'soon' as a time: write a date such as 2027-01-28"),
        (["retry", "KEY"], "move it instead"),
        (["resolve", "KEY"], "say what you found: --sent URL, --absent or --failed REASON"),
        (["resolve", "KEY", "--absent"], "cannot resolve"),
        (["skip", "KEY"], "Missing option '--reason'"),
        (["list", "--account", "musum"], "no account called 'musum'; did you mean \"museum\"?"),
    ],
)
def test_a_decision_that_makes_no_sense_says_what_would(
    queued: Folder, words: list[str], message: str
) -> None:
    queued.post("long", "x" * 300, 'use = "hold"')
    queued.post("broken", "Text", 'media = [{ file = "none.png", alt = "None" }]')
    name = key(queued, "mornings")

    found = queued.at(MONDAY, "queue", *(name if word == "KEY" else word for word in words))

    assert found.status == 2
    assert message in found.err


def test_before_the_first_run_there_is_nothing_to_decide(project: Folder) -> None:
    listed = project.call("queue", "list")
    shown = project.call("queue", "show", "abc")

    assert (listed.status, shown.status) == (0, 2)
    assert "Nothing is in the queue; `redletter run` fills it" in listed.out
    assert "the queue is empty: the bot has not run yet" in shown.err


def test_a_hold_stops_one_tone_until_it_is_released(queued: Folder) -> None:
    held = queued.at(MONDAY, "hold", "--tone", "celebration", "--reason", "Bad news")
    listed = queued.at(MONDAY, "hold", "--list")
    morning = queued.at("2027-03-12T09:00:00Z", "run", "--once")
    before = list(queued.texts)
    released = queued.at("2027-03-12T12:00:00Z", "release", "--tone", "celebration")
    noon = queued.at("2027-03-12T12:00:00Z", "run", "--once")

    assert {answer.status for answer in (held, listed, morning, released, noon)} == {0}
    words = "everything of the tone celebration, since 2027-03-08T00:00:00Z: Bad news\n"
    assert listed.out == f"held: {words}"
    assert held.out == f"{listed.out}It stops 1 post of what is planned until 2027-04-07T00:00:00Z.\n"
    assert released.out == (
        f"released {words}"
        "Late by now, and still posted one by one while their grace lasts (1 post, until 2027-03-13T00:00:00Z at first):\n"
        "  2027-03-12 09:00 GMT  ✦ museum  Thirty years ago today: We opened our doors.\n"
    )
    assert not before
    assert "Thirty years ago today: We opened our doors." in queued.texts


def test_a_hold_ends_by_itself_when_it_says_so(queued: Folder) -> None:
    made = queued.at(MONDAY, "hold", "--until", "2027-03-09", "--reason", "A day off", "--json")

    assert made.data["holds"][0]["until"] == "2027-03-09T00:00:00Z"
    assert queued.at("2027-03-08T10:30:00Z", "run", "--once").status == 0
    assert not queued.outbox
    assert queued.at("2027-03-09T10:30:00Z", "hold", "--list").out == "Nothing is held.\n"
    assert queued.at("2027-03-09T10:30:00Z", "run", "--once").status == 0
    assert {line["at"] for line in queued.outbox} == {"2027-03-09T10:30:00Z"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["hold"], "say why with --reason; `redletter hold --list` shows what is held"),
        (["hold", "--reason", "R", "--account", "musum"], 'did you mean "museum"?'),
        (["hold", "--reason", "R", "--until", "2027-01-01"], "has passed"),
        (["hold", "--reason", "R", "--tone", "sad"], "'sad' is not one of 'celebration'"),
        (["release", "--account", "musum"], 'did you mean "museum"?'),
    ],
)
def test_a_hold_that_makes_no_sense_is_refused(project: Folder, words: list[str], message: str) -> None:
    found = project.at(MONDAY, *words)

    assert found.status == 2
    assert message in found.err


def test_status_and_history_tell_how_it_goes(queued: Folder) -> None:
    assert queued.at("2027-03-08T10:30:00Z", "run", "--once").status == 0

    status = queued.at("2027-03-08T10:31:00Z", "status")
    later = queued.at("2027-03-08T11:00:00Z", "status", "--json").data
    history = queued.at("2027-03-08T11:00:00Z", "history", "--last", "1")
    nobody = queued.at("2027-03-08T11:00:00Z", "history", "--account", "musum")

    assert status.out.startswith(
        "All is well.\n    last turn  2027-03-08 10:30:00 UTC\n         next  2027-03-09 10:30:00 UTC\n"
    )
    assert "deliveries  5 pending, 1 sent" in status.out
    assert (later["ok"], later["counts"]["sent"]) == (True, 1)
    assert later["word"].startswith("The daemon does not run")
    assert history.out.splitlines()[1] == f"          {queued.outbox[0]['url']}"
    assert nobody.status == 2


def test_status_names_a_hold(project: Folder) -> None:
    assert project.call("status").out.startswith("The bot has not run yet; `redletter run` starts it.\n")
    assert project.at(MONDAY, "run", "--once").status == 0
    assert project.at(MONDAY, "hold", "--reason", "Waiting for news").status == 0

    assert re.match(r"Held: everything, since 20\S+Z: Waiting for news\.\n", project.at(MONDAY, "status").out)


def test_a_release_answers_programs_with_what_was_held(project: Folder) -> None:
    assert project.at(MONDAY, "hold", "--account", "museum", "--reason", "Waiting").status == 0

    (released,) = project.at(MONDAY, "release", "--json").data["released"]

    assert released == {
        "account": "museum", "tone": None, "since": "2027-03-08T00:00:00Z", "until": None, "reason": "Waiting",
    }  # fmt: skip


def test_what_waits_for_another_attempt_is_asked_for_again_at_once(project: Folder) -> None:
    (project.root / "state").mkdir()
    outbox = project.root / "state/outbox.jsonl"
    outbox.symlink_to("/dev/full")
    assert project.at("2027-03-08T10:30:00Z", "post", "facts/lens").status == 1
    outbox.unlink()
    (row,) = rows(project, now="2027-03-08T10:30:01Z")

    found = project.at("2027-03-08T10:30:02Z", "queue", "retry", row["key"])

    assert (found.status, "asked for again by a person" in found.out) == (0, True)
    assert project.at("2027-03-08T10:30:03Z", "run", "--once").status == 0
    assert project.texts == ["A lens bends blue light more than red."]


@pytest.mark.parametrize(
    ("words", "fate"),
    [
        (["--failed", "We let it be"], "failed: We let it be"),
        (["--absent"], "a person found it absent"),
        (["--sent", "https://x.com/i/status/7"], "https://x.com/i/status/7"),
    ],
)
def test_what_nobody_answered_is_settled_by_a_person(project: Folder, words: list[str], fate: str) -> None:
    with FakeX() as x:
        project.live(x.url, x.credentials)
        x.fail_next("silent")
        assert project.call("post", "facts/lens", "--yes").status == 1
    (row,) = project.call("queue", "list", "--json").data["deliveries"]

    found = project.call("queue", "resolve", row["key"], *words)

    assert (found.status, fate in found.out) == (0, True)
    assert project.call("status").status == 0


def test_a_thread_goes_on_from_the_address_that_a_share_button_gave(project: Folder) -> None:
    project.write("corpus/ferry.md", '+++\nuse = "dated"\n+++\nThe ferry.\n---\nIts first day.\n')
    with FakeX() as x:
        x.reading = "forbidden"
        project.live(x.url, x.credentials)
        x.fail_next("silent")
        assert project.call("post", "ferry", "--yes").status == 1
        (row,) = project.call("queue", "list", "--json").data["deliveries"]
        (first,) = x.posts
        shared = f"https://x.com/museum/status/{first.id}/photo/1?s=20"

        assert project.call("queue", "resolve", row["key"], "--sent", shared).status == 0

        assert project.call("run", "--once").status == 0
        assert [(post.text, post.reply_to) for post in x.posts[1:]] == [("Its first day.", first.id)]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("17", "'17' is no address; copy the post's own"),
        ("it is there", "'it is there' is no address"),
        ("https://far.example/@museum@near.example/17", "give its address on the account's own"),
    ],
)
def test_what_names_no_post_settles_nothing(project: Folder, url: str, said: str) -> None:
    with FakeX() as x:
        project.live(x.url, x.credentials)
        x.fail_next("silent")
        assert project.call("post", "facts/lens", "--yes").status == 1
    (row,) = project.call("queue", "list", "--json").data["deliveries"]

    found = project.call("queue", "resolve", row["key"], "--sent", url)

    assert (found.status, said in found.err) == (2, True)
    assert project.call("queue", "list", "--json").data["deliveries"][0]["state"] == "unknown"


def test_a_delivery_is_shown_with_its_pictures(project: Folder) -> None:
    picture(project)
    assert project.at(MONDAY, "post", "dome").status == 0
    (sent,) = project.at(MONDAY, "history", "--json").data["deliveries"]

    found = project.at(MONDAY, "queue", "show", sent["key"])

    assert "\n[1/1, 9/280]\nThe dome.\n[corpus/dome.png: A dome]\n" in found.out


def picture(project: Folder) -> None:
    """Put a post with a picture into the corpus, on hold for a reason."""
    project.post(
        "dome",
        "The dome.",
        'media = [{ file = "dome.png", alt = "A dome" }]\nuse = "hold"\nreasons = ["why not"]',
    )
    (project.root / "corpus/dome.png").write_bytes(png())


def test_a_post_is_shown_with_its_pictures_and_why_it_is_held(project: Folder) -> None:
    picture(project)

    found = project.call("corpus", "show", "dome")

    assert "    use  hold\n   held  why not\n\nThe dome.\n[corpus/dome.png: A dome]\n" in found.out


def test_pictures_are_shown_before_they_go_live(project: Folder) -> None:
    picture(project)
    with FakeX() as x:
        project.live(x.url, x.credentials)

        found = project.call("post", "dome", typed="n\n")

    assert "\nmuseum (x), 9 of 280:\nThe dome.\n[corpus/dome.png: A dome]\n" in found.err
