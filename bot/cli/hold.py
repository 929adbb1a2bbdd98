"""`hold` and `release`: a person stops everything, one account or one tone, and lets go again."""

import click

from bot.cli.here import Here, as_json, here, known, moment, say
from bot.delivery.values import Hold
from bot.errors import BadCall
from bot.model import Tone
from bot.zones import utc_text

TONE = click.Choice([tone.value for tone in Tone])


@click.command()
@click.option("--account", metavar="A", help="Only this account.")
@click.option("--tone", type=TONE, help="Only posts and events of this tone.")
@click.option("--until", metavar="T", help="Until then; else until it is released.")
@click.option("--reason", metavar="R", help="Why; it is kept and shown.")
@click.option("--list", "list_", is_flag=True, help="List what is held.")
@as_json
@click.pass_context
def hold(
    ctx: click.Context, *, account: str | None, tone: str | None, until: str | None,
    reason: str | None, list_: bool, json_: bool,
) -> None:  # fmt: skip
    """Stop everything, one account or one tone, now. What is on its way to a network still arrives.

    What comes due meanwhile is judged by its grace when the hold ends: there is no burst.
    """
    place = here(ctx)
    if list_:
        _show(_holds(place), json_=json_)
        return
    if not reason:
        raise BadCall("say why with --reason; `redletter hold --list` shows what is held")
    known(place, account)
    with place.queue() as queue:
        made = queue.hold(
            reason,
            now=place.now,
            account=account,
            tone=Tone(tone) if tone else None,
            until=moment(until) if until else None,
        )
    _show((made,), json_=json_)


@click.command()
@click.option("--account", metavar="A", help="Only the holds of this account.")
@click.option("--tone", type=TONE, help="Only the holds of this tone.")
@as_json
@click.pass_context
def release(ctx: click.Context, *, account: str | None, tone: str | None, json_: bool) -> None:
    """End the holds, or those of one account or tone."""
    place = here(ctx)
    released = _released(place, account, Tone(tone) if tone else None)
    if not released:
        known(place, account)
    if json_:
        say({"released": [_record(each) for each in released]})
        return
    for each in released:
        click.echo(f"released {_words(each)}")
    if not released:
        click.echo("Nothing was held.")


def _holds(place: Here) -> tuple[Hold, ...]:
    with place.looking() as queue:
        return queue.holds(place.now) if queue else ()


def _released(place: Here, account: str | None, tone: Tone | None) -> tuple[Hold, ...]:
    with place.looking() as queue:
        return queue.release(now=place.now, account=account, tone=tone) if queue else ()


def _show(holds: tuple[Hold, ...], *, json_: bool) -> None:
    if json_:
        say({"holds": [_record(each) for each in holds]})
        return
    for each in holds:
        click.echo(f"held: {_words(each)}")
    if not holds:
        click.echo("Nothing is held.")


def _words(hold: Hold) -> str:
    what = (
        " and ".join(filter(None, [hold.account, hold.tone and f"everything of the tone {hold.tone}"]))
        or "everything"
    )
    until = f" until {utc_text(hold.until)}" if hold.until else ""
    return f"{what}{until}, since {utc_text(hold.since)}: {hold.reason}"


def _record(hold: Hold) -> dict[str, object]:
    return {
        "account": hold.account, "tone": hold.tone, "since": utc_text(hold.since),
        "until": utc_text(hold.until) if hold.until else None, "reason": hold.reason,
    }  # fmt: skip
