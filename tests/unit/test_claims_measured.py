"""The claims of labelled sentences: how many that are bound to their time are found, and how many others are not."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.claims import likely_claims
from bot.importers.x_page.finds import Find
from bot.importers.x_page.lines import Kind, Line
from bot.importers.x_page.uses import use
from bot.model import Uses

FILE = Path(__file__).parents[1] / "data" / "claims.jsonl"
LABELLED: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def test_nearly_all_that_is_bound_to_its_time_is_found() -> None:
    bound = [each["text"] for each in LABELLED if each["time_bound"]]

    missed = [text for text in bound if not likely_claims(text)]

    assert len(bound) > 30
    assert len(missed) <= 0.05 * len(bound), missed


def test_little_else_is_held_to_be_bound() -> None:
    held = [each for each in LABELLED if likely_claims(each["text"])]

    wrong = [each["text"] for each in held if not each["time_bound"]]

    assert len(wrong) <= 0.15 * len(held), wrong


@pytest.mark.parametrize("said", [each for each in LABELLED if each["reuse"] != "evergreen"])
def test_nothing_that_has_its_day_is_imported_for_any(said: dict[str, Any]) -> None:
    lines = (Line(1, said["text"], Kind.TEXT),)

    found, _ = use(Find(lines, lines))

    assert found is not Uses.EVERGREEN
