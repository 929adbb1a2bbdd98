"""`post`: one thing now, through the same checks, queue and delivery as everything else."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePath

import click
from msgspec.structs import replace

from bot.cli.here import Here, as_json, counted, here, known, say, warn
from bot.cli.own_day import other_day
from bot.cli.tell import line, record
from bot.delivery.answers import ready
from bot.delivery.budgets import cost_of, over
from bot.delivery.deliver import Satchel, carried, deliver
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.tick import refuse_a_clock_behind
from bot.delivery.values import Row
from bot.desk.desk import named
from bot.errors import BadCall, NotNow, RedletterError, Refused
from bot.model import (
    MEMORY,
    Account,
    Gap,
    Media,
    Part,
    Plan,
    PlannedPost,
    Post,
    Priority,
    Schedule,
    Slot,
    Tone,
    Window,
    digest,
)
from bot.options import did_you_mean
from bot.planning.check import faults
from bot.planning.frames import FrameError
from bot.planning.plan import fill
from bot.planning.quiet import BY_HAND, Quiet
from bot.planning.render import rendered, too_long
from bot.planning.takers import may_take
from bot.publishing import publisher
from bot.zones import DAY, MINUTE, utc_text, zone

#: How long a post that a person asked for may take: after that it is missed rather than late.
GRACE = 10 * MINUTE
#: How long a daemon that was quicker is waited for.
PATIENCE = MINUTE


class NotPosted(RedletterError):  # noqa: N818 - reads as what it is
    """It was not posted; the message says what stands in the way."""


@click.command()
@click.argument("post_id", metavar="[ID]", required=False)
@click.option("--text", metavar="T", help="These words, in place of a post of the corpus.")
@click.option(
    "--schedule", "schedule_name", metavar="NAME", help="What this schedule would pick, in its frame."
)
@click.option("--account", "names", metavar="A", multiple=True, help="To this account; may be given again.")
@click.option(
    "--media", metavar="F", multiple=True, type=click.Path(path_type=Path), help="With --text: a picture."
)
@click.option(
    "--alt", metavar="T", multiple=True, help="What the picture shows: one for each --media, in order."
)
@click.option(
    "--again", is_flag=True, help="Even if the same words went out within a day, or speak of another day."
)
@click.option("--yes", is_flag=True, help="Do not ask before going live.")
@as_json
@click.pass_context
def post(  # noqa: PLR0913 - an option each
    ctx: click.Context, *, post_id: str | None, text: str | None, schedule_name: str | None, names: tuple[str, ...],
    media: tuple[Path, ...], alt: tuple[str, ...], again: bool, yes: bool, json_: bool,
) -> None:  # fmt: skip
    """Post one thing now: the post ID, a --text, or what a --schedule would pick.

    It goes through the same checks, queue and delivery as everything else, and asks before it goes live.
    """
    place = here(ctx)
    if sum(each is not None for each in (post_id, text, schedule_name)) != 1:
        raise BadCall("say what to post: the ID of a post, --text, or --schedule")
    if (media or alt) and text is None:
        raise BadCall("--media and --alt go with --text; a post of the corpus brings its own")
    with place.queue() as queue:
        refuse_a_clock_behind(queue.newest(), place.now)
        with _as_written(place, media):
            if schedule_name is not None:
                planned = _by_schedule(place, queue, schedule_name, names)
            elif post_id is not None:
                planned = _by_hand(place, named(place.project.corpus, post_id), _accounts(place, names))
            else:
                planned = _by_hand(place, _written(str(text), media, alt), _accounts(place, names))
            _refuse_too_long(planned)
            _refuse_pictures(place, planned)
        doubt = None
        if not again:
            _refuse_repeat(place, queue, planned)
            doubt = _other_day(place, planned, yes=yes)
        live = _live(place, planned)
        _refuse_unable(place, queue, planned, live)
        _ask(planned, live, yes=yes, doubt=doubt)
        queue.enqueue_one(planned, place.project.schedules.accounts, deadline=place.now + GRACE)
        rows = _delivered(place, queue, planned)
    _tell(ctx, rows, json_=json_)


def _written(text: str, media: tuple[Path, ...], alt: tuple[str, ...]) -> Post:
    if len(media) != len(alt):
        have = f"{counted(len(media), 'picture')} and {counted(len(alt), 'alt text')}"
        raise BadCall(f"{have}: give one --alt for each --media")
    for file in media:
        if not file.is_file():
            raise BadCall(f"there is no file {file}")
    pictures = tuple(Media(str(file.resolve()), words) for file, words in zip(media, alt, strict=True))
    return Post(f"post/{digest(text)[:8]}", (Part(text.strip(), pictures),))


@contextmanager
def _as_written(place: Here, media: tuple[Path, ...]) -> Iterator[None]:
    """Let what is said of a picture name it as the person did, and one of the corpus by its place there."""
    names = {str(file.resolve()): str(file) for file in media} or {f"{place.root}/": ""}
    try:
        yield
    except BadCall as error:
        message = str(error)
        for whole, name in names.items():
            message = message.replace(whole, name)
        raise BadCall(message) from error


def _accounts(place: Here, names: tuple[str, ...]) -> tuple[Account, ...]:
    accounts = place.project.schedules.accounts
    for name in names:
        known(place, name)
    if not accounts:
        raise BadCall("there is no account to post to; schedules/accounts.toml names them")
    if not names and len(accounts) != 1:
        raise BadCall(f"say where with --account; there are {', '.join(accounts)}")
    return tuple(accounts[name] for name in dict.fromkeys(names or accounts))


def _by_hand(place: Here, chosen: Post, accounts: tuple[Account, ...]) -> PlannedPost:
    _refuse_faults(place, chosen, accounts)
    now, clock = place.now, zone(accounts[0].zone)
    priority = Priority.REMEMBRANCE if chosen.tone is Tone.REMEMBRANCE else Priority.SLOTS
    name = f"{BY_HAND}{digest(chosen.id, chosen.parts)[:8]}"
    slot = Slot(now, name, clock.wall(now), clock.name, priority)
    if chosen.has_cards and (day := _own_slot(place, chosen)):
        slot = replace(_as_if(day, now), schedule=name, priority=priority)
    if why := Quiet(place.project.schedules, Window(now, now + 1)).silence(slot, chosen.tone):
        raise NotPosted(why)
    about = place.project.schedules.events.get(chosen.event or "")
    if about and about.until is not None and now >= about.until:
        raise NotPosted(f"{about.id} ended {utc_text(about.until)}: nothing is said of it from then on")
    planned = PlannedPost(slot, chosen, tuple(account.name for account in accounts), "a person asked for it")
    try:
        return rendered(Plan((planned,)), place.project.schedules).posts[0]
    except FrameError as error:
        raise BadCall(f"{chosen.id} cannot be shown now: {error}; {_instead(place, chosen)}") from error


def _own_slot(place: Here, chosen: Post) -> Slot | None:
    """The slot of today in which a schedule would say it of its event, which is what its cards are drawn of."""
    found = (
        slot
        for entry in _of_its_event(place, chosen)
        for slot in _slots_today(entry, place.now)
        if slot.event == chosen.event
    )
    return min(found, key=lambda slot: abs(slot.at - place.now), default=None)


def _instead(place: Here, chosen: Post) -> str:
    """What to call for a post that cannot be shown by itself."""
    calls = [f"`redletter post --schedule {entry.name}`" for entry in _of_its_event(place, chosen)]
    if not calls:
        return "no schedule says it of an event, and without one its card has nothing to show"
    return f"it is of {chosen.event}: post it on a day of that, or then use {' or '.join(calls)}"


def _of_its_event(place: Here, chosen: Post) -> list[Schedule]:
    """The schedules that can say it of its event."""
    entries = place.project.schedules.entries
    return [entry for entry in entries if may_take(entry, chosen) and chosen.event in _events(entry)]


def _events(entry: Schedule) -> set[str]:
    """Those of which a schedule says words of their own."""
    return {event.id for event in getattr(entry.trigger, "events", ())} if entry.pick.event else set()


def _by_schedule(place: Here, queue: Queue, name: str, names: tuple[str, ...]) -> PlannedPost:
    schedules, corpus = place.project.schedules, place.project.corpus
    if name not in schedules.by_name:
        hint = did_you_mean(name, schedules.by_name) or f"; there are {', '.join(schedules.by_name)}"
        raise BadCall(f"no schedule called {name!r}{hint}")
    if names:
        raise BadCall("a schedule has its own accounts; leave --account out")
    if not schedules.by_name[name].accounts:
        raise BadCall(f"{name} has nobody to speak for it: write an account in schedules/accounts.toml")
    slot = _slot_now(schedules.by_name[name], place.now)
    found = fill(slot, schedules, corpus, queue.history(slot.at - MEMORY))
    if isinstance(found, Gap):
        raise NotPosted(f"{name} has nothing to say now: {found.reason}")
    return rendered(Plan((found,)), schedules).posts[0]


def _slot_now(schedule: Schedule, now: int) -> Slot:
    """The schedule's slot as if it were now; of one that speaks of a day, only on that day."""
    if schedule.pick.event or schedule.pick.on_this_day:
        same_day = _slots_today(schedule, now)
        if not same_day:
            raise NotPosted(f"{schedule.name} speaks of a day, and that is not today")
        return _as_if(min(same_day, key=lambda slot: abs(slot.at - now)), now)
    account = schedule.accounts[0]
    return Slot(now, schedule.name, zone(account.zone).wall(now), account.zone, schedule.trigger.priority)


