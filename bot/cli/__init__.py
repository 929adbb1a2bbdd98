"""The command line: parse, call, show. Commands are loaded when they are called, so that help costs nothing."""

from collections.abc import Mapping
from importlib import import_module

import click

#: Every command: where it lives, and what it does in a few words.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("bot.cli.folder:init", "Begin a new project folder."),
    "check": ("bot.cli.folder:check", "Tell every problem in corpus, schedules and accounts."),
    "preview": ("bot.cli.preview:preview", "Show the calendar: what will be said, what will not, and why."),
    "run": ("bot.cli.run:run", "Post what is due, as a daemon or once."),
    "post": ("bot.cli.post:post", "Post one thing now."),
    "queue": ("bot.cli.queue:queue", "See what is coming, and decide about it."),
    "hold": ("bot.cli.hold:hold", "Stop everything, one account or one tone."),
    "release": ("bot.cli.hold:release", "End a hold."),
    "corpus": ("bot.cli.corpus:corpus", "See what can be said."),
    "card": ("bot.cli.card:card", "Draw a picture of an event."),
    "count": ("bot.cli.count:count", "Tell how long a text is on each network."),
    "import": ("bot.cli.bring:bring", "Turn foreign files into corpus files."),
    "accounts": ("bot.cli.accounts:accounts", "Tell who we are on each network."),
    "history": ("bot.cli.history:history", "Tell what was sent, with its addresses."),
    "status": ("bot.cli.history:status", "Tell in one look whether all is well."),
    "web": ("bot.cli.web:web", "Show the desk in a browser: look, decide, review."),
    "plugins": ("bot.cli.accounts:plugins", "List what is installed."),
}


class Commands(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order in which people need them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table alone."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a name nearly right is told the right one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from bot.options import did_you_mean  # noqa: PLC0415 - only a wrong name needs it

            ctx.fail(f"no command called {args[0]!r}{did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


#: What makes a shell complete our commands and options.
COMPLETION = """\b
Completion, in bash (or zsh, or fish):
  eval "$(_REDLETTER_COMPLETE=bash_source redletter)"
"""


@click.group(
    cls=Commands,
    epilog=COMPLETION,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--project", metavar="DIR", help="The project folder; else the nearest folder upward with schedules/."
)
@click.option(
    "--now", metavar="INSTANT", help="Answer as if it were then: 2027-01-28T09:00:00Z or 2027-01-28."
)
@click.version_option(package_name="redletter", prog_name="redletter")
@click.pass_context
def main(ctx: click.Context, project: str | None, now: str | None) -> None:
    """Post the right words on red-letter days: anniversaries, remembrances, and evergreen posts in between.

    Nothing is published until an account's file says `live = true`.
    """
    from bot.settings import wants_colour  # noqa: PLC0415 - help does without it

    ctx.obj = {"project": project, "now": now}
    ctx.color = None if wants_colour() else False
