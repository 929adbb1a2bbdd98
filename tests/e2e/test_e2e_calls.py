"""The call itself: help for everything, plain words for what is wrong, and status 0, 1 or 2."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import COMMANDS, main
from tests.fakes.projects import Folder


def commands(group: click.Group = main, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and subcommand, as it is called."""
    context = click.Context(group)
    for name in group.list_commands(context):
        yield (*above, name)
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))


EVERY = list(commands())


def command(words: tuple[str, ...]) -> click.Command:
    found: click.Command | None = main
    for word in words:
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), word)
    assert found is not None
    return found


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_and_every_option_has_help(project: Folder, words: tuple[str, ...]) -> None:
    found = project.call(*words, "--help")

    assert (found.status, found.err) == (0, "")
    assert found.out.startswith(f"Usage: redletter {' '.join(words)} ")
    assert command(words).help
    for option in command(words).params:
        assert not isinstance(option, click.Option) or option.help, f"{words}: {option.name}"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_of_commands_says_what_each_of_them_says(name: str) -> None:
    _, words = COMMANDS[name]

    assert words[0].isupper()
    assert words.endswith(".")


@pytest.mark.parametrize("words", [["--help"], ["-h"]])
def test_help_lists_every_command_and_how_shells_complete_it(project: Folder, words: list[str]) -> None:
    found = project.call(*words)

    assert found.status == 0
    assert all(f"\n  {name} " in found.out for name in COMMANDS)
    assert '    eval "$(_REDLETTER_COMPLETE=bash_source redletter)"\n' in found.out


def test_a_shell_completes_commands_and_subcommands(project: Folder) -> None:
    def completed(words: str, number: int) -> list[str]:
        asked = {"COMP_WORDS": words, "COMP_CWORD": str(number), "_REDLETTER_COMPLETE": "bash_complete"}
        return project.run(**asked).out.splitlines()

    assert completed("redletter pre", 1) == ["plain,preview"]
    assert completed("redletter queue sw", 2) == ["plain,swap"]


#: What each command does when nothing more is said, and what a person reads then.
BARE = {
    "count": (0, "0 of 280"),
    "init": (2, "Missing argument 'DIR'."),
    "check": (0, "All is well: 6 posts, 2 events, 3 schedules, 1 account."),
    "preview": (0, "digest "),
    "post": (2, "say what to post"),
    "queue": (0, "Nothing is in the queue"),
    "hold": (2, "say why with --reason"),
    "release": (0, "Nothing was held."),
    "corpus": (0, "6 posts"),
    "import": (2, "Missing argument 'FILE...'."),
    "card": (2, "Missing argument 'EVENT'."),
    "accounts": (0, "museum  x, dry run"),
    "history": (0, "Nothing was sent yet."),
    "status": (0, "The bot has not run yet"),
    "plugins": (0, "publishers"),
}


#: What stays until it is stopped, and is tested elsewhere.
STAYING = {"run", "web"}


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in STAYING])
def test_every_command_called_bare_does_something_sensible(project: Folder, name: str) -> None:
    found = project.call(name)

    status, words = BARE[name]
    assert (found.status, words in found.all) == (status, True), found.all


