"""Reviewing imported posts in a browser that runs no script: from a page that was copied to posts that may be picked."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.routing import Route

from bot.delivery.decided import By
from bot.web.app import ROOMS
from bot.web.pages import decisions, review
from bot.zones import utc_text
from tests.fakes.deciders import Page, Room
from tests.fakes.desks import served
from tests.fakes.pictures import encoded, flag
from tests.fakes.projects import Folder
from tests.fakes.worlds import at

MONDAY = at("2027-03-08T06:00Z")
#: How the files of the copied posts begin: by their line.
LAMP, LENS, TONIGHT = "0005", "0007", "0009"
#: A page as somebody copied it: names are lost where links were, and a link is cut.
COPIED = """\
Pier Tower
@PierTower
A tower.
Pier Tower's posts
The lamp of , bright and old, bends blue light. Read on at harbour.org/lamps/the-grea
GIF
The lens bends light so that all of it leaves as one beam.
GIF
Tonight the harbour opens its doors, and the keepers show the great lens.
"""


@pytest.fixture
def room(project: Folder) -> Iterator[Room]:
    _bring(project)
    with reviewing(project) as made:
        yield made


@contextmanager
def reviewing(folder: Folder) -> Iterator[Room]:
    """The desk of a project, to which people come who review."""
    known = {(route.path, *sorted(route.methods or ())) for each in ROOMS for route in each}
    wanted: list[Route] = [*review.ROUTES, *decisions.ROUTES]
    more = [route for route in wanted if (route.path, *sorted(route.methods or ())) not in known]
    with served(folder, more=more) as desk:
        desk.now = MONDAY
        yield Room(desk)


def _bring(folder: Folder, text: str = COPIED) -> None:
    folder.write("copied.txt", text)
    folder.post(
        "facts/lamp",
        "The lamp of the Pier Tower, bright and old, bends blue light. harbour.org/lamps/the-great-lamp",
    )
    file, into = folder.root / "copied.txt", folder.root / "corpus/imported"
    assert folder.call("import", str(file), "--as", "x-page", "--into", str(into)).status == 0


def _file(room: Room, name: str) -> Path:
    found: list[Path] = list((room.desk.folder.root / "corpus/imported").glob(f"{name}*.md"))
    return found[0]


def _id(room: Room, name: str) -> str:
    return f"imported/{_file(room, name).stem}"


def _see(room: Room, name: str, who: str = "ada", role: str = "edit") -> Page:
    return room.person(who, role).see(f"/review/{_id(room, name)}")


def _yes(page: Page, **fields: str) -> Page:
    return page.fill(page.path.partition("?")[0].rpartition("/")[2], answer="yes", **fields)


def _no(page: Page, **fields: str) -> Page:
    return page.fill(page.path.partition("?")[0].rpartition("/")[2], answer="no", **fields)


def _places(page: Page) -> list[str]:
    """Where the holes of the page's post are, in order."""
    fields = page.fields(page.path.rpartition("/")[2])
    return [name.removeprefix("own-") for name in fields if name.startswith("own-")]


def test_the_review_leads_to_the_first_post_that_waits(room: Room) -> None:
    page = room.person().see("/review")

    assert page.path == f"/review/{_id(room, LAMP)}"
    assert page.status == 200
    assert "0 of 3 decided" in page.text


def test_a_post_is_shown_with_its_marks_named_in_words_and_its_reasons(room: Room) -> None:
    page = _see(room, LAMP)

    assert "The lamp of ␣ 1 lost name , bright and old" in page.text
    assert "harbour.org/lamps/the-grea ✂ 2 cut link" in page.text
    assert "a name was lost in copying: “The lamp of ␣, bright and”" in page.text
    assert "the link harbour.org/lamps/the-grea looks cut" in page.text
    assert "␣ lost name ✂ cut link" in page.text
    assert "x 82/280" in page.text


