"""What every preview shows: a plan over a window, with the names that make it readable."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct, field

from bot.model import Account, Gap, Plan, PlannedPost, Rendition, ShownPart, Slot, Tone, Window
from bot.preview.findings import Coverage
from bot.preview.forecast import Forecast
from bot.zones import DAY, date_of, moment, utc_text, zone

#: The same sign for a tone everywhere: told by shape, so that colour is never needed.
SIGNS: Mapping[Tone, str] = {Tone.CELEBRATION: "✦", Tone.REMEMBRANCE: "▪", Tone.NEUTRAL: "○"}
GAP_SIGN = "–"  # noqa: RUF001 - a dash as printers mean it

#: The state of a planned post that a hold stops.
HELD = "held"

Entry = PlannedPost | Gap


class Held(Struct, frozen=True):
    """What a hold does to a rendition that is still to be shown."""

    reason: str
    until: int | None = None  #: None: until somebody releases it
    account: str | None = None  #: None: it holds every account
    tone: Tone | None = None  #: None: it holds every tone

    def __str__(self) -> str:
        where = f" on {self.account}" if self.account else ""
        until = utc_text(self.until) if self.until is not None else "it is released"
        return f"{HELD}{where} until {until}: {self.reason}"


class View(Struct, frozen=True):
    """A plan with its renditions filled, over the window it was made for."""

    window: Window
    plan: Plan
    accounts: Mapping[str, Account] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)  #: event id → title
    unquotable: frozenset[str] = frozenset()  #: keys of what quotes a post that its account will not have
    held: Mapping[str, Held] = field(default_factory=dict)  #: keys of what a hold stops, with the hold
    budgets: Mapping[str, Forecast] = field(default_factory=dict)  #: of the accounts that have one
    coverage: Coverage | None = None  #: of the year from the window's start, where it was asked for

    def title(self, event: str) -> str:
        """What the event is called; its id where it has no title."""
        return self.titles.get(event, event)

    def subject(self, slot: Slot) -> str:
        """What the slot speaks of, such as `First light, 40 years`; empty where it has no event."""
        if slot.event is None:
            return ""
        return self.title(slot.event) + (f", {_years(slot.years)}" if slot.years else "")

    def besides(self, shown: Rendition) -> tuple[str, ...]:
        """What is shown besides texts and pictures, in words; a quote that cannot be shown with what that leads to.

        Before them, what keeps it all from being shown.
        """
        held = (str(self.held[shown.key]),) if shown.key in self.held else ()
        if shown.key not in self.unquotable:
            return (*held, *shown.besides)
        *others, quote = shown.besides
        return (
            *held,
            *others,
            f"{quote}, which {shown.account} does not show: it will fail; name its address",
        )

    def is_dry_run(self, account: str) -> bool:
        """Tell whether nothing will leave the house for this account."""
        return account not in self.accounts or not self.accounts[account].live


class LocalDay(Struct, frozen=True):
    """A calendar date, as the slots' own zones count it, with what speaks or stays silent on it."""

    date: date
    entries: tuple[Entry, ...]


def entries(view: View) -> list[Entry]:
    """Every planned post and every gap, by local date and then by time."""
    mixed: Iterable[Entry] = (*view.plan.posts, *view.plan.gaps)
    return sorted(mixed, key=lambda entry: (local_date(entry.slot), entry.slot.order()))


def days(view: View) -> tuple[LocalDay, ...]:
    """The local dates on which anything was planned, in order."""
    found: dict[date, list[Entry]] = {}
    for entry in entries(view):
        found.setdefault(local_date(entry.slot), []).append(entry)
    return tuple(LocalDay(day, tuple(on_it)) for day, on_it in found.items())


def local_date(slot: Slot) -> date:
    """The date a calendar in the slot's zone shows at that moment."""
    return date_of(zone(slot.zone).wall(slot.at) // DAY)


def local_time(slot: Slot) -> str:
    """The clock in the slot's zone, as `09:00`."""
    minutes = zone(slot.zone).wall(slot.at) % DAY // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def zone_sign(slot: Slot) -> str:
    """The short name of the slot's zone at that moment: `EST`, or `UTC-03` where it has none."""
    name = moment(slot.at).astimezone(zone(slot.zone).info).tzname() or ""
    return f"UTC{name}" if name[:1] in {"+", "-"} else name


def renditions(planned: PlannedPost) -> tuple[Rendition, ...]:
    """What each account will show; a post on its way to nobody is shown as it was written."""
    if planned.renditions:
        return planned.renditions
    parts = tuple(ShownPart(part.text, len(part.text), None, part.media) for part in planned.post.parts)
    return (Rendition("", "", planned.slot.key, parts),)


def notes(entry: Entry) -> tuple[str, ...]:
    """What a reader must know before relying on an entry: an unconfirmed day, a state out of the ordinary."""
    found = () if entry.slot.confirmed else ("unconfirmed",)
    if isinstance(entry, Gap) or entry.state in {"planned", "pending"}:
        return found
    return (*found, entry.state)


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 post`, `2 posts`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _years(years: int | None) -> str:
    return counted(years or 0, "year")
