"""A wall in a museum: a receiver of webhooks as a process of its own, which is never killed and keeps what it is sent.

It takes its time, and works on when whoever asked is gone. What it has is a file, a line for each part in the order
in which they were put up. Three kinds of network can be had:

    keyed   the same Idempotency-Key again is answered with the first receipt; it can be asked what it has
    read    it knows no keys: whatever comes is put up; it can be asked what it has
    deaf    it knows no keys, and says that it has nothing whenever it is asked

Some requests go wrong, as a part's own words say the first time it comes, or by chance:

    !before   the connection is closed and nothing is put up
    !after    it is put up, and the connection is closed without an answer
    !late     it is put up a while after the other side has hung up

    python -m tests.fakes.wall --kind read --has FILE [--before P] [--after P] [--late P] [--lateness S] [--seed N]

prints a line of JSON with its `url` once it listens, and ends with its stdin.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from random import Random  # noqa: TID251 - chance, and the same again by its seed
from typing import Any, TextIO
from urllib.parse import parse_qs, urlsplit

KINDS = ("keyed", "read", "deaf")
FAULTS = ("before", "after", "late")
_PACE = 0.004  #: seconds that it takes at most to put something up, and to answer
_BACKLOG = 512


@dataclass(frozen=True, slots=True)
class Chances:
    """How often something goes wrong, each a probability."""

    before: float = 0.0
    after: float = 0.0
    late: float = 0.0
    lateness: float = 1.0  #: seconds, at most, from the end of a connection until what is late is put up
    seed: int = 0

    def words(self) -> list[str]:
        """The same for the command line."""
        named = {name: getattr(self, name) for name in (*FAULTS, "lateness", "seed")}
        return [word for name, value in named.items() for word in (f"--{name}", str(value))]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, read whole."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Wall:
    """What is put up, and how it goes wrong."""

    kind: str
    chances: Chances
    file: TextIO
    up: dict[str, dict[str, str]] = field(default_factory=dict)  #: the latest receipt, by key
    times: Counter[str] = field(default_factory=Counter)  #: how often each key came
    number: int = 0
    at_work: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request on its connection."""
        self.at_work += 1
        with suppress(OSError, EOFError, asyncio.LimitOverrunError):
            await self._answer(await _read(reader), reader, writer)
        self.at_work -= 1
        writer.close()

    async def _answer(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if asked.path == "/quiet":
            return await _send(writer, HTTPStatus.OK, {"at work": self.at_work - 1})
        if asked.method == "GET":
            found = self.up.get("{key[0]}-{part[0]}".format(**asked.query)) if self.kind != "deaf" else None
            return await _send(writer, HTTPStatus.OK if found else HTTPStatus.NOT_FOUND, found or {})
        return await self._take(asked, reader, writer)

    async def _take(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        key, part = asked.headers["idempotency-key"], json.loads(asked.body)
        self.times[key] += 1
        dice = Random(f"{self.chances.seed} {key} {self.times[key]}")  # noqa: S311 - chance, not secrets
        fault = self._fault(part["text"], dice, is_first=self.times[key] == 1)
        await asyncio.sleep(_PACE * dice.random())
        if fault == "before":
            return
        if fault == "late":
            await reader.read()  # until the other side hangs up
            await asyncio.sleep(self.chances.lateness * dice.random())
        receipt = self._put_up(key, asked.path, part)
        await asyncio.sleep(_PACE * dice.random())
        if not fault:
            await _send(writer, HTTPStatus.CREATED, receipt)

    def _fault(self, text: str, dice: Random, *, is_first: bool) -> str | None:
        chance = dice.random()
        told = next((name for name in FAULTS if f"!{name}" in text), None)
        if told:
            return told if is_first else None
        for name in FAULTS:
            chance -= getattr(self.chances, name)
            if chance < 0:
                return name
        return None

    def _put_up(self, key: str, path: str, part: Mapping[str, Any]) -> dict[str, str]:
        if self.kind == "keyed" and key in self.up:
            return self.up[key]
        self.number += 1
        receipt = {"id": f"wall-{self.number}", "url": f"https://wall.example/{self.number}"}
        line = {"id": receipt["id"], "account": path.rpartition("/")[2], "text": part["text"]}
        self.file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.file.flush()
        self.up[key] = receipt
        return receipt


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    address = urlsplit(target)
    return Asked(method, address.path, parse_qs(address.query), headers, body)


async def _send(writer: asyncio.StreamWriter, status: int, answer: Mapping[str, Any]) -> None:
    body = json.dumps(answer).encode()
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


async def _stand(wall: Wall) -> None:
    server = await asyncio.start_server(wall.serve, "127.0.0.1", 0, backlog=_BACKLOG)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{port}"}) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.close()


def main(arguments: list[str] | None = None) -> None:
    """Stand until stdin ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.wall", description=__doc__)
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("--has", type=Path, required=True, help="the file of what is put up")
    for name in (*FAULTS, "lateness"):
        parser.add_argument(f"--{name}", type=float, default=getattr(Chances(), name))
    parser.add_argument("--seed", type=int, default=0)
    options = vars(parser.parse_args(arguments))
    with options.pop("has").open("a", encoding="utf-8") as file:
        asyncio.run(_stand(Wall(options.pop("kind"), Chances(**options), file)))


if __name__ == "__main__":
    main()
