"""Post files: what can be said, read from Markdown and from lines of JSON."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.corpus import line_in, markdown, read_corpus
from bot.errors import Problem
from bot.model import Media, Part, Place, Post, Tone, Uses

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
REVIEW = "write the date from which a person should read it again, such as 2027-06-01"
KNOWN = "known are tags, event, tone, posted, lang, credit, source, use, media, text, quote, thread, warning, reasons, review"


def corpus(root: Path, **files: Any) -> Path:
    """A project with these files under corpus/; `__` in a name is a folder."""
    for name, text in files.items():
        file = root / "corpus" / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def post_file(text: str, *fields: str) -> str:
    return "\n".join(["+++", *fields, "+++", text])


def read(root: Path, text: str | bytes, name: str = "a.md") -> tuple[list[Post], list[str]]:
    posts, problems = read_corpus(corpus(root, **{name: text}))
    return posts, [str(problem) for problem in problems]


def test_every_field_of_a_post_is_read(tmp_path: Path) -> None:
    text = post_file(
        "First text with {@robot}.\n---\nSecond text.",
        'tags = ["flight"]',
        'event = "first-flight"',
        'tone = "celebration"',
        "posted = 2021-04-19",
        'lang = "pt"',
        'credit = "The museum"',
        'source = "https://example.org/a"',
        'use = "dated"',
        'media = [{ file = "a.png", alt = "A kite", credit = "Me", focus = [0.0, 0.2], part = 2 }]',
        'text.bluesky = "One.\\n---\\nTwo."',
        'quote = "kites/other"',
        'reasons = ["ask first"]',
        "review = 2027-06-01",
    )
    root = corpus(tmp_path, **{"kites__first.md": text, "kites__a.png": PNG})

    posts, problems = read_corpus(root)

    assert problems == []
    assert posts == [
        Post(
            "kites/first",
            (
                Part("First text with {@robot}."),
                Part("Second text.", (Media("corpus/kites/a.png", "A kite", "Me", (0.0, 0.2)),)),
            ),
            tags=("kites", "flight"),
            event="first-flight",
            tone=Tone.CELEBRATION,
            use=Uses.DATED,
            posted=date(2021, 4, 19),
            lang="pt",
            credit="The museum",
            source="https://example.org/a",
            wordings={"bluesky": ("One.", "Two.")},
            quote="kites/other",
            reasons=("ask first",),
            review=date(2027, 6, 1),
            place=Place("corpus/kites/first.md", 16),
        )
    ]


def test_a_line_of_json_says_the_same_as_a_file(tmp_path: Path) -> None:
    line = {
        "id": "kites/first", "parts": [{"text": " One. "}, {"text": "Two.", "media": [{"file": "a.png", "alt": "A"}]}],
        "tags": ["flight"], "posted": "2021-04-19T07:34:00Z", "tone": "remembrance", "quote": {"x": "https://x.com/1"},
        "text": {"bluesky": "One!\n---\nTwo!"}, "media": [{"file": "b.png", "alt": "B"}],
    }  # fmt: skip
    root = corpus(
        tmp_path, **{"kites__bulk.jsonl": json.dumps(line), "kites__a.png": PNG, "kites__b.png": PNG}
    )

    posts, problems = read_corpus(root)

    assert problems == []
    assert posts == [
        Post(
            "kites/first",
            (
                Part("One.", (Media("corpus/kites/b.png", "B"),)),
                Part("Two.", (Media("corpus/kites/a.png", "A"),)),
            ),
            tags=("kites", "flight"),
            tone=Tone.REMEMBRANCE,
            posted=datetime(2021, 4, 19, 7, 34, tzinfo=UTC),
            wordings={"bluesky": ("One!", "Two!")},
            quote={"x": "https://x.com/1"},
            place=Place("corpus/kites/bulk.jsonl", 1),
        )
    ]


@pytest.mark.parametrize(
    ("text", "parts", "reason"),
    [
        ("One line.", ["One line."], "a text is what stands below the fields"),
        ("\n\n  Space around.  \n\n", ["Space around."], "space around it is none of it"),
        ("One.\n\n---\n\nTwo.", ["One.", "Two."], "a line of three hyphens divides parts"),
        ("One.\n--- \t\nTwo.", ["One.", "Two."], "whatever space is behind them"),
        ("One.\n ---\nTwo.", ["One.\n ---\nTwo."], "but none before them"),
        ("One.\n----\nTwo.", ["One.\n----\nTwo."], "and no fourth"),
        ("One.\n\\---\nTwo.", ["One.\n---\nTwo."], "a backslash makes it a line of text"),
        ("One.\n\\\\---\nTwo.", ["One.\n\\---\nTwo."], "and a second one a backslash"),
        ("+++\ntags = 5\n+++", ["+++\ntags = 5\n+++"], "fields end at the first fence"),
        ("a\u2028b\x0bc\x1dd\u0085e", ["a\u2028b\x0bc\x1dd\u0085e"], "only a line feed ends a line"),
        ("One.\r\n---\r\nTwo\rlines.", ["One.", "Two\nlines."], "or what other systems have for it"),
        ("cafe\u0301", ["café"], "letters are composed"),
        ("", [""], "no text is a fault for others to find"),
    ],
)
def test_the_text_of_a_file_becomes_parts(tmp_path: Path, text: str, parts: list[str], reason: str) -> None:
    posts, problems = read(tmp_path, post_file(text))

    assert ([part.text for part in posts[0].parts], problems) == (parts, []), reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("\ufeff+++\n+++\nText.", "a byte order mark"),
        ("+++\r\ntags = []\r\n+++\r\nText.\r\n", "line ends of another system"),
        ("+++ \n\ttags\t=\t[]\t# a remark\n+++\t\nText.", "tabs and trailing space"),
        ("+++\n+++\n\n\nText.", "no fields at all"),
    ],
)
def test_what_editors_leave_behind_does_no_harm(tmp_path: Path, text: str, reason: str) -> None:
    posts, problems = read(tmp_path, text)

    assert ([part.text for post in posts for part in post.parts], problems) == (["Text."], []), reason


@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ('tags = "flight"', "bad-value: tags: write a list, not a text: ['flight']"),
        ("tags = [1]", "bad-value: tags[0]: write a text, not a whole number"),
        ("text = 5", "bad-value: text: write a table, not a whole number"),
        ("text.bluesky = 5", "bad-value: text.bluesky: write a text, not a whole number"),
        ("lang = true", "bad-value: lang: write a text, not true or false"),
        ('tone = "happy"', "bad-value: tone: 'happy' cannot be; write celebration, remembrance or neutral"),
        ('use = "never"', "bad-value: use: 'never' cannot be; write evergreen, dated or hold"),
        ("tag = []", "unknown-field: no field called 'tag'; did you mean \"tags\"?"),
        ("thread = 'cut'", "bad-value: thread: 'cut' cannot be; write split or numbered"),
        ("thread = true", "bad-value: thread: write a text, not true or false"),
        ("warning = 1", "bad-value: warning: write a text, not a whole number"),
        ("xyz = 1", f"unknown-field: no field called 'xyz'; {KNOWN}"),
        ("media = [{ file = 5 }]", "bad-value: media[0].file: write a text, not a whole number"),
        (
            'media = [{ alt = "A" }]',
            "missing: name a file, or a card that is drawn, in media[0]: one of the two",
        ),
        ('media = [{ file = "a.png", size = 1 }]', "unknown-field: no field called 'size' in media[0]"),
        (
            'media = [{ file = "a.png", focus = [0, 1.5] }]',
            "bad-value: media[0].focus[1]: write a number <= 1.0",
        ),
        (
            'media = [{ file = "a.png", focus = [0] }]',
            "bad-value: media[0].focus: write a list of length 2, not 1",
        ),
        (
            'media = [{ file = "a.png", part = 2 }]',
            "bad-value: media: a.png belongs to part 2, and there are 1",
        ),
        ("quote = 5", "bad-value: quote: write a text or a table, not a whole number"),
        (
            'posted = "someday"',
            "bad-value: posted: write a date such as 2021-04-19, or an instant such as 2021-04-19T07:34:00Z",
        ),
        (
            "posted = 07:34:00",
            "bad-value: posted: write a date such as 2021-04-19, or an instant such as 2021-04-19T07:34:00Z",
        ),
        (
            "posted = 2021-04-19T07:34:00",
            "bad-value: posted: an instant needs its zone; write 2021-04-19T07:34:00Z, or the date alone",
        ),
        ("posted = 0001-01-01", "bad-value: posted: the year 1 cannot be meant"),
        ("review = 2027-06-01T00:00:00Z", f"bad-value: review: {REVIEW}"),
        ("review = 2027", f"bad-value: review: {REVIEW}"),
        ('review = "someday"', f"bad-value: review: {REVIEW}"),
        ('review = "2027-13-01"', f"bad-value: review: {REVIEW}"),
        ("tags = flight", "toml: Invalid value; a text stands in quotes, a list in brackets"),
        ('credit = "open', "toml: Illegal character '\\n'; close the text before its line ends"),
        ("quote", "toml: Expected '=' after a key in a key/value pair"),
        ('lang = "en"\nlang = "pt"', "toml: Cannot overwrite a value; the same key stands twice"),
    ],
)
def test_a_wrong_field_is_named_with_its_line_and_what_would_be_right(
    tmp_path: Path, field: str, fault: str
) -> None:
    posts, problems = read(tmp_path, post_file("Text.", 'source = "s"', "# a remark", field, 'event = "e"'))

    line = 4 + field.count("\n")
    assert (posts, problems) == ([], [f"corpus/a.md:{line}: {fault}"])


def test_a_list_that_is_never_closed_is_told_where_it_begins(tmp_path: Path) -> None:
    _, problems = read(tmp_path, post_file("Text.", 'lang = "en"', 'tags = ["a"', 'event = "e"'))

    assert problems == ["corpus/a.md:3: toml: Unclosed array; close the list with a bracket"]


def test_a_text_that_is_never_closed_is_told_where_it_begins(tmp_path: Path) -> None:
    _, problems = read(tmp_path, post_file("Text.", 'lang = "en"', 'source = """', 'event = "e"'))

    assert problems == ["corpus/a.md:3: toml: Unterminated string"]


