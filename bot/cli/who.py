"""Who decides at a command line."""

import getpass

import click

from bot.delivery.decided import By

WHO = click.option("--who", metavar="NAME", help="Who decides; else your name on this machine.")


def by(who: str | None, why: str = "") -> By:
    """Who decides: who they say they are, else who they are on this machine."""
    return By(who or getpass.getuser(), why)
