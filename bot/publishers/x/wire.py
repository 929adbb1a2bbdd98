"""The wire to X: what requests go through, where they go, and what signs them."""

from typing import TYPE_CHECKING, Any

from bot.contracts import Secret
from bot.model import Account
from bot.wire import address, keep_quiet

if TYPE_CHECKING:
    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter

HOST = "https://api.twitter.com"  #: the address that tweepy signs, whichever the request is sent to


class Wire:
    """What requests sends through: it waits as long as the account says, and keeps the last answer.

    It is an adapter of requests by its shape, so that requests is imported for live accounts only.
    """

    def __init__(self, adapter: "HTTPAdapter", base: str, *, timeout: int) -> None:
        self.answer: Response | None = None
        self._adapter = adapter
        self._base = base
        self._timeout = timeout

    def forget(self) -> None:
        """Have no answer until the next request has one."""
        self.answer = None

    def send(self, request: "PreparedRequest", **options: Any) -> "Response":  # noqa: ANN401 - passed on as they are
        """Send what is signed by now: the signature names X, wherever it goes."""
        if self._base:  # asked directly: the machine's proxies are for X's own address
            request.url = self._base + str(request.url).removeprefix(HOST)
            options["proxies"] = None
        # A connection kept since the last request may be dead by now, and would leave a post in doubt.
        self._adapter.close()
        self.answer = self._adapter.send(request, **(options | {"timeout": self._timeout}))
        return self.answer


def client_of(account: Account, secrets: list[Secret]) -> tuple[Any, "Wire"]:
    """A client of tweepy for an account, and the wire that it speaks over; BadCall unless its `url` is a safe one."""
    keep_quiet("tweepy", "requests_oauthlib", "oauthlib")
    base = address(account)
    # Imported when an account goes live only: tweepy costs more start-up time than all of ours.
    import tweepy  # noqa: PLC0415
    from requests.adapters import HTTPAdapter  # noqa: PLC0415

    client = tweepy.Client(None, *(secret.reveal() for secret in secrets), wait_on_rate_limit=False)
    wire = Wire(HTTPAdapter(), base=base, timeout=account.timeout)
    client.session.mount("https://", wire)
    client.session.max_redirects = 0  # a signature holds for one address
    return client, wire


def signature(secrets: list[Secret]) -> Any:  # noqa: ANN401 - tweepy has no types
    """What signs a request that tweepy does not make itself."""
    import tweepy  # noqa: PLC0415 - as in `client_of`

    return tweepy.OAuth1UserHandler(*(secret.reveal() for secret in secrets)).apply_auth()
