"""A sign of life: an address that is asked for while all is well, so that somebody notices when it is not."""

import logging
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import BadCall
from bot.wire import cause, is_loopback, keep_quiet, new_session

if TYPE_CHECKING:
    from requests import Session

log = logging.getLogger("redletter")

PERIOD = 300  #: seconds between two signs
_TIMEOUT = 10  #: seconds
_OK = range(200, 300)


class Heartbeat:
    """Gives a sign of life every five minutes; how long to wait for one is set at the service that listens."""

    def __init__(self, url: str) -> None:
        """Make ready; BadCall unless it is https, or http on loopback. The address is a secret, and never shown."""
        if not _is_safe(url):
            raise BadCall("REDLETTER_HEARTBEAT must be an https address, or http on loopback")
        keep_quiet()
        self._url = url
        self._next = -1.0  #: by the clock that never jumps
        self._is_unheard = False
        self._session: Session | None = None

    def beat(self) -> None:
        """Give a sign if it is time for one. It takes seconds at most, and a sign that fails is told of once."""
        if time.monotonic() < self._next:
            return
        trouble = self._ask()
        if trouble and not self._is_unheard:
            log.warning("the heartbeat was not heard: %s; it goes on beating", trouble)
        self._is_unheard = bool(trouble)
        self._next = time.monotonic() + PERIOD

    def _ask(self) -> str:
        """What went wrong; empty where nothing did."""
        self._session = self._session or new_session(self._url)
        try:
            with self._session.get(self._url, timeout=_TIMEOUT, stream=True, allow_redirects=False) as answer:
                return "" if answer.status_code in _OK else f"the answer was {answer.status_code}"
        except OSError as error:
            return cause(error)


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_ours = parts.scheme == "http" and is_loopback(parts.hostname or "")
        return bool(parts.hostname) and (parts.scheme == "https" or is_ours)
    except ValueError:
        return False
