"""What is told of a year adds up: to its plan, to its days, and to the posts that are ready."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Corpus, History, Pick, Schedules, Tone
from bot.planning.plan import plan
from bot.preview.coverage import coverage
from bot.preview.findings import Year
from bot.preview.view import local_date
from bot.zones import DAY, day_of
from tests.fakes import any_worlds
from tests.fakes.any_worlds import EVENTS
from tests.fakes.worlds import MARS, schedule

TRIGGERS: Mapping[str, Mapping[str, Any]] = {
    "anniversary": {"events": [*EVENTS], "at": "09:00"},
    "slots": {"days": "sat", "at": "22:00", "zone": "America/Los_Angeles"},
    "on_this_day": {"at": "12:00", "zone": "Pacific/Kiritimati"},
}

corpora = any_worlds.corpora(review=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)))
picks = any_worlds.picks(cool_down=st.sampled_from((0, 30 * DAY)))
years = st.builds(
    lambda first, days: Year(first, first + timedelta(days=days)),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.integers(1, 366),
)


@settings(deadline=None)
@given(corpora, picks, st.sampled_from(sorted(TRIGGERS)), st.sampled_from((None, *Tone)), years)
def test_what_is_told_of_a_year_adds_up(
    corpus: Corpus, pick: Pick, trigger: str, tone: Tone | None, year: Year
) -> None:
    entry = schedule("s", trigger, TRIGGERS[trigger], pick=pick, frame="{{ text }}", corpus=corpus, tone=tone)
    schedules = Schedules((entry,), EVENTS, {MARS.name: MARS})
    planned = plan(schedules, corpus, History(), year.around)
    inside = [each for each in planned.posts if local_date(each.slot) in year]
    silent = [each for each in planned.gaps if local_date(each.slot) in year]
    now = day_of(year.first) * DAY

    found = coverage(schedules, corpus, plan=planned, uses=(), year=year, now=now)

    assert [day.date for day in found.heat] == list(year)
    assert (found.posts, found.gaps) == (len(inside), len(silent))
    assert sum(month.posts for month in found.months) == len(inside)
    assert sum(month.gaps for month in found.months) == len(silent)
    used = {each.post.id for each in inside}
    assert used | {each.post for each in found.unused} == {post.id for post in corpus.ready}
    assert used.isdisjoint(each.post for each in found.unused)
    assert {each.event for each in found.wordings if each.posts} == corpus.by_event.keys()
    assert {each.event for each in found.wordings} >= schedules.events.keys()
    assert len(found.bare) <= len(silent)
    assert all(len(used) <= each.posts and each.slots == len(inside) + len(silent) for each in found.turns)
    assert all(each.on_hold or each.review for each in found.due)
