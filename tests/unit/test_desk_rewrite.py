"""Words changed in a post's file: written with the decision or not at all, and taken back with it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.corpus.change import Change
from bot.delivery.decided import By
from bot.desk import decide
from bot.desk.desk import Desk
from bot.desk.rewrite import rewrite, source, undo_rewrite
from bot.errors import BadCall, Overtaken
from bot.project import read_project
from tests.fakes.desks_at_work import again, at_work, row
from tests.fakes.projects import Folder, museum

ADA, BOB = By("ada", "better so"), By("bob")
LENS = "corpus/facts/lens.md"
plain = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=120).filter(str.strip)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return museum(tmp_path)


@pytest.fixture
def desk(folder: Folder) -> Iterator[Desk]:
    with at_work(folder) as made:
        yield made


def known(_: str) -> bool:
    return True


def written(desk: Desk, text: str, *, post: str = "facts/lens", key: str | None = None, by: By = ADA) -> int:
    """Write a text into a post's file; the number of the decision."""
    found = source(desk, post)
    assert found
    rewrite(desk, post, Change(texts={1: text}), by, seen=found.digest, key=key, is_network=known)
    return desk.queue.decisions()[0].id


def test_a_post_is_shown_as_it_was_written(desk: Desk) -> None:
    found = source(desk, "facts/thread")

    assert found
    assert (found.file, len(found.texts), found.wordings) == ("corpus/facts/thread.md", 3, {})
    assert source(desk, "facts/none") is None


def test_a_post_whose_file_is_gone_has_no_source(folder: Folder, desk: Desk) -> None:
    (folder.root / LENS).unlink()

    assert source(desk, "facts/lens") is None


def test_words_are_written_and_shown_in_the_slot_at_once(folder: Folder, desk: Desk) -> None:
    key = row(desk, "facts/lens").slot.key

    written(desk, "A lens bends.", key=key)

    assert (folder.root / LENS).read_text("utf-8") == "+++\n\n+++\nA lens bends.\n"
    assert [part.text for part in desk.rows(key)[0].rendition.parts] == ["A lens bends."]
    [decision] = desk.queue.decisions(slot=key)
    assert (decision.who, decision.what, decision.why) == ("ada", "rewrite", "better so")
    assert decision.about == "facts/lens in corpus/facts/lens.md"


def test_without_a_slot_only_the_file_is_written(folder: Folder, desk: Desk) -> None:
    key = row(desk, "facts/lens").slot.key

    written(desk, "A lens bends.")
    before = desk.rows(key)[0].rendition.parts[0].text
    fresh = again(folder, desk)

    assert before == "A lens bends blue light more than red."
    assert [part.text for part in fresh.rows(key)[0].rendition.parts] == ["A lens bends."]


def test_a_networks_own_words_are_written(folder: Folder) -> None:
    folder.post("facts/lens", "A lens bends.", 'text = { x = "A lens bends on X." }')
    with at_work(folder) as desk:
        key = row(desk, "facts/lens").slot.key
        found = source(desk, "facts/lens")
        assert found
        change = Change(wordings={"x": ("A lens bends for all.",)})

        rewrite(desk, "facts/lens", change, ADA, seen=found.digest, key=key, is_network=known)
        number = desk.queue.decisions()[0].id
        shown = desk.rows(key)[0].rendition.parts[0].text
        undo_rewrite(again(folder, desk), number, BOB, is_network=known)

        assert found.wordings == {"x": ("A lens bends on X.",)}
        assert shown == "A lens bends for all."
        assert "A lens bends on X." in (folder.root / LENS).read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A lens bends blue light more than red.", "nothing was changed: the words are as they were"),
        ("Ask {@nobody}.", "nobody"),
        ("long " * 80, "fit"),
    ],
)
def test_words_with_a_fault_leave_all_as_it_is(folder: Folder, desk: Desk, text: str, why: str) -> None:
    before, key = (folder.root / LENS).read_bytes(), row(desk, "facts/lens").slot.key

    with pytest.raises(BadCall, match=why):
        written(desk, text, key=key)

    assert (folder.root / LENS).read_bytes() == before
    assert desk.queue.decisions() == ()
    assert "blue light" in desk.rows(key)[0].rendition.parts[0].text


def test_words_that_do_not_suit_the_slot_are_not_written(folder: Folder, desk: Desk) -> None:
    before, key = (folder.root / "corpus/days/loss.md").read_bytes(), row(desk, "days/loss").slot.key

    with pytest.raises(BadCall, match=r"days/loss does not fit there|a remembrance needs no"):
        written(desk, "We remember 🎉", post="days/loss", key=key)

    assert (folder.root / "corpus/days/loss.md").read_bytes() == before


