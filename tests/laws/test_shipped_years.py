"""What ten years of everything that ships hold to: tact, spacing, the right words on the right day, and room for them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from bot.model import (
    Account,
    Event,
    History,
    PlannedPost,
    Post,
    Project,
    Rendition,
    Schedule,
    Schedules,
    Slot,
    Tone,
    Uses,
    Window,
)
from bot.planning.plan import plan
from bot.planning.render import render, rendered
from bot.planning.takers import may_take
from bot.plugins import PUBLISHERS, load
from bot.project import read_project
from bot.sky.ephemeris import happenings
from bot.triggers.anniversary import Anniversary
from bot.triggers.countdown import Countdown
from bot.triggers.on_this_day import OnThisDay
from bot.triggers.sky import Sky
from tests import years
from tests.fakes.projects import REPOSITORY
from tests.years import DAY, Calendar, in_year, kept, local_date

YEARS = range(2027, 2037)
WINDOW = Window(*(int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (YEARS.start, YEARS.stop)))
HOME = "America/New_York"


@pytest.fixture(scope="module")
def project() -> Project:
    found, problems = read_project(REPOSITORY)
    assert problems == ()
    return found


@pytest.fixture(scope="module")
def calendar(project: Project) -> Calendar:
    schedules = project.schedules
    planned = plan(schedules, project.corpus, History(), WINDOW)
    return Calendar(schedules, WINDOW, rendered(planned, schedules))


@pytest.fixture(scope="module")
def slots(calendar: Calendar) -> Mapping[str, list[Slot]]:
    """The slots of each schedule that has any."""
    found: dict[str, list[Slot]] = defaultdict(list)
    for slot in calendar.told:
        found[slot.schedule].append(slot)
    return found


def test_on_a_quiet_day_only_remembrance_speaks_and_nothing_celebrates(calendar: Calendar) -> None:
    quiet = {event.id for event in calendar.schedules.events.values() if event.quiet}

    assert years.spoken_on_quiet_days(calendar) == []
    assert {
        gap.reason.removeprefix("quiet day: ") for gap in calendar.plan.gaps if "quiet" in gap.reason
    } == (quiet)


def test_within_the_hours_of_a_hush_nothing_celebrates(calendar: Calendar) -> None:
    hushed = [slot for slot in calendar.told if years.hushers(slot, calendar.schedules)]

    assert years.celebrated_in_hush(calendar) == []
    assert hushed


def test_every_remembrance_comes_each_year_on_its_own_local_day_and_on_no_other(calendar: Calendar) -> None:
    told = years.remembrances(calendar)

    for (_, name), slots in told.items():
        event = calendar.schedules.events[name]
        days = {local_date(slot.at, event.zone) for slot in slots}
        assert days == {day for year in YEARS if (day := kept(event, year))}
        assert len(slots) == len(YEARS)
    losses = [event for event in calendar.schedules.events.values() if event.tone is Tone.REMEMBRANCE]
    assert {name for _, name in told} == {event.id for event in losses}


def test_a_remembrance_gives_way_to_remembrance_alone_and_that_of_a_quiet_day_to_nothing(
    calendar: Calendar,
) -> None:
    assert years.silenced_remembrances(calendar) == []
    assert not [gap for gap in calendar.plan.gaps if years.is_first(gap.slot, calendar)]


def test_an_anniversary_is_spoken_of_on_its_own_local_day_and_counted_from_its_event(
    calendar: Calendar,
) -> None:
    assert years.off_their_day(calendar) == []
    assert sum(slot.years is not None for slot in calendar.told) > 50 * len(YEARS)


def test_an_observance_is_spoken_of_on_its_own_local_day(calendar: Calendar) -> None:
    for slot in _of(calendar, Anniversary):
        event = calendar.schedules.events[slot.event or ""]
        day = local_date(slot.at, event.zone)
        assert day == kept(event, day.year)


def test_a_post_of_a_day_is_said_of_its_own_event_or_on_its_own_date(calendar: Calendar) -> None:
    for each in calendar.plan.posts:
        trigger = calendar.entry(each.slot).trigger
        assert each.post.use is not Uses.HOLD
        assert each.post.use is Uses.EVERGREEN or each.slot.event or each.slot.facts or each.post.posted
        assert not each.slot.event or each.post.event in {each.slot.event, None}
        if isinstance(trigger, OnThisDay):
            assert _is_recalled(each)


def _is_recalled(each: PlannedPost) -> bool:
    off = each.slot.fact("days_off")
    recalled = each.slot.day + timedelta(days=off if isinstance(off, int) else 0)
    first = each.post.posted_on(each.slot.zone)
    return first is not None and first < recalled and in_year(first, recalled.year) == recalled


def test_a_countdown_is_as_far_from_its_event_as_it_says(calendar: Calendar) -> None:
    for slot in _of(calendar, Countdown):
        left = slot.fact("countdown")
        event = calendar.schedules.events[slot.event or ""]
        assert isinstance(left, int)
        if left % DAY:
            assert slot.at + left in _instants(event)
        else:
            day = local_date(slot.at, event.zone) + timedelta(days=left // DAY)
            assert day in {*_sky_days(event, event.zone), event.day, kept(event, day.year)}


def test_what_the_sky_brings_is_told_on_its_local_day_or_before_its_night(calendar: Calendar) -> None:
    for slot in _of(calendar, Sky):
        event, happens = calendar.schedules.events[slot.event or ""], slot.fact("happens")
        assert isinstance(happens, int)
        assert happens in _instants(event)
        apart = abs((local_date(happens, slot.zone) - local_date(slot.at, slot.zone)).days)
        assert apart <= (slot.fact("seen") is not None)


def _of(calendar: Calendar, kind: type) -> Iterator[Slot]:
    """The slots that triggers of a kind gave."""
    return (slot for slot in calendar.told if isinstance(calendar.entry(slot).trigger, kind))


def _instants(event: Event) -> set[int]:
    """When an event happens: once, or as often as the sky brings it."""
    if not event.sky:
        return {event.instant} if event.instant else set()
    return {found.at for found in happenings(event.sky, WINDOW.start - DAY, WINDOW.end + 60 * DAY)}


def _sky_days(event: Event, zone: str) -> set[date]:
    return {local_date(at, zone) for at in _instants(event)} if event.sky else set()


def test_no_account_speaks_sooner_or_more_often_than_it_may(calendar: Calendar) -> None:
    assert years.crowded(calendar) == []
    assert years.too_many(calendar) == []
    assert all(account.min_gap for account in calendar.schedules.accounts.values())


def test_no_post_is_said_again_within_its_cool_down_nor_within_180_days(calendar: Calendar) -> None:
    assert years.said_too_soon_again(calendar, least=180 * DAY) == []


def test_every_slot_has_a_post_or_a_reason_that_names_what_it_gives_way_to(calendar: Calendar) -> None:
    assert years.untold(calendar) == {}
    assert years.unreasoned(calendar) == []
    assert all(each.why for each in calendar.plan.posts)


def test_every_event_that_has_a_schedule_is_spoken_of_and_no_day_of_one_passes_for_want_of_words(
    calendar: Calendar,
) -> None:
    had = {(slot.schedule, slot.event) for slot in calendar.told}
    said = {(each.slot.schedule, each.slot.event) for each in calendar.plan.posts}
    wordless = [
        (gap.slot.event, str(gap.slot.day), gap.reason)
        for gap in calendar.plan.gaps
        if gap.slot.event and not gap.reason.startswith(("quiet day", "hush", "gives way", "too soon"))
    ]

    assert had - said == set()
    assert wordless == []


def test_every_weekday_has_a_post_unless_it_is_quiet(calendar: Calendar) -> None:
    spoken = {local_date(each.slot.at, HOME) for each in calendar.plan.posts}
    events = [event for event in calendar.schedules.events.values() if event.quiet]
    quiet = {kept(event, year) for event in events for year in YEARS}

    days = (
        date(YEARS.start, 1, 1) + timedelta(days=number)
        for number in range((WINDOW.end - WINDOW.start) // DAY)
    )
    silent = [day for day in days if day.weekday() < 5 and day not in spoken]

    assert set(silent) <= quiet


def test_no_text_comes_in_the_same_frame_two_years_running(calendar: Calendar) -> None:
    said: dict[tuple[str, str | None], list[tuple[str, str]]] = defaultdict(list)
    for each in calendar.plan.posts:
        if each.slot.years is not None:
            said[each.slot.schedule, each.slot.event].append((each.post.id, _frame(each, calendar)))

    again = [(*event, now) for event, told in said.items() for before, now in pairwise(told) if before == now]

    assert again == []
    assert len({frame for told in said.values() for _, frame in told}) > 5


def test_no_year_of_an_event_comes_in_the_frame_of_the_year_before(calendar: Calendar) -> None:
    said: dict[tuple[str, str | None], list[tuple[int, str]]] = defaultdict(list)
    for each in calendar.plan.posts:
        entry = calendar.entry(each.slot)
        if each.slot.years is not None and len(entry.frames) > 1:
            said[entry.name, each.slot.event].append((each.slot.years, _frame(each, calendar)))

    again = [
        (*event, now)
        for event, told in said.items()
        for before, now in pairwise(told)
        if now == (before[0] + 1, before[1])
    ]

    assert again == []
    assert len(said) > 50


def _frame(each: PlannedPost, calendar: Calendar) -> str:
    """The frame in which a post is shown."""
    entry, shown, schedules = calendar.entry(each.slot), each.renditions[0], calendar.schedules
    show = partial(render, each.post, schedules.accounts[shown.account], slot=each.slot, schedules=schedules)
    return next(
        frame for frame in (*entry.frames, *entry.milestones) if show(frames=(frame,)).parts == shown.parts
    )


def test_every_text_fits_its_account(calendar: Calendar) -> None:
    tight = [part for each in calendar.plan.posts for shown in each.renditions for part in shown.parts]

    assert all(part.text and part.length <= (part.limit or 0) for part in tight)
    assert all(len(each.renditions) == len(each.accounts) for each in calendar.plan.posts)


@pytest.mark.parametrize("network", ["x", "mastodon", "bluesky"])
def test_every_post_fits_each_network_in_every_frame_of_its_schedules(
    project: Project, slots: Mapping[str, list[Slot]], network: str
) -> None:
    account = Account(network, network, limits=load(PUBLISHERS, network).limits)

    shown = [
        part
        for entry in project.schedules.entries
        for post in project.corpus.ready
        if may_take(entry, post)
        for rendition in _in_every_frame(
            post, entry, slots.get(entry.name, ()), account=account, schedules=project.schedules
        )
        for part in rendition.parts
    ]

    assert [part.text for part in shown if part.limit is not None and part.length > part.limit] == []
    assert [part.media for part in shown if len(part.media) > account.limits.images] == []
    assert [media for part in shown for media in part.media if len(media.alt) > account.limits.alt] == []
    assert len(shown) > len(project.corpus.ready)


def _in_every_frame(
    post: Post, entry: Schedule, slots: Sequence[Slot], *, account: Account, schedules: Schedules
) -> Iterator[Rendition]:
    """The post as the account would show it in each slot that is its own; once, where it has no frame."""
    own = [slot for slot in slots if not entry.pick.event or slot.event == post.event]
    for slot in own if entry.frames else own[:1]:
        for frame in (*entry.frames, *entry.milestones) or ("",):
            yield render(post, account, slot=slot, frames=(frame,), schedules=schedules)
