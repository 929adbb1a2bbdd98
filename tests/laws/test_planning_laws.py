"""What planning promises, whatever the corpus, the schedules and the cut."""

from collections import Counter, defaultdict
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Corpus, History, Pick, Plan, Priority, Schedules, Tone, Use, Window
from bot.planning.plan import plan
from bot.zones import DAY, HOUR, zone
from tests.fakes.worlds import CORPUS, MARS, MOON, anniversaries, at, post, schedule, slots, world

START = at("2027-01-20T00:00Z")
hours = st.integers(0, 24 * 30).map(lambda hour: START + hour * HOUR)

WORLDS = (
    world(slots(), anniversaries()),
    world(slots(jitter="40m"), anniversaries(clock="10:00"), slots("more", "11:00", "15:30", "20:00")),
    world(
        slots("both", accounts=(MARS, MOON)),
        slots("moon", "10:30", accounts=(MOON,), pick=Pick(tags=("science",), cool_down=9 * DAY)),
        anniversaries(accounts=(MARS, MOON)),
        schedule("back", "on_this_day", {"at": "12:00", "zone": "UTC"}, pick=Pick(on_this_day=True)),
    ),
    world(
        slots(pick=Pick(tags=("science",), cool_down=20 * DAY), frame="{{ weekday }}: {{ text }}"),
        anniversaries(),
    ),
)
worlds = st.sampled_from(WORLDS)


@settings(max_examples=150, deadline=None)
@given(worlds, st.tuples(hours, hours, hours).map(sorted))
def test_cutting_a_window_changes_nothing(schedules: Schedules, cuts: list[int]) -> None:
    """What is previewed for a month is what the daemon plans minute by minute."""
    a, b, c = cuts
    first = plan(schedules, CORPUS, History(), Window(a, b))

    rest = plan(schedules, CORPUS, History().after_all(first.posts), Window(b, c))

    assert plan(schedules, CORPUS, History(), Window(a, c)) == first + rest


@settings(max_examples=30, deadline=None)
@given(worlds)
def test_a_month_planned_hour_by_hour_is_the_month_planned_at_once(schedules: Schedules) -> None:
    whole = plan(schedules, CORPUS, History(), Window(START, START + 30 * DAY))

    pieces, history = Plan(), History()
    for start in range(START, START + 30 * DAY, 7 * HOUR):
        piece = plan(schedules, CORPUS, history, Window(start, min(start + 7 * HOUR, START + 30 * DAY)))
        pieces, history = pieces + piece, history.after_all(piece.posts)

    assert pieces == whole


@settings(max_examples=30, deadline=None)
@given(worlds, hours)
def test_planning_twice_gives_the_same_digest(schedules: Schedules, start: int) -> None:
    window = Window(start, start + 20 * DAY)

    digests = {plan(schedules, CORPUS, History(), window).digest for _ in range(2)}

    assert len(digests) == 1


@settings(max_examples=60, deadline=None)
@given(worlds, hours, st.integers(1, 60))
def test_no_post_is_said_twice_within_its_cool_down(schedules: Schedules, start: int, days: int) -> None:
    planned = plan(schedules, CORPUS, History(), Window(start, start + days * DAY)).posts

    last: dict[tuple[str, str], int] = {}
    for each in planned:
        cool_down = schedules.by_name[each.slot.schedule].pick.cool_down
        for account in each.accounts:
            before = last.get((account, each.post.id))
            assert before is None or each.slot.at - before >= cool_down
            last[account, each.post.id] = each.slot.at


@settings(max_examples=60, deadline=None)
@given(worlds, hours)
def test_accounts_keep_their_gap_and_their_most_per_day(schedules: Schedules, start: int) -> None:
    planned = plan(schedules, CORPUS, History(), Window(start, start + 20 * DAY)).posts

    spoken = [each.slot for each in planned if MARS.name in each.accounts]
    days = Counter(
        zone(MARS.zone).wall(slot.at) // DAY for slot in spoken if slot.priority is not Priority.REMEMBRANCE
    )

    assert all(later.at - earlier.at >= MARS.min_gap for earlier, later in pairwise(spoken))
    assert all(count <= (MARS.max_per_day or 0) for count in days.values())


@settings(max_examples=40, deadline=None)
@given(worlds)
def test_on_a_quiet_day_only_remembrance_speaks(schedules: Schedules) -> None:
    quiet = Window(at("2027-01-28T05:00Z"), at("2027-01-29T05:00Z"))

    planned = plan(schedules, CORPUS, History(), Window(START, START + 20 * DAY)).posts

    assert {each.post.tone for each in planned if each.slot.at in quiet} == {Tone.REMEMBRANCE}


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 12), st.integers(1, 40))
def test_every_post_has_its_turn_before_any_comes_again(posts: int, days: int) -> None:
    corpus = Corpus(tuple(post(f"p{number}", tags=("t",)) for number in range(posts)))
    schedules = world(slots("turns", "12:00", pick=Pick(tags=("t",), cool_down=0), accounts=(MOON,)))

    planned = plan(schedules, corpus, History(), Window(START, START + days * DAY)).posts

    counts: dict[str, int] = defaultdict(int, {f"p{number}": 0 for number in range(posts)})
    for each in planned:
        assert counts[each.post.id] == min(counts.values())
        counts[each.post.id] += 1


@settings(max_examples=60, deadline=None)
@given(worlds, st.integers(0, 20), st.integers(0, 28), hours)
def test_what_a_person_placed_stays_and_is_not_said_again_around_it(
    schedules: Schedules, which: int, later: int, cut: int
) -> None:
    whole = Window(START, START + 30 * DAY)
    planned_before = plan(schedules, CORPUS, History(), whole).posts
    slot = planned_before[which % len(planned_before)].slot
    if schedules.by_name[slot.schedule].pick.event:
        return
    fixed = Use(slot, f"science/{later % 9}", schedules.by_name[slot.schedule].names, slot.at)
    history = History((fixed,))

    planned = plan(schedules, CORPUS, history, whole)
    first = plan(schedules, CORPUS, history, Window(START, max(cut, START)))
    rest = plan(schedules, CORPUS, history.after_all(first.posts), Window(max(cut, START), whole.end))

    assert planned == first + rest
    assert slot.identity not in {each.slot.identity for each in planned.posts}
    assert not any(
        each.post.id == fixed.post
        and abs(each.slot.at - fixed.at) < schedules.by_name[each.slot.schedule].pick.cool_down
        and set(each.accounts) & set(fixed.accounts)
        for each in planned.posts
    )
