"""The fold: what fills every slot of a window."""

from datetime import date, datetime

import pytest
from msgspec.structs import replace

from bot.model import (
    Corpus,
    Event,
    Gap,
    History,
    Pick,
    Plan,
    PlannedPost,
    Schedules,
    Slot,
    Tone,
    Use,
    Uses,
    Window,
)
from bot.planning.plan import fill, plan, slots
from bot.zones import DAY, HOUR
from tests.fakes.worlds import (
    CORPUS,
    LANDING,
    LOSS,
    MARS,
    MOON,
    anniversaries,
    at,
    evergreens,
    post,
    schedule,
    window,
    world,
)
from tests.fakes.worlds import slots as slots_at

DAILY = slots_at("daily", "12:00", pick=Pick(tags=("science",), cool_down=0), accounts=(MOON,))
WEEK = window("2027-03-01T00:00Z", days=7)


def slots_of(found: Plan) -> list[Slot]:
    return [each.slot for each in found.posts] + [gap.slot for gap in found.gaps]


def test_a_window_holds_its_start_and_not_its_end() -> None:
    noon = at("2027-03-01T17:00Z")

    counts = [len(plan(world(DAILY), CORPUS, History(), Window(start, end)).posts) for start, end in ((noon, noon + 1), (noon - 1, noon), (noon, noon))]  # fmt: skip

    assert counts == [1, 0, 0]


def test_slots_come_by_time_and_among_equals_by_importance() -> None:
    solemn = Event("solemn", "A loss", "loss", "UTC", Tone.REMEMBRANCE, day=date(1986, 1, 25))
    entries = (
        schedule("z", "dates", {"at": [], "zone": "UTC"} | _at("2027-01-25T09:00:00Z")),
        slots_at("y", "04:00", "03:00"),
        anniversaries("x", events=(LANDING, solemn)),
    )

    found = slots(world(*entries, events=(LANDING, solemn)), window("2027-01-25T00:00Z", days=1))

    assert [(each.schedule, each.event) for each in found] == [
        ("y", None), ("x", "solemn"), ("x", "landing"), ("z", None), ("y", None)
    ]  # fmt: skip


def _at(*texts: str) -> dict[str, object]:
    return {"at": [datetime.fromisoformat(text) for text in texts]}


def test_every_slot_is_filled_or_has_a_reason() -> None:
    corpus = Corpus(evergreens(2))
    daily = slots_at("daily", "12:00", pick=Pick(tags=("science",), cool_down=3 * DAY), accounts=(MOON,))

    found = plan(world(daily), corpus, History(), WEEK)

    planned = [each.slot.at for each in found.posts]
    gaps = [each.slot.at for each in found.gaps]
    assert sorted(planned + gaps) == [each.at for each in slots(world(daily), WEEK)]
    assert len(gaps) == 2
    assert {gap.reason[:10] for gap in found.gaps} == {"every post"}


def test_what_history_has_is_planned_already() -> None:
    first, second, *_ = slots(world(DAILY), WEEK)
    history = History((Use(second, "science/3", ("moon",), second.at),))

    found = plan(world(DAILY), CORPUS, history, WEEK)

    assert first in [each.slot for each in found.posts]
    assert second not in slots_of(found)


def test_what_a_person_moved_keeps_its_slot_though_it_is_said_elsewhere() -> None:
    slot = slots(world(DAILY), WEEK)[0]
    moved = Use(slot, "science/3", ("moon",), slot.at + 3 * DAY)

    found = plan(world(DAILY), CORPUS, History((moved,)), WEEK)

    assert slot not in slots_of(found)


def test_a_slot_that_was_filled_is_not_filled_again_where_its_zone_has_changed_since() -> None:
    slot = slots(world(DAILY), WEEK)[0]
    old = replace(slot, at=WEEK.start - 1)

    found = plan(world(DAILY), CORPUS, History((Use(old, "science/3", ("moon",), old.at),)), WEEK)

    assert slot not in slots_of(found)


def test_a_quiet_day_leaves_gaps_for_everything_but_remembrance() -> None:
    entries = (slots_at(), anniversaries())

    found = plan(world(*entries), CORPUS, History(), window("2027-01-28T05:00Z", days=1))

    assert [each.post.id for each in found.posts] == ["loss/one"]
    assert [gap.reason for gap in found.gaps] == ["quiet day: loss"] * 2


def test_an_anniversary_pushes_everyday_posts_out_of_its_way() -> None:
    entries = (slots_at("daily", "08:00", "09:30", "12:00"), anniversaries())

    found = plan(world(*entries), CORPUS, History(), window("2027-04-19T04:00Z", days=1))

    assert [each.slot.schedule for each in found.posts] == ["anniversaries", "daily"]
    assert {gap.reason for gap in found.gaps} == {
        "gives way to anniversaries, which speaks of flight at 09:00, within mars's smallest gap"
    }


