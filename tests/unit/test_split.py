"""Texts that are too long, cut into threads."""

# ruff: noqa: RUF001 - unlike letters that look alike are the point

import pytest

from bot.model import Limits
from bot.planning.split import Numbering, Uncut, split, thread

PLAIN = Limits(text=40)
X = Limits(text=60, counting="x")


@pytest.mark.parametrize(
    ("text", "parts", "reason"),
    [
        ("It fits as it is.", ("It fits as it is.",), "what fits is not cut"),
        (
            "One short line stands here.\n\nThen another. And yet one more.",
            ("One short line stands here.", "Then another. And yet one more."),
            "a paragraph's end comes before a sentence's",
        ),
        (
            "A first line, and a word\nmore. A third of them.",
            ("A first line, and a word", "more. A third of them."),
            "a line's end comes before a sentence's, too",
        ),
        (
            "Spirit landed first of two. Opportunity came three weeks after.",
            ("Spirit landed first of two.", "Opportunity came three weeks after."),
            "a sentence's end comes before a space",
        ),
        (
            "Spirit landed in a crater, and there it drove for six long years",
            ("Spirit landed in a crater,", "and there it drove for six long years"),
            "so does a clause's",
        ),
        (
            "So there he met Dr. Squyres, and J. Bell; they were at Cornell",
            ("So there he met Dr. Squyres,", "and J. Bell; they were at Cornell"),
            "a title's dot ends no sentence",
        ),
        (
            "What a landing it was (it was!) and so it went on to this very day",
            ("What a landing it was (it was!)", "and so it went on to this very day"),
            "what goes on in small letters is the same sentence: this is but a space",
        ),
        (
            '"It is there." And then he went on home to tell',
            ('"It is there."', "And then he went on home to tell"),
            "a quotation's end hides no sentence's",
        ),
        (
            "Look there! said he of the red sky and went off",
            ("Look there! said he of", "the red sky and went off"),
            "an exclamation amid a sentence does not end it",
        ),
        (
            "It was a day like all the others there. No",
            ("It was a day like all", "the others there. No"),
            "a sentence of one word is not left alone",
        ),
        (
            "Twenty letters here.\nFourteen here.\n\nSixteen of these.",
            ("Twenty letters here.\nFourteen here.", "Sixteen of these."),
            "a paragraph's end comes before a line's",
        ),
        (
            "one two three four five six seven eight",
            ("one two three four five six seven eight",),
            "a text of just the limit fits",
        ),
        (
            "one two three four five six seven eight n",
            ("one two three four", "five six seven eight n"),
            "the last word is not left alone, and the parts are alike",
        ),
        (
            "Distances are about 10\u00a0km and then about 200\u00a0km",
            ("Distances are about 10\u00a0km", "and then about 200\u00a0km"),
            "a space that must not break does not",
        ),
        (
            "  A text may begin with spaces, and end with some as well.  ",
            ("  A text may begin with spaces,", "and end with some as well."),
            "spaces around a text are of no account",
        ),
        (
            "A mark may stand on a space: \u0301 there it is one sign with it",
            ("A mark may stand on a space: \u0301", "there it is one sign with it"),
            "and is not parted from it",
        ),
    ],
)
def test_a_text_is_cut_where_it_disturbs_least(text: str, parts: tuple[str, ...], reason: str) -> None:
    assert split(text, PLAIN) == parts, reason


@pytest.mark.parametrize(
    ("text", "most", "parts"),
    [
        ("火星に着いた。次は木星へ行く。", 24, ("火星に着いた。", "次は木星へ行く。")),
        ("火星「赤い星」へ行く", 10, ("火星「赤い", "星」へ行く")),
        ("火星へロケットで行く", 12, ("火星へ", "ロケット", "で行く")),
        ("#火星探査機の」行く", 16, ("#火星探査機の」", "行く")),
        ("火星です。木星", 8, ("火星で", "す。木星")),
        ("火星木「星へ行」", 10, ("火星木", "「星へ行」")),
        ("火\u302a星", 4, ("火\u302a", "星")),
        ("火星nasa.gov火星", 27, ("火", "星nasa.gov火", "星")),
        ("화성에 도착한 탐사선", 12, ("화성에", "도착한", "탐사선")),
    ],
)
def test_scripts_without_spaces_are_cut_as_their_lines_are(
    text: str, most: int, parts: tuple[str, ...]
) -> None:
    assert split(text, Limits(text=most, counting="x")) == parts


