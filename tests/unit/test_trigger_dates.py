import tomllib
from datetime import date

import pytest

from bot.contracts import Almanac
from bot.model import Priority, Window
from bot.triggers.dates import Dates
from bot.zones import instant_of, local_text, moment, utc_text

FIRST, SECOND = "2027-02-18T20:55:00Z", "2027-03-05T12:00:00-05:00"


def dates(written: str) -> Dates:
    return Dates("press-day", tomllib.loads(written), Almanac())


def always() -> Window:
    return Window(0, 4_000_000_000)


def test_it_speaks_at_the_listed_instants_in_order_of_time() -> None:
    slots = dates(f"at = [{SECOND}, {FIRST}]").times(always())

    assert [utc_text(slot.at) for slot in slots] == ["2027-02-18T20:55:00Z", "2027-03-05T17:00:00Z"]
    assert {slot.priority for slot in slots} == {Priority.ANNIVERSARY}
    assert {slot.zone for slot in slots} == {"UTC"}
    assert [slot.wall for slot in slots] == [slot.at for slot in slots]


def test_a_zone_says_how_the_instants_are_shown_and_moves_none() -> None:
    (slot,) = dates(f'at = [{FIRST}]\nzone = "America/Los_Angeles"').times(always())

    assert utc_text(slot.at) == FIRST
    assert utc_text(slot.wall) == "2027-02-18T12:55:00Z"
    assert local_text(slot.at, slot.zone) == "2027-02-18T12:55:00-08:00"


def test_a_window_holds_its_start_and_not_its_end() -> None:
    trigger = dates(f"at = [{FIRST}, {SECOND}]")
    first, second = (slot.at for slot in trigger.times(always()))

    assert [slot.at for slot in trigger.times(Window(first, second))] == [first]
    assert [slot.at for slot in trigger.times(Window(first + 1, second + 1))] == [second]
    assert trigger.times(Window(first, first)) == []


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", r'"at" is missing; write at = \[2027-02-18T20:55:00Z\]'),
        ("at = []", '"at" is a list of dates with time and offset; write at = '),
        (f"at = {FIRST}", '"at" is a list of dates with time and offset'),
        (f'at = ["{FIRST}"]', '"at" is a list of dates with time and offset'),
        ("at = [2027-02-18]", '"at" is a list of dates with time and offset'),
        ("at = [2027-02-18T20:55:00]", "2027-02-18T20:55:00 has no zone; write Z or an offset behind it"),
        (
            f"at = [{FIRST}, 2027-02-18T21:55:00+01:00]",
            r'"at" names 2027-02-18T20:55:00\+00:00 2 times; write each',
        ),
        (f'at = [{FIRST}]\nzone = "Mars/Jezero"', "no zone called 'Mars/Jezero'"),
        (f"at = [{FIRST}]\njitter = '20m'", 'no option called "jitter"; what can be written: at, zone'),
    ],
)
def test_a_wrong_option_is_refused_with_what_can_be_written(written: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dates(written)


def test_two_instants_that_autumn_shows_alike_need_utc() -> None:
    twice = "at = [2027-11-07T05:30:00Z, 2027-11-07T06:30:00Z]"

    with pytest.raises(
        ValueError,
        match='2027-11-07T01:30:00-04:00 and 2027-11-07T01:30:00-05:00 show the same time; leave "zone" out',
    ):
        dates(f'{twice}\nzone = "America/New_York"')

    assert len(dates(twice).times(always())) == 2


def test_a_fraction_of_a_second_is_dropped() -> None:
    (slot,) = dates("at = [2027-02-18T20:55:00.9Z]").times(always())

    assert slot.at == instant_of(moment(slot.at))
    assert utc_text(slot.at) == FIRST
    assert slot.day == date(2027, 2, 18)
