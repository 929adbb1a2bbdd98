"""What the import takes for true on any day: what is plainly told of nature, or long ago, and nothing else."""

import pytest

from bot.importers.x_page.finds import Find
from bot.importers.x_page.lines import Kind, Line
from bot.importers.x_page.uses import use
from bot.model import Uses


def used(text: str) -> Uses:
    line = Line(1, text, Kind.TEXT)
    found, _ = use(Find((line,), (line,)))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Clouds of ice crystals drift over the mountains of Mars.",
        "A lake filled the crater three billion years ago and left its clay.",
        "In 1877 a telescope showed two moons of Mars to a patient man.",
        "Sands on the dunes of Mars are sorted by its thin winds.",
    ],
)
def test_what_nature_does_or_did_long_ago_is_true_on_any_day(text: str) -> None:
    assert used(text) is Uses.EVERGREEN


@pytest.mark.parametrize(
    "text",
    [
        "Hurricane Ottoline from high above, with clouds and winds in a wide spiral.",
        "A crater with frost in its shade came out on the plain of Mars.",
        "A lake of ice filled the crater on Mars from rim to rim.",
        "Could the clouds on Mars bring snow to its mountains?",
        "Snow on the mountains of Mars, and ice in its craters!",
        "Ice beneath the dust of Mars, says a paper on its poles.",
        "Our pond shows how ice and water share one winter.",
        "This is ice from the pole of Mars, laid down in layers.",
        "A comet shares a patch of sky with the Moon and its craters.",
        "Please keep off the ice, for the water of the river is deep.",
    ],
)
def test_whatever_may_be_of_its_day_is_left_to_a_person(text: str) -> None:
    assert used(text) is not Uses.EVERGREEN
