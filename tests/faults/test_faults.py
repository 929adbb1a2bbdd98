"""Every row of the fault matrix at a small size. `make faults` tries them at a bigger one."""

import pytest

from tests.faults.matrix import ROWS
from tests.faults.rows import silent

#: tests/kills tries these with every commit, in its own way.
KILLS = (1, 2, 3, 4, 5, 12, 13, 19)
SEED = 7

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.mark.parametrize(
    "number",
    [pytest.param(number, id=ROWS[number].fault.replace(" ", "-")) for number in ROWS if number not in KILLS],
)
def test_what_must_hold_holds(number: int) -> None:
    row = ROWS[number]

    found = row.run(row.few, SEED, silent)

    assert found.breaches == ()
    assert found.tried > 0
