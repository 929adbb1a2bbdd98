"""How well texts that are only true at their time are told from those that are true on any day.

    python bench/truth.py [LABELS.jsonl]

Each line of the file is an object with `text`, `time_bound` (true or false), `reuse` (evergreen, or anything else for
what must not be posted on any day) and, if it quotes, `quote`. Without one, it is the project's own file of labelled
sentences. A text is *refused* where it, or what it quotes, makes a sure claim: what `redletter check` finds in a post
for any day. It is *doubted* where `redletter check --claims` finds any besides. *Unsafe* is what the import of a copied
page would take for true on any day, and its label does not.
"""

import json
import sys
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from bot.claims import likely_claims, sure_claims
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
    sure: tuple[str, ...]  #: words of its sure claims
    doubts: tuple[str, ...]  #: and of its likely ones, which the sure ones are among
    is_let_through: bool


_FINDS: tuple[Callable[[Labelled], tuple[str, ...]], ...] = (attrgetter("sure"), attrgetter("doubts"))


def main() -> None:
    """Print the table and what was judged otherwise; exit status 1 where the promise is not kept."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else OWN
    labelled = [_labelled(line) for line in path.read_text(encoding="utf-8").splitlines()]
    refused, doubted = ([each for each in labelled if words(each)] for words in _FINDS)
    unsafe = [each for each in labelled if each.is_let_through and not each.is_evergreen]
    kept = [
        *_both("refused", refused, labelled, recall=0, precision=PRECISION),
        *_both("refused or doubted", doubted, labelled, recall=RECALL, precision=PRECISION),
        _row("safe, of all", len(labelled) - len(unsafe), len(labelled), least=1),
    ]
    missed = [each for each in labelled if each.is_bound and not each.doubts]
    wrong = [each for each in doubted if not each.is_bound]
    for line in (
        *_told("missed", missed),
        *_told("wrongly refused or doubted", wrong),
        *_told("UNSAFE", unsafe),
    ):
        print(line)
    print("kept" if all(kept) else "NOT KEPT")
    sys.exit(not all(kept))


def _labelled(line: str) -> Labelled:
    said = json.loads(line)
    text, quote = said["text"], said.get("quote")
    sure, likely = (
        tuple(claim.words for part in (text, quote or "") for claim in find(part))
        for find in (sure_claims, likely_claims)
    )
    lines = tuple(Line(number, each, Kind.TEXT) for number, each in enumerate(text.split("\n"), 1))
    uses, _ = use(Find(lines, lines, quote=quote))
    is_evergreen, is_let_through = said["reuse"] == "evergreen", uses is Uses.EVERGREEN
    return Labelled(text, said["time_bound"], is_evergreen, sure, likely, is_let_through)


def _both(
    name: str, found: list[Labelled], labelled: list[Labelled], *, recall: float, precision: float
) -> Iterator[bool]:
    """Recall and precision of what was found."""
    bound, right = sum(each.is_bound for each in labelled), sum(each.is_bound for each in found)
    yield _row(f"{name}, of what is bound to its time", right, bound, least=recall)
    yield _row(f"bound, of what is {name}", right, len(found), least=precision)


def _row(name: str, count: int, whole: int, *, least: float) -> bool:
    share = count / max(whole, 1)
    print(f"{name:48}{count:5} of {whole:4}{share:8.1%}{f'   at least {least:.0%}' if least else ''}")
    return share >= least


def _told(name: str, found: list[Labelled]) -> Iterator[str]:
    for each in found:
        words = f"  {', '.join(each.doubts)}:" if each.doubts else ""
        yield f"{name}:{words} {' '.join(each.text.split()):.100}"


if __name__ == "__main__":
    main()
