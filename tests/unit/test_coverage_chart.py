"""Coverage in a terminal: the map of a year, byte for byte, and lists that stay short."""

from datetime import date, timedelta

import pytest
from rich.cells import cell_len

from bot.model import Tone
from bot.preview import chart
from bot.preview.chart import due, heat_map, sign, turn
from bot.preview.coverage import NO_TAKER, NOT_THIS_YEAR
from bot.preview.findings import Coverage, Day, Due, Month, Turn, Unused, Wording, Year
from bot.preview.view import GAP_SIGN
from tests.fakes.years import days, lacking, year

MAP = """\
    J    F   M   A   M    J   J   A    S   O    N   D
Mon  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
Tue  ▒░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
Wed  ░░◆░◇░░░▓░░░░▪░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
Thu  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
Fri ·░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
Sat ·················█··································
Sun ·················█··································
"""
BARS = f"""\
Jan 2027  ✦✦✦▪○○○○○○○○○○○○○○○○○○○○○○○{GAP_SIGN}
Feb 2027  ✦✦✦○○○○○○○○○○○○○○○○○○○○○○{GAP_SIGN * 2}
"""


def plain(_code: str, text: str) -> str:
    return text


def tagged(code: str, text: str) -> str:
    return f"<{code}{text}>"


def shown(found: Coverage, *, width: int = 80) -> str:
    return chart.show(found, width=width, colour=False)


def test_the_map_of_a_year_has_a_row_for_each_weekday_and_a_column_for_each_week() -> None:
    assert "".join(f"{line}\n" for line in heat_map(days(), plain)) == MAP


def test_a_year_that_begins_within_a_month_names_it_and_all_that_follow() -> None:
    first = date(2026, 11, 23)
    found = [Day(each, 0, 0, None, None) for each in Year(first, first + timedelta(days=365))]

    letters, monday, *_ = heat_map(found, plain)

    assert letters == "    ND   J    F   M   A   M    J   J   A    S   O    N"
    assert len(monday) == len("Mon ") + 53


@pytest.mark.parametrize(
    ("posts", "tone", "quiet", "mark"),
    [
        (0, None, None, "·"),
        (1, Tone.NEUTRAL, None, "░"),
        (2, Tone.CELEBRATION, None, "▒"),
        (3, Tone.NEUTRAL, None, "▓"),
        (4, Tone.NEUTRAL, None, "█"),
        (40, Tone.NEUTRAL, None, "█"),
        (4, Tone.REMEMBRANCE, None, "▪"),
        (1, Tone.REMEMBRANCE, "loss", "◆"),
        (0, None, "loss", "◇"),
    ],
)
def test_a_day_is_told_by_its_sign_alone(posts: int, tone: Tone | None, quiet: str | None, mark: str) -> None:
    assert sign(Day(date(2027, 1, 28), posts, 0, tone, quiet)) == mark


def test_colour_only_repeats_what_signs_say() -> None:
    coloured = chart.show(year(), width=80, colour=True)

    assert "\x1b[35m▪\x1b[0m" in coloured
    assert "\x1b[33m▓\x1b[0m" in coloured
    assert "\x1b[2m·\x1b[0m" in coloured
    assert "\x1b" not in shown(year())
    assert heat_map(days()[:1], tagged)[5] == "Fri <2·>"


def test_a_bar_has_a_sign_for_each_post_and_each_gap() -> None:
    bars = [line[:60].rstrip() for line in shown(year()).splitlines() if "2027  " in line]
    assert "".join(f"{line}\n" for line in bars[:2]) == BARS
    assert "Feb 2027" in shown(year()).split("25 posts, 2 gaps")[0]
    assert "stands for" not in shown(year())


def test_where_there_are_many_posts_a_sign_stands_for_several_and_nothing_is_lost() -> None:
    crowded = Month("2027-01", 1, 0, 200, 1)

    *_, bar, legend = chart.show(
        Coverage(year().year, (), (), (), (), (crowded,), (), (), days()), width=80, colour=False
    ).splitlines()

    assert bar.startswith("Jan 2027  ✦○○○○")
    assert f"○{GAP_SIGN}" in bar
    assert legend.endswith("(a sign stands for up to 5)")
    assert cell_len(bar) <= 80


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("number", [0, 1, 12, 13, 300])
def test_every_line_fits(width: int, number: int) -> None:
    lines = shown(lacking(number=number), width=width).splitlines()

    assert [line for line in lines if cell_len(line) > width] == []


def test_a_narrow_terminal_still_gets_a_bar() -> None:
    assert "✦" in shown(year(), width=20)


@pytest.mark.parametrize(
    ("number", "lines", "more"), [(1, 1, None), (12, 12, None), (13, 12, 1), (40, 12, 28)]
)
def test_a_list_has_twelve_lines_at_most_and_says_how_many_more(
    number: int, lines: int, more: int | None
) -> None:
    block = shown(lacking(number=number)).split("No words for these days")[1].split("\n\n")[0].splitlines()

    assert block[0] == f" ({number})"
    assert block[1] == "  Wed 20 Jan 2027: ferry-lost (unconfirmed), for anniversaries"
    assert len(block) == 1 + lines + (more is not None)
    assert more is None or block[-1] == f"  and {more} more"


