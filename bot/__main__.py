"""`redletter`, and `python -m bot`."""

import sys


def main() -> int:
    """Run the command line. Exit status: 0 done, 1 something failed or was found, 2 the call or a file is wrong."""
    from bot.cli import main as command  # noqa: PLC0415 - so that the console script can find it quickly

    try:
        return command.main(standalone_mode=False) or 0
    except Exception as error:  # noqa: BLE001 - the last door: what is known is told, what is not is raised
        return _tell(error)


def _tell(error: Exception) -> int:
    import click  # noqa: PLC0415 - only trouble needs these

    from bot.errors import BadCall, Problems, RedletterError  # noqa: PLC0415

    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.Abort):
        click.echo("redletter: stopped; nothing more was done", err=True)
        return 1
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, RedletterError):
        click.secho(f"redletter: {error}" if not isinstance(error, Problems) else str(error), fg="red", err=True)
        return 2 if isinstance(error, (BadCall, Problems)) else 1
    raise error


if __name__ == "__main__":
    sys.exit(main())
