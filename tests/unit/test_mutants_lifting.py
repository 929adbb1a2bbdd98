"""Modules made over so that what they make when they are imported can be changed too."""

import ast
from pathlib import Path

import pytest

from tests.mutants.lifting import lifted

BOT = Path(__file__).parents[2] / "bot"
FILES = [file for package in ("delivery", "planning") for file in sorted((BOT / package).glob("*.py"))]


def test_what_is_made_at_the_top_is_made_by_a_function() -> None:
    source = 'A = 1  #: one\nB: int = (\n    A\n    + 2\n)\nC = A\nD = frozenset("é")  # last\n'

    made = lifted(source)

    found: dict[str, object] = {}
    exec(made, found)  # noqa: S102 - that it runs is the point
    assert {name: found[name] for name in "ABCD"} == {"A": 1, "B": 3, "C": 1, "D": frozenset("é")}
    assert {name for name in found if name.startswith("made")} == {"madeA", "madeB", "madeD"}
    assert "#: one" in made
    assert "# last" in made


def test_types_and_loggers_stay() -> None:
    source = 'T = TypeVar("T")\nlog = logging.getLogger("x")\nPair = tuple[int, int] | None\nALSO = int\n__all__ = ["a"]\n'

    assert lifted(source) == source


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_module_that_is_changed_can_be_made_over(file: Path) -> None:
    source = file.read_text()

    made = lifted(source)

    assert _names(source) <= _names(made)


def _names(source: str) -> set[str]:
    """What is defined at a module's top, or assigned anywhere in it."""
    nodes = list(ast.walk(ast.parse(source)))
    assigned = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return assigned | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
