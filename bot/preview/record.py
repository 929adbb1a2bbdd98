"""The plan as JSON: the whole of it, for programs."""

import json

from bot.model import Gap, PlannedPost, Rendition, ShownPart, Slot
from bot.preview.cost import bills, dollars
from bot.preview.view import View
from bot.zones import local_text, utc_text

Fields = dict[str, object]


def show(view: View) -> str:
    """The plan as a JSON document, as it is promised to programs."""
    return json.dumps(fields(view), ensure_ascii=False, indent=2) + "\n"


def fields(view: View) -> Fields:
    """The document before it is written down: dictionaries, lists, words and numbers."""
    return {
        "digest": view.plan.digest,
        "window": {"start": utc_text(view.window.start), "end": utc_text(view.window.end)},
        "posts": [_post(planned) for planned in view.plan.posts],
        "gaps": [_gap(gap) for gap in view.plan.gaps],
        "cost": {name: {"posts": bill.posts, "usd": dollars(bill.usd)} for name, bill in bills(view).items()},
    }


def _post(planned: PlannedPost) -> Fields:
    return {
        "slot": _slot(planned.slot),
        "post": planned.post.id,
        "tone": planned.post.tone.value,
        "state": planned.state,
        "why": planned.why,
        "renditions": [_rendition(each) for each in planned.renditions],
    }


def _gap(gap: Gap) -> Fields:
    return {"slot": _slot(gap.slot), "reason": gap.reason}


def _slot(slot: Slot) -> Fields:
    known: Fields = {
        "schedule": slot.schedule,
        "at": utc_text(slot.at),
        "local": local_text(slot.at, slot.zone),
        "event": slot.event,
        "years": slot.years,
    }
    return known if slot.confirmed else known | {"confirmed": False}


def _rendition(rendition: Rendition) -> Fields:
    known: Fields = {
        "account": rendition.account,
        "network": rendition.network,
        "key": rendition.key,
        "parts": [_part(part) for part in rendition.parts],
    }
    around = {"warning": rendition.warning, "quote": str(rendition.quote or "")}
    return known | {name: value for name, value in around.items() if value}


def _part(part: ShownPart) -> Fields:
    return {
        "text": part.text,
        "length": part.length,
        "limit": part.limit,
        "media": [{"file": media.file, "alt": media.alt} for media in part.media],
    }