def test_called_without_any_word_it_helps(project: Folder) -> None:
    assert "Commands:\n  init" in project.run().all


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["prevew"], "no command called 'prevew'; did you mean \"preview\"?"),
        (["xyzzy"], "no command called 'xyzzy'"),
        (["preview", "--form", "2027-01-01"], "No such option '--form'."),
        (["preview", "extra"], "Got unexpected extra argument"),
        (["preview", "--days", "0"], "0 is not in the range"),
        (["preview", "--days", "x"], "'x' is not a valid integer"),
        (["preview", "--to", "2027-01-01", "--days", "3"], "give --to or --days, not both"),
        (
            ["preview", "--from", "2027-02-30"],
            "cannot read '2027-02-30' as a time: write a date such as 2027-01-28",
        ),
        (["preview", "--from", "2027-01-28T09:00"], "cannot read '2027-01-28T09:00' as a time"),
        (
            ["preview", "--from", "9999-12-31"],
            "9999-12-31 lies too far away: name a time from 1900 up to 2200",
        ),
        (["preview", "--from", "0001-01-01T00:00:00+14:00"], "lies too far away"),
        (
            ["preview", "--from", "2027-02-01", "--to", "2027-01-01"],
            "a window cannot end at 2027-01-01T00:00:00Z, before",
        ),
        (["preview", "--account", "musum"], "no account called 'musum'; did you mean \"museum\"?"),
        (["preview", "--account", "x"], "no account called 'x'; known are museum"),
        (["preview", "--as", "pdf"], "'pdf' is not one of 'table'"),
        (["preview", "--as", "csv", "--cost"], "--cost goes with the table"),
        (["preview", "-o", "none/page.html"], "none/page.html: cannot be written: No such file or directory"),
        (["preview", "-o", "."], ".: cannot be written: Is a directory"),
        (["--now", "soon", "preview"], "cannot read 'soon' as a time"),
        (["run", "--once", "--time-lapse"], "give --once or --time-lapse, not both"),
        (["run", "--from", "2027-01-01"], "--from and --to go with --time-lapse"),
        (["run", "--time-lapse", "--from", "2027-02-01", "--to", "2027-01-01"], "a window cannot end"),
        (["queue", "lst"], "No such command 'lst'"),
        (["history", "--last", "0"], "0 is not in the range"),
    ],
)
def test_a_wrong_call_is_answered_in_a_sentence_with_status_2(
    project: Folder, words: list[str], message: str
) -> None:
    found = project.call(*words)

    assert (found.status, found.out) == (2, "")
    assert message in " ".join(found.err.split())
    assert "Traceback" not in found.err


def test_a_folder_without_schedules_is_no_project(tmp_path: Path) -> None:
    folder = Folder(tmp_path)

    named = folder.call("check")
    here = folder.run("check")

    assert (named.status, here.status) == (2, 2)
    assert f"{tmp_path} is no project: it has no schedules/" in named.err
    assert (
        f"neither {tmp_path} nor a folder above it has schedules/; begin one with `redletter init DIR`"
        in here.err
    )


def test_a_project_is_found_from_a_folder_within_it(project: Folder) -> None:
    project.write(".env", "REDLETTER_DATABASE=sqlite:///state/ours.db\n")

    found = project.run("--now", "2027-03-01T10:30:00Z", "run", "--once", within="corpus/facts")

    assert found.status == 0
    assert len({line["key"] for line in project.outbox}) == 1
    assert sorted(file.name for file in project.root.rglob("*.db")) == ["ours.db"]
    assert (project.root / "state/ours.db").exists()


def test_costs_are_added_up_when_asked_for(project: Folder) -> None:
    found = project.at("2027-03-01", "preview", "--cost")
    data = project.at("2027-03-01", "preview", "--cost", "--json").data

    assert found.out.splitlines()[-1].startswith("together")
    assert data["cost"]["museum"]["posts"] > 0


def test_reasons_are_given_when_asked_for(project: Folder) -> None:
    plain = project.at("2027-03-01", "preview", "--days", "3")
    reasons = project.at("2027-03-01", "preview", "--days", "3", "--why")

    assert "has waited longest of 4" not in plain.out
    assert "has waited longest of 4" in reasons.out


def test_check_tells_words_that_may_be_bound_to_their_time_when_it_is_asked(project: Folder) -> None:
    project.post("facts/arrival", "The rover has reached the old delta that it came for.\n---\nDust is fine.")
    project.post("facts/held", "The rover has reached the old delta.", 'use = "hold"')

    usual, asked = project.call("check"), project.call("check", "--claims")

    assert usual.status == 0
    assert asked.status == 1
    assert 'corpus/facts/arrival.md:4: doubt: "' in asked.out
    assert "may be true on some days only; is it so on every one?" in asked.out
    assert "held" not in asked.out