def _slots_today(schedule: Schedule, now: int) -> list[Slot]:
    near = schedule.trigger.times(Window(now - DAY, now + DAY))
    return [slot for slot in near if zone(slot.zone).wall(now) // DAY == slot.wall // DAY]


def _as_if(slot: Slot, now: int) -> Slot:
    """A slot as if it were now."""
    return replace(slot, at=now, wall=zone(slot.zone).wall(now))


def _name(post: Post) -> str:
    """What a sentence about a post begins with; nothing where it was written just now, and has no name yet."""
    return f"{post.id}: " if post.place.file else ""


def _refuse_faults(place: Here, chosen: Post, accounts: tuple[Account, ...]) -> None:
    """Hold a post that a person chose to what every post is held to, but for being evergreen: that is their say."""
    known = place.project.corpus.by_id
    found = [
        each.message
        for each in faults(chosen, place.project.schedules, known=known, accounts=accounts)
        if each.code != "claim"
    ]
    if found:
        raise BadCall(f"{_name(chosen)}{found[0]}")


def _refuse_too_long(planned: PlannedPost) -> None:
    if found := next(filter(None, map(too_long, planned.renditions)), None):
        raise BadCall(f"{_name(planned.post)}{found}")


def _refuse_pictures(place: Here, planned: PlannedPost) -> None:
    """Make pictures ready as they will be when they are sent, so that what cannot be sent is not queued."""
    from bot.media import read_media  # noqa: PLC0415 - Pillow costs start-up time

    root, accounts = place.project.root, place.project.schedules.accounts
    for shown in planned.renditions:
        for part in shown.parts:
            files = [replace(each, file=str(PurePath(root, each.file))) for each in part.media]
            try:
                read_media(files, accounts[shown.account].limits)
            except Refused as no:
                raise BadCall(f"{_name(planned.post)}{no}") from no
            except NotNow as no:
                raise NotPosted(str(no)) from no


def _other_day(place: Here, planned: PlannedPost, *, yes: bool) -> str | None:
    """What a person has to know of a dated post on a day that is not its own; NotPosted where nobody can be asked."""
    if not planned.slot.schedule.startswith(BY_HAND):
        return None
    doubt = other_day(planned.post, place.project.schedules, place.now, zone_name=planned.slot.zone)
    is_asked = sys.stdin is not None and sys.stdin.isatty() and not yes
    if doubt and not is_asked:
        raise NotPosted(f"{doubt}; --again if you mean it")
    return doubt


def _refuse_repeat(place: Here, queue: Queue, planned: PlannedPost) -> None:
    gone = (State.SENDING, State.SENT, State.UNKNOWN)
    words = {(shown.account, tuple(part.text for part in shown.parts)) for shown in planned.renditions}
    for row in queue.rows(place.now, window=Window(place.now - DAY, place.now + 1), states=gone):
        if (row.account, tuple(part.text for part in row.rendition.parts)) in words:
            raise NotPosted(
                f"{row.account} had these very words at {utc_text(row.at)} ({row.state}); --again if you mean it"
            )


def _live(place: Here, planned: PlannedPost) -> tuple[Account, ...]:
    """The accounts that show it to the world; BadCall where the time is made up."""
    accounts = place.project.schedules.accounts
    live = tuple(accounts[name] for name in planned.accounts if accounts[name].live)
    if live and place.is_what_if:
        raise BadCall(f"a time made up with --now is for dry runs only, and {live[0].name} is live")
    return live


def _refuse_unable(place: Here, queue: Queue, planned: PlannedPost, live: tuple[Account, ...]) -> None:
    """Refuse what would wait in vain: a credential is missing, or a budget has no room for it."""
    shown = {each.account: each for each in planned.renditions}
    for account in live:
        try:
            publisher(account, place.settings)
        except RedletterError as error:
            raise BadCall(str(error)) from error
        except Exception:  # noqa: BLE001, S112 - foreign code, whose words delivery tells without their secrets
            continue
        cost = cost_of(shown[account.name], account, place.now)
        with queue.reading() as connection:
            full = over(connection, cost, shown[account.name].key, place.now)
        if full:
            raise BadCall(f"{full}; there is room again at {utc_text(full.after or place.now)}")


def _ask(planned: PlannedPost, live: tuple[Account, ...], *, yes: bool, doubt: str | None) -> None:
    if doubt and not live:
        warn(doubt)
    if not live or yes:
        return
    for shown in planned.renditions:
        for part in shown.parts:
            size = f"{part.length} of {part.limit or 'any'}"
            click.echo(f"\n{shown.account} ({shown.network}), {size}:\n{part.text}", err=True)
            for media in part.media:
                click.echo(f"[{media.name}: {media.alt}]", err=True)
        for each in shown.besides:
            click.echo(f"[{each}]", err=True)
    if doubt:
        click.secho(f"\n{doubt}", fg="yellow", err=True)
    where = ", ".join(f"{account.name} on {account.network}" for account in live)
    click.confirm(f"\nPost this, LIVE, to {where}?", abort=True, err=True)


def _delivered(place: Here, queue: Queue, planned: PlannedPost) -> list[Row]:
    """Send it, and see what became of it. A daemon on the same queue may be the one to send it: it is waited for."""
    keys = [shown.key for shown in planned.renditions]
    satchel = Satchel(queue, place.clock, place.project.root)
    for shown in planned.renditions:
        account = place.project.schedules.accounts[shown.account]
        if due := queue.first_due(account.name, place.now, key=shown.key):
            carried(
                deliver(satchel, due, ready(partial(publisher, account, place.settings)), account=account)
            )
    give_up = time.monotonic() + PATIENCE
    while True:
        rows = [shown.row for key in keys for shown in queue.show(key, place.now)]
        if all(row.state is not State.SENDING for row in rows) or time.monotonic() > give_up:
            return rows
        time.sleep(0.2)


def _tell(ctx: click.Context, rows: list[Row], *, json_: bool) -> None:
    if json_:
        say({"deliveries": [record(row) for row in rows]})
    for row in rows:
        if not json_:
            click.echo(line(row))
            for proof in row.receipts:
                click.echo(proof.url)
        if row.state is State.PENDING:
            warn(
                f"not out yet: {row.waits or row.reason}; a running daemon goes on until {utc_text(row.deadline)}"
            )
        if row.state is State.UNKNOWN:
            warn(_what_next(row))
    if any(row.state is not State.SENT for row in rows):
        ctx.exit(1)


def _what_next(row: Row) -> str:
    """What becomes of a delivery that was not answered, and what a person can do."""
    settle = f"`redletter queue resolve {row.key[:8]} --sent URL | --absent | --failed REASON`"
    if row.due is None:
        return (
            f"nobody knows whether {row.account} has it, and no program can look: look there, then {settle}"
        )
    return (
        f"nobody knows yet whether {row.account} has it: a running daemon, or the next `redletter run --once`, looks "
        f"there from {utc_text(row.due)} on; whoever has looked before settles it with {settle}"
    )