def test_what_binds_a_post_to_its_time_is_marked_and_suggests_its_day(room: Room) -> None:
    page = _see(room, TONIGHT)

    assert "Tonight" in page.text
    assert "bound to its time" in page.text
    assert page.fields(page.path.rpartition("/")[2])["use"] == "dated"


def test_suggestions_are_filled_in_by_the_server_on_yes(room: Room) -> None:
    page = _see(room, LAMP)
    name, link = _places(page)

    done = _yes(
        page, **{f"fill-{name}": "{@friends}", f"fill-{link}": "harbour.org/lamps/the-great-lamp"}, tags="light, #sea"
    )  # fmt: skip

    text = _file(room, LAMP).read_text("utf-8")
    assert done.status == 200
    assert (
        "The lamp of {@friends}, bright and old, bends blue light. Read on at harbour.org/lamps/the-great-lamp\n"
        in text
    )
    assert 'tags = ["light", "sea"]' in text
    assert "hold" not in text
    assert "reasons" not in text


def test_after_a_yes_the_next_post_is_shown_with_a_notice_that_takes_it_back(room: Room) -> None:
    before = _file(room, LENS).read_bytes()

    done = _yes(_see(room, LENS))
    again = done.fill("/review")

    assert done.path.startswith(f"/review/{_id(room, TONIGHT)}?done=")
    assert f"Accepted corpus/imported/{_file(room, LENS).name}." in done.text
    assert "1 of 3 decided" in done.text
    assert again.path.startswith(f"/review/{_id(room, LENS)}?done=")
    assert f"Taken back: accepted corpus/imported/{_file(room, LENS).name}." in again.text
    assert "0 of 3 decided" in again.text
    assert _file(room, LENS).read_bytes() == before
    assert again.has(_file(room, LENS).stem)


def test_what_was_accepted_may_be_picked_from_then_on(room: Room) -> None:
    _yes(_see(room, LENS), tone="celebration", posted="2020-02-03", event="opening")

    found = room.desk.office.project.corpus.by_id[_id(room, LENS)]

    assert found in room.desk.office.project.corpus.ready
    assert (found.tone.value, str(found.posted), found.event) == ("celebration", "2020-02-03", "opening")


def test_a_yes_that_check_would_find_fault_with_is_refused_and_all_that_was_typed_is_kept(room: Room) -> None:
    page = _see(room, LENS)
    before = _file(room, LENS).read_bytes()
    typed = {
        "text-1": "Ask {@nobody} about the lens.",
        "tags": "glass",
        "posted": "2020-02-03",
    }

    refused = _yes(page, **typed, tone="remembrance")

    fields = refused.fields(_file(room, LENS).stem)
    assert refused.status == 422
    assert "nobody" in refused.objection
    assert {name: fields[name] for name in typed} == typed
    assert fields["tone"] == "remembrance"
    assert _file(room, LENS).read_bytes() == before
    assert room.desk.queue.decisions() == ()


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("tone", "loud", "say which tone it has"),
        ("use", "hold", "say when it may be picked"),
        ("posted", "yesterday", "cannot read 'yesterday' as a date: write it as 2027-01-28"),
        ("event", "openning", "no event called"),
        ("text-1", "", ""),
        ("why", "so " * 200, "500 are kept"),
    ],
)
def test_what_makes_no_sense_is_told_beside_the_form(room: Room, field: str, value: str, why: str) -> None:
    page = _see(room, LENS)

    refused = _yes(page, **{field: value})

    assert refused.status == 422
    assert refused.objection
    assert why in refused.objection


def test_holes_that_stay_open_are_told_and_may_be_meant(room: Room) -> None:
    page = _see(room, LAMP)
    _, link = _places(page)

    refused = _yes(page, **{f"fill-{link}": "harbour.org/lamps/the-great-lamp"})
    meant = _yes(refused, anyway="yes")

    assert refused.status == 422
    assert "a name was lost in copying: “The lamp of ␣, bright and”" in refused.objection
    assert "Even so: I mean it as it stands" in refused.text
    assert "harbour.org/lamps/the-great-lamp" in refused.fields(_file(room, LAMP).stem)["text-1"]
    assert meant.status == 200
    assert "The lamp of , bright and old" in _file(room, LAMP).read_text("utf-8")


