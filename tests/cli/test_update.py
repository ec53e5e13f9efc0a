"""`update` in a shell."""

from __future__ import annotations

import pytest

from aiops_desktop.domain.layout import Layout
from tests.support.cli import Cli


@pytest.fixture
def cli(layout: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(layout.data))
    return Cli(capsys)


def test_status_names_what_runs(cli: Cli) -> None:
    told = cli.json("update", "status")
    assert told["running"]["number"]
    assert cli("update", "status") == 0
    assert cli.out.startswith(f"Running    {told['running']['number']}")


def test_there_is_nothing_to_recover(cli: Cli) -> None:
    assert cli("update", "recover") == 3
    assert "no update to roll back" in cli.err or "installed as a package" in cli.err


def test_a_remote_that_is_not_there_is_named(cli: Cli) -> None:
    assert cli("update", "check", "--remote", "nowhere") in (3, 5)
    assert "no remote “nowhere”" in cli.err or "newer releases are listed" in cli.err
