"""Frames are taken in turn: whatever a schedule says next reads unlike what it said last."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.model import Corpus, Event, History, Pick, Plan, Schedule, Slot, Tone, Use, Uses, Window
from bot.planning.frames import wordings
from bot.planning.pick import is_its_day
from bot.planning.plan import plan
from bot.planning.turns import Turns
from bot.zones import DAY, HOUR
from tests.fakes.worlds import MOON, at, evergreens, post, schedule, slots, window, world

FRAMES = ("One: {{ text }}", "Two: {{ text }}", "Three: {{ text }}", "Four: {{ text }}")
START = at("2027-03-01T00:00Z")
CORPUS = Corpus(
    (*evergreens(9), post("sky", event="meeting"), post("loss", event="lost", tone=Tone.REMEMBRANCE))
)
MEETING = Event("meeting", "Moon and Mars", "sky", sky="moon-mars")
OPPOSITION = Event("meeting", "Opposition", "sky", sky="opposition")


def talk(days: str = "mon-fri", *times: str, frames: int = 3) -> Schedule:
    pick = Pick(tags=("science",), cool_down=0)
    return slots(
        "talk", *(times or ("12:00",)), days=days, pick=pick, frame=FRAMES[:frames], accounts=(MOON,)
    )


def sky(frames: int = 2) -> Schedule:
    options = {"events": ["meeting"], "at": "18:00", "zone": "UTC", "within": 4}
    pick = Pick(event=True, cool_down=0)
    return schedule(
        "sky", "sky", options, pick=pick, frame=FRAMES[:frames], accounts=(MOON,), events=(MEETING,)
    )


def countdown() -> Schedule:
    options = {"events": ["meeting"], "at": "18:00", "steps": ["-30d", "-7d", "-1d"]}
    pick = Pick(event=True, cool_down=0)
    return schedule(
        "down", "countdown", options, pick=pick, frame=FRAMES[:2], accounts=(MOON,), events=(OPPOSITION,)
    )


def own(entry: Schedule, found: Plan) -> list[str]:
    """The frame whose turn it is, of every post."""
    return [wordings(entry, each.slot)[0].partition(":")[0] for each in found.posts]


def of(entry: Schedule, days: float, *events: Event, start: int = START) -> list[str]:
    made = world(entry, events=events)
    return own(entry, plan(made, CORPUS, History(), Window(start, start + int(days * DAY))))


def test_the_frames_of_weekdays_come_one_after_another_over_the_weekend() -> None:
    found = of(talk(), 14)

    first = found[0]
    names = ["One", "Two", "Three"]
    turned = names[names.index(first) :] + names[: names.index(first)]
    assert found == (turned * 4)[:10]


@pytest.mark.parametrize(
    ("entry", "days", "events"),
    [
        (talk("daily", "08:00", "12:00", "20:00", frames=2), 30, ()),
        (talk("sat", frames=2), 100, ()),
        (sky(), 800, (MEETING,)),
        (countdown(), 2_400, (OPPOSITION,)),
    ],
)
def test_two_posts_one_after_the_other_never_read_alike(
    entry: Schedule, days: int, events: tuple[Event, ...]
) -> None:
    found = of(entry, days, *events)

    assert len(found) > 5
    assert all(before != after for before, after in pairwise(found))


def test_a_gap_takes_no_turn() -> None:
    lost = Event("lost", "A loss", "loss", tone=Tone.REMEMBRANCE, day=date(1986, 3, 3), quiet=True)

    found = of(talk("daily", frames=2), 5, lost)

    assert len(found) == 4
    assert all(before != after for before, after in pairwise(found))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 20 * 24).map(lambda hour: START + hour * HOUR), max_size=4).map(sorted))
def test_where_the_window_is_cut_changes_no_turn(cuts: list[int]) -> None:
    entry, end = talk("mon-fri", "08:00", "20:00"), START + 20 * DAY
    schedules = world(entry)

    pieces, known = Plan(), History()
    for start, stop in pairwise([START, *cuts, end]):
        piece = plan(schedules, CORPUS, known, Window(start, stop))
        pieces, known = pieces + piece, known.after_all(piece.posts)

    assert pieces == plan(schedules, CORPUS, History(), Window(START, end))


def test_what_history_has_is_followed_whenever_it_was() -> None:
    entry = talk(frames=4)
    (first,) = plan(world(entry), CORPUS, History(), Window(START, START + DAY)).posts
    later = START + 28 * DAY

    after = plan(world(entry), CORPUS, History().after(first), Window(later, later + DAY))

    names = ["One", "Two", "Three", "Four"]
    assert own(entry, after) == [names[(names.index(own(entry, Plan((first,)))[0]) + 1) % 4]]


def test_what_lies_ahead_counts_once_it_is_reached() -> None:
    entry = talk("daily", frames=4)
    placed = replace(plan(world(entry), CORPUS, History(), Window(START + 2 * DAY, START + 3 * DAY)).posts[0].slot, facts=(("turn", 3),))  # fmt: skip

    found = plan(
        world(entry),
        CORPUS,
        History((Use(placed, "x", ("moon",), placed.at),)),
        window("2027-03-01T00:00Z", days=4),
    )

    assert own(entry, found)[2:] == ["One"]


def test_history_of_a_schedule_that_is_gone_is_of_no_turn() -> None:
    entry, slot = talk(), Slot(START, "gone", START, "UTC")

    turned = Turns(world(entry), [Use(slot, "p", ("moon",), START)]).next(
        replace(slot, schedule="talk"), entry
    )

    assert turned.facts == (("turn", turned.day.toordinal()),)


def test_events_that_come_round_keep_to_their_years() -> None:
    lost = Event("lost", "A loss", "loss", tone=Tone.REMEMBRANCE, day=date(1986, 3, 3))
    entry = schedule("back", "anniversary", {"events": ["lost"], "at": "09:00"}, pick=Pick(event=True), frame=FRAMES[:3], events=(lost,))  # fmt: skip

    found = plan(world(entry, events=(lost,)), CORPUS, History(), window("2027-03-01T00:00Z", days=4))

    assert [each.slot.facts for each in found.posts] == [()]


def test_a_turn_makes_no_day_of_a_slot_for_any_day() -> None:
    dated = Corpus((post("dated", tags=("science",), use=Uses.DATED),))
    entry = talk()
    slot = Slot(START, "talk", START, "UTC", facts=(("turn", 7),))

    found = plan(
        world(entry), dated, History((Use(slot, "dated", ("moon",), START),)), Window(START, START + 2 * DAY)
    )

    assert found.posts == ()
    assert not is_its_day(dated.posts[0], slot, entry)