def test_a_post_whose_day_never_comes_is_told_and_may_be_meant(room: Room) -> None:
    page = _see(room, TONIGHT)

    refused = _yes(page)
    named = _yes(refused, posted="2020-03-12")

    assert refused.status == 422
    assert "it may be picked on its day only, and has none" in refused.objection
    assert named.status == 200, named.objection
    assert 'use = "dated"' in _file(room, TONIGHT).read_text("utf-8")


def test_what_is_chosen_is_shown_in_the_words_before_anything_is_decided(room: Room) -> None:
    page = _see(room, LAMP)
    name, _ = _places(page)
    own = _file(room, LAMP).stem

    chosen = page.fill(own, answer="words", **{f"own-{name}": "Pier  Tower"})
    other = chosen.fill(own, answer="words", **{f"own-{name}": "Old Light"})
    none = other.fill(own, answer="words", **{f"own-{name}": ""})

    assert chosen.status == 200
    assert chosen.fields(own)["text-1"].startswith("The lamp of Pier Tower, bright and old")
    assert other.fields(own)["text-1"].startswith("The lamp of Old Light, bright and old")
    assert none.fields(own)["text-1"].startswith("The lamp of , bright and old")
    assert room.desk.queue.decisions() == ()


def test_choices_and_typed_words_go_together(room: Room) -> None:
    page = _see(room, LAMP)
    name, _ = _places(page)
    own = _file(room, LAMP).stem
    text = page.fields(own)["text-1"]

    both = page.fill(
        own, answer="words", **{f"own-{name}": "Pier Tower", "text-1": f"Look: {text.replace('blue', 'red')}"}
    )
    over = page.fill(own, answer="words", **{f"own-{name}": "Pier Tower", "text-1": "The lamp is bright."})

    assert both.fields(own)["text-1"].startswith(
        "Look: The lamp of Pier Tower, bright and old, bends red light."
    )
    assert over.status == 422
    assert "were changed; write there yourself what belongs there" in over.objection
    assert over.fields(own)["text-1"] == "The lamp is bright."


def test_a_no_keeps_the_post_on_hold_with_who_said_so_and_why(room: Room) -> None:
    before = _file(room, LENS).read_bytes()

    done = _no(_see(room, LENS), why="too  vague")
    text = _file(room, LENS).read_text("utf-8")
    again = done.fill("/review")

    assert "Declined corpus/imported/" in done.text
    assert "too vague" in done.text
    assert '"declined by ada: too vague"' in text
    assert 'use = "hold"' in text
    assert again.status == 200
    assert _file(room, LENS).read_bytes() == before


def test_a_no_without_a_reason_is_refused_and_what_was_typed_is_kept(room: Room) -> None:
    refused = _no(_see(room, LENS), why=" ", **{"text-1": "Mine."})

    assert refused.status == 422
    assert refused.objection == "say why, so that nobody has to ask"
    assert refused.fields(_file(room, LENS).stem)["text-1"] == "Mine."


def test_enter_in_the_reason_declines_and_enter_elsewhere_decides_nothing(room: Room) -> None:
    page = _see(room, LENS)
    forms = re.findall(r"<form[^>]*action=\"/review/[^>]*>.*?</form>", page.reply.text, re.DOTALL)
    mend, no = forms

    pressed = [
        re.findall(r'<button type="submit" name="answer" value="(\w+)"', form)[0] for form in (mend, no)
    ]
    seen = re.findall(r'name="seen" value="(\w+)"', no)[0]
    fields = {"csrf": page.reply.csrf, "seen": seen, "why": "too vague", "answer": pressed[1]}
    done = page.person.send(f"/review/{_id(room, LENS)}", fields)

    assert pressed == ["words", "no"]
    assert 'name="why"' in no
    assert 'name="why"' not in mend
    assert "Declined corpus/imported/" in done.text


