"""The dry run: one line a part, whatever happens to the process or the disk."""

import fcntl
import json
import resource
import signal
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts import Receipt
from bot.errors import NotNow, Refused, Unanswered
from bot.model import Account, Limits, Media
from bot.publishers.dry_run import DryRun
from tests.fakes.asks import AT, ask
from tests.fakes.pictures import encoded, flag

ACCOUNT = Account("museum-x", "x")
KEYS = st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(1, 2)), max_size=6)


def dry_run(outbox: Path) -> DryRun:
    return DryRun(ACCOUNT, {}, outbox)


def another_process(outbox: Path) -> DryRun:
    """A dry run that knows of the outbox only what the file says."""
    outbox.parent.mkdir(parents=True, exist_ok=True)
    names = (outbox.parent / f"{number}.jsonl" for number in range(1_000))
    alias = next(name for name in names if not name.is_symlink())
    alias.symlink_to(outbox)
    return dry_run(alias)


def readable(outbox: Path) -> list[dict[str, Any]]:
    """The lines that a reader can make sense of."""
    found = []
    for line in outbox.read_bytes().split(b"\n"):
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """A disk on which no file grows beyond `size` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "state" / "outbox.jsonl"


def test_a_part_is_one_line_with_the_fields_that_are_promised(outbox: Path) -> None:
    media = (Media("harbour/ferry.png", "A ferry, seen from the quay"),)

    dry_run(outbox).publish(ask(key="k", part=2, parts=3, text="Ahoi, Fähre ⛴", media=media, reply_to="k/1"))

    assert outbox.read_text("utf-8") == (
        '{"at": "2026-09-21T14:13:20Z", "account": "museum-x", "network": "x", "key": "k", '
        '"post": "harbour/first-ferry", "part": 2, "parts": 3, "text": "Ahoi, Fähre ⛴", '
        '"media": [{"file": "harbour/ferry.png", "alt": "A ferry, seen from the quay"}], '
        '"reply_to": "k/1", "url": "dry-run:k/2"}\n'
    )


def test_the_receipt_names_the_line(outbox: Path) -> None:
    receipt = dry_run(outbox).publish(ask(key="k", part=2))

    assert receipt == Receipt(id="k/2", url="dry-run:k/2", at=AT)


def test_pictures_are_named_from_the_project_wherever_it_lies(outbox: Path) -> None:
    inside = Media(str(outbox.parent.parent / "corpus" / "harbour" / "ferry.png"), "A ferry")
    outside = Media("/elsewhere/quay.png", "A quay")

    dry_run(outbox).publish(ask(media=(inside, outside)))

    files = [media["file"] for media in readable(outbox)[0]["media"]]
    assert files == ["corpus/harbour/ferry.png", "/elsewhere/quay.png"]


def test_the_same_part_is_written_once_also_by_another_process(outbox: Path) -> None:
    dry_run(outbox).publish(ask(key="k"))

    dry_run(outbox).publish(ask(key="k", text="other words"))
    receipt = another_process(outbox).publish(ask(key="k"))

    assert [line["text"] for line in readable(outbox)] == [ask().text]
    assert receipt.url == "dry-run:k/1"


def test_what_another_process_wrote_since_the_last_look_is_seen(outbox: Path) -> None:
    ours, theirs = dry_run(outbox), another_process(outbox)
    ours.publish(ask(key="first"))

    theirs.publish(ask(key="second"))
    ours.publish(ask(key="second"))

    assert [line["key"] for line in readable(outbox)] == ["first", "second"]


def test_a_part_that_another_process_is_writing_is_waited_for(outbox: Path) -> None:
    publisher = another_process(outbox)

    with ThreadPoolExecutor(1) as pool, outbox.open("a") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        receipt = pool.submit(publisher.publish, ask(key="k"))
        wait([receipt], timeout=0.2)
        theirs.write('{"key": "k", "part": 1, "text": "theirs"}\n')

    assert receipt.result().id == "k/1"
    assert [line["text"] for line in readable(outbox)] == ["theirs"]


def test_a_line_torn_by_a_kill_is_closed_and_does_not_count(outbox: Path) -> None:
    outbox.parent.mkdir(parents=True)
    outbox.write_text('{"at": "2026-09-21T14:13:20Z", "key": "k", "part": 1, "te')

    dry_run(outbox).publish(ask(key="k"))

    torn, whole, end = outbox.read_bytes().split(b"\n")
    assert torn.endswith(b'"te')
    assert json.loads(whole)["key"] == "k"
    assert end == b""


def test_a_line_that_lacks_its_last_byte_only_counts(outbox: Path) -> None:
    dry_run(outbox).publish(ask(key="k"))
    outbox.write_bytes(outbox.read_bytes().removesuffix(b"\n"))

    another_process(outbox).publish(ask(key="k"))
    another_process(outbox).publish(ask(key="l"))

    assert [json.loads(line)["key"] for line in outbox.read_text().splitlines()] == ["k", "l"]


@given(before=KEYS, after=KEYS, cut=st.integers(0, 400))
@settings(max_examples=60, deadline=None)
def test_wherever_a_kill_cuts_the_file_each_part_is_there_once_in_the_end(
    before: list[tuple[str, int]], after: list[tuple[str, int]], cut: int
) -> None:
    with TemporaryDirectory() as folder:
        outbox = Path(folder) / "state" / "outbox.jsonl"
        for key, part in before:
            dry_run(outbox).publish(ask(key=key, part=part))
        if before:
            outbox.write_bytes(outbox.read_bytes()[: -cut or None])

        for key, part in before + after:
            dry_run(outbox).publish(ask(key=key, part=part))

        there = [(line["key"], line["part"]) for line in readable(outbox)] if before + after else []
        assert sorted(there) == sorted(set(before + after))


@given(text=st.text(), alt=st.text())
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back_from_its_one_line_as_it_was(text: str, alt: str) -> None:
    with TemporaryDirectory() as folder:
        outbox = Path(folder) / "outbox.jsonl"

        dry_run(outbox).publish(ask(text=text, media=(Media("a.png", alt),)))

        (line,) = [json.loads(line) for line in outbox.read_bytes().removesuffix(b"\n").split(b"\n")]
        assert (line["text"], line["media"][0]["alt"]) == (text, alt)


def test_text_that_is_no_unicode_is_refused_before_it_is_written(outbox: Path) -> None:
    with pytest.raises(Refused, match="harbour/first-ferry: part 1 holds half a character"):
        dry_run(outbox).publish(ask(text="\ud83d"))

    assert not outbox.exists()


@pytest.mark.parametrize("more", [0, 1, 40])
def test_a_full_disk_leaves_no_half_line_and_the_part_for_later(outbox: Path, more: int) -> None:
    publisher = dry_run(outbox)
    publisher.publish(ask(key="k"))
    before = outbox.read_bytes()

    with room_for(len(before) + more), pytest.raises(NotNow, match=r"cannot write .*outbox\.jsonl: ") as no:
        publisher.publish(ask(key="l"))

    assert outbox.read_bytes() == before
    assert no.value.after is None
    assert publisher.find(ask(key="l")) is None
    publisher.publish(ask(key="l"))
    assert [line["key"] for line in readable(outbox)] == ["k", "l"]


def test_an_outbox_whose_folder_cannot_be_made_means_not_now(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")

    with pytest.raises(NotNow, match=r"cannot write .*outbox\.jsonl: File exists"):
        dry_run(tmp_path / "state" / "outbox.jsonl").publish(ask())


def test_find_gives_the_receipt_of_what_is_there_and_none_for_the_rest(outbox: Path) -> None:
    publisher = dry_run(outbox)
    assert publisher.find(ask(key="k")) is None

    receipt = publisher.publish(ask(key="k"))

    assert publisher.find(ask(key="k")) == another_process(outbox).find(ask(key="k")) == receipt
    assert publisher.find(ask(key="k", part=2)) is None


def test_looking_for_a_part_makes_no_file(outbox: Path) -> None:
    dry_run(outbox).find(ask())

    assert not outbox.parent.exists()


def test_an_outbox_that_cannot_be_read_leaves_the_question_open(outbox: Path) -> None:
    outbox.mkdir(parents=True)

    with pytest.raises(Unanswered, match=r"cannot read .*outbox\.jsonl: Is a directory"):
        dry_run(outbox).find(ask())


def test_lines_written_by_others_are_left_alone_and_do_not_count(outbox: Path) -> None:
    foreign = (
        '# a note\n\n[1, 2]\n{"key": "k", "part": "one"}\n{"key": "l"}\n' + '{"x": ' + "[" * 5_000 + "\n"
    )
    outbox.parent.mkdir(parents=True)
    outbox.write_text(foreign)

    dry_run(outbox).publish(ask(key="k"))

    assert outbox.read_text().startswith(foreign)
    assert json.loads(outbox.read_text().removeprefix(foreign))["key"] == "k"


@pytest.mark.parametrize("text", ["", "a much shorter file\n"])
def test_an_outbox_that_was_emptied_is_read_anew(outbox: Path, text: str) -> None:
    publisher = dry_run(outbox)
    publisher.publish(ask(key="k"))
    outbox.write_text(text)

    publisher.publish(ask(key="k"))

    assert [line["key"] for line in readable(outbox)] == ["k"]


def test_an_outbox_that_was_replaced_is_read_anew(outbox: Path) -> None:
    publisher = dry_run(outbox)
    publisher.publish(ask(key="k"))
    other = outbox.with_name("other.jsonl")
    dry_run(other).publish(ask(key="l", text="a longer text than the one that was there before it"))
    other.replace(outbox)

    publisher.publish(ask(key="l"))
    publisher.publish(ask(key="k"))

    assert [line["key"] for line in readable(outbox)] == ["l", "k"]


def test_texts_are_not_kept_in_memory(outbox: Path) -> None:
    outbox.parent.mkdir(parents=True)
    with outbox.open("w") as file:
        file.writelines(
            f'{{"key": "{number}", "part": 1, "text": "{"x" * 2_000}"}}\n' for number in range(5_000)
        )
    tracemalloc.start()

    assert dry_run(outbox).find(ask(key="4999"))

    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 1_500_000  # the texts are 10 MB


@pytest.mark.parametrize(
    ("content", "alt", "why"),
    [
        (b"%PDF-1.7 and no picture", "A ferry", "holds no picture"),
        (None, "A ferry", "No such file"),
        (encoded(flag(), "PNG"), "x" * 101, "alt text"),
    ],
)
def test_what_the_live_account_would_be_refused_is_refused_and_not_written(
    outbox: Path, tmp_path: Path, content: bytes | None, alt: str, why: str
) -> None:
    fine, bad = tmp_path / "fine.png", tmp_path / "bad.png"
    fine.write_bytes(encoded(flag(), "PNG"))
    if content:
        bad.write_bytes(content)
    publisher = DryRun(Account("museum-x", "x", limits=Limits(alt=100)), {}, outbox)
    asks = [ask(part=1, media=(Media(str(fine), "A ferry"),)), ask(part=2, media=(Media(str(bad), alt),))]

    with pytest.raises(Refused, match=rf"bad\.png.*{why}"):
        publisher.prepare(asks)

    assert publisher.prepare(asks[:1]) == [""]
    assert not outbox.exists()


def test_it_takes_what_the_accounts_network_takes(outbox: Path) -> None:
    limits = Limits(text=500, images=7)

    assert DryRun(Account("museum-m", "mastodon", limits=limits), {}, outbox).learn() == limits


def test_it_says_that_it_is_nobody(outbox: Path) -> None:
    assert dry_run(outbox).whoami() == "dry run: nothing is published"
