"""Tell people, by whatever service they read: Apprise knows them. It is an extra, loaded when an address is set."""

import logging
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol

from bot.errors import BadCall
from bot.watch.words import Message
from bot.wire import keep_quiet

MISSING = "REDLETTER_NOTIFY is set, and Apprise is not installed: pip install 'redletter[notify]'"
#: So many messages are kept for an address that takes none at the moment; then the oldest gives way.
_BACKLOG = 20
_QUIET = logging.CRITICAL + 1


class Service(Protocol):
    """What Apprise makes of an address."""

    service_name: str

    def notify(self, *, title: str, body: str, body_format: str) -> bool:
        """Send; tell whether it was taken."""


class Notifier:
    """The addresses at which people are told."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._addresses = tuple(map(_Address, services))

    def send(self, message: Message) -> bool:
        """Tell everybody; whether anybody could be told. Who could not is told with the next message.

        It takes as long as the slowest service does.
        """
        took = [address.take(message) for address in self._addresses]
        if not any(took):
            for address in self._addresses:
                address.drop(message)
        return any(took)

    @property
    def deaf(self) -> tuple[str, ...]:
        """The services that did not take what they were last sent; never their addresses."""
        return tuple(address.name for address in self._addresses if address.is_deaf)

    def remind(self) -> None:
        """Send again what some address has not taken yet."""
        for address in self._addresses:
            address.flush()


class _Address:
    """One address, with what it has still to be sent."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._backlog: deque[Message] = deque(maxlen=_BACKLOG)
        self.name = str(service.service_name)  #: of the service, never the address
        self.is_deaf = False  #: whether it did not take what it was last sent

    def take(self, message: Message) -> bool:
        """Send this and what has waited before it; whether this was taken."""
        self._backlog.append(message)
        return self.flush()

    def drop(self, message: Message) -> None:
        """Forget a message that its sender will send again."""
        with suppress(ValueError):  # it has given way to later ones
            self._backlog.remove(message)

    def flush(self) -> bool:
        """Send what waits, in order; whether all of it was taken."""
        while self._backlog and self._notify(self._backlog[0]):
            self._backlog.popleft()
        self.is_deaf = bool(self._backlog)
        return not self.is_deaf

    def _notify(self, message: Message) -> bool:
        try:
            return bool(self._service.notify(title=message.title, body=message.body, body_format="text"))
        except Exception:  # noqa: BLE001 - foreign code, whose words may hold the address
            return False


def services(words: str) -> list[Service]:
    """The services at addresses with white space between them. BadCall for one that Apprise does not know; none is shown."""
    keep_quiet()
    logging.getLogger("apprise").setLevel(_QUIET)  # it writes addresses into its log
    try:
        from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise BadCall(MISSING) from error
    asset = AppriseAsset(app_id="redletter", app_desc="redletter", app_url="", async_mode=False)
    made: list[Any] = [Apprise.instantiate(url, asset=asset) for url in words.split()]
    for number, service in enumerate(made, 1):
        if not service:
            raise BadCall(
                f"REDLETTER_NOTIFY: address {number} of {len(made)} is none that Apprise knows; "
                "its own documentation lists the services and how to write them"
            )
    return made
