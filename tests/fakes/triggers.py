"""Questions to any trigger, of which laws are made: what it tells wherever a window is cut, and what is wrong with that."""

from collections.abc import Iterable
from itertools import pairwise

from bot.contracts import Trigger
from bot.model import Slot, Window


def told(trigger: Trigger, *cuts: int) -> list[Slot]:
    """The slots from the first cut to the last, asked for piece by piece."""
    return [slot for start, end in pairwise(cuts) for slot in trigger.times(Window(start, end))]


def lost_in_their_own_second(trigger: Trigger, window: Window) -> list[Slot]:
    """The slots of a window that are not there where the window is no longer than their second."""
    slots = trigger.times(window)
    return [slot for slot in slots if slot not in told(trigger, slot.at, slot.at + 1)]


def beyond(slots: Iterable[Slot], window: Window) -> list[Slot]:
    """The slots that do not lie in the window."""
    return [slot for slot in slots if slot.at not in window]


def doubled(slots: Iterable[Slot]) -> list[Slot]:
    """The slots whose identity an earlier one has."""
    first: dict[object, Slot] = {}
    return [slot for slot in slots if first.setdefault(slot.identity, slot) is not slot]
