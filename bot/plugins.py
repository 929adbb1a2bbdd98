"""What is installed: our own plugins as a table, and those of other packages beside them, all as entry points."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bot.errors import BadCall

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

TRIGGERS, IMPORTERS, PUBLISHERS = "redletter.triggers", "redletter.importers", "redletter.publishers"

#: Our own, by group and name.
OURS: Mapping[str, Mapping[str, str]] = {
    TRIGGERS: {
        "anniversary": "bot.triggers.anniversary:Anniversary",
        "on_this_day": "bot.triggers.on_this_day:OnThisDay",
        "slots": "bot.triggers.slots:Slots",
        "dates": "bot.triggers.dates:Dates",
        "countdown": "bot.triggers.countdown:Countdown",
        "sky": "bot.triggers.sky:Sky",
        "sol": "bot.triggers.sol:Sol",
        "holiday": "bot.triggers.holiday:Holiday",
    },
    IMPORTERS: {"x-page": "bot.importers.x_page:XPage"},
    PUBLISHERS: {
        "dry-run": "bot.publishers.dry_run:DryRun",
        "x": "bot.publishers.x:X",
        "mastodon": "bot.publishers.mastodon:Mastodon",
        "bluesky": "bot.publishers.bluesky:Bluesky",
        "webhook": "bot.publishers.webhook:Webhook",
    },
}


@cache
def plugins(group: str) -> "dict[str, EntryPoint]":
    """Every plugin of a group under its name; ours win over others of the same name."""
    from importlib.metadata import EntryPoint, entry_points  # noqa: PLC0415 - slow, and seldom asked for

    ours = {name: EntryPoint(name, place, group) for name, place in OURS[group].items()}
    return {**{entry.name: entry for entry in entry_points(group=group)}, **ours}


def has(group: str, name: str) -> bool:
    """Tell whether there is a plugin of that name. Other packages are looked through only when it is none of ours."""
    return name in OURS[group] or name in plugins(group)


@cache
def load(group: str, name: str) -> Any:  # noqa: ANN401 - a plugin's class; its contract is its group's
    """The class behind a name; KeyError where there is none, BadCall where another package's does not load."""
    if name not in OURS[group]:
        return _foreign(plugins(group)[name])
    module, of = OURS[group][name].split(":")
    return getattr(import_module(module), of)


def _foreign(entry: "EntryPoint") -> Any:  # noqa: ANN401 - as above
    try:
        return entry.load()
    except Exception as error:  # a package that is broken can fail in every way that a program can
        why = f"{type(error).__name__}: {error}"
        raise BadCall(
            f'the plugin "{entry.name}" ({entry.value}) does not load: {why}; mend its package, or take it away'
        ) from error
