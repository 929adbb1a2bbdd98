"""`init` and `check`: a project folder, begun and looked over."""

import shutil
from dataclasses import asdict
from importlib.resources import as_file, files
from pathlib import Path

import click

from bot.cli.here import as_json, counted, here, say, warn
from bot.cli.pictures import unfit_pictures
from bot.errors import BadCall
from bot.model import Project
from bot.planning.silent import silences
from bot.planning.truth import unjudged


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Begin a new project in DIR: a small corpus, schedules and .env.example, ready to run dry."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadCall(f"{folder} is there already and not empty; name a new folder")
    with as_file(files("bot") / "starter") as starter:
        shutil.copytree(starter, folder, dirs_exist_ok=True)
    (folder / "state").mkdir()
    click.echo(f"{folder} is ready, and nothing in it can reach a network yet.\n")
    click.echo(
        f"  cd {folder}\n  redletter check      what is wrong\n  redletter preview    what will be said"
    )
    click.echo("  redletter run        live through the days, dry")


@click.command()
@click.option("--links", "with_links", is_flag=True, help="Ask every address in posts and sources, too.")
@click.option(
    "--claims", "with_doubts", is_flag=True, help="Tell words that may be bound to their time, too."
)
@as_json
@click.pass_context
def check(ctx: click.Context, *, with_links: bool, with_doubts: bool, json_: bool) -> None:
    """Tell every problem of corpus, schedules and accounts as `file:line: code: message`.

    Warnings tell of schedules that are well written, and never speak or soon run out of words.

    Every picture is opened as it is when it is sent. With --links and --claims more is looked at once nothing is wrong.
    """
    problems = here(ctx).problems
    if project := here(ctx).readable:
        problems = tuple(sorted({*problems, *unfit_pictures(project, problems)}))
    if with_links and not problems:
        from bot.cli.links import dead_links  # noqa: PLC0415 - seldom asked for

        problems = tuple(dead_links(here(ctx).project))
    if with_doubts and not problems:
        from bot.cli.doubts import doubtful_words  # noqa: PLC0415 - seldom asked for

        problems = tuple(sorted(doubtful_words(here(ctx).project)))
    warnings = () if problems else tuple(silences(here(ctx).project, here(ctx).now))
    if json_:
        found = {"problems": problems, "warnings": warnings}
        say({name: [asdict(each) for each in told] for name, told in found.items()})
    elif problems:
        click.echo("\n".join(map(str, problems)))
    else:
        click.echo(f"All is well: {_counts(here(ctx).project)}.")
        _tell_unjudged(here(ctx).project)
    for warning in warnings:
        warn(str(warning))
    if problems:
        ctx.exit(1)


def _tell_unjudged(project: Project) -> None:
    """Say of which posts no rule could tell whether they are true on their day."""
    languages = sorted({post.lang for post in unjudged(project.corpus.posts)})
    if languages:
        warn(f"claims are not looked for in posts in {', '.join(languages)}: there are no rules for them yet")


def _counts(project: Project) -> str:
    corpus, schedules = project.corpus, project.schedules
    numbers = {
        "post": corpus.posts, "event": schedules.events,
        "schedule": schedules.entries, "account": schedules.accounts,
    }  # fmt: skip
    return ", ".join(counted(len(found), noun) for noun, found in numbers.items())
