"""Deliveries as people read them, and as data for programs."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click

from bot.cli.here import Here, width
from bot.delivery.queue import Queue
from bot.delivery.states import State
from bot.delivery.values import Row
from bot.model import Tone
from bot.preview.view import SIGNS, zone_sign
from bot.preview.words import one_line, shorten
from bot.zones import local_text, utc_text

_COLOURS = {Tone.CELEBRATION: "yellow", Tone.REMEMBRANCE: "magenta", Tone.NEUTRAL: "cyan"}
_KEY = 8  #: letters of a key that are shown; any beginning of it will do
INDENT = " " * (_KEY + 2)


def teller(queue: Queue, place: Here) -> Callable[[str], None]:
    """Something that tells a person what became of a delivery, by its key; machines read it in the log."""

    def tell(key: str) -> None:
        if place.settings.log == "json":
            return
        for shown in queue.show(key, place.now):
            click.echo(line(shown.row))

    return tell


def unheard(tell: Callable[[str], None]) -> Callable[[str], None]:
    """The same, for one who works on when nobody listens any more: a closed pipe or a full disk stops no daemon."""

    def try_to_tell(key: str) -> None:
        with suppress(OSError):
            tell(key)

    return try_to_tell


def drop_unheard() -> None:
    """Drop what nobody took before the process ends: Python would try again, fail, and call the end a failure."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def listed(row: Row) -> str:
    """A delivery in a list: with the beginning of its key, by which people name it."""
    return line(row, head=f"{row.key[:_KEY]}  ")


def line(row: Row, *, head: str = "") -> str:
    """When, how it feels, to whom, and how it begins; and below, in full, what keeps it back or became of it."""
    below = [fate(row)] if row.waits or row.state not in {State.PENDING, State.SENT} else []
    return f"\n{INDENT}".join([beginning(row, head=head), *below])


def beginning(row: Row, *, head: str = "") -> str:
    """When, how it feels, to whom, and how it begins: one line, whatever became of it."""
    when = f"{local_text(row.at, row.slot.zone)[:16].replace('T', ' ')} {zone_sign(row.slot)}"
    parts = f" (1/{len(row.rendition.parts)})" if len(row.rendition.parts) > 1 else ""
    text = one_line(row.rendition.parts[0].text)
    room = width() - len(head) - len(when) - len(row.account) - len(parts) - 6
    sign = click.style(SIGNS[row.tone], fg=_COLOURS[row.tone])
    return f"{head}{when}  {sign} {row.account}  {shorten(text, max(room, 12))}{parts}"


def fate(row: Row) -> str:
    """Where a delivery stands, and why."""
    return f"{row.state}: {row.waits or row.reason}"


def record(row: Row) -> dict[str, Any]:
    """A delivery as data for programs."""
    return {
        "key": row.key, "state": row.state, "waits": row.waits, "reason": row.reason,
        "schedule": row.slot.schedule, "event": row.slot.event, "post": row.post, "tone": row.tone,
        "account": row.account, "network": row.network,
        "at": utc_text(row.at), "local": local_text(row.at, row.slot.zone), "deadline": utc_text(row.deadline),
        "needs_approval": row.needs_approval, "approvals": row.approvals,
        "approved_by": ", ".join(row.approved_by) or None, "touched": row.touched, "why": row.why,
        "parts": [
            {"text": part.text, "length": part.length, "limit": part.limit,
             "media": [{"file": media.name, "alt": media.alt} for media in part.media]}
            for part in row.rendition.parts
        ],
        "receipts": [{"id": proof.id, "url": proof.url, "at": utc_text(proof.at)} for proof in row.receipts],
    }  # fmt: skip
