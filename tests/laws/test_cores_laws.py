"""What is looked for first is found in whatever is looked for then: nothing is missed for the haste."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.claims import Rules, deeds, languages, rules
from bot.claims.find import plain

#: Words are drawn as patterns have them, and then many do not stand at an edge of words where they should.
FILTERED = (HealthCheck.filter_too_much, HealthCheck.too_slow)
ASCII = st.characters(max_codepoint=126)
EVENTS = (
    "landing",
    "launch",
    "orbit-insertion",
    "flyby",
    "first-flight",
    "last-contact",
    "birthday",
    "discovery",
)
#: What is asked for behind a name, and the signs without which it is not.
TOLD = (
    ("doing", "signs"),
    ("toiling", "signs"),
    ("lasting", "signs"),
    ("several", "signs-of-several"),
    ("it", "signs-of-it"),
    ("lasting", "signs-of-it"),
)


def _known() -> Iterator[tuple[str, Rules]]:
    for lang in sorted(languages()):
        known = rules(lang)
        assert known
        yield lang, known


def _alone(pattern: str) -> str:
    """A pattern without what it asks of the words around it."""
    while around := re.search(r"\(\?<?[=!]", pattern):
        depth, end = 1, around.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(pattern[end], 0)
            end += 1
        pattern = pattern[: around.start()] + pattern[end:]
    return pattern


@cache
def _drawn(pattern: str) -> st.SearchStrategy[str]:
    """Words that a pattern finds."""
    found = re.compile(f"(?:{_alone(pattern)})", re.IGNORECASE | re.ASCII)
    return st.from_regex(found, fullmatch=True, alphabet=ASCII)


@st.composite
def _dated_deeds(draw: st.DrawFn) -> tuple[str, str]:
    """A kind of event, and a deed of it with the year or day that a text tells beside it."""
    known = rules("en")
    assert known
    kind = draw(st.sampled_from(EVENTS))
    deed = draw(_drawn(known.pattern(draw(st.sampled_from(known.deeds[kind])))))
    when = draw(_drawn(known.pattern(known.deeds["when"][0])))
    between = " ".join(
        ("", *draw(st.lists(st.sampled_from(("Mars", "far", "Ares-2", "safely")), max_size=6)))
    )
    apart = draw(st.sampled_from((" in ", " back in ", ", on ", " (of ", ", was on ")))
    beside = draw(st.sampled_from((" (", ", ", " ")))
    told = (
        f"{deed}{between}{apart}{when}",
        f"{deed}{beside}{when}",
        f"{when}{between} {deed}",
        f"{when}, it {deed}",
    )
    return kind, draw(st.sampled_from(told))


RULES = [
    (lang, rule.core, finds)
    for lang, known in _known()
    for rule in known.sure
    if rule.core
    for finds in rule.finds.strip().splitlines()
]


@pytest.mark.parametrize(("lang", "core", "finds"), RULES)
@settings(deadline=None, max_examples=10)
@given(data=st.data())
def test_whatever_a_pattern_finds_holds_the_core_of_its_rule(
    lang: str, core: str, finds: str, data: st.DataObject
) -> None:
    known = rules(lang)
    assert known

    words = data.draw(_drawn(known.pattern(finds.strip())))

    assert known.has_core(_alone(known.pattern(core)), words)


@pytest.mark.parametrize(("lang", "told", "signs"), [(lang, *each) for lang, _ in _known() for each in TOLD])
@settings(deadline=None, max_examples=30, suppress_health_check=FILTERED)
@given(data=st.data())
def test_whatever_is_said_of_what_works_holds_one_of_its_signs(
    lang: str, told: str, signs: str, data: st.DataObject
) -> None:
    known = rules(lang)
    assert known

    words = data.draw(_drawn(known.pattern(data.draw(st.sampled_from(known.working[told])))))

    sign = _alone(known.pattern("|".join(known.working[signs])))
    assert re.search(rf"\b(?:{sign})\b", words, re.IGNORECASE)


@settings(deadline=None, max_examples=50, suppress_health_check=FILTERED)
@given(_dated_deeds())
def test_whatever_deed_is_found_beside_its_year_is_found_nearly_first(told: tuple[str, str]) -> None:
    kind, text = told
    shown = plain(f"({text}).")

    for nearly, order in (
        (deeds._NEARLY_DONE_WHEN, deeds._DONE_WHEN),  # noqa: SLF001
        (deeds._NEARLY_WHEN_DONE, deeds._WHEN_DONE),  # noqa: SLF001
    ):
        # What is looked for first is nobody else's business, but that it misses nothing is.
        if deeds._pattern("en", order, kind).search(shown):  # noqa: SLF001
            assert deeds._pattern("en", nearly, kind).search(shown)  # noqa: SLF001
