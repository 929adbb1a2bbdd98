"""What will not go out as it is shown: no budget left for it, or a quote of what was never there."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.model import Account, Budget, Plan, PlannedPost, Quoted, Window
from bot.preview import cost, ics, page, record, table
from bot.preview.forecast import Coming, Forecast, Month, coming, forecast, unquotable, words
from bot.preview.view import View
from bot.zones import DAY
from tests.fakes.plans import ACCOUNTS, ALL, PAIR, YORK, planned, slot

START = slot("any", "2027-01-20 00:00", YORK).at
HARBOUR = ACCOUNTS["harbour-x"]
#: What it costs to show a post of words alone, in millionths of a US dollar.
POST = 15_000


def account(**budget: int) -> Account:
    return replace(HARBOUR, budget=Budget(**budget))


def at(wall: str, *texts: str, accounts: tuple[str, ...] = ("harbour-x",), quote: str = "") -> PlannedPost:
    made = planned(slot("any", wall, YORK), texts or ("Words.",), accounts)
    quoted = Quoted(post=quote) if quote else None
    return replace(made, renditions=tuple(replace(each, quote=quoted) for each in made.renditions))


def found(*posts: PlannedPost, now: int = START) -> tuple[Coming, ...]:
    return coming(Plan(posts), now, ())


def nothing_spent(_since: int) -> tuple[int, int]:
    return (0, 0)


def foreseen(*posts: PlannedPost, now: int = START, since: int = START, **budget: int) -> Forecast:
    return forecast(found(*posts, now=now), account(**budget), nothing_spent, now=now, since=since)


def a_day_apart(number: int) -> list[PlannedPost]:
    return [at(f"2027-01-{20 + day} 09:00") for day in range(number)]


def test_a_budget_that_suffices_is_shown_with_what_is_planned() -> None:
    assert foreseen(*a_day_apart(3), usd=3 * POST).months == (Month("2027-01", 3, 3 * POST, 0),)


def test_what_finds_no_room_in_the_month_is_counted_from_its_first_day_on() -> None:
    result = foreseen(*a_day_apart(5), usd=3 * POST)

    assert (result.stopped, result.over) == (2, date(2027, 1, 23))
    assert result.months == (Month("2027-01", 5, 5 * POST, 0, 2, date(2027, 1, 23)),)


@pytest.mark.parametrize(
    ("budget", "stopped"),
    [
        ({"daily_posts": 1}, 2),
        ({"daily_usd": POST}, 2),
        ({"posts": 2}, 1),
        ({"daily_posts": 2}, 1),
        ({"daily_posts": 3}, 0),
        ({"posts": 3}, 0),
    ],
)
def test_days_and_numbers_are_bounds_too(budget: dict[str, int], stopped: int) -> None:
    posts = (at("2027-01-20 09:00"), at("2027-01-20 12:00"), at("2027-01-20 20:00"))

    assert foreseen(*posts, **budget).stopped == stopped


def test_a_new_month_has_its_budget_anew() -> None:
    posts = (at("2027-01-30 09:00"), at("2027-01-31 23:00"), at("2027-02-01 00:30"))

    result = foreseen(*posts, posts=1)

    assert [(month.name, month.stopped) for month in result.months] == [("2027-01", 1), ("2027-02", 0)]
    assert result.over == date(2027, 1, 31)


def test_a_thread_is_stopped_as_a_whole_and_leaves_room_for_what_is_shorter() -> None:
    posts = (at("2027-01-20 09:00"), at("2027-01-20 12:00", "One.", "Two."), at("2027-01-20 20:00"))

    result = foreseen(*posts, daily_posts=2)

    assert (result.stopped, result.months[0].posts) == (1, 4)


def test_what_was_spent_of_this_month_and_day_is_counted_and_of_no_later_one() -> None:
    posts = found(at("2027-01-20 09:00"), at("2027-02-01 09:00"))
    asked: list[int] = []

    def spent(since: int) -> tuple[int, int]:
        asked.append(since)
        return (2, 30_000)

    result = forecast(posts, account(posts=2, daily_posts=3), spent, now=START, since=START)

    assert result.months == (
        Month("2027-01", 3, 3 * POST, 2, 1, date(2027, 1, 20)),
        Month("2027-02", 1, POST, 0),
    )
    assert set(asked) == {slot("any", "2027-01-01 00:00", YORK).at, START}


def test_months_before_the_window_are_reckoned_with_and_not_shown() -> None:
    posts = (at("2027-01-31 09:00"), at("2027-02-10 09:00"), at("2027-02-20 09:00"))

    result = foreseen(*posts, posts=1, since=slot("any", "2027-02-15 00:00", YORK).at)

    assert result.months == (Month("2027-02", 2, 2 * POST, 0, 1, date(2027, 2, 20)),)


def test_each_account_has_its_own_budget() -> None:
    shown = found(
        at("2027-01-20 09:00", accounts=ALL), at("2027-01-20 10:00", accounts=("harbour-mastodon",))
    )

    assert forecast(shown, account(posts=1), nothing_spent, now=START, since=START).stopped == 0


@given(
    st.lists(st.integers(0, 39 * 24), min_size=1, max_size=30, unique=True),
    st.integers(0, 5),
    st.integers(0, 3),
)
def test_what_goes_out_keeps_within_every_bound_and_nothing_is_stopped_needlessly(
    hours: list[int], monthly: int, daily: int
) -> None:
    posts = [Coming(START + hour * 3_600, "p", at(f"2027-01-20 09:00:{n:02}").renditions[0])
             for n, hour in enumerate(sorted(hours))]  # fmt: skip
    days = [(each.at - START) // DAY for each in posts]

    result = forecast(posts, account(posts=monthly, daily_posts=daily), nothing_spent, now=START, since=START)

    first, second = (sum(1 for day in days if is_first == (day < 12)) for is_first in (True, False))
    assert [month.posts for month in result.months] == [number for number in (first, second) if number]
    out = sum(
        min(monthly, sum(min(daily, days.count(day)) for day in set(days) if is_first == (day < 12)))
        for is_first in (True, False)
    )
    assert result.stopped == len(posts) - out


def test_only_what_is_still_to_be_shown_is_coming() -> None:
    late, sent, next_, early = (
        replace(at("2027-01-19 23:50"), state="pending"),
        replace(at("2027-01-20 08:00"), state="pending sent"),
        at("2027-01-20 10:00"),
        at("2027-01-19 10:00"),
    )

    shown = coming(Plan((next_, late, sent, early)), START, {late.renditions[0].key})

    assert [(each.at, each.rendition) for each in shown] == [
        (START, late.renditions[0]),
        (next_.slot.at, next_.renditions[0]),
    ]


def test_a_quote_of_what_its_account_has_or_will_have_shown_is_well() -> None:
    first = at("2027-01-20 09:00", accounts=PAIR)
    second = at("2027-01-21 09:00", accounts=PAIR, quote=first.post.id)
    third = at("2027-01-22 09:00", accounts=ALL, quote="rover/landing")

    doubts = unquotable(
        found(first, second, third), lambda post, on: (post, on) == ("rover/landing", "harbour-x")
    )

    assert doubts == {each.key for each in third.renditions[1:]}


def test_a_quote_of_what_comes_later_or_fails_itself_is_not() -> None:
    early = at("2027-01-20 09:00", quote="never/shown")
    late = at("2027-01-21 09:00", quote=early.post.id)
    before = at("2027-01-19 09:00", quote=late.post.id)

    doubts = unquotable(found(before, early, late, now=before.slot.at), lambda *_: False)

    assert doubts == {each.renditions[0].key for each in (before, early, late)}


def test_a_quoted_address_is_nobodys_doubt() -> None:
    post = at("2027-01-20 09:00")
    shown = replace(post.renditions[0], quote=Quoted(url="https://example.org/1"))

    assert unquotable(found(replace(post, renditions=(shown,))), lambda *_: False) == frozenset()


def view(*posts: PlannedPost, **budget: int) -> View:
    accounts = {**ACCOUNTS, "harbour-x": account(**budget)}
    forecasts = {"harbour-x": foreseen(*posts, **budget)} if budget else {}
    return View(Window(START, START + 40 * DAY), Plan(posts), accounts, budgets=forecasts)


def quoting() -> View:
    post = at("2027-01-20 09:00", accounts=PAIR, quote="ferry/first")
    return replace(view(post), unquotable=frozenset({post.renditions[0].key}))


def test_every_view_says_which_quote_will_fail() -> None:
    said = "quotes ferry/first, which harbour-x does not show: it will fail; name its address"
    shown = table.show(quoting(), width=200, colour=False, why=False)
    [first, second] = json.loads(record.show(quoting()))["posts"][0]["renditions"]

    assert (f"[{said}]" in shown, "[quotes ferry/first]" in shown) == (True, True)
    assert said in ics.show(quoting()).replace("\r\n ", "").replace("\\", "")
    assert f'<p class="why small">{said}</p>' in page.show(quoting())
    assert '<p class="why small">quotes ferry/first</p>' in page.show(quoting())
    assert first["unquotable"] == "harbour-x does not show it: name its address"
    assert "unquotable" not in second


def test_a_table_says_once_what_all_accounts_show_besides() -> None:
    shown = table.show(
        view(at("2027-01-20 09:00", accounts=ALL, quote="a/b")), width=60, colour=False, why=True
    )

    lines = shown.splitlines()
    assert [line.strip() for line in lines[2:4]] == ["[quotes a/b]", "has waited longest of 12 that fit · to"]


def test_the_budget_stands_below_its_bill_with_the_day_on_which_it_ends() -> None:
    shown = cost.show(view(*a_day_apart(3), at("2027-02-01 09:00"), usd=2 * POST, daily_posts=1))

    assert shown == (
        "harbour-x      4 posts  $     0.060\n"
        "  budget: $0.030 a month, 1 post a day\n"
        "  2027-01: 3 posts for $0.045\n"
        "    over it first on 2027-01-22: 1 post would fail or wait\n"
        "  2027-02: 1 post for $0.015\n"
        "together       4 posts  $     0.060\n"
    )


def test_what_is_out_already_and_what_is_dry_are_told_beside_it() -> None:
    posts = found(*a_day_apart(1))
    spent = forecast(posts, account(posts=2), lambda _: (1, POST), now=START, since=START)
    made = replace(view(*a_day_apart(1)), budgets={"harbour-x": spent})
    dry = replace(made, accounts={})

    assert "  2027-01: 2 posts for $0.030, 1 of them out already\n" in cost.show(made)
    assert "  budget: 2 posts a month\n" in cost.show(made)
    assert "  budget: 2 posts a month (a dry run spends none of it)\n" in cost.show(dry)


def test_a_budget_where_nothing_is_charged_has_a_bill_of_nothing() -> None:
    posts = [at("2027-01-20 09:00", accounts=("harbour-mastodon",))]
    free = replace(ACCOUNTS["harbour-mastodon"], budget=Budget(daily_posts=0))
    seen = forecast(found(*posts), free, nothing_spent, now=START, since=START)
    made = View(Window(START, START + DAY), Plan(tuple(posts)), budgets={"harbour-mastodon": seen})

    assert cost.show(made).splitlines()[:1] == ["harbour-mastodon      1 posts  $     0.000"]
    assert seen.stopped == 1


def test_programs_are_told_of_the_budget_too() -> None:
    made = view(*a_day_apart(3), usd=2 * POST)

    bill = json.loads(record.show(made))["cost"]["harbour-x"]

    month = {"month": "2027-01", "posts": 3, "usd": "0.045", "out": 0, "over": "2027-01-22", "stopped": 1}
    assert bill == {
        "posts": 3,
        "usd": "0.045",
        "budget": {
            "usd": "0.030",
            "posts": None,
            "daily_usd": None,
            "daily_posts": None,
            "over": "2027-01-22",
            "stopped": 1,
            "months": [month],
        },
    }
    assert (
        json.loads(record.show(view(*a_day_apart(1), posts=9)))["cost"]["harbour-x"]["budget"]["over"] is None
    )


def test_the_page_tells_of_a_budget_and_of_its_end() -> None:
    over, enough = (page.show(view(*a_day_apart(3), posts=number)) for number in (2, 3))

    said = "harbour-x: 3 posts, US$0.045, budget 2 posts a month, over it first on 2027-01-22: 1 post would fail or wait<"
    assert said in over
    assert "harbour-x: 3 posts, US$0.045, budget 3 posts a month</dd>" in enough


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (Budget(usd=20_000_000, posts=500, daily_posts=17), "$20.000 and 500 posts a month, 17 posts a day"),
        (Budget(daily_usd=500_000), "$0.500 a day"),
        (Budget(posts=1), "1 post a month"),
    ],
)
def test_a_budget_is_said_as_people_say_it(budget: Budget, said: str) -> None:
    assert words(budget) == said
