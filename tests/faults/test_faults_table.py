"""The table of faults: what is in it, where it goes, and what counts as a breach."""

from pathlib import Path

import pytest

from tests.faults.__main__ import main, size_of
from tests.faults.matrix import ROWS
from tests.faults.rows import Outcome, Row, Run, Told, numbered, table, wanted, written
from tests.faults.stage import miscounted

DELIVERY = Path(__file__).parents[2] / "docs/delivery.md"
PAGE = "Before.\n\n<!-- faults -->\n<!-- /faults -->\n\nAfter.\n"


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
    first = table([(ROW, Outcome(1)), (ROWS[8], Outcome(1))])
    page = written(PAGE, first)
    assert page == PAGE.replace("<!-- /faults", f"{first}\n<!-- /faults")

    later = written(page, table([(ROWS[8], Outcome(2)), (ROWS[6], Outcome(2))]))

    tried = [(number, row.split(" | ")[4]) for number, row in numbered(later).items()]
    assert tried == [(3, "1"), (6, "2"), (8, "2")], "what is tried anew stands for what was tried before"
    assert later.endswith("\n<!-- /faults -->\n\nAfter.\n")
    with pytest.raises(ValueError, match="the page has no"):
        written("no markers", first)


def test_the_page_shows_what_came_of_every_fault_and_no_breach() -> None:
    shown = numbered(DELIVERY.read_text("utf-8").partition("<!-- faults -->")[2])

    cells = {number: row.split(" | ") for number, row in shown.items()}
    assert {number: found[1] for number, found in cells.items()} == {
        number: row.fault for number, row in ROWS.items()
    }
    assert all(int(found[4].replace(",", "")) > 0 for found in cells.values())
    assert {found[5] for found in cells.values()} == {"0"}


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