def test_the_focus_stays_at_the_count_that_was_asked_for(room: Room) -> None:
    page = _see(room, LENS)

    counted = page.fill(_file(room, LENS).stem, answer="words")

    assert " data-focus>Count again" in counted.reply.text
    assert "data-focus" not in page.reply.text


@pytest.mark.parametrize(("answer", "section"), [("no", "#declining"), ("yes", "#review")], ids=["no", "yes"])
def test_of_a_refusal_a_script_exchanges_the_form_alone(room: Room, answer: str, section: str) -> None:
    page = _see(room, LENS)
    fields = {**page.fields(_file(room, LENS).stem), "answer": answer, "text-1": ""}

    refused = page.person.browser.post(page.path, fields, hx_request="true")
    plain = page.person.browser.post(page.path, fields)

    assert refused.status == 422
    assert (refused.headers["hx-retarget"], refused.headers["hx-reselect"]) == (section, section)
    assert f'id="{section[1:]}"' in refused.text
    assert 'id="refused"' in refused.text.partition(f'id="{section[1:]}"')[2].partition("</form>")[0]
    assert "hx-retarget" not in plain.headers


def test_the_second_of_two_reviewers_is_told_and_keeps_their_words(room: Room) -> None:
    hers, his = _see(room, LENS, "ada"), _see(room, LENS, "bob")

    _yes(hers)
    late = _yes(his, **{"text-1": "His own words."})
    later = _no(his, why="never")

    assert (late.status, later.status) == (409, 409)
    assert "somebody was quicker (ada accepted corpus/imported/" in late.objection
    assert "nothing of yours was done: look again" in late.objection
    assert "His own words." in late.text
    assert "does not wait" in late.text
    assert "bob" not in _file(room, LENS).read_text("utf-8")
    assert len(room.desk.queue.decisions()) == 1


def test_a_file_that_was_edited_by_hand_meanwhile_is_left_alone(room: Room) -> None:
    page = _see(room, LENS)
    file = _file(room, LENS)
    file.write_text(file.read_text("utf-8").replace("one beam", "a beam"), "utf-8")
    room.desk.office.look_again()

    late = _yes(page)
    again = _yes(late, **{"text-1": "All of it leaves as a beam."})

    assert late.status == 409
    assert "has changed since you looked at it" in late.objection
    assert "a beam" in late.text
    assert again.status == 200
    assert "All of it leaves as a beam." in file.read_text("utf-8")


def test_a_decision_is_not_taken_back_over_later_work(room: Room) -> None:
    done = _yes(_see(room, LENS))
    file = _file(room, LENS)
    file.write_text(file.read_text("utf-8").replace("one beam", "a beam"), "utf-8")
    room.desk.office.look_again()

    refused = done.fill("/review")

    assert refused.status == 422
    assert "somebody changed corpus/imported/" in refused.text
    assert "a beam" in file.read_text("utf-8")
    assert room.desk.queue.decisions()[0].can_be_undone


def test_what_was_taken_back_is_nobodys_word_any_more(room: Room) -> None:
    his = _see(room, LENS, "bob")
    _yes(_see(room, LENS, "ada")).fill("/review")
    file = _file(room, LENS)
    file.write_text(file.read_text("utf-8").replace("one beam", "a beam"), "utf-8")
    room.desk.office.look_again()

    late = _yes(his)

    assert late.status == 409
    assert late.objection.startswith(f"corpus/imported/{file.name} has changed since you looked at it")


def test_others_decisions_are_taken_back_by_who_may_approve(room: Room) -> None:
    done = _yes(_see(room, LENS, "ada"))
    number = str(room.desk.queue.decisions()[0].id)
    bob, eve = room.person("bob", "edit"), room.person("eve", "approve")
    fields = {"decision": number, "csrf": bob.see(done.path).reply.csrf}

    refused = bob.send("/review", fields)
    taken_back = eve.send("/review", {**fields, "csrf": eve.see(done.path).reply.csrf})
    again = eve.send("/review", {**fields, "csrf": eve.see(done.path).reply.csrf})

    assert refused.status == 403
    assert taken_back.path.startswith(f"/review/{_id(room, LENS)}")
    assert (again.status, "taken back already" in again.text) == (422, True)


