"""What became of what was to be taken down, in words."""

import pytest

from bot.contracts import Receipt
from bot.delivery.removals import Asked, Outcome, Showing
from bot.desk.past import fate, gone
from tests.fakes.worlds import at

NOON = at("2027-03-01T12:00Z")


def showing(*outcomes: Outcome | None, detail: str = "so it is") -> Showing:
    """A part that was to be taken down so many times, with these outcomes."""
    asked = tuple(Asked(NOON, "Ada", each, detail if each else "") for each in outcomes)
    return Showing("key", "museum", "x", 1, Receipt("1", "https://x.com/1", NOON), "key", asked)


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        ([], ""),
        ([Outcome.REMOVED], "taken down by Ada"),
        ([Outcome.REFUSED, Outcome.REMOVED], "taken down by Ada"),
        ([Outcome.GONE], "gone already when Ada asked for it to be deleted"),
        ([Outcome.REFUSED], "Ada wanted it taken down, and it remains: so it is"),
        ([Outcome.UNABLE], "Ada wanted it taken down, and it remains: so it is"),
        ([Outcome.LATER], "Ada wanted it taken down, and it remains: so it is"),
        ([Outcome.UNANSWERED], "Ada wanted it taken down, and it may remain: so it is"),
        (
            [None],
            "Ada wanted it taken down, and it may remain: there is no answer yet, so nobody knows whether it is gone",
        ),
    ],
)
def test_a_part_tells_what_became_of_it(outcomes: list[Outcome | None], told: str) -> None:
    assert fate(showing(*outcomes)) == told


def test_a_delivery_tells_how_much_of_it_is_down() -> None:
    down, there, untouched = showing(Outcome.REMOVED), showing(Outcome.REFUSED), showing()

    assert gone([]) == gone([untouched]) == ""
    assert gone([down, down]) == "taken down"
    assert gone([down, there]) == gone([down, untouched]) == "taken down in part"
    assert gone([there, untouched]) == "to be taken down, and shown still as far as is known"
