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


@pytest.mark.parametrize(
    "text",
    [
        "Ha ha.", "Ha, ha, gone.", "They left. Ha.", "Haha", "hahaha", "bwahaha", "Hehe", "heh heh", "Heh.", "he he", "hoho",
        "Tee-hee", "lol", "LOLZ", "lulz", "rotfl", "ROFLMAO", "lmfao", "jk", "j/k",
        "Gone :)", "Gone :-)", "Gone ;)", "Gone ;-)", "Gone :D", "Gone :-P", "Gone =)", "Gone :')", "Gone:-)", "Gone:)",
        "(: gone", "Gone (:", "Gone (-;", "Gone [:", "Gone :3", "Gone ^^", "Gone ^_^", "Gone <3", "Gone \\o/",
        "Gone ¯\\_(ツ)_/¯", "Gone xD", "Gone XD", "Gone xDD", "Gone 😂", "Gone ⌚", "Gone 1\N{COMBINING ENCLOSING KEYCAP}",
    ],
)  # fmt: skip
def test_whatever_laughs_or_winks_is_levity(text: str) -> None:
    assert list(tactless(text, "en"))


@pytest.mark.parametrize(
    "text",
    [
        "Challenger was lost with her crew: seven people (Scobee commanded; Smith flew).",
        "She, he wrote, would return.",
        "At 11:38 a.m. (16:38 UTC) she lifted off; at 11:39 she was gone.",
        "The crew: Husband, McCool, Anderson.",
        "The ratio was 1:3, the speed 7 km/s, the mass under <300 kg.",
        "Aloha, said Onizuka. Hohokam pottery. Soho.",
        "(see the list: page 3)",
    ],
)
def test_what_is_grave_may_use_the_same_signs(text: str) -> None:
    assert list(tactless(text, "en")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Happy anniversary to all.",
        "Happy 20th anniversary, Spirit.",
        "Happy twentieth, Columbia.",
        "Happy Day of Remembrance.",
        "Happy launchiversary.",
        "Happy Mars new year.",
        "Congratulations",
        "Congrats to the team.",
        "cheers",
        "They are gone, cheers.",
        "Cheers to the crew.",
        "Gone. Cheers.",
        "Three cheers for the crew.",
        "And cheers to all.",
        "We celebrate with cake.",
        "Today we celebrate the day.",
        "Let's celebrate.",
        "NASA celebrates today.",
        "We're celebrating the day with cake.",
        "Celebrating 40 years.",
        "A day to celebrate.",
        "#FunFact: the crew was seven.",
        "Gone. #funfactfriday",
        "#Congratulations",
        "#Celebrating",
        "#HappyFriday",
        "Kudos.",
    ],
)
def test_whatever_wishes_joy_is_levity(text: str) -> None:
    assert [name for name, _ in tactless(text, "en")]


@pytest.mark.parametrize(
    "text",
    [
        "They celebrated her birthday in orbit the night before.",
        "The crowd celebrated, and then fell silent.",
        "We celebrate their lives.",
        "On this day we celebrate the lives and legacy of seven people.",
        "She was happy in orbit, she said.",
        '"Happy landings," she wrote.',
        '"Happy birthday," they sang to her the night before.',
        "Happy in her work, she spent the day at the arm.",
        "It had been a happy day.",
        "They planned to celebrate on the runway.",
        "The crew was celebrating a birthday.",
        "Cheers rose from the stands.",
        "The shuttle climbed to cheers from the stands.",
        "It lifted off amid cheers.",
        "The crowd cheers; then it is silent.",
        "Celebrated for his smile, he was a father.",
        "A celebration was planned.",
        "Congratulated by the president, he went back to work.",
        "#Fundamental #Funeral #Columbia #Celebratetheirlives #NASARemembers",
        "It was the happiest day of his life.",
        "The president had sent his congratulations the day before.",
    ],
)
def test_joy_may_be_told_of_the_dead(text: str) -> None:
    assert list(tactless(text, "en")) == []


def test_what_wishes_joy_is_named() -> None:
    assert [name for name, _ in tactless("Happy anniversary to all.", "en")] == ['"Happy anniversary"']
    assert [name for name, _ in tactless("#FunFact: seven flew.", "en")] == ['"#FunFact"']