def test_only_decisions_of_a_review_are_taken_back_there(room: Room) -> None:
    person = room.person()

    with room.desk.queue.deciding("hold", By("ada"), now=MONDAY):
        pass
    fields = {"csrf": person.see("/review").reply.csrf}

    other = person.send("/review", {**fields, "decision": "1"})
    none = person.send("/review", {**fields, "decision": "x"})

    assert (other.status, none.status) == (422, 422)
    assert "not decided in a review" in other.text
    assert room.desk.queue.decided(1).undone_by is None


def test_what_waits_no_more_says_who_decided_and_offers_the_way_back(room: Room) -> None:
    _yes(_see(room, LENS, "ada"))

    page = _see(room, LENS, "ada")
    plain = room.person().see("/review/facts/lens")

    assert "does not wait" in page.text
    assert "ada accepted corpus/imported/" in page.text
    assert page.has("/review")
    assert "Nobody has decided about it in a review" in plain.text
    assert not plain.has("/review")


def test_who_may_only_look_sees_the_post_and_no_form(room: Room) -> None:
    person = room.person(role="look")
    page = person.see("/review")

    refused = person.send(page.path, {"csrf": page.reply.csrf, "answer": "yes"})

    assert "lost name" in page.text
    assert "<textarea" not in page.reply.text
    assert refused.status == 403
    assert person.send("/review", {"csrf": page.reply.csrf}).status == 403


def test_the_posts_that_wait_lead_to_each_other_as_in_a_circle(room: Room) -> None:
    first, second, third = (f"/review/{_id(room, name)}" for name in (LAMP, LENS, TONIGHT))

    pages = {path: room.person().see(path).reply.text for path in (first, second, third)}

    assert f'href="{third}" rel="prev"' in pages[first]
    assert f'href="{second}" rel="next"' in pages[first]
    assert f'href="{first}" rel="next"' in pages[third]
    assert f'href="{second}" data-key="l"' in pages[first]


def test_once_nothing_waits_the_page_says_so_calmly(project: Folder) -> None:
    with reviewing(project) as room:
        page = room.person().see("/review")

        assert page.status == 200
        assert "Nothing waits for a review." in page.text
        assert "redletter import" in page.text


def test_the_last_of_all_leads_to_the_calm_page_with_its_notice(project: Folder) -> None:
    _bring(
        project,
        COPIED.partition("The lamp")[0] + "The lens bends light so that all of it leaves as one beam.\n",
    )
    with reviewing(project) as room:
        [name] = [post.id for post in room.desk.office.project.corpus.posts if post.reasons]

        done = _yes(room.person().see(f"/review/{name}"))
        again = done.fill("/review")

        assert done.path.startswith("/review?done=")
        assert "Nothing waits" in done.text
        assert "1 of 1 decided" in done.text
        assert again.path.startswith(f"/review/{name}")
        assert 'rel="next"' not in again.reply.text


def test_markup_in_what_was_imported_is_shown_as_text(project: Folder) -> None:
    nasty = '<script>alert(1)</script> <b class="x">&amp;</b> of , "quoted" <img src=x onerror=alert(1)>.'
    fields = 'use = "hold"\nreasons = ["<i>doubt</i>"]\nsource = "javascript:alert(1)"'
    project.post("imported/nasty", nasty, fields)
    with reviewing(project) as room:
        page = room.person().see("/review/imported/nasty")
        refused = _no(page, why="")

        for each in (page, refused):
            assert "<script>alert" not in each.reply.text
            assert "<img src=x" not in each.reply.text
            assert "<i>doubt" not in each.reply.text
            assert 'href="javascript' not in each.reply.text
        assert page.fields("nasty")["text-1"] == nasty


