"""Text made fit to be shown."""

import sys
import unicodedata

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.preview import words
from bot.preview.words import clean, flow, one_line, pad, shorten, wrap

FAMILY, FLAG, THUMB, KEYCAP = "👩‍👩‍👧", "🇵🇹", "👍🏽", "1️⃣"
GLYPHS = st.sampled_from(["a", "é", "e\u0301", "日", FAMILY, FLAG, THUMB, KEYCAP, "❤️", " ", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
RICH_TEXTS = st.lists(GLYPHS, max_size=60).map("".join) | st.text(max_size=60)


@settings(deadline=None)
@given(RICH_TEXTS, st.integers(1, 40))
def test_a_shortened_text_fits_its_cells(text: str, cells: int) -> None:
    line = one_line(text)

    assert cell_len(shorten(line, cells)) <= cells


@settings(deadline=None)
@given(RICH_TEXTS, st.integers(1, 40))
def test_a_shortened_text_never_ends_within_a_glyph(text: str, cells: int) -> None:
    line = one_line(text)
    short = shorten(line, cells)

    whole = regex.findall(r"\X", line)
    kept = regex.findall(r"\X", short.removesuffix("…") if short != line else short)

    assert kept == whole[: len(kept)]


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (40, "Seven rings along the eastern wall"),
        (34, "Seven rings along the eastern wall"),
        (33, "Seven rings along the eastern…"),
        (28, "Seven rings along the…"),
        (18, "Seven rings along…"),
        (3, "Se…"),
        (1, "…"),
    ],
)
def test_a_text_is_shortened_at_the_end_of_a_word(cells: int, shown: str) -> None:
    assert shorten("Seven rings along the eastern wall", cells) == shown


def test_a_very_long_word_is_cut_rather_than_lost() -> None:
    assert shorten("See Llanfairpwllgwyngyllgogerych today", 20) == "See Llanfairpwllgwy…"


@pytest.mark.parametrize("glyph", [FAMILY, FLAG, THUMB, KEYCAP, "日"])
def test_a_wide_glyph_that_does_not_fit_is_left_out_whole(glyph: str) -> None:
    assert shorten(f"ab{glyph}cd", 4) == "ab…"


@settings(deadline=None)
@given(RICH_TEXTS, st.integers(2, 40))
def test_wrapping_loses_nothing_but_spaces_and_keeps_to_its_width(text: str, cells: int) -> None:
    line = one_line(text)
    lines = wrap(line, cells)

    assert "".join(lines).replace(" ", "") == line.replace(" ", "")
    assert all(cell_len(each) <= cells for each in lines)


def test_wrapping_breaks_at_spaces() -> None:
    assert wrap("quiet day: ferry-lost", 11) == ["quiet day:", "ferry-lost"]


def test_a_glyph_wider_than_the_column_still_comes_through() -> None:
    assert wrap("日本", 1) == ["日", "本"]


def test_items_flow_into_lines_unbroken() -> None:
    assert flow(["25 posts, 8 gaps", "January", "digest"], 20) == ["25 posts, 8 gaps", "January · digest"]


@pytest.mark.parametrize(("text", "cells"), [("ab", 2), ("日", 2), ("", 0)])
def test_padding_fills_cells_not_characters(text: str, cells: int) -> None:
    assert pad(text, 5) == text + " " * (5 - cells)


@settings(deadline=None)
@given(st.text())
def test_cleaned_text_has_no_control_character_but_tab_and_newline(text: str) -> None:
    cleaned = clean(text)

    assert {c for c in cleaned if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}} <= {"\n", "\t"}


def test_cleaning_keeps_line_breaks_of_every_kind() -> None:
    assert clean("a\r\nb\rc\u2028d\x85e\nf") == "a\nb\nc\nd\ne\nf"


def test_one_line_drops_what_would_move_the_cursor_or_turn_the_line_round() -> None:
    assert one_line(" a\x1b[31m\n\tb \u202ec\u2066d\u200b ") == "a[31m b cd"


@settings(deadline=None)
@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


def test_what_needs_no_closer_look_is_seen_and_fills_one_cell_a_character() -> None:
    plain = [letter for letter in map(chr, range(sys.maxunicode + 1)) if words._PLAIN.fullmatch(letter)]  # noqa: SLF001 - a short cut is held to the long way

    assert {cell_len(letter) for letter in plain} == {1}
    assert not {
        letter for letter in plain if unicodedata.category(letter) in {"Cc", "Cf", "Mn", "Me", "Zl", "Zp"}
    }
    assert regex.findall(r"\X", "".join(plain)) == plain
