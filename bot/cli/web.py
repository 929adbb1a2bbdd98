"""`web`: the desk in a browser, and the tokens by which people come to it."""

import getpass
import secrets
import signal
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from bot.cli.here import Here, as_json, here, say
from bot.errors import BadCall
from bot.wire import is_loopback
from bot.zones import DAY, MINUTE, utc_text

if TYPE_CHECKING:
    from bot.delivery.people import Token
    from bot.delivery.queue import Queue
    from bot.web.serve import Tls

#: Seconds for which the link is good that is printed at the start.
LINK = 10 * MINUTE
#: Days for which a person's token is good, where nothing else is said.
DAYS = 90
#: What the extra brings.
_NEEDED = ("starlette", "uvicorn", "jinja2", "js_lib_htmx")

_PEOPLE = click.Choice(["look", "edit", "approve"])
_ROLES = click.Choice(["look", "edit", "approve", "feed"])


@click.group(invoke_without_command=True)
@click.option(
    "--host", metavar="H", default="127.0.0.1", help="Where to listen; else 127.0.0.1, this machine alone."
)
@click.option(
    "--port", metavar="P", type=click.IntRange(0, 65_535), default=8417, help="On which port; else 8417."
)
@click.option("--tls-cert", metavar="FILE", help="The certificate by which browsers know this desk.")
@click.option("--tls-key", metavar="FILE", help="Its key.")
@click.option(
    "--behind-proxy",
    metavar="URL",
    help="A proxy with TLS stands in front, and browsers know it by this address.",
)
@click.option(
    "--insecure", is_flag=True, help="Another address than loopback without TLS: others can listen in."
)
@click.option(
    "--role", type=_PEOPLE, default="approve", help="What the printed link lets one do; else approve."
)
@click.option(
    "--who", metavar="NAME", help="Whom it lets in, as decisions are signed; else who you are here."
)
@click.pass_context
def web(  # noqa: PLR0913 - an option each
    ctx: click.Context, *, host: str, port: int, tls_cert: str | None, tls_key: str | None,
    behind_proxy: str | None, insecure: bool, role: str, who: str | None,
) -> None:  # fmt: skip
    """Show the desk in a browser: calendar, decisions, review, history and health.

    It prints a link that signs in once, within ten minutes. SIGTERM and SIGINT end it.
    """
    if ctx.invoked_subcommand is not None:
        return
    refuse_without_extra()
    tls = _tls(tls_cert, tls_key)
    name = "127.0.0.1" if host == "localhost" else host
    _refuse_open(name, is_guarded=tls is not None or behind_proxy is not None or insecure)
    _serve(here(ctx), name, port, tls=tls, public=_public(behind_proxy), role=role, who=who or _me())


@web.command()
@click.option(
    "--role", type=_ROLES, help="What it lets one do; `feed` reads the calendar's feed and nothing else."
)
@click.option("--who", metavar="NAME", help="Whose it is: decisions are signed with this name.")
@click.option(
    "--days",
    metavar="N",
    type=click.IntRange(1, 36_500),
    help="How long it is good; else 90 days, a feed's for ever.",
)
@click.option("--list", "list_", is_flag=True, help="List the tokens, without the words themselves.")
@click.option("--revoke", metavar="ID", type=int, help="Let nobody in by this token any more.")
@as_json
@click.pass_context
def token(
    ctx: click.Context, *, role: str | None, who: str | None, days: int | None, list_: bool,
    revoke: int | None, json_: bool,
) -> None:  # fmt: skip
    """Make a token by which somebody comes to the desk; it is shown once and kept nowhere."""
    place = here(ctx)
    if list_:
        _list(place, json_=json_)
    elif revoke is not None:
        _revoke(place, revoke, json_=json_)
    elif role is None or who is None or not who.strip():
        raise BadCall(
            "say what the token lets one do and whose it is: --role edit --who NAME; or use --list, --revoke ID"
        )
    else:
        _issue(place, role, who, days=days, json_=json_)


def refuse_without_extra() -> None:
    """BadCall where what the desk is made of is not installed."""
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        raise BadCall(f"the desk needs {' and '.join(missing)}: pip install 'redletter[web]'")


def _tls(cert: str | None, key: str | None) -> "Tls | None":
    from bot.web.serve import Tls  # noqa: PLC0415 - help does without it

    if (cert is None) != (key is None):
        raise BadCall("--tls-cert and --tls-key go together")
    return Tls(Path(cert), Path(key)) if cert and key else None


def _refuse_open(host: str, *, is_guarded: bool) -> None:
    if not is_loopback(host) and not is_guarded:
        raise BadCall(
            f"others could listen in on {host}: give --tls-cert and --tls-key, or --behind-proxy https://… where a "
            "proxy with TLS stands in front; --insecure serves it without"
        )


