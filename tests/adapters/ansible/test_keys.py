"""Which keys ssh offers to the hosts of a playbook, as ssh itself tells."""

from __future__ import annotations

import shlex
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from aiops_desktop.adapters.ansible import run
from aiops_desktop.domain.tenants import KeyFile, TenantRoom
from tests.support import repos


def asked(args: str, host: str) -> list[str]:
    """What ssh would do for a host; `-G` connects to none."""
    argv = ["ssh", *shlex.split(args), "-G", host]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def offered(args: str, host: str) -> list[str]:
    """The names of the keys for a host, in their order."""
    told = [line.split(maxsplit=1) for line in asked(args, host)]
    return [Path(line[1]).name for line in told if line[0] == "identityfile"]


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TenantRoom:
    """A tenant; the configuration of whoever runs the tests stays out of them."""
    monkeypatch.setattr(run, "CONFIGS", ())
    return repos.room(tmp_path / "acme")


def test_a_key_that_is_bound_to_hosts_goes_to_no_other(room: TenantRoom, tmp_path: Path) -> None:
    odd = tmp_path / "100% mine"
    free, bound = KeyFile("free", odd / "free", "x"), KeyFile("db", odd / "db", "y", hosts=("db*",))
    args = run.ssh_args(replace(room, keys=(free, bound)), tmp_path)
    assert offered(args, "db1") == ["db", "free"]
    assert offered(args, "web1") == ["free"]
    assert stat.S_IMODE((tmp_path / run.SSH_CONFIG).stat().st_mode) == 0o600


def test_without_a_key_for_all_hosts_the_persons_own_are_not_offered(
    room: TenantRoom, tmp_path: Path
) -> None:
    bound = KeyFile("db", tmp_path / "db", "y", hosts=("db*", "!db9"))
    args = run.ssh_args(replace(room, keys=(bound,)), tmp_path)
    assert offered(args, "db1") == ["db", "none"]
    assert offered(args, "db9") == offered(args, "web1") == ["none"]


def test_what_the_person_set_up_for_ssh_still_counts(
    room: TenantRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.write_text("Host db1\n  Port 2222\n")
    monkeypatch.setattr(run, "CONFIGS", (f"Include {own}",))
    bound = KeyFile("db", tmp_path / "db", "y", hosts=("db*",))
    told = asked(run.ssh_args(replace(room, keys=(bound,)), tmp_path), "db1")
    assert "port 2222" in told
    assert "identitiesonly yes" in told


def test_keys_for_all_hosts_need_no_file(room: TenantRoom, tmp_path: Path) -> None:
    keys = tuple(KeyFile(name, tmp_path / name, name) for name in ("one", "two"))
    args = shlex.split(run.ssh_args(replace(room, keys=keys), tmp_path))
    assert "-F" not in args
    assert f'IdentityFile "{tmp_path / "two"}"' in args, "Ansible has a variable for the first"
