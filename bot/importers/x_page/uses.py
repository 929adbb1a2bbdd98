"""When a copied post may be posted again: on any day, only on its own, or not by itself."""

import re
from collections.abc import Mapping

from bot.claims import Claim, claims
from bot.importers.x_page.faults import faults
from bot.importers.x_page.finds import Find
from bot.importers.x_page.words import hashtags, is_tail, masked, straight
from bot.model import Tone, Uses

#: What each kind of claim says against posting on any day.
_AGAINST: Mapping[str, str] = {
    **dict.fromkeys(
        ("today", "tonight", "tomorrow", "yesterday", "week", "spell", "now", "countdown"),
        "says “{}”, which is true at one time only",
    ),
    "ago": "says “{}”, which is true in one year only",
    "anniversary": "says “{}”, which is true on one day only",
    **dict.fromkeys(("date", "weekday"), "names “{}”, its own day"),
    "time": "names “{}”, an hour of its own day",
    "future": "says “{}” of what was still to come",
    "ongoing": "says “{}” of what was going on",
    **dict.fromkeys(("count", "tally"), "says “{}”, a number of its time"),
    "invitation": "says “{}”, an invitation of its time",
    "price": "names “{}”, a price of its time",
    "news": "says “{}” of what was news",
    "season": "says “{}”, which belongs to its season",
    "sky": "says “{}” of the sky of its night",
    "greeting": "says “{}”, a greeting of its day",
    "farewell": "says “{}”, a remembrance that has its day",
}

#: Claims that only ask for a frame on the right day: a date, or a past event told as news.
_FRAMED = frozenset({"anniversary", "date", "news", "season", "farewell"})
_FIGURE = re.compile(r"\d")

#: What is true on any day is told of nature, in a full sentence of so many words, with so many of these signs.
_FULL, _SIGNS = 6, 2
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]")
_NATURE = re.compile(
    r"\b(?:mars|martian|venus|mercury|jupiter|saturn|earth|planets?|moons?|phobos|deimos|asteroids?|comets?|stars?"
    r"|sun(?:light)?|gravity|atmospheres?|air|winds?|clouds?|dust|dunes?|sands?|ripples?|frost|ice|icy|snow|carbon"
    r"|waters?|rivers?|streams?|lakes?|oceans?|deltas?|channels?|valleys?|valles|vallis|canyons?|craters?|mesas?|cliffs?"
    r"|hills?|mountains?|mons|plains?|planitia|basins?|terrains?|landscapes?|volcano(?:es)?|lavas?|rocks?|sediment\w*"
    r"|layers?|minerals?|hematite|iron|clays?|salts?|poles?|polar|seasons?|meridian|longitude|latitude|temperatures?"
    r"|degrees|\d[\d.,]* (?:km|kilometers|miles|meters|feet|tons|percent|hours|minutes|days|sols))\b",
    re.IGNORECASE,
)
#: What people and machines do is news at first, and seldom anything else later.
_DOINGS = re.compile(
    r"\b(?:teams?|crews?|engineers?|scientists?|researchers?|students?|controllers?|colleagues?|winners?|selects?|picks?"
    r"|launch\w*|lift-?off|touch-?downs?|land(?:s|ed|ing)|flights?|flies|flew|drives?|drove|drill\w*|samples?|sampl\w+"
    r"|tests?|tested|complete[sd]?|began|named|ready|signals?|contacts?|confirmed|climbs|heads|rolls|explores|studies"
    r"|to study|parachutes?|mourn\w*|award\w*|(?:strong|bigg|larg|long|fast|high|great|deep|new|old|earli)est)\b",
    re.IGNORECASE,
)

#: Whoever cries out points at something, which is not there on another day.
_POINTING = re.compile(
    r"[!?]|\b(?:what an? |wow\b|look at|check (?:it|this|these) out|see for yourself|here's|here is|please\b"
    r"|(?:this|that|these) (?:is|are)\b|(?:according to|a) (?:paper|study|report)\b"
    r"|our (?!(?:sun|moon|planet|solar|own|galaxy|world|star|sky|skies|eyes)\b))",
    re.IGNORECASE,
)
#: What passes over a place or the sky may be there for one day.
_PASSING = re.compile(
    r"\b(?:hurricanes?|typhoons?|cyclones?|storms?|fog|smoke|ash|wildfires?|floods?|erupts?|eruptions?|comets?|meteors?"
    r"|eclips\w+|dusk|dawn|sunsets?|sunrises?|evenings?|horizon)\b",
    re.IGNORECASE,
)
#: What was done is news at first, unless it was long ago: then a year stands with it, or millions of them.
_PAST = re.compile(
    r"\b(?:was|were|had|did|went|came|took|caught|found|saw|made|gave|got|left|flew|set|sent|spent|held|kept|told"
    r"|[a-z]{2,}ed(?! by\b))\b"
)
_LONG_AGO = re.compile(r"\b(?:1[0-9]|20)\d\d\b|\b(?:[mb]illions?|thousands?|centur(?:y|ies)|BCE?)\b")

_REMEMBRANCE = re.compile(
    r"\b(?:rest (?:well|in peace)|in memory|farewell|memorial|we lost|(?:astronauts|crew|lives) lost"
    r"|lost (?:his|her|their) lives?|goodbye)\b",
    re.IGNORECASE,
)
_REMEMBRANCE_TAG = re.compile(r"#(?:\w*Remember(?!ed?When)\w*|RIP\w*|Thanks[A-Z]\w*|Farewell\w*|Goodbye\w*)")


def use(find: Find) -> tuple[Uses, tuple[str, ...]]:
    """When a post may be picked, and why not on any day."""
    broken = tuple(faults(find))
    found = _binding_claims(find.text)
    reasons = tuple(dict.fromkeys((*broken, *map(_against, found))))
    if broken or not all(map(_can_be_framed, found)):
        return Uses.HOLD, reasons
    if found:
        return Uses.DATED, reasons
    if not _is_of_nature(find.text):
        return Uses.HOLD, ("nothing shows that it is true on any day",)
    return Uses.EVERGREEN, ()


def tone(text: str) -> Tone:
    """Remembrance where a text plainly mourns or takes leave; neutral otherwise."""
    is_remembrance = _REMEMBRANCE.search(text) or any(map(_REMEMBRANCE_TAG.fullmatch, hashtags(text)))
    return Tone.REMEMBRANCE if is_remembrance else Tone.NEUTRAL


def _binding_claims(text: str) -> tuple[Claim, ...]:
    """The claims that tie a text to its time.

    A tag at the end of a text that speaks of nature ("#MoonDay") says when it was posted, not when it is true.
    """
    found = claims(text)
    if all(_is_closing_tag(claim, text) for claim in found) and _is_of_nature(text):
        return ()
    return found


def _is_closing_tag(claim: Claim, text: str) -> bool:
    return claim.words.startswith("#") and not claim.sure and is_tail(text[claim.start :])


def _can_be_framed(claim: Claim) -> bool:
    """A month alone is no date: nobody knows which day it was."""
    return claim.kind in _FRAMED and (claim.kind != "date" or bool(_FIGURE.search(claim.words)))


def _against(claim: Claim) -> str:
    return _AGAINST[claim.kind].format(" ".join(claim.words.split()))


def _is_of_nature(text: str) -> bool:
    """Tell whether a text plainly speaks of how things are; what shows no sign of it is left to a person."""
    shown = masked(text)
    is_full = any(len(sentence.split()) >= _FULL for sentence in _SENTENCE.findall(shown))
    signs = {word.lower() for word in _NATURE.findall(shown)}
    return (
        is_full
        and len(signs) >= _SIGNS
        and not any(sign.search(shown) for sign in (_DOINGS, _PASSING))
        and not _POINTING.search(straight(shown))
        and (not _PAST.search(shown) or bool(_LONG_AGO.search(shown)))
    )