def test_a_framed_post_that_does_not_fit_is_passed_over() -> None:
    corpus = Corpus((post("long", "a" * 270, tags=("t",)), post("short", "Fits.", tags=("t",))))
    framed = slots_at("framed", "12:00", pick=Pick(tags=("t",), cool_down=DAY // 2), frame="On a {{ weekday }}: {{ text }}", accounts=(MOON,))  # fmt: skip
    bare = slots_at("bare", "13:00", pick=Pick(tags=("t",), cool_down=0), accounts=(MOON,))

    found = plan(world(framed), corpus, History(), WEEK)
    unframed = plan(world(bare), corpus, History(), WEEK)

    assert {each.post.id for each in found.posts} == {"short"}
    assert {each.post.id for each in unframed.posts} == {"short", "long"}


@pytest.mark.parametrize(
    ("text", "frame", "reason"),
    [
        ("a" * 280, "{{ weekday }}: {{ text }}", "p cannot be shown: it is 288 long on moon, where 280 fit"),
        ("Text.", "{{ years }} {{ text }}", "p cannot be shown: the frame '{{ years }} {{ text }}' does not work here: 'years' is undefined"),
    ],
)  # fmt: skip
def test_where_no_frame_fits_the_gap_says_why(text: str, frame: str, reason: str) -> None:
    framed = slots_at("framed", "12:00", pick=Pick(cool_down=0), frame=frame, accounts=(MOON,))

    found = plan(world(framed), Corpus((post("p", text),)), History(), window("2027-03-01T00:00Z", days=1))

    assert (found.posts, [gap.reason for gap in found.gaps]) == ((), [reason])


def test_a_post_must_fit_every_account_of_its_schedule() -> None:
    narrow = replace(MARS, name="narrow", limits=replace(MARS.limits, text=10))
    framed = slots_at("framed", "12:00", pick=Pick(cool_down=0), frame="{{ text }}", accounts=(MOON, narrow))

    found = plan(
        world(framed), Corpus((post("p", "Eleven long."),)), History(), window("2027-03-01T00:00Z", days=1)
    )

    assert [gap.reason for gap in found.gaps] == ["p cannot be shown: it is 12 long on narrow, where 10 fit"]


def test_a_plan_names_itself_by_all_that_it_says() -> None:
    found = plan(world(DAILY), CORPUS, History(), WEEK)
    edited = Corpus(
        tuple(replace(each, parts=(replace(each.parts[0], text="Edited."),)) for each in CORPUS.posts)
    )

    digests = {
        found.digest,
        plan(world(DAILY), edited, History(), WEEK).digest,
        plan(world(DAILY), Corpus(), History(), WEEK).digest,
        plan(world(replace(DAILY, accounts=(MARS,))), CORPUS, History(), WEEK).digest,
        plan(Schedules(), CORPUS, History(), WEEK).digest,
    }

    assert len(digests) == 5


def test_nothing_to_say_is_a_plan_too() -> None:
    found = plan(Schedules(), Corpus(), History(), WEEK)

    assert (found.posts, found.gaps) == ((), ())


BY_HAND = Slot(at("2027-03-01T15:00Z"), "daily", at("2027-03-01T15:00Z"), "UTC")


def test_one_slot_is_filled_as_a_plan_would_fill_it() -> None:
    found = fill(BY_HAND, world(DAILY), CORPUS, History())

    assert isinstance(found, PlannedPost)
    assert (found.slot, found.accounts, found.post.tags) == (BY_HAND, ("moon",), ("science",))


@pytest.mark.parametrize(
    ("corpus", "events", "reason"),
    [
        (Corpus(), (), "nothing in the corpus suits daily"),
        (CORPUS, (replace(LOSS, day=date(1986, 3, 1)),), "quiet day: loss"),
    ],
)
def test_or_has_the_reason_why_not(corpus: Corpus, events: tuple[Event, ...], reason: str) -> None:
    assert fill(BY_HAND, world(DAILY, events=events), corpus, History()) == Gap(BY_HAND, reason)


def test_dated_posts_are_said_on_their_anniversary_and_on_no_other_day() -> None:
    corpus = Corpus((post("p", event="landing", use=Uses.DATED),))
    entries = (
        slots_at("daily", "12:00", pick=Pick(cool_down=0), accounts=(MOON,)),
        anniversaries(accounts=(MOON,)),
    )

    found = plan(world(*entries), corpus, History(), window("2027-01-20T00:00Z", days=10))

    assert [(each.slot.at, each.slot.years) for each in found.posts] == [(at("2027-01-25T09:00Z"), 23)]


def test_a_day_has_as_many_hours_as_its_clock_shows() -> None:
    hourly = slots_at(
        "hourly", *(f"{hour:02}:30" for hour in range(24)), pick=Pick(cool_down=0), accounts=(MOON,)
    )

    found = plan(
        world(hourly), CORPUS, History(), Window(at("2027-03-14T05:00Z"), at("2027-03-14T05:00Z") + 23 * HOUR)
    )

    assert len({each.slot.identity for each in found.posts}) == 24


def test_on_the_day_of_a_loss_only_remembrance_speaks_of_it() -> None:
    plain, solemn = (post(name, "dust dances.", tags=("dust",), tone=tone) for name, tone in (("plain", Tone.NEUTRAL), ("solemn", Tone.REMEMBRANCE)))  # fmt: skip
    options = {"events": ["loss", "flight"], "at": "09:00"}
    entry = schedule("dust", "anniversary", options, pick=Pick(tags=("dust",), cool_down=0), frame="On this day, {{ text }}", tone=Tone.NEUTRAL)  # fmt: skip
    days = window("2027-01-28T05:00Z", days=90)

    without, with_one = (
        plan(world(entry), Corpus(posts), History(), days) for posts in ((plain,), (plain, solemn))
    )

    assert [(each.slot.event, each.post.id) for each in without.posts] == [("flight", "plain")]
    assert [gap.reason for gap in without.gaps] == [
        "nothing in the corpus suits loss: plain is neutral, and on that day only remembrance speaks of it"
    ]
    assert [(each.slot.event, each.post.id) for each in with_one.posts] == [
        ("loss", "solemn"),
        ("flight", "plain"),
    ]