def test_an_error_behind_a_very_long_list_is_told_where_it_is_seen(tmp_path: Path) -> None:
    tags = ["tags = [", *['  "a",'] * 600, "]"]

    _, problems = read(tmp_path, post_file("Text.", *tags, "event = e"))

    assert problems == ["corpus/a.md:604: toml: Invalid value; a text stands in quotes, a list in brackets"]


def test_an_error_at_the_end_of_very_long_fields_is_told_at_their_end(tmp_path: Path) -> None:
    _, problems = read(tmp_path, post_file("Text.", 'source = """', *["line"] * 600))

    assert problems == ["corpus/a.md:602: toml: Unterminated string"]


def test_one_wrong_field_hides_no_other(tmp_path: Path) -> None:
    fields = [
        "tags = 1",
        "text.x = '''",
        "tone = 'a line of text, no field'",
        "'''",
        "tone = 'odd'",
        "text.y = 2",
        "  xyz = 3",
    ]

    _, problems = read(tmp_path, post_file("Text.", *fields))

    assert problems == [
        "corpus/a.md:2: bad-value: tags: write a list, not a whole number",
        "corpus/a.md:7: bad-value: text.y: write a text, not a whole number",
        "corpus/a.md:6: bad-value: tone: 'odd' cannot be; write celebration, remembrance or neutral",
        f"corpus/a.md:8: unknown-field: no field called 'xyz'; {KNOWN}",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1: front-matter: a post begins with a line +++, its fields, and a line +++"),
        ("Text.", "1: front-matter: a post begins with a line +++, its fields, and a line +++"),
        ("---\ntags: []\n---", "1: front-matter: a post begins with a line +++, its fields, and a line +++"),
        (
            "+++\nText.",
            "1: front-matter: the fields begin with +++ and never end; close them with a line +++",
        ),
        (PNG, "1: encoding: not UTF-8 at byte 0; save it as UTF-8, if it is a text"),
        (
            "+++\n+++\nolá".encode("latin-1"),
            "1: encoding: not UTF-8 at byte 10; save it as UTF-8, if it is a text",
        ),
    ],
)
def test_a_file_that_is_no_post_is_named(tmp_path: Path, text: str | bytes, fault: str) -> None:
    assert read(tmp_path, text) == ([], [f"corpus/a.md:{fault}"])


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("nonsense", "json: JSON is malformed: invalid character (byte 4)"),
        ('{"id": "a"', "json: Input data was truncated"),
        ('{"id": 5, "parts": [}', "json: JSON is malformed: invalid character (byte 20)"),
        ("[]", "bad-value: write a table, not a list"),
        ('{"parts": [{"text": "T"}]}', "missing: id is missing"),
        ('{"id": "a"}', "missing: parts is missing"),
        ('{"id": "a", "parts": []}', "bad-value: parts: write a list of length >= 1"),
        (
            '{"id": "a b", "parts": [{}]}',
            "bad-value: id: 'a b' cannot be; write letters, digits, dots, hyphens and underscores",
        ),
        ('{"id": "a", "parts": [{"txt": "T"}]}', "unknown-field: no field called 'txt' in parts[0]"),
        ('{"id": "a", "parts": [{}], "tone": "odd"}', "bad-value: tone: 'odd' cannot be; write celebration, remembrance or neutral"),
        ('{"id": "a", "parts": [{}], "text": {"x": 1}}', "bad-value: text.x: write a text, not a whole number"),
        ('{"id": "a", "parts": [{}], "posted": 5}', "bad-value: posted: write a date such as 2021-04-19, or an instant such as 2021-04-19T07:34:00Z"),
        ('{"id": "a", "parts": [{}], "media": [{"file": "a", "part": 2}]}', "bad-value: media: a belongs to part 2, and there are 1"),
    ],
)  # fmt: skip
def test_a_broken_line_is_named_and_hides_no_other(tmp_path: Path, line: str, fault: str) -> None:
    good = '{"id": "good/%d", "parts": [{"text": "T"}]}'
    lines = f"{good % 1}\n\n{line}\n{good % 2}\n"

    posts, problems = read(tmp_path, lines, "bulk.jsonl")

    assert [post.id for post in posts] == ["good/1", "good/2"]
    assert problems == [f"corpus/bulk.jsonl:3: {fault}"]


