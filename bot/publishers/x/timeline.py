"""What X has of a part, read from the account's own timeline: X knows nothing of our keys, so its words are compared."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from unicodedata import category, normalize

from bot.contracts import Ask, Receipt
from bot.errors import NotNow, Refused, Unanswered
from bot.publishers.x.answers import Link, Page, SeenPost, read_page
from bot.publishers.x.client import Client
from bot.wire import cause, is_yes, settle
from bot.zones import utc_text

_EARLIER = 300  #: seconds: X takes requests from clocks that are up to five minutes wrong
_PAGE = 20  #: posts; X charges for each that it shows
_PAGES = 10
_FIELDS = "created_at,referenced_tweets,entities,attachments"
_OF_STATUS = re.compile(
    r"^https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:i/web|[^/]+)/status/(\d+)(/\w+/\d+)?"
)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_LINKED = re.compile(r"\w\.\w|/")  #: in every word that may be a link
_SIGNS = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  #: as X writes them; the last one last
_UNSEEN = {"Cc", "Cf"}  #: Unicode's categories of what is not seen, such as directional marks
_SELECTORS = "\ufe0e\ufe0f"  #: how an emoji is drawn


def address_of(post_id: str) -> str:
    """The address of a post, whoever's it is."""
    return f"https://x.com/i/status/{post_id}"


def id_in(url: str) -> str:
    """The id of the post that an address of X leads to; empty where it leads elsewhere."""
    found = _OF_STATUS.match(url)
    return found[1] if found else ""


class Timeline:
    """The account's own posts on X."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._user = ""

    def find(self, ask: Ask, text: str) -> Receipt | None:
        """The receipt of the part that says `text`, None where nothing like it was posted since it was first asked for.

        Unanswered where X lets nobody read, where there is too much to read, and where something stands there that
        is nearly the same.
        """
        for post in self._since(ask):
            if post.reply_to != ask.reply_to:
                continue
            if _is_same(ask, text, post):
                return Receipt(id=post.id, url=address_of(post.id), at=int(post.created_at.timestamp()))
            if _words(_plain(text)) == _words(_plain(_said(ask, post))):
                raise Unanswered(
                    f"{address_of(post.id)} is nearly what X was asked for by {ask.account}: {settle(ask)}"
                )
        return None

    def _since(self, ask: Ask) -> Iterator[SeenPost]:
        """All posts since shortly before the part was first asked for, newest first."""
        since = utc_text((ask.first_at or ask.at) - _EARLIER)
        wanted = {"max_results": str(_PAGE), "start_time": since, "tweet.fields": _FIELDS}
        for _ in range(_PAGES):
            page = self._page(ask, wanted)
            yield from page.data
            if not page.meta.next_token:
                return
            wanted["pagination_token"] = page.meta.next_token
        raise Unanswered(f"{ask.account} has posted more than {_PAGE * _PAGES} times since: {settle(ask)}")

    def _page(self, ask: Ask, wanted: dict[str, str]) -> Page:
        client, route = self._client, f"/2/users/{self._me(ask)}/tweets"
        try:
            answer = client.answer(client.json("GET", route, params=wanted))
        except OSError as error:
            raise Unanswered(f"X did not say what {ask.account} has posted: {cause(error)}") from error
        if page := read_page(answer):
            return page
        if is_yes(answer.status_code) or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Unanswered(f"X did not say what {ask.account} has posted: HTTP {answer.status_code}")
        no = client.no(answer, ask.at) or Unanswered(f"HTTP {answer.status_code}")
        raise Unanswered(self._closed(ask, str(no)), after=no.after)

    def _me(self, ask: Ask) -> str:
        """The account's id, asked once."""
        if not self._user:
            client = self._client
            try:
                self._user = str(client.data(client.json("GET", "/2/users/me"), ask.at).id)
            except (Refused, NotNow) as no:
                raise Unanswered(self._closed(ask, str(no)), after=no.after) from no
        return self._user

    def _closed(self, ask: Ask, why: str) -> str:
        return f"X shows us nothing of {ask.account}'s timeline ({why}): {settle(ask)}"


def _is_same(ask: Ask, text: str, post: SeenPost) -> bool:
    is_as_rich = len(post.attachments.media_keys) == len(ask.media)
    return is_as_rich and _plain(text) == _plain(_said(ask, post))


def _said(ask: Ask, post: SeenPost) -> str:
    """A post's text as it was written: links lead where they did, and none is there that X has added."""
    quoted, text = quoted_id(ask), post.text
    for link in post.entities.urls:
        text = text.replace(link.url, "" if _is_added(link, quoted) else link.expanded_url or link.url)
    for written, sign in _SIGNS:
        text = text.replace(written, sign)
    return text


def quoted_id(ask: Ask) -> str:
    """The id of the post on X that a part quotes; empty where it quotes none, or something elsewhere."""
    return ask.quote.id or id_in(ask.quote.url) if ask.quote else ""


def _is_added(link: Link, quoted: str) -> bool:
    """Tell whether X has put a link there itself: to the post's pictures, or to what it quotes."""
    found = _OF_STATUS.match(link.expanded_url)
    return bool(link.media_key) or bool(found and (found[2] or found[1] == quoted))


def _plain(text: str) -> str:
    """A text without what X may change: unseen signs, the kind of white space, how links begin and end."""
    seen = "".join(each for each in normalize("NFC", text) if each.isspace() or not _is_unseen(each))
    return " ".join(_SCHEME.sub("", word).rstrip("/") for word in seen.split())


def _is_unseen(character: str) -> bool:
    return category(character) in _UNSEEN or character in _SELECTORS


def _words(plain: str) -> list[str]:
    """The words of a text that can be no links: whatever becomes of links, these stay."""
    return [word for word in plain.split() if not _LINKED.search(word)]
