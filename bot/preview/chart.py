"""Coverage for a terminal: what needs a person, then the year as a map of its days, then its tones by month."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby

from rich.cells import cell_len

from bot.model import Tone
from bot.preview.coverage import NOT_THIS_YEAR
from bot.preview.findings import Bare, Coverage, Day, Due, Month, Turn
from bot.preview.table import heading
from bot.preview.view import GAP_SIGN, SIGNS, counted
from bot.preview.words import flow, one_line, shorten, wrap

#: So many lines of each finding are shown; JSON has them all.
MOST = 12

#: A day by how many posts it has, told by darkness; the last is for all that is more.
SHADES = ("·", "░", "▒", "▓", "█")
#: A quiet day on which something is said, and one on which nothing is.
KEPT, SILENT = "◆", "◇"

# ANSI codes, as the table has them.
_DIM, _BOLD = "2", "1"
_TONES = {Tone.CELEBRATION: "33", Tone.REMEMBRANCE: "35", Tone.NEUTRAL: "36"}

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = "JFMAMJJASOND"
_LEGEND = (
    "· nothing", "░▒▓█ one to four posts or more", f"{SIGNS[Tone.REMEMBRANCE]} remembrance",
    f"{KEPT} quiet day", f"{SILENT} quiet day with nothing said",
)  # fmt: skip
_MANY_DAYS = 2 * 365
_LEAST = 12  #: cells a bar always gets, however narrow the terminal

Paint = Callable[[str, str], str]


def show(found: Coverage, *, width: int, colour: bool) -> str:
    """What a person should know, in lines of at most `width` cells; the map of a year needs 57 all the same."""
    paint = _painted if colour else _plain
    blocks = [_summary(found, paint), *(_findings(found, width, paint) or [["Nothing waits for a person."]])]
    blocks += _listed("Posts taken in turn", [turn(each) for each in found.turns], width, paint)
    blocks += _wordings(found, width, paint)
    blocks += [heat_map(found.heat, paint), flow(list(_LEGEND), width), _bars(found.months, width, paint)]
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _summary(found: Coverage, paint: Paint) -> list[str]:
    counts = f"{counted(found.posts, 'post')}, {counted(found.gaps, 'gap')}"
    later = len(unused(found).get(NOT_THIS_YEAR, ()))
    others = [f"{counted(later, 'ready post')} never used, and {NOT_THIS_YEAR}"] if later else []
    return [
        paint(_BOLD, f"{heading(found.year.first)} to {heading(found.year.last)}") + f": {counts}",
        *others,
    ]


def _findings(found: Coverage, width: int, paint: Paint) -> list[list[str]]:
    """What needs a person, each kind under its heading."""
    unspoken = [each.event for each in found.unspoken]
    single = [each.event for each in found.single]
    blocks = _listed("No words for these days", [bare(each) for each in found.bare], width, paint)
    blocks += _listed("Waiting for a person", [due(each) for each in found.due], width, paint)
    blocks += _named("No schedule speaks of these events", unspoken, width, paint)
    blocks += _named("One wording: it repeats the next time", single, width, paint)
    for reason, posts in unused(found).items():
        if reason != NOT_THIS_YEAR:  # their turn comes: nobody need do anything
            blocks += _named(f"Never used, and {reason}", posts, width, paint)
    return blocks


def _wordings(found: Coverage, width: int, paint: Paint) -> list[list[str]]:
    """Every event under the number of its wordings, as a block; no block where there is no event."""
    lines = []
    for count, those in groupby(found.wordings, key=lambda each: each.posts):
        names = [shorten(one_line(each.event), width - 4) for each in those]
        lines += [
            f"  {wordings(count)}: {counted(len(names), 'event')}",
            *(f"    {line}" for line in flow(names, width - 4)),
        ]
    return [[paint(_BOLD, f"Wordings before a repeat ({len(found.wordings)})"), *lines]] if lines else []


def wordings(count: int) -> str:
    """So many wordings, in words."""
    return counted(count, "wording") if count else "no wording"


def bare(each: Bare) -> str:
    """A day without words, and whose it is."""
    note = "" if each.confirmed else " (unconfirmed)"
    return f"{heading(each.date)}: {each.event}{note}, for {each.schedule}"


def turn(each: Turn) -> str:
    """A schedule's posts and slots, or those of all that share them, and how soon each post comes again, in a sentence."""
    name = f"{each.schedule} and {counted(len(each.others), 'other')}" if each.others else each.schedule
    start = f"{name}: {counted(each.posts, 'post')} for {counted(each.slots, 'slot')} a year"
    rests = f": each rests {_rest(each.days, each.asked)}" if each.days is not None and each.posts else ""
    now = f"; {each.resting} rest now" if each.resting else ""
    shared = f"; shared with {', '.join(each.others)}" if each.others else ""
    partly = f"; some of them also for {', '.join(each.partly)}" if each.partly else ""
    return start + (", too few" if each.is_short else "") + rests + now + shared + partly


