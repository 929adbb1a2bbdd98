"""Whether all is well: what is wrong in plain words, how the daemon lives, and how each account stands."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.delivery.states import State
from bot.delivery.values import Hold
from bot.model import Account, Limits, Project
from bot.preview.forecast import words
from bot.preview.view import counted
from bot.watch.causes import Cause, Kind, causes
from bot.zones import DAY, HOUR, MINUTE, date_of, day_of, utc_text, zone

if TYPE_CHECKING:  # SQLAlchemy costs start-up time
    from bot.delivery.queue import Queue
    from bot.delivery.standings import Standing

#: After so many seconds without a sign the daemon is thought to be at rest; a turn comes every 30.
SILENT = 120
_UNITS = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second"))


class Health(Struct, frozen=True):
    """How things stand at one moment."""

    is_well: bool  #: nobody is needed
    word: str  #: one sentence: the most pressing of what there is to say
    newest: int | None = None  #: the daemon's last turn
    next_due: int | None = None
    planned_until: int | None = None
    counts: Mapping[State, int] = {}
    causes: tuple[Cause, ...] = ()
    holds: tuple[Hold, ...] = ()

    def beats(self, now: int) -> bool:
        """Tell whether the daemon gave a sign of life lately."""
        return self.newest is not None and abs(now - self.newest) <= SILENT


class Fitness(Struct, frozen=True):
    """How one account stands; months are those of its zone."""

    account: Account
    takes: str  #: its limits, in words
    pace: str  #: how far apart and how many a day, in words; empty where that is free
    budget: str  #: in words; empty where it has none
    posts: int  #: this month
    usd: int  #: this month, in millionths of a US dollar
    waiting: int  #: how many deliveries
    next_due: int | None
    last_shown: int | None
    trouble: str  #: why it is left alone or barred; empty where it is not
    is_barred: bool


NEVER_RUN = Health(is_well=True, word="The bot has not run yet; `redletter run` starts it.")


def health(queue: "Queue | None", now: int) -> Health:
    """How things stand in a queue; where there is none, the bot never ran."""
    if queue is None:
        return NEVER_RUN
    from bot.watch.sight import see  # noqa: PLC0415 - with it comes SQLAlchemy, which costs start-up time

    newest, cursor, holds = queue.newest(), queue.cursor(), queue.holds(now)
    found = causes(see(queue, now), now)
    is_well, word = _word(found, newest, holds, now=now)
    return Health(
        is_well=is_well,
        word=word,
        newest=newest,
        next_due=queue.next_due(now),
        planned_until=cursor.until if cursor else None,
        counts=queue.counts(),
        causes=found,
        holds=holds,
    )


def fitness(project: Project, queue: "Queue", found: Sequence[Cause], now: int) -> tuple[Fitness, ...]:
    """How each account of the project stands, in the order of its file."""
    standings = queue.standings(now)
    barred = {cause.account: cause.text for cause in found if cause.kind is Kind.BARRED}
    return tuple(
        _fitness(account, queue, standings.get(name), barred=barred.get(name, ""), now=now)
        for name, account in project.schedules.accounts.items()
    )


def is_wrong(cause: Cause, now: int) -> bool:
    """Tell whether it is wrong now; to one who looks, a silence is told at once."""
    return cause.kind is Kind.UNKNOWN or cause.is_trouble(now)


def held(hold: Hold) -> str:
    """What a hold stops, until when, since when, and why."""
    what = " and ".join(filter(None, [hold.account, hold.tone and f"everything of the tone {hold.tone}"]))
    until = f" until {utc_text(hold.until)}" if hold.until else ""
    return f"{what or 'everything'}{until}, since {utc_text(hold.since)}: {hold.reason}"


def month_of(account: Account, now: int) -> int:
    """The instant at which this month began, by the clock of the account's zone."""
    clock = zone(account.zone)
    return clock.midnight(day_of(date_of(clock.wall(now) // DAY).replace(day=1)))


def _fitness(
    account: Account, queue: "Queue", standing: "Standing | None", *, barred: str, now: int
) -> Fitness:
    posts, usd = queue.spent(account.name, month_of(account, now))
    return Fitness(
        account=account,
        takes=_takes(account.limits),
        pace=_pace(account),
        budget=words(account.budget),
        posts=posts,
        usd=usd,
        waiting=standing.waiting if standing else 0,
        next_due=standing.next_due if standing else None,
        last_shown=standing.last_shown if standing else None,
        trouble=barred or (standing.rest if standing else ""),
        is_barred=bool(barred),
    )


def _takes(limits: Limits) -> str:
    """What a network accepts: `280 letters, as x counts; 4 pictures, alt texts up to 1000`."""
    text = (
        "texts of any length"
        if limits.text is None
        else f"{limits.text} letters, as {limits.counting} counts"
    )
    films = ", no films" if limits.film_bytes is None else ", films"
    return f"{text}; {counted(limits.images, 'picture')}, alt texts up to {limits.alt}{films}"


def _pace(account: Account) -> str:
    gap = f"at least {_span(account.min_gap)} apart" if account.min_gap else ""
    most = f"at most {account.max_per_day} a day" if account.max_per_day is not None else ""
    return ", ".join(filter(None, [gap, most]))


def _span(seconds: int) -> str:
    """A length of time in its largest whole unit: `90 minutes`, `2 hours`."""
    length, name = next(unit for unit in _UNITS if seconds % unit[0] == 0)
    return counted(seconds // length, name)


def _word(found: Sequence[Cause], newest: int | None, holds: Sequence[Hold], *, now: int) -> tuple[bool, str]:
    """Whether all is well, and the sentence that says what is not, the most pressing first."""
    if newest is not None and newest - now > SILENT:
        ahead = f"This state has lived until {utc_text(newest)}, which is still to come: set the clock right."
        return False, ahead
    if wrong := [cause for cause in found if is_wrong(cause, now)]:
        more = f" And {len(wrong) - 1} more, below." if len(wrong) > 1 else ""
        return False, f"{wrong[0].text[0].upper()}{wrong[0].text[1:]}.{more}"
    if holds:
        return True, f"Held: {held(holds[0])}."
    if newest is None or now - newest > SILENT:
        return True, "The daemon does not run; what is due waits until it does, or is missed by its grace."
    return True, "All is well."
