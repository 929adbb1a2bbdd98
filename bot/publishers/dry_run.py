"""The dry run: publishes nowhere, and writes down what a network would have been asked to show."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from errno import ENOSPC
from functools import cache
from io import FileIO
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from msgspec.structs import replace

from bot.contracts import Ask, Deletion, Receipt, Removal, Secret
from bot.errors import NotNow, Unanswered
from bot.media import as_file, read_media
from bot.model import Account, Limits
from bot.wire import refuse_halves
from bot.zones import utc_text


class DryRun:
    """Writes each part as one line of the outbox, once, for accounts of any network, live or not."""

    limits: ClassVar[Limits] = Limits(text=None)
    secrets: ClassVar[Mapping[str, str]] = {}

    def __init__(self, account: Account, secrets: Mapping[str, Secret], outbox: Path) -> None:
        """Make ready to write to `outbox`; its folder is made when the first line is written."""
        del secrets  # none is needed
        self._limits = account.limits
        self._outbox = _outbox(outbox.absolute())
        self._removed = _outbox(outbox.absolute().with_name("removed.jsonl"))

    def prepare(self, asks: Sequence[Ask]) -> Sequence[str]:
        """Look at the words and media of all parts as the account's network would, and refuse what it would refuse."""
        for ask in asks:
            refuse_halves(ask)
            read_media(ask.media, self._limits)
        return [""] * len(asks)

    def publish(self, ask: Ask) -> Receipt:
        """Write the part down, unless the outbox has it already. Cards are drawn beside the outbox, to be looked at.

        NotNow where the outbox cannot be written, with no half line left behind; Refused for text that is not
        valid Unicode.
        """
        refuse_halves(ask)
        try:
            media = tuple(as_file(each, self._outbox.path.parent) for each in ask.media)
            self._outbox.add(_name(ask), _line(replace(ask, media=media), self._outbox.project))
        except OSError as error:
            raise NotNow(f"cannot write {self._outbox.path}: {_reason(error)}") from error
        return _receipt(ask)

    def find(self, ask: Ask) -> Receipt | None:
        """The receipt of a part that the outbox has, None where it has not; Unanswered if it cannot be read."""
        try:
            return _receipt(ask) if self._outbox.has(_name(ask)) else None
        except OSError as error:
            raise Unanswered(f"cannot read {self._outbox.path}: {_reason(error)}") from error

    def delete(self, removal: Removal) -> Deletion:
        """Write down, once, that the part is taken down: `removed.jsonl` beside the outbox, which stays as it is.

        NotNow where that cannot be written, with no half line left behind.
        """
        name = f"{removal.key}/{removal.part}"
        try:
            is_new = self._removed.add(name, _removal_line(removal))
        except OSError as error:
            raise NotNow(f"cannot write {self._removed.path}: {_reason(error)}") from error
        return Deletion.REMOVED if is_new else Deletion.GONE

    def whoami(self) -> str:
        """Nobody: a sentence that says so."""
        return "dry run: nothing is published"

    def learn(self) -> Limits:
        """The limits of the account's network, as its file has them."""
        return self._limits


