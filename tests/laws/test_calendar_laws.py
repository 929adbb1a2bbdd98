"""What the calendar shows is the plan that everybody else is shown, however it is asked for and whatever it kept."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery.queue import Queue
from bot.delivery.tick import plan_ahead
from bot.desk.calendar import Calendar
from bot.desk.calendar.ahead import Ahead, settled
from bot.desk.calendar.saying import Saying
from bot.desk.calendar.spans import entries, utc_days, within
from bot.model import MEMORY, History, Pick, Plan, Project, Schedule, Window
from bot.outlook import outlook
from bot.planning.plan import plan
from bot.planning.render import rendered
from bot.preview.findings import Year
from bot.preview.view import local_date
from bot.zones import DAY, HOUR, date_of, day_of
from tests.fakes.worlds import CORPUS, MOON, anniversaries, at, schedule, slots, window, world


def speaking(name: str, clock: str, zone: str) -> Schedule:
    """A schedule whose days are others than those of UTC."""
    options = {"days": "daily", "at": [clock], "zone": zone}
    return schedule(name, "slots", options, pick=Pick(tags=("science",), cool_down=0), accounts=(MOON,))


NOW = at("2027-01-20T12:00Z")
WORLD = world(
    anniversaries(),
    slots(),
    speaking("late", "23:30", "Pacific/Honolulu"),
    speaking("early", "00:30", "Pacific/Auckland"),
)
PROJECT = Project("/project", WORLD, CORPUS, "files")
FIRST = date(2026, 12, 1)

spans = st.tuples(st.integers(0, 120), st.integers(1, 40)).map(
    lambda each: Year(date_of(day_of(FIRST) + each[0]), date_of(day_of(FIRST) + each[0] + each[1]))
)


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Queue]:
    with Queue(f"sqlite:///{tmp_path_factory.mktemp('law')}/redletter.db") as found:
        plan_ahead(PROJECT, found, NOW - 10 * DAY)
        plan_ahead(PROJECT, found, NOW)
        yield found


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    """One for all examples: what it kept of the others must not show."""
    return Calendar()


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans)
def test_a_stretch_of_days_has_the_digest_that_a_preview_of_it_has(
    queue: Queue, calendar: Calendar, span: Year
) -> None:
    sheet = calendar.sheet(PROJECT, queue, span, now=NOW)

    assert sheet.digest == outlook(PROJECT, queue, sheet.window, NOW).digest


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans)
def test_each_day_holds_what_its_slots_own_calendars_put_there(
    queue: Queue, calendar: Calendar, span: Year
) -> None:
    around = outlook(PROJECT, queue, span.around, NOW)
    expected = {
        (local_date(each.slot), each.slot.key) for each in entries(around) if local_date(each.slot) in span
    }

    sheet = calendar.sheet(PROJECT, queue, span, now=NOW)

    assert [day.date for day in sheet.days] == list(span)
    assert {(day.date, each.key) for day in sheet.days for each in day.marks} == expected
    assert sheet.posts + sheet.gaps == len(expected)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 70).map(lambda days: date_of(day_of(FIRST) + 30 + days)))
def test_the_pages_of_a_day_hold_all_of_it_as_accounts_will_show_it(
    queue: Queue, calendar: Calendar, day: date
) -> None:
    around = outlook(PROJECT, queue, Year(day, date_of(day_of(day) + 1)).around, NOW)

    view = calendar.view(PROJECT, queue, day, now=NOW)

    assert view.plan.posts == tuple(each for each in around.posts if local_date(each.slot) == day)
    assert view.plan.gaps == tuple(each for each in around.gaps if local_date(each.slot) == day)


@settings(deadline=None, max_examples=12)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 45)), min_size=1, max_size=4))
def test_what_is_planned_ahead_does_not_depend_on_what_was_asked_before(asked: list[tuple[int, int]]) -> None:
    history = History().after_all(plan(WORLD, CORPUS, History(), Window(NOW - 20 * DAY, NOW)).posts)
    ahead = Ahead(PROJECT, history, NOW)

    for first, days in asked:
        wanted = Window(NOW + first * DAY, NOW + (first + days) * DAY)
        whole = plan(WORLD, CORPUS, history, Window(NOW, wanted.end))
        assert ahead.plan(wanted) == within(whole, wanted)


@settings(deadline=None, max_examples=15)
@given(st.integers(4, 60), st.integers(0, 20))
def test_of_history_no_more_matters_than_what_is_kept(days: int, hours: int) -> None:
    cut = NOW + days * DAY + hours * HOUR
    history = History().after_all(plan(WORLD, CORPUS, History(), Window(NOW, cut)).posts)

    kept = settled(history, cut)

    rest = Window(cut, cut + 20 * DAY)
    assert plan(WORLD, CORPUS, kept, rest) == plan(WORLD, CORPUS, history, rest)
    old = [use for use in kept.uses if use.at < cut - MEMORY]
    assert len({(use.post, name) for use in old for name in use.accounts}) == sum(
        len(u.accounts) for u in old
    )


@settings(deadline=None, max_examples=10)
@given(st.lists(st.integers(1, 9), max_size=5))
def test_a_plan_told_bit_by_bit_has_the_digest_of_the_whole(cuts: list[int]) -> None:
    whole = rendered(plan(WORLD, CORPUS, History(), window("2027-01-20T00:00Z", days=9)), WORLD)
    bounds = sorted({at("2027-01-20T00:00Z") + cut * DAY for cut in (0, *cuts, 9)})
    saying = Saying()

    for first, last in pairwise(bounds):
        saying.take(within(whole, Window(first, last)))

    assert saying.digest == whole.digest


def test_nothing_told_has_the_digest_of_an_empty_plan() -> None:
    assert Saying().digest == Plan().digest


@given(st.integers(-5, 5 * DAY), st.integers(0, 5 * DAY))
def test_days_of_utc_cover_a_window_and_never_overlap(start: int, seconds: int) -> None:
    window = Window(start, start + seconds)

    days = list(utc_days(window))

    assert sum(day.end - day.start for day in days) == seconds
    assert all(day.start // DAY == max(day.start, day.end - 1) // DAY for day in days)
