"""Who could be swapped in: whose turn it would be, and what each would show."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from bot.delivery.decided import By
from bot.desk import decide
from bot.desk.candidates import candidates
from bot.desk.desk import Desk
from bot.model import Corpus, History, Plan, PlannedPost
from bot.planning.plan import fill
from bot.planning.render import rendered
from tests.fakes.desks_at_work import at_work, row
from tests.fakes.projects import Folder, museum


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return museum(tmp_path_factory.mktemp("candidates"))


@pytest.fixture
def desk(folder: Folder) -> Iterator[Desk]:
    for number in range(6):
        folder.post(f"facts/more-{number}", f"One more fact, number {number} of them.")
    with at_work(folder) as made:
        yield made


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_the_first_is_the_one_that_the_planner_would_have_taken(desk: Desk, place: int) -> None:
    """Were the post not there, the planner would fill the slot with the first candidate, for the same reason."""
    taken = [each for each in desk.queue.rows(desk.now) if each.slot.schedule == "mornings"][place]
    corpus = Corpus(tuple(each for each in desk.project.corpus.posts if each.id != taken.post))
    uses = desk.queue.history(desk.now).uses
    history = History(tuple(use for use in uses if use.slot.identity != taken.slot.identity))

    found = candidates(desk, taken)

    expected = fill(taken.slot, desk.project.schedules, corpus, history)
    assert isinstance(expected, PlannedPost)
    assert found[0].post.id == expected.post.id
    assert found[0].renditions == rendered(Plan((expected,)), desk.project.schedules).posts[0].renditions


def test_each_of_them_can_be_swapped_in_and_shows_what_was_offered(desk: Desk) -> None:
    taken = row(desk, "facts/thread")
    found = candidates(desk, taken)

    for each in found:
        decide.swap(desk, taken.slot.key, each.post.id, By("ada"))
        shown = desk.rows(taken.slot.key)

        assert [one.rendition for one in shown] == list(each.renditions)


def test_there_are_as_many_as_were_asked_for_and_never_the_post_itself(desk: Desk) -> None:
    taken = row(desk, "facts/thread")

    found = candidates(desk, taken, 3)

    assert len(found) == 3
    assert len({each.post.id for each in found}) == 3
    assert taken.post not in {each.post.id for each in candidates(desk, taken, 100)}
    assert all(each.why for each in found)


def test_a_slot_of_an_event_keeps_to_the_posts_of_it(folder: Folder) -> None:
    folder.post("days/again", "Again we open.", 'event = "opening"\ntone = "celebration"\nuse = "dated"')
    with at_work(folder) as desk:
        waiting = [each for each in desk.queue.rows(desk.now) if each.slot.event == "opening"]

        found = candidates(desk, waiting[0])

        assert {waiting[0].post, *(each.post.id for each in found)} == {"days/again", "days/opening"}


def test_what_would_not_fit_is_passed_over(folder: Folder) -> None:
    with at_work(folder) as desk:
        taken = row(desk, "facts/thread")
        long = replace(
            desk.project.corpus.by_id["facts/lens"],
            parts=(replace(desk.project.corpus.by_id["facts/lens"].parts[0], text="long " * 80),),
        )
        posts = tuple(long if each.id == long.id else each for each in desk.project.corpus.posts)
        other = replace(desk, project=replace(desk.project, corpus=Corpus(posts)))

        found = candidates(other, taken, 100)

        assert "facts/lens" not in {each.post.id for each in found}
        assert found


def test_where_no_schedule_speaks_nothing_is_offered(desk: Desk) -> None:
    by_hand = replace(
        row(desk, "facts/thread"), slot=replace(row(desk, "facts/thread").slot, schedule="gone")
    )

    assert candidates(desk, by_hand) == ()