def test_posts_of_one_file_are_decided_each_by_itself_and_taken_back_alone(project: Folder) -> None:
    lines = [
        {
            "id": f"tide-{number}",
            "parts": [{"text": f"A tide has {number} names."}],
            "use": "hold",
            "reasons": ["unsure"],
        }
        for number in (1, 2, 3)
    ]
    file = project.write("corpus/many.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    before = file.read_text("utf-8")
    with reviewing(project) as room:
        first, second = (room.person().see(f"/review/tide-{number}") for number in (1, 2))

        accepted = _yes(first)
        declined = _no(second, why="no")
        undone = accepted.fill("/review")

        assert "Accepted tide-1 in corpus/many.jsonl." in accepted.text
        assert declined.status == 200
        assert undone.status == 200
        kept = file.read_text("utf-8").splitlines()
        assert [kept[0], kept[2]] == [before.splitlines()[0], before.splitlines()[2]]
        assert "declined by ada: no" in kept[1]


def test_parts_and_pictures_of_a_thread_are_mended_each_in_its_field(project: Folder) -> None:
    (project.root / "corpus/imported").mkdir()
    (project.root / "corpus/imported/sea.png").write_bytes(encoded(flag(), "PNG"))
    fields = 'use = "hold"\nreasons = ["unsure"]\nposted = 2020-02-03T10:00:00Z\nmedia = [{ file = "sea.png", alt = "The sea" }]'
    project.post("imported/sea", "The sea is deep.\n\n---\n\nIt is blue.", fields)
    with reviewing(project) as room:
        page = room.person().see("/review/imported/sea")

        done = _yes(page, **{"text-2": "It is green.", "alt-1-1": "The sea at noon"})

        text = (project.root / "corpus/imported/sea.md").read_text("utf-8")
        assert "Part 2 of 2" in page.text
        assert done.status == 200, done.objection
        assert "The sea is deep." in text
        assert "It is green." in text
        assert 'alt = "The sea at noon"' in text
        assert "2020-02-03T10:00:00Z" in text


def test_what_is_in_no_corpus_has_no_page(room: Room) -> None:
    person = room.person()

    assert person.see("/review/nobody/knows").status == 404


def test_a_file_that_is_gone_is_told(room: Room) -> None:
    page = _see(room, LENS)
    _file(room, LENS).unlink()

    late = _yes(page)

    assert late.status in {404, 409}
    assert room.desk.queue.decisions() == ()


def test_a_page_without_its_proof_changes_nothing(room: Room) -> None:
    refused = _yes(_see(room, LENS), csrf="guessed")

    assert refused.status == 403
    assert room.desk.queue.decisions() == ()


def test_one_post_of_two_thousand_is_a_small_page(project: Folder) -> None:
    lines = (
        json.dumps(
            {
                "id": f"many/{number:04}",
                "parts": [{"text": f"Wave {number} of of the sea."}],
                "use": "hold",
                "reasons": ["unsure"],
            }
        )
        for number in range(2_000)
    )
    project.write("corpus/many.jsonl", "\n".join(lines) + "\n")
    with reviewing(project) as room:
        page = room.person().see("/review")

        assert "0 of 2000 decided" in page.text
        assert len(page.reply.text.encode()) < 20_000


def test_a_review_taken_back_among_all_decisions_leaves_its_file_as_it_was(room: Room) -> None:
    file = _file(room, LENS)
    before = file.read_bytes()
    _yes(_see(room, LENS, "ada"))
    assert file.read_bytes() != before

    page = room.person().see("/decisions").fill("/decision/1/undo")

    assert page.status == 200
    assert file.read_bytes() == before
    assert room.desk.queue.decided(1).undone_by is not None


def test_a_review_taken_back_at_the_command_line_leaves_its_file_as_it_was(room: Room) -> None:
    file = _file(room, LENS)
    before = file.read_bytes()
    _yes(_see(room, LENS, "ada"))
    folder = Folder(Path(room.desk.office.project.root))

    found = folder.at(utc_text(room.desk.now), "queue", "undo", "1", "--who", "ada")

    assert found.status == 0, found.err
    assert file.read_bytes() == before