def test_who_saw_another_slot_writes_nothing(folder: Folder, desk: Desk) -> None:
    before, key = (folder.root / LENS).read_bytes(), row(desk, "facts/lens").slot.key
    seen = desk.queue.version(key)
    decide.approve(desk, key, BOB)

    with pytest.raises(Overtaken):
        written(desk, "A lens bends.", key=key, by=By("ada", "", seen))

    assert (folder.root / LENS).read_bytes() == before


def test_a_file_that_cannot_be_written_leaves_no_decision(folder: Folder, desk: Desk) -> None:
    key = row(desk, "facts/lens").slot.key
    found = source(desk, "facts/lens")
    assert found
    (folder.root / LENS).write_text("+++\n\n+++\nSomebody was here.\n", "utf-8")

    with pytest.raises(BadCall, match=r"somebody changed corpus/facts/lens\.md meanwhile"):
        rewrite(
            desk, "facts/lens", Change(texts={1: "No."}), ADA, seen=found.digest, key=key, is_network=known
        )

    assert desk.queue.decisions() == ()
    assert "blue light" in desk.rows(key)[0].rendition.parts[0].text


def test_it_is_taken_back_in_file_and_slot(folder: Folder, desk: Desk) -> None:
    before, key = (folder.root / LENS).read_bytes(), row(desk, "facts/lens").slot.key
    number = written(desk, "A lens bends.", key=key)

    undo_rewrite(again(folder, desk), number, BOB, is_network=known)

    assert (folder.root / LENS).read_bytes() == before
    assert "blue light" in desk.rows(key)[0].rendition.parts[0].text
    assert desk.queue.decided(number).undone_by


def test_it_is_not_taken_back_over_what_somebody_wrote_since(folder: Folder, desk: Desk) -> None:
    number = written(desk, "A lens bends.", key=row(desk, "facts/lens").slot.key)
    folder.post("facts/lens", "Somebody was here.")

    with pytest.raises(
        BadCall, match=r"somebody changed the words of facts/lens since; look at corpus/facts/lens\.md"
    ):
        undo_rewrite(again(folder, desk), number, BOB, is_network=known)

    assert "Somebody was here." in (folder.root / LENS).read_text("utf-8")
    assert desk.queue.decided(number).undone_by is None


def test_it_is_not_taken_back_where_the_slot_was_decided_about_since(folder: Folder, desk: Desk) -> None:
    key = row(desk, "facts/lens").slot.key
    number = written(desk, "A lens bends.", key=key)
    fresh = again(folder, desk)
    decide.skip(fresh, key, By("bob", "no"))

    with pytest.raises(Overtaken):
        undo_rewrite(fresh, number, ADA, is_network=known)

    assert "A lens bends.\n" in (folder.root / LENS).read_text("utf-8")


def test_a_post_among_many_in_a_file_is_changed_alone(folder: Folder) -> None:
    lines = [
        json.dumps({"id": f"many/{number}", "parts": [{"text": f"Fact {number}."}]}) for number in (1, 2, 3)
    ]
    file = folder.write("corpus/many.jsonl", "\n".join(lines) + "\n")
    with at_work(folder) as desk:
        before = file.read_bytes()

        number = written(desk, "Another fact.", post="many/2")
        inside = file.read_text("utf-8").splitlines()
        undo_rewrite(again(folder, desk), number, BOB, is_network=known)

        assert [inside[0], inside[2]] == [lines[0], lines[2]]
        assert json.loads(inside[1])["parts"][0]["text"] == "Another fact."
        assert file.read_bytes() == before


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Folder, Desk]]:
    folder = museum(tmp_path_factory.mktemp("shared"))
    with at_work(folder) as desk:
        yield folder, desk


@settings(max_examples=12, deadline=None)
@given(plain)
def test_whatever_is_written_and_taken_back_leaves_the_file_as_it_was(
    shared: tuple[Folder, Desk], text: str
) -> None:
    """Undo is exact: not a letter of the file is another than before, whatever was written meanwhile."""
    folder, desk = shared
    before = (folder.root / LENS).read_bytes()
    try:
        number = written(desk, text)
        undo_rewrite(replace(desk, project=read_project(folder.root)[0]), number, BOB, is_network=known)
    except BadCall:
        assert desk.queue.decisions() == () or desk.queue.decisions()[0].what == "undo"

    assert (folder.root / LENS).read_bytes() == before


def test_words_that_were_edited_for_this_time_stay_when_the_file_is_rewritten(
    folder: Folder, desk: Desk
) -> None:
    shown = row(desk, "facts/lens")
    decide.edit(desk, shown.slot.key, {shown.account: ["A lens, this once."]}, BOB)

    written(desk, "A lens bends.", key=shown.slot.key)

    assert "A lens bends." in (folder.root / LENS).read_text("utf-8")
    assert [part.text for part in desk.rows(shown.slot.key)[0].rendition.parts] == ["A lens, this once."]
