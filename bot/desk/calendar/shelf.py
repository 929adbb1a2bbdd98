"""A few things kept in memory, the least used given up first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """Things under their names, as many as weigh no more than `most` together; used by many threads at once."""

    def __init__(self, most: int, weight: Callable[[T], int] = lambda _: 1) -> None:
        self._most = most
        self._weight = weight
        self._things: OrderedDict[Hashable, T] = OrderedDict()
        self._weighs = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._things)

    def get(self, name: Hashable) -> T | None:
        """What is kept under a name; None where nothing is, or no more."""
        with self._lock:
            if name in self._things:
                self._things.move_to_end(name)
            return self._things.get(name)

    def put(self, name: Hashable, thing: T) -> T:
        """Keep a thing under a name, and give up what was used longest ago where there is no room."""
        with self._lock:
            if name in self._things:
                self._weighs -= self._weight(self._things.pop(name))
            self._things[name] = thing
            self._weighs += self._weight(thing)
            while self._weighs > self._most and len(self._things) > 1:
                _, old = self._things.popitem(last=False)
                self._weighs -= self._weight(old)
        return thing
