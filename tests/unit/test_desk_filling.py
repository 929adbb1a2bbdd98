"""Chosen names in the holes of a text, whatever else a person typed there."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.desk.review import filled
from bot.desk.review.filling import holes, woven
from bot.errors import BadCall

TEXT = "The lamp of , old and bright, burned for until dawn. Read harbour.org/lamps/the-grea now."
NAME, LINK = (each.start for each in holes(TEXT).values())
LAMP = {NAME: "Pier Tower"}

words = st.text(
    st.characters(categories=("L", "N"), include_characters="{}@ -'"), min_size=1, max_size=12
).map(str.strip)


def test_holes_are_lost_names_and_cut_links_in_order() -> None:
    assert [TEXT[each.start : each.stop] for each in holes(TEXT).values()] == [
        " ",
        "harbour.org/lamps/the-grea",
    ]


def test_a_name_and_a_link_take_their_places() -> None:
    made = woven(TEXT, TEXT, {**LAMP, LINK: "harbour.org/lamps/the-great"}, was={})

    assert (
        made
        == "The lamp of Pier Tower, old and bright, burned for until dawn. Read harbour.org/lamps/the-great now."
    )


@settings(deadline=None, max_examples=60)
@given(name=words, link=words)
def test_what_was_not_typed_over_is_filled_as_if_by_itself(name: str, link: str) -> None:
    assume(name and link)
    names = {NAME: name, LINK: link}

    assert woven(TEXT, TEXT, names, was={}) == filled(TEXT, names)


@settings(deadline=None, max_examples=60)
@given(first=words, second=words)
def test_another_choice_takes_the_place_of_the_first_and_none_leaves_no_trace(
    first: str, second: str
) -> None:
    assume(first and second)
    once = woven(TEXT, TEXT, {NAME: first}, was={})

    assert woven(TEXT, once, {NAME: second}, was={NAME: first}) == filled(TEXT, {NAME: second})
    assert woven(TEXT, once, {NAME: first}, was={NAME: first}) == once
    assert woven(TEXT, once, {NAME: ""}, was={NAME: first}) == TEXT


@settings(deadline=None, max_examples=60)
@given(before=st.text(max_size=40), behind=st.text(max_size=40))
def test_what_is_typed_around_a_text_stays(before: str, behind: str) -> None:
    typed = f"{before}\n{TEXT}\n{behind}"

    made = woven(TEXT, typed, LAMP, was={})

    assert made == f"{before}\n{filled(TEXT, LAMP)}\n{behind}"


def test_words_typed_elsewhere_stay_and_choices_find_their_places() -> None:
    typed = TEXT.replace("old and bright", "which is ancient").replace("now.", "today, all of you.")

    made = woven(TEXT, typed, {**LAMP, LINK: "harbour.org/x"}, was={})

    assert made == (
        "The lamp of Pier Tower, which is ancient, burned for until dawn. Read harbour.org/x today, all of you."
    )


def test_a_choice_has_no_place_where_the_words_are_gone() -> None:
    with pytest.raises(
        BadCall, match="the words around “The lamp of , old and bri” were changed; write there"
    ):
        woven(TEXT, "Quite another text.", LAMP, was={})


def test_where_a_book_was_typed_nobody_looks_for_holes() -> None:
    with pytest.raises(BadCall, match="were changed"):
        woven(TEXT, TEXT + "!" * 5_000, LAMP, was={})


def test_where_nothing_is_chosen_whatever_was_typed_stays() -> None:
    assert woven(TEXT, "Quite another text.", {NAME: ""}, was={}) == "Quite another text."
    assert woven(TEXT, "Quite another text.", LAMP, was=LAMP) == "Quite another text."
