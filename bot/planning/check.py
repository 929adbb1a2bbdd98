"""What must not be posted: the faults of a post, found before anything is planned with it."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple
from unicodedata import category

from bot.errors import Problem
from bot.model import Account, Limits, Media, Post, Schedules, Tone, Uses
from bot.options import did_you_mean
from bot.planning.count import BYTES
from bot.planning.quotes import address_fault
from bot.planning.render import MENTION, mentioned, shown_parts, threaded, wording
from bot.planning.split import Uncut
from bot.planning.tact import tactless
from bot.planning.takers import concerned
from bot.planning.truth import faults_of_any_day

#: Signs that nobody sees and networks refuse or misread: controls, overrides of direction, halves of letters.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
#: An alt text that says of any picture that it is one.
_NO_ALT = re.compile(
    r"(?:(?:an?|the|this)\s+)?"
    r"(?:alt|attachment|bild|dsc|film|foto|gif|graphic|illustration|imagem|imagen|image|immagine|img|jpe?g|media|photo"
    r"|photograph|pic|picture|png|screenshot|untitled|video)"
    r"(?:\s+(?:of|text))?[\s\d_.:!-]*",
    re.IGNORECASE,
)


class Fault(NamedTuple):
    """One thing wrong with a post: a code, a sentence, and the field or part that it is said of."""

    code: str
    message: str
    key: str = ""  #: the field; empty where it is the text
    part: int = 1
    near: str = ""  #: words on the line itself
    account: str = ""  #: the one that cannot show it; empty where it is wrong wherever it is shown


#: Says on which line of its file a post's `key` or `part` stands, `near` some words.
Line = Callable[..., int]


def check(
    posts: Iterable[Post],
    schedules: Schedules,
    line: Line | None = None,
    *,
    is_network: Callable[[str], bool] | None = None,
) -> list[Problem]:
    """Every fault of every post, each where `line` says that it stands, or where its post does.

    That an account cannot show a post is a fault where a schedule can bring it there. A post that no schedule can take
    is for people to send: it is one where no account can show it. `is_network` is as in `faults`.
    """
    posts = tuple(posts)
    found = []
    alike, known = _alike(schedules.accounts.values()), frozenset(post.id for post in posts)
    for post in posts:
        told = _faults(post, schedules, alike, known=known, is_network=is_network)
        for code, message, key, part, near, _ in _where_it_goes(told, post, schedules):
            number = line(post, key=key, part=part, near=near) if line else post.place.line
            found.append(Problem(post.place.file, number, code, message))
    return found


def faults(
    post: Post,
    schedules: Schedules,
    *,
    known: Collection[str] | None = None,
    accounts: Iterable[Account] | None = None,
    is_network: Callable[[str], bool] | None = None,
) -> list[Fault]:
    """What is wrong with a post. A post on hold is looked at by a person, not by these rules.

    `known` are the ids of the posts that may be quoted, `is_network` tells which networks there are; without them, it
    is not asked whether the quoted one is there. `accounts` are those that shall show it; without them, all.
    """
    alike = _alike(schedules.accounts.values() if accounts is None else accounts)
    return _faults(post, schedules, alike, known=known, is_network=is_network)


def _faults(
    post: Post,
    schedules: Schedules,
    alike: list[list[Account]],
    *,
    known: Collection[str] | None,
    is_network: Callable[[str], bool] | None,
) -> list[Fault]:
    quotes = _quotes(post, known, is_network)
    found = [*_letters(post), *_names(post, schedules), *quotes, *_pictures(post)]
    if post.use is Uses.HOLD:
        return found
    return [*found, *_truth(post, schedules), *_tact(post, schedules), *_lengths(post, schedules, alike)]


def _where_it_goes(found: list[Fault], post: Post, schedules: Schedules) -> list[Fault]:
    """The faults without those of accounts that no schedule brings the post to."""
    unable = {fault.account for fault in found if fault.account}
    told = concerned(post, schedules, unable) if unable else unable
    return [fault for fault in found if not fault.account or fault.account in told]


class _Text(NamedTuple):
    """One text of a post: of a part, or worded for a network."""

    text: str
    name: str  #: what it is called in a sentence
    key: str
    part: int


def _texts(post: Post) -> Iterator[_Text]:
    is_one = len(post.parts) == 1
    for number, part in enumerate(post.parts, 1):
        yield _Text(part.text, "the text" if is_one else f"part {number}", "", number)
    for network, texts in post.wordings.items():
        for number, text in enumerate(texts, 1):
            name = f"text.{network}" if is_one else f"part {number} of text.{network}"
            yield _Text(text, name, f"text.{network}", number)


def _letters(post: Post) -> Iterator[Fault]:
    for text, name, key, part in _texts(post):
        is_bare = part > len(post.parts) or not post.parts[part - 1].media
        if is_bare and _is_blank(text):
            yield Fault("empty", f"{name} is empty, and no picture stands for it", key, part)
        if sign := _CONTROL.search(text):
            yield Fault(
                "control", f"{name} holds the invisible {_code(sign[0])}; remove it", key, part, sign[0]
            )
    if sign := _CONTROL.search(post.warning):
        yield Fault("control", f"warning holds the invisible {_code(sign[0])}; remove it", "warning")
    for network, texts in post.wordings.items():
        if len(texts) != len(post.parts):
            message = f"text.{network} has {_parts(len(texts))} where the post has {len(post.parts)}"
            yield Fault("parts", message, f"text.{network}")


def _is_blank(text: str) -> bool:
    """Tell whether nothing of a text is seen: spaces, and signs that only shape what stands beside them."""
    return not text or (not text.isascii() and all(category(sign)[0] in "CZ" for sign in text))


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"


def _names(post: Post, schedules: Schedules) -> Iterator[Fault]:
    if post.event and post.event not in schedules.events:
        hint = did_you_mean(post.event, schedules.events)
        yield Fault("unknown-event", f"no event called {post.event!r}{hint}", "event")
    for text, _, key, part in _texts(post):
        for found in MENTION.finditer(text):
            if found[1] not in schedules.mentions:
                hint = did_you_mean(found[1], schedules.mentions)
                message = f"no mention called {found[1]!r} in schedules/accounts.toml{hint}"
                yield Fault("unknown-mention", message, key, part, found[0])


def _quotes(
    post: Post, known: Collection[str] | None, is_network: Callable[[str], bool] | None
) -> Iterator[Fault]:
    if isinstance(post.quote, str):
        if known is not None and post.quote and post.quote not in known:
            folder = post.quote.rpartition("/")[0]
            hint = did_you_mean(post.quote, [each for each in known if each.rpartition("/")[0] == folder])
            message = f"it quotes {post.quote!r}, and there is no such post{hint}"
            yield Fault("unknown-post", message, "quote")
    elif post.quote and is_network:
        for network, address in post.quote.items():
            if fault := address_fault(network, address, is_network):
                yield Fault(*fault, "quote", near=network)


def _pictures(post: Post) -> Iterator[Fault]:
    for number, part in enumerate(post.parts, 1):
        for media in part.media:
            if media.card and not post.event:
                message = f"{media.name} is drawn for an event; name the post's event"
                yield Fault("card", message, "media", number)
            if media.card and not media.alt:
                continue  # its alt text is made with it
            near = PurePosixPath(media.file).name
            if fault := _alt_fault(media, post):
                yield Fault("no-alt", f"{media.name} {fault}; say what it shows", "media", number, near)
            if sign := _CONTROL.search(media.alt):
                message = f"the alt text of {media.name} holds the invisible {_code(sign[0])}; remove it"
                yield Fault("control", message, "media", number, near)


def _alt_fault(media: Media, post: Post) -> str | None:
    """Why an alt text tells nobody what the picture shows; None where it may."""
    alt = media.alt.strip()
    if not alt:
        return "has no alt text"
    file = PurePosixPath(media.file)
    if alt.casefold() == file.name.casefold() or (alt == file.stem and not alt.isalpha() and " " not in alt):
        return f"has its own name as alt text, {alt!r:.80}"
    if _NO_ALT.fullmatch(alt):
        return f"has an alt text that would do for any, {alt!r:.80}"
    if any(alt == text for text, *_ in _texts(post)):
        return "has the post's own text as alt text"
    return None


def _truth(post: Post, schedules: Schedules) -> Iterator[Fault]:
    for text, _, key, part in _texts(post):
        for code, message, words in faults_of_any_day(text, post.lang, post, missions=schedules.missions):
            yield Fault(code, message, key, part, words)


def _tact(post: Post, schedules: Schedules) -> Iterator[Fault]:
    """What a remembrance has no room for, and a celebration of what is mourned."""
    event = schedules.events.get(post.event or "")
    is_mourned = event is not None and event.tone is Tone.REMEMBRANCE
    if is_mourned and post.tone is Tone.CELEBRATION:
        message = (
            f'a celebration does not suit {post.event!r}, which is a remembrance; say tone = "remembrance"'
        )
        yield Fault("tone", message, "tone")
    if is_mourned or post.tone is Tone.REMEMBRANCE:
        for text, _, key, part in _texts(post):
            for name, near in tactless(text, post.lang):
                yield Fault("tact", f"a remembrance needs no {name}", key, part, near)
        yield from _tact_of_pictures(post)
        yield from _tact_besides(post, schedules)


def _tact_of_pictures(post: Post) -> Iterator[Fault]:
    """What the alt texts of a remembrance have no room for: they are read out with it."""
    for number, part in enumerate(post.parts, 1):
        for media in part.media:
            for name, _ in tactless(media.alt, post.lang):
                message = f"a remembrance needs no {name} in the alt text of {media.name}"
                yield Fault("tact", message, "media", number, PurePosixPath(media.file).name)


def _tact_besides(post: Post, schedules: Schedules) -> Iterator[Fault]:
    """What the warning of a remembrance, and the names of those whom it mentions, have no room for."""
    for name, _ in tactless(post.warning, post.lang):
        yield Fault("tact", f"a remembrance needs no {name} in its warning", "warning")
    for text, _, key, part in _texts(post):
        for found in MENTION.finditer(text):
            for network, shown in schedules.mentions.get(found[1], {}).items():
                for name, _ in tactless(shown, post.lang):
                    message = f"a remembrance needs no {name}: {found[0]} is shown as {shown!r}, its {network} in schedules/accounts.toml"
                    yield Fault("tact", message, key, part, found[0])


def _alike(accounts: Iterable[Account]) -> list[list[Account]]:
    """The accounts by network and limits: what fits one of them fits all that are alike."""
    found: dict[tuple[str, Limits], list[Account]] = {}
    for account in accounts:
        found.setdefault((account.network, account.limits), []).append(account)
    return list(found.values())


def _lengths(post: Post, schedules: Schedules, alike: list[list[Account]]) -> Iterator[Fault]:
    for first, *others in alike:
        found = list(_lengths_on(first, post, schedules))
        yield from found
        if found:
            for other in others:
                yield from _lengths_on(other, post, schedules)


def _lengths_on(account: Account, post: Post, schedules: Schedules) -> Iterator[Fault]:
    key = f"text.{account.network}" if account.network in post.wordings else ""
    texts = wording(post, account.network)
    if any(_may_be_long(text, post, account) for text in texts):
        texts = tuple(mentioned(text, account.network, schedules.mentions) for text in texts)
        found = _too_long_to_split if post.thread else _too_long
        for number, message, near in found(post, texts, account):
            yield Fault("too-long", message, key, number, near, account.name)
    for number, part in enumerate(post.parts, 1):
        yield from _too_much_media(part.media, number, account)


def _may_be_long(text: str, post: Post, account: Account) -> bool:
    """Tell whether it needs counting: in NFC no sign weighs more than two, and every link has a dot within."""
    limits = account.limits
    if post.quote or post.warning or "{@" in text:
        return True
    if limits.text_bytes is not None and BYTES * len(text) > limits.text_bytes:
        return True
    if limits.text is None:
        return False
    signs = len(text) if text.isascii() else 2 * len(text)
    return signs + limits.link * (text.count(".") - text.count(". ")) > limits.text


def _too_long(post: Post, texts: Sequence[str], account: Account) -> Iterator[tuple[int, str, str]]:
    advice = f'shorten it, divide it with ---, say thread = "split", or give text.{account.network}'
    for number, shown in enumerate(shown_parts(post, [(text, ()) for text in texts], account), 1):
        if shown.limit is not None and shown.length > shown.limit:
            which = "the text" if len(post.parts) == 1 else f"part {number}"
            size = f"{shown.length} long on {account.name}, where {shown.limit} fit"
            yield number, f"{which} is {size}; {advice}", ""


def _too_long_to_split(post: Post, texts: Sequence[str], account: Account) -> Iterator[tuple[int, str, str]]:
    try:
        threaded(post, texts, account)
    except Uncut as error:
        number = next(number for number, text in enumerate(texts, 1) if error.piece in text)
        yield number, f"{error}, on {account.name}; shorten it, or give text.{account.network}", error.piece


def _too_much_media(media: tuple[Media, ...], number: int, account: Account) -> Iterator[Fault]:
    name, limits = account.name, account.limits
    if len(media) > limits.images:
        message = f"part {number} has {len(media)} pictures; {name} takes {limits.images}"
        yield Fault("media", message, "media", number, account=name)
    for each in media:
        if len(each.alt) > limits.alt:
            near = PurePosixPath(each.file).name
            message = f"the alt text of {each.name} has {len(each.alt)} characters; {name} takes {limits.alt}"
            yield Fault("alt-too-long", message, "media", number, near, name)


def _parts(number: int) -> str:
    return f"{number} part{'' if number == 1 else 's'}"
