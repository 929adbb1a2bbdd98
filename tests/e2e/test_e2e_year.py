"""A year of our own project, lived through: what was promised before it is what was said, line for line."""

from pathlib import Path

import pytest

from tests.fakes.projects import ours

START, END = "2027-01-01", "2028-01-01"


@pytest.mark.no_cover  # each line is run some hundred times over, and by the cases too
def test_a_year_lived_through_is_the_year_that_was_promised(tmp_path: Path) -> None:
    folder = ours(tmp_path)
    promise = folder.at(START, "preview", "--from", START, "--to", END, "--json").data

    done = folder.call("run", "--time-lapse", "--from", START, "--to", END)

    assert (done.status, done.err) == (0, "")
    assert [(line["at"], line["key"], line["post"], line["part"], line["text"], line["media"]) for line in folder.outbox] == [
        (each["slot"]["at"], shown["key"], each["post"], number, part["text"], part["media"])
        for each in promise["posts"]
        for shown in each["renditions"]
        for number, part in enumerate(shown["parts"], 1)
    ]  # fmt: skip
    assert len(promise["posts"]) > 365
