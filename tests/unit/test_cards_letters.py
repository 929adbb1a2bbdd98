"""How cards spell, space, wrap and shrink texts with the one face that is everywhere."""

from io import BytesIO

import pytest
from PIL import Image

from bot.cards.canvas import Canvas
from bot.cards.ink import Inks
from bot.cards.letters import Face, box, glyphs, lacking, length, plain
from bot.cards.lines import Block, balanced, fitted, leading, one_line, wrapped
from tests.fakes.cards import LONG

FACE = Face(50)
MADE = list(zip("ØøŁłĐđĦħÆæŒœÞþß", "OoLlDdHhAaOoIbI", strict=True))
NOTHING, INK = (0, 0, 0), (255, 255, 255)


def drawn(text: str) -> Image.Image:
    """A text as ink on nothing, its line beginning 100 pixels from the left and from above; letters are 100 pixels large."""
    canvas = Canvas(Inks(*[NOTHING] * 7))
    canvas.text((100, 100), text, Face(100), fill=INK)
    return Image.open(BytesIO(canvas.png()))


def test_plain_letters_stand_as_they_are() -> None:
    text = "Sol 5,000: “dust”, 24 °C; 3 · 2…\N{EM DASH}it\N{RIGHT SINGLE QUOTATION MARK}s"

    assert plain(text) == text
    assert lacking(text) == ""


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("Straße", "Straße"),
        ("STRAẞE", "STRAßE"),
        ("Łódź", "Ło\u0301dz\u0301"),
        ("Tromsø", "Tromsø"),
        ("3 \N{MULTIPLICATION SIGN} 4", "3 x 4"),
        ("a\N{NARROW NO-BREAK SPACE}b", "a\N{NO-BREAK SPACE}b"),
        ("soft\N{SOFT HYPHEN}ly", "softly"),
        ("O\u0308l", "O\u0308l"),
        ("Öl", "O\u0308l"),
    ],
)
def test_what_the_face_lacks_is_spelt_otherwise(text: str, spelt: str) -> None:
    assert plain(text) == spelt
    assert lacking(text) == ""


def test_what_cannot_be_spelt_is_named_once_each_and_drawn_as_a_question() -> None:
    assert lacking("火星 and 火 🚀") == "火星🚀"
    assert plain("火星 Mars") == "?? Mars"


def test_an_accent_stands_above_the_middle_of_its_letter() -> None:
    base, mark = glyphs("Á", FACE)

    over, accent = box("A"), box(mark.sign)
    middle = mark.x + (accent[0] + accent[2]) / 2 * mark.size
    assert middle == pytest.approx((over[0] + over[2]) / 2 * FACE.size)
    assert -accent[3] * mark.size + mark.rise > -over[1] * FACE.size
    assert (base.sign, base.x, base.rise) == ("A", 0, 0)


def test_a_cedilla_hangs_below_its_letter() -> None:
    _, mark = glyphs("ç", FACE)

    assert mark.rise - box(",")[1] * mark.size < -box("c")[3] * FACE.size


@pytest.mark.parametrize(("made", "base"), MADE)
def test_a_letter_that_the_face_lacks_is_made_of_others_and_never_changed_into_one(
    made: str, base: str
) -> None:
    first, *rest = glyphs(made, FACE)

    assert first == next(glyphs(base, FACE))
    assert rest
    assert drawn(made) != drawn(base)
    assert lacking(made) == ""


@pytest.mark.parametrize("made", "ØøŁłĐđĦħÆæŒœÞþß")
def test_a_made_letter_has_ink_where_it_says_and_stands_in_its_own_room(made: str) -> None:
    left, top, right, bottom = drawn(made).getbbox() or (0, 0, 0, 0)
    told = [edge * 100 for edge in box(made)]

    assert [left - 100, top - 100, right - 100, bottom - 100] == pytest.approx(told, abs=1.5)
    assert -3 <= told[0] <= told[2] <= length(made, Face(100)) + 3


def test_a_made_letter_carries_its_accent_above_all_of_it() -> None:
    *_, mark = glyphs("ǿ", FACE)

    over, accent = box("ø"), box(mark.sign)
    assert -accent[3] * mark.size + mark.rise > -over[1] * FACE.size


