"""`run`: the daemon, one turn of it, or a time-lapse."""

import logging

import click

from bot.cli.here import Here, here, is_colour, moment, width
from bot.cli.tell import teller
from bot.daemon import Daemon, speak
from bot.errors import BadCall
from bot.model import Window
from bot.outlook import outlook, viewed
from bot.zones import DAY, utc_text

#: How many days a daemon shows of what is coming when it starts.
AHEAD = 4


@click.command()
@click.option("--once", is_flag=True, help="Plan, deliver what is due, and end: for cron and systemd timers.")
@click.option(
    "--time-lapse", is_flag=True, help="Live through days as fast as possible, dry-run accounts only."
)
@click.option("--from", "from_", metavar="D", help="With --time-lapse: the first day, or instant; else now.")
@click.option(
    "--to", metavar="D", help="With --time-lapse: the day, or instant, before which to end; else a year on."
)
@click.pass_context
def run(ctx: click.Context, *, once: bool, time_lapse: bool, from_: str | None, to: str | None) -> None:
    """Post what is due: as a daemon until it is stopped, or `--once`.

    An account whose file does not say `live = true` writes to state/outbox.jsonl and reaches no network.
    SIGTERM and SIGINT let the post in hand be recorded, and end it.
    """
    place = here(ctx)
    if (from_ or to) and not time_lapse:
        raise BadCall("--from and --to go with --time-lapse")
    if once and time_lapse:
        raise BadCall("give --once or --time-lapse, not both")
    with place.queue() as queue:
        daemon = Daemon(place.root, place.settings, queue, told=teller(queue, place))
        if time_lapse:
            _time_lapse(place, daemon, _window(place, from_, to))
        elif once:
            speak(place.settings.log)
            daemon.turns(place.clock)
        else:
            _daemon(place, daemon)


def _daemon(place: Here, daemon: Daemon) -> None:
    if place.is_what_if:
        raise BadCall("a daemon lives by the clock; --now goes with --once, or use --time-lapse")
    from bot.engines.embedded import run as wake  # noqa: PLC0415 - APScheduler is needed here alone

    _show_coming(place, daemon)
    speak(place.settings.log)
    wake(lambda: daemon.turn(place.clock()).next_due, place.clock)


def _time_lapse(place: Here, daemon: Daemon, window: Window) -> None:
    speak(place.settings.log)
    logging.getLogger("redletter").setLevel(logging.WARNING)
    daemon.live_through(window.start, window.end)
    click.echo(f"\nLived from {utc_text(window.start)} to {utc_text(window.end)}; all of it is in", nl=False)
    click.echo(f" {place.settings.state / 'outbox.jsonl'}")


def _window(place: Here, from_: str | None, to: str | None) -> Window:
    start = place.now if from_ is None else moment(from_)
    try:
        return Window(start, start + 365 * DAY if to is None else moment(to))
    except ValueError as error:
        raise BadCall(str(error)) from error


def _show_coming(place: Here, daemon: Daemon) -> None:
    """Show what the next days will bring, so that a person can see that all is well."""
    if place.settings.log == "json":
        return
    from bot.preview import table  # noqa: PLC0415 - a daemon that speaks to machines shows no table

    window = Window(place.now, place.now + AHEAD * DAY)
    with place.queue() as queue:
        plan = outlook(daemon.project, queue, window, place.now)
    click.echo(table.show(viewed(daemon.project, plan, window), width=width(), colour=is_colour(), why=False))
    live = [account.name for account in daemon.project.schedules.accounts.values() if account.live]
    reach = f"LIVE on {', '.join(live)}" if live else "a dry run: nothing leaves this machine"
    click.echo(f"redletter runs, {reach}. Stop it with Ctrl-C.\n")
