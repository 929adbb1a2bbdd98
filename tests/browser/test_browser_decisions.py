"""Every decision from the desk to what the daemon says, with a script and without."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.zones import DAY, HOUR, local_text
from tests.browser.deciders import Decider
from tests.browser.desks import Place, at_work, began, clock
from tests.browser.museums import Say, museum
from tests.browser.visitors import Reception
from tests.fakes.projects import until

_WAYS = ("script", "plain")
#: A second line of fields that nobody's edit may disturb.
_COMMENT = '# said by the director, 1998\ncredit = "The museum"  # all of us'


def _said(now: int, way: str) -> Sequence[Say]:
    due, later = now - 30, now + DAY
    pick = '{ tags = ["facts"], cool_down = "0s" }'
    both = ("gallery-x", "gallery-mastodon")
    return (
        Say(f"approve-{way}", due, "It waits for a word.", 1),
        Say(f"void-{way}", due, "It will be edited.", 1, accounts=both),
        Say(f"two-{way}", due, "It wants two people.", 2),
        Say(f"skip-{way}", due, "It will not be said.", 1),
        Say(f"swap-{way}", due, "", 1, pick=pick),
        Say(f"named-{way}", due, "It gives way.", 1),
        Say(f"edit-{way}", due, "It says one thing.\n\n---\n\nAnd then another.", 1),
        Say(f"held-{way}", due, "It is held.", 1, fields='tone = "celebration"'),
        Say(f"unheld-{way}", due, "It is not held.", 1),
        Say(f"back-{way}", due, "It is approved in error.", 1),
        Say(f"unskip-{way}", due, "It comes back.", 1),
        Say(f"unedit-{way}", due, "It stays as it was.", 1),
        Say(f"unswap-{way}", due, "It is not swapped after all.", 1),
        Say(f"gone-{way}", due, "It is taken down.", 1),
        Say(f"move-{way}", later, "It is said at another time."),
        Say(f"unmove-{way}", later, "It is said when it was."),
        Say(f"file-{way}", later, "It is written wrong.", fields=_COMMENT),
        Say(f"unfile-{way}", later, "It was right before.", fields=_COMMENT),
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    now = clock()
    said = [each for way in _WAYS for each in _said(now, way)]
    again = [
        Say(f"again-{way}", now + 2 * DAY, "", pick=f'{{ posts = ["said/file-{way}"], cool_down = "0s" }}')
        for way in _WAYS
    ]
    folder = museum(tmp_path_factory.mktemp("decisions") / "museum", now, [*said, *again])
    began(folder, ago=120)
    with at_work(folder) as place:
        yield place


@pytest.fixture(params=_WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """With a script, and without."""
    return str(request.param)


@pytest.fixture
def ada(place: Place, reception: Reception, way: str) -> Decider:
    return Decider(reception.lets_in(place, "approve", "Ada", java_script_enabled=way == "script"))


@pytest.fixture
def ben(place: Place, reception: Reception, way: str) -> Decider:
    return Decider(reception.lets_in(place, "approve", "Ben", java_script_enabled=way == "script"))


@pytest.fixture
def eda(place: Place, reception: Reception, way: str) -> Decider:
    """Somebody who may edit, and not approve."""
    return Decider(reception.lets_in(place, "edit", "Eda", java_script_enabled=way == "script"))


def _told(place: Place, schedule: str) -> list[tuple[str, str, str]]:
    """Who decided what and why about what a schedule says, the oldest first."""
    return [(each.who, each.what, each.why) for each in reversed(place.decisions(schedule))]


@pytest.mark.short
def test_what_is_approved_goes_out_as_it_was_shown(place: Place, ada: Decider, way: str) -> None:
    name = f"approve-{way}"

    before = place.says(name)
    ada.looks_at(name)
    told = ada.decides("approve")

    assert before == []
    assert "Approved by Ada" in told
    assert _goes_out(place, name) == ["It waits for a word."]
    assert _told(place, name) == [("Ada", "approve", "")]


def test_an_edit_voids_an_approval_until_it_is_given_anew(
    place: Place, ada: Decider, eda: Decider, way: str
) -> None:
    name = f"void-{way}"
    with place.queue() as queue:  # it is not to go out between the approval and the edit
        held = queue.hold("until it is edited", now=clock())

    ada.looks_at(name)
    ada.decides("approve")
    eda.looks_at(name)
    eda.decides("edit", {"textarea": "It was edited."})
    with place.queue() as queue:
        queue.release(now=clock())
    said = place.says(name)
    ada.looks_at(name)
    ada.decides("approve")

    assert held.reason == "until it is edited"
    assert said == []
    assert _goes_out(place, name, times=2) == ["It was edited."] * 2
    assert [what for _, what, _ in _told(place, name)] == ["approve", "edit", "approve"]


def test_a_second_person_is_needed_and_the_first_does_not_count_twice(
    place: Place, ada: Decider, ben: Decider, way: str
) -> None:
    name = f"two-{way}"

    ada.looks_at(name)
    ada.decides("approve")
    stands = ada.words
    refused = ada.is_refused("approve")
    after_one = place.says(name)
    ben.looks_at(name)
    ben.decides("approve")

    assert "approved by Ada; one more person must" in stands
    assert "Ada has approved" in refused
    assert after_one == []
    assert _goes_out(place, name) == ["It wants two people."]


def test_what_is_skipped_is_never_said_and_the_reason_is_kept(place: Place, ada: Decider, way: str) -> None:
    name = f"skip-{way}"

    ada.looks_at(name)
    told = ada.decides("skip", {"#skip-why": "the hall is closed"})

    assert "Skipped by Ada: the hall is closed" in told
    assert place.says(name) == []
    assert _told(place, name) == [("Ada", "skip", "the hall is closed")]


def test_a_post_is_swapped_for_one_whose_turn_is_next(place: Place, ada: Decider, way: str) -> None:
    name = f"swap-{way}"

    ada.looks_at(name)
    first = ada.page.locator("#swap .offer").first
    text = first.locator(".text").first.inner_text()
    first.get_by_role("radio").check()
    ada.decides("swap")
    ada.decides("approve")

    assert _goes_out(place, name)[0] == text


def test_a_post_is_swapped_for_one_that_is_named(place: Place, ada: Decider, way: str) -> None:
    name = f"named-{way}"

    ada.looks_at(name)
    refused = ada.is_refused("swap", {"#swap-other": "facts/lense"})
    kept = ada.page.locator("#swap-other").input_value()
    ada.decides("swap", {"#swap-other": "facts/lens"})
    ada.decides("approve")

    assert "no post called 'facts/lense'" in refused
    assert kept == "facts/lense"
    assert _goes_out(place, name) == ["A lens bends blue light more than red."]


def test_words_are_edited_for_this_time_only(place: Place, ada: Decider, way: str) -> None:
    name = f"edit-{way}"
    file = place.folder.root / f"corpus/said/{name}.md"
    before = file.read_bytes()

    ada.looks_at(name)
    ada.page.locator("#edit textarea").nth(0).fill("Today it says this.")
    ada.decides("edit")
    ada.decides("approve")

    assert _goes_out(place, name, times=2) == ["Today it says this.", "And then another."]
    assert file.read_bytes() == before


def test_words_are_edited_in_their_file_and_used_from_then_on(
    place: Place, ada: Decider, way: str, tmp_path: Path
) -> None:
    name = f"file-{way}"
    file = place.folder.root / f"corpus/said/{name}.md"
    before = file.read_text("utf-8")

    ada.looks_at(name)
    ada.decides("rewrite", {"#rewrite-text-1": "It is written right."})
    then = place.row(f"again-{way}").at + 60

    assert file.read_text("utf-8") == before.replace("written wrong", "written right")
    assert place.will_say(name, place.row(name).at + 60, tmp_path) == ["It is written right."]
    assert place.will_say(f"again-{way}", then, tmp_path) == ["It is written right."]


def test_a_post_is_moved_by_its_form(place: Place, ada: Decider, way: str, tmp_path: Path) -> None:
    name = f"move-{way}"
    was = place.row(name).at
    wanted = (was + 3 * HOUR) // 60 * 60

    ada.looks_at(name)
    ada.decides("move", {"#move-at": local_text(wanted, "UTC")[:16]})

    assert place.row(name).at == wanted
    assert place.will_say(name, was + 60, tmp_path) == []
    assert place.will_say(name, wanted + 60, tmp_path) == ["It is said at another time."]


def test_a_hold_stops_one_tone_until_it_is_released(place: Place, ada: Decider, way: str) -> None:
    held, unheld = f"held-{way}", f"unheld-{way}"

    ada.goes("/holds?tone=celebration&why=a+death")
    ada.submits(ada.page.get_by_role("button", name="now"))
    for name in (held, unheld):
        ada.looks_at(name)
        ada.decides("approve")
    said = _goes_out(place, unheld)
    stopped = place.said(held)
    ada.goes("/holds")
    ada.submits(ada.page.get_by_role("button", name="Release"))

    assert said == ["It is not held."]
    assert stopped == []
    assert _goes_out(place, held) == ["It is held."]


def test_what_was_sent_is_taken_down_as_far_as_a_dry_run_can(place: Place, ada: Decider, way: str) -> None:
    name = f"gone-{way}"

    ada.looks_at(name)
    ada.decides("approve")
    _goes_out(place, name)
    ada.goes(f"/delivery/{place.row(name).key}")
    ada.page.get_by_text("Take it down from gallery-x").click()
    form = ada.page.locator('form[action$="/takedown"]')
    form.get_by_label("Why").fill("a name is wrong")
    form.get_by_label("Yes, delete it").check()
    form.get_by_role("button").click()
    ada.page.get_by_text("It is down everywhere.").wait_for()

    assert _told(place, name)[-1] == ("Ada", "takedown", "a name is wrong")


def test_an_approval_is_taken_back_before_it_goes_out(place: Place, ada: Decider, way: str) -> None:
    name = f"back-{way}"
    with place.queue() as queue:
        queue.hold("while somebody thinks", now=clock())

    ada.looks_at(name)
    ada.decides("approve")
    told = ada.undoes()
    with place.queue() as queue:
        queue.release(now=clock())

    assert "Taken back by Ada" in told
    assert place.says(name) == []


def test_what_was_skipped_comes_back(place: Place, ada: Decider, way: str) -> None:
    name = f"unskip-{way}"

    ada.looks_at(name)
    ada.decides("skip", {"#skip-why": "by mistake"})
    ada.undoes()
    ada.decides("approve")

    assert _goes_out(place, name) == ["It comes back."]
    assert [what for _, what, _ in _told(place, name)] == ["skip", "undo", "approve"]


def test_edited_words_are_taken_back(place: Place, ada: Decider, way: str) -> None:
    name = f"unedit-{way}"

    ada.looks_at(name)
    ada.decides("edit", {"textarea": "It is another."})
    ada.undoes()
    ada.decides("approve")

    assert _goes_out(place, name) == ["It stays as it was."]


def test_a_swap_is_taken_back(place: Place, ada: Decider, way: str) -> None:
    name = f"unswap-{way}"

    ada.looks_at(name)
    ada.decides("swap", {"#swap-other": "facts/ink"})
    ada.undoes()
    ada.decides("approve")

    assert _goes_out(place, name) == ["It is not swapped after all."]


def test_a_move_is_taken_back(place: Place, ada: Decider, way: str, tmp_path: Path) -> None:
    name = f"unmove-{way}"
    was = place.row(name).at

    ada.looks_at(name)
    ada.decides("move", {"#move-at": local_text(was + 2 * HOUR, "UTC")[:16]})
    ada.undoes()

    assert place.row(name).at == was
    assert place.will_say(name, was + 60, tmp_path) == ["It is said when it was."]


def test_what_was_written_into_a_file_is_taken_back_letter_by_letter(
    place: Place, ada: Decider, way: str
) -> None:
    name = f"unfile-{way}"
    file = place.folder.root / f"corpus/said/{name}.md"
    before = file.read_bytes()

    ada.looks_at(name)
    ada.decides("rewrite", {"#rewrite-text-1": "It is wrong now."})
    between = file.read_bytes()
    ada.undoes()

    assert between != before
    assert file.read_bytes() == before


def test_a_hold_is_taken_back(place: Place, ada: Decider) -> None:
    ada.goes("/holds?account=gallery-bluesky&why=by+mistake")
    ada.submits(ada.page.get_by_role("button", name="now"))
    ada.undoes()

    with place.queue() as queue:
        assert queue.holds(clock()) == ()


def test_every_decision_is_a_row_with_who_when_what_and_why(place: Place, ada: Decider) -> None:
    with place.queue() as queue:
        newest = queue.decisions(most=30)

    ada.goes("/decisions")
    rows = ada.page.locator("li.decision").all_inner_texts()

    assert len(newest) >= 10
    for decision, row in zip(newest, rows, strict=False):
        own = (
            "" if decision.what == "undo" else decision.why
        )  # where nobody says why, it says what it takes back
        told = (local_text(decision.at, "UTC")[:10], decision.what, f"by {decision.who}", own)
        assert all(word in row for word in told), row


def _goes_out(place: Place, schedule: str, times: int = 1) -> list[str]:
    """What has gone out for a schedule, once as much has as is expected."""
    place.turn()
    until(lambda: len(place.said(schedule)) >= times)
    return place.said(schedule)
