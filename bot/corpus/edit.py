"""A post changed in its file: decided on as a value, then written whole or not at all."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from stat import S_IMODE

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.corpus.bulk import relined
from bot.corpus.change import Change, applied
from bot.corpus.matter import refielded
from bot.corpus.read import FENCE, is_bulk, missing_media, read_lines, read_markdown
from bot.corpus.segments import lines_of, replaced
from bot.errors import BadCall, Problem, Problems
from bot.model import Place, Post, Project
from bot.planning.check import check

_BOM = b"\xef\xbb\xbf"


class Edit(Struct, frozen=True):
    """A change of a post's file that is not written yet."""

    root: str  #: the project's folder
    post: Post  #: as it will be read
    before: bytes  #: the whole file as it is
    after: bytes  #: the whole file as it will be
    problems: tuple[Problem, ...] = ()  #: all that `check` will find wrong with the post
    brought: tuple[Problem, ...] = ()  #: those of them that the change brings

    @property
    def file(self) -> str:
        """The file's path from the project's folder."""
        return self.post.place.file


class _Named(Struct):
    id: str


def file_digest(post: Post, root: Path) -> str:
    """A name for what stands in a post's file, or on its line of a file of many.

    BadCall where the post is no longer there.
    """
    content = _content(post, root)
    if is_bulk(post.place.file):
        lines = lines_of(content.decode("utf-8-sig"))
        content = lines[_own_line(post, lines)].encode()
    return _digest(content)


def edited(
    post: Post,
    project: Project,
    change: Change,
    *,
    seen: str,
    is_network: Callable[[str], bool] | None = None,
) -> Edit:
    """The file of a post as a change makes it, with what is wrong with the post then; nothing is written.

    `post` is as the project has it, `seen` the `file_digest` when a person looked at it, `is_network` as in
    `bot.planning.check.faults`. BadCall says why it cannot be: somebody changed the file meanwhile, the change names
    what the post does not have, or the file cannot say it.
    """
    root = Path(project.root)
    before = _content(post, root)
    if file_digest(post, root) != seen or not _is(_read(before, post)[0], post):
        raise _changed_meanwhile(post.place.file)
    wanted = applied(post, change)
    after = _rewritten(before, post, wanted)
    found = _read_again(after, wanted)
    problems = _problems(found, project, is_network)
    known = {(each.code, each.message) for each in _problems(post, project, is_network)}
    brought = tuple(each for each in problems if (each.code, each.message) not in known)
    return Edit(project.root, found, before, after, problems, brought)


def undone(edit: Edit, post: Post) -> Edit:
    """What takes an edit of `post` back: its file gets the bytes that it had, if nobody has changed it since."""
    return Edit(edit.root, post, edit.after, edit.before)


def write(edit: Edit) -> None:
    """Put the changed file in the place of the old one, durably: whole or not at all; its mode and links to it stay.

    Where nothing changes, nothing is written. Problems where the change itself would make the post faulty. BadCall
    where the file lies outside corpus/, was changed meanwhile, or cannot be written; the old file stands then.
    """
    if edit.brought:
        raise Problems(edit.brought)
    file = _target(edit.file, Path(edit.root))
    half = file.with_name(f".{_digest(edit.after)}.half")
    try:
        if file.read_bytes() != edit.before:
            raise _changed_meanwhile(edit.file)
        if edit.after != edit.before:
            _write_beside(file, half, edit.after)
            half.replace(file)
    except OSError as error:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise BadCall(f"{edit.file} cannot be written: {error.strerror}; it stands as it was") from error
    _keep_name(file.parent)


