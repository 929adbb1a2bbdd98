"""Other words for a planned post, this once: made as its accounts would show them, and judged as everything is."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from bot.delivery.values import Row
from bot.desk.desk import Desk
from bot.errors import BadCall
from bot.model import Account, Part, Post, Rendition, ShownPart, Uses
from bot.planning.check import faults
from bot.planning.count import quote_room
from bot.planning.render import Fitting, mentioned, shown_part
from bot.zones import zone

Texts = Sequence[str]


def reworded(desk: Desk, rows: Sequence[Row], texts: Mapping[str, Texts]) -> tuple[Rendition, ...]:
    """The renditions that change where each account named in `texts` shows those, one for each of its parts.

    Accounts whose words stay are left out. BadCall names the first fault that would keep the words from being shown:
    too long, not true on that day, a jest in a remembrance, a name that nobody knows, nothing at all.
    """
    return tuple(
        _reworded(desk, row, [_plain(text) for text in texts[row.account]])
        for row in rows
        if row.account in texts and _is_changed(row, texts[row.account])
    )


def alike(rows: Sequence[Row]) -> tuple[tuple[Row, ...], ...]:
    """Deliveries by the words that they show: those that read alike are edited as one."""
    groups: dict[Texts, list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(part.text for part in row.rendition.parts), []).append(row)
    return tuple(map(tuple, groups.values()))


def measured(desk: Desk, row: Row, texts: Texts) -> tuple[ShownPart, ...]:
    """Texts as a delivery's account would show and count them; none where there is no such account any more."""
    schedules = desk.project.schedules
    account = schedules.accounts.get(row.account)
    if account is None or len(texts) != len(row.rendition.parts):
        return ()
    said = [mentioned(_plain(text), row.network, schedules.mentions) for text in texts]
    return tuple(_parts(row.rendition, said, account))


def _is_changed(row: Row, texts: Texts) -> bool:
    if len(texts) != len(row.rendition.parts):
        raise BadCall(f"{row.account} shows {len(row.rendition.parts)} parts; it stays so this once")
    return [part.text for part in row.rendition.parts] != [_plain(text) for text in texts]


def _plain(text: str) -> str:
    """What a browser sends, as it is kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _reworded(desk: Desk, row: Row, texts: Texts) -> Rendition:
    schedules = desk.project.schedules
    account = schedules.accounts.get(row.account)
    if account is None:
        raise BadCall(f"{row.account} is no account any more; what is queued for it cannot be edited")
    post = _post(desk, row, texts)
    _refuse_faults(desk, post, account)
    said = [mentioned(text, row.network, schedules.mentions) for text in texts]
    shown = replace(row.rendition, parts=tuple(_parts(row.rendition, said, account)))
    refuse_untruth(desk, replace(row, rendition=shown), row.at)
    return shown


def refuse_untruth(desk: Desk, row: Row, at: int) -> None:
    """Keep words from a moment at which they are not true, or out of place. BadCall says which."""
    schedules = desk.project.schedules
    slot = replace(row.slot, at=at, wall=zone(row.slot.zone).wall(at))
    post = _post(desk, row, [part.text for part in row.rendition.parts])
    if fault := Fitting(post, slot, ("",), schedules).fault(row.rendition):
        raise BadCall(fault)


def _post(desk: Desk, row: Row, texts: Texts) -> Post:
    """The post as if it had been written so."""
    parts = zip(texts, row.rendition.parts, strict=True)
    as_written = tuple(Part(text, part.media) for text, part in parts)
    known = desk.project.corpus.by_id.get(row.post) or Post(row.post, (), tone=row.tone)
    return replace(known, parts=as_written, wordings={}, quote=None, tone=row.tone, lang=row.rendition.lang)


def _refuse_faults(desk: Desk, post: Post, account: Account) -> None:
    # Words for one day are held against that day, not against every one.
    found = faults(replace(post, use=Uses.HOLD), desk.project.schedules, accounts=[account])
    wrong = [each for each in found if each.code != "card"]
    if wrong:
        raise BadCall(wrong[0].message)


def _parts(before: Rendition, texts: Texts, account: Account) -> Sequence[ShownPart]:
    taken = quote_room(account.limits) if before.quote else 0
    first, *others = zip(texts, (part.media for part in before.parts), strict=True)
    return [
        shown_part(*first, account.limits, warning=before.warning, taken=taken),
        *(shown_part(*each, account.limits) for each in others),
    ]
