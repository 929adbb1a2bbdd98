"""Deciding on the page of one planned post, with a browser that runs no script."""

from collections.abc import Iterator

import pytest

from bot.delivery.tick import plan_ahead
from bot.model import Window
from bot.outlook import outlook
from bot.zones import DAY, MINUTE
from tests.fakes.deciders import Room, deciding
from tests.fakes.projects import Folder, museum
from tests.fakes.worlds import at

MONDAY = at("2027-03-08T06:00Z")
FIRST = at("2027-03-08T10:30Z")

#: Two accounts that read alike, and one with words of its own.
ACCOUNTS = """
[account.hall]
network = "mastodon"
url = "https://hall.example"
credentials = "HALL"
zone = "Europe/London"
"""


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A desk for tests that change nothing."""
    with deciding(museum(tmp_path_factory.mktemp("museum")), MONDAY) as made:
        yield made


@pytest.fixture
def room(project: Folder) -> Iterator[Room]:
    with deciding(project, MONDAY) as made:
        yield made


def test_a_planned_post_is_shown_with_all_that_is_known_of_it(still: Room) -> None:
    key = still.slot("days/loss")

    page = still.person(role="look").see(f"/slot/{key}")

    assert page.status == 200
    for words in (
        "We lost our founder, 24 years", "2027-03-10 09:00 in Europe/London", "in 2 days and 3 hours",
        "2027-03-10 09:00:00 UTC", "Schedule remembrance", "We remember our founder.", "museum (x, dry run)",
        "quiet day", "for loss: only remembrance speaks", "not approved", "one person must approve it", "Nothing yet.",
    ):  # fmt: skip
        assert words.lower() in page.text.lower(), words


def test_who_may_only_look_is_shown_no_form_and_refused(still: Room) -> None:
    key = still.slot("facts/lens")
    person = still.person(role="look")

    page = person.see(f"/slot/{key}")
    csrf = {"csrf": page.reply.csrf, "why": "because"}

    assert not any(page.has(form) for form in ("/approve", "/skip", "/swap", "/move", "/edit", "/rewrite"))
    for form in ("approve", "skip", "swap", "move", "edit", "rewrite", "lengths"):
        assert person.send(f"/slot/{key}/{form}", csrf).status == 403
    assert still.states(key) == ["pending"]


def test_who_may_edit_decides_all_but_approval(still: Room) -> None:
    key = still.slot("days/loss")
    person = still.person(role="edit")

    page = person.see(f"/slot/{key}")

    assert all(page.has(form) for form in ("/skip", "/swap", "/move", "/edit", "/rewrite"))
    assert not page.has("/approve")
    assert person.send(f"/slot/{key}/approve", page.fields("/skip")).status == 403


def test_a_post_is_approved_as_it_is_shown(room: Room) -> None:
    key = room.slot("days/loss")

    page = room.person("ada").see(f"/slot/{key}").fill("/approve")

    assert page.status == 200
    assert "Approved by ada" in page.text
    assert "approved by ada" in page.text
    assert "not approved" not in page.text


def test_a_second_person_must_approve_where_a_schedule_asks_for_two(project: Folder) -> None:
    text = (project.root / "schedules/calendar.toml").read_text("utf-8")
    project.write("schedules/calendar.toml", text.replace("approval = true", "approval = 2"))
    with deciding(project, MONDAY) as room:
        page = f"/slot/{room.slot('days/loss')}"
        ada, bob = room.person("ada"), room.person("bob")

        first = ada.see(page).fill("/approve")
        again = first.fill("/approve")
        second = bob.see(page).fill("/approve")

        assert "approved by ada; one more person must" in first.text
        assert again.status == 422
        assert "ada has approved" in again.objection
        assert "approved by ada and bob" in second.text
        assert "must" not in second.text.partition("approved by ada and bob")[2][:30]


def test_what_needs_no_approval_says_so(still: Room) -> None:
    page = still.person().see(f"/slot/{still.slot('facts/lens')}")

    assert "No approval is needed" in page.text


def test_a_post_is_skipped_with_its_reason_and_comes_back(room: Room) -> None:
    key = room.slot("facts/lens")

    skipped = room.person("ada").see(f"/slot/{key}").fill("/skip", why="not  today")
    stands = room.states(key)
    undone = skipped.fill("/undo")

    assert "Skipped by ada: not today" in skipped.text
    assert stands == ["cancelled"]
    assert room.states(key) == ["pending"]
    assert "Taken back by ada" in undone.text
    assert "taken back" in undone.text.partition("What was decided")[2]


def test_a_skip_without_a_reason_is_refused_beside_its_form(still: Room) -> None:
    key = still.slot("facts/lens")

    page = still.person().see(f"/slot/{key}").fill("/skip", why="  ")

    assert page.status == 422
    assert page.objection == "say why it is skipped; the reason is kept"
    assert still.states(key) == ["pending"]


def test_a_reason_that_is_a_book_is_refused_and_kept_in_its_field(still: Room) -> None:
    page = still.person().see(f"/slot/{still.slot('facts/lens')}").fill("/skip", why="no " * 200)

    assert page.status == 422
    assert "500 are kept" in page.objection
    assert page.fields("/skip")["why"].startswith("no no")


def test_the_next_candidates_are_offered_with_their_why(room: Room) -> None:
    key = room.slot("facts/thread")
    page = room.person().see(f"/slot/{key}")

    swapped = page.fill("/swap", post="facts/mirror")

    assert "facts/mirror neutral; has waited longest" in page.text
    assert "A mirror sends all colors the same way. 39/280" in page.text
    assert "Swapped by ada" in swapped.text
    assert room.said(key) == ["A mirror sends all colors the same way."]


def test_any_other_post_can_be_named(room: Room) -> None:
    key = room.slot("facts/thread")
    page = room.person().see(f"/slot/{key}")

    unknown = page.fill("/swap", other="facts/lense")
    swapped = page.fill("/swap", post="facts/mirror", other="facts/lens")

    assert unknown.status == 422
    assert 'did you mean "facts/lens"' in unknown.objection
    assert unknown.fields("/swap")["other"] == "facts/lense"
    assert swapped.status == 200
    assert room.said(key) == ["A lens bends blue light more than red."]


def test_a_swap_for_nothing_is_refused(still: Room) -> None:
    page = still.person().see(f"/slot/{still.slot('facts/thread')}").fill("/swap")

    assert page.objection == "choose one of the posts, or name another"


def test_ids_are_offered_that_contain_what_is_typed(still: Room) -> None:
    page = still.person().see("/posts?other=LE")

    assert page.reply.text.split() == [
        "<option",
        'value="facts/leap"></option>',
        "<option",
        'value="facts/lens"></option>',
    ]


def test_a_post_is_moved_by_its_own_clock(room: Room) -> None:
    key = room.slot("facts/thread")
    page = room.person().see(f"/slot/{key}")

    moved = page.fill("/move", at="2027-03-09T15:45")

    assert page.fields("/move")["at"] == "2027-03-08T10:30"
    assert "Moved by ada" in moved.text
    assert room.desk.queue.show(key, MONDAY)[0].row.at == at("2027-03-09T15:45Z")


def test_a_post_is_moved_to_another_day_at_its_own_time(room: Room) -> None:
    key = room.slot("facts/thread")
    person = room.person()
    page = person.see(f"/slot/{key}")
    fields = {"csrf": page.reply.csrf, "was": str(FIRST), "next": "/month/2027-03"}

    moved = person.send(f"/slot/{key}/move", {**fields, "day": "2027-03-09"})
    again = person.send(f"/slot/{key}/move", {**fields, "day": "2027-03-11"})

    assert moved.status == 200
    assert moved.path.startswith("/month/2027-03?done=")
    assert room.desk.queue.show(key, MONDAY)[0].row.at == FIRST + DAY
    assert again.status == 409
    assert "it has been moved since you looked at it" in again.objection


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ("2027-03-28T01:30", "01:30 on 28 March 2027 is no time in Europe/London"),
        ("2027-03-08T05:00", "2027-03-08T05:00:00Z has passed; name a time to come"),
        ("tomorrow", "cannot read 'tomorrow' as a time: write it as 2027-01-28T09:00"),
        ("2027-03-10T12:00", "2027-03-10 is a quiet day (loss): only remembrance speaks"),
    ],
)
def test_a_time_that_cannot_be_is_told_in_plain_words_and_kept(still: Room, wanted: str, why: str) -> None:
    page = still.person().see(f"/slot/{still.slot('facts/thread')}").fill("/move", at=wanted)

    assert page.status == 422
    assert why in page.objection
    assert page.fields("/move")["at"] == wanted


def test_of_a_time_that_comes_twice_one_is_chosen(room: Room) -> None:
    room.desk.now = at("2027-10-25T06:00Z")
    person = room.person()
    person.see("/decisions")
    key = _planned_now(room)

    asked = person.see(f"/slot/{key}").fill("/move", at="2027-10-31T01:30")
    chosen = asked.fill("/move", turn="second")

    assert asked.status == 422
    assert "01:30 on 31 October 2027 comes twice in Europe/London" in asked.objection
    assert chosen.status == 200
    assert room.desk.queue.show(key, room.desk.now)[0].row.at == at("2027-10-31T01:30Z")


def _planned_now(room: Room) -> str:
    plan_ahead(room.desk.office.project, room.desk.queue, room.desk.now)
    rows = room.desk.queue.rows(room.desk.now)
    return next(row.slot.key for row in rows if row.at > room.desk.now)


def test_what_is_too_near_moves_all_the_same_where_a_person_means_it(project: Folder) -> None:
    file = project.root / "schedules/accounts.toml"
    file.write_text(file.read_text("utf-8").replace('zone = "', 'min_gap = "2h"\nzone = "', 1), "utf-8")
    with deciding(project, MONDAY) as room:
        key = room.slot("facts/thread")

        near = room.person().see(f"/slot/{key}").fill("/move", at="2027-03-09T09:30")
        moved = near.fill("/move", anyway="yes")

        assert near.status == 422
        assert "too near on museum, which keeps 2h between posts" in near.objection
        assert "Even so" in near.text
        assert moved.status == 200
        assert room.desk.queue.show(key, MONDAY)[0].row.at == at("2027-03-09T09:30Z")


def test_words_are_edited_for_this_time_only(room: Room) -> None:
    key = room.slot("days/loss")
    person = room.person("ada")
    approved = person.see(f"/slot/{key}").fill("/approve")

    edited = approved.fill("/edit", **{"words-museum-1": "Today we remember our founder.\r\n\r\nAlways."})

    assert "Edited for this time by ada" in edited.text
    assert room.said(key) == ["Today we remember our founder.\n\nAlways."]
    assert "not approved" in edited.text
    assert "We remember our founder." in (room.desk.folder.root / "corpus/days/loss.md").read_text("utf-8")


def test_words_that_are_wrong_are_refused_and_kept(still: Room) -> None:
    key = still.slot("facts/lens")
    page = still.person().see(f"/slot/{key}")

    long = page.fill("/edit", **{"words-museum-1": "long " * 80})
    same = page.fill("/edit")

    assert long.status == 422
    assert "where 280 fit" in long.objection
    assert long.fields("/edit")["words-museum-1"] == ("long " * 80).strip() or "long long" in long.text
    assert "399/280, too long" in long.text
    assert same.objection == "nothing was changed: the words are as they were"


def test_the_length_of_what_is_being_written_is_told(still: Room) -> None:
    key = still.slot("facts/thread")
    person = still.person()
    fields = person.see(f"/slot/{key}").fields("/edit")

    told = person.send(
        f"/slot/{key}/lengths", {**fields, "words-museum-2": "Short.", "field": "words-museum-2"}
    )
    strange = person.send(f"/slot/{key}/lengths", {**fields, "field": "words-nobody-9"})

    assert "museum 6/280" in told.reply.text
    assert strange.status == 200
    assert "museum" not in strange.reply.text


def test_words_are_edited_in_the_corpus_file_and_come_back(room: Room) -> None:
    key = room.slot("facts/lens")
    file = room.desk.folder.root / "corpus/facts/lens.md"
    before = file.read_bytes()
    page = room.person("ada").see(f"/slot/{key}")

    written = page.fill("/rewrite", **{"text-1": "A lens bends blue light most."})
    shown, in_file = room.said(key), file.read_text("utf-8")
    undone = written.fill("/undo")

    assert "Rewritten in its file by ada" in written.text
    assert shown == ["A lens bends blue light most."]
    assert in_file == "+++\n\n+++\nA lens bends blue light most.\n"
    assert undone.status == 200
    assert file.read_bytes() == before
    assert room.said(key) == ["A lens bends blue light more than red."]


def test_a_file_that_somebody_changed_meanwhile_is_left_alone(room: Room) -> None:
    key = room.slot("facts/lens")
    page = room.person().see(f"/slot/{key}")
    room.desk.folder.post("facts/lens", "Somebody was here.")

    refused = page.fill("/rewrite", **{"text-1": "A lens bends blue light most."})

    assert refused.status == 422
    assert "somebody changed corpus/facts/lens.md meanwhile" in refused.objection
    assert refused.fields("/rewrite")["text-1"] == "A lens bends blue light most."
    assert "Somebody was here." in (room.desk.folder.root / "corpus/facts/lens.md").read_text("utf-8")


def test_a_post_that_has_left_the_corpus_has_no_file_to_change(room: Room) -> None:
    key = room.slot("facts/lens")
    page = room.person().see(f"/slot/{key}")
    (room.desk.folder.root / "corpus/facts/lens.md").unlink()

    refused = page.fill("/rewrite", **{"text-1": "New words."})

    assert refused.status == 422
    assert "no longer" in refused.objection
    assert not refused.has("/rewrite")


def test_words_that_have_a_fault_are_not_written(still: Room) -> None:
    key = still.slot("facts/lens")
    file = still.desk.folder.root / "corpus/facts/lens.md"
    before = file.read_bytes()

    page = still.person().see(f"/slot/{key}").fill("/rewrite", **{"text-1": "Ask {@nobody} about it."})

    assert page.status == 422
    assert "nobody" in page.objection
    assert file.read_bytes() == before


def test_the_second_of_two_people_is_told_who_was_quicker(room: Room) -> None:
    key = room.slot("facts/lens")
    ada, bob = room.person("ada"), room.person("bob")
    hers, his = ada.see(f"/slot/{key}"), bob.see(f"/slot/{key}")

    hers.fill("/skip", why="a storm")
    late = his.fill("/move", at="2027-03-16T12:00", why="better then")

    assert late.status == 409
    assert "it has changed since you looked at it" in late.objection
    assert "ada, 2027-03-08 06:00 UTC, skip: a storm" in late.objection
    assert room.states(key) == ["cancelled"]


@pytest.mark.parametrize("form", ["/approve", "/skip", "/move", "/swap", "/edit", "/rewrite"])
def test_nothing_is_decided_about_what_was_not_seen(room: Room, form: str) -> None:
    key = room.slot("facts/lens")
    ada, bob = room.person("ada"), room.person("bob")
    fields = {
        "why": "mine", "post": "facts/mirror", "at": "2027-03-12T15:00", "words-museum-1": "Mine.", "text-1": "Mine.",
    }  # fmt: skip
    his = bob.see(f"/slot/{key}")
    ada.see(f"/slot/{key}").fill("/edit", **{"words-museum-1": "Hers."})

    late = his.fill(form, **fields)

    assert late.status == 409
    assert "edit" in late.objection
    assert room.said(key) == ["Hers."]


def test_who_would_be_refused_anyway_is_told_first_that_it_has_changed(room: Room) -> None:
    key = room.slot("facts/lens")
    his = room.person("bob").see(f"/slot/{key}")
    room.person("ada").see(f"/slot/{key}").fill("/edit", **{"words-museum-1": "Hers."})

    late = his.fill("/move", at="2027-03-10T12:00")

    assert late.status == 409
    assert "it has changed since you looked at it (last: ada" in late.objection


def test_others_decisions_are_taken_back_by_who_may_approve(room: Room) -> None:
    key = room.slot("facts/lens")
    room.person("ada", "edit").see(f"/slot/{key}").fill("/skip", why="no")
    bob, eve = room.person("bob", "edit"), room.person("eve", "approve")
    page = bob.see(f"/slot/{key}")
    number = room.desk.queue.decisions()[0].id

    refused = bob.send(f"/decision/{number}/undo", {"csrf": page.reply.csrf})
    taken_back = eve.see(f"/slot/{key}").fill("/undo")

    assert not page.has("/undo")
    assert refused.status == 403
    assert "ada decided that" in refused.text
    assert taken_back.status == 200
    assert room.states(key) == ["pending"]


def test_one_of_several_accounts_can_be_decided_about_alone(project: Folder) -> None:
    _with_hall(project)
    with deciding(project, MONDAY) as room:
        key = room.slot("facts/lens")
        rows = {shown.row.account: shown.row.key for shown in room.desk.queue.show(key, MONDAY)}
        page = room.person().see(f"/slot/{key}")

        page.fill("/skip", why="not there", on=rows["hall"])
        stands = {shown.row.account: shown.row.state.value for shown in room.desk.queue.show(key, MONDAY)}
        strange = room.person().see(f"/slot/{key}").fill("/skip", why="no", on="elsewhere")

        assert stands == {"hall": "cancelled", "museum": "pending"}
        assert strange.status == 422


def _with_hall(project: Folder) -> None:
    file = project.root / "schedules/accounts.toml"
    file.write_text(file.read_text("utf-8") + ACCOUNTS, "utf-8")
    calendar = project.root / "schedules/calendar.toml"
    calendar.write_text(
        calendar.read_text("utf-8").replace('accounts = ["museum"]', 'accounts = ["museum", "hall"]'), "utf-8"
    )


def test_accounts_that_read_alike_are_edited_as_one(project: Folder) -> None:
    _with_hall(project)
    with deciding(project, MONDAY) as room:
        key = room.slot("facts/lens")

        edited = room.person().see(f"/slot/{key}").fill("/edit", **{"words-museum-1": "With {@friends}."})

        assert edited.objection == ""
        assert sorted(room.said(key)) == ["With @friends.", "With our friends."]


def test_markup_in_texts_and_reasons_is_shown_as_text(project: Folder) -> None:
    nasty = '<script>alert(1)</script> "quoted" <b>&amp;</b>'
    project.post("facts/lens", nasty)
    with deciding(project, MONDAY) as room:
        key = room.slot("facts/lens")

        page = room.person("<i>eve</i>").see(f"/slot/{key}").fill("/skip", why="<img src=x onerror=alert(1)>")
        listed = room.person().see("/decisions")

        for each in (page, listed):
            assert "<script>alert" not in each.reply.text
            assert "<img src=x" not in each.reply.text
            assert "<i>eve" not in each.reply.text
        assert nasty in page.text
        assert "<img src=x onerror=alert(1)>" in listed.text


def test_what_is_not_queued_yet_is_shown_and_says_from_when_on_it_can_be_decided(still: Room) -> None:
    planned = still.desk.office.project
    window = Window(MONDAY + 30 * DAY, MONDAY + 32 * DAY)
    key = outlook(planned, still.desk.queue, window, MONDAY).posts[0].slot.key
    person = still.person()

    page = person.see(f"/slot/{key}")
    moved = person.send(f"/slot/{key}/skip", {"csrf": page.reply.csrf, "why": "no"})

    assert page.status == 200
    assert "It is planned, and not queued yet." in page.text
    assert "the queue holds seven days" in page.text
    assert not page.has("/skip")
    assert page.has("/rewrite")
    assert moved.status == 422


def test_words_of_what_is_not_queued_yet_are_changed_in_their_file(room: Room) -> None:
    window = Window(MONDAY + 30 * DAY, MONDAY + 40 * DAY)
    posts = outlook(room.desk.office.project, room.desk.queue, window, MONDAY).posts
    key = next(each.slot.key for each in posts if each.post.id == "facts/lens")

    page = room.person().see(f"/slot/{key}").fill("/rewrite", **{"text-1": "New words."})

    assert page.status == 200
    assert "New words." in page.text
    assert "New words." in (room.desk.folder.root / "corpus/facts/lens.md").read_text("utf-8")


def test_a_gap_leads_to_its_own_page_and_what_is_nowhere_to_none(still: Room) -> None:
    person = still.person()
    gap = still.desk.queue.planned(Window(MONDAY, MONDAY + 7 * DAY)).gaps[0]

    assert person.see(f"/slot/{gap.slot.key}").path == f"/gap/{gap.slot.key}"
    assert person.see("/slot/0123456789").status == 404
    assert person.see("/slot/0123456789/skip").status == 404


def test_the_beginning_of_a_key_and_the_address_of_a_form_lead_to_the_page(still: Room) -> None:
    key = still.slot("facts/lens")
    person = still.person()

    assert person.see(f"/slot/{key[:9]}").path == f"/slot/{key}"
    assert person.see(f"/slot/{key}/skip").path == f"/slot/{key}"


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "x"])
def test_nobody_is_led_elsewhere_after_a_decision(room: Room, path: str) -> None:
    key = room.slot("facts/lens")
    page = room.person().see(f"/slot/{key}")

    after = page.fill("/skip", why="no", next=path)

    assert after.path.startswith(f"/slot/{key}?done=")


def test_a_page_without_its_proof_changes_nothing(still: Room) -> None:
    key = still.slot("facts/lens")

    refused = still.person().see(f"/slot/{key}").fill("/skip", why="no", csrf="guessed")

    assert refused.status == 403
    assert still.states(key) == ["pending"]


def test_what_was_sent_offers_no_way_to_change_it(room: Room) -> None:
    key = room.slot("facts/thread")
    room.desk.now = FIRST + MINUTE
    room.tick()

    page = room.person().see(f"/slot/{key}")

    assert room.states(key) == ["sent"]
    assert not any(page.has(form) for form in ("/approve", "/skip", "/swap", "/move", "/edit", "/rewrite"))
    assert page.has("/takedown")


def test_pages_stay_small(still: Room) -> None:
    pages = [still.person().see(f"/slot/{still.slot(post)}") for post in ("facts/thread", "days/loss")]

    assert all(len(page.reply.text.encode()) < 60_000 for page in pages)


def test_a_day_that_no_calendar_has_is_no_fault_of_the_program(room: Room) -> None:
    assert room.person().see("/slot/none?on=9999-12-31").status == 404


def test_what_nobody_saw_is_not_approved(room: Room) -> None:
    key = room.slot("facts/lens")
    page = room.person().see(f"/slot/{key}")
    fields = {**page.fields("/approve"), "seen": ""}

    answer = page.person.send(f"/slot/{key}/approve", fields)

    assert answer.status == 422
    assert "it does not say which words you saw" in answer.text


def test_nothing_is_moved_out_of_sight(room: Room) -> None:
    key = room.slot("facts/lens")

    page = room.person().see(f"/slot/{key}").fill("/move", at="2029-03-10T12:00")

    assert page.status == 422
    assert "a post is moved within a year from now" in page.objection


def test_words_that_nobody_sees_are_no_words(room: Room) -> None:
    key = room.slot("facts/lens")
    page = room.person().see(f"/slot/{key}")

    answer = page.fill("/edit", **{"words-museum-1": "\u200b"})

    assert answer.status == 422
    assert "is empty" in answer.objection
