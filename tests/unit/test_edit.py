"""A post's file changed where it stands, case by case."""

import json
import os
import resource
import stat
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from msgspec.structs import replace

from bot.corpus.change import Change
from bot.corpus.edit import Edit, edited, file_digest, undone, write
from bot.errors import BadCall, Problems
from bot.model import Post, Project, Tone, Uses
from bot.project import read_project

ACCOUNTS = '[account.museum]\nnetwork = "x"\n\n[mention.friends]\nname = "our friends"\n'
KITE = """\
+++
# who flew it
tags = ["wind"]   # and more
tone = "celebration"
source = 'https://kites.example/a'

text.bluesky = "On the blue side."
+++

A kite flew.

---
It came down.
"""


def project(root: Path, content: str = KITE, name: str = "kites/a.md") -> Project:
    for file, text in {"schedules/accounts.toml": ACCOUNTS, f"corpus/{name}": content}.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(text.encode())
    return read_project(root)[0]


def the(found: Project) -> Post:
    return found.corpus.posts[0]


def edit_of(found: Project, **fields: Any) -> Edit:
    post = the(found)
    return edited(post, found, replace(Change(), **fields), seen=file_digest(post, Path(found.root)))


def after(root: Path, content: str, **fields: Any) -> str:
    return edit_of(project(root, content), **fields).after.decode()


WITH_WORDING = (
    KITE.replace("A kite flew.", "One.").replace("---\nIt came down.\n", "").replace("\n\n\n", "\n\n")
)


UNWORDED = KITE.replace('text.bluesky = "On the blue side."\n', "")


@pytest.mark.parametrize(
    ("fields", "old", "new"),
    [
        ({"tone": Tone.REMEMBRANCE}, 'tone = "celebration"', 'tone = "remembrance"'),
        ({"tone": Tone.NEUTRAL}, 'tone = "celebration"\n', ""),
        ({"use": Uses.EVERGREEN}, "", ""),
        ({"use": Uses.DATED}, '"On the blue side."\n', '"On the blue side."\nuse = "dated"\n'),
        ({"tags": ("wind",)}, "", ""),
        ({"tags": ("kites", "wind")}, "", ""),
        ({"tags": ("wind", "sky")}, '["wind"]   #', '["wind", "sky"]   #'),
        ({"tags": ("sky",)}, '["wind"]', '["sky"]'),
        ({"tags": ("sky", "wind")}, '["wind"]', '["sky", "wind"]'),
        ({"tags": ()}, 'tags = ["wind"]   # and more\n', ""),
        ({"source": "https://b.example"}, "'https://kites.example/a'", "'https://b.example'"),
        ({"source": "it's"}, "'https://kites.example/a'", '"it\'s"'),
        ({"texts": {2: "It landed."}}, "It came down.", "It landed."),
        ({"texts": {1: "A kite\n---\nflew."}}, "A kite flew.", "A kite\n\\---\nflew."),
        ({"texts": {1: "  A kite flew. \n"}}, "", ""),
        ({"posted": date(2021, 4, 19)}, 'side."\n', 'side."\nposted = 2021-04-19\n'),
        ({"posted": datetime(2021, 4, 19, 7, 34, tzinfo=UTC)}, 'side."\n', 'side."\nposted = 2021-04-19T07:34:00+00:00\n'),
        ({"review": date(2030, 1, 1)}, 'side."\n', 'side."\nreview = 2030-01-01\n'),
        ({"event": ""}, "", ""),
        ({"warning": " loud "}, 'side."\n', 'side."\nwarning = "loud"\n'),
        ({"wordings": {"bluesky": ()}}, '\ntext.bluesky = "On the blue side."\n', "\n"),
        ({"wordings": {"bluesky": ("a", "b")}}, '"On the blue side."', '"a\\n---\\nb"'),
        ({"wordings": {"x": ("a", "b")}}, 'side."\n', 'side."\ntext.x = """\na\n---\nb"""\n'),
        ({"wordings": {"x": ("+++", "b")}}, 'side."\n', 'side."\ntext.x = "+++\\n---\\nb"\n'),
    ],
)  # fmt: skip
def test_only_what_changes_is_written_anew(
    tmp_path: Path, fields: dict[str, Any], old: str, new: str
) -> None:
    assert after(tmp_path, KITE, **fields) == KITE.replace(old, new, 1)


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ('text = { x = "a" }', 'text = { x = "b" }'),
        ('text = { x = "a", mastodon = "m" }', 'text = { x = "b", mastodon = "m" }'),
        ('[text]\n"x" = "a"  # own', '[text]\n"x" = "b"  # own'),
        ('text.x = """\n\na"""', 'text.x = """\n\nb"""'),
        ('text.x = """a\n"""', 'text.x = """b\n"""'),
        ("text.x = '''\na'''", 'text.x = """\nb"""'),
        ('text.x = "a"\ntone = "celebration"\ntext.bluesky = "c"', 'text.x = "b"\ntone = "celebration"\ntext.bluesky = "c"'),
    ],
)  # fmt: skip
def test_a_wording_is_changed_in_whatever_way_it_is_written(
    tmp_path: Path, written: str, changed: str
) -> None:
    content = "+++\n{}\n+++\nText.\n"

    assert after(tmp_path, content.format(written), wordings={"x": ("b",)}) == content.format(changed)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ('tone = "celebration"\ntext = { x = "a" }\n', 'tone = "celebration"\n'),
        ('tone = "celebration"\ntext.x = "a"\n', 'tone = "celebration"\n'),
        (
            'text.x = "a"\ntone = "celebration"\ntext.bluesky = "c"\n',
            'tone = "celebration"\ntext.bluesky = "c"\n',
        ),
    ],
)
def test_a_wording_is_taken_away_with_what_held_it(tmp_path: Path, written: str, left: str) -> None:
    content = "+++\n{}+++\nText.\n"

    assert after(tmp_path, content.format(written), wordings={"x": ()}) == content.format(left)


