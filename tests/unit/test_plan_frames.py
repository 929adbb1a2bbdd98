"""Which of its frames a post is planned in: the one whose turn it is, or another where that would not do."""

import pytest
from msgspec.structs import replace

from bot.model import Corpus, History, Plan, Schedule, Tone
from bot.planning.plan import plan
from bot.planning.render import rendered
from tests.fakes.worlds import LANDING, MOON, anniversaries, post, window, world

UNTRUE, TRUE = "Five years ago today: {{ text }}", "{{ years_in_words | capitalize }} ago today: {{ text }}"
LONG, BARE = "a" * 60 + " {{ text }}", "{{ text }}"
WORDS = Corpus((post("p", "The rover drove on.", event="landing"),))
TIGHT = replace(MOON, limits=replace(MOON.limits, text=60))


def landings(*frames: str, milestones: tuple[str, ...] = (), narrow: bool = False) -> Schedule:
    accounts = (TIGHT,) if narrow else (MOON,)
    return anniversaries(
        events=(LANDING,), kinds=["landing"], frame=frames, accounts=accounts, milestones=milestones
    )


def planned(entry: Schedule, corpus: Corpus = WORDS, *, year: int = 2027) -> Plan:
    schedules = world(entry)
    return rendered(plan(schedules, corpus, History(), window(f"{year}-01-25T00:00Z", days=1)), schedules)


def told(found: Plan) -> list[str]:
    return [part.text for each in found.posts for shown in each.renditions for part in shown.parts]


def test_where_the_frame_whose_turn_it_is_would_be_untrue_a_sibling_is_taken_and_the_plan_says_why() -> None:
    found = planned(landings(TRUE, UNTRUE))

    assert told(found) == ["Twenty-three years ago today: The rover drove on."]
    (each,) = found.posts
    assert each.why == (
        'the only one that suits, never said before; in another frame: in its own, "Five years ago" is not true then: '
        "it is 23 years"
    )  # fmt: skip


def test_the_frame_whose_turn_it_is_needs_no_word() -> None:
    found = planned(landings(UNTRUE, TRUE))

    assert [each.why for each in found.posts] == ["the only one that suits, never said before"]


def test_where_it_would_be_too_long_the_plan_says_so_too() -> None:
    found = planned(landings(TRUE, LONG, narrow=True))

    assert told(found) == ["Twenty-three years ago today: The rover drove on."]
    assert found.posts[0].why.endswith("; in another frame: in its own, it is 80 long on moon, where 60 fit")


def test_a_frame_that_does_not_work_on_the_day_gives_way_to_its_sibling() -> None:
    found = planned(landings(TRUE, "{{ sol }}: {{ text }}"))

    assert told(found) == ["Twenty-three years ago today: The rover drove on."]
    assert "'sol' is undefined" in found.posts[0].why


def test_a_post_that_is_untrue_in_every_frame_is_not_said() -> None:
    found = planned(landings(TRUE, BARE), Corpus((post("p", "Join us.", event="landing"),)))

    assert [gap.reason for gap in found.gaps] == [
        'p cannot be shown: "Join us" is said of what people can join, and the event has no `until`'
    ]


def test_every_account_has_the_first_frame_in_which_it_may_show_the_post() -> None:
    entry = replace(landings(TRUE, LONG), accounts=(MOON, replace(TIGHT, name="tight")))

    found = told(planned(entry))

    assert found == ["a" * 60 + " The rover drove on.", "Twenty-three years ago today: The rover drove on."]


@pytest.mark.parametrize("jest", ["A joke! {{ text }}", "🎉 {{ text }}"])
def test_a_remembrance_takes_the_sibling_of_a_frame_for_which_it_has_no_room(jest: str) -> None:
    entry = replace(landings(TRUE, jest), tone=Tone.REMEMBRANCE)

    assert told(planned(entry)) == ["Twenty-three years ago today: The rover drove on."]


@pytest.mark.parametrize(
    ("milestone", "aside"),
    [
        (LONG, "it is 80 long on moon, where 60 fit"),
        (UNTRUE, '"Five years ago" is not true then: it is 25 years'),
    ],
)
def test_a_round_year_whose_own_frame_does_not_do_has_one_of_any_year(milestone: str, aside: str) -> None:
    found = planned(landings(TRUE, milestones=(milestone,), narrow=True), year=2029)

    assert told(found) == ["Twenty-five years ago today: The rover drove on."]
    assert found.posts[0].why.endswith(f"; in another frame: in its own, {aside}")


def test_a_round_year_keeps_to_its_own_frames_where_one_of_them_does() -> None:
    entry = landings(LONG, milestones=("At last! {{ text }}", UNTRUE))

    assert told(planned(entry, year=2029)) == ["At last! The rover drove on."]


def test_what_was_tried_is_planned_as_it_will_be_shown() -> None:
    entry = replace(landings(TRUE, UNTRUE), accounts=(MOON, replace(TIGHT, name="tight")))
    schedules = world(entry)

    found = plan(schedules, WORDS, History(), window("2027-01-25T00:00Z", days=1))

    assert [each.account for each in found.posts[0].renditions] == ["moon", "tight"]
    assert rendered(found, schedules) == found
    assert rendered(Plan((replace(found.posts[0], renditions=()),)), schedules) == found