def _public(url: str | None) -> str | None:
    """The address of a proxy, without a slash at its end; BadCall where it is none."""
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.netloc or parts.path not in {"", "/"} or "@" in parts.netloc:
        raise BadCall(f"cannot read {url!r} as the address of a proxy: write https://desk.example.org")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _serve(
    place: Here, host: str, port: int, *, tls: "Tls | None", public: str | None, role: str, who: str
) -> None:
    from bot.daemon import speak  # noqa: PLC0415 - help does without it
    from bot.web.app import make_app  # noqa: PLC0415 - as above
    from bot.web.office import Office  # noqa: PLC0415 - as above
    from bot.web.serve import listening, server  # noqa: PLC0415 - as above
    from bot.web.site import site  # noqa: PLC0415 - as above

    speak(place.settings.log)
    with closing(listening(host, port)) as taken, place.queue() as queue:
        at = site(host, taken.getsockname()[1], has_tls=tls is not None, public=public)
        office = Office(place.root, place.settings, queue, site=at, clock=place.clock, secret=_secret)
        running = server(make_app(office), tls=tls)
        click.echo(f"The desk is at {at.base}/enter?token={_link(queue, role, who, now=place.now)}")
        click.echo(
            f"This link signs {who} in, once and within ten minutes, to {role}. Stop the desk with Ctrl-C."
        )
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, _leave)  # once what is in hand was answered
        running.run(sockets=[taken])


def _leave(*_: object) -> None:
    raise SystemExit(0)


def _secret() -> str:
    """A word of 32 random bytes, fit for an address."""
    return secrets.token_urlsafe(32)


def _me() -> str:
    """Who calls, as the machine knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody at this machine"


def _link(queue: "Queue", role: str, who: str, *, now: int) -> str:
    """The word of a link that is good once, for ten minutes."""
    from bot.delivery.people import Role  # noqa: PLC0415 - start-up time

    word = _secret()
    queue.issue(word, who, role=Role(role), now=now, until=now + LINK, is_once=True)
    return word


def _issue(place: Here, role: str, who: str, *, days: int | None, json_: bool) -> None:
    from bot.delivery.people import Role  # noqa: PLC0415 - start-up time

    word, wanted = _secret(), Role(role)
    for_days = DAYS if days is None and wanted is not Role.FEED else days
    until = None if for_days is None else place.now + for_days * DAY
    with place.queue() as queue:
        made = queue.issue(word, who, role=wanted, now=place.now, until=until)
    # A word that is good many times belongs into no address but a feed's: addresses are kept in histories and logs.
    path = f"/calendar.ics?token={word}" if wanted is Role.FEED else "/sign-in"
    if json_:
        say({**_record(made), "token": word, "path": path})
        return
    click.echo(word)
    click.echo(f"Token {made.id}, for {who}: {role}, {_until(made)}. It is not shown again.", err=True)
    what = "The feed is" if wanted is Role.FEED else "It is pasted"
    click.echo(f"{what} at the desk's address and {path}", err=True)


def _list(place: Here, *, json_: bool) -> None:
    with place.looking() as queue:
        found = queue.tokens() if queue else ()
    if json_:
        say({"tokens": [_record(each) for each in found]})
        return
    for each in found:
        click.echo(f"{each.id:>5}  {each.role:<8} {each.who}  {_state(each, place.now)}")
    if not found:
        click.echo("No token was made yet.")


def _revoke(place: Here, number: int, *, json_: bool) -> None:
    with place.queue() as queue:
        gone = queue.revoke(number, place.now)
    if json_:
        say(_record(gone))
        return
    click.echo(f"Token {gone.id} of {gone.who} lets nobody in any more, and whom it let in is signed out.")


def _state(token: "Token", now: int) -> str:
    """Where a token stands: good, and until when; or why it is not."""
    if token.revoked_at is not None:
        return f"revoked {utc_text(token.revoked_at)}"
    if token.is_once and token.used_at is not None:
        return f"used {utc_text(token.used_at)}"
    if not token.is_good(now):
        return f"ended {_until(token).removeprefix('good until ')}"
    return f"{_until(token)}{', once' if token.is_once else ''}"


def _until(token: "Token") -> str:
    return "good until it is revoked" if token.until is None else f"good until {utc_text(token.until)}"


def _record(token: "Token") -> dict[str, object]:
    """A token as data for programs, without the word."""
    return {
        "id": token.id, "who": token.who, "role": token.role, "once": token.is_once,
        "made": utc_text(token.at), "until": token.until and utc_text(token.until),
        "used": token.used_at and utc_text(token.used_at),
        "revoked": token.revoked_at and utc_text(token.revoked_at),
    }  # fmt: skip
