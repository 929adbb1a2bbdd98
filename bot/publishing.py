"""Which publisher speaks for an account: the network's own, or the dry run until the account's file says it is live."""

from bot import plugins
from bot.contracts import Publisher
from bot.model import Account
from bot.settings import Settings


def publisher(account: Account, settings: Settings) -> Publisher:
    """The publisher for an account. A network's own refuses to be made for an account that is not live."""
    made = plugins.load(plugins.PUBLISHERS, account.network if account.live else "dry-run")
    secrets = settings.secrets(account.credentials, made.secrets)
    opened: Publisher = made(account, secrets, settings.state / "outbox.jsonl")
    return opened
