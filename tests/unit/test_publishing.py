"""Which publisher speaks for an account."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.errors import BadCall
from bot.model import Account
from bot.publishers.dry_run import DryRun
from bot.publishers.x import X
from bot.publishing import publisher
from bot.settings import Settings, read_settings

ACCOUNT = Account("mars-x", "x", "MARS_X")


def settings(root: Path, **environ: str) -> Settings:
    return read_settings(root, environ)


def credentials(prefix: str) -> dict[str, str]:
    return {f"{prefix}_{suffix}": "word" for suffix in X.secrets}


def test_an_account_is_a_dry_run_until_its_file_says_otherwise(tmp_path: Path) -> None:
    assert isinstance(publisher(ACCOUNT, settings(tmp_path, **credentials("MARS_X"))), DryRun)


def test_a_live_account_speaks_on_its_network_with_the_credentials_of_its_prefix(tmp_path: Path) -> None:
    live = replace(ACCOUNT, live=True)

    assert isinstance(publisher(live, settings(tmp_path, **credentials("MARS_X"))), X)
    with pytest.raises(BadCall, match="MARS_X_CONSUMER_KEY"):
        publisher(live, settings(tmp_path, **credentials("OTHER")))


def test_an_account_of_the_dry_run_is_one_even_when_it_is_live(tmp_path: Path) -> None:
    assert isinstance(publisher(Account("paper", "dry-run", live=True), settings(tmp_path)), DryRun)