def test_a_first_wording_comes_behind_all_fields(tmp_path: Path) -> None:
    content = '+++\ntone = "celebration"\n\n[[media]]\nfile = "a.png"\nalt = "A kite."\n+++\nText.\n'

    changed = after(tmp_path, content, wordings={"x": ("b",)})

    assert changed == content.replace("\n\n[[", '\ntext.x = "b"\n\n[[')


def test_quotation_marks_stay_plain_in_a_text_of_many_lines(tmp_path: Path) -> None:
    content = '+++\ntext.x = """\nHe said "no"."""\n+++\nText.\n'

    plain = after(tmp_path, content, wordings={"x": ('She said "yes"\nand \\o/.',)})
    at_the_end = after(tmp_path, content, wordings={"x": ('She said "yes"',)})

    assert 'text.x = """\nShe said "yes"\nand \\\\o/."""\n' in plain
    assert 'text.x = """\nShe said \\"yes\\""""\n' in at_the_end


@pytest.mark.parametrize(
    "written",
    [
        'media = [{ file = "a.png", alt = "one" }, {file="b.png",alt="two",part=2}] # both',
        '[[media]]\nfile = "a.png"\nalt = "one" # first\n[[media]]\nfile = "b.png"\nalt = "two"\npart = 2',
    ],
)
def test_an_alt_text_is_changed_at_its_picture(tmp_path: Path, written: str) -> None:
    content = f"+++\n{written}\n+++\nText.\n---\nMore.\n"

    changed = after(tmp_path, content, alts={(2, 1): "A kite."})

    assert changed == content.replace('"two"', '"A kite."')


@pytest.mark.parametrize(
    ("content", "texts", "expected"),
    [
        ("+++\n+++\n", {1: "Text."}, "+++\n+++\nText.\n"),
        ("+++\n+++", {1: "Text."}, "+++\n+++\nText.\n"),
        ("+++\r\n+++", {1: "Text\nmore."}, "+++\r\n+++\r\nText\r\nmore.\r\n"),
        ("+++\n+++\n\nText.\n\n---\n---\n", {2: "Two."}, "+++\n+++\n\nText.\n\n---\nTwo.\n---\n"),
        ("+++\n+++\nText.\n---", {2: "Two."}, "+++\n+++\nText.\n---\nTwo.\n"),
        ("+++\n+++\nText.\n---\n\n\n---\nC", {2: "Two."}, "+++\n+++\nText.\n---\n\nTwo.\n---\nC"),
        ("+++\n+++\nText.", {1: "Other."}, "+++\n+++\nOther."),
        ("+++\n+++\nText.\n---\nB\n", {1: ""}, "+++\n+++\n\n---\nB\n"),
    ],
)
def test_a_text_comes_to_where_it_belongs(
    tmp_path: Path, content: str, texts: dict[int, str], expected: str
) -> None:
    assert after(tmp_path, content, texts=texts) == expected


