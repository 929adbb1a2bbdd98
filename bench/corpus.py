"""How long 100,000 posts take to read from a .jsonl file and to check, beside a bare decoding of the same lines.

    python bench/corpus.py [--quick]

The floor turns each line into a plain value with msgspec and does nothing else. Checked is for a hundred accounts
on three networks. Memory is the peak of a process that reads (and checks) once and ends.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import _world as world
import msgspec
from plan import peak_megabytes, timed

from bot.corpus import read_corpus
from bot.model import Post
from bot.planning.check import check


class Bare(msgspec.Struct):
    """What one line says, unchecked."""

    id: str
    parts: list[dict[str, str]]
    tags: list[str]
    tone: str
    use: str
    event: str | None = None
    posted: date | None = None


def floor(file: Path) -> list[Bare]:
    """Every line as a plain value."""
    decode = msgspec.json.Decoder(Bare).decode
    return [decode(line) for line in file.read_bytes().splitlines()]


def write(root: Path, posts: Iterable[Post]) -> Path:
    """The posts as one file of a corpus."""
    file = root / "corpus" / "all.jsonl"
    file.parent.mkdir()
    file.write_text("".join(json.dumps(_line(post), ensure_ascii=False) + "\n" for post in posts))
    return file


def _line(post: Post) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": post.id,
        "parts": [{"text": part.text} for part in post.parts],
        "tags": post.tags,
        "tone": post.tone,
        "use": post.use,
        "event": post.event,
    }
    return fields | ({"posted": str(post.posted)} if post.posted else {})


def measured(root: Path, file: Path, *, rounds: int) -> None:
    seconds: dict[str, list[float]] = {"bare decoding": [], "read_corpus": [], "check": []}
    for _ in range(rounds):
        bare, spent = timed(lambda: floor(file))
        seconds["bare decoding"].append(spent)
        number = len(bare)
        del bare
        (posts, problems), spent = timed(lambda: read_corpus(root))
        seconds["read_corpus"].append(spent)
        if problems or len(posts) != number:
            raise SystemExit(f"{len(posts)} of {number} posts were read: {problems[:3]}")
    rules = world.schedules(0)
    faults, spent = timed(lambda: check(posts, rules))
    seconds["check"].append(spent)
    if faults:
        raise SystemExit(f"the world has faults: {faults[:3]}")
    show(seconds, number)


def show(seconds: dict[str, list[float]], posts: int) -> None:
    """Print the table."""
    print(f"{posts:,} posts of one .jsonl\n{'':22} seconds   posts/s   of the floor")
    least = median(seconds["bare decoding"])
    for name, rounds in seconds.items():
        spent = median(rounds)
        print(f"{name:22} {spent:>7.2f} {posts / spent:>9,.0f} {spent / least:>14.1f}")


def peaks(root: Path) -> None:
    """Print the peak memory of a process that decodes, that reads, and that reads and checks."""
    for what in ("bare", "read", "check"):
        command = [sys.executable, __file__, "--once", what, str(root)]
        peak = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(f"peak memory, {what:9} {peak:>7.0f} MB")


def once(what: str, root: Path) -> None:
    if what == "bare":
        found: object = floor(root / "corpus" / "all.jsonl")
    else:
        found = read_corpus(root)[0]
        if what == "check":
            check(found, world.schedules(0))
    print(peak_megabytes())
    del found


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="How long a corpus takes to read and to check.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the posts, one round")
    parser.add_argument("--once", nargs=2, metavar=("WHAT", "ROOT"), help="do it once, tell the peak")
    options = parser.parse_args()
    if options.once:
        once(options.once[0], Path(options.once[1]))
        return
    posts, rounds = (10_000, 1) if options.quick else (100_000, 3)
    with TemporaryDirectory() as folder:
        root = Path(folder)
        file = write(root, map(world.post, range(posts)))
        measured(root, file, rounds=rounds)
        peaks(root)


if __name__ == "__main__":
    main()