def test_an_id_is_given_once(tmp_path: Path) -> None:
    line = '{"id": "a", "parts": [{"text": "T"}]}'
    root = corpus(tmp_path, **{"a.md": post_file("Text."), "b.jsonl": f"{line}\n"})

    posts, problems = read_corpus(root)

    assert [post.place.file for post in posts] == ["corpus/a.md"]
    message = "the id 'a' is taken by corpus/a.md:3; rename one of them"
    assert problems == [Problem("corpus/b.jsonl", 1, "duplicate-id", message)]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("none.png", "there is no file corpus/kites/none.png"),
        ("../../secret.png", "secret.png lies outside corpus/"),
        ("/etc/hosts", "/etc/hosts lies outside corpus/"),
        ("outside.png", "corpus/kites/outside.png lies outside corpus/"),
        ("folder", "there is no file corpus/kites/folder"),
        ("a\\u0000.png", "corpus/kites/a\0.png cannot be read: embedded null byte"),
    ],
)
def test_a_picture_is_a_file_within_the_corpus(tmp_path: Path, file: str, message: str) -> None:
    media = ["media = [", '  { file = "../a.png", alt = "A" },', f'  {{ file = "{file}", alt = "B" }},', "]"]
    root = corpus(
        tmp_path, **{"kites__b.md": post_file("Text.", *media), "a.png": PNG, "kites__folder__c": PNG}
    )
    (root / "corpus/kites/outside.png").symlink_to("/etc/hosts")

    posts, problems = read_corpus(root)

    line = 4 if "\\" not in file else 2
    assert problems == [Problem("corpus/kites/b.md", line, "media", message)]
    assert posts[0].parts[0].media[0].file == "corpus/a.png"


