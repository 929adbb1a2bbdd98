"""Which publisher speaks for an account, and what its network has said it takes.

The publisher is the network's own, or the dry run until the account's file says it is live.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import MsgspecError, json

from bot import plugins
from bot.contracts import Publisher
from bot.model import Account, Limits
from bot.settings import Settings


def publisher(account: Account, settings: Settings) -> Publisher:
    """The publisher for an account. A network's own refuses to be made for an account that is not live."""
    made = plugins.load(plugins.PUBLISHERS, account.network if account.live else "dry-run")
    secrets = settings.secrets(account.credentials, made.secrets)
    opened: Publisher = made(account, secrets, settings.state / "outbox.jsonl")
    return opened


def learned(settings: Settings) -> Mapping[str, Limits]:
    """What networks have said they take, by account; empty where none was asked, or the file cannot be read.

    It is a copy of what they said, and can be thrown away: whoever asks next writes it anew.
    """
    try:
        return _limits.decode(_file(settings).read_bytes())
    except (OSError, MsgspecError, UnicodeError):
        return {}


def remember(settings: Settings, account: str, limits: Limits) -> None:
    """Keep what an account's network has said it takes; a disk that cannot keep it does no harm."""
    known = learned(settings)
    if known.get(account) == limits:
        return
    file = _file(settings)
    made = file.with_suffix(".new")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(json.format(json.encode({**known, account: limits}, order="sorted"), indent=2))
        made.replace(file)


_limits = json.Decoder(dict[str, Limits])


def _file(settings: Settings) -> Path:
    return settings.state / "limits.json"
