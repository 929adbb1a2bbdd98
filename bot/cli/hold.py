"""`hold` and `release`: a person stops everything, one account or one tone, and lets go again."""

from collections.abc import Sequence

import click
from msgspec import Struct

from bot.cli.here import Here, as_json, counted, here, known, moment, say
from bot.cli.tell import beginning, record
from bot.cli.who import WHO, by
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.values import Hold, Row
from bot.desk import decide
from bot.desk.health import held
from bot.errors import BadCall
from bot.model import PlannedPost, Rendition, Tone, Window
from bot.outlook import outlook, stopped
from bot.zones import DAY, local_text, utc_text

TONE = click.Choice([tone.value for tone in Tone])
#: So many posts are listed for a person; programs are told of all.
MOST = 10
#: So many days ahead it is counted what a hold stops: as many as a preview shows.
AHEAD = 30


class _Freed(Struct, frozen=True):
    """What holds had stopped until they were released."""

    holds: tuple[Hold, ...] = ()
    late: tuple[Row, ...] = ()  #: goes out still, while its grace lasts
    missed: tuple[Row, ...] = ()


@click.command()
@click.option("--account", metavar="A", help="Only this account.")
@click.option("--tone", type=TONE, help="Only posts and events of this tone.")
@click.option(
    "--until",
    metavar="T",
    help="Until then: 2027-01-28, which is its midnight in UTC, or 2027-01-28T09:00:00Z. Else until it is released.",
)
@click.option("--reason", metavar="R", help="Why; it is kept and shown.")
@WHO
@click.option("--list", "list_", is_flag=True, help="List what is held.")
@as_json
@click.pass_context
def hold(
    ctx: click.Context, *, account: str | None, tone: str | None, until: str | None,
    reason: str | None, who: str | None, list_: bool, json_: bool,
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
    if account is not None:  # for all else the schedules need not be readable: it may be urgent
        known(place, account)
    with place.queue() as queue:
        made = decide.hold(
            queue,
            by(who, reason),
            now=place.now,
            account=account,
            tone=Tone(tone) if tone else None,
            until=moment(until) if until else None,
        )
        queued = _stopped(queue, made, place.now)
        ahead = _stopped_ahead(place, queue, made)
    if json_:
        keys = {row.key for row in queued}
        planned = [_planned(each, shown) for each, shown in ahead or () if shown.key not in keys]
        say({"holds": [_record(made)], "stops": [record(row) for row in queued], "planned": planned})
        return
    _show((made,), json_=False)
    click.echo(_sentence(made, queued, ahead))


@click.command()
@click.option("--account", metavar="A", help="Only the holds of this account.")
@click.option("--tone", type=TONE, help="Only the holds of this tone.")
@WHO
@as_json
@click.pass_context
def release(
    ctx: click.Context, *, account: str | None, tone: str | None, who: str | None, json_: bool
) -> None:
    """End the holds, or those of one account or tone, and tell what goes out late and what was missed."""
    place = here(ctx)
    freed = _freed(place, account, Tone(tone) if tone else None, who)
    if not freed.holds:
        known(place, account)
    if json_:
        late, missed = ([record(row) for row in rows] for rows in (freed.late, freed.missed))
        say({"released": [_record(each) for each in freed.holds], "late": late, "missed": missed})
        return
    for each in freed.holds:
        click.echo(f"released {held(each)}")
    if not freed.holds:
        click.echo("Nothing was held.")
    _list(freed)


def _holds(place: Here) -> tuple[Hold, ...]:
    with place.looking() as queue:
        return queue.holds(place.now) if queue else ()


def _freed(place: Here, account: str | None, tone: Tone | None, who: str | None) -> _Freed:
    """Release holds; what they were, and what they had stopped that is due by now."""
    with place.looking() as queue:
        if queue is None:
            return _Freed()
        now = place.now
        held = {row.key for row in _held(queue, now)}
        let_go = decide.release(queue, by(who), now=now, account=account, tone=tone)
        still = {row.key for row in _held(queue, now)}
        due = [row for row in queue.rows(now, states=(State.PENDING,)) if row.at < now]
        free = [row for row in due if row.key in held - still]
        over = [row for row in free if row.deadline <= now]
        missed = sorted([*_missed(queue, let_go, now), *over], key=lambda row: row.at)
        return _Freed(let_go, tuple(row for row in free if row.deadline > now), tuple(missed))


def _held(queue: Queue, now: int) -> list[Row]:
    return [row for row in queue.rows(now, states=(State.PENDING,)) if row.waits.startswith("held: ")]


def _stopped(queue: Queue, made: Hold, now: int) -> list[Row]:
    """What would go out while a hold lasts if it were not for it; what an older one stops gives that one's reason."""
    return [
        row
        for row in _held(queue, now)
        if row.waits == f"held: {made.reason}"
        and made.account in {None, row.account}
        and row.deadline > now
        and (made.until is None or row.at < made.until)
    ]


def _stopped_ahead(place: Here, queue: Queue, made: Hold) -> list[tuple[PlannedPost, Rendition]] | None:
    """What a hold stops of the plan of the coming days, queued or not.

    None where the schedules cannot be read: a hold does not wait until they are mended.
    """
    project, now = place.readable, made.since
    if project is None:
        return None
    plan = outlook(project, queue, Window(now, _until(made)), now)
    stops = stopped(plan, project, queue, now)
    return [
        (planned, shown)
        for planned in plan.posts
        for shown in planned.renditions
        if shown.key in stops and stops[shown.key].id == made.id
    ]


def _until(made: Hold) -> int:
    """How far it is counted what a hold stops."""
    last = made.since + AHEAD * DAY
    return last if made.until is None else min(made.until, last)


def _sentence(
    made: Hold, queued: Sequence[Row], ahead: Sequence[tuple[PlannedPost, Rendition]] | None
) -> str:
    """How much a hold stops, and until when that is counted."""
    keys = {row.key for row in queued} | {shown.key for _, shown in ahead or ()}
    number = counted(len(keys), "post") if keys else "nothing"
    if ahead is None:
        rest = "what is planned after that is not known while the schedules cannot be read: see `redletter check`"
        return f"It stops {number} of what is in the queue; {rest}."
    return f"It stops {number} of what is planned until {utc_text(_until(made))}."


def _planned(planned: PlannedPost, shown: Rendition) -> dict[str, object]:
    """What is planned and not in the queue yet, or not approved there, as data for programs."""
    slot = planned.slot
    return {
        "key": shown.key, "schedule": slot.schedule, "event": slot.event, "post": planned.post.id,
        "tone": planned.post.tone, "account": shown.account,
        "at": utc_text(slot.at), "local": local_text(slot.at, slot.zone),
    }  # fmt: skip


def _missed(queue: Queue, holds: Sequence[Hold], now: int) -> list[Row]:
    """What was missed because of these holds."""
    if not holds:
        return []
    # The longest grace is that of a day, which can have 25 hours: what was missed since then was due not long before.
    window = Window(min(hold.since for hold in holds) - 2 * DAY, now + 1)
    return [
        row
        for row in queue.rows(now, window=window, states=(State.MISSED,))
        if any(
            row.reason == f"held: {hold.reason}"
            and row.deadline >= hold.since
            and hold.account in {None, row.account}
            for hold in holds
        )
    ]


def _list(freed: _Freed) -> None:
    """A line for each that is late or was missed, as many as a person reads."""
    if freed.holds and not (freed.late or freed.missed):
        click.echo("Nothing of it is late yet, and nothing was missed.")
    room = MOST
    if freed.late:
        first = utc_text(min(row.deadline for row in freed.late))
        number = counted(len(freed.late), "post")
        click.echo(
            f"Late by now, and still posted one by one while their grace lasts ({number}, until {first} at first):"
        )
        room -= _lines(freed.late, room)
    if freed.missed:
        click.echo(f"Missed ({counted(len(freed.missed), 'post')}):")
        _lines(freed.missed, room)
    if (more := len(freed.late) + len(freed.missed) - MOST) > 0:
        click.echo(f"  and {more} more")


def _lines(rows: Sequence[Row], most: int) -> int:
    """How many there are lines for."""
    for row in rows[:most]:
        click.echo(beginning(row, head="  "))
    return min(len(rows), most)


def _show(holds: tuple[Hold, ...], *, json_: bool) -> None:
    if json_:
        say({"holds": [_record(each) for each in holds]})
        return
    for each in holds:
        click.echo(f"held: {held(each)}")
    if not holds:
        click.echo("Nothing is held.")


def _record(hold: Hold) -> dict[str, object]:
    return {
        "account": hold.account, "tone": hold.tone, "since": utc_text(hold.since),
        "until": utc_text(hold.until) if hold.until else None, "reason": hold.reason,
    }  # fmt: skip
