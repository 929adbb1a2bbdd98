"""What changing a post in its file promises, in whatever way people have written it."""

import json
import re
from datetime import date
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from bot.corpus import read_corpus
from bot.corpus.change import Change, applied
from bot.corpus.edit import edited, file_digest, undone, write
from bot.corpus.fields import Lines
from bot.corpus.read import clean
from bot.model import Corpus, Post, Project, Schedules, Tone, Uses

HARD = ("---", "+++", "\\---", " ---", "--- ", "#", "tone = 5", '"""', "'''", 'a"', "\\", "it's", "\u2028", "\x7f", "e\u0301", "[a]")  # fmt: skip
lines = st.sampled_from(HARD) | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
texts = st.lists(lines, max_size=4).map("\n".join).map(clean)
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
ends = st.sampled_from(["\n", "\r\n"])
spaces = st.sampled_from(["", " ", "\t", "\n", "\n\n", " \n"])
DAY = date(2021, 4, 19)
STYLES: list[Any] = [{}, {"ensure_ascii": False}, {"separators": (",", ":")}]
NETWORKS = ("x", "bluesky", "a b")


def quoted(text: str) -> str:
    """A line of text that would divide, as people are told to write it."""
    return "\n".join(
        "\\" + line if line.lstrip("\\").rstrip(" \t") == "---" else line for line in text.split("\n")
    )


def literal(text: str) -> str:
    return f"'{text}'" if text.isprintable() and "'" not in text else basic(text)


