"""The wire to X: what requests go through, where they go, and whether they left at all."""

import logging
import ssl
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.contracts import Secret
from bot.errors import BadCall
from bot.model import Account

if TYPE_CHECKING:
    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter

HOST = "https://api.twitter.com"  #: the address that tweepy signs, whichever the request is sent to
_LOGGERS = ("tweepy", "requests_oauthlib", "oauthlib", "urllib3")


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
    """A client of tweepy for an account, and the wire that it speaks over."""
    # Imported when an account goes live only: tweepy costs more start-up time than all of ours.
    import tweepy  # noqa: PLC0415
    from requests.adapters import HTTPAdapter  # noqa: PLC0415

    client = tweepy.Client(None, *(secret.reveal() for secret in secrets), wait_on_rate_limit=False)
    wire = Wire(HTTPAdapter(), base=_base(account), timeout=account.timeout)
    client.session.mount("https://", wire)
    client.session.max_redirects = 0  # a signature holds for one address
    return client, wire


def signature(secrets: list[Secret]) -> Any:  # noqa: ANN401 - tweepy has no types
    """What signs a request that tweepy does not make itself."""
    import tweepy  # noqa: PLC0415 - as in `client_of`

    return tweepy.OAuth1UserHandler(*(secret.reveal() for secret in secrets)).apply_auth()


def keep_quiet() -> None:
    """Keep libraries from logging at DEBUG, where they show credentials."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.INFO))


def never_left(error: OSError) -> bool:
    """Tell whether a request was never sent: no address, no connection, or nobody there who can be trusted."""
    from urllib3 import exceptions  # noqa: PLC0415 - as in `client_of`

    # requests wraps urllib3's MaxRetryError, which names the reason; a broken or silent connection has none.
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, exceptions.SSLError):
        return isinstance(next(iter(reason.args), None), ssl.SSLCertVerificationError)
    return isinstance(
        reason, exceptions.NewConnectionError | exceptions.ConnectTimeoutError | exceptions.ProxyError
    )


def cause(error: OSError) -> str:
    """The name of what happened; requests' own words are long, and say where but not what."""
    reason = getattr(error.args[0] if error.args else None, "reason", None) or error
    return type(reason).__name__


def _base(account: Account) -> str:
    """The address to send to instead of X's own, if the account names one; BadCall unless it is a safe one."""
    try:
        url = urlsplit(account.url)
        is_safe = url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.hostname or ""))
        is_plain = bool(url.hostname) and "@" not in url.netloc and not (url.query or url.fragment)
        is_safe = is_safe and url.port != 0
    except ValueError:
        is_safe = is_plain = False
    if account.url and not (is_safe and is_plain):
        # The address itself is not shown: it may hold a password.
        raise BadCall(f"account {account.name}: `url` must be a plain https address, or http on loopback")
    return account.url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
