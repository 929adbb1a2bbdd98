"""X: posts, threads and pictures with alt text, through its API v2 with OAuth 1.0a.

X honours no idempotency key. So what it surely did not write is Refused or NotNow, and all else is Unanswered: a
post is never sent again in the hope that the first was lost.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from bot.contracts import Ask, Receipt, Secret, variable
from bot.errors import BadCall, NotLive, NotNow, Refused, Unanswered
from bot.model import Account, Limits
from bot.publishers.x.answers import Data, after, is_turned_away, is_yes, read, said_in
from bot.publishers.x.pictures import Picture, pictures_of
from bot.publishers.x.wire import HOST, cause, client_of, keep_quiet, never_left, signature

if TYPE_CHECKING:
    from requests import Response


class X:
    """Shows posts on X for one live account."""

    limits: ClassVar[Limits] = Limits(text=280, counting="x", images=4, alt=1_000, image_bytes=5_000_000)
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
        if not account.live:
            raise NotLive(f"account {account.name} is not live: X is not asked for it")
        if missing := [name for suffix, name in self._variables(account).items() if not secrets.get(suffix)]:
            raise BadCall(f"account {account.name} lacks credentials: set {', '.join(missing)}")
        self._account = account
        self._secrets = [secrets[suffix] for suffix in self.secrets]
        keep_quiet()
        self._client, self._wire = client_of(account, self._secrets)

    def prepare(self, asks: Sequence[Ask]) -> Sequence[str]:
        """Look at the pictures of all parts; Refused where X would not take one."""
        for ask in asks:
            pictures_of(ask.media, self.limits)
        return [""] * len(asks)

    def publish(self, ask: Ask) -> Receipt:
        """Upload the part's pictures, then ask once for the post that shows them."""
        try:
            pictures = pictures_of(ask.media, self.limits)
            return self._post(ask, [self._upload(picture, ask.at) for picture in pictures])
        except Refused as no:
            if ask.part == 1:
                raise
            raise Refused(f"{no}; the thread stays without its parts {ask.part} to {ask.parts}") from no

    def find(self, ask: Ask) -> Receipt | None:
        """Unanswered, always: X knows nothing of our keys."""
        raise Unanswered(
            f"X cannot be asked by key for part {ask.part} of {ask.post}; look at the timeline of {ask.account} "
            "and settle it with `redletter queue resolve`"
        )

    def whoami(self) -> str:
        """The handle that these credentials speak for, as `@handle`."""
        user = self._prepare(self._json("GET", "/2/users/me"), None)
        if not user.username:
            raise NotNow(f"X did not say who {self._account.name} is; ask again")
        return f"@{user.username}"

    def learn(self) -> Limits:
        """The limits as X has published them: it tells an account of none."""
        return self.limits

    def _post(self, ask: Ask, media_ids: list[str]) -> Receipt:
        try:
            answer = self._answer(self._json("POST", "/2/tweets", json=_body(ask, media_ids)))
        except OSError as error:
            if never_left(error):
                raise NotNow(f"X cannot be reached: {cause(error)}") from error
            raise Unanswered(self._doubt(cause(error))) from error
        if no := self._no(answer, ask.at):
            raise no
        found = read(answer)
        # A 5xx comes from servers before and behind the one that writes: the post may be there. So it may after
        # a 2xx that cannot be read.
        if not is_yes(answer) or not found or not found.data.id:
            raise Unanswered(self._doubt(f"HTTP {answer.status_code} without a post's id"))
        return Receipt(id=str(found.data.id), url=f"https://x.com/i/status/{found.data.id}", at=ask.at)

    def _upload(self, picture: Picture, at: int) -> str:
        """The media id of a picture that X has whole, with its alt text. No post exists yet: no doubt either."""
        sizes = {"media_type": picture.kind, "media_category": picture.category, "total_bytes": picture.size}
        media_id = str(self._prepare(self._json("POST", "/2/media/upload/initialize", json=sizes), at).id)
        if not media_id:
            raise NotNow("X gave no id for a picture; nothing was posted")
        for index, segment in enumerate(picture.segments()):
            self._prepare(self._segment(media_id, index, segment), at)
        self._settle(
            self._prepare(self._json("POST", f"/2/media/upload/{media_id}/finalize"), at), media_id, at
        )
        described = {"id": media_id, "metadata": {"alt_text": {"text": picture.alt}}}
        self._prepare(self._json("POST", "/2/media/metadata", json=described), at)
        return media_id

    def _settle(self, upload: Data, media_id: str, at: int) -> None:
        """Wait until X has looked through a picture, no longer than an answer is waited for."""
        status = {"command": "STATUS", "media_id": media_id}
        waited = 0
        while (progress := upload.processing_info) and progress.state != "succeeded":
            if progress.state == "failed":
                raise Refused(
                    f"X cannot show a picture: {self._shown(progress.error.message or 'no reason')}"
                )
            if waited >= self._account.timeout:
                raise NotNow("X is still at work on a picture; nothing was posted")
            pause = max(0, min(progress.check_after_secs, self._account.timeout - waited))
            time.sleep(pause)
            waited += max(pause, 1)
            upload = self._prepare(self._json("GET", "/2/media/upload", params=status), at)

    def _json(self, method: str, route: str, **body: object) -> Callable[[], "Response"]:
        return partial(self._client.request, method, route, user_auth=True, **body)

    def _segment(self, media_id: str, index: int, segment: bytes) -> Callable[[], "Response"]:
        """One piece of a picture, as the multipart request that tweepy does not make."""
        return partial(
            self._client.session.post,
            f"{HOST}/2/media/upload/{media_id}/append",
            data={"segment_index": str(index)},
            files={"media": segment},
            auth=signature(self._secrets),
        )

    def _answer(self, request: Callable[[], "Response"]) -> "Response":
        """X's answer, whatever its status; OSError (all of requests' errors are) where there is none."""
        import tweepy  # noqa: PLC0415 - as in `wire.client_of`

        self._wire.forget()
        try:
            return request()
        except OSError:
            raise
        except (tweepy.TweepyException, AttributeError, TypeError, ValueError, RecursionError):
            # tweepy raises at every refusal, and stumbles over odd JSON while it does: the wire has the answer.
            if self._wire.answer is None:
                raise
            return self._wire.answer

    def _prepare(self, request: Callable[[], "Response"], at: int | None) -> Data:
        """The answer to a request that writes no post: whatever goes wrong, nothing was written."""
        try:
            answer = self._answer(request)
        except OSError as error:
            raise NotNow(f"X did not answer: {cause(error)}; nothing was posted") from error
        if no := self._no(answer, at):
            raise no
        found = read(answer)
        if not is_yes(answer) or not found or found.errors:
            raise NotNow(f"X answered HTTP {answer.status_code} without what was asked; nothing was posted")
        return found.data

    def _no(self, answer: "Response", at: int | None) -> Refused | NotNow | None:
        """The plain no in an answer, None where there is a yes or a doubt."""
        status = answer.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return NotNow(f"X takes no more from {self._account.name} for now", after=after(answer, at))
        if status == HTTPStatus.SERVICE_UNAVAILABLE and is_turned_away(answer):
            return NotNow("X is over capacity", after=after(answer, at))
        # A gateway's 408 may follow a request that was passed on: a doubt.
        is_refusal = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
        if is_refusal and status != HTTPStatus.REQUEST_TIMEOUT:
            return Refused(self._refusal(answer))
        return None

    def _refusal(self, answer: "Response") -> str:
        status, said, name = answer.status_code, self._shown(said_in(answer)), self._account.name
        if status == HTTPStatus.UNAUTHORIZED:
            variables = ", ".join(self._variables(self._account).values())
            return f"X does not accept the credentials of {name}: check {variables}, and this machine's clock"
        if status == HTTPStatus.PAYMENT_REQUIRED:
            return f"X has no credits left for {name}: add some in its developer portal"
        if status == HTTPStatus.FORBIDDEN and "duplicate" in said.lower():
            return f"X already has this very text from {name}: if that is not this post, change the text ({said})"
        return f"X refused (HTTP {status}) for {name}: {said}"

    def _doubt(self, why: str) -> str:
        return f"X was asked to post for {self._account.name}, and nobody knows whether it did: {why}"

    def _shown(self, said: str) -> str:
        """X's own words on one line, not too long, and without a credential that some server sent back."""
        for secret in self._secrets:
            said = said.replace(secret.reveal(), str(secret))
        return " ".join(said.split())[:300]

    @classmethod
    def _variables(cls, account: Account) -> dict[str, str]:
        """The names of the environment variables that hold an account's credentials, under their suffixes."""
        return {suffix: variable(account.credentials, suffix) for suffix in cls.secrets}


def _body(ask: Ask, media_ids: list[str]) -> dict[str, Any]:
    body: dict[str, Any] = {"text": ask.text}
    if media_ids:
        body["media"] = {"media_ids": media_ids}
    if ask.reply_to:
        body["reply"] = {"in_reply_to_tweet_id": ask.reply_to}
    return body


__all__ = ["X"]
