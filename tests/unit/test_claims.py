import pytest

from bot.claims import Claim, Surety, claims, languages, likely_claims, rules, sure_claims

SURE_ONES = [
    ("The dome is open tonight for all.", "tonight", "tonight"),
    ("Tomorrow the tower is closed.", "tomorrow", "Tomorrow"),
    ("We sail this week.", "week", "this week"),
    ("The crane was built last month.", "spell", "last month"),
    ("Right now the tide is out.", "now", "Right now"),
    ("Today, we open the doors.", "today", "Today, we"),
    ("Five years ago the lamp went out.", "ago", "Five years ago"),
    ("It was lit twenty-one years ago today.", "ago", "twenty-one years ago"),
    ("Our tower marks its 30th birthday.", "anniversary", "marks its 30th birthday"),
    ("The lens comes back on July 30.", "date", "July 30"),
    ("Arrival was on Feb. 18 after dark.", "date", "Feb. 18"),
    ("Come on 4 May.", "date", "4 May"),
    ("It opens on Thursday.", "weekday", "on Thursday"),
    ("Doors open at 7:00 a.m. EDT for members.", "time", "7:00 a.m. EDT"),
    ("First light at 1900 UTC.", "time", "1900 UTC"),
    ("Meet us at 21:30 GMT.", "time", "21:30 GMT"),
    ("The boat is slated for spring.", "future", "is slated for"),
    ("The boat will launch from the pier.", "future", "will launch"),
    ("Three more weeks to go!", "countdown", "Three more weeks to go"),
    ("More tours are planned for the coming days.", "future", "are planned for"),
    ("The museum is recruiting keepers.", "ongoing", "is recruiting"),
    ("Seven lamps, four active satellites.", "count", "four active satellites"),
    ("Our six robots now working in the hall say hello.", "count", "six robots now working"),
    ("Join us at the pier.", "invitation", "Join us"),
    ("Tune in for the talk.", "invitation", "Tune in"),
    ("Submit your name for the plaque.", "invitation", "Submit your"),
    ("Find out how to get involved.", "invitation", "how to get involved"),
    ("A new study looks at the tide.", "news", "new study"),
    ("The lens has just arrived.", "news", "has just arrived"),
    ("Recently, the lens was cleaned.", "news", "Recently"),
    ("Happy New Year from the dome!", "season", "Happy New Year"),
    ("It snowed on Christmas Eve.", "season", "Christmas Eve"),
    ("A card for you. #ValentinesDay", "season", "#ValentinesDay"),
    ("Look up at the Moon from the pier.", "sky", "Look up at the Moon"),
    ("It is visible toward the east.", "sky", "visible toward"),
    ("See the comet if you have clear skies.", "sky", "if you have clear skies"),
    ("Stars stand over the pier this evening.", "tonight", "this evening"),
    ("Yesterday the fog lifted.", "yesterday", "Yesterday"),
    ("The last night was long, and last night was longer.", "yesterday", "last night"),
    ("On this day the lamp went out.", "today", "On this day"),
    ("Ten years ago today: fog.", "today", "today"),
    ("Half a century ago the pier burned.", "ago", "Half a century ago"),
    ("The wreck was raised 2.5 years ago.", "ago", "2.5 years ago"),
    ("The lamp is now on its way.", "ongoing", "is now on its way"),
    ("The lamp is now at sea.", "now", "is now at"),
    ("Now, the keepers will paint it.", "now", "Now, the keepers will"),
    ("Soon the boat sails.", "now", "Soon the boat sails"),
    ("The tower's fiftieth anniversary draws a crowd.", "anniversary", "fiftieth anniversary"),
    ("It opens Thursday, July 30.", "date", "Thursday, July 30"),
    ("Open Saturday, 14 June.", "date", "Saturday, 14 June"),
    ("Four more sols until it drills.", "countdown", "Four more sols until"),
    ("The team will wake her.", "future", "team will"),
    ("Our keepers and scientists are looking for it.", "ongoing", "scientists are looking"),
    ("The horn is still silent.", "ongoing", "is still silent"),
    ("It has survived 5,000 days.", "tally", "has survived 5,000 days"),
    ("A seat costs $12.50 at the door.", "price", "$12.50"),
    ("Free entry until noon for all.", "price", "Free entry until noon"),
    ("Tickets are at the desk.", "price", "Tickets"),
    ("Entrance is 12 \u20ac for two.", "price", "12 \u20ac"),
    ("Congratulations to the crew.", "greeting", "Congratulations"),
    ("Help us name the boat.", "invitation", "Help us name"),
    ("Closed today for want of wind.", "today", "Closed today"),
    ("Closed until further notice.", "now", "until further notice"),
    ("Only three seats are left.", "now", "Only three seats are left"),
    ("It sails by the end of the week.", "spell", "by the end of the week"),
    ("The pier opens to all in two weeks.", "countdown", "opens to all in two weeks"),
    ("Engineers hope to restart the pump.", "future", "Engineers hope to"),
    ("The regatta has been postponed.", "news", "has been postponed"),
    ("Have you seen the new lamp yet?", "invitation", "Have you seen the new lamp yet?"),
    ("The crew has been asleep for six hours.", "tally", "has been asleep for six hours"),
    ("Crew update: all are well.", "news", "Crew update"),
]

