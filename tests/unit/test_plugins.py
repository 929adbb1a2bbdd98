from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import plugins
from bot.triggers.slots import Slots

FOREIGN = """
[redletter.triggers]
moon = full_moon:FullMoon
slots = full_moon:FullMoon
"""


@pytest.fixture
def _another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another package that brings a trigger of its own, and one under a name of ours."""
    facts = tmp_path / "full_moon-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: full-moon\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(FOREIGN)
    (tmp_path / "full_moon.py").write_text("class FullMoon: pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    _forget()
    yield
    _forget()


def _forget() -> None:
    plugins.plugins.cache_clear()
    plugins.load.cache_clear()


@pytest.mark.parametrize(
    ("group", "name"), [(group, name) for group in plugins.OURS for name in plugins.OURS[group]]
)
def test_each_of_ours_is_there_and_the_same_by_either_way(group: str, name: str) -> None:
    assert plugins.has(group, name)
    assert plugins.load(group, name) is plugins.plugins(group)[name].load()


@pytest.mark.usefixtures("_another_package")
def test_a_plugin_of_another_package_is_found_by_its_name() -> None:
    assert plugins.has(plugins.TRIGGERS, "moon")
    assert plugins.load(plugins.TRIGGERS, "moon").__name__ == "FullMoon"


@pytest.mark.usefixtures("_another_package")
def test_no_other_package_takes_a_name_of_ours() -> None:
    assert plugins.load(plugins.TRIGGERS, "slots") is Slots
    assert plugins.plugins(plugins.TRIGGERS)["slots"].load() is Slots


def test_what_is_not_installed_is_not_there() -> None:
    assert not plugins.has(plugins.PUBLISHERS, "pigeon")
    with pytest.raises(KeyError, match="pigeon"):
        plugins.load(plugins.PUBLISHERS, "pigeon")
