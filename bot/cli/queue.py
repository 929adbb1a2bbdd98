"""`queue`: what is coming, and what people decide about it."""

import getpass
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

import click
from msgspec.structs import replace

from bot.cli.corpus import named
from bot.cli.here import Here, as_json, here, known, moment, say
from bot.cli.spacing import refuse_nearness
from bot.cli.tell import INDENT, fate, listed, record, told
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import plan_ahead
from bot.delivery.values import Row, Shown
from bot.errors import BadCall
from bot.model import Pick, Plan, PlannedPost, Post, Priority, Tone, Uses, Window
from bot.planning.pick import is_its_day, is_told
from bot.planning.plan import unfit
from bot.planning.quiet import Quiet
from bot.planning.render import rendered, too_long
from bot.zones import DAY, utc_text, zone

KEY = click.argument("key", metavar="KEY")
OPEN = (State.PENDING, State.SENDING, State.UNKNOWN)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)
#: The address of a post, before what a share button, a picture or a film hangs on it.
_POST = re.compile(
    r"https://(?:(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:i/web|[^/?#]+)/status/\d+|bsky\.app/profile/[^/?#]+/post/[^/?#]+)"
)
_ELSEWHERE = re.compile(r"https://[^/]+/@[^/@]+@")  #: how one instance of Mastodon shows what is on another


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
    with _open(ctx) as (place, found):
        everything = found.show(key, place.now)
    if json_:
        say({"deliveries": [_whole(shown) for shown in everything]})
        return
    for shown in everything:
        _tell(shown)


@queue.command()
@KEY
@click.option("--who", metavar="NAME", help="Who approves; else your name on this machine.")
@click.pass_context
def approve(ctx: click.Context, *, key: str, who: str | None) -> None:
    """Let a post go out as it is shown now; an edit of it voids that."""
    with _open(ctx) as (place, found):
        found.approve(key, who=who or getpass.getuser(), now=place.now)
        _confirm(found, key, place)


@queue.command()
@KEY
@click.option("--reason", metavar="R", required=True, help="Why; it is kept.")
@click.pass_context
def skip(ctx: click.Context, *, key: str, reason: str) -> None:
    """Take a post out; its slot stays empty."""
    with _open(ctx) as (place, found):
        found.skip(key, reason=reason, now=place.now)
        _confirm(found, key, place)


@queue.command(short_help="Put another post of the corpus in its place.")
@KEY
@click.argument("post", metavar="ID")
@click.pass_context
def swap(ctx: click.Context, *, key: str, post: str) -> None:
    """Put the post ID of the corpus in the place of the one that was picked."""
    with _open(ctx) as (place, found):
        row = found.show(key, place.now)[0].row
        chosen = named(place.project.corpus, post)
        _refuse_swap(place, row, chosen)
        replacement = _replacement(place, row, chosen)
        since = found.swap(key, replacement, now=place.now)
        _confirm(found, key, place)
        _plan_anew(found, place, chosen.id, since)


@queue.command()
@KEY
@click.argument("at", metavar="INSTANT")
@click.option(
    "--anyway", is_flag=True, help="Even if another post of its account is nearer than the min_gap."
)
@click.pass_context
def move(ctx: click.Context, *, key: str, at: str, anyway: bool) -> None:
    """Show a post at another time: 2027-01-28T15:00:00Z."""
    with _open(ctx) as (place, found):
        wanted = moment(at)
        row = found.show(key, place.now)[0].row
        _refuse_move(place, row, wanted)
        if not anyway:
            refuse_nearness(place, found, key, wanted, may_be=partial(_may_move, place, row))
        since = found.move(key, at=wanted, now=place.now)
        _confirm(found, key, place)
        _plan_anew(found, place, row.post, since)


@queue.command()
@KEY
@click.pass_context
def retry(ctx: click.Context, *, key: str) -> None:
    """Ask again for what failed or waits, while its grace lasts."""
    with _open(ctx) as (place, found):
        found.retry(key, now=place.now)
        _confirm(found, key, place)


@queue.command(short_help="Settle what is unknown, after a look at the network.")
@KEY
@click.option("--sent", metavar="URL", help="The network has it, at this address.")
@click.option("--absent", is_flag=True, help="The network does not have it: ask again while there is time.")
@click.option("--failed", metavar="REASON", help="Give it up.")
@click.pass_context
def resolve(ctx: click.Context, *, key: str, sent: str | None, absent: bool, failed: str | None) -> None:
    """Settle a delivery of which nobody knows whether the network has it. Look there first."""
    if (sent is not None) + absent + (failed is not None) != 1:
        raise BadCall("say what you found: --sent URL, --absent or --failed REASON")
    with _open(ctx) as (place, found):
        if sent is not None:
            found.resolve_sent(key, url=_address(sent), now=place.now)
        elif absent:
            found.resolve_absent(key, now=place.now)
        else:
            found.resolve_failed(key, reason=str(failed), now=place.now)
        _confirm(found, key, place)


def _address(said: str) -> str:
    """The address of a post as its network knows it: the next part of its thread replies to what it names.

    BadCall where it is none.
    """
    url = said.strip()
    if not _ADDRESS.fullmatch(url):
        raise BadCall(f"{said!r} is no address; copy the post's own, such as https://x.com/museum/status/17")
    if _ELSEWHERE.match(url):
        raise BadCall(f"{url} is how another instance shows it; give its address on the account's own")
    post = _POST.match(url)
    return post[0] if post else url


@contextmanager
def _open(ctx: click.Context) -> Iterator[tuple[Here, Queue]]:
    place = here(ctx)
    with place.looking() as found:
        if found is None:
            raise BadCall("the queue is empty: the bot has not run yet; `redletter run` starts it")
        yield place, found


def _rows(place: Here, states: tuple[State, ...], account: str | None) -> tuple[Row, ...]:
    with place.looking() as found:
        return found.rows(place.now, states=states, account=account) if found else ()


def _tell_of_holds(place: Here, account: str | None) -> None:
    """Name the holds: they may stop more than is in the queue yet."""
    with place.looking() as found:
        holds = found.holds(place.now) if found else ()
    concerned = [each for each in holds if account is None or each.account in {None, account}]
    for hold in concerned:
        click.echo(f"held: {told(hold)}")
    if concerned:
        click.echo("`redletter preview` shows what of the days after these is held.")


def _replacement(place: Here, row: Row, chosen: Post) -> PlannedPost:
    project = place.project
    if chosen.id in project.corpus.faulty:
        raise BadCall(f"{chosen.id} has faults; `redletter check` tells them")
    schedule = project.schedules.by_name.get(row.slot.schedule)
    accounts = schedule.names if schedule else (row.account,)
    if schedule and (why := unfit(chosen, row.slot, schedule, project.schedules)):
        raise BadCall(f"{chosen.id} does not fit there: {why}")
    planned = PlannedPost(row.slot, chosen, accounts, "chosen by hand")
    planned = rendered(Plan((planned,)), project.schedules).posts[0]
    for shown in planned.renditions:
        if fault := too_long(shown):
            raise BadCall(f"{chosen.id} does not fit there: {fault}")
    return planned


def _refuse_swap(place: Here, row: Row, post: Post) -> None:
    """Keep a slot that speaks of an event or a date to its posts, and a quiet day to remembrance."""
    pick = _pick(place, row)
    if row.slot.event and pick.event and post.event != row.slot.event:
        raise BadCall(f"{post.id} is no post of {row.slot.event}, of which this slot speaks")
    if pick.on_this_day and row.post != post.id:
        raise BadCall(
            "this slot speaks of a post's own date; skip it, and say the other with `redletter post`"
        )
    _refuse_noise(place, row, row.at, post.tone)
    if post.use is Uses.DATED and not _may_be_said_then(post, place, row):
        raise BadCall(f"{post.id} is dated: it is for its own day, and this slot is of another")


def _may_be_said_then(post: Post, place: Here, row: Row) -> bool:
    """Tell whether a dated post is of the slot's event, or such that its schedule could have picked it."""
    schedule = place.project.schedules.by_name.get(row.slot.schedule)
    is_of_event = post.event is not None and post.event == row.slot.event
    return is_of_event or (schedule is not None and is_its_day(post, row.slot, schedule))


def _refuse_move(place: Here, row: Row, at: int) -> None:
    """Keep what speaks of a day on that day, and a quiet day to remembrance."""
    if _speaks_of_its_day(place, row) and zone(row.slot.zone).wall(at) // DAY != row.slot.wall // DAY:
        raise BadCall(f"{row.slot.schedule} speaks of {row.slot.day}; move it within that day, or skip it")
    _refuse_noise(place, row, at, row.tone)


def _may_move(place: Here, row: Row, at: int) -> bool:
    with suppress(BadCall):
        _refuse_move(place, row, at)
        return True
    return False


def _speaks_of_its_day(place: Here, row: Row) -> bool:
    """Tell whether what it says, or mourns, belongs to one day."""
    pick, slot = _pick(place, row), row.slot
    is_remembrance = Tone.REMEMBRANCE is row.tone or slot.priority is Priority.REMEMBRANCE
    return pick.event or pick.on_this_day or bool(slot.event) or is_told(slot) or is_remembrance


def _refuse_noise(place: Here, row: Row, at: int, tone: Tone) -> None:
    slot = replace(row.slot, at=at, wall=zone(row.slot.zone).wall(at))
    if why := Quiet(place.project.schedules, Window(at, at + 1)).silence(slot, tone):
        raise BadCall(why)


def _pick(place: Here, row: Row) -> Pick:
    """What the schedule of a delivery picks; nothing particular for what a person posted, or whose schedule is gone."""
    schedule = place.project.schedules.by_name.get(row.slot.schedule)
    return schedule.pick if schedule else Pick()


def _confirm(found: Queue, key: str, place: Here) -> None:
    for shown in found.show(key, place.now):
        row = shown.row
        told = [row.reason] if row.state is State.PENDING else [proof.url for proof in row.receipts]
        click.echo(f"\n{INDENT}".join([listed(row), *told]))


def _plan_anew(found: Queue, place: Here, post: str, since: int | None) -> None:
    """Fill again what a post left that a person has placed elsewhere, so that the list has no hole in it."""
    if since is None:
        return
    plan_ahead(place.project, found, place.now)
    click.echo(
        f"{post} was queued for {utc_text(since)} too: from then on, what nobody decided about is planned anew."
    )


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
