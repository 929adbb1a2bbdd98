"""What holds for every card, whatever its texts and numbers."""

from string import ascii_letters, digits

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.cards import AnniversaryCard, Card, CountdownCard, Light, MarsYearDial, SkyChart, alt, decode, encode
from bot.cards.ink import inks
from bot.cards.letters import Face, lacking, length, plain
from bot.cards.lines import Block, fitted
from bot.model import Tone
from tests.fakes.cards import COUNTDOWN, LANDING, colours, rim, shown

TEXTS = st.text(max_size=160)
PRINTABLE = st.text(alphabet=ascii_letters + digits + " .,;:-°Öéçñž", min_size=1, max_size=120)
ANGLES = st.floats(min_value=0, max_value=360, exclude_max=True)
LIGHTS = st.builds(
    Light, TEXTS, st.sampled_from(["moon", "planet", "star"]), ANGLES,
    st.floats(min_value=-10, max_value=90), st.floats(min_value=-13, max_value=3),
    st.floats(min_value=0, max_value=1), ANGLES,
)  # fmt: skip
TONES = st.sampled_from(Tone)
CARDS: st.SearchStrategy[Card] = st.one_of(
    st.builds(
        AnniversaryCard, tone=TONES, title=TEXTS, date_text=TEXTS, years=st.none() | st.integers(1, 9999),
        place=TEXTS, mission=TEXTS,
    ),
    st.builds(
        CountdownCard, tone=TONES, title=TEXTS, left_text=TEXTS.filter(bool), when_text=TEXTS, unit=TEXTS,
        left=st.integers(0, 99_999), place=TEXTS,
    ),
    st.builds(
        SkyChart, tone=TONES, caption=TEXTS, site_name=TEXTS, when_text=TEXTS, direction=ANGLES,
        bodies=st.lists(LIGHTS, max_size=8).map(tuple),
    ),
    st.builds(
        MarsYearDial, tone=TONES, caption=TEXTS, date_text=TEXTS, mars_year=st.integers(1, 99), ls=ANGLES,
        season=st.sampled_from(["northern spring", "northern autumn"]), sol=TEXTS,
    ),
)  # fmt: skip


@given(CARDS)
def test_every_card_is_read_back_as_it_was_written(card: Card) -> None:
    assert decode(encode(card)) == card


@given(CARDS)
def test_no_card_is_without_words_or_has_too_many(card: Card) -> None:
    assert 0 < len(alt(card)) <= 1_000


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CARDS)
def test_every_card_can_be_drawn_and_keeps_its_margins(card: Card) -> None:
    picture = shown(card)

    assert {colour for strip in rim(picture, 40) for colour in colours(strip)} == {
        inks("light", card.tone).paper
    }


@settings(max_examples=6, deadline=None)
@given(st.sampled_from([LANDING, COUNTDOWN]), PRINTABLE, st.sampled_from(["light", "dark"]))
def test_no_remembrance_has_a_colour(card: Card, title: str, theme: str) -> None:
    sober = replace(card, title=title, tone=Tone.REMEMBRANCE)

    picture = shown(sober, "light" if theme == "light" else "dark")

    assert all(red == green == blue for red, green, blue in colours(picture))


@given(
    PRINTABLE,
    st.floats(min_value=60, max_value=1072),
    st.floats(min_value=40, max_value=200),
    st.integers(1, 5),
)
def test_no_line_is_longer_than_its_room(text: str, room: float, height: float, lines: int) -> None:
    face, found = fitted(text, (76, 54, 36, 30), Block(0, height, room, lines))

    assert len(found) <= lines
    assert all(length(line, face) <= room for line in found)


@given(TEXTS)
def test_a_text_is_spelt_by_what_the_face_has(text: str) -> None:
    assert not lacking(plain(text))
    assert length(text, Face(30)) >= 0
