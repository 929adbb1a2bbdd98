"""X: posts, threads, quotes, and pictures with alt text, through its API v2 with OAuth 1.0a.

X honours no idempotency key. So what it surely did not write is Refused or NotNow, and all else is Unanswered: a
post is never sent again in the hope that the first was lost. After silence the account's own timeline tells, where
X lets it be read.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from bot.contracts import Ask, Deletion, Receipt, Removal, Secret
from bot.errors import NotNow, Refused, Unanswered
from bot.media import Picture, read_media
from bot.model import Account, Limits
from bot.publishers.x.answers import Found, is_missing
from bot.publishers.x.client import Client, Duplicate, Shut, Unpermitted
from bot.publishers.x.timeline import Timeline, address_of, quoted_id
from bot.publishers.x.uploads import upload
from bot.wire import (
    cause,
    doubt,
    is_yes,
    naming_the_rest,
    never_left,
    read,
    refuse_halves,
    settle,
    unasked,
    variables,
)

_FRESH = 20 * 3_600  #: seconds; X forgets an upload that no post shows after a day


class _Kept(msgspec.Struct, frozen=True):
    """What was prepared for a part: the same at every attempt."""

    at: int  #: when its pictures were uploaded
    text: str
    media: tuple[str, ...] = ()  #: X's ids
    quote: str = ""  #: the id of the post that is quoted

    @property
    def plain(self) -> "_Kept":
        """The same with a link to what it quotes."""
        return _Kept(self.at, f"{self.text} {address_of(self.quote)}", self.media)

    def body(self, reply_to: str | None) -> dict[str, Any]:
        """The request for the post."""
        body: dict[str, Any] = {"text": self.text}
        if self.media:
            body["media"] = {"media_ids": list(self.media)}
        if reply_to:
            body["reply"] = {"in_reply_to_tweet_id": reply_to}
        if self.quote:
            body["quote_tweet_id"] = self.quote
        return body


class X:
    """Shows posts on X for one live account."""

    limits: ClassVar[Limits] = Limits(
        text=280,
        counting="x",
        images=4,
        alt=1_000,
        image_bytes=5_000_000,
        kinds=("image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/quicktime"),
        gif_bytes=15_000_000,
        film_bytes=100_000_000,  # X takes five times that; a film is held in memory while it is sent
    )
    secrets: ClassVar[Mapping[str, str]] = {
        "CONSUMER_KEY": "the app's API key, from X's developer portal",
        "CONSUMER_SECRET": "the app's API key secret",
        "ACCESS_TOKEN": "the account's access token, with permission to read and write",
        "ACCESS_TOKEN_SECRET": "the account's access token secret",
    }

    def __init__(self, account: Account, secrets: Mapping[str, Secret], outbox: Path) -> None:
        """Make ready; no request yet. Pictures are read from the paths that an ask names.

        NotLive unless the account is live; BadCall names the credentials that are missing, or says what is wrong
        with the account's `url`.
        """
        del outbox  # what X shows is on X
        names = variables(account, secrets, self.secrets, network="X")
        self._account = account
        self._client = Client(account, secrets, names)
        self._timeline = Timeline(self._client)
        self._claimed: set[tuple[str, int]] = set()  #: parts that X says it has

    def prepare(self, asks: Sequence[Ask]) -> Sequence[str]:
        """Read the pictures of all parts, then upload them with their alt texts."""
        with naming_the_rest(asks[0]):
            for ask in asks:
                refuse_halves(ask)
            pictures = [read_media(ask.media, self.limits) for ask in asks]
            made = [self._upload(ask, theirs) for ask, theirs in zip(asks, pictures, strict=True)]
        return [msgspec.json.encode(kept).decode() for kept in made]

    def publish(self, ask: Ask) -> Receipt:
        """Ask once for the post, and if X will not quote, once for the same post with a plain link."""
        with naming_the_rest(ask):
            try:
                return self._show(ask, self._kept(ask))
            except Duplicate:
                if ask.first_at is None:
                    raise
                self._claimed.add((ask.key, ask.part))
                return self._twin(ask)

    def find(self, ask: Ask) -> Receipt | None:
        """What the account's timeline has of this part, where X lets it be read; costs a little for each post read."""
        return self._twin(ask) if (ask.key, ask.part) in self._claimed else self._seen(ask)

    def delete(self, removal: Removal) -> Deletion:
        """Delete the post."""
        if not removal.id.isdecimal():
            raise Refused(f"{removal.url} does not name a post of X by its number: delete it there by hand")
        client = self._client
        try:
            answer = client.answer(client.json("DELETE", f"/2/tweets/{removal.id}"))
        except OSError as error:
            kind = NotNow if never_left(error) else Unanswered
            raise kind(f"X did not answer: {cause(error)}") from error
        if is_missing(answer):
            return Deletion.GONE
        if no := client.no(answer, removal.at):
            raise no
        found = read(answer.content, Found)
        if not is_yes(answer.status_code) or not found or not found.data.deleted:
            raise Unanswered(f"X answered HTTP {answer.status_code} without a word that it is deleted")
        return Deletion.REMOVED

    def whoami(self) -> str:
        """The handle that these credentials speak for, as `@handle`."""
        user = self._client.data(self._client.json("GET", "/2/users/me"), None)
        if not user.username:
            raise NotNow(f"X did not say who {self._account.name} is; ask again")
        return f"@{user.username}"

    def learn(self) -> Limits:
        """The limits as X has published them: it tells an account of none."""
        return self.limits

    def _upload(self, ask: Ask, pictures: Sequence[Picture]) -> _Kept:
        ids = tuple(upload(self._client, picture, ask.at) for picture in pictures)
        return _Kept(ask.at, _text(ask), ids, quoted_id(ask))

    def _kept(self, ask: Ask) -> _Kept:
        """What was prepared; its pictures are uploaded anew where X would have forgotten them by now."""
        kept = msgspec.json.decode(ask.prepared, type=_Kept) if ask.prepared else None
        if kept and not (kept.media and ask.at - kept.at > _FRESH):
            return kept
        return self._upload(ask, read_media(ask.media, self.limits))

    def _show(self, ask: Ask, kept: _Kept) -> Receipt:
        try:
            return self._post(ask, kept)
        except Duplicate:
            raise
        except (Refused, Shut) as no:
            # That X wrote nothing is sure, so it may be asked for another post. What bars a quote may be about whom
            # it quotes, whose account is suspended or locked.
            if kept.quote:
                return self._show(ask, kept.plain)
            if ask.reply_to and isinstance(no, Unpermitted):  # the parts before were permitted
                raise Refused(
                    f"X does not permit {self._account.name} to reply to its own post, and so to go on with a thread: "
                    "its plan may let no app do so"
                ) from no
            raise

    def _post(self, ask: Ask, kept: _Kept) -> Receipt:
        client = self._client
        try:
            answer = client.answer(client.json("POST", "/2/tweets", json=kept.body(ask.reply_to)))
        except OSError as error:
            raise unasked(error, self._account, network="X") from error
        if no := client.no(answer, ask.at):
            raise no
        found = read(answer.content, Found)
        # A 5xx comes from servers before and behind the one that writes: the post may be there. So it may after
        # a 2xx that cannot be read.
        if not is_yes(answer.status_code) or not found or not found.data.id:
            why = f"HTTP {answer.status_code} without a post's id"
            raise doubt(why, self._account, network="X")
        return Receipt(id=str(found.data.id), url=address_of(str(found.data.id)), at=ask.at)

    def _twin(self, ask: Ask) -> Receipt:
        """The receipt of what was posted in silence: X, asked again, said that it has this text."""
        if found := self._seen(ask):
            return found
        raise Unanswered(
            f"X says that it has this very text from {ask.account}, and does not show it: {settle(ask)}"
        )

    def _seen(self, ask: Ask) -> Receipt | None:
        if not self._account.find:
            raise Unanswered(f"{ask.account} is not to be read back on X (`find = false`): {settle(ask)}")
        return self._timeline.find(ask, _text(ask))


def _text(ask: Ask) -> str:
    """What a part says on X: what it quotes elsewhere follows as a plain link."""
    is_elsewhere = ask.quote and not quoted_id(ask)
    return f"{ask.text} {ask.quote.url}" if ask.quote and is_elsewhere else ask.text


__all__ = ["X"]
