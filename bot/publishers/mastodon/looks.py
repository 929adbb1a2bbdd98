"""Looking at an account's own statuses, to tell whether one of them is the part that was asked for."""

from collections.abc import Iterator
from functools import partial

from bot.contracts import Ask
from bot.errors import Unanswered
from bot.publishers.mastodon.answers import Status, User
from bot.publishers.mastodon.server import Server
from bot.publishers.mastodon.words import words_of_html, words_of_text
from bot.zones import MINUTE

_PAGE = 40  #: statuses in an answer, as many as an instance gives
_PAGES = 25
_SKEW = MINUTE  #: seconds by which an instance's clock may be behind ours


def linked(ask: Ask) -> str:
    """The text with the address of what is quoted below it, for where a plain link has to do."""
    if not ask.quote or not ask.quote.url or ask.quote.url in ask.text:
        return ask.text
    return f"{ask.text}\n\n{ask.quote.url}"


class Timeline:
    """The account's own statuses, latest first."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._user = ""

    def me(self, at: int | None) -> User:
        """The account that the token speaks for."""
        return self._server.read(self._server.client.account_verify_credentials, User, at=at)

    def find(self, ask: Ask) -> Iterator[Status]:
        """The statuses that may be this part, latest first; Unanswered if the end of its time is not reached."""
        since = (ask.at if ask.first_at is None else ask.first_at) - _SKEW
        for status in self._since(since, ask.at):
            if is_of(ask, status):
                yield status

    def _since(self, since: int, at: int) -> Iterator[Status]:
        last = None
        for _ in range(_PAGES):
            page = self._page(last, at)
            for status in page:
                if (created := status.created) is None:
                    raise Unanswered(
                        "Mastodon does not say when a status was written; look at the account there"
                    )
                if created < since:
                    return
                yield status
            if not page:
                return
            last = str(page[-1].id)
        raise Unanswered(
            f"Mastodon has more than {_PAGES * _PAGE} statuses since then; look at the account there"
        )

    def _page(self, last: str | None, at: int) -> list[Status]:
        self._user = self._user or str(self.me(at).id)
        request = partial(
            self._server.client.account_statuses, self._user, exclude_reblogs=True, max_id=last, limit=_PAGE
        )
        return self._server.read(request, list[Status], at=at)


class Known:
    """Which part each of an account's latest statuses shows, so that none is taken for another of the same words."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._parts: dict[str, str] = {}

    def add(self, status: Status, part: str) -> None:
        """Remember what a status shows, and forget the oldest beyond the most."""
        self._parts[str(status.id)] = part
        if len(self._parts) > self._most:
            del self._parts[next(iter(self._parts))]

    def may_be(self, status: Status, part: str) -> bool:
        """Tell whether a status may be this part: it is not known to be another."""
        return self._parts.get(str(status.id), part) == part


def is_of(ask: Ask, status: Status) -> bool:
    """Tell whether a status shows this part: its text, its place in the thread, as many pictures."""
    return (
        str(status.in_reply_to_id or "") == (ask.reply_to or "")
        and len(status.media_attachments or ()) == len(ask.media)
        and words_of_html(status.content or "") in {words_of_text(ask.text), words_of_text(linked(ask))}
    )
