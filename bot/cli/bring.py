"""`import`: foreign files become corpus files, with a report of what a person should look at."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from bot import plugins
from bot.cli.here import as_json, counted, here, say
from bot.contracts import FoundMedia, Imported, Importer
from bot.corpus import markdown
from bot.errors import BadCall
from bot.model import Uses
from bot.options import did_you_mean


class _Brought(Struct, frozen=True):
    """One imported post, with its file and what became of it: written, unchanged or kept."""

    found: Imported
    file: Path
    fate: str


@click.command(name="import")
@click.argument("sources", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--as", "format_", metavar="FORMAT", help="What the files are; `redletter plugins` lists the formats."
)
@click.option(
    "--into", metavar="DIR", type=click.Path(path_type=Path), help="Where the posts go; else corpus/imported."
)
@as_json
@click.pass_context
def bring(
    ctx: click.Context, *, sources: tuple[Path, ...], format_: str | None, into: Path | None, json_: bool
) -> None:
    """Turn foreign files into corpus files, one a post, and report what a person should look at.

    What is sure may be picked at once; the rest is put on hold with its reasons. Importing again changes nothing,
    and a file that was edited since is never overwritten.
    """
    importer = _importer(format_)
    folder = into or here(ctx).root / "corpus" / "imported"
    brought = [each for source in sources for each in _bring(importer, source, folder)]
    if json_:
        say({"posts": [_record(each) for each in brought]})
    else:
        _report(brought, folder)


def _importer(name: str | None) -> Importer:
    known = plugins.plugins(plugins.IMPORTERS)
    if name is None:
        raise BadCall(f"say what the files are with --as; known are {', '.join(known)}")
    if name not in known:
        raise BadCall(
            f"no importer called {name!r}{did_you_mean(name, known) or '; known are ' + ', '.join(known)}"
        )
    made: Importer = plugins.load(plugins.IMPORTERS, name)()
    return made


def _bring(importer: Importer, source: Path, folder: Path) -> Iterator[_Brought]:
    try:
        found = list(importer.read(source))
    except FileNotFoundError as error:
        raise BadCall(f"there is no file {source}") from error
    except OSError as error:
        raise BadCall(f"{source}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise BadCall(f"{source}: {error}") from error
    folder.mkdir(parents=True, exist_ok=True)
    for each in found:
        file = folder / f"{each.post.id}.md"
        yield _Brought(each, file, _write(file, markdown(each.post, remarks=_remarks(each, source))))


def _write(file: Path, text: str) -> str:
    if file.exists():
        return "unchanged" if file.read_bytes() == text.encode() else "kept"
    half = file.with_suffix(".half")
    half.write_text(text, encoding="utf-8")
    half.replace(file)  # a file is there whole or not at all, whatever interrupts us
    return "written"


def _remarks(found: Imported, source: Path) -> tuple[str, ...]:
    origin = f"from {source.name}, lines {found.first_line} to {found.last_line}"
    traces = Counter(media.kind for part in found.media for media in part)
    if not traces:
        return (origin,)
    listed = ", ".join(f"{number} {kind}" for kind, number in traces.items())
    return (origin, f"the original carried media that are not in that file: {listed}")


def _record(brought: _Brought) -> dict[str, Any]:
    found = brought.found
    media = [*found.media, *((),) * len(found.post.parts)]
    parts = [
        {"text": part.text, "media": [_media(each) for each in beside]}
        for part, beside in zip(found.post.parts, media, strict=False)
    ]
    return {
        "id": found.post.id, "file": str(brought.file), "fate": brought.fate,
        "first_line": found.first_line, "last_line": found.last_line, "parts": parts, "quote": found.quote,
        "hashtags": list(found.hashtags), "links": list(found.links),
        "use": found.post.use, "reasons": list(found.post.reasons),
    }  # fmt: skip


def _media(found: FoundMedia) -> dict[str, Any]:
    return {"kind": found.kind, "seconds": found.seconds}


def _report(brought: list[_Brought], folder: Path) -> None:
    held = [each for each in brought if each.found.post.use is Uses.HOLD]
    for each in held:
        click.echo(f"{each.file.name}  (lines {each.found.first_line} to {each.found.last_line})")
        for reason in each.found.post.reasons:
            click.echo(f"    {reason}")
    uses = Counter(each.found.post.use.value for each in brought)
    fates = Counter(each.fate for each in brought)
    if held:
        are = "post above is" if len(held) == 1 else "posts above are"
        click.echo(f"\n{len(held)} {are} on hold until a person has looked.")
    click.echo(f"{counted(len(brought), 'post')} in {folder}: {_listed(uses)}; files: {_listed(fates)}.")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "none"
