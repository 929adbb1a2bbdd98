"""What every publisher of a network shares: where to send, whether a request left at all, when to come back.

And the words for it, so that people read the same of each network.
"""

import logging
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import msgspec

from bot.contracts import Ask, Secret, variable
from bot.errors import BadCall, NotLive, NotNow, Refused, Unanswered
from bot.model import Account

if TYPE_CHECKING:
    from requests import PreparedRequest, Session

_DIGITS = 11  #: of an instant in a header, at most
_EPOCH = 1_000_000_000  #: a number from here on is an instant, below it a length of time

_Shape = TypeVar("_Shape")


class Unsent(OSError):  # noqa: N818 - reads as what it is
    """A library asked for nothing: no request was made."""


def variables(
    account: Account, secrets: Mapping[str, Secret], suffixes: Iterable[str], *, network: str
) -> dict[str, str]:
    """The names of the variables that hold a live account's credentials, by suffix.

    NotLive where the account is not live; BadCall names the variables that are not set.
    """
    if not account.live:
        raise NotLive(f"account {account.name} is not live: {network} is not asked for it")
    names = {suffix: variable(account.credentials, suffix) for suffix in suffixes}
    if missing := [name for suffix, name in names.items() if not secrets.get(suffix)]:
        raise BadCall(f"account {account.name} lacks credentials: set {', '.join(missing)}")
    return names


def address(account: Account) -> str:
    """The account's `url` without a slash at its end; BadCall unless it is plain https, or http on loopback."""
    try:
        url = urlsplit(account.url)
        is_safe = url.scheme == "https" or (url.scheme == "http" and is_loopback(url.hostname or ""))
        is_plain = bool(url.hostname) and "@" not in url.netloc and not (url.query or url.fragment)
        is_safe = is_safe and url.port != 0
    except ValueError:
        is_safe = is_plain = False
    if account.url and not (is_safe and is_plain):
        # The address itself is not shown: it may hold a password.
        raise BadCall(f"account {account.name}: `url` must be a plain https address, or http on loopback")
    return account.url.rstrip("/")


def is_loopback(host: str) -> bool:
    """Tell whether a host's name or number is this machine's own."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def new_session(base: str) -> "Session":
    """A session that follows no redirection, takes no credentials from the machine, and asks loopback without a proxy."""
    from requests import Session  # noqa: PLC0415 - only who asks a network pays for the import

    session = Session()
    session.max_redirects = 0
    session.trust_env = not is_loopback(urlsplit(base).hostname or "")
    session.auth = _unsigned
    return session


def never_left(error: OSError) -> bool:
    """Tell whether a request was never sent: no address, no connection, or nobody there who can be trusted."""
    from urllib3 import exceptions  # noqa: PLC0415 - as in `new_session`

    if isinstance(error, Unsent):
        return True
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


def unasked(error: OSError, account: Account, *, network: str) -> NotNow | Unanswered:
    """What follows where a request to show a part has no answer: not now if it never left, else a doubt."""
    if never_left(error):
        return NotNow(f"{network} cannot be reached: {cause(error)}")
    return doubt(cause(error), account, network=network)


def doubt(why: str, account: Account, *, network: str) -> Unanswered:
    """Nobody knows whether a network has a part: the account, and what happened."""
    return Unanswered(
        f"{network} was asked to post for {account.name}, and nobody knows whether it did: {why}"
    )


def settle(ask: Ask) -> str:
    """What a person has to do where a network cannot tell what it has."""
    return f"look there for part {ask.part} of {ask.post}, and settle it: `redletter queue resolve {ask.key} --sent URL | --absent | --failed REASON`"


@contextmanager
def naming_the_rest(ask: Ask) -> Iterator[None]:
    """Let a refusal say what a thread stays without, where its first parts are shown already."""
    try:
        yield
    except Refused as no:
        if ask.part == 1:
            raise
        rest = f"part {ask.part}" if ask.part == ask.parts else f"parts {ask.part} to {ask.parts}"
        raise Refused(f"{no}; the thread stays without its {rest}") from no


def refuse_halves(ask: Ask) -> None:
    """Refuse words that cannot be written in UTF-8, before anybody is asked to show them."""
    try:
        "".join((ask.text, ask.warning, *(media.alt for media in ask.media))).encode()
    except UnicodeEncodeError as error:
        raise Refused(
            f"{ask.post}: part {ask.part} holds half a character, which no network takes"
        ) from error


def read(content: bytes, shape: type[_Shape]) -> _Shape | None:
    """JSON of this shape; None where it is none (HTML, torn, of another shape)."""
    try:
        return msgspec.json.decode(content, type=shape)
    except (ValueError, RecursionError):
        return None


def is_yes(status: int) -> bool:
    """Tell whether a network did what it was asked; a redirection is no yes."""
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def is_no(status: int) -> bool:
    """Tell whether a network refused; a gateway's 408 may follow a request that was passed on, and 5xx say nothing."""
    is_refusal = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    return is_refusal and status != HTTPStatus.REQUEST_TIMEOUT


def comes_back(headers: Mapping[str, str], *names: str, at: int) -> int | None:
    """The latest instant that these headers name; None where none of them can be read.

    Written as seconds since 1970, as ISO 8601, as an HTTP date, or as seconds from `at` on: networks use them all.
    """
    return max(filter(None, (_instant(headers.get(name), at) for name in names)), default=None)


def shown(said: str, secrets: list[Secret]) -> str:
    """A network's own words on one line, not too long, and without a credential that some server sent back."""
    for secret in secrets:
        if secret:
            said = said.replace(secret.reveal(), str(secret))
    return " ".join(said.split())[:300]


def keep_quiet(*names: str) -> None:
    """Keep libraries from logging at DEBUG, where they show credentials."""
    for name in (*names, "urllib3", "requests"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.INFO))


def _instant(text: str | None, at: int) -> int | None:
    if not text:
        return None
    if text.isdecimal():
        number = int(text) if len(text) <= _DIGITS else None
        return number if number is None or number >= _EPOCH else at + number
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _http_date(text) or datetime.fromtimestamp(0, UTC)
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()) or None


def _http_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _unsigned(request: "PreparedRequest") -> "PreparedRequest":
    """Add nothing: else requests would look for a password in the machine's .netrc."""
    return request
