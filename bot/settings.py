"""The environment, read once."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from bot.contracts import Secret, variable
from bot.errors import BadCall

#: Every variable of our own, with what it is for. Credentials are named by each account's prefix.
VARIABLES = {
    "REDLETTER_DATABASE": "where the queue is kept, as an SQLAlchemy URL; empty: SQLite in the state folder",
    "REDLETTER_HEARTBEAT": "an address that the daemon asks for every five minutes while all is well; empty: none",
    "REDLETTER_LISTEN": "where /healthz and /metrics are answered, on loopback, such as 127.0.0.1:9464; empty: nowhere",
    "REDLETTER_LOG": "how the daemon speaks: console (for people) or json (for machines)",
    "REDLETTER_NOTIFY": "where people are told what went wrong: addresses of Apprise, with spaces between; empty: the log",
    "REDLETTER_STATE": "the state folder, with the queue and the outbox of the dry run; empty: state/ in the project",
}

_SQLITE = "sqlite:///"


class Settings(Struct, frozen=True):
    """What the environment says, with the real environment before `.env`."""

    state: Path
    database: str
    log: str = "console"
    notify: Secret = Secret("")
    heartbeat: Secret = Secret("")
    listen: str = ""
    _words: Mapping[str, Secret] = field(default_factory=dict)

    def secrets(self, prefix: str, names: Mapping[str, str]) -> dict[str, Secret]:
        """The credentials under a prefix, by the names that a publisher asks for; those that are not set are left out."""
        return {name: word for name in names if (word := self._words.get(variable(prefix, name)))}


def read_settings(root: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Read `.env` beside the project's folders and the environment over it. BadCall names a value that cannot be."""
    words = {**_dotenv(root / ".env"), **(_environment() if environ is None else environ)}
    log = words.get("REDLETTER_LOG") or "console"
    if log not in {"console", "json"}:
        raise BadCall(f"REDLETTER_LOG is {log!r}; it can be console or json")
    state = root / (words.get("REDLETTER_STATE") or "state")
    database = words.get("REDLETTER_DATABASE") or f"sqlite:///{state / 'redletter.db'}"
    secrets = {name: Secret(word) for name, word in words.items()}
    return Settings(
        state,
        _from_root(database, root),
        log,
        secrets.get("REDLETTER_NOTIFY", Secret("")),
        secrets.get("REDLETTER_HEARTBEAT", Secret("")),
        words.get("REDLETTER_LISTEN", ""),
        secrets,
    )


def _from_root(database: str, root: Path) -> str:
    """A file's URL with its whole path: the queue must be the same one wherever a command is called."""
    file = database.removeprefix(_SQLITE)
    return f"{_SQLITE}{root / file}" if database.startswith(_SQLITE) and file else database


def wants_colour() -> bool:
    """Tell whether NO_COLOR is unset or empty, as https://no-color.org has it."""
    return not _environment().get("NO_COLOR")


def _dotenv(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    from dotenv import dotenv_values  # noqa: PLC0415 - only a project with an .env needs it

    try:
        # With interpolation, ${…} inside a password would be taken for a variable, even between single quotes.
        words = dotenv_values(file, interpolate=False, encoding="utf-8-sig")
        return {name: word for name, word in words.items() if word is not None}
    except UnicodeDecodeError as error:
        raise BadCall(f"{file}: not readable as UTF-8; save it as plain text") from error


def _environment() -> Mapping[str, str]:
    import os  # noqa: PLC0415 - the one place that reads it

    return os.environ  # noqa: TID251 - the one place that reads it
