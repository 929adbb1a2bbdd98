"""`init` and `check`: a project folder, begun and looked over."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import click

from bot.cli.here import as_json, counted, here, say
from bot.errors import BadCall
from bot.project import check_project


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
@as_json
@click.pass_context
def check(ctx: click.Context, *, with_links: bool, json_: bool) -> None:
    """Tell every problem of corpus, schedules and accounts as `file:line: code: message`."""
    problems = check_project(here(ctx).root)
    if with_links and not problems:
        from bot.cli.links import dead_links  # noqa: PLC0415 - seldom asked for

        problems = tuple(dead_links(here(ctx).project))
    if json_:
        say(
            {
                "problems": [
                    {"file": p.file, "line": p.line, "code": p.code, "message": p.message} for p in problems
                ]
            }
        )
    else:
        for problem in problems:
            click.echo(str(problem))
    if problems:
        ctx.exit(1)
    project = here(ctx).project
    if not json_:
        corpus, schedules = project.corpus, project.schedules
        click.echo(
            f"All is well: {counted(len(corpus.posts), 'post')}, {counted(len(schedules.events), 'event')}, "
            f"{counted(len(schedules.entries), 'schedule')}, {counted(len(schedules.accounts), 'account')}."
        )
