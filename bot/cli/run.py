"""`run`: the daemon, one turn of it, or a time-lapse."""

import logging
import signal
from contextlib import closing
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from bot.cli.here import Here, here, is_colour, moment, width
from bot.cli.tell import drop_unheard, teller, unheard
from bot.daemon import Daemon, log, speak
from bot.errors import BadCall
from bot.model import Project, Window
from bot.outlook import foreseen, outlook, viewed
from bot.settings import Settings
from bot.thrift import be_thrifty
from bot.watch.watch import Watch
from bot.zones import DAY, utc_text

if TYPE_CHECKING:
    from bot.delivery.queue import Queue

#: How many days a daemon shows of what is coming when it starts.
AHEAD = 4
#: How many accounts a daemon serves at once.
MOST = 64
#: Seconds that people are given to be told, at most, before `--once` ends.
TELLING = 30


@click.command()
@click.option("--once", is_flag=True, help="Plan, deliver what is due, and end: for cron and systemd timers.")
@click.option(
    "--time-lapse", is_flag=True, help="Live through days as fast as possible, dry-run accounts only."
)
@click.option("--from", "from_", metavar="D", help="With --time-lapse: the first day, or instant; else now.")
@click.option(
    "--to", metavar="D", help="With --time-lapse: the day, or instant, before which to end; else a year on."
)
@click.option(
    "--listen", metavar="HOST:PORT", help="Answer /healthz and /metrics there, on this machine alone."
)
@click.pass_context
def run(
    ctx: click.Context,
    *,
    once: bool,
    time_lapse: bool,
    from_: str | None,
    to: str | None,
    listen: str | None,
) -> None:
    """Post what is due: as a daemon until it is stopped, or `--once`.

    An account whose file does not say `live = true` writes to state/outbox.jsonl and reaches no network.
    SIGTERM and SIGINT let the post in hand be recorded, and end it.
    """
    place = here(ctx)
    if (from_ or to) and not time_lapse:
        raise BadCall("--from and --to go with --time-lapse")
    if once and time_lapse:
        raise BadCall("give --once or --time-lapse, not both")
    if listen and (once or time_lapse):
        raise BadCall("--listen is for the daemon, which is there to be asked")
    if time_lapse:
        _time_lapse(place, _window(place, from_, to))
    elif not once:
        _daemon(place, replace(place.settings, listen=listen) if listen else place.settings)
    elif not _once(place):
        ctx.exit(1)


def _daemon(place: Here, settings: Settings) -> None:
    if place.is_what_if:
        raise BadCall("a daemon lives by the clock; --now goes with --once, or use --time-lapse")
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _leave)  # nothing is in hand until the engine, which listens in its own way
    from bot.engines.embedded import Threads  # noqa: PLC0415 - APScheduler is needed here alone
    from bot.engines.embedded import run as wake  # noqa: PLC0415 - as above

    be_thrifty()
    speak(settings.log)
    with place.queue() as queue, closing(Watch(settings, place.root.name)) as watch:
        tell = unheard(teller(queue, place))
        daemon = Daemon(place.root, settings, queue, told=tell, watch=watch, hands=Threads(), most=MOST)
        live = [account.name for account in daemon.project.schedules.accounts.values() if account.live]
        reach = f"LIVE on {', '.join(live)}" if live else "a dry run: nothing leaves this machine"
        if settings.log == "json":
            log.info("redletter runs, %s", reach)
        else:
            _show_coming(place, daemon.project, queue)
            click.echo(f"redletter runs, {reach}. Stop it with Ctrl-C.\n")
        if watch.address:
            log.info("listening on %s: /healthz and /metrics", watch.address)
        wake(lambda: daemon.turn(place.clock), place.clock)
        daemon.finish()
    drop_unheard()


def _leave(*_: object) -> None:
    raise SystemExit(0)


def _once(place: Here) -> bool:
    """Do what is due; tell whether all of it went well."""
    speak(place.settings.log)
    with place.queue() as queue:
        daemon = Daemon(place.root, place.settings, queue, told=teller(queue, place))
        if place.is_what_if:
            daemon.refuse_live("a time made up with --now")
            daemon.turns(place.clock)
            return not daemon.is_in_trouble
        watch = Watch(replace(place.settings, listen=""), place.root.name)
        try:
            daemon.turns(place.clock)
            watch.look(place.now)
        finally:
            watch.close(within=TELLING)
        return not daemon.is_in_trouble


def _time_lapse(place: Here, window: Window) -> None:
    speak(place.settings.log)
    log.setLevel(logging.WARNING)  # every step of every day would bury the posts
    with place.queue() as queue:
        daemon = Daemon(place.root, place.settings, queue, told=teller(queue, place))
        daemon.live_through(window.start, window.end)
    outbox = place.settings.state / "outbox.jsonl"
    click.echo(f"\nLived from {utc_text(window.start)} to {utc_text(window.end)}; all of it is in {outbox}")


def _window(place: Here, from_: str | None, to: str | None) -> Window:
    start = place.now if from_ is None else moment(from_)
    try:
        return Window(start, start + 365 * DAY if to is None else moment(to))
    except ValueError as error:
        raise BadCall(str(error)) from error


def _show_coming(place: Here, project: Project, queue: "Queue") -> None:
    """Show what the next days will bring, so that a person can see that all is well."""
    from bot.preview import table  # noqa: PLC0415 - a daemon that speaks to machines shows no table

    window = Window(place.now, place.now + AHEAD * DAY)
    view = viewed(project, outlook(project, queue, window, place.now), window)
    view = foreseen(view, project, queue, place.now)
    click.echo(table.show(view, width=width(), colour=is_colour(), why=False))
