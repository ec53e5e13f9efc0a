"""What tests share: a cheap passphrase and a keyring in memory; a tenant with a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest

from aiops_desktop.adapters.secrets import phrase
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.sessions import Opening
from aiops_desktop.domain.tenants import Tenant
from tests.support.secret_store import SECRETS, Ring, Start, start
from tests.support.work import Work, work


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at full cost is for the benchmark."""
    monkeypatch.setattr(phrase, "MEMORY", 64)
    monkeypatch.setattr(phrase, "PASSES", 1)
    monkeypatch.setattr(phrase, "LANES", 1)


@pytest.fixture
def ring() -> Iterator[Ring]:
    """The keyring of the account; `ring.open.clear()` makes it hang."""
    made, before = Ring(), keyring.get_keyring()
    keyring.set_keyring(made)
    yield made
    made.open.set()
    keyring.set_keyring(before)


@pytest.fixture
def begun(layout: Layout) -> Start:
    """A store with secrets in it, its key in a file."""
    made = start(layout)
    for owner, value in SECRETS.items():
        made.secrets.put(owner, value)
    return made


@pytest.fixture
def bench(layout: Layout) -> Work:
    made = work(layout)
    made.chosen.assistants(default_tool="shell", default_shell="/bin/bash --norc --noprofile")
    return made


@pytest.fixture
def tenant(bench: Work) -> Tenant:
    return bench.tenant()


@pytest.fixture
def project(bench: Work, tenant: Tenant) -> Project:
    return bench.project(tenant)


@pytest.fixture
def opening(bench: Work, project: Project) -> Opening:
    return bench.sessions.open(project.id)
