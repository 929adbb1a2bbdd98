"""`queue takedown`: what was sent is deleted on every network that allows it, and what remains is said."""

from collections.abc import Sequence

import click

from bot.cli.here import Here, as_json, here, say, warn
from bot.cli.tell import INDENT
from bot.cli.who import WHO, by
from bot.delivery.removals import Showing
from bot.desk import decide
from bot.desk.desk import Desk
from bot.desk.takedown import Takedown, Taken, standing
from bot.errors import BadCall
from bot.publishing import publisher


@click.command(short_help="Delete a post on every network that allows it.")
@click.argument("key", metavar="KEY")
@click.option("--reason", metavar="R", required=True, help="Why; it is kept.")
@WHO
@click.option("--yes", is_flag=True, help="Do not ask before live ones.")
@as_json
@click.pass_context
def takedown(ctx: click.Context, *, key: str, reason: str, who: str | None, yes: bool, json_: bool) -> None:
    """Delete a post that was sent, each of its parts, on every network that allows it.

    What remains is said, with its address. KEY is a delivery's, as `queue list --state sent` shows it; a slot's key
    means all its accounts.
    """
    place = here(ctx)
    with place.queue() as queue:
        desk = Desk(place.project, queue, place.now)
        _ask(place, _live(desk, key), yes=yes)
        found = decide.take_down(
            desk,
            key,
            by(who, reason),
            clock=place.clock,
            publisher_of=lambda account: publisher(account, place.settings),
        )
    _tell(found, json_=json_)
    if not found.is_whole:
        ctx.exit(1)


def _live(desk: Desk, key: str) -> list[Showing]:
    """The parts that people see, or may, and whose account can be asked for them."""
    accounts = desk.project.schedules.accounts
    live = {account.name for account in accounts.values() if account.live}
    return [
        each
        for each in standing(desk, key)
        if each.account in live and not (each.is_dry_run or each.taken_down)
    ]


def _ask(place: Here, live: Sequence[Showing], *, yes: bool) -> None:
    """Ask a person before anything that people see is deleted; BadCall where the time is made up."""
    if live and place.is_what_if:
        raise BadCall(f"a time made up with --now is for dry runs only, and {live[0].account} is live")
    if not live or yes:
        return
    for each in live:
        click.echo(f"{each.account} ({each.network}), part {each.part}: {each.proof.url}", err=True)
    where = ", ".join(dict.fromkeys(f"{each.account} on {each.network}" for each in live))
    click.confirm(f"\nDelete this, LIVE, from {where}? It cannot be taken back.", abort=True, err=True)


def _tell(found: Takedown, *, json_: bool) -> None:
    if json_:
        say({"parts": [_record(each) for each in found.parts], "besides": list(found.besides)})
    else:
        for each in found.parts:
            click.echo(f"{each.account}, part {each.part}: {each.said}")
            click.echo(f"{INDENT}{'' if each.is_down else 'remains: '}{each.url}")
    for sentence in found.besides:
        warn(sentence)


def _record(taken: Taken) -> dict[str, object]:
    """A part as data for programs."""
    return {
        "key": taken.key, "post": taken.post, "account": taken.account, "network": taken.network,
        "part": taken.part, "url": taken.url, "outcome": taken.outcome, "is_down": taken.is_down,
        "said": taken.said,
    }  # fmt: skip