def test_links_in_a_ring_are_a_problem_of_the_post_that_shows_them(tmp_path: Path) -> None:
    root = corpus(tmp_path, **{"a.md": post_file("Text.", 'media = [{ file = "ring.png", alt = "A" }]')})
    (root / "corpus/ring.png").symlink_to("ring.png")
    (root / "corpus/ring.md").symlink_to("ring.md")
    (root / "corpus/loop").symlink_to("../corpus", target_is_directory=True)

    posts, problems = read_corpus(root)

    assert [post.id for post in posts] == ["a"]
    assert [problem.line for problem in problems] == [2]
    assert "ring.png" in problems[0].message


def test_a_folder_named_like_a_post_is_a_folder(tmp_path: Path) -> None:
    posts, problems = read(tmp_path, post_file("Text."), "notes.md__b.MD")

    assert ([post.id for post in posts], [post.tags for post in posts], problems) == (
        ["notes.md/b"],
        [("notes.md",)],
        [],
    )


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    root = corpus(tmp_path, **{"good.md": post_file("Text.")})
    (root / "corpus/memory.md").symlink_to("/proc/self/mem")

    posts, problems = read_corpus(root)

    assert [post.id for post in posts] == ["good"]
    assert problems == [Problem("corpus/memory.md", 1, "unreadable", "cannot be read: Input/output error")]