def test_an_i_gives_its_dot_to_its_accent() -> None:
    assert [glyph.sign for glyph in glyphs("í", FACE)] == [
        "\N{LATIN SMALL LETTER DOTLESS I}",
        "\N{ACUTE ACCENT}",
    ]
    assert [glyph.sign for glyph in glyphs("i", FACE)] == ["i"]
    assert [glyph.sign for glyph in glyphs("i\u0328", FACE)] == ["i", ","]


def test_an_accent_takes_no_room() -> None:
    assert length("Zürich", FACE) == pytest.approx(length("Zurich", FACE))


def test_letters_that_would_gape_stand_closer() -> None:
    apart = length("T", FACE) + length("o", FACE)

    assert length("To", FACE) == pytest.approx(apart - 0.062 * 50)
    assert [glyph.x for glyph in glyphs("To", FACE)][1] == pytest.approx(length("T", FACE) - 0.062 * 50)


def test_tracking_stands_between_letters_and_not_behind_them() -> None:
    spaced = Face(50, 0.1)

    assert length("MARS", spaced) == pytest.approx(length("MARS", FACE) + 3 * 5)
    assert length("M", spaced) == length("M", FACE)
    assert length("", spaced) == 0
    assert [glyph.x for glyph in glyphs("MM", spaced)][1] == pytest.approx(length("M", FACE) + 5)


def test_dashes_are_as_wide_as_they_are_called() -> None:
    hyphen, en, em = (box(dash)[2] - box(dash)[0] for dash in "-\N{EN DASH}\N{EM DASH}")

    assert hyphen < en < em


def test_lines_break_at_spaces_where_the_room_ends() -> None:
    room = length("Opportunity lands", FACE)

    assert wrapped("Opportunity lands in Meridiani", FACE, room) == ["Opportunity lands", "in Meridiani"]


def test_a_space_that_must_not_break_does_not() -> None:
    room = length("on 24 January", FACE) - 1

    assert wrapped("on 24\N{NO-BREAK SPACE}January", FACE, room) == ["on", "24\N{NO-BREAK SPACE}January"]


def test_lines_are_made_even_without_another_line() -> None:
    room = length("one two three four five", FACE)

    found = balanced("one two three four five six", FACE, room)

    assert found == ["one two three", "four five six"]


@pytest.mark.parametrize("lines", [2, 3])
def test_a_long_title_shrinks_until_all_of_it_fits(lines: int) -> None:
    block = Block(top=0, bottom=170, room=1072, lines=lines)

    face, found = fitted(LONG, (76, 60, 48, 40, 30), block)

    assert " ".join(found) == LONG
    assert len(found) <= lines
    assert all(length(line, face) <= 1072 for line in found)
    assert face.size * 0.89 + (len(found) - 1) * leading(face) <= 170


def test_a_short_title_is_as_large_as_its_block_allows() -> None:
    sizes = (76.0, 60.0, 30.0)

    assert fitted("Mars", sizes, Block(0, 170, 1072))[0].size == 76
    assert fitted("Mars", sizes, Block(0, 170, 1072, largest=60))[0].size == 60
    assert fitted("Mars", sizes, Block(0, 60, 1072))[0].size == 60


def test_what_fits_at_no_size_is_cut_with_a_sign_of_it() -> None:
    face, found = fitted("rover " * 100, (60, 30), Block(0, 100, room=300))

    assert face.size == 30
    assert len(found) == 3
    assert found[-1].endswith("rover…")
    assert all(length(line, face) <= 300 for line in found)


def test_a_word_longer_than_a_line_goes_on_in_the_next() -> None:
    face, found = fitted("M" * 40, (30,), Block(0, 200, room=600))

    assert "".join(found) == "M" * 40
    assert all(length(line, face) <= 600 for line in found)


def test_one_line_is_whole_or_cut_at_its_end() -> None:
    assert one_line("New York", FACE, 600) == "New York"
    assert one_line("", FACE, 600) == ""

    cut = one_line("Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson", FACE, 600)

    assert cut.startswith("Saint-Remy")
    assert cut.endswith("…")
    assert length(cut, FACE) <= 600


def test_a_room_narrower_than_a_letter_still_ends() -> None:
    assert one_line("MM", FACE, 1) == "…"
