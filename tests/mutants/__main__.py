"""Faults put into delivery and planning, one at a time, and whether the tests notice: `python -m tests.mutants`.

mutmut makes the mutants and tries them, in a copy of this folder that git ignores. Its settings stand in pyproject.toml,
and docs/mutants.md tells of those that live on.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from random import Random  # noqa: TID251 - chance, and the same again by its seed

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import get_mutant_name

from tests.mutants.lifting import lifted

REPOSITORY = Path(__file__).parents[2]
FOLDER = REPOSITORY / ".mutants"
COPIED = ("bot", "tests", "corpus", "schedules", "pyproject.toml", "ARCHITECTURE.md")
PACKAGES = ("bot/delivery", "bot/planning")
#: Lists, and tables that a test compares with what the migrations make.
LEFT_OUT = ("__init__.py", "endings.py", "steps.py", "tables.py")
MUTMUT = Path(sys.executable).with_name("mutmut")
ENDED = ("killed", "timeout")

Found = Mapping[str, Mapping[str, str]]


def main() -> int:
    """Try the mutants that are wanted; exit status 1 where some live on."""
    wanted = _wanted()
    _copy()
    os.chdir(FOLDER)  # where mutmut looks for its settings, and keeps what it found
    made = {file: _mutants(file) for file in _sources() if _may_be_meant(file, wanted.of)}
    chosen = {file: _chosen(names, wanted) for file, names in made.items()}
    tried = [name for names in chosen.values() for name in names]
    if not tried:
        sys.exit(f"no mutant is called {' or '.join(wanted.of)}")
    # Those that are named are tried again; where all are wanted, mutmut goes on where it was stopped.
    names = [] if wanted.of == [""] and wanted.most is None else tried
    subprocess.run([MUTMUT, "run", "--max-children", str(wanted.processes), *names], check=True)
    found = {str(file): _found(file, names) for file, names in chosen.items() if names}
    _tell(found, {str(file): len(names) for file, names in made.items()})
    return int(any(state not in ENDED for states in found.values() for state in states.values()))


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants", description=(__doc__ or "").partition(":")[0]
    )
    parser.add_argument(
        "of",
        nargs="*",
        default=[""],
        help="such as delivery.retry, or a mutant's name; all where none is named",
    )
    parser.add_argument("--most", type=int, help="so many of each module, taken by chance")
    parser.add_argument("--seed", default="redletter", help="what that chance comes from")
    parser.add_argument("--processes", type=int, default=2, help="how many are tried at once")
    return parser.parse_args()


def _copy() -> None:
    """Copy what the tests need. A file that is the same keeps its time, by which mutmut knows what it has made of it."""
    for tests in (FOLDER / "tests", FOLDER / "mutants" / "tests"):
        shutil.rmtree(tests, ignore_errors=True)
    for name in COPIED:
        origin = REPOSITORY / name
        for file in [origin] if origin.is_file() else origin.rglob("*"):
            if file.is_file() and not {"__pycache__", "node_modules"} & {*file.parts}:
                _write(FOLDER / file.relative_to(REPOSITORY), _content(file))


def _content(file: Path) -> bytes:
    is_changed = file.suffix == ".py" and file.parent.relative_to(REPOSITORY).as_posix() in PACKAGES
    return lifted(file.read_text()).encode() if is_changed else file.read_bytes()


def _write(file: Path, content: bytes) -> None:
    if not file.exists() or file.read_bytes() != content:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (file for file in sorted(Path(package).glob("*.py")) if file.name not in LEFT_OUT)


def _may_be_meant(file: Path, patterns: Sequence[str]) -> bool:
    """Tell whether mutants of this file may be among those that are named, before they are made."""
    module = ".".join(file.with_suffix("").parts[1:]) + "."
    stems = [pattern.partition("*")[0] for pattern in patterns]
    return any(module.startswith(stem) or stem.startswith(module) for stem in stems)


def _mutants(file: Path) -> Sequence[str]:
    """The names of all mutants of a file."""
    names = mutate_file_contents(str(file), file.read_text()).mutant_names
    return [get_mutant_name(file, name) for name in names]


def _chosen(names: Sequence[str], wanted: argparse.Namespace) -> Sequence[str]:
    """Those of a file's mutants that are wanted, or so many of them."""
    named = [name for name in names if any(fnmatchcase(name, f"bot.{pattern}*") for pattern in wanted.of)]
    if wanted.most is None or len(named) <= wanted.most:
        return named
    return Random(wanted.seed).sample(named, wanted.most)  # noqa: S311 - chance, not secrets


def _found(file: Path, names: Sequence[str]) -> Mapping[str, str]:
    """What became of each mutant."""
    data = SourceFileMutationData(path=file)
    data.load()
    return {name: status_by_exit_code[data.exit_code_by_key[name]] for name in names}


def _tell(found: Found, made: Mapping[str, int]) -> None:
    """Print those that live on, and then how many of each file."""
    for states in found.values():
        for name, state in states.items():
            if state not in ENDED:
                subprocess.run([MUTMUT, "show", name], check=True)
    print(f"\n{'file':32}{'made':>6}{'tried':>7}{'killed':>8}{'timeout':>9}{'survived':>10}{'other':>7}")  # noqa: T201 - its purpose
    for file, states in found.items():
        _line(file, made[file], Counter(states.values()))
    everything = Counter(state for states in found.values() for state in states.values())
    _line("all", sum(made[file] for file in found), everything)


def _line(name: str, made: int, states: Counter[str]) -> None:
    killed, late, alive = (states[state] for state in (*ENDED, "survived"))
    tried = states.total()
    other = tried - killed - late - alive
    print(f"{name:32}{made:6}{tried:7}{killed:8}{late:9}{alive:10}{other:7}")  # noqa: T201 - its purpose


if __name__ == "__main__":
    sys.exit(main())