def test_a_name_that_is_not_utf8_is_a_problem(tmp_path: Path) -> None:
    root = corpus(tmp_path, **{"caf\udce9.md": post_file("Text."), "good.md": post_file("Text.")})

    posts, problems = read_corpus(root)

    assert [post.id for post in posts] == ["good"]
    assert [str(problem) for problem in problems] == [
        "corpus/caf\\udce9.md:1: encoding: the file's name is not UTF-8; rename it"
    ]


def test_a_project_without_corpus_has_nothing_to_say(tmp_path: Path) -> None:
    assert read_corpus(tmp_path) == ([], [])


def test_a_line_of_a_megabyte_is_a_post_like_any_other(tmp_path: Path) -> None:
    text = "word " * 200_000

    (post,), problems = read(tmp_path, post_file(text))

    assert (len(post.parts[0].text), problems) == (len(text) - 1, [])


FILE = """+++
event = "e"
media = [
  { file = "a.png", alt = "A" },
  { file = "b.png", alt = "B" },
]

[text]
x = "X"
bluesky = '''
Blue
sky'''
+++

First line.
Second line.

---

Third line.
"""


@pytest.mark.parametrize(
    ("where", "line", "reason"),
    [
        ({"key": "event"}, 2, "a field"),
        ({"key": "media"}, 3, "a list at its beginning"),
        ({"key": "media", "near": "b.png"}, 5, "or at what is meant in it"),
        ({"key": "text.x"}, 9, "a field within a table"),
        ({"key": "text.bluesky", "near": "sky'''"}, 12, "a text of many lines"),
        ({"key": "text.mastodon"}, 8, "the table, if the field is not there"),
        ({"key": "quote"}, 1, "the file, if nothing of it is"),
        ({}, 15, "the first part"),
        ({"near": "Second"}, 16, "a line of it"),
        ({"near": "nowhere"}, 15, "its beginning, if the words are not there"),
        ({"part": 2}, 20, "a later part"),
    ],
)
def test_a_line_is_found_for_every_field_and_part(
    tmp_path: Path, where: dict[str, Any], line: int, reason: str
) -> None:
    root = corpus(tmp_path, **{"a.md": FILE, "a.png": PNG, "b.png": PNG})
    posts, _ = read_corpus(root)

    assert line_in(posts[0], root, **where) == line, reason


@pytest.mark.parametrize("now", ["", "Text.", "+++\nnever ends", None, b"\xff"])
def test_a_file_that_changed_meanwhile_is_told_at_its_old_place(
    tmp_path: Path, now: str | bytes | None
) -> None:
    root = corpus(tmp_path, **{"a.md": post_file("Text.")})
    posts, _ = read_corpus(root)
    if now is None:
        (root / "corpus/a.md").unlink()
    else:
        corpus(root, **{"a.md": now})

    assert line_in(posts[0], root, key="event") == 3