def test_mark_and_line_ends_of_a_file_stay(tmp_path: Path) -> None:
    content = "\ufeff" + KITE.replace("\n", "\r\n")

    changed = after(tmp_path, content, use=Uses.DATED, texts={1: "A kite\nsank."})

    assert changed.startswith("\ufeff+++\r\n")
    assert changed.count("\n") == changed.count("\r\n") == content.count("\n") + 2


APART = '[[media]]\nfile = "a.png"\n[text]\nx = "a"\n[[media]]\nfile = "b.png"'


def test_a_text_is_changed_even_where_fields_cannot_be(tmp_path: Path) -> None:
    content = f"+++\n{APART}\n+++\nText.\n"

    assert after(tmp_path, content, texts={1: "Other."}) == content.replace("Text", "Other")


LINES = '{"id": "a", "parts": [{"text": "A."}]}\n\n{"tags":["sky"],"id":"b","parts":[{"text":"B."}],"tone":"celebration"}\n'


@pytest.mark.parametrize(
    ("fields", "old", "new"),
    [
        ({"texts": {1: "Ä\n---"}}, '"B."', '"Ä\\n---"'),
        ({"tone": Tone.NEUTRAL}, ',"tone":"celebration"', ""),
        ({"tags": ()}, '"tags":["sky"],', ""),
        ({"posted": date(2021, 4, 19)}, 'celebration"}', 'celebration","posted":"2021-04-19"}'),
        ({"wordings": {"x": ("---",)}}, 'celebration"}', 'celebration","text":{"x":"\\\\---"}}'),
        ({"wordings": {"x": ()}}, "", ""),
        ({}, "", ""),
    ],
)
def test_of_a_file_of_many_one_line_is_changed(
    tmp_path: Path, fields: dict[str, Any], old: str, new: str
) -> None:
    found = project(tmp_path, LINES, "all.jsonl")
    post = found.corpus.by_id["b"]

    edit = edited(post, found, replace(Change(), **fields), seen=file_digest(post, tmp_path))

    assert edit.after.decode() == LINES.replace(old, new, 1)


PICTURED = {
    "id": "a", "media": [{"file": "a.png", "part": 2, "alt": "Two."}], "text": {"x": "A\n---\n\\---", "bluesky": "C\n---\nD"},
    "parts": [{"text": "A.", "media": [{"file": "b.png", "alt": "One."}]}, {"text": "B.", "media": [{"file": "c.png"}]}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "old", "new"),
    [
        ({"alts": {(2, 2): "Zwei."}}, "Two.", "Zwei."),
        ({"alts": {(1, 1): ""}}, ', "alt": "One."', ""),
        ({"alts": {(2, 1): "Three."}}, '"c.png"', '"c.png", "alt": "Three."'),
        ({"wordings": {"x": ("A", "b")}}, "\\\\---", "b"),
        ({"wordings": {"x": ()}}, '"x": "A\\n---\\n\\\\---", ', ""),
    ],
)
def test_pictures_and_wordings_of_a_line_are_changed_where_they_stand(
    tmp_path: Path, fields: dict[str, Any], old: str, new: str
) -> None:
    line = json.dumps(PICTURED)

    assert edit_of(project(tmp_path, line, "all.jsonl"), **fields).after.decode() == line.replace(old, new)


def test_other_lines_of_a_file_of_many_may_change_meanwhile(tmp_path: Path) -> None:
    found = project(tmp_path, LINES, "all.jsonl")
    post = found.corpus.by_id["b"]
    seen = file_digest(post, tmp_path)
    (tmp_path / "corpus/all.jsonl").write_text("nonsense\n\n\n" + LINES.replace('"A."', '"AA."'))

    edit = edited(post, found, Change(tone=Tone.NEUTRAL), seen=seen)

    assert edit.post.place.line == 6
    assert b'"AA."' in edit.after


def test_a_line_that_is_gone_is_named(tmp_path: Path) -> None:
    found = project(tmp_path, LINES, "all.jsonl")
    post = found.corpus.by_id["b"]
    (tmp_path / "corpus/all.jsonl").write_text('{"id": "a", "parts": [{"text": "A."}]}')

    with pytest.raises(BadCall, match=r"^b is no longer in corpus/all.jsonl$"):
        file_digest(post, tmp_path)


CHANGED = "somebody changed corpus/kites/a.md meanwhile; look at it again, then decide"


