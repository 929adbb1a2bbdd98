"""Links in a text, as networks find them.

The rules are those of twitter-text, version 3.1 (`extractor.rb` and `regex.rb` of github.com/twitter/twitter-text);
Mastodon goes by the same library, with longer paths (`config/initializers/twitter_regex.rb` of
github.com/mastodon/mastodon). Each text is read once from its beginning to its end, however hostile it is.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.planning.endings import ENDINGS

Span = tuple[int, int]  #: start and end in a text

_DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
#: What a domain's labels are made of: anything but spaces, ASCII's punctuation and signs that nobody sees.
_SIGN = rf"[^\s\x00-,\-./:-@\[\]^_`{{-\x7f\u180e\ufeff\ufffe\uffff{_DIRECTIONS}]"
_LABEL = rf"{_SIGN}+(?:[_-]+{_SIGN}+)*"
_RUN = re.compile(rf"(?:{_SIGN}|[._-])+")
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_WITHIN = re.compile(r"\.[^\W\d_]")  # every link has such a dot, and most texts have none
#: An address's beginning, where nothing stands before it that would make it part of something else.
_SCHEME = re.compile(
    r"(?:^|[^a-z0-9@\uff20$#\uff03\ufeff\ufffe\uffff])(https?://)\Z", re.IGNORECASE | re.ASCII
)
_LONGEST_SCHEME = len("https://") + 1
#: The first sign of a host: behind these it would be part of a handle, a tag or a word.
_START = re.compile(rf"(?<![A-Za-z0-9@\uff20$#\uff03\ufeff\ufffe\uffff]){_SIGN}")
_NOT_BEFORE = frozenset("/._-")  #: a bare domain behind one of these is none
_LATIN = (
    r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b"
    r"\u02bb\u0300-\u036f\u1e00-\u1eff"
)
#: What of a host may be a link without a scheme: each label before its dot in Latin letters.
_PLAIN = re.compile(rf"(?<![a-z0-9\-{_LATIN}])(?:[a-z0-9\-{_LATIN}]++\.)+", re.IGNORECASE | re.ASCII)
_WORD = re.compile(r"[A-Za-z]+")
_PUNYCODE = re.compile(r"[Xx][Nn]--[0-9A-Za-z-]+")
_NOT_AFTER = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@+-")
_OTHER_SCRIPTS = frozenset(name for name in ENDINGS if not name.isascii())
_FIRSTS = frozenset(name[0] for name in _OTHER_SCRIPTS)
_LONGEST_ENDING = max(map(len, _OTHER_SCRIPTS))
_LONGEST = 4_096  #: what is longer is no link
_PORT = re.compile(r":[0-9]+")
_SHORTENED = re.compile(r"https?://t\.co/([a-z0-9]+)", re.IGNORECASE | re.ASCII)
_LONGEST_SHORTENED = 40

_CYRILLIC = r"\u0400-\u052f\u1c80-\u1c88\u1d2b\u1d78\u2de0-\u2dff\ua640-\ua69f\ufe2e\ufe2f"
_DASHES = (
    "\u058a\u05be\u1400\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u301c\u3030\u30a0\ufe31\ufe32"
    "\ufe58\ufe63\uff0d"
)


class _Tail(NamedTuple):
    """What may come after a domain."""

    path: re.Pattern[str]
    path_not_last: str  #: these belong to the sentence where the path ends
    query: re.Pattern[str]


_QUERY_NOT_LAST = "!?*'();:+$%[].,~|@^"


def _path(sign: str) -> re.Pattern[str]:
    """A path of these signs; brackets belong to it in pairs, one pair within another at most."""
    pair = rf"\((?:{sign}++\)|{sign}*+\({sign}++\){sign}*+\))"
    return re.compile(rf"/(?:{sign}++|{pair})*+")


_X = _Tail(
    _path(rf"[a-zA-Z0-9!*';:=+,.$/%#\[\]_~&|@\-{_DASHES}{_CYRILLIC}{_LATIN}]"),
    "!*';:,.$%[]~&|@" + _DASHES,
    re.compile(r"\?[a-zA-Z0-9!?*'();:&=+$/%#\[\]\-_.,~|@]*"),
)
_MASTODON = _Tail(
    _path(r"[^\s<>()?]"),
    "?!*\"'「」<>;:=,.$%[]~&|@",
    re.compile(r"\?[a-zA-Z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^\u00a0-\U0010fffd]*"),
)


def links(text: str) -> Iterator[Span]:
    """Start and end of every link that X makes: addresses with a scheme, and bare domains."""
    return _found(text, _X)


def addresses(text: str) -> Iterator[Span]:
    """Start and end of every link that Mastodon makes: addresses with a scheme, and no others."""
    return (span for span in _found(text, _MASTODON) if "://" in text[slice(*span)][:_LONGEST_SCHEME])


def _found(text: str, tail: _Tail) -> Iterator[Span]:
    at = last = 0
    while dot := _WITHIN.search(text, at):
        # No link goes over a space, so the words before are not looked at.
        at = max(at, text.rfind(" ", at, dot.start()) + 1)
        run = _run(text, at)
        if domain := _domain(text, run, last):
            yield from _in_domain(text, domain, tail)
            at = last = _link_end(text, domain, tail)
        else:
            at = run[1]


def _run(text: str, at: int) -> Span:
    found = _RUN.search(text, at)
    return found.span() if found else (len(text), len(text))


def _domain(text: str, run: Span, last: int) -> Span | None:
    """The first domain in a run of signs; a sign stands between it and the last link, or the text begins with it."""
    first, end = run
    if first == 0 and (found := _host(text, _START.match(text, 1), end)):
        return found
    return _host(text, _START.search(text, first + 1 if 0 < last == first else first, end), end)


def _host(text: str, start: re.Match[str] | None, end: int) -> Span | None:
    host = _HOST.match(text, start.start(), end) if start else None
    domain_end = _domain_end(text, *host.span()) if host else 0
    return (host.start(), domain_end) if host and domain_end else None


def _link_end(text: str, domain: Span, tail: _Tail) -> int:
    """Where what looks like a link ends, whether it is one or not."""
    scheme = _scheme(text, domain[0])
    short = _SHORTENED.match(text, domain[0] - len(scheme)) if scheme else None
    return short.end() if short else _end(text, domain[1], tail)


def _in_domain(text: str, domain: Span, tail: _Tail) -> list[Span]:
    if scheme := _scheme(text, domain[0]):
        return _with_scheme(text, domain[0] - len(scheme), domain, tail)
    is_within = domain[0] and text[domain[0] - 1] in _NOT_BEFORE
    return [] if is_within else _bare(text, domain, tail)


def _scheme(text: str, host: int) -> str:
    found = _SCHEME.search(text[max(0, host - _LONGEST_SCHEME) : host])
    return found[1] if found else ""


def _with_scheme(text: str, start: int, domain: Span, tail: _Tail) -> list[Span]:
    end = _end(text, domain[1], tail)
    if short := _SHORTENED.match(text, start, end):
        end = short.end()
        if len(short[1]) > _LONGEST_SHORTENED:
            return []
    is_link = end - start <= _LONGEST and _is_domain(text[slice(*domain)])
    return [(start, end)] if is_link else []


def _bare(text: str, host: Span, tail: _Tail) -> list[Span]:
    """The Latin domains in a host; what comes after the host belongs to the last of them, if it is a path."""
    end = _end(text, host[1], tail) if _has_path(text, host[1]) else host[1]
    if end - host[0] + len("https://") > _LONGEST:
        return []
    found = [span for span in _plain(text, *host) if _is_domain(text[slice(*span)])]
    if found and end > host[1]:
        found[-1] = (found[-1][0], end)
    return found


def _plain(text: str, start: int, end: int) -> Iterator[Span]:
    """The Latin domains in a host, with their places in the text."""
    host, at = text[start:end], 0
    while found := _PLAIN.search(host, at):
        at = _last_ending(host, found.start(), found.end())
        if at:
            yield start + found.start(), start + at
        at = at or found.end()


def _last_ending(text: str, start: int, end: int) -> int:
    """Where the last top-level domain ends that begins behind a dot in this stretch; 0 where there is none."""
    dot = text.rfind(".", start, end)
    while dot > start:
        if ending := _ending(text, dot + 1):
            return ending
        dot = text.rfind(".", start, dot)
    return 0


def _domain_end(text: str, start: int, end: int) -> int:
    """Where the longest domain in a host ends; 0 where there is none."""
    dot = text.rfind(".", start, end)
    while dot > start:
        before = text.rfind(".", start, dot)
        ending = _ending(text, dot + 1)
        if ending and "_" not in text[max(before, start) : dot]:
            return ending
        dot = before
    return 0


def _ending(text: str, start: int) -> int:
    """Where the top-level domain ends that begins here; 0 where none does."""
    if found := _PUNYCODE.match(text, start):
        return found.end()
    if (found := _WORD.match(text, start)) and _ends(text, start, found.end()):
        return found.end()
    label = text[start : start + _LONGEST_ENDING]
    if label.isascii() or label[0].lower() not in _FIRSTS:
        return 0
    ends = range(start + len(label), start, -1)
    return next((end for end in ends if _ends(text, start, end)), 0)


def _ends(text: str, start: int, end: int) -> bool:
    return text[end : end + 1] not in _NOT_AFTER and text[start:end].lower() in ENDINGS


def _is_domain(domain: str) -> bool:
    """Tell whether a domain can be written for the net: IDNA of 2003, 63 letters a label at most."""
    try:
        domain.encode("idna")
    except UnicodeError:
        return False
    return True


def _has_path(text: str, end: int) -> bool:
    port = _PORT.match(text, end)
    return text.startswith("/", port.end() if port else end)


def _end(text: str, end: int, tail: _Tail) -> int:
    """Where the link ends whose domain ends here: port, path and query, without what the sentence put behind them."""
    if port := _PORT.match(text, end):
        end = port.end()
    if path := tail.path.match(text, end):
        end += len(path[0].rstrip(tail.path_not_last))
    query = tail.query.match(text, end)
    return end + len(query[0].rstrip(_QUERY_NOT_LAST)) if query else end
