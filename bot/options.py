"""Reading a trigger's table from a schedule file: what is written, or a sentence that says what can be."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Protocol, TypeVar


class _Named(Protocol):
    """An event, as far as its names go."""

    @property
    def id(self) -> str: ...

    @property
    def kind(self) -> str: ...


T = TypeVar("T", bound=_Named)


def did_you_mean(word: str, known: Iterable[str], *, likeness: float = 0.5) -> str:
    """`; did you mean "…"?` for the nearest known word, or nothing where none is as like as `likeness` (0 to 1)."""
    near = get_close_matches(word, list(known), n=1, cutoff=likeness)
    return f'; did you mean "{near[0]}"?' if near else ""


def refuse_others(options: Mapping[str, Any], known: Iterable[str]) -> None:
    """ValueError for the first option that is not known, with those that are."""
    names = list(known)
    for name in options:
        if name not in names:
            raise ValueError(
                f'no option called "{name}"{did_you_mean(name, names) or ";"} what can be written: {", ".join(names)}'
            )


def needed(options: Mapping[str, Any], name: str, *, example: str) -> Any:  # noqa: ANN401 - a file's value can be anything
    """The value of an option that must be there; ValueError shows how it is written."""
    if name not in options:
        raise ValueError(f'"{name}" is missing; write {name} = {example}')
    return options[name]


def words(options: Mapping[str, Any], name: str, *, example: str) -> tuple[str, ...]:
    """The texts of a list, none where it is not written; ValueError where it is anything but a list of texts."""
    found = options.get(name, [])
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise ValueError(f'"{name}" is a list of texts; write {name} = {example}')
    return tuple(found)


def chosen(options: Mapping[str, Any], among: Iterable[T], *, example: str) -> tuple[T, ...]:
    """The events of the `kinds` and under the ids, `events`, that the options name, but those under `except`.

    ValueError, with an id as an `example`, where none are named; for an id that is not there; and for a kind that all
    but spells another: one that no event has yet is no mistake.
    """
    kinds = words(options, "kinds", example='["landing"]')
    ids = words(options, "events", example=f'["{example}"]')
    if not kinds and not ids:
        raise ValueError(
            'neither "kinds" nor "events" is written; write kinds = ["landing"], or events = […] with ids of events'
        )
    events = tuple(among)
    others = words(options, "except", example=f'["{example}"]')
    _refuse_unknown((*ids, *others), [event.id for event in events])
    _refuse_slips(kinds, {event.kind for event in events})
    named = (event for event in events if event.kind in kinds or event.id in ids)
    return tuple(event for event in named if event.id not in others)


def _refuse_unknown(ids: tuple[str, ...], known: list[str]) -> None:
    for name in ids:
        if name not in known:
            raise ValueError(f'no event called "{name}"{did_you_mean(name, known)}')


def _refuse_slips(kinds: tuple[str, ...], known: set[str]) -> None:
    """A kind that no event has yet is no mistake; one that all but spells another is."""
    for kind in kinds:
        hint = "" if kind in known else did_you_mean(kind, sorted(known), likeness=0.8)
        if hint:
            raise ValueError(f'no event is of the kind "{kind}"{hint}')


def one_of(value: object, choices: Iterable[str], *, name: str) -> str:
    """The value, if it is one of the choices; ValueError names them."""
    known = [str(choice) for choice in choices]
    if value not in known:
        hint = did_you_mean(str(value), known) or ";"
        raise ValueError(f'"{name}" cannot be {_shown(value)}{hint} what can be written: {", ".join(known)}')
    return str(value)


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
