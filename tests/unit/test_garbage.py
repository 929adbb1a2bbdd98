"""How often a command looks for garbage: seldom where it is soon over, as Python does where it stays."""

import gc
from collections.abc import Iterator

import pytest

from bot.__main__ import main

USUAL = (700, 10, 10)


@pytest.fixture(autouse=True)
def _usual() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*USUAL)
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize("command", ["preview", "check", "queue"])
def test_a_command_that_is_soon_over_seldom_looks_for_garbage(command: str) -> None:
    main([command, "--help"])

    assert gc.isenabled()
    assert gc.get_threshold()[0] > 100 * USUAL[0]


@pytest.mark.parametrize("command", ["run", "web"])
def test_a_command_that_stays_looks_for_garbage_as_ever(command: str) -> None:
    main([command, "--help"])

    assert gc.get_threshold() == USUAL
