from hypothesis import given, settings
from hypothesis import strategies as st

from bot.claims import claims

WORDS = [
    "tonight",
    "today",
    "now",
    "July",
    "30",
    "2003",
    "will",
    "launch",
    "five",
    "years",
    "ago",
    "Join",
    "us",
]
texts = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from([*WORDS, "the", "Moon", ",", ".", "\n", "\u2019s", "#"]), max_size=24).map(
        " ".join
    ),
)


@settings(deadline=None)
@given(texts)
def test_the_words_of_a_claim_stand_where_it_says(text: str) -> None:
    assert all(text[claim.start : claim.end] == claim.words != "" for claim in claims(text))


@settings(deadline=None)
@given(texts)
def test_claims_come_in_order_and_none_lies_in_a_surer_one(text: str) -> None:
    found = claims(text)

    assert list(found) == sorted(found, key=lambda claim: (claim.start, -claim.end, not claim.sure))
    for earlier, later in ((one, two) for i, one in enumerate(found) for two in found[i + 1 :]):
        assert later.end > earlier.end or later.sure > earlier.sure


@settings(deadline=None)
@given(texts)
def test_a_text_claims_the_same_wherever_it_stands_as_a_paragraph(text: str) -> None:
    plain = text.replace("\n", " ").strip()

    alone = [(claim.kind, claim.words, claim.sure) for claim in claims(plain)]
    after = [(claim.kind, claim.words, claim.sure) for claim in claims(f"A line.\n{plain}")]

    assert alone == after
