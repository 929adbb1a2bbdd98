"""The calendar by cases: what keeps posts back, quiet days and hush, what is looked at, and what is remembered."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.delivery.queue import Queue
from bot.delivery.tick import plan_ahead
from bot.desk.calendar import AHEAD, Calendar, Date, Only, accounts_of
from bot.desk.calendar.ahead import Ahead, settled
from bot.desk.calendar.paging import MOST, ROOM, pages
from bot.desk.calendar.spans import hush_days
from bot.errors import BadCall
from bot.model import Corpus, Gap, History, Media, PlannedPost, Project, Tone, Window
from bot.outlook import outlook
from bot.preview.entries import Mark
from bot.preview.findings import Year
from bot.preview.view import Entry
from bot.zones import DAY, HOUR, date_of, day_of
from tests.fakes.deliveries import (
    ACCOUNTS,
    MASTODON,
    NOON,
    X,
    enqueue,
    opened,
    planned,
    schedules,
    sent,
    slot,
)
from tests.fakes.deliveries import project as project_of
from tests.fakes.worlds import CORPUS, LANDING, LOSS, MARS, anniversaries, at, evergreens, slots, world

MONDAY = date(2027, 3, 1)
WEEK = Year(MONDAY, date(2027, 3, 8))
PLAIN = project_of()
LIVELY = Project("/project", world(anniversaries(), slots()), CORPUS, "lively")


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with opened(tmp_path) as found:
        yield found


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


def marks(calendar: Calendar, queue: Queue, *, project: Project = PLAIN, now: int = NOON) -> list[Mark]:
    sheet = calendar.sheet(project, queue, WEEK, now=now)
    return [each for day in sheet.days for each in day.marks]


def told(calendar: Calendar, queue: Queue, now: int = NOON) -> list[tuple[str, ...]]:
    return [each.notes for each in marks(calendar, queue, now=now)]


def test_a_queue_that_never_was_begun_shows_what_would_be_planned(calendar: Calendar, queue: Queue) -> None:
    sheet = calendar.sheet(LIVELY, queue, WEEK, now=NOON)

    assert sheet.posts == 14
    assert sheet.digest == outlook(LIVELY, queue, sheet.window, NOON).digest
    assert calendar.sheet(LIVELY, queue, WEEK, now=NOON + 1) is calendar.sheet(LIVELY, queue, WEEK, now=NOON)


def test_changed_files_show_at_once_what_will_be_planned_from_them(calendar: Calendar, queue: Queue) -> None:
    plan_ahead(LIVELY, queue, NOON)
    assert len(marks(calendar, queue, project=LIVELY)) == 14
    fewer = replace(LIVELY, schedules=world(slots("evergreen", "10:30")), digest="fewer")

    sheet = calendar.sheet(fewer, queue, WEEK, now=NOON)

    assert sheet.posts == 7
    assert sheet.digest == outlook(fewer, queue, sheet.window, NOON).digest
    view = calendar.view(fewer, queue, date(2027, 3, 3), now=NOON)
    assert len(view.plan.posts) == 1
    assert calendar.heat(fewer, queue, WEEK, now=NOON)[2].posts == 1
    assert len(calendar.coming(fewer, queue, sheet.window, now=NOON, most=99).plan.posts) == 7


def test_what_is_sent_says_so_and_what_waits_says_nothing(calendar: Calendar, queue: Queue) -> None:
    enqueue(queue, planned(), planned(NOON + HOUR))
    assert told(calendar, queue) == [(), ()]

    sent(queue)

    assert told(calendar, queue) == [("sent",), ()]


def test_what_nobody_approved_says_so_until_somebody_does(calendar: Calendar, queue: Queue) -> None:
    enqueue(queue, planned(NOON + HOUR), by=schedules(approval=True))
    assert told(calendar, queue) == [("pending not approved",)]

    queue.approve(queue.rows(NOON)[0].key, who="Ada", now=NOON)

    assert told(calendar, queue) == [()]


def test_what_a_hold_stops_says_so_where_it_is_still_to_be_shown(calendar: Calendar, queue: Queue) -> None:
    both = planned(NOON + HOUR, accounts=(X, MASTODON))
    enqueue(queue, planned(), both, planned(NOON + DAY))
    sent(queue)

    queue.hold("a storm", account=MASTODON.name, until=NOON + 2 * HOUR, now=NOON)

    assert told(calendar, queue) == [("sent",), ("pending held",), ()]
    view = calendar.view(PLAIN, queue, MONDAY, now=NOON)
    assert [each.state for each in view.plan.posts] == ["sent", "pending held"]
    (held,) = view.held.values()
    assert str(held) == "held on ours-mastodon until 2027-03-01T14:00:00Z: a storm"
    queue.hold("all", now=NOON)
    assert told(calendar, queue) == [("sent",), ("held",), ("held",)]
    queue.release(now=NOON)
    assert told(calendar, queue) == [("sent",), (), ()]


def test_a_hold_of_a_tone_stops_what_is_planned_ahead_too(calendar: Calendar, queue: Queue) -> None:
    plan_ahead(LIVELY, queue, at("2027-01-10T00:00Z"))
    queue.hold("mourning", tone=Tone.CELEBRATION, now=at("2027-01-10T00:00Z"))

    sheet = calendar.sheet(
        LIVELY, queue, Year(date(2027, 1, 24), date(2027, 1, 27)), now=at("2027-01-10T00:00Z")
    )

    by_tone = {each.tone: each.notes for day in sheet.days for each in day.marks}
    assert by_tone["celebration"] == ("held",)
    assert by_tone["neutral"] == ()


def test_what_was_planned_for_the_past_and_never_queued_is_held_by_nobody(
    calendar: Calendar, queue: Queue
) -> None:
    enqueue(queue, planned(), until=NOON, files=LIVELY.digest)
    queue.hold("late", now=NOON)

    sheet = calendar.sheet(LIVELY, queue, WEEK, now=NOON + 2 * DAY)

    ahead = [each for day in sheet.days for each in day.marks if each.schedule == "evergreen"]
    assert {each.notes for each in ahead if each.at < NOON + 2 * DAY} == {()}
    assert {each.notes for each in ahead if each.at >= NOON + 2 * DAY} == {("held",)}


def test_a_post_that_is_moved_leaves_its_day_and_comes_to_another(calendar: Calendar, queue: Queue) -> None:
    enqueue(queue, planned(NOON + HOUR))
    first = calendar.sheet(PLAIN, queue, WEEK, now=NOON)
    assert [day.posts for day in first.days] == [1, 0, 0, 0, 0, 0, 0]

    queue.move(queue.rows(NOON)[0].key, at=NOON + 2 * DAY, now=NOON)

    second = calendar.sheet(PLAIN, queue, WEEK, now=NOON)
    assert [day.posts for day in second.days] == [0, 0, 1, 0, 0, 0, 0]
    assert second.digest != first.digest


def test_quiet_days_and_the_hush_around_them_are_told_by_title(calendar: Calendar, queue: Queue) -> None:
    loss = replace(LOSS, hush=36 * HOUR)
    schedules = world(anniversaries(events=(LANDING, loss)), slots(), events=(LANDING, loss))
    project = replace(LIVELY, schedules=schedules)

    sheet = calendar.sheet(project, queue, Year(date(2027, 1, 25), date(2027, 2, 1)), now=NOON)

    assert [(day.quiet, day.hush) for day in sheet.days] == [
        ("", ""), ("", "A loss"), ("", "A loss"), ("A loss", ""), ("", "A loss"), ("", "A loss"), ("", ""),
    ]  # fmt: skip


def test_a_hush_reaches_into_a_stretch_from_outside() -> None:
    event = replace(LOSS, hush=2 * DAY)

    found = hush_days([event, LANDING], Year(date(2027, 1, 30), date(2027, 2, 3)))

    assert found == {date(2027, 1, 30): "loss"}


def test_a_day_counts_its_posts_and_its_gaps(calendar: Calendar, queue: Queue) -> None:
    enqueue(queue, planned(NOON + HOUR), gaps=[Gap(slot(NOON + 2 * HOUR), "quiet day: loss")])

    day = calendar.sheet(PLAIN, queue, WEEK, now=NOON).days[0]

    assert (day.posts, day.gaps) == (1, 1)
    assert [each.reason for each in day.marks] == ["", "quiet day: loss"]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (Only(), 3),
        (Only(account=X.name), 3),
        (Only(account=MASTODON.name), 2),
        (Only(account="nobody"), 0),
        (Only(schedule="daily"), 3),
        (Only(schedule="nightly"), 0),
        (Only(tone="remembrance"), 1),
        (Only(tone="gap"), 1),
        (Only(tone="neutral", account=MASTODON.name), 1),
    ],
)
def test_only_what_is_looked_at_is_shown(calendar: Calendar, queue: Queue, only: Only, expected: int) -> None:
    enqueue(
        queue,
        planned(NOON + HOUR, accounts=(X, MASTODON)),
        planned(NOON + 2 * HOUR, tone=Tone.REMEMBRANCE),
        gaps=[Gap(slot(NOON + 3 * HOUR), "nothing fits")],
    )
    names = accounts_of(PLAIN.schedules)

    sheet = calendar.sheet(PLAIN, queue, WEEK, now=NOON).narrowed(only, names)

    assert sheet.posts + sheet.gaps == expected
    assert calendar.page(PLAIN, queue, MONDAY, now=NOON, only=only).entries == expected
    heat = calendar.heat(PLAIN, queue, WEEK, now=NOON, only=only)[0]
    assert heat.posts + heat.gaps == expected


def test_a_list_for_one_account_shows_what_that_one_will_show(calendar: Calendar, queue: Queue) -> None:
    enqueue(queue, planned(NOON + HOUR, accounts=(X, MASTODON)))

    (article,) = calendar.page(PLAIN, queue, MONDAY, now=NOON, only=Only(account=X.name)).articles

    assert [to.account for reading in article.readings for to in reading.to] == [X.name]


def test_a_long_day_comes_in_pages_and_there_is_always_one(calendar: Calendar, queue: Queue) -> None:
    enqueue(queue, *(planned(NOON + number * 60) for number in range(MOST + 5)))

    first, second, beyond = (
        calendar.page(PLAIN, queue, MONDAY, now=NOON, number=number) for number in (1, 2, 9)
    )

    assert (len(first.articles), first.pages, first.entries) == (MOST, 2, MOST + 5)
    assert len(second.articles) == 5
    assert second == beyond
    empty = calendar.page(PLAIN, queue, date(2027, 3, 2), now=NOON, number=0)
    assert (empty.articles, empty.number, empty.pages, empty.entries) == ((), 1, 1, 0)


def test_pages_have_room_for_so_many_characters() -> None:
    long = planned(NOON, "W" * (ROOM // 2), media=(Media("a.png", "A" * 1_000),))
    entries: list[Entry] = [long, long, planned(), Gap(slot(), "none")]

    assert [len(page) for page in pages(entries)] == [1, 3]


def test_the_loudest_tone_tells_a_day_of_the_year(calendar: Calendar, queue: Queue) -> None:
    enqueue(
        queue,
        planned(NOON + HOUR),
        planned(NOON + 2 * HOUR, tone=Tone.REMEMBRANCE),
        planned(NOON + 3 * HOUR, tone=Tone.CELEBRATION),
        planned(NOON + DAY, tone=Tone.CELEBRATION),
    )

    days = calendar.heat(PLAIN, queue, Year(date(2027, 1, 1), date(2028, 1, 1)), now=NOON)

    told = {day.date: (day.posts, day.tone) for day in days}
    assert len(days) == 365
    assert told[MONDAY] == (3, Tone.REMEMBRANCE)
    assert told[date(2027, 3, 2)] == (1, Tone.CELEBRATION)
    assert told[date(2027, 3, 3)] == (0, None)
    assert calendar.heat(PLAIN, queue, Year(date(2027, 1, 1), date(2028, 1, 1)), now=NOON) is days


def test_ten_years_ahead_is_planned_and_soon_again(calendar: Calendar, queue: Queue) -> None:
    plan_ahead(LIVELY, queue, NOON)
    span = Year(date(2029, 1, 1), date(2029, 2, 1))

    sheet = calendar.sheet(LIVELY, queue, span, now=NOON)

    assert sheet.digest == outlook(LIVELY, queue, sheet.window, NOON).digest
    assert any(each.subject == "A loss, 43 years" for day in sheet.days for each in day.marks)


@pytest.mark.parametrize(
    "day", [date(1899, 12, 31), date(2027 + AHEAD + 1, 1, 1)], ids=["long ago", "far ahead"]
)
def test_what_lies_too_far_away_is_refused(calendar: Calendar, queue: Queue, day: date) -> None:
    span = Year(day, date_of(day_of(day) + 1))

    with pytest.raises(BadCall, match="the calendar reaches from 1900 to 2057"):
        calendar.sheet(PLAIN, queue, span, now=NOON)
    with pytest.raises(BadCall, match="too far away"):
        calendar.heat(PLAIN, queue, span, now=NOON)
    with pytest.raises(BadCall, match="too far away"):
        calendar.view(PLAIN, queue, day, now=NOON)


def test_a_slot_is_found_in_the_queue_beyond_it_and_on_the_day_that_is_named(
    calendar: Calendar, queue: Queue
) -> None:
    plan_ahead(LIVELY, queue, NOON)
    far = calendar.sheet(LIVELY, queue, Year(date(2027, 9, 1), date(2027, 9, 2)), now=NOON).days[0].marks[0]
    soon = calendar.sheet(LIVELY, queue, Year(date(2027, 4, 1), date(2027, 4, 2)), now=NOON).days[0].marks[0]
    queued = marks(calendar, queue, project=LIVELY)[3]

    found = [
        calendar.entry(LIVELY, queue, queued.key, now=NOON, on=date(2027, 3, 20)),
        calendar.entry(LIVELY, queue, soon.key, now=NOON),
        calendar.entry(LIVELY, queue, far.key, now=NOON, on=far.date),
    ]

    assert [entry.slot.key for entry, _ in found] == [queued.key, soon.key, far.key]
    assert all(isinstance(entry, PlannedPost) and entry.renditions for entry, _ in found)
    with pytest.raises(BadCall, match="nothing is planned in a slot of that name"):
        calendar.entry(LIVELY, queue, far.key, now=NOON)


def test_a_feed_holds_whole_days_up_to_its_most(calendar: Calendar, queue: Queue) -> None:
    plan_ahead(LIVELY, queue, NOON)
    window = Window(NOON, NOON + 30 * DAY)

    whole = calendar.coming(LIVELY, queue, window, now=NOON, most=1_000)
    cut = calendar.coming(LIVELY, queue, window, now=NOON, most=9)
    least = calendar.coming(LIVELY, queue, window, now=NOON, most=1)

    assert len(whole.plan.posts) == len(outlook(LIVELY, queue, whole.window, NOON).posts)
    assert whole.plan.posts[:8] == cut.plan.posts
    assert least.plan.posts == cut.plan.posts[: len(least.plan.posts)]
    assert all(each.renditions for each in whole.plan.posts)


def test_what_was_sent_leaves_the_plan_ahead_as_it_is_kept(calendar: Calendar, queue: Queue) -> None:
    enqueue(queue, planned(), until=NOON + DAY, files=LIVELY.digest)
    month = Year(date(2027, 5, 1), date(2027, 6, 1))
    before = calendar.sheet(LIVELY, queue, month, now=NOON)

    sent(queue)
    after = calendar.sheet(LIVELY, queue, month, now=NOON)

    assert after is not before
    assert after == before


def test_a_great_plan_is_remembered_by_its_beginning_alone() -> None:
    many = Corpus(evergreens(400))
    busy = world(
        *(
            slots(f"busy-{n}", *(f"{h:02}:{n:02}" for h in range(24)), accounts=(ACCOUNTS["ours-x"],))
            for n in range(4)
        )
    )
    project = Project("/project", busy, many, "busy")
    ahead = Ahead(project, History(), NOON)
    window = Window(NOON, NOON + 40 * DAY)

    first = ahead.plan(window)

    assert len(first.posts) > 3_000
    assert ahead.plan(window) == first
    assert ahead.plan(Window(NOON - DAY, NOON)).posts == ()


def test_of_history_all_of_the_last_days_is_kept_and_of_older_days_the_last_of_each_post() -> None:
    days = (9, 8, 2, 1)
    history = History().after_all(
        planned(NOON - day * DAY, id="same", accounts=(X, MASTODON)) for day in days
    )
    once = History().after_all([planned(NOON - 7 * DAY, id="same")])

    kept = settled(History(history.uses + once.uses), NOON)

    assert [(NOON - use.at) // DAY for use in kept.uses] == [8, 7, 2, 1]
    assert [use.accounts for use in kept.uses][:2] == [(MASTODON.name,), (X.name,)]


def test_of_a_long_history_no_more_is_remembered_than_has_room() -> None:
    said = (planned(NOON - 9 * DAY + number, id=f"old/{number}") for number in range(11_000))
    history = History().after_all(said)
    ahead = Ahead(LIVELY, history, NOON)
    window = Window(NOON + 100 * DAY, NOON + 130 * DAY)

    first = ahead.plan(window)
    ahead.plan(Window(NOON, NOON + DAY))

    assert ahead.plan(window) == first
    assert len(first.posts) > 50


def test_a_stretch_without_anything_is_empty_days(calendar: Calendar, queue: Queue) -> None:
    enqueue(queue)

    sheet = calendar.sheet(PLAIN, queue, WEEK, now=NOON)

    assert sheet.days == tuple(Date(day, ()) for day in WEEK)
    assert MARS.name not in accounts_of(PLAIN.schedules)["daily"]
