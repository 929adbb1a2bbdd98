"""The plan as CSV, for spreadsheets: one row a part and account, one row a gap."""

import csv
import io
from collections.abc import Iterator

from bot.model import Gap, PlannedPost, Slot
from bot.preview.view import HELD, View, entries, local_date, local_time, renditions

COLUMNS = (
    "date", "time", "zone", "schedule", "event", "years", "post", "tone", "state", "account", "network",
    "part", "parts", "length", "limit", "text", "alt", "reason",
)  # fmt: skip

# A spreadsheet takes what begins with one of these for a formula, and runs it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

Row = dict[str, object]


def show(view: View) -> str:
    """The plan as CSV with a header; date and time are those of the slot's own zone."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _defused(cell) for name, cell in row.items()} for row in _rows(view))
    return out.getvalue()


def _rows(view: View) -> Iterator[Row]:
    for entry in entries(view):
        if isinstance(entry, Gap):
            yield _slot(entry.slot) | {"state": "gap", "reason": entry.reason}
        else:
            yield from _parts(entry, view)


def _parts(planned: PlannedPost, view: View) -> Iterator[Row]:
    common = _slot(planned.slot) | {
        "post": planned.post.id,
        "tone": planned.post.tone.value,
        "state": planned.state,
    }
    for rendition in renditions(planned):
        held = view.held.get(rendition.key)
        stopped = {"state": HELD, "reason": str(held)} if held else {}
        for number, part in enumerate(rendition.parts, start=1):
            yield (
                common
                | stopped
                | {
                    "account": rendition.account,
                    "network": rendition.network,
                    "part": number,
                    "parts": len(rendition.parts),
                    "length": part.length,
                    "limit": part.limit,
                    "text": part.text,
                    "alt": " | ".join(media.alt for media in part.media),
                }
            )


def _slot(slot: Slot) -> Row:
    return {
        "date": local_date(slot).isoformat(),
        "time": local_time(slot),
        "zone": slot.zone,
        "schedule": slot.schedule,
        "event": slot.event,
        "years": slot.years,
    }


def _defused(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell
