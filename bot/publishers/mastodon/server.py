"""One instance: what is asked of it through Mastodon.py, and what its answers mean.

The wire's answer decides, never the library's: it stumbles over odd JSON, headers and warnings after the server has
done what it was asked.
"""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from bot.contracts import Secret
from bot.errors import Barred, NotNow, Refused
from bot.model import Account
from bot.publishers.mastodon.answers import is_redirection, is_refusal, is_shut_out, said_in
from bot.wire import Unsent, address, cause, comes_back, is_yes, keep_quiet, new_session, read, shown

if TYPE_CHECKING:
    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter

_Shape = TypeVar("_Shape")
_VERSION = "4.6.0"  #: what Mastodon.py takes every server for: else it asks for the version before an upload
_RESETS = ("X-RateLimit-Reset", "Retry-After")


class Wire:
    """What requests sends through: it keeps the last answer, or what came instead of one.

    It is an adapter of requests by its shape, so that requests is imported for live accounts only.
    """

    def __init__(self, adapter: "HTTPAdapter") -> None:
        self._adapter = adapter
        self.forget()

    def forget(self) -> None:
        """Have no answer until the next request has one."""
        self.answer: Response | None = None
        self.silence: OSError = Unsent("no request was made")

    def send(self, request: "PreparedRequest", **options: Any) -> "Response":  # noqa: ANN401 - passed on as they are
        """Send a request and read its answer to the end."""
        # A connection kept since the last request may be dead by now, and would leave a status in doubt.
        self._adapter.close()
        self.silence = ConnectionError("no answer")
        try:
            answer = self._adapter.send(request, **options)
            answer.content  # noqa: B018 - what is read later would break outside of this room
        except OSError as error:
            self.silence = error
            raise
        # Mastodon.py would show people a warning that is meant for its makers.
        answer.headers.pop("deprecation", None)
        self.answer = answer
        return answer


class Server:
    """Asks one instance for one account."""

    def __init__(self, account: Account, token: Secret, variable: str) -> None:
        # Imported when an account goes live only: both cost more start-up time than all of ours.
        from mastodon import Mastodon  # noqa: PLC0415
        from requests.adapters import HTTPAdapter  # noqa: PLC0415

        keep_quiet("mastodon")
        self._account, self._token, self._variable = account, token, variable
        base = address(account)
        session = new_session(base)
        self._wire = Wire(HTTPAdapter())
        adapter: Any = self._wire
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        self.client: Any = Mastodon(
            api_base_url=base,
            ratelimit_method="throw",
            request_timeout=account.timeout,
            mastodon_version=_VERSION,
            version_check_mode="created",
            session=session,
            user_agent="redletter",
        )
        # Given afterwards: a token that happens to name a file would be read from it.
        self.client.access_token = token.reveal()

    def answer(self, request: Callable[[], object]) -> "Response":
        """The instance's answer, whatever its status; OSError where there is none."""
        self._wire.forget()
        with suppress(Exception):
            request()
        if self._wire.answer is None:
            raise self._wire.silence
        return self._wire.answer

    def read(self, request: Callable[[], object], shape: type[_Shape], *, at: int | None) -> _Shape:
        """The body of the answer to a request that writes no status: whatever goes wrong, nothing was written."""
        try:
            answer = self.answer(request)
        except OSError as error:
            raise NotNow(f"Mastodon did not answer: {cause(error)}; nothing was posted") from error
        if no := self.no(answer, at=at):
            raise no
        found = read(answer.content, shape) if is_yes(answer.status_code) else None
        if found is None:
            raise NotNow(
                f"Mastodon answered HTTP {answer.status_code} without what was asked; nothing was posted"
            )
        return found

    def no(self, answer: "Response", *, at: int | None) -> Refused | NotNow | None:
        """The plain no in an answer, None where there is a yes or a doubt."""
        name, status = self._account.name, answer.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            after = None if at is None else comes_back(answer.headers, *_RESETS, at=at)
            return NotNow(f"Mastodon takes no more from {name} for now", after=after)
        if is_redirection(answer):
            return Barred(f"account {name}: Mastodon sends us elsewhere; put its present address in `url`")
        if is_shut_out(answer):
            said = shown(said_in(answer), [self._token])
            return Barred(
                f"account {name}: Mastodon shuts it out ({said}); look at the account there, then put a token "
                f"that may read accounts and statuses and write statuses and media in {self._variable}"
            )
        if is_refusal(answer):
            said = shown(said_in(answer), [self._token])
            return Refused(f"Mastodon refused (HTTP {status}) for {name}: {said}")
        return None
