"""`.env.example` names every variable that is read, and no other."""

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.plugins import PUBLISHERS, load
from bot.project import read_project
from bot.settings import VARIABLES

ROOT = Path(__file__).parents[2]
LINES = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
NAMED = {
    found[1]: number for number, line in enumerate(LINES) if (found := re.match(r"#? ?([A-Z][A-Z_]+)=", line))
}


def credentials() -> set[str]:
    """The variables of every account that ships with the project."""
    accounts = read_project(ROOT)[0].schedules.accounts.values()
    return {
        f"{account.credentials}_{suffix}"
        for account in accounts
        for suffix in load(PUBLISHERS, account.network).secrets
    }


def test_it_names_what_is_read_and_nothing_else() -> None:
    assert set(NAMED) == {*VARIABLES, *credentials()}


@pytest.mark.parametrize("name", sorted(NAMED))
def test_every_variable_is_explained_on_the_line_above(name: str) -> None:
    assert re.fullmatch(r"# [A-Z].+\.", LINES[NAMED[name] - 1])


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_our_own_are_explained_as_the_settings_explain_them(name: str) -> None:
    said = LINES[NAMED[name] - 1].removeprefix("# ").lower()

    assert said.startswith(VARIABLES[name].lower())


def test_no_value_is_given_away() -> None:
    assert set(dotenv_values(ROOT / ".env.example").values()) == {""}
