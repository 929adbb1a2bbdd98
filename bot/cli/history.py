"""`history` and `status`: what was sent, and whether all is well."""

from collections.abc import Mapping

import click

from bot.cli.here import Here, as_json, here, known, say
from bot.cli.tell import INDENT, listed, record
from bot.desk.health import health, is_wrong
from bot.desk.past import ENDED
from bot.watch.causes import Cause
from bot.zones import utc_text

#: The times that people are shown, by what programs know them as.
_TIMES = {"last turn": "newest", "next": "next", "planned until": "planned_until"}


@click.command()
@click.option("--account", metavar="A", help="Only this account.")
@click.option(
    "--last", metavar="N", type=click.IntRange(1), default=20, help="How many, the newest; else 20."
)
@as_json
@click.pass_context
def history(ctx: click.Context, *, account: str | None, last: int, json_: bool) -> None:
    """Tell what was sent, with its addresses; and what was not, with the reason."""
    place = here(ctx)
    with place.looking() as queue:
        rows = queue.rows(place.now, states=ENDED, account=account)[-last:] if queue else ()
    if not rows:
        known(place, account)
    if json_:
        say({"deliveries": [record(row) for row in rows]})
        return
    for row in rows:
        click.echo(listed(row))
        for proof in row.receipts:
            click.echo(f"{INDENT}{proof.url}")
    if not rows:
        click.echo("Nothing was sent yet.")


@click.command()
@as_json
@click.pass_context
def status(ctx: click.Context, *, json_: bool) -> None:
    """Tell in one look whether all is well: exit status 1 where a person is needed."""
    place = here(ctx)
    facts = _facts(place)
    if json_:
        say(facts)
    else:
        click.secho(str(facts["word"]), bold=True)
        for label, name in _TIMES.items():
            click.echo(f"{label:>13}  {_plain(facts[name])}")
        states = ", ".join(f"{number} {state}" for state, number in facts["counts"].items() if number)  # type: ignore[attr-defined]
        click.echo(f"{'deliveries':>13}  {states or 'none'}")
        for cause in facts["causes"]:  # type: ignore[attr-defined]
            click.echo(f"{cause['kind']:>13}  {cause['text']}")
    if not facts["ok"]:
        ctx.exit(1)


def _plain(instant: object) -> str:
    """An instant as people read it: `2027-01-28 09:00:00 UTC`."""
    return f"{str(instant)[:-1].replace('T', ' ')} UTC" if instant else "–"  # noqa: RUF001 - a dash as printers mean it


def _facts(place: Here) -> Mapping[str, object]:
    with place.looking() as queue:
        found = health(queue, place.now)
    return {
        "ok": found.is_well, "word": found.word, "newest": _told(found.newest), "next": _told(found.next_due),
        "planned_until": _told(found.planned_until),
        "counts": {str(state): number for state, number in found.counts.items()},
        "causes": [_cause(cause, place.now) for cause in found.causes],
    }  # fmt: skip


def _told(instant: int | None) -> str | None:
    return utc_text(instant) if instant else None


def _cause(cause: Cause, now: int) -> Mapping[str, object]:
    return {
        "kind": cause.kind.value, "text": cause.text, "since": utc_text(cause.since),
        "account": cause.account or None, "post": cause.post or None, "stands": is_wrong(cause, now),
    }  # fmt: skip
