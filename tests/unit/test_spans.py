import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.spans import clock_time, duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),
        ("90m", 5_400),
        ("2h", 7_200),
        ("3d", 259_200),
        ("0s", 0),
        ("180d", 15_552_000),
        ("05m", 300),
    ],
)
def test_a_length_of_time_is_a_number_and_its_unit(text: str, seconds: int) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    "wrong", ["", "90", "m", "1.5h", "-5m", "5 m", "1h30m", "5w", "٣m", "1000000d", 90, None, ["5m"]]
)
def test_what_is_no_length_of_time_is_refused_with_examples(wrong: object) -> None:
    with pytest.raises(
        ValueError, match=r'cannot read .* as a length of time; write .* "45s", "90m", "2h", "3d"'
    ):
        duration(wrong)


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_of_day_is_read_as_it_is_written(hour: int, minute: int) -> None:
    assert clock_time(f"{hour:02}:{minute:02}") == hour * 3_600 + minute * 60


@pytest.mark.parametrize(
    "wrong", ["9:00", "24:00", "12:60", "12:00:00", "noon", "12.00", " 12:00", "", 900, None]
)
def test_what_is_no_time_of_day_is_refused_with_an_example(wrong: object) -> None:
    with pytest.raises(ValueError, match=r'cannot read .* as a time of day; write .* "09:00"'):
        clock_time(wrong)


def test_a_refusal_quotes_a_text_and_shows_a_number_bare() -> None:
    with pytest.raises(ValueError, match='cannot read "9:00" as'):
        clock_time("9:00")
    with pytest.raises(ValueError, match="cannot read 90 as"):
        duration(90)
