"""A text as Mastodon shows it: HTML with shortened links, mentions without their domain, linked hashtags."""

import re
from collections.abc import Mapping
from html import escape

_URL = r"https?://[^\s<>\"']*[^\s<>\"'.,:;!?)]"
_HASHTAG = r"(?<![\w/=)])[#＃](?=\w*[^\W\d])\w+"  # noqa: RUF001 - both signs begin a hashtag
_NAME = r"[a-zA-Z0-9_]+(?:[.-]+[a-zA-Z0-9_]+)*"
_MENTION = rf"(?<![\w/=])@{_NAME}(?:@\w+(?:[.-]+\w+)*)?"
_ENTITY = re.compile(f"(?P<url>{_URL})|(?P<hashtag>{_HASHTAG})|(?P<mention>{_MENTION})")
_PREFIX = re.compile(r"https?://(?:www\.)?")
_SHOWN = 30  #: characters of a link that are seen


def rendered(text: str, people: Mapping[str, str] | None = None) -> str:
    """The content of a status with this text; `people` are those it can mention: their addresses, and their pages."""
    known = {address.lower(): (address, page) for address, page in (people or {}).items()}
    pieces, end = [], 0
    for entity in _ENTITY.finditer(text.strip("\0\t\n\v\f\r ")):
        pieces += [_escaped(entity.string[end : entity.start()]), _linked(entity, known)]
        end = entity.end()
    pieces.append(_escaped(text.strip("\0\t\n\v\f\r ")[end:]))
    return _paragraphs("".join(pieces))


def _linked(entity: re.Match[str], known: Mapping[str, tuple[str, str]]) -> str:
    if entity["url"]:
        return _link(entity["url"])
    if entity["hashtag"]:
        word = entity["hashtag"][1:]
        return f'<a href="https://here.example/tags/{word}" class="mention hashtag" rel="tag">#<span>{word}</span></a>'
    if (written := entity["mention"][1:]).lower() not in known:
        return _escaped(f"@{written}")
    address, page = known[written.lower()]
    name = address.partition("@")[0]
    link = f'<a href="{_escaped(page)}" class="u-url mention">@<span>{_escaped(name)}</span></a>'
    return f'<span class="h-card" translate="no">{link}</span>'


def _link(url: str) -> str:
    found = _PREFIX.match(url)
    prefix = found[0] if found else ""
    seen, rest = url[len(prefix) :][:_SHOWN], url[len(prefix) :][_SHOWN:]
    kind = "ellipsis" if rest else ""
    if len(rest) == 1:  # a sign of omission would take as much room
        seen, rest = seen + rest, ""
    return (
        f'<a href="{_escaped(url)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{prefix}</span><span class="{kind}">{_escaped(seen)}</span>'
        f'<span class="invisible">{_escaped(rest)}</span></a>'
    )


def _paragraphs(html: str) -> str:
    """Two ends of line or more end a paragraph, one ends a line; the HTML itself has no ends of line."""
    paragraphs = re.split(r"\n\n+", re.sub(r"\r\n?", "\n", html))
    broken = [re.sub(r"([^\n]\n)(?=[^\n])", r"\1<br />", paragraph) for paragraph in paragraphs]
    return "".join(f"<p>{paragraph}</p>" for paragraph in broken).replace("\n", "")


def _escaped(text: str) -> str:
    return escape(text).replace("&#x27;", "&#39;")
