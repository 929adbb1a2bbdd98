"""`count`: how long a text is on each network."""

import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import Any

import click

from bot import plugins as installed
from bot.cli.here import as_json, is_colour, say, warn
from bot.errors import BadCall
from bot.model import Limits
from bot.options import did_you_mean
from bot.planning.count import Measure, measure
from bot.planning.split import Numbering, Uncut, split

#: The order in which people think of networks; others come after them, by name.
_FIRST = ("x", "mastodon", "bluesky")


@click.command()
@click.argument("text", required=False)
@click.option(
    "--network", "names", metavar="N", multiple=True, help="Only this network; may be said again for more."
)
@click.option("--split", "is_split", is_flag=True, help="Show the parts that it makes where it is too long.")
@click.option("--numbered", is_flag=True, help="The same, with the parts numbered.")
@as_json
@click.pass_context
def count(
    ctx: click.Context, text: str | None, *, names: tuple[str, ...], is_split: bool, numbered: bool, json_: bool
) -> None:  # fmt: skip
    """Tell how long TEXT is on each network, and how much fits there; without TEXT, or with -, read it.

    What counts is what the networks say of everybody; an instance of Mastodon may take more. Exit status 1 where the
    text does not fit each --network that is named, or, with none named, any at all.
    """
    limits = _limits(names)
    said = _read() if text is None or text == "-" else text.strip()
    found = {name: measure(said, of) for name, of in limits.items()}
    how = Numbering.BELOW if numbered else Numbering.NONE
    parts = {name: _parts(said, of, how) for name, of in limits.items()} if is_split or numbered else {}
    if json_:
        say({name: _record(size) | _listed(parts, name) for name, size in found.items()})
    else:
        _tell(found, parts)
    does_fit = [size.fits for size in found.values()]
    if not (all(does_fit) if names else any(does_fit)):
        ctx.exit(1)


def _read() -> str:
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="strict")
    try:
        return sys.stdin.read().strip() if sys.stdin else ""
    except UnicodeDecodeError as error:
        raise BadCall(f"what was piped in is not UTF-8 at byte {error.start}") from error


def _limits(names: tuple[str, ...]) -> Mapping[str, Limits]:
    """What each network takes, of those named or of all that have a limit; ours first."""
    known = installed.plugins(installed.PUBLISHERS)
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"; there are {', '.join(known)}"
            raise BadCall(f"no network called {name!r}{hint}")
    order = sorted(known, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))
    found = {name: limits for name in names or order if (limits := _limits_of(name, is_asked=bool(names)))}
    return found if names else {name: of for name, of in found.items() if of.text is not None}


def _limits_of(name: str, *, is_asked: bool) -> Limits | None:
    try:
        limits: Limits = installed.load(installed.PUBLISHERS, name).limits
    except BadCall as error:
        if is_asked:
            raise
        warn(str(error))
        return None
    return limits


def _parts(text: str, limits: Limits, numbering: Numbering) -> tuple[str, ...]:
    try:
        return split(text, limits, numbering=numbering)
    except Uncut as error:
        warn(str(error))
        return (text,)


def _record(size: Measure) -> dict[str, Any]:
    found = {"length": size.length, "limit": size.limit}
    if size.bytes_limit is not None:
        found |= {"bytes": size.bytes, "bytes_limit": size.bytes_limit}
    return found


def _listed(parts: Mapping[str, tuple[str, ...]], name: str) -> dict[str, Any]:
    return {"parts": list(parts[name])} if parts else {}


def _tell(found: Mapping[str, Measure], parts: Mapping[str, tuple[str, ...]]) -> None:
    longest = max(map(len, found), default=0)
    for name, size in found.items():
        sign, colour = ("✓", "green") if size.fits else ("✗", "red")
        limit = f" of {size.limit}" if size.limit is not None else ""
        line = f"{sign} {name:<{longest}}  {size.length}{limit}"
        if size.bytes_limit is not None:
            line += f", {size.bytes} of {size.bytes_limit} bytes"
        click.echo(click.style(line, fg=colour) if is_colour() else line)
        for number, part in enumerate(parts.get(name, ()), 1):
            click.echo(f"\n[{number}/{len(parts[name])}]\n{part}")
        if parts:
            click.echo()