class _Outbox:
    """An outbox file and the names of its lines; texts are never kept, so a million lines stay small.

    The file is locked while it is looked at or written, so processes and threads that share it keep one line a
    part between them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.project = path.parent.parent  #: the folder from which media are named
        self._names: set[str] = set()
        self._read_to = 0  #: where the last whole line that was read ends
        self._file = (0, 0)  #: device and inode of the file that was read

    def has(self, name: str) -> bool:
        """Tell whether a line of that name is there."""
        try:
            with _locked(self.path, "r") as file:
                self._read_on(file)
        except FileNotFoundError:
            return False
        return name in self._names

    def add(self, name: str, line: bytes) -> bool:
        """Append a line unless one of its name is there; tell whether it was appended. OSError leaves the file as it was."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(self.path, "a+") as file:
            size = self._read_on(file)
            if name in self._names:
                return False
            # A kill can leave a last line torn: it is closed first, so that this one stands alone.
            data = line if size == self._read_to else b"\n" + line
            _append(file, data, size=size)
            self._names.add(name)
            self._read_to = size + len(data)
            return True

    def _read_on(self, file: FileIO) -> int:
        """Read what was written since the last look; the file's size."""
        status = os.fstat(file.fileno())
        if self._file != (status.st_dev, status.st_ino) or status.st_size < self._read_to:
            self._names.clear()
            self._read_to, self._file = 0, (status.st_dev, status.st_ino)
        if status.st_size > self._read_to:
            self._read_lines(file)
        return status.st_size

    def _read_lines(self, file: FileIO) -> None:
        file.seek(self._read_to)
        with open(file.fileno(), "rb", closefd=False) as lines:
            for line in lines:
                if name := _name_in(line):
                    self._names.add(name)
                if line.endswith(b"\n"):
                    self._read_to += len(line)


#: One for all accounts of a process, so that the outbox is read once.
_outbox = cache(_Outbox)


@contextmanager
def _locked(path: Path, mode: str) -> Iterator[FileIO]:
    """The file, open and locked; closing it lets go of the lock."""
    with FileIO(path, mode) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _append(file: FileIO, data: bytes, *, size: int) -> None:
    """Append in one write and make it durable, or cut the file back to its size."""
    try:
        _write(file.fileno(), data)
    except OSError:
        with suppress(OSError):  # a line that stays torn is closed by the next
            os.ftruncate(file.fileno(), size)
        raise


def _write(descriptor: int, data: bytes) -> None:
    # A disk that has room for half a line takes half a line, without an error.
    if os.write(descriptor, data) < len(data):
        raise OSError(ENOSPC, os.strerror(ENOSPC))
    os.fsync(descriptor)


class _Named(msgspec.Struct):
    """What is read back of a line; the rest is passed over."""

    key: str
    part: int


_decoder = msgspec.json.Decoder(_Named)


def _name_in(line: bytes) -> str | None:
    """The name of a line, or None where it is torn or was not written here."""
    try:
        named = _decoder.decode(line)
    except (ValueError, RecursionError):
        return None
    return f"{named.key}/{named.part}"


def _name(ask: Ask) -> str:
    return f"{ask.key}/{ask.part}"


def _receipt(ask: Ask) -> Receipt:
    return Receipt(id=_name(ask), url=f"dry-run:{_name(ask)}", at=ask.at)


def _line(ask: Ask, project: Path) -> bytes:
    """The part as one line of JSON, its end of line included."""
    shown: dict[str, Any] = {
        "at": utc_text(ask.at),
        "account": ask.account,
        "network": ask.network,
        "key": ask.key,
        "post": ask.post,
        "part": ask.part,
        "parts": ask.parts,
        "text": ask.text,
        "media": [{"file": _from_project(media.file, project), "alt": media.alt} for media in ask.media],
        "reply_to": ask.reply_to,
        "url": f"dry-run:{_name(ask)}",
    }
    if ask.warning:
        shown["warning"] = ask.warning
    if ask.quote:
        shown["quote"] = ask.quote.url
    return json.dumps(shown, ensure_ascii=False).encode() + b"\n"


def _removal_line(removal: Removal) -> bytes:
    """What is taken down as one line of JSON, its end of line included."""
    shown = {
        "at": utc_text(removal.at),
        "account": removal.account,
        "network": removal.network,
        "key": removal.key,
        "part": removal.part,
        "url": removal.url,
    }
    return json.dumps(shown, ensure_ascii=False).encode() + b"\n"


def _from_project(file: str, project: Path) -> str:
    """A file of the project as its post names it, wherever the project lies; others as they are."""
    path = Path(file)
    return path.relative_to(project).as_posix() if path.is_relative_to(project) else file


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


__all__ = ["DryRun"]
