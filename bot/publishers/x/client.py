"""One account's requests to X, and the names of what X answers."""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from bot.contracts import Secret
from bot.errors import Barred, NotNow, Refused
from bot.model import Account
from bot.publishers.x.answers import (
    Data,
    Found,
    after,
    bar_in,
    is_duplicate,
    is_turned_away,
    is_unpermitted,
    said_in,
)
from bot.publishers.x.wire import HOST, client_of, signature
from bot.wire import cause, is_no, is_yes, read, shown

if TYPE_CHECKING:
    from requests import Response


class Duplicate(Refused):
    """X has this very text already."""


class Shut(Barred):
    """X forbids it, with a word about an account: most often this one, and at times the one that is quoted."""


class Unpermitted(Shut):
    """X permits something not, and does not say what: most often it is that the app may only read."""


class Client:
    """Asks X for one account, and names its answers."""

    def __init__(self, account: Account, secrets: Mapping[str, Secret], variables: Mapping[str, str]) -> None:
        """Make ready; no request yet. `variables` hold the credentials, by the suffixes of `secrets`."""
        self.account = account
        self._secrets = [secrets[suffix] for suffix in variables]
        self._variables = ", ".join(variables.values())
        self._tweepy, self._wire = client_of(account, self._secrets)

    def json(self, method: str, route: str, **body: object) -> "Callable[[], Response]":
        """A request with a body or parameters, as tweepy makes it."""
        return partial(self._tweepy.request, method, route, user_auth=True, **body)

    def multipart(self, route: str, *, data: Mapping[str, str], media: bytes) -> "Callable[[], Response]":
        """A request that carries a piece of a picture or film, which tweepy does not make."""
        post, auth = self._tweepy.session.post, signature(self._secrets)
        return partial(post, HOST + route, data=data, files={"media": media}, auth=auth)

    def answer(self, request: "Callable[[], Response]") -> "Response":
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

    def data(self, request: "Callable[[], Response]", at: int | None) -> Data:
        """The answer to a request that writes no post: whatever goes wrong, nothing was written."""
        try:
            answer = self.answer(request)
        except OSError as error:
            raise NotNow(f"X did not answer: {cause(error)}; nothing was posted") from error
        if no := self.no(answer, at):
            raise no
        found = read(answer.content or b"{}", Found)  # of some, X says no more than yes
        if not is_yes(answer.status_code) or not found or found.errors:
            raise NotNow(f"X answered HTTP {answer.status_code} without what was asked; nothing was posted")
        return found.data

    def no(self, answer: "Response", at: int | None) -> Refused | NotNow | None:
        """The plain no in an answer, None where there is a yes or a doubt."""
        status = answer.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return NotNow(f"X takes no more from {self.account.name} for now", after=after(answer, at))
        if status == HTTPStatus.SERVICE_UNAVAILABLE and is_turned_away(answer):
            return NotNow("X is over capacity", after=after(answer, at))
        return self._bar(answer) or self._refusal(answer) if is_no(status) else None

    def shown(self, said: str) -> str:
        """X's own words, fit for a message."""
        return shown(said, self._secrets)

    def _bar(self, answer: "Response") -> Barred | None:
        """What keeps X from taking anything from the account, the same words each time; None if it is but this post."""
        status, name = answer.status_code, self.account.name
        if status == HTTPStatus.UNAUTHORIZED:
            return Barred(
                f"X does not accept the credentials of {name}: they are revoked or wrong; "
                f"check {self._variables}, and this machine's clock"
            )
        if status == HTTPStatus.PAYMENT_REQUIRED:
            return Barred(f"X has no credits left for {name}: add some in its developer portal")
        if status == HTTPStatus.FORBIDDEN and (bar := bar_in(answer, self._variables)):
            return Shut(f"X takes nothing from {name}: {bar}")
        if status == HTTPStatus.FORBIDDEN and is_unpermitted(answer):
            return Unpermitted(
                f"X does not permit {name} to post: see in its developer portal that the app may write, "
                f"make new access tokens, and set {self._variables}"
            )
        return None

    def _refusal(self, answer: "Response") -> Refused:
        status, said, name = answer.status_code, self.shown(said_in(answer)), self.account.name
        if is_duplicate(answer):
            return Duplicate(
                f"X already has this very text from {name}: if that is not this post, change the text ({said})"
            )
        return Refused(f"X refused (HTTP {status}) for {name}: {said}")