UNSURE_ONES = [
    ("By now the tower is a museum.", "now", "now"),
    ("Today the harbour is a quiet place.", "today", "Today"),
    ("The lamp was lit decades ago.", "ago", "decades ago"),
    ("It lay there since March.", "date", "since March"),
    ("Wind will bend the trees.", "future", "will"),
    ("The lens still shines.", "ongoing", "still"),
    ("For 15 years it stood empty.", "count", "For 15 years"),
    ("You can walk up the stairs.", "invitation", "You can"),
    ("Its craters. #MoonDay", "season", "#MoonDay"),
    ("Rest well, old lamp.", "farewell", "Rest well"),
]

LIKELY_ONES = [
    ("The storm is moving inland.", "ongoing", "The storm is moving"),
    ("Mira Osei is learning to dive.", "ongoing", "is learning"),
    ("The lamp has been flickering.", "ongoing", "has been flickering"),
    ("The keeper's boat is in the workshop.", "ongoing", "is in the workshop"),
    ("All systems are green.", "ongoing", "All systems"),
    ("The rover sleeps until dawn.", "ongoing", "The rover"),
    ("Our lift is empty.", "ongoing", "Our lift is"),
    ("Nettie is safe.", "ongoing", "Nettie is safe"),
    ("The boat has reached the pier.", "news", "The boat has reached"),
    ("Pump repaired. Signal acquired.", "news", "Signal acquired."),
    ("Touchdown! She stands upright.", "news", "Touchdown!"),
    ("For the first time the whale sings.", "news", "For the first time"),
    ("The horn will sound when the team returns.", "future", "when the team returns"),
    ("The tower opens at noon.", "future", "opens at"),
    ("Come along to the pier.", "invitation", "Come"),
    ("The lens is on display.", "invitation", "on display"),
    ("Thank you for coming.", "greeting", "Thank you for"),
    ("At 91, Mrs Ode is our winder.", "count", "At 91, Mrs Ode is"),
    ("Nobody has rung it since the fire.", "tally", "Nobody has rung it since"),
    ("The tower shuts in March.", "date", "in March"),
    ("Friday is baking day.", "weekday", "Friday"),
    ("Look east before dawn.", "sky", "Look east"),
]

TRUE_ON_ANY_DAY = [
    "The first light was seen in 1997.",
    "A turn of the lamp lasts 24 hours 39 minutes.",
    "The planet has two small moons.",
    "It is known that the known stars snow on nobody.",
    "Its red is due to iron oxide.",
    "The planet has just two moons, and it's just a speck.",
    "About 3.5 billion years ago a lake filled the bowl.",
    "Thousands of years ago ice lay here.",
    "The vortex shows in the infrared.",
    "The march may last; the mast may not.",
    "At the moment of impact the rock melts.",
    "The sun sets over the bay, and 154 pm is the width of a bond.",
    "Light takes eight minutes from the Sun.",
    "An active lander needs heat.",
    "A light-year is a length.",
    "People lived here 10,000 years ago, and the rock is 4.5 billion years old.",
    "The orbiter cost $125 million and was lost for want of a unit.",
    "A page about it: harbour.org/today/now and @tonight, #tonight",
]


@pytest.mark.parametrize(("text", "kind", "words"), SURE_ONES)
def test_words_that_bind_a_text_to_its_day_are_sure_claims(text: str, kind: str, words: str) -> None:
    found = {(claim.kind, claim.words) for claim in claims(text) if claim.sure}

    assert (kind, words) in found


@pytest.mark.parametrize(("text", "kind", "words"), UNSURE_ONES)
def test_words_that_bind_only_sometimes_are_claims_but_not_sure(text: str, kind: str, words: str) -> None:
    found = {(claim.kind, claim.words): claim.sure for claim in claims(text)}

    assert found == {(kind, words): False}


