"""`accounts` and `plugins`: who we are on each network, and what is installed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from bot import plugins as installed
from bot.cli.here import Here, as_json, here, say, warn
from bot.contracts import variable
from bot.errors import BadCall, RedletterError
from bot.model import Account
from bot.publishing import publisher, remember
from bot.zones import utc_text

if TYPE_CHECKING:
    from bot.delivery.values import Row
    from bot.watch.preflight import Finding


@click.group(invoke_without_command=True)
@click.pass_context
def accounts(ctx: click.Context) -> None:
    """See the accounts: `list` (shown when nothing is named), and `check`, which asks each live network."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_, json_=False)


@accounts.command(name="list")
@as_json
@click.pass_context
def list_(ctx: click.Context, *, json_: bool) -> None:
    """List the accounts, and which of their variables are set."""
    found = [_record(account, here(ctx)) for account in here(ctx).project.schedules.accounts.values()]
    if json_:
        say({"accounts": found})
        return
    for each in found:
        network = "" if each["network"] == "dry-run" else f"{each['network']}, "
        click.echo(f"{each['name']}  {network}{'LIVE' if each['live'] else 'dry run'}")
        for name, is_set in each["variables"].items():
            click.echo(f"  {name} is {'set' if is_set else 'not set'}")


@accounts.command(name="check")
@click.option(
    "--coming", is_flag=True, help="Look over what is red-letter in the next day: the pre-flight, by hand."
)
@as_json
@click.pass_context
def check(ctx: click.Context, *, coming: bool, json_: bool) -> None:
    """Ask every live network who we are there, and what it takes: plans go by that. Dry runs ask nobody."""
    if coming:
        _look_over(ctx, json_=json_)
        return
    found = [_answer(account, here(ctx)) for account in here(ctx).project.schedules.accounts.values()]
    if json_:
        say(
            {"accounts": [{"name": name, "ok": is_well, "answer": answer} for name, is_well, answer in found]}
        )
    else:
        for name, is_well, answer in found:
            click.echo(f"{'✓' if is_well else '✗'} {name}: {answer}")
    if not all(is_well for _, is_well, _ in found):
        ctx.exit(1)


def _look_over(ctx: click.Context, *, json_: bool) -> None:
    """Make the pre-flight, and say what would go wrong: exit status 1 where anything would."""
    from bot.watch.causes import when  # noqa: PLC0415 - as below
    from bot.watch.preflight import asking, coming, look_over  # noqa: PLC0415 - it needs the queue

    place = here(ctx)
    with place.looking() as queue:
        rows = coming(queue, place.now) if queue else ()
        found = look_over(rows, place.project, queue=queue, asked=asking(place.settings)) if queue else ()
    if json_:
        say({"deliveries": [_looked_over(row, found) for row in rows]})
    for row in () if json_ else rows:
        theirs = [each.text for each in found if each.row.key == row.key]
        click.echo(f"{'✗' if theirs else '✓'} {row.post} on {row.account}, {when(row)}")
        for text in theirs:
            click.echo(f"    {text}")
    if not (rows or json_):
        click.echo("Nothing red-letter is queued for the next day.")
    if found:
        ctx.exit(1)


def _looked_over(row: "Row", found: Iterable["Finding"]) -> dict[str, Any]:
    theirs = [each.text for each in found if each.row.key == row.key]
    return {
        "key": row.key, "post": row.post, "account": row.account, "at": utc_text(row.at), "findings": theirs
    }  # fmt: skip


@click.command()
@as_json
def plugins(*, json_: bool) -> None:
    """List the triggers, importers and publishers that are installed."""
    groups = (installed.TRIGGERS, installed.IMPORTERS, installed.PUBLISHERS)
    found = {
        group.split(".")[1]: {name: entry.value for name, entry in installed.plugins(group).items()}
        for group in groups
    }
    for group in groups:
        _warn_of_broken(group)
    if json_:
        say(found)
        return
    for kind, entries in found.items():
        click.secho(kind, bold=True)
        for name, value in entries.items():
            click.echo(f"  {name:14}{value}")


def _warn_of_broken(group: str) -> None:
    for name in installed.plugins(group):
        try:
            installed.load(group, name)
        except BadCall as error:
            warn(str(error))


def _record(account: Account, here: Here) -> dict[str, Any]:
    wanted = installed.load(installed.PUBLISHERS, account.network).secrets
    have = here.settings.secrets(account.credentials, wanted)
    variables = {variable(account.credentials, name): name in have for name in wanted}
    return {"name": account.name, "network": account.network, "live": account.live, "variables": variables}


def _answer(account: Account, here: Here) -> tuple[str, bool, str]:
    try:
        return account.name, True, _who(account, here)
    except RedletterError as error:
        return account.name, False, str(error)


def _who(account: Account, here: Here) -> str:
    """The handle that its network knows it by; what the network takes is remembered."""
    asked = publisher(account, here.settings)
    name = asked.whoami()
    if account.live:
        remember(here.settings, account.name, asked.learn())
    return name
