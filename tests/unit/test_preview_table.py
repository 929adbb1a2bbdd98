"""The plan in a terminal."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.model import Gap, Plan, Rendition, ShownPart, Tone, Window
from bot.preview import table
from bot.preview.view import GAP_SIGN, View
from tests.fakes.plans import PAIR, TITLES, YORK, empty, planned, sample, slot

AT = slot("anniversaries", "2027-01-28 09:00", YORK, event="ferry-lost", years=41)
WINDOW = sample().window
CODES = re.compile("\x1b\\[[0-9;]*m")


def plain(plan: Plan, *, width: int = 80, why: bool = False) -> str:
    return table.show(View(WINDOW, plan, titles=TITLES), width=width, colour=False, why=why)


def test_a_post_is_a_line_below_its_day() -> None:
    shown = plain(Plan((planned(AT, "We read their names at noon.", tone=Tone.REMEMBRANCE),)), width=72)

    day, line, *_ = shown.splitlines()
    assert day == "Thu 28 Jan 2027"
    assert line == "  09:00 EST  ▪ anniversaries  We read their names at noon.        28/280"


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    shown = table.show(sample(), width=width, colour=False, why=True)

    assert max(map(cell_len, shown.splitlines())) <= width


@settings(deadline=None)
@given(st.text(min_size=1, max_size=300), st.text(max_size=100))
def test_hostile_words_neither_break_a_line_nor_reach_the_terminal_as_commands(
    text: str, reason: str
) -> None:
    plan = Plan((planned(AT, text, state="needs approval"),), (Gap(AT, reason),))

    shown = plain(plan, why=True)

    assert max(map(cell_len, shown.split("\n"))) <= 80
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)


def test_lengths_stand_at_the_right_edge() -> None:
    shown = table.show(sample(), width=80, colour=False, why=False).splitlines()

    posts = [line for line in shown if re.search(r"\d+/\d+$", line)]
    assert len(posts) == len(sample().plan.posts)
    assert {cell_len(line) for line in posts} == {80}


def test_no_line_ends_in_spaces() -> None:
    shown = table.show(sample(), width=80, colour=False, why=True).splitlines()

    assert [line for line in shown if line != line.rstrip()] == []


def test_colour_changes_nothing_but_colour() -> None:
    coloured = table.show(sample(), width=80, colour=True, why=True)

    assert CODES.sub("", coloured) == table.show(sample(), width=80, colour=False, why=True)
    assert CODES.search(coloured)


def test_every_colour_ends_on_the_line_it_began() -> None:
    coloured = table.show(sample(), width=80, colour=True, why=True)

    for line in coloured.splitlines():
        found = [code == "\x1b[0m" for code in CODES.findall(line)]
        assert found == [False, True] * (len(found) // 2)


def test_each_tone_has_a_sign_of_its_own() -> None:
    plan = Plan(tuple(planned(AT, "Words.", tone=tone) for tone in Tone))

    shown = plain(plan)

    assert [line[13] for line in shown.splitlines()[1:4]] == ["✦", "▪", "○"]
    assert "✦ celebration   ▪ remembrance   ○ neutral\n" in shown


def test_the_legend_explains_only_the_signs_that_are_there() -> None:
    shown = plain(Plan((), (Gap(AT, "quiet day: ferry-lost"),)))

    assert f"{GAP_SIGN} gap\n" in shown
    assert "neutral" not in shown


def test_a_thread_says_how_many_parts_it_has() -> None:
    shown = plain(Plan((planned(AT, ("One.", "Two.", "Three.")),)))

    assert re.search(r"anniversaries  One\. +\(1/3\) 4/280$", shown.splitlines()[1])


def test_a_network_without_limit_shows_the_length_alone() -> None:
    post = planned(AT, "Words.")
    free = Rendition("hook", "webhook", "k", (ShownPart("Words.", 6, None),))

    shown = plain(Plan((type(post)(AT, post.post, ("hook",), "…", (free,)),)))

    assert shown.splitlines()[1].endswith("  6")


def test_an_unconfirmed_day_and_an_unusual_state_come_before_the_words() -> None:
    unsure = slot("observances", "2027-02-05 09:00", confirmed=False)

    shown = plain(Plan((planned(unsure, "Yours.", state="held"),), (Gap(unsure, "no post fits"),)))

    assert "unconfirmed · held · Yours." in shown
    assert "unconfirmed · no post fits" in shown


def test_why_is_told_only_when_asked() -> None:
    plan = Plan((planned(AT, "Words.", PAIR, why="its own post"),))

    told = "Loss of the ferry Aurelia, 41 years · its own post · to harbour-x, harbour-mastodon"

    assert told in plain(plan, width=140, why=True)
    assert "its own post" not in plain(plan, width=140)


def test_a_long_reason_goes_on_below_itself() -> None:
    shown = plain(Plan((), (Gap(AT, "nothing fits: all three posts rest until the first of March"),)))

    _, first, second, *_ = shown.splitlines()
    assert (
        first == f"  09:00 EST  {GAP_SIGN} anniversaries  nothing fits: all three posts rest until the first"
    )
    assert second == " " * 30 + "of March"


def test_a_gap_without_a_reason_is_still_a_line() -> None:
    shown = plain(Plan((), (Gap(AT, ""),)))

    assert f"{GAP_SIGN} anniversaries" in shown


def test_an_empty_plan_says_so_kindly() -> None:
    shown = table.show(empty(), width=80, colour=False, why=False)

    assert shown.startswith("Nothing is planned from 2027-01-01 to 2027-03-01 (UTC).")
    assert f"0 posts, 0 gaps · 2027-01-01 to 2027-03-01 · digest {empty().plan.digest}\n" in shown


def test_a_window_cut_within_a_day_is_named_to_the_second() -> None:
    view = View(Window(AT.at, AT.at + 3_600), Plan((planned(AT, "Words."),)))

    shown = table.show(view, width=160, colour=False, why=False)

    assert "1 post, 0 gaps · 2027-01-28T14:00:00Z to 2027-01-28T15:00:00Z · digest" in shown


def test_a_wide_terminal_gives_long_names_more_room() -> None:
    plan = Plan((planned(slot("the-longest-of-schedules", "2027-01-28 09:00"), "Words."),))

    assert "the-longest-of-…" in plain(plan, width=80)
    assert "the-longest-of-schedules" in plain(plan, width=100)


def test_a_very_narrow_terminal_still_gets_some_words() -> None:
    assert "We read…" in plain(Plan((planned(AT, "We read their names."),)), width=20)