def test_a_line_that_is_too_long_goes_on_in_the_next_and_ends_there() -> None:
    reasons = ("it points at a view " * 40,)
    found = year(due=(Due("a", None, on_hold=True, reasons=reasons),))

    block = shown(found).split("Waiting for a person")[1].split("\n\n")[0].splitlines()

    assert block[0] == " (1)"
    assert block[1].startswith("  a: on hold: it points at a view")
    assert block[2].startswith("    ")
    assert block[-1].endswith("…")
    assert len(block) <= 4


@pytest.mark.parametrize("number", [1, 30, 5_000])
def test_names_beside_each_other_have_twelve_lines_at_most_and_none_is_lost(number: int) -> None:
    title = "No schedule speaks of these events"
    block = shown(lacking(number=number)).split(title)[1].split("\n\n")[0].splitlines()

    last, rest = (block[-1], block[1:-1]) if "more" in block[-1] else ("  and 0 more", block[1:])
    assert block[0] == f" ({number})"
    assert len(rest) <= 12
    assert sum(line.count("ferry-lost") for line in rest) + int(last.split()[1]) == number


def test_what_needs_nobody_is_said_to_need_nobody() -> None:
    calm = year(unused=(Unused("a", NOT_THIS_YEAR), Unused("b", NOT_THIS_YEAR)))

    head = shown(calm).split("\n\n")[:2]

    assert head == [
        "Fri 1 Jan 2027 to Fri 31 Dec 2027: 275 posts, 2 gaps\n2 ready posts never used, and not in the coming year",
        "Nothing waits for a person.",
    ]


def test_posts_that_nothing_uses_stand_under_the_reason() -> None:
    found = year(unused=(Unused("z", "other"), Unused("a", NO_TAKER), Unused("b", NO_TAKER)))

    assert "Never used, and no schedule can take it (2)\n  a · b\n" in shown(found)
    assert "Never used, and other (1)\n  z\n" in shown(found)
    assert "Nothing waits" not in shown(found)


def test_one_wording_alone_is_told_and_two_are_not() -> None:
    assert "One wording: it repeats the next time (1)\n  ferry-lost\n" in shown(lacking())


def test_every_event_stands_under_the_number_of_its_wordings() -> None:
    counts = {"a": 0, "b": 2, "c": 2, "d": 13}
    found = year(wordings=tuple(Wording(name, "Its title", count) for name, count in counts.items()))

    block = shown(found).split("Wordings before a repeat")[1].split("\n\n")[0]

    assert block == (
        " (4)\n  no wording: 1 event\n    a\n  2 wordings: 2 events\n    b · c\n  13 wordings: 1 event\n    d"
    )
    assert "Wordings" not in shown(year())


@pytest.mark.parametrize("width", [60, 80])
def test_no_event_is_left_out_of_its_wordings(width: int) -> None:
    names = [f"event-number-{number}" for number in range(300)]

    lines = shown(year(wordings=tuple(Wording(name, "", 2) for name in names)), width=width).splitlines()

    assert all(len(line) <= width for line in lines)
    assert [name for line in lines for name in line.split() if name.startswith("event-")] == names


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Turn("a", 152, 255, 0, 218, 180), "a: 152 posts for 255 slots a year: each rests 218 days, 180 asked"),
        (Turn("a", 1, 1, 0, 365, 180), "a: 1 post for 1 slot a year: each rests 365 days, 180 asked"),
        (Turn("a", 5, 365, 2, 5, 180), "a: 5 posts for 365 slots a year, too few: each rests 5 days, 180 asked; 2 rest now"),
        (Turn("a", 0, 10, 0, 0, 0), "a: 0 posts for 10 slots a year, too few"),
        (Turn("a", 10, 1, 0, 3650, 180), "a: 10 posts for 1 slot a year: each rests 10 years"),
        (Turn("a", 10, 0, 0, None, 180), "a: 10 posts for 0 slots a year"),
        (Turn("a", 10, 3, 0, 1217, 180, ("b", "c")), "a and 2 others: 10 posts for 3 slots a year: each rests 3 years; shared with b, c"),
        (Turn("a", 10, 3, 1, 1217, 180, ("b",), ("d",)), "a and 1 other: 10 posts for 3 slots a year: each rests 3 years; 1 rest now; shared with b; some of them also for d"),
    ],
)  # fmt: skip
def test_posts_taken_in_turn_are_told_in_a_sentence(found: Turn, words: str) -> None:
    assert turn(found) == words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Due("a", date(2027, 6, 1), on_hold=False, reasons=()), "a: review since Tue 1 Jun 2027"),
        (Due("a", None, on_hold=True, reasons=()), "a: on hold"),
        (Due("a", None, on_hold=True, reasons=("ask", "and wait")), "a: on hold: ask"),
        (Due("a", date(2027, 6, 1), on_hold=True, reasons=()), "a: review since Tue 1 Jun 2027; on hold"),
    ],
)
def test_a_post_that_waits_says_for_what(found: Due, words: str) -> None:
    assert due(found) == words


def test_no_name_can_steer_the_terminal() -> None:
    assert "\x1b" not in shown(lacking(name="a\x1b[2Jb"))
    assert "\u202e" not in shown(lacking(name="a\u202eb"))
