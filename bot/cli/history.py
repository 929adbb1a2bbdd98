"""`history` and `status`: what was sent, and whether all is well."""

from collections.abc import Mapping

import click

from bot.cli.here import Here, as_json, here, known, say
from bot.cli.tell import INDENT, listed, record, told
from bot.delivery.states import State
from bot.delivery.values import Hold
from bot.watch.causes import Cause, Kind, causes
from bot.watch.sight import see
from bot.zones import utc_text

#: After so many seconds without a sign the daemon is thought to be at rest; a turn comes every 30.
SILENT = 120
ENDED = tuple(state for state in State if state not in {State.PENDING, State.SENDING})
#: The times that people are shown, by what programs know them as.
_TIMES = {"last turn": "newest", "next": "next", "planned until": "planned_until"}
_NEVER_RUN: Mapping[str, object] = {
    "ok": True, "word": "The bot has not run yet; `redletter run` starts it.",
    "newest": None, "next": None, "planned_until": None, "counts": {}, "causes": [],
}  # fmt: skip


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
        if queue is None:
            return _NEVER_RUN
        stands, newest, cursor = queue.counts(), queue.newest(), queue.cursor()
        due, holds = queue.next_due(place.now), queue.holds(place.now)
        found = causes(see(queue, place.now), place.now)
    is_well, word = _word(place, found, newest, holds)
    return {
        "ok": is_well, "word": word,
        "newest": utc_text(newest) if newest else None, "next": utc_text(due) if due else None,
        "planned_until": utc_text(cursor.until) if cursor else None,
        "counts": {str(state): number for state, number in stands.items()},
        "causes": [_cause(cause, place.now) for cause in found],
    }  # fmt: skip


def _cause(cause: Cause, now: int) -> Mapping[str, object]:
    return {
        "kind": cause.kind.value, "text": cause.text, "since": utc_text(cause.since),
        "account": cause.account or None, "post": cause.post or None, "stands": _is_wrong(cause, now),
    }  # fmt: skip


def _word(
    place: Here, found: tuple[Cause, ...], newest: int | None, holds: tuple[Hold, ...]
) -> tuple[bool, str]:
    """Whether all is well, and the sentence that says what is not, the most pressing first."""
    if newest is not None and newest - place.now > SILENT:
        return (
            False,
            f"This state has lived until {utc_text(newest)}, which is still to come: set the clock right.",
        )
    if wrong := [cause for cause in found if _is_wrong(cause, place.now)]:
        more = f" And {len(wrong) - 1} more, below." if len(wrong) > 1 else ""
        return False, f"{wrong[0].text[0].upper()}{wrong[0].text[1:]}.{more}"
    if holds:
        return True, f"Held: {told(holds[0])}."
    if newest is None or place.now - newest > SILENT:
        return True, "The daemon does not run; what is due waits until it does, or is missed by its grace."
    return True, "All is well."


def _is_wrong(cause: Cause, now: int) -> bool:
    """Tell whether it is wrong now; to one who looks, a silence is told at once."""
    return cause.kind is Kind.UNKNOWN or cause.is_trouble(now)