def test_numbered_parts_say_which_they_are_within_the_limit() -> None:
    parts = split(
        "one two three four five six seven eight nine ten", Limits(text=20), numbering=Numbering.BELOW
    )

    assert parts == ("one two three\n1/4", "four five six\n2/4", "seven eight\n3/4", "nine ten\n4/4")


def test_what_fits_has_no_number() -> None:
    assert split("One part.", PLAIN, numbering=Numbering.BELOW) == ("One part.",)


def test_the_numbers_of_a_long_thread_take_more_room() -> None:
    nine = split(" ".join(["thirteen.lett"] * 9), Limits(text=17), numbering=Numbering.BELOW)
    ten = split(" ".join(["thirteen.lett"] * 10), Limits(text=19), numbering=Numbering.BELOW)

    assert (nine[-1], ten[0], ten[-1]) == (
        "thirteen.lett\n9/9",
        "thirteen.lett\n1/10",
        "thirteen.lett\n10/10",
    )
    with pytest.raises(Uncut):
        split(" ".join(["thirteen.lett"] * 10), Limits(text=18), numbering=Numbering.BELOW)


def test_the_first_part_leaves_room_for_what_goes_below_it() -> None:
    assert split("one two three four", Limits(text=18), taken=10) == ("one", "two three four")
    assert split("", Limits(text=18), taken=10) == ("",)


def test_a_link_counts_as_what_the_network_makes_of_it() -> None:
    link = "https://mars.nasa.gov/" + "a" * 90

    assert split(f"Read about the two rovers and all their pictures {link}", X) == (
        "Read about the two rovers and all",
        f"their pictures {link}",
    )


@pytest.mark.parametrize(
    ("text", "limits", "taken", "message"),
    [
        ("a" * 41, PLAIN, 0, f'"{"a" * 40}…" is 41 long, where 40 fit, and is never cut'),
        ("well then " + "a" * 50, PLAIN, 0, f'"{"a" * 40}…" is 50 long, where 40 fit, and is never cut'),
        ("https://a.example/" + "b" * 40, PLAIN, 0, '"https://a.example/bbbbbbbbbbbbbbbbbbbbbb…" is 58 long, where 40 fit, and is never cut'),
        ("eleven.letters and more", PLAIN, 30, '"eleven.letters" is 14 long, where 10 fit, and is never cut'),
        ("anything", PLAIN, 50, '"anything" is 8 long, where -10 fit, and is never cut'),
        ("éé é", Limits(text_bytes=3, counting="graphemes"), 0, '"éé" is 4 bytes long, where 3 fit, and is never cut'),
        ("éé é", Limits(text=5, text_bytes=3), 0, '"éé" is 4 bytes long, where 3 fit, and is never cut'),
    ],
)  # fmt: skip
def test_what_no_part_has_room_for_is_told(text: str, limits: Limits, taken: int, message: str) -> None:
    with pytest.raises(Uncut) as told:
        split(text, limits, taken=taken)

    assert str(told.value) == message
    assert told.value.piece in text


def test_a_text_of_spaces_alone_is_not_cut() -> None:
    with pytest.raises(Uncut):
        split(" " * 41, PLAIN)


def test_what_is_taken_may_be_four_bytes_a_sign() -> None:
    text, limits = "abcd efgh ijkl mnop qrst", Limits(text=100, text_bytes=40)

    assert [len(split(text, limits, taken=taken)) for taken in (4, 5)] == [1, 2]


def test_bytes_are_a_bound_of_their_own() -> None:
    assert split("жизнь на Марсе", Limits(counting="graphemes", text_bytes=20)) == ("жизнь", "на Марсе")


def test_numbers_go_on_from_one_text_to_the_next() -> None:
    found = thread(["one two three four", "", "five"], Limits(text=14), numbering=Numbering.BELOW)

    assert found == (("one two\n1/4", "three four\n2/4"), ("3/4",), ("five\n4/4",))


def test_texts_that_all_fit_are_left_alone() -> None:
    assert thread(["one", "two"], Limits(text=14), numbering=Numbering.BELOW) == (("one",), ("two",))


def test_what_is_taken_is_taken_of_the_first_text_alone() -> None:
    found = thread(["one two", "three four"], Limits(text=10), taken=5)

    assert found == (("one", "two"), ("three four",))


@pytest.mark.parametrize("taken", [18, 19])
def test_where_all_the_room_is_taken_nothing_fits(taken: int) -> None:
    with pytest.raises(Uncut, match=rf'"one" is 3 long, where {18 - taken} fit'):
        split("one two three four", Limits(text=18), taken=taken)
