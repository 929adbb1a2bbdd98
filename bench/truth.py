"""How well texts that are only true at their time are told from those that are true on any day.

    python bench/truth.py [LABELS.jsonl]

Each line of the file is an object with `text`, `time_bound` (true or false), `reuse` (evergreen, or anything else for
what must not be posted on any day) and, if it quotes, `quote`. Without one, it is the project's own file of labelled
sentences. A text is held to be bound to its time where it, or what it quotes, makes a claim that binds for sure or in
nearly every sentence: what the import would not let through on any day, because of time. (`redletter check` refuses the
sure ones alone: whoever wrote a corpus by hand has looked at it.) *Unsafe* is what the import of a copied page would take for true on any day, and its label does not.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.claims import likely_claims
from bot.importers.x_page.finds import Find
from bot.importers.x_page.lines import Kind, Line
from bot.importers.x_page.uses import use
from bot.model import Uses

OWN = Path(__file__).resolve().parents[1] / "tests" / "data" / "claims.jsonl"
RECALL, PRECISION = 0.95, 0.85


class Labelled(NamedTuple):
    """A text with what a person says of it, and what the rules say."""

    text: str
    is_bound: bool
    is_evergreen: bool
    words: tuple[str, ...]  #: of its likely claims
    is_let_through: bool


def main() -> None:
    """Print the table and what was judged otherwise; exit status 1 where the promise is not kept."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else OWN
    labelled = [_labelled(line) for line in path.read_text(encoding="utf-8").splitlines()]
    missed = [each for each in labelled if each.is_bound and not each.words]
    wrong = [each for each in labelled if each.words and not each.is_bound]
    unsafe = [each for each in labelled if each.is_let_through and not each.is_evergreen]
    bound = sum(each.is_bound for each in labelled)
    held = sum(bool(each.words) for each in labelled)
    kept = [
        _row("recall of what is bound to its time", bound - len(missed), bound, least=RECALL),
        _row("precision of it", held - len(wrong), held, least=PRECISION),
        _row("safe, of all", len(labelled) - len(unsafe), len(labelled), least=1),
    ]
    for line in (
        *_told("missed", missed),
        *_told("wrongly held to be bound", wrong),
        *_told("UNSAFE", unsafe),
    ):
        print(line)
    print("kept" if all(kept) else "NOT KEPT")
    sys.exit(not all(kept))


def _labelled(line: str) -> Labelled:
    said = json.loads(line)
    text, quote = said["text"], said.get("quote")
    found = (*likely_claims(text), *likely_claims(quote or ""))
    lines = tuple(Line(number, each, Kind.TEXT) for number, each in enumerate(text.split("\n"), 1))
    uses, _ = use(Find(lines, lines, quote=quote))
    words = tuple(claim.words for claim in found)
    return Labelled(text, said["time_bound"], said["reuse"] == "evergreen", words, uses is Uses.EVERGREEN)


def _row(name: str, count: int, whole: int, *, least: float) -> bool:
    share = count / max(whole, 1)
    print(f"{name:40}{count:5} of {whole:4}{share:8.1%}   at least {least:.0%}")
    return share >= least


def _told(name: str, found: list[Labelled]) -> Iterator[str]:
    for each in found:
        words = f"  {', '.join(each.words)}:" if each.words else ""
        yield f"{name}:{words} {' '.join(each.text.split()):.100}"


if __name__ == "__main__":
    main()
