"""Other words for one time: made as accounts show them, and judged as all words are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.desk.desk import Desk
from bot.desk.wording import alike, measured, refuse_untruth, reworded
from bot.errors import BadCall
from bot.planning.count import length
from bot.zones import DAY
from tests.fakes.desks_at_work import at_work, row
from tests.fakes.projects import Folder, museum

HALL = """
[account.hall]
network = "mastodon"
url = "https://hall.example"
credentials = "HALL"
zone = "Europe/London"
"""

letters = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=300)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_work(_with_hall(tmp_path_factory.mktemp("wording"))) as made:
        yield made


def _with_hall(root: Path) -> Folder:
    folder = museum(root)
    for name, old, new in (
        ("accounts", "[mention", f"{HALL}\n[mention"),
        ("calendar", 'accounts = ["museum"]', 'accounts = ["museum", "hall"]'),
    ):
        file = root / f"schedules/{name}.toml"
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    folder.post("facts/lens", "A lens, say {@friends}, bends blue light more than red.")
    return folder


@settings(max_examples=60, deadline=None)
@given(letters)
def test_words_are_shown_as_they_were_typed_or_refused(desk: Desk, text: str) -> None:
    """Whatever is typed: what comes of it has exactly those words, counted as its network counts, and fits."""
    rows = [row(desk, "facts/mirror")]
    account = desk.project.schedules.accounts[rows[0].account]

    try:
        made = reworded(desk, rows, {account.name: [text]})
    except BadCall:
        return

    for shown in made:
        [part] = shown.parts
        assert part.text == text.strip()
        assert part.length == length(part.text, account.limits) <= (account.limits.text or 0)
        assert replace(shown, parts=rows[0].rendition.parts) == rows[0].rendition
    assert made or text.strip() == rows[0].rendition.parts[0].text


def test_the_same_words_change_nothing(desk: Desk) -> None:
    rows = [each for each in desk.queue.rows(desk.now) if each.post == "facts/thread"]
    texts = {each.account: [f" {part.text}\r\n" for part in each.rendition.parts] for each in rows}

    assert reworded(desk, rows, texts) == ()


def test_only_the_accounts_that_are_named_and_changed_are_reworded(desk: Desk) -> None:
    rows = [each for each in desk.queue.rows(desk.now) if each.post == "facts/mirror"]
    as_it_is = rows[0].rendition.parts[0].text

    made = reworded(desk, rows, {"hall": ["A mirror for all."], "museum": [as_it_is]})

    assert [shown.account for shown in made] == ["hall"]


def test_names_are_written_as_each_network_has_them(desk: Desk) -> None:
    rows = [each for each in desk.queue.rows(desk.now) if each.post == "facts/mirror"]

    made = reworded(desk, rows, _all("Ask {@friends}."))

    assert {shown.account: shown.parts[0].text for shown in made} == {
        "museum": "Ask @friends.",
        "hall": "Ask our friends.",
    }


def test_line_ends_of_browsers_become_plain(desk: Desk) -> None:
    [made] = reworded(desk, [row(desk, "facts/mirror")], _all("One.\r\n\r\nTwo.\rThree."))

    assert made.parts[0].text == "One.\n\nTwo.\nThree."


def _all(*texts: str) -> dict[str, list[str]]:
    return {"museum": list(texts), "hall": list(texts)}


@pytest.mark.parametrize(
    ("post", "text", "why"),
    [
        ("facts/mirror", "long " * 200, "where (280|500) fit"),
        ("facts/mirror", "  ", "text"),
        ("facts/mirror", "Ask {@nobody}.", "nobody"),
        ("facts/mirror", "Happy Easter to all.", "Easter"),
        ("days/loss", "We remember our founder 🎉", "a remembrance needs no"),
    ],
)
def test_words_with_a_fault_are_refused_with_a_sentence(desk: Desk, post: str, text: str, why: str) -> None:
    with pytest.raises(BadCall, match=why):
        reworded(desk, [row(desk, post)], _all(text))


def test_parts_are_neither_added_nor_left_out(desk: Desk) -> None:
    thread = row(desk, "facts/thread")

    with pytest.raises(BadCall, match=f"{thread.account} shows 3 parts; it stays so this once"):
        reworded(desk, [thread], _all("One.", "Two."))


def test_what_is_queued_for_an_account_that_is_gone_cannot_be_edited(desk: Desk) -> None:
    gone = replace(row(desk, "facts/mirror"), account="gone")

    with pytest.raises(BadCall, match="gone is no account any more"):
        reworded(desk, [gone], {"gone": ["Other words."]})
    assert measured(desk, gone, ["Other words."]) == ()


def test_words_that_are_true_on_one_day_are_kept_from_another(desk: Desk) -> None:
    opening = row(desk, "days/opening")

    refuse_untruth(desk, opening, opening.at)
    with pytest.raises(BadCall):
        refuse_untruth(desk, opening, opening.at + DAY)


def test_what_is_written_is_measured_without_being_judged(desk: Desk) -> None:
    mirror = row(desk, "facts/mirror")

    [part] = measured(desk, mirror, ["x" * 600])

    assert (part.length, part.text) == (600, "x" * 600)
    assert measured(desk, mirror, ["One.", "Two."]) == ()


def test_deliveries_that_read_alike_are_one(desk: Desk) -> None:
    mirror = [each for each in desk.queue.rows(desk.now) if each.post == "facts/mirror"]
    lens = [each for each in desk.queue.rows(desk.now) if each.post == "facts/lens"]

    assert [len(group) for group in alike(mirror)] == [2]
    assert [len(group) for group in alike(lens)] == [1, 1]
    assert alike([]) == ()