def _write_beside(file: Path, half: Path, content: bytes) -> None:
    with half.open("wb") as stream:
        half.chmod(S_IMODE(file.stat().st_mode))
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _keep_name(folder: Path) -> None:
    """Make a new name in a folder durable, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _target(name: str, root: Path) -> Path:
    """The file itself, behind all links; BadCall where that lies outside corpus/."""
    try:
        file = (root / name).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise BadCall(f"{name} is no longer there") from error
    if not file.is_relative_to((root / "corpus").resolve()):
        raise BadCall(f"{name} lies outside corpus/, and nothing is written there")
    return file


def _content(post: Post, root: Path) -> bytes:
    try:
        content = _target(post.place.file, root).read_bytes()
        content.decode()
    except OSError as error:
        raise BadCall(f"{post.place.file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:  # such a file gives no post
        raise _changed_meanwhile(post.place.file) from error
    return content


def _changed_meanwhile(name: str) -> BadCall:
    return BadCall(f"somebody changed {name} meanwhile; look at it again, then decide")


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=12).hexdigest()


def _own_line(post: Post, lines: Sequence[str]) -> int:
    """The place of a post's line; BadCall where it is gone."""
    likely = lines[post.place.line - 1 : post.place.line]
    if any(_id(line) == post.id for line in likely):
        return post.place.line - 1
    for place, line in enumerate(lines):
        if _id(line) == post.id:
            return place
    raise BadCall(f"{post.id} is no longer in {post.place.file}")


def _id(line: str) -> str | None:
    try:
        return msgspec.json.decode(line, type=_Named).id
    except msgspec.DecodeError:
        return None


def _rewritten(content: bytes, before: Post, after: Post) -> bytes:
    mark = _BOM if content.startswith(_BOM) else b""
    lines = lines_of(content.decode("utf-8-sig"))
    change = _with_line if is_bulk(before.place.file) else _with_markdown
    try:
        return mark + change(lines, before, after).encode()
    except UnicodeEncodeError as error:
        sign = f"U+{ord(error.object[error.start]):04X}"
        raise BadCall(f"no file can hold the sign {sign}; remove it") from error


def _with_line(lines: list[str], before: Post, after: Post) -> str:
    place = _own_line(before, lines)
    return "".join([*lines[:place], relined(lines[place], before, after), *lines[place + 1 :]])


def _with_markdown(lines: list[str], before: Post, after: Post) -> str:
    end = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == FENCE)
    line_end = lines[0].removeprefix(lines[0].rstrip("\r\n"))
    texts = [[part.text for part in post.parts] for post in (before, after)]
    body = replaced("".join(lines[end + 1 :]), *texts, end=line_end)
    is_open = bool(body) and not lines[end].endswith(("\r", "\n"))
    matter = refielded("".join(lines[1:end]), before, after, end=line_end)
    return "".join([lines[0], matter, lines[end], line_end if is_open else "", body])


def _read(content: bytes, post: Post) -> list[Post | Problem]:
    """What a post's file, or its line of a file of many, gives when it is read."""
    name = post.place.file
    lines = [line.rstrip("\r\n") for line in lines_of(content.decode("utf-8-sig"))]
    if is_bulk(name):
        place = _own_line(post, lines)
        return list(read_lines([*[""] * place, lines[place]], name))
    return list(read_markdown([*lines, ""], name))


def _is(found: Post | Problem, post: Post) -> bool:
    """Tell whether that is the post, wherever it stands."""
    return isinstance(found, Post) and replace(found, place=post.place) == post


def _read_again(content: bytes, wanted: Post) -> Post:
    """The changed post as it will be read; BadCall where that is not what was wanted, or nothing at all."""
    first, *_ = found = _read(content, wanted)
    if isinstance(first, Post) and _is(first, wanted):
        return first
    problems = [each.message for each in found if isinstance(each, Problem)]
    why = "; ".join(problems) or "its fields are written in a way that cannot be changed in place"
    raise BadCall(f"{wanted.place.file} cannot say it: {why}; edit the file by hand")


def _problems(post: Post, project: Project, is_network: Callable[[str], bool] | None) -> tuple[Problem, ...]:
    """What `redletter check` would say of a post, all of it where the post itself stands."""
    quoted = project.corpus.by_id.get(post.quote) if isinstance(post.quote, str) else None
    others = [replace(quoted, place=Place(""))] if quoted and quoted.id != post.id else []
    found = check([post, *others], project.schedules, is_network=is_network)
    own = [problem for problem in found if problem.file == post.place.file]
    return tuple(sorted([*missing_media(post, Path(project.root)), *own]))
