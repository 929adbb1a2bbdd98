"""A shelf keeps what is used, and never more than it may."""

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.calendar.shelf import Shelf


def test_what_is_put_is_found_and_what_never_was_is_not() -> None:
    shelf: Shelf[str] = Shelf(2)

    assert shelf.put("a", "A") == "A"

    assert shelf.get("a") == "A"
    assert shelf.get("b") is None


def test_what_was_used_longest_ago_is_given_up_first() -> None:
    shelf: Shelf[str] = Shelf(2)
    shelf.put("a", "A")
    shelf.put("b", "B")
    shelf.get("a")

    shelf.put("c", "C")

    assert [shelf.get(name) for name in "abc"] == ["A", None, "C"]


def test_a_new_thing_takes_the_place_and_the_weight_of_the_old_one() -> None:
    shelf: Shelf[str] = Shelf(10, len)
    shelf.put("a", "nine char")

    shelf.put("a", "x")
    shelf.put("b", "also nine")

    assert shelf.get("a") == "x"
    assert shelf.get("b") == "also nine"


def test_what_is_too_heavy_is_kept_alone() -> None:
    shelf: Shelf[str] = Shelf(3, len)
    shelf.put("a", "abc")

    shelf.put("b", "abcdef")

    assert len(shelf) == 1
    assert shelf.get("b") == "abcdef"


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), max_size=40))
def test_a_shelf_never_weighs_more_than_it_may_unless_it_holds_one_thing(
    things: list[tuple[int, int]],
) -> None:
    shelf: Shelf[int] = Shelf(12, lambda weight: weight)
    for name, weight in things:
        shelf.put(name, weight)

        kept = [found for each in range(6) if (found := shelf.get(each))]
        assert sum(kept) <= 12 or len(kept) == 1