@pytest.mark.parametrize(("text", "kind", "words"), LIKELY_ONES)
def test_words_that_nearly_always_bind_are_likely_claims_but_not_sure(
    text: str, kind: str, words: str
) -> None:
    found = {(claim.kind, claim.words): claim.surety for claim in likely_claims(text)}

    assert found.get((kind, words)) is Surety.MOSTLY
    assert sure_claims(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "In 1912 the boat has reached the pier, the log says.",
        "On the film of 1931 the choir is waving.",
        "By now the tower is a museum.",
        "Snow still falls there.",
    ],
)
def test_a_year_makes_what_is_likely_history_and_what_binds_sometimes_is_not_likely(text: str) -> None:
    assert claims(text)
    assert likely_claims(text) == ()


def test_whoever_counts_from_a_year_on_speaks_of_the_present() -> None:
    found = likely_claims("Nobody has rung it since 1846.")

    assert [claim.words for claim in found] == ["Nobody has rung it since"]


@pytest.mark.parametrize("text", TRUE_ON_ANY_DAY)
def test_what_is_true_on_any_day_claims_nothing(text: str) -> None:
    assert claims(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "On July 20, 1969, at 4:17 p.m. EDT, the Eagle came down.",
        "They saw the whole Earth on Christmas Eve in 1968.",
        "The 50th anniversary fell in 2019.",
    ],
)
def test_a_year_in_the_sentence_makes_its_date_history(text: str) -> None:
    found = claims(text)

    assert found
    assert not any(claim.sure for claim in found)


def test_a_year_in_another_sentence_does_not_soften_a_date() -> None:
    found = claims("It was built in 1969. It opens on July 20 at 9 a.m. EDT, come early.")

    assert [(claim.words, claim.sure) for claim in found if claim.sure] == [
        ("July 20", True),
        ("9 a.m. EDT", True),
    ]


def test_an_hour_that_reads_like_a_year_softens_nothing() -> None:
    assert all(claim.sure for claim in claims("Ours is July 20 (1900 UTC)."))


def test_a_year_does_not_soften_an_invitation() -> None:
    assert [claim.sure for claim in claims("Join us as in 1999.")] == [True]


def test_a_claim_says_where_its_words_stand() -> None:
    text = "Well, tonight it is."

    assert claims(text) == (Claim("tonight", "tonight", 6, 13, Surety.SURELY),)
    assert text[6:13] == "tonight"


@pytest.mark.parametrize("words", ["called the Old Light", "known as the Old Light", "extinct"])
def test_a_name_that_a_thing_bears_by_now_does_not_bind(words: str) -> None:
    assert not any(claim.sure for claim in claims(f"The tower is now {words}."))


def test_a_claim_within_a_longer_one_is_told_once() -> None:
    assert [claim.words for claim in claims("Lit five years ago.")] == ["five years ago"]


def test_a_sure_claim_is_not_hidden_by_an_unsure_one_around_it() -> None:
    found = claims("The most complete view tonight yet.")

    assert [(claim.words, claim.sure) for claim in found] == [
        ("most complete view tonight yet", False),
        ("tonight", True),
    ]


def test_typographers_apostrophes_and_spaces_read_as_plain_ones() -> None:
    found = claims("We\u2019re preparing for rain, at 7\u00a0p.m.")

    assert [claim.words for claim in found] == ["We\u2019re preparing for", "7\u00a0p.m."]


@pytest.mark.parametrize("lang", sorted(languages()))
def test_every_kind_of_a_language_has_words_and_anchors(lang: str) -> None:
    known = rules(lang)

    assert known
    assert all(rule.finds.strip() and all(rule.anchors) for rule in known.sure)
    assert all(finds.strip() for finds in (*known.likely.values(), *known.unsure.values()))


@pytest.mark.parametrize("lang", ["en", "en-US", "EN-gb", "en_AU"])
def test_a_language_is_read_wherever_it_is_spoken(lang: str) -> None:
    assert claims("Come tonight.", lang) == claims("Come tonight.") != ()


@pytest.mark.parametrize("lang", ["", "-", "de", "xx-YY", "../claims/en", "rules", "english"])
def test_nothing_is_known_of_a_language_without_rules(lang: str) -> None:
    assert rules(lang) is None
    assert claims("Come tonight.", lang) == sure_claims("Come tonight.", lang) == ()
    assert likely_claims("Come tonight.", lang) == ()
