"""What campaigns are made of: time that passes, disks that lose their power, and the words for them."""

from itertools import pairwise
from random import Random  # noqa: TID251 - chance, and the same again by its seed

import pytest
from sqlalchemy import BigInteger

from bot.delivery import tables
from bot.zones import DAY, HOUR, zone
from tests.kills.__main__ import main
from tests.kills.orders import INSTANTS, far_from_midnight
from tests.kills.power import Disk, failed, torn

#: Numbers as large as instants that are none: a reading of a clock on a wall, a stretch of time, and money.
NO_INSTANTS = {("slot", "wall"), ("slot", "grace"), ("spend", "usd")}


def test_all_instants_of_the_queue_pass_together() -> None:
    large = {
        (table.name, column.name)
        for table in tables.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, BigInteger)
    }

    assert {
        (table, column) for table, columns in INSTANTS.items() for column in columns
    } == large - NO_INSTANTS


@pytest.fixture
def dice() -> Random:
    return Random(1)  # noqa: S311 - chance, not secrets


@pytest.mark.parametrize("hour", range(24))
def test_what_is_due_today_is_due_for_long(hour: int) -> None:
    now = 20_000 * DAY + hour * HOUR + 1_800

    wall = zone(far_from_midnight(now)).wall(now)

    assert wall % DAY // HOUR == 1


@pytest.mark.parametrize("after", [b"old" * 900, b"old" * 600 + b"new" * 600, b"new" * 300])
def test_what_power_leaves_is_old_or_new_byte_for_byte(after: bytes, dice: Random) -> None:
    before = b"old" * 600

    for _ in range(50):
        left = torn(before, after, dice)

        assert len(left) <= max(len(before), len(after))
        assert all(byte in {*before[at : at + 1], *after[at : at + 1], 0} for at, byte in enumerate(left))


def test_what_was_on_the_disk_already_stays_there(dice: Random) -> None:
    before = b"old" * 600

    left = [torn(before, before + b"new" * 600, dice) for _ in range(50)]

    assert all(each.startswith(before) for each in left)
    assert any(len(one) != len(other) for one, other in pairwise(left))


def test_the_log_is_written_before_the_database(dice: Random) -> None:
    before, after = Disk(b"a" * 600, b"c" * 600), Disk(b"b" * 600, b"d" * 600)

    left = [failed(before, after, dice) for _ in range(50)]

    assert all(each.database == before.database or each.log == after.log for each in left)
    assert {each.database == before.database for each in left} == {True, False}


def test_what_cannot_be_called_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--on", "nowhere"])

    assert "invalid choice: 'nowhere'" in capsys.readouterr().err
