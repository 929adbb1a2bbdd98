"""What every call in these tests finds: a project, and an environment that steers nothing."""

import os
from pathlib import Path

import pytest

from tests.fakes.projects import Folder, museum


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("REDLETTER_", "NO_COLOR"))]:  # noqa: TID251
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def project(tmp_path: Path) -> Folder:
    return museum(tmp_path / "museum")
