import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from bot.contracts import Almanac
from bot.model import Priority, Slot, Window
from bot.triggers.slots import Slots
from bot.zones import DAY, HOUR, MINUTE, day_of, local_text, utc_text, zone

NEW_YORK = "America/New_York"


def slots(**options: object) -> Slots:
    return Slots("evergreen", {"zone": NEW_YORK, **options}, Almanac())


def local(trigger: Slots, first: date, *, days: int, name: str = NEW_YORK) -> list[str]:
    """What the slots of some local days show, as `01-31 10:30`."""
    clock, day = zone(name), day_of(first)
    window = Window(clock.midnight(day), clock.midnight(day + days))
    return [local_text(slot.at, name)[5:16].replace("T", " ") for slot in trigger.times(window)]


def test_a_slot_has_its_wall_time_its_zone_and_the_last_priority() -> None:
    (slot,) = slots(days="daily", at="10:30").times(
        Window(day_of(date(2027, 1, 5)) * DAY, day_of(date(2027, 1, 6)) * DAY)
    )

    assert slot == Slot(
        at=slot.at,
        schedule="evergreen",
        wall=day_of(date(2027, 1, 5)) * DAY + 10 * HOUR + 30 * MINUTE,
        zone=NEW_YORK,
        priority=Priority.SLOTS,
    )
    assert utc_text(slot.at) == "2027-01-05T15:30:00Z"


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        ("daily", "04 05 06 07 08 09 10"),
        ("mon-fri", "04 05 06 07 08"),
        ("sat", "09"),
        ("mon,wed,fri", "04 06 08"),
        ("mon-wed,sun", "04 05 06 10"),
        (["tue", "thu-fri"], "05 07 08"),
        (["mon", "mon-tue"], "04 05"),
        ("sat-mon", "04 09 10"),
        ("Mon - Tue, SUN", "04 05 10"),
        ("mon-sun", "04 05 06 07 08 09 10"),
    ],
)
def test_days_are_weekdays_spans_and_lists_of_them(days: str | list[str], kept: str) -> None:
    monday = date(2027, 1, 4)

    found = local(slots(days=days, at="10:30"), monday, days=7)

    assert found == [f"01-{day} 10:30" for day in kept.split()]


def test_several_times_a_day_come_in_order_whatever_their_order_in_the_file() -> None:
    found = local(slots(days="mon-fri", at=["16:00", "10:30"]), date(2027, 1, 8), days=4)

    assert found == ["01-08 10:30", "01-08 16:00", "01-11 10:30", "01-11 16:00"]


def test_a_time_that_spring_skips_comes_an_hour_later_and_two_listed_times_both_speak() -> None:
    found = local(slots(days="sun", at=["02:30", "03:00", "03:30"]), date(2027, 3, 14), days=1)

    assert found == ["03-14 03:00", "03-14 03:30", "03-14 03:30"]


def test_a_time_that_autumn_repeats_comes_once_the_first_time() -> None:
    trigger = slots(days="daily", at="01:30")

    found = trigger.times(Window(day_of(date(2027, 11, 7)) * DAY, day_of(date(2027, 11, 8)) * DAY))

    assert [local_text(slot.at, NEW_YORK) for slot in found] == ["2027-11-07T01:30:00-04:00"]


def test_a_day_skipped_at_the_date_line_has_no_slot() -> None:
    for trigger in (
        slots(days="daily", at="09:00", zone="Pacific/Apia"),
        slots(cron="0 9 * * *", zone="Pacific/Apia"),
    ):
        found = local(trigger, date(2011, 12, 28), days=5, name="Pacific/Apia")

        assert found == ["12-28 09:00", "12-29 09:00", "12-31 09:00", "01-01 09:00"]


def test_a_window_holds_its_start_and_not_its_end() -> None:
    trigger = slots(days="daily", at="10:30")
    first = zone(NEW_YORK).instant(day_of(date(2027, 1, 5)) * DAY + 10 * HOUR + 30 * MINUTE)

    assert [slot.at for slot in trigger.times(Window(first, first + DAY))] == [first]
    assert [slot.at for slot in trigger.times(Window(first + 1, first + DAY))] == []
    assert trigger.times(Window(first, first)) == []


