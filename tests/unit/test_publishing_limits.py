"""What networks have said they take, kept in a file that may be lost."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Limits
from bot.publishing import learned, remember
from bot.settings import Settings

names = st.text(min_size=1, max_size=8)
limits = st.builds(
    Limits,
    text=st.none() | st.integers(1, 10_000),
    link=st.integers(0, 99),
    kinds=st.tuples(st.sampled_from(["image/png", "image/webp"])),
)


def settings(folder: Path) -> Settings:
    return Settings(folder / "state", "sqlite://")


@given(st.dictionaries(names, limits, max_size=4))
def test_what_was_learned_is_known_again(
    tmp_path_factory: pytest.TempPathFactory, said: dict[str, Limits]
) -> None:
    place = settings(tmp_path_factory.mktemp("limits"))

    for account, takes in said.items():
        remember(place, account, takes)

    assert learned(place) == said


def test_the_latest_word_counts(tmp_path: Path) -> None:
    for text in (500, 5_000):
        remember(settings(tmp_path), "museum", Limits(text=text))

    assert learned(settings(tmp_path)) == {"museum": Limits(text=5_000)}
    assert [file.name for file in (tmp_path / "state").iterdir()] == ["limits.json"]


def test_what_is_known_already_is_not_written_again(tmp_path: Path) -> None:
    remember(settings(tmp_path), "museum", Limits())
    file = tmp_path / "state/limits.json"
    os.utime(file, (1, 1))

    remember(settings(tmp_path), "museum", Limits())

    assert file.stat().st_mtime == 1


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"museum": 3}', b"\xff", b'{"museum": {"text": "long"}}']
)
def test_a_file_that_cannot_be_read_says_nothing_and_is_written_anew(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "state/limits.json"
    file.parent.mkdir()
    file.write_bytes(content)

    assert learned(settings(tmp_path)) == {}
    remember(settings(tmp_path), "museum", Limits(text=1))

    assert learned(settings(tmp_path)) == {"museum": Limits(text=1)}


def test_a_disk_that_keeps_nothing_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")

    remember(settings(tmp_path), "museum", Limits())

    assert learned(settings(tmp_path)) == {}
