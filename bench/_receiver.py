"""A network in a process of its own: takes so many milliseconds for each post, and keeps when and what it was shown.

    python bench/_receiver.py MILLISECONDS [HANGING]

It prints its port, answers on loopback as a webhook's receiver does, never answers an account named HANGING, and
prints its ledger as JSON when its standard input ends.
"""

import asyncio
import json
import subprocess
import sys
import time

ANSWER = "HTTP/1.1 {} OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}"


Ledger = list[tuple[float, str, int]]


class Network:
    """The network as the scripts beside this one start it: a process of its own, with a `url`."""

    def __init__(self, milliseconds: int, hanging: str = "") -> None:
        command = [sys.executable, __file__, str(milliseconds), hanging]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline() if self._process.stdout else ""
        self.url = f"http://127.0.0.1:{int(line)}"

    def ledger(self) -> Ledger:
        """What it was shown; it ends."""
        said, _ = self._process.communicate(timeout=30)
        return [(arrived, key, part) for arrived, key, part in json.loads(said)]


class Receiver:
    """Keeps (arrived, key, part) of every post."""

    def __init__(self, seconds: float, hanging: str) -> None:
        self._seconds, self._hanging = seconds, hanging
        self.ledger: Ledger = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer every request of one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._answer(head, reader, writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived = time.time()  # noqa: TID251 - when it came is what is measured
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:] if line)
        body = await reader.readexactly(int(fields.get(b"content-length", 0)))
        if self._hanging and head.split(b" ")[1].endswith(self._hanging.encode()):
            await asyncio.sleep(3_600)
        await asyncio.sleep(self._seconds)
        post = json.loads(body)
        self.ledger.append((arrived, post["key"], post["part"]))
        text = json.dumps(
            {"id": f"{post['key']}-{post['part']}", "url": f"https://wall.example/{post['key']}"}
        )
        writer.write(ANSWER.format(200, len(text), text).encode())
        await writer.drain()


async def _main(seconds: float, hanging: str) -> None:
    receiver = Receiver(seconds, hanging)
    server = await asyncio.start_server(receiver.talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()
    print(json.dumps(receiver.ledger), flush=True)


if __name__ == "__main__":
    asyncio.run(_main(float(sys.argv[1]) / 1000, sys.argv[2] if len(sys.argv) > 2 else ""))
