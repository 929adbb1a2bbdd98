"""`preview`: the calendar, shown."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from bot.cli.coverage import covered, year_from
from bot.cli.here import Here, as_json, counted, here, is_colour, known, moment, warn, width
from bot.errors import BadCall
from bot.model import Window
from bot.outlook import foreseen, outlook, viewed
from bot.preview.view import View
from bot.zones import DAY, MINUTE, utc_text
from bot.zones import moment as at

if TYPE_CHECKING:
    from bot.delivery.queue import Queue

#: A clock this much behind its own state was set back, or the state lived through a time-lapse.
BEHIND = 2 * MINUTE
FORMATS = ("table", "json", "csv", "ics", "html")


@click.command()
@click.option("--from", "from_", metavar="D", help="The first day, or instant; else now.")
@click.option("--to", metavar="D", help="The day, or instant, before which to end.")
@click.option(
    "--days", metavar="N", type=click.IntRange(1, 36_600), help="How many days, in place of --to; else 30."
)
@click.option("--account", metavar="A", help="Only what this account will show.")
@click.option(
    "--as", "format_", type=click.Choice(FORMATS), default="table", help="How to show it; else a table."
)
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write it to a file.")
@click.option("--why", is_flag=True, help="Explain each pick. Gaps always say why.")
@click.option("--cost", is_flag=True, help="Add up what the networks will charge, beside the budgets.")
@as_json
@click.pass_context
def preview(  # noqa: PLR0913 - an option each
    ctx: click.Context, *, from_: str | None, to: str | None, days: int | None, account: str | None,
    format_: str, output: Path | None, why: bool, cost: bool, json_: bool,
) -> None:  # fmt: skip
    """Show the calendar: each post as each account will show it, and each gap with its reason.

    What it shows is what gets posted, while files and queue stay the same; the digest at the end tells. What a hold
    stops is shown as held, with the hold's reason and end; the digest is that of the plan, held or not.
    Dates are days in UTC; each post is shown in its own zone. D is 2027-01-28 or 2027-01-28T09:00:00Z.
    """
    place = here(ctx)
    format_ = "json" if json_ else format_
    if cost and format_ not in {"table", "json"}:
        raise BadCall(f"--cost goes with the table, and JSON has it always; {format_} does not show it")
    window = _window(place, from_, to, days)
    known(place, account)
    with place.looking() as queue:
        plan = outlook(place.project, queue, window, place.now)
        _tell_of_time_lapse(place, queue)
        view = foreseen(viewed(place.project, plan, window, account), place.project, queue, place.now)
        if format_ == "html":
            view = replace(view, coverage=covered(place, queue, year_from(at(window.start).date())))
    shown = _shown(view, format_, is_file=output is not None, why=why)
    if cost and format_ == "table":
        from bot.preview import cost as costs  # noqa: PLC0415 - only asked for

        shown += "\n" + costs.show(view)
    if output is None:
        click.echo(shown, nl=False)
    else:
        _write(output, shown)
        counts = f"{counted(len(view.plan.posts), 'post')}, {counted(len(view.plan.gaps), 'gap')}"
        click.echo(f"{output}: {counts}, digest {view.plan.digest}", err=True)


def _tell_of_time_lapse(place: Here, queue: "Queue | None") -> None:
    """Say why a calendar is empty where the state has lived through days that are still to come."""
    newest = queue.newest() if queue else None
    if newest is not None and newest - place.now > BEHIND:
        warn(f"this state has lived until {utc_text(newest)}, and plans nothing anew before that")


def _window(place: Here, from_: str | None, to: str | None, days: int | None) -> Window:
    if to is not None and days is not None:
        raise BadCall("give --to or --days, not both")
    start = place.now if from_ is None else moment(from_)
    end = start + (days or 30) * DAY if to is None else moment(to)
    try:
        return Window(start, end)
    except ValueError as error:
        raise BadCall(str(error)) from error


def _shown(view: View, format_: str, *, is_file: bool, why: bool) -> str:
    if format_ == "table":
        from bot.preview import table  # noqa: PLC0415 - each view costs start-up time of its own

        return table.show(view, width=width(), colour=is_colour() and not is_file, why=why)
    if format_ == "html":
        from bot.preview import page  # noqa: PLC0415 - as above

        return page.show(view) + "\n"
    if format_ == "csv":
        from bot.preview import sheet  # noqa: PLC0415 - as above

        return sheet.show(view)
    if format_ == "ics":
        from bot.preview import ics  # noqa: PLC0415 - as above

        return ics.show(view)
    from bot.preview import record  # noqa: PLC0415 - as above

    return record.show(view)


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all; what is no file, such as a pipe or /dev/stdout, is written to as it stands."""
    is_file = file.is_file() or not file.exists()
    whole = file.resolve() if is_file else file
    half = whole.with_name(f"{whole.name}.half") if is_file else whole
    try:
        half.write_text(text, encoding="utf-8", newline="")
        half.replace(whole)
    except OSError as error:
        raise BadCall(f"{file}: cannot be written: {error.strerror}") from error
