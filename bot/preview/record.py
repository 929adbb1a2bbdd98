"""The plan as JSON: the whole of it, for programs."""

from msgspec import json

from bot.model import Gap, PlannedPost, Rendition, ShownPart, Slot
from bot.preview.cost import Bill, bills, dollars
from bot.preview.forecast import Forecast, Month
from bot.preview.view import Held, View
from bot.zones import local_text, utc_text

Fields = dict[str, object]


def show(view: View) -> str:
    """The plan as a JSON document, as it is promised to programs."""
    return json.format(json.encode(fields(view)), indent=2).decode() + "\n"


def fields(view: View) -> Fields:
    """The document before it is written down: dictionaries, lists, words and numbers."""
    return {
        "digest": view.plan.digest,
        "window": {"start": utc_text(view.window.start), "end": utc_text(view.window.end)},
        "posts": [_post(planned, view) for planned in view.plan.posts],
        "gaps": [_gap(gap) for gap in view.plan.gaps],
        "cost": {name: _bill(bill, view.budgets.get(name)) for name, bill in bills(view).items()},
    }


def _post(planned: PlannedPost, view: View) -> Fields:
    return {
        "slot": _slot(planned.slot),
        "post": planned.post.id,
        "tone": planned.post.tone.value,
        "state": planned.state,
        "why": planned.why,
        "renditions": [_rendition(each, view) for each in planned.renditions],
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


def _rendition(rendition: Rendition, view: View) -> Fields:
    known: Fields = {
        "account": rendition.account,
        "network": rendition.network,
        "key": rendition.key,
        "parts": [_part(part) for part in rendition.parts],
    }
    is_missing = rendition.key in view.unquotable
    around = {
        "warning": rendition.warning,
        "quote": str(rendition.quote or ""),
        "unquotable": f"{rendition.account} does not show it: name its address" if is_missing else "",
    }
    known |= {name: value for name, value in around.items() if value}
    return known | {"held": _held(view.held[rendition.key])} if rendition.key in view.held else known


def _held(held: Held) -> Fields:
    return {
        "reason": held.reason,
        "until": None if held.until is None else utc_text(held.until),
        "account": held.account,
        "tone": held.tone,
    }


def _part(part: ShownPart) -> Fields:
    return {
        "text": part.text,
        "length": part.length,
        "limit": part.limit,
        "media": [{"file": media.name, "alt": media.alt} for media in part.media],
    }


def _bill(bill: Bill, found: Forecast | None) -> Fields:
    known: Fields = {"posts": bill.posts, "usd": dollars(bill.usd)}
    return known | {"budget": _budget(found)} if found else known


def _budget(found: Forecast) -> Fields:
    """A budget, `null` where it has no bound, and what is planned to be spent of it; dates are in the account's zone."""
    bounds = found.budget
    return {
        "usd": _usd(bounds.usd),
        "posts": bounds.posts,
        "daily_usd": _usd(bounds.daily_usd),
        "daily_posts": bounds.daily_posts,
        "over": str(found.over) if found.over else None,
        "stopped": found.stopped,
        "months": [_month(month) for month in found.months],
    }


def _month(month: Month) -> Fields:
    return {
        "month": month.name,
        "posts": month.posts,
        "usd": _usd(month.millionths),
        "out": month.out,
        "over": str(month.over) if month.over else None,
        "stopped": month.stopped,
    }


def _usd(millionths: int | None) -> str | None:
    return None if millionths is None else dollars(Bill(millionths=millionths).usd)