@pytest.mark.parametrize("content", [KITE.replace("flew", "fell"), KITE.replace("who", "whose"), "\udcff"])
def test_what_somebody_changed_meanwhile_is_not_overwritten(tmp_path: Path, content: str) -> None:
    found = project(tmp_path)
    seen = file_digest(the(found), tmp_path)
    (tmp_path / "corpus/kites/a.md").write_bytes(content.encode(errors="surrogateescape"))

    with pytest.raises(BadCall) as caught:
        edited(the(found), found, Change(tone=Tone.NEUTRAL), seen=seen)

    assert str(caught.value) == CHANGED


def test_a_post_that_is_not_what_its_file_says_is_not_changed(tmp_path: Path) -> None:
    found = project(tmp_path)
    (tmp_path / "corpus/kites/a.md").write_text(KITE.replace("flew", "fell"))

    with pytest.raises(BadCall, match="meanwhile"):
        edit_of(found, tone=Tone.NEUTRAL)


def test_a_file_changed_between_deciding_and_writing_stays(tmp_path: Path) -> None:
    edit = edit_of(project(tmp_path), tone=Tone.NEUTRAL)
    (tmp_path / "corpus/kites/a.md").write_text("mine")

    with pytest.raises(BadCall) as caught:
        write(edit)

    assert str(caught.value) == CHANGED
    assert (tmp_path / "corpus/kites/a.md").read_text() == "mine"


ZONELESS = "posted: an instant needs its zone; write 2021-04-19T07:34:00Z, or the date alone"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"texts": {3: "x"}}, "the post has no part 3; it has 2"),
        ({"alts": {(1, 1): "x"}}, "the post has no picture (1, 1); it has 0"),
        ({"texts": {1: "\ud800"}}, "no file can hold the sign U+D800; remove it"),
        (
            {"posted": datetime(2021, 4, 19)},  # noqa: DTZ001 - this is what is wrong with it
            f"corpus/kites/a.md cannot say it: {ZONELESS}; edit the file by hand",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    tmp_path: Path, fields: dict[str, Any], message: str
) -> None:
    found = project(tmp_path)

    with pytest.raises(BadCall) as caught:
        edit_of(found, **fields)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    "matter", [APART, 'tone = "celebration"\rcredit = "a"', "tags = [\"a\", 'b'] \r# who\nuse = 'hold'"]
)
def test_fields_that_cannot_be_changed_in_place_are_left(tmp_path: Path, matter: str) -> None:
    found = project(tmp_path, f"+++\n{matter}\n+++\nText.\n")

    with pytest.raises(BadCall, match="cannot be changed in place; edit the file by hand"):
        edit_of(found, tone=Tone.REMEMBRANCE)


