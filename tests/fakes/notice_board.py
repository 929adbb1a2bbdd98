"""A publisher as another package would bring it: notices on a board, which is a folder. It honours keys."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from bot.contracts import Ask, Receipt, Secret
from bot.errors import NotLive, Refused
from bot.model import Account, Limits

ENTRY_POINTS = "[redletter.publishers]\nnotice-board = tests.fakes.notice_board:NoticeBoard\n"


class NoticeBoard:
    """Pins each part as a file to the board beside the outbox."""

    limits: ClassVar[Limits] = Limits(text=1_000)
    secrets: ClassVar[Mapping[str, str]] = {"KEY": "the key to the board's glass door"}

    def __init__(self, account: Account, secrets: Mapping[str, Secret], outbox: Path) -> None:
        if not account.live:
            raise NotLive(f"account {account.name} is not live")
        self._key = secrets.get("KEY")
        self._board = outbox.parent / "board"

    def prepare(self, asks: Sequence[Ask]) -> Sequence[str]:
        """Nothing is pinned while a picture is missing."""
        if lost := [media.file for ask in asks for media in ask.media if not is_picture(Path(media.file))]:
            raise Refused(f"{lost[0]} is no picture")
        return [ask.text.upper() for ask in asks]

    def publish(self, ask: Ask) -> Receipt:
        """Pin the part, unless it hangs there already."""
        notice = {
            "text": ask.text,
            "reply_to": ask.reply_to,
            "media": [media.alt for media in ask.media],
            "at": ask.at,
        }
        self._board.mkdir(parents=True, exist_ok=True)
        if not self._file(ask).exists():
            self._file(ask).write_text(json.dumps(notice), encoding="utf-8")
        return self._receipt(ask)

    def find(self, ask: Ask) -> Receipt | None:
        """Look at the board."""
        return self._receipt(ask) if self._file(ask).exists() else None

    def whoami(self) -> str:
        """Whoever has the key."""
        return "the caretaker"

    def learn(self) -> Limits:
        """A board is as large as it is."""
        return self.limits

    def _file(self, ask: Ask) -> Path:
        return self._board / f"{ask.key}-{ask.part}.json"

    def _receipt(self, ask: Ask) -> Receipt:
        pinned = json.loads(self._file(ask).read_text(encoding="utf-8"))
        return Receipt(f"{ask.key}-{ask.part}", f"board:{ask.key}-{ask.part}", pinned["at"])


def is_picture(file: Path) -> bool:
    """Tell whether a file begins as a PNG does."""
    return file.is_file() and file.read_bytes().startswith(b"\x89PNG")


def notices(outbox: Path) -> dict[str, dict[str, Any]]:
    """What hangs on the board beside an outbox, by id."""
    files = sorted((outbox.parent / "board").glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}