@pytest.mark.parametrize(
    ("cron", "found"),
    [
        ("30 10 * * mon-fri", ["01-04 10:30", "01-05 10:30", "01-06 10:30", "01-07 10:30", "01-08 10:30"]),
        ("0 0 * * 0", ["01-10 00:00"]),
        ("0 0 * * 7", ["01-10 00:00"]),
        ("0 9,18 5 jan *", ["01-05 09:00", "01-05 18:00"]),
        ("59 23 10 * *", ["01-10 23:59"]),
    ],
)
def test_a_cron_line_gives_its_wall_times(cron: str, found: list[str]) -> None:
    assert local(slots(cron=cron), date(2027, 1, 4), days=7) == found


def test_two_cron_times_that_spring_moves_together_speak_once_by_the_real_one() -> None:
    trigger = slots(cron="*/30 1-3 * * *")
    day = day_of(date(2027, 3, 14))

    found = trigger.times(Window(day * DAY, day * DAY + DAY))

    assert [local_text(slot.at, NEW_YORK)[11:16] for slot in found] == ["01:00", "01:30", "03:00", "03:30"]
    assert [slot.wall % DAY // MINUTE for slot in found] == [60, 90, 180, 210]


def test_a_cron_time_that_spring_moves_onto_none_is_kept_in_order() -> None:
    trigger = slots(cron="15,30 2,3 * * *")
    lonely = slots(cron="30 2 * * *")

    assert local(trigger, date(2027, 3, 14), days=1) == ["03-14 03:15", "03-14 03:30"]
    assert local(lonely, date(2027, 3, 14), days=1) == ["03-14 03:30"]


def test_cron_times_that_spring_moves_past_others_are_in_order() -> None:
    trigger = slots(cron="0,45 2-3 * * *", zone="Australia/Lord_Howe")  # 02:00 to 02:30 is skipped there

    found = trigger.times(Window(day_of(date(2027, 10, 2)) * DAY, day_of(date(2027, 10, 3)) * DAY))

    assert [local_text(slot.at, slot.zone)[11:16] for slot in found] == ["02:30", "02:45", "03:00", "03:45"]


def test_a_cron_line_in_autumn_fires_once_a_day() -> None:
    assert local(slots(cron="30 1 * * *"), date(2027, 11, 7), days=1) == ["11-07 01:30"]


def test_jitter_only_moves_a_slot_later_and_by_at_most_its_length() -> None:
    plain, late = slots(days="daily", at="10:30"), slots(days="daily", at="10:30", jitter="20m")
    window = Window(day_of(date(2027, 1, 1)) * DAY, day_of(date(2028, 1, 1)) * DAY)

    shifts = [there.at - here.at for here, there in zip(plain.times(window), late.times(window), strict=True)]

    assert 0 <= min(shifts) < 60
    assert 19 * MINUTE < max(shifts) <= 20 * MINUTE
    assert len(set(shifts)) > 200
    assert [slot.identity for slot in plain.times(window)] == [slot.identity for slot in late.times(window)]


def test_jitter_never_takes_a_slot_out_of_its_day() -> None:
    found = local(slots(days="daily", at="23:50", jitter="24h"), date(2027, 1, 1), days=365)

    assert len(found) == 365
    assert all(text[6:] >= "23:50" for text in found)


def test_a_time_that_spring_moves_into_the_next_day_is_not_moved_further() -> None:
    trigger = slots(days="sat", at="23:30", jitter="2h", zone="America/Nuuk")

    found = local(trigger, date(2027, 3, 27), days=2, name="America/Nuuk")

    assert found == ["03-28 00:30"]


def test_no_jitter_is_no_jitter() -> None:
    window = Window(day_of(date(2027, 1, 1)) * DAY, day_of(date(2028, 1, 1)) * DAY)

    assert slots(days="daily", at="10:30", jitter="0s").times(window) == slots(
        days="daily", at="10:30"
    ).times(window)


def test_jitter_is_keyed_by_schedule_and_wall_time() -> None:
    options = {"days": "daily", "at": "10:30", "zone": "UTC", "jitter": "2h"}
    window = Window(day_of(date(2027, 1, 1)) * DAY, day_of(date(2027, 2, 1)) * DAY)
    one, other = Slots("one", options, Almanac()), Slots("other", options, Almanac())

    assert [slot.at for slot in one.times(window)] != [slot.at for slot in other.times(window)]


def test_jitter_is_the_same_in_every_process() -> None:
    script = (
        "from bot.contracts import Almanac; from bot.model import Window; from bot.triggers.slots import Slots;"
        "trigger = Slots('s', {'days': 'daily', 'at': '10:30', 'zone': 'UTC', 'jitter': '2h'}, Almanac());"
        "print([slot.at for slot in trigger.times(Window(1800000000, 1801000000))])"
    )

    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }

    assert len(outputs) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"at": "10:30"}, r'"days" is missing; write days = "mon-fri", or cron = "30 10 \* \* mon-fri"'),
        ({"days": "daily"}, '"at" is missing; write at = "10:30"'),
        ({"days": "daily", "at": "10:3"}, 'cannot read "10:3" as a time of day'),
        ({"days": "daily", "at": []}, r'"at" cannot be \[\]; write at = "10:30", or a list of such'),
        ({"days": "daily", "at": 1030}, '"at" cannot be 1030'),
        ({"days": "daily", "at": ["10:30", "10:30"]}, '"at" names a time twice'),
        (
            {"days": "moon", "at": "10:30"},
            r'no day called "moon"; did you mean "mon"\? write "daily", "mon-fri"',
        ),
        (
            {"days": "xyz", "at": "10:30"},
            'no day called "xyz"; write "daily", "mon-fri", "sat" or "mon,wed,fri"',
        ),
        ({"days": "mon-wed-fri", "at": "10:30"}, 'no day called "wed-fri"'),
        ({"days": "mon,", "at": "10:30"}, 'no day called ""'),
        ({"days": 5, "at": "10:30"}, '"days" cannot be 5; write days = "mon-fri", or a list of such'),
        ({"days": [], "at": "10:30"}, r'"days" cannot be \[\]'),
        ({"days": "daily", "at": "10:30", "zone": "Mars/Jezero"}, "no zone called 'Mars/Jezero'"),
        ({"days": "daily", "at": "10:30", "jitter": "20"}, 'cannot read "20" as a length of time'),
        (
            {"days": "daily", "at": "10:30", "jitter": "25h"},
            '"jitter" cannot be "25h": no slot leaves its day',
        ),
        (
            {"days": "daily", "at": "10:30", "jiter": "5m"},
            r'no option called "jiter"; did you mean "jitter"\?',
        ),
        ({"cron": "0 9 * * *", "days": "daily"}, '"days" and "cron" cannot stand together'),
        ({"cron": "0 9 * * *", "at": "10:30"}, '"at" and "cron" cannot stand together'),
        (
            {"cron": "0 9 * *"},
            "cannot read the cron line '0 9 . .': five fields are needed; write minute, hour",
        ),
        ({"cron": "0 0 9 * * *"}, "five fields are needed"),
        ({"cron": "0 25 * * *"}, "cannot read the cron line '0 25 . . .': bad hour; write"),
        ({"cron": "0 0 31 2 *"}, "bad day-of-month"),
        ({"cron": 9}, "cannot read the cron line 9"),
    ],
)
def test_a_wrong_option_is_refused_with_what_can_be_written(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        slots(**options)


def test_a_missing_zone_is_refused_with_an_example() -> None:
    with pytest.raises(ValueError, match='"zone" is missing; write zone = "America/New_York"'):
        Slots("evergreen", {"days": "daily", "at": "10:30"}, Almanac())