def basic(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def many(text: str) -> str:
    if "+++" in text:  # on a line of its own it would end the fields
        return basic(text)
    return '"""\n' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\x7f", "\\u007f") + '"""'


strings = st.sampled_from([literal, basic, many])


@st.composite
def fields(draw: st.DrawFn) -> list[str]:
    """Some fields, in any order, each with the marks of a person's hand."""
    written = draw(strings)
    tags, reasons = (
        draw(st.lists(words, max_size=3, unique=True)),
        draw(st.lists(words, max_size=2, unique=True)),
    )
    several = draw(st.sampled_from(["[{}]", "[ {} ]", "[\n  {}, # last\n]"]))
    known = [
        f"tags = {several.format(', '.join(map(basic, tags)))}" if tags else "tags = []",
        f"reasons = {several.format(', '.join(map(basic, reasons)))}" if reasons else "# no reasons",
        f"event={written(draw(words))}",
        f'tone   =   "{draw(st.sampled_from(list(Tone)))}"',
        f'use = "{draw(st.sampled_from(list(Uses)))}"',
        draw(st.sampled_from(["posted = 2021-04-19", "posted = 2021-04-19T07:34:00Z", "posted = 2021-04-19 07:34:00+02:00"])),
        "review = 2030-01-01",
        f"credit = {written(draw(words))}",
        f"source = {written(draw(words))}",
        f"warning = {written(draw(words))}",
    ]  # fmt: skip
    chosen = draw(st.lists(st.sampled_from(known), unique=True))
    marks = st.sampled_from(["", "  # why", "\n", "\n# a remark"])
    return [each + draw(marks) for each in chosen]


@st.composite
def worded(draw: st.DrawFn, count: int) -> tuple[list[str], list[str]]:
    """Networks' own wordings: as fields, and as a table that stands below all fields."""
    networks = draw(st.lists(st.sampled_from(NETWORKS), max_size=2, unique=True))
    written, between = draw(strings), draw(st.sampled_from(["\n---\n", "\n\n---\n \n"]))
    said = {each: written(between.join(quoted(draw(texts)) for _ in range(count))) for each in networks}
    if not said:
        return [], []
    match draw(st.sampled_from(["dotted", "inline", "table"])):
        case "dotted":
            return [f"text.{basic(key)} = {value}" for key, value in said.items()], []
        case "inline":
            return ["text = {" + ", ".join(f"{basic(k)}={v}" for k, v in said.items()) + "}"], []
        case _:
            return [], ["[text] # own", *(f"{basic(key)} = {value}" for key, value in said.items())]


@st.composite
def pictured(draw: st.DrawFn, count: int) -> tuple[list[str], list[str]]:
    number = draw(st.integers(0, 2))
    entries = [
        {"file": f"p{n}.png", "alt": draw(words), "part": draw(st.integers(1, count))} for n in range(number)
    ]
    if not entries:
        return [], []
    if draw(st.booleans()):
        shown = (
            ", ".join(
                f"{key} = {basic(str(value)) if key != 'part' else value}" for key, value in each.items()
            )
            for each in entries
        )
        return ["media = [ " + ",\n  ".join(f"{{ {each} }}" for each in shown) + "]"], []
    tables = (
        "\n".join(
            ["[[media]]", *(f"{k} = {basic(str(v)) if k != 'part' else v} # {k}" for k, v in each.items())]
        )
        for each in entries
    )
    return [], list(tables)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A Markdown file as any person may have written it."""
    said = draw(st.lists(texts, min_size=1, max_size=3))
    top, below = zip(draw(worded(len(said))), draw(pictured(len(said))), strict=True)
    matter = "\n".join([*draw(st.permutations([*draw(fields()), *chain(*top)])), *chain(*below), ""])
    shown = [f"{draw(spaces)}{quoted(text)}{draw(spaces)}" for text in said]
    divider = draw(st.sampled_from(["\n---\n", "\n--- \n", "\n\n---\n\n"]))
    text = f"+++\n{matter.lstrip(chr(10))}+++ \n" + divider.join(shown) + draw(st.sampled_from(["", "\n"]))
    mark = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    return mark + text.replace("\n", draw(ends)).encode()


@st.composite
def changes(draw: st.DrawFn, post: Post) -> Change:
    numbers = range(1, len(post.parts) + 1)
    places = [(n, m) for n in numbers for m, _ in enumerate(post.parts[n - 1].media, 1)]
    one = st.tuples(*[texts] * len(post.parts)) | st.just(())
    return Change(
        texts=draw(st.dictionaries(st.sampled_from(numbers), texts, max_size=2)),
        wordings=draw(st.dictionaries(st.sampled_from(NETWORKS), one, max_size=2)),
        alts=draw(st.dictionaries(st.sampled_from(places), words | st.just(""), max_size=2))
        if places
        else {},
        tags=draw(st.just(UNSET) | st.lists(words, max_size=3).map(tuple)),
        reasons=draw(st.just(UNSET) | st.lists(words, max_size=2).map(tuple)),
        event=draw(st.just(UNSET) | st.none() | words),
        tone=draw(st.just(UNSET) | st.sampled_from(Tone)),
        use=draw(st.just(UNSET) | st.sampled_from(Uses)),
        posted=draw(st.just(UNSET) | st.none() | st.dates(min_value=DAY, max_value=DAY.replace(year=2030))),
        review=draw(st.just(UNSET) | st.none() | st.just(DAY)),
        credit=draw(st.just(UNSET) | st.just("") | words),
        source=draw(st.just(UNSET) | st.just("") | texts),
        warning=draw(st.just(UNSET) | st.just("") | texts),
    )


def placed(root: Path, name: str, content: bytes) -> Project:
    """A project with one post file."""
    file = root / "corpus" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return Project(str(root), Schedules(), Corpus(tuple(read_corpus(root)[0])), "")


def only(root: Path) -> Post:
    (post,), _ = read_corpus(root)
    return post


@settings(max_examples=60, deadline=None)
@given(files(), st.data())
def test_the_edited_file_gives_the_post_with_exactly_that_change(content: bytes, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        project = placed(root, "kites/a.md", content)
        (post,) = project.corpus.posts
        change = data.draw(changes(post))

        edit = edited(post, project, change, seen=file_digest(post, root))
        write(replace(edit, brought=()))

        assert replace(only(root), place=post.place) == applied(post, change)
        assert only(root) == edit.post


def matter_and_body(content: bytes) -> tuple[list[str], str]:
    head, _, body = content.decode().replace("\r\n", "\n").partition("\n+++")
    return head.split("\n"), body


ONE_FIELD = {
    "event": words, "credit": words | st.just(""), "source": words, "warning": texts, "tone": st.sampled_from(Tone),
    "use": st.sampled_from(Uses), "review": st.none() | st.just(DAY), "tags": st.lists(words, max_size=3).map(tuple),
    "reasons": st.lists(words, max_size=3).map(tuple), "posted": st.none() | st.just(DAY),
}  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(files(), st.data())
def test_a_changed_field_leaves_every_line_of_all_others(content: bytes, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(ONE_FIELD)))
    with TemporaryDirectory() as folder:
        root = Path(folder)
        project = placed(root, "a.md", content)
        (post,) = project.corpus.posts
        change = replace(Change(), **{name: data.draw(ONE_FIELD[name])})

        after = edited(post, project, change, seen=file_digest(post, root)).after

    (old, body), (new, new_body) = matter_and_body(content), matter_and_body(after)
    assert new_body == body
    assert after.startswith(b"\xef\xbb\xbf") == content.startswith(b"\xef\xbb\xbf")
    assert after.count(b"\r\n") in {0, after.count(b"\n")}
    assert (b"\r\n" in after) == (b"\r\n" in content)
    own = Lines("\n".join(old[1:]), before=1).of(name)
    kept = [line for number, line in enumerate(old, 1) if number < own or line.startswith("# ")]
    kept = old if getattr(post, name) == getattr(applied(post, change), name) else kept if own > 1 else old
    rest = iter(new)
    assert all(line in rest for line in kept)


@settings(max_examples=40, deadline=None)
@given(files(), st.data())
def test_a_changed_text_leaves_every_byte_of_all_others(content: bytes, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        project = placed(root, "a.md", content)
        (post,) = project.corpus.posts
        number = data.draw(st.integers(1, len(post.parts)))
        text = data.draw(texts.filter(bool))

        after = edited(post, project, Change(texts={number: text}), seen=file_digest(post, root)).after

    old, new = pieces(content), pieces(after)
    index = 2 * number - 2
    assert old[0] == new[0]
    if old[index + 1].strip():
        assert [*new[: index + 1], *new[index + 2 :]] == [*old[: index + 1], *old[index + 2 :]]
        assert b"".join(new[index + 1].split()) == b"".join(quoted(clean(text)).encode().split())
        space = old[index + 1].replace(old[index + 1].strip(), b"|")
        assert new[index + 1].startswith(space.partition(b"|")[0])
        assert new[index + 1].endswith(space.partition(b"|")[2])


def pieces(content: bytes) -> list[bytes]:
    """The head up to the text, the texts, and the dividers between them."""
    lines = content.splitlines(keepends=True)
    end = next(number for number, line in enumerate(lines[1:], 2) if line.strip() == b"+++")
    body = re.split(rb"^(---[ \t]*\r?(?:\n|\Z))", b"".join(lines[end:]), flags=re.MULTILINE)
    return [b"".join(lines[:end]), *body]


plain = st.from_regex(r"[a-z]{1,8}( [a-z]{1,8})?", fullmatch=True)


@settings(max_examples=40, deadline=None)
@given(files(), st.data())
def test_what_is_changed_and_changed_back_has_its_old_bytes(content: bytes, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        project = placed(root, "a.md", content)
        (post,) = project.corpus.posts
        change, back = data.draw(reversible(post))

        edit = edited(post, project, change, seen=file_digest(post, root))
        write(replace(edit, brought=()))
        again = edited(edit.post, project, back, seen=file_digest(edit.post, root))

    assert again.after == content
    assert undone(edit, post).after == content


@st.composite
def reversible(draw: st.DrawFn, post: Post) -> tuple[Change, Change]:
    """A change that replaces what is there by plain words, and the change that takes it back."""
    texts = {n: part.text for n, part in enumerate(post.parts, 1) if part.text}
    alts = {(n, m): each.alt for n, part in enumerate(post.parts, 1) for m, each in enumerate(part.media, 1)}
    own = {name: getattr(post, name) for name in ("event", "credit") if (getattr(post, name) or "").isalnum()}
    alts = {place: alt for place, alt in alts.items() if alt.isalnum()}
    new = {name: draw(plain) for name in own}
    return (
        replace(
            Change(texts={n: draw(plain) for n in texts}, alts={place: draw(plain) for place in alts}), **new
        ),
        replace(Change(texts=texts, alts=alts), **own),
    )


@st.composite
def bulks(draw: st.DrawFn) -> bytes:
    """A file of many posts, as programs write it."""
    style = draw(st.sampled_from(STYLES))
    entries = []
    for number in range(draw(st.integers(1, 3))):
        said: dict[str, Any] = {
            "source": draw(words), "id": f"p{number}", "tone": draw(st.sampled_from(list(Tone))), "tags": draw(st.lists(words, max_size=2)),
            "parts": [{"media": [{"alt": draw(words), "file": "p.png"}], "text": draw(texts)} for _ in range(draw(st.integers(1, 2)))],
        }  # fmt: skip
        text = {
            each: "\n---\n".join(quoted(draw(texts)) for _ in said["parts"])
            for each in draw(st.lists(st.sampled_from(NETWORKS), max_size=1))
        }
        shared = (
            [{"file": "q.png", "alt": draw(words), "part": len(said["parts"])}] if draw(st.booleans()) else []
        )
        whole = draw(st.permutations([*said.items(), *([("text", text)] if text else []), ("media", shared)]))
        entries.append(draw(st.sampled_from(["", " "])) + json.dumps(dict(whole), **style))
    return draw(ends).join([*entries, draw(st.sampled_from(["", " "]))]).encode()


@settings(max_examples=40, deadline=None)
@given(bulks(), st.data())
def test_a_line_is_changed_alone_with_its_keys_in_their_order(content: bytes, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        project = placed(root, "kites/all.jsonl", content)
        number = data.draw(st.integers(0, len(project.corpus.posts) - 1))
        post = project.corpus.posts[number]
        change = data.draw(changes(post))

        edit = edited(post, project, change, seen=file_digest(post, root))
        write(replace(edit, brought=()))
        posts = [replace(each, place=post.place) for each in read_corpus(root)[0]]

    assert posts[number] == applied(post, change)
    old, new = content.split(b"\n"), edit.after.split(b"\n")
    assert [*old[:number], *old[number + 1 :]] == [*new[:number], *new[number + 1 :]]
    keys, now = list(json.loads(old[number])), list(json.loads(new[number]))
    assert [key for key in keys if key in now] == [key for key in now if key in keys]
    if applied(post, change) == post:
        assert edit.after == content
