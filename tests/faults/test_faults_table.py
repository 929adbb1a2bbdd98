"""The table of faults: what is in it, where it goes, and what counts as a breach."""

import pytest

from tests.faults.__main__ import main, size_of
from tests.faults.matrix import ROWS
from tests.faults.rows import Outcome, Row, Run, Told, table, wanted, written
from tests.faults.stage import miscounted

PAGE = "Before.\n\n<!-- faults -->\nold\n<!-- /faults -->\n\nAfter.\n"


def breaking(size: int, seed: int, _: Told) -> Outcome:
    raise ZeroDivisionError(f"{size} of {seed}")


ROW = Row(3, "a storm", "by hand", "all", 2, 9, Run(breaking))


def test_there_is_a_row_for_each_of_the_twenty_faults() -> None:
    assert list(ROWS) == list(range(1, 21))


def test_a_row_that_breaks_is_a_breach_and_stops_no_other() -> None:
    found = ROW.run(2, 7, lambda _: None)

    assert found == Outcome(2, ("it broke: ZeroDivisionError: 2 of 7",))


def test_what_came_of_a_row_is_one_line() -> None:
    made = table([(ROW, Outcome(12_000, ("lost",), "in 2 s", "not in winter"))])

    assert made.splitlines()[-1] == "| 3 | a storm | by hand | all | 12,000 | 1 | in 2 s; not in winter |"


def test_outcomes_add_up() -> None:
    both = Outcome(1, ("a",), "x") + Outcome(2, ("b",), "y", "z")

    assert both == Outcome(3, ("a", "b"), "x, y", "z")


def test_the_table_is_put_between_its_markers_and_nowhere_else() -> None:
    page = written(PAGE, "new")

    assert page == PAGE.replace("old", "new")
    assert written(page, "old") == PAGE
    with pytest.raises(ValueError, match="the page has no"):
        written("no markers", "new")


def test_rows_are_named_by_their_numbers() -> None:
    assert wanted(ROWS, [8, 6]) == [ROWS[8], ROWS[6]]
    assert len(wanted(ROWS, ())) == len(ROWS)
    with pytest.raises(ValueError, match="there is no row 21; there are 1, 2"):
        wanted(ROWS, [21])


@pytest.mark.parametrize(("size", "tries"), [("ci", 2), ("full", 9), ("500", 500)])
def test_a_size_is_small_full_or_a_number(size: str, tries: int) -> None:
    assert size_of(ROW, size) == tries


def test_texts_are_counted_one_by_one() -> None:
    assert miscounted(["a", "a", "c"], ["a", "b"]) == [
        "doubled: 'a' is there 2 times",
        "lost: 'b'",
        "unordered: 'c'",
    ]


def test_the_command_prints_a_row_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--rows", "20", "--size", "1", "--seed", "1"])

    assert status == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("| 20 | an upgrade under way |")
