"""What reading the corpus promises, whatever people write into it."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.corpus import markdown, read_corpus
from bot.corpus.read import clean
from bot.model import Media, Part, Place, Post, Tone, Uses

HARD = ("---", "+++", "\\---", " ---", "--- ", "#", "tags = 5", '"""', "{{ 7 * 7 }}", "\u2028", "\x0b", "\r", "\r\n", "\0", "\ufeff", "e\u0301")  # fmt: skip
lines = st.sampled_from(HARD) | st.text(max_size=20)
texts = st.lists(lines, max_size=6).map("\n".join).map(clean)
words = st.text(min_size=1, max_size=12)
names = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
days = st.dates(date(1000, 1, 1), date(8999, 12, 31))
moments = st.datetimes(datetime(1000, 1, 1), datetime(8999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
focuses = st.none() | st.tuples(st.floats(-1, 1), st.floats(-1, 1))
files = st.lists(names, min_size=1, max_size=3).map("/".join).map("corpus/{}.png".format)
media = st.builds(Media, files, words, st.just("") | words, focuses)
parts = st.lists(st.builds(Part, texts, st.lists(media, max_size=2).map(tuple)), min_size=1, max_size=4).map(
    tuple
)


@st.composite
def posts(draw: st.DrawFn) -> Post:
    """Any post that a file can hold: its folders are its first tags."""
    folders = draw(st.lists(names, max_size=2))
    content = draw(parts)
    wordings = {
        network: tuple(draw(texts) for _ in content)
        for network in draw(st.lists(words, max_size=2, unique=True))
    }
    return Post(
        "/".join([*folders, draw(names)]),
        content,
        tags=tuple(dict.fromkeys([*folders, *draw(st.lists(words, max_size=3))])),
        event=draw(st.none() | words),
        tone=draw(st.sampled_from(Tone)),
        use=draw(st.sampled_from(Uses)),
        posted=draw(st.none() | days | moments),
        lang=draw(words),
        credit=draw(st.just("") | words),
        source=draw(st.just("") | words),
        wordings=wordings,
        quote=draw(st.none() | words | st.dictionaries(words, words, min_size=1, max_size=2)),
        thread=draw(st.sampled_from(["", "split", "numbered"])),
        warning=clean(draw(st.just("") | words)),
        reasons=tuple(draw(st.lists(words, max_size=2))),
        review=draw(st.none() | days),
    )


def written(root: Path, texts: Mapping[str, str]) -> Path:
    for name, text in texts.items():
        file = root / "corpus" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return root


def as_line(post: Post) -> str:
    """A post as a line of `.jsonl` beside its pictures."""
    up = "../" * (len(Path(post.id).parts) - 1)
    fields = {
        "id": post.id, "tags": post.tags, "event": post.event, "tone": post.tone, "use": post.use,
        "posted": post.posted and post.posted.isoformat(), "review": post.review and post.review.isoformat(), "lang": post.lang, "credit": post.credit,
        "source": post.source, "quote": post.quote, "reasons": post.reasons, "thread": post.thread, "warning": post.warning,
        "text": {network: "\n---\n".join(divided) for network, divided in post.wordings.items()},
        "parts": [
            {"text": part.text, "media": [{"file": up + each.file.removeprefix("corpus/"), "alt": each.alt, "credit": each.credit, "focus": each.focus} for each in part.media]}
            for part in post.parts
        ],
    }  # fmt: skip
    return json.dumps(fields, ensure_ascii=False)


def read(root: Path) -> list[Post]:
    found, problems = read_corpus(root)
    assert {problem.code for problem in problems} <= {"media"}  # the pictures of these laws do not exist
    return [replace(post, place=Place("")) for post in found]


@settings(max_examples=100, deadline=None)
@given(posts(), st.lists(st.text(max_size=30), max_size=2).map(tuple))
@example(Post("a", (Part("\\---\n---\n\\\\---"), Part("+++\n---"), Part(""))), ("\n+++\n",))
def test_a_post_that_is_written_is_read_again_as_it_was(post: Post, remarks: tuple[str, ...]) -> None:
    with TemporaryDirectory() as folder:
        written(Path(folder), {f"{post.id}.md": markdown(post, remarks=remarks)})

        assert read(Path(folder)) == [post]


@settings(max_examples=40, deadline=None)
@given(posts())
def test_a_line_and_a_file_give_the_same_post(post: Post) -> None:
    plain = {
        network: tuple(text.replace("---", "...") for text in said) for network, said in post.wordings.items()
    }
    post = replace(post, wordings=plain)  # a line of JSON divides a wording as a file does
    bulk = Path(post.id).parent / "bulk.jsonl"
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        written(Path(one), {f"{post.id}.md": markdown(post)})
        written(Path(other), {str(bulk): as_line(post)})

        assert read(Path(one)) == read(Path(other))


broken = st.sampled_from(
    ["", "no fence", "+++\nnever ends", "+++\nx = \n+++\nText.", "+++\ntags = 5\n+++\nText."]
)
broken_lines = st.sampled_from(
    ["{", "5", '{"id": "a"}', '{"id": "x y", "parts": [{}]}', "nonsense", '{"id": 1}']
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.booleans(), max_size=8), broken, st.lists(st.booleans(), max_size=12), broken_lines)
def test_a_broken_file_or_line_never_hides_another(
    wholes: list[bool], file: str, lines: list[bool], line: str
) -> None:
    good = '{"id": "line/%d", "parts": [{"text": "Text."}]}'
    texts = {f"f{n}.md": "+++\n+++\nText." if whole else file for n, whole in enumerate(wholes)}
    texts["bulk.jsonl"] = "\n".join(good % n if whole else line for n, whole in enumerate(lines))
    with TemporaryDirectory() as folder:
        found, problems = read_corpus(written(Path(folder), texts))

    assert {post.id for post in found} == {
        *(f"f{n}" for n, whole in enumerate(wholes) if whole),
        *(f"line/{n}" for n, whole in enumerate(lines) if whole),
    }
    assert {problem.file for problem in problems} - {"corpus/bulk.jsonl"} == {
        f"corpus/f{n}.md" for n, whole in enumerate(wholes) if not whole
    }
    assert {problem.line for problem in problems if problem.file == "corpus/bulk.jsonl"} == {
        n + 1 for n, whole in enumerate(lines) if not whole
    }


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | lines.flatmap(lambda text: st.just(f"+++\n{text}\n+++\n{text}")))
def test_no_file_stops_the_reading(text: str) -> None:
    with TemporaryDirectory() as folder:
        found, problems = read_corpus(written(Path(folder), {"a.md": text, "b.jsonl": text}))

    assert all(post.place.line >= 1 for post in found)
    assert all(problem.line >= 1 and problem.message for problem in problems)
