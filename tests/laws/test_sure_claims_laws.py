import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.claims import claims, languages, rules, sure_claims
from bot.claims.rules import Rule

SURE = ["tonight", "Today, we landed", "on this day", "July 4, 2003", "5 years ago", "10 a.m. PDT", "Join us"]
UNSURE = [
    "now",
    "will",
    "still",
    "this spring",
    "July 2003",
    "it is going to",
    "recently",
    "today's",
    "#Moon",
]
ASCII = st.characters(max_codepoint=126)
SURE_PATTERNS = [
    (lang, rule, pattern.strip())
    for lang in sorted(languages())
    if (known := rules(lang))
    for rule in known.sure
    for pattern in rule.finds.splitlines()
]
SENTENCES = st.lists(st.sampled_from([*SURE, *UNSURE, "the", "Moon", ",", ".", "\n", "\u2019s"]), max_size=24)


@settings(deadline=None)
@given(st.text(max_size=120) | SENTENCES.map(" ".join))
def test_the_sure_claims_of_a_text_are_those_among_all_its_claims(text: str) -> None:
    assert sure_claims(text) == tuple(claim for claim in claims(text) if claim.sure)


def test_the_sure_claims_of_the_shipped_posts_are_those_among_all_their_claims() -> None:
    files = (Path(__file__).parents[2] / "corpus").rglob("*.md")
    texts = [file.read_text(encoding="utf-8") for file in files]

    found = [sure_claims(text) for text in texts]

    assert any(found)
    assert found == [tuple(claim for claim in claims(text) if claim.sure) for text in texts]


def _alone(pattern: str) -> str:
    """A pattern without what it asks of the words around it."""
    while around := re.search(r"\(\?<?[=!]", pattern):
        depth, end = 1, around.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(pattern[end], 0)
            end += 1
        pattern = pattern[: around.start()] + pattern[end:]
    return pattern


@pytest.mark.parametrize(("lang", "rule", "pattern"), SURE_PATTERNS)
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_whatever_a_sure_pattern_finds_holds_a_word_of_each_line_that_its_rule_needs(
    lang: str, rule: Rule, pattern: str, data: st.DataObject
) -> None:
    known = rules(lang)
    assert known
    found = re.compile(f"(?:{_alone(known.pattern(pattern))})", re.IGNORECASE | re.ASCII)

    words = data.draw(st.from_regex(found, fullmatch=True, alphabet=ASCII))

    told = set(re.findall(r"[^\W\d_]+|[#$€£]", words.casefold()))
    assert rule.may_find_in(told)
    assert rule in known.rules_near(told)
