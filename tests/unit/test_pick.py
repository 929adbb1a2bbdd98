"""The choice: the post that has waited longest, among those that suit the slot."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from bot.model import (
    Account,
    Corpus,
    Gap,
    History,
    Pick,
    PlannedPost,
    Post,
    Priority,
    Schedule,
    Slot,
    Tone,
    Use,
    Uses,
)
from bot.planning.pick import Ledger, Picker
from bot.zones import DAY, HOUR, zone
from tests.fakes.worlds import MARS, MOON, at, evergreens, post, slots

NOON = at("2027-03-01T12:00Z")
ANY = Pick(cool_down=10 * DAY)


def slot(instant: int = NOON, *, zone_name: str = "UTC", **fields: Any) -> Slot:
    return Slot(instant, "daily", zone(zone_name).wall(instant), zone_name, **fields)


def entry(pick: Pick = ANY, *accounts: Account, frame: str = "", name: str = "daily") -> Schedule:
    return slots(name, pick=pick, accounts=accounts or (MARS,), frame=frame)


def use(name: str, instant: int, *accounts: str) -> Use:
    return Use(slot(instant), name, accounts or ("mars",), instant)


def fine(_: Post) -> None:
    return None


def picker(posts: tuple[Post, ...], *uses: Use, faulty: tuple[str, ...] = ()) -> Picker:
    return Picker(Corpus(posts, frozenset(faulty)), Ledger(History(uses)))


def picked(found: PlannedPost | Gap) -> str:
    return found.reason if isinstance(found, Gap) else found.post.id


def choose(
    posts: tuple[Post, ...], *uses: Use, schedule: Schedule | None = None, speaking: Slot | None = None
) -> str:
    """The id of the post that is picked at noon, or the reason why there is none."""
    return picked(picker(posts, *uses).pick(speaking or slot(), schedule or entry(), fine))


@pytest.mark.parametrize(
    ("uses", "chosen", "reason"),
    [
        ([("a", 30), ("b", 20), ("c", 40)], "c", "who was said longest ago comes first"),
        ([("a", 30), ("c", 40)], "b", "who was never said comes before all"),
        ([("a", 30), ("b", 20), ("c", 40), ("c", 11)], "a", "the last time counts"),
        ([("c", 11), ("a", 30), ("b", 20), ("c", 40)], "a", "in whatever order history has it"),
    ],
)
def test_the_post_that_has_waited_longest_is_picked(
    uses: list[tuple[str, int]], chosen: str, reason: str
) -> None:
    said = [use(name, NOON - days * DAY) for name, days in uses]

    assert choose((post("a"), post("b"), post("c")), *said) == chosen, reason


@pytest.mark.parametrize(
    ("rested", "chosen"),
    [
        (10 * DAY, "a"),
        (10 * DAY - 1, "every post rests: the one that has waited longest was said on 2027-02-19"),
    ],
)
def test_a_post_rests_for_its_cool_down_to_the_second(rested: int, chosen: str) -> None:
    assert choose((post("a"),), use("a", NOON - rested)) == chosen


@pytest.mark.parametrize(
    ("posted", "said", "chosen", "reason"),
    [
        (date(2020, 1, 1), None, "never", "what nobody ever said comes before what somebody said before us"),
        (date(2020, 1, 1), "never", "posted", "which counts as said on that day"),
        (date(2027, 2, 25), "never", "never", "and so may be fresher than what we said"),
    ],
)
def test_what_was_posted_before_us_waits_since_then(
    posted: date, said: str | None, chosen: str, reason: str
) -> None:
    uses = [use(said, NOON - 11 * DAY)] if said else []

    assert choose((post("posted", posted=posted), post("never")), *uses) == chosen, reason


@pytest.mark.parametrize(
    ("posted", "chosen"),
    [
        (date(2027, 2, 25), "every post rests: the one that has waited longest was said on 2027-02-25"),
        (datetime(2027, 2, 25, 23, tzinfo=UTC), "every post rests: the one that has waited longest was said on 2027-02-25"),
        (date(2027, 2, 19), "a"),
        (date(1969, 7, 20), "a"),
    ],
)  # fmt: skip
def test_what_was_posted_before_us_rests_as_well(posted: date, chosen: str) -> None:
    assert choose((post("a", posted=posted),)) == chosen


def test_of_two_that_were_posted_before_us_the_older_comes_first() -> None:
    posts = (post("new", posted=date(2021, 1, 1)), post("old", posted=date(2020, 1, 1)))

    assert choose(posts) == "old"


@pytest.mark.parametrize(
    ("names", "chosen", "reason"),
    [
        (("mars",), "a", "each account has a memory of its own"),
        (("moon",), "b", "so another account may say it at once"),
        (("mars", "moon"), "a", "several remember together"),
    ],
)
def test_a_post_is_new_to_an_account_that_has_not_said_it(
    names: tuple[str, ...], chosen: str, reason: str
) -> None:
    accounts = tuple(account for account in (MARS, MOON) if account.name in names)
    posts = (post("a"), post("b"))
    said = [use("b", NOON - 20 * DAY, "mars"), use("a", NOON - 20 * DAY, "moon")]
    said = said if len(names) == 1 else [said[0], use("a", NOON - 40 * DAY, "moon")]

    assert choose(posts, *said, schedule=entry(ANY, *accounts)) == chosen, reason


@pytest.mark.parametrize("order", [(5, 40), (40, 5)])
def test_what_one_of_its_accounts_said_lately_rests_on_all(order: tuple[int, int]) -> None:
    uses = [use("a", NOON - days * DAY, name) for days, name in zip(order, ("mars", "moon"), strict=True)]

    found = choose((post("a"),), *uses, schedule=entry(ANY, MARS, MOON))

    assert found == "every post rests: the one that has waited longest was said on 2027-02-24"


@pytest.mark.parametrize(
    ("ahead", "names", "is_left", "reason"),
    [
        (DAY, ("mars",), True, "what a person placed within the cool-down is not said before"),
        (0, ("mars",), True, "nor at the same moment"),
        (10 * DAY - 1, ("mars",), True, "up to the last second of it"),
        (10 * DAY, ("mars",), False, "but what comes later than that may be said now"),
        (DAY, ("moon",), False, "and so may what is placed on another account"),
    ],
)
def test_a_post_that_a_person_placed_is_left_to_its_place(
    ahead: int, names: tuple[str, ...], reason: str, *, is_left: bool
) -> None:
    placed = use("a", NOON + ahead, *names)

    found = choose((post("a"),), placed)

    if ahead == 0:
        assert found.startswith("every post rests"), reason
    else:
        assert found == ("a is placed by hand within its cool-down" if is_left else "a"), reason


def test_once_it_is_said_what_was_placed_counts_as_said() -> None:
    found = picker((post("a"), post("b")), use("a", NOON + DAY), use("b", NOON - 20 * DAY))

    first = found.pick(slot(), entry(), fine)
    second = found.pick(slot(NOON + 2 * DAY), entry(), fine)

    assert [picked(first), picked(second)] == [
        "b", "every post rests: the one that has waited longest was said on 2027-03-01"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pick", "chosen"),
    [
        (Pick(tags=("science",)), {"both", "science"}),
        (Pick(tags=("science", "images")), {"both", "science", "images"}),
        (Pick(tags=("nothing",)), set()),
        (Pick(posts=("images", "dated")), {"images", "dated"}),
        (Pick(lang="pt"), {"portuguese"}),
        (Pick(tones=(Tone.CELEBRATION,)), {"joy"}),
        (Pick(tones=(Tone.REMEMBRANCE,)), {"grief"}),
        (Pick(), {"both", "science", "images", "portuguese", "joy"}),
    ],
)
def test_a_schedule_takes_what_it_asks_for_and_nothing_else(pick: Pick, chosen: set[str]) -> None:
    posts = (
        post("both", tags=("science", "images")),
        post("science", tags=("science",)),
        post("images", tags=("images",)),
        post("portuguese", lang="pt"),
        post("joy", tone=Tone.CELEBRATION),
        post("grief", tone=Tone.REMEMBRANCE),
        post("held", use=Uses.HOLD, tags=("science",)),
        post("dated", use=Uses.DATED, tags=("science",)),
        post("broken", tags=("science",)),
    )
    found = picker(posts, faulty=("broken",))
    schedule = entry(replace(pick, cool_down=365 * DAY))

    turns = [found.pick(slot(NOON + turn * HOUR), schedule, fine) for turn in range(9)]

    assert {turn.post.id for turn in turns if isinstance(turn, PlannedPost)} == chosen


@pytest.mark.parametrize(
    ("priority", "tones", "chosen", "reason"),
    [
        (Priority.SLOTS, (), {"joy", "plain"}, "on most days nothing mourns"),
        (Priority.ANNIVERSARY, (), {"joy", "plain"}, "not on an anniversary either"),
        (Priority.REMEMBRANCE, (), {"grief", "plain"}, "on a remembrance nothing celebrates"),
        (Priority.REMEMBRANCE, (Tone.CELEBRATION, Tone.REMEMBRANCE), {"grief"}, "whatever the schedule asks for"),
        (Priority.SLOTS, (Tone.REMEMBRANCE,), {"grief"}, "on other days it may ask to mourn"),
    ],
)  # fmt: skip
def test_the_tone_suits_the_day(
    priority: Priority, tones: tuple[Tone, ...], chosen: set[str], reason: str
) -> None:
    posts = tuple(post(name, tone=tone) for name, tone in zip(("joy", "grief", "plain"), Tone, strict=True))
    found = picker(posts)
    schedule = entry(Pick(tones=tones, cool_down=365 * DAY))

    turns = [found.pick(slot(NOON + turn, priority=priority), schedule, fine) for turn in range(3)]

    assert {turn.post.id for turn in turns if isinstance(turn, PlannedPost)} == chosen, reason


@pytest.mark.parametrize(
    ("pick", "frame", "is_taken", "reason"),
    [
        (Pick(), "", False, "a dated post is not said on any day"),
        (Pick(), "{{ weekday }} {{ text }}", True, "in a frame, where the slot is its event's"),
        (Pick(event=True), "", False, "nor on its day without a frame"),
        (Pick(event=True), "{{ years }} {{ text }}", True, "only framed, on its day"),
        (Pick(on_this_day=True), "{{ years }} {{ text }}", True, "which is that of its first posting too"),
        (Pick(on_this_day=True), "", False, "again in a frame only"),
        (Pick(posts=("dated",)), "", True, "or where somebody asks for it by name"),
    ],
)
def test_a_dated_post_is_said_on_its_day_only(pick: Pick, frame: str, reason: str, *, is_taken: bool) -> None:
    dated = post("dated", use=Uses.DATED, event="landing", posted=date(2020, 3, 1))

    found = choose((dated,), schedule=entry(pick, frame=frame), speaking=slot(event="landing"))

    assert (found == "dated") is is_taken, reason


def test_an_anniversary_takes_the_posts_of_its_event() -> None:
    posts = (post("other", event="flight"), post("own", event="landing"), post("none"))

    found = [choose(posts, schedule=entry(Pick(event=True)), speaking=slot(event=event)) for event in ("landing", "loss", None)]  # fmt: skip

    assert found == ["own", "nothing in the corpus suits loss", "nothing in the corpus suits daily"]


@pytest.mark.parametrize(
    ("when", "zone_name", "posted", "is_recalled", "reason"),
    [
        ("2027-03-01T12:00Z", "UTC", date(2020, 3, 1), True, "the same date of an earlier year"),
        ("2027-03-01T12:00Z", "UTC", date(2027, 3, 1), False, "not of the same year"),
        ("2027-03-01T12:00Z", "UTC", date(2028, 3, 1), False, "nor of a later one"),
        ("2027-03-01T12:00Z", "UTC", date(2020, 3, 2), False, "nor another date"),
        ("2027-03-01T12:00Z", "UTC", datetime(2020, 3, 1, 23, 59, tzinfo=UTC), True, "an instant has a date"),
        (
            "2027-03-01T12:00Z",
            "Asia/Tokyo",
            datetime(2020, 2, 29, 15, 0, tzinfo=UTC),
            True,
            "by the clock of the slot",
        ),
        ("2027-02-28T12:00Z", "UTC", date(2020, 2, 29), True, "29 February is recalled the day before"),
        ("2027-03-01T12:00Z", "UTC", date(2020, 2, 29), True, "or the day after, where the slot is"),
        ("2028-02-29T12:00Z", "UTC", date(2020, 2, 29), True, "and on its day in a leap year"),
    ],
)
def test_on_this_day_recalls_what_was_posted_on_its_date(
    when: str, zone_name: str, posted: date, reason: str, *, is_recalled: bool
) -> None:
    posts = (post("a", posted=posted), post("never"))

    recall = entry(Pick(on_this_day=True, cool_down=0))
    found = choose(posts, schedule=recall, speaking=slot(at(when), zone_name=zone_name))

    assert (found == "a") is is_recalled, reason


@pytest.mark.parametrize(
    ("tags", "chosen"),
    [((), {"a", "b"}), (("science",), {"b"}), (("science", "images"), {"a", "b"}), (("rovers",), set())],
)
@pytest.mark.parametrize("way", ["event", "on_this_day"])
def test_tags_narrow_what_an_event_or_a_date_offers(
    way: str, tags: tuple[str, ...], chosen: set[str]
) -> None:
    said = date(2020, 3, 1)
    posts = tuple(post(name, tags=(tag,), event="landing", posted=said) for name, tag in (("a", "images"), ("b", "science")))  # fmt: skip
    found = picker((*posts, post("c", tags=("science",))))
    pick = Pick(tags=tags, event=way == "event", on_this_day=way == "on_this_day", cool_down=365 * DAY)

    turns = [found.pick(slot(NOON + turn, event="landing"), entry(pick), fine) for turn in range(3)]

    assert {turn.post.id for turn in turns if isinstance(turn, PlannedPost)} == chosen


def test_a_leap_day_gives_way_to_posts_of_the_date_itself() -> None:
    posts = (post("leap", posted=date(2020, 2, 29)), post("own", posted=date(2021, 2, 28)))
    found = picker(posts)
    schedule = entry(Pick(on_this_day=True, cool_down=30 * DAY))

    turns = [found.pick(slot(at("2027-02-28T12:00Z") + turn), schedule, fine) for turn in range(2)]

    assert [picked(turn)[:10] for turn in turns] == ["own", "every post"]


def test_a_post_that_cannot_be_shown_is_passed_over_and_keeps_its_turn() -> None:
    found = picker((post("a"), post("b"), post("c")), *(use(name, NOON - days * DAY) for name, days in (("a", 30), ("b", 20), ("c", 15))))  # fmt: skip

    def unfit(candidate: Post) -> str | None:
        return "too long" if candidate.id == "a" else None

    turns = [found.pick(slot(), entry(), unfit), found.pick(slot(NOON + HOUR), entry(), fine)]

    assert [picked(turn) for turn in turns] == ["b", "a"]


@pytest.mark.parametrize(
    ("unfit", "why"),
    [
        ("", "has waited longest of 4, last said on 2027-01-30"),
        ("a", "has waited longest of the other 3, last said on 2027-02-09; passed over: a cannot be shown: untrue"),
        ("ab", "has waited longest of the other 2, last said on 2027-02-14; passed over: a cannot be shown: untrue (and 1 more)"),
        ("abc", "the only other one that suits, last said on 2027-02-19; passed over: a cannot be shown: untrue (and 2 more)"),
    ],
)  # fmt: skip
def test_what_had_waited_longer_and_was_passed_over_is_told_with_its_reason(unfit: str, why: str) -> None:
    posts = tuple(post(name) for name in "abcd")
    said = (use(name, NOON - days * DAY) for name, days in (("a", 30), ("b", 20), ("c", 15), ("d", 10)))
    found = picker(posts, *said)

    chosen = found.pick(slot(), entry(), lambda candidate: "untrue" if candidate.id in unfit else None)

    assert isinstance(chosen, PlannedPost)
    assert chosen.why == why


def test_what_is_placed_by_hand_is_told_as_passed_over() -> None:
    ahead = use("a", NOON + DAY)

    chosen = picker((post("a"), post("b")), ahead, use("b", NOON - 20 * DAY)).pick(slot(), entry(), fine)

    assert isinstance(chosen, PlannedPost)
    assert chosen.why == (
        "the only other one that suits, last said on 2027-02-09; passed over: a is placed by hand within its cool-down"
    )


def test_where_no_post_can_be_shown_the_last_reason_is_told() -> None:
    found = picker((post("a"), post("b"))).pick(slot(), entry(), lambda candidate: f"not {candidate.id}")

    assert picked(found) in {"a cannot be shown: not a", "b cannot be shown: not b"}


def test_looking_at_a_post_leaves_no_trace() -> None:
    posts = evergreens(5)
    watched, untouched = picker(posts), picker(posts)
    watched.pick(slot(), entry(), lambda _: "no")

    turns = [
        [picked(each.pick(slot(NOON + turn), entry(), fine)) for turn in range(5)]
        for each in (watched, untouched)
    ]

    assert turns[0] == turns[1]
    assert sorted(turns[0]) == sorted(each.id for each in posts)


@pytest.mark.parametrize(
    ("posts", "uses", "fields", "why"),
    [
        (("a",), [], {}, "the only one that suits, never said before"),
        (("a",), [("a", 30)], {}, "the only one that suits, last said on 2027-01-30"),
        (("a", "b"), [("a", 30), ("b", 20)], {}, "has waited longest of 2, last said on 2027-01-30"),
        (("a",), [], {"confirmed": False}, "the only one that suits, never said before; the day is unconfirmed: only its rule gives it"),
    ],
)  # fmt: skip
def test_a_choice_says_why(
    posts: tuple[str, ...], uses: list[tuple[str, int]], fields: dict[str, Any], why: str
) -> None:
    said = [use(name, NOON - days * DAY) for name, days in uses]

    found = picker(tuple(map(post, posts)), *said).pick(slot(**fields), entry(), fine)

    assert isinstance(found, PlannedPost)
    assert (found.why, found.accounts) == (why, ("mars",))


def test_two_schedules_that_pick_alike_begin_elsewhere() -> None:
    posts = evergreens(50)

    orders = {
        name: [
            picked(each.pick(slot(NOON + turn), entry(ANY, MOON, name=name), fine))
            for each in [picker(posts)]
            for turn in range(50)
        ]
        for name in ("one", "two", "three")
    }

    assert len({order[0] for order in orders.values()}) == 3
    assert all(sorted(order) == sorted(each.id for each in posts) for order in orders.values())


@pytest.mark.parametrize("days", [None, 20])
def test_among_equals_the_same_is_picked_wherever_its_file_stands(days: int | None) -> None:
    posts = tuple(post(name) for name in "abcdef")
    uses = [use(each.id, NOON - days * DAY) for each in posts] if days else []

    assert choose(posts, *uses) == choose(posts[::-1], *uses[::-1])


def test_each_day_recalls_its_own() -> None:
    days = {f"2020-03-0{day}": date(2020, 3, day) for day in (1, 2, 3)}
    found = picker(tuple(post(name, posted=day) for name, day in days.items()))

    turns = [found.pick(slot(NOON + turn * DAY), entry(Pick(on_this_day=True)), fine) for turn in range(4)]

    assert [picked(turn) for turn in turns] == [*days, "nothing in the corpus suits daily"]


def test_the_first_order_is_the_same_in_every_process() -> None:
    posts = tuple(post(name) for name in "abcdefgh")
    found = picker(posts)

    order = "".join(picked(found.pick(slot(NOON + turn), entry(), fine)) for turn in range(8))

    assert order == "feacbhgd"


def test_what_one_schedule_said_another_does_not_say_again() -> None:
    found = picker((post("a"), post("b")))

    turns = [found.pick(replace(slot(NOON + turn), schedule=name), entry(name=name), fine) for turn, name in enumerate(("one", "two", "one"))]  # fmt: skip

    assert sorted(picked(turn)[:10] for turn in turns) == ["a", "b", "every post"]


def test_what_another_schedule_said_since_rests_from_then_on() -> None:
    found = picker((post("a"), post("b")))
    often = entry(Pick(posts=("a",), cool_down=0), name="often")

    turns = [
        found.pick(slot(), entry(), fine),
        found.pick(slot(NOON + 1), entry(), fine),
        found.pick(replace(slot(NOON + 5 * DAY), schedule="often"), often, fine),
        found.pick(slot(NOON + 11 * DAY), entry(), fine),
        found.pick(slot(NOON + 12 * DAY), entry(), fine),
    ]

    assert [picked(turn) for turn in turns[2:]] == [
        "a", "b", "every post rests: the one that has waited longest was said on 2027-03-06"
    ]  # fmt: skip


def test_a_slot_says_why_none_of_its_posts_suits_it() -> None:
    mourning = post("loss/one", event="loss", use=Uses.DATED, tone=Tone.REMEMBRANCE)
    dated = post("landing/one", event="landing", use=Uses.DATED)
    unframed = entry(Pick(event=True))

    assert choose((mourning,), schedule=unframed, speaking=slot(event="loss")) == (
        "nothing in the corpus suits loss: loss/one is of another tone, remembrance"
    )
    assert choose((dated,), schedule=unframed, speaking=slot(event="landing")) == (
        "nothing in the corpus suits landing: landing/one is dated, and the schedule has no frame"
    )


def test_in_a_hush_in_which_all_that_there_is_celebrates_the_hush_is_the_reason() -> None:
    cheer = post("cheer", tone=Tone.CELEBRATION)

    found = picker((cheer,)).pick(slot(), entry(), fine, hush="loss")

    assert picked(found) == "nothing in the corpus suits daily in the hush around loss"
