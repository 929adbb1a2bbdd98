"""What a remembrance has no room for."""

import pytest

from bot.planning.tact import tactless


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Columbia was lost on the way home.", []),
        ("Gone!", ["exclamation mark"]),
        ("Gone\N{DOUBLE EXCLAMATION MARK}", ["exclamation mark"]),
        ("\N{INVERTED EXCLAMATION MARK}Gone", ["exclamation mark"]),
        ("Gone \N{BIRTHDAY CAKE}", ["\N{BIRTHDAY CAKE}"]),
        ("LOL, gone", ['"LOL"']),
        ("LOL! \N{BIRTHDAY CAKE}", ["exclamation mark", "\N{BIRTHDAY CAKE}", '"LOL"']),
    ],
)
def test_each_thing_that_does_not_belong_is_named_once(text: str, names: list[str]) -> None:
    assert [name for name, _ in tactless(text, "en")] == names


def test_in_a_language_without_rules_only_the_signs_are_seen() -> None:
    assert [name for name, _ in tactless("LOL!", "tlh")] == ["exclamation mark"]
