import pytest

from bot.options import did_you_mean, needed, one_of, refuse_others, words


def test_the_nearest_known_word_is_offered() -> None:
    assert did_you_mean("ingenuty", ["perseverance", "ingenuity"]) == '; did you mean "ingenuity"?'


def test_nothing_is_offered_where_nothing_is_near() -> None:
    assert did_you_mean("zzz", ["perseverance", "ingenuity"]) == ""


def test_a_higher_likeness_offers_less() -> None:
    assert did_you_mean("orbit", ["obituary"], likeness=0.8) == ""


def test_known_options_pass() -> None:
    refuse_others({"at": "09:00"}, ("at", "zone"))


def test_an_unknown_option_is_refused_with_the_nearest_and_all_known_ones() -> None:
    with pytest.raises(
        ValueError, match=r'no option called "zon"; did you mean "zone"\? what can be written: at, zone'
    ):
        refuse_others({"at": "09:00", "zon": "UTC"}, ("at", "zone"))


def test_an_option_like_no_other_is_refused_with_all_known_ones() -> None:
    with pytest.raises(ValueError, match='no option called "colour"; what can be written: at, zone'):
        refuse_others({"colour": "red"}, ("at", "zone"))


def test_a_needed_option_is_given() -> None:
    assert needed({"at": "09:00"}, "at", example='"12:00"') == "09:00"


def test_a_missing_option_is_refused_with_an_example() -> None:
    with pytest.raises(ValueError, match='"at" is missing; write at = "12:00"'):
        needed({}, "at", example='"12:00"')


def test_a_list_of_texts_is_given_in_its_order_and_empty_where_it_is_not_written() -> None:
    assert words({"kinds": ["b", "a"]}, "kinds", example="[]") == ("b", "a")
    assert words({}, "kinds", example="[]") == ()


@pytest.mark.parametrize("wrong", ["landing", [1], {"a": 1}, None])
def test_what_is_no_list_of_texts_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r'"kinds" is a list of texts; write kinds = \["landing"\]'):
        words({"kinds": wrong}, "kinds", example='["landing"]')


def test_one_of_the_choices_is_given() -> None:
    assert one_of("mar-1", ["feb-28", "mar-1"], name="leap_day") == "mar-1"


def test_no_other_value_than_the_choices_is_taken() -> None:
    with pytest.raises(
        ValueError,
        match=r'"leap_day" cannot be "feb-29"; did you mean "feb-28"\? what can be written: feb-28, mar-1',
    ):
        one_of("feb-29", ["feb-28", "mar-1"], name="leap_day")
    with pytest.raises(ValueError, match='"leap_day" cannot be 7; what can be written: feb-28, mar-1'):
        one_of(7, ["feb-28", "mar-1"], name="leap_day")