def test_a_line_of_json_is_its_own_place(tmp_path: Path) -> None:
    posts, _ = read(tmp_path, '\n{"id": "a", "parts": [{"text": "T"}]}', "bulk.jsonl")

    assert line_in(posts[0], tmp_path, key="event", near="x") == 2


def test_a_post_is_written_with_what_differs_from_the_usual() -> None:
    post = Post(
        "kites/first",
        (Part("One.\n---\nStill one.", (Media("corpus/a.png", 'A "kite"'),)), Part("Two.", (Media("corpus/kites/b.png", "B", "Me", (0.5, -1.0)),))),
        tags=("kites",),
        posted=date(2021, 4, 19),
        use=Uses.HOLD,
        wordings={"blue sky": ("Un.", "Deux.")},
        quote={"x": "https://x.com/1"},
        reasons=("a\x7fb",),
    )  # fmt: skip

    text = markdown(post, remarks=("from a file\nwith two lines",))

    assert text == (
        "+++\n"
        "# from a file with two lines\n"
        'tags = ["kites"]\n'
        "posted = 2021-04-19\n"
        'use = "hold"\n'
        'reasons = ["a\\u007fb"]\n'
        'media = [{ file = "../a.png", alt = "A \\"kite\\"" }, '
        '{ file = "b.png", alt = "B", credit = "Me", focus = [0.5, -1.0], part = 2 }]\n'
        'text = { "blue sky" = "Un.\\n---\\nDeux." }\n'
        'quote = { x = "https://x.com/1" }\n'
        "+++\n"
        "One.\n\\---\nStill one.\n\n---\n\nTwo.\n"
    )


def test_tables_in_a_list_have_lines_of_their_own(tmp_path: Path) -> None:
    fields = ["[[media]]", 'file = "a.png"', "", "[[media]]", 'alt = "B"', "file = 5", "", "[[media]]"]

    _, problems = read(tmp_path, post_file("Text.", "[text]", 'x = "X"', *fields))

    assert problems == ["corpus/a.md:9: bad-value: media[1].file: write a text, not a whole number"]


def test_a_table_is_named_by_its_place_where_a_field_is_missing(tmp_path: Path) -> None:
    _, problems = read(tmp_path, post_file("Text.", "[[media]]", 'file = "a"', "", "[[media]]", 'alt = "B"'))

    assert problems == [
        "corpus/a.md:5: missing: name a file, or a card that is drawn, in media[1]: one of the two"
    ]


def test_a_table_where_a_text_is_wanted_is_named(tmp_path: Path) -> None:
    _, problems = read(tmp_path, post_file("Text.", "[text]", "", "[text.bluesky]", 'part = "B"'))

    assert problems == ["corpus/a.md:4: bad-value: text.bluesky: write a text, not a table"]


def test_a_card_is_kept_as_it_is_named_and_written_again(tmp_path: Path) -> None:
    text = post_file("Text.", 'media = [{ card = "anniversary", theme = "dark" }]')

    (found,), problems = read(tmp_path, text)

    assert problems == []
    assert found.parts[0].media == (Media("", "", card="anniversary", theme="dark"),)
    assert 'media = [{ card = "anniversary", theme = "dark" }]' in markdown(found)


@pytest.mark.parametrize(
    ("media", "problem"),
    [
        ('{ card = "fireworks" }', "bad-value: media[0].card"),
        ('{ card = "sky", theme = "pink" }', "bad-value: media[0].theme"),
        ('{ card = "sky", file = "a.png" }', "missing: name a file, or a card that is drawn, in media[0]"),
    ],
)
def test_a_card_is_one_of_those_that_can_be_drawn(tmp_path: Path, media: str, problem: str) -> None:
    _, problems = read(tmp_path, post_file("Text.", f"media = [{media}]"))

    assert problems[0].startswith(f"corpus/a.md:2: {problem}")
