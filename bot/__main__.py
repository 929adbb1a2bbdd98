"""`redletter`, and `python -m bot`."""

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

#: Commands that stay for days, and so must not gather garbage.
_STAYING = frozenset({"run", "web"})
#: Objects made before the youngest are looked through; Python's own 700 is passed hundreds of times in one command.
_MANY = 1_000_000


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line on these words, else the process's own.

    Exit status: 0 done, 1 something failed or was found, 2 the call or a file is wrong.
    """
    _seldom_look_for_garbage(sys.argv[1:] if words is None else words)
    from bot.cli import main as command  # noqa: PLC0415 - so that the console script can find it quickly

    _write_what_can_be_written()
    try:
        return command.main(words, prog_name="redletter", standalone_mode=False) or 0
    except Exception as error:  # noqa: BLE001 - the last door: what is known is told, what is not is raised
        return _tell(error)


def _seldom_look_for_garbage(words: Sequence[str]) -> None:
    """Leave what is made where it is, in a command that is soon over; at the end leave it all to the machine."""
    atexit.register(gc.freeze)
    if _STAYING.isdisjoint(words):
        gc.set_threshold(_MANY)


def _tell(error: Exception) -> int:
    import click  # noqa: PLC0415 - only trouble needs these

    from bot.errors import BadCall, Problems, RedletterError  # noqa: PLC0415

    if isinstance(error, click.Abort):
        return _say("stopped; nothing more was done", 1)
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, Problems):
        click.secho(str(error), fg="red", err=True)
        return 2
    if isinstance(error, RedletterError):
        return _say(str(error), 2 if isinstance(error, BadCall) else 1)
    if isinstance(error, OSError):
        return _say(_trouble(error), 1)
    raise error


def _say(message: str, status: int) -> int:
    import click  # noqa: PLC0415 - as above

    click.secho(f"redletter: {message}", fg="red", err=True)
    return status


def _trouble(error: OSError) -> str:
    """What the machine would not do, and where."""
    what = error.strerror or str(error)
    if error.filename is not None:
        return f"{error.filename}: {what}"
    # What still waits to be written would fail again at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return f"cannot write: {what}"


def _write_what_can_be_written() -> None:
    """A terminal that lacks a letter shows `?` for it, in place of an error."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
