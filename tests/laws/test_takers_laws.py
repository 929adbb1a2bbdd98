"""Who can take a post is never denied: whatever a plan gives to a schedule, the schedule could take."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Corpus, History, Pick, Schedules
from bot.planning.plan import plan
from bot.planning.takers import may_take, speakers
from tests.fakes import any_worlds
from tests.fakes.any_worlds import EVENTS
from tests.fakes.worlds import MARS, MOON, schedule, window

TRIGGERS: Mapping[str, Mapping[str, Any]] = {
    "anniversary": {"events": [*EVENTS], "at": "09:00"},
    "slots": {"days": "sat", "at": "10:00", "zone": "UTC"},
    "on_this_day": {"at": "12:00", "zone": "UTC"},
}
YEAR = window("2027-01-01T00:00Z", days=120)

corpora = any_worlds.corpora(lang=st.sampled_from(("en", "de")))
picks = any_worlds.picks(on_this_day=st.booleans(), lang=st.sampled_from((None, "en")), cool_down=st.just(0))


@given(corpora, picks, st.sampled_from(sorted(TRIGGERS)), st.sampled_from(("", "{{ text }}")))
def test_what_a_plan_gives_to_a_schedule_it_could_take(
    corpus: Corpus, pick: Pick, trigger: str, frame: str
) -> None:
    accounts = (MARS, MOON)
    entry = schedule(
        "s", trigger, TRIGGERS[trigger], pick=pick, frame=frame, accounts=accounts, corpus=corpus
    )
    schedules = Schedules((entry,), EVENTS, {each.name: each for each in accounts})

    planned = plan(schedules, corpus, History(), YEAR).posts

    assert all(may_take(entry, each.post) for each in planned)
    assert all(speakers(each.post, schedules) == set(entry.names) for each in planned)
