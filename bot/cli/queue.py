"""`queue`: what is coming, and what people decide about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import click

from bot import plugins
from bot.cli.here import Here, as_json, here, known, moment, say
from bot.cli.takedown import takedown
from bot.cli.tell import INDENT, fate, listed, record
from bot.cli.who import WHO, by
from bot.delivery.decided import Decision
from bot.delivery.states import State
from bot.delivery.values import Row, Shown
from bot.desk import decide
from bot.desk.addresses import post_address
from bot.desk.desk import Desk
from bot.desk.health import held
from bot.desk.spacing import TooNear
from bot.desk.undo import undo as undo_decision
from bot.errors import BadCall
from bot.zones import utc_text

KEY = click.argument("key", metavar="KEY")
OPEN = (State.PENDING, State.SENDING, State.UNKNOWN)


@click.group(invoke_without_command=True)
@click.pass_context
def queue(ctx: click.Context) -> None:
    """See what is coming (`list`, shown when nothing is named), and decide about it.

    KEY is what `queue list` shows in front of a post; its first letters will do.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_, json_=False)


@queue.command(name="list")
@click.option(
    "--state", type=click.Choice([state.value for state in State]), help="Only deliveries in this state."
)
@click.option("--account", metavar="A", help="Only deliveries to this account.")
@as_json
@click.pass_context
def list_(ctx: click.Context, *, json_: bool, state: str | None = None, account: str | None = None) -> None:
    """List what is on its way, or what stands in a state."""
    place = here(ctx)
    states = (State(state),) if state else OPEN
    rows = _rows(place, states, account)
    if not rows:
        known(place, account)
    if json_:
        say({"deliveries": [record(row) for row in rows]})
        return
    for row in rows:
        click.echo(listed(row))
    if not rows:
        click.echo(
            "Nothing is in the queue; `redletter run` fills it, and `redletter preview` shows what will come."
        )
    if State.PENDING in states:
        _tell_of_holds(place, account)


@queue.command(short_help="Show one delivery, with all that became of it.")
@KEY
@as_json
@click.pass_context
def show(ctx: click.Context, *, key: str, json_: bool) -> None:
    """Show one delivery: its text, its attempts, and all that became of it."""
    with _open(ctx) as desk:
        everything = desk.queue.show(key, desk.now)
    if json_:
        say({"deliveries": [_whole(shown) for shown in everything]})
        return
    for shown in everything:
        _tell(shown)


@queue.command()
@KEY
@WHO
@click.pass_context
def approve(ctx: click.Context, *, key: str, who: str | None) -> None:
    """Let a post go out as it is shown now; an edit of it voids that."""
    with _open(ctx) as desk:
        decide.approve(desk, key, by(who))
        _confirm(desk, key)


@queue.command()
@KEY
@WHO
@click.option("--reason", metavar="R", required=True, help="Why; it is kept.")
@click.pass_context
def skip(ctx: click.Context, *, key: str, who: str | None, reason: str) -> None:
    """Take a post out; its slot stays empty."""
    with _open(ctx) as desk:
        decide.skip(desk, key, by(who, reason))
        _confirm(desk, key)


@queue.command(short_help="Put another post of the corpus in its place.")
@KEY
@click.argument("post", metavar="ID")
@WHO
@click.pass_context
def swap(ctx: click.Context, *, key: str, post: str, who: str | None) -> None:
    """Put the post ID of the corpus in the place of the one that was picked."""
    with _open(ctx) as desk:
        since = decide.swap(desk, key, post, by(who))
        _confirm(desk, key)
        _tell_of_planning(post, since)


@queue.command()
@KEY
@click.argument("at", metavar="INSTANT")
@WHO
@click.option(
    "--anyway", is_flag=True, help="Even if another post of its account is nearer than the min_gap."
)
@click.pass_context
def move(ctx: click.Context, *, key: str, at: str, who: str | None, anyway: bool) -> None:
    """Show a post at another time: 2027-01-28T15:00:00Z."""
    with _open(ctx) as desk:
        try:
            since = decide.move(desk, key, moment(at), by(who), anyway=anyway)
        except TooNear as near:
            raise BadCall(f"{near}; --anyway if you mean it") from near
        _confirm(desk, key)
        _tell_of_planning(desk.rows(key)[0].post, since)


@queue.command()
@KEY
@WHO
@click.pass_context
def retry(ctx: click.Context, *, key: str, who: str | None) -> None:
    """Ask again for what failed or waits, while its grace lasts."""
    with _open(ctx) as desk:
        decide.retry(desk, key, by(who))
        _confirm(desk, key)


@queue.command(short_help="Settle what is unknown, after a look at the network.")
@KEY
@click.option("--sent", metavar="URL", help="The network has it, at this address.")
@click.option("--absent", is_flag=True, help="The network does not have it: ask again while there is time.")
@click.option("--failed", metavar="REASON", help="Give it up.")
@WHO
@click.pass_context
def resolve(
    ctx: click.Context, *, key: str, sent: str | None, absent: bool, failed: str | None, who: str | None
) -> None:
    """Settle a delivery of which nobody knows whether the network has it. Look there first."""
    if (sent is not None) + absent + (failed is not None) != 1:
        raise BadCall("say what you found: --sent URL, --absent or --failed REASON")
    with _open(ctx) as desk:
        if sent is not None:
            decide.resolve_sent(desk, key, post_address(sent), by(who))
        elif absent:
            decide.resolve_absent(desk, key, by(who))
        else:
            decide.resolve_failed(desk, key, by(who, str(failed)))
        _confirm(desk, key)


