"""The project folder: what can be said and when, read and found whole."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path

from bot import plugins
from bot.corpus import corpus_files, is_bulk, line_in, read_corpus
from bot.errors import BadCall, Problem, Problems
from bot.model import Corpus, Limits, Post, Project, digest
from bot.planning.check import check
from bot.schedules import ScheduleReader, schedule_files


def find_root(start: Path) -> Path:
    """The nearest folder upward with schedules/; BadCall where there is none."""
    for folder in (start, *start.parents):
        if (folder / "schedules").is_dir():
            return folder
    raise BadCall(
        f"no project here: neither {start} nor a folder above it has schedules/; begin one with `redletter init DIR`"
    )


def read_project(
    root: Path, learned: Mapping[str, Limits] | None = None
) -> tuple[Project, tuple[Problem, ...]]:
    """The project, and the problems of its posts: a post with a problem is left out of every plan.

    What networks have said they take goes before what their publishers know of them; `learned` has it by account.

    Problems, with those of the posts too, where schedules, events or accounts are wrong: nothing can be planned then.
    """
    posts, broken = read_corpus(root)
    reader = ScheduleReader(root, learned)
    world = reader.world()
    is_world_whole = not reader.problems
    schedules = reader.schedules(world, Corpus(tuple(posts)), unread=broken)
    is_network = partial(plugins.has, plugins.PUBLISHERS)
    faults = check(posts, schedules, partial(line_in, root=root), is_network=is_network)
    if not is_world_whole:  # what a broken file would have named is not called unknown
        faults = [fault for fault in faults if not fault.code.startswith("unknown-")]
    problems = tuple(sorted([*broken, *faults]))
    if reader.problems:
        raise Problems([*reader.problems, *problems])
    corpus = Corpus(tuple(posts), _faulty(posts, problems))
    if any(corpus.by_id[post].posted for post in corpus.faulty):  # no trigger speaks of what is left out
        schedules = reader.schedules(world, corpus, unread=broken)
    name = digest(files_digest(root), sorted(learned.items())) if learned else files_digest(root)
    return Project(str(root), schedules, corpus, name), problems


def _faulty(posts: Iterable[Post], problems: Iterable[Problem]) -> frozenset[str]:
    """The posts that have a problem: of their line where a file holds many, of their file where it is their own."""
    places = {(problem.file, problem.line) for problem in problems} | {
        problem.file for problem in problems if not is_bulk(problem.file)
    }
    return frozenset(
        post.id for post in posts if post.place.file in places or (post.place.file, post.place.line) in places
    )


def files_digest(root: Path) -> str:
    """A name for the content of every file that a plan depends on."""
    hashed = blake2b(digest_size=12)
    for file in (*schedule_files(root), *corpus_files(root)):
        hashed.update(f"{file.relative_to(root)}\0".encode(errors="surrogateescape"))
        with suppress(OSError):  # what cannot be read is told as a problem by who reads it
            hashed.update(file.read_bytes())
    return hashed.hexdigest()


def files_stamp(root: Path) -> int:
    """A cheap sign of change: it differs when any file of the project was written, added or taken away."""
    files = (*schedule_files(root), *corpus_files(root))
    stats = ((str(file), (seen := file.stat()).st_mtime_ns, seen.st_size) for file in files)
    return int.from_bytes(blake2b(repr(tuple(stats)).encode(), digest_size=8).digest())
