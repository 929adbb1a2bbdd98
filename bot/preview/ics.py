"""The plan as a calendar file (RFC 5545), one event a planned post; gaps are left out."""

import re
from collections.abc import Iterator

from bot.model import PlannedPost, Rendition, ShownPart
from bot.preview.view import HELD, View, notes, renditions
from bot.preview.words import clean, one_line, shorten
from bot.zones import moment

_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_ESCAPED = re.compile(r"[\\;,\n]")
_LINE = 75  #: octets in a line, its end not counted (section 3.1)
_GIVEN_UP = frozenset({"cancelled", "missed", "failed"})
_SETTLED = frozenset({"planned", "pending", "sending", "sent"})


def show(view: View) -> str:
    """The planned posts as a calendar that mail and calendar programs open; the same plan, the same file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//redletter//preview//EN", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", "X-WR-CALNAME:Redletter"]
    for planned in view.plan.posts:
        lines += _event(planned, view)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(planned: PlannedPost, view: View) -> Iterator[str]:
    at = moment(planned.slot.at).strftime("%Y%m%dT%H%M%SZ")
    yield "BEGIN:VEVENT"
    yield f"UID:{planned.slot.key}@redletter"
    # The stamp should say when this was written; the slot's own instant keeps the file a function of the plan.
    yield f"DTSTAMP:{at}"
    yield f"DTSTART:{at}"
    yield "DURATION:PT5M"
    yield f"SUMMARY:{_escaped(_summary(planned))}"
    yield f"DESCRIPTION:{_escaped(_description(planned, view))}"
    yield f"CATEGORIES:{planned.post.tone.value}"
    yield f"STATUS:{_status(planned)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _summary(planned: PlannedPost) -> str:
    text = shorten(one_line(renditions(planned)[0].parts[0].text), 60)
    # Many calendars do not show that an event is tentative.
    held = f"[{HELD}] " if HELD in planned.state.split() else ""
    return held + (text or f"{planned.slot.schedule}: {planned.post.id}")


def _description(planned: PlannedPost, view: View) -> str:
    blocks = [_account(rendition, view) for rendition in renditions(planned)]
    about = [view.subject(planned.slot), *notes(planned), planned.why]
    return "\n\n".join([*blocks, " · ".join(filter(None, about))])


def _account(rendition: Rendition, view: View) -> str:
    total = len(rendition.parts)
    parts = (_part(part, f"({n}/{total}) " if total > 1 else "") for n, part in enumerate(rendition.parts, 1))
    name = f"{rendition.account} ({rendition.network}):\n" if rendition.account else ""
    return name + "\n\n".join([*parts, *(f"[{clean(each)}]" for each in view.besides(rendition))])


def _part(part: ShownPart, number: str) -> str:
    return "\n".join([number + clean(part.text), *(f"[{media.name}: {media.alt}]" for media in part.media)])


def _status(planned: PlannedPost) -> str:
    if planned.state in _GIVEN_UP:
        return "CANCELLED"
    return "CONFIRMED" if planned.slot.confirmed and planned.state in _SETTLED else "TENTATIVE"


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], clean(text))


def _folded(line: str) -> Iterator[str]:
    """Cut a line into pieces of at most 75 octets, each after the first behind a space, no character split."""
    octets, room, lead = line.encode(), _LINE, ""
    while octets:
        piece = octets[:room].decode(errors="ignore")  # a character cut in two goes with the next piece
        yield lead + piece
        octets, room, lead = octets[len(piece.encode()) :], _LINE - 1, " "
