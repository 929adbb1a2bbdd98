"""English nouns as frames need them: the plural of one, and the indefinite article that is spoken before it.

What is listed is what rules get wrong among the words of space flight and of every day; a frame that needs another plural
gives both.
"""

import re
from unicodedata import normalize

_PLURALS = {
    "man": "men", "woman": "women", "child": "children", "person": "people", "foot": "feet", "tooth": "teeth",
    "goose": "geese", "mouse": "mice", "ox": "oxen", "quiz": "quizzes", "axis": "axes", "phenomenon": "phenomena",
    "criterion": "criteria", "spectrum": "spectra", "stratum": "strata", "bacterium": "bacteria", "nebula": "nebulae",
    "supernova": "supernovae", "calf": "calves", "elf": "elves", "half": "halves", "knife": "knives", "leaf": "leaves",
    "life": "lives", "loaf": "loaves", "self": "selves", "shelf": "shelves", "thief": "thieves", "wife": "wives",
    "wolf": "wolves", "echo": "echoes", "hero": "heroes", "potato": "potatoes", "tomato": "tomatoes",
    "torpedo": "torpedoes", "volcano": "volcanoes", "tornado": "tornadoes", "epoch": "epochs", "stomach": "stomachs",
    "monarch": "monarchs",
}  # fmt: skip
#: Ends of words that have a plural of their own: crewman, grandchild, sunspot analysis.
_ENDS = (("woman", "women"), ("man", "men"), ("child", "children"), ("person", "people"), ("sis", "ses"))
_NO_MEN = ("human", "german", "roman", "norman", "ottoman", "shaman", "talisman", "caiman")
_SAME = ("craft", "series", "species", "sheep", "deer", "fish", "offspring", "headquarters", "hertz")
#: Signs of units, which have no plural.
_UNITS = {"AU", "cm", "g", "kg", "km", "kW", "m", "mg", "mm", "mph", "MW", "W"}
_LAST_WORD = re.compile(r"[^\s-]+$")
_HISSES = re.compile(r"(?:s|x|z|ch|sh)$")
_TURNS_TO_IES = re.compile(r"(?<=[^aeiou])y$|(?<=qu)y$")

#: A count that is spoken with a vowel first: eight, eighty, 8,000, eleven, 11th, 18,000.
_VOWEL_COUNT = re.compile(r"8|(?:11|18)(?!\d)")
#: Letters that stand for a name: those of S-band and L1, of MRO and NASA.
_LETTERS = re.compile(r"[A-Z]+(?=s?(?![A-Za-z]))")
_SPELLED_WITH_A_VOWEL = "AEFHILMNORSX"
_MOST_SPELLED = 3  #: letters: what is longer, and has a vowel, is read as a word
_READ = {"LEM", "LEO", "MAV", "RAD", "RAT", "SAM"}  #: short, and read as a word nonetheless
_SPELLED = {"LCROSS", "SIRTF", "XEUS"}  #: long, and spelled at least at its beginning
#: Written with a consonant and spoken with a vowel first.
_SILENT = re.compile(r"hono(?:u?r|rar)|honest|hour|heir|yttri")
#: Written with a vowel and spoken with a consonant first, as you, or as won.
_YOU_OR_WON = re.compile(
    r"uni(?!n(?!ominal)|m(?!odal)|d(?!irec)|ll|ss|r)|unanim|us(?:[au]|e)|ut(?:il|ens|ah|op)|ura[nl]|uru|ubiq|ukr|uku|ugand|ulys|uv"
    r"|eu(?!ler)|ewe|one(?![a-z])|once|oneself"
)
_BEFORE_WORDS = "\"'\u201c\u2018(*_#$\u20ac\u00a3 "  #: quotes and signs of money, which are not spoken first
_VOWELS = "aeiouæøœ"


def many(noun: str) -> str:
    """The plural of a noun, by its last word: `galaxies`, `halves`, `women`, `spacecraft`, `light years`, `MROs`."""
    found = _LAST_WORD.search(noun)
    return noun if found is None else noun[: found.start()] + _many(found[0])


def _many(word: str) -> str:
    plain = word.lower()
    if word in _UNITS or plain.endswith(_SAME):
        return word
    if word.isupper() and len(word) > 1:
        return f"{word}s"
    if plain in _PLURALS:
        return word[0] + _PLURALS[plain][1:]
    for end, ends in _ENDS:
        if plain.endswith(end) and not plain.endswith(_NO_MEN):
            return word.removesuffix(end) + ends
    if _HISSES.search(plain):
        return f"{word}es"
    return _TURNS_TO_IES.sub("ie", word) + "s"


def is_an(words: str) -> bool:
    """Tell whether words are spoken with a vowel first: `hour`, `S-band`, `MRO`, `80`; not `unit`, `one-way`, `NASA`."""
    text = words.lstrip(_BEFORE_WORDS)
    if text[:1].isdigit():
        return _VOWEL_COUNT.match(text) is not None
    if (letters := _LETTERS.match(text)) and (letters[0][0] == "U" or _is_spelled(letters[0])):
        return letters[0][0] in _SPELLED_WITH_A_VOWEL
    spoken = normalize("NFD", text.casefold())
    if _SILENT.match(spoken):
        return True
    return spoken[:1] in _VOWELS and not _YOU_OR_WON.match(spoken)


def _is_spelled(letters: str) -> bool:
    """Tell whether a name of capital letters is read letter by letter."""
    if letters in _READ or letters in _SPELLED:
        return letters in _SPELLED
    return len(letters) <= _MOST_SPELLED or not set("AEIOUY") & set(letters)