def _rest(days: int, asked: int) -> str:
    """So many days, beside those that are asked for; years alone where they are many."""
    return f"{counted(days, 'day')}, {asked} asked" if days < _MANY_DAYS else f"{days // 365} years"


def due(each: Due) -> str:
    """A post, and what it waits for."""
    review = f"review since {heading(each.review)}" if each.review else ""
    hold = ": ".join(("on hold", *each.reasons[:1])) if each.on_hold else ""
    return f"{each.post}: " + "; ".join(filter(None, (review, hold)))


def unused(found: Coverage) -> dict[str, list[str]]:
    """The posts that are not used, by the reason."""
    in_order = sorted(found.unused, key=lambda each: each.reason)
    grouped = groupby(in_order, key=lambda each: each.reason)
    return {reason: [each.post for each in those] for reason, those in grouped}


def _listed(title: str, lines: Sequence[str], width: int, paint: Paint) -> list[list[str]]:
    """A heading with a line for each, as a block; no block where there is none."""
    if not lines:
        return []
    shown: list[str] = []
    for number, line in enumerate(lines):
        rows = _hanging(line, width)
        if len(shown) + len(rows) > MOST:
            return [[paint(_BOLD, _counted(title, lines)), *shown, f"  and {len(lines) - number} more"]]
        shown += rows
    return [[paint(_BOLD, _counted(title, lines)), *shown]]


def _hanging(text: str, width: int) -> list[str]:
    """A text in lines of which all but the first stand in; what is longer than three of them is cut."""
    first, *rest = wrap(shorten(one_line(text), 3 * width - 30), width - 4) or [""]
    return [f"  {first}", *(f"    {line}" for line in rest)]


def _named(title: str, names: Sequence[str], width: int, paint: Paint) -> list[list[str]]:
    """A heading with names beside each other; no block where there is none."""
    if not names:
        return []
    shown = [shorten(one_line(name), width - 2) for name in names[: MOST * width // 4]]
    while len(lines := flow(shown, width - 2)) > MOST:
        shown.pop()
    more = [f"and {len(names) - len(shown)} more"] if len(names) > len(shown) else []
    return [[paint(_BOLD, _counted(title, names)), *(f"  {line}" for line in (*lines, *more))]]


def _counted(title: str, found: Sequence[str]) -> str:
    return f"{title} ({len(found)})"


def heat_map(days: Sequence[Day], paint: Paint) -> list[str]:
    """Seven rows of weeks, from Monday down, with the letters of the months above the weeks in which they begin."""
    before = days[0].date.weekday()
    cells = [" "] * before + [_painted_cell(day, paint) for day in days]
    rows = (f"{name} {''.join(cells[row::7])}" for row, name in enumerate(_WEEKDAYS))
    return [f"    {_letters(days, before)}", *rows]


def _letters(days: Sequence[Day], before: int) -> str:
    letters = [" "] * ((before + len(days) - 1) // 7 + 1)
    for place, day in enumerate(days):
        if place == 0 or day.date.day == 1:
            letters[(before + place) // 7] = _MONTHS[day.date.month - 1]
    return "".join(letters).rstrip()


def _painted_cell(day: Day, paint: Paint) -> str:
    return paint(_DIM if day.tone is None else _TONES[day.tone], sign(day))


def sign(day: Day) -> str:
    """A day as one sign: what is quiet or remembers by its shape, all else by how much is said."""
    if day.quiet:
        return KEPT if day.posts else SILENT
    return SIGNS[day.tone] if day.tone is Tone.REMEMBRANCE else SHADES[min(day.posts, len(SHADES) - 1)]


def _bars(months: Sequence[Month], width: int, paint: Paint) -> list[str]:
    """A bar for each month, a sign for each post and gap, or for several where they are many."""
    tails = [f"{counted(month.posts, 'post')}, {counted(month.gaps, 'gap')}" for month in months]
    room = max(width - 12 - max(map(cell_len, tails)), _LEAST)
    each = max(1, *(-(-(month.posts + month.gaps) // (room - 3)) for month in months))
    lines = [
        f"{_month(month)}  {_bar(month, each, room, paint)}  {tail}"
        for month, tail in zip(months, tails, strict=True)
    ]
    signs = [f"{SIGNS[tone]} {tone}" for tone in Tone] + [f"{GAP_SIGN} gap"]
    return [*lines, "   ".join(signs) + (f"   (a sign stands for up to {each})" if each > 1 else "")]


def _month(month: Month) -> str:
    return f"{date.fromisoformat(f'{month.name}-01'):%b %Y}"


def _bar(month: Month, each: int, room: int, paint: Paint) -> str:
    """The signs of a month, each standing for so many, with what fills the room behind them."""
    counts = [(_TONES[tone], SIGNS[tone], month.of(tone)) for tone in Tone]
    signs = [
        (code, mark * -(-count // each)) for code, mark, count in (*counts, (_DIM, GAP_SIGN, month.gaps))
    ]
    length = sum(len(text) for _, text in signs)
    return "".join(paint(code, text) for code, text in signs if text) + " " * (room - length)


def _plain(_code: str, text: str) -> str:
    return text


def _painted(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"