def test_without_its_extra_the_desk_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = project(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tomlkit"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "tomlkit", None)

    with pytest.raises(BadCall, match=r"pip install 'redletter\[web\]'$"):
        edit_of(found, tone=Tone.NEUTRAL)


def test_an_edit_that_would_make_the_post_faulty_is_found_and_never_written(tmp_path: Path) -> None:
    found = project(tmp_path, UNWORDED)

    edit = edit_of(found, texts={1: "Tonight a kite flew by {@nobody}."}, event="opening")

    assert sorted(problem.code for problem in edit.brought) == ["claim", "unknown-event", "unknown-mention"]
    assert edit.problems == edit.brought
    with pytest.raises(Problems, match="Tonight"):
        write(edit)
    assert (tmp_path / "corpus/kites/a.md").read_text() == UNWORDED


def test_a_fault_that_was_there_before_keeps_nobody_from_mending_another(tmp_path: Path) -> None:
    content = UNWORDED.replace("+++\n#", '+++\nmedia = [{ file = "gone.png", alt = "A kite." }]\n#')
    found = project(tmp_path, content.replace("A kite flew.", "Tonight a kite flew."))

    edit = edit_of(found, texts={1: "A kite flew."})
    write(edit)

    assert [problem.code for problem in edit.problems] == ["media"]
    assert edit.brought == ()
    assert (tmp_path / "corpus/kites/a.md").read_text() == content


@pytest.mark.parametrize(("quote", "codes"), [("b", []), ("a", []), ("c", ["unknown-post"])])
def test_a_quoted_post_is_known_if_the_corpus_has_it(tmp_path: Path, quote: str, codes: list[str]) -> None:
    lines = f'{{"id": "a", "quote": "{quote}", "parts": [{{"text": "A."}}]}}\n{{"id": "b", "parts": [{{"text": "Tonight."}}]}}'
    found = project(tmp_path, lines, "all.jsonl")

    edit = edit_of(found, texts={1: "AA."})

    assert [problem.code for problem in edit.problems] == codes


def test_an_edit_is_written_whole_and_can_be_undone(tmp_path: Path) -> None:
    found = project(tmp_path)
    file = tmp_path / "corpus/kites/a.md"
    file.chmod(0o640)
    edit = edit_of(found, tone=Tone.NEUTRAL)

    write(edit)
    written = file.read_text()
    write(undone(edit, the(found)))

    assert written == KITE.replace('tone = "celebration"\n', "")
    assert file.read_text() == KITE
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [each.name for each in file.parent.iterdir()] == ["a.md"]


def test_where_nothing_changes_nothing_is_written(tmp_path: Path) -> None:
    found = project(tmp_path)
    before = (tmp_path / "corpus/kites/a.md").stat()

    write(edit_of(found, tone=Tone.CELEBRATION))

    assert (tmp_path / "corpus/kites/a.md").stat().st_ino == before.st_ino


def test_a_link_stays_a_link_and_what_it_leads_to_is_changed(tmp_path: Path) -> None:
    found = project(tmp_path, name="drafts/a.md")
    (tmp_path / "corpus/kites").mkdir()
    (tmp_path / "corpus/kites/b.md").symlink_to("../drafts/a.md")
    post = read_project(tmp_path)[0].corpus.by_id["kites/b"]

    write(edited(post, found, Change(tone=Tone.NEUTRAL), seen=file_digest(post, tmp_path)))

    assert (tmp_path / "corpus/kites/b.md").is_symlink()
    assert "tone" not in (tmp_path / "corpus/drafts/a.md").read_text()


def test_nothing_outside_the_corpus_is_written(tmp_path: Path) -> None:
    found = project(tmp_path)
    edit = edit_of(found, tone=Tone.NEUTRAL)
    outside = tmp_path / "outside.md"
    (tmp_path / "corpus/kites/a.md").rename(outside)
    (tmp_path / "corpus/kites/a.md").symlink_to(outside)
    message = "corpus/kites/a.md lies outside corpus/, and nothing is written there"

    for act in (lambda: write(edit), lambda: edit_of(found, tone=Tone.NEUTRAL)):
        with pytest.raises(BadCall) as caught:
            act()
        assert str(caught.value) == message

    assert outside.read_text() == KITE


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    found = project(tmp_path)
    edit = edit_of(found, tone=Tone.NEUTRAL)
    (tmp_path / "corpus/kites/a.md").unlink()

    with pytest.raises(BadCall, match=r"^corpus/kites/a.md is no longer there$"):
        write(edit)


def test_a_folder_in_its_place_cannot_be_read(tmp_path: Path) -> None:
    found = project(tmp_path)
    (tmp_path / "corpus/kites/a.md").unlink()
    (tmp_path / "corpus/kites/a.md").mkdir()

    with pytest.raises(BadCall, match=r"^corpus/kites/a.md cannot be read: Is a directory$"):
        file_digest(the(found), tmp_path)


def test_where_no_room_is_left_the_old_file_stands(tmp_path: Path) -> None:
    found = project(tmp_path)
    edit = edit_of(found, texts={1: "A kite flew. " * 500})
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))

    try:
        with pytest.raises(BadCall) as caught:
            write(replace(edit, brought=()))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert str(caught.value) == "corpus/kites/a.md cannot be written: File too large; it stands as it was"
    assert (tmp_path / "corpus/kites/a.md").read_text() == KITE
    assert [each.name for each in (tmp_path / "corpus/kites").iterdir()] == ["a.md"]


def test_in_a_folder_that_takes_no_file_the_old_one_stands() -> None:
    with TemporaryDirectory() as root:  # one that others than its owner can look into
        found = project(Path(root))
        edit = edit_of(found, tone=Tone.NEUTRAL)
        folder = Path(root, "corpus/kites")
        Path(root).chmod(0o755)
        folder.chmod(0o555)
        child = os.fork()
        if not child:  # pragma: no cover - another process
            _write_as_nobody(edit)

        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

        folder.chmod(0o755)
        assert status == 3
        assert (folder / "a.md").read_text() == KITE


def _write_as_nobody(edit: Edit) -> None:  # pragma: no cover - another process
    """Exit with 3 where the edit is refused as it must be; root may write everywhere, so be someone else."""
    try:
        if os.getuid() == 0:
            os.setuid(65_534)
        write(edit)
    except BadCall as error:
        is_told = str(error) == "corpus/kites/a.md cannot be written: Permission denied; it stands as it was"
        os._exit(3 if is_told else 4)
    finally:
        os._exit(5)