@queue.command(short_help="List what people decided.")
@click.option(
    "--last", metavar="N", type=click.IntRange(1), default=20, help="How many, the newest; else 20."
)
@as_json
@click.pass_context
def decisions(ctx: click.Context, *, last: int, json_: bool) -> None:
    """List what people decided: who, when, what and why, the newest last."""
    with _open(ctx) as desk:
        found = desk.queue.decisions(most=last)[::-1]
    if json_:
        say({"decisions": [_decided(each) for each in found]})
        return
    for each in found:
        undone = "  (taken back)" if each.undone_by else ""
        click.echo(f"{each.id:>5}  {utc_text(each.at)}  {each.who}: {each.what} {each.about}{undone}")
        if each.why:
            click.echo(f"       {each.why}")
    if not found:
        click.echo("Nobody has decided anything yet.")


@queue.command(short_help="Take a decision back while nothing was sent.")
@click.argument("number", metavar="N", type=click.IntRange(1))
@WHO
@click.pass_context
def undo(ctx: click.Context, *, number: int, who: str | None) -> None:
    """Take decision N of `queue decisions` back, while nothing was sent and nothing else was decided there."""
    with _open(ctx) as desk:
        before = desk.queue.decided(number)
        since = undo_decision(desk, number, by(who), is_network=partial(plugins.has, plugins.PUBLISHERS))
        click.echo(f"taken back: {before.told}")
        if before.slot:
            _confirm(desk, before.slot)
        _tell_of_planning(before.about, since)


queue.add_command(takedown)


@contextmanager
def _open(ctx: click.Context) -> Iterator[Desk]:
    place = here(ctx)
    with place.looking() as found:
        if found is None:
            raise BadCall("the queue is empty: the bot has not run yet; `redletter run` starts it")
        yield Desk(place.project, found, place.now)


def _rows(place: Here, states: tuple[State, ...], account: str | None) -> tuple[Row, ...]:
    with place.looking() as found:
        return found.rows(place.now, states=states, account=account) if found else ()


def _tell_of_holds(place: Here, account: str | None) -> None:
    """Name the holds: they may stop more than is in the queue yet."""
    with place.looking() as found:
        holds = found.holds(place.now) if found else ()
    concerned = [each for each in holds if account is None or each.account in {None, account}]
    for hold in concerned:
        click.echo(f"held: {held(hold)}")
    if concerned:
        click.echo("`redletter preview` shows what of the days after these is held.")


def _confirm(desk: Desk, key: str) -> None:
    for row in desk.rows(key):
        told = [row.reason] if row.state is State.PENDING else [proof.url for proof in row.receipts]
        click.echo(f"\n{INDENT}".join([listed(row), *told]))


def _tell_of_planning(post: str, since: int | None) -> None:
    if since is not None:
        click.echo(
            f"{post} was queued for {utc_text(since)} too: from then on, what nobody decided about is planned anew."
        )


def _decided(each: Decision) -> dict[str, object]:
    return {
        "id": each.id, "at": utc_text(each.at), "who": each.who, "what": each.what, "why": each.why,
        "about": each.about, "slot": each.slot, "undone_by": each.undone_by,
    }  # fmt: skip


def _tell(shown: Shown) -> None:
    row = shown.row
    click.secho(f"{row.key}  {row.post} → {row.account}", bold=True)
    click.echo(f"   state  {fate(row)}")
    click.echo(f"      at  {utc_text(row.at)}, until {utc_text(row.deadline)}")
    click.echo(f"     why  {row.why}")
    for number, part in enumerate(row.rendition.parts, 1):
        limit = f"/{part.limit}" if part.limit else ""
        click.echo(f"\n[{number}/{len(row.rendition.parts)}, {part.length}{limit}]\n{part.text}")
        for media in part.media:
            click.echo(f"[{media.name}: {media.alt}]")
    for each in row.rendition.besides:
        click.echo(f"[{each}]")
    click.echo()
    for attempt in shown.attempts:
        click.echo(
            f" attempt  {utc_text(attempt.at)} part {attempt.part}: {attempt.detail or 'no answer yet'}"
        )
    for step in shown.moves:
        click.echo(f"    move  {utc_text(step.at)} {step.origin} → {step.state}: {step.reason}")


def _whole(shown: Shown) -> dict[str, object]:
    attempts = [
        {"part": each.part, "at": utc_text(each.at), "outcome": each.outcome, "detail": each.detail}
        for each in shown.attempts
    ]
    moves = [
        {"from": step.origin, "to": step.state, "at": utc_text(step.at), "reason": step.reason}
        for step in shown.moves
    ]
    return {**record(shown.row), "attempts": attempts, "moves": moves}
