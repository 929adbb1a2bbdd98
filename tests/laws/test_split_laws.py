"""What splitting a text promises, whatever the text and whoever counts."""

import re
from collections.abc import Iterator

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.model import Limits
from bot.planning.count import fits, graphemes, length
from bot.planning.split import Numbering, Uncut, split

LIMITS = {
    "x": Limits(text=60, counting="x"),
    "mastodon": Limits(text=60, counting="mastodon"),
    "graphemes": Limits(text=60, counting="graphemes", text_bytes=120),
    "characters": Limits(text=70, counting="characters"),
    "bytes": Limits(counting="graphemes", text_bytes=90),
}
WHOLE = (
    "Mars", "sol", "a", "Dr.", "U.S.", "end.", "well,", "naïve", "cafe\u0301", "Ares", "10\u00a0km", "https://mars.nasa.gov/mer/a_(b)?c=d#e",
    "nasa.gov", "go.nasa.gov/3x,", "http://пример.рф/путь", "@nasa", "@robot@social.example.org", "{@opportunity}", "#Mars2020", "#火星探査機",
    "👩‍👩‍👧", "🇵🇹", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "👍🏽", "ロケット", "मंगल",
)  # fmt: skip
GAPS = (" ", " ", " ", " ", "\n", "\n\n", "  ", " \n\n ", "\u3000")
LOOSE = (
    "火星に",
    "到着した。",
    "「風」",
    "と、",
)  # where no spaces are written, a line may end between two signs
words = st.sampled_from(WHOLE) | st.sampled_from(LOOSE) | st.from_regex(r"[a-zé]{1,9}", fullmatch=True)
texts = st.lists(st.tuples(words, st.sampled_from(GAPS)), min_size=1, max_size=60)
counts = st.sampled_from(sorted(LIMITS))
numberings = st.sampled_from(Numbering)


def joined(said: list[tuple[str, str]]) -> str:
    return "".join(f"{word}{gap}" for word, gap in said).strip()


def unnumbered(parts: tuple[str, ...], numbering: Numbering) -> list[str]:
    if numbering is Numbering.NONE or len(parts) == 1:
        return list(parts)
    ends = [f"\n{number}/{len(parts)}" for number in range(1, len(parts) + 1)]
    assert all(part.endswith(end) for part, end in zip(parts, ends, strict=True))
    return [part.removesuffix(end) for part, end in zip(parts, ends, strict=True)]


def cuts(text: str, parts: list[str]) -> Iterator[tuple[int, int]]:
    """Where each part ends in the text, and where the next begins; nothing but space lies between."""
    at = 0
    for number, part in enumerate(parts):
        assert text.startswith(part, at)
        end = at + len(part)
        at = end + re.match(r"\s*", text[end:]).end()  # type: ignore[union-attr]  # it matches anything
        if number < len(parts) - 1:
            yield end, at
    assert end == len(text)


@settings(max_examples=120, deadline=None)
@given(texts, counts, numberings, st.integers(0, 10))
@example([("a" * 9, " ")] * 60, "characters", Numbering.BELOW, 0)
def test_parts_fit_and_are_the_text_again(
    said: list[tuple[str, str]], counting: str, numbering: Numbering, taken: int
) -> None:
    text, limits = joined(said), LIMITS[counting]

    parts = split(text, limits, numbering=numbering, taken=taken)

    assert all(fits(part, limits) for part in parts)
    assert limits.text is None or length(parts[0], limits) + taken <= limits.text
    assert all(part.strip() == part and part for part in unnumbered(parts, numbering))
    list(cuts(text, unnumbered(parts, numbering)))


@settings(max_examples=120, deadline=None)
@given(texts, counts, numberings)
def test_no_word_link_emoji_mention_or_tag_is_cut(
    said: list[tuple[str, str]], counting: str, numbering: Numbering
) -> None:
    text = joined(said)
    spans, at = [], 0
    for word, gap in said:
        if word not in LOOSE:
            spans.append((at, at + len(word)))
        at += len(word) + len(gap)

    parts = unnumbered(split(text, LIMITS[counting], numbering=numbering), numbering)

    for end, begin in cuts(text, parts):
        assert not any(start < place < stop for start, stop in spans for place in (end, begin))


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=300), st.integers(5, 60), counts, numberings)
def test_any_text_is_split_between_signs_or_refused_with_a_sentence(
    text: str, most: int, counting: str, numbering: Numbering
) -> None:
    text, limits = text.strip(), Limits(text=most, counting=LIMITS[counting].counting)
    refusals = []
    try:
        parts = split(text, limits, numbering=numbering)
    except Uncut as error:
        refusals.append(error)
        parts = ()

    if refusals:
        assert refusals[0].piece in text
        assert "fit, and is never cut" in str(refusals[0])
        return
    assert all(fits(part, limits) for part in parts)
    squeezed = "".join("".join(unnumbered(parts, numbering)).split())
    assert squeezed == "".join(text.split())
    assert [sign for part in unnumbered(parts, numbering) for sign in graphemes(part) if sign.strip()] == [
        sign for sign in graphemes(text) if sign.strip()
    ]


@settings(max_examples=40, deadline=None)
@given(texts, counts, numberings)
def test_the_same_text_is_always_split_in_the_same_way(
    said: list[tuple[str, str]], counting: str, numbering: Numbering
) -> None:
    text, limits = joined(said), LIMITS[counting]

    assert split(text, limits, numbering=numbering) == split(text, limits, numbering=numbering)


@settings(max_examples=40, deadline=None)
@given(texts, counts)
def test_what_fits_stays_as_it_is(said: list[tuple[str, str]], counting: str) -> None:
    text = joined(said)

    assert (split(text, LIMITS[counting]) == (text,)) == fits(text, LIMITS[counting])
