"""Claims: words that are only true on some days ("tonight", "five years ago", "4 working rovers").

The patterns are data: a table of kinds, each with its English words. A *sure* claim binds a text to its day whatever
stands around it; the others do so only sometimes ("now", "has reached", "will"), and are there for the cautious.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

_UNIT = r"(?:seconds?|minutes?|hours?|nights?|days?|sols?|weeks?|months?|years?|decades?|centur(?:y|ies))"
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_SMALL = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,5}teen"
    rf"|{_TENS}(?:-\w+)?|(?:a |one )hundred|a few|a couple(?: of)?|several|a dozen)"
)
_MANY = rf"(?:[2-9]|\d\d|(?!an?\b|one\b|\d){_SMALL})"
_ABOUT = r"(?:about |almost |nearly |exactly |just |more than |less than |over |only )?"
_MONTH = (
    r"(?-i:Jan(?:\.|uary)?|Feb(?:\.|ruary)?|Mar(?:\.|ch)|Apr(?:\.|il)?|May|June?\.?|July?\.?"
    r"|Aug(?:\.|ust)?|Sep(?:\.|t\.?|tember)?|Oct(?:\.|ober)?|Nov(?:\.|ember)?|Dec(?:\.|ember)?)"
)
_WEEKDAY = r"(?-i:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_ZONE = r"(?-i:UTC|GMT|CES?T|BST|[ECP][SD]?T|M[SD]T|AK[SD]T|HST)"
_HOUR = r"(?:0?[1-9]|1[0-2])"
_SPELL = r"(?:morning|afternoon|evening|week|weekend|month|year|summer|winter|autumn)"
_CREW = r"(?:rovers?|robots?|landers?|orbiters?|spacecraft|satellites?|probes?|missions?|telescopes?)"
_DONE = (
    r"(?:\w{3,}ed|been|begun|made|taken|seen|found|caught|sent|set|flown|gone|got|gotten|built|come|become|left"
    r"|lost|met|put|read|run|shown|spent|stood|told|won|written|given|grown|kept|led|brought|hit|heard)"
)
_DEED = r"(?:explore|launch|land|lift off|touch down|begin|start|arrive|fly|return|make|attempt)"
_MERE = r"(?:missing|(?:no|some|any|every)thing|amazing|striking|stunning|interesting|surprising|puzzling)\b"
_ADVERB = r"(?:also |just |now |already |once again |again |even |still |finally |officially |successfully )*"
_DAY_START = r"(?:(?<=\n)|(?<=[.!?:] )|\A)"

#: Words that bind a text to its day whatever stands around them, by kind.
SURE: Mapping[str, tuple[str, ...]] = {
    "day-word": (
        r"tonight",
        r"(?:tomorrow|yesterday)(?!'s)",
        rf"{_DAY_START}today,? (?:we|our|my|in \d{{4}}|is the|\w+ \w+ed)",
        rf"{_DAY_START}today,? the \w+ \w+ed (?:an?|the|its|to|in|into|from|on|at|with)",
        rf"{_DAY_START}today [\w ]{{1,30}} is at opposition",
        r"(?:later|earlier|happening|launched|landed|announced|released|live) today",
        r"today (?:marks|only|at (?=\d|noon|midnight))",
        r"on this day",
        rf"this (?:very )?{_SPELL}",
        r"(?<!the )(?<!its )(?<!in their )(?:last|next) (?:night|week|weekend|month|year|summer|winter|spring|fall)",
        r"(?:in|over) the (?:last|past|coming|next) (?:\w+ )?(?:hours|days|weeks|months)(?! of\b)",
        r"right now",
        r"(?:happening|available|streaming) now",
        rf"{_UNIT} from now",
        r"currently(?! (?:thought|believed|known|estimated|accepted))",
        r"at the moment(?! (?:of|that|when|the|it)\b)",
    ),
    "ago": (rf"{_SMALL} {_UNIT} ago(?: today)?", r"ago today"),
    "anniversary": (
        r"(?:marks?|celebrat\w+|happy|today'?s?)(?: \w+){0,4} (?:anniversary|birthday|landiversary)",
        r"\d+(?:st|nd|rd|th) (?:anniversary|birthday|landiversary)",
        r"(?:turns|turned|is) \d+ (?:years old|today)",
    ),
    "date": (
        rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?!\d)",
        rf"(?:\d{{1,2}}(?:st|nd|rd|th)?) (?:of )?{_MONTH}",
        rf"(?:on|this|next|last|by|until|from) {_WEEKDAY}",
        rf"{_WEEKDAY}(?=,? (?:{_MONTH}|at \d))",
    ),
    "time": (
        rf"{_HOUR}(?::\d\d)? ?[ap]\.?m\.?(?: {_ZONE}\b)?",
        rf"(?:\d{{1,2}}:\d\d|\d{{3,4}}|\d{{1,2}}) ?{_ZONE}",
        rf"(?:noon|midnight) {_ZONE}",
    ),
    "future": (
        r"(?:is|are|\w+'s|\w+'re) (?:now )?(?:slated|scheduled|targeted|planned|poised|preparing) (?:for|to)",
        rf"(?:is|are|\w+'s|\w+'re) (?:now )?(?:about|set|due|getting ready) to {_DEED}",
        rf"no earlier than (?={_MONTH}|{_WEEKDAY}|tomorrow|next)",
        r"(?:in|over|for) the coming \w+",
        r"coming (?:soon|up)",
        r"upcoming",
        r"(?:will|'ll) (?:soon|attempt|launch|lift off|touch down|make (?:its|our|their|the) first)",
        rf"{_ABOUT}{_SMALL} (?:more )?{_UNIT} (?:to go|until|left)",
        r"(?:only|just) \d+ (?:more )?(?:days|hours|weeks|sols) (?:to|until|left)",
        r"stay tuned",
    ),
    "ongoing": (r"is (?:now |currently )?(?:recruiting|hiring)", r"still no (?:signal|word|sign)"),
    "count": (
        rf"{_MANY} (?:\w+ )?(?:working|active|operational|operating|functioning|living) (?:\w+ )?{_CREW}",
        rf"{_MANY} (?:\w+ )?{_CREW} (?:are )?(?:now|still|currently)(?: \w+ing)?",
    ),
    "invitation": (
        r"join (?:us|me|our|experts?|nasa)",
        r"tune[ -]in(?:to)?",
        r"(?:watch|follow|listen|streaming) (?:it |along )?live",
        r"live (?:coverage|briefing|stream|broadcast|chat|q&a)",
        r"submit (?:your|a)",
        r"(?:sign|signing) up",
        r"rsvp",
        r"apply (?:now|by|today|here)",
        r"register (?:now|by|today|here|at)",
        r"calling all",
        r"you(?:'re| are) invited",
        r"how to (?:get involved|take part|participate|join|watch)",
        r"(?:last|final) chance",
        r"don't miss",
    ),
    "news": (
        r"new (?:study|research|paper|analysis|findings|results|evidence|episode|report)",
        r"(?:a|our|the|my) (?:brand[- ])?new (?:selfie|video|image|photo|picture|view|panorama|mosaic|map|podcast)",
        rf"(?:has|have|\w+'ve) (?:just|recently) {_DONE}",
        r"(?<!had )(?<!that )just (?:released|landed|arrived|launched|announced|published|dropped|completed)",
        r"just in(?=[:!])",
        rf"{_DAY_START}recently",
        r"(?:the|our) (?:very )?latest",
        r"breaking(?=:)",
        r"now (?:available|underway)",
    ),
    "season": (
        r"(?-i:Happy|Merry|HAPPY) (?:#\w+|(?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)*|holidays|new year)",
        r"(?-i:Christmas(?: Eve)?|Thanksgiving|Halloween|Hanukkah|Diwali|Ramadan|Kwanzaa|New Year's)",
        r"(?-i:(?:Valentine's|Mother's|Father's|Independence|Earth|Labor|Memorial|Veterans) Day|Super Bowl)",
        r"#(?:ValentinesDay|SuperBowl\w*|Christmas|Halloween|Thanksgiving|MerryChristmas|Happy\w+)",
        r"holiday season",
    ),
    "sky": (
        r"visible (?:toward|low|(?:in|to) the (?:pre-?dawn |\w+ )?(?:sky|east|west|south|north))",
        r"(?:(?<=\n)|(?<=[.!?:,] )|\A)look (?:up|for|to|toward|towards|east|west|south)\b[^.!?\n]{0,60}\b(?:sky|moon|horizon|sunset|sunrise)",
    ),
}

#: Words that bind a text to its day in some sentences and not in others, by kind.
UNSURE: Mapping[str, tuple[str, ...]] = {
    "day-word": (
        r"today",
        r"nowadays",
        r"now",
        r"these days",
        r"this (?:spring|fall|season|time)",
        r"soon",
        r"not yet",
        r"any ?more",
    ),
    "ago": (
        r"(?<!illion )(?<!illions of )(?<!ousand )(?<!ousands of )(?:decades|years|months|weeks|days) ago",
    ),
    "date": (
        _WEEKDAY,
        rf"(?:in|since|until|by|late|early|mid|last|next) {_MONTH}",
        rf"{_MONTH} (?:1[4-9]|20)\d\d",
    ),
    "future": (
        r"will|won't|shall",
        r"\w+'ll",
        rf"{_SMALL} {_UNIT} away",
        r"going to",
        r"(?:expected|hopes?|hoping|plans?|planned|planning|prepar(?:es?|ing|ations?)|gear(?:s|ing) up) (?:to|for)",
        r"next (?:\w+ ){0,2}(?:mission|flight|landing|launch|step|drive|rover|stop)",
        r"#?countdown\w*",
        r"(?:potential|future|proposed|updated) (?:plan|plans|return|pickup|missions?)",
        r"one step closer",
    ),
    "ongoing": (
        rf"(?:is|are|am|\w+'(?:re|m|s)) (?:\w+ly |now |still |busy |already )?(?!{_MERE})\w{{2,}}ing",
        r"continu(?:es?|ed|ing)(?: to)?",
        r"still",
        r"remains?",
        r"keeps? (?:\w+ing|on|up)",
        r"so far(?! (?:away|from|as|apart|out|that|below|above))",
        r"to date",
        r"(?:all|no) (?:\w+ ){1,3}(?:are|is) (?:off|on|well|back)",
        r"busy",
        r"waiting for (?=an? )",
        r"alive",
        r"lives? on",
        r"current",
    ),
    "count": (
        rf"(?:for|after|in) (?:more than |over |nearly |almost )?{_SMALL} (?:years?|months?|weeks?|sols|days|decades?)",
        r"\d{1,3}(?:,\d{3})+ (?:sols|days|orbits|flights|miles|images|photos|pictures|[\w-]*quakes)",
        r"\d+-year-old",
    ),
    "invitation": (
        r"help us",
        r"want to",
        r"you can",
        r"(?:send|tag|share|vote|ask|tell|show)(?: us| me)? (?:your|a|the|thoughts|some)\b",
        r"take part",
        r"get involved",
        r"anyone up for",
        r"who wants",
        r"(?:let|give) us",
    ),
    "news": (
        rf"(?:has|have|\w+'ve) {_ADVERB}{_DONE}",
        r"(?:first|second|third|fourth|fifth|(?<!-)\w+th) (?:\w+ )?(?:flight|drive|sample|landing|launch|attempt)",
        r"(?:most|more) recent(?:ly)?",
        r"recent(?:ly)?",
        r"latest",
        r"newest",
        r"brand[- ]new",
        r"updates?",
        r"did you hear",
        r"success",
        r"milestones?",
        r"new (?:images?|data|look|phase|strateg\w+|operations|clues?|discover\w+|maneuvers?)",
        r"(?:reaches|celebrates|arrives|launches|lands|completes|marks|turns|begins|kicks off|debuts|wins|earns)",
        r"for the first time",
        r"(?:best|closest|clearest|sharpest|\w+est|most [\w ]{1,30}) (?:\w+ )?(?:yet|ever)",
        r"announc\w+",
        r"today's",
    ),
    "season": (r"#\w+(?:-?Day|Week|Month|\d{4})\b", r"holidays?", r"eclipse", r"solstice", r"equinox"),
    "greeting": (
        r"congrat\w*",
        r"welcome",
        r"good (?:night|morning|evening)",
        r"thank(?:s(?! to\b)| you)",
        r"hello",
        r"cheers",
        r"best wishes",
    ),
    "farewell": (
        r"rest (?:well|in peace)",
        r"good-?bye",
        r"farewell",
        r"mission is (?:complete|over)",
        r"isn't the end",
        r"end of (?:its|her|his|our|the) mission",
        r"in memory",
        r"we lost",
        r"(?:astronauts|crew|lives) lost",
        r"memorial",
        r"remember(?:s|ing)?",
        r"#\w*(?:Remember|Thanks|Farewell|Goodbye|RIP|Never[Ff]orget)\w*",
    ),
    "sky": (
        r"(?:eastern|western|southern|northern|evening|morning|night|pre-?dawn|twilight) sky",
        r"clear skies",
        r"(?:after|before) (?:sunset|sunrise|dawn|dark)",
        r"near(?:by)? the (?:#|full |new |crescent )?moon",
        r"at opposition",
    ),
}

#: A text with none of a kind's anchors among its words makes no sure claim of that kind, and is not searched for it.
ANCHORS: Mapping[str, str] = {
    "day-word": "today tonight tomorrow yesterday this morning afternoon evening night week weekend month year spring"
    " summer fall autumn winter hours days weeks months now currently moment",
    "ago": "ago",
    "anniversary": "anniversary birthday landiversary old today",
    "date": "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct"
    " october nov november dec december monday tuesday wednesday thursday friday saturday sunday",
    "time": "am pm m utc gmt cest cet bst est edt et cst cdt ct pst pdt pt mst mdt akst akdt hst",
    "future": "slated scheduled targeted planned poised preparing about set due ready earlier coming upcoming will ll go"
    " until left only just tuned",
    "ongoing": "recruiting hiring still",
    "count": "working active operational operating functioning living now still currently",
    "invitation": "join tune live submit sign signing rsvp apply register calling invited how chance miss",
    "news": "new just recently latest breaking now",
    "season": "happy merry christmas thanksgiving halloween hanukkah diwali ramadan kwanzaa year day bowl season near"
    " nearby opposition #",
    "sky": "visible look",
}

#: A year in the sentence makes these history, which is true on any day.
_TOLD = frozenset({"date", "time", "season", "anniversary"})
_YEAR = re.compile(r"(?<![\d,.:])(?:1[4-9]|20)\d\d(?!\d|,\d|:\d| ?(?:UTC|GMT)\b)")
_SENTENCE_END = re.compile(r"(?<![ap]\.m)[.!?][\"”)]?\s+(?=[\"“]?[A-Z#])|\n")
_WORD = re.compile(r"[a-z]+|#")
#: Typographers' apostrophes, spaces and hyphens become plain ones, one for one, so that places stay places.
_PLAIN = str.maketrans("\u2019\u2018\u02bc\u00a0\u202f\u2011", "'''  -")


@dataclass(frozen=True, slots=True)
class Claim:
    """Some words of a text that are true on some days only; `text[start:end] == words`."""

    kind: str
    words: str
    start: int
    end: int
    sure: bool


Kind = tuple[str, bool, re.Pattern[str]]  #: a kind of claims, whether they are sure, and what finds them


def claims(text: str) -> tuple[Claim, ...]:
    """Every claim in an English text, in order; a claim that lies within another is told once."""
    return _told_once(text, (*_sure(), *_unsure()))


def sure_claims(text: str) -> tuple[Claim, ...]:
    """The sure ones among `claims(text)`, for less than half the work: unsure words never hide them."""
    kinds = _anchored(text)
    return tuple(claim for claim in _told_once(text, kinds) if claim.sure) if kinds else ()


def _anchored(text: str) -> list[Kind]:
    """The sure kinds that a text can hold, by its words."""
    words = set(_WORD.findall(text.casefold()))
    return [kind for kind in _sure() if not words.isdisjoint(_anchors()[kind[0]])]


@cache
def _anchors() -> Mapping[str, frozenset[str]]:
    return {kind: frozenset(words.split()) for kind, words in ANCHORS.items()}


def _told_once(text: str, kinds: Iterable[Kind]) -> tuple[Claim, ...]:
    plain = text.translate(_PLAIN)
    matches = list(_matches(text, plain, kinds))
    if not matches:
        return ()
    history = tuple(_history(plain))
    found = (_softened(claim, history) for claim in matches)
    kept: list[Claim] = []
    for claim in sorted(found, key=lambda claim: (claim.start, -claim.end, not claim.sure)):
        if not any(_covers(other, claim) for other in kept):
            kept.append(claim)
    return tuple(kept)


def _matches(text: str, plain: str, kinds: Iterable[Kind]) -> Iterator[Claim]:
    for kind, sure, pattern in kinds:
        for match in pattern.finditer(plain):
            start, end = match.span()
            yield Claim(kind, text[start:end], start, end, sure)


@cache
def _sure() -> tuple[Kind, ...]:
    return tuple((kind, True, _compiled(words)) for kind, words in SURE.items())


@cache
def _unsure() -> tuple[Kind, ...]:
    return tuple((kind, False, _compiled(words)) for kind, words in UNSURE.items())


def _compiled(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, whole; never inside a longer word, a hashtag, a handle or a path."""
    return re.compile(rf"(?<![\w#@/])(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


def _history(plain: str) -> Iterator[range]:
    """The stretches of sentences that name a year."""
    start = 0
    ends = [match.end() for match in _SENTENCE_END.finditer(plain)]
    for end in (*ends, len(plain)):
        if _YEAR.search(plain, start, end):
            yield range(start, end)
        start = end


def _softened(claim: Claim, history: tuple[range, ...]) -> Claim:
    if claim.kind in _TOLD and any(claim.start in sentence for sentence in history):
        return replace(claim, sure=False)
    return claim


def _covers(one: Claim, other: Claim) -> bool:
    return one.start <= other.start and other.end <= one.end and one.sure >= other.sure
