"""`check`: every picture opened as it is when it is sent, and held to the accounts that will show it."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path, PurePath

from msgspec.structs import replace

from bot.corpus import line_in
from bot.errors import NotNow, Problem, Refused
from bot.media import Sight, look, objections
from bot.model import Part, Post, Project, Schedules, Uses
from bot.planning.takers import concerned

Look = Callable[[str], Sight | str]  #: what a file is, or what is wrong with it


def unfit_pictures(project: Project, told: Sequence[Problem]) -> Iterator[Problem]:
    """A problem for each picture that cannot be sent, but for those that are `told` already; each is opened once."""
    seen = cache(partial(_seen, root=Path(project.root)))
    known = [problem for problem in told if problem.code == "media"]
    for post in project.corpus.posts:
        for part in post.parts:
            if part.media and not any(_is_about(problem, post, part) for problem in known):
                for file, why in _wrongs(post, part, seen, schedules=project.schedules):
                    near = PurePath(file).name
                    line = line_in(post, Path(project.root), key="media", near=near)
                    yield Problem(post.place.file, line, "media", why)


def _is_about(problem: Problem, post: Post, part: Part) -> bool:
    return problem.file == post.place.file and any(each.name in problem.message for each in part.media)


def _wrongs(post: Post, part: Part, seen: Look, *, schedules: Schedules) -> Iterator[tuple[str, str]]:
    """What is wrong with the pictures of a part, with the file that it is said of."""
    found = [(each.file, seen(each.file)) for each in part.media if each.file]
    sights = [sight for _, sight in found if isinstance(sight, Sight)]
    yield from ((file, why) for file, why in found if isinstance(why, str))
    if post.use is not Uses.HOLD:
        yield from _unshown(post, sights, schedules)


def _unshown(post: Post, sights: list[Sight], schedules: Schedules) -> Iterator[tuple[str, str]]:
    """Why accounts that the post comes to will not show its pictures, with the file that it is said of."""
    wrongs = {
        account.name: list(objections(sights, account.limits)) for account in schedules.accounts.values()
    }
    unable = {name for name, said in wrongs.items() if said}
    for name in sorted(concerned(post, schedules, unable)):
        for why in wrongs[name]:
            yield next(each.file for each in sights if why.startswith(each.file)), f"on {name}, {why}"


def _seen(file: str, *, root: Path) -> Sight | str:
    try:
        return replace(look(str(root / file)), file=file)
    except (Refused, NotNow) as no:
        return str(no).replace(f"{root}/", "")
