"""What is installed: our own plugins as a table of entry points, and those of other packages beside them."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

TRIGGERS, IMPORTERS, PUBLISHERS = "redletter.triggers", "redletter.importers", "redletter.publishers"

OURS = (
    EntryPoint("anniversary", "bot.triggers.anniversary:Anniversary", TRIGGERS),
    EntryPoint("on_this_day", "bot.triggers.on_this_day:OnThisDay", TRIGGERS),
    EntryPoint("slots", "bot.triggers.slots:Slots", TRIGGERS),
    EntryPoint("dates", "bot.triggers.dates:Dates", TRIGGERS),
    EntryPoint("x-page", "bot.importers.x_page:XPage", IMPORTERS),
    EntryPoint("dry-run", "bot.publishers.dry_run:DryRun", PUBLISHERS),
    EntryPoint("x", "bot.publishers.x:X", PUBLISHERS),
)


@cache
def plugins(group: str) -> dict[str, EntryPoint]:
    """Every plugin of a group under its name; ours win over others of the same name."""
    return {entry.name: entry for entry in (*entry_points(group=group), *OURS) if entry.group == group}


def load(group: str, name: str) -> Any:  # noqa: ANN401 - a plugin's class; its contract is its group's
    """The class behind a name; KeyError where there is none."""
    return plugins(group)[name].load()
