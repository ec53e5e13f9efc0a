"""A repository with a few files, and a tenant to look at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiops_desktop.adapters.git import Repository
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.jobs.job import Job
from tests.support import repos


@pytest.fixture
def room(tmp_path: Path) -> TenantRoom:
    return repos.room(tmp_path / "tenants")


@pytest.fixture
def repo(tmp_path: Path, room: TenantRoom) -> Repository:
    numbers = "".join(f"line {n}\n" for n in range(1, 31))
    folder = repos.repository(
        tmp_path / "work", {"a.txt": numbers, "b.txt": "b\n", "sub/c.txt": "c\n"}
    )
    return Repository(folder, room)


@pytest.fixture
def job() -> Job:
    return Job("Test")
