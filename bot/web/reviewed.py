"""An imported post as its review shows it: marks with numbers, what may fill its holes, how long its words are."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bot.desk.review import Look, Mark, Piece
from bot.desk.review.filling import woven
from bot.model import Event, Post, Project, Schedules
from bot.planning.count import Measure, measure
from bot.planning.render import mentioned

#: What each kind of mark is called, with a sign beside the word.
KINDS: Mapping[str, tuple[str, str]] = {
    "name": ("␣", "lost name"), "link": ("✂", "cut link"), "claim": ("◷", "bound to its time"), "words": ("?", "doubtful"),
}  # fmt: skip
_HOLES = frozenset({"name", "link"})


class Note(Struct, frozen=True):
    """A mark with its number on the page, and in which part it stands."""

    number: int
    part: int  #: from 1
    mark: Mark

    @property
    def kind(self) -> str:
        """What kind of mark it is, in words."""
        return KINDS[self.mark.kind][1]

    @property
    def sign(self) -> str:
        """The sign of its kind."""
        return KINDS[self.mark.kind][0]

    @property
    def place(self) -> str:
        """How the fields of its form end."""
        return f"{self.part}-{self.mark.start}"

    @property
    def is_hole(self) -> bool:
        """Tell whether something can be filled in there."""
        return self.mark.kind in _HOLES


class Shown(Struct, frozen=True):
    """A stretch of a text, the notes that lie on it, and those that end with it."""

    text: str
    notes: tuple[Note, ...]
    ending: tuple[Note, ...]


class Sheet(Struct, frozen=True):
    """The texts of a post with all that is marked in them."""

    parts: tuple[tuple[Shown, ...], ...]
    notes: tuple[Note, ...]

    @property
    def holes(self) -> tuple[Note, ...]:
        """The notes of what can be filled in."""
        return tuple(note for note in self.notes if note.is_hole)

    @property
    def kinds(self) -> tuple[tuple[str, str], ...]:
        """The signs and words of the kinds that are there."""
        return tuple(KINDS[kind] for kind in KINDS if any(note.mark.kind == kind for note in self.notes))


class Choice(Struct, frozen=True):
    """An event that can be chosen."""

    id: str
    title: str
    when: str  #: its day, where it has one


def sheet(look: Look) -> Sheet:
    """A post's texts, every mark with its number."""
    marks = [(part, mark) for part, pieces in enumerate(look.parts, 1) for mark in _marks(pieces)]
    notes = {each: Note(number, *each) for number, each in enumerate(marks, 1)}
    parts = (tuple(_shown(pieces, part, notes)) for part, pieces in enumerate(look.parts, 1))
    return Sheet(tuple(parts), tuple(notes.values()))


def _marks(pieces: Sequence[Piece]) -> list[Mark]:
    found = dict.fromkeys(mark for piece in pieces for mark in piece.marks)
    return sorted(found, key=lambda mark: (mark.start, mark.stop))


def _shown(pieces: Sequence[Piece], part: int, notes: Mapping[tuple[int, Mark], Note]) -> Iterator[Shown]:
    end = 0
    for piece in pieces:
        end += len(piece.text)
        lying = tuple(notes[part, mark] for mark in piece.marks)
        yield Shown(piece.text, lying, tuple(note for note in lying if note.mark.stop == end))


def filled_in(form: Mapping[str, str], post: Post, holes: Sequence[Note]) -> dict[str, str]:
    """What was typed into a form, with what was chosen for the holes put into its texts.

    BadCall where the words around a hole are no longer there.
    """
    typed = dict(form)
    for number, part in enumerate(post.parts, 1):
        own = [note for note in holes if note.part == number]
        names = {note.mark.start: _chosen(form, note) for note in own}
        before = {note.mark.start: form.get(f"was-{note.place}", "") for note in own}
        field = f"text-{number}"
        typed[field] = woven(part.text, form.get(field, part.text), names, was=before)
        typed |= {f"was-{note.place}": names[note.mark.start] for note in own}
    return typed


def _chosen(form: Mapping[str, str], note: Note) -> str:
    """What a person wrote for a hole, else what they chose of the suggestions."""
    return " ".join((form.get(f"own-{note.place}", "").strip() or form.get(f"fill-{note.place}", "")).split())


def lengths(text: str, schedules: Schedules) -> list[tuple[str, Measure]]:
    """How long a text is where it may be shown: by network, or by account where one takes more or less than others."""
    found: dict[tuple[str, Measure], list[str]] = {}
    for account in schedules.accounts.values():
        size = measure(mentioned(text, account.network, schedules.mentions), account.limits)
        found.setdefault((account.network, size), []).append(account.name)
    networks = [network for network, _ in found]
    return [
        (network if networks.count(network) == 1 else ", ".join(names), size)
        for (network, size), names in found.items()
    ]


def events(project: Project) -> list[Choice]:
    """Every event that can be chosen, by its title."""
    known = project.schedules.events.values()
    return sorted((_choice(event) for event in known), key=lambda each: (each.title.casefold(), each.id))


def _choice(event: Event) -> Choice:
    return Choice(event.id, event.title, event.day.isoformat() if event.day else "")
