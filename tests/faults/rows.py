"""The fault matrix as data: what is put to the bot, how it is made, what must hold, and what came of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

Told = Callable[[int], None]  #: is told how many more were tried, each time


class Outcome(Struct, frozen=True):
    """What came of a row."""

    tried: int = 0
    breaches: tuple[str, ...] = ()  #: a sentence for each
    note: str = ""  #: what was measured besides
    skipped: str = ""  #: why nothing was tried, where that is so

    def __add__(self, other: "Outcome") -> "Outcome":
        notes = ", ".join(dict.fromkeys(filter(None, (self.note, other.note))))
        skips = "; ".join(filter(None, (self.skipped, other.skipped)))
        return Outcome(self.tried + other.tried, self.breaches + other.breaches, notes, skips)


class Row(Struct, frozen=True):
    """One fault."""

    number: int
    fault: str  #: in plain words
    made: str  #: how it is made
    holds: str  #: what must hold whatever happens
    few: int  #: how often it is tried with every commit
    many: int  #: how often it is tried for the table
    run: "Run"


class Run(Struct, frozen=True):
    """Tries a fault so often, by a seed."""

    put: Callable[[int, int, Told], Outcome]

    def __call__(self, size: int, seed: int, told: Told) -> Outcome:
        """What came of it; whatever breaks on the way is a breach."""
        try:
            return self.put(size, seed, told)
        except Exception as error:  # noqa: BLE001 - the other rows are wanted too
            return Outcome(size, (f"it broke: {type(error).__name__}: {error}",))


def silent(_: int) -> None:
    """Tell nobody."""


_HEAD = "| # | fault | how it is made | what must hold | tried | breaches | measured |\n|--:|---|---|---|--:|--:|---|"


def table(results: Iterable[tuple[Row, Outcome]]) -> str:
    """The rows and what came of them, as Markdown."""
    return "\n".join([_HEAD, *(_line(row, outcome) for row, outcome in results)])


def _line(row: Row, outcome: Outcome) -> str:
    tried = f"{outcome.tried:,}" if outcome.tried else ""
    measured = "; ".join(filter(None, (outcome.note, outcome.skipped)))
    cells = (row.number, row.fault, row.made, row.holds, tried, len(outcome.breaches), measured)
    return f"| {' | '.join(map(str, cells))} |"


def written(page: str, made: str) -> str:
    """A page with this table between its markers, beside the rows there that it has not; ValueError without markers."""
    begin, end = "<!-- faults -->", "<!-- /faults -->"
    before, found, rest = page.partition(begin)
    old, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"the page has no {begin} and {end}")
    rows = numbered(old) | numbered(made)
    content = "\n".join([_HEAD, *(rows[number] for number in sorted(rows))])
    return f"{before}{begin}\n{content}\n{end}{after}"


def numbered(table: str) -> dict[int, str]:
    """The rows of a table by their numbers."""
    cells = ((line.split("|"), line) for line in table.splitlines() if line.startswith("| "))
    return {int(found[1]): line for found, line in cells if found[1].strip().isdigit()}


def wanted(rows: Mapping[int, Row], named: Sequence[int]) -> list[Row]:
    """The rows of these numbers, or all; ValueError names one that there is not."""
    if missing := set(named) - set(rows):
        raise ValueError(f"there is no row {min(missing)}; there are {', '.join(map(str, rows))}")
    return [rows[number] for number in named or rows]
