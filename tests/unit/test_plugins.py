from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import plugins
from bot.cli import main
from bot.errors import BadCall
from bot.triggers.slots import Slots
from tests.fakes.projects import problems_of

FOREIGN = """
[redletter.triggers]
moon = full_moon:FullMoon
broken = full_moon:NewMoon
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


@pytest.mark.usefixtures("_another_package")
def test_a_plugin_that_does_not_load_is_told_by_name_and_cause() -> None:
    words = r'the plugin "broken" \(full_moon:NewMoon\) does not load: AttributeError: .*NewMoon.*; mend its package'

    with pytest.raises(BadCall, match=words):
        plugins.load(plugins.TRIGGERS, "broken")


@pytest.mark.usefixtures("_another_package")
def test_a_schedule_that_needs_a_plugin_that_does_not_load_is_a_problem_among_others(tmp_path: Path) -> None:
    (tmp_path / "schedules").mkdir()
    daily = '[[schedule]]\nname = "daily"\ntrigger.broken = {}\ngrace = "x"\n'
    (tmp_path / "schedules" / "daily.toml").write_text(daily)

    found = problems_of(tmp_path)

    assert [(each.line, each.code) for each in found] == [(3, "plugin"), (4, "bad-value")]


@pytest.mark.usefixtures("_another_package")
def test_the_list_of_plugins_says_which_do_not_load() -> None:
    found = CliRunner().invoke(main, ["plugins"])

    assert (found.exit_code, "full_moon:FullMoon" in found.stdout) == (0, True)
    assert found.stderr.startswith('redletter: the plugin "broken" (full_moon:NewMoon) does not load')
